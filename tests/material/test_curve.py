import numpy as np
import pytest
from scipy.integrate import quad

from femsuite.errors import InputError
from femsuite.material.curve import Constant, Expression, Table
from femsuite.material.formula import Formula

LOGISTIC = Expression(Formula("1e-5 + 3e-5/(1 + exp(-(T - 401)/5))"), {})
TABLE = Table(np.array([250.0, 300.0, 420.0]), np.array([2.0, 5.0, 4.0]))


def test_a_table_is_linear_between_points_and_constant_beyond():
    at = np.array([100.0, 250.0, 275.0, 300.0, 360.0, 420.0, 900.0])
    assert np.allclose(TABLE.value(at), [2.0, 2.0, 3.5, 5.0, 4.5, 4.0, 4.0])


def test_a_tables_derivative_is_the_slope_to_the_right():
    at = np.array([100.0, 250.0, 275.0, 300.0, 419.0, 420.0, 900.0])
    assert np.allclose(TABLE.derivative(at), [0.0, 0.06, 0.06, -1.0 / 120.0, -1.0 / 120.0, 0.0, 0.0])


def test_a_tables_integral_is_exact():
    pieces = 2.0 * 50.0 + 3.5 * 50.0 + 4.5 * 120.0 + 4.0 * 80.0
    assert np.isclose(TABLE.integral(np.array(500.0)) - TABLE.integral(np.array(200.0)), pieces, rtol=1e-15)
    # inside a piece the integral is quadratic
    low, high = np.array(310.0), np.array(390.0)
    mean = 0.5 * (TABLE.value(low) + TABLE.value(high))
    assert np.isclose(TABLE.integral(high) - TABLE.integral(low), 80.0 * mean, rtol=1e-14)


@pytest.mark.parametrize("curve", [TABLE, LOGISTIC, Constant(3.0)])
def test_the_derivative_of_the_integral_is_the_value(curve):
    at = np.linspace(203.0, 597.0, 41)
    step = 1e-3
    slope = (curve.integral(at + step) - curve.integral(at - step)) / (2.0 * step)
    assert np.allclose(slope, curve.value(at), rtol=1e-7)


def test_an_expressions_integral_equals_its_closed_form():
    def closed(t):
        return 1e-5 * t + 3e-5 * 5.0 * np.logaddexp(0.0, (t - 401.0) / 5.0)

    at = np.linspace(80.0, 900.0, 301)
    got = LOGISTIC.integral(at) - LOGISTIC.integral(np.array(298.0))
    assert np.max(np.abs(got - (closed(at) - closed(298.0)))) < 1e-15  # of at most 0.02


def test_an_expressions_integral_resolves_a_step():
    curve = Expression(Formula("where(T < 371.3, 1, 2)"), {})
    got = curve.integral(np.array(400.0)) - curve.integral(np.array(300.0))
    assert np.isclose(got, 71.3 + 2.0 * 28.7, rtol=1e-9)


def test_an_expressions_integral_does_not_depend_on_what_was_asked_before():
    at = np.array([120.0, 299.0, 301.0, 777.0])
    fresh = Expression(LOGISTIC.formula, {})
    for one in at[::-1]:
        fresh.integral(np.array([one]))
    other = Expression(LOGISTIC.formula, {})
    assert np.array_equal(fresh.integral(at), other.integral(at))


def test_an_expressions_integral_agrees_with_quadrature():
    curve = Expression(Formula("a*sqrt(T)*tanh(T/b)"), {"a": 0.3, "b": 250.0})
    expected = quad(lambda t: float(curve.value(np.array(t))), 210.0, 730.0, epsabs=0.0, epsrel=1e-13)[0]
    got = curve.integral(np.array(730.0)) - curve.integral(np.array(210.0))
    assert np.isclose(got, expected, rtol=1e-10)


def test_shapes_are_kept():
    at = np.full((4, 3), 350.0)
    for curve in (TABLE, LOGISTIC, Constant(1.0), Expression(Formula("2*a"), {"a": 1.0})):
        assert curve.value(at).shape == curve.derivative(at).shape == curve.integral(at).shape == (4, 3)
        assert curve.integral(at[:0]).shape == (0, 3)


def test_the_integral_of_a_diverging_temperature_ends_at_once():
    curve = Expression(LOGISTIC.formula, {})
    got = curve.integral(np.array([1e9, -1e9, np.nan, 5104.0]))
    assert np.isnan(got[2])
    assert np.isclose(got[0] - got[3], 4e-5 * (1e9 - 5104.0), rtol=1e-9)
    assert np.isclose(got[1], -1e-5 * 1e9, rtol=1e-5)


def test_an_integral_across_a_singularity_is_refused():
    curve = Expression(Formula("log(T - 350)"), {})
    with pytest.raises(InputError, match=r"'log\(T - 350\)' cannot be integrated: it is not finite between"):
        curve.integral(np.array([300.0, 400.0]))
