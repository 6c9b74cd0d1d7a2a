"""The geometry a study names: its file must exist, and its parameters must satisfy the geometry's own model."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path as File
from typing import Any

from pydantic import BaseModel, ValidationError

from femsuite import library
from femsuite.errors import Fault, InputError
from femsuite.study.faults import Faults
from femsuite.study.locate import Path
from femsuite.study.references import steady_name, table
from femsuite.study.sentences import sentences

_AT: Path = ("geometry", "parameters")


def check_geometry(data: dict[str, Any], folder: File, faults: Faults) -> list[str] | None:
    """Check the geometry and write its lasting name and all its parameters into ``data``.

    Returns:
        The heat sources that the geometry builds, None where that cannot be told before it is built.
    """
    section = table(data.get("geometry"))
    name, given = section.get("file"), section.get("parameters", {})
    if not isinstance(name, str) or not isinstance(given, dict):
        return None
    try:
        model = parameters_model(library.find("geometries", name, ".py", folder))
    except InputError as error:
        faults.add_all(error.faults, ("geometry", "file"))
        return None
    try:
        parameters = model.model_validate(given)
    except ValidationError as error:
        for path, sentence in sentences(error, model, given):
            faults.add((*_AT, *path), sentence)
        return None
    except InputError as error:
        faults.add_all(error.faults, _AT)
        return None
    data["geometry"]["file"] = steady_name("geometries", name, ".py", folder)
    data["geometry"]["parameters"] = parameters.model_dump(mode="json")
    return _source_names(parameters)


def parameters_model(path: File) -> type[BaseModel]:
    """Return the ``Parameters`` of a geometry file.

    Raises:
        InputError: the file cannot be run or has no such model.
    """
    name = f"femsuite_geometry_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pydantic looks up annotations there
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(
            Fault(f"this geometry cannot be run: {type(error).__name__}: {error}", file=str(path))
        ) from error
    model = getattr(module, "Parameters", None)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise InputError(Fault("this geometry has no pydantic model named Parameters", file=str(path)))
    return model


def _source_names(parameters: BaseModel) -> list[str] | None:
    """Return the names of the heat sources in a geometry's parameters, None if it declares none there."""
    sources = getattr(parameters, "sources", None)
    if not isinstance(sources, (list, tuple)):
        return None
    return [source.name for source in sources if hasattr(source, "name")]
