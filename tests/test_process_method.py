"""The method of US 10/590,901 as a chain: each step works on what the one before leaves."""

import math
from pathlib import Path

import pytest

from femsuite.errors import InputError
from femsuite.process import method
from femsuite.process.deposition import Deposit
from femsuite.process.method_geometry import compared
from femsuite.process.method_lead import plated
from femsuite.process.method_options import MethodOptions
from femsuite.process.method_steps import filmed, laminated, opened
from femsuite.results.method_section import draw_method

EMPTY = {name: {} for name in MethodOptions.model_fields}


def chain(**steps):
    return MethodOptions.model_validate({**EMPTY, **steps})


def window(**ablation):
    options = chain(ablation=ablation)
    return opened(options.ablation, laminated(options.lamination).foils)


def value(found, name):
    return found.numbers[f"method.{name}"][0]


@pytest.fixture(scope="module")
def found():
    return method.evaluate(chain())


def test_the_names_are_known_before_it_is_computed(found):
    assert method.names(chain()) == {name: unit for name, (_, unit, _) in found.numbers.items()}
    films = [{"name": name, "thickness": "1 um"} for name in ("Ti", "TiW", "Cu")]
    layered = MethodOptions.model_validate({"lamination": {}, "ablation": {}, "deposition": {"films": films}})
    made = method.evaluate(layered)
    assert {name: unit for name, (_, unit, _) in made.numbers.items()} == method.names(layered)
    assert value(made, "film_wall_TiW") == pytest.approx(value(made, "film_wall") / 3.0)


def test_the_seeds_lead_takes_what_faraday_says(found):
    by_hand = 2.0 * 96485.33212 * 8960.0 * 400e-6 / (300.0 * 63.546e-3)
    assert value(found, "plating_time") == pytest.approx(by_hand, rel=1e-9)
    assert value(found, "lead_mean") == pytest.approx(400e-6, rel=1e-3)
    assert value(found, "opening_floor") == value(found, "opening_wall") == 0.0
    assert value(found, "lead_evenness_low") <= value(found, "lead_evenness") <= value(found, "lead_evenness_high")


def test_the_laser_opens_the_foil_as_laminated():
    near = MethodOptions.model_validate({"lamination": {"from_edge": "100 um"}, "ablation": {}})
    thin = method.evaluate(near)
    assert value(thin, "foil_least") < value(thin, "foil_top") < 95e-6
    assert thin.window.depth == pytest.approx(value(thin, "foil_top"))


def test_the_film_is_that_of_the_wall_as_ablated():
    steep, flat = (filmed(chain().deposition, window(fluence=peak)) for peak in ("10 J/cm^2", "5 J/cm^2"))
    assert steep.film.thinnest < flat.film.thinnest < flat.film.wall < flat.film.floor < flat.film.top
    level = filmed(chain().deposition, window(width="5 mm", pitch_of_openings="6 mm"))
    assert level.film.floor == pytest.approx(1.0, abs=0.02)


def test_the_band_holds_the_given_threshold(found):
    assert value(found, "wall_angle_low") < value(found, "wall_angle") < value(found, "wall_angle_high")
    assert value(found, "wall_limit") == pytest.approx(math.degrees(math.acos(2.3 / 6.0)))
    assert value(found, "opens_share") == 0.8
    assert any("cuts through at 4 of 5 values" in one for one in found.sentences)


def test_partial_foils_leave_a_ledge():
    options = chain(lamination={"foils": ["50 um", "50 um"]}, ablation={"ledges": ["40 um"]})
    made = opened(options.ablation, laminated(options.lamination).foils)
    ledge = [one for one in zip(made.section(8), made.section(8)[1:], strict=False) if one[0][1] == one[1][1]]
    assert [one[1][0] - one[0][0] for one in ledge[1:-1]] == [pytest.approx(40e-6)]
    assert made.half_top - made.half_floor > 40e-6


def test_without_sealing_the_opening_fills_and_interrupted_it_keeps_its_first_metal():
    options, made = chain(plating={"steps": 2}), window()
    free = plated(options.plating, chain(sealing={"sealed": False}).sealing, made)
    assert free.before == free.time
    assert free.floor == pytest.approx(400e-6, rel=0.05)
    first = plated(options.plating, chain(sealing={"plated_before": "20 um"}).sealing, made)
    assert first.before == pytest.approx(first.time / 20.0)
    assert first.floor == pytest.approx(20e-6, rel=0.02)
    assert first.wall == pytest.approx(20e-6, rel=0.02)
    assert first.mean == pytest.approx(400e-6, rel=5e-3)


def test_lips_that_close_over_a_hollow_are_told_and_end_no_run():
    options = chain(sealing={"sealed": False}, plating={"exchange": "1e5 A/m^2", "steps": 12})
    made = plated(options.plating, options.sealing, window())
    assert not made.followed
    assert made.evenness > 1.5


def test_estimates_are_named_until_they_are_given():
    found = " ".join(method.evaluate(MethodOptions.model_validate({"lamination": {}})).sentences)
    assert "viscosity (a softened resin, no data sheet)" in found
    given = {"lamination": {"viscosity": "1e8 Pa s", "status": "unchecked", "source": "a data sheet"}}
    found = " ".join(method.evaluate(MethodOptions.model_validate(given)).sentences)
    assert "a softened resin" not in found
    assert "Given to the lamination (unchecked: a data sheet): viscosity." in found
    assert "a void stays" in found


def test_the_film_is_handed_on_to_a_coating_of_the_same_source():
    options = MethodOptions.model_validate({"lamination": {}, "ablation": {}, "deposition": {}})
    words = [
        method.evaluate(options, *given).sentences[3]
        for given in ((False, None), (True, None), (True, Deposit(exponent=1.0)), (True, Deposit()))
    ]
    for told, wanted in zip(words, ("no coating", "is even", "another source", "the same source"), strict=True):
        assert wanted in told


def test_the_geometry_stands_beside_it_with_a_ratio(found):
    parameters = {"foils": [{"thickness": "100 um", "angle": "50 deg"}], "film_wall": "5 um", "lead": "400 um"}
    told = compared(found, "via_opening", parameters)
    assert told[0] == "The laser leaves 64.9 degrees, the geometry has 50 (ratio 1.30)."
    assert told[-1].endswith("(ratio 1.00).")
    assert compared(found, "box", {}) == []


def test_the_section_is_drawn_for_whole_and_broken_off_chains(found, tmp_path: Path):
    assert "thickness drawn 2 times" in draw_method(found, "all", tmp_path / "all.png")
    foil = method.evaluate(MethodOptions.model_validate({"lamination": {}}))
    assert draw_method(foil, "foil", tmp_path / "foil.png").startswith("The foil")
    assert all((tmp_path / f"{name}.png").stat().st_size > 5000 for name in ("all", "foil"))


def test_what_cannot_be_opened_is_said():
    for change, words in (
        ({"fluence": "2 J/cm^2"}, "does not reach the threshold"),
        ({"passes": 2}, "never cuts through"),
        ({"width": "80 um", "measured": "top"}, "close an opening"),
        ({"pitch_of_openings": "550 um"}, "nothing of the foil's face is left"),
        ({"ledges": ["10 um"]}, "but the last"),
    ):
        with pytest.raises(InputError, match=words):
            window(**change)
