"""From a study file and the overrides of the command line to a checked ``Study``; all faults at once."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from femsuite.conditions import HEAT
from femsuite.errors import Fault, InputError
from femsuite.study.base import with_base
from femsuite.study.checks import check
from femsuite.study.faults import Faults, Places
from femsuite.study.locate import Path
from femsuite.study.model import Study
from femsuite.study.override import apply_overrides
from femsuite.study.read import find_study, format_fault, read_study
from femsuite.study.resolve import content_hash
from femsuite.study.sentences import sentences


def load(path_or_name: str | File, overrides: Sequence[str] = (), alone: bool = False) -> Study:
    """Return the checked study of a file. Not collective: call it on one rank and broadcast, or on every rank.

    Args:
        path_or_name: a path, or the name of a shipped study (``lm3046/power_sweep`` or ``power_sweep``).
        overrides: ``key=value`` texts, laid over the file in their order.
        alone: leave the file's ``[series]`` out: the study of one of its members.

    Raises:
        InputError: with every fault of the file and the overrides that can be found without a mesh.
    """
    source = with_base(read_study(find_study(path_or_name)))
    wrong_format = format_fault(source.data)
    if wrong_format:
        line = source.lines.of(("format",)) or 1
        raise InputError(Fault(wrong_format, file=source.shown, line=line, key="format"))
    data, taken, bad_overrides = apply_overrides(source.data, overrides)
    if alone:
        data.pop("series", None)
    faults = Faults(Places(source, taken), found=list(bad_overrides))
    data = _fill_ambient(data, faults.silent)
    study: Study | None = None
    try:
        study = Study.model_validate(data)
    except ValidationError as error:
        for path, sentence in sentences(error, Study, data):
            faults.add(path, sentence)
    completed = check(data, study, source.file.parent, faults)
    if faults.found or study is None:
        raise InputError(*faults.in_order())
    study = Study.model_validate(completed)
    study._places = faults.places
    study._content_hash = content_hash(study)
    return study


def _fill_ambient(given: Mapping[str, Any], filled: set[Path]) -> dict[str, Any]:
    """Return the data with ``heat.ambient`` in every heat condition that has an ambient and names none."""
    data = copy.deepcopy(dict(given))
    heat = data.get("heat")
    if not isinstance(heat, dict) or not isinstance(heat.get("conditions"), list):
        return data
    for number, condition in enumerate(heat["conditions"]):
        kind = HEAT.get(str(condition.get("type"))) if isinstance(condition, dict) else None
        if kind is not None and "ambient" in kind.model_fields and "ambient" not in condition:
            condition["ambient"] = heat.get("ambient")
            filled.add(("heat", "conditions", number, "ambient"))
    return data
