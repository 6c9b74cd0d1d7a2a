"""Whole series of tiny studies: what their folders hold, and what a second run does."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

import femsuite.series as module
from femsuite import cli
from femsuite.errors import InputError, SolveError
from femsuite.series import members_of, run_series
from femsuite.study import load

STRIP = """
format = 1
name = "strip"
title = "A strip of two layers that cools"
[geometry]
file = "layered_plate"
[geometry.parameters]
length = "2 mm"
width = "0.2 mm"
counts = [4, 1]
layers = [{ name = "lower", thickness = "0.2 mm", count = 1 }, { name = "upper", thickness = "0.2 mm", count = 1 }]
[regions."*"]
material = "Cu_leadframe_C194"
stress_free_temperature = "125 degC"
[mechanics]
[[mechanics.conditions]]
type = "symmetry"
surface = "left"
[[mechanics.conditions]]
type = "symmetry"
surface = "right"
[[mechanics.conditions]]
type = "symmetry"
surface = "front"
[[mechanics.conditions]]
type = "symmetry"
surface = "bottom"
[solver]
mechanics = "direct"
[[stages]]
name = "cold"
type = "uniform"
temperature = "25 degC"
[[quantities]]
name = "stress"
field = "stress.xx"
over = "upper"
unit = "MPa"
[output]
pictures = []
clip = "none"
fields = []
"""
SERIES = """
[series]
[[series.cases]]
name = "short"
title = "a short strip"
note = "The length was chosen."
published = { breaks = "holds" }
[[series.cases]]
name = "held"
set = { "stages.0.temperature" = "-75 degC" }
published = { breaks = "holds" }
note = "The length was chosen."
[[series.axes]]
name = "warm"
title = "free of stress at"
keys = ['regions."*".stress_free_temperature']
values = ["75 degC", "125 degC"]
unit = "degC"
[[series.columns]]
name = "pull"
title = "stress along the strip"
of = "stress"
unit = "Pa"
[[series.columns]]
name = "least"
of = "stress"
over = "minimum"
[[series.verdicts]]
name = "breaks"
question = "does the strip break?"
column = "pull"
limits = [250e6]
answers = ["holds", "breaks"]
reason = "strength of 250 MPa"
[[series.charts]]
name = "along"
x = "warm"
y = ["pull", "least"]
[[series.charts]]
name = "all"
kind = "bars"
y = ["pull"]
[[series.charts]]
name = "field"
kind = "map"
x = "warm"
y = ["warm", "pull"]
"""
BAND = """
[[band]]
name = "where free"
keys = ['regions."*".stress_free_temperature']
values = ["150 degC", "100 degC"]
[series]
over_band = true
[[series.cases]]
name = "strip"
published = { breaks = "holds" }
[[series.columns]]
name = "pull"
of = "stress"
[[series.verdicts]]
name = "breaks"
question = "does the strip break?"
column = "pull"
limits = [250.0]
answers = ["holds", "breaks"]
[[series.charts]]
name = "estimates"
kind = "tornado"
y = ["pull"]
case = "strip"
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "strip.toml"
        path.write_text(STRIP + text, encoding="utf-8")
        return path

    return write


def go(path, out, overrides=()):
    study = load(path, overrides)
    return run_series(study, members_of(path, overrides, study), out)


def rows(folder, name="series"):
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def record(folder):
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def times(folder):
    return {path: path.stat().st_mtime_ns for path in sorted(folder.rglob("*")) if path.is_file()}


def pulls(folder):
    return [float(next(value for key, value in row.items() if key.startswith("pull")) or "nan") for row in rows(folder)]


def test_a_series_has_a_row_for_every_case_along_its_axis_and_the_report_has_the_answers(write, tmp_path, monkeypatch):
    path, out = write(SERIES), tmp_path / "out"
    go(path, out)
    cases = ["short_warm-75", "short_warm-125", "held_warm-75", "held_warm-125"]
    assert sorted(one.name for one in (tmp_path / "out.cases").iterdir()) == sorted(cases)
    found = np.array(pulls(out))
    # elastic, isotropic, held along x: stress grows with the cooling of 50, 100, 150, 200 K
    assert (found > 0.0).all()
    assert found / found[0] == pytest.approx([1.0, 2.0, 3.0, 4.0], rel=0.1)
    own = json.loads((tmp_path / "out.cases" / cases[1] / "metrics.json").read_text())
    assert found[1] == pytest.approx(1e6 * next(one["value"] for name, one in own.items() if name.startswith("stress")))

    answers = record(out)["verdicts"]
    assert [one["case"] for one in answers] == [name.replace("_", " ") for name in cases]
    assert [one["ours"] for one in answers] == ["breaks" if pull > 250e6 else "holds" for pull in found]
    assert {one["ours"] for one in answers} == {"holds", "breaks"}
    page = (out / "report.html").read_text(encoding="utf-8")
    for words in ("does the strip break?", "holds", "breaks", "reproduced", "differs", "strength of 250 MPa"):
        assert words in page
    assert page.count("The length was chosen. (a short strip; held)") == 1
    assert "free of stress at" in page
    for name in ("along", "all", "field"):
        assert (out / "images" / f"{name}.png").stat().st_size > 5000

    # nothing has changed: nothing is written
    before = times(tmp_path)
    go(path, out)
    assert times(tmp_path) == before

    # one case changes: the other's runs are left alone
    write(SERIES.replace("-75 degC", "-70 degC"))
    go(path, out)
    after = times(tmp_path / "out.cases")
    same = {one for one in after if "short_" in str(one)}
    assert all(after[one] == before[one] for one in same)
    assert same
    assert any(after.get(one) != before[one] for one in before if "held_warm-75" in str(one))
    assert (tmp_path / "out.previous-1").is_dir()
    assert pulls(out)[:2] == pytest.approx(found[:2])
    assert pulls(out)[2] < found[2]

    # a case that fails leaves its row empty and a sentence
    genuine = module.run

    def failing(study, place, force=False):
        if place.name == "held_warm-75":
            raise SolveError("mechanics: no convergence")
        return genuine(study, place, force=force)

    monkeypatch.setattr(module, "run", failing)
    write(SERIES.replace("-75 degC", "-71 degC"))
    with pytest.raises(SolveError, match=r"1 of 4 cases did not come to their end; .* the next run tries them again"):
        go(path, out)
    assert record(out)["status"] == "failed"
    assert np.isnan(pulls(out)[2])
    assert np.isfinite([pulls(out)[place] for place in (0, 1, 3)]).all()
    sentence = "The case 'held warm-75' did not come to its end: mechanics: no convergence"
    assert sentence in record(out)["warnings"]
    assert "did not come to its end" in (out / "report.html").read_text(encoding="utf-8")
    assert record(out)["verdicts"][2]["ours"] == ""

    # and is tried again, it alone
    tried = []
    monkeypatch.setattr(module, "run", lambda study, place, force=False: tried.append(place) or genuine(study, place))
    go(path, out)
    assert record(out)["status"] == "finished"
    assert np.isfinite(pulls(out)).all()


def test_over_the_band_the_answer_hangs_on_the_trials(write, tmp_path):
    path, out = write(BAND), tmp_path / "out"
    go(path, out)
    trials = rows(out, "trials")
    assert [one["value"] for one in trials] == ["150 degC", "100 degC"]
    assert {one["case"] for one in trials} == {"strip"}
    assert len(rows(out)) == 1
    (answer,) = record(out)["verdicts"]
    values = [float(one["pull"]) for one in trials]
    assert (answer["low"], answer["high"]) == pytest.approx((min(values), max(values)))
    assert values[1] < answer["number"] < values[0]
    assert answer["holds"] == (values[0] < 250.0)
    assert not answer["holds"]
    assert answer["ours"] == "holds"
    assert "reproduced, not over the band" in (out / "report.html").read_text(encoding="utf-8")
    assert (out / "images" / "estimates.png").stat().st_size > 5000


def test_the_command_runs_a_series_and_says_where_to_look(write, tmp_path, capsys):
    path = write(SERIES)
    arguments = ["run", str(path), "--out", str(tmp_path / "out")]
    assert cli.main(arguments) == 0
    told = capsys.readouterr().out
    assert "case 4 of 4: held_warm-125" in told
    assert "report.html" in told
    assert cli.main(arguments) == 0
    assert "is up to date: the study has not changed since its run" in capsys.readouterr().out


def test_a_members_faults_say_whose_they_are(write):
    path = write(SERIES.replace('"stages.0.temperature" = "-75 degC"', '"stages.0.temprature" = "-75 degC"'))
    with pytest.raises(InputError, match=r"in the case 'held_warm-75': .*temprature"):
        members_of(path, [], load(path))


def test_a_column_that_the_cases_do_not_have_is_told(write, tmp_path):
    path = write(SERIES.replace('of = "stress"\nunit', 'of = "strss"\nunit'))
    with pytest.raises(InputError, match=r"series\.columns\.0\.of.*'strss'.*did you mean 'stress'"):
        go(path, tmp_path / "out")


def test_a_metric_that_the_cases_do_not_have_is_told(write, tmp_path):
    text = BAND.replace("over_band = true", "").replace('kind = "tornado"', 'kind = "bars"')
    path = write(text.replace('of = "stress"', 'of = "nothing"\nover = "metric"'))
    with pytest.raises(InputError, match="there is no metric 'nothing'"):
        go(path, tmp_path / "out")


def test_members_are_runs_of_their_own_without_the_series(write):
    path = write(SERIES)
    found = members_of(path, ["mesh.order=1"], load(path, ["mesh.order=1"]))
    assert all(study.series is None and study.mesh.order == 1 for _, study in found)
    assert len({study.content_hash for _, study in found}) == 4


def test_a_verdict_does_not_hold_over_a_band_that_lacks_a_trial(write, tmp_path, monkeypatch):
    path, out = write(BAND.replace("250.0", "1e6")), tmp_path / "out"
    genuine = module.run

    def failing(study, place, force=False):
        if place.name.endswith("-1"):
            raise SolveError("mechanics: no convergence")
        return genuine(study, place, force=force)

    monkeypatch.setattr(module, "run", failing)
    with pytest.raises(SolveError, match="100 degC"):
        go(path, out)
    assert [one["value"] for one in rows(out, "trials")] == ["150 degC"]
    (answer,) = record(out)["verdicts"]
    assert (answer["ours"], answer["holds"]) == ("holds", False)
    monkeypatch.setattr(module, "run", genuine)
    go(path, out)
    assert record(out)["verdicts"][0]["holds"]
