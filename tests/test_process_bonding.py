import math

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.physics.two_front import similarity
from femsuite.process.bonding import Bond, bond, consumption_time, liquid_diffusivity
from femsuite.process.clad import CLADS, Clad
from femsuite.process.later_heat import later_heat, solid_depth
from femsuite.process.phase_diagram import front_concentrations
from femsuite.process.profile import profile

UM = 1e-6
HOLD = 673.15


@pytest.mark.parametrize(
    ("fraction", "left"),
    [(0.05, (47.22, 44.43, 94.43)), (0.06, (46.62, 43.25, 93.25)), (None, (45.40, 40.80, 90.80))],
)
def test_aluminium_left_in_the_three_clads(fraction, left):
    got = [bond(CLADS[number], HOLD, 60.0, liquid_fraction=fraction).aluminium / UM for number in (1, 2, 3)]
    assert np.round(got, 2) == pytest.approx(left)


def test_roots_and_time_of_the_two_fronts():
    at = front_concentrations(HOLD)
    assert similarity(at) == pytest.approx((0.887890, 0.040271), abs=5e-7)
    assert round(consumption_time(10 * UM, at, 3e-9), 5) == 0.01057
    assert round(consumption_time(20 * UM, at, 3e-9), 5) == 0.04228


def test_finite_elements_agree_with_the_similarity_solution():
    at = front_concentrations(HOLD)
    assert consumption_time(10 * UM, at, 3e-9, finite_elements=True) == pytest.approx(0.01057, rel=1e-3)


def test_a_hold_of_a_minute_at_400_degc_suffices_and_says_so():
    found = bond(CLADS[2], HOLD, 60.0)
    assert found.mode == "eutectic melting"
    assert found.diffusivity == liquid_diffusivity()
    assert found.suffices
    assert not found.used_up
    assert found.zinc == (0.0, 0.0)
    assert "suffices; 40.80 um of aluminium are left" in found.sentence


def masses(found: Bond, zinc=7140.0, aluminium=2700.0) -> tuple[float, float]:
    """Zinc and aluminium per area of joint and what was squeezed out, kg/m^2, from thicknesses and fraction alone."""
    density = 1.0 / ((1.0 - found.fraction) / zinc + found.fraction / aluminium)
    liquid = density * (sum(found.alloy) + sum(found.squeezed))
    return liquid * (1.0 - found.fraction), liquid * found.fraction + aluminium * found.aluminium


THIN = Clad(50 * UM, 10 * UM)


@pytest.mark.parametrize("squeeze_out", [0.0, 0.3])
@pytest.mark.parametrize(
    ("layers", "temperature"),
    [
        *((layers, at) for layers in (*CLADS.values(), Clad(10 * UM, 50 * UM, 25 * UM)) for at in (660.0, HOLD, 710.0)),
        *((THIN, at) for at in (HOLD, 690.0, 710.0)),
    ],
)
def test_zinc_and_aluminium_are_conserved(layers, temperature, squeeze_out):
    found = bond(layers, temperature, 60.0, squeeze_out=squeeze_out)
    lower, aluminium, upper = layers.layers
    assert masses(found) == pytest.approx((7140.0 * (lower + upper), 2700.0 * aluminium), rel=1e-12)
    assert sum(found.zinc) == 0.0


def test_what_is_squeezed_out_thins_the_layers_and_leaves_the_aluminium():
    whole, pressed = bond(CLADS[1], HOLD, 60.0), bond(CLADS[1], HOLD, 60.0, squeeze_out=0.25)
    assert pressed.alloy[0] == pytest.approx(0.75 * whole.alloy[0])
    assert pressed.aluminium == whole.aluminium


def test_thin_aluminium_is_used_up_and_nothing_buffers():
    found = bond(THIN, HOLD, 60.0)
    assert found.used_up
    assert found.aluminium == 0.0
    assert 0.025 < found.fraction < 0.08
    assert "used up" in found.sentence


def test_a_short_hold_leaves_zinc_in_the_ratio_of_the_square_root_of_time():
    whole = consumption_time(10 * UM, front_concentrations(HOLD), 3e-9)
    found = bond(CLADS[1], HOLD, 0.25 * whole, spread=3e-9)
    assert found.zinc == pytest.approx((5 * UM, 5 * UM))
    assert not found.suffices
    assert "does not suffice" in found.sentence


def test_below_the_eutectic_only_the_solids_diffuse():
    found = bond(CLADS[1], 650.0, 60.0)
    assert found.mode == "solid diffusion"
    assert found.consumed == (math.inf, math.inf)
    assert found.aluminium == CLADS[1].aluminium
    assert found.skin == pytest.approx(solid_depth(650.0, 60.0))


def test_the_flip_chip_of_380_degc_lies_below_our_eutectic_and_on_that_of_the_seed():
    found = bond(CLADS[1], 653.15, 60.0)
    assert found.mode == "solid diffusion"
    assert "about 380 degC" in found.sentence


def test_above_its_melting_point_zinc_needs_no_front_and_more_aluminium_goes():
    found = bond(CLADS[1], 710.0, 60.0)
    assert found.mode == "zinc melts"
    assert found.consumed == (0.0, 0.0)
    assert found.aluminium < bond(CLADS[1], HOLD, 60.0).aluminium


def test_the_skin_hardened_by_zinc_is_a_micrometre_or_two():
    assert bond(CLADS[1], HOLD, 60.0).skin == pytest.approx(1.62e-6, rel=5e-3)


def test_moulding_and_reflow_leave_the_joint_as_it_is():
    found = later_heat()
    assert round(found.depths[0] / UM, 2) == 0.01
    assert [round(depth / UM, 1) for depth in found.depths[1:]] == [0.1, 0.1, 0.1]
    assert found.depth == pytest.approx(math.sqrt(sum(depth**2 for depth in found.depths)))
    assert not found.melts
    assert "stay as they are" in found.sentence


def test_later_heat_above_the_eutectic_melts_the_joint_again():
    assert later_heat([(673.15, 60.0)]).melts


@pytest.mark.parametrize(("temperature", "time"), [(650.0, 60.0), (HOLD, 0.005), (HOLD, 60.0), (710.0, 60.0)])
def test_the_profile_goes_from_face_to_face(temperature, time):
    found = bond(CLADS[2], temperature, time)
    got = profile(found)
    assert (np.diff(got.position) >= 0.0).all()
    assert got.position[-1] == pytest.approx(90 * UM, rel=1e-3)
    assert ((got.fraction >= 0.0) & (got.fraction <= 1.0)).all()
    assert got.fraction == pytest.approx(got.fraction[::-1])
    assert got.fraction.max() == pytest.approx(1.0, abs=1e-6)
    assert len(got.interfaces) == len(got.names) + 1


def test_layers_of_the_bonded_joint_are_those_of_the_photograph():
    got = profile(bond(CLADS[1], HOLD, 60.0))
    assert got.names == ("Zn-Al", "Al", "Zn-Al")
    assert got.fraction[0] == pytest.approx(0.08)


def test_in_a_short_hold_the_liquid_goes_from_one_liquidus_to_the_other():
    got = profile(bond(CLADS[1], HOLD, 0.005), points=11)
    assert got.names == ("Zn", "Zn-Al", "Al", "Zn-Al", "Zn")
    liquid = got.fraction[11:22]
    assert liquid[[0, -1]] == pytest.approx((0.025, 0.08))
    assert (np.diff(liquid) > 0.0).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bond(CLADS[1], 800.0, 60.0), "known up to 450 degC"),
        (lambda: bond(CLADS[1], -5.0, 60.0), "temperature in K"),
        (lambda: bond(CLADS[1], HOLD, 60.0, squeeze_out=1.0), "squeezed out"),
        (lambda: bond(CLADS[1], HOLD, 60.0, liquid_fraction=1.2), "mass fraction"),
        (lambda: bond(CLADS[1], HOLD, 60.0, spread=-1.0), "must be positive"),
        (lambda: bond(Clad(100 * UM, 2 * UM), HOLD, 60.0), "zinc stays solid"),
        (lambda: bond(THIN, 660.0, 60.0), "zinc stays solid"),
        (lambda: profile(bond(CLADS[1], HOLD, 60.0), points=1), "two points"),
        (lambda: later_heat([(0.0, 1.0)]), "temperatures in K"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
