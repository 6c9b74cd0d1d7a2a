import numpy as np
import pytest
from petsc4py import PETSc

from femsuite.errors import SolveError
from femsuite.solve.monitor import Monitor
from femsuite.solve.newton import Snapshot, solve_newton


class Roots:
    """r_i(u) = f(u_i) with its derivative on the diagonal."""

    def __init__(self, start, function, derivative):
        self.u = PETSc.Vec().createWithArray(np.array(start, dtype=float))
        self._function, self._derivative = function, derivative

    def residual(self):
        vector = self.u.duplicate()
        vector.array[:] = self._function(self.u.array_r)
        return vector

    def correct(self, residual, correction, rtol, atol):
        correction.array[:] = residual.array_r / self._derivative(self.u.array_r)

    def solve(self, **options):
        return solve_newton("test", self.u, self.residual, self.correct, scale=1.0, **options)


def test_newton_converges_quadratically():
    monitor = Monitor()
    roots = Roots([1.0, 3.0], lambda u: u**2 - 2.0, lambda u: 2.0 * u)
    record = roots.solve(rtol=1e-13, monitor=monitor)
    np.testing.assert_allclose(roots.u.array, np.sqrt(2.0), rtol=1e-13)
    assert record.iterations <= 6
    assert record.residuals[-2] < 1e-5
    assert monitor.newtons == [record]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_line_search_saves_an_iteration_that_overshoots():
    roots = Roots([3.0], np.arctan, lambda u: 1.0 / (1.0 + u**2))
    with pytest.raises(SolveError, match="test: the nonlinear solve failed"):
        roots.solve(line_search=False, max_iterations=12)
    roots = Roots([3.0], np.arctan, lambda u: 1.0 / (1.0 + u**2))
    roots.solve(rtol=1e-12)
    assert abs(roots.u.array[0]) < 1e-11


def test_line_search_stops_where_the_correction_does_no_more_work():
    stiffness, goal = np.array([[2.0, 1.0], [1.0, 30.0]]), np.array([1.0, -2.0])

    class TooLong(Roots):
        """Linear, with corrections two and a half times too long: the work ends at two fifths of them."""

        def residual(self):
            vector = self.u.duplicate()
            vector.array[:] = stiffness @ (self.u.array_r - goal)
            return vector

        def correct(self, residual, correction, rtol, atol):
            correction.array[:] = 2.5 * (self.u.array_r - goal)

    # the first correction is not searched: it jumps on to prescribed values
    assert TooLong([5.0, 5.0], None, None).solve(rtol=1e-12).iterations == 2


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_failure_names_time_and_residuals():
    roots = Roots([1.0], lambda u: u**2 + 1.0, lambda u: 2.0 * u)
    with pytest.raises(
        SolveError, match=r"at t = 3 s failed: .* relative residuals of the last iterations: 2\.00e\+00"
    ):
        roots.solve(time=3.0, max_iterations=4)


def test_residual_that_is_not_finite_is_refused():
    roots = Roots([np.nan], lambda u: u, lambda u: u)
    with pytest.raises(SolveError, match="the residual is not finite"):
        roots.solve()


def test_solved_problem_needs_no_iteration():
    roots = Roots([np.sqrt(2.0)], lambda u: u**2 - 2.0, lambda u: 2.0 * u)
    assert roots.solve(rtol=1e-12).iterations == 0


def test_snapshot_restores_arrays_in_place():
    array = np.arange(3.0)
    view = array[:2]
    snapshot = Snapshot({"array": array})
    array += 10.0
    snapshot.restore()
    np.testing.assert_array_equal(view, [0.0, 1.0])
