import dolfinx.fem as fem
import numpy as np
import pytest
import scipy.sparse.linalg
import ufl
from mpi4py import MPI

from femsuite.errors import InputError
from femsuite.meshing import MeshOptions, build_mesh, layer_conductivity
from femsuite.meshing.arrays import MeshArrays, assemble
from femsuite.meshing.contact_layer import insert_contact_layers
from femsuite.meshing.mesh import build_arrays
from femsuite.meshing.quality import quality

PLATE = {"length": "2 mm", "counts": [4, 2]}


def simplex_volumes(arrays: MeshArrays) -> np.ndarray:
    corners = arrays.points[arrays.cells]
    return np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])) / (6.0 if arrays.dimension == 3 else 2.0)


def area_of_surfaces(arrays: MeshArrays) -> float:
    facets = arrays.points[arrays.facets[np.isin(arrays.facet_tags, list(arrays.surfaces.values()))]]
    return float(np.linalg.norm(np.cross(facets[:, 1] - facets[:, 0], facets[:, 2] - facets[:, 0]), axis=1).sum() / 2)


@pytest.mark.parametrize("cells", ["tetrahedra", "hexahedra"])
def test_a_layer_between_plates_has_its_thickness_up_to_the_rim(cells):
    mesh = build_mesh("layered_plate", {**PLATE, "cells": cells}, MeshOptions(contact_layers={"lower|upper": "2 um"}))
    regions = quality(mesh).regions
    assert regions["lower|upper"].volume == pytest.approx(2e-3 * 1e-3 * 2e-6, rel=1e-9, abs=0)
    assert regions["lower"].volume == pytest.approx(2e-9, rel=1e-9, abs=0)
    assert regions["upper"].volume == pytest.approx(2e-3 * 1e-3 * 0.998e-3, rel=1e-9, abs=0)
    assert set(mesh.surfaces) == {"left", "right", "front", "back", "bottom", "top"}
    assert set(mesh.interfaces) == {"lower|lower|upper", "lower|upper|upper"}
    assert mesh.sides("lower|upper|upper") in (("lower|upper", "upper"), ("upper", "lower|upper"))


@pytest.mark.parametrize("cells", ["tetrahedra", "hexahedra"])
def test_a_layer_carries_the_temperature_jump_of_its_resistance(cells):
    """Two plates of h / k = 1e-4 m^2 K/W each and a contact of the same resistance share 1 K in equal thirds."""
    resistance, conductivity, thickness = 1e-4, 10.0, 1e-6
    options = MeshOptions(contact_layers={"lower|upper": "1 um"})
    tagged = build_mesh("layered_plate", {**PLATE, "cells": cells}, options, MPI.COMM_SELF)
    mesh = tagged.mesh
    space = fem.functionspace(mesh, ("P", 1))
    k = fem.Function(fem.functionspace(mesh, ("DG", 0)))
    k.x.array[:] = conductivity
    k.x.array[tagged.cells("lower|upper")] = layer_conductivity(resistance, thickness, conductivity)
    u, v = ufl.TrialFunction(space), ufl.TestFunction(space)
    matrix = fem.assemble_matrix(fem.form(k * ufl.inner(ufl.grad(u), ufl.grad(v)) * ufl.dx)).to_scipy().tocsc()
    z = space.tabulate_dof_coordinates()[:, 2]
    held = np.flatnonzero((z < 1e-12) | (z > 2e-3 - 1e-12))
    free = np.setdiff1d(np.arange(len(z)), held)
    value = np.where(z < 1e-3, 1.0, 0.0)
    value[free] = scipy.sparse.linalg.spsolve(matrix[free][:, free], -matrix[free][:, held] @ value[held])
    assert value[np.isclose(z, 1e-3, atol=1e-10)] == pytest.approx(2 / 3, rel=1e-6, abs=0)
    upper_start = value[np.isclose(z, 1e-3 + thickness, atol=1e-10)]
    assert upper_start == pytest.approx(1 / 3 * (1 - 1e-3), rel=1e-6, abs=0)


def test_a_rim_inside_the_body_does_not_tear_the_region_around_it():
    plain, _ = build_arrays("soic_package", {}, MeshOptions(refinement=0.25))
    layered = insert_contact_layers(plain, {"die|attach": 1e-6})
    volumes = simplex_volumes(layered)
    assert volumes.min() > 0.0
    assert volumes.sum() == pytest.approx(simplex_volumes(plain).sum(), rel=1e-12, abs=0)
    assert area_of_surfaces(layered) == pytest.approx(
        area_of_surfaces(plain), rel=1e-12, abs=0
    )  # a tear would add area
    assert layered.surfaces.keys() == plain.surfaces.keys()
    layer = volumes[layered.cell_tags == layered.regions["attach|die"]].sum()
    assert 0.6e-12 < layer < 1e-12  # 1 mm x 1 mm x 1 um, thinning out over the last row
    die = volumes[np.isin(layered.cell_tags, [t for n, t in layered.regions.items() if n[:3] in ("die", "sou")])].sum()
    assert die == pytest.approx(0.4e-9, rel=1e-9, abs=0)  # the layer is taken out of the region named second


def test_a_layer_in_two_dimensions_follows_a_curved_interface():
    plain, _ = build_arrays("hot_disc_plate", {}, MeshOptions())
    layered = insert_contact_layers(plain, {"disc|plate": 1e-6})
    volumes = simplex_volumes(layered)
    assert volumes.sum() == pytest.approx(simplex_volumes(plain).sum(), rel=1e-12, abs=0)
    layer = volumes[layered.cell_tags == layered.regions["disc|plate"]].sum()
    assert layer == pytest.approx(0.5 * np.pi * 1e-3 * 1e-6, rel=1e-2, abs=0)


def test_a_layer_of_quadrilaterals_has_its_thickness():
    points = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0, 2], [1, 2.0]])
    cells = np.array([[0, 1, 3, 2], [2, 3, 5, 4]])
    edges = np.array([[0, 1], [1, 3], [3, 5], [5, 4], [4, 2], [2, 0]])
    plain = assemble(
        points, cells, "quadrilateral", np.array([1, 2]), {"a": 1, "b": 2}, edges, np.ones(6), {"outer": 1}
    )
    layered = insert_contact_layers(plain, {"a|b": 0.01})
    assert len(layered.cells) == 3
    assert sorted(layered.points[layered.cells[2]][:, 1]) == pytest.approx([1.0, 1.0, 1.01, 1.01])


def test_hexahedra_cannot_thin_out():
    plain, _ = build_arrays("layered_plate", PLATE, MeshOptions())
    tags = plain.cell_tags.copy()
    middle = plain.points[plain.cells].mean(axis=1)
    tags[(tags == 2) & (middle[:, 0] > 1e-3)] = 3
    regions = {"lower": 1, "upper": 2, "beside": 3}
    outer = plain.facets[np.isin(plain.facet_tags, list(plain.surfaces.values()))]
    outer_tags = np.ones(len(outer))
    arrays = assemble(plain.points, plain.cells, "hexahedron", tags, regions, outer, outer_tags, {"outer": 1})
    with pytest.raises(InputError, match="ends inside the body"):
        insert_contact_layers(arrays, {"lower|upper": 1e-6})


def test_faults_of_a_layer_are_sentences():
    plain, _ = build_arrays("layered_plate", PLATE, MeshOptions())
    with pytest.raises(InputError, match="there is no region 'uper'; did you mean 'upper'"):
        insert_contact_layers(plain, {"lower|uper": 1e-6})
    with pytest.raises(InputError, match="too thick for the cells"):
        insert_contact_layers(plain, {"lower|upper": 1e-3})
    with pytest.raises(ValueError, match="must be above zero"):
        MeshOptions(contact_layers={"lower|upper": "0 um"})
