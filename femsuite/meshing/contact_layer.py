"""A contact resistance as a very thin layer of cells in the interface of two regions.

The nodes of the interface ``a|b`` are doubled; the copies, and every cell on b's side, move by the layer's thickness t
into b, and the gap is filled with cells of a new region, named like the interface. Each interface triangle gives a
prism that is cut into three tetrahedra by the order of its vertex numbers, so that neighbouring prisms agree.

A contact of resistance R (m^2 K/W) is then a conductivity of the layer of ``k = t / (R + t / k_b)``: the layer has
replaced a thickness t of b, whose own resistance t / k_b it must carry too (`layer_conductivity`).

Rims. Where the interface ends at the outside of the body, the layer ends there with its full thickness, and its narrow
outer faces take the name of the face of ``a`` beside them. Where it ends inside the body, at an edge that a third
region runs around, nodes cannot be doubled without tearing that region: the layer thins out to nothing over the last
row of cells (one or two tetrahedra in the place of three). The contact is that much better there: an error in the
total resistance of about half a row's share of the area, which falls with the mesh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from femsuite.errors import InputError, unknown
from femsuite.meshing.arrays import FACETS, FacetTable, MeshArrays, assemble, facet_table
from femsuite.meshing.tagged import interface_name, top_of


def layer_conductivity(resistance: float, thickness: float, conductivity: float) -> float:
    """Return the conductivity of a layer that stands for a contact resistance, W/(m K).

    Args:
        resistance: of the contact, m^2 K/W.
        thickness: of the layer, m.
        conductivity: of the region the layer was taken out of, W/(m K).
    """
    return thickness / (resistance + thickness / conductivity)


def insert_contact_layers(arrays: MeshArrays, layers: Mapping[str, float]) -> MeshArrays:
    """Return the mesh with a layer of cells in each named interface.

    Args:
        arrays: the mesh without.
        layers: ``a|b`` -> thickness in metres, taken out of ``b`` (the region named second).

    Raises:
        InputError: no such interface, or a layer too thick for the cells beside it.
    """
    for name, thickness in layers.items():
        arrays = _insert(arrays, name, thickness)
    return arrays


@dataclass(frozen=True)
class _Interface:
    """The facets between a and b: shape (k, v) each, with their cells on either side."""

    facets: np.ndarray
    cells_a: np.ndarray
    cells_b: np.ndarray


def _insert(arrays: MeshArrays, name: str, thickness: float) -> MeshArrays:
    table = facet_table(arrays.cells, arrays.cell_type, arrays.cell_tags)
    interface = _find(arrays, table, name)
    split_nodes, moved = _split(arrays, interface)
    points, copy_of = _copies(arrays, table, interface, split_nodes, thickness)
    cells = arrays.cells.copy()
    rows, columns = moved
    cells[rows, columns] = copy_of[cells[rows, columns]]
    _check_not_inverted(arrays, points, cells, name)
    layer = _layer_cells(interface.facets, copy_of, arrays.cell_type, name)
    first, second = name.split("|", 1)
    region = interface_name(first, second)
    if region in arrays.regions:
        raise InputError(f"there is a region '{region}' already; one contact layer per interface")
    tag = max(arrays.regions.values()) + 1
    original = np.arange(len(points))
    original[copy_of[split_nodes]] = split_nodes
    whole = np.concatenate([cells, layer])
    tags = np.concatenate([arrays.cell_tags, np.full(len(layer), tag, dtype=np.int32)])
    facets, facet_tags = _outer_facets(arrays, table, cells, whole, tags, original)
    return assemble(
        points, whole, arrays.cell_type, tags, {**arrays.regions, region: tag}, facets, facet_tags, arrays.surfaces,
        arrays.part_of,
    )  # fmt: skip


def _find(arrays: MeshArrays, table: FacetTable, name: str) -> _Interface:
    one, _, other = name.partition("|")
    sides = []
    for side in (one, other):
        members = [tag for region, tag in arrays.regions.items() if side in (region, top_of(region, arrays.part_of))]
        if not members:
            raise InputError(f"contact layer '{name}': {unknown('region', side, arrays.regions)}")
        sides.append(members)
    tags = arrays.cell_tags[table.inner_cells]
    straight = np.isin(tags[:, 0], sides[0]) & np.isin(tags[:, 1], sides[1])
    turned = np.isin(tags[:, 1], sides[0]) & np.isin(tags[:, 0], sides[1])
    rows = np.flatnonzero(straight | turned)
    if not len(rows):
        raise InputError(f"contact layer '{name}': {unknown('interface', name, arrays.interfaces)}")
    pair = np.where(straight[rows, None], table.inner_cells[rows], table.inner_cells[rows][:, ::-1])
    return _Interface(table.inner[rows], pair[:, 0], pair[:, 1])


def _split(arrays: MeshArrays, interface: _Interface) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Return the nodes that can be doubled, and where in ``cells`` their copies go (rows, columns).

    Around each node the cells that touch it are joined where they share a facet at that node, except through the
    interface. The node can be doubled when no such group touches both sides.
    """
    nodes = np.unique(interface.facets)
    on = np.zeros(len(arrays.points), dtype=bool)
    on[nodes] = True
    rows, columns = np.nonzero(on[arrays.cells])
    corner_node = arrays.cells[rows, columns]
    number = np.full(arrays.cells.shape, -1, dtype=np.int64)
    number[rows, columns] = np.arange(len(rows))
    left, right = _shared_corners(arrays, np.unique(rows), number, interface)
    graph = coo_array((np.ones(len(left), dtype=bool), (left, right)), shape=(len(rows), len(rows)))
    count, group = connected_components(graph, directed=False)
    sides = []
    for cells in (interface.cells_a, interface.cells_b):
        touches = np.zeros(count, dtype=bool)
        at = (arrays.cells[cells][:, None, :] == interface.facets[:, :, None]).nonzero()
        touches[group[number[cells[at[0]], at[2]]]] = True
        sides.append(touches)
    torn = sides[0] & sides[1]
    held = np.zeros(len(arrays.points), dtype=bool)
    held[corner_node[torn[group]]] = True
    goes = sides[1][group] & ~held[corner_node]
    return nodes[~held[nodes]], (rows[goes], columns[goes])


def _shared_corners(
    arrays: MeshArrays, near: np.ndarray, number: np.ndarray, interface: _Interface
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of corner numbers that two cells share on a facet which is not of the interface."""
    local = FACETS[arrays.cell_type]
    facets = arrays.cells[near][:, local].reshape(-1, local.shape[1])
    owner = np.repeat(near, len(local))
    blocked = np.unique(np.sort(interface.facets, axis=1), axis=0)
    unique, inverse = np.unique(np.sort(facets, axis=1), axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    both = np.concatenate([unique, blocked])
    _, back, times = np.unique(both, axis=0, return_inverse=True, return_counts=True)
    open_facet = times[back.reshape(-1)[: len(unique)]] == 1
    order = np.argsort(inverse, kind="stable")
    same = inverse[order][1:] == inverse[order][:-1]
    one, other = order[:-1][same], order[1:][same]
    keep = open_facet[inverse[one]]
    one, other = one[keep], other[keep]
    left, right = [], []
    for column in range(local.shape[1]):
        node = facets[one, column]
        a = number[owner[one], np.argmax(arrays.cells[owner[one]] == node[:, None], axis=1)]
        b = number[owner[other], np.argmax(arrays.cells[owner[other]] == node[:, None], axis=1)]
        known = (a >= 0) & (b >= 0)
        left.append(a[known])
        right.append(b[known])
    return np.concatenate(left), np.concatenate(right)


def _copies(
    arrays: MeshArrays, table: FacetTable, interface: _Interface, nodes: np.ndarray, thickness: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the points with the copies behind them, and node -> its copy (or itself)."""
    corners = arrays.points[interface.facets]
    normal = _normals(corners)
    towards = arrays.points[arrays.cells[interface.cells_b]].mean(axis=1) - corners.mean(axis=1)
    normal *= np.sign(np.einsum("ij,ij->i", normal, towards))[:, None]
    total = np.zeros_like(arrays.points)
    for column in range(interface.facets.shape[1]):
        np.add.at(total, interface.facets[:, column], normal)
    direction = total[nodes] / np.linalg.norm(total[nodes], axis=1, keepdims=True)
    direction = _along_outer_faces(arrays, table, nodes, direction)
    copy_of = np.arange(len(arrays.points))
    copy_of[nodes] = len(arrays.points) + np.arange(len(nodes))
    return np.concatenate([arrays.points, arrays.points[nodes] + thickness * direction]), copy_of


def _normals(corners: np.ndarray) -> np.ndarray:
    """Return normals as long as the facets are large, shape (k, dimension); corners have shape (k, v, dimension)."""
    edge = corners[:, 1] - corners[:, 0]
    if corners.shape[2] == 3:
        return np.cross(edge, corners[:, 2] - corners[:, 0])
    return np.stack([edge[:, 1], -edge[:, 0]], axis=1)


def _along_outer_faces(arrays: MeshArrays, table: FacetTable, nodes: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Return the directions with those of nodes on the outside bent into the outer faces, so that these stay flat.

    The part along the interface's normal, and so the thickness, is kept.
    """
    place = np.full(len(arrays.points), -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    normal = _normals(arrays.points[table.outer])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    squares = np.zeros((len(nodes), arrays.dimension, arrays.dimension))
    for column in range(table.outer.shape[1]):
        rows = np.flatnonzero(place[table.outer[:, column]] >= 0)
        np.add.at(squares, place[table.outer[rows, column]], normal[rows, :, None] * normal[rows, None, :])
    bent = direction.copy()
    for row in np.flatnonzero(np.trace(squares, axis1=1, axis2=2) > 0.0):
        values, vectors = np.linalg.eigh(squares[row])
        walls = vectors[:, values > 0.1 * values[-1]]  # the facets of one curved face count as one wall
        free = direction[row] - walls @ (walls.T @ direction[row])
        share = float(free @ direction[row])
        if share > 0.1:  # else the face runs along the interface: nothing to keep to
            bent[row] = free / share
    return bent


def _check_not_inverted(arrays: MeshArrays, points: np.ndarray, cells: np.ndarray, name: str) -> None:
    width = arrays.dimension + 1
    corners = [0, 1, 3, 4] if arrays.cell_type == "hexahedron" else [0, 1, 3] if cells.shape[1] == 4 else [0, 1, 2]
    corners = list(range(width)) if cells.shape[1] == width else corners[:width]
    before, after = (
        np.linalg.det((x := p[c[:, corners]])[:, 1:] - x[:, :1])
        for p, c in ((arrays.points, arrays.cells), (points, cells))
    )
    if np.any(before * after <= 0.0) or np.any(np.abs(after) < 0.05 * np.abs(before)):
        raise InputError(
            f"the contact layer '{name}' is too thick for the cells it is taken out of; make it thinner, "
            "or take it out of the other region by naming that one second"
        )


def _layer_cells(facets: np.ndarray, copy_of: np.ndarray, cell_type: str, name: str) -> np.ndarray:
    """Return the cells of the layer; those that have no volume, at rims, are left out."""
    if cell_type in ("hexahedron", "quadrilateral"):
        if np.any(copy_of[facets] == facets):
            raise InputError(
                f"the contact layer '{name}' ends inside the body, where it has to thin out: "
                "that needs tetrahedra (triangles), not hexahedra (quadrilaterals)"
            )
        far = copy_of[facets]
        return np.concatenate([facets, far if cell_type == "hexahedron" else far[:, ::-1]], axis=1)
    near = np.sort(facets, axis=1)
    far = copy_of[near]
    width = near.shape[1]
    # Simplex i of a prism: near vertices 0..i, then far vertices i..last, by rising vertex number.
    simplices = [np.concatenate([near[:, : i + 1], far[:, i:]], axis=1)[far[:, i] != near[:, i]] for i in range(width)]
    return np.concatenate(simplices)


def _outer_facets(
    arrays: MeshArrays,
    table: FacetTable,
    cells: np.ndarray,
    whole: np.ndarray,
    tags: np.ndarray,
    original: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the outer facets of the new mesh with tags: the old ones moved, the layer's named by neighbours."""
    width = table.outer.shape[1]
    column = np.argmax(arrays.cells[table.outer_cell][:, None, :] == table.outer[:, :, None], axis=2)
    old = np.take_along_axis(cells[table.outer_cell], column, axis=1)
    known = {tuple(sorted(facet)): tag for facet, tag in zip(arrays.facets.tolist(), arrays.facet_tags, strict=True)}
    old_tags = np.array([known[tuple(sorted(facet))] for facet in table.outer.tolist()], dtype=np.int32)
    fresh = facet_table(whole, arrays.cell_type, tags)
    new = fresh.outer[fresh.outer_cell >= len(cells)]
    # Of the outer faces along a rim edge, one of a's side keeps its nodes: it lends its name.
    kept = np.all(old == table.outer, axis=1)
    lender: dict[tuple[int, ...], int] = {}
    for facet, tag in zip(table.outer[kept].tolist(), old_tags[kept].tolist(), strict=True):
        for edge in _ridges(facet):
            lender.setdefault(edge, tag)
    new_tags = []
    for facet in new:
        ridge = tuple(sorted(set(original[facet].tolist())))
        if ridge not in lender:
            raise InputError("a contact layer ends in a place where no outer face beside it can lend its name")
        new_tags.append(lender[ridge])
    all_facets = np.concatenate([old, new.reshape(-1, width)])
    return all_facets, np.concatenate([old_tags, np.array(new_tags, dtype=np.int32)])


def _ridges(facet: list[int]) -> list[tuple[int, ...]]:
    if len(facet) == 2:
        return [(node,) for node in facet]
    return [tuple(sorted(pair)) for pair in zip(facet, [*facet[1:], facet[0]], strict=True)]
