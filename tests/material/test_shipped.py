"""The 54 shipped materials: all load, none lost a number, and their provenance is what it was when collected."""

import pickle
import re
import tomllib
from collections import Counter

import numpy as np
import pytest

from femsuite import library
from femsuite.material import KINDS, load, names
from femsuite.material.laws.j2 import hardening
from femsuite.material.overview import status_counts

NAMES = names()
RESINS = ["EMC", "epoxy_foil", "solder_resist", "underfill_UF9000AE", "Ag_epoxy", "IMS_dielectric", "PEEK"]


@pytest.fixture(scope="module")
def materials():
    return {name: load(name) for name in NAMES}


def test_there_are_54():
    assert len(NAMES) == 54


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_with_finite_values_and_known_sources(name):
    material = load(name)
    assert material.name == name
    assert material.role
    for item in material.properties.values():
        assert item.unit == KINDS[item.name].unit
        if not item.arguments:
            at = np.linspace(*(item.valid or (250.0, 500.0)), 7)
            assert np.isfinite(item(at)).all()
            assert np.isfinite(item.derivative(at)).all()
        for part in (item, *item.ingredients):
            assert set(part.source) <= set(material.sources)
    for sets in material.data.values():
        assert all(set(found.source) <= set(material.sources) and found.status for found in sets)


def test_the_counts_of_statuses_are_those_of_the_collection(materials):
    # 529 numbers of the materials (332 published, 35 mixed, 6 seed, 36 derived, 52 unchecked, 68 estimate) and 15 sets
    # for diffusion and fatigue (5, 1, 0, 1, 6, 2), plus the 7 mould compound grades (published), less the resistivity
    # of silicon, an estimate without a value, and the 2 Prony series of the mould compound (estimates)
    expected = {"published": 332 + 5 + 7, "mixed": 35 + 1, "seed": 6, "derived": 36 + 1}
    expected |= {"unchecked": 52 + 6, "estimate": 68 + 2 - 1 + 2}
    assert status_counts(materials.values()) == expected
    assert materials["Si"].not_known.keys() == {"electrical_resistivity"}


def test_the_law_sets_are_all_there(materials):
    kinds = Counter(found.kind for m in materials.values() for sets in m.data.values() for found in sets)
    assert kinds == {
        "anand": 10, "creep": 5, "hardening": 3, "weibull": 5, "fatigue": 10, "diffusion": 6, "grade": 7, "variant": 3,
        "johnson_cook": 1, "flow_stress": 1, "creep_anchor": 1, "anneal": 1, "mixture": 1, "prony": 2,
    }  # fmt: skip


def test_every_source_in_a_file_is_used_there():
    for path in library.names("materials", ".toml").values():
        text = path.read_text(encoding="utf-8")
        for key in tomllib.loads(text)["sources"]:
            assert len(re.findall(rf"(?<![\w.]){re.escape(key)}(?!\w)", text)) > 1, (path.name, key)


def test_a_borrowed_set_is_followed(materials):
    borrowed = materials["Pb97.5Ag2.5"].parameters("anand")
    assert borrowed.values == materials["Pb92.5Sn5Ag2.5"].parameters("anand").values
    assert borrowed.borrowed_from == "Pb92.5Sn5Ag2.5"
    assert set(borrowed.source) <= set(materials["Pb97.5Ag2.5"].sources)


def test_the_default_anand_set_of_sac305(materials):
    values = materials["SAC305"].parameters("anand").values
    assert values["A_per_s"] == 3501.0
    assert values["h0_Pa"] == 180e9
    assert len(materials["SAC305"].data["anand"]) == 3


def test_a_constant_that_is_not_known_is_named(materials):
    assert materials["Zn"].parameters("creep").missing == ("A",)


@pytest.mark.parametrize("name", RESINS)
def test_a_resin_has_two_plateaus_about_its_glass_transition(materials, name):
    resin = materials[name]

    def one(key):
        return float(resin.property(key)(300.0))

    transition = one("glass_transition")
    modulus, expansion = resin.property("youngs_modulus"), resin.property("expansion_tangent")
    glass, rubber = one("youngs_modulus_glass"), one("youngs_modulus_rubber")
    for offset in (-60.0, -7.0, 0.0, 12.0, 80.0):
        step = 1.0 / (1.0 + np.exp(offset / 10.0))
        assert np.isclose(modulus(transition + offset), rubber + (glass - rubber) * step, rtol=1e-14)
        step = 1.0 / (1.0 + np.exp(-offset / 5.0))
        wanted = one("expansion_glass") + (one("expansion_rubber") - one("expansion_glass")) * step
        assert np.isclose(expansion(transition + offset), wanted, rtol=1e-14)
    # published plateaus do not make the smoothing width measured
    assert modulus.status == expansion.status == "estimate"
    assert {part.name: part.status for part in modulus.ingredients}["width"] == "estimate"


def test_an_expressions_status_is_the_worst_of_its_parts(materials):
    assert materials["Si"].property("stiffness_c11").stated_status == "published"
    assert materials["Si"].property("stiffness_c11").status == "unchecked"  # its temperature coefficient is


def test_a_laminate_conducts_and_expands_by_direction(materials):
    board = materials["FR4"]
    assert np.allclose(board.conductivity(np.array([300.0])), [[0.81, 0.81, 0.29]])
    assert np.allclose(board.thermal_strain_diagonal(np.array([320.0]), 300.0), [[3e-4, 3e-4, 1.2e-3]], rtol=1e-13)
    assert np.all(board.conductivity_derivative(np.array([300.0])) == 0.0)


def test_what_a_material_lacks_is_absent(materials):
    assert not materials["air"].answers("stiffness")
    assert not materials["air"].answers("expansion")
    assert not materials["ZnAl_bonded_graded"].properties
    assert "rule" in materials["ZnAl_bonded_graded"].parameters("mixture").values


def test_a_film_yields_by_its_thickness(materials):
    # Yu & Spaepen, J. Appl. Phys. 95 (2004) 2991: 471, 372, 327 MPa at 1, 2, 3 um; 282 MPa extrapolated at 5 um
    yields = materials["Cu_PVD_film"].property("yield_stress")
    for thickness, expected in ((1e-6, 471e6), (2e-6, 372e6), (3e-6, 327e6), (5e-6, 282e6)):
        assert np.isclose(yields.at(thickness=thickness)(295.0), expected, atol=0.6e6)
    assert "outside 1e-07 to 3e-06 m" in yields.at(thickness=5e-6).note


def test_the_law_j2_takes_the_yield_of_a_film_of_a_given_thickness(materials):
    film = materials["Cu_PVD_film"].given(thickness=5e-6)
    assert hardening(film).sigma_0 is None  # the yield stress of the material, not a set of constants
    assert np.isclose(film.property("yield_stress")(295.0), 282e6, atol=0.6e6)


@pytest.mark.parametrize(("name", "at_298"), [("Cu_PVD_film", 21.0e-9), ("Cu_electroplated", 18.0e-9)])
def test_copper_of_a_film_resists_more_than_bulk_by_a_constant(materials, name, at_298):
    # Matthiessen's rule: at 398 K the film has gained what the bulk gained by its table, 23.884 - 17.116 nohm m
    film, bulk = (materials[one].property("electrical_resistivity") for one in (name, "Cu_OFHC"))
    assert np.isclose(film(298.0), at_298, rtol=1e-12)
    assert np.isclose(film(398.0), at_298 + 6.768e-9, rtol=2e-3)
    at = np.linspace(233.0, 500.0, 12)
    assert np.allclose(film(at) - bulk(at), at_298 - bulk(298.0), atol=0.11e-9)
    assert (film.stated_status, film.status) == ("derived", "estimate")  # its constant part is one


def test_heat_capacities_of_the_adhesion_layers_are_those_of_a_mole(materials):
    # 24.896 J/(mol K) of V (JANAF) over 50.9415 g/mol, 25.4 of Zr (CRC) over 91.224 g/mol, at 298.15 K
    assert np.isclose(materials["V"].property("heat_capacity")(298.15), 24.896 / 50.9415e-3, rtol=1e-3)
    assert np.isclose(materials["Zr"].property("heat_capacity")(298.15), 25.4 / 91.224e-3, rtol=2e-3)


def test_a_metal_carries_heat_about_as_it_carries_current(materials):
    # Wiedemann and Franz, L = 2.44e-8 W ohm/K^2: pure metals lie within a third of it
    for name in ("Cu_OFHC", "Al_99", "Ag", "Au", "Mo", "W", "Ti", "V", "Zr"):
        k, rho = (materials[name].property(key)(298.0) for key in ("thermal_conductivity", "electrical_resistivity"))
        assert 0.75 < k * rho / (2.44e-8 * 298.0) < 1.35, name


def test_titanium_and_tungsten_resist_more_when_hot(materials):
    # temperature coefficients at 20 C: 0.0038 and 0.0045 1/K
    titanium, tungsten = (materials[name].property("electrical_resistivity") for name in ("Ti", "W"))
    assert np.isclose(titanium(393.0) / titanium(293.0), 1.38, rtol=1e-12)
    assert np.isclose(tungsten(393.0) / tungsten(293.0), 1.45, rtol=1e-2)


def test_copper_expands_as_its_table_says(materials):
    copper = materials["Cu_OFHC"]
    # trapezoids of the table between 298, 323 and 398 K
    assert np.isclose(copper.thermal_strain(398.0, 298.0), 25.0 * 16.7e-6 + 75.0 * 17.05e-6, rtol=1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_it_travels_between_ranks(name, materials):
    sent = materials[name]
    got = pickle.loads(pickle.dumps(sent))
    assert set(got.properties) == set(sent.properties)
    at = np.linspace(240.0, 520.0, 5)
    for key, item in sent.properties.items():
        if not item.arguments:
            assert np.array_equal(got.property(key)(at), item(at))
            assert np.array_equal(got.property(key).integral(at, 300.0), item.integral(at, 300.0))
