"""``--set key=value``."""

import pytest

from femsuite.errors import Fault
from femsuite.study.override import apply_overrides, read_override

DATA = {
    "mesh": {"refinement": 1.0},
    "regions": {"die": {"material": "Si"}, "lead_*": {"material": "Cu"}},
    "stages": [{"name": "cooling"}, {"name": "power", "sources": {"Q5": ["0 W", "1 W"]}}],
}


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("mesh.refinement=0.5", ("mesh", "refinement"), 0.5),
        ("heat.ambient=40 degC", ("heat", "ambient"), "40 degC"),
        ('heat.ambient="40 degC"', ("heat", "ambient"), "40 degC"),
        ("mechanics.on = true", ("mechanics", "on"), True),
        ('stages.1.sources.Q5=["1 W"]', ("stages", 1, "sources", "Q5"), ["1 W"]),
        ('regions."lead_*".material=Cu', ("regions", "lead_*", "material"), "Cu"),
        ("compare.0.note=a = b", ("compare", 0, "note"), "a = b"),
        ("title=", ("title",), ""),
    ],
)
def test_an_override_is_a_key_path_and_a_toml_value_or_bare_text(text, path, value):
    override = read_override(text)
    assert override.path == path
    assert override.value == value
    assert override.place == f"--set {text}"


@pytest.mark.parametrize("text", ["mesh.refinement", "=3", "a..b=3", "two words=3"])
def test_what_is_no_override_is_told_how_to_write_one(text):
    fault = read_override(text)
    assert isinstance(fault, Fault)
    assert fault.file == f"--set {text}"
    assert "mesh.refinement=0.5" in fault.message


def test_overrides_change_a_copy_and_the_last_one_wins():
    changed, taken, faults = apply_overrides(
        DATA, ["mesh.refinement=2", "mesh.refinement=3", "stages.1.sources.Q5.0=5 W", "heat.ambient=22 degC"]
    )
    assert changed["mesh"]["refinement"] == 3
    assert changed["stages"][1]["sources"]["Q5"] == ["5 W", "1 W"]
    assert changed["heat"] == {"ambient": "22 degC"}
    assert DATA["mesh"]["refinement"] == 1.0
    assert len(taken) == 4
    assert not faults


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stages.7.name=x", "there is no entry 7"),
        ("stages.power.name=x", "called by their place, 0 to 1"),
        ("mesh.refinement.die=1", "'mesh.refinement' is the value 1.0"),
        ("regions.dye.material=Si", "did you mean 'die'?"),
    ],
)
def test_an_override_that_leads_nowhere_is_a_fault_that_names_it(text, words):
    _, taken, (fault,) = apply_overrides(DATA, [text])
    assert words in fault.message
    assert fault.file == f"--set {text}"
    assert not taken
