"""Whether the ranks of a job found each other."""

from __future__ import annotations

import os
from collections.abc import Mapping

from femsuite import parallel
from femsuite.errors import InputError


def job_tasks(environment: Mapping[str, str] | None = None) -> int | None:
    """Return how many tasks Slurm started in this step, None outside of one."""
    environment = os.environ if environment is None else environment
    if "SLURM_STEP_ID" not in environment or "SLURM_PROCID" not in environment:
        return None  # inside sbatch or salloc but not started by srun: the launcher counts, not Slurm
    given = environment.get("SLURM_STEP_NUM_TASKS") or environment.get("SLURM_NTASKS") or ""
    return int(given) if given.isdecimal() else None


def refuse_split_job(environment: Mapping[str, str] | None = None) -> None:
    """Stop a job whose tasks do not see each other: each would compute the whole study into the same folder.

    Raises:
        InputError: Slurm started several tasks and MPI has one rank.
    """
    tasks, size = job_tasks(environment), parallel.world().size
    if tasks is not None and tasks > 1 and size == 1:
        raise InputError(
            f"Slurm started {tasks} tasks, but MPI knows of 1 rank: they would all compute the same. Start with "
            "'srun --mpi=pmi2 femsuite run ...', or with 'mpiexec' inside the job."
        )
