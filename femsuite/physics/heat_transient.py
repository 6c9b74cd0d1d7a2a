"""A transient of the heat equation: steps whose length follows the estimated error and the change of temperature."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femsuite.errors import InputError
from femsuite.physics.heat_step import HeatStep
from femsuite.solve.newton import Snapshot
from femsuite.solve.norms import maximum
from femsuite.solve.stepping import Control
from femsuite.solve.stepping import march as advance

if TYPE_CHECKING:
    from femsuite.physics.heat import HeatProblem


def march(
    problem: HeatProblem,
    duration: float,
    first_step: float,
    largest_change: float | None = None,
    tolerance: float | None = None,
    times: Sequence[float] = (),
) -> Iterator[float]:
    """Advance the temperature over a duration and stop at every milestone, hit exactly.

    A step that changes some temperature by more than ``largest_change``, whose estimated error exceeds ``tolerance``,
    or that does not converge is taken back and repeated with a shorter length. Corners in the conditions' tables are
    hit too.

    Args:
        problem: its temperature is the start.
        duration: s; the conditions' time runs from 0.
        first_step: s, of the first attempt.
        largest_change: K, at any unknown that is not prescribed in one step; no limit if None.
        tolerance: K, of a step's estimated error (see `HeatStep`); a tenth of ``largest_change`` if None.
        times: milestones in s, rising, after 0 and within the duration; only its end if empty. To get to the
            duration after the last of them, exhaust the iterator.

    Yields:
        The time of each milestone when the temperature has reached it.

    Raises:
        InputError: when neither limit is given, or times do not rise.
        SolveError: when even the shortest step fails; the temperature is then that of the last accepted time.
    """
    if tolerance is None:
        if largest_change is None:
            raise InputError("a transient needs the largest change of temperature in a step, or a tolerance")
        tolerance = 0.1 * largest_change
    milestones = [*times] or [duration]
    if any(later <= earlier for earlier, later in itertools.pairwise([0.0, *milestones, math.inf])):
        raise InputError("the times of a transient must rise from one to the next, after 0 s")
    if milestones[-1] > duration:
        raise InputError(f"the time {milestones[-1]:g} s lies beyond the transient's duration of {duration:g} s")
    corners = [corner for item in problem.conditions for corner in item.breakpoints()]
    limits = Limits(largest_change or math.inf, tolerance)
    step = HeatStep(problem)
    nodal = problem.temperature.x

    def attempt(time: float, length: float) -> float:
        start = nodal.array.copy()
        error = step.attempt(time, length)
        moved = np.abs(nodal.array - start)
        moved[problem.held.dofs] = 0.0  # what a condition prescribes is no error of the step
        return limits.share(error, maximum(float(moved.max(initial=0.0)), problem.comm))

    # A jump that a condition prescribes at the start belongs to the start: consistent mass would spread it inwards.
    problem.set_time(0.0)
    problem.held.apply(nodal.array)
    problem.books.restart()
    time, length = 0.0, first_step
    end = [] if math.isclose(milestones[-1], duration) else [duration]
    for stop in (*milestones, *end):
        length = advance(
            "heat",
            attempt,
            lambda: Snapshot({"temperature": nodal.array}),
            start=time,
            end=stop,
            control=Control(length, tolerance=1.0, smallest=min(1e-9 * duration, 1e-3 * first_step), largest=duration),
            milestones=corners,
            accepted=lambda _time, _length: step.accept(),
            monitor=problem.monitor,
        )
        time = stop
        if stop in milestones:
            yield stop


@dataclass(frozen=True)
class Limits:
    """What a step may do.

    Args:
        change: largest change of a temperature, K.
        error: largest estimated error, K.
    """

    change: float
    error: float

    def share(self, error: float, change: float) -> float:
        """Return the larger share of the two limits, 1 at most when both hold; it goes with the square of the step.

        Args:
            error: estimated error of the step, K, which goes with the square of the step.
            change: largest change of a temperature, K, which goes with the step.
        """
        return max(error / self.error, (change / self.change) ** 2)
