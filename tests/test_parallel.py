from functools import partial

import pytest

from femsuite import parallel
from femsuite.errors import InputError, SolveError


@pytest.mark.mpi
def test_dealt_tasks_come_back_in_order_on_the_first_rank(comm):
    tasks = [partial(pow, number, 2) for number in range(7)]
    found = parallel.dealt(tasks, [1.0, 5.0, 1.0, 1.0, 9.0, 1.0, 1.0], comm)
    assert found == ([0, 1, 4, 9, 16, 25, 36] if comm.rank == 0 else [])


@pytest.mark.mpi
def test_dear_tasks_go_to_different_ranks(comm):
    ranks = parallel.dealt([lambda: comm.rank] * 4, [10.0, 1.0, 10.0, 1.0], comm)
    if comm.rank == 0 and comm.size > 1:
        assert ranks[0] != ranks[2]


@pytest.mark.mpi
def test_failure_of_one_task_is_raised_on_every_rank(comm):
    def fails():
        raise InputError("no such thing")

    with pytest.raises(InputError, match="no such thing"):
        parallel.dealt([lambda: 1, lambda: 2, fails], [1.0, 1.0, 1.0], comm)


@pytest.mark.mpi
def test_what_fails_on_one_rank_alone_is_raised_on_every_rank(comm):
    def fails():
        if comm.rank == comm.size - 1:
            raise SolveError("only I know")
        return comm.rank

    with pytest.raises(SolveError, match="only I know"):
        parallel.agreed(fails, comm)
    assert parallel.agreed(lambda: comm.rank, comm) == comm.rank


@pytest.mark.mpi
def test_any_rank_can_broadcast(comm):
    last = comm.size - 1
    assert parallel.broadcast(comm.rank, comm, root=last) == last
    assert parallel.gather(comm.rank, comm) == list(range(comm.size))
