"""Published lines, curves and bands, worked out in the units of the plot that they are laid into."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pint

from femsuite.material.formula import Formula
from femsuite.results.options import Amount, PublishedLine, PublishedPoints, difference_unit
from femsuite.units import registry

Curves = tuple[np.ndarray, np.ndarray, np.ndarray]


def curve(line: PublishedLine, x: np.ndarray, units: tuple[str, str]) -> Curves:
    """Return a published curve and the lower and upper end of its band.

    The band is the envelope of the curves with every uncertain number at either end of its standard uncertainty: wider
    than a standard uncertainty of y if there are several, as their correlation is not published.

    Args:
        line: as in the study.
        x: where, shape (n,), in the plot's unit.
        units: of the plot's axes, x and y.

    Returns:
        y, lower end, upper end, each (n,), in the plot's unit of y; the ends are y where nothing is uncertain.

    Raises:
        ValueError: with a sentence, when units do not go together.
    """
    if line.y is None:
        return _power_law(line, np.asarray(x, dtype=float), units)
    return _expression(line, np.asarray(x, dtype=float), units)


def begins_at_zero(line: PublishedLine) -> bool:
    """Whether the line is drawn from x = 0 even if the points begin later: its intercept is then seen."""
    return line.y is None and line.threshold is None and line.power == 1.0


def in_units(points: PublishedPoints, units: tuple[str, str]) -> tuple[list[float], list[float], float | None]:
    """Return x, y and uncertainty of y of published points in the plot's units.

    Raises:
        ValueError: with a sentence, when units do not go together.
    """
    error = points.y_uncertainty.to(units[1], difference=True) if points.y_uncertainty else None
    return [amount.to(units[0]) for amount in points.x], [amount.to(units[1]) for amount in points.y], error


def _enveloped(drawn: Iterator[np.ndarray]) -> Curves:
    """Return the first of some curves and the envelope of them all."""
    with np.errstate(all="ignore"):
        every = np.array(list(drawn), dtype=float)
    return every[0], every.min(axis=0), every.max(axis=0)


def _power_law(line: PublishedLine, x: np.ndarray, units: tuple[str, str]) -> Curves:
    x_unit, y_unit = units
    over = difference_unit(x_unit) or "dimensionless"
    per = f"({difference_unit(y_unit) or 'dimensionless'})/({over})**{line.power:g}"
    assert line.slope is not None  # by the options' own check
    slope, base = line.slope.to(per), line.intercept.to(y_unit) if line.intercept else 0.0
    start = line.threshold.to(x_unit) if line.threshold else 0.0
    slope_error = line.slope_uncertainty.to(per) if line.slope_uncertainty else 0.0
    start_error = line.threshold_uncertainty.to(x_unit, difference=True) if line.threshold_uncertainty else 0.0

    def drawn() -> Iterator[np.ndarray]:
        for a, b in _signs(2):
            run = x - (start + b * start_error)
            run = run if begins_at_zero(line) else np.clip(run, 0.0, None)
            yield base + (slope + a * slope_error) * run**line.power

    return _enveloped(drawn())


def _expression(line: PublishedLine, x: np.ndarray, units: tuple[str, str]) -> Curves:
    assert line.y is not None
    formula = Formula(line.y)
    shifts = {name: _shift(error, line.constants[name]) for name, error in line.uncertainties.items()}
    fixed = {name: _quantity(amount) for name, amount in line.constants.items()}
    fixed["x"] = registry().Quantity(x, units[0] or "dimensionless").to_base_units()

    def drawn() -> Iterator[np.ndarray]:
        for signs in _signs(len(shifts)):
            moved = {name: fixed[name] + sign * shifts[name] for name, sign in zip(shifts, signs, strict=True)}
            yield _evaluated(formula, {**fixed, **moved}, units[1]) * np.ones(len(x))

    return _enveloped(drawn())


def _evaluated(formula: Formula, values: Mapping[str, Any], unit: str) -> np.ndarray:
    """Evaluate with units, which are so checked at every step."""
    try:
        found = formula(values)
    except pint.DimensionalityError as error:
        raise ValueError(
            f"y = '{formula.text}' puts together what does not go together: {error.units1} and {error.units2}"
        ) from error
    found = registry().Quantity(found) if not isinstance(found, registry().Quantity) else found
    try:
        return np.asarray(found.to(unit or "dimensionless").magnitude, dtype=float)
    except pint.DimensionalityError as error:
        raise ValueError(f"y = '{formula.text}' is in {found.units:~P}, not in {unit or '1'}") from error


def _quantity(amount: Amount) -> Any:
    return registry().Quantity(amount.value, amount.unit or "dimensionless").to_base_units()


def _shift(error: Amount, amount: Amount) -> Any:
    """Return an uncertainty as a difference in SI: 2 degC is 2 K."""
    unit = difference_unit(amount.unit)
    return registry().Quantity(error.to(unit, difference=True), unit or "dimensionless").to_base_units()


def _signs(count: int) -> Iterator[tuple[float, ...]]:
    """Yield no shift at all, then every corner."""
    yield (0.0,) * count
    yield from itertools.product((-1.0, 1.0), repeat=count)
