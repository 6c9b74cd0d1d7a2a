"""Power on and off: each half goes to the steady temperatures of its power, and the strain follows."""

import csv
import json

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.run import run
from femsuite.study import load

STUDY = """
format = 1
name = "switched"
title = "A plate on a solder joint, heated from above and cooled from below"
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
stress_free_temperature = "25 degC"
[regions.upper]
material = "Al2O3_96"
stress_free_temperature = "25 degC"
[regions.solder]
material = "SAC305"
law = "anand"
stress_free_temperature = "25 degC"
[heat]
ambient = "25 degC"
[[heat.conditions]]
type = "film"
surface = "bottom"
coefficient = "50000 W/m^2/K"
ambient = "25 degC"
[mechanics]
support = "free"
[[mechanics.conditions]]
type = "symmetry"
surface = "left"
[[stages]]
name = "switched"
type = "power_cycles"
sources = { upper = "1 W" }
ramp = "10 s"
dwell = "100 s"
count = 2
[[quantities]]
name = "under"
field = "temperature"
over = "bottom"
unit = "degC"
[[quantities]]
name = "joint"
field = "temperature"
over = "solder"
unit = "degC"
[[quantities]]
name = "work"
field = "dissipation"
over = "solder"
[output]
pictures = []
fields = []
"""
RISE = 1.0 / (50000.0 * 1e-3 * 0.2e-3)  # of the bottom over what cools it, K


@pytest.fixture
def write(tmp_path):
    def write(text=STUDY):
        path = tmp_path / "switched.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def rows(folder):
    with (folder / "tables" / "states.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def column(folder, name):
    place = next(key for key in rows(folder)[0] if key == name or key.startswith(f"{name} "))
    return np.array([float(row[place]) for row in rows(folder)])


def test_the_halves_end_in_the_steady_temperatures_with_power_and_without(write, tmp_path):
    folder = run(load(write()), tmp_path / "run").path
    under = column(folder, "under")
    np.testing.assert_allclose(under, [25.0 + RISE, 25.0] * 2, rtol=1e-6)
    joint = column(folder, "joint")
    assert joint[0] > under[0] + 1.0
    assert joint[1] == pytest.approx(25.0, rel=1e-6)
    assert (np.diff(column(folder, "work")) > 0.0).all()
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["balance.heat"]["value"] < 1e-6
    assert [row["state"] for row in rows(folder)][-2:] == ["switched, cycle 2 on", "switched, cycle 2 off"]


def test_a_run_broken_off_between_the_halves_goes_on_with_the_same_numbers(write, tmp_path, monkeypatch):
    whole = run(load(write()), tmp_path / "whole").path
    import femsuite.run as module

    genuine = module.march

    def broken(model, done=0):
        for number, state in enumerate(genuine(model, done)):
            yield state
            if number == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(module, "march", broken)
    with pytest.raises(KeyboardInterrupt):
        run(load(write()), tmp_path / "half")
    monkeypatch.setattr(module, "march", genuine)
    half = run(load(write()), tmp_path / "half").path
    for name in ("under", "joint", "work"):
        np.testing.assert_allclose(column(half, name), column(whole, name), rtol=1e-10)


def test_operation_without_heat_is_told_before_anything_is_solved(write):
    a, b = STUDY.index("[heat]"), STUDY.index("[mechanics]")
    with pytest.raises(InputError, match=r"a power_cycles stage needs a \[heat\] table"):
        load(write(STUDY[:a] + STUDY[b:]))


def test_a_source_that_there_is_not_names_the_nearest(write, tmp_path):
    with pytest.raises(InputError, match="uper"):
        run(load(write(STUDY.replace("{ upper =", "{ uper ="))), tmp_path / "run")
