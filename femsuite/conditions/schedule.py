"""A value that may change with time: a constant, a table of times and values, or a formula of ``t`` in seconds."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Discriminator, Tag, field_validator, model_validator

from femsuite.units import TEMPERATURE, Temperature, Time, registry

_FUNCTIONS: dict[str, Callable[..., float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "abs": abs,
    "min": min,
    "max": max,
}
_CONSTANTS = {"pi": math.pi, "e": math.e}
_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
    ast.USub: lambda a: -a,
    ast.UAdd: lambda a: a,
}


def evaluate(formula: str, t: float) -> float:
    """Return the value of a formula of ``t``: numbers, + - * / **, ``pi``, ``e`` and common functions, nothing else.

    Raises:
        ValueError: with a sentence, when the formula holds anything else or has no finite value at ``t``.
    """
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f'"{formula}" is not a formula of t') from error
    try:
        value = _walk(tree, formula, t)
    except (ArithmeticError, TypeError) as error:
        raise ValueError(f'"{formula}" has no value at t = {t:g} s: {error}') from error
    if isinstance(value, complex) or not math.isfinite(value):
        raise ValueError(f'"{formula}" has no finite value at t = {t:g} s')
    return value


def _walk(node: ast.AST, formula: str, t: float) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id="t"):
            return t
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_walk(left, formula, t), _walk(right, formula, t))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_walk(operand, formula, t))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return float(_FUNCTIONS[name](*(_walk(argument, formula, t) for argument in arguments)))
    allowed = ", ".join(["t", *_CONSTANTS, *_FUNCTIONS])
    raise ValueError(
        f'"{formula}" may only use numbers, + - * / **, and {allowed}; "{ast.unparse(node)}" is not allowed'
    )


class TemperatureTable(BaseModel):
    """Temperatures at given times, straight lines between them, held constant before the first and after the last.

    Args:
        times: strictly rising.
        values: one temperature for each time.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    times: tuple[Time, ...]
    values: tuple[Temperature, ...]

    @model_validator(mode="after")
    def _check(self) -> TemperatureTable:
        if len(self.times) != len(self.values) or not self.times:
            raise ValueError(
                f"a table needs one value for each time; there are {len(self.times)} and {len(self.values)}"
            )
        if any(later <= earlier for earlier, later in zip(self.times, self.times[1:], strict=False)):
            raise ValueError("the times of a table must rise strictly")
        return self

    def at(self, time: float) -> float:
        """Return the temperature in kelvin at a time in seconds."""
        return float(np.interp(time, self.times, self.values))

    def breakpoints(self) -> tuple[float, ...]:
        """Return the times at which the slope jumps, which time steps must hit."""
        return self.times


class TemperatureFormula(BaseModel):
    """A temperature as a formula of ``t`` in seconds, e.g. ``{ formula = "100*sin(pi*t/40)", unit = "degC" }``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    formula: str
    unit: str

    @field_validator("formula")
    @classmethod
    def _readable(cls, formula: str) -> str:
        evaluate(formula, 0.0)
        return formula

    @field_validator("unit")
    @classmethod
    def _temperature(cls, unit: str) -> str:
        if unit not in ("K", "degC", "degF"):
            raise ValueError(f'"{unit}" is not a unit of temperature: K, degC or degF')
        return unit

    def at(self, time: float) -> float:
        """Return the temperature in kelvin at a time in seconds."""
        value = evaluate(self.formula, time)
        return float(registry().Quantity(value, self.unit).to(TEMPERATURE.unit).magnitude)

    def breakpoints(self) -> tuple[float, ...]:
        """Return no times: a formula is taken to be smooth."""
        return ()


def _kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else type(value).model_fields if isinstance(value, BaseModel) else ()
    return "formula" if "formula" in keys else "table" if "times" in keys or "values" in keys else "constant"


TemperatureInTime = Annotated[
    Annotated[Temperature, Tag("constant")]
    | Annotated[TemperatureTable, Tag("table")]
    | Annotated[TemperatureFormula, Tag("formula")],
    Discriminator(_kind),
]
"""A temperature (kelvin), a ``TemperatureTable`` or a ``TemperatureFormula``."""


def value_at(value: float | TemperatureTable | TemperatureFormula, time: float) -> float:
    """Return the kelvin of a constant or changing temperature at a time in seconds."""
    return value if isinstance(value, (int, float)) else value.at(time)


def breakpoints_of(value: float | TemperatureTable | TemperatureFormula) -> tuple[float, ...]:
    """Return the times in seconds that time steps must hit."""
    return () if isinstance(value, (int, float)) else value.breakpoints()
