import numpy as np
import pytest

from femsuite.solve.upkeep import Upkeep


def upkeep(comm, preset="multigrid", iterations=22, digits=10.0):
    found = Upkeep(preset, comm)
    found.built(np.ones(4))
    found.solved(iterations, digits)
    return found


@pytest.mark.mpi
def test_without_a_preconditioner_it_is_due(comm):
    assert Upkeep("multigrid", comm).due(np.ones(4))


@pytest.mark.mpi
def test_small_changes_keep_it_and_a_glass_transition_does_not(comm):
    found = upkeep(comm)
    assert not found.due(np.array([1.0, 1.05, 0.98, 1.0]))
    assert found.due(np.array([1.0, 1.0, 0.05, 1.0]))


@pytest.mark.mpi
def test_change_on_one_rank_counts_on_all(comm):
    diagonal = np.ones(4)
    if comm.rank == comm.size - 1:
        diagonal[2] = 20.0
    found = upkeep(comm)
    assert found.spread(diagonal) == pytest.approx(20.0)
    assert found.due(diagonal)


@pytest.mark.mpi
def test_change_of_the_whole_matrix_by_one_factor_needs_no_new_one(comm):
    assert not upkeep(comm).due(np.full(4, 7.0))


@pytest.mark.mpi
def test_tighter_tolerance_is_no_reason_to_build_anew(comm):
    found = upkeep(comm, iterations=4, digits=2.0)
    found.solved(20, 10.0)
    assert not found.due(np.ones(4))


@pytest.mark.mpi
def test_slower_pace_than_the_set_up_is_worth_builds_anew(comm):
    found = upkeep(comm)
    found.solved(45, 10.0)
    assert found.due(np.ones(4))
    found.built(np.ones(4))
    assert not found.due(np.ones(4))


@pytest.mark.mpi
def test_rank_without_rows_agrees(comm):
    found = Upkeep("multigrid", comm)
    rows = 0 if comm.rank else 3
    found.built(np.ones(rows))
    found.solved(22, 10.0)
    assert found.spread(np.full(rows, 2.0)) == pytest.approx(1.0)
