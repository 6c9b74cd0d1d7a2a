"""A geometry's drawing -> gmsh's mesh -> arrays in metres. Serial: runs on rank 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import gmsh
import numpy as np

from femsuite.errors import FemsuiteError
from femsuite.geometry import GeometryFile, GeometryParameters, Model, NamedModel
from femsuite.geometry.columns import FinishedMesh
from femsuite.meshing.arrays import VERTICES, MeshArrays, assemble, numbered
from femsuite.meshing.options import MeshOptions

MICROMETRE = 1e-6
_GMSH_TYPE = {"line": 1, "triangle": 2, "quadrilateral": 3, "tetrahedron": 4, "hexahedron": 5}
_ALGORITHM = {"hxt": 10, "delaunay": 1}
_FLAT = 1e-6  # gmsh's gamma of a tetrahedron without volume
_OPTIMISE_BELOW = 0.35  # gmsh's gamma under which its optimiser works on a tetrahedron


def generate(geometry: GeometryFile, parameters: GeometryParameters, options: MeshOptions) -> MeshArrays:
    """Return the mesh of a geometry.

    Raises:
        InputError: the drawing leaves something unnamed.
        FemsuiteError: gmsh could not draw or mesh it; says where and what to try.
    """
    sizes = {name: size / MICROMETRE for name, size in options.sizes.items()}
    with Model(geometry.dimension(parameters), options.refinement, sizes) as model:
        try:
            geometry.draw(model, parameters)
            if model.in_columns:
                return lay(*model.finish_columns())
            named = model.finish()
            mesh_model(named, options.algorithm)
        except FemsuiteError:
            raise
        except Exception as error:  # gmsh raises bare Exceptions
            if type(error) is not Exception:
                raise
            raise FemsuiteError(
                f"gmsh could not draw or mesh the geometry '{geometry.name}': {error}. Try other sizes with "
                'mesh.sizes, another mesh.refinement, or mesh.algorithm = "delaunay".'
            ) from error
        return extract(named)


def lay(mesh: FinishedMesh, part_of: Mapping[str, str]) -> MeshArrays:
    """Return the arrays of a mesh that needs no mesher, in metres.

    Raises:
        InputError: a region without cells, a ``part_of`` that names no region.
    """
    regions, surfaces = numbered(mesh.regions), numbered(mesh.surfaces)
    region_tags = np.array([regions[name] for name in mesh.regions], dtype=np.int32)
    surface_tags = np.array([surfaces[name] for name in mesh.surfaces], dtype=np.int32)
    return assemble(
        mesh.points * MICROMETRE,
        mesh.cells,
        mesh.cell_type,
        region_tags[mesh.cell_region],
        regions,
        mesh.facets,
        surface_tags[mesh.facet_surface],
        surfaces,
        part_of,
    )


def mesh_model(named: NamedModel, algorithm: str = "hxt") -> None:
    """Mesh the current gmsh model with cells of one type, and optimise."""
    gmsh.option.setNumber("Mesh.Algorithm", 6)  # frontal Delaunay: the best triangles
    gmsh.option.setNumber("Mesh.Algorithm3D", _ALGORITHM[algorithm])
    gmsh.option.setNumber("Mesh.Optimize", 1)
    gmsh.option.setNumber("Mesh.OptimizeThreshold", _OPTIMISE_BELOW)
    if named.hexahedra and named.dimension == 2:
        gmsh.option.setNumber("Mesh.RecombineAll", 1)
    gmsh.model.mesh.generate(named.dimension)
    if named.dimension == 3 and not named.hexahedra:
        _refuse_flat(named)


def _refuse_flat(named: NamedModel) -> None:
    """Mend tetrahedra that are flat to rounding, and refuse the mesh if some stay: no solver copes with them.

    Raises:
        FemsuiteError: says in which region they lie and what to try.
    """
    for mender in ("Netgen", "Relocate3D", None):
        flat = {name: count for name, pieces in named.pieces.items() if (count := _flat(pieces))}
        if not flat:
            return
        if mender is not None:
            gmsh.model.mesh.optimize(mender, force=True)
    told = ", ".join(f"{count} in {name}" for name, count in flat.items())
    raise FemsuiteError(
        f"the mesh has tetrahedra without volume ({told}). Try a slightly other mesh.refinement, other sizes with "
        'mesh.sizes, or mesh.algorithm = "delaunay".'
    )


def _flat(pieces: Sequence[int]) -> int:
    """Return how many tetrahedra of some gmsh volumes are flat."""
    count = 0
    for piece in pieces:
        for tags in gmsh.model.mesh.getElements(3, piece)[1]:
            count += int(np.sum(np.asarray(gmsh.model.mesh.getElementQualities(tags, "gamma")) < _FLAT))
    return count


def extract(named: NamedModel) -> MeshArrays:
    """Return the arrays of the meshed current gmsh model, in metres.

    Raises:
        InputError: something has no name or two.
        FemsuiteError: the mesh holds cells of more than one type.
    """
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    row = np.full(int(tags.max()) + 1, -1, dtype=np.int64)
    row[tags] = np.arange(len(tags))
    if named.dimension == 3:
        cell_type, facet_type = ("hexahedron", "quadrilateral") if named.hexahedra else ("tetrahedron", "triangle")
    else:
        cell_type, facet_type = ("quadrilateral" if named.hexahedra else "triangle"), "line"
    regions, surfaces = numbered(list(named.pieces)), numbered(list(named.surfaces))
    cells, cell_tags = _elements(named.dimension, named.pieces, regions, cell_type)
    facets, facet_tags = _elements(named.dimension - 1, named.surfaces, surfaces, facet_type)
    cells, facets = row[cells], row[facets]
    used = np.unique(cells)
    dense = np.full(len(tags), -1, dtype=np.int64)
    dense[used] = np.arange(len(used))
    points = coordinates.reshape(-1, 3)[used][:, : named.dimension] * MICROMETRE
    return assemble(
        points, dense[cells], cell_type, cell_tags, regions, dense[facets], facet_tags, surfaces, named.part_of
    )


def _elements(
    dimension: int, groups: Mapping[str, Sequence[int]], numbers: Mapping[str, int], kind: str
) -> tuple[np.ndarray, np.ndarray]:
    width = VERTICES.get(kind, 2)
    nodes, tags = [np.empty((0, width), dtype=np.int64)], [np.empty(0, dtype=np.int32)]
    for name, entities in groups.items():
        for entity in entities:
            types, _, connectivity = gmsh.model.mesh.getElements(dimension, entity)
            for found, flat in zip(types, connectivity, strict=True):
                if found != _GMSH_TYPE[kind]:
                    other = gmsh.model.mesh.getElementProperties(found)[0]
                    raise FemsuiteError(
                        f"'{name}' holds cells of the type {other} where only {kind} cells may be: "
                        "one cell type per mesh. Divide every edge with model.divide, or use tetrahedra."
                    )
                nodes.append(flat.reshape(-1, width).astype(np.int64))
                tags.append(np.full(len(flat) // width, numbers[name], dtype=np.int32))
    return np.concatenate(nodes), np.concatenate(tags)
