"""The geometry a study names: its file must exist, and its parameters must satisfy the geometry's own model."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
from femsuite.study.faults import Faults
from femsuite.study.locate import Path
from femsuite.study.references import steady_name, table
from femsuite.study.sentences import sentences

_AT: Path = ("geometry", "parameters")


class Drawn(NamedTuple):
    """What is known of a geometry before it is built; None where that cannot be told.

    Attributes:
        sources: names of the heat sources that it builds.
        dimension: 3 for a solid, 2 for a section.
    """

    sources: list[str] | None = None
    dimension: int | None = None


def check_geometry(data: dict[str, Any], folder: File, faults: Faults) -> Drawn:
    """Check the geometry, write its lasting name and all its parameters into ``data``, and say what it will draw."""
    section = table(data.get("geometry"))
    name, given = section.get("file"), section.get("parameters", {})
    if not isinstance(name, str) or not isinstance(given, dict):
        return Drawn()
    try:
        geometry = load_geometry(name, folder)
    except InputError as error:
        faults.add_all(error.faults, ("geometry", "file"))
        return Drawn()
    model = geometry.parameters
    try:
        parameters = model.model_validate(given)
    except ValidationError as error:
        for path, sentence in sentences(error, model, given):
            faults.add((*_AT, *path), sentence)
        return Drawn()
    except InputError as error:  # what does not fit together
        faults.add_all(error.faults, _AT)
        return Drawn()
    data["geometry"]["file"] = steady_name("geometries", name, ".py", folder)
    data["geometry"]["parameters"] = parameters.model_dump(mode="json")
    return Drawn(_source_names(parameters), geometry.dimension(parameters))


def _source_names(parameters: BaseModel) -> list[str] | None:
    """Return the names of the heat sources in a geometry's parameters, None if it declares none there."""
    sources = getattr(parameters, "sources", None)
    if not isinstance(sources, (list, tuple)):
        return None
    return [source.name for source in sources if hasattr(source, "name")]
