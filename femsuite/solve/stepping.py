"""Adaptive time steps: as long as the error allows, exactly onto the milestones, and back to the last good state."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from femsuite.errors import InputError, SolveError
from femsuite.solve.monitor import Monitor, StepRecord


class Restorable(Protocol):
    """A state that can be gone back to, such as `femsuite.solve.newton.Snapshot`."""

    def restore(self) -> None:
        """Go back."""


class TooFar(SolveError):
    """A step that was broken off because its error can be seen to become too large.

    Args:
        error: as far as it is known.
    """

    def __init__(self, error: float) -> None:
        self.error = error
        super().__init__(f"estimated error {error:.3g} before the step was solved")

    def __reduce__(self) -> tuple[type[TooFar], tuple[float]]:
        return type(self), (self.error,)


@dataclass(frozen=True)
class Control:
    """How long steps may be.

    Args:
        first: first step, s.
        tolerance: largest estimated error of a step, in the unit of the physics' estimate.
        smallest: no step is shorter than this, s; a thousand-millionth of the duration if None.
        largest: no step is longer than this, s; the whole duration if None.
        order: the estimated error goes with the step to this power.
        growth: largest ratio of one step to the one before.
    """

    first: float
    tolerance: float
    smallest: float | None = None
    largest: float | None = None
    order: float = 2.0
    growth: float = 2.5

    def factor(self, error: float) -> float:
        """Return the ratio of the next step to this one, with a safety of 0.9 on the step."""
        if error <= 0.0:
            return self.growth
        return min(self.growth, max(0.2, 0.9 * (self.tolerance / error) ** (1.0 / self.order)))


def march(
    name: str,
    attempt: Callable[[float, float], float],
    snapshot: Callable[[], Restorable],
    *,
    start: float,
    end: float,
    control: Control,
    milestones: Iterable[float] = (),
    accepted: Callable[[float, float], None] = lambda time, step: None,
    reached: Callable[[float, float], None] = lambda time, proposed: None,
    monitor: Monitor | None = None,
    log: Callable[[str], None] = lambda line: None,
) -> float:
    """Advance from ``start`` to ``end``; time moves on only with a step that succeeded.

    A failed or too inaccurate step is undone, shortened and tried again, down to the smallest step.

    Args:
        name: the physics, for messages.
        attempt: ``(time, step)`` advances the state by one step and returns its estimated error; raises `SolveError`,
            or `TooFar` where it need not solve to know.
        snapshot: copies the state.
        start: s.
        end: s.
        control: lengths of the steps.
        milestones: times that steps must end on exactly; those outside ``(start, end)`` are ignored.
        accepted: called with the time reached and the step after every good step.
        reached: called last of all after every good step, with the time and the step that comes next: a march that
            starts there with that as its first step goes on as this one would.
        monitor: collects a record of every attempt.
        log: takes a line for every step that was undone.

    Returns:
        The step that would have come next, s.

    Raises:
        SolveError: when the smallest step fails too: physics, time, cause and what to try. The state is then that of
            the last good step.
        InputError: when times or steps are not positive and in order.
    """
    span = end - start
    smallest = control.smallest if control.smallest is not None else 1e-9 * span
    largest = control.largest if control.largest is not None else span
    if not (span > 0.0 and smallest > 0.0 and control.first > 0.0 and control.tolerance > 0.0):
        raise InputError(f"{name}: a transient needs an end after its start, and positive steps and tolerance")
    stops = [*sorted({stop for stop in milestones if start < stop < end}), end]
    time, proposed = start, min(control.first, largest)
    rejected = False
    while stops:
        step, lands = _fit(proposed, stops[0] - time)
        before = snapshot()
        try:
            error = attempt(time, step)
            cause = "" if error <= control.tolerance else f"estimated error {error:.3g} above {control.tolerance:.3g}"
            ratio = control.factor(error) if math.isfinite(error) else 0.25
            if not math.isfinite(error):
                cause = "the estimated error is not finite"
        except TooFar as failure:
            error, cause, ratio = failure.error, str(failure), control.factor(failure.error)
        except SolveError as failure:
            error, cause, ratio = math.nan, str(failure), 0.25
        good = not cause
        arrival = stops[0] if lands else time + step
        if monitor is not None:
            shown = error if math.isfinite(error) else None
            monitor.record(StepRecord(name, arrival if good else time, step, good, shown, cause))
        if good:
            time = arrival
            if lands:
                stops.pop(0)
            accepted(time, step)
            # A step cut short by a milestone says little against the longer one that was proposed before it.
            grown = step * (min(ratio, 1.0) if rejected else ratio)
            proposed = min(largest, max(grown, proposed if lands and ratio >= 1.0 and not rejected else 0.0))
            proposed = max(proposed, smallest)
            rejected = False
            reached(time, proposed)
            continue
        before.restore()
        rejected = True
        log(f"{name}: the step of {step:.3g} s from t = {time:.6g} s is undone: {cause}")
        if step <= smallest * (1.0 + 1e-9):
            raise SolveError(
                f"{name}: no step succeeds at t = {time:.6g} s, not even the smallest of {smallest:.3g} s. Last cause: "
                f"{cause}. Look for a jump in loads or material curves near this time, allow a larger error, or refine "
                "the mesh."
            )
        proposed = max(smallest, step * min(ratio, 0.5))
    return proposed


def _fit(proposed: float, left: float) -> tuple[float, bool]:
    """Return the step and whether it lands on the next milestone; the rest is never a sliver."""
    if left <= proposed * (1.0 + 1e-6):
        return left, True
    if left < 2.0 * proposed:
        return 0.5 * left, False
    return proposed, False
