"""The choices of the opening of US 10/590901: names of faces, where metal lies, sizes, what does not fit together."""

import math

import numpy as np
import pytest
from via_case import SHAPES, STEPS, UM, VIA, build, facets, jacobians, sizes, vector_areas

from femsuite.errors import InputError
from femsuite.meshing import MeshOptions, build_mesh
from femsuite.meshing.quality import quality


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
    assert arrays.part_of == {"foil_2": "foil", "foil_3": "foil", "film_wall": "film"}


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
        whole = along[..., 1].max(axis=1) < 103.5  # but for the rim's bend
        lengths = lengths[whole][np.argsort(along[whole, :, 1].mean(axis=1))]
        assert lengths[[0, -1]] == pytest.approx(size, rel=0.3)
        assert np.maximum(lengths[1:] / lengths[:-1], lengths[:-1] / lengths[1:]).max() < 1.4
    assert 3.4 < len(fine.cells) / len(coarse.cells) < 4.2
    assert len(build(1e-3).cells) == 15  # one cell of every block is left


def test_the_mesh_reaches_dolfinx():
    mesh = build_mesh("via_opening", {"model": "meridian", "shape": "round"}, MeshOptions())
    assert "axis" in mesh.surfaces
    assert quality(mesh).shape_min > 0.65
    with pytest.raises(InputError, match=r"mesh.sizes \(foil\) has no meaning"):
        build_mesh("via_opening", {}, MeshOptions(sizes={"foil": "10 um"}))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"foils": [{"angle": "20 deg"}]},
            "the openings of two neighbours meet: walls and treads reach 274.7 um outwards, and from the foot of "
            "500 um to half of pitch_x 1 mm there are 250 um",
        ),
        (
            {"model": "quarter", "pitch_y": "600 um"},
            "from the foot of 500 um to half of pitch_y 600 um there are 50 um",
        ),
        (
            {"width": "10 um", "film_wall": "8 um"},
            "a film of 8 um closes the opening, which is 10 um wide at its foot",
        ),
        (
            {"width": "60 um", "inside": "plated", "plating": "100 um", "lead": "0 um"},
            "a plating of 100 um on the film closes the opening, which is 60 um wide at its foot",
        ),
        (
            {"foils": [{}, {"tread": "200 um"}]},
            "the tread of 200 um below foil 2 is wider than what foil 1 leaves for it, 166.1 um to half of pitch_x 1 m",
        ),
        (
            {"foils": [{"tread": "10 um"}]},
            "the first foil has a tread of 10 um; there is no wall below it, so give 0 um",
        ),
        (
            {"foils": [{}, {"tread": "2 um", "thickness": "20 um"}]},
            "the tread of 2 um below foil 2 is covered by the metal on the walls beside it; give 0 um or more than 2.5",
        ),
        ({"foils": [{"tread": "-1 um"}]}, "allowed: from 0 um to 5 mm"),
        ({"foils": [{"angle": "10 deg"}]}, "allowed: from 20 deg to 90 deg"),
        (
            {"foils": [{"thickness": "5 um"}], "film_wall": "20 um", "film_top": "20 um", "film_floor": "20 um"},
            "the metal of 20 um is too thick for the wall of foil 1, which is 6.527 um long while",
        ),
        (
            {"setback": "170 um"},
            "a setback of 170 um leaves no lead: from the rim to half of pitch_x 1 mm there are 166.1",
        ),
        ({"setback": "0.5 um"}, "a setback of 500 nm is within the film's bend at the rim; give 0 um or over 1 um"),
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
        (
            {"model": "quarter", "shape": "ellipse", "width": "100 um", "length": "2 mm", "pitch_y": "3 mm"},
            "the metal at the foot reaches 2.332 um inwards, and the ends of the ellipse are as sharp as a",
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


def test_a_polygon_that_reaches_beyond_the_pitch_is_told():
    with pytest.raises(InputError, match="an outline of 4 edges in the quarter reach beyond the pitch"):
        build(model="quarter", shape="round", around=4, pitch_x="772 um", foot_size="1 um")


@pytest.mark.parametrize("seed", range(12))
def test_openings_drawn_at_random_are_refused_in_words_or_have_good_cells(seed):
    rng = np.random.default_rng(seed)
    for _ in range(8):
        width = rng.uniform(100.0, 600.0)
        shape = str(rng.choice(list(SHAPES)))
        given = {
            "model": "quarter",
            "shape": shape,
            "width": f"{width} um",
            "length": f"{width * rng.uniform(1.0, 3.0)} um",
            "pitch_x": f"{width + rng.uniform(500.0, 1500.0)} um",
            "pitch_y": f"{3.0 * width + rng.uniform(500.0, 1500.0)} um",
            "inside": str(rng.choice(["sealed", "plated", "pillar"])),
            "pillar_width": f"{rng.uniform(0.1, 0.6) * width} um",
            "plating": f"{rng.uniform(2.0, 30.0)} um",
            "foils": [
                {
                    "thickness": f"{rng.uniform(30.0, 150.0)} um",
                    "angle": f"{rng.uniform(25.0, 90.0)} deg",
                    "tread": f"{rng.choice([0.0, 80.0]) if index else 0.0} um",
                }
                for index in range(rng.integers(1, 4))
            ],
        }
        given |= {name: f"{rng.uniform(0.5, 15.0)} um" for name in ("film_wall", "film_floor", "film_top")}
        try:
            VIA.read(given)
        except InputError:
            continue
        assert jacobians(build(0.7, **given)).min() > 0.0, given


@pytest.mark.parametrize("model", ["section", "meridian", "quarter"])
def test_the_defaults_and_a_foil_without_lead_fit_every_model(model):
    arrays = build(model=model, shape="round", lead="0 um")
    assert "lead" not in arrays.regions
    assert not any(name.startswith("lead") for name in arrays.surfaces)
    assert jacobians(build(model=model, shape="round", setback="0 um")).min() > 0.5


def test_a_film_of_the_same_resistance_as_one_wall_follows_length_and_girth():
    def wall(**given):
        return VIA.read({"model": "meridian", "shape": "round", "same_resistance_as": "50 deg", **given}).wall

    assert wall() == pytest.approx(5e-6, rel=1e-12)  # the default is a wall of 50 degrees
    run = 100.0 / math.tan(math.radians(50.0))
    reference = math.log((250.0 + run) / 250.0) / math.cos(math.radians(50.0))
    steep = wall(foils=[{"thickness": "100 um", "angle": "90 deg"}])
    assert steep == pytest.approx(5e-6 * (100.0 / 250.0) / reference, rel=1e-9)
    section = VIA.read({"model": "section", "foils": [{"angle": "90 deg"}], "same_resistance_as": "50 deg"}).wall
    assert section == pytest.approx(5e-6 * math.sin(math.radians(50.0)), rel=1e-9)


def test_steps_cut_one_foil_into_equal_parts():
    cut = VIA.read({"steps": 3, "step_tread": "20 um", "foils": [{"thickness": "80 um", "angle": "60 deg"}]})
    assert [foil.thickness for foil in cut.foils] == pytest.approx([20e-6] * 4)
    assert [foil.tread for foil in cut.foils] == pytest.approx([0.0, 20e-6, 20e-6, 20e-6])
    again = VIA.read(cut.model_dump())  # as a run's resolved study gives them
    assert again.foils == cut.foils
