"""Bodies of boxes on a ground: the steps of a topography and the layers that follow it, and where they cut the axes.

A layer that follows a step keeps its thickness on level faces and has another on walls; corners stay square.
Micrometres; up is z, boxes are symmetric about y = 0.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from femsuite.geometry.opening import Sizes

_SAME = 1e-6  # micrometres: places that are one


@dataclass(frozen=True)
class Box:
    """A box.

    Attributes:
        low, high: along x.
        half: half of its width along y.
        top: height of its upper face.
        bottom: of its lower one; minus infinity for a body down to whatever lies below.
    """

    low: float
    high: float
    half: float
    top: float
    bottom: float = -math.inf

    @classmethod
    def square(cls, half: float, top: float, bottom: float = -math.inf) -> Box:
        """Return a box of a square plan about the origin."""
        return cls(-half, half, half, top, bottom)

    def grown(self, wall: float, flat: float) -> Box:
        """Return the box with a layer on it: ``wall`` thick on all sides, ``flat`` on its top."""
        return Box(self.low - wall, self.high + wall, self.half + wall, self.top + flat, self.bottom)

    def within(self, low: float = -math.inf, high: float = math.inf, half: float = math.inf) -> Box:
        """Return what of the box lies between two places along x and in ``|y| < half``."""
        return replace(self, low=max(self.low, low), high=min(self.high, high), half=min(self.half, half))


def inside(boxes: Iterable[Box], x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return which cells of a grid lie in any of some boxes, shape (x, y, z).

    Args:
        boxes: the boxes.
        x, y, z: middles of the cells along each axis.
    """
    found = np.zeros((len(x), len(y), len(z)), dtype=bool)
    for box in boxes:
        plan = ((x > box.low) & (x < box.high))[:, None] & (np.abs(y) < box.half)
        found |= plan[:, :, None] & ((z > box.bottom) & (z < box.top))
    return found


def breaks(places: Iterable[float], low: float, high: float) -> list[float]:
    """Return the places strictly between two bounds, with the bounds, sorted; those that are one are told once."""
    found = [low]
    for place in sorted(places):
        if found[-1] + _SAME < place < high - _SAME:
            found.append(place)
    return [*found, high]


def cuts(at: Sequence[float], fine: Sequence[bool], sizes: Sizes, thin: int = 1) -> np.ndarray:
    """Return where an axis is cut, shape (n + 1,).

    Args:
        at: places that must be cut, sorted.
        fine: whether elements are small at each.
        sizes: of the elements.
        thin: elements at refinement 1 in an interval that is no wider than the small ones.
    """
    found = [np.array([at[0]])]
    for index, (low, high) in enumerate(itertools.pairwise(at)):
        if high - low <= sizes.foot:
            shares = np.linspace(0.0, 1.0, sizes.times(thin) + 1)
        else:
            shares = sizes.cut(high - low, fine[index], fine[index + 1])
        found.append(low + shares[1:] * (high - low))
        found[-1][-1] = high
    return np.concatenate(found)
