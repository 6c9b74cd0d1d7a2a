import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.material.diffusivity import Arrhenius, depth, diffusivity
from femsuite.material.file import load
from femsuite.physics.diffusion import DiffusionProblem
from femsuite.physics.two_front import Concentrations, TwoFronts, dissolved, similarity
from femsuite.verify import bodies

EVEN = Arrhenius(1e-12, 0.0)


def wall(held, laws=None, cells=(4, 8)):
    tagged = bodies.box((1e-6, 2e-6), cells, "quadrilateral", {"lower": 1e-6, "upper": 2e-6})
    return DiffusionProblem(tagged, laws or {"lower": EVEN, "upper": EVEN}, held)


@pytest.mark.mpi
def test_flow_through_two_layers_is_that_of_their_resistances_in_series():
    """Steady flow ``1/(h1/D1 + h2/D2)`` per area; what enters below leaves above."""
    problem = wall({"bottom": 1.0, "top": 0.0}, {"lower": EVEN, "upper": Arrhenius(4e-12, 0.0)})
    for _ in range(40):
        problem.advance(1.0, 300.0)
    before = dict(problem.entered)
    problem.advance(1.0, 300.0)
    flow = 1e-6 / (1e-6 / 1e-12 + 1e-6 / 4e-12)
    assert problem.entered["bottom"] - before["bottom"] == pytest.approx(flow, rel=1e-6)
    assert problem.entered["top"] - before["top"] == pytest.approx(-flow, rel=1e-6)


@pytest.mark.mpi
def test_amount_changes_by_what_enters_while_the_temperature_changes():
    problem = wall({"bottom": 1.0}, {"lower": Arrhenius(1e-6, 80e3), "upper": Arrhenius(2e-6, 80e3)})
    start = problem.amount()
    for kelvin in np.linspace(500.0, 700.0, 8):
        problem.advance(0.2, float(kelvin))
    assert problem.amount() - start == pytest.approx(problem.entered["bottom"], rel=1e-9)


def test_time_steps_are_of_second_order():
    """A closed body that starts with cosine decays by ``exp(-D (pi/L)^2 t)``."""

    def left(steps):
        problem = wall({}, cells=(1, 32))
        place = problem.space.tabulate_dof_coordinates()[:, 1]
        problem.concentration.x.array[:] = np.cos(np.pi * place / 2e-6)
        for _ in range(steps):
            problem.advance(0.4 / steps, 300.0)
        return problem.concentration.x.array.max()

    exact = np.exp(-1e-12 * (np.pi / 2e-6) ** 2 * 0.4)
    errors = [abs(left(steps) - exact) for steps in (2, 4, 8)]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert orders == pytest.approx(2.0, abs=0.25)


def test_a_region_without_a_diffusivity_is_told():
    with pytest.raises(InputError, match="upper"):
        wall({}, {"lower": EVEN})


def test_shipped_aluminium_has_diffusivities_by_name():
    law = diffusivity(load("Al_99"), "Zn_in_Al_GBfoil")
    assert float(law(673.15)) == pytest.approx(3.67e-15, rel=1e-3)
    assert depth(1e-14, 100.0) == pytest.approx(2e-6)
    with pytest.raises(InputError, match="diffusion"):
        diffusivity(load("Al_99"), "Cu_in_Al")


def test_fronts_forget_their_start_and_conserve_the_solute():
    """With nothing of the solute in the first solid, whose front then takes up none."""
    at = Concentrations(first=0.1, first_solid=0.0, second=0.4, second_solid=0.9)
    liquid = TwoFronts(1e-9, at, 1e-7)
    while liquid.thickness < 1e-5:
        liquid.advance(0.1 * (2.5e-6 + liquid.time))
        assert liquid.amount() == pytest.approx(liquid.lost(), rel=1e-9)
    unit = 2.0 * np.sqrt(1e-9 * liquid.time)
    assert (-liquid.first / unit, liquid.second / unit) == pytest.approx(similarity(at), rel=1e-3)


def test_concentrations_that_do_not_rise_leave_no_liquid():
    with pytest.raises(InputError, match="must rise"):
        Concentrations(first=0.1, first_solid=0.2, second=0.4, second_solid=0.9)


def test_saturated_liquid_holds_its_fraction_of_the_solute():
    taken = dissolved(10e-6, 2.0, 0.08)
    assert taken / (taken + 2.0 * 10e-6) == pytest.approx(0.08)
