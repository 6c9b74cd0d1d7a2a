"""The constants of a law, read from a material's parameter set and checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from femsuite.errors import Fault, InputError, unknown
from femsuite.material.material import Material, ParameterSet

SETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "j2": ("hardening", ("Voce", "Chaboche", "linear")),
    "norton": ("creep", ("norton", "powerlaw_FrostAshby")),
    "garofalo": ("creep", ("garofalo_sinh",)),
    "anand": ("anand", ()),
    "viscoelastic": ("prony", ()),
}
"""Law -> family of the parameter sets it takes, and the models among them that it understands (all if none)."""
CONSTANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "j2": {"Voce": ("sigma0_Pa", "Q_Pa", "b"), "Chaboche": ("sigma0_Pa",), "linear": ("sigma0_Pa",)},
    "norton": {
        "norton": ("A_per_s", "sigma0_Pa", "n", "Q_over_R_K"),
        "powerlaw_FrostAshby": ("n", "A", "b_m", "mu0_Pa", "Tm_dmu_over_mu", "D0v", "Qv", "T_m"),
    },
    "garofalo": {"garofalo_sinh": ("A_per_s", "alpha_per_Pa", "n", "Q_over_R_K")},
    "anand": {"": ("A_per_s", "Q_over_R_K", "xi", "m", "s_hat_Pa", "n", "h0_Pa", "a", "s0_Pa")},
    "viscoelastic": {"": ("modulus", "tau_s", "g", "shift")},
}
"""Law -> model of its sets -> the constants that a set must state; of no model where there is one kind only."""


def set_in_use(law: str, name: str | None, material: Material) -> ParameterSet | None:
    """Return the parameter set that a law takes from a material; None for a law without, or one that needs none there.

    Args:
        law: its name.
        name: of the set, as the study gives it.
        material: which material.
    """
    if law not in SETS or (name is None and not material.data.get(SETS[law][0])):
        return None
    kind, models = SETS[law]
    return parameter_set(material, kind, law, models, name)


def parameter_set(
    material: Material, kind: str, law: str, models: Iterable[str] = (), name: str | None = None
) -> ParameterSet:
    """Return the material's parameter set for a law: the one of that name, else the first whose model fits.

    Args:
        material: which material.
        kind: family of sets: ``anand``, ``creep``, ``hardening``.
        law: its name, for messages.
        models: values of the set's ``model`` that the law understands; empty for any.
        name: of the set.

    Raises:
        InputError: there is none; says which sets the material does have.
    """
    sets = material.data.get(kind, ())
    wanted = tuple(models)
    fitting = [one for one in sets if not wanted or one.values.get("model") in wanted]
    if name is not None:
        fitting = [one for one in fitting if one.name == name]
    if fitting:
        return fitting[0]
    what = f" of the model {' or '.join(wanted)}" if wanted else ""
    if name is not None and sets:
        raise InputError(Fault(f"{material.name}: {unknown(f'{kind} set', name, [one.name for one in sets])}"))
    have = ", ".join(material.data) or "none at all"
    needed = {model: ", ".join(names) for model, names in CONSTANTS.get(law, {}).items()}
    lacking = "; ".join(names if len(needed) == 1 else f"{model}: {names}" for model, names in needed.items())
    raise InputError(
        Fault(
            f"{material.name} has no [[data.{kind}]]{what}, whose constants the law '{law}' needs"
            f"{f' ({lacking})' if lacking else ''}; its parameter sets: {have}"
        )
    )


def numbers(material: Material, found: ParameterSet, law: str, names: Iterable[str]) -> dict[str, float]:
    """Return the named constants of a set.

    Raises:
        InputError: one is missing, marked as not known, or not a finite number.
    """
    values: Mapping[str, Any] = found.values
    given: dict[str, float] = {}
    faults = []
    for name in names:
        value = values.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            given[name] = float(value)
            continue
        if name in found.missing:
            why = f"is not known{f': {found.note}' if found.note else ''}"
        else:
            why = "is missing" if value is None else f"is {value!r}, not a number"
        faults.append(Fault(f"{material.name}, [[data.{found.kind}]]: {name}, a constant of the law '{law}', {why}"))
    if faults:
        raise InputError(*faults)
    return given


def series(material: Material, found: ParameterSet, law: str, name: str, count: int | None = None) -> np.ndarray:
    """Return a list of numbers of a set, (count,).

    Args:
        material: which material.
        found: the set.
        law: its name, for messages.
        name: of the list.
        count: how many numbers it must have; any number but none if None.

    Raises:
        InputError: it is missing, is no list of finite numbers, or is not as long as it must be.
    """
    where = f"{material.name}, [[data.{found.kind}]]: {name}, a constant of the law '{law}',"
    if name not in found.values:
        raise InputError(Fault(f"{where} {'is not known' if name in found.missing else 'is missing'}"))
    given = found.values[name]
    good = isinstance(given, (list, tuple)) and all(
        isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one) for one in given
    )
    if not good or not given:
        raise InputError(Fault(f"{where} is {given!r}, not a list of numbers"))
    if count is not None and len(given) != count:
        raise InputError(Fault(f"{where} has {len(given)} numbers; {count} are wanted, one for each relaxation time"))
    return np.array(given, dtype=np.float64)
