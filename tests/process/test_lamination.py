import math

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.process.lamination import closed, distance, laminate, void

FOIL = 100e-6
HIGH = 500e-6
STEP = np.array([[-3e-3, 0.0], [0.0, 0.0], [0.0, HIGH], [3e-3, HIGH]])
CHIP = np.array([[-3e-3, 0.0], [-1e-3, 0.0], [-0.9e-3, HIGH], [0.9e-3, HIGH], [1e-3, 0.0], [3e-3, 0.0]])


@pytest.mark.parametrize("line", [STEP, CHIP], ids=["step", "chip"])
@pytest.mark.parametrize("foil", [50e-6, 200e-6])
@pytest.mark.parametrize("draw_length", [300e-6, 800e-6])
def test_volume_is_kept_and_the_far_foil_as_it_was(line, foil, draw_length):
    found = laminate(line, foil, draw_length)
    assert found.area == pytest.approx(found.flat, rel=1e-12)
    assert found.thickness[[0, -1]] == pytest.approx([foil, foil], rel=1e-12)
    assert found.thickness.min() == pytest.approx(found.thinnest * foil, rel=1e-6)
    assert found.draw == pytest.approx(1.0 / found.thinnest)
    assert 0.3 < found.thinnest < 1.0


def test_thickness_is_the_distance_to_the_topography_and_wall_and_arc_are_even():
    found = laminate(STEP, FOIL, HIGH)
    assert found.thickness == pytest.approx(distance(STEP, found.face))
    beside = (found.face[:, 1] > 0.5 * HIGH) & (found.face[:, 0] < 0.0)
    assert np.ptp(found.thickness[beside & (found.face[:, 1] < HIGH)]) < 1e-9 * FOIL


def test_the_face_round_a_convex_edge_is_an_arc_and_the_foot_has_its_fillet():
    found = laminate(STEP, FOIL, HIGH, fillet=150e-6)
    least = found.thinnest * FOIL
    arc = found.face[(found.face[:, 0] < 0.0) & (found.face[:, 1] > HIGH)]
    assert np.hypot(*(arc - STEP[2]).T) == pytest.approx(np.full(len(arc), least))
    middle = np.array([-least - 150e-6, least + 150e-6])
    foot = found.face[np.all(np.sign(found.face - middle) == [1.0, -1.0], axis=1)]
    assert len(foot) > 5
    assert np.hypot(*(foot - middle).T) == pytest.approx(np.full(len(foot), 150e-6))


def test_a_mirrored_chip_has_a_mirrored_foil():
    face = laminate(CHIP, FOIL, HIGH).face
    assert face[:, 0] == pytest.approx(-face[::-1, 0], abs=1e-12)
    assert face[:, 1] == pytest.approx(face[::-1, 1], abs=1e-12)


def test_a_longer_draw_length_thins_less_and_a_level_body_not_at_all():
    short, long = (laminate(STEP, FOIL, length).thinnest for length in (HIGH, 3.0 * HIGH))
    assert short < long
    level = laminate(np.array([[0.0, 0.0], [1e-3, 0.0]]), FOIL, HIGH)
    assert level.thinnest == 1.0


def test_gaps_close_with_pressure_and_time():
    assert closed(HIGH, 1e6, 2.0, 1e6) == pytest.approx(HIGH / math.e)
    assert closed(HIGH, 1e6, 1e9, 1.0) < 1e-200
    assert void(HIGH, 2e6, 60.0, 1e6).stays == "no"
    assert void(HIGH, 2e6, 10.0, 1e6).stays == "perhaps"
    found = void(HIGH, 1e5, 10.0, 1e7)
    assert found.stays == "yes"
    assert found.least < found.most < HIGH
    assert "a void stays" in found.sentence


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: laminate(STEP, 0.0, HIGH), "longer than nothing"),
        (lambda: laminate(STEP[1:], FOIL, HIGH), "level at both ends"),
        (lambda: laminate(STEP, FOIL, 4e-3), "beyond an end"),
        (lambda: laminate(STEP, 300e-6, HIGH), "too short for the fillets"),
        (lambda: laminate(np.array([[-9.0, 0], [0, 0], [0, 5], [9, 5]]) * 1e-3, FOIL, 5e-5), "tears"),
        (lambda: void(HIGH, 0.0, 1.0, 1.0), "positive"),
        (lambda: void(HIGH, 1.0, 1.0, 1.0, 0.5), "1 or more"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
