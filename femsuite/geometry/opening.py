"""What is cut into a stack of foils: an opening with bevelled, stepped walls and what lies in, on and below it.

Micrometres and rad.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from femsuite.geometry.grading import graded


@dataclass(frozen=True)
class Foil:
    """One partial foil: its region, thickness, angle of its wall to the floor, step before the wall's foot."""

    name: str
    thickness: float
    angle: float
    tread: float = 0.0

    @property
    def run(self) -> float:
        """Return how far the wall leans outwards."""
        return self.thickness / math.tan(self.angle)


@dataclass(frozen=True)
class Coat:
    """One conformal layer: its region, its thicknesses on walls, floor and treads with the top, cells through it."""

    name: str
    wall: float
    floor: float
    top: float
    count: int


@dataclass(frozen=True)
class Slab:
    """One flat layer below the opening, or the thick metal: its region and thickness."""

    name: str
    thickness: float


@dataclass(frozen=True)
class Sizes:
    """Element sizes: at foot and rim, at most, ratio of neighbours, and what multiplies all counts."""

    foot: float
    largest: float
    growth: float
    refinement: float = 1.0

    def cut(self, length: float, low: bool, high: bool) -> np.ndarray:
        """Return shares that cut a length, fine at the ends that are named, shape (count + 1,)."""
        ends = [self.foot if fine else self.largest for fine in (low, high)]
        return graded(length, ends[0], ends[1], self.largest, self.growth, self.refinement)

    def times(self, count: int) -> int:
        """Return a count at this refinement, at least 1."""
        return max(1, round(count * self.refinement))


def squares(walls: Sequence[tuple[float, float, float]], girth: float, growth: float) -> float:
    """Return the resistance of a film down all walls over that of a square of it.

    Args:
        walls: height, angle (rad) and tread before it of each, from below; any one unit of length.
        girth: around the foot of the first.
        growth: of the girth for each unit of length outwards: 2 pi for a circle, 8 for a mitred rectangle.
    """
    total, place = 0.0, 0.0
    for height, angle, tread in walls:
        place += tread
        run = height / math.tan(angle)
        low, high = girth + growth * place, girth + growth * (place + run)
        mean = (high - low) / math.log(high / low) if high > low * (1.0 + 1e-9) else low
        total += height / math.sin(angle) / mean
        place += run
    return total


def wall_of(coat: str) -> str:
    """Return the region of a coat on the walls, between their feet and rims: a part of the coat."""
    return f"{coat}_wall"


@dataclass(frozen=True)
class Opening:
    """What is cut through.

    Attributes:
        half: half of the narrower width at the foot.
        core: where the columns begin, from the middle; 0 in a section.
        pitch: half of the pitch across that width: decides how many columns run to it.
        nearest: half of the pitch where it is nearest: keeps levels flat where there is little room.
        foils: from below.
        coats: conformal layers in the order they are laid; none where the film is a surface.
        slabs: below the opening, from above.
        lead: thick metal on the foils' top; None for none.
        setback: from the foils' rim to the lead.
        pillar: region, height; None for none.
        pillar_half: half of its narrower width.
    """

    half: float
    core: float
    pitch: float
    nearest: float
    foils: Sequence[Foil]
    coats: Sequence[Coat]
    slabs: Sequence[Slab]
    lead: Slab | None
    setback: float
    pillar: Slab | None
    pillar_half: float

    @property
    def flights(self) -> list[list[Foil]]:
        """Return the foils grouped by walls that go on without a tread."""
        found: list[list[Foil]] = []
        for foil in self.foils:
            if found and foil.tread == 0.0:
                found[-1].append(foil)
            else:
                found.append([foil])
        return found

    @property
    def rim(self) -> float:
        """Return how far the foils' top rim lies outside of the foot."""
        return sum(foil.run + foil.tread for foil in self.foils)
