"""Constitutive laws at quadrature points: one file and one line here for each.

The modules are imported on demand: compiled laws bring numba, which a study that stays elastic need not wait for.
"""

from __future__ import annotations

import importlib

from femsuite.errors import InputError, unknown
from femsuite.material.laws.law import Law, Response, Step
from femsuite.material.laws.over_mesh import LawField
from femsuite.material.material import Material

LAWS: dict[str, str] = {
    "incremental": "elastic:IncrementalElastic",
    "total": "elastic:TotalElastic",
    "j2": "j2:Plastic",
    "norton": "flow:norton",
    "garofalo": "flow:garofalo",
    "anand": "flow:anand",
    "viscoelastic": "viscoelastic:Viscoelastic",
}
"""Name -> ``module:factory``; a factory takes the name of the material's parameter set, or nothing."""

ELASTIC = ("incremental", "total")
"""Laws without constants of their own and without memory beyond the stress."""
RATE = ("norton", "garofalo", "anand", "viscoelastic")
"""Laws in which time matters."""


def law(name: str, set: str | None = None, strength: float = 1.0) -> Law:
    """Return the law of that name.

    Args:
        name: one of `LAWS`.
        set: name of the material's parameter set; the first that fits if None. Elastic laws have none.
        strength: factor on yield stress and hardening of ``j2``; other laws take 1 only.

    Raises:
        InputError: if there is no such law, an elastic one is given a set, or another than ``j2`` a strength.
    """
    if strength != 1.0 and name != "j2":
        raise InputError(f"a factor on the strength belongs to the law 'j2', not to '{name}'")
    if name not in LAWS:
        raise InputError(unknown("law", name, LAWS))
    module, attribute = LAWS[name].split(":")
    made = getattr(importlib.import_module(f"{__name__}.{module}"), attribute)
    if name in ELASTIC:
        if set is not None:
            raise InputError(f"the law '{name}' takes its numbers from the material's properties and has no sets")
        found: Law = made()
        return found
    found = made(set=set, strength=strength) if name == "j2" else made(set=set)
    return found


def laws_for(material: Material) -> list[str]:
    """Return the laws that a material can be used with: it has what they need, and they are of its symmetry."""
    return [name for name in LAWS if lacking(material, name) is None]


def lacking(material: Material, name: str, set: str | None = None) -> str | None:
    """Return in a sentence why a law cannot be used with a material, None if it can.

    Args:
        material: which.
        name: one of `LAWS`.
        set: name of the parameter set; the first that fits if None.
    """
    if name in ELASTIC:
        return None if material.answers("stiffness") else f"{material.name} has no elastic constants"
    if material.crystal is not None:
        return f"{material.name} is a {material.crystal} crystal, and the law '{name}' is that of an isotropic material"
    try:
        law(name, set).check(material)
    except InputError as error:
        return "; ".join(fault.message for fault in error.faults)
    return None


__all__ = ["ELASTIC", "LAWS", "RATE", "Law", "LawField", "Response", "Step", "lacking", "law", "laws_for"]
