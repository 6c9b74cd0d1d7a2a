"""Small tagged bodies for verification: boxes and rectangles cut into layers along their last axis, built in memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dolfinx
import numpy as np
from dolfinx.mesh import CellType, Mesh
from mpi4py import MPI

from femsuite import parallel
from femsuite.meshing.tagged import TaggedMesh, interface_name

_FACES = ("left", "right", "front", "back", "bottom", "top")


def box(
    size: Sequence[float],
    cells: Sequence[int],
    cell: str,
    layers: Mapping[str, float] | None = None,
    top: Mapping[str, float] | None = None,
    comm: MPI.Intracomm | None = None,
) -> TaggedMesh:
    """Return a rectangle or box with one corner in the origin and its faces named.

    The faces across the first axis are ``left`` and ``right``, across the last ``bottom`` and ``top``, across the
    middle one (3D) ``front`` and ``back``.

    Args:
        size: of the edges, m; two or three.
        cells: number along each edge.
        cell: ``triangle``, ``quadrilateral``, ``tetrahedron`` or ``hexahedron``.
        layers: region -> its upper end along the last axis in m, rising; mesh planes must lie there. One region
            ``body`` if None.
        top: surface -> its end along the first axis in m, rising: parts of the top face, instead of ``top``.
        comm: of the mesh; all ranks if None.
    """
    comm = comm or parallel.world()
    kind, dimension = CellType[cell], len(size)
    corners = [np.zeros(dimension), np.asarray(size, dtype=np.float64)]
    ghosts = dolfinx.mesh.GhostMode.shared_facet
    if dimension == 2:
        mesh = dolfinx.mesh.create_rectangle(comm, corners, list(cells), kind, ghost_mode=ghosts)
    else:
        mesh = dolfinx.mesh.create_box(comm, corners, list(cells), kind, ghost_mode=ghosts)
    return _tag(mesh, size, layers or {"body": float(size[-1])}, top or {"top": float(size[0])})


def moved(tagged: TaggedMesh, where: Callable[[np.ndarray], np.ndarray]) -> TaggedMesh:
    """Return the same body with its nodes moved, in place: a graded or bent body made from a box.

    Args:
        tagged: from `box`.
        where: old coordinates (n, 3) -> new coordinates (n, 3), m.
    """
    tagged.mesh.geometry.x[:] = where(tagged.mesh.geometry.x.copy())
    return tagged


def _tag(mesh: Mesh, size: Sequence[float], layers: Mapping[str, float], top: Mapping[str, float]) -> TaggedMesh:
    dimension, last = mesh.topology.dim, len(size) - 1
    mesh.topology.create_connectivity(last, dimension)
    names = list(layers)
    ends = np.array(list(layers.values()))
    count = mesh.topology.index_map(dimension).size_local + mesh.topology.index_map(dimension).num_ghosts
    every = np.arange(count, dtype=np.int32)
    middles = dolfinx.mesh.compute_midpoints(mesh, dimension, every)
    cell_values = np.searchsorted(ends, middles[:, last]).astype(np.int32) + 1
    cell_tags = dolfinx.mesh.meshtags(mesh, dimension, every, cell_values)

    tolerance = 1e-9 * float(max(size))
    faces = _FACES if dimension == 3 else (*_FACES[:2], *_FACES[4:])
    surfaces = {name: number + 1 for number, name in enumerate((*faces[:-1], *top))}
    interfaces = {interface_name(a, b): len(surfaces) + i + 1 for i, (a, b) in enumerate(itertools.pairwise(names))}
    planes: list[tuple[int, int, float]] = []
    for number in range(len(faces)):
        axis = number // 2
        planes.append((number + 1, axis, 0.0 if number % 2 == 0 else float(size[axis])))
    planes += [(len(surfaces) + i + 1, last, end) for i, end in enumerate(ends[:-1])]
    found: dict[int, int] = {}
    for value, axis, place in planes:
        facets = dolfinx.mesh.locate_entities(mesh, dimension - 1, _plane(axis, place, tolerance))
        values = np.full(len(facets), value)
        if value == len(faces):  # the top face comes last and may have parts
            values += np.searchsorted(list(top.values()), dolfinx.mesh.compute_midpoints(mesh, last, facets)[:, 0])
        found.update(zip(facets.tolist(), values.tolist(), strict=True))
    indices = np.array(sorted(found), dtype=np.int32)
    values = np.array([found[index] for index in indices.tolist()], dtype=np.int32)
    facet_tags = dolfinx.mesh.meshtags(mesh, dimension - 1, indices, values)
    regions = {name: number + 1 for number, name in enumerate(names)}
    return TaggedMesh(mesh, cell_tags, facet_tags, regions, surfaces, interfaces)


def _plane(axis: int, place: float, tolerance: float) -> Any:
    return lambda x: np.abs(x[axis] - place) < tolerance
