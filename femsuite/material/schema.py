"""The shape of a material file, before units are turned into SI and names are looked up."""

from __future__ import annotations

import itertools
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Status = Literal["published", "mixed", "seed", "derived", "unchecked", "estimate"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Sources = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


def _rising(pair: tuple[float, float]) -> tuple[float, float]:
    if not pair[0] < pair[1]:
        raise ValueError(f"the range [{pair[0]:g}, {pair[1]:g}] does not rise")
    return pair


def _table(rows: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if len(rows) < 2:
        raise ValueError("a table needs two points or more; write `value` for a constant")
    for before, after in itertools.pairwise(rows):
        if not before[0] < after[0]:
            raise ValueError(f"the temperatures must rise: {after[0]:g} K follows {before[0]:g} K")
    return rows


Range = Annotated[tuple[Number, Number], AfterValidator(_rising)]
Rows = Annotated[tuple[tuple[Number, Number], ...], AfterValidator(_table)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IngredientEntry(_Strict):
    """A number inside a property, with a provenance of its own."""

    value: Number
    unit: str
    source: Sources
    status: Status
    note: str = ""


class CoefficientEntry(_Strict):
    """A linear change with temperature: ``value*(1 + coefficient*(T - reference_temperature))``."""

    value: Number
    reference_temperature: Number
    source: Sources
    status: Status
    note: str = ""


class ArgumentEntry(_Strict):
    """Something besides the temperature that a property depends on."""

    unit: str
    valid: Range | None = None
    note: str = ""


class AlternativeEntry(_Strict):
    """Another value that was read and not chosen."""

    value: Number | None = None
    table: Rows | None = None
    expression: str | None = None
    source: Sources = ()
    status: Status | None = None
    note: str = ""


class PropertyEntry(_Strict):
    """One property's table in the file."""

    unit: str
    value: Number | None = None
    table: Rows | None = None
    expression: str | None = None
    parameters: dict[str, str | IngredientEntry] = {}
    inputs: dict[str, ArgumentEntry] = {}
    missing: bool = False
    valid: Range | None = None
    reference_temperature: Number | None = None
    temperature_coefficient: CoefficientEntry | None = None
    source: Sources = ()
    status: Status | None = None
    note: str = ""
    alternatives: tuple[AlternativeEntry, ...] = ()


class ParameterEntry(BaseModel):
    """One parameter set of a law: its own constants stand beside these keys."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = ""
    same_as: str | None = None
    missing: tuple[str, ...] = ()
    source: Sources = ()
    status: Status | None = None
    note: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The law's constants."""
        return dict(self.model_extra or {})


class CompositionEntry(_Strict):
    """What the material is made of: one formula, or mass fractions of several (an element's symbol is a formula)."""

    formula: str | None = None
    mass_fractions: dict[str, Number] | None = None
    source: Sources
    status: Status
    note: str = ""


class Header(_Strict):
    """What stands before the first property."""

    format: Literal[1]
    name: Annotated[str, Field(min_length=1)]
    role: str
    crystal: Literal["cubic"] | None = None
    sources: dict[str, str] = {}
    data: dict[str, tuple[ParameterEntry, ...]] = {}
    composition: CompositionEntry | None = None
