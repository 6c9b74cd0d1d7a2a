"""The integral of a smooth function of temperature, built once as piecewise polynomials and then cheap to evaluate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial import chebyshev, polynomial

_ORIGIN = 300.0  # where the integral is zero; differences do not depend on it
_LOWEST, _HIGHEST = 4.0, 5004.0  # K, on the grid of panels; beyond, the end value goes on
_WIDTH = 8.0  # of the root panels: narrow enough that a panel never bisects for a usual curve
_DEGREE = 9
_TOLERANCE = 1e-13
_NARROWEST = 1e-7
_NODES = chebyshev.chebpts1(_DEGREE + 1)
_INTERPOLATE = np.linalg.inv(chebyshev.chebvander(_NODES, _DEGREE))


class Antiderivative:
    """The integral of ``function`` from 300 K, to about 1e-12 of the curve's size times the range.

    Every panel holds the Chebyshev interpolant of degree 9, integrated exactly; a panel whose last coefficients do
    not fade is halved, so that steps from ``where`` are resolved too. Panels lie on a fixed grid, so that every rank
    gets the same numbers whatever range it asks for first.

    Args:
        function: temperature in K (n,) -> value (n,).

    Calls raise FloatingPointError where the function is not finite.
    """

    def __init__(self, function: Callable[[np.ndarray], np.ndarray]) -> None:
        self._function = function
        self._first = self._last = 0  # root panels built so far: first <= index < last
        self._up: list[tuple[float, float, np.ndarray]] = []
        self._down: list[tuple[float, float, np.ndarray]] = []
        self._edges = np.array([_ORIGIN])
        self._coefficients = np.empty((_DEGREE + 2, 0))

    def __call__(self, temperature: np.ndarray) -> np.ndarray:
        """Return the integral from 300 K to each temperature in K (any shape)."""
        temperature = np.asarray(temperature, dtype=np.float64)
        finite = np.isfinite(temperature)
        if not finite.any():
            return np.full_like(temperature, np.nan)
        known = temperature if finite.all() else temperature[finite]
        low, high = float(known.min()), float(known.max())
        if low < _LOWEST or high > _HIGHEST:  # a diverging solve must not build panels without end
            inside = np.clip(temperature, _LOWEST, _HIGHEST)
            return self(inside) + (temperature - inside) * self._function(inside)
        self._cover(low, high)
        panel = np.searchsorted(self._edges, temperature, side="right") - 1
        panel = np.minimum(panel, self._coefficients.shape[1] - 1)
        offset = temperature - self._edges[panel]
        result = self._coefficients[-1][panel]
        for row in self._coefficients[-2::-1]:
            result *= offset
            result += row[panel]
        return result

    def _cover(self, low: float, high: float) -> None:
        first = min(self._first, int(np.floor((low - _ORIGIN) / _WIDTH)))
        last = max(self._last, int(np.floor((high - _ORIGIN) / _WIDTH)) + 1)
        if first == self._first and last == self._last:
            return
        for index in range(self._last, last):
            self._up += self._panels(_ORIGIN + index * _WIDTH, _ORIGIN + (index + 1) * _WIDTH)
        for index in range(self._first - 1, first - 1, -1):
            self._down = self._panels(_ORIGIN + index * _WIDTH, _ORIGIN + (index + 1) * _WIDTH) + self._down
        self._first, self._last = first, last
        panels = self._down + self._up
        self._edges = np.array([panel[0] for panel in panels] + [panels[-1][1]])
        local = np.array([panel[2] for panel in panels])  # integral from each panel's left edge
        whole = np.array([polynomial.polyval(panel[1] - panel[0], panel[2]) for panel in panels])
        start = np.concatenate([-np.cumsum(whole[: len(self._down)][::-1])[::-1], [0.0]])
        start = np.concatenate([start, np.cumsum(whole[len(self._down) :])])[: len(panels)]
        local[:, 0] = start
        self._coefficients = np.ascontiguousarray(local.T)

    def _panels(self, low: float, high: float) -> list[tuple[float, float, np.ndarray]]:
        half = 0.5 * (high - low)
        coefficients = _INTERPOLATE @ self._function(low + half * (_NODES + 1.0))
        size = float(np.abs(coefficients).max())
        if not np.isfinite(size):
            raise FloatingPointError(f"it is not finite between {low:g} K and {high:g} K")
        if np.abs(coefficients[-2:]).max() > _TOLERANCE * size and high - low > _NARROWEST:
            middle = 0.5 * (low + high)
            return self._panels(low, middle) + self._panels(middle, high)
        integral = half * chebyshev.cheb2poly(chebyshev.chebint(coefficients, lbnd=-1.0))
        # from powers of x in [-1, 1] to powers of (T - low): x = (T - low)/half - 1
        shifted = np.zeros(_DEGREE + 2)
        for coefficient in integral[::-1]:
            shifted = np.concatenate([[0.0], shifted[:-1]]) / half - shifted
            shifted[0] += coefficient
        return [(low, high, shifted)]
