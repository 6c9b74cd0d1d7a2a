"""Reading a material file: TOML in, a ``Material`` in SI out, everything wrong with it said at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from femsuite import library, units
from femsuite.errors import Fault, InputError, unknown
from femsuite.material.catalogue import ANSWERS, KINDS, Kind
from femsuite.material.composition import Composition, formula_fault, fraction_faults, normalised
from femsuite.material.curve import Constant, Curve, Expression, Table
from femsuite.material.faults import faults_of, line_of
from femsuite.material.formula import Formula, FormulaError
from femsuite.material.material import Material, ParameterSet
from femsuite.material.property import Alternative, Argument, Ingredient, Property
from femsuite.material.schema import AlternativeEntry, CompositionEntry, Header, IngredientEntry, PropertyEntry

FORMAT = 1


def names() -> list[str]:
    """Return the names of the shipped materials."""
    return sorted(library.names("materials", ".toml"))


def load(name: str, beside: Path | None = None) -> Material:
    """Return a material by its shipped name or by the path of its file.

    Args:
        name: ``"Si"``, or a path relative to ``beside`` or to the working folder.
        beside: the folder of the file that names the material.

    Raises:
        InputError: if there is no such material, or with every fault of its file.
    """
    return read(library.find("materials", name, ".toml", beside))


def read(path: Path) -> Material:
    """Return the material in a file.

    Raises:
        InputError: with every fault of the file.
    """
    return _parsed(path, may_borrow=True)


def _parsed(path: Path, may_borrow: bool) -> Material:
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Fault(f"the file cannot be read: {error}", path.name)) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(Fault(f"this is not TOML: {error}", path.name)) from error
    return _Reader(path, text, may_borrow).material(content)


class _Reader:
    """Collects faults while it turns one file into a material."""

    def __init__(self, path: Path, text: str, may_borrow: bool) -> None:
        self.path, self.text, self.may_borrow = path, text, may_borrow
        self.faults: list[Fault] = []
        self.sources: Mapping[str, str] = {}

    def fault(self, key: str, sentence: str) -> None:
        self.faults.append(Fault(sentence, self.path.name, line_of(self.text, key), key))

    def material(self, content: dict[str, Any]) -> Material:
        version = content.get("format")
        if isinstance(version, int) and version > FORMAT:
            self.fault("format", f"the file has format {version}; this version reads up to {FORMAT}")
            raise InputError(*self.faults)
        header = self._header({key: value for key, value in content.items() if key in Header.model_fields})
        entries = self._entries({key: value for key, value in content.items() if key not in Header.model_fields})
        if header is None:
            raise InputError(*self.faults)
        self.sources = header.sources
        if header.name != self.path.stem:
            self.fault("name", f"the name '{header.name}' is not the file's name '{self.path.stem}'")
        properties: dict[str, Property] = {}
        not_known = {}
        # expressions come last, because they may use the others
        for name in sorted(entries, key=lambda name: bool(entries[name].parameters)):
            if entries[name].missing:
                not_known[name] = entries[name].note or "no reason given"
                self._check_missing(name, entries[name])
            else:
                built = self._property(name, entries[name], properties)
                if built is not None:
                    properties[name] = built
        data = {kind: self._sets(kind, sets) for kind, sets in header.data.items()}
        composition = None if header.composition is None else self._composition(header.composition)
        self._check_whole(header, set(entries))
        if self.faults:
            raise InputError(*self.faults)
        properties = {name: properties[name] for name in entries if name in properties}
        return Material(
            header.name, header.role, properties, self.sources, header.crystal, data, not_known, self.path, composition
        )

    def _header(self, content: dict[str, Any]) -> Header | None:
        try:
            return Header.model_validate(content)
        except ValidationError as error:
            self.faults += faults_of(error, Header, self.path.name, self.text)
            return None

    def _composition(self, entry: CompositionEntry) -> Composition | None:
        before = len(self.faults)
        self._known_sources("composition", entry.source)
        if (entry.formula is None) == (entry.mass_fractions is None):
            said = "neither" if entry.formula is None else "both"
            self.fault("composition", f"one of formula and mass_fractions is wanted, {said} is given")
        elif entry.formula is not None and (wrong := formula_fault(entry.formula)):
            self.fault("composition.formula", wrong)
        for formula, sentence in fraction_faults(entry.mass_fractions) if entry.mass_fractions is not None else ():
            self.fault(f"composition.mass_fractions.{formula}".rstrip("."), sentence)
        if len(self.faults) > before:
            return None
        fractions = entry.mass_fractions or {entry.formula or "": 1.0}
        return Composition(normalised(fractions), entry.source, entry.status, entry.note)

    def _entries(self, content: dict[str, Any]) -> dict[str, PropertyEntry]:
        entries = {}
        for name, table in content.items():
            if name not in KINDS:
                self.fault(name, unknown("property", name, [*KINDS, *Header.model_fields]))
            elif not isinstance(table, dict):
                self.fault(name, f"write a table [{name}] with unit, value, source and status")
            else:
                try:
                    entries[name] = PropertyEntry.model_validate(table)
                except ValidationError as error:
                    self.faults += faults_of(error, PropertyEntry, self.path.name, self.text, name)
        return entries

    def _check_missing(self, name: str, entry: PropertyEntry) -> None:
        if any(part is not None for part in (entry.value, entry.table, entry.expression)):
            self.fault(name, "a property that is missing has no value, table or expression")

    def _check_whole(self, header: Header, stated: set[str]) -> None:
        families = [group for group in ANSWERS["expansion"] if stated & set(group)]
        if len(families) > 1:
            names = " and ".join(group[0] for group in families)
            self.fault(families[1][0], f"{names} are both stated; tangent and secant are never mixed, keep one")
        cubic = set(ANSWERS["stiffness"][0])
        if header.crystal == "cubic" and not cubic <= stated:
            self.fault("crystal", "a cubic crystal needs stiffness_c11, stiffness_c12 and stiffness_c44")
        if header.crystal is None and stated & cubic:
            self.fault("stiffness_c11", 'write crystal = "cubic" for a material with C11, C12 and C44')

    def _known_sources(self, key: str, source: tuple[str, ...]) -> None:
        for one in source:
            if one not in self.sources:
                self.fault(key, unknown("source", one, self.sources))

    def _provenance(self, key: str, source: tuple[str, ...], status: str | None) -> None:
        if not source:
            self.fault(key, "'source' is missing: say where the number comes from")
        if status is None:
            self.fault(key, "'status' is missing: published, mixed, seed, derived, unchecked or estimate")
        self._known_sources(key, source)

    def _property(self, name: str, entry: PropertyEntry, others: Mapping[str, Property]) -> Property | None:
        kind, before = KINDS[name], len(self.faults)
        factor = self._factor(f"{name}.unit", entry.unit, kind.unit)
        ingredients, values = self._ingredients(name, entry, others)
        if not entry.parameters or entry.source or entry.status:
            self._provenance(name, entry.source, entry.status)
        if name == "expansion_secant" and entry.reference_temperature is None:
            self.fault(name, "'reference_temperature' is missing: from which temperature the secant counts, in K")
        if name != "expansion_secant" and entry.reference_temperature is not None:
            self.fault(name, "'reference_temperature' belongs to a secant expansion only")
        values |= dict.fromkeys(entry.inputs, 1.0)
        curve = self._curve(name, entry, factor, values)
        alternatives = self._alternatives(name, entry, factor)
        if curve is None or len(self.faults) > before:
            return None
        if isinstance(curve, Expression) and entry.inputs:
            curve = Expression(curve.formula, {key: values[key] for key in entry.parameters}, factor)
        elif entry.temperature_coefficient:
            curve, slope = self._linear(name, entry, factor)
            ingredients.append(slope)
        self._check_bounds(name, entry, curve, kind)
        arguments = {key: Argument(item.unit, item.valid, item.note) for key, item in entry.inputs.items()}
        valid = entry.valid or curve.natural_range
        return Property(
            name, kind.unit, curve, entry.source, entry.status, entry.note, valid, entry.reference_temperature,
            tuple(ingredients), arguments, alternatives,
        )  # fmt: skip

    def _factor(self, key: str, unit: str, wanted: str) -> float:
        if unit == wanted:
            return 1.0
        try:
            quantity = units.registry().Quantity(1.0, "" if unit == "1" else unit)
            zero = units.registry().Quantity(0.0, quantity.units).to("" if wanted == "1" else wanted).magnitude
            if zero != 0.0:
                raise ValueError("an offset")
            return float(f"{quantity.to('' if wanted == '1' else wanted).magnitude:.15g}")
        except Exception:  # pint raises many kinds, some of them from the tokenizer
            self.fault(key, f"'{unit}' cannot be used; write {wanted} or a multiple of it")
            return 1.0

    def _ingredients(
        self, name: str, entry: PropertyEntry, others: Mapping[str, Property]
    ) -> tuple[list[Ingredient], dict[str, float]]:
        ingredients: list[Ingredient] = []
        for parameter, given in entry.parameters.items():
            key = f"{name}.parameters.{parameter}"
            if isinstance(given, IngredientEntry):
                self._known_sources(key, given.source)
                ingredients.append(
                    Ingredient(parameter, given.value, given.unit, given.source, given.status, given.note)
                )
            elif given not in others:
                self.fault(key, unknown("property", given, others) + " It must stand in this file.")
            elif not others[given].constant or others[given].arguments:
                self.fault(key, f"'{given}' is not a constant; a parameter must be one")
            else:
                other = others[given]
                value = float(other.curve.value(np.array(300.0)))
                ingredients.append(Ingredient(parameter, value, other.unit, other.source, other.status, other.note))
        return ingredients, {ingredient.name: ingredient.value for ingredient in ingredients}

    def _curve(
        self, name: str, entry: PropertyEntry | AlternativeEntry, factor: float, values: Mapping[str, float]
    ) -> Curve | None:
        given = [key for key in ("value", "table", "expression") if getattr(entry, key) is not None]
        if len(given) != 1:
            said = " and ".join(given) if given else "none of them"
            self.fault(name, f"one of value, table and expression is wanted, {said} is given")
            return None
        if entry.expression is None and values:
            self.fault(name, "parameters and inputs belong to an expression only")
            return None
        if "T" in values:
            self.fault(name, "'T' is the temperature; take another name")
            return None
        if entry.value is not None:
            return Constant(factor * entry.value)
        if entry.table is not None:
            rows = np.array(entry.table)
            return Table(rows[:, 0], factor * rows[:, 1])
        try:
            formula = Formula(entry.expression or "")
        except FormulaError as error:
            self.fault(f"{name}.expression", str(error))
            return None
        allowed = {*values, "T"}
        strange = sorted(formula.names - allowed)
        for word in strange:
            self.fault(f"{name}.expression", unknown("name", word, allowed))
        idle = sorted(set(values) - formula.names)
        for word in idle:
            self.fault(f"{name}.expression", f"the parameter '{word}' does not occur in it")
        return None if strange or idle else Expression(formula, values, factor)

    def _linear(self, name: str, entry: PropertyEntry, factor: float) -> tuple[Curve, Ingredient]:
        slope = entry.temperature_coefficient
        if slope is None or entry.value is None:
            self.fault(f"{name}.temperature_coefficient", "a temperature coefficient belongs to a constant `value`")
            return Constant(0.0), Ingredient("temperature_coefficient", 0.0, "1/K", (), "estimate")
        self._known_sources(f"{name}.temperature_coefficient", slope.source)
        values = {"value": entry.value, "coefficient": slope.value, "reference": slope.reference_temperature}
        curve = Expression(Formula("value*(1 + coefficient*(T - reference))"), values, factor)
        made = Ingredient(
            "temperature_coefficient", slope.value, "1/K", slope.source, slope.status,
            f"from {slope.reference_temperature:g} K; {slope.note}".removesuffix("; "),
        )  # fmt: skip
        return curve, made

    def _alternatives(self, name: str, entry: PropertyEntry, factor: float) -> tuple[Alternative, ...]:
        found = []
        for number, other in enumerate(entry.alternatives):
            key = f"{name}.alternatives.{number}"
            self._known_sources(key, other.source)
            curve = self._curve(key, other, factor, {})
            if curve is not None:
                found.append(Alternative(curve, other.source, other.status, other.note))
        return tuple(found)

    def _check_bounds(self, name: str, entry: PropertyEntry, curve: Curve, kind: Kind) -> None:
        if entry.inputs:
            return
        low, high = entry.valid or curve.natural_range or (298.15, 298.15)
        unit = "" if kind.unit == "1" else f" {kind.unit}"
        points = np.linspace(low, high, 33) if not isinstance(curve, Table) else curve.temperatures
        for temperature, value in zip(points, curve.value(points), strict=True):
            sentence = ""
            if not np.isfinite(value):
                sentence = "is not finite"
            elif kind.above is not None and not value > kind.above:
                sentence = f"must be more than {kind.above:g}"
            elif kind.below is not None and not value < kind.below:
                sentence = f"must be less than {kind.below:g}"
            if sentence:
                self.fault(name, f"the value {value:g}{unit} at {temperature:g} K {sentence}")
                return

    def _sets(self, kind: str, entries: tuple[Any, ...]) -> tuple[ParameterSet, ...]:
        found: list[ParameterSet] = []
        for number, entry in enumerate(entries):
            key = f"data.{kind}.{number}"
            if entry.same_as is not None:
                found += self._borrowed(key, kind, entry.same_as)
                continue
            self._provenance(key, entry.source, entry.status)
            found.append(
                ParameterSet(
                    kind, entry.name, entry.values, entry.source, entry.status or "", entry.note, entry.missing
                )
            )
        return tuple(found)

    def _borrowed(self, key: str, kind: str, other: str) -> list[ParameterSet]:
        if not self.may_borrow:
            self.fault(key, f"borrows from {other}, so nobody can borrow this set in turn")
            return []
        try:
            path = library.find("materials", other, ".toml", self.path.parent)
            lender = _parsed(path, may_borrow=False)
        except InputError as error:
            self.fault(key, f"same_as: {error}")
            return []
        if kind not in lender.data:
            self.fault(key, f"same_as: {lender.name}: {unknown('parameter set', kind, lender.data)}")
        self.sources = {**lender.sources, **self.sources}
        return [replace(found, borrowed_from=lender.name) for found in lender.data.get(kind, ())]
