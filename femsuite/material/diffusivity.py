"""Diffusivities after Arrhenius from a material's ``[[data.diffusion]]``, and how deep they reach."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.constants import R

from femsuite.errors import Fault, InputError
from femsuite.material.material import Material


@dataclass(frozen=True)
class Arrhenius:
    """``D = D0 exp(-Q/(R T))``.

    Args:
        prefactor: D0, m^2/s.
        energy: Q, J/mol.
    """

    prefactor: float
    energy: float

    def __call__(self, temperature: np.ndarray | float) -> np.ndarray:
        """Return D in m^2/s at temperatures in K, their shape."""
        return self.prefactor * np.exp(-self.energy / (R * np.asarray(temperature, dtype=np.float64)))


def diffusivity(material: Material, name: str | None = None) -> Arrhenius:
    """Return a diffusivity that a material's file states.

    Args:
        material: which.
        name: of the parameter set, e.g. ``Zn_in_Al_tracer``; the first if None.

    Raises:
        InputError: there is none of that name, or it lacks D0 or Q.
    """
    found = material.parameters("diffusion", name)
    try:
        return Arrhenius(float(found.values["D0"]), float(found.values["Q"]))
    except KeyError as error:
        what = f"{material.name}, [[data.diffusion]] {found.name}: {error.args[0]} is missing"
        raise InputError(Fault(what)) from error


def depth(diffusivity: float, time: float) -> float:
    """Return ``2 sqrt(D t)``, m: where a held surface concentration has fallen to erfc(1) = 16 %."""
    return 2.0 * math.sqrt(diffusivity * time)
