"""A checkpoint written on any number of ranks is read on any other, exactly."""

import subprocess
import sys
from pathlib import Path

import basix.ufl
import box_case
import numpy as np
import pytest
from dolfinx.fem import Function, functionspace
from mpi4py import MPI

from femsuite.errors import InputError
from femsuite.results import checkpoint

HERE = Path(__file__).resolve().parent


def functions(tagged, filled):
    """A different irrational number at every node, so that a wrong row cannot pass; quadrature values by cell.

    Made from the node's whole-numbered place in the box, so that rounding of coordinates cannot blur "exactly".
    """
    mesh = tagged.mesh

    def wave(x, factor=1):
        i, j, k = np.rint(x / box_case.SIZE[:, None] * np.array([[8], [4], [4]]))
        return np.sqrt(2 + factor * (i + 17 * j + 289 * k))

    first, second = (Function(functionspace(mesh, ("Lagrange", order))) for order in (1, 2))
    vector = Function(functionspace(mesh, ("Lagrange", 2, (3,))))
    element = basix.ufl.quadrature_element(mesh.topology.cell_name(), value_shape=(6,), degree=2)
    stress = Function(functionspace(mesh, element))
    if filled:
        first.interpolate(wave)
        second.interpolate(wave)
        vector.interpolate(lambda x: np.array([wave(x), wave(x, 2), wave(x, 3)]))
        cells = np.asarray(mesh.topology.original_cell_index, dtype=float)
        dofs = stress.function_space.dofmap.list
        values = np.sqrt(2.0 + cells[:, None, None] * 60 + np.arange(dofs.shape[1] * 6).reshape(-1, 6))
        stress.x.array.reshape(-1, 6)[dofs.ravel()] = values.reshape(-1, 6)
    return {"first": first, "second": second, "vector": vector, "stress": stress}


def save(path, cell):
    tagged = box_case.box(cell)
    checkpoint.write(Path(path), tagged.mesh, functions(tagged, True), {"time": 2.5, "label": "power=1 W"})


def compare(path, cell):
    tagged = box_case.box(cell)
    expected, got = functions(tagged, True), functions(tagged, False)
    facts = checkpoint.read(Path(path), tagged.mesh, got)
    assert facts == {"time": 2.5, "label": "power=1 W"}
    for name, function in got.items():
        assert np.array_equal(function.x.array, expected[name].x.array), name


@pytest.mark.mpi
@pytest.mark.parametrize("cell", ["tetrahedron", "hexahedron"])
def test_what_was_written_is_read(shared, cell):
    save(shared / "state.h5", cell)
    compare(shared / "state.h5", cell)


@pytest.mark.skipif(MPI.COMM_WORLD.size > 1, reason="starts ranks of its own")
@pytest.mark.parametrize(("writers", "readers"), [(1, 3), (2, 1), (3, 2)])
def test_number_of_ranks_may_change(tmp_path, writers, readers):
    mpiexec = Path(sys.executable).parent / "mpiexec"
    for count, action in ((writers, "save"), (readers, "compare")):
        code = (
            f"import sys; sys.path.insert(0, {str(HERE)!r}); import femsuite; import test_results_checkpoint as t; "
            f"[t.{action}({str(tmp_path)!r} + '/' + c + '.h5', c) for c in ('tetrahedron', 'hexahedron')]"
        )
        done = subprocess.run(
            [str(mpiexec), "-n", str(count), sys.executable, "-c", code], capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.skipif(MPI.COMM_WORLD.size > 1, reason="starts a process of its own")
def test_checkpoint_works_after_the_solver_library_is_loaded(tmp_path):
    """The solver's HDF5 and h5py's are of different versions and must not meet."""
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import femsuite, dolfinx.fem.petsc, pyvista; "
        f"import test_results_checkpoint as t; "
        f"t.save({str(tmp_path / 'a.h5')!r}, 'tetrahedron'); t.compare({str(tmp_path / 'a.h5')!r}, 'tetrahedron')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.mpi
def test_another_mesh_element_or_file_is_refused(shared):
    save(shared / "state.h5", "tetrahedron")
    tagged = box_case.box("tetrahedron")
    other = box_case.box("tetrahedron", (2, 1, 1))
    with pytest.raises(InputError, match="was written for another mesh: 96 cells of type tetrahedron, not 12"):
        checkpoint.read(shared / "state.h5", other.mesh, {})
    moved = box_case.box("tetrahedron")
    moved.mesh.geometry.x[:, 0] *= 1.01
    with pytest.raises(InputError, match="its cells lie elsewhere"):
        checkpoint.read(shared / "state.h5", moved.mesh, {})
    with pytest.raises(InputError, match="written with another element"):
        checkpoint.read(shared / "state.h5", tagged.mesh, {"second": functions(tagged, False)["first"]})
    with pytest.raises(InputError, match="did you mean 'second'"):
        checkpoint.read(shared / "state.h5", tagged.mesh, {"secnd": functions(tagged, False)["first"]})
    with pytest.raises(InputError, match="there is no such file"):
        checkpoint.read(shared / "other.h5", tagged.mesh, {})
    cubic = Function(functionspace(tagged.mesh, ("Lagrange", 3)))
    with pytest.raises(InputError, match="does not keep exactly"):
        checkpoint.write(shared / "cubic.h5", tagged.mesh, {"u": cubic})
    assert not (shared / "cubic.h5").exists()
