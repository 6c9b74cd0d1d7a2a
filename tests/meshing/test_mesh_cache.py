import numpy as np
import pytest

from femsuite.meshing import MeshOptions, cache, mesh
from femsuite.meshing.mesh import build_arrays

COARSE = {"counts": [2, 2, 2]}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FEMSUITE_CACHE", str(tmp_path))


@pytest.fixture
def meshings(monkeypatch) -> list[str]:
    """The names of the geometries that gmsh was asked to mesh."""
    calls: list[str] = []
    real = mesh.generate

    def counted(geometry, parameters, options):
        calls.append(geometry.name)
        return real(geometry, parameters, options)

    monkeypatch.setattr(mesh, "generate", counted)
    return calls


def test_the_same_input_is_meshed_once_and_read_back_bit_for_bit(meshings):
    first, path = build_arrays("box", COARSE, MeshOptions())
    second, again = build_arrays("box", COARSE, MeshOptions(order=1))
    assert meshings == ["box"]
    assert path == again
    assert path.is_file()
    assert np.array_equal(first.points, second.points)
    assert np.array_equal(first.cells, second.cells)
    assert np.array_equal(first.facet_tags, second.facet_tags)
    assert (first.regions, first.surfaces, first.interfaces) == (second.regions, second.surfaces, second.interfaces)


@pytest.mark.parametrize(
    ("parameters", "options"),
    [({**COARSE, "length": "2 mm"}, MeshOptions()), (COARSE, MeshOptions(refinement=2.0))],
)
def test_another_parameter_or_option_is_meshed_anew(meshings, parameters, options):
    build_arrays("box", COARSE, MeshOptions())
    build_arrays("box", parameters, options)
    assert meshings == ["box", "box"]


def test_another_text_of_the_geometry_file_is_meshed_anew(meshings, tmp_path):
    from femsuite import library

    file = tmp_path / "box_of_mine.py"
    text = library.names("geometries", ".py")["box"].read_text()
    for note in ("", "\n# changed\n"):
        file.write_text(text + note)
        build_arrays(str(file), COARSE, MeshOptions())
    assert meshings == ["box_of_mine", "box_of_mine"]


@pytest.mark.parametrize("damage", ["cut", "bytes", "names", "gone"])
def test_a_damaged_entry_is_built_again(meshings, damage):
    first, path = build_arrays("box", COARSE, MeshOptions())
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:500])
    elif damage == "bytes":
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(bytes(content))
    elif damage == "names":
        (path.parent / "names.json").write_text("{")
    else:
        path.unlink()
    again, _ = build_arrays("box", COARSE, MeshOptions())
    assert meshings == ["box", "box"]
    assert np.array_equal(first.points, again.points)
    assert cache.load(path.parent) is not None


def test_no_half_written_entry_is_left_behind(meshings, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(cache, "write_msh", fail)
    arrays, path = build_arrays("box", COARSE, MeshOptions())
    assert path is None
    assert len(arrays.points) > 0
    assert list((cache.folder() / "meshes").iterdir()) == []


def test_a_mesh_that_cannot_be_kept_is_used_all_the_same(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FEMSUITE_CACHE", str(tmp_path / "file" / "cache"))
    tagged = mesh.build_mesh("layered_plate", {"counts": [2, 1]})
    assert tagged.source is None
    assert set(tagged.regions) == {"lower", "upper"}
    assert "the mesh is not kept" in caplog.text
