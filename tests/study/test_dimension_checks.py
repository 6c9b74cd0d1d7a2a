"""What only a solid has and what only a section needs is told before the mesh is built."""

import pytest

from femsuite.errors import InputError
from femsuite.names import check_names
from femsuite.run import mesh_of
from femsuite.study import load


def only(action, *given):
    with pytest.raises(InputError) as caught:
        action(*given)
    found = caught.value.faults
    assert len(found) == 1, [str(fault) for fault in found]
    return found[0]


@pytest.fixture
def section(desk):
    """A folder whose geometry is a section."""
    path = desk.folder / "stack.py"
    path.write_text(path.read_text() + "\n\nDIMENSION = 2\n")
    return desk


def test_a_section_without_plane_is_told_what_planes_there_are(section):
    fault = only(load, section.write())
    assert fault.key == "mechanics.plane"
    assert fault.line == 28
    assert fault.message == (
        'this key is missing: the geometry is a section; say how it stands for the body, as "stress" (thin), "strain" '
        '(held across) or "axisymmetric" (turned about x = 0)'
    )
    for plane in ("stress", "strain", "axisymmetric"):
        load(section.write(), [f"mechanics.plane={plane}"])


def test_a_solid_with_plane_is_told_to_leave_it_out(desk):
    fault = only(load, desk.write(("[mechanics]", '[mechanics]\nplane = "strain"')))
    assert fault.key == "mechanics.plane"
    assert fault.line == 29
    assert fault.message == (
        "'strain' is for a section, and this geometry is a solid; leave this key out, in a study that extends another "
        'by without = ["mechanics.plane"]'
    )


def test_the_model_of_a_shipped_geometry_decides():
    fault = only(load, "die_attach/assembly", ["geometry.parameters.model=quarter"])
    assert fault.key == "mechanics.plane"
    assert "'axisymmetric' is for a section, and this geometry is a solid" in fault.message


def test_heat_is_turned_about_the_axis_as_mechanics_are_and_in_sections_only(section):
    good = section.write(("[mechanics]", "[mechanics]\nplane = 'axisymmetric'"))
    load(good, ["heat.axisymmetric=true"])
    fault = only(load, good, ["heat.axisymmetric=true", "mechanics.plane=strain"])
    assert fault.key == "heat.axisymmetric"
    assert "mechanics.plane is 'strain'" in fault.message
    fault = only(load, "die_attach/solders_heat", ["geometry.parameters.model=quarter"])
    assert fault.key == "heat.axisymmetric"
    assert fault.message.startswith("true is for a section, and this geometry is a solid")


def test_a_topograph_of_a_section_is_refused(section):
    table = '[topograph]\nregion = "die"\nreflection = [2, -2, 0]\nenergy = "31 keV"\nstages = ["power"]\n'
    path = section.write(("[mechanics]", '[mechanics]\nplane = "strain"'), ("[[fits]]", f"{table}[[fits]]"))
    fault = only(load, path)
    assert fault.key == "topograph"
    assert fault.message == (
        "a topograph images a solid, and this geometry is a section; take a geometry in three dimensions"
    )


def test_a_section_is_told_on_its_mesh_too(tmp_path):
    study = load("tutorial/heated_block")
    tagged = mesh_of(study)
    check_names(study, tagged)
    planar = study.model_copy(update={"mechanics": study.mechanics.model_copy(update={"plane": "stress"})})
    assert only(check_names, planar, tagged).key == "mechanics.plane"
