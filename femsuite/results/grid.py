"""A rank's own part of the mesh as VTK arrays, linear or quadratic, and fields on its points and cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import basix
import numpy as np
from dolfinx.fem import Function, FunctionSpace, functionspace
from dolfinx.mesh import Mesh

from femsuite.errors import SolveError

# VTK class and cell number by DOLFINx cell name and order
_VTK_CELLS: Mapping[tuple[str, int], tuple[str, int]] = {
    ("interval", 1): ("vtkLine", 3),
    ("interval", 2): ("vtkQuadraticEdge", 21),
    ("triangle", 1): ("vtkTriangle", 5),
    ("triangle", 2): ("vtkQuadraticTriangle", 22),
    ("quadrilateral", 1): ("vtkQuad", 9),
    ("quadrilateral", 2): ("vtkBiQuadraticQuad", 28),
    ("tetrahedron", 1): ("vtkTetra", 10),
    ("tetrahedron", 2): ("vtkQuadraticTetra", 24),
    ("hexahedron", 1): ("vtkHexahedron", 12),
    ("hexahedron", 2): ("vtkTriQuadraticHexahedron", 29),
}


def node_order(cell: str, order: int) -> tuple[np.ndarray, int]:
    """Return which DOLFINx node stands at each VTK node, and the VTK cell number.

    The nodes are matched by their reference coordinates as VTK and basix state them, so no table can be wrong.

    Args:
        cell: DOLFINx's name of the cell.
        order: 1 or 2.
    """
    from vtkmodules import vtkCommonDataModel

    name, number = _VTK_CELLS[cell, order]
    corners = np.array(getattr(vtkCommonDataModel, name)().GetParametricCoords()).reshape(-1, 3)
    element = basix.create_element(basix.ElementFamily.P, basix.CellType[cell], order, basix.LagrangeVariant.gll_warped)
    points = np.zeros((len(element.points), 3))
    points[:, : element.points.shape[1]] = element.points
    distance = np.linalg.norm(corners[:, None, :] - points[None, :, :], axis=2)
    nodes = distance.argmin(axis=1)
    assert np.allclose(distance.min(axis=1), 0.0, atol=1e-12)
    assert len(set(nodes)) == len(nodes)
    return nodes, number


@dataclass(frozen=True)
class Grid:
    """The cells a rank owns, and the points they need.

    Attributes:
        space: scalar Lagrange space whose nodes are the points.
        nodes: its local dof numbers that are points here, shape (n,).
        points: metres, shape (n, 3).
        cells: points of every owned cell in VTK order, shape (m, k).
        vtk_type: the VTK number of the cells.
    """

    space: FunctionSpace
    nodes: np.ndarray
    points: np.ndarray
    cells: np.ndarray
    vtk_type: int

    def unstructured(self) -> Any:
        """Return a ``pyvista.UnstructuredGrid`` without data."""
        import pyvista

        count, width = self.cells.shape
        rows = np.column_stack([np.full(count, width), self.cells]).ravel()
        return pyvista.UnstructuredGrid(rows, np.full(count, self.vtk_type, dtype=np.uint8), self.points)

    def point_values(self, function: Function) -> np.ndarray:
        """Return a continuous function's values at the points, shape (n, *value shape).

        A first-order function on a quadratic grid is interpolated, which is exact.
        """
        space = function.function_space
        shape = tuple(space.value_shape)
        size = int(np.prod(shape, dtype=int))
        if space.element.basix_element.degree == self.space.element.basix_element.degree:
            values = function.x.array.reshape(-1, size)
            # both spaces number the same nodes, but not always alike
            renumber = np.empty(len(self.space.tabulate_dof_coordinates()), dtype=np.int64)
            renumber[self.space.dofmap.list.ravel()] = space.dofmap.list.ravel()
            values = values[renumber[self.nodes]]
        else:
            element = ("Lagrange", self.space.element.basix_element.degree)
            finer = Function(functionspace(self.space.mesh, (*element, shape) if shape else element))
            finer.interpolate(function)
            return self.point_values(finer)
        return values.reshape(len(self.nodes), *shape)


def make_grid(mesh: Mesh, order: int) -> Grid:
    """Return this rank's owned cells with linear (1) or quadratic (2) nodes; collective."""
    space = functionspace(mesh, ("Lagrange", order))
    owned = mesh.topology.index_map(mesh.topology.dim).size_local
    permutation, vtk_type = node_order(mesh.topology.cell_name(), order)
    cells = space.dofmap.list[:owned][:, permutation]
    nodes, local = np.unique(cells, return_inverse=True)
    points = space.tabulate_dof_coordinates()[nodes]
    return Grid(space, nodes, points, local.reshape(cells.shape).astype(np.int64), vtk_type)


def is_continuous(function: Function) -> bool:
    """Return whether the function has one value per point."""
    element = function.function_space.element.basix_element
    return not element.discontinuous and element.degree > 0


def order_of(functions: Mapping[str, Function]) -> int:
    """Return the order of the grid that shows these functions exactly: 1 or 2.

    Raises:
        SolveError: for a function that is not Lagrange of order 0, 1 or 2.
    """
    order = 1
    for name, function in functions.items():
        element = function.function_space.element.basix_element
        if element.family != basix.ElementFamily.P or element.degree > 2:
            raise SolveError(f"the field '{name}' is not piecewise linear or quadratic; it cannot be written as it is.")
        if is_continuous(function):
            order = max(order, element.degree)
    return order


def cell_values(function: Function) -> np.ndarray:
    """Return the mean over each owned cell's nodes of a discontinuous function, shape (m, *value shape).

    For order zero and one on simplices this is the mean over the cell.
    """
    space = function.function_space
    mesh = space.mesh
    owned = mesh.topology.index_map(mesh.topology.dim).size_local
    shape = tuple(space.value_shape)
    values = function.x.array.reshape(-1, int(np.prod(shape, dtype=int)))[space.dofmap.list[:owned]].mean(axis=1)
    return values.reshape(owned, *shape)


def full_tensor(values: np.ndarray) -> np.ndarray:
    """Return values as VTK wants them: scalars (n,), vectors (n, 3), tensors as 9 columns row by row.

    Vectors of two components get a third of zero. Voigt vectors of six (xx, yy, zz, yz, xz, xy) become full tensors.
    """
    if values.ndim == 1:
        return values
    if values.ndim == 3:
        full = np.zeros((len(values), 3, 3))
        full[:, : values.shape[1], : values.shape[2]] = values
        return full.reshape(len(values), 9)
    if values.shape[1] == 6:
        return values[:, [0, 5, 4, 5, 1, 3, 4, 3, 2]]
    if values.shape[1] == 2:
        return np.column_stack([values, np.zeros(len(values))])
    return values
