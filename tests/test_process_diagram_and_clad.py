import math

import numpy as np
import pytest
from scipy.special import erfc

from femsuite.errors import InputError
from femsuite.process import clad, phase_diagram, zinc_face

UM = 1e-6


@pytest.mark.parametrize(
    ("line", "temperature", "fraction"),
    [
        (phase_diagram.ZINC_LIQUIDUS, 655.15, 0.05),
        (phase_diagram.ZINC_LIQUIDUS, 673.15, 0.025),
        (phase_diagram.ZINC_LIQUIDUS, 692.7, 0.0),
        (phase_diagram.ZINC_SOLIDUS, 673.15, 0.006),
        (phase_diagram.ALUMINIUM_LIQUIDUS, 655.15, 0.05),
        (phase_diagram.ALUMINIUM_LIQUIDUS, 673.15, 0.08),
        (phase_diagram.ALUMINIUM_LIQUIDUS, 677.15, 0.084),
        (phase_diagram.ALUMINIUM_LIQUIDUS, 693.15, 0.10),
        (phase_diagram.ALUMINIUM_LIQUIDUS, 723.15, 0.15),
        (phase_diagram.FCC_SOLIDUS, 673.15, 0.19),
        (phase_diagram.FCC_SOLIDUS, 933.47, 1.0),
    ],
)
def test_lines_of_the_diagram_go_through_their_points(line, temperature, fraction):
    assert line(temperature) == pytest.approx(fraction, abs=1e-12)


def test_lines_are_straight_between_points_and_say_their_worst_status():
    line = phase_diagram.ALUMINIUM_LIQUIDUS
    assert line(664.15) == pytest.approx(0.065)
    assert line.status(677.15) == "published"
    assert line.status(675.15) == "unchecked"
    assert line.status(700.0) == "estimate"


def test_every_point_has_a_source_and_lines_rise_in_temperature():
    for line in phase_diagram.LINES:
        assert all(point.source for point in line.points)
        temperatures = [point.temperature for point in line.points]
        assert temperatures == sorted(temperatures)


def test_the_liquids_of_both_sides_meet_at_the_eutectic_and_part_above_it():
    at = phase_diagram.EUTECTIC
    assert phase_diagram.ZINC_LIQUIDUS(at) == phase_diagram.ALUMINIUM_LIQUIDUS(at) == 0.05
    for temperature in np.linspace(at + 0.1, phase_diagram.ZINC_MELTS - 0.1, 20):
        found = phase_diagram.front_concentrations(temperature)
        assert found.first_solid < found.first < found.second < found.second_solid


def test_fronts_at_400_degc_are_those_of_the_verification_case():
    found = phase_diagram.front_concentrations(673.15)
    assert (found.first_solid, found.first, found.second, found.second_solid) == pytest.approx(
        (0.006, 0.025, 0.08, 1.0)
    )
    assert phase_diagram.front_concentrations(673.15, None).second_solid == pytest.approx(0.19)


@pytest.mark.parametrize(("temperature", "words"), [(650.0, "nothing melts"), (700.0, "the zinc melts by itself")])
def test_no_two_fronts_outside_the_two_solids_range(temperature, words):
    with pytest.raises(InputError, match=words):
        phase_diagram.front_concentrations(temperature)


def test_a_line_is_not_known_beyond_its_ends():
    with pytest.raises(InputError, match=r"known from 655\.15 K"):
        phase_diagram.saturated(600.0)


def test_rolling_thins_all_layers_alike_and_keeps_volume():
    got = clad.rolled((100 * UM, 500 * UM, 100 * UM), 0.9)
    assert got == pytest.approx((10 * UM, 50 * UM, 10 * UM))


def test_with_flow_stresses_the_softer_layer_thins_more_and_the_stack_as_asked():
    before = (100 * UM, 500 * UM, 100 * UM)
    got = clad.rolled(before, 0.4, (clad.ZINC_FLOW, clad.ALUMINIUM_FLOW, clad.ZINC_FLOW))
    assert sum(got) == pytest.approx(0.6 * sum(before), rel=1e-10)
    assert got[1] / before[1] < 0.6 < got[0] / before[0]
    strains = [-math.log(new / old) for new, old in zip(got, before, strict=True)]
    stresses = [250e6 * strains[0] ** 0.1, 180e6 * strains[1] ** 0.2]
    assert stresses[0] == pytest.approx(stresses[1], rel=1e-9)


def test_equal_flow_stresses_give_equal_reductions():
    flow = (clad.Hardening(100e6, 0.2),) * 3
    assert clad.rolled((1.0, 2.0, 3.0), 0.5, flow) == pytest.approx((0.5, 1.0, 1.5))


def test_the_new_share_of_an_interface_is_the_reduction():
    assert clad.exposure(0.6) == 0.6


def test_a_bond_follows_the_threshold_film_formula():
    found = clad.weld(0.5, 100e6, 200e6, clad.Surface(covered=0.8, extrusion=60e6, threshold=0.35))
    assert found.strength == pytest.approx(0.8 * 0.75 * 0.2 + 0.2 * (0.15 / 0.65) * 0.5)
    assert found.bonded


def test_a_small_reduction_under_little_pressure_does_not_bond():
    found = clad.weld(0.2, 50e6, 60e6)
    assert found.strength == 0.0
    assert not found.bonded
    assert "do not bond" in found.sentence


def test_no_bond_is_stronger_than_the_metal():
    assert clad.weld(0.9, 1e9, 60e6).strength == 1.0


@pytest.mark.parametrize(("temperature", "seconds"), [(373.15, 3.3e6), (453.15, 1.8e4), (523.15, 690.0)])
def test_zinc_of_5_um_is_crossed_in_days_hours_or_minutes(temperature, seconds):
    spread = float(zinc_face.zinc_diffusion()(temperature))
    assert (5 * UM) ** 2 / (4.0 * spread) == pytest.approx(seconds, rel=0.01)


def test_aluminium_on_the_face_adds_up_over_a_history():
    law = zinc_face.zinc_diffusion()
    spread = float(law(453.15)) * 3600.0 + float(law(423.15)) * 7200.0
    found = zinc_face.after(5 * UM, [(453.15, 3600.0), (423.15, 7200.0)])
    assert found.fraction == pytest.approx(0.006 * erfc(5 * UM / (2 * math.sqrt(spread))), rel=1e-12)
    assert found.clean


def test_longest_time_and_hottest_temperature_bring_the_face_to_its_limit():
    for closed in (False, True):
        time = zinc_face.longest_time(5 * UM, 453.15, closed=closed)
        at_limit = zinc_face.after(5 * UM, [(453.15, time)], closed=closed)
        assert at_limit.fraction == pytest.approx(1e-4, rel=1e-9)
        assert zinc_face.hottest(5 * UM, time, closed=closed) == pytest.approx(453.15)


def test_a_closed_face_holds_twice_as_much_at_first_and_the_solubility_in_the_end():
    history = [(453.15, 6000.0)]
    ratio = zinc_face.after(5 * UM, history, closed=True).fraction / zinc_face.after(5 * UM, history).fraction
    assert ratio == pytest.approx(2.0, rel=1e-6)
    assert zinc_face.after(5 * UM, [(600.0, 1e6)], closed=True).fraction == pytest.approx(0.006, rel=1e-3)


def test_without_heat_the_face_stays_clean():
    assert zinc_face.after(5 * UM, []).fraction == 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: clad.Clad(0.0, 50 * UM), "first zinc layer"),
        (lambda: clad.Clad(10 * UM, 50 * UM, math.nan), "second zinc layer"),
        (lambda: clad.rolled((1.0, 1.0), 1.0), "reduction must lie"),
        (lambda: clad.rolled((), 0.5), "thicker than nothing"),
        (lambda: clad.rolled((1.0, 1.0), 0.5, (clad.ZINC_FLOW,)), "as many flow curves"),
        (lambda: clad.rolled((1.0,), 0.5, (clad.Hardening(-1.0, 0.1),)), "positive strength"),
        (lambda: clad.weld(0.5, 1e8, 0.0), "must be positive"),
        (lambda: zinc_face.after(5 * UM, [(-1.0, 1.0)]), "temperatures in K"),
        (lambda: zinc_face.after(0.0, []), "thicker than nothing"),
        (lambda: zinc_face.longest_time(5 * UM, 400.0, limit=0.01), "must lie between"),
        (lambda: zinc_face.hottest(5 * UM, 1e-9), "no temperature"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
