import numpy as np
import pytest
from scipy.integrate import quad

from femsuite.errors import InputError
from femsuite.material import load, names
from femsuite.material.curve import Constant
from femsuite.material.material import Material
from femsuite.material.property import Property, outside


def _material(*properties: Property) -> Material:
    return Material("made", "test", {item.name: item for item in properties})


def test_secant_and_tangent_agree_for_a_constant():
    tangent = _material(Property("expansion_tangent", "1/K", Constant(17e-6), (), "derived"))
    secant = _material(Property("expansion_secant", "1/K", Constant(17e-6), (), "derived", reference_temperature=293.0))
    high = np.linspace(200.0, 700.0, 11)
    assert np.allclose(tangent.thermal_strain(high, 450.0), secant.thermal_strain(high, 450.0), rtol=1e-13, atol=1e-18)


def test_a_secant_strain_is_a_difference_from_its_own_reference():
    # alloy 42, mean coefficients from 293 K: 5.3e-6 to 373 K, 4.9e-6 to 573 K
    strain = load("alloy42").thermal_strain(573.0, 373.0)
    assert np.isclose(strain, 4.9e-6 * 280.0 - 5.3e-6 * 80.0, rtol=1e-13)


@pytest.mark.parametrize("name", [name for name in names() if "expansion_tangent" in load(name).properties])
def test_every_tangent_strain_equals_quadrature(name):
    material = load(name)
    curve = material.property("expansion_tangent").curve
    knots = getattr(curve, "temperatures", [])
    inner = [knot for knot in knots if 240.0 < knot < 660.0]
    expected = quad(
        lambda t: float(curve.value(np.array(t))),
        240.0,
        660.0,
        points=inner or None,
        epsabs=0.0,
        epsrel=1e-13,
        limit=500,
    )[0]
    assert np.isclose(material.thermal_strain(660.0, 240.0), expected, rtol=1e-10)


@pytest.mark.parametrize("name", [name for name in names() if load(name).answers("expansion")])
def test_thermal_strain_is_a_function_of_state(name):
    material = load(name)
    there = material.thermal_strain_diagonal(np.array([520.0]), 250.0)
    back = material.thermal_strain_diagonal(np.array([250.0]), 390.0) + material.thermal_strain_diagonal(
        np.array([390.0]), 520.0
    )
    assert np.allclose(there, -back, rtol=1e-11)


def test_the_used_range_and_what_lies_outside_are_recorded():
    conductivity = load("Si").property("thermal_conductivity")
    assert conductivity.used_range is None
    conductivity(np.array([[350.0, 900.0]]))
    conductivity.derivative(150.0)
    assert conductivity.used_range == (150.0, 900.0)
    assert conductivity.valid == (200.0, 800.0)
    assert conductivity.extrapolated == ((150.0, 200.0), (800.0, 900.0))
    assert conductivity(950.0) == conductivity(800.0) == 43.0


def test_outside_needs_both_ranges():
    assert outside(None, (1.0, 2.0)) == outside((1.0, 2.0), None) == outside((1.0, 2.0), (0.0, 3.0)) == ()
    assert outside((3.0, 4.0), (1.0, 2.0)) == ((3.0, 4.0),)


def test_a_loaded_material_starts_unused():
    load("Si").property("density")(300.0)
    assert load("Si").property("density").used_range is None


def test_an_isotropic_stiffness_has_its_youngs_modulus_and_poissons_ratio():
    copper = load("Cu_OFHC")
    compliance = np.linalg.inv(copper.stiffness(np.array([298.0, 473.0])))
    assert np.allclose(1.0 / compliance[:, 0, 0], [128.2e9, 117.1e9], rtol=1e-12)
    assert np.allclose(-compliance[:, 0, 1] / compliance[:, 0, 0], 0.343, rtol=1e-12)
    assert np.allclose(1.0 / compliance[:, 5, 5], [g / (2 * 1.343) for g in (128.2e9, 117.1e9)], rtol=1e-12)


def test_a_constant_stiffness_is_not_copied_for_every_point():
    stiffness = load("W").stiffness(np.full((1000, 4), 300.0))
    assert stiffness.shape == (1000, 4, 6, 6)
    assert stiffness.strides[:2] == (0, 0)


def test_a_missing_need_says_what_there_is():
    with pytest.raises(InputError, match="air has no stiffness; it has density, thermal_conductivity, heat_capacity"):
        load("air").stiffness(np.array([300.0]))
    with pytest.raises(InputError, match="FR4 expands differently along z"):
        load("FR4").thermal_strain(400.0, 300.0)
