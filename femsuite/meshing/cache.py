"""Meshes kept by content: the same geometry text, parameters and options are meshed once."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from femsuite import geometry
from femsuite.errors import InputError
from femsuite.geometry import GeometryFile, GeometryParameters
from femsuite.meshing.arrays import MeshArrays
from femsuite.meshing.msh import read_msh, write_msh
from femsuite.meshing.options import MeshOptions

_FORMAT = 1  # raised when the meshing changes in a way that makes kept meshes wrong


def folder() -> Path:
    """Return the cache folder: ``$FEMSUITE_CACHE``, else ``~/.cache/femsuite``."""
    given = os.environ.get("FEMSUITE_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "femsuite"


def key_of(file: GeometryFile, parameters: GeometryParameters, options: MeshOptions) -> str:
    """Return the content hash of everything the mesh depends on, gmsh's version among it."""
    return content_hash(
        {
            "geometry": file.text,
            "dimension": file.dimension(parameters),
            "parameters": parameters.model_dump(mode="json"),
            "options": options.key(),
            "gmsh": metadata.version("gmsh"),
            "code": _drawing_code(),
        }
    )


@functools.cache
def _drawing_code() -> str:
    """Return the hash of what geometry files draw on: columns and blocks are laid by femsuite's own code."""
    digest = hashlib.sha256()
    for file in sorted(Path(geometry.__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def content_hash(parts: Mapping[str, Any]) -> str:
    """Return the hash of anything JSON can hold, with the version of the cache's own format."""
    text = json.dumps({"format": _FORMAT, **parts}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def entry(name: str, key: str) -> Path:
    """Return the folder of one kept mesh."""
    return folder() / "meshes" / f"{name}-{key}"


def load(place: Path) -> MeshArrays | None:
    """Return the kept mesh, or None if there is none or it cannot be read (it is then built again)."""
    try:
        if hashlib.sha256((place / "mesh.msh").read_bytes()).hexdigest() != _names(place)["sha256"]:
            return None
        return read_msh(place / "mesh.msh", _names(place))
    except (OSError, ValueError, KeyError, TypeError, InputError):
        return None


def store(place: Path, arrays: MeshArrays) -> Path:
    """Keep a mesh; the entry appears whole or not at all. Returns the .msh file."""
    place.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
    try:
        names = write_msh(work / "mesh.msh", arrays)
        names["sha256"] = hashlib.sha256((work / "mesh.msh").read_bytes()).hexdigest()
        (work / "names.json").write_text(json.dumps(names, indent=1), encoding="utf-8")
        if place.exists():  # corrupt, or another process was as quick
            old = Path(tempfile.mkdtemp(prefix=".old-", dir=place.parent))
            os.replace(place, old / "entry")
            shutil.rmtree(old, ignore_errors=True)
        os.replace(work, place)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        if (place / "mesh.msh").is_file():  # the other process won: its entry is the same
            return place / "mesh.msh"
        raise
    return place / "mesh.msh"


def _names(place: Path) -> dict[str, Any]:
    found = json.loads((place / "names.json").read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError("names.json is not a table")
    return found
