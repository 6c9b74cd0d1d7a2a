"""Whole runs of small studies: what the run folder holds, and what a second run does with it."""

from __future__ import annotations

import json
import shutil

import pytest

from femsuite import cli
from femsuite.run import run
from femsuite.study import load

BLOCK = "tutorial/heated_block"
TINY = ["geometry.parameters.counts=[2,2,2]"]
BARE = [*TINY, "output.pictures=[]"]


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def values(folder):
    return {name: one["value"] for name, one in read(folder / "metrics.json").items()}


def files(folder):
    return {path: path.stat().st_mtime_ns for path in sorted(folder.rglob("*")) if path.is_file()}


def command(*arguments, overrides=BARE):
    changes = [word for override in overrides for word in ("--set", override)]
    return cli.main([*map(str, arguments), *changes])


def test_an_unchanged_study_is_not_computed_again_unless_forced(tmp_path, capsys):
    out = tmp_path / "out"
    assert command("run", BLOCK, "--out", out) == 0
    before = files(out)
    assert command("run", BLOCK, "--out", out) == 0
    assert "is up to date: the study has not changed since its run" in capsys.readouterr().out
    assert files(out) == before
    assert command("run", BLOCK, "--out", out, "--force") == 0
    assert read(out / "run.json")["status"] == "finished"
    assert values(out) == values(tmp_path / "out.previous-1")
    assert files(out) != before


def test_a_changed_study_puts_the_old_run_aside(tmp_path):
    out = tmp_path / "out"
    run(load(BLOCK, BARE), out)
    old = values(out)
    run(load(BLOCK, [*BARE, "heat.conditions.0.power=2.5 W"]), out)
    assert values(tmp_path / "out.previous-1") == old
    assert values(out)["bottom_temperature"] == pytest.approx(30.0, abs=1e-6)
    assert old["bottom_temperature"] == pytest.approx(35.0, abs=1e-6)


def test_run_json_tells_how_the_results_came_about(tmp_path):
    study = load(BLOCK, BARE)
    run(study, tmp_path / "out")
    record = read(tmp_path / "out" / "run.json")
    assert record["status"] == "finished"
    assert record["content_hash"] == study.content_hash
    assert record["started"] <= record["ended"]
    names = [phase["name"] for phase in record["phases"]]
    assert names == ["mesh", "model", "calibration", "stages", "tables, pictures, report"]
    assert sum(phase["seconds"] for phase in record["phases"]) <= record["seconds"]
    assert record["sizes"] == {"cells": 48, "vertices": 27, "heat_unknowns": 125, "mechanics_unknowns": 375}
    solved = {one["physics"] for one in record["solves"]}
    assert solved == {"heat", "mechanics"}
    assert all(one["residuals"][-1] < 1e-8 for one in record["monitor"]["newton"])
    assert {"femsuite", "python", "gmsh", "dolfinx", "numpy"} <= set(record["versions"])
    assert (tmp_path / "out" / "study.toml").read_text() == study.given_text
    assert load(tmp_path / "out" / "study.resolved.toml") == study


def test_heat_through_surfaces_alone_is_balanced_and_has_no_power(tmp_path):
    run(load(BLOCK, BARE), tmp_path / "out")
    found = values(tmp_path / "out")
    assert found["balance.heat"] < 1e-9
    assert found["balance.recovered_flux_gap"] < 1e-3
    assert not [name for name in found if "power" in name]
    (row,) = read(tmp_path / "out" / "tables" / "states.json")["rows"]
    assert row["state"] == "heating"
    assert "power" not in row


def test_a_body_in_equilibrium_has_no_heat_to_balance(tmp_path):
    run(load(BLOCK, [*BARE, "heat.conditions.0.power=0 W"]), tmp_path / "out")
    found = values(tmp_path / "out")
    assert "balance.heat" not in found
    assert found["top_temperature"] == pytest.approx(25.0, abs=1e-6)


def test_a_transient_gives_its_start_and_balances_what_follows(tmp_path, repository):
    """The block's mean rises with P / (rho c V) at first: nothing has left yet."""
    text = (repository / "studies" / f"{BLOCK}.toml").read_text(encoding="utf-8")
    stage = 'type = "transient"\nduration = "0.02 s"\nfirst_step = "1 ms"\nlargest_change = "1 K"\n'
    text = text.replace('type = "steady"\n', stage + 'times = ["0 s", "0.01 s", "0.02 s"]\n')
    text = text[: text.index("[[compare]]")]
    mean = '[[quantities]]\nname = "mean"\nfield = "temperature"\nover = "body"\nunit = "degC"\n'
    path = tmp_path / "block.toml"
    path.write_text(text + mean, encoding="utf-8")
    run(load(path, BARE), tmp_path / "out")
    rows = read(tmp_path / "out" / "tables" / "states.json")["rows"]
    assert [row["state"] for row in rows] == ["time=0 s", "time=0.01 s", "time=0.02 s"]
    assert rows[0]["mean"] == pytest.approx(25.0, abs=1e-9)
    rise = rows[1]["mean"] - rows[0]["mean"]
    assert rows[2]["mean"] - rows[1]["mean"] == pytest.approx(rise, rel=0.05)
    assert values(tmp_path / "out")["balance.heat"] < 1e-6


def test_without_wishes_the_fields_that_were_computed_are_drawn(tmp_path, repository):
    """The default works for every study; the report is made again from the folder, byte for byte."""
    text = (repository / "studies" / f"{BLOCK}.toml").read_text(encoding="utf-8")
    path = tmp_path / "block.toml"
    path.write_text(text[: text.index("[output]")], encoding="utf-8")
    out = tmp_path / "out"
    run(load(path, TINY), out)
    assert {file.name for file in (out / "images").glob("*.png")} == {
        "temperature_00.png",
        "displacement_magnitude_00.png",
    }
    report = (out / "report.html").read_bytes()
    assert report.count(b"data:image/png;base64,") == 2
    (out / "report.html").unlink()
    assert cli.main(["report", str(out)]) == 0
    assert (out / "report.html").read_bytes() == report


def test_a_report_is_made_of_a_finished_run_only(tmp_path, capsys):
    assert cli.main(["report", str(tmp_path)]) == 2
    assert "is not a run folder" in capsys.readouterr().err
    assert cli.main(["report", str(tmp_path / "none")]) == 2
    assert "is not a run folder" in capsys.readouterr().err
    out = tmp_path / "out"
    run(load(BLOCK, BARE), out)
    record = read(out / "run.json")
    (out / "run.json").write_text(json.dumps({**record, "status": "interrupted"}))
    assert cli.main(["report", str(out)]) == 2
    assert "is not finished: it is interrupted" in capsys.readouterr().err
    (out / "run.json").write_text(json.dumps(record))
    (out / "tables" / "report.json").unlink()
    assert cli.main(["report", str(out)]) == 2
    assert "is missing or cannot be read" in capsys.readouterr().err


@pytest.fixture
def own_folder(tmp_path, repository):
    """A user's folder with a study, its geometry and its material."""
    folder = tmp_path / "mine"
    (folder / "parts").mkdir(parents=True)
    shutil.copy(repository / "geometries" / "box.py", folder / "parts" / "brick.py")
    material = (repository / "materials" / "Al2O3_96.toml").read_text(encoding="utf-8")
    material = material.replace('name = "Al2O3_96"', 'name = "ceramic"', 1)
    (folder / "parts" / "ceramic.toml").write_text(material, encoding="utf-8")
    text = (repository / "studies" / f"{BLOCK}.toml").read_text(encoding="utf-8")
    for old, new in (('file = "box"', 'file = "parts/brick.py"'), ('"Al2O3_96"', '"parts/ceramic.toml"')):
        assert old in text
        text = text.replace(old, new)
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("here", ["mine", "."])
def test_geometry_and_material_beside_the_study_are_found_from_anywhere(own_folder, tmp_path, monkeypatch, here):
    monkeypatch.chdir(tmp_path / here)
    study = own_folder / "mine.toml"
    assert command("run", study, "--out", tmp_path / "out") == 0
    assert values(tmp_path / "out")["bottom_temperature"] == pytest.approx(35.0, abs=1e-6)
    monkeypatch.chdir("/")
    assert command("check", study) == 0
    assert command("run", tmp_path / "out" / "study.resolved.toml", "--out", tmp_path / "again", overrides=[]) == 0
    assert values(tmp_path / "again") == values(tmp_path / "out")


CONTACT = """format = 1
name = "contact"
title = "Two plates with a contact between them"
[geometry]
file = "layered_plate"
[geometry.parameters]
length = "2 mm"
width = "1 mm"
counts = [2, 2]
cells = "{cells}"
[regions."*er"]
material = "Al2O3_96"
[heat]
ambient = "25 degC"
contacts = {{ "lower|upper" = {{ resistance = "1e-5 m^2 K/W" }} }}
[[heat.conditions]]
type = "flux"
surface = "top"
power = "0.2 W"
[[heat.conditions]]
type = "temperature"
surface = "bottom"
value = "25 degC"
[[stages]]
name = "heating"
type = "steady"
[[quantities]]
name = "top"
field = "temperature"
over = "top"
[[quantities]]
name = "jump"
field = "temperature"
over = "lower|upper"
kind = "range"
[output]
pictures = []
"""


@pytest.mark.parametrize("cells", ["tetrahedra", "hexahedra"])
def test_a_contact_makes_the_temperature_jump_by_flux_times_resistance(tmp_path, cells):
    """q = 0.2 W / 2 mm^2 = 1e5 W/m^2 through 1e-5 m^2 K/W: 1 K, and the plates see nothing of the layer."""
    path = tmp_path / "contact.toml"
    path.write_text(CONTACT.format(cells=cells), encoding="utf-8")
    run(load(path), tmp_path / "out")
    run(load(path, ["heat.contacts={}", "quantities.1.over=lower"]), tmp_path / "without")
    found, without = values(tmp_path / "out"), values(tmp_path / "without")
    # The upper plate is 1 K warmer and so a little worse a conductor: alumina loses 0.3 % per kelvin of its 4 K.
    assert found["top"] - without["top"] == pytest.approx(1.0, abs=0.02)
    # The layer stands for the contact and for the micrometre of alumina (24.4 W/(m K)) in whose place it lies.
    assert found["jump"] - 1e5 * 1e-6 / 24.4 == pytest.approx(1.0, rel=1e-3)
    assert found["balance.heat"] < 1e-6
    regions = {
        row["region"]: row["material"] for row in read(tmp_path / "out" / "tables" / "report.json")["assignments"]
    }
    assert regions["lower|upper"] == regions["upper"]
