from types import SimpleNamespace

import numpy as np
import pytest
from mpi4py import MPI

from femsuite.errors import InputError
from femsuite.material import Orientation, load
from femsuite.material.field import Assignment, MaterialField

REGIONS = {"board": 4, "die": 7, "mould": 2}
TAGS = np.array([7, 2, 2, 4, 7, 2, 4, 7], dtype=np.int32)
TAGGED = SimpleNamespace(cell_tags=SimpleNamespace(indices=np.arange(8, dtype=np.int32), values=TAGS), regions=REGIONS)
TURNED = Orientation((1, 1, 1), (1, -1, 0))
TEMPERATURE = np.linspace(280.0, 450.0, 24).reshape(8, 3)


def _assignments(**changes):
    plain = {
        "die": Assignment(load("Si"), TURNED, 448.15),
        "mould": Assignment(load("EMC"), None, 453.0),
        "board": Assignment(load("FR4"), None, 430.0),
    }
    return plain | changes


@pytest.fixture
def field():
    return MaterialField(TAGGED, _assignments())


def _each_cell(evaluate, tail):
    materials = {tag: _assignments()[name] for name, tag in REGIONS.items()}
    rows = [evaluate(materials[tag], TEMPERATURE[cell]) for cell, tag in enumerate(TAGS)]
    assert np.shape(rows) == (8, 3, *tail)
    return np.array(rows)


def test_each_cell_gets_its_own_materials_values(field):
    expected = _each_cell(lambda part, at: part.material.conductivity(at), (3,))
    assert np.array_equal(field.conductivity(TEMPERATURE), expected)
    expected = _each_cell(lambda part, at: part.material.conductivity_derivative(at), (3,))
    assert np.array_equal(field.conductivity_derivative(TEMPERATURE), expected)
    expected = _each_cell(lambda part, at: part.material.volumetric_heat_capacity(at), ())
    assert np.array_equal(field.volumetric_heat_capacity(TEMPERATURE), expected)
    expected = _each_cell(lambda part, at: part.material.stiffness(at, part.orientation), (6, 6))
    assert np.allclose(field.stiffness(TEMPERATURE), expected, rtol=1e-13, atol=1.0)


def test_thermal_strain_has_no_shear_and_takes_one_start_for_a_cell(field):
    start = field.stress_free_temperature()
    strain = field.thermal_strain(start, TEMPERATURE)
    assert strain.shape == (8, 3, 6)
    assert np.all(strain[..., 3:] == 0.0)
    assert np.isclose(strain[0, 1, 0], load("Si").thermal_strain(TEMPERATURE[0, 1], 448.15), rtol=1e-12)
    assert np.isclose(
        strain[3, 0, 2], 6e-5 * (TEMPERATURE[3, 0] - 430.0), rtol=1e-12
    )  # the board, through its thickness
    assert np.allclose(field.thermal_strain(start[:, None], TEMPERATURE), strain)
    assert np.allclose(field.thermal_strain(TEMPERATURE, TEMPERATURE), 0.0, atol=1e-18)


def test_the_conductivity_slope_matches_differences(field):
    at, step = TEMPERATURE + 0.3, 1e-3  # off the points of silicon's table
    slope = (field.conductivity(at + step) - field.conductivity(at - step)) / (2.0 * step)
    assert np.allclose(field.conductivity_derivative(at), slope, atol=1e-8)


def test_stress_free_temperatures_go_to_their_cells(field):
    expected = {7: 448.15, 2: 453.0, 4: 430.0}
    assert list(field.stress_free_temperature()) == [expected[tag] for tag in TAGS]


def test_constant_stiffnesses_share_their_memory_over_a_cell():
    plain = {name: Assignment(load(material)) for name, material in zip(REGIONS, ["W", "Ti", "Cr"], strict=True)}
    stiffness = MaterialField(TAGGED, plain).stiffness(TEMPERATURE)
    assert stiffness.shape == (8, 3, 6, 6)
    assert stiffness.strides[1] == 0
    assert not stiffness.flags.writeable
    assert np.isclose(stiffness[3, 2, 5, 5], 411e9 / (2.0 * 1.28), rtol=1e-12)


def test_tags_need_not_be_in_cell_order():
    order = np.array([3, 0, 7, 1, 6, 2, 5, 4])
    shuffled = SimpleNamespace(cell_tags=SimpleNamespace(indices=order, values=TAGS[order]), regions=REGIONS)
    one, other = (MaterialField(tagged, _assignments()).conductivity(TEMPERATURE) for tagged in (TAGGED, shuffled))
    assert np.array_equal(one, other)


def test_any_scalar_property_can_be_asked():
    pure = dict.fromkeys(REGIONS, Assignment(load("Cu_OFHC")))
    values = MaterialField(TAGGED, pure).scalar("electrical_resistivity", TEMPERATURE)
    assert np.allclose(values, load("Cu_OFHC").property("electrical_resistivity")(TEMPERATURE))


def test_all_that_is_lacking_is_told_at_once():
    field = MaterialField(TAGGED, _assignments(die=Assignment(load("Si")), mould=Assignment(load("air"))))
    field.requires(["thermal_conductivity", "density", "heat_capacity"])
    with pytest.raises(InputError) as caught:
        field.requires(["stiffness", "expansion", "stress_free_temperature"])
    said = {(fault.key, fault.message.split(";")[0]) for fault in caught.value.faults}
    assert said == {
        ("regions.mould", "air has no stiffness and no expansion"),
        ("regions.mould", "'stress_free_temperature' is missing"),
        ("regions.die", "'stress_free_temperature' is missing"),
        ("regions.die", "Si is a crystal: 'crystal' is missing, with the Miller indices of normal and edge"),
    }
    assert "it has density, thermal_conductivity, heat_capacity" in str(caught.value)


def test_regions_and_assignments_must_match():
    few = {"die": Assignment(load("Si")), "bord": Assignment(load("FR4"))}
    with pytest.raises(InputError) as caught:
        MaterialField(TAGGED, few)
    assert [fault.key for fault in caught.value.faults] == ["regions.board", "regions.mould", "regions.bord"]
    assert "did you mean 'board'" in str(caught.value)


def test_cells_without_a_region_are_refused():
    few = {name: tag for name, tag in REGIONS.items() if name != "board"}
    tagged = SimpleNamespace(cell_tags=TAGGED.cell_tags, regions=few)
    assignments = {name: part for name, part in _assignments().items() if name != "board"}
    with pytest.raises(InputError, match="2 cells of the mesh carry a tag that belongs to no region"):
        MaterialField(tagged, assignments)


def test_provenance_lists_only_what_was_evaluated(field):
    assert field.provenance(MPI.COMM_SELF) == []
    field.conductivity(TEMPERATURE)
    rows = {(row.material, row.property): row for row in field.provenance(MPI.COMM_SELF)}
    assert set(rows) == {
        ("EMC", "thermal_conductivity"), ("FR4", "thermal_conductivity_xy"), ("FR4", "thermal_conductivity_z"),
        ("Si", "thermal_conductivity"),
    }  # fmt: skip
    silicon = rows["Si", "thermal_conductivity"]
    assert silicon.used == (TEMPERATURE[0, 0], TEMPERATURE[7, 2])
    assert silicon.valid == (200.0, 800.0)
    assert silicon.extrapolated == ()
    assert (silicon.unit, silicon.status, silicon.source) == ("W/(m K)", "published", "GSTAB")
    assert np.isclose(silicon.value, 156.0 + 39.0 * 2.0 / 50.0)
    assert "Glassbrenner" in silicon.reference


def test_provenance_lists_the_numbers_inside_a_property(field):
    field.stiffness(TEMPERATURE + 900.0)
    field.thermal_strain(TEMPERATURE, TEMPERATURE + 1400.0)
    rows = {(row.material, row.property): row for row in field.provenance(MPI.COMM_SELF)}
    assert rows["EMC", "youngs_modulus"].status == "estimate"
    assert rows["EMC", "youngs_modulus.E_glass"].status == "published"
    assert rows["EMC", "youngs_modulus.width"].status == "estimate"
    assert rows["Si", "stiffness_c44.temperature_coefficient"].source == "BOURGEOIS"
    expansion = rows["Si", "expansion_tangent"]
    assert expansion.extrapolated == ((1500.0, TEMPERATURE[7, 2] + 1400.0),)


def test_provenance_lists_a_material_in_two_regions_once():
    same = {name: Assignment(load("Cu_OFHC")) for name in REGIONS}
    field = MaterialField(TAGGED, same)
    field.conductivity(TEMPERATURE)
    rows = field.provenance(MPI.COMM_SELF)
    assert [row.property for row in rows] == ["thermal_conductivity"]
    assert rows[0].used == (280.0, 450.0)


@pytest.mark.mpi
def test_provenance_is_the_same_on_all_ranks():
    comm = MPI.COMM_WORLD
    field = MaterialField(TAGGED, _assignments())
    if comm.rank == comm.size - 1:  # only one rank meets these temperatures
        field.conductivity(TEMPERATURE + 5.0)
    rows = field.provenance(comm)
    assert len(rows) == 4
    assert all(285.0 <= row.used[0] <= row.used[1] <= 455.0 for row in rows)
    assert len(set(map(repr, comm.allgather(rows)))) == 1
