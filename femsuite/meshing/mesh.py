"""The room's front door: a geometry's name and its parameters in, a tagged mesh out."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mpi4py import MPI

from femsuite import parallel
from femsuite.geometry import load_geometry
from femsuite.meshing import cache
from femsuite.meshing.arrays import MeshArrays
from femsuite.meshing.contact_layer import insert_contact_layers
from femsuite.meshing.exchange import find_file, import_arrays
from femsuite.meshing.generate import generate
from femsuite.meshing.options import MeshOptions
from femsuite.meshing.tagged import TaggedMesh
from femsuite.meshing.transfer import transfer

LOG = logging.getLogger("femsuite")


def build_mesh(
    geometry: str | Path,
    parameters: Mapping[str, Any] | None = None,
    options: MeshOptions | None = None,
    comm: MPI.Intracomm | None = None,
    beside: Path | None = None,
) -> TaggedMesh:
    """Return the mesh of a geometry, or the finished mesh that ``options.file`` names. Collective.

    The mesh is built on rank 0 and kept in the cache; the same input a second time is read from there.

    Args:
        geometry: shipped name (``soic_package``) or path of a geometry file; not used with ``options.file``.
        parameters: what differs from the geometry's defaults, quantities as text with a unit.
        options: how to mesh.
        comm: communicator, the world by default.
        beside: folder that relative paths start from (the study file's).

    Raises:
        InputError: unknown geometry or parameter, things that do not fit together, something unnamed.
        FemsuiteError: gmsh failed.
    """
    comm = comm or parallel.world()
    options = options or MeshOptions()
    kept: list[MeshArrays] = []

    def work() -> Path | None:
        arrays, path = build_arrays(geometry, parameters, options, beside)
        kept.append(arrays)
        return path

    path = parallel.on_root(work, comm)
    return transfer(kept[0] if kept else None, comm, path)


def build_arrays(
    geometry: str | Path,
    parameters: Mapping[str, Any] | None,
    options: MeshOptions,
    beside: Path | None = None,
) -> tuple[MeshArrays, Path | None]:
    """Return the serial mesh and the .msh file it is kept in, if any; arguments as for `build_mesh`.

    Runs on one rank.
    """
    if options.file is not None:
        return _imported(options, beside)
    file = load_geometry(geometry, beside)
    checked = file.read(parameters)
    place = cache.entry(file.name, cache.key_of(file, checked, options))
    arrays = cache.load(place)
    if arrays is not None:
        return arrays, place / "mesh.msh"
    arrays = insert_contact_layers(generate(file, checked, options), options.contact_layers)
    return arrays, _kept(place, arrays)


def _kept(place: Path, arrays: MeshArrays) -> Path | None:
    """Keep a mesh; where the cache cannot be written the run goes on without it."""
    try:
        return cache.store(place, arrays)
    except OSError as error:
        LOG.warning(
            "the mesh is not kept: '%s' cannot be written (%s); FEMSUITE_CACHE names another folder",
            error.filename or place.parent,
            error.strerror or error,
        )
        return None


def _imported(options: MeshOptions, beside: Path | None) -> tuple[MeshArrays, Path | None]:
    path = find_file(options.file or "", beside)
    names = path.with_name(path.name + ".names.json")
    place = cache.entry(
        path.stem,
        cache.content_hash(
            {
                "suffix": path.suffix,
                "files": [hashlib.sha256(file.read_bytes()).hexdigest() for file in (path, names) if file.is_file()],
                "unit": options.unit,
                "contact_layers": options.contact_layers,
            }
        ),
    )
    arrays = cache.load(place)
    if arrays is not None:
        return arrays, place / "mesh.msh"
    arrays = insert_contact_layers(import_arrays(path, options.unit), options.contact_layers)
    return arrays, _kept(place, arrays)
