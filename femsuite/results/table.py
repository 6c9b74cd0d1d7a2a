"""The result table: one row per state, one column per swept value and quantity; and the flat list of metrics."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from femsuite import parallel
from femsuite.errors import InputError, unknown
from femsuite.meshing.tagged import TaggedMesh
from femsuite.results.disk import sentences, write_json, write_whole
from femsuite.results.options import QuantityOptions
from femsuite.results.quantities import Number, evaluate
from femsuite.results.state import State

UNITS_OF_VALUES: Mapping[str, str] = {"power": "W", "temperature": "K", "time": "s", "voltage": "V", "current": "A"}


def swept_unit(name: str) -> str | None:
    """Return the unit of a swept value (``power``, ``power_Q5``), None for a name that is none."""
    return UNITS_OF_VALUES.get(name, UNITS_OF_VALUES.get(name.partition("_")[0]) if name.startswith("power_") else None)


@dataclass(frozen=True)
class Column:
    """Name, unit and words of a column, and what its numbers were taken over."""

    name: str
    unit: str = ""
    title: str = ""
    over: str = ""

    @property
    def heading(self) -> str:
        """``power [W]``."""
        return f"{self.name} [{self.unit or '1'}]"


@dataclass(frozen=True)
class Table:
    """A result table. Adding returns a new one.

    Attributes:
        columns: name -> column, in order.
        labels, stages: of each row.
        values: name -> numbers, shape (rows,); NaN where a quantity was not asked for.
    """

    columns: Mapping[str, Column] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    values: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels)

    def column(self, name: str) -> np.ndarray:
        """Return a column's numbers, shape (rows,).

        Raises:
            InputError: when there is none of that name.
        """
        if name not in self.values:
            raise InputError(unknown("column of the result table", name, self.columns))
        return self.values[name]

    def unit(self, name: str) -> str:
        """Return a column's unit."""
        self.column(name)
        return self.columns[name].unit

    def rows_in(self, stages: Sequence[str] | None) -> np.ndarray:
        """Return which rows belong to the stages, boolean (rows,); all for None."""
        return np.array([stages is None or stage in stages for stage in self.stages], dtype=bool)

    def with_row(self, state: State, numbers: Mapping[str, Number], titles: Mapping[str, str] | None = None) -> Table:
        """Return the table with one more row: the state's swept values, its time if any, and these numbers."""
        titles = titles or {}
        swept = {name: Number(value, swept_unit(name) or "", "swept") for name, value in state.values.items()}
        new = {**swept, "time": Number(state.time, "s", ""), **numbers}
        columns = dict(self.columns)
        for name, number in new.items():
            if name not in columns:
                columns[name] = Column(name, number.unit, titles.get(name, ""), number.over)
            elif columns[name].unit != number.unit:
                raise InputError(f"the column '{name}' is in {columns[name].unit} and in {number.unit}")
        empty = np.full(len(self), np.nan)
        values = {
            name: np.append(self.values.get(name, empty), new[name].value if name in new else np.nan)
            for name in columns
        }
        return Table(columns, (*self.labels, state.label), (*self.stages, state.stage), values)

    def with_column(self, name: str, unit: str, values: Sequence[float], over: str = "", title: str = "") -> Table:
        """Return the table with one more column, e.g. a streak length from a topograph, one number per row.

        Raises:
            InputError: when the length differs or the name is taken.
        """
        if len(values) != len(self):
            raise InputError(f"the column '{name}' has {len(values)} numbers for {len(self)} rows")
        if name in self.columns:
            raise InputError(f"the result table has a column '{name}' already")
        columns = {**self.columns, name: Column(name, unit, title, over)}
        return replace(self, columns=columns, values={**self.values, name: np.asarray(values, dtype=float)})

    def shown(self) -> Table:
        """Return the table without the columns that are empty, and without time when all is steady."""
        kept = [name for name, numbers in self.values.items() if np.any(np.isfinite(numbers))]
        if "time" in kept and not np.any(self.values["time"]):
            kept.remove("time")
        return replace(
            self,
            columns={name: self.columns[name] for name in kept},
            values={name: self.values[name] for name in kept},
        )

    def to_csv(self) -> str:
        """Return the table as CSV with names and units in the header; numbers in full, empty where there is none."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["stage", "state", *(column.heading for column in self.columns.values())])
        for row, (stage, label) in enumerate(zip(self.stages, self.labels, strict=True)):
            numbers = (float(self.values[name][row]) for name in self.columns)
            writer.writerow([stage, label, *("" if math.isnan(number) else repr(number) for number in numbers)])
        return text.getvalue()

    def as_dict(self) -> dict[str, object]:
        """Return the table as plain data, for JSON."""
        return {
            "columns": [
                {"name": one.name, "unit": one.unit, "title": one.title, "over": one.over}
                for one in self.columns.values()
            ],
            "rows": [
                {"stage": stage, "state": label, **{name: float(self.values[name][row]) for name in self.columns}}
                for row, (stage, label) in enumerate(zip(self.stages, self.labels, strict=True))
            ],
        }

    def write(self, folder: Path, name: str = "states") -> None:
        """Write ``<name>.csv`` and ``<name>.json`` into a folder; collective."""

        def write() -> None:
            with sentences(folder / name):
                write_whole(folder / f"{name}.csv", self.to_csv())
                write_json(folder / f"{name}.json", self.as_dict())

        parallel.on_root(write)


def read_csv(path: Path) -> Table:
    """Return a table that ``Table.write`` wrote."""
    with open(path, encoding="utf-8", newline="") as file:
        heading, *rows = list(csv.reader(file))
    columns = {}
    for text in heading[2:]:
        name, unit = re.fullmatch(r"(.*) \[(.*)\]", text).groups()  # type: ignore[union-attr]
        columns[name] = Column(name, "" if unit == "1" else unit)
    values = {
        name: np.array([float(row[index]) if row[index] else math.nan for row in rows])
        for index, name in enumerate(columns, start=2)
    }
    return Table(columns, tuple(row[1] for row in rows), tuple(row[0] for row in rows), values)


def add_state(table: Table, state: State, options: Sequence[QuantityOptions], tagged: TaggedMesh) -> Table:
    """Return the table with the row of one state: every quantity that is asked for in its stage; collective."""
    wanted = [one for one in options if one.stages is None or state.stage in one.stages]
    numbers = {one.name: evaluate(one, state, tagged) for one in wanted}
    return table.with_row(state, numbers, {one.name: one.title for one in options if one.title})


class Metrics(dict[str, Number]):
    """Flat list of results: name -> value, unit, what it was taken over."""

    def add(self, name: str, value: float, unit: str = "", over: str = "") -> None:
        """Add one number."""
        self[name] = Number(float(value), unit, over)

    def add_table(self, table: Table) -> None:
        """Add every number of a table as ``<column>@<state>`` and, when there is one row only, as ``<column>``."""
        for name, numbers in table.values.items():
            column = table.columns[name]
            if name == "time" or column.over == "swept":
                continue
            for label, number in zip(table.labels, numbers, strict=True):
                if math.isfinite(number):
                    self.add(f"{name}@{label}", number, column.unit, column.over)
            if len(table) == 1 and math.isfinite(numbers[0]):
                self.add(name, numbers[0], column.unit, column.over)

    def look_up(self, name: str, at: str | None = None) -> Number:
        """Return one metric, of one state if ``at`` is its label.

        Raises:
            InputError: when there is none; names the nearest.
        """
        key = name if at is None else f"{name}@{at}"
        if key not in self:
            raise InputError(unknown("metric", key, self))
        return self[key]

    def write(self, path: Path) -> None:
        """Write ``metrics.json``; collective."""
        content = {name: {"value": one.value, "unit": one.unit, "over": one.over} for name, one in self.items()}

        def write() -> None:
            with sentences(path):
                write_json(path, content)

        parallel.on_root(write)
