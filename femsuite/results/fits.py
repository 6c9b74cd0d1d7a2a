"""Lines through columns of the result table, with standard uncertainties of their parameters.

A model is a ``Model``; a new one is one line in ``MODELS``. Uncertainties are those of ordinary least squares with the
scatter taken from the residuals: covariance = s^2 (J^T J)^-1, s^2 = residual sum of squares / (points - parameters).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from femsuite.errors import Fault, InputError, unknown
from femsuite.results.options import FitOptions, difference_unit
from femsuite.results.table import Metrics, Table
from femsuite.units import registry


@dataclass(frozen=True)
class Parameter:
    """A fitted number, its standard uncertainty and unit."""

    value: float
    uncertainty: float
    unit: str


@dataclass(frozen=True)
class Fit:
    """A line through points, or the reason why there is none.

    Attributes:
        name, x, y, model: as in the study.
        parameters: name -> number; empty when refused.
        reason: why there is no fit, in words.
        points: how many points it rests on.
        scatter: root mean square of the residuals per degree of freedom, in the unit of y.
    """

    name: str
    x: str
    y: str
    model: str
    parameters: Mapping[str, Parameter]
    reason: str = ""
    points: int = 0
    scatter: float = 0.0

    @property
    def good(self) -> bool:
        """Whether there is a fit."""
        return not self.reason

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return the line at x (in the unit of the column), shape of x."""
        return MODELS[self.model].line(np.asarray(x, float), *(one.value for one in self.parameters.values()))


@dataclass(frozen=True)
class Model:
    """A line with two parameters.

    Attributes:
        parameters: their names.
        line: y(x, *parameters).
        solve: best parameters for x, y of shape (n,).
        counts: which points carry information, boolean (n,), given x and the parameters.
        units: units of the parameters, given those of x and y.
    """

    parameters: tuple[str, ...]
    line: Callable[..., np.ndarray]
    solve: Callable[[np.ndarray, np.ndarray], tuple[float, ...]]
    counts: Callable[..., np.ndarray]
    units: Callable[[str, str], tuple[str, ...]]


def _per(y: str, x: str, power: int = 1) -> str:
    over, under = (registry().Unit(difference_unit(unit) or "dimensionless") for unit in (y, x))
    unit = f"{over / under**power:~C}"
    return "" if unit == "dimensionless" else unit


def _straight(x: np.ndarray, y: np.ndarray) -> tuple[float, ...]:
    centre = x.mean()
    slope = float((x - centre) @ (y - y.mean()) / ((x - centre) @ (x - centre)))
    return slope, float(y.mean() - slope * centre)


def _above(x: np.ndarray, threshold: float, power: int) -> np.ndarray:
    return np.clip(x - threshold, 0.0, None) ** power


def _threshold(power: int) -> Callable[[np.ndarray, np.ndarray], tuple[float, ...]]:
    """Least squares of y = a max(x - x0, 0)^power: a follows from x0, and x0 is looked for along the axis."""

    def amplitude(x: np.ndarray, y: np.ndarray, threshold: float) -> float:
        shape = _above(x, threshold, power)
        return float(shape @ y / (shape @ shape)) if shape @ shape > 0 else 0.0

    def misfit(threshold: float, x: np.ndarray, y: np.ndarray) -> float:
        rest = y - amplitude(x, y, threshold) * _above(x, threshold, power)
        return float(rest @ rest)

    def solve(x: np.ndarray, y: np.ndarray) -> tuple[float, ...]:
        span = np.ptp(x)
        knots = np.unique(np.concatenate([x, [x.min() - span, x.min() - 10 * span]]))
        best = (np.inf, float(knots[0]))
        for low, high in itertools.pairwise(knots):  # smooth between neighbouring points
            for left, right in ((low, (low + high) / 2), ((low + high) / 2, high)):
                found = minimize_scalar(
                    misfit, bounds=(left, right), args=(x, y), method="bounded", options={"xatol": 1e-12 * span}
                )
                best = min(best, (float(found.fun), float(found.x)))
        return amplitude(x, y, best[1]), best[1]

    return solve


MODELS: Mapping[str, Model] = {
    "line": Model(
        ("slope", "intercept"),
        lambda x, slope, intercept: slope * x + intercept,
        _straight,
        lambda x, slope, intercept: np.ones(len(x), dtype=bool),
        lambda x, y: (_per(y, x), y),
    ),
    "line_above_threshold": Model(
        ("slope", "threshold"),
        lambda x, slope, threshold: slope * _above(x, threshold, 1),
        _threshold(1),
        lambda x, slope, threshold: x > threshold,
        lambda x, y: (_per(y, x), x),
    ),
    "square_above_threshold": Model(
        ("factor", "threshold"),
        lambda x, factor, threshold: factor * _above(x, threshold, 2),
        _threshold(2),
        lambda x, factor, threshold: x > threshold,
        lambda x, y: (_per(y, x, 2), x),
    ),
}


def fit(options: FitOptions, table: Table) -> Fit:
    """Return the fit of one ``[[fits]]`` table; one that cannot be determined is refused with the reason in words.

    Raises:
        InputError: for an unknown model or column, or an interval in another unit.
    """
    key = f"fits.{options.name}"
    try:
        if options.model not in MODELS:
            raise InputError(unknown("model", options.model, MODELS))
        x, y = table.column(options.x), table.column(options.y)
        units = table.unit(options.x), table.unit(options.y)
        taken = np.isfinite(x) & np.isfinite(y) & table.rows_in(options.stages)
        if options.x_range is not None:
            low, high = (amount.to(units[0]) for amount in options.x_range)
            taken &= (x >= low - 1e-9 * abs(low)) & (x <= high + 1e-9 * abs(high))
    except InputError as error:
        raise InputError(*(Fault(fault.message, key=key) for fault in error.faults)) from error
    except ValueError as error:
        raise InputError(Fault(str(error), key=key)) from error
    return fit_points(options, x[taken], y[taken], units)


def fit_points(options: FitOptions, x: np.ndarray, y: np.ndarray, units: tuple[str, str] = ("", "")) -> Fit:
    """Return the fit through points x, y of shape (n,), with the units of x and y."""
    model = MODELS[options.model]
    count = len(model.parameters)

    def refused(reason: str) -> Fit:
        return Fit(options.name, options.x, options.y, options.model, {}, reason, len(x))

    different = len(np.unique(x))
    if different <= count:
        return refused(
            f"{count} numbers and their uncertainty need at least {count + 1} different values of '{options.x}'; "
            f"there {'is' if different == 1 else 'are'} {different}"
        )
    values = model.solve(x, y)
    carrying = model.counts(x, *values)
    if len(np.unique(x[carrying])) <= count or not np.any(model.line(x, *values)):
        above = int(np.sum(carrying))
        return refused(
            f"only {above} of {len(x)} points lie above the threshold found; at least {count + 1} are needed"
            if np.any(y)
            else f"'{options.y}' is zero at every point, so nothing lies above a threshold"
        )
    jacobian = _jacobian(model, x[carrying], values)
    rest = (y - model.line(x, *values))[carrying]
    variance = float(rest @ rest) / (len(rest) - count)
    scale = np.linalg.norm(jacobian, axis=0)
    if np.any(scale == 0) or np.linalg.cond(jacobian / scale) > 1e8:
        return refused("the points do not tell the parameters apart")
    covariance = np.linalg.inv((jacobian / scale).T @ (jacobian / scale)) / np.outer(scale, scale) * variance
    errors = np.sqrt(np.diag(covariance))
    parameters = {
        name: Parameter(float(value), float(error), unit)
        for name, value, error, unit in zip(model.parameters, values, errors, model.units(*units), strict=True)
    }
    return Fit(options.name, options.x, options.y, options.model, parameters, "", len(x), float(np.sqrt(variance)))


def _jacobian(model: Model, x: np.ndarray, values: tuple[float, ...]) -> np.ndarray:
    """Return dy/dparameter, shape (n, parameters), by central differences (exact for these low polynomials)."""
    columns = []
    for index, value in enumerate(values):
        step = 1e-6 * max(abs(value), float(np.ptp(x)) if index else 1e-300)
        if index:  # a threshold must not step past the nearest point above it
            gaps = x[x > value] - value
            step = min(step, 0.5 * float(gaps.min())) if len(gaps) else step
        up, down = (list(values) for _ in range(2))
        up[index] += step
        down[index] -= step
        columns.append((model.line(x, *up) - model.line(x, *down)) / (2 * step))
    return np.stack(columns, axis=1)


def add_metrics(metrics: Metrics, one: Fit) -> None:
    """Add ``fit.<name>.<parameter>`` and ``..._uncertainty`` of a fit; nothing of one that was refused."""
    for name, parameter in one.parameters.items():
        over = f"{one.points} points of {one.y} against {one.x}"
        metrics.add(f"fit.{one.name}.{name}", parameter.value, parameter.unit, over)
        unit = difference_unit(parameter.unit)
        metrics.add(f"fit.{one.name}.{name}_uncertainty", parameter.uncertainty, unit, over)
