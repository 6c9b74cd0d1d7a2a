"""The joint that is judged is one that joins, and the one that is drawn."""

import pytest
from told import only

from femsuite.errors import InputError
from femsuite.study import load

CLAD = ["joint.material=clad"]


def test_an_unknown_joining_material_is_told_the_nearest_and_all_that_there_are():
    fault = only(["joint.material=SAC350"])
    assert fault.key == "joint.material"
    assert fault.message.startswith("there is no joining material 'SAC350'; did you mean 'SAC305'? Allowed: AuSn20, ")
    for name in ("clad", "Zn-6Al", "Zn", "SAC305", "Pb92.5Sn5Ag2.5"):
        assert name in fault.message.partition("Allowed")[2]
    assert "FR4" not in fault.message
    for name in ("clad", "Zn-6Al", "SAC305"):
        load("die_attach/assembly", [f"joint.material={name}"])


def test_a_material_that_does_not_melt_joins_nothing():
    fault = only(["joint.material=FR4"])
    assert fault.key == "joint.material"
    assert fault.message.startswith("'FR4' cannot be a joining material: FR4: there is no property 'melting_temp")


def test_the_attach_inside_a_cap_is_one_that_is_known():
    fault = only([*CLAD, "joint.inside=SAC350"])
    assert fault.key == "joint.inside"
    assert "there is no attach inside a cap 'SAC350'; did you mean 'SAC305'?" in fault.message
    load("die_attach/assembly", [*CLAD, "joint.inside=SAC305"])


def test_a_clad_hotter_than_its_diagram_is_told_in_degrees_celsius():
    fault = only([*CLAD, "joint.temperature=480 degC"])
    assert fault.key == "joint.temperature"
    assert fault.message == "480 degC is too hot: the diagram of Zn-Al is known up to 450 degC"


@pytest.mark.parametrize(
    ("key", "parameter", "value", "words"),
    [
        ("zinc", "zinc", "20 um", ("20 um", "10 um")),
        ("aluminium", "aluminium", "100 um", ("100 um", "50 um")),
        ("temperature", "bond_temperature", "430 degC", ("430 degC", "400 degC")),
        ("time", "bond_time", "2 min", ("120 s", "60 s")),
    ],
)
def test_the_clad_that_is_judged_is_the_one_that_is_drawn(key, parameter, value, words):
    joint, drawn = f"joint.{key}={value}", f"geometry.parameters.{parameter}={value}"
    load("die_attach/assembly", [*CLAD, joint, drawn])
    fault = only([*CLAD, joint])
    assert fault.key == f"joint.{key}"
    assert fault.message.startswith(f"joint.{key} is {words[0]}, geometry.parameters.{parameter} is {words[1]}")
    assert fault.message.endswith("give both the same value")
    fault = only([*CLAD, drawn])
    assert fault.key == f"geometry.parameters.{parameter}"
    assert fault.message.startswith(
        f"joint.{key} is {words[1]} (its default), geometry.parameters.{parameter} is {words[0]}:"
    )


def test_a_parameter_that_only_the_joint_sets_is_told_as_the_geometrys_default():
    fault = only([*CLAD, "joint.time=2 min"])
    assert "geometry.parameters.bond_time is 60 s (its default)" in fault.message


def test_a_clad_drawn_as_laid_has_no_bonding_temperature_of_its_own():
    load("die_attach/assembly", [*CLAD, "geometry.parameters.joint=clad", "joint.temperature=380 degC"])
    fault = only([*CLAD, "geometry.parameters.joint=clad", "joint.zinc=20 um"])
    assert fault.key == "joint.zinc"


def test_a_single_joint_and_another_material_are_not_held_to_the_clads_layers():
    load("die_attach/assembly", [*CLAD, "geometry.parameters.joint=single", "joint.zinc=20 um"])
    load("die_attach/assembly", ["joint.material=Zn-6Al", "joint.temperature=430 degC", "joint.zinc=20 um"])


def test_a_series_is_held_to_it_case_by_case():
    changed = ["geometry.parameters.zinc=20 um"]
    load("die_attach/table2", changed)
    with pytest.raises(InputError) as caught:
        load("die_attach/table2", changed, alone=True)
    assert [fault.key for fault in caught.value.faults] == ["geometry.parameters.zinc"]
