import json

import pytest

from femsuite import cli, overheating
from femsuite.errors import SolveError
from femsuite.run import run
from femsuite.study import load

STUDY = "tutorial/heated_block"
SMALL = ["geometry.parameters.counts=[2,2,2]", "output.pictures=[]", "compare=[]"]


def test_a_region_above_its_melting_point_is_told_of_everywhere(tmp_path, capsys):
    study = load(STUDY, [*SMALL, "regions.body.material=SAC305", "heat.conditions.0.power=500 W"])
    folder = run(study, tmp_path / "hot")
    record = json.loads((folder.path / "run.json").read_text())
    (sentence,) = record["warnings"]
    assert sentence.startswith("body reaches ")
    assert "above the melting point of SAC305 (217 degC)" in sentence
    assert sentence in (folder.path / "report.html").read_text().replace("&#39;", "'")
    assert sentence in (folder.path / "log.txt").read_text()


def test_a_temperature_that_no_solid_stands_ends_the_run_with_a_sentence(tmp_path, capsys):
    options = [text for one in (*SMALL, "heat.conditions.0.power=5 MW") for text in ("--set", one)]
    assert cli.main(["run", STUDY, *options, "--out", str(tmp_path / "absurd")]) == 3
    err = capsys.readouterr().err
    assert "no solid exists there" in err or "failed" in err
    assert json.loads((tmp_path / "absurd" / "run.json").read_text())["status"] == "failed"


def test_cold_below_absolute_zero_ends_the_run(tmp_path):
    with pytest.raises(SolveError, match=r"below absolute zero|failed"):
        run(load(STUDY, [*SMALL, "heat.conditions.0.power=-5 kW"]), tmp_path / "cold")


def test_tungsten_is_the_last_solid():
    from femsuite.material import load as material

    assert material("W").property("melting_temperature")(300.0) <= overheating.HIGHEST
