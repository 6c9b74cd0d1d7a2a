"""A planar power module: plates in a stack, a foil that follows them, openings over the contact, a lead on the foil.

One grid for a section and a solid: lines across x (and y) that lean with the walls of the openings, level heights, a
region in each cell. A section is a solid of one column along y. The contact face is at height 0. Micrometres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from femsuite.geometry.boxes import Box, breaks, cuts, inside
from femsuite.geometry.opening import Sizes
from femsuite.geometry.row import Row, RowPlan, lay_row


@dataclass(frozen=True)
class Plate:
    """One plate of the stack: its region, half of its edge, its thickness."""

    name: str
    half: float
    thickness: float


@dataclass(frozen=True)
class Layer:
    """What follows the topography: its thickness on level faces and on walls; zeros for none."""

    flat: float
    wall: float

    def __add__(self, other: Layer) -> Layer:
        return Layer(self.flat + other.flat, self.wall + other.wall)


@dataclass(frozen=True)
class Planar:
    """A module.

    Attributes:
        plates: from below; the last one that is as wide as the chip is the chip, a pad may lie on it.
        foil, film, lead, second: from below; a film without cells has no thickness here.
        lead_half: half of the lead's width; along x it begins there too, in -x.
        lead_end: where it ends along x.
        land: length before its end that the second foil leaves bare.
        rows: openings along x and, in a solid, along y.
        whole_x: whether x < 0 is there too.
        film_count: elements through the film.
        sizes: of the elements.
        upright: of the elements along z.
    """

    plates: Sequence[Plate]
    foil: Layer
    film: Layer
    lead: Layer
    second: Layer
    lead_half: float
    lead_end: float
    land: float
    rows: Sequence[RowPlan]
    whole_x: bool
    film_count: int
    sizes: Sizes

    @property
    def reach(self) -> float:
        """Return half of the edge of the lowest plate."""
        return self.plates[0].half

    @cached_property
    def solids(self) -> list[Box]:
        """Return the plates as boxes, from below."""
        bottom, found = -sum(plate.thickness for plate in self.plates), []
        for plate in self.plates:
            found.append(Box.square(plate.half, bottom + plate.thickness, bottom))
            bottom += plate.thickness
        # The sum of the thicknesses is the contact face up to rounding, and openings begin at 0.
        found[-1] = replace(found[-1], top=0.0)
        return found

    @cached_property
    def steps(self) -> list[Box]:
        """Return what the foil follows, from above: the plates that stand out below the ones on them.

        The foil evens out the pad: its upper face is flat over the chip.
        """
        found: list[Box] = []
        for plate, box in reversed(list(zip(self.plates, self.solids, strict=True))):
            top = 0.0 if not found else box.top
            if plate.name != "pad" and (not found or box.half > found[-1].half + 1e-6):
                found.append(Box.square(box.half, top))
        return found

    def _on_steps(self, layer: Layer) -> list[Box]:
        return [step.grown(layer.wall, layer.flat).within(-self.reach, self.reach, self.reach) for step in self.steps]

    @cached_property
    def layers(self) -> dict[str, list[Box]]:
        """Return foil, film, lead and second foil as bodies; each holds what lies below it, from the ground up."""
        lead = {"low": -self.lead_half, "high": self.lead_end, "half": self.lead_half}
        film, thick = self.foil + self.film, self.foil + self.film + self.lead
        found = {"foil": self._on_steps(self.foil)}
        if self.film.flat > 0.0:
            found["film"] = [box.within(**lead) for box in self._on_steps(film)]
        found["lead"] = [box.within(**lead) for box in self._on_steps(thick)]
        if self.second.flat > 0.0:
            below = [*found["foil"], *found["lead"]]
            on = [box.grown(self.second.wall, self.second.flat) for box in below]
            end = self.lead_end - self.land
            found["foil_2"] = [box.within(-self.reach, end, self.reach) for box in on]
        return found

    @property
    def _boxes(self) -> list[Box]:
        return [*self.solids, *(box for boxes in self.layers.values() for box in boxes)]


@dataclass(frozen=True)
class Axis:
    """One axis of the plan: ``n`` columns; as a `Row`, at all levels.

    Attributes:
        place: shape (n + 1, levels + 1).
        opening, window: as in a `Row`, shape (n,).
        region: what a row is made of, empty outside of rows and where it is open, text, shape (n, levels).
        open: whether an opening (or what coats its walls and floor) is in it, shape (n, levels).
    """

    place: np.ndarray
    opening: np.ndarray
    window: np.ndarray
    region: np.ndarray
    open: np.ndarray

    @property
    def middle(self) -> np.ndarray:
        """Return the middles of the columns above the foil, shape (n,)."""
        return 0.5 * (self.place[1:, -1] + self.place[:-1, -1])

    @classmethod
    def none(cls, levels: int) -> Axis:
        """Return the y of a section: one column through the middle of an opening that has no end."""
        return cls(
            np.array([[-1.0], [1.0]]) * np.ones(levels + 1),
            np.array([1]),
            np.array([True]),
            np.full((1, levels), ""),
            np.ones((1, levels), dtype=bool),
        )


@dataclass(frozen=True)
class Grid:
    """A module cut into cells, (nx, ny, levels).

    Attributes:
        module: what was cut.
        x, y: the axes.
        height: of each node of x at each level, shape (nx + 1, levels + 1).
        kind: ``floor``, ``foil``, ``top`` as in a `Row`, else ``stack``, of each level, shape (levels,).
        region: index into ``regions``, -1 for nothing, shape (nx, ny, levels).
        regions: names.
    """

    module: Planar
    x: Axis
    y: Axis
    height: np.ndarray
    kind: np.ndarray
    region: np.ndarray
    regions: tuple[str, ...]


def lay(module: Planar) -> Grid:
    """Return the grid of a module."""
    rows = [_with_all_levels(module, lay_row(plan, module.sizes)) for plan in module.rows]
    top = float(rows[0].height[-1, -1])
    heights = [end for box in module._boxes for end in (box.bottom, box.top) if math.isfinite(end)]
    bottom, ceiling = min(heights), max(heights)
    # Small elements where foil, film and lead bend; below the carrier's core nothing bends.
    at_core = module.steps[-1].top - 1e-6
    under = breaks(heights, bottom, 0.0)
    below = cuts(under, [place >= at_core for place in under], module.sizes, module.film_count)
    over = breaks(heights, top, ceiling)
    above = cuts(over, [True] * (len(over) - 1) + [False], module.sizes, module.film_count)
    places = [(box.low, box.high) for box in module._boxes]
    axes = [_axis(module, rows[0], places, module.whole_x, (len(below) - 1, len(above) - 1))]
    if len(rows) > 1:
        halves = [(-box.half, box.half) for box in module._boxes]
        axes.append(_axis(module, rows[1], halves, False, (len(below) - 1, len(above) - 1)))
    else:
        axes.append(Axis.none(axes[0].region.shape[1]))
    kind = np.array(["stack"] * (len(below) - 1) + list(rows[0].kind) + ["stack"] * (len(above) - 1))
    count, lines = len(axes[0].place), len(rows[0].place)
    band = np.tile(rows[0].height[-1], (count, 1))
    first = int(np.argmin(np.abs(axes[0].place[:, -1] - rows[0].place[0, -1])))
    band[first : first + lines] = rows[0].height
    height = np.concatenate([np.tile(below[:-1], (count, 1)), band, np.tile(above[1:], (count, 1))], axis=1)
    region, regions = _paint(module, axes[0], axes[1], height[-1], kind)
    return Grid(module, axes[0], axes[1], height, kind, region, regions)


def _with_all_levels(module: Planar, row: Row) -> Row:
    for box in module._boxes:
        row = row.with_level(box.top)
    return row


def _axis(
    module: Planar, row: Row, places: Sequence[tuple[float, float]], whole: bool, beyond: tuple[int, int]
) -> Axis:
    """Return a row with what lies beside it, to the outer edge; on one side or on both.

    Args:
        module: the module.
        row: in the middle.
        places: low and high end of each box along the axis.
        whole: whether the axis goes on to both sides.
        beyond: intervals below and above the row's levels.
    """
    first, last = float(row.place[0, -1]), float(row.place[-1, -1])

    def beside(at: list[float]) -> np.ndarray:
        fine = [False, *([True] * (len(at) - 2)), False]
        return cuts(at, fine, module.sizes, module.film_count)

    high = beside(breaks([place for _, place in places], last, module.reach))[1:]
    low = -beside(breaks([-place for place, _ in places], -first, module.reach))[:0:-1] if whole else np.zeros(0)
    levels = row.place.shape[1]
    place = np.concatenate(
        [np.tile(part[:, None], levels) if part.ndim == 1 else part for part in (low, row.place, high)]
    )
    place = np.concatenate(
        [np.repeat(place[:, :1], beyond[0], 1), place, np.repeat(place[:, -1:], beyond[1], 1)], axis=1
    )
    around, tall = (len(low), len(high)), beyond
    region = np.pad(row.region, (around, tall), constant_values="")
    open_ = np.pad(row.region != "foil", (around, tall))
    return Axis(place, np.pad(row.opening, around), np.pad(row.window, around), region, open_)


def _paint(
    module: Planar, x: Axis, y: Axis, heights: np.ndarray, kind: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return what each cell is; every body takes what those before it have left."""
    z = 0.5 * (heights[1:] + heights[:-1])
    across, along = x.middle, y.middle
    opened = x.open[:, None, :] & y.open[None, :, :]
    window = (x.window[:, None] & y.window)[:, :, None] & (z > 0.0)
    names = [plate.name for plate in module.plates]
    region = np.full((len(across), len(along), len(z)), -1)

    def paint(name: str, where: np.ndarray) -> None:
        if name not in names:
            names.append(name)
        region[(region < 0) & where] = names.index(name)

    for plate, box in zip(module.plates, module.solids, strict=True):
        paint(plate.name, inside([box], across, along, z))
    for name, boxes in module.layers.items():
        body = inside(boxes, across, along, z)
        if name == "foil":
            paint(name, body & ~opened)
        elif name == "film":
            coats = np.char.startswith(x.region, "film")[:, None, :]
            for number in range(1, int(x.opening.max()) + 1):
                paint(f"film_{number}", body & coats & ((x.opening == number)[:, None] & (kind == "floor"))[:, None, :])
            paint("film_wall", body & (x.region == "film_wall")[:, None, :])
            paint(name, body & (coats | ~opened))
        else:
            paint(name, body & ~window)
    used = np.unique(region[region >= 0])
    region[region >= 0] = np.searchsorted(used, region[region >= 0])
    return region, tuple(names[index] for index in used)
