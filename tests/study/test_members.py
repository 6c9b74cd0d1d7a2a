"""Cases of a series and values of a band are checked before the first is run, and their faults told once."""

import pytest

from femsuite import cli
from femsuite.errors import InputError
from femsuite.study import load
from femsuite.study.members import check_members

BAND = """
[[band]]
name = "paddle"
keys = ["geometry.parameters.paddle_length"]
values = ["4 mm", "{value}"]
"""
CASES = """
[series]
[[series.cases]]
name = "cool"
set = {{ "heat.ambient" = "10 degC" }}
[[series.cases]]
name = "long"
set = {{ "geometry.parameters.die_length" = "{value}" }}
[[series.cases]]
name = "longer"
set = {{ "geometry.parameters.die_length" = "{value}" }}
[[series.columns]]
name = "peak"
of = "peak"
"""


def line_of(path, words):
    return next(number for number, text in enumerate(path.read_text().splitlines(), start=1) if words in text)


def told(path, overrides=()):
    with pytest.raises(InputError) as caught:
        check_members(path, overrides, load(path, overrides))
    return caught.value.faults


def test_a_value_of_a_band_that_makes_the_study_impossible_is_told_at_its_band(desk):
    text = desk.write().read_text()
    path = desk.write(text=text + BAND.format(value="4 MPa"))
    (fault,) = told(path)
    assert fault.key == "geometry.parameters.paddle_length"
    assert fault.line == line_of(path, "[[band]]")
    assert fault.message.startswith("in the band 'paddle' with 4 MPa: \"4 MPa\" is not a length")
    (fault,) = told(desk.write(text=text + BAND.format(value="1 mm")))
    assert fault.message.startswith("in the band 'paddle' with 1 mm: the die is longer than the paddle")
    path = desk.write(text=text + BAND.format(value="5 mm"))
    assert check_members(path, [], load(path)) == (0, 2)


def test_a_fault_that_two_cases_share_is_told_once_at_the_first(desk):
    text = desk.write().read_text()
    path = desk.write(text=text + CASES.format(value="4 mm"))
    (fault,) = told(path)
    assert fault.key == "geometry.parameters"
    assert fault.line == line_of(path, '"long"') - 1
    assert fault.message.startswith("in the case 'long' and 1 other: the die is longer than the paddle")
    path = desk.write(text=text + CASES.format(value="1 mm"))
    assert check_members(path, [], load(path)) == (3, 0)


def test_over_the_band_every_case_is_checked_with_every_value(desk):
    both = BAND + CASES.replace("[series]\n", "[series]\nover_band = true\n")
    text = desk.write().read_text()
    path = desk.write(text=text + both.format(value="2.5 mm"))
    assert check_members(path, [], load(path)) == (3, 6)
    path = desk.write(text=text + both.replace('"4 mm"', '"2.2 mm"').format(value="2.5 mm"))
    (fault,) = told(path)
    assert fault.line == line_of(path, "[[band]]")
    assert fault.message.startswith("in 'long.paddle-0' (paddle 2.2 mm) and 1 other: the die is longer than the paddle")


def test_a_joint_that_a_case_draws_otherwise_than_it_judges_is_told():
    (fault,) = told("hermetic_cap/seal", ['series.cases.5.set={ "joint.zinc" = "20 um" }'])
    assert fault.key == "joint.zinc"
    assert fault.message.startswith(
        "in the case 'rolled_cap': joint.zinc is 20 um, geometry.parameters.zinc is 10 um (its default):"
    )


def test_check_says_how_many_cases_and_values_it_has_looked_at(capsys):
    assert cli.main(["check", "hermetic_cap/seal"]) == 0
    assert "6 cases" in capsys.readouterr().out
