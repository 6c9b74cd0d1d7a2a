import numpy as np
import pytest
from petsc4py import PETSc

from femsuite.solve.guess import Guess


def diagonal(comm, factor=1.0):
    matrix = PETSc.Mat().createAIJ(((4, 4 * comm.size), (4, 4 * comm.size)), nnz=1, comm=comm)
    first, last = matrix.getOwnershipRange()
    for row in range(first, last):
        matrix.setValue(row, row, factor * (2.0 + row))
    matrix.assemble()
    return matrix


def vectors(matrix, seed):
    x, b = matrix.createVecs()
    first, last = matrix.getOwnershipRange()
    x.array[:] = np.sin(seed * (1.0 + np.arange(first, last)))
    matrix.mult(x, b)
    return x, b


@pytest.mark.mpi
def test_first_guess_is_zero(comm):
    matrix = diagonal(comm)
    x, b = vectors(matrix, 1.0)
    Guess().fill(matrix, b, x)
    assert x.norm() == 0.0


@pytest.mark.mpi
def test_combination_of_earlier_solutions_is_found_exactly(comm):
    matrix = diagonal(comm)
    guess = Guess()
    kept = [vectors(matrix, seed)[0] for seed in (0.7, 1.9)]
    for one in kept:
        guess.keep(one)
    wanted = 3.0 * kept[0].array_r - 0.2 * kept[1].array_r
    x, b = matrix.createVecs()
    x.array[:] = wanted
    matrix.mult(x, b)
    guess.fill(matrix, b, x)
    np.testing.assert_allclose(x.array_r, wanted, atol=1e-12)


@pytest.mark.mpi
def test_parallel_solutions_do_no_harm(comm):
    matrix = diagonal(comm)
    guess = Guess()
    x, b = vectors(matrix, 0.7)
    wanted = x.array_r.copy()
    for factor in (1.0, 2.0, 1.0 + 1e-14):
        x.array[:] = factor * wanted
        guess.keep(x)
    guess.fill(matrix, b, x)
    np.testing.assert_allclose(x.array_r, wanted, rtol=1e-10)


@pytest.mark.mpi
def test_changed_matrix_scales_the_guess(comm):
    guess = Guess()
    x, b = vectors(diagonal(comm), 0.7)
    guess.keep(x)
    wanted = x.array_r / 5.0
    guess.fill(diagonal(comm, 5.0), b, x)
    np.testing.assert_allclose(x.array_r, wanted, rtol=1e-12)
