"""A quarter of a symmetry cell mirrored into whole cells, repeated along x and y, with a frame around them.

The nodes of neighbours are merged by their numbers: two neighbours are mirror images in the plane between them, so a
node on it has the same number in both quarters, and the later one takes it from the earlier. Micrometres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from femsuite.geometry.sweep import quadrilaterals

NEAR = 1e-6  # in a plane


def laid(count: int, halved: bool) -> int:
    """Return how many of a row's cells are laid, even in part, if only positive places are."""
    return count - count // 2 if halved else count


@dataclass(frozen=True)
class Row:
    """The cells along one axis; the middle of all of them is at 0.

    Args:
        count: of cells.
        pitch: half of a cell's length.
        halved: whether only what lies at positive places is laid.
        frame: places of the frame's lines outwards of the outermost cell, from 0, shape (n + 1,); one line for none.
    """

    count: int
    pitch: float
    halved: bool
    frame: np.ndarray

    @property
    def reach(self) -> float:
        """Return how far the cells reach from the middle."""
        return self.count * self.pitch

    @property
    def quarters(self) -> np.ndarray:
        """Return the numbers of the quarters that are laid, counted from the low end of all cells."""
        return np.arange(self.count if self.halved else 0, 2 * self.count)

    @property
    def cell_of(self) -> np.ndarray:
        """Return the cell of each quarter, from 0 for the lowest that is laid even in part."""
        cell: np.ndarray = self.quarters // 2
        return cell - cell[0]

    @property
    def direction(self) -> np.ndarray:
        """Return 1 for quarters that run outwards from their cell's middle along the axis, -1 for the mirrored."""
        return np.where(self.quarters % 2 == 1, 1, -1)

    @property
    def middle(self) -> np.ndarray:
        """Return where the middle of each quarter's cell is."""
        middle: np.ndarray = (2 * (self.quarters // 2) + 1 - self.count) * self.pitch
        return middle

    def owner(self, local: np.ndarray) -> np.ndarray:
        """Return which quarter (from 0) each node of each quarter belongs to, shape (quarters, nodes).

        Args:
            local: place of the nodes in the quarter, from the cell's middle, shape (nodes,).
        """
        on_low = np.where(self.direction[:, None] > 0, np.abs(local) < NEAR, np.abs(local - self.pitch) < NEAR)
        on_low[0] = False
        return np.arange(len(self.quarters))[:, None] - on_low


@dataclass(frozen=True)
class Tiled:
    """Cells in a frame.

    Attributes:
        plan: nodes of each cell of the plan, anticlockwise, shape (c, 4): quarter by quarter, then the frame's.
        positions: of each node of the plan at each level, shape (p, levels + 1, 3).
        source: cell of the quarter's plan that each is a copy of, -1 in the frame, shape (c,).
        cell: numbers along x and y of the symmetry cell each belongs to, from 0, -1 in the frame, shape (c, 2).
    """

    plan: np.ndarray
    positions: np.ndarray
    source: np.ndarray
    cell: np.ndarray


def tile(plan: np.ndarray, positions: np.ndarray, rows: tuple[Row, Row], heights: np.ndarray) -> Tiled:
    """Return a quarter's plan as an array of whole cells in a frame.

    Args:
        plan: of the quarter, cells whose edges 1 and 3 may change places in mirror images, shape (c, 4).
        positions: of its nodes, upright in the planes of symmetry and of the pitch, shape (p, levels + 1, 3).
        rows: cells along x and y.
        heights: of the levels on the planes of the pitch, for the frame, shape (levels + 1,).
    """
    along_x, along_y = rows
    nodes = len(positions)
    owner = [row.owner(positions[:, 0, axis]) for axis, row in enumerate(rows)]
    wide, deep = len(along_x.quarters), len(along_y.quarters)
    number = (owner[0][:, None] * deep + owner[1][None]) * nodes + np.arange(nodes)  # (wide, deep, nodes)
    used, number = np.unique(number, return_inverse=True)
    number = number.reshape(wide, deep, nodes)
    quarter, node = np.divmod(used, nodes)
    placed = positions[node]
    for axis, (row, at) in enumerate(zip(rows, np.divmod(quarter, deep), strict=True)):
        placed[..., axis] = row.middle[at][:, None] + row.direction[at][:, None] * placed[..., axis]
    mirrored = (along_x.direction[:, None] * along_y.direction < 0)[..., None, None]
    cells = np.where(mirrored, number[:, :, plan[:, [1, 0, 3, 2]]], number[:, :, plan])
    cell = np.stack(np.meshgrid(along_x.cell_of, along_y.cell_of, indexing="ij"), axis=-1)
    around, beyond = _frame(placed, rows, heights)
    missing = np.full(len(around), -1)
    return Tiled(
        np.concatenate([cells.reshape(-1, 4), around]),
        np.concatenate([placed, beyond]),
        np.concatenate([np.tile(np.arange(len(plan)), wide * deep), missing]),
        np.concatenate([np.repeat(cell.reshape(-1, 2), len(plan), axis=0), np.stack([missing, missing], axis=1)]),
    )


def _frame(positions: np.ndarray, rows: tuple[Row, Row], heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells of the frame, shape (c, 4), and the positions of the nodes it adds, as for `tile`."""
    at = positions[:, 0, :2]
    borders = []  # of each axis: the nodes in its low plane, if that is laid, and in its high one, in their order
    for axis, row in enumerate(rows):
        planes = [row.reach] if row.halved else [-row.reach, row.reach]
        found = [np.flatnonzero(np.abs(at[:, axis] - plane) < NEAR) for plane in planes]
        borders.append([line[np.argsort(at[line, 1 - axis])] for line in found])
    lines, first, last = [], [], []
    for axis, row in enumerate(rows):
        inner, outer = at[borders[1 - axis][-1], axis], row.reach + row.frame[1:]
        below = np.empty(0) if row.halved else -outer[::-1]
        lines.append(np.concatenate([below, inner, outer]))
        first.append(len(below))
        last.append(len(below) + len(inner) - 1)
    number = np.full((len(lines[0]), len(lines[1])), -1)
    i, j = np.indices(number.shape)
    outside = (i < first[0]) | (i > last[0]) | (j < first[1]) | (j > last[1])
    number[outside] = len(positions) + np.arange(outside.sum())
    for nodes, place in zip(borders[0][::-1], (last[0], first[0]), strict=False):
        number[place, first[1] : last[1] + 1] = nodes
    for nodes, place in zip(borders[1][::-1], (last[1], first[1]), strict=False):
        number[first[0] : last[0] + 1, place] = nodes
    added = np.empty((outside.sum(), len(heights), 3))
    added[..., 0], added[..., 1] = lines[0][i[outside], None], lines[1][j[outside], None]
    added[..., 2] = heights
    touching = outside[:-1, :-1] | outside[1:, :-1] | outside[:-1, 1:] | outside[1:, 1:]
    return quadrilaterals(number)[touching.reshape(-1)], added
