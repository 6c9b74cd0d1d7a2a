import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.material import Orientation, load
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.laws import ELASTIC, LawField, Step, law

TURNED = Orientation((1, 1, 1), (1, -1, 0))
RANDOM = np.random.default_rng(3)


def _step(points, start, end, old=None, new=None, stress=None, free=450.0):
    zero = np.zeros((points, 6))
    return Step(
        zero if old is None else old,
        zero if new is None else new,
        np.full(points, start),
        np.full(points, end),
        zero if stress is None else stress,
        np.full(points, free),
    )


@pytest.mark.parametrize("name", ELASTIC)
@pytest.mark.parametrize("material", ["Si", "Cu_OFHC", "FR4", "W"])
def test_free_expansion_is_free_of_stress(name, material):
    item = load(material)
    new = np.zeros((2, 6))
    new[:, :3] = item.thermal_strain_diagonal(np.full(2, 310.0), 450.0)
    response = law(name).update(item, TURNED, _step(2, 450.0, 310.0, new=new))
    assert np.abs(response.stress).max() < 1e-4  # Pa


@pytest.mark.parametrize("name", ELASTIC)
def test_the_tangent_is_the_derivative_of_the_stress(name):
    item = load("Si")
    old, new = RANDOM.normal(scale=1e-4, size=(2, 5, 6))
    base = law(name).update(item, TURNED, _step(5, 420.0, 380.0, old, new))
    for component in range(6):
        moved = new.copy()
        moved[:, component] += 1e-3
        stress = law(name).update(item, TURNED, _step(5, 420.0, 380.0, old, moved)).stress
        assert np.allclose((stress - base.stress) / 1e-3, base.tangent[:, :, component], rtol=1e-9, atol=1e3)


def test_both_forms_agree_where_moduli_are_constant():
    item = load("W")
    strains = RANDOM.normal(scale=1e-4, size=(4, 3, 6))
    temperatures = [450.0, 400.0, 520.0, 300.0]
    stress = np.zeros((3, 6))
    strain = np.zeros((3, 6))
    for index in range(1, 4):
        step = _step(3, temperatures[index - 1], temperatures[index], strain, strains[index], stress)
        stress = law("incremental").update(item, None, step).stress
        strain = strains[index]
    total = law("total").update(item, None, _step(3, 520.0, 300.0, new=strain)).stress
    assert np.allclose(stress, total, rtol=1e-12)


def _constrained_cooling(name, steps):
    item, strain = load("EMC"), np.zeros((1, 6))
    stress = np.zeros((1, 6))
    path = np.linspace(453.0, 295.0, steps + 1)
    for start, end in itertools.pairwise(path):
        stress = law(name).update(item, None, _step(1, start, end, strain, strain, stress, free=453.0)).stress
    return stress[0, 0]


def test_a_resin_cooled_between_walls_builds_the_integral_of_modulus_times_expansion():
    # sigma = -int E alpha/(1 - 2 nu) dT for a fully constrained body; second order in the step
    item = load("EMC")
    fine = np.linspace(453.0, 295.0, 200001)
    middle = 0.5 * (fine[1:] + fine[:-1])
    rate = item.property("youngs_modulus")(middle) * item.property("expansion_tangent")(middle) / (1.0 - 0.6)
    exact = -np.sum(rate * np.diff(fine))
    errors = [abs(_constrained_cooling("incremental", steps) / exact - 1.0) for steps in (40, 80, 160)]
    assert errors[2] < 1e-4
    assert np.log2(errors[0] / errors[1]) > 1.9
    assert np.log2(errors[1] / errors[2]) > 1.9


def test_the_total_form_overrates_the_stress_of_a_resin_cooled_through_its_glass_transition():
    # strain gathered while the resin is soft is charged with the stiff modulus at the end
    item = load("EMC")
    total = item.property("youngs_modulus")(295.0) * item.thermal_strain(453.0, 295.0) / (1.0 - 0.6)
    assert np.isclose(_constrained_cooling("total", 1), total, rtol=1e-12)
    assert total > 2.0 * _constrained_cooling("incremental", 160)


def test_an_unknown_law_names_the_nearest():
    with pytest.raises(InputError, match="there is no law 'incrementel'; did you mean 'incremental'"):
        law("incrementel")


REGIONS = {"die": 1, "lead": 2}
TAGS = np.array([1, 2, 2, 1, 2], dtype=np.int32)
TAGGED = SimpleNamespace(cell_tags=SimpleNamespace(indices=np.arange(5), values=TAGS), regions=REGIONS)


def _field(lead="Cu_OFHC"):
    return MaterialField(
        TAGGED, {"die": Assignment(load("Si"), TURNED, 448.0), "lead": Assignment(load(lead), None, 430.0)}
    )


def _mesh_step():
    old, new = RANDOM.normal(scale=1e-4, size=(2, 5, 4, 6))
    stress = RANDOM.normal(scale=1e6, size=(5, 4, 6))
    start, end = RANDOM.uniform(300.0, 450.0, size=(2, 5, 4))
    return old, new, start, end, stress


@pytest.mark.parametrize("name", ELASTIC)
def test_over_a_mesh_each_cell_follows_its_own_material(name):
    field = _field()
    old, new, start, end, stress = _mesh_step()
    response = LawField(field, law(name)).update(Step(old, new, start, end, stress, field.stress_free_temperature()))
    assert response.stress.shape == (5, 4, 6)
    for cell, tag in enumerate(TAGS):
        part = field.assignments["die" if tag == 1 else "lead"]
        free = np.full(4, part.stress_free_temperature)
        one = law(name).update(
            part.material, part.orientation, Step(old[cell], new[cell], start[cell], end[cell], stress[cell], free)
        )
        assert np.allclose(response.stress[cell], one.stress, rtol=1e-12, atol=1e-3)
        assert np.allclose(response.tangent[cell], one.tangent, rtol=1e-12, atol=1e-2)


def test_a_step_does_not_change_what_it_is_given():
    field = _field()
    arrays = _mesh_step()
    copies = [array.copy() for array in arrays]
    LawField(field, law("total")).update(Step(*arrays, field.stress_free_temperature()))
    assert all(np.array_equal(array, copy) for array, copy in zip(arrays, copies, strict=True))


def test_laws_with_internal_variables_are_carried_along():
    class Counting:
        """An elastic law that counts its steps at each point."""

        name, gradients, fluxes = "counting", {"strain": 6}, {"stress": 6}
        internal, needs = {"count": 1}, ("stiffness", "expansion")

        def check(self, material):
            pass

        def symmetric(self, material):
            return True

        def steady(self, material):
            return False

        def update(self, material, orientation, step):
            response = law("total").update(material, orientation, step)
            return type(response)(response.stress, response.tangent, {"count": step.internal_old["count"] + 1.0})

    laws = LawField(_field(), {"die": law("total"), "lead": Counting()})
    internal = laws.start(points=4)
    for _ in range(2):
        old, new, start, end, stress = _mesh_step()
        free = laws.field.stress_free_temperature()
        internal = laws.update(Step(old, new, start, end, stress, free, 0.0, internal)).internal
    assert np.array_equal(internal["count"][:, 0, 0], [0.0, 2.0, 2.0, 0.0, 2.0])


def test_steady_means_that_no_modulus_depends_on_temperature():
    assert not LawField(_field(), law("total")).steady
    constant = MaterialField(TAGGED, {name: Assignment(load("W"), None, 400.0) for name in REGIONS})
    assert LawField(constant, law("total")).steady


def test_a_material_without_what_its_law_needs_is_refused():
    with pytest.raises(InputError, match=r"regions\.lead: air has no stiffness and no expansion"):
        LawField(_field("air"), law("incremental"))
    with pytest.raises(InputError, match=r"regions\.lead: the region has no law"):
        LawField(_field(), {"die": law("total")})
