import numpy as np
import pytest

from femsuite.verify.manufactured_heat import steady, temporal

MESHES = {
    ("triangle", 1): (8, 16, 32),
    ("triangle", 2): (4, 8, 16),
    ("quadrilateral", 1): (8, 16, 32),
    ("quadrilateral", 2): (4, 8, 16),
    ("tetrahedron", 1): (4, 8, 16),
    ("tetrahedron", 2): (4, 8, 12),
    ("hexahedron", 1): (4, 8),
    ("hexahedron", 2): (2, 4, 8),
}


@pytest.mark.parametrize("nonlinear", [False, True], ids=["constant", "varying"])
@pytest.mark.parametrize(("cell", "order"), MESHES, ids=[f"{cell}-P{order}" for cell, order in MESHES])
def test_errors_fall_at_the_order_of_the_element(cell, order, nonlinear):
    """Manufactured solution; theory: order + 1 in L2, order in H1 (Ciarlet)."""
    found = steady(cell, order, nonlinear, MESHES[cell, order])
    assert abs(found.order_l2 - (order + 1)) < 0.1
    assert abs(found.order_h1 - order) < 0.1
    assert found.balance.max() < (1e-8 if not nonlinear else 1e-6)


@pytest.mark.parametrize(("cell", "order"), [("triangle", 1), ("triangle", 2), ("tetrahedron", 1), ("hexahedron", 2)])
def test_recovered_flux_approaches_the_exact_power_at_the_order_of_the_gradient(cell, order):
    cells = MESHES[cell, order]
    found = steady(cell, order, False, cells)
    assert np.all(np.diff(found.flux_gap) < 0.0)
    assert found.order_flux > order - 0.2


def test_time_step_is_of_second_order():
    """Capacity and conductivity vary with temperature; four times more steps than the finest serve as reference."""
    _, errors = temporal((4, 8, 16))
    orders = np.log2(errors[:-1] / errors[1:])
    assert np.all(np.abs(orders - 2.0) < 0.1)
