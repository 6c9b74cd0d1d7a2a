"""A property: one curve with its unit, where it comes from, how far it can be trusted and where it was used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from femsuite.errors import Fault, InputError, unknown
from femsuite.material.catalogue import worst
from femsuite.material.curve import Curve, Expression, Range


@dataclass(frozen=True)
class Ingredient:
    """A number that a property is made of: a parameter of its expression, a temperature coefficient.

    Args:
        name: its name in the expression or the file.
        value: in SI.
        unit: SI unit.
        source: keys of the material's sources.
        status: one of ``catalogue.STATUSES``.
        note: anything else worth knowing.
    """

    name: str
    value: float
    unit: str
    source: tuple[str, ...]
    status: str
    note: str = ""


@dataclass(frozen=True)
class Alternative:
    """Another value for the same property that was read and not chosen: kept for the record, never evaluated."""

    curve: Curve
    source: tuple[str, ...]
    status: str | None
    note: str


@dataclass(frozen=True)
class Argument:
    """Something besides temperature that a property depends on, such as the thickness of a film (SI)."""

    unit: str
    valid: Range | None
    note: str


@dataclass
class Usage:
    """The temperatures a property was evaluated at on this rank, and whether a valid range was left."""

    low: float = np.inf
    high: float = -np.inf

    def add(self, temperature: np.ndarray) -> None:
        """Take in more temperatures in K."""
        if temperature.size:
            self.low = min(self.low, float(temperature.min()))
            self.high = max(self.high, float(temperature.max()))


@dataclass(frozen=True)
class Property:
    """One property of one material.

    Args:
        name: its name in the catalogue.
        unit: SI unit.
        curve: the values over temperature.
        source: keys of the material's sources.
        stated_status: the status its own numbers have in the file; None for an expression of other properties.
        note: anything else worth knowing.
        valid: K, where the data are good; None if that is not known.
        reference_temperature: K, from which a secant expansion counts.
        ingredients: numbers with a provenance of their own that the curve is made of.
        arguments: what must be given by ``at`` before the property can be evaluated.
        alternatives: other values that were read.
    """

    name: str
    unit: str
    curve: Curve
    source: tuple[str, ...]
    stated_status: str | None
    note: str = ""
    valid: Range | None = None
    reference_temperature: float | None = None
    ingredients: tuple[Ingredient, ...] = ()
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    alternatives: tuple[Alternative, ...] = ()
    usage: Usage = field(default_factory=Usage, compare=False)

    @property
    def status(self) -> str:
        """The worst status of the property's own numbers and its ingredients'."""
        own = (self.stated_status,) if self.stated_status else ()
        return worst(*own, *(ingredient.status for ingredient in self.ingredients))

    @property
    def constant(self) -> bool:
        """Whether the value is the same at every temperature."""
        return self.curve.constant

    def __call__(self, temperature: np.ndarray | float) -> np.ndarray:
        """Return the value in SI at each temperature in K, any shape; the range of temperatures is remembered."""
        temperature = self._record(temperature)
        return self.curve.value(temperature)

    def derivative(self, temperature: np.ndarray | float) -> np.ndarray:
        """Return d(value)/dT at each temperature in K; at a table's point the slope to its right."""
        temperature = self._record(temperature)
        return self.curve.derivative(temperature)

    def integral(self, temperature: np.ndarray | float, reference: np.ndarray | float) -> np.ndarray:
        """Return the integral of the value from ``reference`` to ``temperature``, both in K."""
        temperature, reference = self._record(temperature), self._record(reference)
        return self.curve.integral(temperature) - self.curve.integral(reference)

    def at(self, **arguments: float) -> Property:
        """Return this property with its arguments set, e.g. ``yield_stress.at(thickness=5e-6)`` (SI).

        Its use counts as use of this one.

        Raises:
            InputError: for an argument the property does not have, or one that is left out.
        """
        faults = [Fault(unknown("argument", name, self.arguments), key=self.name) for name in arguments]
        faults = [fault for fault, name in zip(faults, arguments, strict=True) if name not in self.arguments]
        missing = [name for name in self.arguments if name not in arguments]
        faults += [Fault(f"'{name}' must be given, in {self.arguments[name].unit}", key=self.name) for name in missing]
        if faults:
            raise InputError(*faults)
        if not isinstance(self.curve, Expression):
            return self
        curve = Expression(self.curve.formula, {**self.curve.parameters, **arguments}, self.curve.factor)
        notes = [self.note] if self.note else []
        for name, value in arguments.items():
            known = self.arguments[name]
            notes.append(f"{name} = {value:g} {known.unit}")
            if known.valid and not known.valid[0] <= value <= known.valid[1]:
                notes.append(f"outside {known.valid[0]:g} to {known.valid[1]:g} {known.unit}, where it is known")
        return replace(self, curve=curve, note="; ".join(notes))

    @property
    def used_range(self) -> Range | None:
        """The lowest and highest temperature in K this rank evaluated at; None if it never did."""
        return (self.usage.low, self.usage.high) if self.usage.low <= self.usage.high else None

    @property
    def extrapolated(self) -> tuple[Range, ...]:
        """The parts of the used range that lie outside the valid range (none, one or two intervals in K)."""
        return outside(self.used_range, self.valid)

    def _record(self, temperature: np.ndarray | float) -> np.ndarray:
        if self.arguments and not set(self.arguments) <= set(getattr(self.curve, "parameters", {})):
            names = ", ".join(f"{name} ({argument.unit})" for name, argument in self.arguments.items())
            raise InputError(Fault(f"the property depends on {names}, which must be given first", key=self.name))
        temperature = np.asarray(temperature, dtype=np.float64)
        self.usage.add(temperature)
        return temperature


def outside(used: Range | None, valid: Range | None) -> tuple[Range, ...]:
    """Return the parts of ``used`` beyond ``valid``, both in K; nothing if one of them is not known."""
    if used is None or valid is None:
        return ()
    parts = []
    if used[0] < valid[0]:
        parts.append((used[0], min(used[1], valid[0])))
    if used[1] > valid[1]:
        parts.append((max(used[0], valid[1]), used[1]))
    return tuple(parts)
