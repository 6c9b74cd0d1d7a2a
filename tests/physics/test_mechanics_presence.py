import pytest

from femsuite.conditions import Symmetry
from femsuite.material import laws
from femsuite.material.field import Assignment, MaterialField
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.solve.monitor import Monitor
from femsuite.verify.bodies import box
from femsuite.verify.constants import material

COPPER = material("copper", youngs_modulus=120e9, poissons_ratio=0.34, expansion_tangent=17e-6)
SILICON = material("silicon", youngs_modulus=160e9, poissons_ratio=0.22, expansion_tangent=3e-6)


def three_layers(comm=None, **options):
    """A quarter of three layers, of which the uppermost can be absent; free to move upwards."""
    layers = {"low": 0.2e-3, "up": 0.4e-3, "over": 0.6e-3}
    tagged = box((1e-3, 1e-3, 0.6e-3), (3, 3, 6), "hexahedron", layers, comm=comm)
    parts = {"low": COPPER, "up": SILICON, "over": COPPER}
    field = MaterialField(tagged, {name: Assignment(what, None, 450.0) for name, what in parts.items()})
    sides = [Symmetry(surface="left"), Symmetry(surface="front")]
    each = dict.fromkeys(tagged.regions, laws.law("incremental"))
    return MechanicsProblem(tagged, field, sides, support="free", law=each, **options)


@pytest.mark.mpi
def test_no_step_begins_with_a_jump_of_what_is_absent_or_held(comm):
    problem = three_layers(comm)
    problem.change(gone=["over"])
    for temperature in (400.0, 350.0, 300.0):
        problem.advance(temperature)
        assert not problem._jumps(problem._residual(problem.stress, problem.load))


@pytest.mark.mpi
def test_a_later_step_needs_no_new_factors_for_a_stiffness_that_stays(comm):
    monitor = Monitor()
    problem = three_layers(comm, monitor=monitor)
    problem.change(gone=["over"])
    for temperature in (400.0, 350.0, 300.0):
        problem.advance(temperature)
    assert [record.setup_seconds > 0.0 for record in monitor.solves] == [True] + [False] * (len(monitor.solves) - 1)
