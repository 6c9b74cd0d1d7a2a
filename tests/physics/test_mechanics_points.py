import numpy as np
import pytest
import ufl
from dolfinx import fem

from femsuite.physics.quadrature import (
    PointFunction,
    Points,
    discontinuous,
    pack_symmetric,
    rule_degree,
    symmetric_matrix,
)
from femsuite.solve.norms import summed
from femsuite.verify.bodies import box

CELLS = ["triangle", "quadrilateral", "tetrahedron", "hexahedron"]


def skewed(cell, comm=None):
    dimension = 2 if cell in CELLS[:2] else 3
    tagged = box((1.0,) * dimension, (3, 2, 2)[:dimension], cell, comm=comm)
    x = tagged.mesh.geometry.x
    x[:, 0] += 0.2 * x[:, 1] + 0.1 * x[:, 0] * x[:, 1]  # hexahedra stop being parallelepipeds
    return tagged.mesh


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_values_and_gradients_equal_those_of_the_compiled_expression(cell, order):
    mesh = skewed(cell)
    dimension = mesh.geometry.dim
    space = fem.functionspace(mesh, ("Lagrange", order, (dimension,)))
    u = fem.Function(space)
    u.x.array[:] = np.random.default_rng(0).normal(size=u.x.array.size)
    points = Points(mesh, rule_degree(cell, order))
    cells = np.arange(points.cells, dtype=np.int32)
    for expression, ours in ((ufl.grad(u), points.gradients(u)), (u, points.values(u))):
        reference = fem.Expression(expression, points.reference).eval(mesh, cells)
        np.testing.assert_allclose(ours.reshape(reference.shape), reference, rtol=1e-11, atol=1e-11)


@pytest.mark.mpi
@pytest.mark.parametrize("cell", CELLS)
def test_integral_of_positions_equals_the_assembled_one(cell, comm):
    mesh = skewed(cell, comm)
    points = Points(mesh, 4)
    x = ufl.SpatialCoordinate(mesh)
    expected = summed(fem.assemble_scalar(fem.form(x[0] * x[1] * ufl.dx(metadata={"quadrature_degree": 4}))), comm)
    ours = points.integral(points.positions[..., 0] * points.positions[..., 1])
    assert ours[0] == pytest.approx(expected, rel=1e-12)


def test_symmetric_matrix_comes_back_from_its_upper_triangle():
    mesh = skewed("tetrahedron")
    points = Points(mesh, 2)
    rng = np.random.default_rng(0)
    matrices = rng.normal(size=(points.cells, points.count, 6, 6))
    matrices += np.swapaxes(matrices, 2, 3)
    held = PointFunction(points, 21)
    held.fill(pack_symmetric(matrices))
    expression = fem.Expression(symmetric_matrix(held.function, 6), points.reference)
    found = expression.eval(mesh, np.arange(points.cells, dtype=np.int32))
    np.testing.assert_allclose(found.reshape(matrices.shape), matrices, rtol=1e-14)


def test_point_function_gives_back_what_was_written():
    points = Points(skewed("hexahedron"), 4)
    for components in (0, 6):
        shape = (points.cells, points.count, *([components] if components else []))
        values = np.random.default_rng(0).normal(size=shape)
        held = PointFunction(points, components)
        held.fill(values)
        np.testing.assert_array_equal(held.values(), values)


def test_linear_fit_of_a_linear_field_is_exact():
    points = Points(skewed("tetrahedron"), 2)
    function = discontinuous(points, points.positions @ np.array([[1.0, 0.0], [2.0, 1.0], [3.0, -1.0]]), 1, "field")
    x = function.function_space.tabulate_dof_coordinates()
    expected = x @ np.array([[1.0, 0.0], [2.0, 1.0], [3.0, -1.0]])
    np.testing.assert_allclose(function.x.array.reshape(-1, 2), expected, atol=1e-13)
