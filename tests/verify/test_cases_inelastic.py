import pytest

from femsuite.verify.harness import run_cases


def all_passed(name, count):
    rows = run_cases(name)
    assert len(rows) == count
    assert all(row.path == "FE" and row.physics == "inelastic" for row in rows)
    failed = [f"{row.quantity}: expected {row.expected}, got {row.got}" for row in rows if not row.passed]
    assert not failed
    return {row.quantity: row for row in rows}


def test_thick_cylinder_yields_spreads_and_collapses_as_hill_says():
    """k (1 - a^2/b^2), the front at 140 MPa, 2 k ln(b/a) (Hill, The Mathematical Theory of Plasticity, ch. V)."""
    rows = all_passed("inelastic.P-1", 6)
    assert rows["pressure at first yield"].got < rows["limit pressure"].got


def test_bar_yields_again_where_its_hardening_says():
    """Kinematic: 2 sigma_y below the turn; isotropic: at minus the stress of the turn."""
    rows = all_passed("inelastic.P-2", 8)
    assert rows["kinematic: stress at which it yields again"].got == pytest.approx(-127.27e6, rel=1e-4)


def test_film_on_silicon_yields_after_fourteen_kelvin_and_keeps_its_stress():
    """sigma_y (1 - nu)/(E da) = 14.04 K for 30 MPa."""
    rows = all_passed("inelastic.P-4", 4)
    assert rows["cooling at first yield"].got == pytest.approx(14.04, abs=0.005)
    assert rows["stress of the film after 20 K"].got == pytest.approx(rows["stress of the film after 100 K"].got)


def test_yielded_bond_limits_the_stress_of_the_die():
    """tau_y l/h = 144.3 MPa; the ends of the bond keep the finite elements below it."""
    row = all_passed("inelastic.P-5", 1)["stress in the middle of the die"]
    assert abs(row.got) < abs(row.expected)


def test_newton_is_of_second_order_with_symmetric_and_other_tangents():
    """The history of residuals stands in the row's note, and so in the JSON of ``femsuite verify``."""
    rows = all_passed("inelastic.newton", 4)
    assert all(row.as_dict()["note"].startswith("residuals ") for row in rows.values())


@pytest.mark.parametrize(("name", "count"), [("C-1", 4), ("C-2", 7), ("C-3", 8), ("A-1", 6)])
def test_creep_and_saturation_are_met(name, count):
    """Constants and sources stand in the docstrings of ``cases_creep``. P-3, A-2, A-4 run in ``femsuite verify``."""
    all_passed(f"inelastic.{name}", count)
