"""The complete study as text, and the hash of everything its results depend on."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

import femsuite
from femsuite import library
from femsuite.study.model import Study
from femsuite.study.write import write_toml

_HEAD = "# Complete: every default and override is written out. This file runs again as it is.\n"
_DEPENDS_ON = ("dolfinx-solver-real", "fenics-dolfinx", "gmsh", "numpy", "xraylib")


def resolved_text(study: Study) -> str:
    """Return the study as TOML with all defaults filled in and all quantities in SI; it loads to an equal study."""
    return _HEAD + write_toml(study.model_dump(mode="json"))


def content_hash(study: Study) -> str:
    """Return the SHA-256 over the resolved study, the files it names, femsuite's own code and the solver's versions.

    Two runs with one hash give the same numbers, so the second need not be done.
    """
    digest = hashlib.sha256()
    digest.update(resolved_text(study).encode())
    for file in used_files(study):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    digest.update(_code_hash().encode())
    for package in _DEPENDS_ON:
        digest.update(f"{package} {_version(package)}\n".encode())
    return digest.hexdigest()


def used_files(study: Study) -> list[Path]:
    """Return the geometry file with its helpers, the mesh file and the material files of a study, in a fixed order."""
    found: set[Path] = set()
    if study.geometry is not None:
        file = library.find("geometries", study.geometry.file, ".py")
        found |= {file, *file.parent.glob("_*.py")}
    if study.mesh.file is not None:
        found.add(Path(study.mesh.file))
    made_of = [*(one.material for one in study.regions.values()), *(one.material for one in study.coatings.values())]
    found |= {library.find("materials", name, ".toml") for name in made_of}
    return sorted(found, key=lambda file: (file.name, str(file)))


@functools.cache
def _code_hash() -> str:
    """Return the hash of femsuite's own sources: in a checkout the version does not change with every edit."""
    root = Path(femsuite.__file__).parent
    return _hash_of(sorted(root.rglob("*.py")), root)


def _hash_of(files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"
