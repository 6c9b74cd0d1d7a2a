"""Arrays of openings: as much of everything as the openings, floors told apart, nothing open inside."""

from __future__ import annotations

import numpy as np
import pytest
from via_case import area, jacobians, sizes

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
from femsuite.meshing import MeshOptions
from femsuite.meshing.generate import generate

ARRAY, ONE = load_geometry("via_array"), load_geometry("via_opening")
COARSE = {"model": "quarter", "film": "surface", "foot_size": "30 um", "largest": "200 um", "growth": 2.5, "around": 2}


def array(**given):
    return generate(ARRAY, ARRAY.read({**COARSE, **given}), MeshOptions())


def quarter(**given):
    return generate(ONE, ONE.read({**COARSE, **given}), MeshOptions())


@pytest.mark.parametrize("counts", [(1, 1), (3, 2), (4, 1)])
@pytest.mark.parametrize("shape", ["square", "round"])
def test_an_array_holds_four_quarters_for_each_opening(counts, shape):
    made, one = array(count_x=counts[0], count_y=counts[1], shape=shape), quarter(shape=shape)
    number = counts[0] * counts[1]
    assert len(made.cells) == 4 * number * len(one.cells)
    assert sizes(made) == pytest.approx({name: 4 * number * size for name, size in sizes(one).items()}, rel=1e-9)
    assert jacobians(made).min() > 0.0
    assert area(made, "lead_top") == pytest.approx(4 * number * area(one, "lead_top"), rel=1e-9)


def test_every_floor_has_a_name_of_its_own():
    made = array(count_x=3, count_y=2)
    floors = [name for name in made.surfaces if name.startswith("floor_")]
    assert floors == [f"floor_{i}_{j}" for i in (1, 2, 3) for j in (1, 2)]
    for name in floors:
        assert area(made, name) == pytest.approx(500.0**2, rel=1e-9)
    low = made.points[made.facets[made.facet_tags == made.surfaces["floor_1_1"]]].mean(axis=(0, 1))
    assert low[:2] == pytest.approx([-1e-3, -0.5e-3])


@pytest.mark.parametrize(("symmetry", "share"), [("half", 0.5), ("quarter", 0.25)])
@pytest.mark.parametrize("count", [2, 3])
def test_symmetry_leaves_its_share(symmetry, share, count):
    whole, part = array(count_x=count, count_y=count), array(count_x=count, count_y=count, symmetry=symmetry)
    assert sizes(part) == pytest.approx({name: share * size for name, size in sizes(whole).items()}, rel=1e-9)
    assert "symmetry_x" in part.surfaces
    assert ("symmetry_y" in part.surfaces) == (symmetry == "quarter")
    outside = np.abs(part.points[:, 0]).max()
    assert part.points[:, 0].min() == pytest.approx(0.0, abs=1e-12)
    assert outside == pytest.approx(count * 0.5e-3)


def test_a_solid_film_goes_round_every_opening():
    made, one = array(count_x=2, count_y=2, film="solid"), quarter(film="solid")
    assert sizes(made) == pytest.approx({name: 16 * size for name, size in sizes(one).items()}, rel=1e-9)


def test_a_section_is_no_array():
    with pytest.raises(InputError, match="an array is a solid: give model quarter, not section"):
        ARRAY.read({"model": "section"})
