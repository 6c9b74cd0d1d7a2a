"""The geometry a study names: its file must exist, and its parameters must satisfy the geometry's own model."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

from pydantic import BaseModel, ValidationError

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
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
        model = load_geometry(name, folder).parameters
    except InputError as error:
        faults.add_all(error.faults, ("geometry", "file"))
        return None
    try:
        parameters = model.model_validate(given)
    except ValidationError as error:
        for path, sentence in sentences(error, model, given):
            faults.add((*_AT, *path), sentence)
        return None
    except InputError as error:  # what does not fit together
        faults.add_all(error.faults, _AT)
        return None
    data["geometry"]["file"] = steady_name("geometries", name, ".py", folder)
    data["geometry"]["parameters"] = parameters.model_dump(mode="json")
    return _source_names(parameters)


def _source_names(parameters: BaseModel) -> list[str] | None:
    """Return the names of the heat sources in a geometry's parameters, None if it declares none there."""
    sources = getattr(parameters, "sources", None)
    if not isinstance(sources, (list, tuple)):
        return None
    return [source.name for source in sources if hasattr(source, "name")]
