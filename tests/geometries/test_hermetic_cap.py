"""The hermetic cap: volumes of its parts, its faces, and what does not fit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
from femsuite.meshing.mesh import build_mesh
from femsuite.meshing.options import MeshOptions
from femsuite.results.selection import part

GEOMETRY = "hermetic_cap"


def mesh(**parameters):
    return build_mesh(GEOMETRY, parameters, MeshOptions(refinement=0.5))


def size(tagged, region):
    return part(tagged, region).size()


@pytest.fixture(scope="module")
def section():
    return mesh(model="section")


def test_areas_of_the_section_are_those_of_its_rectangles(section):
    expected = {
        "substrate": 4e-3 * 0.6e-3,
        "plating": 4e-3 * 5e-6,
        "die": 1e-3 * 0.3e-3,
        "attach": 1e-3 * 50e-6,
        "chip": 0.6e-3 * 0.25e-3,
        "lead": 0.8e-3 * 0.24e-3,
        # flange, then the wall above it, then the lid inside the wall
        "cap": 0.6e-3 * 0.2e-3 + 0.2e-3 * 0.8e-3 + 3.0e-3 * 0.2e-3,
    }
    assert {name: size(section, name) for name in expected} == pytest.approx(expected, rel=1e-9)


def test_seal_layers_are_those_of_the_bonded_clad(section):
    width = 0.6e-3
    thickness = {name: size(section, f"seal_{name}") / width for name in ("lower", "aluminium", "upper")}
    assert thickness["aluminium"] == pytest.approx(45.40e-6, abs=5e-9)
    assert thickness["lower"] == pytest.approx(thickness["upper"])
    # zinc and aluminium are conserved: alloy = zinc + what it dissolved
    assert thickness["lower"] == pytest.approx(10e-6 + 0.5 * (50e-6 - thickness["aluminium"]), rel=1e-9)


def test_faces_have_names_and_the_cavity_is_closed(section):
    assert {"symmetry_x", "cavity", "bottom", "outside"} == set(section.surfaces)
    assert {"cap|seal_upper", "plating|seal_lower", "attach|die"} <= set(section.interfaces)


def test_round_parts_have_the_areas_of_the_square_ones():
    radius = 2e-3 / math.sqrt(math.pi)
    tagged = mesh(model="axisymmetric")
    assert size(tagged, "die") == pytest.approx(radius * 0.3e-3, rel=1e-9)
    assert "chip" not in tagged.regions
    assert "lead" not in tagged.regions


def test_a_clad_rolled_on_to_the_cap_lines_its_lid():
    tagged = mesh(model="axisymmetric", clad_on_cap=True)
    inner = 6e-3 / math.sqrt(math.pi)
    assert size(tagged, "cap_aluminium") == pytest.approx(inner * 50e-6, rel=1e-9)
    assert size(tagged, "cap_zinc") == pytest.approx(inner * 10e-6, rel=1e-9)
    assert "seal_upper" not in tagged.regions


def test_the_die_may_sit_on_the_clad_too():
    tagged = mesh(model="section", attach="clad")
    assert {"attach_zinc_lower", "attach_aluminium", "attach_zinc_upper"} <= set(tagged.regions)
    assert size(tagged, "attach_aluminium") == pytest.approx(1e-3 * 50e-6, rel=1e-9)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"cap_edge": "2 mm"}, "the cavity"),
        ({"substrate_edge": "7 mm"}, "the flange ends at"),
        ({"cap_thickness": "0.7 mm"}, "leaves no flange"),
        ({"cap_height": "0.25 mm", "model": "section"}, "touch the lid"),
        ({"model": "quarter", "chip_width": "3 mm"}, "is larger than die_edge"),
        ({"bond_temperature": "300 degC"}, "out of range"),
    ],
)
def test_what_does_not_fit_is_a_sentence(given, words):
    with pytest.raises(InputError, match=words):
        load_geometry(GEOMETRY).read(given)


def test_a_quarter_holds_a_quarter_of_the_die():
    tagged = build_mesh(GEOMETRY, {"model": "quarter", "counts": [4, 1]}, MeshOptions(refinement=0.5))
    assert size(tagged, "die") == pytest.approx(0.25 * 4e-6 * 0.3e-3, rel=1e-9)
    assert np.isclose(size(tagged, "substrate"), 0.25 * 64e-6 * 0.6e-3, rtol=1e-9)
