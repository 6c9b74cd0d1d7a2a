import pytest

from femsuite.verify.manufactured_elasticity import solve

# cells along an edge: coarse enough for seconds, fine enough for the slopes
MESHES = {
    ("triangle", 1): (16, 32),
    ("triangle", 2): (8, 16),
    ("quadrilateral", 1): (16, 32),
    ("quadrilateral", 2): (8, 16),
    ("tetrahedron", 1): (10, 16),
    ("tetrahedron", 2): (6, 9),
    ("hexahedron", 1): (6, 10),
    ("hexahedron", 2): (3, 5),
}


@pytest.mark.parametrize(("cell", "order"), list(MESHES))
def test_displacement_and_strain_converge_at_the_rate_of_the_element(cell, order):
    errors = solve(cell, order, MESHES[cell, order])
    assert errors.order_l2 == pytest.approx(order + 1, abs=0.1)
    assert errors.order_h1 == pytest.approx(order, abs=0.1)
    assert errors.stress[-1] < errors.stress[0]
