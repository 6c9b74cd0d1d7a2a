"""Silicon against published and computed values of its expansion and its cubic elasticity."""

import numpy as np
import pytest
from scipy.integrate import quad

from femsuite.material import Orientation, load

SILICON = load("Si")
CELSIUS = 273.15


@pytest.mark.parametrize(
    ("celsius", "ppm"),
    [(-40, 1.894), (25, 2.553), (125, 3.203), (180, 3.439), (260, 3.685), (382, 3.925), (400, 3.951)],
)
def test_the_expansion_is_that_of_okada_and_tokumaru(celsius, ppm):
    # Okada & Tokumaru, J. Appl. Phys. 56 (1984) 314
    assert np.isclose(SILICON.property("expansion_tangent")(celsius + CELSIUS) * 1e6, ppm, atol=6e-4)


@pytest.mark.parametrize(("celsius", "ppm"), [(382, 3.430), (400, 3.455), (260, 3.231), (180, 3.056)])
def test_the_mean_expansion_from_25_degrees(celsius, ppm):
    strain = SILICON.thermal_strain(celsius + CELSIUS, 25.0 + CELSIUS)
    assert np.isclose(strain / (celsius - 25.0) * 1e6, ppm, atol=6e-4)


def test_the_thermal_strain_equals_quadrature_of_the_tangent():
    tangent = SILICON.property("expansion_tangent").curve
    expected = quad(lambda t: float(tangent.value(np.array(t))), 233.15, 673.15, epsabs=0.0, epsrel=1e-13)[0]
    assert np.isclose(SILICON.thermal_strain(673.15, 233.15), expected, rtol=1e-12)


def _compliance(normal, edge):
    return np.linalg.inv(SILICON.stiffness(np.array([298.0]), Orientation(normal, edge))[0])


@pytest.mark.parametrize(
    ("edge", "normal", "gigapascal"),
    [((1, 0, 0), (0, 0, 1), 130.13), ((1, 1, 0), (0, 0, 1), 169.10), ((1, 1, 1), (1, -1, 0), 187.85)],
)
def test_youngs_modulus_along_the_main_directions(edge, normal, gigapascal):
    assert np.isclose(1e-9 / _compliance(normal, edge)[0, 0], gigapascal, atol=6e-3)


def test_poissons_ratios_of_a_bar_along_110_and_111():
    along_110 = _compliance((0, 0, 1), (1, 1, 0))  # x [110], y [-1 1 0], z [001]
    assert np.isclose(-along_110[1, 0] / along_110[0, 0], 0.0622, atol=6e-5)
    assert np.isclose(-along_110[2, 0] / along_110[0, 0], 0.3617, atol=6e-5)
    along_111 = _compliance((1, -1, 0), (1, 1, 1))
    assert np.isclose(-along_111[1, 0] / along_111[0, 0], 0.1800, atol=6e-5)
    assert np.isclose(-along_111[2, 0] / along_111[0, 0], 0.1800, atol=6e-5)


@pytest.mark.parametrize(
    ("normal", "edge", "gigapascal"), [((1, 0, 0), (0, 1, 1), 180.32), ((1, 1, 1), (1, -1, 0), 229.08)]
)
def test_the_biaxial_modulus_of_a_wafer(normal, edge, gigapascal):
    compliance = _compliance(normal, edge)
    for axis in (0, 1):
        assert np.isclose(1e-9 / (compliance[axis, 0] + compliance[axis, 1]), gigapascal, atol=6e-3)


def test_the_zener_ratio():
    c11, c12, c44 = SILICON.stiffness_coefficients(np.array(298.0))
    assert np.isclose(2.0 * c44 / (c11 - c12), 1.5639, atol=6e-5)


def test_the_constants_in_the_file_agree_with_the_tensor():
    stated = SILICON.property("youngs_modulus_110")(298.0)
    assert np.isclose(1.0 / _compliance((0, 0, 1), (1, 1, 0))[0, 0], stated, rtol=1e-3)


def test_the_stiffness_falls_linearly_with_temperature():
    # Bourgeois et al. 1997, p-type: -73.25, -91.59, -60.14 ppm/K about 298 K
    values = SILICON.stiffness_coefficients(np.array([398.0]))[0]
    assert np.allclose(values / [165.7e9, 63.9e9, 79.6e9] - 1.0, [-7.325e-3, -9.159e-3, -6.014e-3], rtol=1e-10)


@pytest.mark.parametrize("angle", [0.0, 0.3, 1.2])
def test_a_turned_tensor_keeps_its_invariants(angle):
    plain = SILICON.stiffness(np.array([350.0]))[0]
    turned = SILICON.stiffness(np.array([350.0]), Orientation((1, 1, 2), (1, 1, -1), "y", angle))[0]
    assert np.array_equal(turned, turned.T)
    assert np.isclose(turned[:3, :3].sum(), plain[:3, :3].sum(), rtol=1e-13)  # C_iijj
    weight = np.diag([1.0, 1.0, 1.0, 2.0, 2.0, 2.0])
    assert np.isclose(np.trace(weight @ turned), np.trace(weight @ plain), rtol=1e-13)  # C_ijij
    mandel = np.sqrt(weight)
    eigenvalues = [np.linalg.eigvalsh(mandel @ matrix @ mandel) for matrix in (turned, plain)]
    assert np.allclose(*eigenvalues, rtol=1e-12)
    assert abs(turned[0, 3]) > 1e9  # it is turned


def test_turning_the_tensor_index_by_index_gives_the_same():
    orientation = Orientation((1, 2, 3), (3, 0, -1), "x", 0.7)
    pairs = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    plain = SILICON.stiffness(np.array([298.0]))[0]
    full = np.empty((3, 3, 3, 3))
    for row, (i, j) in enumerate(pairs):
        for column, (k, m) in enumerate(pairs):
            for a, b in {(i, j), (j, i)}:
                for c, d in {(k, m), (m, k)}:
                    full[a, b, c, d] = plain[row, column]
    r = orientation.rotation
    full = np.einsum("ai,bj,ck,dm,ijkm->abcd", r, r, r, r, full)
    expected = np.array([[full[i, j, k, m] for k, m in pairs] for i, j in pairs])
    assert np.allclose(SILICON.stiffness(np.array([298.0]), orientation)[0], expected, rtol=0, atol=1e-3)
