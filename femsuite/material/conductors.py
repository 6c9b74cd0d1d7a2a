"""The electric side of the materials: which regions carry current, and how well at a temperature."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from femsuite.material.field import MaterialField

RESISTIVITY = "electrical_resistivity"
CARRIES = 1e-2
"""Largest resistivity (ohm m, at 298 K) of a material that counts as a conductor where a study names none."""


class Conductors:
    """Electric conductivity in the regions that carry current, zero in all others.

    Args:
        field: the materials.
        regions: names of the regions that carry current.

    Raises:
        InputError: one of them has a material without a resistivity.
    """

    def __init__(self, field: MaterialField, regions: Sequence[str]) -> None:
        self._field = field
        self.regions = tuple(regions)
        field.requires(lambda region: (RESISTIVITY,) if region in self.regions else ())

    def conductivity(self, temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the conductivity in S/m and its derivative by temperature in S/(m K), both (cells, points).

        Args:
            temperature: K, (cells, points), of all local cells.
        """
        value, slope = np.zeros_like(temperature), np.zeros_like(temperature)
        for name in self.regions:
            cells = self._field.cells[name]
            if cells.size:
                resistivity = self._field.assignments[name].material.property(RESISTIVITY)
                at = temperature[cells]
                value[cells] = 1.0 / resistivity(at)
                slope[cells] = -resistivity.derivative(at) * value[cells] ** 2
        return value, slope


def conducting(field: MaterialField) -> tuple[str, ...]:
    """Return the regions whose material conducts, in the mesh's order."""
    found = []
    for name, part in field.assignments.items():
        known = part.material.properties.get(RESISTIVITY)
        if known is not None and float(known.curve.value(np.array(298.0))) <= CARRIES:
            found.append(name)
    return tuple(found)
