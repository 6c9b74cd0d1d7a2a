"""Serial arrays on rank 0 -> distributed, tagged DOLFINx mesh.

Tags follow the cells and facets without searching: DOLFINx remembers the input number of every cell
(``original_cell_index``) and of every node (``input_global_indices``), so cell tags are one look-up and facet tags one
comparison of sorted vertex triples.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import basix.ufl
import numpy as np
from dolfinx import mesh as dmesh
from dolfinx.cpp.io import perm_gmsh
from mpi4py import MPI

from femsuite import parallel
from femsuite.meshing.arrays import VERTICES, MeshArrays
from femsuite.meshing.tagged import TaggedMesh


def transfer(arrays: MeshArrays | None, comm: MPI.Intracomm | None = None, source: Path | None = None) -> TaggedMesh:
    """Return the distributed mesh. Collective.

    Args:
        arrays: the mesh on rank 0; ignored on the other ranks.
        comm: communicator, the world by default.
        source: the .msh file this mesh is kept in, if any.
    """
    comm = comm or parallel.world()
    head: dict[str, Any] | None = None
    if comm.rank == 0:
        assert arrays is not None
        head = {
            "cell_type": arrays.cell_type,
            "dimension": arrays.dimension,
            "cell_tags": arrays.cell_tags,
            "facets": arrays.facets,
            "facet_tags": arrays.facet_tags,
            "regions": dict(arrays.regions),
            "surfaces": dict(arrays.surfaces),
            "interfaces": dict(arrays.interfaces),
            "part_of": dict(arrays.part_of),
        }
    head = parallel.broadcast(head, comm)
    assert head is not None
    cell_type, dimension = head["cell_type"], head["dimension"]
    mesh = _create_mesh(arrays if comm.rank == 0 else None, cell_type, dimension, comm)
    return TaggedMesh(
        mesh=mesh,
        cell_tags=_cell_tags(mesh, head["cell_tags"]),
        facet_tags=_facet_tags(mesh, head["facets"], head["facet_tags"]),
        regions=head["regions"],
        surfaces=head["surfaces"],
        interfaces=head["interfaces"],
        part_of=head["part_of"],
        source=source,
    )


def _create_mesh(arrays: MeshArrays | None, cell_type: str, dimension: int, comm: MPI.Intracomm) -> dmesh.Mesh:
    nodes = VERTICES[cell_type]
    if arrays is not None:
        cells, points = arrays.cells[:, perm_gmsh(dmesh.to_type(cell_type), nodes)], arrays.points
    else:
        cells, points = np.empty((0, nodes), dtype=np.int64), np.empty((0, dimension))
    element = basix.ufl.element("P", cell_type, 1, shape=(dimension,))
    partitioner = dmesh.create_cell_partitioner(dmesh.GhostMode.shared_facet, 2)
    return dmesh.create_mesh(comm, np.ascontiguousarray(cells), element, points, partitioner)


def _cell_tags(mesh: dmesh.Mesh, tags: np.ndarray) -> dmesh.MeshTags:
    local = tags[mesh.topology.original_cell_index].astype(np.int32)
    found = dmesh.meshtags(mesh, mesh.topology.dim, np.arange(len(local), dtype=np.int32), local)
    found.name = "regions"
    return found


def input_vertices(mesh: dmesh.Mesh) -> np.ndarray:
    """Return the input node number of every local vertex, int64."""
    topology, geometry = mesh.topology, mesh.geometry
    topology.create_connectivity(topology.dim, 0)
    vertices = topology.index_map(0)
    numbers = np.full(vertices.size_local + vertices.num_ghosts, -1, dtype=np.int64)
    numbers[topology.connectivity(topology.dim, 0).array] = geometry.input_global_indices[
        geometry.dofmaps[0].reshape(-1)
    ]
    return numbers


def _facet_tags(mesh: dmesh.Mesh, facets: np.ndarray, tags: np.ndarray) -> dmesh.MeshTags:
    topology = mesh.topology
    dim = topology.dim - 1
    topology.create_entities(dim)
    topology.create_connectivity(dim, topology.dim)
    width = facets.shape[1]
    vertices = input_vertices(mesh)[topology.connectivity(dim, 0).array].reshape(-1, width)
    # Only facets all of whose vertices lie on tagged facets can match; numbering those densely keeps the keys small.
    used = np.unique(facets)
    place = np.minimum(np.searchsorted(used, vertices), max(len(used) - 1, 0))
    near = np.flatnonzero(np.all(used[place] == vertices, axis=1)) if len(used) else np.empty(0, dtype=np.int64)
    wanted = _keys(np.searchsorted(used, facets), len(used))
    order = np.argsort(wanted)
    wanted, values = wanted[order], tags[order]
    have = _keys(place[near], len(used))
    spot = np.minimum(np.searchsorted(wanted, have), max(len(wanted) - 1, 0))
    hit = wanted[spot] == have if len(wanted) else np.zeros(0, dtype=bool)
    found = dmesh.meshtags(mesh, dim, near[hit].astype(np.int32), values[spot[hit]].astype(np.int32))
    found.name = "surfaces"
    return found


def _keys(facets: np.ndarray, count: int) -> np.ndarray:
    """Return one integer per facet from its three lowest vertices (which tell facets of a conforming mesh apart)."""
    if count >= 2_097_152:
        raise ValueError(f"{count} vertices lie on surfaces and interfaces; at most 2 097 151 can be told apart")
    ordered = np.sort(facets, axis=1)
    key = ordered[:, 0].astype(np.int64)
    for column in range(1, min(3, ordered.shape[1])):
        key = key * max(count, 1) + ordered[:, column]
    return key
