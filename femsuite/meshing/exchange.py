"""The door to other codes: named meshes out to and in from .inp, .med, .msh, .vtu and .xdmf.

Names travel as each format has them: element sets in .inp, families in .med, physical groups in .msh. The formats of
VTK have none, so a small ``<file>.names.json`` beside the file carries them; it is written for every format because
only it tells which region is part of which.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import meshio
import numpy as np

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.meshing.arrays import FACET_CELL, MeshArrays, assemble, facet_table, numbered
from femsuite.meshing.gather import gather_arrays
from femsuite.meshing.msh import FROM_MESHIO, quiet, to_meshio
from femsuite.meshing.straighten import straight_cells
from femsuite.meshing.tagged import TaggedMesh

FORMATS = {".inp": "abaqus", ".med": "med", ".msh": "gmsh22", ".vtu": "vtu", ".xdmf": "xdmf"}
SCALE = {"m": 1.0, "mm": 1e-3, "um": 1e-6}
_FACETS = "_facets"  # put behind the name of a surface in .inp that is also the name of a region
Sets = list[tuple[str, int, np.ndarray]]  # name, number of the block, rows in it


def export(mesh: TaggedMesh | MeshArrays, path: str | Path) -> Path:
    """Write a mesh with its names, in metres. Collective for a `TaggedMesh`; rank 0 writes.

    Args:
        mesh: what to write.
        path: file; its suffix tells the format.

    Raises:
        InputError: the suffix is none of the formats.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise InputError(f"'{path}' cannot be written: there is no folder '{path.parent}'")
    if path.suffix not in FORMATS:
        raise InputError(f"meshes are not written as '{path.suffix}'; allowed: {', '.join(FORMATS)}")
    if isinstance(mesh, MeshArrays):
        _write(mesh, path)
        return path
    arrays = gather_arrays(mesh)
    parallel.on_root(lambda: _write(arrays, path), mesh.mesh.comm)
    return path


def import_arrays(name: str | Path, unit: str = "m", beside: Path | None = None) -> MeshArrays:
    """Return a mesh of another code: named sets of cells become regions, of facets or outer nodes surfaces.

    Outer facets in no set become the surface ``outer``. Mid nodes of quadratic cells are dropped (with a warning) if
    the edges are straight.

    Args:
        name: the file, relative to ``beside`` or here.
        unit: what one unit of length in it means: ``m``, ``mm`` or ``um``.
        beside: folder that relative paths start from.

    Raises:
        InputError: no such file, no format that is read, mixed or curved cells, cells in no set or in two.
    """
    path = find_file(name, beside)
    _load_hdf5(path)
    try:
        with quiet():
            mesh = meshio.read(path)
    except (Exception, SystemExit) as error:  # meshio's readers fail in many ways
        raise InputError(f"{path} cannot be read as a mesh: {error}") from error
    table = _sidecar(path)
    sets = _named_sets(mesh, table)
    dimension = max((block.dim for block in mesh.cells), default=0)
    blocks = [number for number, block in enumerate(mesh.cells) if block.dim == dimension]
    kinds = sorted({mesh.cells[number].type for number in blocks})
    if len(kinds) != 1 or dimension < 2:
        raise InputError(
            f"{path} holds cells of the types {', '.join(kinds) or 'none'}; one cell type per mesh is read"
        )
    cells, kind = straight_cells(mesh.points, np.concatenate([mesh.cells[b].data for b in blocks]), kinds[0], path)
    region_names, cell_tags = _regions(mesh, sets, blocks, len(cells), path)
    used = np.unique(cells)
    dense = np.full(len(mesh.points), -1, dtype=np.int64)
    dense[used] = np.arange(len(used))
    points = np.asarray(mesh.points, dtype=np.float64)[used][:, :dimension] * SCALE[unit]
    cell_type = FROM_MESHIO[kind]
    outer = facet_table(dense[cells], cell_type, cell_tags).outer
    surfaces, tags = _surfaces(mesh, sets, outer, dense, cell_type)
    part_of = {c: p for c, p in table.get("part_of", {}).items() if c in region_names and p in region_names}
    return assemble(points, dense[cells], cell_type, cell_tags, region_names, outer, tags, surfaces, part_of)


def find_file(name: str | Path, beside: Path | None = None) -> Path:
    """Return the mesh file; raises `InputError` when there is none or its format is not read."""
    for folder in (beside or Path.cwd(), Path.cwd()):
        path = folder / name
        if path.is_file():
            if path.suffix not in FORMATS:
                raise InputError(f"meshes are not read from '{path.suffix}'; allowed: {', '.join(FORMATS)}")
            return path.resolve()
    raise InputError(f"there is no mesh file '{name}'")


def _load_hdf5(path: Path) -> None:
    """Import h5py, which meshio needs for some formats, so that it finds its own HDF5 and not the solver's."""
    if path.suffix not in (".med", ".xdmf"):
        return
    before = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_NOW | getattr(os, "RTLD_DEEPBIND", 0))
    try:
        importlib.import_module("h5py")
    finally:
        sys.setdlopenflags(before)


def _write(arrays: MeshArrays, path: Path) -> None:
    _load_hdf5(path)
    mesh = to_meshio(arrays)
    tags = mesh.cell_data.pop("gmsh:physical")
    geometrical = mesh.cell_data.pop("gmsh:geometrical")
    fields, mesh.field_data = mesh.field_data, {}
    facet_names = {**arrays.surfaces, **arrays.interfaces}
    empty = np.empty(0, dtype=np.int64)
    if path.suffix == ".inp":
        mesh.cell_sets = {name: [np.flatnonzero(tags[0] == tag), empty] for name, tag in arrays.regions.items()}
        for name, tag in facet_names.items():
            own = name + _FACETS if name in arrays.regions else name  # one name is one set in .inp
            mesh.cell_sets[own] = [empty, np.flatnonzero(tags[1] == tag)]
    elif path.suffix == ".med":
        top = max(arrays.regions.values())
        mesh.cell_data["cell_tags"] = [-tags[0], -(tags[1] + top)]  # MED: families of elements are negative
        mesh.cell_tags = {-tag: [name] for name, tag in arrays.regions.items()}
        mesh.cell_tags |= {-(tag + top): [name] for name, tag in facet_names.items()}
        mesh.points = mesh.points[:, : arrays.dimension]
    elif path.suffix == ".msh":
        mesh.field_data = fields
        mesh.cell_data = {"gmsh:physical": tags, "gmsh:geometrical": geometrical}
    else:
        mesh.cell_data["tag"] = tags
    with quiet():
        meshio.write(path, mesh, file_format=FORMATS[path.suffix])
    names = {
        "regions": dict(arrays.regions),
        "surfaces": facet_names,
        "part_of": dict(arrays.part_of),
    }
    _sidecar_path(path).write_text(json.dumps(names, indent=1), encoding="utf-8")


def _sidecar_path(path: Path) -> Path:
    return path.with_name(path.name + ".names.json")


def _sidecar(path: Path) -> dict[str, Any]:
    beside = _sidecar_path(path)
    if not beside.is_file():
        return {}
    try:
        return dict(json.loads(beside.read_text(encoding="utf-8")))
    except ValueError as error:
        raise InputError(f"{beside} is not readable as JSON: {error}") from error


def _named_sets(mesh: meshio.Mesh, table: Mapping[str, Any]) -> Sets:
    """Return every named set of elements, whatever way the format keeps them."""
    top = max((block.dim for block in mesh.cells), default=0)
    sets: Sets = []
    for name, members in mesh.cell_sets.items():
        stem = name.removesuffix(_FACETS)
        name = stem if stem in mesh.cell_sets else name
        sets += [(name, number, np.asarray(rows, dtype=np.int64)) for number, rows in enumerate(members)
                 if rows is not None and len(rows) and not name.startswith("gmsh:")]  # fmt: skip
    for number, block in enumerate(mesh.cells):
        if "cell_tags" in mesh.cell_data:
            values = np.asarray(mesh.cell_data["cell_tags"][number])
            groups = {tag: names for tag, names in getattr(mesh, "cell_tags", {}).items() if np.any(values == tag)}
            sets += [
                (name, number, np.flatnonzero(values == tag))
                for tag, names in sorted(groups.items(), reverse=True)
                for name in names
            ]
        elif "gmsh:physical" in mesh.cell_data:
            values = np.asarray(mesh.cell_data["gmsh:physical"][number])
            named = {int(tag): name for name, (tag, dim) in mesh.field_data.items() if dim == block.dim}
            if table:  # a region and an interface may share a name, which gmsh's own list cannot hold
                named |= {tag: name for name, tag in table["regions" if block.dim == top else "surfaces"].items()}
            sets += [(named.get(int(tag), f"group_{tag}"), number, np.flatnonzero(values == tag))
                     for tag in np.unique(values) if tag != 0]  # fmt: skip
        elif "tag" in mesh.cell_data:
            values = np.asarray(mesh.cell_data["tag"][number]).reshape(-1)
            named = {tag: name for name, tag in table.get("regions" if block.dim == top else "surfaces", {}).items()}
            sets += [(named.get(int(tag), f"group_{tag}"), number, np.flatnonzero(values == tag))
                     for tag in np.unique(values)]  # fmt: skip
    return sets


def _regions(
    mesh: meshio.Mesh, sets: Sets, blocks: list[int], count: int, path: Path
) -> tuple[dict[str, int], np.ndarray]:
    start = dict(zip(blocks, np.cumsum([0, *(len(mesh.cells[b].data) for b in blocks)])[:-1], strict=True))
    members: dict[str, list[np.ndarray]] = {}
    for name, number, rows in sets:
        if number in start:
            members.setdefault(name, []).append(rows + start[number])
    merged = {name: np.unique(np.concatenate(rows)) for name, rows in members.items()}
    if len(merged) > 1:  # a set of everything, which many codes keep, names no region
        merged = {name: rows for name, rows in merged.items() if len(rows) < count} or merged
    if not merged:
        merged = {"body": np.arange(count)}
    names = numbered(list(merged))
    tags = np.zeros(count, dtype=np.int32)
    for name, rows in merged.items():
        if np.any(tags[rows]):
            both = next(other for other, tag in names.items() if tag == tags[rows].max())
            raise InputError(f"{path}: {np.count_nonzero(tags[rows])} cells are both in '{both}' and in '{name}'")
        tags[rows] = names[name]
    if np.any(tags == 0):
        raise InputError(f"{path}: {np.count_nonzero(tags == 0)} cells are in no named set; every cell needs a region")
    return names, tags


def _surfaces(
    mesh: meshio.Mesh, sets: Sets, outer: np.ndarray, dense: np.ndarray, cell_type: str
) -> tuple[dict[str, int], np.ndarray]:
    kind = FACET_CELL[cell_type]
    place = {tuple(facet): row for row, facet in enumerate(np.sort(outer, axis=1).tolist())}
    found: dict[str, list[int]] = {}
    for name, number, rows in sets:
        block = mesh.cells[number]
        if not block.type.startswith(kind):
            continue
        corners = np.sort(dense[block.data[rows][:, : outer.shape[1]]], axis=1)
        hits = [place[key] for key in map(tuple, corners.tolist()) if key in place]
        if hits:
            found.setdefault(name, []).extend(hits)
    tags = np.zeros(len(outer), dtype=np.int32)
    names = numbered(list(found))
    for name, hits in found.items():
        clash = [hit for hit in hits if tags[hit] not in (0, names[name])]
        if clash:
            other = next(who for who, tag in names.items() if tag == tags[clash[0]])
            raise InputError(f"{len(clash)} outer facets are both in '{other}' and in '{name}'")
        tags[hits] = names[name]
    for name, nodes in mesh.point_sets.items():
        inside = np.zeros(len(dense) + 1, dtype=bool)
        inside[dense[np.asarray(nodes, dtype=np.int64)]] = True  # a dropped mid node is -1: the last, unused place
        inside[-1] = False
        hits_mask = inside[outer].all(axis=1) & (tags == 0)
        if np.any(hits_mask) and name not in names:
            names[name] = len(names) + 1
            tags[hits_mask] = names[name]
    if np.any(tags == 0):
        rest = "outer" if "outer" not in names else "outer_rest"
        names[rest] = len(names) + 1
        tags[tags == 0] = names[rest]
    return names, tags
