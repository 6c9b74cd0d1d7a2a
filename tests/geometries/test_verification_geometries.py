import math
from itertools import pairwise

import dolfinx.fem as fem
import pytest

from femsuite.errors import InputError
from femsuite.meshing import MeshOptions, build_mesh
from femsuite.meshing.quality import quality


@pytest.mark.parametrize(("cells", "kind", "count"), [("tetrahedra", "tetrahedron", 6), ("hexahedra", "hexahedron", 1)])
def test_box_has_its_counts_volume_and_six_faces(cells, kind, count):
    given = {"length": "2 mm", "height": "50 nm", "counts": [3, 2, 4], "cells": cells, "region": "film"}
    mesh = build_mesh("box", given)
    report = quality(mesh)
    assert report.cell_type == kind
    assert report.cells >= 24 * count * 5 / 6  # a cube is cut into five or six tetrahedra
    assert report.regions["film"].volume == pytest.approx(2e-3 * 1e-3 * 50e-9, rel=1e-9, abs=0)
    assert list(mesh.surfaces) == ["left", "right", "front", "back", "bottom", "top"]


def test_refinement_multiplies_structured_counts():
    assert quality(build_mesh("box", {"cells": "hexahedra"}, MeshOptions(refinement=2.0))).cells == 8**3
    assert quality(build_mesh("box", {"cells": "hexahedra"}, MeshOptions(refinement=0.1))).cells == 1


def test_layers_grow_upwards_by_their_grading():
    layers = [{"name": "film", "thickness": "15 um", "count": 4, "grading": 2.0}, {"name": "base", "count": 3}]
    mesh = build_mesh("layered_plate", {"layers": layers, "counts": [2, 1]})
    heights = sorted({round(z * 1e9) for z in mesh.mesh.geometry.x[:, 2]})
    assert heights[:5] == [0, 1000, 3000, 7000, 15000]
    assert len(heights) == 8
    report = quality(mesh)
    assert report.cells == 2 * 1 * 7
    assert report.regions["film"].volume == pytest.approx(10e-3 * 1e-3 * 15e-6, rel=1e-9, abs=0)
    assert list(mesh.interfaces) == ["base|film"]


@pytest.mark.parametrize("part", ["quarter", "full"])
@pytest.mark.parametrize(("source", "body"), [("disc", "cylinder"), ("square", "box"), ("disc", "box")])
def test_slab_and_source_have_their_areas(part, source, body):
    mesh = build_mesh("disc_source_slab", {"part": part, "source_shape": source, "body": body})
    share = 0.25 if part == "quarter" else 1.0
    report = quality(mesh)
    whole = {"cylinder": math.pi, "box": 4.0}[body] * (500e-6) ** 2 * 500e-6 * share
    # A circle's polygon lies within it: with 32 chords a turn it lacks 0.6 percent.
    assert report.regions["body"].volume == pytest.approx(whole, rel=8e-3, abs=0)
    measured = fem.assemble_scalar(
        fem.form(fem.Constant(mesh.mesh, 1.0) * mesh.measure("ds", 1)(mesh.surfaces["source"]))
    )
    drawn = {"disc": math.pi, "square": 4.0}[source] * (100e-6) ** 2 * share
    assert measured == pytest.approx(drawn, rel=5e-3, abs=0)
    symmetry = {"symmetry_x", "symmetry_y"} if part == "quarter" else set()
    assert set(mesh.surfaces) == {"source", "top", "bottom", "side"} | symmetry
    assert report.shape_min > 0.1


def test_a_source_may_cover_the_whole_top():
    mesh = build_mesh("disc_source_slab", {"source_radius": "500 um", "across": 4.0})
    assert list(mesh.regions) == ["body"]
    assert "top" not in mesh.surfaces
    with pytest.raises(InputError, match="must have the body's shape"):
        build_mesh("disc_source_slab", {"source_radius": "500 um", "body": "box"})


@pytest.mark.parametrize("cells", ["triangles", "quadrilaterals"])
def test_the_area_of_the_elliptic_membrane_converges_as_h_squared(cells):
    exact = 0.25 * math.pi * (3.25 * 2.75 - 2.0 * 1.0)
    errors = []
    for refinement in (1.0, 2.0, 4.0):
        mesh = build_mesh("elliptic_membrane", {"cells": cells}, MeshOptions(refinement=refinement))
        errors.append(abs(quality(mesh).regions["membrane"].volume - exact))
    rates = [math.log2(a / b) for a, b in pairwise(errors)]
    assert rates == pytest.approx([2.0, 2.0], abs=0.1)
    assert list(mesh.surfaces) == ["symmetry_y", "symmetry_x", "hole", "rim"]


def test_an_upright_ellipse_is_drawn_too():
    given = {"inner_x": "1 m", "inner_y": "2 m", "outer_x": "2.75 m", "outer_y": "3.25 m"}
    area = quality(build_mesh("elliptic_membrane", given, MeshOptions(refinement=4.0))).regions["membrane"].volume
    assert area == pytest.approx(0.25 * math.pi * (3.25 * 2.75 - 2.0), rel=1e-3, abs=0)


def test_the_hot_disc_is_a_region_of_its_own():
    mesh = build_mesh("hot_disc_plate", {})
    report = quality(mesh)
    assert report.cell_type == "triangle"
    assert report.regions["disc"].volume == pytest.approx(0.25 * math.pi * 1e-6, rel=5e-3, abs=0)
    assert sum(row.volume for row in report.regions.values()) == pytest.approx(1e-4, rel=1e-9, abs=0)
    assert set(mesh.surfaces) == {"symmetry_x", "symmetry_y", "right", "top"}
    assert list(mesh.interfaces) == ["disc|plate"]
    assert report.shape_min > 0.5
