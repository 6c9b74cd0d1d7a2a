"""Every reduction and broadcast of the suite, so that ranks cannot disagree by accident."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from mpi4py import MPI


def world() -> MPI.Intracomm:
    """Return the communicator the suite runs on."""
    return MPI.COMM_WORLD


def is_root(comm: MPI.Intracomm | None = None) -> bool:
    """Return whether this is the rank that writes files and talks to the user."""
    return (comm or world()).rank == 0


def total(value: float | np.ndarray, comm: MPI.Intracomm | None = None) -> Any:
    """Return the sum over ranks, with the shape of ``value`` (a float for a float)."""
    return _reduce(value, MPI.SUM, comm)


def largest(value: float | np.ndarray, comm: MPI.Intracomm | None = None) -> Any:
    """Return the maximum over ranks."""
    return _reduce(value, MPI.MAX, comm)


def smallest(value: float | np.ndarray, comm: MPI.Intracomm | None = None) -> Any:
    """Return the minimum over ranks."""
    return _reduce(value, MPI.MIN, comm)


def anywhere(flag: bool, comm: MPI.Intracomm | None = None) -> bool:
    """Return whether the flag is set on any rank."""
    return bool((comm or world()).allreduce(bool(flag), MPI.LOR))


def _reduce(value: float | np.ndarray, operation: MPI.Op, comm: MPI.Intracomm | None) -> Any:
    array = np.asarray(value, dtype=np.float64, order="C")
    result = np.empty_like(array)
    (comm or world()).Allreduce(array, result, operation)
    return float(result) if result.ndim == 0 else result


def broadcast[T](value: T, comm: MPI.Intracomm | None = None, root: int = 0) -> T:
    """Return the value of the rank ``root`` on every rank."""
    return (comm or world()).bcast(value, root=root)


def gather[T](value: T, comm: MPI.Intracomm | None = None) -> list[T]:
    """Return the values of all ranks, in rank order, on every rank: for small objects."""
    return (comm or world()).allgather(value)


def on_root[T](action: Callable[[], T], comm: MPI.Intracomm | None = None) -> T:
    """Run ``action`` on rank 0 alone and return its value on every rank; its exception is raised on every rank.

    The action must not call anything collective.
    """
    comm = comm or world()
    outcome: tuple[bool, Any] = (True, None)
    if comm.rank == 0:
        try:
            outcome = (True, action())
        except Exception as error:  # whatever it is, the other ranks must not be left waiting
            outcome = (False, portable(error))
    good, value = comm.bcast(outcome, root=0)
    if not good:
        raise value
    return value


def portable(error: BaseException) -> BaseException:
    """Return the error, or one with the same words where it cannot be sent to another rank."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def agreed[T](action: Callable[[], T], comm: MPI.Intracomm | None = None) -> T:
    """Run ``action`` on every rank and return its own value there; an exception on one rank is raised on all.

    The action must not call anything collective.
    """
    error: BaseException | None = None
    try:
        value = action()
    except Exception as found:
        error = portable(found)
    together(error, comm)
    return value


def dealt[T](tasks: Sequence[Callable[[], T]], costs: Sequence[float], comm: MPI.Intracomm | None = None) -> list[T]:
    """Run independent tasks, each on one rank, and return their results in order on rank 0 (nothing elsewhere).

    The dearest task left goes to the rank with the least to do. An exception on one rank is raised on all. The tasks
    must not call anything collective.

    Args:
        tasks: the same on every rank.
        costs: of the tasks, in any unit.
        comm: communicator.
    """
    comm = comm or world()
    load = [0.0] * comm.size
    owner = {}
    for task in sorted(range(len(tasks)), key=lambda number: -costs[number]):
        owner[task] = load.index(min(load))
        load[owner[task]] += costs[task]
    done: dict[int, T] = {}
    error: BaseException | None = None
    try:
        done = {task: tasks[task]() for task in range(len(tasks)) if owner[task] == comm.rank}
    except Exception as found:
        error = portable(found)
    together(error, comm)
    pieces = comm.gather(done, root=0)
    if pieces is None:
        return []
    results = {task: result for piece in pieces for task, result in piece.items()}
    return [results[task] for task in range(len(tasks))]


def together(error: BaseException | None, comm: MPI.Intracomm | None = None) -> None:
    """Raise on all ranks the error of the lowest rank that has one; return if none has."""
    for found in (comm or world()).allgather(error):
        if found is not None:
            raise found


def gather_rows(rows: np.ndarray, comm: MPI.Intracomm | None = None) -> np.ndarray:
    """Return the rows of all ranks, one after the other in rank order, on rank 0 (empty elsewhere).

    For pictures only, and coarsened before: see the architecture page.
    """
    comm = comm or world()
    pieces = comm.gather(np.ascontiguousarray(rows), root=0)
    return np.concatenate(pieces) if pieces is not None else rows[:0]
