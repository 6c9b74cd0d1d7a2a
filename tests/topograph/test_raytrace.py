"""Ray tracing, detector and the measures read off the images."""

import math

import numpy as np
import pytest

from femsuite.topograph.closed_forms import Affine, Quadratic, Sum, SurfaceHeater
from femsuite.topograph.crystal import crystal_constants
from femsuite.topograph.detector import DETECTORS, Detector, Exposure, blurred, detected
from femsuite.topograph.lattice import LatticeField, graded_axis
from femsuite.topograph.measure import measure_bow, measure_section
from femsuite.topograph.options import bending_magnet_slope
from femsuite.topograph.raytrace import DetectorImage, TraceSettings, borrmann_fan, exit_rays, projection, section

CRYSTAL = crystal_constants("Si", (2, -2, 0), 31.0, 400e-6)
SIN, COS = math.sin(CRYSTAL.bragg_angle), math.cos(CRYSTAL.bragg_angle)
AXES = (np.linspace(-4e-4, 4e-4, 41), np.linspace(-4e-4, 4e-4, 41), graded_axis(0.0, 4e-4, 31, 0.0, 4.0))
SETTINGS = TraceSettings(0.19, 6.4e-6, 0.4e-3)
DIE = (-4e-4, 4e-4)


def lattice(function):
    return LatticeField.of_function(AXES, function, CRYSTAL)


FLAT = lattice(Affine(((0.0, 0.0, 0.0),) * 3))


def test_undeformed_crystal_sends_the_beam_along_the_diffracted_direction():
    direction, stretch = exit_rays(np.zeros((1, 3, 3)), CRYSTAL)
    assert np.allclose(direction, [[SIN, 0.0, COS]], atol=1e-15)
    assert stretch[0] == pytest.approx(1.0, abs=1e-15)


def test_tilts_deflect_by_twice_the_angle_and_twice_the_sine():
    gradient = np.zeros((2, 3, 3))
    gradient[0, 0, 2] = -1e-5  # the normal leans into the crystal by 10 urad
    gradient[1, 0, 1] = -1e-5
    direction, stretch = exit_rays(gradient, CRYSTAL)
    moved = direction - [SIN, 0.0, COS]
    assert moved[0] @ [COS, 0.0, -SIN] == pytest.approx(-2e-5, rel=1e-4)
    assert moved[1, 1] == pytest.approx(2.0 * SIN * 1e-5, rel=1e-4)
    assert stretch[0] - 1.0 == pytest.approx(-1e-5 * COS / SIN, rel=1e-3)


def test_rays_keep_their_length():
    gradient = 0.05 * np.random.default_rng(8).normal(size=(30, 3, 3))
    assert np.allclose(np.linalg.norm(exit_rays(gradient, CRYSTAL)[0], axis=-1), 1.0, atol=1e-14)


def test_perfect_die_is_imaged_with_intensity_one():
    image = projection(FLAT, SETTINGS)
    inner = image.values[np.ix_(np.abs(image.X) < 3.5e-4, np.abs(image.Y) < 3.5e-4)]
    assert inner.mean() == pytest.approx(1.0 / COS, rel=1e-3)
    assert np.ptp(inner) < 0.02


def test_image_follows_the_contrast_where_the_tilts_are_too_small_to_move_it():
    """With the detector close the projection is the Landau-Zener map along the diffracted beam, apart from rounding."""
    strained = lattice(Quadratic(kappa=0.05))
    near = TraceSettings(1e-4, 6.4e-6, 0.2e-3)
    ratio = projection(strained, near).total / projection(FLAT, near).total
    g = 0.05 * CRYSTAL.gradient_scale
    extra = CRYSTAL.darwin_half_width * CRYSTAL.reduced_thickness * g * (1.0 - math.exp(-math.pi / g))
    inside = np.hypot(1.0, extra / CRYSTAL.dynamical_reflectivity)
    assert ratio == pytest.approx(inside, rel=0.03)  # rays at one edge leave the die early


def test_weights_are_conserved_where_the_detector_catches_all_and_where_not():
    strained = lattice(SurfaceHeater(5e-8, 40e-6))
    for margin in (0.4e-3, -0.1e-3):
        image = projection(strained, TraceSettings(0.19, 6.4e-6, margin))
        assert image.values.sum() + image.lost == pytest.approx(image.total, rel=1e-12)
    assert image.lost > 0.1 * image.total


def test_touching_slits_add_up_to_the_projection():
    """Sections of a scan with steps of one slit hold all the power of the projection."""
    strained = lattice(SurfaceHeater(3e-9, 60e-6))
    slit = 80e-6
    sections = sum(section(strained, SETTINGS, -360e-6 + slit * n, slit).total for n in range(10))
    assert sections == pytest.approx(projection(strained, SETTINGS).total, rel=5e-3)


def test_borrmann_fan_is_symmetric_and_brightest_at_its_margins():
    p, share = borrmann_fan(CRYSTAL, 400)
    assert share.sum() == pytest.approx(1.0)
    assert np.allclose(share, share[::-1])
    assert share.argmax() in (0, 399)
    assert p[0] == pytest.approx(-1.0, abs=0.01)


def test_bending_magnet_weights_fall_with_the_energy_as_schwinger_says():
    """Far above the critical energy the flux falls as exp(-E/Ec): the slope nears -E/Ec."""
    assert bending_magnet_slope(31.0, 8.38) == pytest.approx(-31.0 / 8.38, abs=0.4)
    assert bending_magnet_slope(400.0, 8.0) == pytest.approx(-50.0, abs=0.1)


def test_spectral_weight_favours_planes_that_pick_longer_waves():
    lean = Affine(((0.0, 0.0, 1e-3), (0.0, 0.0, 0.0), (-1e-3, 0.0, 0.0)))  # steeper glancing angle: longer wave
    plain = projection(lattice(lean), SETTINGS).total
    weighted = projection(lattice(lean), TraceSettings(0.19, 6.4e-6, 0.4e-3, spectral_slope=-3.2)).total
    stretch = exit_rays(np.array([lean.matrix]), CRYSTAL)[1][0]
    sine = stretch * SIN * (1.0 / (1.0 / np.linalg.norm([1.0, 0.0, 1e-3])))
    expected = stretch ** (3.2 - 1.0) * math.sqrt(1.0 - sine**2) / sine * SIN / COS
    assert weighted / plain == pytest.approx(expected, rel=1e-3)
    assert stretch > 1.0


def test_streaks_change_sign_across_the_device():
    """About a heater on the entrance face the planes lean away from it, so both streaks point towards it."""
    strained = lattice(SurfaceHeater(9e-8, 20e-6))
    read = [
        measure_section(section(strained, TraceSettings(0.19, 3.2e-6, 0.5e-3), x, 15e-6), 0.0, DIE, clear=250e-6)
        for x in (-50e-6, 50e-6)
    ]
    assert read[0].streak > 50e-6
    assert read[1].streak < -50e-6


def test_undisturbed_section_has_no_streak():
    read = measure_section(section(FLAT, TraceSettings(0.19, 3.2e-6), 30e-6, 15e-6), 0.0, DIE)
    assert abs(read.streak) < 0.8e-6  # a quarter of a pixel: the rows of rays are staggered
    assert read.base.length == pytest.approx(CRYSTAL.section_width * COS + 15e-6, rel=0.05)
    assert 0.5 * (read.base.low + read.base.high) == pytest.approx(30e-6 * COS, abs=1e-6)


def test_streak_length_is_measured_between_interpolated_crossings():
    x = (np.arange(200) - 100.0) * 1e-6
    y = (np.arange(100) - 50.0) * 1e-5
    values = np.where(np.abs(x) <= 20.5e-6, 1.0, 0.0)[:, None] * np.ones(100)
    values[:, np.abs(y) < 2.5e-5] += np.where((x > 20.5e-6) & (x < 60.5e-6), 0.5, 0.0)[:, None]
    read = measure_section(DetectorImage(x, y, values, 1.0, 0.0, 0.0), 0.0, (-5e-4, 5e-4))
    base = 20e-6 + 0.95e-6
    end = 60e-6 + (0.5 - 0.05) / 0.5 * 1e-6
    assert read.base.high == pytest.approx(base, abs=1e-9)
    assert read.streak == pytest.approx(end - base, abs=1e-9)


@pytest.mark.parametrize("radius", [0.9, -0.9, 3.0])
def test_bow_is_read_back_from_the_images(radius):
    bent = lattice(Quadratic(bending=-1.0 / radius))
    scan = [section(bent, SETTINGS, x, 15e-6) for x in (-3.6e-4, 0.0, 3.6e-4)]
    bow = measure_bow(projection(bent, SETTINGS), scan, COS, 8e-4, 0.19, DIE)
    assert bow.radius == pytest.approx(radius, rel=0.05)
    assert bow.movement == pytest.approx(2.0 * 0.19 * 7.2e-4 / abs(radius), rel=0.02)


def test_a_rigidly_turned_die_has_no_bow():
    turned = lattice(Sum((Affine(((0.0, 0.0, 3e-4), (0.0, 0.0, 0.0), (-3e-4, 0.0, 0.0))),)))
    scan = [section(turned, SETTINGS, x, 15e-6) for x in (-3e-4, 3e-4)]
    bow = measure_bow(projection(turned, SETTINGS), scan, COS, 8e-4, 0.19, DIE)
    assert bow.movement < 1e-7
    assert abs(bow.curvature) < 0.03


def test_blur_keeps_the_sum_and_has_the_stated_width():
    values = np.zeros((101, 101))
    values[50, 50] = 1.0
    axis = np.arange(101) * 1e-6
    image = blurred(DetectorImage(axis, axis, values, 1.0, 0.0), Detector(1e-6, 3e-6), 4e-6)
    assert image.values.sum() == pytest.approx(1.0, abs=1e-6)
    spread = math.sqrt((image.values.sum(axis=1) * (np.arange(101) - 50.0) ** 2).sum())
    assert spread == pytest.approx(5.0, rel=0.02)


def test_counts_have_the_mean_and_the_noise_of_the_dose_and_repeat_with_the_seed():
    axis = np.arange(300) * 1e-6
    flat = DetectorImage(axis, axis, np.ones((300, 300)), 9e4, 0.0)
    camera = Detector(1e-6, 0.0, read_noise=5.0, gain=2.0, offset=50.0)
    counts = detected(flat, camera, Exposure(100.0, seed=3)).values
    assert counts.mean() == pytest.approx(250.0, rel=2e-3)
    assert counts.var() == pytest.approx(4.0 * 100.0 + 25.0, rel=0.03)
    assert np.array_equal(counts, detected(flat, camera, Exposure(100.0, seed=3)).values)
    assert not np.array_equal(counts, detected(flat, camera, Exposure(100.0, seed=4)).values)


def test_counts_are_clipped_to_fourteen_bits():
    axis = np.arange(10) * 1e-6
    bright = DetectorImage(axis, axis, np.full((10, 10), 1e3), 1e5, 0.0)
    assert detected(bright, DETECTORS["scmos_3.2um"], Exposure(1e3)).values.min() == 16383


def test_presets_name_their_sources():
    assert all(camera.source and camera.status for camera in DETECTORS.values())
    assert DETECTORS["pco4000_1um"].pixel == 1e-6


def test_a_bright_line_is_measured_against_its_surroundings():
    from femsuite.topograph.measure import measure_feature

    X = np.arange(-500e-6, 500e-6, 4e-6)
    values = np.where((np.abs(X - 40e-6)[:, None] < 6e-6) & (np.abs(X - 20e-6)[None, :] < 100e-6), 5.0, 1.0)
    image = DetectorImage(X, X, values, 1.0, 0.0)
    found = measure_feature(image, (40e-6, 20e-6), 2.0)
    assert found.surroundings == 1.0
    assert found.across.length == pytest.approx(200e-6, abs=8e-6)
    assert found.along.length == pytest.approx(12e-6, abs=8e-6)
    flat = measure_feature(image.with_values(np.full_like(values, 3.0)), (40e-6, 20e-6), 2.0)
    assert flat.across.length == flat.along.length == 0.0
    assert flat.half_across.length == flat.half_along.length == 0.0


def test_half_widths_do_not_hang_on_the_cut():
    from femsuite.topograph.measure import measure_feature

    X = np.arange(-500e-6, 500e-6, 4e-6)
    bump = np.exp(-0.5 * ((X - 20e-6)[:, None] / 40e-6) ** 2 - 0.5 * (X[None, :] / 80e-6) ** 2)
    image = DetectorImage(X, X, 2.0 + 18.0 * bump, 1.0, 0.0)
    low, high = (measure_feature(image, (20e-6, 0.0), cut) for cut in (1.5, 2.5))
    assert low.half_across.length == high.half_across.length
    assert low.across.length > 1.1 * high.across.length
    # full width at half maximum of a Gaussian, along from the mean over the ridge, whose foot is 120 um away
    assert low.half_across.length == pytest.approx(2.3548 * 80e-6, rel=0.01)
    assert low.half_along.length == pytest.approx(2.3548 * 40e-6, rel=0.02)


def test_lengths_that_are_the_dies_own_are_told():
    from femsuite.topograph.measures import remarks

    size = {"along": 1e-3, "across": 1e-3}
    cold = {"contrast_length_along": 0.998e-3, "contrast_length_across": 0.998e-3, "image_peak": 1.2}
    warm = {"contrast_length_along": 0.3e-3, "contrast_length_across": 0.998e-3, "image_peak": 2.1}
    said = remarks([("cold", cold), ("warm", warm)], size, 2.0, 1.5)
    assert len(said) == 3
    assert said[0].startswith("contrast_length_along is the die's own size at cold:")
    assert said[1].startswith("contrast_length_across is the die's own size at every state:")
    assert said[2].startswith("At warm the image's brightest line is less than a quarter above the cut of 2")
