import math

import numpy as np
import pytest

from femsuite.conditions import Film, FixedTemperature
from femsuite.conditions.schedule import TemperatureTable
from femsuite.errors import InputError, SolveError
from femsuite.physics.heat import HeatProblem
from femsuite.physics.heat_step import HeatStep
from femsuite.solve.monitor import Monitor
from femsuite.verify.bodies import box
from femsuite.verify.thermal_material import isotropic


def lump(monitor=None, ambient="300 K", initial=400.0):
    """A body that conducts so well that its temperature is even: dT/dt = -(T - ambient)/(1 s)."""
    film = Film(surface="top", coefficient="1 W/(m^2 K)", ambient=ambient)
    return HeatProblem(
        box((1.0, 1.0), (1, 1), "quadrilateral"), isotropic(1e6), [film], initial=initial, monitor=monitor
    )


def accepted(monitor):
    return [step for step in monitor.steps if step.accepted]


def test_lumped_body_cools_exponentially():
    problem = lump()
    list(problem.march(2.0, first_step=0.01, tolerance=1e-3))
    assert problem.temperature.x.array.max() == pytest.approx(300.0 + 100.0 * math.exp(-2.0), abs=2e-3)


def test_milestones_are_hit_exactly_and_the_march_goes_on_to_the_end():
    monitor = Monitor()
    problem = lump(monitor)
    excess = {
        time: problem.temperature.x.array.max() - 300.0
        for time in problem.march(2.0, first_step=0.01, tolerance=0.01, times=[0.3, 1.1])
    }
    assert list(excess) == [0.3, 1.1]
    assert [excess[time] for time in (0.3, 1.1)] == pytest.approx(
        [100 * math.exp(-0.3), 100 * math.exp(-1.1)], rel=1e-3
    )
    times = [step.time for step in accepted(monitor)]
    assert {0.3, 1.1} < set(times)
    assert times[-1] == 2.0
    assert times == sorted(times)


def test_no_temperature_changes_more_than_allowed_in_a_step():
    monitor = Monitor()
    problem = lump(monitor)
    list(problem.march(1.0, first_step=0.5, largest_change=5.0))
    steps = accepted(monitor)
    assert len(monitor.steps) > len(steps)  # the first attempt was too long
    excess = 100.0 * np.exp(-np.array([0.0, *(step.time for step in steps)]))
    assert np.abs(np.diff(excess)).max() <= 5.0 * 1.01


def test_steps_land_on_the_corners_of_a_table():
    monitor = Monitor()
    ambient = TemperatureTable(times=("0 s", "0.7 s", "0.8 s"), values=("300 K", "300 K", "350 K"))
    list(lump(monitor, ambient, 300.0).march(1.5, first_step=0.2, tolerance=0.05))
    assert {0.7, 0.8} < {step.time for step in accepted(monitor)}


def test_repeated_steps_leave_no_trace_in_the_energies():
    problem = lump()
    list(problem.march(1.0, first_step=0.9, largest_change=5.0))
    balance = problem.balance()
    assert balance["heat"] < 1e-8
    assert balance["energy_stored"] == pytest.approx(problem.temperature.x.array.mean() - 400.0, rel=1e-6)


def test_failed_step_goes_back_to_the_last_accepted_temperature(monkeypatch):
    monitor = Monitor()
    problem = lump(monitor)
    honest = HeatStep.attempt

    def fails_when_long(self, time, dt):
        error = honest(self, time, dt)
        if dt > 0.02:
            raise SolveError("too long")
        return error

    monkeypatch.setattr(HeatStep, "attempt", fails_when_long)
    list(problem.march(0.1, first_step=0.05, tolerance=1.0))
    assert problem.temperature.x.array.max() == pytest.approx(300.0 + 100.0 * math.exp(-0.1), rel=1e-3)
    assert any("too long" in step.note for step in monitor.steps)


def test_hopeless_step_stops_with_the_reason(monkeypatch):
    problem = lump()

    def fails(self, time, dt):
        self._problem.temperature.x.array[:] = -1.0
        raise SolveError("nothing helps")

    monkeypatch.setattr(HeatStep, "attempt", fails)
    with pytest.raises(SolveError, match="nothing helps"):
        list(problem.march(1.0, first_step=0.1, tolerance=1.0))
    np.testing.assert_allclose(problem.temperature.x.array, 400.0)


def test_prescribed_jump_does_not_hold_up_the_steps():
    monitor = Monitor()
    tagged = box((0.1, 1.0), (1, 8), "quadrilateral")
    held = FixedTemperature(surface="top", value="400 K")
    problem = HeatProblem(tagged, isotropic(1.0), [held], initial=300.0, monitor=monitor)
    list(problem.march(0.5, first_step=1e-3, largest_change=5.0))
    assert 10 < len(accepted(monitor)) < 200
    middle = 300.0 + 100.0 * (
        1 - 4 / math.pi * math.exp(-(math.pi**2) / 8)
    )  # first term of the series at the insulated end
    assert problem.temperature.x.array.min() == pytest.approx(middle, abs=1.0)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"first_step": 0.1}, "largest change"),
        ({"first_step": 0.1, "tolerance": 1.0, "times": [0.5, 0.2]}, "must rise"),
        ({"first_step": 0.1, "tolerance": 1.0, "times": [0.0, 0.2]}, "after 0 s"),
        ({"first_step": 0.1, "tolerance": 1.0, "times": [2.0]}, "beyond"),
    ],
)
def test_transient_that_makes_no_sense_is_refused(options, word):
    with pytest.raises(InputError, match=word):
        list(lump().march(1.0, **options))
