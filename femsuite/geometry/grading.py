"""Intervals along a line, fine at its ends and coarse between, in geometric series; counts scaled as a whole."""

from __future__ import annotations

import math

import numpy as np


def graded(
    length: float, low: float, high: float, largest: float, growth: float = 1.3, refinement: float = 1.0
) -> np.ndarray:
    """Return where a line is cut, as shares of its length from 0 to 1, shape (count + 1,).

    The sizes follow 1/h integrated along the line, so they meet in the middle without a jump, and the count can be
    scaled without a change of the shape.

    Args:
        length: of the line, in the unit of the sizes.
        low: size wanted at its start.
        high: size wanted at its end.
        largest: no element is wanted larger than this.
        growth: ratio of neighbouring sizes, above 1.
        refinement: the count at 1 is multiplied by it; at least one interval is left.
    """
    slope = growth - 1.0
    low, high = min(low, largest, length), min(high, largest, length)
    meet = min(max((high - low + slope * length) / (2.0 * slope), 0.0), length)
    top = min(low + slope * meet, high + slope * (length - meet), largest)
    low, high = min(low, top), min(high, top)
    rise, fall = (top - low) / slope, (top - high) / slope
    per_log = math.log(growth)
    parts = np.array(
        [math.log(top / low) / per_log, max(length - rise - fall, 0.0) / top, math.log(top / high) / per_log]
    )
    ends = np.cumsum(parts)
    count = max(1, round(max(1, round(ends[-1])) * refinement))
    along = np.linspace(0.0, ends[-1], count + 1)
    first = low * np.expm1(per_log * np.minimum(along, ends[0])) / slope
    middle = top * np.clip(along - ends[0], 0.0, parts[1])
    last = high * np.expm1(per_log * np.minimum(ends[2] - along, parts[2])) / slope
    places = np.where(along <= ends[0], first, np.where(along <= ends[1], rise + middle, length - last))
    places[0], places[-1] = 0.0, length
    return places / length
