"""Current with heat: laws of circuits, the coupled solve against a staggered one, terminals and their paths."""

from __future__ import annotations

import numpy as np
import pytest

from femsuite.conditions import Film, FixedTemperature
from femsuite.conditions.sheet import Sheet
from femsuite.conditions.terminal import Drive
from femsuite.errors import InputError, SolveError
from femsuite.physics.heat import HeatProblem
from femsuite.solve.norms import maximum
from femsuite.verify.bodies import box
from femsuite.verify.cases_thermal import along_axis
from femsuite.verify.electric_bodies import LinearMetal, Patches, WiedemannFranz, coupled, kohlrausch

COPPER = LinearMetal(1.72e-8, 3.93e-3)
COLD = [FixedTemperature(surface="bottom", value="300 K"), FixedTemperature(surface="top", value="300 K")]


def bar(law=COPPER, drive="0.1 V", cell="quadrilateral", conditions=COLD, **options) -> HeatProblem:
    """Return a bar of 10 mm along its last axis, fed on top and grounded at the bottom; not solved."""
    size, cells = ((1e-3, 1e-2), (1, 12)) if cell in ("quadrilateral", "triangle") else ((1e-3, 1e-3, 1e-2), (1, 1, 8))
    terminals = {"feed": ("top", drive), "ground": ("bottom", "0 V")}
    return coupled(box(size, cells, cell), law, terminals, conditions, **options)


def test_coupled_and_staggered_solves_give_the_same_temperature_and_current():
    together, apart = bar(), bar()
    together.solve_steady()
    current, conduction, heat = apart.current, apart.operator.conduction, apart.operator.heat
    apart.set_time(0.0)
    conduction.hold()
    without = heat.residual
    for _ in range(40):
        conduction.solve()
        load = current.heat_load().array_r.copy()  # what the current of this round gives off stays in the next
        heat.residual = lambda load=load: without().__isub__(load)
        heat.solve(0.0)
        heat.residual = without
    difference = np.abs(apart.temperature.x.array - together.temperature.x.array).max()
    assert difference < 1e-7 * (together.temperature.x.array.max() - 300.0)
    assert current.currents()["feed"] == pytest.approx(together.current.currents()["feed"], rel=1e-9)


@pytest.mark.parametrize("cell", ["triangle", "quadrilateral", "tetrahedron", "hexahedron"])
@pytest.mark.mpi
def test_no_temperature_between_two_cold_terminals_exceeds_that_of_kohlrausch(cell):
    problem = bar(WiedemannFranz(398.0), "0.2 V", cell, thermal=398.0)
    problem.solve_steady()
    highest = maximum(float(problem.temperature.x.array.max()), problem.comm)
    assert highest == pytest.approx(kohlrausch(0.2), rel=2e-3)


@pytest.mark.mpi
def test_a_current_and_the_voltage_that_goes_with_it_give_the_same_state():
    fed = bar(drive="400 A", cell="tetrahedron")
    fed.solve_steady()
    volts = fed.current.voltages()["feed"]
    held = bar(drive=f"{volts!r} V", cell="tetrahedron")
    held.solve_steady()
    assert held.current.currents()["feed"] == pytest.approx(400.0, rel=1e-8)
    assert np.abs(fed.temperature.x.array - held.temperature.x.array).max(initial=0.0) < 1e-5


@pytest.mark.mpi
def test_direct_and_multigrid_solves_agree():
    direct, multigrid = (bar(cell="tetrahedron", preset=preset) for preset in ("direct", "multigrid"))
    for problem in (direct, multigrid):
        problem.solve_steady()
    assert np.abs(direct.temperature.x.array - multigrid.temperature.x.array).max(initial=0.0) < 1e-6


def test_a_heated_bar_follows_the_transient_of_its_steady_state():
    problem = bar(drive="0.05 V")
    assert list(problem.march(10.0, first_step=1e-3, largest_change=10.0)) == [10.0]
    assert problem.temperature.x.array.max() - 300.0 == pytest.approx(42.1575, rel=1e-3)
    assert problem.balance()["heat"] < 1e-9


def test_the_first_heating_of_a_bar_is_its_power_over_its_capacity():
    problem = bar(LinearMetal(1.72e-8), "0.05 V", capacity=3.4e6)
    list(problem.march(1e-4, first_step=1e-5, tolerance=1e-3))
    middle = along_axis(problem, 1, [5e-3])[0] - 300.0
    assert middle == pytest.approx((0.05 / 0.01) ** 2 / 1.72e-8 / 3.4e6 * 1e-4, rel=1e-4)


def test_a_chip_takes_what_its_law_says_and_gives_off_its_heat():
    tagged = box((1e-3, 1e-2), (1, 12), "quadrilateral")
    chip = Sheet(surface="bottom", resistance="1e-6 ohm m^2", knee="0.5 V", back="0.1 V")
    cooled = [Film(surface="top", coefficient="1e5 W/(m^2 K)", ambient="300 K")]
    law = LinearMetal(1.72e-8)
    problem = coupled(tagged, law, {"feed": ("top", "1.5 V")}, cooled, sheets={"chip": chip})
    problem.solve_steady()
    area = 1e-3
    expected = (1.5 - 0.6) / (1e-6 / area + 1.72e-8 * 1e-2 / area)
    amperes, watts = problem.current.sheet_totals()["chip"]
    assert amperes == pytest.approx(expected, rel=1e-9)
    at_chip = 1.5 - expected * 1.72e-8 * 1e-2 / area
    assert watts == pytest.approx(expected * (at_chip - 0.1), rel=1e-9)
    assert problem.current.balance()["current"] < 1e-10
    assert problem.current.balance()["electric_power"] < 1e-10
    assert problem.balance()["heat"] < 1e-10


@pytest.mark.mpi
def test_a_chip_between_two_layers_acts_on_their_interface():
    layers = {"back": 4e-3, "metal": 1e-2}
    tagged = box((1e-3, 1e-3, 1e-2), (1, 1, 10), "tetrahedron", layers)
    law = Patches([(tagged.cells("metal"), LinearMetal(1.72e-8))])
    chip = Sheet(surface="back|metal", resistance="1e-7 ohm m^2")
    terminals = {"feed": ("top", "30 A")}
    problem = coupled(tagged, law, terminals, COLD, sheets={"chip": chip}, conductors="metal")
    problem.solve_steady()
    assert problem.current.sheet_totals()["chip"][0] == pytest.approx(30.0, rel=1e-10)
    expected = 30.0 * (1e-7 + 1.72e-8 * 6e-3) / 1e-6
    assert problem.current.voltages()["feed"] == pytest.approx(expected, rel=1e-8)
    assert problem.balance()["heat"] < 1e-9


def test_a_warm_chip_beside_a_cooled_face_is_one_problem():
    tagged = box((1e-3, 1e-3), (1, 4), "quadrilateral")
    chip = Sheet(surface="bottom", resistance="1e-8 ohm m^2", coefficient="0.006 1/K", reference="300 K")
    cooled = [Film(surface="bottom", coefficient="1e4 W/(m^2 K)", ambient="300 K")]
    problem = coupled(tagged, COPPER, {"feed": ("top", "5000 A")}, cooled, sheets={"chip": chip})
    problem.solve_steady()
    hot = problem.temperature.x.array.min() - 300.0  # of the chip; j = 5e6 A/m2
    assert problem.current.sheet_totals()["chip"][1] == pytest.approx(
        5e6**2 * 1e-8 * (1.0 + 0.006 * hot) * 1e-3, rel=1e-3
    )
    assert problem.balance()["heat"] < 1e-9


def test_a_chip_whose_resistance_rises_with_temperature_takes_less_current():
    tagged = box((1e-3, 1e-3), (1, 4), "quadrilateral")
    hot = [FixedTemperature(surface=name, value="400 K") for name in ("bottom", "top")]
    amperes = []
    for slope in ("0 1/K", "0.01 1/K"):
        chip = Sheet(surface="bottom", resistance="1e-6 ohm m^2", coefficient=slope, reference="300 K")
        problem = coupled(tagged, LinearMetal(1e-12), {"feed": ("top", "1 V")}, hot, sheets={"chip": chip})
        problem.solve_steady()
        amperes.append(problem.current.sheet_totals()["chip"][0])
    assert amperes[0] / amperes[1] == pytest.approx(2.0, rel=1e-5)


def test_a_current_without_a_way_out_is_refused_in_words():
    layers = {"lower": 4e-3, "foil": 6e-3, "upper": 1e-2}
    tagged = box((1e-3, 1e-2), (1, 10), "quadrilateral", layers)
    terminals = {"feed": ("top", "5 A"), "ground": ("bottom", "0 V")}
    problem = coupled(tagged, COPPER, terminals, COLD, conductors=["lower", "upper"])
    with pytest.raises(
        InputError, match=r"'feed' gives 5 A, and no conductor leads from it .* \(the study has 'ground'\)"
    ):
        problem.solve_steady()
    problem.current.drives = {"feed": Drive("voltage", 1.0), "ground": Drive("voltage", 0.0)}
    with pytest.raises(InputError, match=r"no path of conductors between the terminal 'feed' and 'ground'"):
        problem.solve_steady()


def test_a_terminal_on_an_insulator_is_refused():
    tagged = box((1e-3, 1e-2), (1, 10), "quadrilateral", {"metal": 4e-3, "foil": 1e-2})
    with pytest.raises(InputError, match=r"the terminal 'feed' \(top\) touches no region that conducts"):
        coupled(tagged, COPPER, {"feed": ("top", "5 A")}, COLD, conductors="metal")


def test_two_terminals_that_touch_are_refused():
    tagged = box((1e-3, 1e-2), (1, 10), "quadrilateral")
    with pytest.raises(InputError, match=r"the terminals 'side' and 'feed' touch"):
        coupled(tagged, COPPER, {"feed": ("top", "5 A"), "side": ("left", "0 V")}, COLD)


def test_a_current_beyond_the_limit_is_told_as_runaway_with_the_limit():
    with pytest.raises(SolveError, match=r"electric runaway: with feed 770000 A .* at feed 7[56]\d{4} A"):
        bar(drive="770000 A").solve_steady()


def test_a_voltage_knows_no_runaway_in_a_metal():
    problem = bar(drive="1 V")
    problem.solve_steady()
    expected = (np.sqrt(1.0 + 2.0 * 3.93e-3 * 1.0 / (8.0 * 398.0 * 1.72e-8)) - 1.0) / 3.93e-3
    assert problem.temperature.x.array.max() - 300.0 == pytest.approx(expected, rel=2e-3)


def test_a_conductor_that_nothing_holds_carries_nothing():
    layers = {"lower": 4e-3, "foil": 6e-3, "upper": 1e-2}
    tagged = box((1e-3, 1e-2), (1, 10), "quadrilateral", layers)
    sides = {"feed": ("left", "0 A"), "ground": ("bottom", "0 V")}
    with pytest.raises(InputError, match="touch"):
        coupled(tagged, COPPER, sides, COLD, conductors=["lower", "upper"])
    problem = coupled(tagged, COPPER, {"ground": ("bottom", "0 V")}, COLD, conductors=["lower", "upper"])
    problem.solve_steady()
    assert problem.current.dissipated() == 0.0
    assert np.abs(problem.temperature.x.array - 300.0).max() < 1e-9
