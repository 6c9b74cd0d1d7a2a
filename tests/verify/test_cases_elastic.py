import pytest

from femsuite.verify.harness import run_cases


def all_passed(name, count):
    rows = run_cases(name)
    assert len(rows) == count
    assert all(row.path == "FE" and row.physics == "mechanics" for row in rows)
    failed = [f"{row.quantity}: expected {row.expected}, got {row.got}" for row in rows if not row.passed]
    assert not failed
    return rows


def test_elliptic_membrane_has_the_stress_that_nafems_publishes():
    """LE1: ellipses 2 x 1 and 3.25 x 2.75 m, 10 MPa outward; sigma_yy(2 m, 0) = 92.7 MPa (NAFEMS TNSB rev. 3)."""
    triangles, quadrilaterals = all_passed("elastic.E-1", 2)
    assert triangles.got != quadrilaterals.got  # two meshes, not one number twice


def test_hoop_stress_beside_a_hot_disc_is_half_of_e_alpha_t():
    """T1: sigma_yy = E alpha T/2 = 50 MPa just outside; a finite plate adds about (a/b)^2 (Timoshenko and Goodier)."""
    small, large = all_passed("elastic.E-4", 2)
    assert small.got > large.got  # the free rim adds to the stress
    assert small.got - large.got == pytest.approx(0.01 * 50e6, rel=0.3)


def test_bimetal_strip_bends_as_timoshenko_says():
    """6 (da) dT (1+m)^2 / (h (3 (1+m)^2 + (1+m n)(m^2 + 1/(m n)))) (J. Opt. Soc. Am. 11 (1925) 233)."""
    all_passed("elastic.E-5", 3)


def test_bimetal_plate_bends_with_biaxial_moduli():
    """The same formula with E/(1 - nu): 2.06917 1/m for silicon on copper cooled by 100 K."""
    all_passed("elastic.E-6", 1)


def test_silicon_bars_have_the_moduli_of_their_direction():
    """1/E = S11 - 2 (S11 - S12 - S44/2)(l^2 m^2 + m^2 n^2 + n^2 l^2) (Nye, Physical Properties of Crystals)."""
    moduli = {row.quantity: row.got / 1e9 for row in all_passed("elastic.E-9", 6)}
    assert moduli["E <110>, Pa"] == pytest.approx(169.1, abs=0.05)
    assert moduli["E <111>, Pa"] == pytest.approx(187.85, abs=0.05)


def test_films_bend_wafers_as_stoney_says():
    """1/R = 6 sigma t_f/(M t_s^2), and (4 M_f/M - 1) t_f/t_s more for layers of finite thickness."""
    for row in all_passed("elastic.E-7", 6):
        assert 1.0 < row.got / row.expected < 1.003


def test_force_in_a_bonded_die_is_that_of_two_bent_plates():
    """da dT/lambda with the stiffness of bending into a sphere; the peaks of the shear are not judged."""
    for row in all_passed("elastic.E-8", 2):
        assert "Suhir" in row.note
        assert row.error < 0.01


def test_heated_cylinders_press_and_pull_as_lame_says():
    """Composite cylinder, and a hollow one with a logarithmic temperature (Timoshenko and Goodier)."""
    all_passed("elastic.E-10", 12)


def test_harmonic_temperature_leaves_a_free_slab_without_stress_across():
    """u = c (phi_x, phi_y, -phi_z), phi harmonic (Dundurs, Mech. Res. Commun. 1 (1974) 121): sigma_zz = 0."""
    all_passed("elastic.harmonic_slab", 2)


def test_forces_and_moments_of_a_heated_block_cancel():
    """Reactions plus loads, held and free, against the sum of the nodal forces' sizes."""
    all_passed("balance.mechanics", 2)
