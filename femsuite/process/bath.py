"""The current over a profile in a plating bath: Laplace's equation for the potential above it, by finite elements.

``div(kappa grad phi) = 0`` in a bath of even composition (stirred; no depletion at the face). The metal is at potential
0 and takes ``i = f(phi)`` (secondary distribution) or holds phi = 0 (primary). Parts under resist and the sides of the
bath, planes of symmetry, let nothing through; the current enters evenly through the bath's top, which lies so high that
the profile is not felt there.

On quadratic triangles the load of a face is lumped by Simpson's rule, which the nodes of an edge are the points of: the
current density at a node is then the residual there over its share of the face, exact for linear currents, and the
same with and without kinetics. The problem is small: every rank solves it by itself, so ranks do not change numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sparse
import ufl
from dolfinx import fem
from mpi4py import MPI
from scipy.sparse.linalg import splu

from femsuite.errors import InputError, SolveError
from femsuite.geometry.model import Model
from femsuite.meshing.generate import extract, mesh_model
from femsuite.meshing.tagged import TaggedMesh
from femsuite.meshing.transfer import transfer
from femsuite.process.kinetics import Kinetics
from femsuite.process.opening import checked, lengths, middles
from femsuite.process.plating import Deposit, rate
from femsuite.solve.assembly import compile_form

_MICRO = 1e6


@dataclass(frozen=True)
class Bath:
    """The solution above a profile.

    Args:
        conductivity: kappa, S/m; acid copper about 50 (handbook value, unchecked).
        height: of its top above the profile's highest point, m; three times the profile's width is far.
        size: of the elements at the profile, m.
        axisymmetric: x is the distance from an axis.
    """

    conductivity: float
    height: float
    size: float
    axisymmetric: bool = False

    def __post_init__(self) -> None:
        if not (self.conductivity > 0.0 and self.height > 0.0 and self.size > 0.0):
            raise InputError("bath: conductivity, height and element size must be positive")


@dataclass(frozen=True)
class Current:
    """The current over the free parts of a profile.

    Args:
        points: nodes on the metal, (m, 2), m, in the order of the profile.
        position: length along the profile to each, (m,), m.
        density: current density into the metal, (m,), A/m^2.
        weights: of each node in an integral over the metal, (m,): m, or m^2 if axisymmetric.
        potential: of the bath at the nodes, (m,), V.
        elements: triangles that were used.
    """

    points: np.ndarray = field(repr=False)
    position: np.ndarray = field(repr=False)
    density: np.ndarray = field(repr=False)
    weights: np.ndarray = field(repr=False)
    potential: np.ndarray = field(repr=False)
    elements: int

    @property
    def mean(self) -> float:
        """Mean current density, A/m^2."""
        return float(self.density @ self.weights / self.weights.sum())

    @property
    def evenness(self) -> float:
        """Greatest over least current density; infinite at the bound of a mask in a primary distribution."""
        return float(self.density.max() / self.density.min())

    def growth(self, deposit: Deposit, time: float, efficiency: float = 1.0) -> np.ndarray:
        """Return the thickness at the nodes after a time (s), normal to the profile, m: the field of the start."""
        return self.density * (rate(deposit, 1.0, efficiency) * time)

    def on_segments(self, profile: np.ndarray) -> np.ndarray:
        """Return the mean current density of every segment, (n - 1,), A/m^2; 0 where no node of the metal lies.

        Args:
            profile: the one that was solved, (n, 2).
        """
        ends = np.concatenate([[0.0], np.cumsum(lengths(profile))])
        found = np.zeros(len(profile) - 1)
        slack = 1e-9 * ends[-1]
        for number in range(len(found)):
            on = (self.position >= ends[number] - slack) & (self.position <= ends[number + 1] + slack)
            if np.count_nonzero(on) > 1:
                span = self.position[on]
                found[number] = np.trapezoid(self.density[on], span) / (span[-1] - span[0])
        return found


def current(
    profile: np.ndarray,
    bath: Bath,
    mean: float,
    kinetics: Kinetics | None = None,
    masked: np.ndarray | None = None,
) -> Current:
    """Return the current over a profile for a given total.

    Args:
        profile: (n, 2), m, with ends where the section repeats or is symmetric; see `femsuite.process.opening`.
        bath: above it.
        mean: current density, averaged over the metal, A/m^2.
        kinetics: of the metal's face; the primary distribution if None.
        masked: which segments lie under resist, (n - 1,); none if None.

    Raises:
        InputError: for a profile that cannot be, all of it masked, or a current that is not positive.
        SolveError: when Newton's method finds no potential.
    """
    line = checked(profile)
    hidden = np.zeros(len(line) - 1, dtype=bool) if masked is None else np.asarray(masked, dtype=bool)
    if hidden.shape != (len(line) - 1,) or hidden.all():
        raise InputError(f"bath: the mask must tell of {len(line) - 1} segments and leave one of them free")
    if not (math.isfinite(mean) and mean > 0.0):
        raise InputError(f"bath: the mean current density must be positive; given is {mean:g} A/m^2")
    if bath.axisymmetric and line[0, 0] < 0.0:
        raise InputError("bath: an axisymmetric profile begins at the axis or to its right")
    tagged = _mesh(line, bath, hidden)
    space = fem.functionspace(tagged.mesh, ("Lagrange", 2))
    stiffness, metal, top = _assembled(tagged, space, bath)
    inflow = top * (mean * metal.sum() / top.sum())
    nodes = np.flatnonzero(metal > 1e-9 * metal.max())
    if kinetics is None:
        potential = _primary(stiffness, inflow, nodes)
        density = (inflow - stiffness @ potential)[nodes] / metal[nodes]
    else:
        potential = _secondary(stiffness, inflow, metal, kinetics, mean)
        density = kinetics.current(potential[nodes])[0]
    points = space.tabulate_dof_coordinates()[nodes][:, :2]
    position = _along(line, points, hidden)
    order = np.argsort(position)
    chosen = nodes[order]
    cells = tagged.mesh.topology.index_map(2).size_global
    return Current(points[order], position[order], density[order], metal[chosen], potential[chosen], int(cells))


def _mesh(line: np.ndarray, bath: Bath, hidden: np.ndarray) -> TaggedMesh:
    """Return the bath as triangles with the edges ``metal``, ``top`` and ``rest``, on this rank alone."""
    scaled = line * _MICRO
    ceiling = float(scaled[:, 1].max()) + bath.height * _MICRO
    low, high = scaled.min(axis=0), scaled.max(axis=0)
    inside = middles(scaled)
    corners = np.concatenate([scaled, [[scaled[-1, 0], ceiling], [scaled[0, 0], ceiling]]])
    with Model(2) as model:
        model.largest = 0.2 * max(float(high[0] - low[0]), bath.height * _MICRO)
        model.region("bath", model.polygon(corners.tolist()))
        model.refine((low[0], low[1]), (high[0], high[1]), bath.size * _MICRO, 1.2)

        def on_metal(face: object) -> bool:
            centre = face.centre[:2]  # type: ignore[attr-defined]
            apart = np.hypot(*(inside - centre).T)
            near = int(np.argmin(apart))
            return bool(apart[near] < 1e-4 * bath.size * _MICRO and not hidden[near])

        model.surface("metal", on_metal)
        model.surface("top", lambda face: bool(face.centre[1] > ceiling - 1e-3))
        model.rest("rest")
        named = model.finish()
        mesh_model(named)
        arrays = extract(named)
    return transfer(arrays, MPI.COMM_SELF)


def _assembled(
    tagged: TaggedMesh, space: fem.FunctionSpace, bath: Bath
) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    """Return the stiffness, and the nodes' shares of the metal and of the top."""
    trial, test = ufl.TrialFunction(space), ufl.TestFunction(space)
    weight = 2.0 * math.pi * ufl.SpatialCoordinate(tagged.mesh)[0] if bath.axisymmetric else 1.0
    dx, ds = tagged.measure("dx", 3), tagged.measure("ds", 3)
    kappa = fem.Constant(tagged.mesh, bath.conductivity)
    form = compile_form(kappa * weight * ufl.inner(ufl.grad(trial), ufl.grad(test)) * dx)
    stiffness = fem.assemble_matrix(form)
    stiffness.scatter_reverse()
    shares = [
        fem.assemble_vector(compile_form(weight * test * ds(tagged.surfaces[name]))).array.copy()
        for name in ("metal", "top")
    ]
    return stiffness.to_scipy().tocsr(), shares[0], shares[1]


def _primary(stiffness: sparse.csr_matrix, inflow: np.ndarray, held: np.ndarray) -> np.ndarray:
    free = np.setdiff1d(np.arange(len(inflow)), held)
    potential = np.zeros(len(inflow))
    potential[free] = splu(stiffness[free][:, free].tocsc()).solve(inflow[free])
    return potential


def _secondary(
    stiffness: sparse.csr_matrix, inflow: np.ndarray, metal: np.ndarray, kinetics: Kinetics, mean: float
) -> np.ndarray:
    """Return the potential by Newton's method, from that of an even current; a step that does no good is halved."""
    potential = np.full(len(inflow), kinetics.potential(mean))
    scale = float(np.linalg.norm(inflow))

    def left(trial: np.ndarray) -> np.ndarray:
        return stiffness @ trial + metal * kinetics.current(trial)[0] - inflow

    residual = left(potential)
    for _ in range(60):
        size = float(np.linalg.norm(residual))
        if size <= 1e-10 * scale:
            return potential
        slope = metal * kinetics.current(potential)[1]
        step = splu((stiffness + sparse.diags(slope)).tocsc()).solve(residual)
        for halvings in range(20):
            trial = potential - 0.5**halvings * step
            residual = left(trial)
            if float(np.linalg.norm(residual)) < size:
                break
        potential = trial
    raise SolveError("bath: Newton's method finds no potential in 60 steps; try kinetics with less slope")


def _along(line: np.ndarray, points: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Return the length along the profile to points that lie on its free segments, (m,), m."""
    span = lengths(line)
    starts = np.concatenate([[0.0], np.cumsum(span)[:-1]])
    along = np.diff(line, axis=0) / span[:, None]
    apart = points[:, None, :] - line[None, :-1, :]
    part = np.clip(np.einsum("mnk,nk->mn", apart, along), 0.0, span)
    distance = np.linalg.norm(apart - part[..., None] * along, axis=-1)
    distance[:, hidden] = np.inf
    near = distance.argmin(axis=1)
    return starts[near] + part[np.arange(len(points)), near]
