"""Openings of a foil side by side as lines across and levels upwards: sections through one opening, set in a row.

Levels run from the contact face (height 0) to the top of what coats the foil. Micrometres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from femsuite.geometry.opening import Coat, Foil, Opening, Sizes, Slab
from femsuite.geometry.opening_section import CORE, PILLAR, PITCH, Section, lay_section

_NEAR = 0.35  # a level within this share of a row's height is moved to a wanted place, instead of a new one beside it


@dataclass(frozen=True)
class Row:
    """Openings in a row: ``a`` lines, ``b`` levels.

    Attributes:
        place: of each line at each level, across, shape (a, b).
        height: of each node, shape (a, b); the last line's are those of all that lies beyond the row.
        opening: which opening's foot each column is within, from 1; 0 for none, shape (a - 1,).
        window: whether the lead leaves a column out: from the middle of an opening to the lead, shape (a - 1,).
        region: what each interval is, empty for nothing, text, shape (a - 1, b - 1).
        kind: of each level, ``floor`` (coats on the contact), ``foil`` or ``top`` (coats on the foil), shape (b - 1,).
    """

    place: np.ndarray
    height: np.ndarray
    opening: np.ndarray
    window: np.ndarray
    region: np.ndarray
    kind: np.ndarray

    def with_level(self, wanted: float) -> Row:
        """Return the row with a level at a height (that of the last line); one within the foil that is near moves."""
        heights = self.height[-1]
        if wanted <= heights[0] or wanted >= heights[-1] or np.abs(heights - wanted).min() < 1e-6:
            return self
        row = int(np.searchsorted(heights, wanted)) - 1
        share = (wanted - heights[row]) / (heights[row + 1] - heights[row])
        place, height = (
            nodes[:, row] + share * (nodes[:, row + 1] - nodes[:, row]) for nodes in (self.place, self.height)
        )
        near = row if share < 0.5 else row + 1
        if min(share, 1.0 - share) < _NEAR and 0 < near < len(heights) - 1 and self._in_foil(near):
            moved, raised = self.place.copy(), self.height.copy()
            moved[:, near], raised[:, near] = place, height
            return Row(moved, raised, self.opening, self.window, self.region, self.kind)
        return Row(
            np.insert(self.place, row + 1, place, axis=1),
            np.insert(self.height, row + 1, height, axis=1),
            self.opening,
            self.window,
            np.insert(self.region, row, self.region[:, row], axis=1),
            np.insert(self.kind, row, self.kind[row]),
        )

    def _in_foil(self, level: int) -> bool:
        return bool(self.kind[level - 1] == "foil" == self.kind[level])


@dataclass(frozen=True)
class RowPlan:
    """What a row is made of.

    Attributes:
        count: openings of the whole row.
        pitch: of the openings.
        half: half of the width of each at its foot.
        foil: what they are cut into.
        coat: film with cells; None for none.
        setback: from the rim to the lead.
        from_middle: whether the half in x >= 0 alone is laid.
    """

    count: int
    pitch: float
    half: float
    foil: Foil
    coat: Coat | None
    setback: float
    from_middle: bool


def lay_row(plan: RowPlan, sizes: Sizes) -> Row:
    """Return the lines and levels of a row about the middle of the module."""
    section = _section(plan, sizes)
    levels = sum(kind != "lead" for kind, _ in section.level_of)
    half = plan.half + section.offset[:, : levels + 1]
    across = (1.0 - section.weight[:, [CORE, PILLAR, PITCH]].sum(axis=1))[:, None] * half
    across = across + section.weight[:, PITCH, None] * 0.5 * plan.pitch
    height = section.height[:, : levels + 1]
    region = np.array([*section.regions, ""])[section.region[:, :levels]]
    role = np.array([role for role, _ in section.column_of])
    within, window = np.isin(role, ("floor", "wall")), role != "outer"
    first = plan.count if plan.from_middle else 0  # halves are counted from the lowest x
    parts: list[tuple[np.ndarray, ...]] = []
    for index in range(first, 2 * plan.count):
        centre = (index // 2 - 0.5 * (plan.count - 1)) * plan.pitch
        turn = slice(None, None, -1) if index % 2 == 0 else slice(None)
        sign = -1.0 if index % 2 == 0 else 1.0
        skip = slice(1 if parts else 0, None)  # the line it shares with the half before
        number = np.where(within[turn], index // 2 - first // 2 + 1, 0)
        place = (centre + sign * across[turn])[skip]
        parts.append((place, height[turn][skip], number, window[turn], region[turn]))
    places, heights, opening, windows, regions = (np.concatenate(part) for part in zip(*parts, strict=True))
    kind = np.array(["foil" if kind == "foil" else ("floor", "top")[flat] for kind, flat in section.level_of[:levels]])
    return Row(places, heights, opening, windows, regions, kind)


def _section(plan: RowPlan, sizes: Sizes) -> Section:
    """Return one half of one opening; the lead has its place there, its height is laid by who uses the row."""
    edge = plan.half + plan.foil.run + plan.setback
    opening = Opening(
        half=plan.half,
        core=0.0,
        pitch=0.5 * plan.pitch,
        nearest=edge,  # levels stay flat to the pitch, so that rows and what lies beyond them fit
        foils=[plan.foil],
        coats=[plan.coat] if plan.coat is not None else [],
        slabs=[],
        lead=Slab("lead", sizes.foot),
        setback=plan.setback,
        pillar=None,
        pillar_half=0.0,
    )
    return lay_section(opening, sizes)
