"""Diffusion of a solute, ``dc/dt = div(D(T) grad c)``, between faces whose concentration is held.

In time the two-stage singly diagonally implicit Runge-Kutta rule with ``gamma = 1 - 1/sqrt(2)``, second order and
L-stable (R. Alexander, SIAM J. Numer. Anal. 14 (1977) 1006): a jump at the start leaves no oscillation in time. What
enters through a held face is the nodal residual there, so that amounts balance to the tolerance of the linear solves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.quadrature import PointFunction, Points
from femsuite.solve.assembly import assemble_matrix, compile_form, create_matrix
from femsuite.solve.linear import LinearSolver
from femsuite.solve.monitor import Monitor

_GAMMA = 1.0 - math.sqrt(0.5)
_LINEAR_RTOL = 1e-12

type Diffusivity = Callable[[np.ndarray], np.ndarray]


class DiffusionProblem:
    """One solute in a body.

    Args:
        tagged: mesh with named regions and faces.
        diffusivity: region -> D of temperatures in K, m^2/s.
        held: face -> concentration that is held there. A face that is not named lets nothing through.
        start: concentration everywhere else at the start.
        order: of the elements.
        preset: of the linear solver.
        monitor: collects the records of the solves.

    Raises:
        InputError: for a region without a diffusivity.
    """

    def __init__(
        self,
        tagged: TaggedMesh,
        diffusivity: Mapping[str, Diffusivity],
        held: Mapping[str, float],
        start: float = 0.0,
        *,
        order: int = 2,
        preset: str = "auto",
        monitor: Monitor | None = None,
    ) -> None:
        missing = [name for name in tagged.regions if name not in diffusivity]
        if missing:
            raise InputError(f"diffusion: no diffusivity for the region(s) {', '.join(missing)}")
        mesh = tagged.mesh
        self.tagged, self._diffusivity = tagged, dict(diffusivity)
        self.space = fem.functionspace(mesh, ("Lagrange", order))
        self.points = Points(mesh, 2 * order)
        self.concentration = fem.Function(self.space, name="concentration")
        self.concentration.x.array[:] = start
        self.entered = dict.fromkeys(held, 0.0)
        """What has come in through each held face, concentration times m^3 (in 2D m^2)."""
        self._faces: dict[str, np.ndarray] = {}
        bcs = []
        taken = np.empty(0, dtype=np.int32)
        for name, value in held.items():
            tags = tagged.select_facets(name)
            facets = tagged.facet_tags.indices[np.isin(tagged.facet_tags.values, tags)]
            dofs = fem.locate_dofs_topological(self.space, mesh.topology.dim - 1, np.sort(facets))
            bcs.append(fem.dirichletbc(np.float64(value), dofs, self.space))
            bcs[-1].set(self.concentration.x.array)
            owned = dofs[dofs < self.space.dofmap.index_map.size_local]
            self._faces[name] = np.setdiff1d(owned, taken)  # a node between two faces counts for the first
            taken = np.union1d(taken, owned)
        self._bcs = bcs
        self._coefficient = PointFunction(self.points)
        self._weight = fem.Constant(mesh, np.float64(0.0))
        trial, test = ufl.TrialFunction(self.space), ufl.TestFunction(self.space)
        dx = ufl.Measure("dx", mesh, metadata=self._coefficient.metadata)
        storage = trial * test * dx
        spread = self._coefficient.function * ufl.inner(ufl.grad(trial), ufl.grad(test)) * dx
        self._forms = {
            "storage": compile_form(storage),
            "spread": compile_form(spread),
            "step": compile_form(storage + self._weight * spread),
        }
        self._matrices = {name: create_matrix(form) for name, form in self._forms.items()}
        assemble_matrix(self._matrices["storage"], self._forms["storage"])
        self.solver = LinearSolver(self.space, "diffusion", preset=preset, bcs=bcs, monitor=monitor)
        self._made_for: tuple[float, np.ndarray] | None = None

    def advance(self, duration: float, temperature: float | np.ndarray) -> None:
        """Make one step.

        Args:
            duration: s.
            temperature: K, held through the step; a number or (cells, points).

        Raises:
            SolveError: when a linear solve fails.
        """
        self._prepare(duration, temperature)
        old = self.concentration.x.petsc_vec.copy()
        first, inflow = self._stage(old, old, duration)
        start = old.copy()
        start.axpy((1.0 - _GAMMA) / _GAMMA, first)
        start.axpy(-(1.0 - _GAMMA) / _GAMMA, old)
        last, second = self._stage(start, first, duration)
        last.copy(self.concentration.x.petsc_vec)
        self.concentration.x.scatter_forward()
        for name in self.entered:
            share = (1.0 - _GAMMA) * inflow[name] + _GAMMA * second[name]
            self.entered[name] += duration * share

    def _prepare(self, duration: float, temperature: float | np.ndarray) -> None:
        kelvin = np.broadcast_to(np.asarray(temperature, dtype=np.float64), (self.points.cells, self.points.count))
        if self._made_for is not None and self._made_for[0] == duration and np.array_equal(self._made_for[1], kelvin):
            return
        values = np.zeros(kelvin.shape)
        for region, law in self._diffusivity.items():
            cells = self.tagged.cells(region)
            values[cells] = law(kelvin[cells])
        self._coefficient.fill(values)
        assemble_matrix(self._matrices["spread"], self._forms["spread"])
        self._weight.value = _GAMMA * duration
        assemble_matrix(self._matrices["step"], self._forms["step"], self._bcs)
        self.solver.set_operator(self._matrices["step"])
        self._made_for = duration, kelvin.copy()

    def _stage(self, start: Any, guess: Any, duration: float) -> tuple[Any, dict[str, float]]:
        """Solve ``M (c - start) + gamma dt K c = 0`` inside; return c and what flows in through each face."""
        residual = self._out_of_balance(start, guess, duration)
        residual.array[self.solver.fixed_owned] = 0.0
        correction = guess.duplicate()
        correction.set(0.0)
        self.solver.solve(residual, correction, rtol=_LINEAR_RTOL)
        found = guess.copy()
        found.axpy(1.0, correction)
        rest = self._out_of_balance(start, found, duration).array_r
        flows = {
            name: -parallel.total(float(rest[dofs].sum()), self.space.mesh.comm) / (_GAMMA * duration)
            for name, dofs in self._faces.items()
        }
        return found, flows

    def _out_of_balance(self, start: Any, now: Any, duration: float) -> Any:
        change, work = start.copy(), start.duplicate()
        change.axpy(-1.0, now)
        residual = start.duplicate()
        self._matrices["storage"].mult(change, residual)
        self._matrices["spread"].mult(now, work)
        residual.axpy(-_GAMMA * duration, work)
        return residual

    def amount(self) -> float:
        """Return the integral of the concentration over the body. Collective."""
        return float(self.points.integral(self.points.values(self.concentration)[..., None])[0])
