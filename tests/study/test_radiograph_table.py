"""The table of radiographs in a study: what it needs of the others, and that nothing else is needed."""

import json

import pytest

from femsuite.errors import InputError
from femsuite.material import load as load_material
from femsuite.run import run
from femsuite.study import load

STUDY = """format = 1
name = "plate"
title = "A plate of two layers"

[geometry]
file = "layered_plate"
[geometry.parameters]
length = "1 mm"
layers = [{ name = "frame", thickness = "0.2 mm" }, { name = "die", thickness = "0.4 mm" }]
counts = [2, 2]

[regions.frame]
material = "Cu_OFHC"
[regions.die]
material = "Si"

[radiograph]
energies = ["31 keV"]
pixel = "20 um"

[[compare]]
metric = "radiograph.attenuation_Si"
at = "31 keV"
published = "3.07 1/cm"
within = 0.01
"""


@pytest.fixture
def write(tmp_path):
    def write(*changes):
        text = STUDY
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "plate.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def only(path):
    with pytest.raises(InputError) as caught:
        load(path)
    assert len(caught.value.faults) == 1, caught.value
    return caught.value.faults[0]


def test_a_radiograph_needs_no_stage_and_gives_picture_arrays_numbers_and_balances(write, tmp_path):
    out = tmp_path / "out"
    run(load(write()), out)
    record = json.loads((out / "run.json").read_text())
    assert record["status"] == "finished"
    assert [phase["name"] for phase in record["phases"]].count("radiograph") == 1
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["radiograph.transmission_die@31 keV"]["value"] == pytest.approx(0.1493, rel=2e-3)
    assert metrics["radiograph.attenuation_Si@31 keV"] == {
        "value": pytest.approx(306.8, rel=1e-3),
        "unit": "1/m",
        "over": "linear, total cross sections",
    }
    assert 0.0 <= metrics["balance.radiograph_faces"]["value"] < 1e-10
    assert {path.name for path in (out / "images").iterdir()} == {"radiograph.npz", "radiograph_31keV.png"}
    report = (out / "report.html").read_text()
    assert "Absorption radiograph, 31 keV" in report
    assert "agrees within the tolerance" in report
    assert load(out / "study.resolved.toml").radiograph == load(write()).radiograph


def test_a_study_without_stage_and_without_radiograph_does_nothing_and_is_told_so(write):
    text = STUDY[STUDY.index("[radiograph]") :]
    fault = only(write((text, "")))
    assert fault.key == "stages"
    assert "the study has no stage, so nothing would happen" in fault.message


@pytest.mark.parametrize(
    ("change", "key", "sentence"),
    [
        (('"Cu_OFHC"', '"FR4"'), "regions.frame.material", "FR4 has no composition, which [radiograph] needs"),
        (("attenuation_Si", "transmision_die"), "compare.0.metric", "there is no metric 'radiograph.transmision_die'"),
        (('at = "31 keV"', 'at = "32 keV"'), "compare.0.at", "there is no image '32 keV'"),
        (('at = "31 keV"\n', ""), "compare.0.at", "say in which image"),
        (('"3.07 1/cm"', '"3.07"'), "compare.0.published", "cannot be compared"),
        (('["31 keV"]', '["31 keV"]\nenergy = "31 keV"'), "radiograph.energy", "did you mean 'energies'"),
        (('["31 keV"]', "[31]"), "radiograph.energies.0", "31 has no unit"),
    ],
)
def test_faults_of_the_table_are_sentences_with_their_keys(write, change, key, sentence):
    fault = only(write(change))
    assert fault.key == key
    assert sentence in fault.message


def test_an_area_of_a_region_that_the_mesh_has_not_is_told_before_rays_are_thrown(write, tmp_path):
    areas = '20 um"\n[radiograph.areas]\nx = { through = "dye" }'
    study = load(write(('20 um"', areas), ("attenuation_Si", "transmission_x"), ('"3.07 1/cm"', '"0.1"')))
    with pytest.raises(InputError, match=r"plate.toml:\d+: radiograph.areas.x.through: there is no region 'dye'"):
        run(study, tmp_path / "out")


def test_the_materials_of_the_shipped_package_say_what_they_are_made_of():
    for region in load("lm3046/radiograph").regions.values():
        made = load_material(region.material).composition
        assert made is not None
        assert sum(made.fractions.values()) == pytest.approx(1.0)
