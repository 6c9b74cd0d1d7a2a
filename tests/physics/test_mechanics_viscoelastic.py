from dataclasses import replace

import numpy as np
import pytest
from mpi4py import MPI

from femsuite.conditions import Displacement, Symmetry
from femsuite.material import load
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.laws import law
from femsuite.material.laws.viscoelastic import prony
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.solve.norms import norm
from femsuite.verify.bodies import box
from femsuite.verify.constants import material
from femsuite.verify.harness import run_cases

EMC, COPPER = load("EMC"), material("copper", youngs_modulus=120e9, poissons_ratio=0.34, expansion_tangent=17e-6)
LAWS = {"low": law("incremental"), "up": law("viscoelastic")}


def package(comm, steps=4, resin=EMC, laws=LAWS):
    tagged = box((1e-3, 1e-3, 0.4e-3), (3, 3, 2), "tetrahedron", {"low": 0.2e-3, "up": 0.4e-3}, comm=comm)
    field = MaterialField(
        tagged, {name: Assignment(item, None, 440.0) for name, item in (("low", COPPER), ("up", resin))}
    )
    supports = [Symmetry(surface=name) for name in ("left", "front", "bottom")]
    problem = MechanicsProblem(tagged, field, supports, law=laws, preset="direct")
    for temperature in np.linspace(440.0, 380.0, steps + 1)[1:]:
        problem.advance(float(temperature), duration=60.0 / steps)
    return problem


def numbers(problem):
    owned = problem.space.dofmap.index_map.size_local * 3
    heat = problem.points.integral(problem.internal["dissipation"][..., 0])[0]
    return np.array([norm(problem.displacement.x.array[:owned], problem.space.mesh.comm), heat, problem.largest_flow])


def test_one_element_gives_what_the_closed_forms_say():
    """Relaxation, creep of second order and the rod through its glass transition (Boltzmann's integral)."""
    rows = run_cases("inelastic.V*")
    assert len(rows) == 7
    assert [f"{row.quantity}: {row.expected} {row.got}" for row in rows if not row.passed] == []


def test_after_endless_time_the_package_is_that_of_an_elastic_rubber():
    problem = package(MPI.COMM_SELF)
    flowed = problem.largest_flow
    record = problem.advance(380.0, duration=1e15)
    assert record.iterations <= 2  # the stress is affine in the strain
    assert problem.largest_flow > flowed > 1e-6
    left = 1.0 - prony(EMC).shear.sum()
    constant = material("rubber", youngs_modulus=23e9 * left, poissons_ratio=0.3)
    rubber = replace(EMC, properties={**EMC.properties, **constant.properties})
    elastic = package(MPI.COMM_SELF, resin=rubber, laws="incremental")
    np.testing.assert_allclose(problem.stress, elastic.stress, atol=1e-5 * np.abs(elastic.stress).max())
    assert problem.balance().worst < 1e-8


def test_only_the_resin_has_maxwell_elements_and_dissipates():
    problem = package(MPI.COMM_SELF)
    copper = problem.tagged.cells("low")
    assert problem.internal["prony_stress"].shape[-1] == 6 * 11
    assert np.all(problem.internal["dissipation"][copper] == 0.0)
    assert np.all(problem.internal["dissipation"][problem.tagged.cells("up")] > 0.0)


def test_a_plate_in_plane_stress_relaxes_like_a_bar():
    """Pulled at once and held long: 23 GPa at first, then the rubber's modulus, with no stress across."""
    tagged = box((1e-3, 1e-3), (2, 2), "quadrilateral")
    field = MaterialField(tagged, {"body": Assignment(EMC, None, 430.0)})
    conditions = [Symmetry(surface="left"), Symmetry(surface="bottom"), Displacement(surface="right", x="1 um")]
    problem = MechanicsProblem(tagged, field, conditions, law="viscoelastic", plane="stress", preset="direct")
    problem.advance(430.0)
    np.testing.assert_allclose(problem.stress[..., 0], 1e-3 * 23e9, rtol=1e-6)
    problem.advance(430.0, duration=1e12)
    np.testing.assert_allclose(problem.stress[..., 0], 1e-3 * 890e6, rtol=1e-4)
    assert np.abs(problem.stress[..., 2]).max() < 10.0


@pytest.mark.mpi
def test_relaxation_does_not_depend_on_the_ranks(comm):
    np.testing.assert_allclose(numbers(package(comm)), numbers(package(MPI.COMM_SELF)), rtol=1e-7)
