"""The names and units of what a run will give, as far as the study alone decides them: columns and single numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from femsuite.failure.lives import Found, numbers
from femsuite.results.fits import MODELS
from femsuite.results.names import FACE_KINDS, FIELD_UNITS
from femsuite.results.options import QuantityOptions
from femsuite.results.table import swept_unit
from femsuite.study.method_checks import method_numbers
from femsuite.study.model import Study
from femsuite.study.process_checks import numbers_of
from femsuite.topograph.measures import CRYSTAL, UNITS, streak_name

KINDS_OF_ERROR = ("uncertainty", "formal", "jackknife")
BALANCES: Mapping[str, tuple[str, ...]] = {
    "heat": ("heat", "recovered_flux_gap"),
    "electric": ("current", "electric_power"),
    "mechanics": ("force", "moment", "out_of_balance"),
    "radiograph": ("radiograph_faces", "radiograph_rays"),
}
"""Table of the study -> the balances that a run with it may keep."""


def known_columns(study: Study) -> list[str]:
    """Return the columns of the result table: swept values, quantities, measures of topographs, derived columns."""
    return sorted({*given_columns(study), *_computed(study)})


def given_columns(study: Study) -> list[str]:
    """Return the columns that say what was done to the model, as ``time`` and ``power``: they are no results."""
    swept = {key for stage in study.stages for point in stage.points() for key in point.values}
    return sorted({"time", *swept} - _computed(study))


def _computed(study: Study) -> set[str]:
    named = {*(one.name for one in study.quantities), *(one.name for one in study.derived)}
    named |= {*study.coating_columns()}
    named |= {*(study.electric.columns() if study.electric is not None else ())}
    named |= {column for one in study.failures for column in one.columns()}
    return named | {*_measures(study)}


def _measures(study: Study) -> dict[str, str]:
    """Return the columns that topographs add, and their units."""
    if study.topograph is None:
        return {}
    return {**UNITS, **{streak_name(position): "m" for position in study.topograph.section.positions}}


def states_of(study: Study, column: str) -> list[str]:
    """Return the labels of the states at which a column has a number."""
    stages = next((one.stages for one in study.quantities if one.name == column), None)
    if study.topograph is not None and column in _measures(study):
        stages = study.topograph.stages
    return [point.label for stage in study.stages if stages is None or stage.name in stages for point in stage.points()]


def column_units(study: Study) -> dict[str, str]:
    """Return the units of columns that are known before anything is computed."""
    found = {one.name: one.unit for one in study.derived}
    found |= {name: unit for name, (unit, _) in study.coating_columns().items()}
    found |= {name: unit for name, (unit, _) in (study.electric.columns() if study.electric else {}).items()}
    found |= {name: unit for one in study.failures for name, (unit, _) in one.columns().items()}
    for one in study.quantities:
        unit = one.unit if one.unit is not None else _taken_in(one)
        if unit is not None and one.minus is None:
            found[one.name] = unit
    return {**{name: swept_unit(name) or "" for name in given_columns(study)}, **found, **_measures(study)}


def _taken_in(one: QuantityOptions) -> str | None:
    """Return the SI unit of a quantity without one of its own; None where it hangs on the mesh's dimension."""
    if one.kind in FACE_KINDS:
        return "m"
    return FIELD_UNITS.get(one.field.partition(".")[0]) if one.kind not in ("integral", "range") else None


def single_numbers(study: Study) -> dict[str, str | None]:
    """Return the metrics that are one number for all states, and their units; None for a unit that is not known yet.

    Those of a radiograph and of single states (``peak@power=1.5 W``) are left out.
    """
    found: dict[str, str | None] = {}
    for fit in study.fits:
        for parameter in MODELS[fit.model].parameters if fit.model in MODELS else ():
            name = f"fit.{fit.name}.{parameter}"
            found |= dict.fromkeys((name, *(f"{name}_{kind}" for kind in KINDS_OF_ERROR)))
    if study.calibration is not None:
        found |= {"calibration.found": "", "calibration.reached": ""}
    if study.topograph is not None:
        found |= {f"crystal.{name}": unit for name, unit in CRYSTAL.items()}
    for life in study.lives:
        nothing = Found(None, math.nan, math.nan, "", "")  # only the names are wanted
        found |= {name: unit for name, (_, unit, _) in numbers(life, nothing).items()}
    for room, names in BALANCES.items():
        if getattr(study, room) is not None:
            found |= {f"balance.{name}": "" for name in names}
    return {**found, **(numbers_of(study) or {}), **method_numbers(study)}
