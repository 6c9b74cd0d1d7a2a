"""Manufactured heat problems: an exact temperature is chosen, the sources follow, and the errors' slopes are measured.

On the unit square or cube the rise over 300 K is ``theta = 40 K cos(pi x) cos(pi y) s(z)`` (without the y factor in
two dimensions, where the last axis is y). The sides are insulated and the bottom is held at 300 K.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI
from scipy.optimize import brentq

from femsuite import parallel
from femsuite.conditions import Film, FixedTemperature
from femsuite.physics.heat import HeatProblem
from femsuite.physics.heat_step import HeatStep
from femsuite.solve.norms import maximum, summed
from femsuite.verify.bodies import box
from femsuite.verify.rates import slope
from femsuite.verify.thermal_material import SimpleMaterial

_RISE = 40.0
_DIAGONAL = (3.0, 5.0, 4.0)


@dataclass(frozen=True)
class Convergence:
    """Errors on a series of meshes.

    Args:
        sizes: element sizes, shape (n,).
        l2: errors of the temperature in the L2 norm.
        h1: errors of its gradient in the L2 norm.
        flux_gap: recovered flux against exact power, as a share of the heat that flows.
        balance: the balance's error, as a share of the heat that flows.
    """

    sizes: np.ndarray
    l2: np.ndarray
    h1: np.ndarray
    flux_gap: np.ndarray
    balance: np.ndarray

    @property
    def order_l2(self) -> float:
        """Observed order of the L2 error over the two finest meshes."""
        return slope(self.sizes[-2:], self.l2[-2:])

    @property
    def order_h1(self) -> float:
        """Observed order of the gradient's error over the two finest meshes."""
        return slope(self.sizes[-2:], self.h1[-2:])

    @property
    def order_flux(self) -> float:
        """Observed order of the recovered flux's gap over the two finest meshes."""
        return slope(self.sizes[-2:], self.flux_gap[-2:])


def steady(
    cell: str, order: int, nonlinear: bool, cells: Sequence[int], comm: MPI.Intracomm | None = None
) -> Convergence:
    """Solve the manufactured steady problem on a series of meshes.

    Linear: the top loses heat through a film, ``s = sin(w z)`` with ``k_z w cos(w) = -h sin(w)``. Nonlinear: the
    conductivity rises by 0.5 % per kelvin and the top is insulated, ``s = sin(pi z / 2)``.

    Args:
        cell: ``triangle``, ``quadrilateral``, ``tetrahedron`` or ``hexahedron``.
        order: of the elements.
        nonlinear: whether the conductivity varies with temperature.
        cells: number along each edge, one entry for each mesh.
        comm: of the meshes.
    """
    rows = [_steady_errors(cell, order, nonlinear, count, comm) for count in cells]
    l2, h1, gap, balance = (np.array(column) for column in zip(*rows, strict=True))
    return Convergence(1.0 / np.asarray(cells, dtype=np.float64), l2, h1, gap, balance)


def _steady_errors(
    cell: str, order: int, nonlinear: bool, count: int, comm: MPI.Intracomm | None
) -> tuple[float, float, float, float]:
    dimension = 2 if cell in ("triangle", "quadrilateral") else 3
    tagged = box((1.0,) * dimension, (count,) * dimension, cell, comm=comm)
    material = SimpleMaterial(_DIAGONAL, slope=0.005 if nonlinear else 0.0)
    film = 2.0
    along = _DIAGONAL[dimension - 1]
    wave = 0.5 * math.pi
    conditions: list[Any] = [FixedTemperature(surface="bottom", value="300 K")]
    if not nonlinear:
        wave = brentq(lambda w: along * w * math.cos(w) + film * math.sin(w), 0.5 * math.pi, math.pi)
        conditions.append(Film(surface="top", coefficient=f"{film} W/(m^2 K)", ambient="300 K"))
    x = ufl.SpatialCoordinate(tagged.mesh)
    rise = _RISE * ufl.cos(ufl.pi * x[0]) * ufl.sin(wave * x[dimension - 1])
    if dimension == 3:
        rise *= ufl.cos(ufl.pi * x[1])
    # A part that does not change along the sides, so that heat flows through the bottom as a whole.
    rise += 0.5 * _RISE * ufl.sin(wave * x[dimension - 1])
    scale = 1.0 + material.slope * rise
    flux = ufl.as_vector([-scale * _DIAGONAL[i] * rise.dx(i) for i in range(dimension)])

    problem = HeatProblem(tagged, material, conditions, initial=300.0, order=order, source_order=order + 1)
    points = fem.functionspace(tagged.mesh, ("DG", order + 1)).element.interpolation_points
    problem.set_density(fem.Expression(ufl.div(flux), points))
    problem.solve_steady()
    error = problem.temperature - (300.0 + rise)
    dx = ufl.Measure("dx", tagged.mesh, metadata={"quadrature_degree": 2 * order + 3})
    l2, h1 = _norm(error, dx, tagged.mesh.comm), _norm(ufl.grad(error), dx, tagged.mesh.comm)
    balance = problem.balance()
    return l2, h1, balance["recovered"], balance["heat"]


def _norm(expression: Any, dx: ufl.Measure, comm: MPI.Intracomm) -> float:
    square = fem.assemble_scalar(fem.form(ufl.inner(expression, expression) * dx))
    return math.sqrt(summed(square, comm))


def temporal(steps: Sequence[int], comm: MPI.Intracomm | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Measure the error of the time step against a much finer one, on one mesh with varying capacity and conductivity.

    A square that starts at 300 K is heated by a source and loses heat through a film on its top.

    Args:
        steps: numbers of equal steps over the duration.
        comm: of the mesh.

    Returns:
        Step lengths in s and largest differences in K from the run with four times the largest number of steps.
    """
    duration = 0.5

    def run(count: int) -> np.ndarray:
        tagged = box((1.0, 1.0), (4, 4), "quadrilateral", comm=comm)
        material = SimpleMaterial(_DIAGONAL, slope=0.002, capacity=2.0, capacity_slope=0.004)
        film = Film(surface="top", coefficient="3 W/(m^2 K)", ambient="300 K")
        problem = HeatProblem(tagged, material, [film], initial=300.0, order=1)
        problem.set_power("body", 200.0)
        step = HeatStep(problem)
        for number in range(count):
            step.attempt(number * duration / count, duration / count)
        return problem.temperature.x.array.copy()

    exact = run(4 * max(steps))
    world = comm or parallel.world()
    errors = [maximum(float(np.abs(run(count) - exact).max()), world) for count in steps]
    return duration / np.asarray(steps, dtype=np.float64), np.array(errors)
