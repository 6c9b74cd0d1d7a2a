"""Observed orders: slopes of errors, and extrapolation of a number from three meshes (Roache's grid convergence)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq


def slope(sizes: np.ndarray, errors: np.ndarray) -> float:
    """Return the least-squares slope of log(error) over log(size): the observed order of convergence.

    Args:
        sizes: element sizes, shape (n,), any one unit.
        errors: their errors, shape (n,), positive.
    """
    return float(np.polyfit(np.log(np.asarray(sizes)), np.log(np.asarray(errors)), 1)[0])


@dataclass(frozen=True)
class Extrapolation:
    """What three meshes say of one number.

    Args:
        value: the number extrapolated to element size zero.
        order: the observed order, or nan where the three do not converge monotonically.
        error: the relative difference of the middle mesh from ``value``.
        band: Roache's grid convergence index of the middle mesh, relative (safety factor 1.25; 3 without an order).
    """

    value: float
    order: float
    error: float
    band: float


def extrapolate(coarse: float, middle: float, fine: float, sizes: tuple[float, float, float]) -> Extrapolation:
    """Extrapolate a number from three meshes to element size zero.

    Args:
        coarse, middle, fine: the number on the three meshes.
        sizes: their element sizes, decreasing.

    Returns:
        The extrapolation. Where the differences change sign or grow there is no order to observe: then the value is
        that of the finest mesh and the band three times the largest difference.

    Source: P. J. Roache, J. Fluids Eng. 116 (1994) 405.
    """
    first, second = coarse - middle, middle - fine
    scale = max(abs(fine), 1e-300)
    r21, r32 = sizes[0] / sizes[1], sizes[1] / sizes[2]
    if first * second > 0.0 and abs(first) > abs(second):
        order = _order(first / second, r21, r32)
        if order is not None:
            value = fine - second / (r32**order - 1.0)
            error = abs(middle - value) / scale
            return Extrapolation(value, order, error, 1.25 * error)
    spread = max(abs(first), abs(second), abs(coarse - fine)) / scale
    return Extrapolation(fine, math.nan, abs(second) / scale, 3.0 * spread)


def _order(ratio: float, r21: float, r32: float) -> float | None:
    """Solve (r21^p - 1) r32^p / (r32^p - 1) = ratio for the order p between 1/2 and 8: below that nothing converges."""

    def gap(order: float) -> float:
        return (r21**order - 1.0) * r32**order / (r32**order - 1.0) - ratio

    low, high = 0.5, 8.0
    if gap(low) * gap(high) > 0.0:
        return None
    return float(brentq(gap, low, high))
