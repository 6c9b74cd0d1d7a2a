"""Radiographs of small meshes: transmission, areas, balances, pictures; the same on every number of ranks."""

import dataclasses
import math

import numpy as np
import pytest
from mpi4py import MPI
from pydantic import ValidationError

from femsuite.errors import InputError
from femsuite.material.composition import Composition
from femsuite.meshing import MeshOptions, build_mesh
from femsuite.topograph.attenuation import attenuation
from femsuite.topograph.boundaries import beam_frame
from femsuite.topograph.radiograph import LIMITS, take_radiograph
from femsuite.topograph.radiograph_options import RadiographOptions
from femsuite.topograph.radiograph_plot import save_all
from femsuite.verify import bodies
from femsuite.verify.cases_radiograph import made
from femsuite.verify.constants import material

LAYERS = {"copper": 0.2e-3, "silicon": 0.6e-3}
MATERIALS = {"copper": made("Cu"), "silicon": made("Si")}
PASSED = math.exp(-0.02 * 89.175 - 0.04 * 3.0677)


def options(**more):
    return RadiographOptions.model_validate({"energies": ("31 keV",), "pixel": "20 um", **more})


def plate(cell="tetrahedron", comm=MPI.COMM_SELF):
    return bodies.box((1e-3, 0.8e-3, 0.6e-3), (3, 2, 6), cell, LAYERS, comm=comm)


@pytest.mark.parametrize("cell", ["tetrahedron", "hexahedron"])
def test_layers_pass_what_their_thicknesses_leave(cell):
    taken = take_radiograph(plate(cell), MATERIALS, options())
    assert taken.areas["silicon"]["31 keV"] == pytest.approx(PASSED, rel=1e-4)
    image = taken.transmission["31 keV"]
    assert image.max() == 1.0
    assert image.min() == pytest.approx(PASSED, rel=1e-4)
    assert taken.lengths["Cu"].max() == pytest.approx(0.2e-3, rel=1e-12)
    assert taken.balances["balance.radiograph_faces"] < 1e-13
    assert all(taken.balances[name] < limit for name, limit in LIMITS.items())


def test_a_tilted_plate_is_longer_by_one_over_the_cosine():
    taken = take_radiograph(plate(), MATERIALS, options(tilt="30 deg", tilt_about="vertical"))
    middle = tuple(count // 2 for count in taken.screen.shape)
    assert taken.lengths["Si"][middle] == pytest.approx(0.4e-3 / math.cos(math.pi / 6), rel=1e-10)


@pytest.mark.parametrize(("along", "longest"), [("x", 1e-3), ("y", 0.8e-3), ("z", 0.4e-3)])
def test_the_beam_runs_along_the_named_axis(along, longest):
    assert take_radiograph(plate(), MATERIALS, options(along=along)).lengths["Si"].max() == pytest.approx(longest)


@pytest.mark.parametrize("along", ["x", "y", "z"])
@pytest.mark.parametrize("about", ["horizontal", "vertical"])
def test_picture_and_beam_are_a_right_handed_frame(along, about):
    frame = beam_frame(along, 0.3, about)
    assert np.allclose(frame @ frame.T, np.eye(3), atol=1e-15)
    assert np.linalg.det(frame) == pytest.approx(1.0)
    assert frame[2] @ beam_frame(along)[2] == pytest.approx(math.cos(0.3))


def test_a_spectrum_weighs_transmissions_not_attenuations():
    lines = ({"energy": "31 keV", "weight": 3.0}, {"energy": "62 keV", "weight": 1.0})
    taken = take_radiograph(plate(), MATERIALS, options(energies=("31 keV", "62 keV"), spectrum=lines))
    one, two = (taken.areas["silicon"][f"{energy} keV"] for energy in (31, 62))
    assert taken.areas["silicon"]["spectrum"] == pytest.approx(0.75 * one + 0.25 * two, rel=1e-12)
    assert set(taken.attenuation) == {"31 keV", "62 keV"}


@pytest.fixture(scope="module")
def package():
    return build_mesh("soic_package", {"sources": [{"name": "Q5"}]}, MeshOptions(refinement=0.25), comm=MPI.COMM_SELF)


def made_of(tagged):
    names = {"die": "Si", "source_Q5": "Si", "mould": "EMC"}
    return {name: made(names.get(name, "Cu")) for name in tagged.regions}


def test_areas_are_told_by_what_rays_cross_and_what_they_do_not(package):
    areas = {
        "bare": {"through": "mould", "without": "*"},
        "die": {"through": "die"},
        "frame": {"through": "paddle", "without": "die"},
        "inner_lead": {"through": ("lead_*", "mould")},
        "nothing": {"through": ("lead_1", "die")},
    }
    taken = take_radiograph(package, made_of(package), options(areas=areas, pixel="50 um"))
    passed = {name: found["31 keV"] for name, found in taken.areas.items()}
    assert passed["bare"] == pytest.approx(math.exp(-0.15 * 1.4226), rel=1e-4)
    assert passed["frame"] == pytest.approx(math.exp(-0.13 * 1.4226 - 0.02 * 89.175), rel=1e-4)
    assert passed["inner_lead"] == pytest.approx(passed["frame"], rel=1e-9)
    assert passed["bare"] > passed["frame"] > passed["die"]
    assert taken.shares["die"] == pytest.approx(1e-6 / (50e-6**2 * np.prod(taken.screen.shape)), rel=1e-9)
    assert math.isnan(passed["nothing"])
    assert taken.shares["nothing"] == 0.0


def test_a_part_counts_as_its_region_and_is_no_area_of_its_own(package):
    taken = take_radiograph(package, made_of(package), options(pixel="100 um"))
    assert "die" in taken.areas
    assert "source_Q5" not in taken.areas
    assert taken.balances["balance.radiograph_faces"] < LIMITS["balance.radiograph_faces"]


def test_a_window_cuts_the_picture_and_leaves_cut_regions_out_of_the_ray_balance(package):
    window = {"horizontal": ("-0.7 mm", "0.7 mm"), "vertical": ("-0.6 mm", "0.6 mm")}
    taken = take_radiograph(package, made_of(package), options(window=window))
    assert taken.screen.shape == (60, 70)
    assert set(taken.relative) == {"die", "attach"}


def test_more_rays_in_a_pixel_show_the_mean_of_what_they_meet():
    window = {"horizontal": ("0.9 mm", "1.1 mm"), "vertical": ("0.3 mm", "0.5 mm")}
    taken = take_radiograph(plate(), MATERIALS, options(pixel="200 um", rays=4, window=window))
    assert taken.transmission["31 keV"] == pytest.approx(0.5 * (1.0 + PASSED), rel=1e-4)
    assert taken.rays == 16


@pytest.mark.mpi
def test_any_number_of_ranks_gives_the_same_radiograph():
    alone = take_radiograph(plate(), MATERIALS, options(tilt="11 deg"))
    shared = take_radiograph(plate(comm=MPI.COMM_WORLD), MATERIALS, options(tilt="11 deg"))
    assert shared.screen == alone.screen
    assert np.allclose(shared.transmission["31 keV"], alone.transmission["31 keV"], rtol=1e-12, atol=0)
    assert shared.areas["copper"]["31 keV"] == pytest.approx(alone.areas["copper"]["31 keV"], rel=1e-12)
    assert shared.repeated == alone.repeated
    assert shared.relative == pytest.approx(alone.relative, abs=1e-12)


def test_a_region_without_composition_is_refused_with_what_to_write():
    bare = {**MATERIALS, "copper": material("Cu", density=8960.0)}
    with pytest.raises(InputError, match=r"regions.copper: Cu has no composition, .* write \[composition\]"):
        take_radiograph(plate(), bare, options())
    light = dataclasses.replace(material("foam"), composition=Composition({"C": 1.0}, ("x",), "estimate"))
    with pytest.raises(InputError, match="foam has no density"):
        take_radiograph(plate(), {**MATERIALS, "copper": light}, options())


def test_faults_of_table_and_mesh_are_sentences():
    with pytest.raises(
        InputError, match=r"radiograph.areas.x.through: there is no region 'coper'; did you mean 'copper'"
    ):
        take_radiograph(plate(), MATERIALS, options(areas={"x": {"through": "coper"}}))
    with pytest.raises(InputError, match=r"radiograph.pixel: a picture of .* mm has .* pixels of 0.1 um"):
        take_radiograph(plate(), MATERIALS, options(pixel="0.1 um"))
    with pytest.raises(InputError, match="this mesh is plane"):
        take_radiograph(bodies.box((1.0, 1.0), (2, 2), "triangle"), {"body": made("Si")}, options())
    bent = bodies.moved(
        bodies.box((1.0, 1.0, 1.0), (2, 2, 2), "hexahedron", comm=MPI.COMM_SELF),
        lambda x: x * (1.0 + 0.1 * x[:, [1, 2, 0]] * x[:, [2, 0, 1]]),
    )
    with pytest.raises(InputError, match="faces are not plane"):
        take_radiograph(bent, {"body": made("Si")}, options(pixel=None))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"energies": ()}, "no energy is given"),
        ({"energies": ("31 keV", "31000 eV")}, "31 keV is given twice"),
        ({"energies": ("900 keV",)}, "900 keV is not between 1 and 500 keV"),
        ({"pixel": "-1 um"}, "must be above zero"),
        ({"detector": "scmos"}, "did you mean 'scmos_3.2um'"),
        ({"window": {"horizontal": ("1 mm", "0 mm"), "vertical": ("0 mm", "1 mm")}}, "does not rise"),
        ({"areas": {"x": {"through": ()}}}, "the list is empty"),
        ({"energy": "31 keV"}, "Extra inputs"),
    ],
)
def test_bad_options_are_refused(given, sentence):
    with pytest.raises(ValidationError, match=sentence):
        options(**given)


def test_attenuation_is_that_of_the_tables():
    assert attenuation(made("Cu"), 31.0) == pytest.approx(8917.5, rel=1e-3)
    assert attenuation(made("EMC"), 24.942) == pytest.approx(242.3, rel=1e-3)
    with pytest.raises(InputError, match=r"0\.5 keV is not between"):
        attenuation(made("Cu"), 0.5)


def test_pictures_and_arrays_hold_what_was_taken(tmp_path):
    asked = options(detector={"pixel": "20 um", "blur": "20 um"}, energies=("31 keV", "24.942 keV"), dose=5e3)
    taken = take_radiograph(plate(), MATERIALS, asked)
    files = [path.name for path, _ in save_all(taken, asked, tmp_path)]
    assert files == [
        "radiograph_31keV.png",
        "radiograph_31keV_recorded.png",
        "radiograph_24.942keV.png",
        "radiograph_24.942keV_recorded.png",
    ]
    assert all((tmp_path / name).stat().st_size > 5000 for name in files)
    with np.load(tmp_path / "radiograph.npz") as arrays:
        assert arrays["transmission_31keV"].shape == taken.screen.shape
        assert arrays["length_Cu"].max() == pytest.approx(0.2e-3)
        assert len(arrays["horizontal"]) == taken.screen.shape[1]
        corner = arrays["counts_31keV"][:2, :2].mean()  # beside the plate the full dose, also at the picture's edge
    assert corner == pytest.approx(100.0 + 2.5 * 5e3, rel=0.03)
