"""Many openings from one: its quarter mirrored to a cell, cells side by side, nodes on common planes made one."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from femsuite.geometry.columns import Columns, Faces
from femsuite.geometry.opening_columns import Quarter

_SAME = 1e-4  # micrometres: nodes on common planes; elements are larger by far
_NEAR = 1e-3


@dataclass(frozen=True)
class Array:
    """Openings in rows and columns, whole or cut by the array's planes of symmetry.

    Args:
        quarter: of one opening.
        counts: openings along x and y, of the whole array.
        halved: whether only x >= 0, only y >= 0 is made; the array's middle is the origin.
    """

    quarter: Quarter
    counts: tuple[int, int]
    halved: tuple[bool, bool]

    @cached_property
    def _pieces(self) -> list[tuple[int, int, int, int]]:
        """Number of the opening along x and y, and the signs of the quarter of it, for all that are made."""
        found = []
        for i, j, sx, sy in itertools.product(range(self.counts[0]), range(self.counts[1]), (-1, 1), (-1, 1)):
            middle = self._middle(i, j)
            inside = [
                middle[axis] + 0.5 * sign * self.quarter.pitch[axis] > 0.0 or not self.halved[axis]
                for axis, sign in ((0, sx), (1, sy))
            ]
            if all(inside):
                found.append((i, j, sx, sy))
        return found

    def _middle(self, i: int, j: int) -> np.ndarray:
        """Return the middle of an opening, micrometres, shape (2,)."""
        number = np.array([i, j]) - 0.5 * (np.array(self.counts) - 1.0)
        return number * 2.0 * np.array(self.quarter.pitch)

    @property
    def openings(self) -> list[tuple[int, int]]:
        """The openings that are made, whole or in part."""
        return list(dict.fromkeys((i, j) for i, j, _, _ in self._pieces))

    def columns(self, simplices: bool) -> Columns:
        """Return the mesh."""
        one = self.quarter.columns(False)
        plans, places = [], []
        for number, (i, j, sx, sy) in enumerate(self._pieces):
            moved = one.positions * [sx, sy, 1.0]
            moved[..., :2] += self._middle(i, j)
            plan = one.plan[:, ::-1] if sx * sy < 0 else one.plan  # a mirrored cell is turned round again
            plans.append(plan + number * len(one.positions))
            places.append(moved)
        positions = np.concatenate(places)
        used = np.unique(np.concatenate(plans))
        keys = np.rint(positions[used][..., :2].reshape(len(used), -1) / _SAME).astype(np.int64)
        _, first, where = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        row = np.zeros(len(positions), dtype=np.int64)
        row[used] = where.ravel()
        return Columns(
            row[np.concatenate(plans)],
            positions[used[first]],
            np.tile(one.region, (len(self._pieces), 1)),
            one.regions,
            simplices,
        )

    def surfaces(self, columns: Columns) -> dict[str, Callable[[Faces], np.ndarray]]:
        """Return the rules that name the outer faces: those of one opening, with every floor by itself."""
        faces = columns.outside[1]
        each = self.quarter.plan_size
        piece = faces.column // each
        names = self.quarter.names(faces, faces.column % each)
        numbers = np.array([f"{i + 1}_{j + 1}" for i, j, _, _ in self._pieces])
        names = np.where(names == "film_floor", np.char.add("floor_", numbers[piece]), names)
        upright = faces.side >= 0
        reach = np.array(self.counts) * np.array(self.quarter.pitch)
        for axis, (letter, low, high) in enumerate((("x", "left", "right"), ("y", "front", "back"))):
            ends = {low: faces.high[:, axis] < _NEAR - reach[axis], high: faces.low[:, axis] > reach[axis] - _NEAR}
            for side, there in ends.items():
                names = np.where(upright & there, np.where(faces.region == "lead", f"lead_{side}", "side"), names)
            if self.halved[axis]:
                flat = np.abs(faces.high[:, axis]) + np.abs(faces.low[:, axis]) < _NEAR
                names = np.where(upright & flat, f"symmetry_{letter}", names)
        return Quarter.rules(names)
