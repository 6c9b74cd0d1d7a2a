import pytest

from femsuite.errors import InputError
from femsuite.process.cavity import Cavity
from femsuite.process.flush import Edge, flush, opened_length, over_bands
from femsuite.process.joint import JointOptions, evaluate
from femsuite.process.reflow import JOINTS, from_material, growth, melting, trapped_pressure

SOLDER = JOINTS["SAC305"]
LOOSE = 1e-9  # 1/Pa, a cavity that gives way
EDGE = Edge(2.0)


@pytest.mark.parametrize(
    ("name", "percent", "melts", "margin"),
    [
        ("SAC305", 4.58, True, -43.0),
        ("Pb92.5Sn5Ag2.5", 2.04, False, 26.85),
        ("ZnAl_eutectic", 1.97, False, 122.0),
        ("BiAg", 0.92, False, 2.5),
    ],
)
def test_growth_to_260_degc_and_margin(name, percent, melts, margin):
    found = growth(JOINTS[name])
    assert round(100.0 * found.own, 2) == percent
    assert found.liquid is melting(JOINTS[name]).melts is melts
    assert melting(JOINTS[name]).margin == pytest.approx(margin, abs=1e-9)


def test_the_cavity_takes_less_than_a_percent_and_the_solder_has_no_room():
    found = growth(SOLDER)
    assert 100.0 * found.cavity == pytest.approx(0.71, abs=0.0051)
    assert round(100.0 * found.excess, 2) == 3.87
    assert found.excess == found.own - found.cavity


@pytest.mark.parametrize("name", JOINTS)
def test_the_material_files_say_the_same_within_three_percent_or_so(name):
    assert growth(from_material(name)).own == pytest.approx(growth(JOINTS[name]).own, rel=0.035)


def test_a_margin_below_five_kelvin_is_warned_of():
    assert melting(JOINTS["BiAg"]).close
    assert "scatter of an oven" in melting(JOINTS["BiAg"]).sentence
    assert not melting(JOINTS["Pb92.5Sn5Ag2.5"]).close


def test_the_pressure_is_that_of_liquid_and_cavity_in_series():
    assert trapped_pressure(0.04, 40e9, 0.0) == pytest.approx(1.6e9)
    assert trapped_pressure(0.04, 40e9, LOOSE) == pytest.approx(0.04 / (1.0 / 40e9 + LOOSE))
    assert trapped_pressure(-0.01, 40e9, LOOSE) == 0.0


def test_solder_under_weak_adhesion_escapes_and_fails():
    found = flush(SOLDER, EDGE, 30e6, LOOSE)
    assert found.opens
    assert found.escaped == pytest.approx(found.growth.excess)
    assert found.void == pytest.approx(found.escaped + 0.028)
    assert found.least_void == pytest.approx(found.escaped / 1.0458, rel=1e-5)  # share of the mass
    assert found.fails
    assert "the seam opens" in found.sentence


def test_pressure_left_in_the_liquid_keeps_that_share_inside():
    found = flush(SOLDER, EDGE, 30e6, LOOSE, left=5e6)
    assert found.escaped == pytest.approx(found.growth.excess - 5e6 / SOLDER.bulk_modulus)


def test_a_strong_seam_holds_and_nothing_is_lost():
    found = flush(SOLDER, EDGE, 1e12, LOOSE)
    assert not found.opens
    assert found.escaped == found.void == found.area_loss == 0.0
    assert not found.fails


@pytest.mark.parametrize("name", ["Pb92.5Sn5Ag2.5", "ZnAl_eutectic", "BiAg"])
def test_a_joint_that_stays_solid_is_never_flushed(name):
    found = over_bands(JOINTS[name], EDGE, [1.0, 1e6], [0.0, LOOSE])
    assert (found.flushing, found.failing, found.total) == (0, 0, 4)
    assert "in none of 4" in found.sentence


def test_bismuth_that_melts_leaves_voids_and_is_not_flushed():
    found = flush(JOINTS["BiAg"], EDGE, 1.0, LOOSE, peak=545.0)
    assert not found.opens
    assert found.pressure == 0.0
    assert found.void == pytest.approx(-found.growth.excess)
    assert "voids, not flush" in found.sentence


def test_energy_grows_with_the_square_of_the_pressure():
    assert Edge(2.0, "energy")(3.0) == 18.0
    assert Edge(2.0)(3.0) == 6.0


def test_bands_count_the_combinations_that_flush():
    pressures = [trapped_pressure(growth(SOLDER).excess, SOLDER.bulk_modulus, one) for one in (1e-10, LOOSE)]
    middle = 0.5 * sum(pressures)
    found = over_bands(SOLDER, Edge(1.0), [1.0, middle], [1e-10, LOOSE])
    assert found.flushing == 3
    assert found.total == 4
    assert "in 3 of 4" in found.sentence


def test_what_does_not_melt_needs_no_growth_on_melting():
    assert from_material("Si").melting == 0.0


def test_escaped_liquid_runs_as_far_as_its_film_is_thin():
    assert opened_length(0.04, 1e-9, 0.02, 1e-6) == pytest.approx(0.04 * 1e-9 / (0.02 * 1e-6))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: melting(SOLDER, -1.0), "above 0 K"),
        (lambda: trapped_pressure(0.04, 0.0, LOOSE), "bulk modulus"),
        (lambda: Edge(-1.0), "positive load"),
        (lambda: Edge(1.0, "force"), "kind"),
        (lambda: flush(SOLDER, EDGE, 0.0, LOOSE), "adhesion is positive"),
        (lambda: flush(SOLDER, EDGE, 1.0, LOOSE, depth=0.0), "depth"),
        (lambda: over_bands(SOLDER, EDGE, [], [LOOSE]), "band of adhesion"),
        (lambda: opened_length(0.04, 1e-9, 0.02, 0.0), "gap must be positive"),
        (lambda: from_material("Si", peak=1800.0), "Si melts below 1527 degC, and its file states no 'melt_volume_ch"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_a_seam_that_the_melt_presses_shut_holds_in_all_of_the_band():
    found = evaluate(JointOptions(material="SAC305"), Cavity(compliance=1e-10, seam=-0.5, distance=50e-6))
    assert found.numbers["joint.pressure"][0] > 1e6
    assert found.numbers["joint.flush_share"][0] == 0.0
    assert [found.numbers[f"joint.flushes{end}"][0] for end in ("", "_low", "_high")] == [0.0] * 3


def test_a_seam_of_which_the_band_covers_both_flushes_at_its_middle_only():
    found = evaluate(JointOptions(material="SAC305"), Cavity(compliance=9.7e-8, seam=13.9, distance=50e-6)).numbers
    assert (found["joint.flushes_low"][0], found["joint.flushes_high"][0]) == (0.0, 1.0)
    assert found["joint.flushes"][0] == 1.0
    assert 0.0 < found["joint.flush_share"][0] < 1.0
