"""The tables of a study that say what is made of its solution: quantities, fits, plots, comparisons, output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pint
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema, model_validator

from femsuite.errors import unknown
from femsuite.material.formula import Formula, FormulaError
from femsuite.units import registry

Axis = Literal["x", "y", "z"]
Names = Annotated[str, Field(min_length=1)] | tuple[str, ...]
MOST_UNCERTAIN = 8
"""Of a published curve: all corners of their intervals are drawn, two to this power."""


@dataclass(frozen=True)
class Amount:
    """A number with any unit, kept as written.

    Args:
        value: the number in ``unit``.
        unit: as pint reads it; empty for a pure number.
    """

    value: float
    unit: str = ""

    def to(self, unit: str, difference: bool = False) -> float:
        """Return the number in another unit.

        Args:
            unit: wanted.
            difference: the amount is a difference or an uncertainty, so ``degC`` counts like ``K``.

        Raises:
            ValueError: when the dimensions differ.
        """
        return convert(self.value, self.unit, unit, difference)

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}".strip()


def difference_unit(unit: str) -> str:
    """Return the unit of a difference of two such values: K for degC."""
    return "K" if unit in ("degC", "celsius", "degree_Celsius", "°C") else unit


def convert(value: float, unit: str, wanted: str, difference: bool = False) -> float:
    """Return a number given in one unit in another.

    Raises:
        ValueError: with a sentence, when the dimensions differ.
    """
    if difference:
        unit, wanted = difference_unit(unit), difference_unit(wanted)
    if unit == wanted:
        return float(value)
    try:
        return float(registry().Quantity(value, unit or "dimensionless").to(wanted or "dimensionless").magnitude)
    except (pint.DimensionalityError, pint.UndefinedUnitError) as error:
        raise ValueError(f"'{unit or '1'}' cannot be turned into '{wanted or '1'}'") from error


def _amount(value: Any) -> Amount:
    if isinstance(value, Amount):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Amount(float(value))
    if not isinstance(value, str):
        raise ValueError(f'{value!r} is not a number with its unit, such as "73 K/W"')
    text = value.strip()
    number, _, unit = text.partition(" ")
    try:
        amount = Amount(float(number), unit.strip())
        registry().Unit(amount.unit or "dimensionless")
    except Exception as error:  # pint raises many kinds, some of them from the tokenizer
        raise ValueError(f'"{text}" is not a number with its unit, such as "73 K/W"') from error
    return amount


def _unit(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f'{value!r} is not a unit, such as "um"')
    try:
        registry().Unit(value or "dimensionless")
    except Exception as error:
        raise ValueError(f'"{value}" is not a unit, such as "um"') from error
    return value


def _shown(amount: Amount) -> str:
    return f"{amount.value!r} {amount.unit}".strip()


_SCHEMA = {"type": ["string", "number"], "description": "a number with its unit", "examples": ["73 K/W"]}
if TYPE_CHECKING:
    AnyAmount = Amount
    Unit = str
else:
    AnyAmount = Annotated[
        Any, BeforeValidator(_amount), PlainSerializer(_shown, return_type=str), WithJsonSchema(_SCHEMA)
    ]
    Unit = Annotated[str, BeforeValidator(_unit), WithJsonSchema({"type": "string", "examples": ["um", "degC"]})]


class Options(BaseModel):
    """Frozen; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class QuantityOptions(Options):
    """``[[quantities]]``: one number per state, a column of the result table."""

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="the column's name")
    kind: str = Field("mean", description="mean, minimum, maximum, range, integral, point, bow, radius_x, radius_y")
    field: str = Field(description="temperature, displacement.z, displacement.magnitude, stress.von_mises, ...")
    over: Names = Field("*", description="regions or surfaces: a name, a pattern, or a list of these")
    where: Literal["region", "surface"] | None = Field(None, description="needed when `over` could mean both")
    at: tuple[AnyAmount, AnyAmount, AnyAmount] | None = Field(None, description="the point, for kind = 'point'")
    normal: Axis = Field("z", description="direction across the face, for bow and radius")
    minus: AnyAmount | None = Field(None, description="subtracted from the number, e.g. the ambient temperature")
    unit: Unit | None = Field(None, description="to write the number in; SI otherwise")
    stages: tuple[str, ...] | None = Field(None, description="only in these stages")
    title: str | None = Field(None, description="words for axes and tables")

    @model_validator(mode="after")
    def _point(self) -> QuantityOptions:
        if (self.kind == "point") != (self.at is not None):
            raise ValueError("`at` is given for kind = 'point', and only there")
        return self


class FitOptions(Options):
    """``[[fits]]``: a line through two columns of the result table; gives metrics ``fit.<name>.<parameter>``."""

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    x: str = Field(description="a column")
    y: str = Field(description="a column")
    model: str = Field("line", description="line, line_above_threshold, square_above_threshold")
    stages: tuple[str, ...] | None = None
    x_range: tuple[AnyAmount, AnyAmount] | None = Field(None, description="only points in this interval")


class PublishedLine(Options):
    """A published line, curve or band laid into a plot.

    Either y = intercept + slope * (x - threshold)^power, or any other law as an expression with its constants.
    """

    slope: AnyAmount | None = Field(None, description="in the unit of y over that of x to the power, e.g. '0.3 mm/W'")
    slope_uncertainty: AnyAmount | None = None
    intercept: AnyAmount | None = None
    threshold: AnyAmount | None = Field(None, description="nothing is added below this x")
    threshold_uncertainty: AnyAmount | None = None
    power: float = Field(1.0, gt=0, description="1 for a straight line, 2 for a square law, 0.5 for a root")
    y: str | None = Field(None, description="instead of slope: arithmetic of x and the constants, T0 + R * sqrt(x / a)")
    constants: dict[str, AnyAmount] = Field({}, description="the names in y with their units, e.g. R = '73 K/W'")
    uncertainties: dict[str, AnyAmount] = Field({}, description="of some of the constants; they draw a band")
    label: str = "published"
    source: str = ""

    @model_validator(mode="after")
    def _one_law(self) -> PublishedLine:
        if (self.slope is None) == (self.y is None):
            raise ValueError("a published line has either `slope` or `y`")
        if self.y is None:
            if self.constants or self.uncertainties:
                raise ValueError("`constants` and `uncertainties` belong to `y`; beside `slope` they mean nothing")
            return self
        shape = {"slope_uncertainty", "intercept", "threshold", "threshold_uncertainty", "power"}
        beside = sorted(self.model_fields_set & shape)
        if any(getattr(self, name) != type(self).model_fields[name].default for name in beside):
            raise ValueError(f"`y` says all of the law; leave out {', '.join(beside)}")
        try:
            names = Formula(self.y).names
        except FormulaError as error:
            raise ValueError(f"y: {error}") from error
        if "x" in self.constants:
            raise ValueError("'x' is the plot's x and cannot be a constant")
        missing = sorted(names - {"x", *self.constants})
        if missing:
            raise ValueError("y: " + unknown("constant", missing[0], ["x", *self.constants]))
        for kind, given, allowed in (
            ("constant of y", self.constants, names),
            ("constant", self.uncertainties, self.constants),
        ):
            for name in given:
                if name not in allowed:
                    raise ValueError(unknown(kind, name, allowed))
        if len(self.uncertainties) > MOST_UNCERTAIN:
            raise ValueError(f"{len(self.uncertainties)} uncertain constants are given; {MOST_UNCERTAIN} at most")
        return self


class PublishedPoints(Options):
    """Published points laid into a plot."""

    x: tuple[AnyAmount, ...]
    y: tuple[AnyAmount, ...]
    y_uncertainty: AnyAmount | None = None
    label: str = "published"
    source: str = ""

    @model_validator(mode="after")
    def _same_length(self) -> PublishedPoints:
        if len(self.x) != len(self.y):
            raise ValueError(f"x has {len(self.x)} values and y has {len(self.y)}")
        return self


class PlotOptions(Options):
    """``[[plots]]``: columns of the result table against another."""

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="of the picture file")
    title: str = ""
    x: str
    y: tuple[str, ...] = Field(min_length=1)
    x_unit: Unit | None = None
    y_unit: Unit | None = None
    x_label: str | None = None
    y_label: str | None = None
    fits: tuple[str, ...] = ()
    lines: tuple[PublishedLine, ...] = ()
    points: tuple[PublishedPoints, ...] = ()
    stages: tuple[str, ...] | None = None
    caption: str = ""


class CompareOptions(Options):
    """``[[compare]]``: one of our metrics beside a published number."""

    metric: str = Field(description="as in metrics.json, e.g. fit.face.slope or face_mean_temperature")
    at: str | None = Field(None, description="the state, by its label, when the metric is a column: 'power=1.5 W'")
    published: AnyAmount
    uncertainty: AnyAmount | None = Field(None, description="one standard uncertainty of the published number")
    within: float | None = Field(None, gt=0, description="relative difference that counts as agreement")
    relation: Literal["equal", "at_most", "at_least"] = "equal"
    source: str = ""
    note: str = ""
    title: str | None = None


class OutputOptions(Options):
    """``[output]``: what is written beside tables and report."""

    fields: tuple[str, ...] | None = Field(None, description="into the field files; all that were computed if absent")
    states: Literal["all", "last", "none"] = Field("all", description="which states get field files")
    checkpoint: bool = Field(True, description="states to go on from where a run is broken off; the last one stays")
    pictures: tuple[str, ...] | None = Field(
        None,
        description="fields drawn on the clipped mesh, none for []; if absent temperature and displacement.magnitude",
    )
    clip: Axis | Literal["none"] = Field("y", description="normal of the plane that opens the mesh in pictures")
    warp: float | None = Field(None, ge=0, description="magnification of displacement in pictures; chosen if absent")

    @property
    def drawn(self) -> tuple[str, ...]:
        """The fields that are drawn of a state, as far as it has them."""
        return ("temperature", "displacement.magnitude") if self.pictures is None else self.pictures
