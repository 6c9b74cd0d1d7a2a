"""Hyperbolic-sine creep: ``rate = A sinh(alpha q)^n exp(-Q/T)``.

Source: F. Garofalo, *Fundamentals of Creep and Creep-Rupture in Metals* (1965); the form used for solders.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit

from femsuite.material.laws.constants import CONSTANTS, numbers, parameter_set
from femsuite.material.material import Material

GAROFALO = 2


@dataclass(frozen=True)
class Garofalo:
    """Hyperbolic-sine creep from a material's ``[[data.creep]]`` of the model ``garofalo_sinh``."""

    code: int = GAROFALO

    @property
    def internal(self) -> Mapping[str, int]:
        """No internal variable."""
        return {}

    def _read(self, material: Material, name: str | None) -> dict[str, float]:
        found = parameter_set(material, "creep", "garofalo", ("garofalo_sinh",), name)
        return numbers(material, found, "garofalo", CONSTANTS["garofalo"]["garofalo_sinh"])

    def check(self, material: Material, name: str | None) -> None:
        """Raise InputError if the material lacks the constants."""
        self._read(material, name)

    def constants(self, material: Material, name: str | None, temperature: np.ndarray) -> np.ndarray:
        """Return ``A exp(-Q/T)``, 1/s, alpha, 1/Pa, and n: (points, 3)."""
        value = self._read(material, name)
        rate = value["A_per_s"] * np.exp(-value["Q_over_R_K"] / temperature)
        ones = np.ones_like(temperature)
        return np.stack([rate, value["alpha_per_Pa"] * ones, value["n"] * ones], axis=-1)

    def start(self, constants: np.ndarray) -> np.ndarray:
        """Return zeros: there is no internal variable."""
        return np.zeros(len(constants))


@njit(cache=True, inline="always", error_model="numpy")
def garofalo_stress(dp, log_speed, constants, old):  # type: ignore[no-untyped-def]
    """Return q, dq/d(dp) and the unchanged internal variable; ``log_speed`` is ln of dp/(dt A exp(-Q/T))."""
    root = math.exp(log_speed / constants[2])
    q = math.asinh(root) / constants[1]
    return q, root / (constants[2] * dp * constants[1] * math.sqrt(1.0 + root * root)), old
