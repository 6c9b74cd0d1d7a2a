"""A study with a coating that carries the current: columns, balances, births of films, what does not fit."""

from __future__ import annotations

import json

import pytest

from femsuite.errors import InputError
from femsuite.run import run
from femsuite.study import load

STUDY = """
format = 1
name = "coated"
title = "A block of foil with a film on top"
[geometry]
file = "box"
[geometry.parameters]
length = "1 mm"
width = "0.5 mm"
height = "0.1 mm"
counts = [4, 2, 2]
[regions.body]
material = "polyimide_foil"
stress_free_temperature = "185 degC"
[coatings.film]
surface = "top"
material = "Cu_PVD_film"
thickness = "5 um"
intrinsic_stress = "20 MPa"
[deposits.film]
source = "beam"
[heat]
ambient = "25 degC"
[[heat.conditions]]
type = "film"
surface = "bottom"
coefficient = "5000 W/(m^2 K)"
ambient = "25 degC"
[electric.terminals.feed]
surface = "left"
[electric.terminals.ground]
surface = "right"
drive = "0 V"
[mechanics]
[[stages]]
type = "ramp"
name = "cooled"
temperature = "100 degC"
[[stages]]
type = "ramp"
name = "coated"
born = ["film"]
temperature = "25 degC"
[[stages]]
type = "power_cycles"
name = "operation"
terminals = { feed = "1 A" }
ramp = "1 s"
dwell = "1 s"
count = 1
[output]
pictures = []
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "coated.toml"
    file.write_text(STUDY)
    return file


def test_a_film_is_born_carries_current_and_closes_all_balances(path, tmp_path):
    folder = run(load(path), tmp_path / "out")
    metrics = {name: one["value"] for name, one in json.loads((folder.path / "metrics.json").read_text()).items()}
    assert "equivalent_stress_film@cooled" not in metrics
    # born at 100 degC with 20 MPa; the foil shrinks by 20e-6/K, the copper by 17e-6/K
    assert metrics["mean_stress_film@coated"] < 20e6
    on = "operation, cycle 1 on"
    resistance = metrics[f"voltage_feed@{on}"] / metrics[f"current_feed@{on}"]
    cold = 21.0e-9 * 1e-3 / (0.5e-3 * 5e-6)
    assert cold < resistance < 1.3 * cold  # it is warmer than 25 degC
    assert metrics[f"electric_power@{on}"] == pytest.approx(resistance, rel=1e-6)
    assert metrics["electric_power@operation, cycle 1 off"] == 0.0
    assert metrics["balance.current"] < 1e-10
    assert metrics["balance.electric_power"] < 1e-8
    told = {one["what"]: one for one in json.loads((folder.path / "tables" / "report.json").read_text())["conditions"]}
    assert {"electric: terminal feed", "electric: terminal ground", "film film", "operation: terminal"} <= set(told)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (['coatings.film.surface="lid"'], "there is no surface 'lid'"),
        (['electric.terminals.feed.surface="bottom"'], "touches no region that conducts"),
        (["coatings.film.conducts=false"], "no region conducts"),
    ],
)
def test_what_does_not_fit_the_mesh_is_told_before_anything_is_solved(path, tmp_path, overrides, words):
    with pytest.raises(InputError, match=words):
        run(load(path, overrides), tmp_path / "out")


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["stages.1.born=[]"], "the temperature at which the film is free of stress"),
        (['coatings.film.material="air"'], "air has no"),
        (['deposits.wall={source = "sky"}'], "there is no coating 'wall'"),
    ],
)
def test_what_does_not_fit_together_is_told_at_once(path, overrides, words):
    with pytest.raises(InputError, match=words):
        load(path, overrides)
