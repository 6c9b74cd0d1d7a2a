"""A package as blocks of a grid: intervals along each axis, boxes painted on them, cells without a name left empty.

The grid makes the mesh structured whatever the boxes are: rectangles and quadrilaterals in 2D (x across, y up), boxes
and hexahedra in 3D (z up). Lengths in micrometres.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from femsuite.geometry.model import Model


@dataclass(frozen=True)
class Interval:
    """A part of an axis.

    Args:
        low: where it begins.
        high: where it ends.
        count: elements in it at refinement 1.
        ratio: each element divided by the one before.
    """

    low: float
    high: float
    count: int
    ratio: float = 1.0


@dataclass
class Blocks:
    """Blocks under construction.

    Args:
        start: where each axis begins; two numbers make a section, three a solid.
    """

    start: Sequence[float]
    _axes: list[list[Interval]] = field(default_factory=list)
    _boxes: list[tuple[str, np.ndarray, np.ndarray]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._axes = [[] for _ in self.start]

    def end(self, axis: int) -> float:
        """Return how far an axis has come."""
        return self._axes[axis][-1].high if self._axes[axis] else self.start[axis]

    def span(self, axis: int, high: float, count: int, ratio: float = 1.0) -> None:
        """Go on along an axis to ``high``; nothing happens where that is no progress (a layer without thickness)."""
        low = self.end(axis)
        if high > low + 1e-6:
            self._axes[axis].append(Interval(low, high, count, ratio))

    def paint(self, name: str, low: Sequence[float], high: Sequence[float]) -> None:
        """Give a name to what lies in a box; later ones paint over, an empty name clears."""
        self._boxes.append((name, np.asarray(low, dtype=float), np.asarray(high, dtype=float)))

    def draw(self, model: Model, part_of: dict[str, str] | None = None) -> None:
        """Draw the regions and divide their edges.

        Args:
            model: where.
            part_of: region -> the region it is part of.
        """
        model.hexahedra = True
        owners = part_of or {}
        for cell in itertools.product(*self._axes):
            low, high = np.array([one.low for one in cell]), np.array([one.high for one in cell])
            name = self._owner(0.5 * (low + high))
            if name:
                make = model.box if len(cell) == 3 else model.rectangle
                model.region(name, make(low.tolist(), (high - low).tolist()), part_of=owners.get(name))
        for axis, intervals in enumerate(self._axes):
            for one in intervals:
                model.divide("xyz"[axis], one.count, ratio=one.ratio, where=partial(_within, axis, one))

    def _owner(self, middle: np.ndarray) -> str:
        for name, low, high in reversed(self._boxes):
            if np.all(middle > low) and np.all(middle < high):
                return name
        return ""


def _within(axis: int, interval: Interval, middle: np.ndarray) -> bool:
    return bool(interval.low < middle[axis] < interval.high)


def shrinking(length: float, last: float, count: int) -> float:
    """Return the ratio with which ``count`` elements fill a length so that the last one has a given size, at most 1.

    Args:
        length: of the interval.
        last: size of the last element.
        count: of elements.
    """
    if last * count >= length:
        return 1.0
    low, high = 1e-3, 1.0
    for _ in range(60):
        ratio = 0.5 * (low + high)
        total = last * sum(ratio ** (-step) for step in range(count))
        low, high = (ratio, high) if total > length else (low, ratio)
    return 0.5 * (low + high)
