"""The opening of US 10/590901 in numbers: volumes and areas against closed forms, angles, thicknesses, cells."""

import math

import numpy as np
import pytest
from via_case import (
    SHAPES,
    STEPS,
    UM,
    area,
    area_of_parallel,
    aspect,
    build,
    expected,
    facets,
    foot_polygon,
    jacobians,
    rings,
    sizes,
    vector_areas,
)

from femsuite.meshing.arrays import FACETS


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize("foils", [STEPS[:1], STEPS], ids=["one wall", "three steps"])
def test_the_quarters_volumes_are_those_of_frustums(shape, foils):
    arrays = build(model="quarter", shape=shape, foils=foils, **SHAPES[shape])
    pitch = 500.0 * 0.5e3 * float(SHAPES[shape].get("pitch_y", "1 mm").split()[0])
    wanted = expected(area_of_parallel(foot_polygon(shape)), pitch, foils, 5.0, 400.0)
    wanted["film"] = wanted.pop("metal")
    wanted["chip"] = pitch * 200.0
    assert sizes(arrays) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("angle", [30, 50, 90])
def test_the_film_on_the_wall_of_a_square_and_of_a_cone_has_its_closed_form(angle):
    foils = [{"thickness": "100 um", "angle": f"{angle} deg"}]
    square = sizes(build(model="quarter", foils=foils, pitch_x="1.4 mm", pitch_y="1.4 mm"))
    wanted = expected(lambda d: (250.0 + d) ** 2, 700.0**2, foils, 5.0, 400.0)
    assert square["film"] == pytest.approx(wanted["metal"], rel=1e-10)
    cone = rings(build(model="meridian", shape="round", foils=foils, pitch_x="1.4 mm"))
    wanted = expected(lambda d: math.pi * (250.0 + d) ** 2, math.pi * 700.0**2, foils, 5.0, 400.0)
    assert cone["film"] == pytest.approx(wanted["metal"], rel=1e-10)
    assert cone["foil"] == pytest.approx(wanted["foil"], rel=1e-10)
    assert cone["lead"] == pytest.approx(wanted["lead"], rel=1e-10)


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize("angle", [30, 50, 75, 90])
def test_the_walls_have_their_angle_and_their_area(shape, angle):
    pitch = {"pitch_x": "1.4 mm", "pitch_y": "2.4 mm"}
    foils = [{"thickness": "100 um", "angle": f"{angle} deg"}]
    arrays = build(0.7, model="quarter", shape=shape, foils=foils, **{**SHAPES[shape], **pitch})
    normals = vector_areas(facets(arrays, "film|foil"))
    unit = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    walls = np.abs(unit[:, 2]) < 0.95  # the rest lies on the foil's top
    assert np.degrees(np.arccos(np.abs(unit[walls, 2]))) == pytest.approx(angle, abs=1e-6)
    count = round(0.7 * 8) // 2 * 2
    parallel = area_of_parallel(foot_polygon(shape, count))
    run = 100.0 / math.tan(math.radians(angle))
    length = lambda d: 0.5 * (parallel(d + 1.0) - parallel(d - 1.0))  # noqa: E731 - the derivative of a square law
    slope = 100.0 / math.sin(math.radians(angle))
    if shape != "stadium":  # its straight part is cut as finely as refinement asks: not the same polygon
        wall_area = float(np.linalg.norm(normals[walls], axis=1).sum())
        assert wall_area == pytest.approx(slope * 0.5 * (length(0.0) + length(run)), rel=1e-9)


def test_the_outer_faces_of_a_square_have_their_areas_and_nothing_is_open_inside():
    arrays = build(model="quarter", width="400 um")
    run, sine, tangent = 100.0 / math.tan(math.radians(50)), math.sin(math.radians(50)), math.tan(math.radians(50))
    low = 200.0 + 5.0 / tangent - 5.0 / sine
    high, lead = low + run, 200.0 + run + 50.0
    wanted = {
        "bottom": 500.0**2,
        "film_floor": low**2,
        "film_wall": 100.0 / sine * (low + high),
        "film_top": lead**2 - high**2,
        "lead_side": 2.0 * lead * 400.0,
        "lead_top": 500.0**2 - lead**2,
        "pitch_x": 500.0 * 705.0,
        "pitch_y": 500.0 * 705.0,
    }
    side = 500.0 * 300.0 - (200.0 * 100.0 + 0.5 * run * 100.0)  # chip and foil
    side += 200.0 * 100.0 + 0.5 * run * 100.0 + 500.0 * 5.0 - 0.5 * (low + high) * 100.0 + (500.0 - lead) * 400.0
    wanted |= {"symmetry_x": side, "symmetry_y": side}
    assert {name: area(arrays, name) for name in arrays.surfaces} == pytest.approx(wanted, rel=1e-9)
    named = {"chip|film", "chip|foil", "film|film_wall", "film_wall|foil", "film|foil", "film|lead"}
    assert set(arrays.interfaces) == named
    assert area(arrays, "chip|film") == pytest.approx(200.0**2, rel=1e-9)
    assert area(arrays, "film|lead") == pytest.approx(500.0**2 - lead**2, rel=1e-9)


@pytest.mark.parametrize("shape", list(SHAPES))
def test_tetrahedra_fill_what_hexahedra_fill_and_match(shape):
    given = {"model": "quarter", "shape": shape, "foils": STEPS[:2], **SHAPES[shape]}
    blocks, split = build(0.5, **given), build(0.5, cells="tetrahedra", **given)
    assert sizes(split) == pytest.approx(sizes(blocks), rel=1e-12)
    corners = split.points[split.cells]
    assert np.linalg.det(corners[:, 1:] - corners[:, :1]).min() > 0.0
    faces = np.sort(split.cells[:, FACETS["tetrahedron"]].reshape(-1, 3), axis=1)
    counts = np.unique(faces, axis=0, return_counts=True)[1]
    outer = np.isin(blocks.facet_tags, list(blocks.surfaces.values())).sum()
    assert counts.max() == 2
    assert (counts == 1).sum() == 2 * outer
    assert set(split.interfaces) == set(blocks.interfaces)
    assert set(split.surfaces) == set(blocks.surfaces)


@pytest.mark.parametrize("angle", [20, 30, 40, 50, 60, 70, 80, 90])
@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_sections_of_all_angles_and_steps_have_good_cells(angle, steps):
    foils = [
        {"thickness": "50 um", "angle": f"{angle} deg", "tread": "20 um" if index else "0 um"}
        for index in range(steps + 1)
    ]
    arrays = build(foils=foils, pitch_x="3 mm")
    assert jacobians(arrays).min() == pytest.approx(math.sin(math.radians(angle)), rel=0.15)
    assert aspect(arrays) < 90.0  # a film of two cells beside elements of 60 um is the longest
    assert {name for name in arrays.surfaces if "tread" in name} == {f"film_tread_{i + 1}" for i in range(steps)}


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize(("angle", "least"), [(30, 0.12), (50, 0.3), (70, 0.45), (90, 0.5)])
def test_quarters_of_all_shapes_have_good_cells(shape, angle, least):
    foils = [{"thickness": "50 um", "angle": f"{angle} deg", "tread": f"{20 * index} um"} for index in (0, 1)]
    arrays = build(model="quarter", shape=shape, foils=foils, **SHAPES[shape])
    assert jacobians(arrays).min() > least
    assert aspect(arrays) < 200.0


@pytest.mark.parametrize("thicknesses", [(2.0, 5.0, 5.0), (3.2, 5.0, 5.0), (10.0, 4.0, 6.0), (5.0, 20.0, 5.0)])
@pytest.mark.parametrize("angle", [30, 50, 90])
def test_a_film_has_its_thickness_on_each_face(thicknesses, angle):
    wall, floor, top = thicknesses
    foils = [{"thickness": "100 um", "angle": f"{angle} deg"}]
    given = {"film_wall": f"{wall} um", "film_floor": f"{floor} um", "film_top": f"{top} um"}
    arrays = build(foils=foils, pitch_x="2 mm", lead="0 um", **given)
    assert jacobians(arrays).min() > 0.3
    assert facets(arrays, "film_floor")[..., 1] == pytest.approx(floor, abs=1e-9)
    assert facets(arrays, "film_top")[..., 1] == pytest.approx(100.0 + top, abs=1e-9)
    surface, turn = facets(arrays, "film_wall"), math.radians(angle)
    depth = (250.0 - surface[..., 0]) * math.sin(turn) + surface[..., 1] * math.cos(turn)
    assert depth == pytest.approx(wall, abs=1e-9)


def test_partial_films_keep_their_shares_round_every_corner():
    films = [("titanium", 0.1), ("titanium_tungsten", 0.2), ("copper", 4.7)]
    arrays = build(partial_films=[{"name": name, "thickness": f"{thick} um"} for name, thick in films], foils=STEPS)
    assert jacobians(arrays).min() > 0.4
    found, whole = sizes(arrays), sizes(build(foils=STEPS))["film"]
    assert sum(found[name] for name, _ in films) == pytest.approx(whole, rel=1e-10)
    below = 0.0
    for name, thick in films:
        nodes = arrays.points[arrays.cells[arrays.cell_tags == arrays.regions[name]]].reshape(-1, 2) / UM
        assert nodes[:, 1].min() == pytest.approx(below, abs=1e-9)
        assert nodes[:, 1].max() == pytest.approx(150.0 + below + thick, abs=1e-9)
        below += thick
    assert {"copper|titanium_tungsten", "titanium|titanium_tungsten", "foil|titanium", "copper|lead"} <= set(
        arrays.interfaces
    )
    assert "copper|foil" not in arrays.interfaces
    assert "chip|copper" not in arrays.interfaces


@pytest.mark.parametrize("foils", [STEPS[:1], STEPS], ids=["one wall", "three steps"])
def test_a_plating_lies_on_the_film_inside_and_under_the_lead(foils):
    steps = [{**foil, "tread": "60 um"} if "tread" in foil else foil for foil in foils]
    arrays = build(model="quarter", shape="round", width="400 um", inside="plated", plating="15 um", foils=steps)
    film = sizes(build(model="quarter", shape="round", width="400 um", foils=steps))["film"]
    parallel = area_of_parallel(foot_polygon("round"))
    found = sizes(arrays)
    assert found["film"] == pytest.approx(film, rel=1e-10)
    assert found["film"] + found["plating"] == pytest.approx(
        expected(parallel, 500.0**2, steps, 20.0, 0.0)["metal"], rel=1e-9
    )
    assert "film|lead" not in arrays.interfaces
    assert {"film|plating", "lead|plating"} <= set(arrays.interfaces)
    assert {"plating_floor", "plating_top"} <= set(arrays.surfaces)
    assert not any(name.startswith("film_") for name in arrays.surfaces)
    assert jacobians(arrays).min() > 0.25


@pytest.mark.parametrize("shape", list(SHAPES))
def test_a_pillar_stands_in_the_middle_with_the_floor_free_around_it(shape):
    given = {**SHAPES[shape], "inside": "pillar", "pillar_width": "80 um", "pillar_height": "120 um"}
    arrays = build(model="quarter", shape=shape, **given)
    assert jacobians(arrays).min() > 0.2
    top = facets(arrays, "pillar_top")
    assert top[..., 2] == pytest.approx(125.0, abs=1e-9)
    assert top[..., 0].max() == pytest.approx(40.0, abs=1e-9)
    assert sizes(arrays)["pillar"] == pytest.approx(area(arrays, "pillar_top") * 120.0, rel=1e-9)
    assert area(arrays, "film|pillar") == pytest.approx(area(arrays, "pillar_top"), rel=1e-9)
    if shape == "rectangle":  # the same distance off all walls
        assert top[..., 1].max() == pytest.approx(300.0 - 110.0, abs=1e-9)
