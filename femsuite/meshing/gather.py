"""A distributed tagged mesh back to serial arrays on rank 0, for files of other codes. For export only."""

from __future__ import annotations

import numpy as np
from dolfinx.cpp.io import perm_vtk

from femsuite import parallel
from femsuite.meshing.arrays import FACETS, MeshArrays
from femsuite.meshing.tagged import TaggedMesh
from femsuite.meshing.transfer import input_vertices


def gather_arrays(tagged: TaggedMesh) -> MeshArrays:
    """Return the mesh in the numbering it was read in; empty arrays on the ranks above 0. Collective."""
    mesh = tagged.mesh
    topology, geometry, comm = mesh.topology, mesh.geometry, mesh.comm
    dim, kind = topology.dim, topology.cell_name()
    owned = topology.index_map(dim).size_local
    dofs = geometry.dofmaps[0][:owned]
    order = np.argsort(perm_vtk(topology.cell_type, dofs.shape[1]))
    numbers = geometry.input_global_indices
    cells = _rows(numbers[dofs][:, np.argsort(order)], comm)
    cell_tags = np.zeros(owned, dtype=np.int64)
    here = tagged.cell_tags.indices < owned
    cell_tags[tagged.cell_tags.indices[here]] = tagged.cell_tags.values[here]
    place = _rows(topology.original_cell_index[:owned], comm)
    tags = _rows(cell_tags, comm)
    local_nodes = geometry.index_map().size_local
    node_numbers = _rows(numbers[:local_nodes], comm)
    coordinates = _rows(geometry.x[:local_nodes, : geometry.dim], comm)
    topology.create_connectivity(dim - 1, 0)
    width = FACETS[kind].shape[1]
    own_facets = tagged.facet_tags.indices < topology.index_map(dim - 1).size_local
    vertices = topology.connectivity(dim - 1, 0).array.reshape(-1, width)[tagged.facet_tags.indices[own_facets]]
    if kind == "hexahedron":
        vertices = vertices[:, [0, 1, 3, 2]]  # DOLFINx counts quadrilaterals in rows, other codes around
    facets = _rows(input_vertices(mesh)[vertices], comm)
    facet_tags = _rows(tagged.facet_tags.values[own_facets], comm)
    points = np.empty_like(coordinates)
    points[node_numbers] = coordinates
    cell_order, facet_order = np.argsort(place), np.lexsort(np.sort(facets, axis=1).T)
    return MeshArrays(
        points=points,
        cells=cells[cell_order].astype(np.int64),
        cell_type=kind,
        cell_tags=tags[cell_order].astype(np.int32),
        facets=facets[facet_order].astype(np.int64),
        facet_tags=facet_tags[facet_order].astype(np.int32),
        regions=tagged.regions,
        surfaces=tagged.surfaces,
        interfaces=tagged.interfaces,
        part_of=tagged.part_of,
    )


def _rows(local: np.ndarray, comm: object) -> np.ndarray:
    return parallel.gather_rows(local, comm)  # type: ignore[arg-type]
