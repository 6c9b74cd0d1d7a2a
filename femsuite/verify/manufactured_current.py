"""An exact coupled solution of current and heat, and the errors' slopes.

A tube between the radii a and b in (r, z), both faces at 300 K, with a voltage between them and a conductivity by the
law of Wiedemann and Franz. Temperature and potential then hang together by ``T^2 = T0^2 + V (V0 - V)/L``, and
``U = integral dV/T`` is harmonic, so that with ``s = ln(r/a)/ln(b/a)`` and ``A^2 = L T0^2 + V0^2/4``

``V = V0/2 + A sin((2 s - 1) asin(V0/(2 A)))``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from femsuite.conditions import FixedTemperature
from femsuite.physics.heat import HeatProblem
from femsuite.solve.norms import summed
from femsuite.verify.bodies import box, moved
from femsuite.verify.electric_bodies import LORENZ, WiedemannFranz, coupled
from femsuite.verify.rates import slope

_VOLTAGE, _COLD, _THERMAL = 0.2, 300.0, 400.0
_INNER, _OUTER = 1e-3, 3e-3


@dataclass(frozen=True)
class Errors:
    """Errors on a series of meshes, each (n,): in L2 of temperature and potential, and of their gradients."""

    sizes: np.ndarray
    temperature: np.ndarray
    temperature_gradient: np.ndarray
    potential: np.ndarray
    potential_gradient: np.ndarray

    def orders(self) -> dict[str, float]:
        """Return the observed orders over the two finest meshes, by what they are of."""
        return {
            "temperature in L2": slope(self.sizes[-2:], self.temperature[-2:]),
            "temperature in H1": slope(self.sizes[-2:], self.temperature_gradient[-2:]),
            "potential in L2": slope(self.sizes[-2:], self.potential[-2:]),
            "potential in H1": slope(self.sizes[-2:], self.potential_gradient[-2:]),
        }


def solve(cell: str, order: int, counts: Sequence[int]) -> Errors:
    """Solve on a series of meshes.

    Args:
        cell: ``triangle`` or ``quadrilateral``.
        order: of both fields.
        counts: cells across the wall, one entry for each mesh.
    """
    rows = np.array([_errors(_problem(cell, order, count)) for count in counts])
    return Errors(1.0 / np.asarray(counts, dtype=float), *rows.T)


def _problem(cell: str, order: int, count: int) -> HeatProblem:
    width = _OUTER - _INNER
    tagged = moved(box((width, width), (count, count), cell), lambda x: x + np.array([_INNER, 0.0, 0.0]))
    faces = [FixedTemperature(surface=name, value=f"{_COLD} K") for name in ("left", "right")]
    problem = coupled(
        tagged,
        WiedemannFranz(_THERMAL),
        {"feed": ("right", f"{_VOLTAGE} V"), "ground": ("left", "0 V")},
        faces,
        thermal=_THERMAL,
        order=order,
        axisymmetric=True,
    )
    problem.solve_steady()
    return problem


def _exact(x: Any) -> tuple[Any, Any]:
    size = math.sqrt(LORENZ * _COLD**2 + 0.25 * _VOLTAGE**2)
    share = ufl.ln(x[0] / _INNER) / math.log(_OUTER / _INNER)
    potential = 0.5 * _VOLTAGE + size * ufl.sin((2.0 * share - 1.0) * math.asin(0.5 * _VOLTAGE / size))
    return ufl.sqrt(_COLD**2 + potential * (_VOLTAGE - potential) / LORENZ), potential


def _errors(problem: HeatProblem) -> list[float]:
    assert problem.current is not None
    mesh = problem.tagged.mesh
    dx = ufl.Measure("dx", mesh, metadata={"quadrature_degree": 8})
    temperature, potential = _exact(ufl.SpatialCoordinate(mesh))
    found = []
    for function, exact in ((problem.temperature, temperature), (problem.current.potential, potential)):
        miss = function - exact
        for square in (miss**2, ufl.inner(ufl.grad(miss), ufl.grad(miss))):
            found.append(math.sqrt(summed(float(fem.assemble_scalar(fem.form(square * dx))), problem.comm)))
    return found
