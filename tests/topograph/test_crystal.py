"""Constants of Si 220 against the values published for 31 keV and silver K-alpha."""

import math

import numpy as np
import pytest
from scipy import integrate, special

from femsuite.errors import InputError
from femsuite.topograph.crystal import crystal_constants, harmonic

# quantity -> (31.0 keV, 24.942 keV); 400 um of silicon, B = 0.4613 A^2, sigma polarisation
TABLE = {
    "wavelength": (0.39995e-10, 0.49709e-10),
    "bragg_angle": (math.radians(5.978), math.radians(7.437)),
    "tan": (0.1047, 0.1305),
    "structure_factor": (67.7, 67.9),
    "chi_h": (6.065e-7, 9.387e-7),
    "darwin_half_width": (2.93e-6, 3.66e-6),
    "pendelloesung_length": (65.6e-6, 52.5e-6),
    "reduced_thickness": (19.2, 23.9),
    "kinematical_reflectivity": (176e-6, 275e-6),
    "attenuation": (307.0, 554.0),
    "section_width": (83.8e-6, 104.4e-6),
}


@pytest.mark.parametrize("quantity", TABLE)
@pytest.mark.parametrize("column", [0, 1])
def test_silicon_220_has_the_published_constants(quantity, column):
    crystal = crystal_constants("Si", (2, -2, 0), (31.0, 24.942)[column], 400e-6)
    assert getattr(crystal, quantity) == pytest.approx(TABLE[quantity][column], rel=0.01)


def test_integrated_reflectivity_has_the_published_value():
    assert crystal_constants("Si", (2, -2, 0), 31.0, 400e-6).dynamical_reflectivity == pytest.approx(4.49e-6, rel=0.01)
    # published to two digits; the Bessel integral of the same constants gives 5.77 urad
    assert crystal_constants("Si", (2, -2, 0), 24.942, 400e-6).dynamical_reflectivity == pytest.approx(5.7e-6, rel=0.02)


def test_integrated_reflectivity_is_the_quadrature_of_the_bessel_function():
    crystal = crystal_constants("Si", (4, -4, 0), 62.0, 400e-6)
    integral, _ = integrate.quad(special.j0, 0.0, 2.0 * crystal.reduced_thickness, limit=200)
    expected = crystal.darwin_half_width * 0.5 * math.pi * integral
    assert crystal.dynamical_reflectivity == pytest.approx(expected, rel=1e-9)


def test_mean_susceptibility_is_negative_and_absorbs():
    chi = crystal_constants("Si", (2, -2, 0), 31.0, 400e-6).chi_0
    assert chi.real == pytest.approx(-1.005e-6, rel=0.01)
    assert chi.imag == pytest.approx(1.55e-9, rel=0.01)


def test_kinematical_power_times_path_is_the_kinematical_reflectivity():
    crystal = crystal_constants("Si", (2, -2, 0), 31.0, 400e-6)
    path = crystal.thickness / math.cos(crystal.bragg_angle)
    assert crystal.kinematical_power * path == pytest.approx(crystal.kinematical_reflectivity, rel=1e-12)


def test_second_order_comes_at_twice_the_energy_under_the_same_angle():
    first = crystal_constants("Si", (2, -2, 0), 31.0, 400e-6)
    second = harmonic(first, 2)
    assert second.bragg_angle == pytest.approx(first.bragg_angle, rel=1e-12)
    assert 2.0 * second.darwin_half_width == pytest.approx(0.92e-6, rel=0.01)
    assert second.pendelloesung_length == pytest.approx(209e-6, rel=0.01)
    assert 0.5 * math.pi * second.darwin_half_width == pytest.approx(0.72e-6, rel=0.01)  # its thick-plate limit
    assert second.kinematical_reflectivity == pytest.approx(8.7e-6, rel=0.01)


def test_forbidden_reflection_is_refused():
    with pytest.raises(InputError, match="forbidden"):
        crystal_constants("Si", (2, 0, 0), 31.0, 400e-6)


def test_unknown_crystal_names_the_known_ones():
    with pytest.raises(InputError, match="Si"):
        crystal_constants("Sii", (2, -2, 0), 31.0, 400e-6)


def test_energy_below_the_bragg_limit_is_refused():
    with pytest.raises(InputError, match="cannot diffract"):
        crystal_constants("Si", (2, -2, 0), 3.0, 400e-6)


def test_thin_plate_reflects_kinematically():
    crystal = crystal_constants("Si", (2, -2, 0), 31.0, 0.5e-6)
    assert np.isclose(crystal.dynamical_reflectivity, crystal.kinematical_reflectivity, rtol=1e-2)
