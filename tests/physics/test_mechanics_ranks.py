import numpy as np
import pytest
from mpi4py import MPI

from femsuite.conditions import Displacement, Fixed, Symmetry
from femsuite.material.field import Assignment, MaterialField
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.solve.norms import norm
from femsuite.verify.bodies import box
from femsuite.verify.constants import material

pytestmark = pytest.mark.mpi

SUPPORTS = {
    "free": [],
    "quarter": [Symmetry(surface="left"), Symmetry(surface="front")],
    "held": [Fixed(surface="bottom"), Displacement(surface="top", x="1 um")],
}


def solve(comm, cell, support, preset, order=2):
    tagged = box((1e-3, 1e-3, 0.4e-3), (3, 3, 2), cell, {"low": 0.2e-3, "up": 0.4e-3}, comm=comm)
    copper = material("copper", youngs_modulus=120e9, poissons_ratio=0.34, expansion_tangent=17e-6)
    silicon = material("silicon", youngs_modulus=160e9, poissons_ratio=0.22, expansion_tangent=3e-6)
    field = MaterialField(tagged, {"low": Assignment(copper, None, 400.0), "up": Assignment(silicon, None, 450.0)})
    kind = "held" if support == "held" else "free"
    problem = MechanicsProblem(tagged, field, SUPPORTS[support], support=kind, preset=preset, order=order)
    problem.advance(350.0)
    problem.advance(300.0)
    owned = problem.space.dofmap.index_map.size_local * 3
    size = norm(problem.displacement.x.array[:owned], comm)
    cells = problem.points.owned
    energy = problem.points.integral((problem.stress**2).sum(axis=-1))[0]
    assert np.isfinite(problem.stress[:cells]).all()
    return np.array([size, np.sqrt(energy)]), problem


@pytest.mark.parametrize("support", list(SUPPORTS))
@pytest.mark.parametrize("preset", ["direct", "multigrid"])
@pytest.mark.parametrize("cell", ["tetrahedron", "hexahedron"])
def test_displacement_and_stress_do_not_depend_on_the_ranks(cell, preset, support, comm):
    together, problem = solve(comm, cell, support, preset)
    # the same on this rank alone, the same mesh
    alone, _ = solve(MPI.COMM_SELF, cell, support, "direct")
    np.testing.assert_allclose(together, alone, rtol=1e-6)
    assert problem.balance().worst < 1e-8


def test_linear_elements_do_not_depend_on_the_ranks(comm):
    together, _ = solve(comm, "tetrahedron", "free", "multigrid", order=1)
    alone, _ = solve(MPI.COMM_SELF, "tetrahedron", "free", "direct", order=1)
    np.testing.assert_allclose(together, alone, rtol=1e-6)


def test_reaction_is_the_same_on_every_rank(comm):
    _, problem = solve(comm, "tetrahedron", "held", "direct")
    reaction = problem.reaction("top")
    assert abs(reaction[0]) > 1.0
    # the force through the top leaves through the bottom
    np.testing.assert_allclose(problem.reaction("bottom")[0], -reaction[0], rtol=1e-9)
    assert max(comm.allgather(reaction.tolist())) == min(comm.allgather(reaction.tolist()))


def test_a_tangent_that_stays_on_one_rank_alone_is_assembled_by_all(comm):
    _, problem = solve(comm, "tetrahedron", "held", "direct")
    tangent = problem.tangent.assembled * (1.0 if comm.rank == 0 else 2.0)
    problem.tangent.set(tangent)  # a rank that skipped it would leave the others waiting
    np.testing.assert_array_equal(problem.tangent.assembled, tangent)
