import math

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.process import opening, plating
from femsuite.process.bath import Bath, current
from femsuite.process.deposit_shape import grow, moved
from femsuite.process.kinetics import ButlerVolmer, Linear, wagner

DEEP = 100e-6
KAPPA = 50.0
MEAN = 300.0


def half_opening(size=10e-6):
    right = opening.opening(DEEP, [DEEP], math.radians(60.0))[3:]
    return opening.subdivide(np.concatenate([[[0.0, 0.0]], right]), size)


def test_thickness_and_time_undo_each_other():
    copper = plating.metal("Cu")
    assert plating.thickness(copper, MEAN, plating.time_for(copper, MEAN, 400e-6)) == pytest.approx(400e-6)
    assert plating.rate(copper, MEAN, 0.5) == pytest.approx(0.5 * plating.rate(copper, MEAN))


@pytest.mark.parametrize(
    ("name", "grams"), [("Cu", 1.1857), ("Ag", 4.0247), ("Au", 7.3491), ("Ni", 1.0948), ("Al", 0.3355)]
)
def test_an_ampere_hour_deposits_what_handbooks_say(name, grams):  # fmt: skip
    """Electrochemical equivalents, g/(A h)."""
    metal = plating.metal(name)
    assert plating.rate(metal, 1.0) * metal.density * 3600.0 * 1e3 == pytest.approx(grams, rel=1e-3)


@pytest.mark.parametrize("kinetics", [Linear(1e-4), ButlerVolmer(10.0), ButlerVolmer(1.0, 0.5, 0.0)])
def test_kinetics_have_the_slope_and_the_inverse_they_say(kinetics):
    at = kinetics.potential(MEAN)
    assert kinetics.current(np.array([at]))[0][0] == pytest.approx(MEAN)
    step = 1e-6 * at
    low, high = kinetics.current(np.array([at - step, at + step]))[0]
    assert kinetics.resistance(MEAN) == pytest.approx(2.0 * step / (high - low), rel=1e-5)


def test_tafel_has_the_slope_of_a_decade():
    law = ButlerVolmer(1e-3, 0.5, 0.5)
    assert law.potential(1e3) - law.potential(1e2) == pytest.approx(0.1183, abs=1e-4)


@pytest.mark.mpi
def test_the_deposit_is_the_more_even_the_larger_wagners_number():
    line, bath = half_opening(), Bath(KAPPA, 1e-3, 5e-6)
    laws = [Linear(number * DEEP / KAPPA) for number in (0.1, 1.0, 10.0, 1000.0)]
    assert wagner(laws[1], KAPPA, MEAN, DEEP) == pytest.approx(1.0)
    found = [current(line, bath, MEAN, law) for law in laws]
    ratios = [one.evenness for one in found]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[-1] == pytest.approx(1.0, abs=0.01)
    assert all(one.mean == pytest.approx(MEAN, rel=1e-8) for one in found)
    primary = current(line, bath, MEAN)
    assert primary.mean == pytest.approx(MEAN, rel=1e-8)
    assert primary.evenness > ratios[0]


def test_an_axisymmetric_bath_keeps_the_charge_on_rings():
    found = current(half_opening(), Bath(KAPPA, 1e-3, 5e-6, axisymmetric=True), MEAN, ButlerVolmer(1000.0))
    rim = DEEP + DEEP / math.tan(math.radians(60.0))
    cone = math.pi * (DEEP + rim) * (DEEP / math.sin(math.radians(60.0)))
    assert found.weights.sum() == pytest.approx(
        math.pi * DEEP**2 + cone + math.pi * ((rim + DEEP) ** 2 - rim**2), rel=1e-9
    )
    assert found.mean == pytest.approx(MEAN, rel=1e-8)


def test_a_mask_takes_nothing_and_crowds_the_current_at_its_bound():
    line = half_opening()
    hidden = opening.middles(line)[:, 1] > 0.999 * DEEP
    found = current(line, Bath(KAPPA, 1e-3, 5e-6), MEAN, ButlerVolmer(1000.0), hidden)
    parts = found.on_segments(line)
    assert np.all(parts[hidden] == 0.0)
    assert np.argmax(parts) == np.flatnonzero(~hidden)[-1]
    assert float(parts @ opening.lengths(line)) == pytest.approx(MEAN * opening.lengths(line)[~hidden].sum(), rel=5e-3)
    copper = plating.metal("Cu")
    assert found.growth(copper, 3600.0).max() == pytest.approx(plating.rate(copper, found.density.max()) * 3600.0)


def strip_error(elements):
    half, strip = 100e-6, 40e-6
    line = np.array([[0.0, 0.0], [strip, 0.0], [half, 0.0]])
    found = current(line, Bath(KAPPA, 2.0 * half, half / elements), MEAN, masked=np.array([False, True]))
    expected = strip / half / math.sin(0.5 * math.pi * strip / half)
    return abs(float(np.interp(0.0, found.position, found.density)) / MEAN / expected - 1.0)


def test_finer_elements_come_nearer_to_the_strip_in_closed_form():
    errors = [strip_error(count) for count in (50, 100, 200)]
    assert errors[0] > 1.5 * errors[1] > 2.0 * errors[2]


def test_moved_faces_meet_where_their_lines_cross():
    step = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [2.0, 1.0]])
    found = moved(step, np.array([0.1, 0.2, 0.3]))
    assert found == pytest.approx(np.array([[0.0, 0.1], [0.8, 0.1], [0.8, 1.3], [2.0, 1.3]]))


def test_a_floor_narrower_than_the_deposit_is_overgrown():
    narrow = np.array([[-3.0, 1.0], [-1.0, 1.0], [-0.2, 0.0], [0.2, 0.0], [1.0, 1.0], [3.0, 1.0]])
    found = moved(narrow, np.full(5, 0.8))
    assert len(found) == 5
    assert found[2] == pytest.approx([0.0, found[2, 1]])


def test_growth_keeps_the_charge_as_steps_get_shorter():
    line, copper = half_opening(), plating.metal("Cu")
    law, bath = ButlerVolmer(1000.0), Bath(KAPPA, 1e-3, 5e-6)
    time = plating.time_for(copper, MEAN, 20e-6)
    errors = []
    for steps in (1, 4):
        found = grow(line, bath, copper, MEAN, time, law, steps=steps)
        assert len(found.faces) == steps + 1
        loop = np.concatenate([line, found.faces[-1][::-1]])
        x, z = loop.T
        area = abs(0.5 * float(np.sum((x - np.roll(x, -1)) * (z + np.roll(z, -1)))))
        charge = sum(opening.lengths(face).sum() for face in found.faces[:-1]) * 20e-6 / steps
        errors.append(abs(area / charge - 1.0))
    assert errors[1] < 0.5 * errors[0]
    assert errors[1] < 0.01
    assert found.thickness[0] < found.thickness[-1]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plating.metal("Ci"), "no metal 'Ci'"),
        (lambda: plating.rate(plating.METALS["Cu"], -1.0), "0 or more"),
        (lambda: plating.rate(plating.METALS["Cu"], 1.0, 1.1), "efficiency"),
        (lambda: plating.thickness(plating.METALS["Cu"], 1.0, -1.0), "time"),
        (lambda: plating.time_for(plating.METALS["Cu"], 0.0, 1e-6), "above 0"),
        (lambda: plating.Deposit(0.0, 2, 8960.0), "molar mass"),
        (lambda: Linear(0.0), "polarisation"),
        (lambda: ButlerVolmer(-1.0), "exchange"),
        (lambda: wagner(Linear(1.0), 0.0, 1.0, 1.0), "conductivity"),
        (lambda: Bath(0.0, 1.0, 1.0), "conductivity"),
        (lambda: current(half_opening(), Bath(KAPPA, 1e-3, 1e-5), 0.0), "mean current"),
        (lambda: current(half_opening(), Bath(KAPPA, 1e-3, 1e-5), 1.0, masked=np.array([True])), "mask"),
        (
            lambda: current(half_opening() - [1e-4, 0.0], Bath(KAPPA, 1e-3, 1e-5, axisymmetric=True), 1.0),
            "axis or to its right",
        ),
        (lambda: moved(half_opening(), np.array([1.0])), "as many thicknesses"),
        (
            lambda: grow(half_opening(), Bath(KAPPA, 1e-3, 1e-5), plating.METALS["Cu"], 1.0, 1.0, Linear(1.0), steps=0),
            "one step",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
