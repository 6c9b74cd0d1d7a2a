import numpy as np
import pytest

from femsuite.verify.rates import extrapolate, slope


def test_slope_of_a_quadratic_error_is_two():
    sizes = np.array([0.4, 0.2, 0.1])
    assert slope(sizes, 3.0 * sizes**2) == pytest.approx(2.0, abs=1e-12)


@pytest.mark.parametrize("order", [1.0, 2.0, 3.5])
def test_extrapolation_finds_limit_and_order_of_a_power_law_with_unequal_ratios(order):
    sizes = (0.5, 0.3, 0.2)
    found = extrapolate(*(7.0 + 2.0 * h**order for h in sizes), sizes)
    assert found.value == pytest.approx(7.0, rel=1e-9)
    assert found.order == pytest.approx(order, rel=1e-9)


def test_oscillating_numbers_give_no_order_and_a_band_that_covers_them():
    found = extrapolate(1.0, 1.2, 1.1, (0.4, 0.2, 0.1))
    assert np.isnan(found.order)
    assert found.value == 1.1
    assert found.band * found.value >= 0.2
