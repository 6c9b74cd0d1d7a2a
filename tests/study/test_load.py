"""From the file to the checked study."""

import pickle

import pytest

from femsuite import library
from femsuite.errors import InputError
from femsuite.study import load, resolved_text


def test_a_study_is_in_si_with_defaults_filled_in(desk):
    study = load(desk.write())
    assert study.regions["die"].stress_free_temperature == pytest.approx(448.15)
    assert study.heat.conditions[0].coefficient == 90.0
    assert study.mesh.refinement == 1.0
    assert study.geometry.parameters["paddle_length"] == "0.003 m"
    assert study.geometry.parameters["die_length"] == "0.002 m"


def test_conditions_without_an_ambient_take_the_one_of_heat(desk):
    assert load(desk.write()).heat.conditions[0].ambient == pytest.approx(295.15)
    assert load(desk.write(), ["heat.ambient=40 degC"]).heat.conditions[0].ambient == pytest.approx(313.15)
    own = ['heat.conditions.0.ambient="30 degC"']
    assert load(desk.write(), own).heat.conditions[0].ambient == pytest.approx(303.15)


def test_the_complete_text_loads_to_an_equal_study_anywhere(desk, tmp_path):
    study = load(desk.write(), ["mesh.refinement=0.7", "heat.ambient=31.7 degC"])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    copy = elsewhere / "study.resolved.toml"
    copy.write_text(resolved_text(study), encoding="utf-8")
    again = load(copy)
    assert again == study
    assert resolved_text(again) == resolved_text(study)
    assert again.content_hash == study.content_hash


@pytest.mark.parametrize("name", sorted(library.names("studies", ".toml")))
def test_shipped_studies_load_and_their_complete_text_loads_to_an_equal_study(name, tmp_path):
    study = load(name)
    copy = tmp_path / "study.toml"
    copy.write_text(resolved_text(study), encoding="utf-8")
    assert load(copy) == study


def test_a_shipped_study_is_found_by_the_last_part_of_its_name():
    assert load("power_sweep").name == load("lm3046/power_sweep").name


def test_a_study_survives_the_way_to_other_ranks(desk):
    study = load(desk.write())
    copy = pickle.loads(pickle.dumps(study))
    assert copy == study
    assert copy.given_text == study.given_text
    assert copy.content_hash == study.content_hash


def test_the_hash_follows_the_study_its_geometry_and_its_materials(desk):
    path = desk.write()
    first = load(path).content_hash
    assert load(path).content_hash == first
    assert load(path, ["mesh.refinement=2"]).content_hash != first
    geometry = desk.folder / "stack.py"
    geometry.write_text(geometry.read_text() + "\n# changed\n")
    second = load(path).content_hash
    assert second != first
    own = desk.folder / "Si.toml"
    own.write_text(library.names("materials", ".toml")["Si"].read_text(encoding="utf-8"), encoding="utf-8")
    third = load(path, ["regions.die.material=Si.toml"]).content_hash
    own.write_text(own.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert load(path, ["regions.die.material=Si.toml"]).content_hash != third


def test_comments_do_not_change_the_hash(desk):
    plain = load(desk.write()).content_hash
    assert load(desk.write(("[mechanics]", "[mechanics]  # nothing special"))).content_hash == plain


def test_patterns_of_regions_apply_after_full_names(desk):
    study = load(desk.write())
    found = study.region_options(["die", "paddle", "source_Q5"], {"source_Q5": "die"})
    assert {name: region.material for name, region in found.items()} == {
        "die": "Si",
        "paddle": "Cu_leadframe_C194",
        "source_Q5": "Si",
    }


def test_regions_that_do_not_fit_the_geometry_are_told_all_at_once(desk):
    study = load(desk.write())
    with pytest.raises(InputError) as caught:
        study.region_options(["dye", "mould"])
    told = str(caught.value)
    assert "region 'mould' of the geometry has no table" in told
    assert "there is no region 'die'; did you mean 'dye'?" in told
    assert "padd*" in told
