"""Power-law creep: ``rate = A (q/sigma0)^n exp(-Q/T)`` (Norton), or with the constants of Frost and Ashby.

Frost and Ashby, *Deformation-Mechanism Maps* (1982), eq. 2.21 in tension: ``rate = A (D_v mu b / k T) (q/mu)^n`` with
``D_v = D0 exp(-Q/RT)`` and ``mu = mu0 [1 + (T - 300 K)/T_m (T_m/mu0 dmu/dT)]``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy import constants as physical

from femsuite.material.laws.constants import CONSTANTS, numbers, parameter_set
from femsuite.material.material import Material, ParameterSet

NORTON = 1
MODELS = tuple(CONSTANTS["norton"])


@dataclass(frozen=True)
class Norton:
    """Power-law creep from a material's ``[[data.creep]]``."""

    code: int = NORTON

    @property
    def internal(self) -> Mapping[str, int]:
        """No internal variable."""
        return {}

    def _read(self, material: Material, name: str | None) -> tuple[ParameterSet, dict[str, float]]:
        found = parameter_set(material, "creep", "norton", MODELS, name)
        return found, numbers(material, found, "norton", CONSTANTS["norton"][found.values["model"]])

    def check(self, material: Material, name: str | None) -> None:
        """Raise InputError if the material lacks the constants."""
        self._read(material, name)

    def constants(self, material: Material, name: str | None, temperature: np.ndarray) -> np.ndarray:
        """Return the rate at the reference stress, 1/s, the reference stress, Pa, and n: (points, 3)."""
        found, value = self._read(material, name)
        if found.values["model"] == "norton":
            rate = value["A_per_s"] * np.exp(-value["Q_over_R_K"] / temperature)
            scale = np.full_like(temperature, value["sigma0_Pa"])
        else:
            change = value["Tm_dmu_over_mu"] * (temperature - 300.0) / value["T_m"]
            scale = value["mu0_Pa"] * (1.0 + change)
            diffusivity = value["D0v"] * np.exp(-value["Qv"] / (physical.R * temperature))
            rate = value["A"] * diffusivity * scale * value["b_m"] / (physical.k * temperature)
        return np.stack([rate, scale, np.full_like(temperature, value["n"])], axis=-1)

    def start(self, constants: np.ndarray) -> np.ndarray:
        """Return zeros: there is no internal variable."""
        return np.zeros(len(constants))


@njit(cache=True, inline="always", error_model="numpy")
def norton_stress(dp, log_speed, constants, old):  # type: ignore[no-untyped-def]
    """Return q, dq/d(dp) and the unchanged internal variable; ``log_speed`` is ln of dp/(dt A exp(-Q/T))."""
    q = constants[1] * math.exp(log_speed / constants[2])
    return q, q / (constants[2] * dp), old
