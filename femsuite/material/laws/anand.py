"""Anand's law for solders and hot metals: a sinh rate equation with one internal resistance to flow.

    rate = A exp(-Q/T) sinh(xi q/s)^(1/m)
    ds   = h0 |1 - s/s*|^a sign(1 - s/s*) dp,      s* = s_hat [rate/A exp(Q/T)]^n

Source: S. B. Brown, K. H. Kim, L. Anand, Int. J. Plasticity 5 (1989) 95.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit

from femsuite.material.laws.constants import CONSTANTS, numbers, parameter_set
from femsuite.material.material import Material

ANAND = 3


@dataclass(frozen=True)
class Anand:
    """Anand's law from a material's ``[[data.anand]]``; its internal variable is ``resistance``, Pa."""

    code: int = ANAND

    @property
    def internal(self) -> Mapping[str, int]:
        """The resistance to flow s, Pa; zero stands for a virgin point, whose s is s0."""
        return {"resistance": 1}

    def _read(self, material: Material, name: str | None) -> dict[str, float]:
        return numbers(material, parameter_set(material, "anand", "anand", (), name), "anand", CONSTANTS["anand"][""])

    def check(self, material: Material, name: str | None) -> None:
        """Raise InputError if the material lacks the constants."""
        self._read(material, name)

    def constants(self, material: Material, name: str | None, temperature: np.ndarray) -> np.ndarray:
        """Return ``A exp(-Q/T)``, xi, m, s_hat, n, h0, a, s0: (points, 8)."""
        value = self._read(material, name)
        rate = value["A_per_s"] * np.exp(-value["Q_over_R_K"] / temperature)
        ones = np.ones_like(temperature)
        others = ("xi", "m", "s_hat_Pa", "n", "h0_Pa", "a", "s0_Pa")
        return np.stack([rate, *(value[key] * ones for key in others)], axis=-1)

    def start(self, constants: np.ndarray) -> np.ndarray:
        """Return s0, Pa."""
        return constants[:, 7]


@njit(cache=True, inline="always", error_model="numpy")
def anand_stress(dp, log_speed, constants, old, guess):  # type: ignore[no-untyped-def]
    """Return q, dq/d(dp) and the new resistance s for an increment dp; ``log_speed`` is ln of dp/(dt A exp(-Q/T)).

    ``s`` follows from ``s - s_old - h0 |1 - s/s*|^a sign(1 - s/s*) dp = 0``, which rises in s between s_old and s*;
    ``guess`` is where its iteration starts.
    """
    xi, m, n, h0, a = constants[1], constants[2], constants[4], constants[5], constants[6]
    limit = constants[3] * math.exp(n * log_speed)
    low, high = min(old, limit), max(old, limit)
    s = min(max(guess, low), high)
    hardening, fall = 0.0, 0.0
    for _ in range(60):
        gap = 1.0 - s / limit
        size = abs(gap)
        power = size**a
        hardening = h0 * power * (1.0 if gap > 0.0 else -1.0)
        fall = h0 * a * power / (size * limit) if size > 0.0 else 0.0  # - d(hardening)/ds
        rest = s - old - hardening * dp
        if rest > 0.0:
            high = min(high, s)
        else:
            low = max(low, s)
        move = -rest / (1.0 + fall * dp)
        if abs(move) <= 1e-14 * s or high - low <= 1e-14 * s:
            break
        following = s + move
        s = following if low <= following <= high else 0.5 * (low + high)
    powered = math.exp(m * log_speed)
    root = math.asinh(powered)
    q = s * root / xi
    # total derivative of s: s* moves with the rate
    with_limit = fall * s * n / dp  # d(hardening)/d(s*) ds*/d(dp)
    ds = (hardening + with_limit * dp) / (1.0 + fall * dp)
    dq = ds * root / xi + s / xi * m * powered / (dp * math.sqrt(1.0 + powered * powered))
    return q, dq, s
