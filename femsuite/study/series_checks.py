"""Checks of ``[series]``: every column is a number that its cases give, from states that there are, in a unit of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from femsuite.errors import Fault, InputError, unknown
from femsuite.results.options import convert
from femsuite.study.faults import Faults
from femsuite.study.locate import Path
from femsuite.study.method_checks import any_method_numbers
from femsuite.study.metric_names import column_units, known_columns, single_numbers, states_of
from femsuite.study.model import Study
from femsuite.study.process_checks import numbers_of, numbers_of_any
from femsuite.study.series import Member, SeriesColumn


def check_series(study: Study, faults: Faults) -> None:
    """Check the columns of the series of a study: names that no case can give, stages and units.

    Args:
        study: the validated study; its cases may change its joint or method: any number of these counts as known.
        faults: takes the faults.
    """
    if study.series is None:
        return
    columns, metrics = _numbers(study, single_numbers(study))
    changed = any(key.startswith("joint") for member in study.series.members() for key in member.overrides)
    if changed or numbers_of(study) is None:
        metrics |= numbers_of_any()
    if any(key.startswith("method") for member in study.series.members() for key in member.overrides):
        metrics |= any_method_numbers()
    stages = [stage.name for stage in study.stages]
    for place, one in enumerate(study.series.columns):
        path: Path = ("series", "columns", place)
        wrong = _wrong(one, columns, metrics, study)
        if wrong:
            faults.add((*path, "of"), wrong)
            continue
        for number, name in enumerate(one.stages or ()):
            if name not in stages:
                faults.add((*path, "stages", number), unknown("stage", name, stages))
        unit = (metrics if one.over == "metric" else columns).get(one.of)
        if unit is None or one.unit is None:
            continue
        try:
            convert(0.0, unit, one.unit, one.over == "range")
        except ValueError:
            faults.add((*path, "unit"), f"'{one.unit}' is no unit for '{one.of}', which is in {unit or '1'}")


def missing_columns(study: Study, members: Sequence[tuple[Member, Study]]) -> list[Fault]:
    """Return the columns of a series that one of its members does not give, each once with the members it is about.

    Args:
        study: with the series.
        members: every member with its own study.
    """
    assert study.series is not None
    lacking: dict[int, list[str]] = {}
    for member, one in members:
        columns, metrics = _numbers(one, single_numbers(one))
        for place, column in enumerate(study.series.columns):
            if _wrong(column, columns, metrics, one):
                lacking.setdefault(place, []).append(member.name)
    found = []
    for place, names in lacking.items():
        of = study.series.columns[place].of
        key = f"series.columns.{place}.of"
        found.append(Fault(f"'{of}' is not among the numbers that {_cases(names)} will give", key=key))
    return list(study.placed(InputError(*found)).faults)


def _cases(names: Sequence[str]) -> str:
    """Return the members of a series in words: the first, and how many others."""
    others = "" if len(names) == 1 else f" and {len(names) - 1} other{'s' if len(names) > 2 else ''}"
    return f"the case '{names[0]}'{others}"


def _numbers(study: Study, metrics: Mapping[str, str | None]) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Return the columns and the metrics of a study with the units that are known."""
    units = column_units(study)
    return {name: units.get(name) for name in known_columns(study)}, dict(metrics)


def _wrong(
    one: SeriesColumn, columns: Mapping[str, str | None], metrics: Mapping[str, str | None], study: Study
) -> str | None:
    if one.over != "metric":
        if one.of in columns:
            return None
        hint = f"'{one.of}' is a metric, not a column of states; add over = \"metric\""
        return hint if one.of in metrics else unknown("column of the result table", one.of, columns)
    if one.of in metrics:
        return None
    column, at, label = one.of.partition("@")
    labels = states_of(study, column)
    if study.radiograph is not None and column.startswith("radiograph."):
        return None  # its names hang on images and regions
    if column in columns and not at:
        if len(labels) == 1:
            return None
        return f"'{column}' has a number at each of {len(labels)} states; leave out over = \"metric\""
    if column in columns:
        return None if label in labels else unknown("state", label, labels)
    return unknown("metric", one.of, metrics)
