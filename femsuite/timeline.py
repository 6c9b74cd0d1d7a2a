"""Runs the stages of a process: temperature in time, steps as the inelastic strain allows, regions that come and go."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.model import Model
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.physics.mechanics_leg import Leg
from femsuite.physics.mechanics_state import forget
from femsuite.solve import stepping
from femsuite.study.stages import Point
from femsuite.study.timeline import Cycles, Hold, PowerCycles, Ramp

LOG = logging.getLogger("femsuite")
PATIENCE = 20.0
"""Seconds of the clock after which a long leg says how far it is."""
SMALLEST = 1e-6
"""Shortest step as a share of its leg."""
RENEWED = 8
"""After so many steps of a leg the next begins without preconditioner: a run can be taken up there."""
EARLY = 0.02
"""Steps longer than this share of the longest are broken off early; shorter ones are solved before they are judged."""
NORMAL = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
"""An equal strain in all directions, Voigt."""


def run_ramp(model: Model, stage: Ramp, done: int = 0) -> Iterator[tuple[Point, float]]:
    """Yield the states of a ramp, with the time since its start.

    Args:
        model: whose state moves.
        stage: the ramp.
        done: so many of its states are there already, the model is in the last of them.

    Raises:
        InputError: a temperature to keep is not on the way.
    """
    mechanics = begin(model, stage, done)
    if not done and model.leg is None:
        model.came_from = _largest(mechanics, mechanics.temperature)
    start = model.came_from
    whole = stage.temperature - start
    reached = 0.0
    for place, point in enumerate(stage.points()):
        end = point.values["temperature"]
        part = (end - start) / whole if whole else float(place == len(stage.keep))
        if not reached <= part <= 1.0:
            raise InputError(
                f"the stage '{stage.name}' goes from {start - 273.15:.6g} degC to "
                f"{stage.temperature - 273.15:.6g} degC and does not pass {end - 273.15:.6g} degC there"
            )
        if place < done:
            reached = part
            continue
        duration = None if stage.duration is None else stage.duration * (part - reached)
        if part > reached or place == len(stage.keep):
            leg(model, stage, end, duration, (reached, part))
        reached = part
        yield point, (stage.duration or 0.0) * reached


def run_hold(model: Model, stage: Hold, done: int = 0) -> Iterator[tuple[Point, float]]:
    """Yield the states of a hold, with the time since its start; see `run_ramp`."""
    begin(model, stage, done)
    points = stage.points()
    reached = points[done - 1].values["time"] if done else 0.0
    for point in points[done:]:
        end = point.values["time"]
        leg(model, stage, None, end - reached, (reached / stage.duration, end / stage.duration))
        reached = end
        yield point, reached


def run_cycles(model: Model, stage: Cycles, done: int = 0) -> Iterator[tuple[Point, float]]:
    """Yield the two states of every cycle, with the time since the stage's start; see `run_ramp`."""
    return _loop(model, stage, done, lambda point: point.values["temperature"])


def run_power_cycles(model: Model, stage: PowerCycles, done: int = 0) -> Iterator[tuple[Point, float]]:
    """Yield the states with power and without of every cycle, with the time since the stage's start; see `run_ramp`.

    Raises:
        SolveError: no steady temperature is found with the power.
    """
    heat, mechanics = model.heat, model.mechanics
    assert heat is not None  # the study's checks see to both
    assert mechanics is not None
    assert model.study.heat is not None
    current = heat.current
    fields: list[tuple[np.ndarray, np.ndarray | None]] = []
    for point in stage.points()[:2]:
        model.set_sources(dict(point.sources))
        model.set_drives(point.drives)
        heat.temperature.x.array[:] = model.study.heat.ambient  # the same start for a run that is taken up
        with model.monitor.phase("heat"):
            heat.solve_steady()
        potential = current.potential.x.array.copy() if current is not None else None
        fields.append((heat.temperature.x.array.copy(), potential))

    def temperatures(point: Point) -> np.ndarray:
        model.set_sources(dict(point.sources))
        model.set_drives(point.drives)
        kelvin, potential = fields[0 if point.label.endswith(" on") else 1]
        heat.temperature.x.array[:] = kelvin
        if current is not None:
            current.potential.x.array[:] = potential
            current.refresh()
        return mechanics.points.values(heat.temperature)

    return _loop(model, stage, done, temperatures)


def _loop(
    model: Model, stage: Cycles | PowerCycles, done: int, temperature: Callable[[Point], float | np.ndarray]
) -> Iterator[tuple[Point, float]]:
    mechanics = begin(model, stage, done)
    reached = 0.0
    if not done and model.leg is None:
        model.loops = (_flowed(mechanics),)
    for number, point in enumerate(stage.points()):
        if number < done:
            reached += stage.ramp + stage.dwell
            continue
        if number % 2 == 0 and _is_stable(stage, model.loops):
            LOG.info("%s: the loop is stable after %d cycles", stage.name, number // 2)
            return
        leg(model, stage, temperature(point), stage.ramp, (0.0, 1.0) if number == 0 else (1.0, 1.0))
        leg(model, stage, None, stage.dwell, (1.0, 1.0), 1)
        reached += stage.ramp + stage.dwell
        if number % 2:
            model.loops = (*model.loops, _flowed(mechanics))
        yield point, reached


def _is_stable(stage: Cycles | PowerCycles, loops: tuple[float, ...]) -> bool:
    """Return whether the last cycle added as much inelastic strain as the one before, within what the stage allows."""
    if stage.stable is None or len(loops) < 3:
        return False
    before, last = loops[-2] - loops[-3], loops[-1] - loops[-2]
    return abs(last - before) <= stage.stable * abs(before)


def _flowed(mechanics: MechanicsProblem) -> float:
    """Return the accumulated inelastic strain summed over the body, m^3. Collective."""
    strain = mechanics.internal.get("accumulated_strain")
    return 0.0 if strain is None else float(mechanics.points.integral(strain[..., 0])[0])


def begin(model: Model, stage: Any, done: int = 0) -> MechanicsProblem:
    """Let the stage's regions come and go, unless the run is in its middle, and return the mechanics."""
    mechanics = model.mechanics
    assert mechanics is not None  # the study's checks see to it
    gone = (*stage.killed, *stage.melted)
    if not done and model.leg is None and (stage.born or gone):
        stresses = {name: np.array([size, size, 0.0, 0.0, 0.0, 0.0]) for name, size in stage.intrinsic_stress.items()}
        mechanics.change(born=stage.born, gone=gone, stress=stresses)
        for words, names in (("born", stage.born), ("killed", stage.killed), ("melted", stage.melted)):
            if names:
                LOG.info("%s: %s %s", stage.name, ", ".join(names), words)
    return mechanics


def leg(
    model: Model,
    stage: Any,
    temperature: float | np.ndarray | None,
    duration: float | None,
    part: tuple[float, float],
    number: int = 0,
) -> None:
    """Go to a temperature (or stay) in a duration, in steps that the changes of temperature and strain allow.

    Args:
        model: whose state moves.
        stage: for its name, shrinkage, load and sizes of steps.
        temperature: K at the end, one number or (cells, points); None stays.
        duration: s; None lets no time pass.
        part: where in the stage, from 0 to 1, the leg begins and ends: its share of the shrinkage and the load.
        number: of the leg among those that lead to the next state; nothing is done where the run is beyond it.

    Raises:
        SolveError: when no step succeeds; the model is then in the last good state, and ``model.leg`` says where.
    """
    mechanics = model.mechanics
    assert mechanics is not None
    if model.leg is not None and model.leg.number > number:
        return
    if model.leg is None or model.leg.number < number:
        model.leg = Leg(stage.name, number, mechanics.load, mechanics.temperature.copy())
    way, start = model.leg, model.leg.start
    forget(mechanics)
    target = start if temperature is None else np.full_like(start, temperature)
    change = _largest(mechanics, np.abs(target - start))
    span = duration if duration is not None else 1.0
    first, last = part
    load, left = way.load, stage.load - way.load
    goal = load + (left * (last - first) / (1.0 - first) if first < 1.0 else left)
    own = {name: -amount * (last - first) * NORMAL for name, amount in stage.shrinkage.items()}
    largest = span * min(1.0, stage.largest_change / change) if change > 0.0 else span

    def attempt(time: float, step: float) -> float:
        reached = (time + step) / span
        mechanics.advance(
            start + reached * (target - start),
            load=load + reached * (goal - load),
            duration=step if duration is not None else 0.0,
            time=time + step,
            intrinsic={name: strain * (step / span) for name, strain in own.items()},
            ahead=step / way.taken if way.taken else 0.0,
            most=stage.largest_flow if step > EARLY * largest else np.inf,
        )
        return mechanics.largest_flow

    told = [monotonic()]

    def accepted(time: float, step: float) -> None:
        way.time, way.taken, way.count = time, step, way.count + 1
        if monotonic() - told[0] > PATIENCE:
            told[0] = monotonic()
            LOG.info("%s: %.3g of %.3g s done in %d steps", stage.name, time, span, way.count)

    def reached(time: float, proposed: float) -> None:
        way.step = proposed
        if way.count % RENEWED == 0 and time < span:
            forget(mechanics)
            model.paused()

    first_step = largest if duration is None else min(largest, 0.1 * span)
    with model.monitor.phase("mechanics"):
        stepping.march(
            f"mechanics, {stage.name}",
            attempt,
            mechanics.snapshot,
            start=way.time,
            end=span,
            control=stepping.Control(
                first=way.step or first_step,
                tolerance=stage.largest_flow,
                smallest=SMALLEST * span,
                largest=largest,
                order=1.0,
            ),
            accepted=accepted,
            reached=reached,
            monitor=model.monitor,
            log=LOG.info,
        )
    if model.heat is not None and isinstance(temperature, float):
        model.heat.temperature.x.array[:] = temperature
        if model.heat.current is not None:
            model.heat.current.potential.x.array[:] = 0.0


def _largest(mechanics: MechanicsProblem, values: np.ndarray) -> float:
    most = float(values.max()) if values.size else -np.inf
    return float(parallel.largest(np.array([most]), mechanics.space.mesh.comm)[0])
