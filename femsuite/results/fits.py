"""Lines through columns of the result table, with standard uncertainties of their parameters.

A model is a ``Model``; a new one is one line in ``MODELS``. Each parameter has two standard uncertainties, of which the
larger counts. That of ordinary least squares, with the scatter taken from the residuals, holds if the law is right:
covariance = s^2 (J^T J)^-1, s^2 = residual sum of squares / (points - parameters). That of the jackknife, which leaves
out one point after the other (B. Efron, Ann. Statist. 7 (1979) 1), also sees a law that the points do not follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from femsuite.errors import Fault, InputError, unknown
from femsuite.results.options import FitOptions, difference_unit
from femsuite.results.table import Metrics, Table
from femsuite.units import registry

AS_GOOD_AS = 0.05
"""Of the points' span: a threshold this far below the lowest point counts as lying at it."""


@dataclass(frozen=True)
class Parameter:
    """A fitted number with its unit, and its standard uncertainty by least squares and by the jackknife."""

    value: float
    formal: float
    jackknife: float
    unit: str

    @property
    def uncertainty(self) -> float:
        """The larger of the two."""
        return max(self.formal, self.jackknife)


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


def _furthest(x: np.ndarray) -> float:
    """Return how far below the points a threshold is looked for."""
    return float(x.min() - 10 * np.ptp(x))


def _threshold(power: int) -> Callable[[np.ndarray, np.ndarray], tuple[float, ...]]:
    """Least squares of y = a max(x - x0, 0)^power: a follows from x0, and x0 is looked for along the axis."""

    def fitted(x: np.ndarray, y: np.ndarray, thresholds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the best amplitude and the sum of squares for each threshold (m,)."""
        shape = np.clip(x[None, :] - thresholds[:, None], 0.0, None) ** power
        squares = (shape * shape).sum(axis=1)
        amplitude = np.divide(shape @ y, squares, out=np.zeros(len(thresholds)), where=squares > 0.0)
        return amplitude, ((y - amplitude[:, None] * shape) ** 2).sum(axis=1)

    def solve(x: np.ndarray, y: np.ndarray) -> tuple[float, ...]:
        low, span = float(x.min()), float(np.ptp(x))
        # The misfit may have a minimum between any two neighbouring points: look everywhere, then ever closer.
        looked = np.concatenate([np.linspace(_furthest(x), low - span, 91), np.linspace(low - span, x.max(), 801)])
        looked = np.unique(np.concatenate([looked, x]))
        for _ in range(14):
            misfit = fitted(x, y, looked)[1]
            best = int(np.argmin(misfit))
            looked = np.linspace(looked[max(best - 1, 0)], looked[min(best + 1, len(looked) - 1)], 21)
        amplitude, misfit = fitted(x, y, looked)
        best = int(np.argmin(misfit))
        return float(amplitude[best]), float(looked[best])

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
    beyond = _beyond(model, x, values, units[0]) if np.any(y) else ""
    if beyond:
        return refused(f"the law does not describe the data: the threshold found, {beyond}, lies below every point")
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
    spread = _jackknife(model, x, y, np.flatnonzero(carrying))
    parameters = {
        name: Parameter(float(value), float(error), float(other), unit)
        for name, value, error, other, unit in zip(
            model.parameters, values, errors, spread, model.units(*units), strict=True
        )
    }
    return Fit(options.name, options.x, options.y, options.model, parameters, "", len(x), float(np.sqrt(variance)))


def _beyond(model: Model, x: np.ndarray, values: tuple[float, ...], unit: str) -> str:
    """Return the threshold in words if it lies below every point, so that no point shows it; else nothing.

    A little below the lowest point is as good as there: of points that are in proportion, scatter puts every second
    threshold below zero.
    """
    if "threshold" not in model.parameters:
        return ""
    threshold, span = values[model.parameters.index("threshold")], float(np.ptp(x))
    if threshold >= x.min() - AS_GOOD_AS * span:
        return ""
    furthest = threshold <= _furthest(x) + 1e-6 * span  # the search has an end where the law need not have one
    return f"{'at or beyond ' if furthest else ''}{threshold:.3g} {unit}".rstrip()


def _jackknife(model: Model, x: np.ndarray, y: np.ndarray, carrying: np.ndarray) -> np.ndarray:
    """Return the jackknife's standard uncertainties: one after the other of the points that carry is left out.

    There are more different x among these points than parameters, so every rest still determines the law.
    """
    kept = [np.arange(len(x)) != index for index in carrying]
    values = np.array([model.solve(x[those], y[those]) for those in kept])
    return np.sqrt((len(values) - 1) / len(values) * ((values - values.mean(axis=0)) ** 2).sum(axis=0))


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
    """Add ``fit.<name>.<parameter>`` and its ``..._uncertainty`` (the larger), ``..._formal`` and ``..._jackknife``.

    Nothing of a fit that was refused.
    """
    for name, parameter in one.parameters.items():
        over = f"{one.points} points of {one.y} against {one.x}"
        metrics.add(f"fit.{one.name}.{name}", parameter.value, parameter.unit, over)
        unit = difference_unit(parameter.unit)
        for kind in ("uncertainty", "formal", "jackknife"):
            metrics.add(f"fit.{one.name}.{name}_{kind}", getattr(parameter, kind), unit, over)
