"""Mesh arrays in gmsh's own file format, read and written without gmsh, exact to the last bit, in metres."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import meshio
import numpy as np

from femsuite.meshing.arrays import FACET_CELL, MeshArrays

TO_MESHIO = {"triangle": "triangle", "quadrilateral": "quad", "tetrahedron": "tetra", "hexahedron": "hexahedron"}
FROM_MESHIO = {name: ours for ours, name in TO_MESHIO.items()}


def to_meshio(arrays: MeshArrays) -> meshio.Mesh:
    """Return the mesh with gmsh's physical groups: one block of cells, one of tagged facets."""
    points = np.zeros((len(arrays.points), 3))
    points[:, : arrays.dimension] = arrays.points
    tags = [arrays.cell_tags.astype(np.int32), arrays.facet_tags.astype(np.int32)]
    field = {name: np.array([tag, arrays.dimension]) for name, tag in arrays.regions.items()}
    for names in (arrays.surfaces, arrays.interfaces):
        field |= {name: np.array([tag, arrays.dimension - 1]) for name, tag in names.items() if name not in field}
    return meshio.Mesh(
        points,
        [(TO_MESHIO[arrays.cell_type], arrays.cells), (FACET_CELL[arrays.cell_type], arrays.facets)],
        cell_data={"gmsh:physical": tags, "gmsh:geometrical": [tag.copy() for tag in tags]},
        field_data=field,
    )


def write_msh(path: Path, arrays: MeshArrays) -> dict[str, Any]:
    """Write the mesh as binary MSH 2.2; returns the names, which go into a JSON file beside it."""
    with quiet():
        meshio.write(path, to_meshio(arrays), file_format="gmsh22", binary=True)
    return {
        "cell_type": arrays.cell_type,
        "dimension": arrays.dimension,
        "cells": len(arrays.cells),
        "regions": dict(arrays.regions),
        "surfaces": dict(arrays.surfaces),
        "interfaces": dict(arrays.interfaces),
        "part_of": dict(arrays.part_of),
    }


def read_msh(path: Path, names: Mapping[str, Any]) -> MeshArrays:
    """Return what `write_msh` wrote.

    Raises:
        ValueError: the file is not whole.
    """
    try:
        with quiet():
            mesh = meshio.read(path, file_format="gmsh")
    except (Exception, SystemExit) as error:  # meshio's readers fail in many ways on a damaged file, exit among them
        raise ValueError(f"{path} cannot be read: {error}") from error
    cell_type, dimension = names["cell_type"], names["dimension"]
    cells, cell_tags = _block(mesh, TO_MESHIO[cell_type])
    facets, facet_tags = _block(mesh, FACET_CELL[cell_type])
    if len(cells) != names["cells"]:
        raise ValueError(f"{path} holds {len(cells)} cells instead of {names['cells']}")
    return MeshArrays(
        points=np.ascontiguousarray(mesh.points[:, :dimension], dtype=np.float64),
        cells=cells,
        cell_type=cell_type,
        cell_tags=cell_tags,
        facets=facets,
        facet_tags=facet_tags,
        regions=names["regions"],
        surfaces=names["surfaces"],
        interfaces=names["interfaces"],
        part_of=names["part_of"],
    )


def _block(mesh: meshio.Mesh, kind: str) -> tuple[np.ndarray, np.ndarray]:
    found = [(block.data, tag) for block, tag in zip(mesh.cells, mesh.cell_data["gmsh:physical"], strict=True)
             if block.type == kind]  # fmt: skip
    if not found:
        raise ValueError(f"there are no cells of the type {kind}")
    return (
        np.concatenate([data for data, _ in found]).astype(np.int64),
        np.concatenate([tag for _, tag in found]).astype(np.int32),
    )


@contextlib.contextmanager
def quiet() -> Any:
    """Swallow what meshio prints."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
