import math

import numpy as np
import pytest

from femsuite.errors import InputError, SolveError
from femsuite.solve.monitor import Monitor
from femsuite.solve.newton import Snapshot
from femsuite.solve.stepping import Control, TooFar, march


class Decay:
    """y' = -y by backward Euler, error estimated against the trapezoidal rule."""

    def __init__(self):
        self.y = np.array([1.0])
        self.fail_beyond = math.inf

    def attempt(self, time, step):
        if step > self.fail_beyond:
            self.y[:] = np.nan
            raise SolveError("heat: the residual is not finite")
        old = self.y[0]
        self.y[0] = old / (1.0 + step)
        return abs(self.y[0] - old * (1 - step / 2) / (1 + step / 2))

    def snapshot(self):
        return Snapshot({"y": self.y})


def test_steps_land_exactly_on_milestones():
    decay, times = Decay(), []
    march(
        "heat",
        decay.attempt,
        decay.snapshot,
        start=0.0,
        end=1.0,
        control=Control(first=0.013, tolerance=1e-3),
        milestones=[0.1, 1 / 3, 2.0],
        accepted=lambda time, step: times.append(time),
    )
    assert {0.1, 1 / 3, 1.0} <= set(times)
    assert times == sorted(times)


def test_halving_the_square_root_of_the_tolerance_halves_the_error_of_backward_euler():
    errors = []
    for tolerance in (4e-4, 1e-4, 2.5e-5):
        decay = Decay()
        control = Control(first=1e-3, tolerance=tolerance)
        march("heat", decay.attempt, decay.snapshot, start=0.0, end=1.0, control=control)
        errors.append(abs(decay.y[0] - math.exp(-1.0)))
    assert errors[0] / errors[1] == pytest.approx(2.0, rel=0.25)
    assert errors[1] / errors[2] == pytest.approx(2.0, rel=0.25)


def test_failed_step_is_undone_and_shortened_until_it_succeeds():
    decay, monitor, lines = Decay(), Monitor(), []
    decay.fail_beyond = 0.05
    march(
        "heat",
        decay.attempt,
        decay.snapshot,
        start=0.0,
        end=0.3,
        control=Control(first=0.3, tolerance=1.0),
        monitor=monitor,
        log=lines.append,
    )
    assert np.isfinite(decay.y[0])
    good = [entry for entry in monitor.steps if entry.accepted]
    assert len(good) < len(monitor.steps)
    assert sum(entry.step for entry in good) == pytest.approx(0.3)
    assert len(lines) == len(monitor.steps) - len(good)
    assert "undone: heat: the residual is not finite" in lines[0]


def test_step_that_is_broken_off_early_is_shortened_by_the_error_that_was_seen():
    decay, monitor, lines = Decay(), Monitor(), []

    def attempt(time, step):
        if step > 0.05:
            raise TooFar(2.0 * step)
        return decay.attempt(time, step) and step

    control = Control(first=0.1, tolerance=0.05, order=1.0)
    march("heat", attempt, decay.snapshot, start=0.0, end=0.3, control=control, monitor=monitor, log=lines.append)
    first, second = monitor.steps[:2]
    assert (first.accepted, first.error, first.step) == (False, 0.2, 0.1)
    assert second.step == pytest.approx(0.1 * 0.9 * 0.05 / 0.2, rel=0.05)
    assert "estimated error 0.2 before the step was solved" in lines[0]


def test_smallest_step_that_fails_stops_with_the_last_good_state():
    decay = Decay()
    decay.fail_beyond = 0.0
    control = Control(first=0.1, tolerance=1.0, smallest=0.01)
    with pytest.raises(SolveError, match=r"no step succeeds at t = 0 s, not even the smallest of 0\.01 s"):
        march("heat", decay.attempt, decay.snapshot, start=0.0, end=1.0, control=control)
    assert decay.y[0] == 1.0


def test_error_above_tolerance_is_rejected():
    decay, monitor = Decay(), Monitor()
    control = Control(first=1.0, tolerance=1e-3)
    march("heat", decay.attempt, decay.snapshot, start=0.0, end=1.0, control=control, monitor=monitor)
    assert not monitor.steps[0].accepted
    assert all(entry.error <= 1e-3 for entry in monitor.steps if entry.accepted)


def test_end_before_start_is_an_input_error():
    decay = Decay()
    with pytest.raises(InputError, match="an end after its start"):
        march("heat", decay.attempt, decay.snapshot, start=1.0, end=0.0, control=Control(first=0.1, tolerance=1.0))
