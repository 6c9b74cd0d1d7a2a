"""The section through a bevelled, stepped opening in a stack of foils with conformal layers: a grid with voids.

Columns run outwards from the middle of the opening, levels upwards; the grid is rectangular by number and bent by
place. The wall of a foil is a line of the grid, sheared by the cotangent of its angle; the layers on the wall are
columns beside it, the layers on floor, treads and foil top are levels above them. Where the layers meet, their lines
bend on the mitre. Foils without a tread between them share one wall, a *flight*. Micrometres and rad.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from femsuite.geometry.mitre import foot_block, kink, rim_block
from femsuite.geometry.opening import Opening, Sizes, wall_of

CORE, PILLAR, PITCH = 0, 1, 2  # outlines that columns run to besides the parallels of the opening's foot
_STEEPEST = 0.25  # slope of levels towards the pitch


@dataclass(frozen=True)
class Section:
    """The grid of a section. ``a`` lines of columns, ``b`` lines of levels.

    Attributes:
        offset: distance from the opening's foot, outwards, of each node's parallel to it, shape (a, b).
        height: above the floor, shape (a, b).
        weight: share of each of the outlines `CORE`, `PILLAR`, `PITCH` in each line's place; the rest is the parallel,
            shape (a, 3).
        region: index into ``regions``, -1 for nothing, shape (a - 1, b - 1).
        regions: names.
        column_of: ``pillar``, ``floor``, ``wall``, ``tread``, ``setback`` or ``outer`` of each column, with its flight.
        level_of: ``slab``, ``coat``, ``foil`` or ``lead`` of each level, with slab, flight below, or foil from 1.
    """

    offset: np.ndarray
    height: np.ndarray
    weight: np.ndarray
    region: np.ndarray
    regions: tuple[str, ...]
    column_of: list[tuple[str, int]]
    level_of: list[tuple[str, int]]

    def places(self, parallel: np.ndarray, outlines: Sequence[np.ndarray]) -> np.ndarray:
        """Return the place of each line at each level across, micrometres: the outlines blended by their weights.

        Args:
            parallel: place of the parallel of each node, shape (..., a, b).
            outlines: places of `CORE`, `PILLAR` and `PITCH`, each broadcast to (..., 1, 1).
        """
        share = self.weight[:, :, None]
        blend = (1.0 - share.sum(axis=1)) * parallel
        for index, outline in enumerate(outlines):
            blend = blend + share[:, index] * outline
        return blend


def lay_section(opening: Opening, sizes: Sizes) -> Section:
    """Return the grid of an opening."""
    return _Layout(opening, sizes).section()


@dataclass
class _Layout:
    """The grid under construction; ``n`` intervals through all coats."""

    opening: Opening
    sizes: Sizes
    column_of: list[tuple[str, int]] = field(default_factory=list)
    level_of: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        counts = [self.sizes.times(coat.count) for coat in self.opening.coats]
        self.n = sum(counts)
        self.coat_of = np.repeat(np.arange(len(counts)), counts)
        self.wall, self.floor, self.top = (
            _surfaces([getattr(coat, side) for coat in self.opening.coats], counts) for side in ("wall", "floor", "top")
        )
        self.flights = self.opening.flights
        self._corners()
        self._levels()
        self._columns()

    def flat(self, flight: int) -> np.ndarray:
        """Return the coats' surfaces above the flat at a flight's foot."""
        return self.floor if flight == 0 else self.top

    def _corners(self) -> None:
        """Set feet and rims of all walls, and the blocks of the coats' corners."""
        place, height = 0.0, 0.0
        self.corners: list[list[np.ndarray]] = []
        for flight in self.flights:
            place += flight[0].tread
            line = [np.array([place, height])]
            for foil in flight:
                place, height = place + foil.run, height + foil.thickness
                line.append(np.array([place, height]))
            self.corners.append(line)
        self.feet = [
            foot_block(line[0], flight[0].angle, self.wall, self.flat(index))
            for index, (line, flight) in enumerate(zip(self.corners, self.flights, strict=True))
        ]
        self.rims = [
            rim_block(line[-1], flight[-1].angle, self.wall, self.top)
            for line, flight in zip(self.corners, self.flights, strict=True)
        ]

    def _levels(self) -> None:
        """Set the heights of all lines of levels on the foils' side of the walls, and what each interval is."""
        heights: list[float] = [-sum(slab.thickness for slab in self.opening.slabs)]

        def go_on(kind: str, number: int, upper: np.ndarray) -> None:
            heights.extend(upper.tolist())
            self.level_of.extend([(kind, number)] * len(upper))

        slabs = list(self.opening.slabs)
        for index in range(len(slabs) - 1, -1, -1):
            cuts = self._slab_cuts(index)
            go_on("slab", index, heights[-1] + cuts[1:] * slabs[index].thickness)
        self.start_of_coat, self.wall_rows = [], []
        number = 0
        for index, flight in enumerate(self.flights):
            self.start_of_coat.append(len(heights) - 1)
            go_on("coat", index, self.feet[index][0, 1:, 1])
            rows = []
            for part in range(len(flight)):
                number += 1
                low = self.feet[index][0, -1] if part == 0 else self.corners[index][part]
                high = self.corners[index][part + 1]
                cuts = self.sizes.cut(float(np.linalg.norm(high - low)), True, True)
                go_on("foil", number, low[1] + cuts[1:] * (high[1] - low[1]))
                rows.append(cuts)
            self.wall_rows.append(rows)
        self.start_of_coat.append(len(heights) - 1)
        go_on("coat", len(self.flights), heights[-1] + self.top[1:])
        if self.opening.lead is not None:
            cuts = self.sizes.cut(self.opening.lead.thickness, True, False)
            go_on("lead", 0, heights[-1] + cuts[1:] * self.opening.lead.thickness)
        self.heights = np.array(heights)

    def _slab_cuts(self, index: int) -> np.ndarray:
        """Return the cuts of a slab from below: sizes grow with the depth under the floor."""
        above = sum(slab.thickness for slab in self.opening.slabs[:index])
        grown = Sizes(
            min(self.sizes.largest, self.sizes.foot + (self.sizes.growth - 1.0) * above),
            self.sizes.largest,
            self.sizes.growth,
            self.sizes.refinement,
        )
        return grown.cut(self.opening.slabs[index].thickness, False, True)

    def _columns(self) -> None:
        """Set at which flat each line of columns is placed, where there, its weights, and what each interval is."""
        opening, sizes, n = self.opening, self.sizes, self.n
        foot = opening.half + float(self.feet[0][-1, 0, 0])
        lines: list[tuple[int, float, list[float]]] = []  # flat below, offset there, weights
        start = opening.core
        if opening.pillar is not None:
            for share in sizes.cut(opening.pillar_half - opening.core, False, True)[:-1]:
                lines.append((0, 0.0, [1.0 - share, share, 0.0]))
                self.column_of.append(("pillar", 0))
            start = opening.pillar_half
        inner = PILLAR if opening.pillar is not None else CORE
        shares = sizes.cut(foot - start, opening.pillar is not None, True)
        for share in shares[:-1]:
            lines.append((0, foot - opening.half, [(1.0 - share) * (inner == which) for which in range(3)]))
            self.column_of.append(("floor", 0))
        self.first_of_wall = []
        for index in range(len(self.flights)):
            self.first_of_wall.append(len(lines))
            for j in range(n, 0, -1):
                lines.append((index, float(self.feet[index][j, 0, 0]), [0.0] * 3))
                self.column_of.append(("wall", index))
            rim = float(self.corners[index][-1][0])
            if index + 1 < len(self.flights):
                end, kind = float(self.feet[index + 1][-1, 0, 0]), "tread"
            elif opening.lead is not None and opening.setback > 0.0:
                end, kind = rim + opening.setback, "setback"
            else:
                continue
            self._between(lines, index + 1, rim, end, kind)
        flights = len(self.flights)
        edge = opening.rim + (opening.setback if opening.lead is not None else 0.0)
        for share in sizes.cut(opening.pitch - opening.half - edge, True, False):
            lines.append((flights, edge, [0.0, 0.0, share]))
            self.column_of.append(("outer", flights))
        self.column_of.pop()  # one column fewer than lines
        self.flat_of = np.array([flat for flat, _, _ in lines])
        self.at_flat = np.array([place for _, place, _ in lines])
        self.weight = np.array([weights for _, _, weights in lines])

    def _between(
        self, lines: list[tuple[int, float, list[float]]], flat: int, low: float, high: float, kind: str
    ) -> None:
        for share in self.sizes.cut(high - low, True, True)[:-1]:
            lines.append((flat, low + share * (high - low), [0.0] * 3))
            self.column_of.append((kind, flat))

    def section(self) -> Section:
        """Return the finished grid."""
        offset, height = self._sheared()
        for index in range(len(self.flights)):
            self._bend(offset, height, index)
        self._raise_pillar(height)
        region = self._regions()
        return Section(offset, height, self.weight, *region, self.column_of, self.level_of)

    def _sheared(self) -> tuple[np.ndarray, np.ndarray]:
        """Return all nodes as they are in the foils: each line leans with the walls beside it below its flat."""
        tops = [corner for line in self.corners for corner in line[1:]]
        at = np.array([0.0, *(corner[1] for corner in tops)])
        runs = np.cumsum([0.0, *(foil.run for foil in self.opening.foils)])
        flats = np.array([0.0, *(line[-1][1] for line in self.corners)])
        anchor = np.interp(flats, at, runs)[self.flat_of]
        lean = np.minimum(np.interp(self.heights, at, runs) - anchor[:, None], 0.0)
        offset = self.at_flat[:, None] + lean
        return offset, self.heights + self.weight[:, PITCH, None] * (self._even_heights() - self.heights)

    def _even_heights(self) -> np.ndarray:
        """Return the heights with even levels in each foil: as at the pitch, where small ones only cost."""
        even = self.heights.copy()
        at = np.array([number if kind == "foil" else 0 for kind, number in self.level_of])
        first_of_flight = np.cumsum([1, *(len(flight) for flight in self.flights)])
        for level, (kind, number) in enumerate(self.level_of):
            if kind == "coat" and number < len(self.flights):  # beside a foot's coats lies that wall's first foil
                at[level] = first_of_flight[number]
        for number in range(1, len(self.opening.foils) + 1):
            levels = np.flatnonzero(at == number)
            low, high = levels[0], levels[-1] + 1
            even[low : high + 1] = np.linspace(self.heights[low], self.heights[high], high - low + 1)
        room = self.opening.nearest - self.opening.half - float(self.at_flat[-1])
        shift = even - self.heights
        shift *= min(1.0, _STEEPEST * room / max(float(np.abs(shift).max()), 1e-9))
        return self.heights + shift

    def _bend(self, offset: np.ndarray, height: np.ndarray, index: int) -> None:
        """Place the coats of one flight: foot, wall, rim, and the flat beyond the rim; and the wall itself."""
        n, first = self.n, self.first_of_wall[index]
        lines = slice(first, first + n + 1)
        level = self.start_of_coat[index]

        def put(rows: slice, nodes: np.ndarray) -> None:
            """Take nodes [j, rows, 2], j from the wall inwards."""
            offset[lines, rows], height[lines, rows] = nodes[::-1, :, 0], nodes[::-1, :, 1]

        put(slice(level, level + n + 1), self.feet[index])
        if index == 0:
            height[:first, level : level + n + 1] = self.floor
            offset[:first, level : level + n + 1] = self.feet[0][-1, :, 0]
        level += n
        ends = self._wall_ends(index)
        for low, high, cuts in zip(ends[:-1], ends[1:], self.wall_rows[index], strict=True):
            put(slice(level, level + len(cuts)), low[:, None] + cuts[None, :, None] * (high - low)[:, None])
            level += len(cuts) - 1
        put(slice(level, level + n + 1), self.rims[index])
        self._flat_beyond(offset, height, index, slice(level, level + n + 1))

    def _wall_ends(self, index: int) -> list[np.ndarray]:
        """Return the coats' nodes at foot, kinks and rim of a wall, each of shape (n + 1, 2)."""
        flight, line = self.flights[index], self.corners[index]
        kinks = [
            kink(line[part], flight[part - 1].angle, flight[part].angle, self.wall) for part in range(1, len(flight))
        ]
        return [self.feet[index][:, -1], *kinks, self.rims[index][:, 0]]

    def _flat_beyond(self, offset: np.ndarray, height: np.ndarray, index: int, rows: slice) -> None:
        """Place the coats on the flat from a rim to the next foot, to the lead, or to the pitch."""
        here = self.first_of_wall[index] + self.n
        last = index + 1 == len(self.flights)
        end = (
            here + [role for role, _ in self.column_of[here:]].count("setback")
            if last
            else self.first_of_wall[index + 1]
        )
        flat = self.at_flat[here : end + 1]
        low = self.rims[index][0, :, 0]
        high = np.full(self.n + 1, flat[-1]) if last else self.feet[index + 1][-1, :, 0]
        if end > here:
            share = (flat - flat[0]) / (flat[-1] - flat[0])
            offset[here : end + 1, rows] = low + share[:, None] * (high - low)
        elif last:
            offset[here, rows] = low
        height[here : end + 1, rows] = self.corners[index][-1][1] + self.top
        if last:
            offset[end + 1 :, rows] = offset[end, rows]
            height[end + 1 :, rows] = height[end, rows]
            offset[here:, rows.stop :] = offset[here:, rows.stop - 1 : rows.stop]

    def _raise_pillar(self, height: np.ndarray) -> None:
        """Spread the levels of the first wall over the pillar's height, in the pillar's columns."""
        if self.opening.pillar is None:
            return
        low = self.start_of_coat[0] + self.n
        high = self.start_of_coat[1]
        rows = (self.heights[low : high + 1] - self.heights[low]) / (self.heights[high] - self.heights[low])
        lines = sum(role == "pillar" for role, _ in self.column_of) + 1
        height[:lines, low : high + 1] = self.floor[-1] + rows * self.opening.pillar.thickness

    def _regions(self) -> tuple[np.ndarray, tuple[str, ...]]:
        """Return what each interval of each column is."""
        opening, n = self.opening, self.n
        names = [slab.name for slab in opening.slabs] + [foil.name for foil in opening.foils]
        first_coat = len(names)
        names += [coat.name for coat in opening.coats]
        first_wall = len(names)
        names += [wall_of(coat.name) for coat in opening.coats]
        lead, pillar = len(names), len(names) + 1
        names += [opening.lead.name if opening.lead else "", opening.pillar.name if opening.pillar else ""]
        region = np.full((len(self.column_of), len(self.level_of)), -1)
        foil_of_flight = np.cumsum([0, *(len(flight) for flight in self.flights)])
        for column, (role, flat) in enumerate(self.column_of):
            away = n - 1 - (column - self.first_of_wall[flat]) if role == "wall" else -1
            for level, (kind, number) in enumerate(self.level_of):
                up = level - self.start_of_coat[number] if kind == "coat" else -1
                if kind == "slab":
                    region[column, level] = number
                elif kind == "lead":
                    region[column, level] = lead if role == "outer" else -1
                elif kind == "foil":
                    mine = int(np.searchsorted(foil_of_flight, number, side="left")) - 1
                    if flat > mine:
                        region[column, level] = len(opening.slabs) + number - 1
                    elif role == "wall" and flat == mine:
                        region[column, level] = first_wall + self.coat_of[away]
                    elif role == "pillar" and mine == 0:
                        region[column, level] = pillar
                elif role == "wall" and flat == number:
                    region[column, level] = first_coat + self.coat_of[min(away, up)]
                elif role == "wall" and flat == number - 1:
                    region[column, level] = first_coat + self.coat_of[max(away, up)]
                elif flat == number and role != "wall":
                    region[column, level] = first_coat + self.coat_of[up]
                elif flat > number:
                    region[column, level] = len(opening.slabs) + foil_of_flight[number]
        used = np.unique(region[region >= 0])
        region[region >= 0] = np.searchsorted(used, region[region >= 0])
        return region, tuple(names[index] for index in used)


def _surfaces(thicknesses: Sequence[float], counts: Sequence[int]) -> np.ndarray:
    """Return the heights of all lines through layers, from 0."""
    steps = [thickness / count for thickness, count in zip(thicknesses, counts, strict=True) for _ in range(count)]
    return np.cumsum([0.0, *steps])
