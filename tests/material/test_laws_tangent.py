"""The consistent tangent of every law with memory against differences of its stress, and what else all laws keep."""

import numpy as np
import pytest
from laws_at_a_point import Driven, with_set

from femsuite.material import load
from femsuite.material.laws import ELASTIC, LAWS, RATE, law
from femsuite.material.laws.isotropic import INELASTIC

POINTS = 12
TERMS = [{"C_Pa": 30e9, "gamma": 300.0}, {"C_Pa": 3e9, "gamma": 10.0}]
CHABOCHE = {"model": "Chaboche", "sigma0_Pa": 20e6, "terms": TERMS, "Q_iso_Pa": 25e6, "b_iso": 40.0}
NORTON = {"model": "norton", "A_per_s": 1e-3, "sigma0_Pa": 20e6, "n": 5.0, "Q_over_R_K": 500.0}
GAROFALO = {"model": "garofalo_sinh", "A_per_s": 3e5, "alpha_per_Pa": 2e-8, "n": 5.5, "Q_over_R_K": 6000.0}
CASES = {
    "j2, Chaboche": ("j2", lambda: with_set("hardening", CHABOCHE), 350.0),
    "j2, shipped": ("j2", lambda: load("Cu_annealed_DCB"), 350.0),
    "j2, isotropic": ("j2", lambda: load("Al_99"), 350.0),
    "norton": ("norton", lambda: with_set("creep", NORTON), 400.0),
    "norton, Frost and Ashby": ("norton", lambda: load("Al_99"), 500.0),
    "garofalo": ("garofalo", lambda: with_set("creep", GAROFALO), 400.0),
    "anand": ("anand", lambda: load("SAC305"), 350.0),
    "viscoelastic": ("viscoelastic", lambda: load("EMC"), 405.0),
    "viscoelastic, elastic bulk": ("viscoelastic", lambda: load("EMC"), 405.0),
}


def loaded(case, duration):
    """Return points that have a history: some load on, some unload, one has not been loaded at all."""
    random = np.random.default_rng(5)
    name, material, temperature = CASES[case]
    chosen = law(name, "two plateaus, elastic bulk") if case.endswith("bulk") else law(name)
    points = Driven(chosen, material(), POINTS, temperature)
    start = random.normal(scale=1e-3, size=(POINTS, 6))
    start[-1] = 0.0
    points.by_strain(start, duration, temperature + 3.0)
    factor = np.linspace(0.3, 1.6, POINTS)[:, None]
    return points, start * factor + random.normal(scale=2e-4, size=(POINTS, 6)), temperature + 1.0


@pytest.mark.parametrize("duration", [0.1, 1e3])
@pytest.mark.parametrize("case", CASES)
def test_the_tangent_is_the_derivative_of_the_stress(case, duration):
    points, strain, temperature = loaded(case, duration)
    base = points.try_strain(strain, duration, temperature)
    found = np.empty((POINTS, 6, 6))
    size = 2e-7
    for component in range(6):
        move = np.zeros(6)
        move[component] = size
        at = [points.try_strain(strain + k * move, duration, temperature).stress for k in (-2, -1, 1, 2)]
        found[:, :, component] = (at[0] - 8 * at[1] + 8 * at[2] - at[3]) / (12 * size)
    scale = np.abs(points.material.stiffness(np.array(temperature))).max()
    np.testing.assert_allclose(found, base.tangent, atol=2e-6 * scale)


@pytest.mark.parametrize("case", CASES)
def test_the_tangent_is_symmetric_where_the_law_says_so(case):
    points, strain, temperature = loaded(case, 1.0)
    tangent = points.try_strain(strain, 1.0, temperature).tangent
    skew = np.abs(tangent - tangent.transpose(0, 2, 1)).max() / np.abs(tangent).max()
    if points.law.symmetric(points.material):
        assert skew < 1e-14
    else:
        assert skew > 1e-6


@pytest.mark.parametrize("case", CASES)
def test_a_law_with_memory_keeps_the_three_common_variables_and_gives_its_heat_away(case):
    points, strain, temperature = loaded(case, 1.0)
    assert set(INELASTIC) <= set(points.law.internal)
    before = points.internal
    after = points.try_strain(strain, 1.0, temperature).internal
    assert after.keys() == before.keys()
    assert np.all(after["accumulated_strain"] >= before["accumulated_strain"])
    assert np.any(after["accumulated_strain"] > before["accumulated_strain"])
    assert np.all(before["dissipation"] >= 0.0)
    for name, value in after.items():
        assert value.shape == before[name].shape
        assert np.isfinite(value).all()


@pytest.mark.parametrize("case", CASES)
def test_no_time_means_no_flow_in_laws_with_a_rate(case):
    points, strain, temperature = loaded(case, 1.0)
    if points.law.name not in RATE:
        pytest.skip("does not know time")
    after = points.try_strain(strain, 0.0, temperature)
    moved = after.internal["inelastic_strain"] - points.internal["inelastic_strain"]
    assert np.abs(moved).max() < 1e-17


@pytest.mark.parametrize("case", CASES)
def test_the_arrays_that_are_given_stay_as_they_are(case):
    points, strain, temperature = loaded(case, 1.0)
    held = {name: value.copy() for name, value in points.internal.items()}
    stress, given = points.stress.copy(), strain.copy()
    points.try_strain(strain, 1.0, temperature)
    assert np.array_equal(points.stress, stress)
    assert np.array_equal(given, strain)
    assert all(np.array_equal(points.internal[name], value) for name, value in held.items())


def test_every_law_with_memory_is_among_the_cases():
    assert {name for name, _, _ in CASES.values()} == LAWS.keys() - set(ELASTIC)
