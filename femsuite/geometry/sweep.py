"""A section swept round the outline of an opening: the plan of a quarter model, with a core in its middle.

The outline is a polygon from the x axis to the y axis. Its parallels keep each edge's direction (corners move on the
mitre), so swept walls are plane facets of the section's own angle and thickness. Towards the middle the outline
shrinks to a core block of quadrilaterals; outwards it blends into the rectangle of the pitch. Micrometres.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from femsuite.errors import InputError
from femsuite.geometry.opening_section import Section

_BULGE = 0.4  # of the core's sides: 0 for straight ones, 1 for those of the outline


@dataclass(frozen=True)
class Outline:
    """A quarter of an opening's outline.

    Args:
        at: nodes of the outline with half widths (x, y), from the x axis to the y axis, shape (s + 1, 2).
        half: half widths at the foot.
        corner: the node that looks to the corner of the pitch.
        cornered: whether the outline has a corner there.
    """

    at: Callable[[float, float], np.ndarray]
    half: tuple[float, float]
    corner: int
    cornered: bool

    @property
    def foot(self) -> np.ndarray:
        """Return the nodes on the foot, shape (s + 1, 2)."""
        return self.at(*self.half)

    @property
    def outwards(self) -> np.ndarray:
        """Return by what a node moves when all edges move outwards by 1, shape (s + 1, 2)."""
        foot = self.foot
        if self.cornered:  # its sides stay straight, so their nodes may spread with the corner
            spread: np.ndarray = self.inside(-1.0) - foot
            return spread
        line = np.concatenate([foot[1:2] * [1.0, -1.0], foot, foot[-2:-1] * [-1.0, 1.0]])  # mirrored beyond the ends
        along = np.diff(line, axis=0)
        normal = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.linalg.norm(along, axis=1, keepdims=True)
        before, after = normal[:-1], normal[1:]
        moves: np.ndarray = (before + after) / (1.0 + np.sum(before * after, axis=1, keepdims=True))
        return moves

    def inside(self, depth: float) -> np.ndarray:
        """Return the outline with half widths smaller by ``depth``, shape (s + 1, 2)."""
        return self.at(self.half[0] - depth, self.half[1] - depth)

    def core(self, depth: float) -> np.ndarray:
        """Return the core's outline: as `inside`, with a corner where the outline has none."""
        round_ = self.inside(depth)
        if self.cornered:
            return round_
        corner = round_[self.corner]
        square = np.minimum(round_, corner)
        return (1.0 - _BULGE) * square + _BULGE * round_

    def on_pitch(self, pitch: tuple[float, float]) -> np.ndarray:
        """Return where the nodes meet the rectangle with half widths ``pitch``, shape (s + 1, 2)."""
        foot, corner = self.foot, self.corner
        places = np.empty_like(foot)
        places[: corner + 1, 0], places[corner:, 1] = pitch[0], pitch[1]
        places[: corner + 1, 1] = pitch[1] * foot[: corner + 1, 1] / foot[corner, 1]
        places[corner:, 0] = pitch[0] * foot[corner:, 0] / foot[corner, 0]
        return places


def rectangle(half: tuple[float, float], along_y: np.ndarray, along_x: np.ndarray) -> Outline:
    """Return a rectangle; ``along_y`` cuts its side x = half[0] from the axis on, ``along_x`` the other, shares."""

    def at(x: float, y: float) -> np.ndarray:
        side = np.stack([np.full(len(along_y), x), y * along_y], axis=1)
        cap = np.stack([x * along_x, np.full(len(along_x), y)], axis=1)[::-1]
        return np.concatenate([side, cap[1:]])

    return Outline(at, half, len(along_y) - 1, True)


def ellipse(half: tuple[float, float], count: int) -> Outline:
    """Return an ellipse (a circle where both half widths are one) of ``2 count`` edges in the quarter."""
    turn = np.linspace(0.0, 0.5 * math.pi, 2 * count + 1)
    unit = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    unit[0, 1] = unit[-1, 0] = 0.0
    return Outline(lambda x, y: unit * [x, y], half, count, False)


def stadium(half: tuple[float, float], straight: int, count: int) -> Outline:
    """Return two half circles with straight lines between, ``straight`` and ``2 count`` edges in the quarter."""
    turn = np.linspace(0.0, 0.5 * math.pi, 2 * count + 1)
    unit = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    unit[0, 1] = unit[-1, 0] = 0.0
    upright = half[1] >= half[0]

    def at(x: float, y: float) -> np.ndarray:
        radius, length = min(x, y), abs(x - y)
        run = length * np.linspace(0.0, 1.0, straight + 1)[:-1, None]
        if upright:
            return np.concatenate([[radius, 0.0] + run * [0.0, 1.0], [0.0, length] + radius * unit])
        return np.concatenate([[length, 0.0] + radius * unit, ([0.0, radius] + run * [1.0, 0.0])[::-1]])

    return Outline(at, half, straight + count if upright else count, False)


@dataclass(frozen=True)
class Swept:
    """A section in space.

    Attributes:
        plan: nodes of the plan's cells, shape (c, 4): first the core's, then ring by ring.
        positions: of each node of the plan at each level, micrometres, shape (p, b, 3).
        column: column of the section of each cell of the plan, -1 for the core, shape (c,).
        sector: edge of the outline of each cell of the plan, counted from the x axis, -1 for the core, shape (c,).
    """

    plan: np.ndarray
    positions: np.ndarray
    column: np.ndarray
    sector: np.ndarray


def sweep(section: Section, outline: Outline, depths: tuple[float, float], pitch: tuple[float, float]) -> Swept:
    """Return a section swept round an outline.

    Args:
        section: its first line is the core's outline.
        outline: of the opening's foot.
        depths: of the core's outline and of the pillar's inside of the foot.
        pitch: half of the pitch along x and y.

    Raises:
        InputError: parallels of the outline leave the pitch.
    """
    foot, outwards = outline.foot, outline.outwards
    core, around = outline.core(depths[0]), len(foot)
    reach = foot + outwards * section.offset.max()
    if (reach >= pitch).any():
        raise InputError(
            f"the corners of an outline of {around - 1} edges in the quarter reach beyond the pitch, to "
            f"{reach[:, 0].max():.4g} um of {pitch[0]:.4g} um along x and {reach[:, 1].max():.4g} um of {pitch[1]:.4g} "
            "um along y: cut it into more edges, or leave more room"
        )
    parallel = foot[:, :, None, None] + outwards[:, :, None, None] * section.offset
    outlines = [nodes[:, :, None, None] for nodes in (core, outline.inside(depths[1]), outline.on_pitch(pitch))]
    across = section.places(parallel, outlines)  # (s + 1, 2, a, b)
    lines, levels = section.offset.shape
    rings = np.empty((lines, around, levels, 3))
    rings[..., :2] = across.transpose(2, 0, 3, 1)
    rings[..., 2] = section.height[:, None]
    inner = _core_block(core, outline.corner)
    wide, deep = inner.shape[0] - 1, inner.shape[1] - 1
    filled = np.empty((wide, deep, levels, 3))
    filled[..., :2] = inner[:-1, :-1, None]
    filled[..., 2] = section.height[0]
    ring_ids = wide * deep + np.arange(lines * around).reshape(lines, around)
    core_ids = np.empty((wide + 1, deep + 1), dtype=np.int64)
    core_ids[:-1, :-1] = np.arange(wide * deep).reshape(wide, deep)
    core_ids[-1] = ring_ids[0, : deep + 1]
    core_ids[::-1, -1] = ring_ids[0, deep:]
    plan = np.concatenate([quadrilaterals(core_ids), quadrilaterals(ring_ids)])
    column = np.concatenate([np.full(wide * deep, -1), np.repeat(np.arange(lines - 1), around - 1)])
    sector = np.concatenate([np.full(wide * deep, -1), np.tile(np.arange(around - 1), lines - 1)])
    positions = np.concatenate([filled.reshape(-1, levels, 3), rings.reshape(-1, levels, 3)])
    return Swept(plan, positions, column, sector)


def quadrilaterals(ids: np.ndarray) -> np.ndarray:
    """Return the quadrilaterals between numbered nodes, edge 3 towards the lower first index, shape (c, 4)."""
    return np.stack([ids[:-1, :-1], ids[1:, :-1], ids[1:, 1:], ids[:-1, 1:]], axis=-1).reshape(-1, 4)


def _core_block(edge: np.ndarray, corner: int) -> np.ndarray:
    """Return the nodes of the block inside of an outline, from the middle to it along x, y, shape (w + 1, d + 1, 2)."""
    right, cap = edge[: corner + 1], edge[corner:][::-1]
    top = edge[corner]
    up, over = right[:, 1] / top[1], cap[:, 0] / top[0]
    left = np.stack([np.zeros(len(up)), cap[0, 1] * up], axis=1)
    low = np.stack([right[0, 0] * over, np.zeros(len(over))], axis=1)
    s, t = over[:, None, None], up[None, :, None]
    return (
        (1 - s) * left
        + s * right
        + (1 - t) * low[:, None]
        + t * cap[:, None]
        - s * t * top
        - s * (1 - t) * right[0]
        - (1 - s) * t * cap[0]
    )
