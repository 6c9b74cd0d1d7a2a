"""Numbers at quadrature points as numpy arrays: geometry, values and gradients of functions, coefficients of forms.

Arrays run over all local cells (owned, then ghosts), then over the points of the rule. Everything here is numpy on the
dofmaps of Lagrange spaces of order one and two, whose unknowns are point values; nothing is compiled.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import basix
import basix.ufl
import numpy as np
import ufl
from dolfinx import fem
from dolfinx.mesh import Mesh

from femsuite import parallel


def rule_degree(cell: str, order: int) -> int:
    """Return the degree of the rule that integrates ``grad u . grad v`` of this order on a straight cell.

    Args:
        cell: basix name: ``triangle``, ``tetrahedron``, ``quadrilateral``, ``hexahedron``, ``interval``.
        order: of the space.
    """
    return max(2 * (order - 1), 1) if cell in ("interval", "triangle", "tetrahedron") else 2 * order


class Points:
    """The points of one quadrature rule in every local cell of a mesh.

    Args:
        mesh: straight cells of one type.
        degree: polynomial degree the rule integrates.
        axisymmetric: x is the radius, y the axis: points stand for rings, and strain has a hoop component.
    """

    def __init__(self, mesh: Mesh, degree: int, axisymmetric: bool = False) -> None:
        self.mesh, self.degree, self.axisymmetric = mesh, degree, axisymmetric
        cell = mesh.basix_cell()
        self.reference, self.reference_weights = basix.make_quadrature(cell, degree)
        self._shape = basix.create_element(
            basix.ElementFamily.P, cell, 1, lagrange_variant=basix.LagrangeVariant.gll_warped
        )
        self.cells = len(mesh.geometry.dofmap)
        self.owned = mesh.topology.index_map(mesh.topology.dim).size_local
        self.count = len(self.reference_weights)
        self._tables: dict[tuple[Any, int], np.ndarray] = {}

    @cached_property
    def _jacobian(self) -> np.ndarray:
        """dx/dX, (cells, 1 or points, dimension, dimension): one per cell where it does not change within."""
        dimension = self.mesh.topology.dim
        vertices = self.mesh.geometry.x[self.mesh.geometry.dofmap][:, :, :dimension]
        table = self._shape.tabulate(1, self.reference)[1:, :, :, 0]
        if self.mesh.basix_cell().name in ("interval", "triangle", "tetrahedron"):
            table = table[:, :1]
        return np.einsum("dqv,cvi->cqid", table, vertices, optimize=True)

    @cached_property
    def _inverse(self) -> np.ndarray:
        return np.linalg.inv(self._jacobian)

    @cached_property
    def weights(self) -> np.ndarray:
        """Volume (in 2D area) that each point stands for, m^3, (cells, points); axisymmetric: of its ring."""
        area = np.abs(np.linalg.det(self._jacobian)) * self.reference_weights
        return area * 2.0 * np.pi * self.positions[..., 0] if self.axisymmetric else area

    @cached_property
    def positions(self) -> np.ndarray:
        """Points in metres, (cells, points, 3)."""
        table = self._shape.tabulate(0, self.reference)[0, :, :, 0]
        return np.einsum("qv,cvi->cqi", table, self.mesh.geometry.x[self.mesh.geometry.dofmap], optimize=True)

    def _table(self, space: fem.FunctionSpace, derivatives: int) -> np.ndarray:
        element = space.element.basix_element
        key = (element.hash(), derivatives)
        if key not in self._tables:
            self._tables[key] = element.tabulate(derivatives, self.reference)[:, :, :, 0]
        return self._tables[key]

    @staticmethod
    def _local(function: fem.Function) -> np.ndarray:
        space = function.function_space
        return function.x.array.reshape(-1, space.dofmap.index_map_bs)[space.dofmap.list]

    def values(self, function: fem.Function) -> np.ndarray:
        """Return a Lagrange function at the points: (cells, points), or (cells, points, components) for a vector."""
        table = self._table(function.function_space, 0)[0]
        found = np.matmul(table, self._local(function))
        return found[:, :, 0] if found.shape[2] == 1 else found

    def gradients(self, function: fem.Function) -> np.ndarray:
        """Return ``d u_i / d x_j`` at the points, (cells, points, components, dimension); ghosts must be up to date."""
        table = self._table(function.function_space, 1)[1:]
        dimension, points, nodes = table.shape
        local = self._local(function)
        reference = np.matmul(table.reshape(dimension * points, nodes), local)
        reference = reference.reshape(len(local), dimension, points, -1).transpose(0, 2, 3, 1)
        return np.matmul(reference, self._inverse)

    def strain(self, displacement: fem.Function) -> np.ndarray:
        """Return the Voigt strain with engineering shears, (cells, points, 6).

        In 2D, zz, yz and xz are zero, but for the hoop strain ``u_x / x`` (zz) of an axisymmetric mesh.
        """
        gradient = self.gradients(displacement)
        strain = np.zeros((*gradient.shape[:2], 6))
        for axis in range(gradient.shape[3]):
            strain[..., axis] = gradient[..., axis, axis]
        strain[..., 5] = gradient[..., 0, 1] + gradient[..., 1, 0]
        if gradient.shape[3] == 3:
            strain[..., 3] = gradient[..., 1, 2] + gradient[..., 2, 1]
            strain[..., 4] = gradient[..., 0, 2] + gradient[..., 2, 0]
        if self.axisymmetric:  # no rule has a point on the axis
            strain[..., 2] = self.values(displacement)[..., 0] / self.positions[..., 0]
        return strain

    def integral(self, values: np.ndarray, cells: np.ndarray | None = None) -> np.ndarray:
        """Return the integral over all ranks of (cells, points, ...) values, over given local cells or all."""
        inside = np.zeros(self.cells, dtype=bool)
        inside[slice(None) if cells is None else cells] = True
        inside[self.owned :] = False
        flat = np.tensordot(self.weights[inside], values[inside], axes=([0, 1], [0, 1]))
        return parallel.total(np.atleast_1d(flat), self.mesh.comm)


class PointFunction:
    """A coefficient of a form that is known at the points of a rule only and filled from numpy.

    Args:
        points: the rule; forms that use the function must be integrated with ``metadata``.
        components: numbers at a point; 0 for a scalar.
    """

    def __init__(self, points: Points, components: int = 0) -> None:
        self.points = points
        shape = (components,) if components else ()
        element = basix.ufl.quadrature_element(points.mesh.basix_cell(), value_shape=shape, degree=points.degree)
        self.function = fem.Function(fem.functionspace(points.mesh, element))
        places = self.function.function_space.dofmap.list.ravel()
        self._rows = slice(None) if np.array_equal(places, np.arange(places.size)) else places
        self._block = max(components, 1)
        self.metadata = {"quadrature_degree": points.degree, "quadrature_rule": "default"}

    def fill(self, values: np.ndarray) -> None:
        """Write (cells, points) or (cells, points, components) numbers."""
        self.function.x.array.reshape(-1, self._block)[self._rows] = values.reshape(-1, self._block)

    def values(self) -> np.ndarray:
        """Return the numbers as (cells, points) or (cells, points, components)."""
        held = self.function.x.array.reshape(-1, self._block)[self._rows]
        return held.reshape(self.points.cells, self.points.count, *([self._block] if self._block > 1 else []))


def pack_symmetric(matrices: np.ndarray) -> np.ndarray:
    """Return the upper triangles of (..., n, n) matrices, row by row, as (..., n (n + 1) / 2)."""
    rows, columns = np.triu_indices(matrices.shape[-1])
    return matrices[..., rows, columns]


def symmetric_matrix(function: fem.Function, size: int) -> Any:
    """Return the UFL matrix whose upper triangle a `PointFunction` of ``size (size + 1) / 2`` components holds."""
    number: dict[tuple[int, int], int] = {}
    for row in range(size):
        for column in range(row, size):
            number[row, column] = number[column, row] = len(set(number.values()))
    return ufl.as_matrix([[function[number[row, column]] for column in range(size)] for row in range(size)])


def whole_matrix(function: fem.Function, size: int) -> Any:
    """Return the UFL matrix whose rows a `PointFunction` of ``size**2`` components holds one after the other."""
    return ufl.as_matrix([[function[size * row + column] for column in range(size)] for row in range(size)])


def discontinuous(points: Points, values: np.ndarray, degree: int, name: str) -> fem.Function:
    """Return point values as a discontinuous function: cell means (degree 0) or the linear fit of each cell (1).

    One component makes a scalar.

    Args:
        points: the rule.
        values: (cells, points, components).
        degree: 0 or 1.
        name: of the function.
    """
    mesh, components = points.mesh, values.shape[2]
    shape = (components,) if components > 1 else ()
    element = basix.ufl.element("Discontinuous Lagrange", mesh.basix_cell(), degree, shape=shape)
    function = fem.Function(fem.functionspace(mesh, element), name=name)
    table = function.function_space.element.basix_element.tabulate(0, points.reference)[0, :, :, 0]
    root = np.sqrt(points.reference_weights)[:, None]
    fit = np.linalg.pinv(table * root) * root.T  # least squares with the rule's weights
    nodal = np.matmul(fit, values)
    function.x.array.reshape(-1, components)[function.function_space.dofmap.list.ravel()] = nodal.reshape(
        -1, components
    )
    return function
