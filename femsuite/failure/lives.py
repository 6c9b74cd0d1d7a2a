"""``[[lives]]``: cycles to failure of a layer, from what the last of a stage's cycles did to it.

A cycle's measure is the growth from one cold state to the next: of the accumulated inelastic strain, whose half is
the range (it is passed there and back), or of the work. How much the last cycle differs from the one before tells
whether the loop is stable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from femsuite.errors import InputError
from femsuite.failure.life import CoffinManson, Darveaux, Engelmaier, Life, LifeLaw, PowerLaw, Syed, life
from femsuite.material.material import Material
from femsuite.units import Length

STABLE = 0.05
"""Largest change from a cycle to the next, relative, at which the loop counts as stable."""


class LifeOptions(BaseModel):
    """One life."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    """Name of its metrics, ``life.<name>.cycles`` and so on."""
    layer: str
    """Name of the layer, or of the foot, in ``[[failures]]``."""
    measure: Literal["strain", "rim_strain", "work", "rim_work"] = "rim_strain"
    """What of the layer counts; of a foot ``strain`` or ``work``."""
    stage: str
    """The stage of cycles."""
    set: str = "none"
    """Name of the fatigue constants in the file of the layer's material, ``Syed`` for those of SAC, or ``none``: then
    only the cycle's measure is given."""
    length: Annotated[Length, Field(gt=0.0)] = 1e-3
    """Of the crack, where the law grows one."""


@dataclass(frozen=True)
class Found:
    """A life with what it was made of.

    Args:
        life: with the law's scatter; None where the cycle does nothing to the layer.
        measure: of the last cycle: range of strain, or J/m^3.
        drift: change from the cycle before to the last, relative; NaN with less than three cold states.
        source: of law and constants.
        sentence: all of this in words.
    """

    life: Life | None
    measure: float
    drift: float
    source: str
    sentence: str


def law_of(material: Material, options: LifeOptions) -> LifeLaw | None:
    """Return the law that a set of constants belongs to, None for ``none``.

    Raises:
        InputError: there is no such set, or its constants belong to no law that is known here.
    """
    if options.set == "none":
        return None
    if options.set == "Syed":
        return Syed() if "work" in options.measure else Syed(0.0513, 1.0)
    found = material.parameters("fatigue", options.set)
    values, source = found.values, f"{material.name}, {found.name} ({found.status})"
    if "K1_cyc_per_MPa_K2" in values:
        keys = ("K1_cyc_per_MPa_K2", "K2", "K3_m_per_cyc_MPa_K4", "K4")
        K1, K2, K3, K4 = (float(values[key]) for key in keys)
        return Darveaux(K1, K2, K3, K4, options.length, source)
    if {"C", "n"} <= set(values):
        return PowerLaw(float(values["C"]), float(values["n"]), source)
    if {"eps_f", "c"} <= set(values):
        return CoffinManson(float(values["eps_f"]), float(values["c"]), source)
    if "Df" in values:
        return Engelmaier(float(values["Df"]), float(values["Su_Pa"]), float(values["E_Pa"]), source)
    raise InputError(f"life: the constants '{options.set}' of {material.name} belong to no law known here")


def of_cycles(options: LifeOptions, law: LifeLaw | None, cold: np.ndarray) -> Found:
    """Return the life from a layer's column at the cold ends of the cycles, with the state before the first.

    Args:
        options: which.
        law: of the life, None where none is known.
        cold: (cycles + 1,) or (cycles,) numbers, rising.
    """
    steps = np.diff(cold)
    if not len(steps):
        raise InputError(f"life '{options.name}': the stage '{options.stage}' needs two cycles at least")
    half = 1.0 if "work" in options.measure else 0.5
    measure = float(steps[-1]) * half
    drift = float(steps[-1] / steps[-2] - 1.0) if len(steps) > 1 and steps[-2] > 0.0 else float("nan")
    what = "work per cycle" if half == 1.0 else "inelastic strain range"
    unit = " J/m^3" if half == 1.0 else ""
    if law is None:
        words = f"{what} {measure:.3g}{unit}, {options.measure.replace('_', ' ')} of the layer"
        return Found(None, measure, drift, "no law of life", f"Life of {options.layer}: no law is given; {words}.")
    if measure <= 0.0:
        return Found(None, measure, drift, law.source, f"Life of {options.layer}: the cycle leaves no {what}.")
    made = life(law, measure)
    stable = "" if not abs(drift) > STABLE else f"; the loop is not stable, the last cycle differs by {drift:+.0%}"
    sentence = (
        f"Life of {options.layer}: {made.cycles:.3g} cycles ({made.shortest:.3g} to {made.longest:.3g}) at a {what} of "
        f"{measure:.3g}{unit}, {options.measure.replace('_', ' ')} of the layer; {law.source}{stable}."
    )
    return Found(made, measure, drift, law.source, sentence)


def numbers(options: LifeOptions, found: Found) -> Mapping[str, tuple[float, str, str]]:
    """Return the metrics: name -> value, unit, what it was made of."""
    made: Any = found.life
    over = f"{options.measure} of {options.layer}, last cycle of {options.stage}; {found.source}"
    never = np.nan if found.source == "no law of life" else np.inf
    rows = {
        "cycles": (made.cycles if made else never, "", over),
        "shortest": (made.shortest if made else never, "", over),
        "longest": (made.longest if made else never, "", over),
        "measure": (found.measure, "J/m**3" if "work" in options.measure else "", over),
        "drift": (found.drift, "", "last cycle against the one before"),
    }
    return {f"life.{options.name}.{name}": row for name, row in rows.items()}
