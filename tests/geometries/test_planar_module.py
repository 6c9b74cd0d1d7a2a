"""The module of US 10/590901, Fig. 1: volumes against closed forms, topography, names, cells, what does not fit."""

import math

import numpy as np
import pytest
from via_case import UM, jacobians, sizes, vector_areas

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
from femsuite.meshing import MeshOptions
from femsuite.meshing.arrays import MeshArrays
from femsuite.meshing.generate import generate

MODULE = load_geometry("planar_module")
CHIP, METAL, CARRIER, LEAD_END, FOIL, WALL, LEAD = 2500.0, 3500.0, 5500.0, 5000.0, 100.0, 55.0, 400.0
ON_METAL, STEP = 280.0, 580.0  # contact face above the carrier's metal and above its core
RUN = FOIL / math.tan(math.radians(50))
MODELS = [{"model": "section"}, {"model": "section", "film": "solid"}, {"model": "solid"}]


def build(refinement: float = 1.0, **given) -> MeshArrays:
    return generate(MODULE, MODULE.read(given), MeshOptions(refinement=refinement))


def nodes(arrays: MeshArrays, region: str) -> np.ndarray:
    return arrays.points[arrays.cells[arrays.cell_tags == arrays.regions[region]]] / UM


def surface(arrays: MeshArrays, name: str) -> np.ndarray:
    return arrays.points[arrays.facets[arrays.facet_tags == arrays.surfaces[name]]] / UM


def under(wall: float, flat: float, end: float) -> float:
    """Return the area in 0 < x < end below a layer of these thicknesses on the steps, above the carrier's core."""
    first, second = min(CHIP + wall, end), min(METAL + wall, end)
    return first * (STEP + flat) + (second - first) * (STEP - ON_METAL + flat) + (end - second) * flat


def test_the_sections_areas_are_those_of_the_drawing():
    found = sizes(build())
    plates = {
        "carrier_back": (CARRIER, 300.0),
        "carrier_core": (CARRIER, 380.0),
        "carrier_metal": (METAL, 300.0),
        "solder": (CHIP, 80.0),
        "chip": (CHIP, 200.0),
    }
    for name, (half, thickness) in plates.items():
        assert found[name] == pytest.approx(half * thickness, rel=1e-10), name
    opened = 3 * FOIL * (250.0 + 0.5 * RUN)  # three halves of an opening
    foil = under(WALL, FOIL, CARRIER) - CHIP * ON_METAL - METAL * 300.0 - opened
    assert found["foil"] == pytest.approx(foil, rel=1e-10)
    windows = 3 * LEAD * (250.0 + RUN + 50.0)
    lead = under(WALL + LEAD, FOIL + LEAD, LEAD_END) - under(WALL, FOIL, LEAD_END) - windows
    assert found["lead"] == pytest.approx(lead, rel=1e-10)


def test_a_film_with_cells_has_its_thickness_times_the_length_it_lies_on():
    """Where a film is equally thick everywhere, what bends take on one side they give on the other."""
    arrays = build(film="solid")
    found = sizes(arrays)
    film = sum(area for name, area in found.items() if name.startswith("film"))
    walls = 3 * (FOIL / math.sin(math.radians(50)) - RUN)
    assert film == pytest.approx(5.0 * (LEAD_END + STEP + walls), rel=1e-10)
    assert arrays.part_of == dict.fromkeys(("film_1", "film_2", "film_wall"), "film")
    floors = [nodes(arrays, f"film_{number}").reshape(-1, 2) for number in (1, 2)]
    feet = [floor[floor[:, 1] == 0.0, 0] for floor in floors]
    assert feet[0].max() == pytest.approx(250.0)
    assert [feet[1].min(), feet[1].max()] == pytest.approx([4000.0 / 3.0 - 250.0, 4000.0 / 3.0 + 250.0])


@pytest.mark.parametrize("cells", ["hexahedra", "tetrahedra"])
def test_the_solids_volumes_are_those_of_the_drawing(cells):
    found = sizes(build(0.6, model="solid", cells=cells))
    assert found["chip"] == pytest.approx(CHIP**2 * 200.0, rel=1e-9)
    foot, top = 500.0, 500.0 + 2.0 * RUN
    openings = 9 / 4 * FOIL * (foot**2 + foot * top + top**2) / 3.0
    on_chip, on_metal = (CHIP + WALL) ** 2, (METAL + WALL) ** 2
    body = on_chip * (STEP + FOIL) + (on_metal - on_chip) * (STEP - ON_METAL + FOIL) + (CARRIER**2 - on_metal) * FOIL
    foil = body - CHIP**2 * ON_METAL - METAL**2 * 300.0 - openings
    assert found["foil"] == pytest.approx(foil, rel=1e-9)
    section = under(WALL + LEAD, FOIL + LEAD, LEAD_END) - under(WALL, FOIL, LEAD_END)
    assert found["lead"] == pytest.approx(2000.0 * section - 9 / 4 * LEAD * (top + 100.0) ** 2, rel=1e-9)


def test_half_a_solid_holds_two_quarters_of_all_but_the_lead():
    half, quarter = (sizes(build(0.5, model="solid", part=part, count_y=2)) for part in ("half", "quarter"))
    for name in ("chip", "foil", "carrier_core", "carrier_metal"):
        assert half[name] == pytest.approx(2.0 * quarter[name], rel=1e-9), name
    assert half["lead"] < 1.6 * quarter["lead"]


def test_the_second_foil_lies_on_all_but_openings_and_land():
    found = sizes(build(second_foil="80 um"))
    end, wall = LEAD_END - 500.0, WALL + LEAD + 0.55 * 80.0
    on_all = under(wall, FOIL + LEAD + 80.0, end) - under(WALL + LEAD, FOIL + LEAD, end)
    assert found["foil_2"] == pytest.approx(on_all - 3 * 80.0 * (250.0 + RUN + 50.0), rel=1e-10)
    solid = build(0.5, model="solid", second_foil="80 um")
    assert nodes(solid, "foil_2")[..., 0].max() == pytest.approx(end)
    assert nodes(solid, "foil_2")[..., 1].max() == pytest.approx(CARRIER)


@pytest.mark.parametrize("metal", ["patterned", "full"])
@pytest.mark.parametrize("carrier", ["dcb", "ims", "fr4", "htcc", "ltcc"])
def test_the_foil_comes_down_by_the_topography(carrier, metal):
    read = MODULE.read({"carrier": carrier, "metal": metal})
    bare = surface(build(carrier=carrier, metal=metal), "bare_foil")
    assert FOIL - bare[..., 1].max() == pytest.approx(read.topography / UM)
    assert (read.carrier_layers[2] == 0.0) == (carrier in ("htcc", "ltcc"))


def test_the_default_step_is_higher_than_the_seeds():
    assert MODULE.read({}).topography == pytest.approx(580 * UM)
    assert MODULE.read({"carrier_metal": "0.2 mm", "pad_thickness": "4 um"}).topography == pytest.approx(484 * UM)


@pytest.mark.parametrize("carrier", ["dcb", "ims", "fr4", "htcc", "ltcc"])
@pytest.mark.parametrize("model", MODELS, ids=["surface", "film", "solid"])
def test_all_cells_are_positive_from_30_to_90_degrees(carrier, model):
    for angle in (30, 50, 70, 90):
        arrays = build(0.5, **model, carrier=carrier, angle=f"{angle} deg", second_foil="60 um", pad_thickness="4 um")
        assert jacobians(arrays).min() > 0.3, angle


@pytest.mark.parametrize("lead", ["182 um", "230 um", "250 um", "283 um"])
@pytest.mark.parametrize("setback", ["0 um", "50 um"])
def test_a_level_of_the_lead_beside_the_openings_may_lie_anywhere(lead, setback):
    """On the carrier's metal the lead ends at the height of the openings' film, walls or rims."""
    for model in MODELS:
        arrays = build(0.6, **model, lead=lead, setback=setback)
        assert jacobians(arrays).min() > 0.3
        flat = surface(arrays, "lead_top")[..., -1 if model["model"] == "solid" else 1]
        film = 5.0 if model.get("film") == "solid" else 0.0
        assert np.abs(flat - (FOIL + film + float(lead.split()[0]) - ON_METAL)).min() < 1e-6


@pytest.mark.parametrize("model", [*MODELS, {"model": "solid", "part": "half", "second_foil": "60 um"}])
def test_neighbours_match_and_every_outer_facet_has_a_name(model):
    arrays = build(0.5, **model)
    links = [[0, 1], [1, 2], [2, 3], [3, 0]]
    if model["model"] == "solid":
        links = [[0, 1, 2, 3], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    sides = np.sort(np.concatenate([arrays.cells[:, link] for link in links]), axis=1)
    once, count = np.unique(sides, axis=0, return_counts=True)
    assert count.max() == 2
    outer = np.sort(arrays.facets[np.isin(arrays.facet_tags, list(arrays.surfaces.values()))], axis=1)
    assert np.array_equal(np.unique(outer, axis=0), once[count == 1])


def test_names_of_faces():
    common = {"bottom", "side", "symmetry_x", "bare_foil", "film_wall", "film_top", "lead_top", "lead_side", "lead_end"}
    assert set(build().surfaces) == common | {"floor_1", "floor_2"}
    assert set(build(film="solid").surfaces) == common | {"film_floor", "film_end"}
    quarter = common | {"symmetry_y", "floor_11", "floor_12", "floor_21", "floor_22"}
    assert set(build(0.5, model="solid").surfaces) == quarter
    half = build(0.5, model="solid", part="half", second_foil="50 um")
    assert set(half.surfaces) == quarter - {"symmetry_x"} | {"floor_31", "floor_32", "foil_2_top"}
    assert {"foil|lead", "chip|solder", "foil_2|lead", "carrier_metal|foil"} <= set(half.interfaces)


def test_places_of_faces():
    arrays = build(0.5, model="solid", part="half")
    floors = {(i, j): surface(arrays, f"floor_{i}{j}") for i in (1, 2, 3) for j in (1, 2)}
    for (i, j), corners in floors.items():
        area = np.linalg.norm(vector_areas(corners), axis=1).sum()
        assert area == pytest.approx(500.0**2 / (2 if j == 1 else 1))
        assert 0.5 * (corners[..., 0].min() + corners[..., 0].max()) == pytest.approx((i - 2) * 4000.0 / 3.0, abs=1e-6)
        assert corners[..., 2] == pytest.approx(0.0)
    end = surface(arrays, "lead_end")
    assert end[..., 0] == pytest.approx(LEAD_END)
    assert np.linalg.norm(vector_areas(end), axis=1).sum() == pytest.approx(2000.0 * LEAD)
    walls = vector_areas(surface(arrays, "film_wall"))
    rise = walls[:, 2] / np.linalg.norm(walls, axis=1)
    assert np.degrees(np.arccos(rise)) == pytest.approx(50.0)
    assert surface(arrays, "film_top")[..., 2] == pytest.approx(FOIL)


def test_default_meshes_are_small():
    assert len(build(model="solid").cells) < 40_000
    for film in ("solid", "surface"):
        assert len(build(film=film).cells) < 6_000


def test_an_opened_foil_has_larger_openings():
    arrays = build(0.5, model="solid", preopened=True, placement="40 um")
    assert surface(arrays, "floor_11")[..., 0].max() == pytest.approx(290.0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"opening": "1.4 mm"}, "3 openings of 1.4 mm at the foot along x are wider than the contact of 4 mm"),
        ({"opening": "1.2 mm"}, "the walls of neighbouring openings along x meet"),
        ({"setback": "330 um"}, "a setback of 330 um leaves no lead between neighbouring openings along x"),
        ({"preopened": True, "placement": "0.4 mm"}, "the walls of neighbouring openings along x meet"),
        ({"lead_end": "2.4 mm"}, "lead_end 2.4 mm is before the chip's edge at 2.5 mm"),
        ({"lead_end": "3.8 mm"}, "lead_end 3.8 mm leaves no land of 500 µm: past the carrier metal's edge"),
        ({"lead_end": "6 mm"}, "lead_end 6 mm is beyond the carrier's edge at 5.5 mm"),
        ({"chip_edge": "7.5 mm"}, "the chip of 7.5 mm is not smaller than the carrier metal of 7 mm"),
        ({"metal_edge": "5.6 mm"}, "foil and lead on the chip's side are 455 µm thick"),
        ({"contact_edge": "6 mm"}, "the contact of 6 mm is larger than the chip of 5 mm"),
        ({"lead_width": "3 mm"}, "lead_width 3 mm must reach from the contact's edge 4 mm to the chip's 5 mm"),
        ({"model": "solid", "film": "solid"}, "a film with cells is for the section"),
        ({"film": "solid", "film_wall": "60 um"}, "a film of 60 µm is too thick for the walls of a foil of 100 µm"),
        ({"film": "solid", "setback": "3 um"}, "a setback of 3 µm is within the film's bend at the rim"),
        ({"carrier_core": "0 um"}, "carrier_core must have a thickness"),
    ],
)
def test_what_does_not_fit_is_told_with_its_numbers(given, words):
    with pytest.raises(InputError) as told:
        MODULE.read(given)
    assert words.replace("µ", "u") in str(told.value).replace("µ", "u")
