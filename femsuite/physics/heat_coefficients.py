"""Conductivity and stored heat at quadrature points, filled by numpy from the material curves."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

import numpy as np
import ufl
from dolfinx import fem

from femsuite import parallel
from femsuite.material import Material
from femsuite.physics.coatings import Coatings, NodalProperty
from femsuite.physics.quadrature import PointFunction, Points, rule_degree

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


class HeatCoefficients:
    """The coefficients of the heat equation at the current temperature.

    Args:
        temperature: the unknown.
        material: curves per cell.
        conduction_degree: degree of the quadrature rule of the conduction term.
        storage_degree: degree of the rule of the storage term.
        layers: (cells, conductivity in W/(m K)) of contact layers, which replace the material and store no heat.
        coatings: films without cells; they conduct along themselves and store no heat.
    """

    def __init__(
        self,
        temperature: fem.Function,
        material: ThermalMaterial,
        conduction_degree: int,
        storage_degree: int,
        layers: list[tuple[np.ndarray, float]],
        coatings: Coatings | None = None,
    ) -> None:
        mesh = temperature.function_space.mesh
        self._comm = mesh.comm
        self._dimension = mesh.geometry.dim
        self._temperature = temperature
        self._material = material
        self._layers = layers
        self._storage_degree = storage_degree
        self.points = Points(mesh, conduction_degree)
        self.films = None if coatings is None else NodalProperty(coatings, temperature.function_space, _in_plane)
        """Conductivity of the films, W/(m K)."""
        self.conductivity = PointFunction(self.points, self._dimension)
        self.version = 0
        """Rises whenever a coefficient of the operator changes, on all ranks together."""
        self.varies = False
        """Whether the conductivity changes with temperature somewhere at the current temperature."""

    @cached_property
    def slope(self) -> PointFunction:
        """Derivative of the conductivity, W/(m K^2); only needed where it is not zero."""
        return PointFunction(self.points, self._dimension)

    @cached_property
    def storage_points(self) -> Points:
        """The points of the storage term."""
        return Points(self.points.mesh, self._storage_degree)

    @cached_property
    def capacity_rate(self) -> PointFunction:
        """Capacity over time step, W/(m^3 K); only transients need it."""
        return PointFunction(self.storage_points)

    @cached_property
    def storage_rate(self) -> PointFunction:
        """Rate at which heat is stored in the stage, W/m^3; only transients need it."""
        return PointFunction(self.storage_points)

    def refresh(self) -> None:
        """Evaluate the conductivity and its derivative at the current temperature."""
        temperature = self.points.values(self._temperature)
        diagonal = np.array(self._material.conductivity(temperature)[:, :, : self._dimension])
        slope = np.array(self._material.conductivity_derivative(temperature)[:, :, : self._dimension])
        for cells, value in self._layers:
            diagonal[cells], slope[cells] = value, 0.0
        self._fill(self.conductivity, diagonal)
        changed, follows = (False, False) if self.films is None else self.films.refresh(self._temperature)
        self.version += int(parallel.anywhere(changed, self._comm))
        varied = self.varies
        self.varies = parallel.anywhere(bool(np.any(slope)) or follows, self._comm)
        if self.varies or varied:
            self._fill(self.slope, slope)

    def at_storage_points(self) -> np.ndarray:
        """Return the current temperature at the points of the storage term, K, shape (cells, points)."""
        return self.storage_points.values(self._temperature)

    def stored(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Return the heat stored between two temperatures, the integral of rho c dT, J/m^3.

        Args:
            start: K, shape (cells, points), at the points of the storage term.
            end: likewise.
        """
        rise = end - start
        capacity = sum(
            weight * self._material.volumetric_heat_capacity(start + place * rise)
            for place, weight in zip(_GAUSS_POINTS, _GAUSS_WEIGHTS, strict=True)
        )
        heat = np.array(capacity) * rise
        for cells, _ in self._layers:
            heat[cells] = 0.0
        return heat

    def refresh_storage(self, start: np.ndarray, known: np.ndarray, tau: float) -> None:
        """Evaluate ``(stored heat since start - known) / tau`` and its derivative at the current temperature.

        Args:
            start: temperature at the beginning of the step at the points of the storage term, K, (cells, points).
            known: J/m^3, (cells, points), the part that earlier stages of the step give.
            tau: seconds.
        """
        temperature = self.at_storage_points()
        rate = np.array(self._material.volumetric_heat_capacity(temperature)) / tau
        for cells, _ in self._layers:
            rate[cells] = 0.0
        self._fill(self.capacity_rate, rate)
        self.storage_rate.fill((self.stored(start, temperature) - known) / tau)

    def _fill(self, coefficient: PointFunction, values: np.ndarray) -> None:
        """Write a coefficient of the operator and count the change, if it is one on any rank."""
        changed = not np.array_equal(coefficient.values(), values)
        if changed:
            coefficient.fill(values)
        self.version += int(parallel.anywhere(changed, self._comm))


def _in_plane(material: Material, temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a film's conductivity and its derivative; what differs through the thickness does not count."""
    return material.conductivity(temperature)[:, 0], material.conductivity_derivative(temperature)[:, 0]


def degrees(cell: str, order: int, weighted: bool) -> tuple[int, int, int]:
    """Return quadrature degrees for conduction, storage and surfaces that keep the order of the element.

    An axisymmetric weight adds one to the degree of the integrands.
    """
    extra = int(weighted)
    return rule_degree(cell, order) + extra, 2 * order + extra, 2 * order + 2


def weight(mesh: Any, axisymmetric: bool) -> Any:
    """Return the factor of all measures: 1, or ``2 pi r`` with r the first coordinate."""
    return 2.0 * ufl.pi * ufl.SpatialCoordinate(mesh)[0] if axisymmetric else 1.0
