"""The table of the source documents: complete, current, and true to the studies it names."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path

import pytest

FILE = Path(__file__).parent.parent / "docs" / "make_seeds.py"
if not FILE.is_file():
    pytest.skip("the documentation is not part of this copy", allow_module_level=True)
_spec = importlib.util.spec_from_file_location("make_seeds", FILE)
make_seeds = importlib.util.module_from_spec(_spec)
sys.modules["make_seeds"] = make_seeds
_spec.loader.exec_module(make_seeds)

STUDY = """
[[stages]]
name = "power"
type = "steady"
sources = { Q5 = ["0 W", "1.5 W"] }
[topograph]
region = "die"
[topograph.section]
positions = ["-50 um"]
[[derived]]
name = "resistance"
[[quantities]]
name = "face_mean_temperature"
[[fits]]
name = "asterism"
model = "line_above_threshold"
"""


def document(**row):
    base = {"id": "fig1", "kind": "figure", "what": "a picture", "study": "a/b", "finding": "not yet"}
    return {"figures": 1, "row": [base | row]}


@pytest.fixture
def studies(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.toml").write_text(STUDY)
    return tmp_path


@pytest.mark.parametrize("key", make_seeds.ORDER)
def test_rows_are_complete_unique_and_name_what_exists(key):
    assert make_seeds.faults(key, make_seeds.documents()[key]) == []


def test_page_is_current():
    assert make_seeds.PAGE.read_text(encoding="utf-8") == make_seeds.page(make_seeds.documents())


def test_every_data_file_is_on_the_page():
    assert {file.stem for file in make_seeds.DATA.glob("*.toml")} == set(make_seeds.ORDER)


def test_counts_are_those_of_the_documents():
    heads = {key: [d.get(head, 0) for head, _, _ in make_seeds.NUMBERED] for key, d in make_seeds.documents().items()}
    assert heads == {  # figures, tables, equations, examples, comparison examples, numbered claims
        "lm3046": [9, 0, 5, 0, 0, 0],
        "cn101185991": [10, 3, 0, 24, 12, 8],
        "us10590901": [8, 0, 0, 0, 0, 0],
        "jph08298306": [7, 0, 0, 0, 0, 7],
        "ozone_ald": [4, 0, 0, 0, 0, 0],
    }


def test_a_study_gives_its_quantities_fits_and_image_measures():
    names = make_seeds.producible(tomllib.loads(STUDY))
    assert {"face_mean_temperature", "resistance", "fit.asterism.slope"} <= names
    assert {"streak_length", "streak_at_minus_50um"} <= names
    assert not {"fit.asterism.factor", "fit.asterism", "streak_at_plus_50um"} & names


def test_image_measures_need_a_topograph():
    assert make_seeds.producible({"quantities": [{"name": "mean"}]}) == {"mean"}


def test_a_state_that_the_study_has_not_is_found(studies):
    rows = [document(metrics=[f"streak_length@power={power} W"]) for power in ("1.5", "1.6")]
    assert [make_seeds.faults("x", one, studies) for one in rows] == [
        [],
        ["x.fig1: the study 'a/b' has no state 'power=1.6 W'"],
    ]


@pytest.mark.parametrize("finding", ["not yet", "ratio"])
def test_a_misnamed_metric_is_found(studies, finding):
    row = {"metrics": ["face_mean_temprature"], "finding": finding, "ratio": {"face_mean_temprature": 1.0}}
    found = make_seeds.faults("x", document(**row, published={"face_mean_temprature": "1 K"}), studies)
    assert found == ["x.fig1: the study 'a/b' gives no metric 'face_mean_temprature'"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"study": "a/c", "finding": "reproduced", "metrics": ["m"]}, "the study 'a/c' does not exist"),
        ({"finding": "not modelled"}, "what is not modelled must say why"),
        ({"finding": "perhaps"}, "'perhaps' is not a finding"),
        ({"finding": "reproduced"}, "must name the metrics it rests on"),
        ({"finding": "ratio", "metrics": ["bow"]}, "no ratio is given"),
        ({"published": {"bow": "50 um"}}, "'bow' has a number but is not among the row's metrics"),
        ({"study": ""}, "the row names no study"),
        ({"metric": ["bow"]}, "there is no key 'metric' in a row"),
        ({"id": "fig2"}, "there is no row for figure 1"),
    ],
)
def test_a_bad_row_is_named(studies, row, sentence):
    assert any(sentence in found for found in make_seeds.faults("x", document(**row), studies))


def test_a_repeated_id_is_found(studies):
    twice = document()
    twice["row"] *= 2
    assert make_seeds.faults("x", twice, studies) == ["x: the id 'fig1' is used 2 times"]


def test_a_run_fills_ratios_of_its_own_study_only():
    text = (
        '[[row]]\nid = "one"\nstudy = "a/b"\npublished = { "fit.line.slope" = "0.30 mm/W" }\nfinding = "not yet"\n\n'
        '[[row]]\nid = "two"\nstudy = "a/c"\npublished = { "fit.line.slope" = "0.30 mm/W" }\nfinding = "not yet"\n'
    )
    metrics = {"fit.line.slope": {"value": 1.5e-4, "unit": "m/W"}}
    once = make_seeds.fill(text, "a/b", metrics)
    one, two = tomllib.loads(once)["row"]
    assert one["ratio"]["fit.line.slope"] == pytest.approx(0.5)
    assert (one["finding"], two["finding"]) == ("ratio", "not yet")
    assert "ratio" not in two
    assert make_seeds.fill(once, "a/b", metrics) == once
