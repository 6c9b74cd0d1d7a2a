"""Arrays of openings: as many times the cell of one opening, one mesh without seams, every floor with its own name."""

import numpy as np
import pytest
from via_case import SHAPES, STEPS, UM, area, facets, jacobians, sizes
from via_case import VIA as OPENING

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
from femsuite.meshing import MeshOptions
from femsuite.meshing.arrays import FACETS, MeshArrays
from femsuite.meshing.generate import generate

ARRAY = load_geometry("via_array")
COARSE = {
    name: ARRAY.parameters.model_fields[name].default
    for name in ("film", "foot_size", "largest", "growth", "film_count", "around")
}
BARE = {"margin_x": "0 um", "margin_y": "0 um"}
ROW = {"shape": "lamella", "metal_on": "long_edges", "count_x": 4, "count_y": 1, **SHAPES["lamella"]}


def lay(**given) -> MeshArrays:
    return generate(ARRAY, ARRAY.read(given), MeshOptions())


def quarter(**given) -> MeshArrays:
    return generate(OPENING, OPENING.read({**COARSE, "model": "quarter", **given}), MeshOptions())


def whole(arrays: MeshArrays) -> dict[str, float]:
    """Return region -> volume with the floors counted for their coats, pillars for one pillar, um^3."""
    found: dict[str, float] = {}
    for name, volume in sizes(arrays).items():
        owner = "pillar" if name.startswith("pillar") else name
        owner = arrays.part_of[name] if name in arrays.part_of and not name.startswith("foil") else owner
        found[owner] = found.get(owner, 0.0) + volume
    return found


def times(count: float, amounts: dict[str, float]) -> dict[str, float]:
    return {name: count * amount for name, amount in amounts.items()}


def labels(arrays: MeshArrays, prefix: str) -> set[str]:
    names = {**arrays.regions, **arrays.surfaces}
    return {name.removeprefix(prefix) for name in names if name[len(prefix) :].replace("_", "").isdigit()}


def is_one_mesh(arrays: MeshArrays) -> bool:
    """Return whether every face of a cell is either a named outer facet or shared by two, and no two nodes meet."""
    faces = np.sort(arrays.cells[:, FACETS["hexahedron"]].reshape(-1, 4), axis=1)
    counts = np.unique(faces, axis=0, return_counts=True)[1]
    outer = np.isin(arrays.facet_tags, list(arrays.surfaces.values())).sum()
    places = np.unique(np.round(arrays.points / UM, 4), axis=0)
    return counts.max() == 2 and (counts == 1).sum() == outer and len(places) == len(arrays.points)


@pytest.mark.parametrize("film", ["solid", "surface"])
@pytest.mark.parametrize("shape", list(SHAPES))
def test_an_array_has_the_volumes_and_cells_of_its_openings(shape, film):
    given = {"shape": shape, "film": film, "foils": STEPS[:2], **SHAPES[shape]}
    arrays, one = lay(count_x=3, count_y=2, **BARE, **given), quarter(**given)
    assert whole(arrays) == pytest.approx(times(24, whole(one)), rel=1e-9)
    assert len(arrays.cells) == 24 * len(one.cells)
    assert jacobians(arrays).min() == pytest.approx(jacobians(one).min(), rel=1e-6)
    assert is_one_mesh(arrays)


@pytest.mark.parametrize(
    ("inside", "divided"), [("plated", ["film", "plating"]), ("pillar", ["film", "pillar"])], ids=["plated", "pillar"]
)
def test_what_lies_on_a_floor_is_a_region_of_every_opening(inside, divided):
    given = {"film": "solid", "inside": inside, "pad_thickness": "5 um"}
    arrays = lay(count_x=2, count_y=3, **BARE, **given)
    wanted = {f"{i}{j}" for i in (1, 2) for j in (1, 2, 3)}
    for name in divided:
        assert labels(arrays, f"{name}_") >= wanted
    assert {f"film_{label}|pad" for label in wanted} <= set(arrays.interfaces)
    assert "film|pad" not in arrays.interfaces
    assert all(arrays.part_of[f"film_{label}"] == "film" for label in wanted)
    assert whole(arrays) == pytest.approx(times(24, whole(quarter(**given))), rel=1e-9)
    for label in wanted:
        assert area(arrays, f"film_{label}|pad") == pytest.approx(500.0**2, rel=1e-9)


def test_the_layers_of_a_film_and_a_plating_on_a_surface_are_divided_too():
    films = [{"name": "titanium"}, {"name": "copper", "thickness": "4 um"}]
    arrays = lay(count_x=2, count_y=1, film="solid", partial_films=films)
    assert {"titanium_11", "titanium_21", "copper_11", "copper_21"} <= set(arrays.regions)
    arrays = lay(count_x=2, count_y=1, inside="plated")
    assert {"chip|plating_11", "chip|plating_21"} <= set(arrays.interfaces)
    assert "chip|plating" not in arrays.interfaces


def test_floors_are_numbered_from_the_low_corner_and_from_the_plane_of_symmetry():
    arrays = lay(count_x=3, count_y=2)
    assert facets(arrays, "floor_31").reshape(-1, 3).mean(axis=0) == pytest.approx([1000.0, -500.0, 0.0], abs=1e-6)
    assert labels(arrays, "floor_") == {"11", "12", "21", "22", "31", "32"}
    halved = lay(count_x=3, count_y=2, symmetry="half")
    assert labels(halved, "floor_") == {"11", "12", "21", "22"}
    assert facets(halved, "floor_11")[..., 0].min() == pytest.approx(0.0, abs=1e-9)
    assert facets(halved, "floor_21")[..., 0].min() == pytest.approx(750.0)
    assert labels(lay(count_x=10, count_y=1), "floor_") == {f"{i}_1" for i in range(1, 11)}


@pytest.mark.parametrize("counts", [(3, 3), (4, 2), (1, 4)])
def test_half_and_quarter_have_their_share_of_volume_and_of_all_faces(counts):
    given = {"count_x": counts[0], "count_y": counts[1], "film": "solid", "lead_reach": "80 um"}
    arrays = lay(**given)
    for symmetry, parts, gone in (("half", 2, ["lead_left"]), ("quarter", 4, ["lead_left", "lead_front"])):
        part = lay(symmetry=symmetry, **given)
        assert whole(part) == pytest.approx(times(1 / parts, whole(arrays)), rel=1e-9)
        assert len(part.cells) == len(arrays.cells) / parts
        assert jacobians(part).min() > 0.3
        assert is_one_mesh(part)
        planes = {"symmetry_x", "symmetry_y"} if symmetry == "quarter" else {"symmetry_x"}
        assert set(part.surfaces) - planes == set(arrays.surfaces) - set(gone)
        assert area(part, "lead_top") == pytest.approx(area(arrays, "lead_top") / parts, rel=1e-9)
        assert area(part, "lead_right") == pytest.approx(area(arrays, "lead_right") / (parts / 2), rel=1e-9)


def test_every_outer_face_has_its_area_and_none_lies_inside():
    arrays, one = lay(count_x=4, count_y=3, margin_y="300 um", lead_reach="150 um"), quarter()
    of_one = {name: 48.0 * area(one, name) for name in ("film_wall", "film_top", "lead_side", "lead_top")}
    wanted = {
        **of_one,
        "bottom": 4400.0 * 3600.0,
        "bare_top": 4400.0 * 3600.0 - 4300.0 * 3300.0,
        "side": 2.0 * (4400.0 + 3600.0) * 300.0,
        "lead_left": 3300.0 * 400.0,
        "lead_right": 3300.0 * 400.0,
        "lead_front": 4300.0 * 400.0,
        "lead_back": 4300.0 * 400.0,
        **{f"floor_{i}{j}": 500.0**2 for i in range(1, 5) for j in range(1, 4)},
    }
    wanted["lead_top"] += 4300.0 * 3300.0 - 4000.0 * 3000.0
    assert {name: area(arrays, name) for name in arrays.surfaces} == pytest.approx(wanted, rel=1e-9)
    assert set(arrays.interfaces) == {"chip|foil", "foil|lead"}
    assert is_one_mesh(arrays)


def test_a_row_of_lamellae_has_metal_on_the_long_edges_alone():
    arrays = lay(film="solid", lead_reach="200 um", **ROW)
    assert is_one_mesh(arrays)
    assert jacobians(arrays).min() > 0.3
    outwards = facets(arrays, "lead_right")
    assert outwards[..., 0] == pytest.approx(2200.0)
    assert np.abs(outwards[..., 1]).max() == pytest.approx(1000.0)
    assert {"bare_wall", "bare_top", "film_end", "film_11", "film_41"} <= {*arrays.surfaces, *arrays.regions}
    one = whole(quarter(film="solid", **{k: v for k, v in ROW.items() if k not in ("count_x", "count_y")}))
    found = whole(arrays)
    assert found["lead"] == pytest.approx(16 * one["lead"] + 2 * 200.0 * 2000.0 * 400.0, rel=1e-9)
    assert found["film"] == pytest.approx(16 * one["film"] + 2 * 200.0 * 2000.0 * 5.0, rel=1e-9)


def test_a_lead_may_end_at_the_foils_edge_and_a_film_without_lead_goes_as_far():
    flush = lay(count_x=1, count_y=1, lead_reach="200 um", film="solid")
    assert "bare_top" not in flush.surfaces
    assert area(flush, "side") == pytest.approx(4 * 1400.0 * 300.0, rel=1e-9)
    assert area(flush, "film_end") == pytest.approx(4 * 1400.0 * 5.0, rel=1e-9)
    alone = lay(count_x=1, count_y=1, lead="0 um", lead_reach="50 um")
    assert not any(name.startswith("lead") for name in {*alone.surfaces, *alone.regions})
    assert area(alone, "bare_top") == pytest.approx(1400.0**2 - 1100.0**2, rel=1e-9)


def test_the_defaults_are_coarse_enough_for_arrays():
    five = lay(count_x=5, count_y=5)
    assert 20_000 < len(five.cells) < 40_000
    nine = lay(count_x=9, count_y=9)
    assert 2.8 < len(nine.cells) / len(five.cells) < 81 / 25
    assert len(lay(count_x=5, count_y=5, cells="tetrahedra").cells) == 6 * len(five.cells)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"lead_reach": "201 um"}, "lead_reach 201 um goes beyond the foil: margin_x is 200 um"),
        ({"count_x": 21}, "21 is out of range; allowed: from 1 to 20"),
        ({**ROW, "count_y": 2}, "metal_on long_edges is for one row, and count_y is 2: beside bare short edges"),
        ({"metal_on": "one_long_edge"}, "metal_on"),
        ({"below": [{"name": "film_32"}], "film": "solid"}, "two regions are named 'film_32'"),
        ({"pitch_y": "600 um"}, "from the foot of 500 um to half of pitch_y 600 um there are 50 um"),
    ],
)
def test_what_does_not_fit_together_is_told(given, sentence):
    with pytest.raises(InputError) as told:
        ARRAY.read(given)
    assert sentence in str(told.value)
