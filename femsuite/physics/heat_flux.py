"""The heat flux as a field: minus conductivity times gradient, projected cell by cell."""

from __future__ import annotations

import basix
import basix.ufl
import numpy as np
import ufl
from dolfinx import fem

from femsuite.physics.heat_coefficients import PointField


class FluxRecovery:
    """Projects ``-k grad T`` from the quadrature points onto discontinuous polynomials of one order less than T.

    The projection is local to each cell (least squares on the reference cell), so it keeps the jump of the flux's
    tangential part where two materials meet, and needs no solve.

    Args:
        temperature: Lagrange function, K.
        conductivity: its values at quadrature points, W/(m K).
    """

    def __init__(self, temperature: fem.Function, conductivity: PointField) -> None:
        space = temperature.function_space
        mesh = space.mesh
        cell, self._dimension = mesh.basix_cell(), mesh.geometry.dim
        order = max(space.element.basix_element.degree - 1, 0)
        element = basix.ufl.element("DG", cell, order, shape=(self._dimension,))
        self.function = fem.Function(fem.functionspace(mesh, element), name="heat_flux")
        points, weights = basix.make_quadrature(cell, conductivity.degree)
        shapes = self.function.function_space.element.basix_element.tabulate(0, points)[0, :, :, 0]
        mass = shapes.T @ (weights[:, None] * shapes)
        self._projection = np.linalg.solve(mass, shapes.T * weights)
        self._gradient = fem.Expression(ufl.grad(temperature), points)
        self._conductivity = conductivity
        index_map = mesh.topology.index_map(mesh.topology.dim)
        self._cells = np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32)
        self._places = self.function.function_space.dofmap.list.ravel()

    def evaluate(self) -> fem.Function:
        """Return the flux, W/m^2, at the current temperature; the function is the same at every call."""
        mesh = self.function.function_space.mesh
        gradient = self._gradient.eval(mesh, self._cells).reshape(len(self._cells), -1, self._dimension)
        flux = -self._conductivity.values() * gradient
        nodal = np.einsum("np,cpd->cnd", self._projection, flux)
        self.function.x.array.reshape(-1, self._dimension)[self._places] = nodal.reshape(-1, self._dimension)
        return self.function
