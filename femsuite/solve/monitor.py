"""What every solve did, how long every phase took, and how much memory the run has needed: for ``run.json``."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from mpi4py import MPI

from femsuite import parallel
from femsuite.solve.norms import maximum, summed


@dataclass(frozen=True)
class SolveRecord:
    """One linear solve.

    Args:
        physics: ``heat``, ``mechanics``, ...
        preset: the key of `femsuite.solve.presets.PRESETS` that ran.
        unknowns: global number of unknowns.
        iterations: Krylov iterations.
        residual: true residual norm over the free unknowns, relative to the right-hand side's.
        seconds: wall time of the solve.
        setup_seconds: wall time of the preconditioner's set-up that this solve needed (0 when it was reused).
        reason: why the iteration ended, in words.
    """

    physics: str
    preset: str
    unknowns: int
    iterations: int
    residual: float
    seconds: float
    setup_seconds: float
    reason: str


@dataclass(frozen=True)
class NewtonRecord:
    """One nonlinear solve: the residual after each iteration, relative to the physics' reference scale."""

    physics: str
    iterations: int
    residuals: tuple[float, ...]
    reason: str
    time: float | None = None


@dataclass(frozen=True)
class StepRecord:
    """One attempted time step: accepted, or why not."""

    physics: str
    time: float
    step: float
    accepted: bool
    error: float | None
    note: str


@dataclass
class Monitor:
    """Collects the records of a run. Every room adds to it, nothing reads it before the end."""

    solves: list[SolveRecord] = field(default_factory=list)
    newtons: list[NewtonRecord] = field(default_factory=list)
    steps: list[StepRecord] = field(default_factory=list)
    phases: dict[str, dict[str, float]] = field(default_factory=dict)

    def record(self, entry: SolveRecord | NewtonRecord | StepRecord) -> None:
        """Add one record."""
        shelves: dict[type, list] = {SolveRecord: self.solves, NewtonRecord: self.newtons, StepRecord: self.steps}
        shelves[type(entry)].append(entry)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the wall and CPU seconds of the ``with`` block to the phase ``name``."""
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            entry = self.phases.setdefault(name, {"wall_seconds": 0.0, "cpu_seconds": 0.0, "calls": 0.0})
            entry["wall_seconds"] += time.perf_counter() - wall
            entry["cpu_seconds"] += time.process_time() - cpu
            entry["calls"] += 1.0
            entry["peak_memory_bytes"] = float(peak_memory())

    def summary(self, comm: MPI.Intracomm | None = None) -> dict[str, object]:
        """Return plain data for JSON, the same on every rank. Collective.

        Phase times are those of the slowest rank; the peak memory is the sum over ranks, in bytes.
        """
        group = comm or parallel.world()
        names = parallel.broadcast(sorted(self.phases), group)
        keys = ("wall_seconds", "cpu_seconds", "calls", "peak_memory_bytes")
        phases = {
            name: {key: maximum(self.phases.get(name, {}).get(key, 0.0), group) for key in keys} for name in names
        }
        return {
            "solves": [asdict(entry) for entry in self.solves],
            "newton": [asdict(entry) for entry in self.newtons],
            "steps": [asdict(entry) for entry in self.steps],
            "phases": phases,
            "peak_memory_bytes": summed(float(peak_memory()), group),
        }


def peak_memory() -> int:
    """Return the largest resident size of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux reports KiB
