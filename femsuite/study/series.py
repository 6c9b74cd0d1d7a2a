"""A series: one study run as several cases, and what is made of them together: a table, charts, verdicts."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from femsuite.results.options import Unit, convert
from femsuite.study.sections import Band, Name, Options

BY_CASE = "case"
"""What a chart says where every case is a line."""
Value = str | int | float | bool
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]+$")]


class Case(Options):
    """One member of the series."""

    name: Word
    """Folder and label of the case."""
    title: str = ""
    """What it is, in words."""
    set: Mapping[str, Value | tuple[Value, ...]] = Field(default_factory=dict)
    """Key path -> the value it takes in this case, such as ``"geometry.parameters.zinc" = "20 um"``."""
    published: Mapping[str, str] = Field(default_factory=dict)
    """Verdict -> what the source says of this case, in the words of that verdict, or ``unknown``."""
    note: str = ""
    """What must be said of it: that its row was reconstructed, for one."""


class Axis(Options):
    """A parameter that runs through values; several axes make a grid."""

    name: Name
    """Column of its values."""
    title: str = ""
    """Words for charts."""
    keys: Annotated[tuple[str, ...], Field(min_length=1)]
    """Key paths that take the value together."""
    values: Annotated[tuple[Value | tuple[Value, ...], ...], Field(min_length=1)]
    """The values: one for all keys, or a list with one for each key."""
    numbers: tuple[float, ...] = ()
    """What stands in the column; when left out it is read off the values, and turned into the column's unit."""
    unit: Unit = ""
    """Of the column."""

    @model_validator(mode="after")
    def _consistent(self) -> Axis:
        for value in self.values:
            if isinstance(value, tuple) and len(value) != len(self.keys):
                raise ValueError(f"{list(value)} has {len(value)} values for {len(self.keys)} keys")
        if self.numbers and len(self.numbers) != len(self.values):
            raise ValueError(f"'numbers' has {len(self.numbers)} entries for {len(self.values)} values")
        told: dict[str, Any] = {}
        for place, value in enumerate(self.values):
            word = f"{self.number(place):g}"
            if word in told:
                raise ValueError(f"{told[word]!r} and {value!r} are both {word} in the column; give other 'numbers'")
            told[word] = value
        return self

    def overrides(self, place: int) -> list[str]:
        """Return what sets the value of this number."""
        value = self.values[place]
        each = value if isinstance(value, tuple) else (value,) * len(self.keys)
        return [f"{key}={json.dumps(one)}" for key, one in zip(self.keys, each, strict=True)]

    def number(self, place: int) -> float:
        """Return what stands in the column: the value's number, turned into the column's unit if both have one.

        Raises:
            ValueError: the value does not begin with a number, or its unit does not fit the column's.
        """
        if self.numbers:
            return self.numbers[place]
        value = self.values[place]
        head, _, unit = str(value[0] if isinstance(value, tuple) else value).strip().partition(" ")
        try:
            number = float(head)
        except ValueError as error:
            raise ValueError(f"{value!r} does not begin with a number; give 'numbers' for the column") from error
        return convert(number, unit.strip(), self.unit) if unit.strip() and self.unit else number


class SeriesColumn(Options):
    """A number of every case: a column of its result table over its states, or one of its metrics."""

    name: Name
    """Name in the table of the series."""
    title: str = ""
    """Words for table and charts."""
    of: str
    """Column of the case's result table, or a metric (then ``over`` is ``metric``)."""
    over: Literal["maximum", "minimum", "last", "first", "range", "metric"] = "maximum"
    """What is taken over the states."""
    stages: tuple[str, ...] | None = None
    """Only states of these stages."""
    unit: Unit | None = None
    """To write the number in."""


class Window(Options):
    """What the source says along an axis: one answer between two values, both included, and another beyond them."""

    axis: str
    """Axis of the series."""
    low: float = -math.inf
    """Lower end, in the unit of the axis' column."""
    high: float = math.inf
    """Upper end."""
    inside: str
    """Its answer from one end to the other."""
    outside: str
    """Its answer beyond."""

    def answer(self, number: float) -> str:
        """Return what the source says of a value of the axis."""
        near = 1e-9 * abs(number)
        return self.inside if self.low - near <= number <= self.high + near else self.outside


class VerdictOptions(Options):
    """A question that every case answers in one of a few words, from one of its numbers and the band around it."""

    name: Name
    """Name; ``published`` of the cases refers to it."""
    question: str
    """What is asked, such as "does the die crack?"."""
    column: str
    """Column of the series that decides."""
    limits: Annotated[tuple[float, ...], Field(min_length=1)]
    """Rising limits, in the column's unit."""
    answers: Annotated[tuple[str, ...], Field(min_length=2)]
    """The answer up to the first limit, then above each: one more than there are limits."""
    low: str | None = None
    """Column with the low end of its band; the verdict holds over the band only if both ends give the same answer."""
    high: str | None = None
    """Column with the high end."""
    reason: str = ""
    """By what mechanism, and where the limit comes from."""
    window: Window | None = None
    """What the source says along an axis; a case's own ``published`` goes before it."""

    @model_validator(mode="after")
    def _counts(self) -> VerdictOptions:
        for word in (self.window.inside, self.window.outside) if self.window else ():
            if word not in (*self.answers, "unknown"):
                raise ValueError(f"the window answers '{word}'; allowed: {', '.join(self.answers)}, unknown")
        if len(self.answers) != len(self.limits) + 1:
            raise ValueError(f"{len(self.limits)} limits part {len(self.limits) + 1} answers, not {len(self.answers)}")
        if any(later <= earlier for earlier, later in itertools.pairwise(self.limits)):
            raise ValueError("the limits must rise from one to the next")
        return self


class Chart(Options):
    """A picture over the cases: lines along an axis, bars, a map over two axes, or a tornado of a case's estimates."""

    name: Name
    """Of the picture."""
    kind: Literal["lines", "bars", "map", "tornado"] = "lines"
    """What it is."""
    title: str = ""
    """Its title."""
    x: str = ""
    """Axis or column along x; not for bars."""
    y: tuple[str, ...] = ()
    """Columns drawn; of a map, the axis along y and then the column that gives the colour."""
    by: str | None = None
    """Axis whose values make lines of their own, or ``case``: every case a line over the axes."""
    case: str | None = None
    """Of a tornado: name of the case."""
    logarithmic: tuple[Literal["x", "y", "colour"], ...] = ()
    """Which scales are logarithmic."""
    band: tuple[str, str] | None = None
    """Columns of the low and high end of the first column's band."""
    limits: Mapping[str, float] = Field(default_factory=dict)
    """Words -> value along y that is marked."""
    window: tuple[float, float] | None = None
    """Values along x between which the source puts the good range."""
    caption: str = ""
    """Words below it."""

    @model_validator(mode="after")
    def _enough(self) -> Chart:
        wanted = 2 if self.kind == "map" else 1
        if len(self.y) < wanted:
            what = "two: an axis, then the column that gives the colour" if wanted == 2 else "at least one column"
            raise ValueError(f"'y' of the chart '{self.name}' needs {what}")
        if self.kind in ("lines", "map") and not self.x:
            raise ValueError(f"the chart '{self.name}' needs an 'x', an axis or a column")
        return self


class Series(Options):
    """``[series]``: cases, axes, columns, verdicts and charts."""

    cases: tuple[Case, ...] = ()
    """Named cases."""
    over_band: bool = False
    """Run every case with every other value of the study's ``[[band]]`` too, so that verdicts are given over it."""
    axes: tuple[Axis, ...] = ()
    """Parameters that run through values; with cases too, every case runs through all of them."""
    columns: Annotated[tuple[SeriesColumn, ...], Field(min_length=1)]
    """Numbers of every case."""
    verdicts: tuple[VerdictOptions, ...] = ()
    """Questions."""
    charts: tuple[Chart, ...] = ()
    """Pictures."""

    @model_validator(mode="after")
    def _names_fit(self) -> Series:
        if not self.cases and not self.axes:
            raise ValueError("a series has cases or axes")
        columns = {one.name for one in self.columns} | {one.name for one in self.axes}
        for verdict in self.verdicts:
            for name in (verdict.column, verdict.low, verdict.high):
                if name is not None and name not in columns:
                    raise ValueError(f"the verdict '{verdict.name}' names the column '{name}', which there is not")
            if verdict.window is not None and verdict.window.axis not in [one.name for one in self.axes]:
                raise ValueError(
                    f"the window of '{verdict.name}' names the axis '{verdict.window.axis}', which there is not"
                )
        for chart in self.charts:
            for name in (
                *([chart.x] if chart.x else []),
                *chart.y,
                *(chart.band or ()),
                *([chart.by] if chart.by and chart.by != BY_CASE else []),
            ):
                if name not in columns:
                    raise ValueError(f"the chart '{chart.name}' names the column '{name}', which there is not")
            if chart.kind == "tornado" and not self.over_band:
                raise ValueError(f"the chart '{chart.name}' is a tornado and needs over_band = true")
            if chart.case is not None and chart.case not in [case.name for case in self.cases]:
                raise ValueError(f"the chart '{chart.name}' names the case '{chart.case}', which there is not")
        answers = {one.name: {*one.answers, "unknown"} for one in self.verdicts}
        for case in self.cases:
            for name, answer in case.published.items():
                if name not in answers:
                    raise ValueError(f"the case '{case.name}' has a published '{name}', which is no verdict")
                if answer not in answers[name]:
                    allowed = ", ".join(sorted(answers[name]))
                    raise ValueError(f"the case '{case.name}' answers '{answer}' to '{name}'; allowed: {allowed}")
        names = [case.name for case in self.cases]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two cases are named '{twice[0]}'")
        return self

    def members(self, bands: Sequence[Band] = ()) -> list[Member]:
        """Return every run of the series, cases first, the last axis running fastest, each followed by its trials.

        Args:
            bands: of the study; used with ``over_band`` only.
        """
        nominal = self._nominal()
        if not self.over_band:
            return nominal
        found = []
        for one in nominal:
            found.append(one)
            for band in bands:
                for number, (words, changes) in enumerate(band.overrides()):
                    name = f"{one.name}.{''.join(c if c.isalnum() else '-' for c in band.name)}-{number}"
                    found.append(Member(name, one.case, [*one.overrides, *changes], one.numbers, (band.name, words)))
        return found

    def _nominal(self) -> list[Member]:
        found = []
        for case in self.cases or (None,):
            for places in itertools.product(*(range(len(axis.values)) for axis in self.axes)):
                changes = [f"{key}={json.dumps(value)}" for key, value in (case.set.items() if case else ())]
                words = [case.name] if case else []
                numbers = {}
                for axis, place in zip(self.axes, places, strict=True):
                    changes += axis.overrides(place)
                    numbers[axis.name] = axis.number(place)
                    words.append(f"{axis.name}-{axis.number(place):g}")
                found.append(Member("_".join(words), case, changes, numbers))
        return found


class Member:
    """One run of a series.

    Args:
        name: of its folder.
        case: the named case it belongs to, if any.
        overrides: ``key=value`` texts.
        numbers: value of every axis.
        trial: name of an estimate and its other value; None for the study's own.
    """

    def __init__(
        self,
        name: str,
        case: Case | None,
        overrides: list[str],
        numbers: Mapping[str, float],
        trial: tuple[str, str] | None = None,
    ) -> None:
        self.name, self.case, self.overrides, self.numbers = name, case, overrides, dict(numbers)
        self.trial = trial

    @property
    def title(self) -> str:
        """What it is called in tables."""
        return (self.case.title or self.case.name) if self.case and not self.numbers else self.name.replace("_", " ")
