import dolfinx.fem as fem
import dolfinx.mesh as dmesh
import numpy as np
import pytest
from mpi4py import MPI

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.meshing import TaggedMesh, build_mesh, from_arrays, tag_mesh
from femsuite.meshing.quality import quality

pytestmark = pytest.mark.mpi

SURFACES = {
    "bottom": lambda x: x[2] < 1e-9,
    "top": lambda x: x[2] > 2 - 1e-9,
    "side": lambda x: np.full(x.shape[1], True),
}


def cube_arrays(hexahedra: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two cubes on each other; a corner of the upper one is ``source``."""
    kind = dmesh.CellType.hexahedron if hexahedra else dmesh.CellType.tetrahedron
    mesh = dmesh.create_box(MPI.COMM_SELF, [[0, 0, 0], [1, 1, 2]], [3, 3, 6], kind)
    cells = mesh.geometry.dofmaps[0].astype(np.int64)
    if hexahedra:
        cells = cells[:, [0, 1, 3, 2, 4, 5, 7, 6]]
    middle = mesh.geometry.x[cells].mean(axis=1)
    names = np.where(middle[:, 2] < 1, "lower", "upper").astype("<U8")
    names[(middle[:, 2] > 1) & (middle[:, 2] < 4 / 3) & (middle[:, 0] > 2 / 3)] = "source"
    return mesh.geometry.x.copy(), cells, names


@pytest.fixture(params=["arrays", "hexahedra", "mesh"], scope="module")
def cubes(request) -> TaggedMesh:
    part_of = {"source": "upper"}
    if request.param == "mesh":
        mesh = dmesh.create_box(
            MPI.COMM_WORLD, [[0, 0, 0], [1, 1, 2]], [3, 3, 6], ghost_mode=dmesh.GhostMode.shared_facet
        )
        regions = {
            "lower": lambda x: x[2] < 1,
            "source": lambda x: (x[2] < 4 / 3) & (x[0] > 2 / 3) & (x[2] > 1),
            "upper": lambda x: x[2] > 1,
        }
        return tag_mesh(mesh, regions, SURFACES, part_of)
    points, cells, names = cube_arrays(request.param == "hexahedra")
    return from_arrays(points, cells, names, SURFACES, part_of=part_of)


def integral(mesh: TaggedMesh, kind: str, tag: int) -> float:
    form = fem.form(fem.Constant(mesh.mesh, 1.0) * mesh.measure(kind, 1)(tag))
    return float(np.sum(parallel.total(np.array([fem.assemble_scalar(form)]), mesh.mesh.comm)))


def test_volumes_and_areas_are_those_of_the_body(cubes):
    assert integral(cubes, "dx", cubes.regions["lower"]) == pytest.approx(1.0)
    assert integral(cubes, "dx", cubes.regions["upper"]) == pytest.approx(8 / 9)
    assert integral(cubes, "dx", cubes.regions["source"]) == pytest.approx(1 / 9)
    assert integral(cubes, "ds", cubes.surfaces["side"]) == pytest.approx(8.0)
    assert integral(cubes, "ds", cubes.surfaces["top"]) == pytest.approx(1.0)
    assert integral(cubes, "dS", cubes.interfaces["lower|upper"]) == pytest.approx(2 / 3)
    assert integral(cubes, "dS", cubes.interfaces["lower|source"]) == pytest.approx(1 / 3)
    assert integral(cubes, "dS", cubes.interfaces["source|upper"]) == pytest.approx(2 / 3)


def test_every_cell_and_every_outer_facet_has_one_tag(cubes):
    topology = cubes.mesh.topology
    cells = topology.index_map(topology.dim)
    assert np.array_equal(cubes.cell_tags.indices, np.arange(cells.size_local + cells.num_ghosts))
    outer = dmesh.exterior_facet_indices(topology)
    place = np.searchsorted(cubes.facet_tags.indices, outer)
    assert np.array_equal(cubes.facet_tags.indices[place], outer)
    assert set(np.unique(cubes.facet_tags.values[place])) <= set(cubes.surfaces.values())


def test_a_region_brings_along_its_parts(cubes):
    assert cubes.region_names("upper") == tuple(n for n in cubes.regions if n in ("upper", "source"))
    assert cubes.region_names("source") == ("source",)
    assert cubes.parent("source") == "upper"
    upper = parallel.total(np.array([float(len(cubes.cells("upper")))]))
    assert upper == parallel.total(np.array([float(len(cubes.cells(["upper", "source"])))]))


def test_an_interface_counts_the_parts_of_both_regions(cubes):
    assert set(cubes.facet_names("lower|upper")) == {"lower|upper", "lower|source"}
    assert set(cubes.facet_names("upper|lower")) == {"lower|upper", "lower|source"}
    assert set(cubes.facet_names("upper|*")) == {"lower|upper", "lower|source"}
    assert cubes.facet_names("upper|source") == ("source|upper",)


def test_patterns_without_a_bar_mean_outer_surfaces_only(cubes):
    assert cubes.select_facets("*") == tuple(sorted(cubes.surfaces.values()))
    assert cubes.select_facets(["top", "bot*"]) == tuple(sorted(cubes.surfaces[n] for n in ("top", "bottom")))


def test_a_selector_that_matches_nothing_names_the_nearest(cubes):
    with pytest.raises(InputError, match="there is no region 'uper'; did you mean 'upper'"):
        cubes.select_regions("uper")
    with pytest.raises(InputError, match="there is no film surface 'tpo'; did you mean 'top'"):
        cubes.select_facets("tpo", what="film surface")
    with pytest.raises(InputError) as caught:
        cubes.select_regions(["die", "lid*", "lower"])
    assert len(caught.value.faults) == 2


def test_an_unnamed_facet_is_an_error_on_every_rank():
    points, cells, names = cube_arrays()
    with pytest.raises(InputError, match="outer facets belong to no named surface"):
        from_arrays(points, cells, names, {"top": SURFACES["top"]})


def test_the_package_has_the_same_numbers_on_any_number_of_ranks(shared_folder, monkeypatch):
    monkeypatch.setenv("FEMSUITE_CACHE", str(shared_folder))
    from femsuite.meshing import MeshOptions
    from femsuite.meshing.mesh import build_arrays

    options = MeshOptions(refinement=0.25)
    mesh = build_mesh("soic_package", {}, options)
    serial = parallel.broadcast(build_arrays("soic_package", {}, options)[0] if MPI.COMM_WORLD.rank == 0 else None)
    edges = serial.points[serial.cells][:, 1:] - serial.points[serial.cells][:, :1]
    volumes = np.abs(np.linalg.det(edges)) / 6.0
    report = quality(mesh)
    assert report.cells == len(serial.cells)
    assert report.vertices == len(serial.points)
    for name, tag in serial.regions.items():
        assert report.regions[name].volume == pytest.approx(volumes[serial.cell_tags == tag].sum(), rel=1e-12, abs=0)
    sides = serial.points[serial.facets]
    areas = 0.5 * np.linalg.norm(np.cross(sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 0]), axis=1)
    for kind, names in (("ds", ("body_top", "lead_3_foot")), ("dS", ("attach|die", "die|source_Q5"))):
        for name in names:
            tag = (mesh.surfaces | mesh.interfaces)[name]
            assert integral(mesh, kind, tag) == pytest.approx(areas[serial.facet_tags == tag].sum(), rel=1e-10, abs=0)
