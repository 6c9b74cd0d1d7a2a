"""Constitutive laws over the regions of a mesh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from femsuite.errors import Fault, InputError, unknown
from femsuite.material.field import MaterialField
from femsuite.material.laws.law import Law, Response, Step
from femsuite.material.material import Material

_BLOCK = 2048  # points at a time, so that a block's tangents stay in the cache


class LawField:
    """One law in each region, evaluated for all local cells.

    Args:
        field: the materials.
        laws: region name -> law, or one law for every region.

    Raises:
        InputError: for a region without a law or a material that lacks what its law needs.
    """

    def __init__(self, field: MaterialField, laws: Mapping[str, Law] | Law) -> None:
        self.field = field
        self.laws = dict(laws) if isinstance(laws, Mapping) else dict.fromkeys(field.assignments, laws)
        faults = [
            Fault(unknown("region", name, field.assignments), key="law")
            for name in self.laws
            if name not in field.assignments
        ]
        faults += [Fault("the region has no law", key=f"regions.{n}") for n in field.assignments if n not in self.laws]
        if faults:
            raise InputError(*faults)
        field.requires(lambda region: self.laws[region].needs)
        faults = []
        for name, law in self.laws.items():
            try:
                law.check(field.assignments[name].material)
            except InputError as error:
                faults += [Fault(fault.message, key=f"regions.{name}.law") for fault in error.faults]
        if faults:
            raise InputError(*faults)
        self.asleep: frozenset[str] = frozenset()
        """Regions that do not exist: they carry no stress and no stiffness, and their variables do not change."""
        self.linear = all(getattr(law, "linear", not law.internal) for law in self.laws.values())
        self.symmetric = all(law.symmetric(field.assignments[name].material) for name, law in self.laws.items())

    @property
    def internal(self) -> dict[str, int]:
        """All internal variables of all laws with their number of components, the largest where regions differ."""
        largest: dict[str, int] = {}
        for region, law in self.laws.items():
            for name, count in _internal(law, self.field.assignments[region].material).items():
                largest[name] = max(count, largest.get(name, 0))
        return largest

    @property
    def steady(self) -> bool:
        """Whether the tangent is the same at every state in the whole mesh."""
        return all(law.steady(self.field.assignments[name].material) for name, law in self.laws.items())

    def start(self, points: int) -> dict[str, np.ndarray]:
        """Return the internal variables at the start: name -> zeros (cells, points, components)."""
        return {name: np.zeros((self.field.cell_count, points, count)) for name, count in self.internal.items()}

    def update(self, step: Step) -> Response:
        """Return stress, tangent and internal variables for all cells.

        Args:
            step: as for one law, but every array has (cells, points) in the place of n; the stress-free temperature
                may be (cells,).

        Returns:
            stress (cells, points, 6), tangent (cells, points, 6, 6), internal (cells, points, components).
        """
        cells, points = step.temperature_new.shape
        # written once and in whole rows: pages that no region touches cost nothing
        stress = np.zeros((cells, points, 6))
        tangent = np.zeros((cells, points, 6, 6))
        internal = {name: np.empty_like(old) for name, old in step.internal_old.items()}
        free = np.asarray(step.stress_free_temperature)
        free = np.broadcast_to(free[:, None] if free.ndim == 1 else free, (cells, points))
        size = max(1, _BLOCK // max(points, 1))
        for region, law in self.laws.items():
            own = self.field.cells[region]
            changing = () if region in self.asleep else law.internal
            for name in internal.keys() - set(changing):
                internal[name][own] = step.internal_old[name][own]
            if region in self.asleep:
                continue
            part = self.field.assignments[region]
            for start in range(0, len(own), size):
                block = own[start : start + size]
                response = law.update(part.material, part.orientation, _cut(step, block, free, law))
                stress[block] = response.stress.reshape(len(block), points, 6)
                tangent[block] = response.tangent.reshape(len(block), points, 6, 6)
                for name, value in response.internal.items():
                    internal[name][block] = value.reshape(len(block), points, -1)
        return Response(stress, tangent, internal)


def _internal(law: Law, material: Material) -> Mapping[str, int]:
    """Return a law's internal variables; a law whose number of them is the material's says so by ``internal_of``."""
    own = getattr(law, "internal_of", None)
    found: Mapping[str, int] = law.internal if own is None else own(material)
    return found


def _cut(step: Step, block: np.ndarray, free: np.ndarray, law: Law) -> Step:
    arrays = {item.name: getattr(step, item.name) for item in fields(Step)}
    arrays["stress_free_temperature"] = free
    cut = {
        name: array[block].reshape(-1, *array.shape[2:])
        for name, array in arrays.items()
        if name not in ("duration", "internal_old")
    }
    old = ((name, step.internal_old[name][block]) for name in law.internal)
    internal = {name: array.reshape(-1, array.shape[-1]) for name, array in old}
    return Step(**cut, duration=step.duration, internal_old=internal)
