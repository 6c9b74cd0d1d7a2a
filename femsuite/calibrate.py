"""One number of a study, found so that one result meets its target. It is named in every report that rests on it."""

from __future__ import annotations

import logging
import math
from dataclasses import asdict, dataclass
from typing import Any

from femsuite.errors import Fault, InputError, SolveError, unknown
from femsuite.march import state_of
from femsuite.model import Model
from femsuite.results.derived import add_derived
from femsuite.results.table import Table, add_state
from femsuite.study.stages import Point, Steady

LOG = logging.getLogger("femsuite")
MOST = 8


@dataclass(frozen=True)
class Calibrated:
    """What a calibration found.

    Args:
        key: path of the number in the study.
        given: the number in the study, SI.
        found: the number that meets the target, SI.
        metric: the result that was to meet it.
        target: SI.
        reached: the result with ``found``, SI.
        at: label of the state.
        evaluations: steady solves that it took.
        source: where the target comes from.
    """

    key: str
    given: float
    found: float
    metric: str
    target: float
    reached: float
    at: str
    evaluations: int
    source: str

    def as_dict(self) -> dict[str, object]:
        """Return the result as plain data, for JSON."""
        return asdict(self)


def calibrate(model: Model) -> Calibrated | None:
    """Find the study's calibrated number by a secant in logarithms, and leave the model with it. Collective.

    The first guess is the study's own number, so a study that carries a calibrated number costs one heat solve.

    Returns:
        What was found, None for a study without calibration.

    Raises:
        InputError: the key, the metric or the state does not exist.
        SolveError: the target is not reached within a few evaluations; names the last two.
    """
    options = model.study.calibration
    if options is None:
        return None
    index, attribute, given = _number(model, options.key)
    stage, point = _state(model, options.at)
    value, tried = given, []
    for evaluation in range(1, MOST + 1):
        result, unit = _evaluate(model, stage, point, index, attribute, value, options.metric)
        target = options.target.to(unit)
        tried.append((math.log(value), math.log(result / target)))
        LOG.info("calibration: %s = %.6g gives %s = %.6g", options.key, value, options.metric, result)
        if abs(result / target - 1.0) <= options.tolerance:
            return Calibrated(
                options.key, given, value, options.metric, target, result, options.at, evaluation, options.source
            )
        value = math.exp(_next(tried))
    told = "; ".join(f"{math.exp(x):.5g} misses by {100 * math.expm1(y):.3g} %" for x, y in tried[-2:])
    raise SolveError(
        f"calibration: {options.metric} does not reach its target of {target:.6g} {unit} within {MOST} evaluations "
        f"({told}). Try another target or a first guess nearer by in {options.key}."
    )


def _next(tried: list[tuple[float, float]]) -> float:
    """Return the logarithm to try next: a secant, at first with the slope -1 of a single resistance to the outside."""
    x, y = tried[-1]
    slope = -1.0
    if len(tried) > 1 and tried[-2][0] != x and tried[-2][1] != y:
        slope = (y - tried[-2][1]) / (x - tried[-2][0])
    return x - max(-2.0, min(2.0, y / slope))


def _number(model: Model, key: str) -> tuple[int, str, float]:
    parts = key.split(".")
    if model.study.heat is None or len(parts) != 4 or parts[:2] != ["heat", "conditions"] or not parts[2].isdigit():
        raise InputError(
            Fault(
                f"'{key}' cannot be calibrated; a number of a heat condition can: heat.conditions.0.coefficient",
                key="calibration.key",
            )
        )
    index, attribute = int(parts[2]), parts[3]
    conditions: tuple[Any, ...] = model.study.heat.conditions
    if index >= len(conditions) or not isinstance(getattr(conditions[index], attribute, None), float):
        numbers = [
            f"heat.conditions.{i}.{name}"
            for i, one in enumerate(conditions)
            for name in one.model_fields_set
            if isinstance(getattr(one, name), float)
        ]
        raise InputError(Fault(unknown("number", key, numbers), key="calibration.key"))
    return index, attribute, float(getattr(conditions[index], attribute))


def _state(model: Model, label: str) -> tuple[str, Point]:
    points = [
        (stage.name, point) for stage in model.study.stages if isinstance(stage, Steady) for point in stage.points()
    ]
    for name, point in points:
        if point.label == label:
            return name, point
    raise InputError(Fault(unknown("state", label, [point.label for _, point in points]), key="calibration.at"))


def _evaluate(
    model: Model, stage: str, point: Point, index: int, attribute: str, value: float, metric: str
) -> tuple[float, str]:
    """Return the metric, SI, and its unit, with the number set to ``value``."""
    heat = model.heat
    assert heat is not None
    heat.set_condition(index, heat.conditions[index].model_copy(update={attribute: value}))
    model.set_sources(dict(point.sources))
    heat.solve_steady()
    thermal = [one for one in model.study.quantities if one.field.split(".")[0] == "temperature"]
    table = add_state(Table(), state_of(model, stage, point, 0.0), thermal, model.tagged)
    known = [one for one in model.study.derived if one.names <= set(table.columns)]
    table = add_derived(table, known)
    if metric not in table.columns:
        raise InputError(Fault(unknown("metric of the temperature", metric, table.columns), key="calibration.metric"))
    result = float(table.column(metric)[0])
    if not (math.isfinite(result) and result > 0.0):
        raise SolveError(f"calibration: {metric} is {result:g} at {point.label}; it must be positive to be calibrated")
    return result, table.unit(metric)
