"""The command line on several ranks: one voice, one exit code, and nobody left waiting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mpi4py import MPI

from femsuite.commands.ranks import job_tasks, refuse_split_job
from femsuite.errors import InputError

LAUNCHER = Path(sys.executable).with_name("mpiexec")
pytestmark = pytest.mark.skipif(
    not LAUNCHER.exists() or MPI.COMM_WORLD.size > 1, reason="starts its own ranks, with the launcher beside Python"
)


def on_two_ranks(*arguments):
    """Run Python on two ranks; return what was printed, the errors, and the exit code."""
    own = ("PMI", "HYDRA", "MPI_LOCAL")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(own)}
    command = [str(LAUNCHER), "-n", "2", sys.executable, *arguments]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout, done.stderr, done.returncode


def test_only_the_first_rank_speaks():
    out, _, code = on_two_ranks("-m", "femsuite", "list", "studies", "--plain")
    assert code == 0
    assert out.split().count("lm3046/power_sweep") == 1


def test_a_wrong_study_is_told_once_and_all_ranks_end_with_code_2():
    out, told, code = on_two_ranks("-m", "femsuite", "run", "power_sweep", "--set", "heat.ambient=22")
    assert code == 2
    assert (out + told).count("22 has no unit") == 1


def test_an_error_of_one_rank_alone_ends_the_others_too():
    script = """
import sys
from femsuite import cli, parallel
from femsuite.commands import list as command
from femsuite.errors import InputError

def main(arguments):
    if parallel.world().rank == 1:
        raise InputError("only I know")
    parallel.total(1.0)

command.main, cli.PATIENCE = main, 0.5
sys.exit(cli.main(["list"]))
"""
    out, told, code = on_two_ranks("-c", script)
    assert code != 0
    assert "rank 1: only I know" in out + told


@pytest.mark.parametrize(
    ("environment", "tasks"),
    [
        ({}, None),
        ({"SLURM_NTASKS": "4"}, None),
        ({"SLURM_STEP_ID": "0", "SLURM_PROCID": "1", "SLURM_NTASKS": "4"}, 4),
        ({"SLURM_STEP_ID": "0", "SLURM_PROCID": "1", "SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "2"}, 2),
    ],
)
def test_the_tasks_of_a_slurm_step_are_counted(environment, tasks):
    assert job_tasks(environment) == tasks


def test_slurm_tasks_that_do_not_see_each_other_are_refused():
    with pytest.raises(InputError, match="Slurm started 2 tasks, but MPI knows of 1 rank"):
        refuse_split_job({"SLURM_STEP_ID": "0", "SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "2"})
    refuse_split_job({"SLURM_STEP_ID": "0", "SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "1"})
