"""Run the tests marked ``mpi`` on every rank: ``mpiexec -n 3 python tests/on_ranks.py [pytest arguments]``.

Rank 0 speaks; another rank's report is shown only when it failed there. One failure on any rank fails the run.
"""

import os
import sys
import tempfile

import pytest
from mpi4py import MPI

import femsuite  # noqa: F401 - loads the solver's own libraries first


def main(arguments: list[str]) -> int:
    comm = MPI.COMM_WORLD
    sys.stdout.flush()
    with tempfile.TemporaryFile("w+") as silent:
        screen = os.dup(1), os.dup(2)
        if comm.rank > 0:
            os.dup2(silent.fileno(), 1)
            os.dup2(silent.fileno(), 2)
        # A rank that failed alone leaves the others waiting: the thread method ends the whole job after the timeout.
        code = int(pytest.main(["-m", "mpi", "--timeout=600", "--timeout-method=thread", *arguments]))
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(screen[0], 1)
        os.dup2(screen[1], 2)
        if comm.rank > 0 and code != 0:
            silent.seek(0)
            print(f"---- rank {comm.rank} of {comm.size} ----\n{silent.read()}", flush=True)
    worst = comm.allreduce(code, MPI.MAX)
    if comm.rank == 0:
        print(f"tests on {comm.size} ranks: {'failed' if worst else 'passed'}", flush=True)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
