"""The weak form of equilibrium, compiled once for all studies of one element and one dimension.

Find u with ``integral sigma : eps(v) dx = integral t . v ds`` for all v. Stress and tangent are numbers at quadrature
points (Voigt order xx, yy, zz, yz, xz, xy), so the compiled code knows no material.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import basix.ufl
import dolfinx.fem.petsc as fem_petsc
import numpy as np
import ufl
from dolfinx import fem

from femsuite.physics.mechanics_conditions import SurfaceLoad, surface_measure
from femsuite.physics.mechanics_laws import PLANE, RING, SPACE
from femsuite.physics.membranes import Membranes
from femsuite.physics.quadrature import PointFunction, Points, pack_symmetric, symmetric_matrix, whole_matrix
from femsuite.solve.assembly import assemble_matrix, assemble_vector, compile_form, create_matrix


def voigt_strain(displacement: Any, dimension: int, radius: Any = None) -> Any:
    """Return the UFL vector of strains with engineering shears.

    Six components in 3D; xx, yy, xy in 2D; xx, yy, zz, xy where a ``radius`` makes it axisymmetric, zz around the axis.
    """
    gradient = ufl.grad(displacement)
    if radius is not None:
        shear = gradient[0, 1] + gradient[1, 0]
        return ufl.as_vector([gradient[0, 0], gradient[1, 1], displacement[0] / radius, shear])
    if dimension == 2:
        return ufl.as_vector([gradient[0, 0], gradient[1, 1], gradient[0, 1] + gradient[1, 0]])
    return ufl.as_vector(
        [
            gradient[0, 0],
            gradient[1, 1],
            gradient[2, 2],
            gradient[1, 2] + gradient[2, 1],
            gradient[0, 2] + gradient[2, 0],
            gradient[0, 1] + gradient[1, 0],
        ]
    )


class _Tangent:
    """The tangent as a coefficient, at every point or constant in each cell; its upper triangle if symmetric."""

    def __init__(self, points: Points, size: int, per_cell: bool, symmetric: bool = True) -> None:
        self.per_cell, self._size, self._symmetric = per_cell, size, symmetric
        components = size * (size + 1) // 2 if symmetric else size**2
        if per_cell:
            element = basix.ufl.element("Discontinuous Lagrange", points.mesh.basix_cell(), 0, shape=(components,))
            self.function = fem.Function(fem.functionspace(points.mesh, element))
            self._write = self._fill_cells
        else:
            held = PointFunction(points, components)
            self.function, self._write = held.function, held.fill

    @property
    def matrix(self) -> Any:
        """The UFL matrix."""
        shape = symmetric_matrix if self._symmetric else whole_matrix
        return shape(self.function, self._size)

    def fill(self, tangent: np.ndarray) -> None:
        """Write (cells, points, size, size) numbers."""
        packed = pack_symmetric(tangent) if self._symmetric else tangent.reshape(*tangent.shape[:2], -1)
        self._write(packed)

    def _fill_cells(self, values: np.ndarray) -> None:
        rows = self.function.x.array.reshape(len(values), -1)
        rows[self.function.function_space.dofmap.list[:, 0]] = values[:, 0]


class MechanicsForms:
    """Internal force, tangent operator and external force.

    Args:
        space: of the displacement.
        points: the rule of the volume integrals.
        loads: surface loads.
        symmetric: whether the tangent is.
        membranes: films without cells.
    """

    def __init__(
        self,
        space: fem.FunctionSpace,
        points: Points,
        loads: Sequence[SurfaceLoad],
        symmetric: bool = True,
        membranes: Membranes | None = None,
    ) -> None:
        self._membranes = membranes
        self._film_force: Any = None
        self.space, self.points, self._symmetric = space, points, symmetric
        self.dimension = space.mesh.geometry.dim
        self.order = space.element.basix_element.degree
        self.kept = SPACE if self.dimension == 3 else RING if points.axisymmetric else PLANE
        """The Voigt components that the form knows."""
        self._size = size = len(self.kept)
        self._radius = ufl.SpatialCoordinate(space.mesh)[0] if points.axisymmetric else None
        self._girth = 1.0 if self._radius is None else 2.0 * np.pi * self._radius
        self._stress = PointFunction(points, size)
        self._dx = ufl.Measure("dx", space.mesh, metadata=self._stress.metadata)
        test = ufl.TestFunction(space)
        self._internal = compile_form(ufl.inner(self._stress.function, self._strain(test)) * self._girth * self._dx)
        self._tangent: _Tangent = _Tangent(points, size, True, symmetric)
        self._operator: fem.Form | None = None
        self._coarse: dict[int, tuple[fem.Form, Any]] = {}
        self._external = self._surface_form(test, loads)

    def _strain(self, displacement: Any) -> Any:
        return voigt_strain(displacement, self.dimension, self._radius)

    def _bilinear(self, space: fem.FunctionSpace) -> fem.Form:
        trial, test = ufl.TrialFunction(space), ufl.TestFunction(space)
        matrix = self._tangent.matrix
        form = ufl.inner(matrix * self._strain(trial), self._strain(test)) * self._girth * self._dx
        return compile_form(form if self._membranes is None else form + self._membranes.bilinear(trial, test))

    def _surface_form(self, test: Any, loads: Sequence[SurfaceLoad]) -> fem.Form | None:
        if not loads:
            return None
        mesh = self.space.mesh
        degree = 2 * self.order
        ds = surface_measure(mesh, [(load.index, load.facets) for load in loads], degree)
        normal = ufl.FacetNormal(mesh)
        terms = [load.condition.work(test, normal, load.constants) * self._girth * ds(load.index) for load in loads]
        return compile_form(sum(terms[1:], terms[0]))

    @property
    def operator(self) -> fem.Form:
        """The bilinear form with the present kind of tangent."""
        if self._operator is None:
            self._operator = self._bilinear(self.space)
        return self._operator

    def create_matrix(self) -> Any:
        """Return the empty operator; quadratic elements in 3D store blocks of three by three.

        Linear ones do not: the algebraic multigrid that serves them takes scalar storage only.
        """
        return create_matrix(self.operator, blocked=self.dimension == 3 and self.order == 2)

    def set_tangent(self, tangent: np.ndarray) -> None:
        """Write the tangent, (cells, points, n, n), or (cells, 1, n, n) where it is one per cell.

        n is the number of components ``kept``. A tangent per cell takes a quarter of the memory or less.
        """
        per_cell = tangent.shape[1] == 1
        if per_cell != self._tangent.per_cell:
            self._tangent = _Tangent(self.points, self._size, per_cell, self._symmetric)
            self._operator, self._coarse = None, {}
        self._tangent.fill(tangent)

    def internal_force(self, stress: np.ndarray, into: Any = None) -> Any:
        """Return ``integral sigma : eps(v) dx`` for (cells, points, 6) stresses, Pa; plane: per metre of thickness.

        Films without cells add theirs, at the present displacement.
        """
        self._stress.fill(stress if len(self.kept) == 6 else stress[..., self.kept])
        force = assemble_vector(self._internal, into)
        if self._membranes is not None:
            self._film_force = self._membranes.force(self._film_force)
            force.axpy(1.0, self._film_force)
        return force

    def external_force(self) -> Any:
        """Return the force of the surface loads at the load factor one."""
        if self._external is not None:
            return assemble_vector(self._external)
        vector = fem_petsc.create_vector(self.space)
        with vector.localForm() as local:
            local.set(0.0)
        return vector

    def coarse_operator(self, space: fem.FunctionSpace, fixed: np.ndarray) -> Any:
        """Assemble the operator on the linear space with the same coefficients and rule: the Galerkin product.

        Args:
            space: P1 on the same mesh.
            fixed: local unrolled degrees of freedom (owned and ghost) with identity rows and columns.
        """
        if id(space) not in self._coarse:
            form = self._bilinear(space)
            self._coarse[id(space)] = (form, create_matrix(form))
        form, matrix = self._coarse[id(space)]
        assemble_matrix(matrix, form)
        index_map, block = space.dofmap.index_map, space.dofmap.index_map_bs
        owned = fixed[fixed < index_map.size_local * block].astype(np.int64)
        matrix.zeroRowsColumns((owned + index_map.local_range[0] * block).astype(np.int32), diag=1.0)
        return matrix
