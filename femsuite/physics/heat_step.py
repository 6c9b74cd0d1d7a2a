"""One implicit time step of the heat equation, of second order and L-stable, with an estimate of its error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from femsuite.solve.norms import maximum

if TYPE_CHECKING:
    from femsuite.physics.heat import HeatProblem

GAMMA = 1.0 - 1.0 / math.sqrt(2.0)


class HeatStep:
    """The two-stage singly diagonally implicit Runge-Kutta method in the heat stored, H(T), not in T.

    With ``tau = GAMMA dt`` both stages are the same equation ``(H - H_known)/tau + A(T) = P``:

    1. ``H_known = 0`` at ``t + GAMMA dt``; 2. ``H_known = (1 - GAMMA)/GAMMA H_1`` at ``t + dt``,

    with H counted from the step's start. One operator and one factorisation serve both stages, and what is stored
    equals what came in minus what went out to the solver's tolerance, whatever the capacity's curve.

    The error is estimated by the distance of the result from the straight line through start and first stage, which is
    the error of a first-order method of the same step: the step's own error is smaller.

    Args:
        problem: whose temperature is advanced.

    Source: R. Alexander, SIAM J. Numer. Anal. 14 (1977) 1006, method of order 2.
    """

    def __init__(self, problem: HeatProblem) -> None:
        self._problem = problem
        self._powers: list[tuple[float, dict[str, Any]]] = []

    def attempt(self, time: float, dt: float) -> float:
        """Advance the temperature from ``time`` to ``time + dt`` (s) and return the estimated error.

        Returns:
            Largest error at any unknown that is not prescribed, K.

        Raises:
            SolveError: when a stage does not converge.
        """
        problem = self._problem
        nodal, operator = problem.temperature.x, problem.operator
        start, tau = nodal.array.copy(), GAMMA * dt
        coefficients = problem.coefficients
        start_points = coefficients.at_storage_points()

        problem.set_time(time + tau)
        operator.storage = (start_points, np.zeros_like(start_points), tau)
        operator.solve(problem.time)
        first = nodal.array.copy()
        early = problem.books.power()

        problem.set_time(time + dt)
        heat = coefficients.stored(start_points, coefficients.at_storage_points())
        operator.storage = (start_points, (1.0 - GAMMA) / GAMMA * heat, tau)
        operator.solve(problem.time)
        late = problem.books.power()

        self._powers = [((1.0 - GAMMA) * dt, early), (GAMMA * dt, late)]
        error = nodal.array - start - (first - start) / GAMMA
        error[problem.held.dofs] = 0.0
        return maximum(float(np.abs(error).max(initial=0.0)), problem.comm)

    def accept(self) -> None:
        """Enter the energies of the step attempted last into the books."""
        self._problem.books.account(self._powers)
