"""The flip chip: volumes of its parts, its faces, and what does not fit."""

from __future__ import annotations

import pytest

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
from femsuite.meshing.mesh import build_mesh
from femsuite.meshing.options import MeshOptions
from femsuite.results.selection import part

GEOMETRY = "flip_chip"


def mesh(**parameters):
    return build_mesh(GEOMETRY, parameters, MeshOptions(refinement=0.5))


def size(tagged, region):
    return part(tagged, region).size()


def test_a_section_cuts_half_of_a_row():
    tagged = mesh(model="section")
    assert size(tagged, "copper") == pytest.approx(3 * 100e-6 * 18e-6, rel=1e-9)
    half = 2.5 * 250e-6 + 50e-6 + 100e-6  # to the outermost bump, its half, the margin
    assert size(tagged, "die") == pytest.approx(half * 0.3e-3, rel=1e-9)
    assert size(tagged, "substrate") == pytest.approx((half + 300e-6) * 0.6e-3, rel=1e-9)


def test_an_odd_row_has_a_bump_on_the_plane_of_symmetry():
    tagged = mesh(model="section", bumps=3)
    assert size(tagged, "copper") == pytest.approx((0.5 + 1.0) * 100e-6 * 18e-6, rel=1e-9)


def test_plated_zinc_goes_into_the_upper_layer_of_a_bonded_bump():
    tagged = mesh(model="section", bond_temperature="400 degC")
    area = 3 * 100e-6
    lower, upper = (size(tagged, f"bond_{side}") / area for side in ("lower", "upper"))
    assert upper / lower == pytest.approx(1.3, rel=1e-9)  # 13 um of zinc against 10


def test_underfill_fills_the_gap():
    tagged = mesh(model="section", underfill=True, bump="clad")
    gap = 18e-6 + 3e-6 + 10e-6 + 50e-6 + 13e-6 + 2e-6
    half = 2.5 * 250e-6 + 50e-6 + 100e-6
    assert size(tagged, "underfill") == pytest.approx((half - 3 * 100e-6) * gap, rel=1e-9)


def test_a_cell_is_a_quarter_of_a_bump_with_its_share_of_the_die():
    tagged = mesh(model="cell")
    assert size(tagged, "copper") == pytest.approx((50e-6) ** 2 * 18e-6, rel=1e-9)
    assert size(tagged, "die") == pytest.approx((125e-6) ** 2 * 0.3e-3, rel=1e-9)
    assert {"cell_x", "cell_y", "symmetry_x", "symmetry_y"} <= set(tagged.surfaces)


def test_a_quarter_has_the_bumps_of_a_quarter():
    tagged = mesh(model="quarter", bumps=2, counts=[2, 1])
    assert size(tagged, "wiring") == pytest.approx((100e-6) ** 2 * 2e-6, rel=1e-9)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"bump_edge": "250 um"}, "must be smaller than the pitch"),
        ({"model": "quarter", "bumps": 10}, "too large"),
        ({"counts": [0, 1]}, "at least 1"),
        ({"bond_temperature": "380 degC"}, "out of range"),
    ],
)
def test_what_does_not_fit_is_a_sentence(given, words):
    with pytest.raises(InputError, match=words):
        load_geometry(GEOMETRY).read(given)
