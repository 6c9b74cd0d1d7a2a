"""A mesh as columns over a plan: a finished structured mesh made by numpy, without gmsh's kernel and mesher.

The plan is a set of cells (quadrilaterals for a solid, intervals for a section). Over each stands a column of levels;
each node of the plan has a position of its own at every level, so columns may lean, bend and thin out. Each interval
of a column belongs to a region or is empty. Lengths in micrometres.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from femsuite.errors import InputError
from femsuite.geometry.splitting import split_hexahedra, split_quadrilaterals

BELOW, ABOVE = -2, -1


@dataclass(frozen=True)
class Faces:
    """Outer faces of columns (edges of a section), as the rules that name them see them: arrays, one row a face.

    Attributes:
        region: the region each bounds, shape (n,), text.
        centre: mean of the corners, micrometres, shape (n, 3).
        normal: unit normal pointing out of the region, shape (n, 3).
        low, high: corners of the bounding box, shape (n, 3).
        column: cell of the plan it belongs to, shape (n,).
        level: interval of that column, counted from below, shape (n,).
        side: `BELOW`, `ABOVE`, or the edge (in a section the end) of the plan's cell it stands on, shape (n,).
    """

    region: np.ndarray
    centre: np.ndarray
    normal: np.ndarray
    low: np.ndarray
    high: np.ndarray
    column: np.ndarray
    level: np.ndarray
    side: np.ndarray

    def faces(self, axis: str) -> np.ndarray:
        """Return which faces look along an axis such as ``"+z"`` or ``"-x"`` (within a degree), shape (n,)."""
        sign = 1.0 if axis[0] == "+" else -1.0
        found: np.ndarray = sign * self.normal[:, "xyz".index(axis[1])] > 0.9998
        return found


@dataclass(frozen=True)
class FinishedMesh:
    """A mesh with names that needs no mesher.

    Attributes:
        points: micrometres, shape (n, 2 or 3).
        cells: vertices in VTK's order, shape (m, v).
        cell_type: ``triangle``, ``quadrilateral``, ``tetrahedron`` or ``hexahedron``.
        cell_region: index into ``regions`` of each cell, shape (m,).
        regions: names.
        facets: vertices of the outer facets, shape (k, w).
        facet_surface: index into ``surfaces`` of each, shape (k,).
        surfaces: names.
    """

    points: np.ndarray
    cells: np.ndarray
    cell_type: str
    cell_region: np.ndarray
    regions: tuple[str, ...]
    facets: np.ndarray
    facet_surface: np.ndarray
    surfaces: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Columns over a plan.

    Args:
        plan: nodes of each cell of the plan, shape (c, 4) anticlockwise seen from above, or (c, 2) from left to right.
        positions: of each node of the plan at each level from below, micrometres, shape (p, levels + 1, 3 or 2).
            Where no cell uses a node it may be NaN.
        region: index into ``regions`` of each interval of each column, -1 for nothing, shape (c, levels).
        regions: names.
        simplices: tetrahedra (triangles in a section) instead of hexahedra (quadrilaterals).
    """

    plan: np.ndarray
    positions: np.ndarray
    region: np.ndarray
    regions: Sequence[str]
    simplices: bool = False
    _stride: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stride", self.positions.shape[1])
        if (self.region < 0).all():
            raise InputError("the columns hold no region")

    @property
    def dimension(self) -> int:
        """Return 2 or 3."""
        return int(self.positions.shape[2])

    @cached_property
    def points(self) -> np.ndarray:
        """Return all nodes, those without use among them, shape (p (levels + 1), 2 or 3)."""
        return self.positions.reshape(-1, self.dimension)

    @cached_property
    def cells(self) -> np.ndarray:
        """Return the cells before they are split, column by column from below, in VTK's order, shape (m, 8 or 4)."""
        column, level = np.nonzero(self.region >= 0)
        below = self.plan[column] * self._stride + level[:, None]
        above = below + 1
        return np.concatenate([below, above if self.dimension == 3 else above[:, ::-1]], axis=1)

    @cached_property
    def outside(self) -> tuple[np.ndarray, Faces]:
        """Return the vertices of the outer facets before they are split, shape (k, 4 or 2), and what rules see."""
        full = self.region >= 0
        beyond = np.pad(full, ((0, 0), (1, 1)))
        found = []  # column, level, side
        for side, open_ in ((BELOW, full & ~beyond[:, :-2]), (ABOVE, full & ~beyond[:, 2:])):
            column, level = np.nonzero(open_)
            found.append((column, level, np.full(len(column), side)))
        for side in range(self.plan.shape[1]):
            neighbour = self._neighbours[:, side]
            column, level = np.nonzero(full & ~(full[neighbour] & (neighbour >= 0)[:, None]))
            found.append((column, level, np.full(len(column), side)))
        columns, levels, sides = (np.concatenate(part) for part in zip(*found, strict=True))
        facets = self._facets(columns, levels, sides)
        corners = np.zeros((*facets.shape, 3))
        corners[..., : self.dimension] = self.points[facets]
        if self.dimension == 3:
            normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        else:
            along = corners[:, 1] - corners[:, 0]
            normal = np.stack([along[:, 1], -along[:, 0], along[:, 2]], axis=1)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        region = np.asarray(self.regions)[self.region[columns, levels]]
        faces = Faces(
            region, corners.mean(axis=1), normal, corners.min(axis=1), corners.max(axis=1), columns, levels, sides
        )
        return facets, faces

    @cached_property
    def _neighbours(self) -> np.ndarray:
        """The cell of the plan across each edge (end, in a section), -1 for none, shape (c, 4 or 2)."""
        count, width = self.plan.shape
        if width == 4:
            ends = np.sort(np.stack([self.plan, np.roll(self.plan, -1, axis=1)], axis=2).reshape(-1, 2), axis=1)
            key = ends[:, 0] * (int(self.plan.max()) + 1) + ends[:, 1]
        else:
            key = self.plan.reshape(-1)
        order = np.argsort(key, kind="stable")
        same = np.flatnonzero(key[order][1:] == key[order][:-1])
        if np.any(np.diff(same) == 1):
            raise InputError("the plan of the columns has an edge that belongs to more than two of its cells")
        across = np.full(count * width, -1)
        across[order[same]], across[order[same + 1]] = order[same + 1] // width, order[same] // width
        return across.reshape(count, width)

    def _facets(self, column: np.ndarray, level: np.ndarray, side: np.ndarray) -> np.ndarray:
        """Return the vertices of facets, looking outwards (to the right of the edge, in a section)."""
        solid = self.dimension == 3
        base = self.plan[column] * self._stride + level[:, None]
        rows = np.arange(len(column))
        start = base[rows, np.maximum(side, 0)]
        if solid:
            end = base[rows, (np.maximum(side, 0) + 1) % 4]
            upright = np.stack([start, end, end + 1, start + 1], axis=1)
            below, above = base[:, ::-1], base + 1
        else:
            upright = np.stack([start, start + 1], axis=1)
            upright = np.where((side == 0)[:, None], upright[:, ::-1], upright)
            below, above = base, base[:, ::-1] + 1
        return np.where((side == BELOW)[:, None], below, np.where((side == ABOVE)[:, None], above, upright))

    def named(self, rules: Mapping[str, Sequence[Callable[[Faces], np.ndarray]]], rest: str | None) -> FinishedMesh:
        """Return the mesh with every outer face named.

        Args:
            rules: surface -> functions of the outer faces that return a mask; a face that any of them takes is named.
            rest: surface of all that no rule takes.

        Raises:
            InputError: an outer face with no or two names, a rule that names nothing.
        """
        faces = self.outside[1]
        names = list(dict.fromkeys([*rules, *([rest] if rest is not None else [])]))
        surface = np.full(len(faces.side), -1)
        for index, (name, several) in enumerate(rules.items()):
            mask = np.any([rule(faces) for rule in several], axis=0)
            if not mask.any():
                raise InputError(f"no outer face is named by the rule of surface '{name}'")
            twice = np.flatnonzero(mask & (surface >= 0))
            if len(twice):
                raise InputError(
                    f"the outer face of '{faces.region[twice[0]]}' around {place_of(faces.centre[twice[0]])} has 2 "
                    f"surface names: {names[surface[twice[0]]]}, {name}; it may have one"
                )
            surface[mask] = index
        bare = np.flatnonzero(surface < 0)
        if len(bare) and rest is None:
            raise InputError(
                f"the outer face of '{faces.region[bare[0]]}' around {place_of(faces.centre[bare[0]])} has no surface "
                "name; add a rule with model.surface or model.rest"
            )
        if rest is not None:
            surface[bare] = names.index(rest)
        present = np.unique(surface)
        return self._finish(np.searchsorted(present, surface), [names[index] for index in present])

    def _finish(self, surface: np.ndarray, surfaces: Sequence[str]) -> FinishedMesh:
        """Return the mesh: nodes without use dropped, cells and facets split where simplices are asked for."""
        cells, facets = self.cells, self.outside[0]
        owner = self.region[self.region >= 0]
        used = np.unique(cells)
        dense = np.full(len(self.points), -1)
        dense[used] = np.arange(len(used))
        points, cells, facets = self.points[used], dense[cells], dense[facets]
        if not np.isfinite(points).all():
            raise InputError("a cell of the columns uses a node that has no position")
        kind = "hexahedron" if self.dimension == 3 else "quadrilateral"
        if self.simplices and self.dimension == 3:
            kind, cells, facets = "tetrahedron", split_hexahedra(cells), split_quadrilaterals(facets)
            owner, surface = np.repeat(owner, 6), np.repeat(surface, 2)
        elif self.simplices:
            kind, cells, owner = "triangle", split_quadrilaterals(cells), np.repeat(owner, 2)
        return FinishedMesh(points, cells, kind, owner, tuple(self.regions), facets, surface, tuple(surfaces))


def place_of(point: np.ndarray) -> str:
    """Return a point in words: ``(1, 2.5, 0) um``."""
    return "(" + ", ".join(f"{value:.4g}" for value in point) + ") um"
