"""A material of simple curves for heat verification, the same in the whole body or given region by region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from femsuite.meshing.tagged import TaggedMesh


@dataclass(frozen=True)
class SimpleMaterial:
    """Conductivity linear in temperature and constant capacity.

    Args:
        conductivity_diagonal: W/(m K) at ``reference`` along the mesh's axes.
        slope: relative change of the conductivity per kelvin, 1/K.
        capacity: at ``reference``, J/(m^3 K).
        capacity_slope: relative change of the capacity per kelvin, 1/K.
        reference: K.
    """

    conductivity_diagonal: tuple[float, float, float]
    slope: float = 0.0
    capacity: float = 1.0
    capacity_slope: float = 0.0
    reference: float = 300.0

    def conductivity(self, temperature: np.ndarray) -> np.ndarray:
        """Return (cells, points, 3), W/(m K)."""
        factor = 1.0 + self.slope * (temperature - self.reference)
        return factor[..., None] * np.array(self.conductivity_diagonal)

    def conductivity_derivative(self, temperature: np.ndarray) -> np.ndarray:
        """Return (cells, points, 3), W/(m K^2)."""
        return np.ones_like(temperature)[..., None] * (self.slope * np.array(self.conductivity_diagonal))

    def volumetric_heat_capacity(self, temperature: np.ndarray) -> np.ndarray:
        """Return (cells, points), J/(m^3 K)."""
        return self.capacity * (1.0 + self.capacity_slope * (temperature - self.reference))


def isotropic(conductivity: float, capacity: float = 1.0) -> SimpleMaterial:
    """Return a material with constant properties, W/(m K) and J/(m^3 K)."""
    return SimpleMaterial((conductivity, conductivity, conductivity), capacity=capacity)


class Patchwork:
    """One simple material for each region.

    Args:
        tagged: the mesh.
        materials: region -> material, for every region.
    """

    def __init__(self, tagged: TaggedMesh, materials: Mapping[str, SimpleMaterial]) -> None:
        self._parts = [(tagged.cells(name), material) for name, material in materials.items()]

    def conductivity(self, temperature: np.ndarray) -> np.ndarray:
        """Return (cells, points, 3), W/(m K)."""
        result = np.empty((*temperature.shape, 3))
        for cells, material in self._parts:
            result[cells] = material.conductivity(temperature[cells])
        return result

    def conductivity_derivative(self, temperature: np.ndarray) -> np.ndarray:
        """Return (cells, points, 3), W/(m K^2)."""
        result = np.empty((*temperature.shape, 3))
        for cells, material in self._parts:
            result[cells] = material.conductivity_derivative(temperature[cells])
        return result

    def volumetric_heat_capacity(self, temperature: np.ndarray) -> np.ndarray:
        """Return (cells, points), J/(m^3 K)."""
        result = np.empty(temperature.shape)
        for cells, material in self._parts:
            result[cells] = material.volumetric_heat_capacity(temperature[cells])
        return result
