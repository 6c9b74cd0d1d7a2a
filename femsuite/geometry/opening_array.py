"""Openings side by side on one contact, with foil around them: regions, one floor for each opening, names of faces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from femsuite.geometry.columns import Columns, Faces
from femsuite.geometry.opening import Sizes
from femsuite.geometry.opening_columns import Laid, Quarter
from femsuite.geometry.tiling import NEAR, Row, Tiled, laid, tile

_SIDES = (("left", "right"), ("front", "back"))


def frame_lines(margin: float, reach: float, sizes: Sizes) -> np.ndarray:
    """Return the lines of the foil around the openings, from the outermost pitch outwards, micrometres, shape (n + 1,).

    Args:
        margin: width of the foil around.
        reach: how far metal goes on it.
        sizes: of the elements; small beside the metal's edge where it is on the foil around.
    """
    lines = [np.zeros(1)]
    if reach > 0.0:
        lines.append(reach * sizes.cut(reach, False, True)[1:])
    if margin > reach:
        lines.append(reach + (margin - reach) * sizes.cut(margin - reach, reach > 0.0, False)[1:])
    return np.concatenate(lines)


def labels(counts: tuple[int, int]) -> list[str]:
    """Return the label of each opening, y running fastest: ``21``, or ``2_1`` where a count is above 9."""
    between = "_" if max(counts) > 9 else ""
    return [f"{i}{between}{j}" for i in range(1, counts[0] + 1) for j in range(1, counts[1] + 1)]


@dataclass(frozen=True)
class Array(Laid):
    """Openings side by side.

    Args:
        opening, section: as in the quarter.
        quarter: of one opening.
        rows: openings along x and y, with the lines of the foil around.
        reach: how far the metal on the foil's top goes beyond the outermost pitch along x and y, micrometres.
    """

    quarter: Quarter
    rows: tuple[Row, Row]
    reach: tuple[float, float]

    @cached_property
    def _tiled(self) -> Tiled:
        swept = self.quarter.swept
        return tile(swept.plan, swept.positions, self.rows, self.section.height[-1])

    @cached_property
    def _column(self) -> np.ndarray:
        """The section's column that each cell of the plan is; the foil around is that at the pitch."""
        tiled, last = self._tiled, len(self.section.column_of) - 1
        return np.where(tiled.source >= 0, np.maximum(self.quarter.swept.column[tiled.source], 0), last)

    @cached_property
    def _bare(self) -> np.ndarray:
        """Whether there is no metal on walls and top, for each cell of the plan."""
        tiled = self._tiled
        middle = tiled.positions[tiled.plan, 0, :2].mean(axis=1)
        ends = [row.reach + reach for row, reach in zip(self.rows, self.reach, strict=True)]
        return np.where(tiled.source >= 0, self.quarter.bare_columns[tiled.source], (np.abs(middle) > ends).any(axis=1))

    @cached_property
    def _labels(self) -> list[str]:
        return labels(self._counts)

    @property
    def _counts(self) -> tuple[int, int]:
        along_x, along_y = self.rows
        return laid(along_x.count, along_x.halved), laid(along_y.count, along_y.halved)

    @cached_property
    def _number(self) -> np.ndarray:
        """The number of each plan cell's opening among the labels; of no meaning in the foil around."""
        cell = np.maximum(self._tiled.cell, 0)
        number: np.ndarray = cell[:, 0] * self._counts[1] + cell[:, 1]
        return number

    @property
    def _divided(self) -> list[str]:
        """The regions that every opening has of its own on its floor."""
        return [
            name for name in (*(coat.name for coat in self.opening.coats), "pillar") if name in self.section.regions
        ]

    def columns(self, simplices: bool) -> Columns:
        """Return the mesh."""
        region = self._regions(self._column, self._bare)
        on_floor = np.array([level == ("coat", 0) for level in self.section.level_of])
        names = list(self.section.regions)
        for name in self._divided:
            mine = (region == names.index(name)) & (on_floor | (name == "pillar"))
            region = np.where(mine, len(names) + self._number[:, None], region)
            names += [f"{name}_{label}" for label in self._labels]
        used = np.unique(region[region >= 0])
        region = np.where(region >= 0, np.searchsorted(used, region), -1)
        return Columns(self._tiled.plan, self._tiled.positions, region, [names[index] for index in used], simplices)

    @property
    def parts(self) -> dict[str, str]:
        """Return floor of an opening -> the coat it is a part of."""
        return {f"{coat.name}_{label}": coat.name for coat in self.opening.coats for label in self._labels}

    def surfaces(self, columns: Columns) -> dict[str, Callable[[Faces], np.ndarray]]:
        """Return the rules that name the outer faces."""
        whole = self.parts | {f"pillar_{label}": "pillar" for label in self._labels}
        plain = np.array([whole.get(name, name) for name in columns.regions])
        faces = columns.outside[1]
        faces = replace(faces, region=plain[columns.region[faces.column, faces.level]])
        swept, source = self.quarter.swept, self._tiled.source[faces.column]
        along = np.isin(faces.side, (0, 2)) & (source >= 0) & (swept.column[source] >= 0)
        names = self._names(faces, self._column[faces.column], self._bare[faces.column], along)
        if not self.opening.coats:
            mine = np.array([f"floor_{label}" for label in self._labels])[self._number[faces.column]]
            names = np.where(names == "film_floor", mine, names)
        return self._rules(faces, self._outer_names(faces, names))

    def _outer_names(self, faces: Faces, names: np.ndarray) -> np.ndarray:
        """Return the names of faces with those of symmetry planes, of the chip's sides and of the metal's put in."""
        upright = faces.side >= 0
        lead, coated = faces.region == "lead", np.isin(faces.region, self._coats)

        def within(axis: int, place: float) -> np.ndarray:
            ends = np.stack([faces.low[:, axis], faces.high[:, axis]])
            return upright & (np.abs(ends - place) < NEAR).all(axis=0)

        for axis, (row, reach, sides) in enumerate(zip(self.rows, self.reach, _SIDES, strict=True)):
            for sign, side in zip((-1.0, 1.0), sides, strict=True):
                if row.halved and sign < 0.0:
                    names = np.where(within(axis, 0.0), f"symmetry_{'xy'[axis]}", names)
                    continue
                metal = within(axis, sign * (row.reach + reach))
                names = np.where(metal & lead, f"lead_{side}", np.where(metal & coated, "film_end", names))
                outermost = within(axis, sign * (row.reach + float(row.frame[-1])))
                names = np.where(outermost & ~lead & ~coated, "side", names)
        return names
