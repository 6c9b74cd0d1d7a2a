"""A material: its properties by name, its parameter sets for laws, its thermal strain and its stiffness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from femsuite.errors import Fault, InputError, unknown
from femsuite.material import voigt
from femsuite.material.catalogue import ANSWERS
from femsuite.material.composition import Composition
from femsuite.material.orientation import Orientation
from femsuite.material.property import Property

__all__ = ["Material", "ParameterSet", "Property"]


@dataclass(frozen=True)
class ParameterSet:
    """The constants of one law, kept as the source gives them; each key ends in its unit where it has one.

    Args:
        kind: the law's family: ``anand``, ``creep``, ``hardening``, ``fatigue``, ...
        name: which one, if there are several.
        values: the constants.
        source: keys of the material's sources.
        status: one of ``catalogue.STATUSES``.
        note: anything else worth knowing.
        missing: constants that belong to the law and are not known.
        borrowed_from: the material whose file states them, if it is another one.
    """

    kind: str
    name: str
    values: Mapping[str, Any]
    source: tuple[str, ...]
    status: str
    note: str = ""
    missing: tuple[str, ...] = ()
    borrowed_from: str = ""


@dataclass(frozen=True)
class Material:
    """A material as its file states it, in SI.

    Args:
        name: its name.
        role: what it is used for, in words.
        properties: by name.
        sources: key -> full text.
        crystal: ``"cubic"`` or None for an isotropic material.
        data: parameter sets of laws, by kind; the first of a kind is the default.
        not_known: properties the file names as not known -> why.
        path: the file it was read from.
        composition: what it is made of, for X-rays; None if its file does not say.
    """

    name: str
    role: str
    properties: Mapping[str, Property]
    sources: Mapping[str, str] = field(default_factory=dict)
    crystal: str | None = None
    data: Mapping[str, tuple[ParameterSet, ...]] = field(default_factory=dict)
    not_known: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None
    composition: Composition | None = None

    def property(self, name: str) -> Property:
        """Return the property of that name.

        Raises:
            InputError: if there is none; says the nearest name and what the material does have.
        """
        if name in self.properties:
            return self.properties[name]
        why = f" ({self.not_known[name]})" if name in self.not_known else ""
        raise InputError(Fault(f"{self.name}: {unknown('property', name, self.properties, most=40)}{why}"))

    def given(self, **arguments: float) -> Material:
        """Return the material with these arguments set in every property that depends on them, e.g. a thickness (m)."""

        def bound(item: Property) -> Property:
            own = {name: value for name, value in arguments.items() if name in item.arguments}
            return item.at(**own) if own and own.keys() == item.arguments.keys() else item

        return replace(self, properties={name: bound(item) for name, item in self.properties.items()})

    def answers(self, need: str) -> tuple[Property, ...]:
        """Return the properties that answer a need: a property's name, or ``expansion`` or ``stiffness``.

        Nothing is returned if the material does not have them. A cubic crystal is answered by its C's alone.
        """
        for names in ANSWERS.get(need, ((need,),)):
            if all(name in self.properties for name in names):
                return tuple(self.properties[name] for name in names)
        return ()

    def parameters(self, kind: str, name: str | None = None) -> ParameterSet:
        """Return a law's parameter set: the one of that name, else the first of its kind.

        Raises:
            InputError: if there is none; says what the material does have.
        """
        sets = self.data.get(kind, ())
        if not sets:
            raise InputError(Fault(f"{self.name}: {unknown('parameter set', kind, self.data)}"))
        if name is None:
            return sets[0]
        for found in sets:
            if found.name == name:
                return found
        raise InputError(Fault(f"{self.name}: {unknown(f'{kind} set', name, [found.name for found in sets])}"))

    def conductivity(self, temperature: np.ndarray) -> np.ndarray:
        """Return the thermal conductivity in W/(m K) along mesh x, y, z: shape (..., 3)."""
        return self._diagonal([item(temperature) for item in self._need("thermal_conductivity")])

    def conductivity_derivative(self, temperature: np.ndarray) -> np.ndarray:
        """Return d(conductivity)/dT in W/(m K2): shape (..., 3)."""
        return self._diagonal([item.derivative(temperature) for item in self._need("thermal_conductivity")])

    def volumetric_heat_capacity(self, temperature: np.ndarray) -> np.ndarray:
        """Return density times specific heat in J/(m3 K): the temperature's shape."""
        return self.property("density")(temperature) * self.property("heat_capacity")(temperature)

    def thermal_strain(self, temperature: np.ndarray | float, reference: np.ndarray | float) -> np.ndarray:
        """Return the free thermal strain between two temperatures in K of a material that expands evenly.

        It is the exact integral of the tangent coefficient, or, for data given as a secant from T0,
        ``secant(T)*(T - T0) - secant(Tr)*(Tr - T0)``. The two kinds are never mixed.

        Raises:
            InputError: if the material has no expansion, or one that differs through its thickness.
        """
        strains = self._strains(temperature, reference)
        if len(strains) > 1:
            raise InputError(Fault(f"{self.name} expands differently along z: ask for thermal_strain_diagonal"))
        return strains[0]

    def thermal_strain_diagonal(self, temperature: np.ndarray | float, reference: np.ndarray | float) -> np.ndarray:
        """Return the free thermal strain along mesh x, y, z between two temperatures in K: shape (..., 3)."""
        return self._diagonal(self._strains(temperature, reference))

    def _strains(self, temperature: np.ndarray | float, reference: np.ndarray | float) -> list[np.ndarray]:
        strains = []
        for item in self._need("expansion"):
            if item.name == "expansion_secant":
                zero = item.reference_temperature
                there, here = np.asarray(temperature), np.asarray(reference)
                strains.append(item(there) * (there - zero) - item(here) * (here - zero))
            else:
                strains.append(item.integral(temperature, reference))
        return strains

    def stiffness(self, temperature: np.ndarray, orientation: Orientation | None = None) -> np.ndarray:
        """Return the elastic stiffness in Pa in the mesh frame: shape (..., 6, 6), possibly a read-only view.

        Args:
            temperature: K, any shape.
            orientation: how a cubic crystal lies; None leaves its axes along the mesh's.

        Raises:
            InputError: if the material has no elastic constants.
        """
        items = self._need("stiffness")
        basis = self.stiffness_basis(orientation)
        shape = np.shape(temperature)
        if all(item.constant for item in items):
            once = self.stiffness_coefficients(_representative(temperature, items)) @ basis
            return np.broadcast_to(once.reshape(6, 6), (*shape, 6, 6))
        return (self.stiffness_coefficients(temperature) @ basis).reshape(*shape, 6, 6)

    def stiffness_coefficients(self, temperature: np.ndarray) -> np.ndarray:
        """Return C11, C12, C44 of a cubic crystal, or lambda, mu: Pa, shape (..., 3) or (..., 2)."""
        first, second, *rest = (item(temperature) for item in self._need("stiffness"))
        if rest:
            return np.stack([first, second, *rest], axis=-1)
        shear = first / (2.0 * (1.0 + second))
        return np.stack([2.0 * shear * second / (1.0 - 2.0 * second), shear], axis=-1)

    def stiffness_basis(self, orientation: Orientation | None = None) -> np.ndarray:
        """Return the matrices the coefficients multiply, each flattened: shape (3, 36) or (2, 36)."""
        return _basis(len(self._need("stiffness")) == 3, orientation)

    def _need(self, need: str) -> tuple[Property, ...]:
        found = self.answers(need)
        if not found:
            raise InputError(Fault(f"{self.name} has no {need}; {has(self)}"))
        return found

    @staticmethod
    def _diagonal(parts: Iterable[np.ndarray]) -> np.ndarray:
        parts = list(parts)
        in_plane, through = parts[0], parts[-1]
        result = np.empty((*np.shape(in_plane), 3))
        result[..., 0] = result[..., 1] = in_plane
        result[..., 2] = through
        return result


def has(material: Material) -> str:
    """Return the words that list what a material does have, and what its file says is not known."""
    words = f"it has {', '.join(material.properties) or 'no property at all'}"
    if material.not_known:
        words += "; not known: " + ", ".join(f"{name} ({why})" for name, why in material.not_known.items())
    return words


def _turned(matrix: np.ndarray, orientation: Orientation) -> np.ndarray:
    """Return a stiffness in the mesh frame; in an axisymmetric model its mean over the turn about the normal."""
    if orientation.model != "axisymmetric":
        return voigt.rotate_stiffness(matrix, orientation.rotation)
    turns = np.arange(8) * (np.pi / 4.0)  # a tensor of fourth order has four harmonics: eight angles are exact
    every = [replace(orientation, angle=orientation.angle + turn).rotation for turn in turns]
    return np.asarray(np.mean([voigt.rotate_stiffness(matrix, rotation) for rotation in every], axis=0))


@lru_cache(maxsize=64)
def _basis(cubic: bool, orientation: Orientation | None) -> np.ndarray:
    if not cubic:
        matrices = [voigt.NORMAL, voigt.SHEAR]
    else:
        matrices = [voigt.CUBIC_C11, voigt.CUBIC_C12, voigt.CUBIC_C44]
        if orientation is not None:
            matrices = [_turned(matrix, orientation) for matrix in matrices]
    basis = np.stack(matrices).reshape(len(matrices), 36)
    basis.setflags(write=False)
    return basis


def _representative(temperature: np.ndarray, items: Iterable[Property]) -> np.ndarray:
    # a constant is evaluated once, yet the range it was used over is what reports need
    values = np.asarray(temperature, dtype=np.float64)
    for item in items:
        item.usage.add(values)
    return np.asarray(values.flat[0] if values.size else np.nan)
