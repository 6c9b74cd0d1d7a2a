"""``extends`` and ``without``."""

import re

import pytest

from femsuite.errors import InputError
from femsuite.study import load, resolved_text
from femsuite.study.base import DEEPEST, merge, with_base
from femsuite.study.read import read_study


def told(path):
    with pytest.raises(InputError) as found:
        with_base(read_study(path))
    return found.value.faults


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_tables_are_merged_key_by_key_and_lists_and_values_replaced():
    base = {"a": {"b": {"c": 1, "d": 2}, "e": [1, 2, 3]}, "f": "g"}
    own = {"a": {"b": {"d": 3}, "e": [4]}, "h": True}
    assert merge(base, own) == {"a": {"b": {"c": 1, "d": 3}, "e": [4]}, "f": "g", "h": True}
    assert base == {"a": {"b": {"c": 1, "d": 2}, "e": [1, 2, 3]}, "f": "g"}


@pytest.mark.parametrize(
    ("base", "own"), [({"a": {"b": 1}}, {"a": 2}), ({"a": 2}, {"a": {"b": 1}}), ({"a": 1}, {"a": 2})]
)
def test_what_is_not_a_table_in_both_is_the_seconds(base, own):
    assert merge(base, own) == own


def test_a_study_without_a_base_is_left_as_it_is(write):
    source = read_study(write("alone", "format = 1\nname = 'alone'\n"))
    assert with_base(source) is source


def test_a_study_takes_what_it_does_not_say_from_its_base(write):
    write("base", "format = 1\nname = 'base'\n[mesh]\norder = 2\nrefinement = 0.5\n")
    path = write("own", "format = 1\nextends = 'base'\nname = 'own'\n[mesh]\norder = 1\n")
    source = with_base(read_study(path))
    assert source.data == {"format": 1, "name": "own", "mesh": {"order": 1, "refinement": 0.5}}
    assert source.file == path
    assert "extends" in source.text


def test_the_name_of_the_base_may_end_in_toml_and_lie_in_another_folder(write, tmp_path):
    write("shared/base", "format = 1\ntitle = 'shared'\n")
    for name in ("shared/base", "shared/base.toml"):
        path = write("own", f"format = 1\nextends = '{name}'\n")
        assert with_base(read_study(path)).data["title"] == "shared"


def test_a_shipped_study_can_be_extended(write):
    path = write("own", "format = 1\nextends = 'die_attach/assembly'\nname = 'mine'\n")
    assert with_base(read_study(path)).data["geometry"]["file"] == "die_attach_package"


def test_bases_may_have_bases_of_their_own_and_the_nearest_counts(write):
    write("first", "format = 1\na = 1\nb = 1\nc = 1\n")
    write("second", "format = 1\nextends = 'first'\nb = 2\nc = 2\n")
    path = write("third", "format = 1\nextends = 'second'\nc = 3\n")
    assert with_base(read_study(path)).data == {"format": 1, "a": 1, "b": 2, "c": 3}


def test_a_chain_that_ends_in_itself_is_told_with_the_line(write):
    path = write("own", "format = 1\nextends = 'own'\n")
    (fault,) = told(path)
    assert fault.message == f"more than {DEEPEST} studies in a row"
    assert (fault.line, fault.key) == (2, "extends")


def test_as_many_bases_as_are_allowed_are_read(write):
    write("s0", "format = 1\nbottom = true\n")
    for number in range(1, DEEPEST + 2):
        path = write(f"s{number}", f"format = 1\nextends = 's{number - 1}'\n")
        if number <= DEEPEST:
            assert with_base(read_study(path)).data["bottom"] is True
    assert "in a row" in told(path)[0].message


def test_a_base_that_there_is_not_is_told_with_the_line_that_asks_for_it(write):
    path = write("own", "format = 1\n# changes another\nextends = 'assembli'\n")
    (fault,) = told(path)
    assert "assembli" in fault.message
    assert fault.file.endswith("own.toml")
    assert (fault.line, fault.key) == (3, "extends")


@pytest.mark.parametrize("name", ["1", "['base']", "true"])
def test_a_base_that_is_no_name_is_told(write, name):
    (fault,) = told(write("own", f"format = 1\nextends = {name}\n"))
    assert re.search("is not the name of a study", fault.message)


def test_a_fault_of_the_base_has_the_place_in_the_base(write):
    write("base", "format = 1\nname = oops\n")
    (fault,) = told(write("own", "format = 1\nextends = 'base'\n"))
    assert fault.file.endswith("base.toml")
    assert fault.line == 2


def test_key_paths_can_be_left_out(write):
    write("base", "format = 1\n[regions.die]\nmaterial = 'Si'\n[regions.'bond_*']\nmaterial = 'Zn'\n[heat]\n")
    path = write("own", "format = 1\nextends = 'base'\nwithout = ['regions.bond_*', 'heat']\n")
    assert with_base(read_study(path)).data == {"format": 1, "regions": {"die": {"material": "Si"}}}


def test_what_is_left_out_is_left_out_of_the_base_not_of_the_study(write):
    write("base", "format = 1\n[regions.die]\nmaterial = 'Si'\nlaw = 'j2'\n")
    path = write("own", "format = 1\nextends = 'base'\nwithout = ['regions.die']\n[regions.die]\nmaterial = 'GaAs'\n")
    assert with_base(read_study(path)).data["regions"] == {"die": {"material": "GaAs"}}


def test_everything_that_cannot_be_left_out_is_told(write):
    write("base", "format = 1\n[regions.die]\nmaterial = 'Si'\n")
    path = write("own", "format = 1\nextends = 'base'\nwithout = ['regions.dye', 'format.x', 'regions.die']\n")
    faults = told(path)
    assert [fault.message for fault in faults] == [
        "the study 'base' has no 'regions.dye' that could be left out",
        "the study 'base' has no 'format.x' that could be left out",
    ]
    assert {(fault.line, fault.key) for fault in faults} == {(3, "without")}


@pytest.mark.parametrize("wrong", ["'regions.die'", "[1]", "{ regions = 'die' }"])
def test_without_is_a_list_of_key_paths(write, wrong):
    write("base", "format = 1\n[regions.die]\nmaterial = 'Si'\n")
    (fault,) = told(write("own", f"format = 1\nextends = 'base'\nwithout = {wrong}\n"))
    assert "this is a list of key paths" in fault.message
    assert fault.key == "without"


def test_without_a_base_there_is_nothing_to_leave_out(desk):
    path = desk.write(('title = "A die', 'without = ["heat"]\ntitle = "A die'))
    with pytest.raises(InputError, match="without"):
        load(path)


def test_an_extending_study_loads_with_the_geometry_that_lies_beside_its_base(desk, tmp_path):
    desk.write()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    own = elsewhere / "hot.toml"
    own.write_text('format = 1\nextends = "../small"\nname = "hot"\n[heat]\nambient = "40 degC"\n')
    study = load(own)
    assert study.name == "hot"
    assert study.heat.ambient == pytest.approx(313.15)
    assert study.heat.conditions[0].coefficient == 90.0
    assert study.geometry.parameters["die_length"] == "0.002 m"
    assert study.given_text == own.read_text()
    copy = tmp_path / "copy.toml"
    copy.write_text(resolved_text(study), encoding="utf-8")
    assert load(copy) == study


def test_the_hash_follows_the_base(desk, tmp_path):
    desk.write()
    own = tmp_path / "hot.toml"
    own.write_text('format = 1\nextends = "small"\nname = "hot"\n')
    before = load(own).content_hash
    desk.write(('ambient = "22 degC"', 'ambient = "23 degC"'))
    assert load(own).content_hash != before


def test_overrides_reach_what_the_base_says(desk, tmp_path):
    desk.write()
    own = tmp_path / "hot.toml"
    own.write_text('format = 1\nextends = "small"\nname = "hot"\n')
    assert load(own, ["heat.ambient=50 degC"]).heat.ambient == pytest.approx(323.15)
