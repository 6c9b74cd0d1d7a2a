"""Materials of a few constants, for reference cases that carry their own numbers."""

from __future__ import annotations

from typing import Any

from femsuite.material.catalogue import KINDS
from femsuite.material.curve import Constant
from femsuite.material.material import Material, ParameterSet
from femsuite.material.property import Property


def constants(kind: str, **values: Any) -> ParameterSet:
    """Return the constants of one law, with the keys and units that material files use.

    Args:
        kind: the law's family: ``hardening``, ``creep``, ``anand``.
        values: e.g. ``sigma0_Pa=30e6``.
    """
    return ParameterSet(kind, "case", values, ("case",), "published")


def material(name: str, crystal: str | None = None, law: ParameterSet | None = None, **values: float) -> Material:
    """Return a material whose properties are the given constants, SI.

    Args:
        name: its name.
        crystal: ``"cubic"``, or None for an isotropic material.
        law: constants of a law with memory, from `constants`.
        values: property name of the catalogue -> number, e.g. ``youngs_modulus=210e9``.
    """
    properties = {
        key: Property(key, KINDS[key].unit, Constant(number), ("case",), "published") for key, number in values.items()
    }
    sources = {"case": "constants of the reference case"}
    data = {} if law is None else {law.kind: (law,)}
    return Material(name, "reference case", properties, sources, crystal, data)
