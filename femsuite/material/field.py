"""Materials laid over the regions of a mesh: coefficients at quadrature points, and the record of what was used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from mpi4py import MPI

from femsuite import parallel
from femsuite.errors import Fault, InputError, unknown
from femsuite.material.curve import Range
from femsuite.material.material import Material, has
from femsuite.material.orientation import Orientation
from femsuite.material.property import Property, outside


class Tagged(Protocol):
    """The part of a ``TaggedMesh`` that is used here."""

    @property
    def cell_tags(self) -> Any:
        """MeshTags of the local cells, owned and ghosts: ``indices`` and ``values``, one each."""

    @property
    def regions(self) -> Mapping[str, int]:
        """Region name -> cell tag."""


@dataclass(frozen=True)
class Assignment:
    """What one region is made of.

    Args:
        material: the material.
        orientation: how its crystal lies; needed by a cubic material under mechanics.
        stress_free_temperature: K; needed under mechanics, never defaulted.
    """

    material: Material
    orientation: Orientation | None = None
    stress_free_temperature: float | None = None


@dataclass(frozen=True)
class ProvenanceRow:
    """One number that a result depends on.

    Args:
        material: its material.
        property: the property's name; ``property.parameter`` for a number inside a property.
        value: at 298 K, in SI; not a number if it depends on more than temperature.
        unit: SI unit.
        status: one of ``catalogue.STATUSES``.
        source: the keys of its sources.
        reference: the full text of its sources.
        used: K, the range it was evaluated over on any rank.
        valid: K, where its data are good; None if not known.
        extrapolated: the parts of ``used`` outside ``valid``.
        note: anything else worth knowing.
    """

    material: str
    property: str
    value: float
    unit: str
    status: str
    source: str
    reference: str
    used: Range
    valid: Range | None
    extrapolated: tuple[Range, ...]
    note: str


class MaterialField:
    """The materials of all local cells, evaluated region by region.

    Arrays of temperatures have the shape (cells, points): all local cells (owned, then ghosts) in the mesh's order
    and the quadrature points of each.

    Args:
        tagged: the mesh's cell tags and region names.
        assignments: region name -> what it is made of, for every region.

    Raises:
        InputError: for a region without an assignment, an assignment without a region, cells without a region.
    """

    def __init__(self, tagged: Tagged, assignments: Mapping[str, Assignment]) -> None:
        faults = [
            Fault("the region has no material", key=f"regions.{name}")
            for name in tagged.regions
            if name not in assignments
        ]
        faults += [
            Fault(unknown("region", name, tagged.regions), key=f"regions.{name}")
            for name in assignments
            if name not in tagged.regions
        ]
        if faults:
            raise InputError(*faults)
        self.assignments = {name: assignments[name] for name in tagged.regions}
        tags = np.zeros(len(tagged.cell_tags.indices), dtype=np.int64)
        tags[np.asarray(tagged.cell_tags.indices)] = tagged.cell_tags.values
        self.cell_count = len(tags)
        self.films: dict[str, Assignment] = {}
        """Films without cells: they are evaluated elsewhere, and listed with the rest."""
        self.cells = {name: np.flatnonzero(tags == tag) for name, tag in tagged.regions.items()}
        stray = self.cell_count - sum(cells.size for cells in self.cells.values())
        if stray:
            raise InputError(f"{stray} cells of the mesh carry a tag that belongs to no region")

    def requires(self, needs: Iterable[str] | Callable[[str], Iterable[str]]) -> None:
        """Check that every region's material has what a physics needs.

        Args:
            needs: property names, or ``expansion``, ``stiffness``, ``stress_free_temperature``. A stiffness of a cubic
                crystal needs an orientation too. Or a function that gives them for a region's name.

        Raises:
            InputError: one, with a fault for each region that lacks something and what its material does have.
        """
        wanted = needs if callable(needs) else None
        needs = [] if callable(needs) else list(needs)
        faults = []
        for region, assignment in self.assignments.items():
            needs = list(wanted(region)) if wanted else needs
            material = assignment.material
            key = f"regions.{region}"
            kelvin = "stress_free_temperature"
            lacking = [need for need in needs if need != kelvin and not material.answers(need)]
            if lacking:
                faults.append(Fault(f"{material.name} has no {' and no '.join(lacking)}; {has(material)}", key=key))
            if kelvin in needs and assignment.stress_free_temperature is None:
                faults.append(Fault(f"'{kelvin}' is missing; it is never assumed", key=key))
            if "stiffness" in needs and material.crystal and assignment.orientation is None:
                sentence = (
                    f"{material.name} is a crystal: 'crystal' is missing, with the Miller indices of normal and edge"
                )
                faults.append(Fault(sentence, key=key))
        if faults:
            raise InputError(*faults)

    def conductivity(self, temperature: np.ndarray) -> np.ndarray:
        """Return the conductivity in W/(m K) along mesh x, y, z: (cells, points, 3)."""
        return self._fill(lambda part, at: part.material.conductivity(at), temperature, (3,))

    def conductivity_derivative(self, temperature: np.ndarray) -> np.ndarray:
        """Return d(conductivity)/dT in W/(m K2): (cells, points, 3)."""
        return self._fill(lambda part, at: part.material.conductivity_derivative(at), temperature, (3,))

    def volumetric_heat_capacity(self, temperature: np.ndarray) -> np.ndarray:
        """Return density times heat capacity in J/(m3 K): (cells, points)."""
        return self._fill(lambda part, at: part.material.volumetric_heat_capacity(at), temperature, ())

    def scalar(self, name: str, temperature: np.ndarray) -> np.ndarray:
        """Return any one property by its name, such as ``electrical_resistivity``: (cells, points)."""
        return self._fill(lambda part, at: part.material.property(name)(at), temperature, ())

    def stiffness(self, temperature: np.ndarray) -> np.ndarray:
        """Return the stiffness in Pa in the mesh frame: (cells, points, 6, 6).

        The array is read-only. If no stiffness in the mesh depends on temperature, all points of a cell share the
        same memory (a broadcast view), which costs a quarter of the memory or less.
        """
        temperature = np.asarray(temperature, dtype=np.float64)
        parts = [(self.assignments[name], cells) for name, cells in self.cells.items() if cells.size]
        steady = all(item.constant for part, _ in parts for item in part.material.answers("stiffness"))
        if steady and temperature.ndim == 2 and temperature.shape[1]:
            result = np.empty((self.cell_count, 1, 6, 6))
            for part, cells in parts:
                result[cells, 0] = part.material.stiffness(temperature[cells], part.orientation)[0, 0]
            result = np.broadcast_to(result, (*temperature.shape, 6, 6))
        else:
            result = self._stiffness_at_points(parts, temperature)
        result.flags.writeable = False
        return result

    def _stiffness_at_points(self, parts: list[tuple[Assignment, np.ndarray]], temperature: np.ndarray) -> np.ndarray:
        result = np.empty((*temperature.shape, 36))
        for part, cells in parts:
            basis = part.material.stiffness_basis(part.orientation)
            # blocks that stay in the cache: each result is written to memory once
            for start in range(0, len(cells), _BLOCK):
                block = cells[start : start + _BLOCK]
                result[block] = part.material.stiffness_coefficients(temperature[block]) @ basis
        return result.reshape(*temperature.shape, 6, 6)

    def thermal_strain(self, temperature_from: np.ndarray, temperature_to: np.ndarray) -> np.ndarray:
        """Return the free thermal strain between two temperatures in K: (cells, points, 6), shears zero.

        Args:
            temperature_from: (cells, points), or (cells, 1) or (cells,) for one value in each cell.
            temperature_to: (cells, points).
        """
        start = np.asarray(temperature_from, dtype=np.float64)
        end = np.asarray(temperature_to, dtype=np.float64)
        start = start[:, None] if start.ndim == 1 else start
        result = np.zeros((*np.broadcast_shapes(start.shape, end.shape), 6))
        for name, cells in self.cells.items():
            if cells.size:
                material = self.assignments[name].material
                result[cells, :, :3] = material.thermal_strain_diagonal(end[cells], start[cells])
        return result

    def stress_free_temperature(self) -> np.ndarray:
        """Return each cell's stress-free temperature in K: (cells,).

        Raises:
            InputError: if a region's is not given.
        """
        return self._stress_free.copy()

    @cached_property
    def _stress_free(self) -> np.ndarray:
        self.requires(["stress_free_temperature"])
        result = np.empty(self.cell_count)
        for name, cells in self.cells.items():
            result[cells] = self.assignments[name].stress_free_temperature
        return result

    def _fill(
        self, evaluate: Callable[[Assignment, np.ndarray], np.ndarray], temperature: np.ndarray, tail: tuple[int, ...]
    ) -> np.ndarray:
        temperature = np.asarray(temperature, dtype=np.float64)
        result = np.empty((*temperature.shape, *tail))
        for name, cells in self.cells.items():
            if cells.size:
                result[cells] = evaluate(self.assignments[name], temperature[cells])
        return result

    def provenance(self, comm: MPI.Intracomm | None = None) -> list[ProvenanceRow]:
        """Return a row for every property evaluated so far on any rank, and for the numbers it is made of.

        Collective. A material that fills several regions is listed once.
        """
        # two regions may hold the same material, read twice
        found: dict[tuple[str, str, str], tuple[Material, list[Property]]] = {}
        for part in (*self.assignments.values(), *self.films.values()):
            material = part.material
            for name, item in material.properties.items():
                found.setdefault((material.name, str(material.path), name), (material, []))[1].append(item)
        low = np.array([min(item.usage.low for item in items) for _, items in found.values()])
        high = np.array([max(item.usage.high for item in items) for _, items in found.values()])
        ranges = zip(parallel.smallest(low, comm), parallel.largest(high, comm), strict=True)
        rows: list[ProvenanceRow] = []
        for (material, items), (start, end) in zip(found.values(), ranges, strict=True):
            if start <= end:
                rows += _rows(material, items[0], (float(start), float(end)))
        return sorted(rows, key=lambda row: (row.material, row.property))


_BLOCK = 512


def _rows(material: Material, item: Property, used: Range) -> list[ProvenanceRow]:
    def row(name: str, value: float, unit: str, status: str, source: tuple[str, ...], note: str) -> ProvenanceRow:
        reference = "; ".join(material.sources.get(key, key) for key in source)
        known = item.valid if name == item.name else None
        return ProvenanceRow(
            material.name, name, value, unit, status, ", ".join(source), reference,
            used, known, outside(used, known), note,
        )  # fmt: skip

    own = item.source or tuple(dict.fromkeys(key for part in item.ingredients for key in part.source))
    # not through the property: asking must not count as use
    value = float("nan") if item.arguments else float(item.curve.value(np.array(298.0)))
    rows = [row(item.name, value, item.unit, item.status, own, item.note)]
    for part in item.ingredients:
        rows.append(row(f"{item.name}.{part.name}", part.value, part.unit, part.status, part.source, part.note))
    return rows
