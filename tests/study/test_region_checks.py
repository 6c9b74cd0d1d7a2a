"""A law finds its constants in the region's material, and nothing is free of stress where it is liquid."""

import pytest
from told import faults, only

from femsuite import library, material
from femsuite.material.laws import laws_for
from femsuite.study import load


def test_a_law_whose_constants_the_material_lacks_is_told_with_the_constants_and_the_laws_that_fit():
    fault = only(["regions.frame.law=anand"])
    assert fault.key == "regions.frame.law"
    assert fault.message == (
        "Cu_leadframe_C194 has no [[data.anand]], whose constants the law 'anand' needs (A_per_s, Q_over_R_K, xi, m, "
        "s_hat_Pa, n, h0_Pa, a, s0_Pa); its parameter sets: none at all. Laws for Cu_leadframe_C194: incremental, "
        "total, j2"
    )


@pytest.mark.parametrize(
    ("law", "words"),
    [
        ("norton", "of the model norton or powerlaw_FrostAshby"),
        ("garofalo", "(A_per_s, alpha_per_Pa, n, Q_over_R_K)"),
        ("viscoelastic", "(modulus, tau_s, g, shift)"),
    ],
)
def test_every_law_says_what_the_lead_frame_lacks(law, words):
    fault = only([f"regions.frame.law={law}"])
    assert fault.key == "regions.frame.law"
    assert words in fault.message
    assert fault.message.endswith("Laws for Cu_leadframe_C194: incremental, total, j2")


def test_a_law_of_isotropic_materials_does_not_suit_a_crystal():
    fault = only(["regions.die.law=j2"])
    assert fault.key == "regions.die.law"
    assert fault.message == (
        "Si is a cubic crystal, and the law 'j2' is that of an isotropic material. Laws for Si: incremental, total"
    )


def test_a_law_that_the_material_has_constants_for_passes():
    solder = ["regions.joint.material=SAC305", "regions.joint.stress_free_temperature=217 degC"]
    for law in ("anand", "incremental"):
        assert load("die_attach/assembly", [*solder, f"regions.joint.law={law}"]).regions["joint"].law == law


def test_a_set_that_there_is_not_is_told_at_its_own_key():
    fault = only(["regions.aluminium.law_set=soft"])
    assert fault.key == "regions.aluminium.law_set"
    assert "Al_99: there is no hardening set 'soft'" in fault.message
    assert "Laws for" not in fault.message


def test_elastic_regions_have_neither_set_nor_strength():
    overrides = ["regions.frame.law=incremental", "regions.frame.strength=2.0", "regions.frame.law_set=soft"]
    told = {fault.key: fault.message for fault in faults(overrides)}
    assert told["regions.frame.strength"] == (
        "a factor on the strength belongs to the law 'j2'; 'frame' has the law 'incremental'"
    )
    assert "has no sets" in told["regions.frame.law_set"]


def test_without_mechanics_laws_and_stress_free_temperatures_do_not_matter():
    load("die_attach/solders_heat", ["regions.frame.law=anand", "regions.frame.stress_free_temperature=2000 degC"])


@pytest.mark.parametrize("name", sorted(library.names("materials", ".toml")))
def test_the_laws_of_every_shipped_material_can_be_told(name):
    found = laws_for(material.load(name))
    assert set(found) <= {"incremental", "total", "j2", "norton", "garofalo", "anand", "viscoelastic"}


def test_a_solder_that_is_free_of_stress_above_its_solidus_is_told():
    fault = only(["regions.joint.material=SAC305", "regions.joint.law=anand"])
    assert fault.key == "regions.joint.stress_free_temperature"
    assert fault.message == (
        "382 degC is above the solidus of SAC305, 217 degC: there it is liquid and carries nothing; give 217 degC or "
        "less"
    )


def test_a_metal_without_solidus_is_held_to_its_melting_temperature():
    fault = only(["regions.aluminium.stress_free_temperature=700 degC"])
    assert fault.message.startswith("700 degC is above the melting temperature of Al_99, 660.4 degC")


@pytest.mark.parametrize(
    ("name", "temperature"), [("ZnAl_eutectic", "382 degC"), ("Pb92.5Sn5Ag2.5", "287 degC"), ("SAC305", "218 degC")]
)
def test_a_kelvin_above_the_solidus_is_rounding(name, temperature):
    where = [f'regions.joint.material="{name}"', f"regions.joint.stress_free_temperature={temperature}"]
    load("die_attach/assembly", [*where, "regions.joint.law=incremental"])


def test_a_solder_that_is_born_liquid_is_told_at_its_birth():
    fault = only(["stages.0.temperature=240 degC"], "hermetic_cap/seal")
    assert fault.key == "stages.1.born.0"
    assert fault.message.startswith(
        "'attach' is born where the stage before ends: 240 degC is above the solidus of SAC305, 217 degC"
    )
    load("hermetic_cap/seal", ["stages.0.temperature=217 degC"])


def test_constants_of_fatigue_that_the_layers_material_lacks_are_told_before_the_solve():
    fault = only(["lives.0.set=CoffinManson_Al_wir"], "die_attach/solders")
    assert fault.key == "lives.0.set"
    assert "there is no fatigue set 'CoffinManson_Al_wir'; did you mean 'CoffinManson_Al_wire'?" in fault.message
