import pytest

from femsuite.errors import InputError
from femsuite.material import file
from femsuite.process import cap_seal, wetting
from femsuite.process.wetting import measured, sealed
from femsuite.process.wetting_reasons import least_zinc, predicted, zinc_sentence

HOLD = 673.15


@pytest.mark.parametrize(("share", "grade"), [(0.9, "good"), (0.8999, "middling"), (0.75, "middling"), (0.7499, "bad")])
def test_grades_change_at_90_and_75_percent(share, grade):
    assert wetting.grade(share) == grade


def test_the_clad_wets_nickel_well_and_copper_middling():
    assert [measured("clad", plating, HOLD).grade for plating in wetting.PLATINGS] == ["middling", *["good"] * 3]
    assert measured("clad", "Cu", HOLD).least == measured("clad", "Cu", HOLD).most == 0.80


@pytest.mark.parametrize("plating", wetting.PLATINGS)
@pytest.mark.parametrize("material", ["Zn-6Al", "Zn"])
def test_solders_are_bad_at_400_degc_and_good_above_the_melting_of_zinc(material, plating):
    cold, hot = measured(material, plating, HOLD), measured(material, plating, 703.15)
    assert (cold.grade, hot.grade) == ("bad", "good")
    assert ("Hardly anything" in cold.note) == (plating in ("Cu", "Ni"))
    assert cold.likely == (material == "Zn-6Al")
    assert hot.likely == (material == "Zn")


def test_every_measured_row_is_consistent_and_has_a_reason_and_says_what_it_is():
    for row in wetting.MEASURED:
        assert wetting.grade(row.least) == row.grade
        assert row.reason
        assert row.status == "seed"
        assert ("not predicted" in row.sentence) == row.likely
        assert ("less likely" in row.sentence) != row.likely


def test_only_nickel_under_the_clad_is_hermetic():
    assert {(row.material, row.plating) for row in wetting.SEALED if row.hermetic} == {
        ("clad", "Ni"), ("clad", "Ni/Ag"), ("clad", "Ni/Au")
    }  # fmt: skip
    assert len(wetting.SEALED) == 8


@pytest.mark.parametrize(
    ("aluminium", "temperature", "plating", "melts", "grade"),
    [
        (5e-5, HOLD, "Ni", 655.15, "good"),
        (5e-5, HOLD, "Cu", 655.15, "middling"),
        (1e-4, HOLD, "Ni", 655.15, "bad"),  # the limit itself is not below the limit
        (0.06, HOLD, "Ni/Au", 655.15, "bad"),
        (0.0, HOLD, "Ni", 692.7, "bad"),
        (0.06, 703.15, "Cu", 655.15, "good"),
        (5e-5, 650.0, "Ni", 655.15, "bad"),
    ],
)
def test_reasons_give_a_class(aluminium, temperature, plating, melts, grade):
    found = predicted(aluminium, temperature, plating, melts)
    assert found.grade == grade
    assert len(found.reasons) >= 3


@pytest.mark.parametrize("row", wetting.MEASURED, ids=lambda row: f"{row.material} {row.plating} {row.temperature:.0f}")
def test_reasons_agree_with_what_was_measured(row):
    aluminium = {"clad": 5e-5, "Zn-6Al": 0.06, "Zn": 0.0}[row.material]
    melts = 692.7 if row.material == "Zn" else 655.15
    assert predicted(aluminium, row.temperature + 10.0, row.plating, melts).grade == row.grade


def test_zinc_must_fill_the_roughness_and_keep_the_limit_of_the_seed():
    assert least_zinc(10e-6) == pytest.approx(5e-6)
    assert "fill" in zinc_sentence(10e-6, 6e-6)
    assert "do not fill" in zinc_sentence(4e-6, 10e-6)
    assert "not kept" in zinc_sentence(4e-6, 6e-6)


def test_sealing_remelts_every_solder_and_the_clad_and_destroys_the_adhesive():
    fates = {name: cap_seal.inside(name).fate for name in cap_seal.ATTACHES}
    assert fates.pop("Ag epoxy") == "softens and decomposes"
    assert fates.pop("Cu/Sn") == "stays solid"
    assert set(fates.values()) == {"remelts"}
    assert len(cap_seal.inside_all()) == len(fates) + 2


def test_margins_and_sentences_of_the_joints_inside():
    found = cap_seal.inside("SAC305")
    assert found.margin == pytest.approx(490.15 - HOLD)
    assert not found.survives
    assert "183 K above its melting (217 degC)" in found.sentence


@pytest.mark.parametrize("name", ["SAC305", "Pb92.5Sn5Ag2.5", "Pb5Sn", "Pb97.5Ag2.5"])
def test_joints_inside_melt_where_their_material_files_say(name):
    assert cap_seal.ATTACHES[name].melts == float(file.load(name).property("solidus")(300.0))


def test_the_adhesive_softens_where_its_material_file_says():
    assert cap_seal.ATTACHES["Ag epoxy"].softens == float(file.load("Ag_epoxy").property("glass_transition")(300.0))


def test_seals_have_two_grades_and_copper_leaks_more():
    copper, *nickel = cap_seal.seals()
    assert copper.grade == "not hermetic"
    assert {one.grade for one in nickel} == {"hermetic"}
    assert all(one.channels < copper.channels / 5.0 for one in nickel)
    assert {one.grade for one in cap_seal.seals("Zn-6Al")} == {"not hermetic"}


def test_channels_are_rows_of_unwetted_spots():
    assert cap_seal.leak_channels(0.8, 1e-3, 40e-3, 0.5e-3) == pytest.approx(80.0 * 0.2**2)
    assert cap_seal.leak_channels(1.0, 1e-3, 40e-3, 0.5e-3) == 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: wetting.grade(1.1), "from 0 to 1"),
        (lambda: measured("clad", "Ni/Pd", HOLD), "plating"),
        (lambda: measured("SAC305", "Ni", HOLD), "bonding material"),
        (lambda: measured("clad", "Ni", 703.15), "did not try clad on Ni at 430 degC, only at 400 degC"),
        (lambda: sealed("Zn", "Ni"), "did not seal"),
        (lambda: predicted(-1.0, HOLD, "Ni"), "mass fraction"),
        (lambda: least_zinc(-1.0), "roughness"),
        (lambda: cap_seal.inside("SAC405"), "did you mean 'SAC305'"),
        (lambda: cap_seal.leak_channels(0.8, 1e-3, 40e-3, 2e-3), "must rise"),
        (lambda: cap_seal.leak_channels(1.8, 1e-3, 40e-3, 1e-3), "wetted share"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
