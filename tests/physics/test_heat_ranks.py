import numpy as np
import pytest
from mpi4py import MPI

from femsuite.conditions import Film, FixedTemperature, Radiation
from femsuite.physics.heat import HeatProblem
from femsuite.physics.heat_step import HeatStep
from femsuite.verify.bodies import box
from femsuite.verify.thermal_material import Patchwork, SimpleMaterial, isotropic

pytestmark = pytest.mark.mpi

CONDITIONS = [
    Film(surface="*", coefficient="90 W/(m^2 K)", ambient="300 K"),
    Radiation(surface="top", emissivity=0.9, ambient="300 K"),
    FixedTemperature(surface="left", value="310 K"),
]


def solve(comm, cell, preset, transient):
    tagged = box((1e-3, 1e-3, 2e-3), (3, 3, 4), cell, {"low": 1e-3, "high": 2e-3}, comm=comm)
    low = SimpleMaterial((10.0, 10.0, 5.0), slope=-0.001, capacity=2e6, capacity_slope=0.001)
    material = Patchwork(tagged, {"low": low, "high": isotropic(40.0, 1.5e6)})
    problem = HeatProblem(tagged, material, CONDITIONS, initial=300.0, preset=preset)
    problem.set_power("high", 0.5)
    if transient:
        step = HeatStep(problem)
        error = step.attempt(0.0, 0.02)
        step.accept()
    else:
        problem.solve_steady()
        error = 0.0
    return problem, error


def nodal(problem):
    """All nodes and their temperatures, in the same order on any number of ranks; known to rank 0."""
    owned = problem.space.dofmap.index_map.size_local
    rows = np.column_stack([problem.space.tabulate_dof_coordinates()[:owned], problem.temperature.x.array[:owned]])
    pieces = problem.comm.gather(rows, root=0)
    if pieces is None:
        return None
    rows = np.concatenate(pieces)
    return rows[np.lexsort(np.round(rows[:, :3] * 1e9).T)]


@pytest.mark.parametrize("preset", ["direct", "multigrid"])
@pytest.mark.parametrize("transient", [False, True], ids=["steady", "step"])
@pytest.mark.parametrize("cell", ["tetrahedron", "hexahedron"])
def test_temperatures_do_not_depend_on_the_number_of_ranks(comm, cell, transient, preset):
    spread, error = solve(comm, cell, preset, transient)
    alone, alone_error = solve(MPI.COMM_SELF, cell, preset, transient)
    rows, expected = nodal(spread), nodal(alone)
    if rows is not None:
        np.testing.assert_allclose(rows[:, :3], expected[:, :3], atol=1e-12)
        np.testing.assert_allclose(rows[:, 3], expected[:, 3], atol=1e-6)
    assert error == pytest.approx(alone_error, abs=1e-6)
    balance, expected_balance = spread.balance(), alone.balance()
    assert balance["heat"] < 1e-6
    for name, entry in expected_balance["surfaces"].items():
        assert balance["surfaces"][name] == pytest.approx(entry, rel=1e-5, abs=1e-7)
    assert balance["energy_stored"] == pytest.approx(expected_balance["energy_stored"], rel=1e-6)


def test_wrong_surface_is_refused_on_every_rank(comm):
    from femsuite.errors import InputError

    tagged = box((1.0, 1.0), (2, 2), "triangle", comm=comm)
    with pytest.raises(InputError, match="'outside'"):
        HeatProblem(tagged, isotropic(1.0), [Film(surface="outside", coefficient="1 W/(m^2 K)", ambient="300 K")])
