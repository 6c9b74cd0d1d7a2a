"""Field files are read back by pyvista: cell types, values, names, volume."""

import numpy as np
import pytest
import pyvista
from box_case import SIZE, exact_displacement, exact_stress, exact_temperature, make_state
from mpi4py import MPI

from femsuite.errors import InputError
from femsuite.results.fields import FieldWriter
from femsuite.results.grid import node_order

pytestmark = pytest.mark.mpi
COMM = MPI.COMM_WORLD


@pytest.mark.parametrize(("order", "types"), [(1, {10, 12}), (2, {24, 29})])
def test_written_fields_are_read_back_exactly(tagged, shared, order, types):
    writer = FieldWriter(shared, tagged)
    writer.write(make_state(tagged, order))
    COMM.barrier()
    reader = pyvista.get_reader(str(writer.collection))
    grid = reader.read()[0]
    assert set(grid.celltypes) <= types
    assert grid.n_cells == tagged.mesh.topology.index_map(3).size_global
    x = np.asarray(grid.points).T
    if order == 2:  # the exact fields are quadratic
        assert np.allclose(grid["temperature"], exact_temperature(x), rtol=0, atol=1e-10)
        assert np.allclose(grid["displacement"], exact_displacement(x).T, rtol=0, atol=1e-18)
    stress = grid["stress"].reshape(-1, 3, 3)
    for (i, j), voigt in zip([(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)], exact_stress(x), strict=True):
        assert np.allclose(stress[:, i, j], voigt, rtol=0, atol=1e-6)
        assert np.allclose(stress[:, j, i], voigt, rtol=0, atol=1e-6)
    sizes = grid.compute_cell_sizes(length=False, area=False)
    assert np.sum(sizes["Volume"]) == pytest.approx(np.prod(SIZE), rel=1e-9)
    middles = grid.cell_centers().points
    assert np.array_equal(grid["region"], np.where(middles[:, 2] < SIZE[2] / 2, 1, 2))


def test_cell_constant_fields_stay_on_cells(tagged, shared):
    writer = FieldWriter(shared, tagged, ["heat_flux"])
    writer.write(make_state(tagged))
    COMM.barrier()
    grid = pyvista.read(shared / "fields_0000.pvtu")
    assert np.allclose(grid.cell_data["heat_flux"], grid.cell_centers().points * [1, 2, 3], atol=1e-12)
    assert "temperature" not in grid.point_data


def test_steady_states_are_numbered_and_timed_states_keep_their_seconds(tagged, shared):
    state = make_state(tagged)
    writer = FieldWriter(shared, tagged, ["temperature"])
    writer.write(state)
    writer.write(make_state(tagged, label="power=2 W", power=2.0))
    COMM.barrier()
    reader = pyvista.get_reader(str(writer.collection))
    assert reader.time_values == [0.0, 1.0]
    piece = pyvista.read(shared / "fields_0001_rank0.vtu")
    assert piece.field_data["label"][0] == "power=2 W"
    assert piece.field_data["power"][0] == 2.0
    assert list(piece.field_data["region_names"]) == ["1 die", "2 mould"]


def test_unknown_field_is_refused_with_the_nearest_name(tagged, shared):
    with pytest.raises(InputError, match="did you mean 'temperature'"):
        FieldWriter(shared, tagged, ["temprature"]).write(make_state(tagged))


@pytest.mark.parametrize("cell", ["interval", "triangle", "quadrilateral", "tetrahedron", "hexahedron"])
@pytest.mark.parametrize("order", [1, 2])
def test_node_order_is_a_permutation(cell, order):
    nodes, _ = node_order(cell, order)
    assert sorted(nodes) == list(range(len(nodes)))
