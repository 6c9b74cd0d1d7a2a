"""Stages of a process: ramps, holds and cycles, regions that are born, melt and freeze, and a timeline's faults."""

import itertools
import json

import pytest

from femsuite.errors import InputError
from femsuite.run import run
from femsuite.study import load

LAYERS = """
format = 1
name = "joint"
title = "A solder joint between two plates"
[geometry]
file = "layered_plate"
[geometry.parameters]
length = "1 mm"
width = "0.2 mm"
counts = [2, 1]
layers = [
  { name = "lower", thickness = "0.5 mm", count = 1 },
  { name = "solder", thickness = "0.1 mm", count = 1 },
  { name = "upper", thickness = "0.3 mm", count = 1 },
]
[mesh]
order = 2
[regions.lower]
material = "Cu_OFHC"
stress_free_temperature = "217 degC"
[regions.upper]
material = "Al2O3_96"
stress_free_temperature = "217 degC"
[regions.solder]
material = "SAC305"
law = "anand"
[mechanics]
support = "free"
[[mechanics.conditions]]
type = "symmetry"
surface = "left"
[solver]
mechanics = "direct"
[[quantities]]
name = "stress"
field = "stress.von_mises"
over = "solder"
unit = "MPa"
[[quantities]]
name = "work"
field = "dissipation"
over = "solder"
[[quantities]]
name = "flow"
field = "accumulated_strain"
over = "solder"
[output]
pictures = []
fields = []
"""
COOLED = """
[[stages]]
name = "cooled"
type = "ramp"
born = ["solder"]
temperature = "125 degC"
duration = "100 s"
keep = ["200 degC"]
"""
HELD = """
[[stages]]
name = "held"
type = "hold"
duration = "1 h"
times = ["60 s"]
"""
MOLTEN = """
[[stages]]
name = "molten"
type = "ramp"
melted = ["solder"]
temperature = "217 degC"
duration = "60 s"
"""
CYCLED = """
[[stages]]
name = "cycled"
type = "cycles"
low = "0 degC"
high = "100 degC"
ramp = "10 min"
dwell = "10 min"
count = 2
"""


def study(folder, *stages, **changes):
    text = LAYERS + "".join(stages)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    file = folder / "joint.toml"
    file.write_text(text)
    return load(file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timeline")
    return run(study(folder, COOLED, HELD, MOLTEN), folder / "run").path


@pytest.fixture(scope="module")
def metrics(folder):
    return {name: one["value"] for name, one in json.loads((folder / "metrics.json").read_text()).items()}


def test_the_report_says_which_constants_a_law_took_and_how_well_they_are_known(folder):
    notes = json.loads((folder / "tables" / "report.json").read_text())["notes"]
    assert any(note.startswith("Law of solder: anand with SAC305's set of anand, status published (") for note in notes)


def test_a_joint_is_born_free_of_stress_and_stressed_on_cooling(metrics):
    assert 0.0 < metrics["work@cooled, 200 degC"] < metrics["work@cooled, 125 degC"]
    assert metrics["stress@cooled, 125 degC"] > 5.0


def test_stress_relaxes_while_the_temperature_is_held(metrics):
    stresses = [metrics[f"stress@{state}"] for state in ("cooled, 125 degC", "held, time=60 s", "held")]
    assert stresses[0] > stresses[1] > stresses[2] > 0.0
    assert metrics["flow@held"] > metrics["flow@cooled, 125 degC"]


def test_a_molten_joint_carries_nothing(metrics):
    assert metrics["stress@molten"] == 0.0


def test_cycles_dissipate_work_in_every_half(tmp_path):
    done = run(study(tmp_path, COOLED, CYCLED), tmp_path / "run")
    found = json.loads((done.path / "metrics.json").read_text())
    states = ["cooled, 125 degC", *(f"cycled, cycle {n} {end}" for n in (1, 2) for end in ("hot", "cold"))]
    work = [found[f"work@{state}"]["value"] for state in states]
    assert all(later > earlier for earlier, later in itertools.pairwise(work))
    assert found["balance.force"]["value"] < 1e-8


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        ((COOLED, MOLTEN, MOLTEN.replace('"molten"', '"again"')), "'solder' does not exist in this stage"),
        ((MOLTEN, COOLED), "stress_free_temperature: this key is missing"),
        ((COOLED, COOLED.replace('"cooled"', '"again"')), "'solder' exists already"),
        ((COOLED.replace('duration = "100 s"\n', ""),), "the law 'anand' depends on time"),
        ((COOLED.replace('born = ["solder"]', 'born = ["solder"]\nmelted = ["solder"]'),), "in the same stage"),
        ((COOLED.replace('born = ["solder"]', 'intrinsic_stress = { upper = "10 MPa" }'),), "'upper' is not born"),
        ((COOLED, HELD.replace('"60 s"', '"2 h"')), "before the stage's end"),
        ((CYCLED.replace('"0 degC"', '"200 degC"'),), "must lie below 'high'"),
    ],
)
def test_faults_of_a_timeline_are_told_before_anything_is_solved(tmp_path, stages, told):
    with pytest.raises(InputError, match=told):
        study(tmp_path, *stages)


def test_a_law_without_its_constants_is_a_sentence(tmp_path):
    with pytest.raises(InputError, match=r"Cu_OFHC has no \[\[data.anand\]\]"):
        run(
            study(tmp_path, COOLED, law=('material = "Cu_OFHC"', 'material = "Cu_OFHC"\nlaw = "anand"')), tmp_path / "r"
        )


def test_an_unknown_law_names_the_nearest(tmp_path):
    with pytest.raises(InputError, match="did you mean 'anand'"):
        study(tmp_path, COOLED, law=('law = "anand"', 'law = "annand"'))


def test_a_temperature_that_is_not_on_the_way_is_refused(tmp_path):
    with pytest.raises(InputError, match="does not pass 100 degC"):
        run(study(tmp_path, COOLED.replace('"200 degC"', '"100 degC"')), tmp_path / "r")


def test_cycles_end_when_what_a_cycle_adds_does_not_change_any_more(tmp_path):
    stage = """
[[stages]]
name = "cycled"
type = "cycles"
low = "0 degC"
high = "100 degC"
ramp = "300 s"
dwell = "300 s"
count = 9
stable = 0.2
"""
    path = tmp_path / "cycled.toml"
    path.write_text(LAYERS + COOLED + stage, encoding="utf-8")
    folder = run(load(path), tmp_path / "out")
    table = json.loads((folder / "tables" / "states.json").read_text(encoding="utf-8"))["rows"]
    cold = [row["flow"] for row in table if str(row["state"]).endswith("cold")]
    assert 2 <= len(cold) < 9
    start = next(row["flow"] for row in table if row["state"] == "cooled, 125 degC")
    steps = [later - earlier for earlier, later in itertools.pairwise([start, *cold])]
    assert abs(steps[-1] / steps[-2] - 1.0) <= 0.2
    assert all(abs(later / earlier - 1.0) > 0.2 for earlier, later in itertools.pairwise(steps[:-1]))
