"""Checks of ``[[compare]]``, ``[[band]]``, published lines and constants: a run of hours must not end in a misprint."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path as File
from typing import Any

import numpy as np

from femsuite.errors import unknown
from femsuite.material.formula import Formula
from femsuite.results.options import CompareOptions, convert, difference_unit
from femsuite.results.published import curve, in_units
from femsuite.study.faults import Faults
from femsuite.study.locate import Path, dotted
from femsuite.study.metric_names import column_units, given_columns, single_numbers, states_of
from femsuite.study.model import Study
from femsuite.study.override import key_path
from femsuite.study.process_checks import numbers_of
from femsuite.study.sentences import value_at


def check_comparisons(study: Study, columns: Iterable[str], faults: Faults, moved: bool = False) -> None:
    """Check that the study gives every number that it compares, in a unit that goes with the published one.

    Args:
        study: the validated study.
        columns: of its result table.
        faults: takes the faults.
        moved: whether the command line changed the stages: rows of states that are gone then have no number.
    """
    columns = list(columns)
    labels = [point.label for stage in study.stages for point in stage.points()]
    single = single_numbers(study)
    units = {**column_units(study), **single}
    for place, one in enumerate(study.compare):
        path = ("compare", place)
        if study.radiograph is not None and one.metric.startswith("radiograph."):
            _check_radiograph(study, one, path, faults)
        elif one.metric in given_columns(study):
            faults.add((*path, "metric"), f"'{one.metric}' is given to the run, not a result of it")
        elif one.metric in columns:
            if one.at is None and len(labels) > 1:
                sentence = (
                    f"this key is missing: '{one.metric}' has a value at each of {len(labels)} states; say at which"
                )
                faults.add((*path, "at"), f"{sentence}, such as {labels[-1]}")
            if one.at is not None and one.at not in states_of(study, one.metric) and not moved:
                faults.add((*path, "at"), unknown("state", one.at, states_of(study, one.metric)))
        elif one.metric not in single:
            if not (one.metric.startswith("joint.") and numbers_of(study) is None):  # [joint] itself is told of
                results = sorted({*columns} - {*given_columns(study)})
                faults.add((*path, "metric"), unknown("metric", one.metric, [*results, *single]))
        elif one.at is not None:
            faults.add((*path, "at"), f"'{one.metric}' is one number for all states; leave this key out")
        unit = units.get(one.metric)
        if unit is not None:
            try:
                convert(0.0, unit, one.published.unit)
            except ValueError:
                faults.add(
                    (*path, "published"), f"'{one.published}' cannot be compared with '{one.metric}' in {unit or '1'}"
                )
        if one.uncertainty is not None:
            try:
                convert(0.0, one.uncertainty.unit, difference_unit(one.published.unit), difference=True)
            except ValueError:
                faults.add((*path, "uncertainty"), f"'{one.uncertainty}' is of another kind than '{one.published}'")


def _check_radiograph(study: Study, one: CompareOptions, path: tuple[str, int], faults: Faults) -> None:
    """Check a metric of a radiograph: a transmission of an area, an attenuation of a material, at an image's label."""
    options = study.radiograph
    assert options is not None
    materials = {File(region.material).name.removesuffix(".toml") for region in study.regions.values()}
    if not options.metric_name(one.metric, materials):
        known = [f"radiograph.transmission_{name}" for name in options.areas] or ["radiograph.transmission_<region>"]
        known += [f"radiograph.attenuation_{name}" for name in materials]
        faults.add((*path, "metric"), unknown("metric", one.metric, known))
        return
    labels = options.images()
    if one.at is None:
        faults.add((*path, "at"), f'this key is missing: say in which image, such as at = "{next(iter(labels))}"')
    elif one.at not in labels:
        faults.add((*path, "at"), unknown("image", one.at, labels))
    unit = "1/m" if one.metric.startswith("radiograph.attenuation_") else ""
    try:
        convert(0.0, unit, one.published.unit)
    except ValueError:
        faults.add((*path, "published"), f"'{one.published}' cannot be compared with '{one.metric}' in {unit or '1'}")


def check_axes(study: Study, faults: Faults) -> None:
    """Check the units that plots, fits and the calibration ask for, where those of the columns are known."""
    units = column_units(study)

    def goes(path: Path, column: str, wanted: str | None) -> None:
        unit = units.get(column)
        if unit is None or wanted is None:
            return
        try:
            convert(0.0, unit, wanted)
        except ValueError:
            faults.add(path, f"'{wanted}' is no unit for '{column}', which is in {unit or '1'}")

    for place, plot in enumerate(study.plots):
        goes(("plots", place, "x_unit"), plot.x, plot.x_unit)
        for name in plot.y:
            goes(("plots", place, "y_unit"), name, plot.y_unit)
    for place, fit in enumerate(study.fits):
        for number, end in enumerate(fit.x_range or ()):
            goes(("fits", place, "x_range", number), fit.x, end.unit)
    if study.calibration is not None:
        target = study.calibration.target
        goes(("calibration", "target"), study.calibration.metric, target.unit)
        if not target.value > 0.0:
            faults.add(("calibration", "target"), f"'{target}' is not above zero, so no ratio to it can be found")


def check_lines(study: Study, faults: Faults) -> None:
    """Check that the published lines and points of a plot are in units that go with its axes, where these are known."""
    units = column_units(study)
    for place, plot in enumerate(study.plots):
        x_unit = plot.x_unit if plot.x_unit is not None else units.get(plot.x)
        y_unit = plot.y_unit if plot.y_unit is not None else units.get(plot.y[0])
        if x_unit is None or y_unit is None:
            continue
        for number, line in enumerate(plot.lines):
            try:
                curve(line, np.zeros(1), (x_unit, y_unit))
            except ValueError as error:
                faults.add(("plots", place, "lines", number), str(error))
        for number, points in enumerate(plot.points):
            try:
                in_units(points, (x_unit, y_unit))
            except ValueError as error:
                faults.add(("plots", place, "points", number), str(error))


def check_expressions(study: Study, faults: Faults) -> None:
    """Check that a derived column that hangs on nothing has a finite value."""
    for place, one in enumerate(study.derived):
        if one.names:
            continue
        with np.errstate(all="ignore"):
            value = np.asarray(Formula(one.expression)({}), dtype=float)
        if not np.all(np.isfinite(value)):
            faults.add(("derived", place, "expression"), f"'{one.expression}' has no finite value")


def check_band(data: Mapping[str, Any], study: Study, faults: Faults) -> None:
    """Check that the keys whose other values the band tries exist.

    Args:
        data: the study as plain data with all parameters of its geometry.
        study: the validated study, which knows the defaults.
        faults: takes the faults.
    """
    whole = {**study.model_dump(mode="json"), "geometry": data.get("geometry")}
    for place, one in enumerate(study.band):
        for number, key in enumerate(one.keys):
            path = ("band", place, "keys", number)
            try:
                parts = key_path(key)
            except tomllib.TOMLDecodeError:
                faults.add(path, f"'{key}' is not a key; write it as for --set, such as mesh.refinement")
                continue
            if value_at(whole, parts) is None and value_at(whole, parts[:-1]) is None:
                faults.add(path, unknown("key", key, _keys(whole)))
            elif value_at(whole, parts) is None:
                known = value_at(whole, parts[:-1])
                names = list(known) if isinstance(known, Mapping) else [str(n) for n in range(len(known or ()))]
                if str(parts[-1]) not in names:
                    faults.add(path, unknown("key", key, [dotted((*parts[:-1], name)) for name in names]))


def _keys(data: Mapping[str, Any]) -> list[str]:
    return [dotted((room, key)) for room, below in data.items() if isinstance(below, Mapping) for key in below]
