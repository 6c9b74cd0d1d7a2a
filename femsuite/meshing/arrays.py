"""A mesh as plain arrays on one rank: what gmsh, a file or a caller hands over, before DOLFINx distributes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from femsuite.errors import InputError
from femsuite.meshing.tagged import interface_name

# Local vertices of each facet, in the order of gmsh, VTK and meshio. Tetrahedron: facet i lies opposite vertex i.
FACETS: Mapping[str, np.ndarray] = {
    "triangle": np.array([[1, 2], [0, 2], [0, 1]]),
    "quadrilateral": np.array([[0, 1], [1, 2], [2, 3], [3, 0]]),
    "tetrahedron": np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]),
    "hexahedron": np.array([[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]),
}
VERTICES: Mapping[str, int] = {"triangle": 3, "quadrilateral": 4, "tetrahedron": 4, "hexahedron": 8}
FACET_CELL: Mapping[str, str] = {
    "triangle": "line",
    "quadrilateral": "line",
    "tetrahedron": "triangle",
    "hexahedron": "quad",
}


@dataclass(frozen=True)
class MeshArrays:
    """A serial mesh with names.

    Attributes:
        points: coordinates in metres, shape (n, 2) or (n, 3).
        cells: vertices of each cell in VTK order, shape (m, vertices per cell).
        cell_type: ``triangle``, ``quadrilateral``, ``tetrahedron`` or ``hexahedron``.
        cell_tags: region tag of each cell, shape (m,).
        facets: vertices of the tagged facets, shape (k, vertices per facet).
        facet_tags: surface or interface tag of each tagged facet, shape (k,).
        regions, surfaces, interfaces: name -> tag; surfaces and interfaces share one numbering.
        part_of: region -> the region it belongs to.
    """

    points: np.ndarray
    cells: np.ndarray
    cell_type: str
    cell_tags: np.ndarray
    facets: np.ndarray
    facet_tags: np.ndarray
    regions: Mapping[str, int]
    surfaces: Mapping[str, int]
    interfaces: Mapping[str, int]
    part_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def dimension(self) -> int:
        """Return 2 or 3."""
        return int(self.points.shape[1])


@dataclass(frozen=True)
class FacetTable:
    """The facets of a serial mesh that are on the outside or between two regions.

    Attributes:
        outer: vertices of the outer facets, shape (a, v).
        outer_cell: the cell of each outer facet, shape (a,).
        inner: vertices of the facets between cells of different tags, shape (b, v).
        inner_cells: the two cells of each of these, lower region tag first, shape (b, 2).
    """

    outer: np.ndarray
    outer_cell: np.ndarray
    inner: np.ndarray
    inner_cells: np.ndarray


def facet_keys(facets: np.ndarray) -> np.ndarray:
    """Return one comparable key per facet that does not depend on the order of its vertices, shape (k,)."""
    ordered = np.ascontiguousarray(np.sort(facets, axis=1).astype(np.int64))
    return ordered.view([(f"v{i}", np.int64) for i in range(ordered.shape[1])]).reshape(-1)


def facet_table(cells: np.ndarray, cell_type: str, cell_tags: np.ndarray) -> FacetTable:
    """Return the outer facets and the facets between regions.

    Args:
        cells: shape (m, vertices per cell), VTK order.
        cell_type: its name.
        cell_tags: region tag of each cell, shape (m,).

    Raises:
        InputError: when more than two cells share a facet.
    """
    local = FACETS[cell_type]
    facets = cells[:, local].reshape(-1, local.shape[1])
    owner = np.repeat(np.arange(len(cells)), len(local))
    ordered = np.sort(facets, axis=1)
    # Three sorted vertices tell facets apart (quadrilaterals too: two share at most an edge); one integer sorts fast.
    count = int(cells.max(initial=0)) + 1
    key = ordered[:, 0].astype(np.int64)
    for column in range(1, min(3, ordered.shape[1])):
        if column == 2 and count > 2_000_000:  # the next product would overflow: rank the pairs first
            key = np.unique(key, return_inverse=True)[1].reshape(-1)
        key = key * count + ordered[:, column]
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    size = np.diff(np.r_[first, len(key)])
    if np.any(size > 2):
        raise InputError("the mesh has a facet that belongs to more than two cells")
    single = order[first[size == 1]]
    one, other = order[first[size == 2]], order[first[size == 2] + 1]
    differ = cell_tags[owner[one]] != cell_tags[owner[other]]
    one, other = one[differ], other[differ]
    pair = np.stack([owner[one], owner[other]], axis=1)
    swap = cell_tags[pair[:, 0]] > cell_tags[pair[:, 1]]
    pair[swap] = pair[swap][:, ::-1]
    return FacetTable(facets[single], owner[single], facets[one], pair)


def assemble(
    points: np.ndarray,
    cells: np.ndarray,
    cell_type: str,
    cell_tags: np.ndarray,
    regions: Mapping[str, int],
    surface_facets: np.ndarray,
    surface_tags: np.ndarray,
    surfaces: Mapping[str, int],
    part_of: Mapping[str, str] | None = None,
) -> MeshArrays:
    """Return checked mesh arrays; interfaces between regions are found and named here.

    Args:
        points: metres, shape (n, 2 or 3).
        cells: shape (m, v), VTK order.
        cell_type: its name.
        cell_tags: region tag per cell.
        regions: name -> cell tag.
        surface_facets: vertices of named outer facets, shape (k, w); facets that are not outer facets are ignored.
        surface_tags: tag of each of these, shape (k,).
        surfaces: name -> tag.
        part_of: region -> the region it belongs to.

    Raises:
        InputError: a cell without region, an outer facet without surface or with two, a region that has no cells,
            a ``part_of`` that names no region.
    """
    cell_tags = np.asarray(cell_tags, dtype=np.int32)
    part_of = dict(part_of or {})
    _check_regions(cell_tags, regions, part_of)
    table = facet_table(cells, cell_type, cell_tags)
    outer_tags = _match_outer(table.outer, points, surface_facets, surface_tags, surfaces)
    present = set(np.unique(outer_tags).tolist())
    kept = {name: tag for name, tag in surfaces.items() if tag in present}
    names = {tag: name for name, tag in regions.items()}
    base = max([0, *surfaces.values()])
    pairs, which = np.unique(cell_tags[table.inner_cells].reshape(-1, 2), axis=0, return_inverse=True)
    inner_names = [interface_name(names[int(a)], names[int(b)]) for a, b in pairs]
    interfaces = {name: base + 1 + index for index, name in enumerate(inner_names)}
    inner_tags = base + 1 + which.reshape(-1)
    return MeshArrays(
        points=np.ascontiguousarray(points, dtype=np.float64),
        cells=np.ascontiguousarray(cells, dtype=np.int64),
        cell_type=cell_type,
        cell_tags=cell_tags,
        facets=np.concatenate([table.outer, table.inner]).astype(np.int64),
        facet_tags=np.concatenate([outer_tags, inner_tags]).astype(np.int32),
        regions=dict(regions),
        surfaces=kept,
        interfaces=interfaces,
        part_of=part_of,
    )


def _check_regions(cell_tags: np.ndarray, regions: Mapping[str, int], part_of: Mapping[str, str]) -> None:
    present = set(np.unique(cell_tags).tolist())
    faults = [f"the region '{name}' has no cells" for name, tag in regions.items() if tag not in present]
    if present - set(regions.values()):
        count = int(np.sum(~np.isin(cell_tags, list(regions.values()))))
        faults.append(f"{count} cells belong to no named region")
    for child, owner in part_of.items():
        faults += [
            f"'{child}' is part of '{owner}', but there is no region '{name}'"
            for name in (child, owner)
            if name not in regions
        ]
    if faults:
        raise InputError(*faults)


def _match_outer(
    outer: np.ndarray, points: np.ndarray, facets: np.ndarray, tags: np.ndarray, surfaces: Mapping[str, int]
) -> np.ndarray:
    """Return the surface tag of each outer facet, shape (len(outer),)."""
    keys, wanted = facet_keys(facets), facet_keys(outer)
    order = np.argsort(keys, kind="stable")
    keys, tags = keys[order], np.asarray(tags)[order]
    left = np.searchsorted(keys, wanted, "left")
    right = np.searchsorted(keys, wanted, "right")
    if np.any(right == left):
        lost = np.flatnonzero(right == left)
        raise InputError(
            f"{len(lost)} outer facets belong to no named surface, the first near {_place(points, outer[lost[0]])}"
        )
    names = {tag: name for name, tag in surfaces.items()}
    twice = np.flatnonzero(tags[left] != tags[right - 1])
    if len(twice):
        first = twice[0]
        both = f"'{names.get(int(tags[left[first]]))}' and '{names.get(int(tags[right[first] - 1]))}'"
        raise InputError(
            f"{len(twice)} outer facets belong to two surfaces, {both}, the first near {_place(points, outer[first])}"
        )
    return tags[left]


def _place(points: np.ndarray, facet: np.ndarray) -> str:
    return "(" + ", ".join(f"{value * 1e6:.4g}" for value in points[facet].mean(axis=0)) + ") um"


def numbered(names: Sequence[str], start: int = 1) -> dict[str, int]:
    """Return name -> tag for names in the given order, without repeats."""
    return {name: start + index for index, name in enumerate(dict.fromkeys(names))}
