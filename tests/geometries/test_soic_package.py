import math

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
from femsuite.meshing import MeshOptions, build_mesh
from femsuite.meshing.arrays import MeshArrays
from femsuite.meshing.mesh import build_arrays
from femsuite.meshing.quality import quality

COARSE = MeshOptions(refinement=0.25)
ONE_SOURCE = [{"name": "Q5", "length": "60 um", "width": "30 um", "depth": "10 um", "angle": "90 deg"}]


def area(arrays: MeshArrays, *names: str) -> float:
    tags = [tag for name, tag in {**arrays.surfaces, **arrays.interfaces}.items() if name in names]
    facets = arrays.points[arrays.facets[np.isin(arrays.facet_tags, tags)]]
    return float(np.linalg.norm(np.cross(facets[:, 1] - facets[:, 0], facets[:, 2] - facets[:, 0]), axis=1).sum() / 2)


def volume(arrays: MeshArrays, name: str) -> float:
    corners = arrays.points[arrays.cells[arrays.cell_tags == arrays.regions[name]]]
    return float(np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])).sum() / 6)


@pytest.fixture(scope="module")
def coarse() -> MeshArrays:
    return build_arrays("soic_package", {}, COARSE)[0]


def test_names_are_those_of_the_package(coarse):
    leads = {f"lead_{pin}" for pin in range(1, 15)}
    sources = {f"source_Q{n}" for n in range(1, 6)}
    bars = {"tie_bar_left", "tie_bar_right"}
    assert set(coarse.regions) == {"mould", "paddle", "attach", "die"} | leads | sources | bars
    feet = {f"{lead}_foot" for lead in leads}
    assert set(coarse.surfaces) == {"body_top", "body_bottom", "body_side"} | leads | feet
    assert dict(coarse.part_of) == {**dict.fromkeys(sources, "die"), **dict.fromkeys(bars, "paddle")}
    assert {"attach|die", "attach|paddle", "die|mould", "die|source_Q5", "lead_1|mould"} <= set(coarse.interfaces)


def test_volumes_are_those_of_the_drawing(coarse):
    source = 60e-6 * 30e-6 * 10e-6
    inner_lead = 0.41e-3 * 0.2e-3 * 0.75e-3
    inside = {
        "paddle": 2.4e-3 * 1.9e-3 * 0.2e-3,
        "tie_bar_left": 0.5 * (8.65e-3 - 2.4e-3) * 0.4e-3 * 0.2e-3,
        "tie_bar_right": 0.5 * (8.65e-3 - 2.4e-3) * 0.4e-3 * 0.2e-3,
        "attach": 1e-6 * 25e-6,
        "die": 1e-6 * 400e-6 - 5 * source,
        "source_Q3": source,
    }
    for name, expected in inside.items():
        assert volume(coarse, name) == pytest.approx(expected, rel=1e-9, abs=0), name
    rest = sum(inside.values()) + 4 * source + 14 * inner_lead
    assert volume(coarse, "mould") == pytest.approx(8.65e-3 * 3.9e-3 * 1.5e-3 - rest, rel=1e-9, abs=0)


def test_areas_are_those_of_the_drawing(coarse):
    assert area(coarse, "body_top") == pytest.approx(8.65e-3 * 3.9e-3, rel=1e-9, abs=0)
    assert area(coarse, "body_bottom") == pytest.approx(8.65e-3 * 3.9e-3, rel=1e-9, abs=0)
    side = 2 * (8.65e-3 + 3.9e-3) * 1.5e-3 - 14 * 0.41e-3 * 0.2e-3  # with the ends of the tie bars
    assert area(coarse, "body_side") == pytest.approx(side, rel=1e-9, abs=0)
    assert area(coarse, "lead_9_foot") == pytest.approx(0.41e-3 * 0.6e-3, rel=1e-9, abs=0)
    assert area(coarse, "attach|die") == pytest.approx(1e-6, rel=1e-9, abs=0)
    assert area(coarse, "mould|source_Q5") == pytest.approx(60e-6 * 30e-6, rel=1e-9, abs=0)


def test_overall_height_and_span_are_those_of_the_standard(coarse):
    low, high = coarse.points.min(axis=0), coarse.points.max(axis=0)
    assert high[2] - low[2] == pytest.approx(1.65e-3)
    assert high[1] - low[1] == pytest.approx(6.0e-3)


def test_pins_count_counter_clockwise_from_the_corner_at_minus_x_minus_y(coarse):
    def middle(pin: int) -> np.ndarray:
        return coarse.points[coarse.cells[coarse.cell_tags == coarse.regions[f"lead_{pin}"]]].mean(axis=(0, 1))

    assert middle(1)[0] == pytest.approx(-3 * 1.27e-3, abs=1e-5)
    assert [math.copysign(1, middle(pin)[1]) for pin in (1, 7, 8, 14)] == [-1, -1, 1, 1]
    assert middle(7)[0] == pytest.approx(middle(8)[0], abs=1e-5)
    assert middle(14)[0] == pytest.approx(middle(1)[0], abs=1e-5)


def test_the_working_mesh_resolves_the_sources_and_has_no_slivers():
    mesh = build_mesh("soic_package", {}, MeshOptions())
    report = quality(mesh)
    assert 100_000 < report.cells < 140_000
    assert report.shape_min > 0.05
    assert report.dihedral_min is not None
    assert report.dihedral_min > 5.0
    arrays, _ = build_arrays("soic_package", {}, MeshOptions())
    parameters = load_geometry("soic_package").read({})
    for source in parameters.sources:
        nodes = np.unique(arrays.cells[arrays.cell_tags == arrays.regions[f"source_{source.name}"]])
        points = arrays.points[nodes]
        top = points[points[:, 2] > points[:, 2].max() - 1e-9]
        # turned by 90 degrees: the short side runs along x
        edge = top[top[:, 1] > top[:, 1].max() - 1e-9]
        assert len(edge) - 1 >= 4, source.name
        assert np.ptp(edge[:, 0]) == pytest.approx(source.width)


@pytest.mark.parametrize(("sources", "most"), [(ONE_SOURCE, 20_000), (None, 26_000)], ids=["one", "five"])
def test_the_mesh_at_half_the_refinement_is_small(sources, most):
    given = {} if sources is None else {"sources": sources}
    arrays, _ = build_arrays("soic_package", given, MeshOptions(refinement=0.5))
    assert len(arrays.cells) < most


@pytest.mark.parametrize(
    "given",
    [
        {"pins": 8, "sources": ONE_SOURCE},
        {"pins": 16, "lead_form": "stepped", "sources": []},
        {"draft": "7 deg", "sources": ONE_SOURCE},
        {"sources": [{**ONE_SOURCE[0], "angle": "30 deg", "x": "300 um", "y": "-200 um"}]},
        {"sources": ONE_SOURCE, "wires": [{"lead": 4, "x": "100 um", "y": "-350 um", "loop": "80 um"}]},
        {"attach_thickness": "5 um", "sources": ONE_SOURCE},
    ],
    ids=["soic8", "soic16_stepped", "draft", "turned_source", "wire", "thin_attach"],
)
def test_variants_mesh_without_slivers(given):
    mesh = build_mesh("soic_package", given, MeshOptions(refinement=0.4))
    report = quality(mesh)
    pins = given.get("pins", 14)
    assert sum(name.startswith("lead_") for name in mesh.regions) == pins
    assert report.regions["attach"].volume == pytest.approx(
        1e-6 * (5e-6 if "attach_thickness" in given else 25e-6), rel=1e-9
    )
    assert report.shape_min > 0.05, report.worst_region
    if given["sources"]:
        assert report.regions["source_Q5"].volume == pytest.approx(60e-6 * 30e-6 * 10e-6, rel=1e-9, abs=0)
    if "wires" in given:
        assert {"die|wire_1", "lead_4|wire_1"} <= set(mesh.interfaces)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"die_length": "3 mm"}, "die_length 3 mm is larger than paddle_length 2.4 mm"),
        ({"die_thickness": "0.7 mm"}, "the die ends 1.725 mm above the board"),
        ({"sources": [{"name": "Q1", "x": "480 um"}]}, "the source 'Q1' reaches outside the die"),
        ({"sources": [{"name": "Q1"}, {"name": "Q1", "x": "200 um"}]}, "two sources are named 'Q1'"),
        ({"sources": [{"name": "Q1"}, {"name": "Q2", "x": "40 um"}]}, "the sources 'Q1' and 'Q2' overlap"),
        ({"attach_thickness": "-5 um"}, "out of range; allowed: from 3 um to 100 um"),
        ({"body_height": "1.6 mm", "standoff": "0.2 mm"}, "JEDEC MS-012 allows 1.35 to 1.75 mm"),
        ({"inner_lead_length": "1.2 mm"}, "come nearer than 0.05 mm to the paddle"),
        ({"foot_length": "1 mm"}, "leaves no room for the bends"),
        ({"pins": 12}, "8, 14 or 16"),
        ({"wires": [{"lead": 15}]}, "a wire ends on lead 15, but there are 14 leads"),
        ({"sources": [{"name": "Q 1"}]}, "use letters, digits and _"),
    ],
)
def test_what_cannot_be_built_is_a_sentence_before_gmsh_runs(given, sentence, monkeypatch):
    import gmsh

    monkeypatch.setattr(gmsh, "initialize", lambda *_, **__: pytest.fail("gmsh was started"))
    with pytest.raises(InputError) as caught:
        build_mesh("soic_package", given)
    assert sentence in str(caught.value)


def test_sources_that_only_touch_corner_to_edge_after_turning_do_not_overlap():
    pair = [{"name": "A", "angle": "45 deg"}, {"name": "B", "x": "50 um", "y": "-50 um", "angle": "45 deg"}]
    assert len(load_geometry("soic_package").read({"sources": pair}).sources) == 2
