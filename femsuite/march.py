"""From stage to stage: what a study does to its model, one state after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from dolfinx import fem

from femsuite.errors import InputError, SolveError
from femsuite.model import Model
from femsuite.physics.heat_transient import march as march_heat
from femsuite.results.names import MEMORY
from femsuite.results.state import State
from femsuite.study.stages import Point, Steady, Transient, Uniform
from femsuite.study.timeline import Cycles, Hold, PowerCycles, Ramp
from femsuite.timeline import run_cycles, run_hold, run_power_cycles, run_ramp

LOG = logging.getLogger("femsuite")


def march(model: Model, done: int = 0) -> Iterator[State]:
    """Yield the states that the study's stages ask for, in order. Collective.

    The fields of a state are those of the model and change when the next state is asked for.

    Args:
        model: what is solved.
        done: so many states are there already; the model is in the last of them, or in a leg that leads on from it.

    Raises:
        InputError: a stage needs physics that the study does not have.
        SolveError: a solve did not converge; the model is then in the last good state.
    """
    begun = 0.0
    for stage in model.study.stages:
        points = len(stage.points())
        if done < points:
            for point, time in RUNNERS[type(stage)](model, stage, done):
                model.leg = None
                yield state_of(model, stage.name, point, begun + time)
        done = max(0, done - points)
        begun += getattr(stage, "duration", None) or 0.0


def resumable(model: Model, count: int) -> bool:
    """Return whether a run can go on from its first so many states.

    Not within a transient, nor at its last state where that is not its end: the step that comes next hangs on those
    before.
    """
    for stage in model.study.stages:
        points = stage.points()
        if count <= len(points):
            inside = count < len(points) or (isinstance(stage, Transient) and stage.times[-1] < stage.duration)
            return not (isinstance(stage, Transient) and inside)
        count -= len(points)
    return False


def state_of(model: Model, stage: str, point: Point, time: float) -> State:
    """Return the model's present fields as a state."""
    fields: dict[str, fem.Function] = {}
    wanted = model.study.output.fields
    if model.mechanics is not None:
        for name in (one for one in MEMORY if one in model.mechanics.internal):
            if wanted is None or name in wanted or asks_for(model, name):
                fields[name] = model.mechanics.internal_function(name)
    if model.mechanics is not None and (wanted is None or "stress" in wanted or asks_for(model, "stress")):
        fields["stress"] = model.mechanics.stress_function()
    current = model.heat.current if model.heat is not None else None
    if current is not None:
        if wanted is None or "potential" in wanted or asks_for(model, "potential"):
            fields["potential"] = current.potential
        for name in ("current_density", "joule_heat"):
            if wanted is None or name in wanted or asks_for(model, name):
                fields[name] = getattr(current, name)()
    if model.heat is not None and (wanted is None or "heat_flux" in wanted or asks_for(model, "heat_flux")):
        fields["heat_flux"] = model.heat.heat_flux()
    return State(
        label=point.label,
        stage=stage,
        values=dict(point.values),
        time=time,
        temperature=model.heat.temperature if model.heat else None,
        displacement=model.mechanics.displacement if model.mechanics else None,
        fields=fields,
    )


def asks_for(model: Model, field: str) -> bool:
    """Return whether a quantity or a picture of the study is taken from the field."""
    asked = [*(one.field for one in model.study.quantities), *model.study.output.drawn]
    return any(name.split(".")[0] == field for name in asked)


def _uniform(model: Model, stage: Uniform, done: int) -> Iterator[tuple[Point, float]]:
    if model.heat is not None:
        model.heat.temperature.x.array[:] = stage.temperature
    if model.mechanics is not None:
        start = model.mechanics.temperature.copy()
        for step in range(1, stage.steps + 1):
            share = step / stage.steps
            with model.monitor.phase("mechanics"):
                model.mechanics.advance(start + share * (stage.temperature - start))
            LOG.info("%s: step %d of %d", stage.name, step, stage.steps)
    for point in stage.points():
        yield point, 0.0


def _steady(model: Model, stage: Steady, done: int) -> Iterator[tuple[Point, float]]:
    heat = _need_heat(model, stage.name)
    for point in stage.points()[done:]:
        model.set_sources(dict(point.sources))
        model.set_drives(point.drives)
        try:
            with model.monitor.phase("heat"):
                record = heat.solve_steady()
        except SolveError as error:
            raise SolveError(
                f"{stage.name}, {point.label}: {error} Or the power is more than the film coefficients, emissivities "
                "and temperatures around the model can carry off."
            ) from error
        LOG.info("%s, %s: heat in %d Newton iterations", stage.name, point.label, record.iterations)
        _follow(model)
        yield point, 0.0


def _transient(model: Model, stage: Transient, done: int) -> Iterator[tuple[Point, float]]:
    heat = _need_heat(model, stage.name)
    model.set_sources(dict(stage.sources))
    model.set_drives(stage.terminals)
    pending = list(stage.points())
    if pending[0].values["time"] == 0.0:
        _follow(model)
        yield pending.pop(0), 0.0
    times = [point.values["time"] for point in pending]
    steps = march_heat(heat, stage.duration, stage.first_step, stage.largest_change, times=times)
    for time in _timed(model, "heat", steps):
        if pending:  # else only the start was asked for, and the march goes on to the end of the stage
            _follow(model)
            yield pending.pop(0), time


def _follow(model: Model) -> None:
    """Let the body deform to the present temperature."""
    if model.mechanics is not None:
        assert model.heat is not None
        with model.monitor.phase("mechanics"):
            record = model.mechanics.advance(model.heat.temperature)
        LOG.info("mechanics in %d iterations", record.iterations)


def _timed(model: Model, phase: str, steps: Iterator[float]) -> Iterator[float]:
    """Yield the same, with the time between two of them in the monitor's phase."""
    while True:
        with model.monitor.phase(phase):
            reached = next(steps, None)
        if reached is None:
            return
        yield reached


def _need_heat(model: Model, stage: str) -> Any:
    if model.heat is None:
        raise InputError(f"the stage '{stage}' heats the model, so the study needs a [heat] table")
    return model.heat


RUNNERS: dict[type, Callable[[Model, Any, int], Iterator[tuple[Point, float]]]] = {
    Uniform: _uniform,
    Steady: _steady,
    Transient: _transient,
    Ramp: run_ramp,
    Hold: run_hold,
    Cycles: run_cycles,
    PowerCycles: run_power_cycles,
}
