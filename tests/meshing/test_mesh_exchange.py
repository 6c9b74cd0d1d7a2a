from pathlib import Path

import meshio
import numpy as np
import pytest

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.meshing import MeshOptions, build_mesh, export
from femsuite.meshing.arrays import MeshArrays
from femsuite.meshing.exchange import FORMATS, import_arrays
from femsuite.meshing.mesh import build_arrays
from femsuite.meshing.quality import quality

CASES = {
    "tetrahedra": ("soic_package", {}, MeshOptions(refinement=0.25)),
    "hexahedra": ("layered_plate", {}, MeshOptions()),
    "triangles": ("hot_disc_plate", {}, MeshOptions(refinement=0.5)),
    "quadrilaterals": ("elliptic_membrane", {}, MeshOptions()),
}


@pytest.mark.mpi
@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_a_round_trip_keeps_names_node_order_and_volume(shared_folder, comm, suffix, case):
    mesh = build_mesh(*CASES[case])
    before = quality(mesh)
    file = export(mesh, shared_folder / f"part{suffix}")
    again = build_mesh("", {}, MeshOptions(file=str(file)))
    assert list(again.regions) == list(mesh.regions)
    assert set(again.surfaces) == set(mesh.surfaces)
    assert list(again.interfaces) == list(mesh.interfaces)
    assert again.part_of == mesh.part_of
    after = quality(again)
    assert after.cells == before.cells
    for name, region in before.regions.items():
        assert after.regions[name].volume == pytest.approx(region.volume, rel=1e-12, abs=0)
    if comm.rank == 0:
        original, _ = build_arrays(*CASES[case])
        read = import_arrays(file)
        assert np.array_equal(read.points, original.points)
        assert np.array_equal(read.cells, original.cells)
    comm.Barrier()


@pytest.mark.parametrize("suffix", [".inp", ".med", ".msh"])
def test_formats_with_names_of_their_own_need_no_second_file(tmp_path, suffix):
    arrays, _ = build_arrays("layered_plate", {}, MeshOptions())
    file = export(arrays, tmp_path / f"part{suffix}")
    (tmp_path / f"part{suffix}.names.json").unlink()
    read = import_arrays(file)
    assert list(read.regions) == ["lower", "upper"]
    assert set(read.surfaces) == {"left", "right", "front", "back", "bottom", "top"}


def test_units_scale_an_imported_mesh(tmp_path):
    arrays, _ = build_arrays("box", {"length": "2 mm"}, MeshOptions())
    file = export(arrays, tmp_path / "part.inp")
    assert import_arrays(file, "mm").points.max() == pytest.approx(2e-6, abs=0)


def quadratic(arrays: MeshArrays, bulge: float) -> meshio.Mesh:
    """The mesh with mid nodes; the first cell's first edge bulges by a share of its length."""
    pairs = np.array([(0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3)])
    edges = np.sort(arrays.cells[:, pairs].reshape(-1, 2), axis=1)
    unique, inverse = np.unique(edges, axis=0, return_inverse=True)
    middle = arrays.points[unique].mean(axis=1)
    start, end = arrays.points[unique[inverse[0]]]
    middle[inverse[0]] += bulge * np.linalg.norm(end - start) * np.array([0.0, 0.6, 0.8])
    cells = np.concatenate([arrays.cells, len(arrays.points) + inverse.reshape(-1, 6)], axis=1)
    rows = {name: [np.flatnonzero(arrays.cell_tags == tag)] for name, tag in arrays.regions.items()}
    return meshio.Mesh(np.concatenate([arrays.points, middle]), [("tetra10", cells)], cell_sets=rows)


def test_straight_quadratic_cells_lose_their_mid_nodes_with_a_warning(tmp_path):
    arrays, _ = build_arrays("layered_plate", {"cells": "tetrahedra"}, MeshOptions())
    meshio.write(tmp_path / "part.inp", quadratic(arrays, 0.0))
    with pytest.warns(UserWarning, match="mid nodes of its tetra10 cells were dropped"):
        read = import_arrays(tmp_path / "part.inp")
    assert np.array_equal(read.cells, arrays.cells)
    assert np.allclose(read.points, arrays.points, rtol=0, atol=1e-15)
    assert list(read.regions) == ["lower", "upper"]
    assert list(read.surfaces) == ["outer"]


def test_curved_quadratic_cells_are_refused(tmp_path):
    arrays, _ = build_arrays("box", {}, MeshOptions())
    meshio.write(tmp_path / "part.inp", quadratic(arrays, 0.05))
    with pytest.raises(InputError, match=r"curved cells \(a mid node lies 5.0% of its edge's length off the middle\)"):
        import_arrays(tmp_path / "part.inp")


def write_box(file: Path, **sets: object) -> None:
    arrays, _ = build_arrays("box", {}, MeshOptions())
    meshio.write(file, meshio.Mesh(arrays.points, [("tetra", arrays.cells)], **sets))


def test_node_sets_name_outer_faces(tmp_path):
    arrays, _ = build_arrays("box", {}, MeshOptions())
    write_box(tmp_path / "part.inp", point_sets={"lid": np.flatnonzero(arrays.points[:, 2] > 1e-3 - 1e-9)})
    read = import_arrays(tmp_path / "part.inp")
    assert np.count_nonzero(read.facet_tags == read.surfaces["lid"]) == 32
    assert np.count_nonzero(read.facet_tags == read.surfaces["outer"]) == 5 * 32


def test_a_set_of_all_cells_names_no_region(tmp_path):
    half = np.arange(384)
    write_box(tmp_path / "part.inp", cell_sets={"Eall": [half], "one": [half[:200]], "two": [half[200:]]})
    assert list(import_arrays(tmp_path / "part.inp").regions) == ["one", "two"]


def test_cells_in_two_sets_or_in_none_are_refused(tmp_path):
    write_box(tmp_path / "both.inp", cell_sets={"one": [np.arange(200)], "two": [np.arange(190, 384)]})
    with pytest.raises(InputError, match="10 cells are both in 'one' and in 'two'"):
        import_arrays(tmp_path / "both.inp")
    write_box(tmp_path / "none.inp", cell_sets={"one": [np.arange(200)], "two": [np.arange(210, 384)]})
    with pytest.raises(InputError, match="10 cells are in no named set"):
        import_arrays(tmp_path / "none.inp")


def test_faults_of_a_file_are_sentences(tmp_path):
    with pytest.raises(InputError, match=r"there is no mesh file 'lost\.inp'"):
        import_arrays("lost.inp")
    (tmp_path / "part.stl").write_text("solid")
    with pytest.raises(InputError, match=r"meshes are not read from '\.stl'"):
        import_arrays(tmp_path / "part.stl")
    (tmp_path / "part.med").write_text("not a mesh")
    with pytest.raises(InputError, match="cannot be read as a mesh"):
        import_arrays(tmp_path / "part.med")
    arrays, _ = build_arrays("box", {}, MeshOptions())
    with pytest.raises(InputError, match=r"meshes are not written as '\.stl'"):
        export(arrays, tmp_path / "part.stl")
    assert parallel.is_root()
