"""What a report says, as plain data in the run folder, so that ``report.html`` can be made again without a solve."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from femsuite.results.compare import Comparison
from femsuite.results.fits import Fit, Parameter
from femsuite.results.scene import Picture
from femsuite.results.table import Column, Table
from femsuite.results.verdicts import Verdict


def packed_table(table: Table) -> dict[str, Any]:
    """Return a table as plain data."""
    return {
        "columns": [asdict(column) for column in table.columns.values()],
        "labels": list(table.labels),
        "stages": list(table.stages),
        "values": {name: numbers.tolist() for name, numbers in table.values.items()},
    }


def table_of(data: Mapping[str, Any]) -> Table:
    """Return the table that `packed_table` made into plain data."""
    columns = {one["name"]: Column(**one) for one in data["columns"]}
    values = {name: np.array([number(one) for one in numbers]) for name, numbers in data["values"].items()}
    return Table(columns, tuple(data["labels"]), tuple(data["stages"]), values)


def packed_picture(picture: Picture, folder: Path) -> dict[str, Any]:
    """Return a picture as plain data, its path relative to the run folder."""
    path = None if picture.path is None else Path(picture.path).relative_to(folder).as_posix()
    return {"path": path, "caption": picture.caption, "problem": picture.problem}


def picture_of(data: Mapping[str, Any], folder: Path) -> Picture:
    """Return the picture that `packed_picture` made into plain data."""
    return Picture(None if data["path"] is None else folder / data["path"], data["caption"], data["problem"])


def comparison_of(data: Mapping[str, Any]) -> Comparison:
    """Return a row of the comparison table from plain data, where NaN has become None."""
    numbers = [one.name for one in fields(Comparison) if one.type in ("float", float)]
    return Comparison(**{**data, **{name: number(data[name]) for name in numbers}})


def verdict_of(data: Mapping[str, Any]) -> Verdict:
    """Return an answer from plain data, where NaN has become None."""
    numbers = [one.name for one in fields(Verdict) if one.type in ("float", float)]
    return Verdict(**{**data, **{name: number(data[name]) for name in numbers}})


def fit_of(data: Mapping[str, Any]) -> Fit:
    """Return a fit from plain data."""
    parameters = {
        name: Parameter(number(one["value"]), number(one["formal"]), number(one["jackknife"]), one["unit"])
        for name, one in data["parameters"].items()
    }
    return Fit(**{**data, "parameters": parameters, "scatter": number(data["scatter"])})


def packed_used_number(one: Any) -> dict[str, Any]:
    """Return a number of a material as plain data: the field's own row, or one that was read back."""
    return asdict(one) if is_dataclass(one) and not isinstance(one, type) else dict(vars(one))


def used_number_of(data: Mapping[str, Any]) -> Any:
    """Return a number of a material from plain data."""
    spans = {"used": span(data["used"]), "valid": span(data["valid"])}
    beyond = tuple(span(one) for one in data["extrapolated"])
    return SimpleNamespace(**{**data, **spans, "value": number(data["value"]), "extrapolated": beyond})


def span(data: Sequence[float] | None) -> tuple[float, float] | None:
    """Return a span of temperatures."""
    return None if data is None else (number(data[0]), number(data[1]))


def number(value: float | None) -> float:
    """Return a number; JSON has None where it was not one."""
    return math.nan if value is None else float(value)
