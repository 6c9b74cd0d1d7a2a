"""Tagged meshes from arrays or from a mesh that is already there: for tests, studies and other codes' data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from dolfinx import mesh as dmesh
from mpi4py import MPI

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.meshing.arrays import FACETS, VERTICES, assemble, facet_table, numbered
from femsuite.meshing.tagged import TaggedMesh
from femsuite.meshing.transfer import input_vertices, transfer

Locator = Callable[[np.ndarray], np.ndarray]


def from_arrays(
    points: np.ndarray | None,
    cells: np.ndarray | None,
    region_of_cell: np.ndarray | list[str] | None,
    surfaces: Mapping[str, Locator] | None = None,
    *,
    cell_type: str | None = None,
    part_of: Mapping[str, str] | None = None,
    comm: MPI.Intracomm | None = None,
    source: Path | None = None,
) -> TaggedMesh:
    """Return a distributed tagged mesh from serial arrays. Collective; only rank 0's arrays are used.

    Args:
        points: metres, shape (n, 2) or (n, 3).
        cells: vertices of each cell in VTK order, shape (m, v).
        region_of_cell: the region's name for each cell, length m.
        surfaces: name -> function of the midpoints of the outer facets, shape (3, k) in metres, that returns a mask.
            The first name whose function is true takes the facet; without any, all are ``outer``.
        cell_type: ``triangle`` etc.; found from the shapes when left out.
        part_of: region -> the region it belongs to.
        comm: communicator, the world by default.
        source: the .msh the arrays came from.

    Raises:
        InputError: an outer facet that no function takes, or names that do not fit.
    """
    comm = comm or parallel.world()

    def collect() -> object:
        assert points is not None
        assert cells is not None
        assert region_of_cell is not None
        kind = cell_type or _guess_type(points.shape[1], cells.shape[1])
        named = np.asarray(region_of_cell, dtype=str)
        regions = numbered(sorted(set(named.tolist())))
        tags = np.array([regions[str(name)] for name in named], dtype=np.int32)
        table = facet_table(np.asarray(cells), kind, tags)
        names, surface_tags = _locate(points, table.outer, surfaces)
        return assemble(points, np.asarray(cells), kind, tags, regions, table.outer, surface_tags, names, part_of)

    arrays = None
    error: BaseException | None = None
    if comm.rank == 0:
        try:
            arrays = collect()
        except (InputError, ValueError) as caught:
            error = caught
    parallel.together(error, comm)
    return transfer(arrays, comm, source)  # type: ignore[arg-type]


def tag_mesh(
    mesh: dmesh.Mesh,
    regions: Mapping[str, Locator] | None = None,
    surfaces: Mapping[str, Locator] | None = None,
    part_of: Mapping[str, str] | None = None,
) -> TaggedMesh:
    """Return a mesh made elsewhere (``dolfinx.mesh.create_box``) as a tagged mesh. Collective.

    Args:
        mesh: a mesh in metres; on several ranks it needs ghosts shared over facets to have interfaces.
        regions: name -> function of cell midpoints, shape (3, n), that returns a mask; first match counts. One
            region ``body`` when left out.
        surfaces: the same for midpoints of outer facets; one surface ``outer`` when left out.
        part_of: region -> the region it belongs to.

    Raises:
        InputError: a cell or an outer facet that no function takes.
    """
    topology = mesh.topology
    tdim = topology.dim
    regions = regions or {"body": lambda x: np.full(x.shape[1], True)}
    count = topology.index_map(tdim).size_local + topology.index_map(tdim).num_ghosts
    middle = dmesh.compute_midpoints(mesh, tdim, np.arange(count, dtype=np.int32)).T
    error: BaseException | None = None
    try:
        names, cell_values = _apply(regions, middle, "cells", "region")
    except InputError as caught:
        error = caught
    parallel.together(error, mesh.comm)
    cell_tags = dmesh.meshtags(mesh, tdim, np.arange(count, dtype=np.int32), cell_values)
    cell_tags.name = "regions"
    topology.create_connectivity(tdim - 1, tdim)
    topology.create_connectivity(tdim, tdim - 1)
    outer = dmesh.exterior_facet_indices(topology)
    surfaces = surfaces or {"outer": lambda x: np.full(x.shape[1], True)}
    facet_middle = dmesh.compute_midpoints(mesh, tdim - 1, outer).T
    try:
        surface_names, outer_values = _apply(surfaces, facet_middle, "outer facets", "surface")
    except InputError as caught:
        error = caught
    parallel.together(error, mesh.comm)
    links = topology.connectivity(tdim - 1, tdim)
    inner = np.flatnonzero(np.diff(links.offsets) == 2).astype(np.int32)
    pair = np.sort(cell_values[links.array[links.offsets[inner][:, None] + np.array([0, 1])]].reshape(-1, 2), axis=1)
    inner, pair = inner[pair[:, 0] != pair[:, 1]], pair[pair[:, 0] != pair[:, 1]]
    by_tag = {tag: name for name, tag in names.items()}
    everywhere = sorted({tuple(p) for part in mesh.comm.allgather(np.unique(pair, axis=0).tolist()) for p in part})
    base = len(surface_names)
    tag_of = {p: base + 1 + i for i, p in enumerate(everywhere)}
    interfaces = {"|".join(sorted((by_tag[a], by_tag[b]))): tag for (a, b), tag in tag_of.items()}
    inner_values = np.array([tag_of[tuple(p)] for p in pair.tolist()], dtype=np.int32)
    indices = np.concatenate([outer, inner]).astype(np.int32)
    values = np.concatenate([outer_values, inner_values]).astype(np.int32)
    order = np.argsort(indices)
    facet_tags = dmesh.meshtags(mesh, tdim - 1, indices[order], values[order])
    facet_tags.name = "surfaces"
    return TaggedMesh(mesh, cell_tags, facet_tags, names, surface_names, interfaces, dict(part_of or {}))


def _locate(
    points: np.ndarray, outer: np.ndarray, surfaces: Mapping[str, Locator] | None
) -> tuple[dict[str, int], np.ndarray]:
    middle = np.zeros((3, len(outer)))
    middle[: points.shape[1]] = points[outer].mean(axis=1).T
    return _apply(surfaces or {"outer": lambda x: np.full(x.shape[1], True)}, middle, "outer facets", "surface")


def _apply(
    locators: Mapping[str, Locator], middle: np.ndarray, things: str, kind: str
) -> tuple[dict[str, int], np.ndarray]:
    names = numbered(list(locators))
    values = np.zeros(middle.shape[1], dtype=np.int32)
    for name, locator in locators.items():
        values[(values == 0) & np.asarray(locator(middle), dtype=bool)] = names[name]
    if np.any(values == 0):
        where = middle[:, np.flatnonzero(values == 0)[0]]
        place = ", ".join(f"{x:.4g}" for x in where)
        raise InputError(f"{int(np.sum(values == 0))} {things} belong to no named {kind}, the first at ({place}) m")
    return names, values


def _guess_type(dimension: int, vertices: int) -> str:
    simplex = dimension + 1
    for kind, count in VERTICES.items():
        if count == vertices and (vertices != 4 or (kind == "tetrahedron") == (simplex == 4)):
            return kind
    raise InputError(f"cells with {vertices} vertices are not taken; allowed: {', '.join(FACETS)}")


__all__ = ["from_arrays", "input_vertices", "tag_mesh"]
