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
        line_search: halve a correction that does not reduce the residual.
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
        before = size
        _move(unknown, -1.0, correction)
        current = residual()
        size = _norm(current)
        step = 1.0
        while line_search and len(history) > 1 and not size <= (1.0 - 1e-4 * step) * before:
            # The first correction jumps onto the prescribed values and may raise the residual; later ones must not.
            if size <= goal:
                break
            if step < 1e-3:
                if before <= 10.0 * goal:  # rounding: no direction reduces it further
                    words = "stalled within ten times the tolerance"
                    break
                raise _failure(name, "the line search found no smaller residual", history, time)
            _move(unknown, 0.5 * step, correction)
            step *= 0.5
            current = residual()
            size = _norm(current)
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
