"""Inexact Newton with a line search, and the snapshot that a failed step goes back to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from petsc4py import PETSc

from femsuite.errors import SolveError
from femsuite.solve.monitor import Monitor, NewtonRecord
from femsuite.solve.norms import norm

ENOUGH = 0.8
"""Share of the work of a correction that may be left when the line search accepts it."""
SEARCHES = 8
"""Points that a line search tries at most."""


class Snapshot:
    """Copies of arrays, written back by `restore`: the last accepted state.

    Args:
        arrays: name -> array that is changed in place by the solve.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self._arrays = dict(arrays)
        self._copies = {name: array.copy() for name, array in arrays.items()}

    def restore(self) -> None:
        """Write every copy back into the array it was taken from."""
        for name, array in self._arrays.items():
            np.copyto(array, self._copies[name])


def solve_newton(
    name: str,
    unknown: PETSc.Vec,
    residual: Callable[[], PETSc.Vec],
    correct: Callable[[PETSc.Vec, PETSc.Vec, float, float], Any],
    *,
    scale: float,
    rtol: float = 1e-8,
    atol: float = 0.0,
    forcing: float = 1e-2,
    at_least: int = 0,
    max_iterations: int = 25,
    line_search: bool = True,
    time: float | None = None,
    monitor: Monitor | None = None,
) -> NewtonRecord:
    """Solve ``r(u) = 0`` starting from the present ``unknown``.

    Args:
        name: the physics, for messages.
        unknown: u, changed in place; ghosts are updated after every change.
        residual: evaluates r at the present u, ghost shares added up; in prescribed rows it holds u - g.
        correct: ``(r, du, rtol, atol)`` solves ``J du = r`` to these tolerances into ``du``; it decides itself whether
            J and its preconditioner are rebuilt.
        scale: reference size of the residual norm for this physics; convergence is ``|r| <= rtol scale + atol``.
        rtol: see ``scale``.
        atol: absolute part.
        forcing: largest relative tolerance of the linear solves. Later ones follow Eisenstat and Walker, SIAM J. Sci.
            Comput. 17 (1996) 16, choice 2 with gamma 0.9 and exponent 2. Never tighter than the goal needs.
        at_least: corrections that are made in any case: one where prescribed values jump, because ``u - g`` is no
            residual of the physics and its size says nothing.
        max_iterations: corrections before giving up.
        line_search: shorten a correction that goes beyond the point where it does no more work.
        time: for the message, seconds.
        monitor: collects the record.

    Returns:
        The residual norms relative to ``scale``, the starting one first.

    Raises:
        SolveError: with the history of residuals when the iteration does not converge. ``unknown`` then holds the last
            iterate; the caller restores its `Snapshot`.
    """
    goal = rtol * scale + atol
    shown = scale if scale > 0.0 else 1.0
    current = residual()
    size = _norm(current)
    history = [size / shown]
    correction = unknown.duplicate()
    eta = forcing
    # An exact solve of a linear problem ends the iteration: only its own slack is needed.
    near = 0.5 if forcing < 1e-10 else 0.1
    words = "converged"
    while not size <= goal or len(history) <= at_least:
        if not math.isfinite(size):
            raise _failure(name, "the residual is not finite", history, time)
        if len(history) > max_iterations:
            raise _failure(name, f"no convergence in {max_iterations} iterations", history, time)
        correction.set(0.0)
        correct(current, correction, eta, near * goal)
        before, slope = size, _along(correction, current)
        _move(unknown, -1.0, correction)
        current = residual()
        size = _norm(current)
        # The first correction jumps onto the prescribed values: neither its work nor its size tells of the physics.
        if line_search and len(history) > 1 and not size <= goal:
            current = _search(unknown, correction, residual, current, slope)
            size = _norm(current)
            if before <= 10.0 * goal and not size < before:  # rounding: no direction reduces it further
                words = "stalled within ten times the tolerance"
        history.append(size / shown)
        if words != "converged":
            break
        wanted = 0.9 * (size / before) ** 2 if before > 0.0 else forcing
        safeguard = 0.9 * eta**2
        eta = min(forcing, max(wanted, safeguard if safeguard > 0.1 else 0.0, 1e-12))
    correction.destroy()
    record = NewtonRecord(name, len(history) - 1, tuple(history), words, time)
    if monitor is not None:
        monitor.record(record)
    return record


def _search(
    unknown: PETSc.Vec,
    correction: PETSc.Vec,
    residual: Callable[[], PETSc.Vec],
    current: PETSc.Vec,
    slope: float,
) -> PETSc.Vec:
    """Shorten the full correction that was made until its work has come near zero, and return the residual there.

    Of a convex energy this finds the least along the correction; the size of the residual may rise on the way. Source:
    Matthies and Strang, Int. J. Numer. Methods Eng. 14 (1979) 1613, with their tolerances.
    """
    low, at_low, high = 0.0, slope, 1.0
    step, now = 1.0, _along(correction, current)
    at_high = now
    for _ in range(SEARCHES):
        if math.isfinite(now) and abs(now) <= ENOUGH * abs(slope):
            break
        if math.isfinite(at_high) and at_low * at_high < 0.0:
            wanted = low + (high - low) * at_low / (at_low - at_high)
            wanted = min(max(wanted, low + 0.1 * (high - low)), high - 0.1 * (high - low))
        elif math.isfinite(at_high):
            break  # the work has not changed its sign: the full correction is not too long
        else:
            wanted = 0.5 * (low + high)
        _move(unknown, step - wanted, correction)
        step = wanted
        current = residual()
        now = _along(correction, current)
        if math.isfinite(now) and at_low * now > 0.0:
            low, at_low = step, now
        else:
            high, at_high = step, now
    return current


def _along(correction: PETSc.Vec, force: PETSc.Vec) -> float:
    return float(correction.dot(force))


def _norm(vector: PETSc.Vec) -> float:
    return norm(vector.array_r, vector.getComm().tompi4py())


def _move(unknown: PETSc.Vec, factor: float, correction: PETSc.Vec) -> None:
    unknown.axpy(factor, correction)
    unknown.ghostUpdate(PETSc.InsertMode.INSERT, PETSc.ScatterMode.FORWARD)


def _failure(name: str, why: str, history: list[float], time: float | None) -> SolveError:
    at = "" if time is None else f" at t = {time:.6g} s"
    trail = ", ".join(f"{value:.2e}" for value in history[-6:])
    return SolveError(
        f"{name}: the nonlinear solve{at} failed: {why}; relative residuals of the last iterations: {trail}. "
        "Try smaller steps, or check the ranges of the material curves."
    )
