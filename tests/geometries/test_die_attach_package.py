import math

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.geometry import load_geometry
from femsuite.meshing import MeshOptions
from femsuite.meshing.arrays import MeshArrays
from femsuite.meshing.mesh import build_arrays
from femsuite.process.bonding import bond
from femsuite.process.clad import Clad
from femsuite.process.phase_diagram import EUTECTIC

SMALL = {"counts": [4, 1, 2], "edge_count": 1, "joint_counts": [1, 1, 1], "outer_count": 2}
DISC = 1.0 / math.sqrt(math.pi)  # radius of the disc with the area of a square of edge 1
DIE, PADDLE, MOULD, HIGH = 5e-3, 7e-3, 10e-3, 1e-3


def build(**given) -> MeshArrays:
    return build_arrays("die_attach_package", {**SMALL, **given}, MeshOptions())[0]


def sizes(arrays: MeshArrays) -> dict[str, float]:
    """Return region -> area or volume; the cells are straight bricks."""
    spans = np.ptp(arrays.points[arrays.cells], axis=1).prod(axis=1)
    return {name: float(spans[arrays.cell_tags == tag].sum()) for name, tag in arrays.regions.items()}


def rings(arrays: MeshArrays) -> dict[str, float]:
    """Return region -> volume of the body of revolution; exact for rectangles, as their middle is their centroid."""
    corners = arrays.points[arrays.cells]
    ring = 2.0 * math.pi * corners[..., 0].mean(axis=1) * np.ptp(corners, axis=1).prod(axis=1)
    return {name: float(ring[arrays.cell_tags == tag].sum()) for name, tag in arrays.regions.items()}


def faults(**given) -> str:
    with pytest.raises(InputError) as told:
        load_geometry("die_attach_package").read(given)
    return str(told.value)


BONDED = bond(Clad(10e-6, 50e-6, 10e-6), 400.0 + 273.15, 60.0)
HEIGHT = {
    "clad": {"zinc_lower": 10e-6, "aluminium": 50e-6, "zinc_upper": 10e-6},
    "bonded": {"bond_lower": BONDED.alloy[0], "aluminium": BONDED.aluminium, "bond_upper": BONDED.alloy[1]},
    "single": {"joint": 50e-6},
}


@pytest.mark.parametrize("joint", list(HEIGHT))
def test_a_disc_has_the_volume_of_the_square_that_it_stands_for(joint):
    found = rings(build(model="axisymmetric", joint=joint, active_thickness="10 um"))
    expected = {name: DIE**2 * height for name, height in HEIGHT[joint].items()}
    expected |= {"die": DIE**2 * 290e-6, "source_active": DIE**2 * 10e-6}
    expected |= {"frame": PADDLE**2 * 0.5e-3, "plating": PADDLE**2 * 3e-6}
    top = 0.5e-3 + 3e-6 + sum(HEIGHT[joint].values()) + 0.3e-3 + HIGH
    expected["mould"] = MOULD**2 * top - sum(expected.values())
    assert found == pytest.approx(expected, rel=1e-6, abs=0)


def test_the_meridian_reaches_the_radius_of_the_discs_of_equal_area():
    arrays = build(model="axisymmetric", joint="single")
    corners = arrays.points[arrays.cells[arrays.cell_tags == arrays.regions["die"]]]
    assert corners[..., 0].max() == pytest.approx(DIE * DISC, rel=1e-6)
    assert arrays.points[:, 0].min() == 0.0
    assert arrays.points[:, 0].max() == pytest.approx(MOULD * DISC, rel=1e-6)


def test_the_sections_regions_have_their_areas():
    found = sizes(build(model="section", joint="clad"))
    expected = {name: 0.5 * DIE * height for name, height in HEIGHT["clad"].items()}
    expected |= {"die": 0.5 * DIE * 0.3e-3, "frame": 0.5 * PADDLE * 0.5e-3, "plating": 0.5 * PADDLE * 3e-6}
    expected["lead"] = (0.5 * (MOULD - PADDLE) - 0.3e-3) * 0.5e-3
    above_lead = 3e-6 + 70e-6 + 0.3e-3 + 0.4e-3  # from the lead's face to the wire's underside
    on_die, on_lead = 0.6 * 0.5 * DIE, 0.5 * PADDLE + 0.3e-3 + 0.5 * (0.5 * (MOULD - PADDLE) - 0.3e-3)
    across = on_lead + 0.1e-3 - on_die
    expected["wire"] = 0.1e-3 * (0.4e-3 + across + above_lead)
    expected["mould"] = 0.5 * MOULD * (0.5e-3 + 3e-6 + 70e-6 + 0.3e-3 + HIGH) - sum(expected.values())
    assert found == pytest.approx(expected, rel=1e-6, abs=0)


def test_the_quarters_regions_have_their_volumes():
    arrays = build(model="quarter", joint="single", active_thickness="20 um")
    found = sizes(arrays)
    quarter = 0.25 * DIE**2
    expected = {"joint": quarter * 50e-6, "die": quarter * 280e-6, "source_active": quarter * 20e-6}
    expected |= {"frame": 0.25 * PADDLE**2 * 0.5e-3, "plating": 0.25 * PADDLE**2 * 3e-6}
    lead = 0.5 * (MOULD - PADDLE) - 0.3e-3
    expected["lead"] = lead * 0.3e-3 * 0.5e-3
    on_die, on_lead = 0.3 * DIE, 0.5 * PADDLE + 0.3e-3 + 0.5 * lead
    line = 0.4e-3 + (on_lead + 0.1e-3 - on_die) + 3e-6 + 50e-6 + 0.3e-3 + 0.4e-3
    expected["wire"] = 0.1e-3 * 0.05e-3 * line
    expected["mould"] = 0.25 * MOULD**2 * (0.5e-3 + 3e-6 + 50e-6 + 0.3e-3 + HIGH) - sum(expected.values())
    assert found == pytest.approx(expected, rel=1e-6, abs=0)
    assert arrays.cell_type == "hexahedron"
    assert {"symmetry_x", "symmetry_y", "bottom", "top", "side"} <= set(arrays.surfaces)


@pytest.mark.parametrize(
    ("model", "faces"),
    [("axisymmetric", {"axis"}), ("section", {"symmetry_x"}), ("quarter", {"symmetry_x", "symmetry_y"})],
)
def test_faces_are_named_and_their_places_are_right(model, faces):
    arrays = build(model=model, joint="single")
    assert {*faces, "bottom", "top", "side"} <= set(arrays.surfaces)
    up = arrays.dimension - 1
    top = 0.5e-3 + 3e-6 + 50e-6 + 0.3e-3 + HIGH
    far = MOULD * (DISC if model == "axisymmetric" else 0.5)
    for name, axis, place in (
        ("axis" if model == "axisymmetric" else "symmetry_x", 0, 0.0),
        ("bottom", up, 0.0),
        ("top", up, top),
        ("side", 0, far),
    ):
        nodes = arrays.points[arrays.facets[arrays.facet_tags == arrays.surfaces[name]]]
        assert np.abs(nodes[..., axis] - place).max() < 1e-12, name
    assert {"die|joint", "die|mould", "joint|plating", "frame|plating"} <= set(arrays.interfaces)


def test_bonding_decides_the_layers():
    read = load_geometry("die_attach_package").read
    assert [name for name, *_ in read({}).layers] == ["bond_lower", "aluminium", "bond_upper"]
    for name, thickness, _ in read({}).layers:
        assert thickness == pytest.approx(HEIGHT["bonded"][name], rel=1e-12)
    hotter = {name: thickness for name, thickness, _ in read({"bond_temperature": "450 degC"}).layers}
    assert hotter["aluminium"] < BONDED.aluminium
    assert hotter["bond_lower"] > BONDED.alloy[0]
    assert EUTECTIC < 400.0 + 273.15


def test_aluminium_that_dissolves_altogether_leaves_one_region_fewer():
    thin = {"zinc": "100 um", "aluminium": "5 um", "bond_temperature": "450 degC", "bond_time": "10 min"}
    names = [name for name, *_ in load_geometry("die_attach_package").read(thin).layers]
    assert names == ["bond_lower", "bond_upper"]
    assert "aluminium" not in build(model="axisymmetric", **thin).regions


@pytest.mark.parametrize("model", ["axisymmetric", "section", "quarter"])
def test_without_resin_there_is_neither_lead_nor_wire(model):
    arrays = build(model=model, joint="single", mould_above="0 mm", plating_thickness="0 um")
    assert set(arrays.regions) == {"frame", "joint", "die"}
    assert "outside" in arrays.surfaces


def test_a_package_may_have_no_wire():
    assert "wire" not in build(model="section", joint="single", wire=False).regions
    assert "wire" not in build(model="axisymmetric", joint="single").regions
    assert "lead" in build(model="section", joint="single", wire=False).regions


def test_elements_shrink_towards_the_band_along_the_dies_edge_which_has_its_own():
    arrays = build_arrays("die_attach_package", {"joint": "single"}, MeshOptions())[0]
    inside = arrays.points[arrays.cells[arrays.cell_tags == arrays.regions["die"]]].reshape(-1, 2)
    across = np.diff(np.unique(np.round(inside[:, 0], 8)))
    assert len(across) == 12 + 3
    assert across[-3:] == pytest.approx(50e-6 / 3.0, abs=2e-8)
    assert (np.diff(across[:-3]) < 0.0).all()
    assert across[-4] / across[-3] < 1.5
    through = np.diff(np.unique(np.round(inside[:, 1], 8)))
    assert through == pytest.approx([50e-6 / 3.0] * 3 + [200e-6 / 3.0] * 3 + [50e-6 / 3.0] * 3, abs=2e-8)


def test_a_die_too_thin_for_two_bands_is_cut_evenly():
    arrays = build(model="axisymmetric", joint="single", die_thickness="100 um")
    inside = arrays.points[arrays.cells[arrays.cell_tags == arrays.regions["die"]]].reshape(-1, 2)
    assert np.diff(np.unique(np.round(inside[:, 1], 8))) == pytest.approx([100e-6 / 3.0] * 3, abs=2e-8)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"die_edge": "7 mm"}, "die_edge 7 mm must be smaller than paddle_edge 7 mm"),
        ({"paddle_edge": "10 mm"}, "paddle_edge 10 mm must be smaller than mould_edge 10 mm"),
        ({"active_thickness": "100 um", "die_thickness": "150 um"}, "active_thickness is more than half of the die"),
        ({"counts": [14, 0, 3]}, "counts (14, 0, 3) must all be at least 1"),
        ({"joint_counts": [1, 1, 0]}, "joint_counts (1, 1, 0) must all be at least 1"),
        ({"edge_band": "1 mm", "die_edge": "4 mm"}, "edge_band 1 mm is more than a fifth of die_edge 4 mm"),
        ({"lead_gap": "1.5 mm"}, "a lead_gap of 1.5 mm leaves no lead between paddle and the package's side"),
        ({"wire_loop": "0.9 mm"}, "the wire leaves the resin: wire_loop 0.9 mm, mould_above 1 mm"),
        ({"lead_width": "5 mm", "model": "quarter"}, "lead_width 5 mm must be smaller than die_edge 5 mm"),
        (
            {"wire_thickness": "300 um", "lead_width": "0.3 mm"},
            "the wire of 0.3 mm is no narrower than the lead of 0.3 mm",
        ),
        ({"die_edge": "0.4 mm"}, "the wire of 0.1 mm has no room on a die of 0.4 mm"),
    ],
)
def test_what_does_not_fit_together_is_told(given, sentence):
    assert sentence in faults(**{"model": "section", **given})


@pytest.mark.parametrize("wire", [True, False])
def test_a_solid_of_the_fewest_elements_is_meshed(wire):
    found = sizes(build(model="quarter", joint="single", wire=wire, counts=[1, 1, 1]))
    assert found["die"] == pytest.approx(0.25 * DIE**2 * 0.3e-3, rel=1e-6, abs=0)


def test_a_meridian_has_no_lead_and_no_wire_to_complain_of():
    read = load_geometry("die_attach_package").read
    assert read({"lead_gap": "5 mm", "wire_loop": "3 mm"}).model == "axisymmetric"


def test_without_resin_the_packages_side_is_no_limit():
    given = {"model": "section", "mould_above": "0 mm", "paddle_edge": "20 mm", "lead_gap": "5 mm"}
    assert load_geometry("die_attach_package").read(given).paddle_edge == pytest.approx(20e-3)


@pytest.mark.parametrize(
    ("given", "word"),
    [({"model": "half"}, "quarter"), ({"joint": "glued"}, "bonded"), ({"die_edge": "50 mm"}, "30 mm")],
)
def test_a_value_outside_of_what_is_allowed_is_told_with_what_is(given, word):
    assert word in faults(**given)
