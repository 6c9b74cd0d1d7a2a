"""Geometry files: found by name or loaded by path, checked for what every one must have."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from femsuite import library
from femsuite.errors import Fault, FemsuiteError, InputError
from femsuite.geometry.model import Model
from femsuite.geometry.parameters import GeometryParameters, read_parameters


@dataclass(frozen=True)
class GeometryFile:
    """One loaded geometry file.

    Attributes:
        name: the file's name without suffix.
        path: the file.
        text: its source, part of the key of the mesh cache.
        parameters: its class of parameters.
        build: function of a `Model` and the parameters that draws the geometry.
        fixed_dimension: 3, or 2 for a plane section (``DIMENSION = 2`` in the file); a function of the parameters where
            a file can draw both (``def dimension(parameters)``).
    """

    name: str
    path: Path
    text: str
    parameters: type[GeometryParameters]
    build: Callable[[Model, Any], None]
    fixed_dimension: int | Callable[[Any], int]

    def dimension(self, parameters: GeometryParameters) -> int:
        """Return 2 or 3."""
        return self.fixed_dimension if isinstance(self.fixed_dimension, int) else self.fixed_dimension(parameters)

    def draw(self, model: Model, parameters: GeometryParameters) -> None:
        """Run ``build``; whatever goes wrong in it becomes an `InputError` with the line, the same on every rank."""
        try:
            self.build(model, parameters)
        except FemsuiteError:
            raise
        except Exception as error:
            raise InputError(_fault_in(self.path, "drawing failed", error)) from error

    def read(self, given: Mapping[str, Any] | None = None, key: str = "geometry.parameters") -> GeometryParameters:
        """Return the checked parameters; raises `InputError` with every fault."""
        return read_parameters(self.parameters, given or {}, key)


def load_geometry(name: str | Path, beside: Path | None = None) -> GeometryFile:
    """Return the geometry that a name (``soic_package``) or a path (``my/package.py``) means.

    Args:
        name: shipped name, or path of a file.
        beside: folder that relative paths start from.

    Raises:
        InputError: no such file, it cannot be read as Python, or it lacks ``Parameters`` or ``build``.
    """
    path = library.find("geometries", str(name), ".py", beside)
    text = path.read_text(encoding="utf-8")
    identity = hashlib.sha256(f"{path}\n{text}".encode()).hexdigest()[:12]
    spec = importlib.util.spec_from_file_location(f"femsuite_geometry_{path.stem}_{identity}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # pydantic looks up annotations there
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise InputError(Fault(f"this is not valid Python: {error.msg}", file=str(path), line=error.lineno)) from error
    except Exception as error:
        raise InputError(_fault_in(path, "the geometry file cannot be loaded", error)) from error
    faults = []
    parameters = getattr(module, "Parameters", None)
    if not (isinstance(parameters, type) and issubclass(parameters, GeometryParameters)):
        faults.append(Fault("a geometry file has a class Parameters(GeometryParameters); this one has not", str(path)))
    if not callable(getattr(module, "build", None)):
        faults.append(Fault("a geometry file has a function build(model, parameters); this one has not", str(path)))
    dimension = getattr(module, "DIMENSION", 3)
    if callable(getattr(module, "dimension", None)):
        dimension = module.dimension
    elif dimension not in (2, 3):
        faults.append(Fault(f"DIMENSION is {dimension!r}; allowed: 2 or 3", str(path)))
    if faults:
        raise InputError(*faults)
    return GeometryFile(path.stem, path, text, parameters, module.build, dimension)  # type: ignore[arg-type]


def _fault_in(path: Path, what: str, error: Exception) -> Fault:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    kind = "" if type(error) is Exception else f"{type(error).__name__}: "  # gmsh raises bare Exceptions
    return Fault(f"{what}: {kind}{error}", file=str(path), line=lines[-1] if lines else None)
