import numpy as np
import pytest

from femsuite.meshing import MeshOptions, build_mesh
from femsuite.meshing.quality import dihedral_angles, quality, shapes, volumes

REGULAR = np.array([[[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1.0]]])
CUBE = np.array([[[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)]], dtype=float)


def test_ideal_cells_have_shape_one():
    assert shapes(REGULAR, "tetrahedron") == pytest.approx(1.0)
    assert shapes(np.array([[[0, 0], [1, 0], [0.5, 0.75**0.5]]]), "triangle") == pytest.approx(1.0)
    assert shapes(CUBE, "hexahedron") == pytest.approx(1.0)
    assert shapes(CUBE[:, :, [1, 0, 2]], "hexahedron") == pytest.approx(1.0)  # numbered left-handed
    assert shapes(np.array([[[0, 0], [3, 0], [0, 1], [3, 1.0]]]), "quadrilateral") == pytest.approx(1.0)


def test_flat_and_folded_cells_have_shape_zero_or_below():
    flat = REGULAR.copy()
    flat[0, 3] = flat[0, :3].mean(axis=0)
    assert shapes(flat, "tetrahedron") == pytest.approx(0.0, abs=1e-9)
    folded = CUBE.copy()
    folded[0, 7] = -0.5
    assert shapes(folded, "hexahedron") < 0.0


def test_volumes_are_exact():
    assert volumes(CUBE * [2, 3, 4], "hexahedron") == pytest.approx(24.0)
    sheared = CUBE.copy()
    sheared[0, 4:, 0] += 0.7
    assert volumes(sheared, "hexahedron") == pytest.approx(1.0)
    assert volumes(REGULAR, "tetrahedron") == pytest.approx(8 / 3)
    assert volumes(np.array([[[0, 0], [3, 0], [0, 1], [2, 1.0]]]), "quadrilateral") == pytest.approx(2.5)


def test_dihedral_angles_of_the_regular_tetrahedron():
    assert dihedral_angles(REGULAR) == pytest.approx(np.degrees(np.arccos(1 / 3)))


def test_the_report_names_the_worst_region():
    layers = [{"name": "thick"}, {"name": "thin", "thickness": "1 um"}]
    report = quality(build_mesh("layered_plate", {"layers": layers, "cells": "tetrahedra"}, MeshOptions()))
    assert report.worst_region == "thin"
    assert report.shape_min == report.regions["thin"].shape_min < report.regions["thick"].shape_min
    assert report.cells == sum(row.cells for row in report.regions.values())
    assert {row["region"] for row in report.as_table()} == {"thick", "thin"}


def test_cells_without_volume_are_mended_or_refused_with_their_region(monkeypatch):
    import gmsh

    from femsuite.errors import FemsuiteError
    from femsuite.meshing import generate as room
    from femsuite.meshing.mesh import build_arrays
    from femsuite.meshing.options import MeshOptions

    mended = []
    monkeypatch.setattr(room, "_flat", lambda pieces: 2)
    monkeypatch.setattr(gmsh.model.mesh, "optimize", lambda how, force: mended.append(how))
    with pytest.raises(FemsuiteError, match=r"without volume \(.*2 in die.*\)"):
        build_arrays("soic_package", {"sources": []}, MeshOptions(refinement=0.21))
    assert mended == ["Netgen", "Relocate3D"]
