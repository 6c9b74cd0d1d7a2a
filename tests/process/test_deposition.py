"""Films deposited on the faces of the via opening's mesh: shares against those of the profile alone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.meshing.mesh import build_mesh
from femsuite.physics.coatings import Coatings
from femsuite.process.deposition import Deposit, deposit
from femsuite.verify.bodies import box
from femsuite.verify.constants import material

METAL = material("metal", youngs_modulus=1.0)
FACES = ("film_floor", "film_wall", "film_top", "foil|lead")


def deposited(model: str, **options):
    """Return the mesh, the film and what was told of it."""
    shape = {"meridian": "round"}.get(model, "square")
    given = {"model": model, "shape": shape, "width": "200 um", "film": "surface", "around": 4, "growth": 1.6}
    tagged = replace(build_mesh("via_opening", given), axisymmetric=model == "meridian")
    layer = Coatings(tagged, {"film": (FACES, METAL, 5e-6)}).layers[0]
    return tagged, layer, deposit(tagged, layer, Deposit(**options))


def thickness_at(tagged, layer, place) -> float:
    points = layer.thickness.function_space.tabulate_dof_coordinates()
    return float(layer.thickness.x.array[np.linalg.norm(points - place, axis=1).argmin()])


@pytest.mark.parametrize("model", ["section", "meridian", "quarter"])
def test_a_level_face_far_away_has_the_whole_thickness_and_the_wall_less(model):
    tagged, layer, told = deposited(model)
    assert told["most"] == pytest.approx(1.0, abs=0.01)
    assert 0.4 < told["least"] < 0.8
    far = [500e-6, 100e-6, 0.0] if model != "quarter" else [500e-6, 500e-6, 100e-6]
    assert thickness_at(tagged, layer, far) == pytest.approx(5e-6, rel=0.01)


def test_the_film_on_a_trenchs_wall_is_that_of_the_profile():
    tagged, layer, _ = deposited("section")
    run = 100.0 / math.tan(math.radians(50.0))
    rim = np.array([100.0 + run, 100.0, 0.0]) * 1e-6
    foot = np.array([100.0, 0.0, 0.0]) * 1e-6
    low, high = (thickness_at(tagged, layer, foot + share * (rim - foot)) / 5e-6 for share in (0.1, 0.9))
    assert low == pytest.approx(0.69, abs=0.02)  # W-2: 0.676 at the foot, 0.760 in the middle, 0.821 at the rim
    assert high == pytest.approx(0.81, abs=0.02)


def test_a_beam_from_above_leaves_the_cosine_on_the_wall():
    told = deposited("section", source="beam")[2]
    assert told["least"] == pytest.approx(math.cos(math.radians(50.0)), abs=1e-6)


def test_a_square_opening_takes_less_than_a_trench():
    square, trench = deposited("quarter")[2], deposited("section")[2]
    assert square["least"] < trench["least"] - 0.04


def test_faces_that_make_no_line_are_told():
    tagged = box((1.0, 1.0), (2, 2), "quadrilateral")
    layer = Coatings(tagged, {"film": (("top", "bottom"), METAL, 5e-6)}).layers[0]
    with pytest.raises(InputError, match="must make one line from the middle outwards"):
        deposit(tagged, layer, Deposit())
