"""Conductivity and stored heat at quadrature points, filled by numpy from the material curves."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem

from femsuite import parallel

# Gauss-Legendre points on (0, 1): the heat stored between two temperatures is the integral of the capacity.
_GAUSS_POINTS, _GAUSS_WEIGHTS = np.polynomial.legendre.leggauss(4)
_GAUSS_POINTS, _GAUSS_WEIGHTS = 0.5 * (_GAUSS_POINTS + 1.0), 0.5 * _GAUSS_WEIGHTS


class ThermalMaterial(Protocol):
    """What heat conduction asks of the materials; ``temperature`` has shape (cells, points), K, all local cells."""

    def conductivity(self, temperature: np.ndarray) -> np.ndarray:
        """Return the diagonal of the conductivity, W/(m K), shape (cells, points, 3)."""

    def conductivity_derivative(self, temperature: np.ndarray) -> np.ndarray:
        """Return its derivative by temperature, W/(m K^2), shape (cells, points, 3)."""

    def volumetric_heat_capacity(self, temperature: np.ndarray) -> np.ndarray:
        """Return density times specific heat, J/(m^3 K), shape (cells, points)."""


class PointField:
    """A function on the points of one quadrature rule, and the temperature at those points.

    Args:
        temperature: Lagrange function the coefficients depend on.
        degree: of the quadrature rule.
        shape: of the value at a point, ``()`` or ``(dimension,)``.
    """

    def __init__(self, temperature: fem.Function, degree: int, shape: tuple[int, ...] = ()) -> None:
        mesh = temperature.function_space.mesh
        element = basix.ufl.quadrature_element(mesh.basix_cell(), value_shape=shape, degree=degree)
        self.function = fem.Function(fem.functionspace(mesh, element))
        self.degree = degree
        self._places = self.function.function_space.dofmap.list.ravel()
        self._block = self.function.function_space.dofmap.index_map_bs
        self._nodes = temperature.function_space.dofmap.list
        points, _ = basix.make_quadrature(mesh.basix_cell(), degree)
        table = temperature.function_space.element.basix_element.tabulate(0, points)[0, :, :, 0]
        self._table = np.ascontiguousarray(table.T)

    def at_points(self, values: np.ndarray) -> np.ndarray:
        """Return nodal values (of the temperature's space) at the points, shape (cells, points)."""
        return values[self._nodes] @ self._table

    def values(self) -> np.ndarray:
        """Return the point values, shape (cells, points, components)."""
        held = self.function.x.array.reshape(-1, self._block)
        return held[self._places].reshape(len(self._nodes), -1, self._block)

    def fill(self, values: np.ndarray) -> bool:
        """Write point values of shape (cells, points) or (cells, points, components); return whether any changed."""
        held = self.function.x.array.reshape(-1, self._block)
        given = values.reshape(-1, self._block)
        if np.array_equal(held[self._places], given):
            return False
        held[self._places] = given
        return True


class HeatCoefficients:
    """The coefficients of the heat equation at the current temperature.

    Args:
        temperature: the unknown.
        material: curves per cell.
        conductivity_degree: degree of the quadrature rule of the conduction term.
        capacity_degree: degree of the rule of the storage term.
        layers: (cells, conductivity in W/(m K)) of contact layers, which replace the material and store no heat.
    """

    def __init__(
        self,
        temperature: fem.Function,
        material: ThermalMaterial,
        conductivity_degree: int,
        capacity_degree: int,
        layers: list[tuple[np.ndarray, float]],
    ) -> None:
        mesh = temperature.function_space.mesh
        self._comm = mesh.comm
        self._dimension = mesh.geometry.dim
        self._temperature = temperature
        self._material = material
        self._layers = layers
        self.conductivity = PointField(temperature, conductivity_degree, (self._dimension,))
        self.slope = PointField(temperature, conductivity_degree, (self._dimension,))
        self._capacity_degree = capacity_degree
        self.version = 0
        """Rises whenever a coefficient of the operator changes, on all ranks together."""
        self.varies = False
        """Whether the conductivity changes with temperature somewhere at the current temperature."""

    @cached_property
    def capacity_rate(self) -> PointField:
        """Capacity over time step, W/(m^3 K); only transients need it."""
        return PointField(self._temperature, self._capacity_degree)

    @cached_property
    def storage_rate(self) -> PointField:
        """Rate at which heat is stored in the stage, W/m^3; only transients need it."""
        return PointField(self._temperature, self._capacity_degree)

    def refresh(self) -> None:
        """Evaluate the conductivity and its derivative at the current temperature."""
        temperature = self.conductivity.at_points(self._temperature.x.array)
        diagonal = np.array(self._material.conductivity(temperature)[:, :, : self._dimension])
        slope = np.array(self._material.conductivity_derivative(temperature)[:, :, : self._dimension])
        for cells, value in self._layers:
            diagonal[cells], slope[cells] = value, 0.0
        changed = self.conductivity.fill(diagonal)
        changed = self.slope.fill(slope) or changed
        self.varies = parallel.anywhere(bool(np.any(slope)), self._comm)
        self._count(changed)

    def stored(self, start: np.ndarray, end: np.ndarray | None = None) -> np.ndarray:
        """Return the heat stored between two sets of nodal temperatures, J/m^3, shape (cells, points).

        ``integral of rho c dT`` from ``start`` to ``end`` (the current temperature if None) at each point.
        """
        low = self.storage_rate.at_points(start)
        rise = self.storage_rate.at_points(self._temperature.x.array if end is None else end) - low
        total = sum(
            weight * self._material.volumetric_heat_capacity(low + place * rise)
            for place, weight in zip(_GAUSS_POINTS, _GAUSS_WEIGHTS, strict=True)
        )
        heat = np.array(total) * rise
        for cells, _ in self._layers:
            heat[cells] = 0.0
        return heat

    def refresh_storage(self, start: np.ndarray, known: np.ndarray, tau: float) -> None:
        """Evaluate ``(stored heat since start - known) / tau`` and its derivative at the current temperature.

        Args:
            start: nodal temperatures at the beginning of the step, K.
            known: J/m^3, shape (cells, points), the part that earlier stages of the step give.
            tau: seconds.
        """
        temperature = self.capacity_rate.at_points(self._temperature.x.array)
        rate = np.array(self._material.volumetric_heat_capacity(temperature)) / tau
        for cells, _ in self._layers:
            rate[cells] = 0.0
        self._count(self.capacity_rate.fill(rate))
        self.storage_rate.fill((self.stored(start) - known) / tau)

    def _count(self, changed: bool) -> None:
        self.version += int(parallel.anywhere(changed, self._comm))


def degrees(cell: str, order: int, weighted: bool) -> tuple[int, int, int]:
    """Return quadrature degrees for conduction, storage and surfaces that keep the order of the element.

    On simplices the gradients of the shape functions multiply to degree ``2 (order - 1)``; on quadrilaterals and
    hexahedra to ``2 order`` in each direction. An axisymmetric weight adds one.
    """
    tensor = cell in ("quadrilateral", "hexahedron", "interval")
    extra = int(weighted)
    conduction = 2 * order if tensor else max(1, 2 * (order - 1))
    return conduction + extra, 2 * order + extra, 2 * order + 2


def weight(mesh: Any, axisymmetric: bool) -> Any:
    """Return the factor of all measures: 1, or ``2 pi r`` with r the first coordinate."""
    return 2.0 * ufl.pi * ufl.SpatialCoordinate(mesh)[0] if axisymmetric else 1.0
