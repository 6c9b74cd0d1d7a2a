"""What a material is made of: mass fractions of chemical formulas. X-rays need it; nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from femsuite.errors import nearest

_SYMBOLS = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr
Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir
Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U
"""
ELEMENTS = tuple(_SYMBOLS.split())
"""Symbols up to uranium, by atomic number."""
TOLERANCE = 1e-3
"""How far a file's mass fractions may add up beside one; they are divided by their sum."""
_PART = re.compile(r"([A-Z][a-z]?)(\d+(?:\.\d+)?)?|\(|\)(\d+(?:\.\d+)?)?")


@dataclass(frozen=True)
class Composition:
    """Mass fractions of what a material is made of.

    Args:
        fractions: chemical formula (``Cu``, ``SiO2``) -> its share of the mass; they add up to one.
        source: keys of the material's sources.
        status: one of ``catalogue.STATUSES``.
        note: anything else worth knowing.
    """

    fractions: Mapping[str, float]
    source: tuple[str, ...]
    status: str
    note: str = ""


def normalised(fractions: Mapping[str, float]) -> dict[str, float]:
    """Return mass fractions divided by their sum."""
    whole = sum(fractions.values())
    return {formula: share / whole for formula, share in fractions.items()}


def formula_fault(formula: str) -> str | None:
    """Return in a sentence what is wrong with a chemical formula such as ``C21H24O4``, None if nothing is."""
    at = depth = 0
    while at < len(formula):
        found = _PART.match(formula, at)
        if found is None:
            return f"'{formula}' is not a chemical formula: '{formula[at:]}' cannot be read; write one such as SiO2"
        depth += {"(": 1, ")": -1}.get(found.group(0)[0], 0)
        symbol = found.group(1)
        if symbol and symbol not in ELEMENTS:
            close = nearest(symbol, ELEMENTS)
            hint = f"; did you mean '{close}'?" if close else "; symbols from H to U are known"
            return f"'{formula}' is not a chemical formula: there is no element '{symbol}'{hint}"
        if depth < 0:
            break
        at = found.end()
    if depth != 0 or not formula:
        return (
            f"'{formula}' is not a chemical formula: its brackets do not close" if formula else "the formula is empty"
        )
    return None


def fraction_faults(fractions: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Yield key (``""`` for the whole) and sentence of all that is wrong with mass fractions."""
    for formula, share in fractions.items():
        wrong = formula_fault(formula)
        if wrong:
            yield formula, wrong
        if not 0.0 < share <= 1.0:
            yield formula, f"the mass fraction of {formula} is {share:g}; it must be above 0 and at most 1"
    whole = sum(fractions.values())
    if not abs(whole - 1.0) <= TOLERANCE:
        yield "", f"the mass fractions add up to {whole:.6g}, not to 1 (within {TOLERANCE:g})"
