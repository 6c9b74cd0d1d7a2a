"""Manufactured elasticity: an exact displacement and stress are chosen, the free strain that goes with them follows.

On the unit square or cube, held on its whole boundary, ``u_i = a_i sin(pi x) sin(pi y) (sin(pi z))`` with the a_i all
different, and the stress ``(phi,yy ; phi,xx ; 0 ; 0 ; 0 ; -phi,xy)`` of the Airy function
``phi = s sin(pi x) cos(pi y)``, which is in equilibrium. The free strain ``Theta = eps(u) - C^-1 sigma`` then drives
the body exactly there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from mpi4py import MPI

from femsuite.conditions import Fixed
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.physics.quadrature import Points, rule_degree
from femsuite.verify.bodies import box
from femsuite.verify.rates import slope

_AMPLITUDES = np.array([1.0, -0.7, 0.5]) * 1e-3
_YOUNG, _POISSON = 2.0, 0.3
_STRESS = 1e-3


@dataclass(frozen=True)
class Convergence:
    """Errors on a series of meshes.

    Args:
        sizes: element sizes, shape (n,).
        l2: errors of the displacement in the L2 norm.
        h1: errors of its gradient in the L2 norm.
        stress: errors of the stress at the quadrature points in the L2 norm.
    """

    sizes: np.ndarray
    l2: np.ndarray
    h1: np.ndarray
    stress: np.ndarray

    @property
    def order_l2(self) -> float:
        """Observed order of the displacement's error over the two finest meshes; theory: element order + 1."""
        return slope(self.sizes[-2:], self.l2[-2:])

    @property
    def order_h1(self) -> float:
        """Observed order of the gradient's error over the two finest meshes; theory: element order."""
        return slope(self.sizes[-2:], self.h1[-2:])


def solve(cell: str, order: int, cells: Sequence[int], comm: MPI.Intracomm | None = None) -> Convergence:
    """Solve the manufactured problem on a series of meshes; two-dimensional cells are in plane strain.

    Args:
        cell: ``triangle``, ``quadrilateral``, ``tetrahedron`` or ``hexahedron``.
        order: of the elements.
        cells: number along each edge, one entry for each mesh.
        comm: of the meshes.
    """
    rows = [_errors(cell, order, count, comm) for count in cells]
    l2, h1, stress = (np.array(column) for column in zip(*rows, strict=True))
    return Convergence(1.0 / np.asarray(cells, dtype=np.float64), l2, h1, stress)


def stiffness(young: float, poisson: float) -> np.ndarray:
    """Return the isotropic stiffness (6, 6), Pa."""
    mu, lam = young / (2.0 + 2.0 * poisson), young * poisson / ((1.0 + poisson) * (1.0 - 2.0 * poisson))
    matrix = np.diag([2 * mu, 2 * mu, 2 * mu, mu, mu, mu])
    matrix[:3, :3] += lam
    return matrix


def exact_displacement(x: np.ndarray, dimension: int) -> np.ndarray:
    """Return u at points (..., 3): (..., dimension), m."""
    return np.prod(np.sin(np.pi * x[..., :dimension]), axis=-1)[..., None] * _AMPLITUDES[:dimension]


def exact_gradient(x: np.ndarray, dimension: int) -> np.ndarray:
    """Return du_i/dx_j at points (..., 3): (..., dimension, dimension)."""
    sine, cosine = np.sin(np.pi * x[..., :dimension]), np.pi * np.cos(np.pi * x[..., :dimension])
    slopes = [np.prod(np.where(np.arange(dimension) == axis, cosine, sine), axis=-1) for axis in range(dimension)]
    return _AMPLITUDES[:dimension, None] * np.stack(slopes, axis=-1)[..., None, :]


def exact_stress(x: np.ndarray) -> np.ndarray:
    """Return the Voigt stress at points (..., 3): (..., 6), Pa."""
    along, up = np.pi * x[..., 0], np.pi * x[..., 1]
    stress = np.zeros((*x.shape[:-1], 6))
    stress[..., 0] = stress[..., 1] = -_STRESS * np.pi**2 * np.sin(along) * np.cos(up)
    stress[..., 5] = _STRESS * np.pi**2 * np.cos(along) * np.sin(up)
    return stress


class _FreeStrain:
    """The material whose free strain between 0 K and 1 K is the manufactured one."""

    def __init__(self, points: Points) -> None:
        dimension = points.mesh.geometry.dim
        gradient = np.zeros((points.cells, points.count, 3, 3))
        gradient[..., :dimension, :dimension] = exact_gradient(points.positions, dimension)
        doubled = gradient + np.swapaxes(gradient, 2, 3)
        pairs = [(0, 0, 0.5), (1, 1, 0.5), (2, 2, 0.5), (1, 2, 1.0), (0, 2, 1.0), (0, 1, 1.0)]
        strain = np.stack([factor * doubled[..., row, column] for row, column, factor in pairs], axis=-1)
        self._matrix = stiffness(_YOUNG, _POISSON)
        self._free = strain - exact_stress(points.positions) @ np.linalg.inv(self._matrix)
        self._cells = points.cells

    def stress_free_temperature(self) -> np.ndarray:
        """Return 0 K for every cell."""
        return np.zeros(self._cells)

    def stiffness(self, temperature: np.ndarray) -> np.ndarray:
        """Return the constant stiffness."""
        return np.broadcast_to(self._matrix, (*temperature.shape, 6, 6))

    def thermal_strain(self, temperature_from: np.ndarray, temperature_to: np.ndarray) -> np.ndarray:
        """Return the manufactured strain times the temperature difference."""
        return (temperature_to - temperature_from)[..., None] * self._free


def _errors(cell: str, order: int, count: int, comm: MPI.Intracomm | None) -> tuple[float, float, float]:
    dimension = 2 if cell in ("triangle", "quadrilateral") else 3
    tagged = box((1.0,) * dimension, (count,) * dimension, cell, comm=comm)
    rule = Points(tagged.mesh, rule_degree(cell, order))
    plane: Literal["strain"] | None = "strain" if dimension == 2 else None
    problem = MechanicsProblem(tagged, _FreeStrain(rule), [Fixed(surface="*")], order=order, plane=plane)
    problem.advance(1.0)
    fine = Points(tagged.mesh, 2 * order + 3)
    there = fine.positions
    value = fine.values(problem.displacement) - exact_displacement(there, dimension)
    gradient = fine.gradients(problem.displacement) - exact_gradient(there, dimension)
    stress = problem.stress - exact_stress(rule.positions)
    squares = (
        fine.integral((value**2).sum(axis=-1)),
        fine.integral((gradient**2).sum(axis=(-1, -2))),
        rule.integral((stress**2).sum(axis=-1)),
    )
    l2, h1, gap = (float(np.sqrt(square[0])) for square in squares)
    return l2, h1, gap
