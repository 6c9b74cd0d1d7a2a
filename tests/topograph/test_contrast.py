"""Contrast laws: their limits, the Takagi-Taupin oracle beside them, and the sizes read off a map."""

import numpy as np
import pytest
from scipy.interpolate import RectBivariateSpline
from takagi import reflectivity

from femsuite.topograph.closed_forms import Affine, Quadratic, SurfaceHeater
from femsuite.topograph.contrast import ContrastMap, landau_zener_map, layer_reflectivity, row_contrast, threshold_map
from femsuite.topograph.crystal import crystal_constants
from femsuite.topograph.extent import extent_around, image_lengths, outer_extent
from femsuite.topograph.heater_plate import HeaterPlate
from femsuite.topograph.lattice import LatticeField, graded_axis

CRYSTAL = crystal_constants("Si", (2, -2, 0), 31.0, 400e-6)
AXES = (np.linspace(-4e-4, 4e-4, 41), np.linspace(-4e-4, 4e-4, 31), graded_axis(0.0, 4e-4, 31, 0.0, 4.0))


def lattice(function):
    return LatticeField.of_function(AXES, function, CRYSTAL)


def test_layer_law_has_the_dynamical_and_the_kinematical_limit():
    assert layer_reflectivity(np.array([0.0, 1e-3]))[0] == 0.0
    assert layer_reflectivity(np.array([1e-3]))[0] == pytest.approx(1e-3)
    assert layer_reflectivity(np.array([1e5]))[0] == pytest.approx(np.pi, rel=1e-4)
    assert np.array_equal(layer_reflectivity(np.array([-2.0])), layer_reflectivity(np.array([2.0])))


@pytest.mark.parametrize(("g", "expected"), [(0.5, 9.562), (1.0, 18.332), (2.0, 30.354), (5.0, 44.692), (20.0, 55.703)])
def test_constant_gradient_gives_the_published_reflectivity(g, expected):
    """Landau-Zener A g (1 - exp(-pi/g)) for A = 19.16, in Darwin half widths."""
    contrast = row_contrast(lattice(Quadratic(kappa=g / CRYSTAL.gradient_scale)), np.zeros(1), np.zeros(1))[0, 0]
    perfect = CRYSTAL.dynamical_reflectivity / CRYSTAL.darwin_half_width
    got = perfect * np.sqrt(contrast**2 - 1.0)
    assert got * 19.16 / CRYSTAL.reduced_thickness == pytest.approx(expected, rel=1e-3)


def test_very_strong_gradient_is_kinematical():
    contrast = row_contrast(lattice(Quadratic(kappa=200.0)), np.zeros(1), np.zeros(1))[0, 0]
    kinematical = CRYSTAL.kinematical_reflectivity / CRYSTAL.dynamical_reflectivity
    assert contrast == pytest.approx(np.hypot(1.0, kinematical), rel=2e-3)


def test_oracle_gives_the_integrated_reflectivity_of_the_perfect_crystal():
    got = reflectivity(lambda x, z: np.zeros((len(x), len(z))), 0.0, CRYSTAL, 512)
    coarse = reflectivity(lambda x, z: np.zeros((len(x), len(z))), 0.0, CRYSTAL, 256)
    exact = CRYSTAL.dynamical_reflectivity / CRYSTAL.darwin_half_width
    assert got == pytest.approx(exact, rel=0.03)
    assert (coarse - exact) / (got - exact) == pytest.approx(4.0, rel=0.1)  # second order


@pytest.fixture(scope="module")
def heated():
    return HeaterPlate().middle_plane(1.0, CRYSTAL, 400, graded_axis(0.0, 4e-4, 61, 0.0, 40.0))


@pytest.mark.parametrize("power", [0.1, 0.5])
@pytest.mark.parametrize("entrance", [-200e-6, -60e-6, -20e-6, 20e-6, 60e-6, 200e-6])
def test_landau_zener_agrees_with_takagi_taupin_on_both_sides_of_a_heater(heated, power, entrance):
    """Independent of any published table: the same field through the wave equations; within 12 %."""
    spline = RectBivariateSpline(heated.x, heated.z, power * heated.displacement[:, 0, :, 0])
    perfect = reflectivity(lambda x, z: np.zeros((len(x), len(z))), 0.0, CRYSTAL, 1024)
    expected = reflectivity(lambda x, z: spline(x, z), entrance, CRYSTAL, 1024) / perfect
    scaled = LatticeField(
        heated.x,
        heated.y,
        heated.z,
        heated.displacement,
        heated.gradient,
        power * heated.curvature,
        heated.inside,
        CRYSTAL,
    )
    assert row_contrast(scaled, np.array([entrance]), np.zeros(1))[0, 0] == pytest.approx(expected, rel=0.12)


def test_a_heater_shows_two_lobes_along_h_and_none_beside():
    shown = landau_zener_map(lattice(SurfaceHeater(5e-9, 40e-6)), (81, 81), "incident")
    middle = shown.values[:, 40]
    assert middle[50:65].max() > 2.0
    assert middle[15:30].max() > 2.0
    assert shown.values[38:43].min(axis=0)[[5, -5]] == pytest.approx(1.0, abs=0.1)


def test_incident_and_diffracted_maps_hold_the_same_power_when_the_strain_is_far_from_the_edges():
    strained = lattice(SurfaceHeater(3e-10, 40e-6))
    one, other = (landau_zener_map(strained, (200, 60), way).values for way in ("incident", "diffracted"))
    extra = [np.sqrt(np.maximum(values**2 - 1.0, 0.0)).sum() for values in (one, other)]
    assert extra[0] == pytest.approx(extra[1], rel=0.05)


def test_threshold_law_shows_nothing_in_a_uniform_tilt_and_saturates_far_above():
    tilt = Affine(((0.0, 0.0, 1e-3), (0.0, 0.0, 0.0), (-1e-3, 0.0, 0.0)))
    assert threshold_map(lattice(tilt), (20, 20)).values.max() == 1.0
    steep = threshold_map(lattice(Quadratic(kappa=50.0)), (20, 20)).values[10, 10]
    full = 1.0 + CRYSTAL.kinematical_reflectivity / CRYSTAL.dynamical_reflectivity
    assert steep == pytest.approx(full, rel=0.01)


def test_threshold_law_cuts_at_the_darwin_half_width():
    """u_x,z = kappa z departs by delta_os at z = delta_os/kappa: the rest of the path is kinematical."""
    kappa = CRYSTAL.darwin_half_width / 1e-4
    got = threshold_map(lattice(Quadratic(kappa=kappa)), (20, 20), "incident").values[15, 10]
    path = 3e-4 / np.cos(CRYSTAL.bragg_angle)
    assert got == pytest.approx(1.0 + CRYSTAL.kinematical_power * path / CRYSTAL.dynamical_reflectivity, rel=1e-3)


def test_threshold_relative_to_itself_vanishes():
    strained = lattice(SurfaceHeater(5e-9, 40e-6))
    assert threshold_map(strained, (20, 20), unloaded=strained).values.max() == 1.0


def test_lengths_of_a_known_feature_are_interpolated_between_pixels():
    x = np.linspace(-4e-4, 4e-4, 201)
    y = np.linspace(-3e-4, 3e-4, 151)
    cone = 1.0 + 4.0 * np.maximum(0.0, 1.0 - np.hypot(x[:, None] / 2e-4, y[None, :] / 1e-4))
    lengths = image_lengths(ContrastMap(x, y, cone, "diffracted", "landau_zener"), 2.0)
    assert lengths.along.length == pytest.approx(2 * 0.75 * 2e-4, rel=1e-6)
    assert lengths.across.length == pytest.approx(2 * 0.75 * 1e-4, rel=1e-6)
    assert lengths.area == pytest.approx(np.pi * 0.75**2 * 2e-4 * 1e-4, rel=0.01)
    assert lengths.peak_at == pytest.approx((0.0, 0.0), abs=1e-12)


def test_lengths_relative_to_a_background_see_only_what_was_added():
    x = np.linspace(-1.0, 1.0, 201)
    background = ContrastMap(x, x, 3.0 + np.zeros((201, 201)), "diffracted", "landau_zener")
    bump = 1.0 + np.maximum(0.0, 1.0 - np.abs(x[:, None]) / 0.4) + np.zeros((1, 201))
    loaded = ContrastMap(x, x, background.values * bump, "diffracted", "landau_zener")
    assert image_lengths(loaded, 1.5).along.length == pytest.approx(2.0)
    assert image_lengths(loaded, 1.5, background).along.length == pytest.approx(0.4, rel=1e-9)


def test_gaps_are_bridged_only_up_to_the_given_length():
    axis = np.linspace(0.0, 10.0, 101)
    profile = ((axis > 1.95) & (axis < 4.05)).astype(float) + ((axis > 4.95) & (axis < 7.05))
    start = 30
    assert extent_around(axis, profile, 0.5, start).length == pytest.approx(2.1, rel=1e-6)
    assert extent_around(axis, profile, 0.5, start, bridge=1.2).length == pytest.approx(5.1, rel=1e-6)
    assert outer_extent(axis, profile, 0.5).length == pytest.approx(5.1, rel=1e-6)
    assert outer_extent(axis, profile, 2.5).length == 0.0
