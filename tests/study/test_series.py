"""``[series]``: its rules, and the members that it makes."""

import pytest
from pydantic import ValidationError

from femsuite.study.sections import Band
from femsuite.study.series import Axis, Chart, Series

COLUMN = {"name": "stress", "of": "die_stress"}
ZINC = {"name": "zinc", "keys": ["geometry.parameters.zinc"], "values": ["5 um", "10 um", "20 um"], "unit": "um"}
HEAT = {"name": "heat", "keys": ["joint.temperature", "geometry.parameters.bond_temperature"], "values": ["390 degC"]}
CASES = [
    {"name": "clad", "title": "the clad"},
    {"name": "zn", "set": {"regions.joint.material": "Zn", "mesh.order": 1}},
]
CRACKS = {
    "name": "cracks",
    "question": "does it crack?",
    "column": "stress",
    "limits": [0.5],
    "answers": ["survives", "cracks"],
}


def series(**options):
    return Series.model_validate({"columns": [COLUMN]} | options)


def fault(**options):
    with pytest.raises(ValidationError) as found:
        series(**options)
    return " ".join(str(found.value).split())


def test_cases_are_members_of_their_own_with_what_they_set():
    members = series(cases=CASES).members()
    assert [one.name for one in members] == ["clad", "zn"]
    assert [one.title for one in members] == ["the clad", "zn"]
    assert [one.overrides for one in members] == [[], ['regions.joint.material="Zn"', "mesh.order=1"]]
    assert all(one.trial is None and one.numbers == {} for one in members)


def test_axes_make_a_grid_the_last_running_fastest():
    members = series(axes=[ZINC, {**HEAT, "values": ["390 degC", "400 degC"]}]).members()
    assert [one.numbers for one in members] == [{"zinc": z, "heat": h} for z in (5, 10, 20) for h in (390, 400)]
    assert members[1].name == "zinc-5_heat-400"
    assert members[1].title == "zinc-5 heat-400"
    assert members[1].overrides == [
        'geometry.parameters.zinc="5 um"',
        'joint.temperature="400 degC"',
        'geometry.parameters.bond_temperature="400 degC"',
    ]


def test_every_case_runs_through_the_axes():
    members = series(cases=CASES, axes=[ZINC]).members()
    assert [one.name for one in members] == [f"{case}_zinc-{z}" for case in ("clad", "zn") for z in (5, 10, 20)]
    assert members[4].overrides == [
        'regions.joint.material="Zn"', "mesh.order=1", 'geometry.parameters.zinc="10 um"',
    ]  # fmt: skip
    assert members[4].case.name == "zn"


def test_a_value_may_be_a_list_with_one_for_each_key():
    axis = Axis.model_validate({"name": "both", "keys": ["a.b", "c"], "values": [["1 um", 2], ["3 um", 4]]})
    assert axis.overrides(1) == ['a.b="3 um"', "c=4"]
    assert [axis.number(place) for place in (0, 1)] == [1.0, 3.0]


def test_the_column_is_in_its_unit_whatever_the_values_are_written_in():
    axis = {**ZINC, "values": ["500 nm", "5 um", "0.3 mm"]}
    assert [one.numbers["zinc"] for one in series(axes=[axis]).members()] == pytest.approx([0.5, 5.0, 300.0])
    bare = {**ZINC, "unit": "", "values": ["500 nm", "5 um"]}
    assert [one.numbers["zinc"] for one in series(axes=[bare]).members()] == [500.0, 5.0]
    hot = {**HEAT, "unit": "degC", "values": ["663.15 K", "400 degC"]}
    assert [one.numbers["heat"] for one in series(axes=[hot]).members()] == pytest.approx([390.0, 400.0])


def test_numbers_stand_for_values_that_are_words():
    axis = {"name": "joint", "keys": ["geometry.parameters.joint"], "values": ["clad", "single"], "numbers": [0, 1]}
    assert [one.numbers for one in series(axes=[axis]).members()] == [{"joint": 0.0}, {"joint": 1.0}]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"values": [["5 um", "6 um"]]}, "['5 um', '6 um'] has 2 values for 1 keys"),
        ({"numbers": [1.0]}, "'numbers' has 1 entries for 3 values"),
        ({"values": ["clad", "single"]}, "'clad' does not begin with a number; give 'numbers' for the column"),
        ({"values": [True, False]}, "True does not begin with a number; give 'numbers' for the column"),
        ({"values": ["5 um", "5000 nm"]}, "'5 um' and '5000 nm' are both 5 in the column; give other 'numbers'"),
        ({"values": []}, "at least 1 item"),
        ({"keys": []}, "at least 1 item"),
        ({"unit": "furlogn"}, '"furlogn" is not a unit'),
        ({"unit": "K"}, "'um' cannot be turned into 'K'"),
    ],
)
def test_an_axis_that_does_not_fit_is_told(change, sentence):
    assert sentence in fault(axes=[{**ZINC, **change}])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "a series has cases or axes"),
        ({"cases": [CASES[0], CASES[0]]}, "two cases are named 'clad'"),
        ({"cases": [{"name": "a b"}]}, "should match pattern"),
        (
            {"cases": CASES, "verdicts": [{**CRACKS, "column": "strain"}]},
            "the verdict 'cracks' names the column 'strain', which there is not",
        ),
        (
            {"cases": CASES, "verdicts": [{**CRACKS, "low": "least"}]},
            "the verdict 'cracks' names the column 'least', which there is not",
        ),
        ({"cases": CASES, "verdicts": [{**CRACKS, "limits": [0.1, 0.5]}]}, "2 limits part 3 answers, not 2"),
        (
            {"cases": CASES, "verdicts": [{**CRACKS, "limits": [0.5, 0.5], "answers": ["a", "b", "c"]}]},
            "the limits must rise from one to the next",
        ),
        (
            {"cases": [{"name": "a", "published": {"bends": "yes"}}]},
            "the case 'a' has a published 'bends', which is no verdict",
        ),
        (
            {"cases": [{"name": "a", "published": {"cracks": "maybe"}}], "verdicts": [CRACKS]},
            "the case 'a' answers 'maybe' to 'cracks'; allowed: cracks, survives, unknown",
        ),
        (
            {"cases": CASES, "charts": [{"name": "c", "kind": "bars", "y": ["strain"]}]},
            "the chart 'c' names the column 'strain', which there is not",
        ),
        (
            {"cases": CASES, "charts": [{"name": "c", "kind": "bars", "y": ["stress"], "band": ["lo", "hi"]}]},
            "the chart 'c' names the column 'lo', which there is not",
        ),
        ({"cases": CASES, "charts": [{"name": "c", "kind": "bars"}]}, "'y' of the chart 'c' needs at least one column"),
        ({"axes": [ZINC], "charts": [{"name": "c", "y": ["stress"]}]}, "the chart 'c' needs an 'x'"),
        (
            {"axes": [ZINC], "charts": [{"name": "c", "kind": "map", "x": "zinc", "y": ["stress"]}]},
            "'y' of the chart 'c' needs two: an axis, then the column that gives the colour",
        ),
        (
            {"cases": CASES, "charts": [{"name": "c", "kind": "tornado", "y": ["stress"]}]},
            "the chart 'c' is a tornado and needs over_band = true",
        ),
        (
            {"cases": CASES, "over_band": True,
             "charts": [{"name": "c", "kind": "tornado", "y": ["stress"], "case": "zinc"}]},
            "the chart 'c' names the case 'zinc', which there is not",
        ),
    ],
)  # fmt: skip
def test_names_that_do_not_fit_together_are_told(options, sentence):
    assert sentence in fault(**options)


def test_unknown_is_an_allowed_published_answer():
    made = series(cases=[{"name": "a", "published": {"cracks": "unknown"}}], verdicts=[CRACKS])
    assert made.cases[0].published == {"cracks": "unknown"}


def test_axes_are_columns_for_charts_and_verdicts():
    made = series(
        axes=[ZINC], charts=[{"name": "c", "x": "zinc", "y": ["stress"]}], verdicts=[{**CRACKS, "column": "zinc"}]
    )
    assert isinstance(made.charts[0], Chart)


BANDS = [
    Band.model_validate({"name": "EMC's modulus", "keys": ["a.b"], "values": [0.5, 2.0]}),
    Band.model_validate({"name": "flaw", "keys": ["c", "d"], "values": [["5 um", "6 um"]]}),
]


def test_over_the_band_every_member_is_followed_by_its_trials():
    members = series(cases=CASES, over_band=True).members(BANDS)
    assert [one.name for one in members] == [
        "clad", "clad.EMC-s-modulus-0", "clad.EMC-s-modulus-1", "clad.flaw-0",
        "zn", "zn.EMC-s-modulus-0", "zn.EMC-s-modulus-1", "zn.flaw-0",
    ]  # fmt: skip
    assert [one.trial for one in members[:4]] == [
        None, ("EMC's modulus", "0.5"), ("EMC's modulus", "2.0"), ("flaw", "5 um, 6 um"),
    ]  # fmt: skip
    assert members[7].overrides == ['regions.joint.material="Zn"', "mesh.order=1", 'c="5 um"', 'd="6 um"']
    assert members[7].case.name == "zn"


def test_without_over_band_there_is_no_trial():
    assert len(series(cases=CASES).members(BANDS)) == 2


WINDOW = {"axis": "t", "low": 30.0, "high": 200.0, "inside": "good", "outside": "bad"}


def verdict_with(window):
    return {
        "axes": [{"name": "t", "keys": ["a.b"], "values": ["10 um"], "unit": "um"}],
        "columns": [{"name": "c", "of": "c"}],
        "verdicts": [
            {"name": "v", "question": "?", "column": "c", "limits": [1.0], "answers": ["good", "bad"], "window": window}
        ],
    }


def test_a_window_answers_inside_with_its_ends_and_outside():
    window = Series.model_validate(verdict_with(WINDOW)).verdicts[0].window
    assert [window.answer(number) for number in (29.0, 30.0, 100.0, 200.0, 201.0)] == ["bad", *["good"] * 3, "bad"]
    half = Series.model_validate(verdict_with({"axis": "t", "high": 30.0, "inside": "good", "outside": "unknown"}))
    assert [half.verdicts[0].window.answer(number) for number in (-1.0, 31.0)] == ["good", "unknown"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"axis": "u"}, "the window of 'v' names the axis 'u', which there is not"),
        ({"inside": "fine"}, "the window answers 'fine'; allowed: good, bad, unknown"),
    ],
)
def test_a_window_names_an_axis_and_answers_of_its_verdict(change, told):
    with pytest.raises(ValidationError, match=told):
        Series.model_validate(verdict_with(WINDOW | change))
