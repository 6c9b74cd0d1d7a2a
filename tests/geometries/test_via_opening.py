"""The opening of US 10/590901 in numbers: volumes and areas against closed forms, angles, shapes of cells, faults."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
from femsuite.meshing import MeshOptions, build_mesh
from femsuite.meshing.arrays import FACETS, MeshArrays
from femsuite.meshing.generate import generate
from femsuite.meshing.quality import quality, volumes

VIA = load_geometry("via_opening")
UM = 1e-6
STEPS = [
    {"thickness": "60 um", "angle": "50 deg"},
    {"thickness": "40 um", "angle": "70 deg", "tread": "30 um"},
    {"thickness": "50 um", "angle": "40 deg", "tread": "25 um"},
]
OVAL = {"width": "300 um", "length": "600 um", "pitch_y": "1.4 mm"}
SHAPES = {
    "square": {"width": "400 um"},
    "rectangle": OVAL,
    "round": {"width": "400 um"},
    "ellipse": OVAL,
    "stadium": OVAL,
    "lamella": {"width": "200 um", "length": "1.4 mm", "pitch_y": "2 mm"},
}


def build(refinement: float = 1.0, **given) -> MeshArrays:
    return generate(VIA, VIA.read(given), MeshOptions(refinement=refinement))


def sizes(arrays: MeshArrays) -> dict[str, float]:
    """Return region -> area in um^2 or volume in um^3."""
    order = {"quadrilateral": [0, 1, 3, 2], "hexahedron": [0, 1, 3, 2, 4, 5, 7, 6]}.get(arrays.cell_type, slice(None))
    found = volumes(arrays.points[arrays.cells][:, order] / UM, arrays.cell_type)
    return {name: float(found[arrays.cell_tags == tag].sum()) for name, tag in arrays.regions.items()}


def rings(arrays: MeshArrays) -> dict[str, float]:
    """Return region -> volume of the body of revolution, um^3 (Pappus over triangles: exact)."""
    corners = arrays.points[arrays.cells] / UM
    found = np.zeros(len(corners))
    for three in ([0, 1, 2], [0, 2, 3]):
        part = corners[:, three]
        found += math.pi * np.linalg.det(part[:, 1:] - part[:, :1]) * part[..., 0].mean(axis=1)
    return {name: float(found[arrays.cell_tags == tag].sum()) for name, tag in arrays.regions.items()}


def facets(arrays: MeshArrays, name: str) -> np.ndarray:
    tag = {**arrays.surfaces, **arrays.interfaces}[name]
    return arrays.points[arrays.facets[arrays.facet_tags == tag]] / UM


def vector_areas(corners: np.ndarray) -> np.ndarray:
    """Return half the cross product of the diagonals of quadrilaterals, shape (k, 3)."""
    return 0.5 * np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])


def area(arrays: MeshArrays, name: str) -> float:
    return float(np.linalg.norm(vector_areas(facets(arrays, name)), axis=1).sum())


def jacobians(arrays: MeshArrays) -> np.ndarray:
    """Return the smallest scaled Jacobian of each quadrilateral or hexahedron, with its sign, shape (m,)."""
    corners = arrays.points[arrays.cells]
    if arrays.cell_type == "quadrilateral":
        links = [(i, (i + 1) % 4, (i - 1) % 4) for i in range(4)]
    else:
        links = [(i, (i + 1) % 4, (i - 1) % 4, i + 4) for i in range(4)]
        links += [(i + 4, (i - 1) % 4 + 4, (i + 1) % 4 + 4, i) for i in range(4)]
    found = []
    for at, *ends in links:
        edges = np.stack([corners[:, end] - corners[:, at] for end in ends], axis=1)
        found.append(np.linalg.det(edges / np.linalg.norm(edges, axis=2, keepdims=True)))
    return np.min(found, axis=0)


def aspect(arrays: MeshArrays) -> float:
    corners = arrays.points[arrays.cells]
    count = corners.shape[1]
    edges = [np.linalg.norm(corners[:, i] - corners[:, j], axis=1) for i in range(count) for j in range(i)]
    return float((np.max(edges, axis=0) / np.min(edges, axis=0)).max())


def foot_polygon(shape: str, around: int = 8) -> np.ndarray:
    """Return the quarter of the foot as the mesh has it, from the x axis to the y axis."""
    given = SHAPES[shape]
    x = 0.5 * float(given["width"].split()[0])
    y = 0.5 * {"600 um": 600.0, "1.4 mm": 1400.0}.get(given.get("length", ""), 2.0 * x)
    turn = np.linspace(0.0, 0.5 * math.pi, around + 1)
    arc = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    if shape in ("round", "ellipse"):
        return arc * [x, y]
    if shape == "stadium":
        return np.concatenate([[[x, 0.0]], [0.0, y - x] + x * arc])
    return np.array([[x, 0.0], [x, y], [0.0, y]])


def area_of_parallel(polygon: np.ndarray) -> Callable[[float], float]:
    """Return area(d) of a quarter whose edges have all moved outwards by d: A + L d + d^2 sum tan(half of the turns)."""
    edges = np.diff(polygon, axis=0)
    heading = np.arctan2(edges[:, 1], edges[:, 0])
    turns = np.diff(heading, prepend=0.5 * math.pi, append=math.pi)
    x, y = polygon.T
    start = 0.5 * float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    length = float(np.linalg.norm(edges, axis=1).sum())
    square = float(np.tan(0.5 * turns[1:-1]).sum() + 0.5 * np.tan(turns[0]) + 0.5 * np.tan(turns[-1]))
    return lambda d: start + length * d + square * d * d


def between(area_at: Callable[[float], float], low: float, high: float, height: float) -> float:
    """Return the volume between two parallels a height apart: Simpson's rule, exact for a square law."""
    return height / 6.0 * (area_at(low) + 4.0 * area_at(0.5 * (low + high)) + area_at(high))


def expected(area_at: Callable[[float], float], cell: float, foils: list[dict], metal: float, lead: float) -> dict:
    """Return volumes of foils, metal and lead by subtraction; film and plating as one metal of one thickness, um."""
    found, opened, hollow, place = {}, 0.0, 0.0, 0.0
    for index, foil in enumerate(foils):
        height = float(foil["thickness"].split()[0])
        angle = math.radians(float(foil["angle"].split()[0]))
        place += float(foil.get("tread", "0 um").split()[0])
        rim = place + height / math.tan(angle)
        part = between(area_at, place, rim, height)
        found["foil" if index == 0 else f"foil_{index + 1}"] = cell * height - part
        opened += part
        shift = metal / math.tan(angle) - metal / math.sin(angle)  # the metal's surface, seen from a metal's height up
        hollow += between(area_at, place + shift, rim + shift, height)
        place = rim
    found["metal"] = opened + cell * metal - hollow
    if lead:
        found["lead"] = (cell - area_at(place + 50.0)) * lead
    return found


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize("foils", [STEPS[:1], STEPS], ids=["one wall", "three steps"])
def test_the_quarters_volumes_are_those_of_frustums(shape, foils):
    arrays = build(model="quarter", shape=shape, foils=foils, **SHAPES[shape])
    pitch = 500.0 * 0.5e3 * float(SHAPES[shape].get("pitch_y", "1 mm").split()[0])
    wanted = expected(area_of_parallel(foot_polygon(shape)), pitch, foils, 5.0, 400.0)
    wanted["film"] = wanted.pop("metal")
    wanted["chip"] = pitch * 200.0
    assert sizes(arrays) == pytest.approx(wanted, rel=1e-9)
    assert jacobians(arrays).min() > 0.3


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
    assert set(arrays.interfaces) == {"chip|film", "chip|foil", "film|foil", "film|lead"}
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
    assert aspect(arrays) < 160.0
    assert {name for name in arrays.surfaces if "tread" in name} == {f"film_tread_{i + 1}" for i in range(steps)}


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize(("angle", "least"), [(30, 0.2), (50, 0.4), (70, 0.5), (90, 0.5)])
def test_quarters_of_all_shapes_have_good_cells(shape, angle, least):
    foils = [{"thickness": "50 um", "angle": f"{angle} deg", "tread": f"{20 * index} um"} for index in (0, 1)]
    arrays = build(model="quarter", shape=shape, foils=foils, **SHAPES[shape])
    assert jacobians(arrays).min() > least
    assert aspect(arrays) < 350.0


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
    assert jacobians(arrays).min() > 0.6
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
    assert jacobians(arrays).min() > 0.3


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


@pytest.mark.parametrize("model", ["section", "quarter"])
def test_a_film_as_a_surface_leaves_named_faces_and_no_cells(model):
    arrays = build(model=model, film="surface", foils=STEPS)
    assert set(arrays.regions) == {"chip", "foil", "foil_2", "foil_3", "lead"}
    assert {"foil_3|lead", "chip|foil"} <= set(arrays.interfaces)
    walls, treads = {f"film_wall_{i}" for i in (1, 2, 3)}, {"film_tread_1", "film_tread_2"}
    assert walls | treads | {"film_floor", "film_top", "lead_top", "lead_side", "bottom"} <= set(arrays.surfaces)
    for number, (low, high) in enumerate([(0.0, 60.0), (60.0, 100.0), (100.0, 150.0)], 1):
        heights = facets(arrays, f"film_wall_{number}")[..., -1]
        assert (heights.min(), heights.max()) == pytest.approx((low, high), abs=1e-9)


def test_the_names_of_a_solid_films_faces_follow_the_walls_and_treads():
    arrays = build(foils=STEPS)
    for number, (low, high) in enumerate([(5.0, 65.0), (65.0, 105.0), (105.0, 155.0)], 1):
        heights = facets(arrays, f"film_wall_{number}")[..., 1]
        assert (heights.min(), heights.max()) == pytest.approx((low, high), abs=1e-9)
    for name, height in {"film_floor": 5.0, "film_tread_1": 65.0, "film_tread_2": 105.0, "film_top": 155.0}.items():
        assert facets(arrays, name)[..., 1] == pytest.approx(height, abs=1e-9)
    assert arrays.part_of == {"foil_2": "foil", "foil_3": "foil"}


def test_foils_without_a_tread_share_one_wall():
    two = [{"thickness": "60 um"}, {"thickness": "40 um"}]
    arrays, whole = build(foils=two), build()
    assert sizes(arrays)["film"] == pytest.approx(sizes(whole)["film"], rel=1e-10)
    assert sizes(arrays)["foil"] + sizes(arrays)["foil_2"] == pytest.approx(sizes(whole)["foil"], rel=1e-10)
    bent = build(foils=[{"thickness": "60 um", "angle": "80 deg"}, {"thickness": "40 um", "angle": "35 deg"}])
    assert jacobians(bent).min() > 0.5
    assert {"film_wall_1", "film_wall_2"} <= set(bent.surfaces)
    assert not any("tread" in name for name in bent.surfaces)


def test_metal_on_one_long_edge_makes_the_whole_section():
    arrays = build(shape="lamella", width="200 um", length="1 mm", metal_on="one_long_edge", foils=STEPS)
    assert arrays.points[:, 0].min() == pytest.approx(-500 * UM)
    assert {"bare_wall_1", "bare_wall_3", "bare_tread_1", "bare_top", "pitch", "pitch_bare", "film_end"} <= set(
        arrays.surfaces
    )
    assert "symmetry_x" not in arrays.surfaces
    for name in ("lead", "film"):
        nodes = arrays.points[arrays.cells[arrays.cell_tags == arrays.regions[name]]] / UM
        assert nodes[..., 0].max() == pytest.approx(500.0)
        assert nodes[..., 0].min() > (-105.0 if name == "film" else 100.0)
    assert sizes(arrays)["foil"] == pytest.approx(2.0 * sizes(build(width="200 um", foils=STEPS))["foil"], rel=1e-10)
    assert jacobians(arrays).min() > 0.6


def test_metal_on_the_long_edges_of_a_quarter_leaves_the_short_ones_bare():
    arrays = build(model="quarter", shape="lamella", metal_on="long_edges", **SHAPES["lamella"])
    assert {"bare_wall", "bare_top", "film_wall", "film_top", "film_end"} <= set(arrays.surfaces)
    bare, coated = (vector_areas(facets(arrays, name)) for name in ("bare_wall", "film_wall"))
    assert np.abs(bare[:, 0]).max() < 1e-6 * np.abs(bare[:, 1]).max()
    assert np.abs(coated[:, 1]).max() < 1e-6 * np.abs(coated[:, 0]).max()
    assert jacobians(arrays).min() > 0.3


def test_an_opening_measured_at_the_top_is_smaller_at_its_foot():
    run = 100.0 / math.tan(math.radians(50))
    read = VIA.read({"width": "500 um", "measured": "top"})
    assert read.top == pytest.approx((500 * UM, 500 * UM))
    assert read.foot[0] == pytest.approx((500.0 - 2.0 * run) * UM)
    assert VIA.read({}).top[0] == pytest.approx((500.0 + 2.0 * run) * UM)
    assert facets(build(measured="top"), "chip|film")[..., 0].max() == pytest.approx(250.0 - run)


def test_pad_and_layers_lie_below():
    arrays = build(pad_thickness="3 um", below=[{"name": "solder"}, {"name": "copper", "thickness": "0.3 mm"}])
    wanted = {"pad": 3.0, "chip": 200.0, "solder": 50.0, "copper": 300.0}
    found = sizes(arrays)
    assert {name: found[name] for name in wanted} == pytest.approx({n: 500.0 * h for n, h in wanted.items()})
    assert {"chip|pad", "film|pad", "foil|pad", "chip|solder", "copper|solder"} <= set(arrays.interfaces)
    assert facets(arrays, "bottom")[..., 1] == pytest.approx(-553.0)


def test_elements_are_small_beside_foot_and_rim_and_refinement_multiplies_them():
    coarse, fine = build(), build(2.0)
    for arrays, size in ((coarse, 5.0), (fine, 2.5)):
        along = facets(arrays, "film_wall")
        lengths = np.linalg.norm(along[:, 1] - along[:, 0], axis=1)
        assert lengths[np.argsort(along[..., 1].mean(axis=1))][[1, -2]] == pytest.approx(size, rel=0.45)
    assert 3.4 < len(fine.cells) / len(coarse.cells) < 4.2
    assert len(build(1e-3).cells) >= 20


def test_the_mesh_reaches_dolfinx():
    mesh = build_mesh("via_opening", {"model": "meridian", "shape": "round"}, MeshOptions())
    assert "axis" in mesh.surfaces
    assert quality(mesh).shape_min > 0.7
    with pytest.raises(InputError, match=r"mesh.sizes \(foil\) has no meaning"):
        build_mesh("via_opening", {}, MeshOptions(sizes={"foil": 1e-5}))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"foils": [{"angle": "20 deg"}]},
            "the openings of two neighbours meet: walls and treads reach 274.7 um outwards, and from the foot of 500 um "
            "to half of pitch_x 1 mm there are 250 um",
        ),
        (
            {"model": "quarter", "pitch_y": "600 um"},
            "from the foot of 500 um to half of pitch_y 600 um there are 50 um",
        ),
        ({"width": "8 um"}, "a film of 5 um closes the opening, which is 8 um wide at its foot"),
        (
            {"width": "60 um", "inside": "plated", "plating": "100 um", "lead": "0 um"},
            "a plating of 100 um on the film closes the opening, which is 60 um wide at its foot",
        ),
        (
            {"foils": [{}, {"tread": "200 um"}]},
            "the tread of 200 um below foil 2 is wider than what foil 1 leaves for it, 166.1 um to half of pitch_x 1 mm",
        ),
        (
            {"foils": [{"tread": "10 um"}]},
            "the first foil has a tread of 10 um; there is no wall below it, so give 0 um",
        ),
        (
            {"foils": [{}, {"tread": "2 um", "thickness": "20 um"}]},
            "the tread of 2 um below foil 2 is covered by the metal on the walls beside it; give 0 um or more than 4.663",
        ),
        ({"foils": [{"tread": "-1 um"}]}, "allowed: from 0 um to 5 mm"),
        ({"foils": [{"angle": "10 deg"}]}, "allowed: from 20 deg to 90 deg"),
        (
            {"foils": [{"thickness": "5 um"}], "film_wall": "20 um", "film_top": "20 um", "film_floor": "20 um"},
            "the metal of 20 um is too thick for the wall of foil 1, which is 6.527 um long",
        ),
        (
            {"setback": "170 um"},
            "a setback of 170 um leaves no lead: from the rim to half of pitch_x 1 mm there are 166.1",
        ),
        ({"setback": "1 um"}, "a setback of 1 um is within the film's bend at the rim; give 0 um or over 3.497 um"),
        (
            {"inside": "pillar", "pillar_width": "490 um"},
            "pillar_width 490 um is wider than the floor leaves between the walls' metal, 495.3 um, less an element",
        ),
        (
            {"measured": "top", "width": "150 um"},
            "the walls close the opening: at the top it measures 150 um, and walls and treads lean in by 83.91 um from",
        ),
        ({"model": "meridian"}, "a meridian is of a round opening, and the shape is square"),
        ({"metal_on": "long_edges"}, "metal_on long_edges is for a rectangle or a lamella, and the shape is square"),
        (
            {"model": "quarter", "shape": "lamella", "metal_on": "one_long_edge"},
            "with metal on one long edge the opening has no symmetry for a quarter; use the section",
        ),
        (
            {"model": "quarter", "shape": "ellipse", "length": "300 um"},
            "length 300 um must not be smaller than width 500 um: turn the opening",
        ),
        ({"below": [{"name": "chip"}]}, "two regions are named 'chip'"),
        ({"partial_films": [{"name": "lead"}]}, "two regions are named 'lead'"),
        ({"foils": []}, "there is no foil to open"),
    ],
)
def test_what_does_not_fit_together_is_told_with_its_numbers(given, sentence):
    with pytest.raises(InputError) as told:
        VIA.read(given)
    assert sentence in str(told.value)


@pytest.mark.parametrize("model", ["section", "meridian", "quarter"])
def test_the_defaults_and_a_foil_without_lead_fit_every_model(model):
    arrays = build(model=model, shape="round", lead="0 um")
    assert "lead" not in arrays.regions
    assert not any(name.startswith("lead") for name in arrays.surfaces)
    assert jacobians(build(model=model, shape="round", setback="0 um")).min() > 0.5
