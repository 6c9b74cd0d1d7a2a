import numpy as np
import pytest

from femsuite.conditions import Film, FixedTemperature, HeatFlux, Radiation
from femsuite.errors import InputError
from femsuite.material import load as load_material
from femsuite.material.field import Assignment, MaterialField
from femsuite.physics.heat import HeatProblem
from femsuite.physics.heat_step import HeatStep
from femsuite.solve.monitor import Monitor
from femsuite.verify.bodies import box
from femsuite.verify.thermal_material import Patchwork, SimpleMaterial, isotropic

FILM = Film(surface="*", coefficient="90 W/(m^2 K)", ambient="300 K")
STEEP = SimpleMaterial((10.0, 10.0, 10.0), slope=-0.001, capacity=2e6, capacity_slope=0.001)


def block(cell="tetrahedron", cells=(3, 3, 4)):
    return box((1e-3, 1e-3, 2e-3), cells, cell, {"low": 1e-3, "high": 2e-3})


def test_all_power_leaves_through_the_surfaces():
    problem = HeatProblem(block(), isotropic(10.0), [FILM, FixedTemperature(surface="bottom", value="310 K")])
    problem.set_power("high", 0.5)
    problem.solve_steady()
    balance = problem.balance()
    assert balance["heat"] < 1e-8
    assert balance["power_in"] == pytest.approx(0.5, rel=1e-12)
    assert sum(surface["out"] for surface in balance["surfaces"].values()) == pytest.approx(0.5, rel=1e-8)
    assert set(balance["surfaces"]) == {"left", "right", "front", "back", "bottom", "top"}


def test_balance_closes_with_radiation_and_varying_conductivity():
    radiation = Radiation(surface=["top", "left"], emissivity=0.9, ambient="300 K")
    problem = HeatProblem(block(), STEEP, [FILM, radiation], initial=300.0)
    problem.set_power("high", 0.5)
    record = problem.solve_steady()
    assert problem.balance()["heat"] < 1e-6
    assert 1 < record.iterations < 9


def test_newton_converges_quadratically_with_varying_conductivity():
    fixed = [FixedTemperature(surface="bottom", value="300 K"), FixedTemperature(surface="top", value="500 K")]
    problem = HeatProblem(block(), STEEP, fixed, initial=300.0)
    residuals = np.array(problem.solve_steady().residuals)
    assert residuals[-1] < 1e-9
    assert len(residuals) <= 6


def test_wall_of_varying_conductivity_follows_the_kirchhoff_transform():
    """1D wall, k = k0 (1 + b (T - T0)): theta + b theta^2 / 2 is linear in z, so the flux is exact in closed form."""
    fixed = [FixedTemperature(surface="bottom", value="300 K"), FixedTemperature(surface="top", value="500 K")]
    problem = HeatProblem(block(cells=(1, 1, 16)), STEEP, fixed, initial=300.0)
    problem.solve_steady()
    rise = 200.0
    power = 10.0 * (rise - 0.001 * rise**2 / 2.0) / 2e-3 * 1e-6
    assert problem.balance()["surfaces"]["bottom"]["out"] == pytest.approx(power, rel=1e-6)


def test_later_fixed_temperature_overrides_an_earlier_one():
    conditions = [FixedTemperature(surface="*", value="300 K"), FixedTemperature(surface="top", value="320 K")]
    problem = HeatProblem(block(), isotropic(1.0), conditions, order=1)
    problem.solve_steady()
    top = np.isclose(problem.space.tabulate_dof_coordinates()[:, 2], 2e-3)
    np.testing.assert_allclose(problem.temperature.x.array[top], 320.0)
    assert problem.balance()["heat"] < 1e-8


def test_temperature_may_be_held_on_an_interface():
    problem = HeatProblem(block(), isotropic(1.0), [FixedTemperature(surface="low|high", value="350 K"), FILM])
    problem.solve_steady()
    at = np.isclose(problem.space.tabulate_dof_coordinates()[:, 2], 1e-3)
    np.testing.assert_allclose(problem.temperature.x.array[at], 350.0)
    assert problem.balance()["heat"] < 1e-8


def test_given_flux_of_a_total_power_is_exact():
    problem = HeatProblem(
        block(),
        isotropic(10.0),
        [HeatFlux(surface="top", power="0.3 W"), FixedTemperature(surface="bottom", value="300 K")],
    )
    problem.solve_steady()
    balance = problem.balance()
    assert balance["power_in"] == pytest.approx(0.3, rel=1e-12)
    assert balance["surfaces"]["top"]["out"] == pytest.approx(-0.3, rel=1e-12)
    assert balance["surfaces"]["bottom"]["out"] == pytest.approx(0.3, rel=1e-8)
    assert balance["recovered"] < 1e-9  # a linear temperature: the recovered flux is exact too


def test_further_loads_reuse_the_factorisation():
    monitor = Monitor()
    problem = HeatProblem(block(), isotropic(10.0), [FILM], monitor=monitor)
    rises = []
    for power in (0.1, 0.2, 0.4):
        problem.set_power("high", power)
        problem.solve_steady()
        rises.append(problem.temperature.x.array.max() - 300.0)
    assert rises == pytest.approx([rises[0], 2 * rises[0], 4 * rises[0]], rel=1e-8)
    assert [record.setup_seconds > 0.0 for record in monitor.solves] == [True, False, False]


def test_changed_film_coefficient_is_the_same_as_a_new_problem():
    problem = HeatProblem(block(), isotropic(10.0), [FILM])
    problem.set_power("high", 0.2)
    problem.solve_steady()
    stronger = FILM.model_copy(update={"coefficient": 180.0})
    problem.set_condition(0, stronger)
    problem.solve_steady()
    fresh = HeatProblem(block(), isotropic(10.0), [stronger])
    fresh.set_power("high", 0.2)
    fresh.solve_steady()
    np.testing.assert_allclose(problem.temperature.x.array, fresh.temperature.x.array, rtol=1e-8)


def test_condition_of_another_kind_cannot_replace_one():
    problem = HeatProblem(block(), isotropic(10.0), [FILM])
    with pytest.raises(InputError, match="same kind on the same surface"):
        problem.set_condition(0, FixedTemperature(surface="*", value="300 K"))


def test_contact_layer_has_its_resistance():
    """Two slabs and a layer of any thickness in between: the drop over the layer is R q."""
    thin = 1e-5
    tagged = box(
        (1e-3, 2e-3 + thin), (2, 201), "quadrilateral", {"low": 1e-3, "high|low": 1e-3 + thin, "high": 2e-3 + thin}
    )
    conditions = [HeatFlux(surface="top", flux="1e4 W/m^2"), FixedTemperature(surface="bottom", value="300 K")]
    problem = HeatProblem(tagged, isotropic(100.0), conditions, contacts={"low|high": (1e-4, thin)})
    problem.solve_steady()
    expected = 300.0 + 1e4 * (2e-3 / 100.0 + 1e-4)
    assert problem.temperature.x.array.max() == pytest.approx(expected, abs=1e-8)


def test_closed_box_conserves_heat():
    """A hot and a cold half with curves that vary: nothing flows in or out, so the stored heat must not change."""
    problem = HeatProblem(block(), STEEP, [], initial=lambda x: np.where(x[2] < 1e-3, 300.0, 500.0), order=1)
    step = HeatStep(problem)
    start = problem.temperature.x.array.copy()
    for number in range(3):
        step.attempt(0.05 * number, 0.05)
        step.accept()
    energies = problem.books.energies
    moved = 2e6 * 100.0 * 1e-9  # J, of the order of the heat in one half
    assert abs(energies["stored"]) < 1e-9 * moved
    assert np.abs(problem.temperature.x.array - start).max() > 10.0


def test_stored_heat_is_what_came_in_less_what_went_out():
    problem = HeatProblem(
        block(), STEEP, [FILM, Radiation(surface="top", emissivity=1.0, ambient="300 K")], initial=300.0
    )
    problem.set_power("high", 0.5)
    step = HeatStep(problem)
    for number in range(3):
        step.attempt(0.1 * number, 0.1)
        step.accept()
    balance = problem.balance()
    assert balance["energy_in"] == pytest.approx(0.5 * 0.3, rel=1e-10)
    assert balance["energy_stored"] > 0.0
    assert balance["heat"] < 1e-8


def test_steady_state_without_a_level_is_refused():
    problem = HeatProblem(block(), isotropic(1.0), [HeatFlux(surface="top", flux="1 W/m^2")])
    with pytest.raises(InputError, match="fixes its level"):
        problem.solve_steady()


@pytest.mark.parametrize("condition", [FILM, FixedTemperature(surface="top", value="300 K")])
def test_unknown_surface_is_named_with_the_nearest(condition):
    wrong = condition.model_copy(update={"surface": ("topp",)})
    with pytest.raises(InputError, match=r"'topp'.*'top'"):
        HeatProblem(block(), isotropic(1.0), [wrong])


def test_film_on_an_interface_is_refused():
    with pytest.raises(InputError, match="outer faces only"):
        HeatProblem(block(), isotropic(1.0), [FILM.model_copy(update={"surface": ("low|high",)})])


def test_flux_field_is_the_conductivity_times_the_gradient():
    tagged = block()
    material = Patchwork(tagged, {"low": isotropic(10.0), "high": isotropic(40.0)})
    conditions = [HeatFlux(surface="top", flux="2e4 W/m^2"), FixedTemperature(surface="bottom", value="300 K")]
    problem = HeatProblem(tagged, material, conditions)
    problem.solve_steady()
    flux = problem.heat_flux().x.array.reshape(-1, 3)
    np.testing.assert_allclose(flux, np.tile([0.0, 0.0, -2e4], (len(flux), 1)), atol=1e-4)


def test_shipped_materials_give_a_balanced_stack():
    """Silicon on copper with their curves: cooler silicon conducts better than at 300 K's constant."""
    tagged = block()
    materials = MaterialField(
        tagged, {"low": Assignment(load_material("Cu_OFHC")), "high": Assignment(load_material("Si"))}
    )
    conditions = [HeatFlux(surface="top", flux="5e6 W/m^2"), FixedTemperature(surface="bottom", value="300 K")]
    problem = HeatProblem(tagged, materials, conditions, initial=300.0)
    record = problem.solve_steady()
    assert record.iterations <= 5
    assert problem.balance()["heat"] < 1e-6
    hottest = problem.temperature.x.array.max()
    assert hottest > 300.0 + 5e6 * (1e-3 / 400.0 + 1e-3 / 150.0)  # silicon's conductivity falls as it warms


def test_sources_add_up_and_keep_their_power_until_it_is_set_again():
    problem = HeatProblem(block(), isotropic(10.0), [FILM])
    problem.set_power("low", 0.1)
    problem.set_power(["low", "high"], 0.3)
    problem.set_power("low", 0.2)
    problem.solve_steady()
    assert problem.power == pytest.approx(0.5)
    assert problem.balance()["power_in"] == pytest.approx(0.5, rel=1e-12)
    with pytest.raises(InputError, match="'hihg'"):
        problem.set_power("hihg", 1.0)
