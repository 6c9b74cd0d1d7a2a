"""A liquid that grows between two solids as fast as diffusion in it lets it: two fronts in one dimension.

The liquid lies between x = z(t), where the first solid dissolves, and x = a(t), where the second does. Its
concentration is held at both fronts (local equilibrium) and jumps to that of the solids there:

    dc/dt = D c_xx,   -(C_z - S_z) dz/dt = D c_x at z,   (S_a - C_a) da/dt = D c_x at a.

Front fixing: with ``x = z + xi (a - z)`` the elements lie on 0 < xi < 1 and move with the fronts. In the conservative
form ``d/dt int c v dx + int (D c_x + w c) v_x dx = [(D c_x + w c) v]``, w the speed of the points, the end rows of the
discrete equations give the fronts, ``S_a da/dt`` and ``-S_z dz/dt``: what the solids lose is what the liquid gains.
Volumes do not change on melting. Source: J. Crank, Free and Moving Boundary Problems (1984), ch. 5; the similarity
solution, two fronts at ``-2 l_z sqrt(D t)`` and ``2 l_a sqrt(D t)``, generalises Neumann's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import dolfinx.mesh
import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI
from scipy.optimize import brentq, root
from scipy.special import erf

from femsuite.errors import InputError, SolveError
from femsuite.solve.assembly import compile_form


@dataclass(frozen=True)
class Concentrations:
    """Of the solute, per volume or as mass fractions at equal densities.

    Args:
        first: C_z, of the liquid at the first solid.
        first_solid: S_z.
        second: C_a, of the liquid at the second solid.
        second_solid: S_a; ``S_z < C_z < C_a < S_a``.

    Raises:
        InputError: when they do not rise in that order: there is no liquid then.
    """

    first: float
    first_solid: float
    second: float
    second_solid: float

    def __post_init__(self) -> None:
        if not self.first_solid < self.first < self.second < self.second_solid:
            raise InputError(
                "two fronts: concentrations must rise from the first solid over the liquid there and the liquid at the "
                f"second solid to that; given are {self.first_solid:g}, {self.first:g}, {self.second:g}, "
                f"{self.second_solid:g}"
            )


class TwoFronts:
    """The liquid from a thin start on; the solids touched at x = 0.

    Args:
        diffusivity: D in the liquid, m^2/s.
        concentrations: at the fronts.
        thickness: of the liquid at the start, m, with the straight profile between its ends, placed so that it holds
            what the solids have lost. The start is forgotten as the square of the growth.
        elements: quadratic, of equal size.

    The state is `time`, s, the fronts `first` and `second`, m, and `profile`, at the nodes `places` of 0 < xi < 1.
    """

    def __init__(
        self, diffusivity: float, concentrations: Concentrations, thickness: float, elements: int = 16
    ) -> None:
        self.diffusivity, self.concentrations = diffusivity, concentrations
        mesh = dolfinx.mesh.create_unit_interval(MPI.COMM_SELF, elements)  # every rank for itself: some tens of numbers
        space = fem.functionspace(mesh, ("Lagrange", 2))
        trial, test = ufl.TrialFunction(space), ufl.TestFunction(space)
        xi = ufl.SpatialCoordinate(mesh)[0]
        places = space.tabulate_dof_coordinates()[:, 0]
        order = np.argsort(places)
        self.places = places[order]

        def matrix(form: ufl.Form) -> np.ndarray:
            return fem.assemble_matrix(compile_form(form)).to_dense()[np.ix_(order, order)]

        self._storage = matrix(trial * test * ufl.dx)
        self._spread = matrix(trial.dx(0) * test.dx(0) * ufl.dx)
        self._carried = matrix(trial * test.dx(0) * ufl.dx)
        self._stretched = matrix(xi * trial * test.dx(0) * ufl.dx)
        at = concentrations
        self.profile = at.first + (at.second - at.first) * self.places
        share = (0.5 * (at.first + at.second) - at.first_solid) / (at.second_solid - at.first_solid)
        self.time, self.first, self.second = 0.0, -(1.0 - share) * thickness, share * thickness
        self._growth = diffusivity * (at.second - at.first) / thickness
        self._last = np.array([-self._growth / (at.first - at.first_solid), 0.0])

    @property
    def thickness(self) -> float:
        """Of the liquid, m."""
        return self.second - self.first

    def amount(self) -> float:
        """Return the solute in the liquid per area, concentration times m."""
        return self.thickness * float(self._storage.sum(axis=0) @ self.profile)

    def lost(self) -> float:
        """Return the solute that the solids have lost per area, concentration times m."""
        return self.second * self.concentrations.second_solid - self.first * self.concentrations.first_solid

    def advance(self, duration: float) -> None:
        """Make one step by the midpoint rule; the fronts and the profile at its end are found together.

        Args:
            duration: s.

        Raises:
            SolveError: when they are not found: the step is too long.
        """
        unit = self.thickness / duration
        found = root(lambda speeds: self._ends(unit * speeds, duration)[0], self._last / unit, tol=1e-12)
        speeds = unit * found.x
        ends, profile = self._ends(speeds, duration)
        if not np.abs(ends).max() <= 1e-9 or not self.thickness + duration * (speeds[1] - speeds[0]) > 0.0:
            raise SolveError(
                f"two fronts: no fronts fit at the end of a step of {duration:.3g} s from t = {self.time:.6g} s; "
                "take shorter steps"
            )
        self.first, self.second = self.first + duration * speeds[0], self.second + duration * speeds[1]
        self.profile, self._last = profile, speeds
        self.time += duration

    def _ends(self, speeds: np.ndarray, duration: float) -> tuple[np.ndarray, np.ndarray]:
        """Return how far the end rows are from the fronts' conditions, without dimension, and the profile."""
        growth = float(speeds[1] - speeds[0])
        new = self.thickness + duration * growth
        middle = self.thickness + 0.5 * duration * growth
        moving = self._flux(middle) + speeds[0] * self._carried + growth * self._stretched
        left = new * self._storage + 0.5 * duration * moving
        right = (self.thickness * self._storage - 0.5 * duration * moving) @ self.profile
        profile = np.empty_like(self.profile)
        profile[[0, -1]] = self.concentrations.first, self.concentrations.second
        inner = slice(1, -1)
        known = left[inner][:, [0, -1]] @ profile[[0, -1]]
        profile[inner] = np.linalg.solve(left[inner, inner], right[inner] - known)
        rest = (left @ profile - right)[[0, -1]] / duration
        solids = np.array([-self.concentrations.first_solid, self.concentrations.second_solid])
        return (rest - solids * speeds) * duration / self.thickness, profile

    def _flux(self, thickness: float) -> np.ndarray:
        """Return the matrix of diffusion in a liquid of this thickness, m/s."""
        return self.diffusivity / thickness * self._spread


def similarity(concentrations: Concentrations) -> tuple[float, float]:
    """Return l_z and l_a of the fronts ``-2 l_z sqrt(D t)`` and ``2 l_a sqrt(D t)`` from a sharp start.

    ``c = A + B erf(x/(2 sqrt(D t)))`` with ``B exp(-l_z^2)/sqrt(pi) = (C_z - S_z) l_z``,
    ``B exp(-l_a^2)/sqrt(pi) = (S_a - C_a) l_a`` and ``B [erf(l_z) + erf(l_a)] = C_a - C_z``.
    """
    at = concentrations

    def other(first: float) -> float:
        """Return l_a that has the same B."""
        ratio = (at.first - at.first_solid) / (at.second_solid - at.second) * first * math.exp(first**2)
        high = max(1.0, math.sqrt(math.log1p(ratio)))
        return float(brentq(lambda x: x * math.exp(x * x) - ratio, 0.0, high, xtol=1e-15))

    def gap(first: float) -> float:
        strength = math.sqrt(math.pi) * (at.first - at.first_solid) * first * math.exp(first**2)
        return strength * float(erf(first) + erf(other(first))) - (at.second - at.first)

    high = 1.0
    while gap(high) < 0.0 and high < 20.0:
        high *= 1.5
    first = float(brentq(gap, 1e-12, high, xtol=1e-14))
    return first, other(first)


def dissolved(thickness: float, ratio: float, fraction: float) -> float:
    """Return how much of a second solid a liquid takes up until it is saturated, m: ``t (rho_1/rho_2) C/(1 - C)``.

    Args:
        thickness: t, of the first solid that has melted, m.
        ratio: density of the first solid over that of the second.
        fraction: C, mass fraction of the second in the saturated liquid.
    """
    return thickness * ratio * fraction / (1.0 - fraction)
