import numpy as np
import pytest
from laws_at_a_point import UNIT, Driven, with_set

from femsuite.errors import InputError, SolveError
from femsuite.material import load
from femsuite.material.laws import law
from femsuite.material.laws.shift import log10_shift
from femsuite.material.laws.viscoelastic import prony

TAU, G, K = [0.1, 2.0, 30.0], [0.3, 0.25, 0.2], [0.1, 0.0, 0.2]
BASE = {"modulus": "youngs_modulus", "tau_s": TAU, "g": G, "k": K, "shift": "none"}
G0, K0 = 10e9 / 2.6, 10e9 / 1.2
RANDOM = np.random.default_rng(7)
WLF = {"shift": "wlf_arrhenius", "T_ref_K": 400.0, "C1": 17.44, "C2_K": 51.6, "Q_over_R_K": 36000.0}


def standard(ratio=0.75, tau=5.0, **more):
    """Return a standard linear solid whose Poisson's ratio does not change: one Maxwell element beside a spring."""
    return with_set("prony", BASE | {"tau_s": [tau], "g": [ratio], "k": [ratio]} | more)


def remaining(shares, taus, time):
    return 1.0 - sum(share * -np.expm1(-time / tau) for share, tau in zip(shares, taus, strict=True))


def split(strain):
    """Return deviator (as for stresses) and volume of a Voigt strain."""
    volume = strain[:3].sum()
    tensor = strain * [1, 1, 1, 0.5, 0.5, 0.5]
    return tensor - volume / 3.0 * UNIT, volume


def test_relaxation_at_constant_strain_is_the_prony_sum():
    strain = RANDOM.normal(scale=1e-3, size=6)
    deviator, volume = split(strain)
    point = Driven(law("viscoelastic"), with_set("prony", BASE))
    point.by_strain(strain, 0.0)
    time = 0.0
    for duration in (1e-3, 0.02, 0.3, 1.0, 4.0, 50.0):
        time += duration
        stress = point.by_strain(strain, duration)[0]
        exact = 2 * G0 * remaining(G, TAU, time) * deviator + K0 * remaining(K, TAU, time) * volume * UNIT
        np.testing.assert_allclose(stress, exact, rtol=1e-6, atol=1e-6 * np.abs(exact).max())
        np.testing.assert_allclose(stress, exact, rtol=1e-11, atol=1e-11 * np.abs(exact).max())


def test_the_bulk_modulus_may_relax_with_times_of_its_own_or_not_at_all():
    own = with_set("prony", BASE | {"k": [0.5], "tau_bulk_s": [7.0]})
    elastic = with_set("prony", {key: value for key, value in BASE.items() if key != "k"})
    for material, left in ((own, remaining([0.5], [7.0], 3.0)), (elastic, 1.0)):
        point = Driven(law("viscoelastic"), material)
        point.by_strain(1e-3 * UNIT, 0.0)
        np.testing.assert_allclose(point.by_strain(1e-3 * UNIT, 3.0)[0, :3], 3e-3 * K0 * left, rtol=1e-12)


def test_a_step_of_no_duration_is_elastic_with_the_glassy_moduli():
    strain = RANDOM.normal(scale=1e-3, size=(4, 6))
    material = load("EMC")
    point = Driven(law("viscoelastic"), material, 4, 430.0)
    response = point.try_strain(strain, 0.0)
    shear, bulk = 23e9 / 2.6, 23e9 / 1.2
    for got, given in zip(response.stress, strain, strict=True):
        deviator, volume = split(given)
        np.testing.assert_allclose(got, 2 * shear * deviator + bulk * volume * UNIT, rtol=1e-10, atol=1.0)
    assert np.abs(response.internal["dissipation"]).max() == 0.0
    assert response.internal["accumulated_strain"].max() < 1e-17


@pytest.mark.parametrize("duration", [1e9, 1e40, 1e300])
def test_a_very_long_step_reaches_the_rubber(duration):
    strain = RANDOM.normal(scale=1e-3, size=6)
    deviator, volume = split(strain)
    exact = 2 * G0 * (1 - sum(G)) * deviator + K0 * (1 - sum(K)) * volume * UNIT
    for first in (0.0, duration):  # loaded at once and held, or loaded during the long step
        point = Driven(law("viscoelastic"), with_set("prony", BASE | WLF), 1, 450.0)
        point.by_strain(strain, first)
        np.testing.assert_allclose(point.by_strain(strain, duration)[0], exact, rtol=1e-12, atol=1e-3)
        assert all(np.isfinite(value).all() for value in point.internal.values())


def test_creep_at_constant_stress_of_a_standard_linear_solid_is_of_second_order():
    """J(t) = 1/E_r - (1/E_r - 1/E_g) exp(-t/tau_c), tau_c = tau E_g/E_r (Ferry, ch. 3)."""
    pull, end, glass, rubber = 5e6, 12.0, 10e9, 2.5e9
    exact = pull * (1 / rubber - (1 / rubber - 1 / glass) * np.exp(-end / (5.0 * glass / rubber)))
    errors = []
    for steps in (8, 16, 32):
        point = Driven(law("viscoelastic"), standard())
        strain = point.by_stress([pull, 0, 0, 0, 0, 0], 0.0)
        np.testing.assert_allclose(strain[0, :3], pull / glass * np.array([1, -0.3, -0.3]), rtol=1e-9)
        for _ in range(steps):
            strain = point.by_stress([pull, 0, 0, 0, 0, 0], end / steps)
        np.testing.assert_allclose(strain[0, 1], -0.3 * strain[0, 0], rtol=1e-9)
        errors.append(abs(strain[0, 0] / exact - 1))
    assert errors[-1] < 1e-4
    rates = np.log2(np.array(errors[:-1]) / errors[1:])
    assert (rates > 1.95).all()
    assert (rates < 2.05).all()


def test_loading_at_a_temperature_is_loading_at_the_reference_with_shifted_time():
    material = standard(**WLF)
    shift = prony(material).shift
    for temperature in (385.0, 400.0, 425.0):
        factor = 10.0 ** log10_shift(shift, np.array([temperature]))[0]
        there = Driven(law("viscoelastic"), material, 1, temperature)
        reference = Driven(law("viscoelastic"), material, 1, 400.0)
        strain = np.zeros(6)
        for duration in (0.3, 2.0, 9.0):
            strain = strain + RANDOM.normal(scale=1e-3, size=6)
            stress = there.by_strain(strain, duration * factor)
            np.testing.assert_allclose(stress, reference.by_strain(strain, duration), rtol=1e-9)


def test_the_shift_is_that_of_williams_landel_and_ferry_above_and_of_arrhenius_below():
    shift = prony(standard(**WLF)).shift
    found = log10_shift(shift, np.array([380.0, 400.0, 430.0]))
    below = 36000.0 * (1 / 380.0 - 1 / 400.0) / np.log(10.0)
    np.testing.assert_allclose(found, [below, 0.0, -17.44 * 30.0 / 81.6], rtol=1e-12, atol=1e-12)
    table = prony(standard(shift="table", log10_a=[[300.0, 3.0], [400.0, 0.0], [420.0, -2.0]])).shift
    found = log10_shift(table, np.array([250.0, 350.0, 410.0, 500.0]))
    np.testing.assert_allclose(found, [3.0, 1.5, -1.0, -2.0])


@pytest.mark.parametrize(
    "more",
    [
        WLF,
        {"shift": "arrhenius", "T_ref_K": 400.0, "Q_over_R_K": 36000.0},
        {"shift": "table", "log10_a": [[300.0, 6.0], [390.0, 0.5], [450.0, -4.0]]},
    ],
)
@pytest.mark.parametrize("pair", [(340.0, 440.0), (455.0, 290.0), (399.9, 400.1), (410.0, 410.0)])
def test_the_clock_integrates_the_shift_through_the_step(more, pair):
    """One step of a Maxwell element without strain: its stress falls by exp(-xi/tau), xi by a sum of 4e5 midpoints."""
    material = standard(ratio=0.999999, tau=1.0, **more)
    start, end = pair
    count = 400_000
    middles = start + (end - start) * (np.arange(count) + 0.5) / count
    rate = np.mean(10.0 ** -log10_shift(prony(material).shift, middles))
    duration = 1.0 / rate
    point = Driven(law("viscoelastic"), material, 1, start)
    before = point.by_strain([0, 0, 0, 1e-3, 0, 0], 0.0)[0, 3]
    after = point.by_strain([0, 0, 0, 1e-3, 0, 0], duration, end)[0, 3]
    assert after / before == pytest.approx(np.exp(-1.0) + 1e-6 * (1 - np.exp(-1.0)), rel=1e-6)


def boltzmann(material, path, times):
    """Return the stress of a rod held along its length at the end: -int E(xi_end - xi) alpha dT, by numpy alone."""
    found = material.data["prony"][0].values
    reference, first, second, energy = (found[key] for key in ("T_ref_K", "C1", "C2_K", "Q_over_R_K"))
    log10_rate = np.where(
        path >= reference,
        first * (path - reference) / np.maximum(second + path - reference, 1.0),
        energy * (1 / reference - 1 / path) / np.log(10.0),
    )
    rate = 10.0**log10_rate
    left = np.concatenate([np.cumsum((0.5 * (rate[1:] + rate[:-1]) * np.diff(times))[::-1])[::-1], [0.0]])
    modulus = np.ones_like(path)
    for share, tau in zip(found["g"], found["tau_s"], strict=True):
        modulus -= share * -np.expm1(-left / tau)
    modulus *= material.property("youngs_modulus_glass")(path)
    integrand = modulus * material.property("expansion_tangent")(path)
    return -np.sum(0.5 * (integrand[1:] + integrand[:-1]) * np.diff(path))


@pytest.mark.parametrize("speed", [0.05, 5.0])  # K/s
def test_a_rod_cooled_through_its_glass_transition_builds_the_hereditary_integral(speed):
    material = load("EMC")
    dense = np.linspace(453.0, 298.0, 400_001)
    exact = boltzmann(material, dense, (453.0 - dense) / speed)
    errors = []
    for steps in (155, 310, 620):
        point = Driven(law("viscoelastic"), material, 1, 453.0)
        for temperature in np.linspace(453.0, 298.0, steps + 1)[1:]:
            point.by_stress(np.zeros(6), 155.0 / steps / speed, temperature, held=(0,))
        errors.append(abs(point.stress[0, 0] / exact - 1))
    assert errors[0] < 1e-3
    assert np.log2(errors[0] / errors[1]) > 1.8
    assert np.log2(errors[1] / errors[2]) > 1.8


def test_coarse_steps_through_the_glass_transition_stay_within_a_percent():
    """A step is cut into parts of 1 K inside: 10 K at a time cost 0.2 %, not the 4 % of one exponential."""
    material = load("EMC")
    dense = np.linspace(453.0, 298.0, 200_001)
    point = Driven(law("viscoelastic"), material, 1, 453.0)
    for temperature in np.linspace(453.0, 298.0, 17)[1:]:
        point.by_stress(np.zeros(6), 155.0 / 16 / 0.05, temperature, held=(0,))
    assert point.stress[0, 0] == pytest.approx(boltzmann(material, dense, (453.0 - dense) / 0.05), rel=5e-3)


def test_faster_cooling_freezes_more_stress():
    material = load("EMC")
    dense = np.linspace(453.0, 298.0, 100_001)
    slow, fast = (boltzmann(material, dense, (453.0 - dense) / speed) for speed in (0.05, 5.0))
    assert 0.0 < slow < fast


def test_a_cycle_dissipates_pi_times_the_loss_modulus():
    """W = pi G'' gamma^2 in shear, G'' = G_0 sum g_i w tau_i/(1 + (w tau_i)^2)."""
    amplitude, frequency, per_cycle, terms = 1e-3, 2.0, 400, ((0.3, 0.1), (0.25, 2.0))
    shares, times = (list(one) for one in zip(*terms, strict=True))
    point = Driven(law("viscoelastic"), with_set("prony", BASE | {"g": shares, "k": shares, "tau_s": times}))
    period = 2 * np.pi / frequency
    loss = G0 * sum(g * frequency * tau / (1 + (frequency * tau) ** 2) for g, tau in terms)
    spent = []
    for step in range(12 * per_cycle):
        if step % per_cycle == 0:
            spent.append(point.internal["dissipation"][0, 0])
        gamma = amplitude * np.sin(2 * np.pi * (step + 1) / per_cycle)
        point.by_strain([0, 0, 0, 0, 0, gamma], period / per_cycle)
    assert spent[11] - spent[10] == pytest.approx(np.pi * loss * amplitude**2, rel=1e-4)


def test_work_is_stored_or_dissipated():
    """A closed path of strain far apart in time: what was put in and not dissipated is the springs' energy."""
    point = Driven(law("viscoelastic"), with_set("prony", BASE))
    work, before, at = 0.0, np.zeros(6), np.zeros(6)
    for _ in range(6):
        goal = RANDOM.normal(scale=1e-3, size=6)
        for _ in range(400):  # work by the trapezoidal rule
            at = at + (goal - before) / 400
            old = point.stress[0]
            work += 0.5 * (old + point.by_strain(at, 0.01)[0]) @ ((goal - before) / 400)
        before = goal
    deviator, volume = split(at)
    weights = np.array([1, 1, 1, 2, 2, 2])
    stored = G0 * (1 - sum(G)) * (weights * deviator**2).sum() + 0.5 * K0 * (1 - sum(K)) * volume**2
    held = point.internal["prony_stress"][0].reshape(-1, 6)
    for g, k, stress in zip(G, K, held, strict=False):
        mean = stress[:3].mean()
        stored += (weights * (stress - mean * UNIT) ** 2).sum() / (4 * G0 * g)
        stored += 0.5 * mean**2 / (K0 * k) if k else 0.0
    assert point.internal["dissipation"][0, 0] > 0.2 * work
    assert point.internal["dissipation"][0, 0] + stored == pytest.approx(work, rel=1e-4)


def test_free_expansion_is_free_of_stress_through_the_glass_transition():
    material = load("EMC")
    point = Driven(law("viscoelastic"), material, 1, 453.0)
    for temperature in np.linspace(453.0, 298.0, 40)[1:]:
        stress = point.by_strain(material.thermal_strain(temperature, 453.0) * UNIT, 30.0, temperature)
        assert np.abs(stress).max() < 1e-3  # Pa, of some 1e7 if it were held
    assert point.internal["dissipation"].max() < 1e-12


def test_the_viscous_strain_is_what_the_glass_does_not_explain():
    point = Driven(law("viscoelastic"), standard())
    point.by_strain([1e-3, 0, 0, 0, 0, 2e-3], 0.0)
    stress = point.by_strain([1e-3, 0, 0, 0, 0, 2e-3], 1e12)[0]
    elastic = np.linalg.solve(point.material.stiffness(np.array(300.0)), stress)
    np.testing.assert_allclose(point.internal["inelastic_strain"][0], [1e-3, 0, 0, 0, 0, 2e-3] - elastic, atol=1e-15)
    viscous = 0.75 * np.array([1e-3, 1e-3])  # xx, and xy as a tensor
    expected = np.sqrt(2 / 3 * (viscous[0] ** 2 + 2 * viscous[1] ** 2))
    assert point.internal["accumulated_strain"][0, 0] == pytest.approx(expected, rel=1e-12)


def test_the_shipped_set_joins_the_two_plateaus_of_its_material():
    material = load("EMC")
    glass, rubber = (material.property(f"youngs_modulus_{name}")(300.0) for name in ("glass", "rubber"))
    both = prony(material)
    assert both.shear.sum() == both.bulk.sum() == pytest.approx(1 - rubber / glass, abs=1e-5)
    shear = prony(material, "two plateaus, elastic bulk")
    bulk = glass / 1.2
    soft = glass / 2.6 * (1 - shear.shear.sum())
    assert 9 * bulk * soft / (3 * bulk + soft) == pytest.approx(rubber, rel=1e-3)
    assert all(found.status == "estimate" for found in material.data["prony"])


def test_the_glassy_modulus_may_fall_with_temperature():
    """The increments of strain are taken with the modulus of their temperature, as in the incremental law."""
    material = load("EMC")  # its softening curve in the place of the glassy plateau, and no relaxation to speak of
    values = dict(material.data["prony"][0].values) | {
        "modulus": "youngs_modulus",
        "tau_s": [1e30] * 11,
        "shift": "none",
    }
    curved = with_set("prony", values)
    curved = type(material)("curved", "", material.properties, data=curved.data)
    ours, elastic = Driven(law("viscoelastic"), curved, 1, 420.0), Driven(law("incremental"), curved, 1, 420.0)
    for temperature in (410.0, 395.0, 350.0):
        strain = RANDOM.normal(scale=1e-3, size=6)
        np.testing.assert_allclose(
            ours.by_strain(strain, 1.0, temperature), elastic.by_strain(strain, 1.0, temperature), rtol=1e-9, atol=1e-2
        )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"g": None}, r"\[\[data.prony\]\]: g, a constant of the law 'viscoelastic', is missing"),
        ({"tau_s": [1.0]}, "g, a constant of the law 'viscoelastic', has 3 numbers; 1 are wanted"),
        ({"tau_s": [1.0, 2.0, -3.0]}, "every relaxation time must be longer than zero"),
        ({"g": [0.5, 0.4, 0.1]}, "the shares g must not be negative and must sum to less than 1"),
        ({"g": "much"}, "is 'much', not a list of numbers"),
        ({"modulus": None}, "modulus, the property that is the modulus at once, is missing"),
        ({"modulus": "youngs_modulu"}, "there is no property 'youngs_modulu'; did you mean 'youngs_modulus'"),
        ({"shift": None}, "shift, a constant of the law 'viscoelastic', is missing; it is one of wlf_arrhenius"),
        ({"shift": "wlf"}, "there is no kind 'wlf'"),
        ({"shift": "arrhenius", "T_ref_K": 400.0}, "Q_over_R_K, a constant of the law 'viscoelastic', is missing"),
        (WLF | {"C2_K": -5.0}, "C2_K is -5; the law 'viscoelastic' needs a number above zero"),
        ({"shift": "table", "log10_a": [[300.0, 1.0]]}, "must be two or more rows"),
        ({"shift": "table", "log10_a": [[300.0, 1.0], [290.0, 0.0]]}, "the temperatures of log10_a must rise"),
        ({"K": [0.1, 0.1, 0.1]}, "there is no constant 'K'; did you mean 'k'"),
    ],
)
def test_constants_that_are_missing_or_impossible_are_named(change, sentence):
    values = {key: value for key, value in (BASE | change).items() if value is not None}
    with pytest.raises(InputError, match=sentence):
        law("viscoelastic").check(with_set("prony", values))


def test_a_material_without_a_series_says_what_it_has():
    with pytest.raises(InputError, match=r"has no \[\[data.prony\]\], whose constants the law 'viscoelastic' needs"):
        law("viscoelastic").check(load("Cu_OFHC"))
    with pytest.raises(InputError, match="two plateau"):
        law("viscoelastic", "two plateau").check(load("EMC"))


def test_a_strain_that_is_not_finite_is_an_error_of_the_solve():
    with pytest.raises(SolveError, match="found no state"):
        Driven(law("viscoelastic"), standard()).by_strain([np.nan, 0, 0, 0, 0, 0], 1.0)
