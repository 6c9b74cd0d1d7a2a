"""Numbers over parts of a box whose temperature, displacement and stress are known in closed form."""

import numpy as np
import pytest
from box_case import SIZE, box, exact_stress, exact_temperature, make_state

from femsuite.errors import InputError
from femsuite.results.components import principal, von_mises
from femsuite.results.options import QuantityOptions
from femsuite.results.quantities import check, evaluate

pytestmark = pytest.mark.mpi


def quantity(tagged, state=None, **options):
    return evaluate(QuantityOptions(name="q", **options), state or make_state(tagged), tagged)


def gauss(function, low, high, count=4):
    """Mean of a polynomial over a box or a face by Gauss points; ``low`` and ``high`` in units of the box."""
    points, weights = np.polynomial.legendre.leggauss(count)
    axes = [
        ([a], [1.0]) if a == b else (a + (b - a) * (points + 1) / 2, weights / 2)
        for a, b in zip(low, high, strict=True)
    ]
    x = np.array([(p, q, r) for p in axes[0][0] for q in axes[1][0] for r in axes[2][0]]).T * SIZE[:, None]
    w = np.array([p * q * r for p in axes[0][1] for q in axes[1][1] for r in axes[2][1]])
    return float(function(x) @ w)


def test_mean_over_a_region_and_a_face_is_the_integral(tagged):
    die = quantity(tagged, field="temperature", over="die")
    assert die.value == pytest.approx(gauss(exact_temperature, (0, 0, 0), (1, 1, 0.5)), rel=1e-12)
    assert (die.unit, die.over) == ("K", "die")
    top = quantity(tagged, field="temperature", over="top")
    assert top.value == pytest.approx(gauss(exact_temperature, (0, 0, 1), (1, 1, 1)), rel=1e-12)
    between = quantity(tagged, field="temperature", over="mould|die")
    assert between.value == pytest.approx(gauss(exact_temperature, (0, 0, 0.5), (1, 1, 0.5)), rel=1e-12)


def test_integral_has_the_unit_of_the_part(tagged):
    number = quantity(tagged, field="temperature", over=["die", "mould"], kind="integral")
    assert number.value == pytest.approx(gauss(exact_temperature, (0, 0, 0), (1, 1, 1)) * np.prod(SIZE), rel=1e-12)
    assert number.unit == "K*m**3"
    area = quantity(tagged, field="stress.zz", over="top", kind="integral")
    assert area.value == pytest.approx(3e6 * SIZE[0] * SIZE[1], rel=1e-10)


def test_extremes_see_second_order_nodes(tagged):
    """At z = 0 the temperature is 300 + 70 a - 30 a^2 with a = x/L; a = 1/8 is a mid-edge node of four elements."""
    bottom = quantity(tagged, field="temperature", over="bottom", kind="maximum")
    assert bottom.value == pytest.approx(340.0, abs=1e-9)
    assert quantity(tagged, field="temperature", over="bottom", kind="minimum").value == pytest.approx(300.0, abs=1e-9)
    bowed = quantity(tagged, field="displacement.z", over="front", kind="minimum")
    assert bowed.value == pytest.approx(0.0, abs=1e-18)
    coarse = box("tetrahedron", (1, 1, 1))  # the middle of the edge is its only node at a = 1/2
    assert quantity(coarse, field="displacement.z", over="front", kind="minimum").value == pytest.approx(0, abs=1e-18)


def test_range_and_minus_are_differences(tagged):
    assert quantity(tagged, field="temperature", over="bottom", kind="range", unit="degC").value == pytest.approx(40.0)
    rise = quantity(tagged, field="temperature", over="bottom", kind="maximum", minus="22 degC")
    assert rise.value == pytest.approx(340.0 - 295.15)
    assert rise.unit == "K"
    celsius = quantity(tagged, field="temperature", over="bottom", kind="maximum", unit="degC")
    assert celsius.value == pytest.approx(66.85)


def test_point_value_is_exact_and_kept_to_its_region(tagged):
    at = ["0.7 mm", "0.4 mm", "0.3 mm"]
    x = np.array([[0.7e-3], [0.4e-3], [0.3e-3]])
    number = quantity(tagged, field="temperature", over="die", kind="point", at=at)
    assert number.value == pytest.approx(exact_temperature(x)[0], rel=1e-12)
    with pytest.raises(InputError, match="does not lie in 'mould'"):
        quantity(tagged, field="temperature", over="mould", kind="point", at=at)


def test_stress_components_and_invariants(tagged):
    corner = np.array([[SIZE[0]], [SIZE[1]], [SIZE[2]]])
    voigt = exact_stress(corner).T
    peak = quantity(tagged, field="stress.von_mises", over="mould", kind="maximum")
    assert peak.value == pytest.approx(von_mises(voigt)[0], rel=1e-12)
    assert peak.unit == "Pa"
    assert quantity(tagged, field="stress.yz", over="mould", kind="maximum").value == pytest.approx(4e6)
    first = quantity(tagged, field="stress.principal_1", over="mould", kind="maximum")
    assert first.value == pytest.approx(principal(voigt)[0, 0], rel=1e-12)
    with pytest.raises(InputError, match="only known at nodes"):
        quantity(tagged, field="stress.principal_1", over="mould")
    uniaxial = np.array([[5.0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 2.0], [3.0, 3.0, 3.0, 0, 0, 0]])
    assert von_mises(uniaxial) == pytest.approx([5.0, 2.0 * np.sqrt(3.0), 0.0])


def test_cell_constant_field_is_taken_from_the_cells_on_the_face(tagged):
    middle = SIZE[2] * (1 - 1 / 8 if tagged.mesh.topology.cell_name() == "tetrahedron" else 1 - 1 / 4)
    top = quantity(tagged, field="heat_flux.z", over="top", kind="maximum")
    assert top.value == pytest.approx(3 * middle, rel=0.2)
    assert top.value < 3 * SIZE[2]
    assert quantity(tagged, field="heat_flux.z", over="bottom", kind="maximum").value < 1.5 * SIZE[2]


def test_bow_of_a_paraboloid_is_its_height_and_radius(tagged):
    """w = 1e-6 (x/L - 1/2)^2 + tilt: curvature 2e-6/L^2; peak to valley 0.25e-6 since the plane is level in x."""
    curvature = 2e-6 / SIZE[0] ** 2
    radius = quantity(tagged, field="displacement", over="top", kind="radius_x")
    assert radius.value == pytest.approx(1 / curvature, rel=1e-9)
    height = quantity(tagged, field="displacement", over="top", kind="bow", unit="um")
    assert height.value == pytest.approx(0.25, rel=1e-9)
    assert abs(quantity(tagged, field="displacement", over="top", kind="radius_y").value) > 1e3 / curvature
    with pytest.raises(InputError, match="no surface 'die'"):
        quantity(tagged, field="displacement", over="die", kind="bow")
    with pytest.raises(InputError, match="no extent along one of its axes"):
        quantity(tagged, field="displacement", over="top", kind="bow", normal="x")


def test_faults_are_sentences_and_all_at_once(tagged):
    faulty = [
        QuantityOptions(name="a", field="temperature", over="dei"),
        QuantityOptions(name="a", field="temperature", over="die", kind="maxmum"),
    ]
    with pytest.raises(InputError) as caught:
        check(faulty, tagged)
    text = str(caught.value)
    assert "did you mean 'die'" in text
    assert "did you mean 'maximum'" in text
    assert "used twice" in text
    with pytest.raises(InputError, match=r"q: the field 'stress' has several components"):
        quantity(tagged, field="stress", over="die")
    with pytest.raises(InputError, match="'temperature' is a scalar and has no part 'x'"):
        quantity(tagged, field="temperature.x", over="die")
    with pytest.raises(InputError, match="cannot be turned into 'm'"):
        quantity(tagged, field="temperature", over="die", unit="m")
