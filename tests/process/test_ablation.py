import math

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.process import ablation
from femsuite.process.ablation import POLYIMIDE, Beam, Foil, Scan, wall
from femsuite.process.bath import Bath, current
from femsuite.process.coverage import Sky, share
from femsuite.process.kinetics import ButlerVolmer
from femsuite.process.opening import film, window

THICK = 100e-6
SCAN = Scan(25e-6, 25e-6, 4, 10)


def test_a_pulse_removes_the_logarithm_of_its_fluence():
    at = np.array([0.5, 1.0, math.e, math.e**2]) * POLYIMIDE.threshold
    assert ablation.depth(POLYIMIDE, at) * POLYIMIDE.absorption == pytest.approx([0.0, 0.0, 1.0, 2.0])
    tilted = ablation.depth(POLYIMIDE, np.array([2.0 * math.e * POLYIMIDE.threshold]), math.sqrt(3.0))
    assert tilted[0] * POLYIMIDE.absorption == pytest.approx(1.0)


def test_nothing_steeper_than_the_limit_is_removed():
    fluence = 2.0 * POLYIMIDE.threshold
    limit = ablation.limit_angle(POLYIMIDE, fluence)
    assert math.degrees(limit) == pytest.approx(60.0)
    at = np.array([fluence])
    assert ablation.depth(POLYIMIDE, at, math.tan(limit) * 1.001)[0] == 0.0
    assert ablation.depth(POLYIMIDE, at, math.tan(limit) * 0.999)[0] > 0.0


def test_a_beam_has_the_energy_of_its_integral():
    beam = Beam(6e4, THICK)
    r = np.linspace(0.0, 6.0 * THICK, 20001)
    assert beam.energy == pytest.approx(float(np.trapezoid(2.0 * math.pi * r * beam.at(r), r)), rel=1e-6)


def test_walls_get_steeper_with_fluence_and_with_passes_until_they_are_finished():
    angles = [wall(POLYIMIDE, THICK, Beam(peak, 50e-6), SCAN).angle for peak in (6e4, 1e5, 2e5)]
    assert angles == sorted(angles)
    assert all(math.radians(30.0) < angle < math.radians(80.0) for angle in angles)
    few, some, many, more = (
        wall(POLYIMIDE, THICK, Beam(1e5, 50e-6), Scan(25e-6, 25e-6, 4, count)) for count in (2, 5, 20, 40)
    )
    assert not few.through
    assert few.angle < some.angle < many.angle
    assert many.angle == pytest.approx(more.angle, rel=1e-6)


def test_the_angle_settles_as_cells_get_finer():
    angles = [wall(POLYIMIDE, THICK, Beam(1e5, 50e-6), SCAN, width).angle for width in (2e-6, 1e-6, 0.5e-6)]
    assert abs(angles[2] - angles[1]) < abs(angles[1] - angles[0]) < 2e-3


def test_a_wall_is_a_profile_from_floor_to_top():
    found = wall(POLYIMIDE, THICK, Beam(1e5, 50e-6), SCAN)
    assert found.through
    assert found.profile[0, 1] == 0.0
    assert found.profile[-1, 1] == pytest.approx(THICK, rel=1e-9)
    assert np.all(np.diff(found.profile[:, 1]) >= -1e-12)
    assert found.taper == pytest.approx(THICK / math.tan(found.angle))
    assert found.pulses == 10 * 4 * (2 * int(ablation.crater_radius(POLYIMIDE, Beam(1e5, 50e-6)) / 25e-6) + 1)


def test_foils_opened_by_wider_scans_make_steps_that_take_a_film():
    one = wall(POLYIMIDE, 50e-6, Beam(1e5, 50e-6), SCAN)
    half = ablation.stepped([one, one], [50e-6, 50e-6], [40e-6])
    assert half[0] == pytest.approx([0.0, 0.0])
    assert half[-1, 1] == pytest.approx(THICK, rel=1e-4)
    levels = half[:-1][np.diff(half[:, 0]) > 39e-6]
    assert len(levels) == 1
    assert levels[0, 1] == pytest.approx(50e-6, rel=1e-4)
    profile = window(half, THICK, THICK)
    assert np.ptp(profile[profile[:, 1] == 0.0][:, 0]) == pytest.approx(2.0 * THICK)
    found = film(profile, share(profile, Sky()))
    assert 0.3 < found.thinnest < found.wall < found.top


def test_a_cut_wall_goes_through_vapour_and_bath():
    cut = wall(POLYIMIDE, THICK, Beam(6e4, 50e-6), SCAN)
    profile = window(ablation.risen(cut.profile, THICK), THICK, THICK)
    vapour = film(profile, share(profile, Sky(1.0)))
    assert 0.4 < vapour.thinnest < vapour.floor < vapour.top == pytest.approx(1.0, abs=1e-6)
    plated = current(profile, Bath(50.0, 1e-3, 8e-6), 300.0, ButlerVolmer(10.0))
    assert plated.evenness < 1.05
    assert plated.mean == pytest.approx(300.0, rel=1e-8)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Foil(0.0, 1.0), "absorption"),
        (lambda: Beam(0.0, 1.0), "fluence"),
        (lambda: Scan(1e-6, 1e-6, 0, 1), "contours"),
        (lambda: wall(POLYIMIDE, 0.0, Beam(1e5, 5e-5), SCAN), "thicker than nothing"),
        (lambda: wall(POLYIMIDE, THICK, Beam(1e4, 5e-5), SCAN), "does not reach the threshold of 2.3 J/cm"),
        (lambda: ablation.stepped([], [], []), "one wall"),
        (lambda: window(np.array([[0.0, 0.0], [1.0, 1.0]]), 0.0, 1.0), "wider than nothing"),
        (lambda: window(np.array([[0.0, 0.0], [-2.0, 1.0]]), 1.0, 1.0), "beyond the middle"),
        (
            lambda: ablation.stepped([wall(POLYIMIDE, THICK, Beam(6e4, 5e-5), Scan(25e-6, 25e-6, 4, 1))], [THICK], []),
            "not open",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
