"""Steady states of a body that currents heat, and whether there is one at all.

Where the resistivity rises with temperature, a current above a limit heats faster than the heat flows off. The
equations then have solutions still, but with temperatures below everything around: no heating does that, and no body
gets there. Such a solution, or none, makes the search go from no current upwards for the limit.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from femsuite import parallel
from femsuite.conditions.schedule import value_at
from femsuite.errors import SolveError
from femsuite.solve.monitor import NewtonRecord
from femsuite.solve.newton import Snapshot

if TYPE_CHECKING:
    from femsuite.physics.heat import HeatProblem

LOG = logging.getLogger("femsuite")
CLOSE = 2e-3
"""Relative width of the interval that the limit is told with."""
BELOW = 1e-3
"""Share of the rise by which a temperature may undershoot its surroundings: the mesh does that, not physics."""


def solve_steady(problem: HeatProblem, time: float) -> NewtonRecord:
    """Solve for the steady temperature and potential of a problem whose operator is electrothermal. Collective.

    Raises:
        SolveError: there is no steady state, with the limit; or none was found.
    """
    operator = problem.operator
    current = problem.current
    assert current is not None
    before = Snapshot({"temperature": problem.temperature.x.array, "potential": current.potential.x.array})
    operator.conduction.share = 1.0
    try:
        record: NewtonRecord = operator.solve(time)
        if _possible(problem, time):
            return record
    except SolveError as error:
        LOG.debug("the steady state is sought from no current upwards: %s", error)
    before.restore()
    return _climb(problem, time)


def _climb(problem: HeatProblem, time: float) -> NewtonRecord:
    operator = problem.operator
    current = problem.current
    assert current is not None
    fields = {"temperature": problem.temperature.x.array, "potential": current.potential.x.array}
    before = Snapshot(fields)
    current.potential.x.array[:] = 0.0
    low, high, record, words = 0.0, 1.0, None, ""
    beyond = False  # whether a solution at ``high`` is known to be none that heating leads to
    try:
        operator.conduction.share = 0.0
        record = operator.solve(time)
        good = Snapshot(fields)
        trial = 0.5
        while low < 1.0 and high - low > CLOSE * max(low, CLOSE):
            operator.conduction.share = trial
            try:
                record = operator.solve(time)
                reached = _possible(problem, time)
                beyond = beyond or not reached
            except SolveError as error:
                reached, words = False, str(error)
            if reached:
                low, good = trial, Snapshot(fields)
                # From a state nearer to it the upper end may be found after all.
                trial = 0.5 * (low + high) if beyond else high
            else:
                good.restore()
                high = trial if trial < high else high
                trial = 0.5 * (low + high)
    finally:
        operator.conduction.share = 1.0
    if low == 1.0:
        assert record is not None
        return record
    hottest = float(parallel.largest(np.array([problem.temperature.x.array.max(initial=-np.inf)]), problem.comm)[0])
    before.restore()
    drives = ", ".join(f"{name} {drive}" for name, drive in current.drives.items() if drive.value)
    if not low:
        raise SolveError(f"current and heat: no steady state was found even at a small share of {drives}. {words}")
    limits = ", ".join(f"{name} {drive.times(low)}" for name, drive in current.drives.items() if drive.value)
    raise SolveError(
        f"electric runaway: with {drives} there is no steady state, the resistance rises with the temperature faster "
        f"than the heat flows off. The last one found on the way up is at {limits} ({low:.4g} of it), with "
        f"{hottest - 273.15:.4g} degC at the hottest place; the limit lies less than {high / low - 1.0:.2%} above. "
        "Lower the drive, cool better, or follow the heating in time with a transient stage."
    )


def _possible(problem: HeatProblem, time: float) -> bool:
    """Return whether no temperature lies below all surroundings: with heat put in only, none can."""
    around = [_surroundings(condition, time) for condition in problem.conditions]
    known = [one for one in around if one is not None]
    if not known or any(math.isnan(one) for one in known):
        return True
    values = problem.temperature.x.array
    low = float(parallel.smallest(np.array([values.min(initial=np.inf)]), problem.comm)[0])
    high = float(parallel.largest(np.array([values.max(initial=-np.inf)]), problem.comm)[0])
    floor = min(known)
    return low >= floor - BELOW * max(high - floor, 0.0) - 1e-6


def _surroundings(condition: Any, time: float) -> float | None:
    """Return the temperature around that a condition knows, None if none, nan where it takes heat away by itself."""
    for key in ("value", "ambient"):
        if hasattr(condition, key):
            return float(value_at(getattr(condition, key), time))
    return math.nan if condition.numbers(time, 1.0).get("flux", 0.0) < 0.0 else None
