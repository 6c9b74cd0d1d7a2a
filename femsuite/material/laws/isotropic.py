"""Compiled kernels of laws that are elastically isotropic and flow at constant volume: elastic trial and radial return.

Voigt order xx, yy, zz, yz, xz, xy; strains with engineering shears. In a radial return the deviator keeps the direction
of the elastic trial, ``s = (q/q_trial) s_trial`` with ``q = q_trial - 3 G dp`` (Simo and Hughes, *Computational
Inelasticity*, 1998, ch. 3), whatever law gives the increment ``dp`` of equivalent inelastic strain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numba import njit

from femsuite.material.laws.law import Step
from femsuite.material.material import Material

INELASTIC: Mapping[str, int] = {"inelastic_strain": 6, "accumulated_strain": 1, "dissipation": 1}
"""Internal variables of every inelastic law: strain (engineering shears), its equivalent, and J/m^3 turned to heat."""


def elastic_trial(material: Material, step: Step) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return mean stress (n,), deviator (n, 6), its equivalent (n,), and Lame's lambda and G (n,) of an elastic step.

    The trial grows by ``C(T_mid) (d eps - d Theta)``, as in the incremental elastic law. All in Pa.
    """
    middle = 0.5 * (step.temperature_old + step.temperature_new)
    constants = material.stiffness_coefficients(middle)
    first, shear = np.ascontiguousarray(constants[:, 0]), np.ascontiguousarray(constants[:, 1])
    thermal = material.thermal_strain_diagonal(step.temperature_new, step.temperature_old)
    mean, deviator, equivalent = _trial(step.stress_old, step.strain_old, step.strain_new, thermal, first, shear)
    return mean, deviator, equivalent, first, shear


@njit(cache=True)
def _trial(stress_old, strain_old, strain_new, thermal, first, shear):  # type: ignore[no-untyped-def]
    n = len(first)
    mean, deviator, equivalent = np.empty(n), np.empty((n, 6)), np.empty(n)
    for p in range(n):
        volume = 0.0
        for i in range(3):
            deviator[p, i] = strain_new[p, i] - strain_old[p, i] - thermal[p, i]
            volume += deviator[p, i]
        old = (stress_old[p, 0] + stress_old[p, 1] + stress_old[p, 2]) / 3.0
        mean[p] = old + (first[p] + 2.0 * shear[p] / 3.0) * volume
        squares = 0.0
        for i in range(3):
            deviator[p, i] = stress_old[p, i] - old + 2.0 * shear[p] * (deviator[p, i] - volume / 3.0)
            squares += deviator[p, i] ** 2
        for i in range(3, 6):
            deviator[p, i] = stress_old[p, i] + shear[p] * (strain_new[p, i] - strain_old[p, i])
            squares += 2.0 * deviator[p, i] ** 2
        equivalent[p] = math.sqrt(1.5 * squares)
    return mean, deviator, equivalent


@njit(cache=True)
def radial_return(mean, deviator, trial, first, shear, dp, slope, stress_old, internal):  # type: ignore[no-untyped-def]
    """Return stress (n, 6), tangent (n, 6, 6), new inelastic strain (n, 6), accumulated strain and dissipation (n, 1).

    Args:
        mean, deviator, trial, first, shear: from `elastic_trial`.
        dp: increment of equivalent inelastic strain (n,).
        slope: d(dp)/d(trial) (n,), 1/Pa.
        stress_old: (n, 6), Pa; the work of the step is taken with the mean of old and new stress.
        internal: the three arrays of `INELASTIC` before the step.
    """
    n = len(mean)
    stress, tangent = np.empty((n, 6)), np.empty((n, 6, 6))
    strain, accumulated, heat = internal[0].copy(), internal[1].copy(), internal[2].copy()
    for p in range(n):
        g2 = 2.0 * shear[p]
        ratio, bend, push = 1.0, 0.0, 0.0
        if trial[p] > 0.0:
            ratio = 1.0 - 1.5 * g2 * dp[p] / trial[p]
            push = 1.5 * dp[p] / trial[p]
            # of N x N from the deviator: N = sqrt(3/2) s / q
            bend = (1.0 - 1.5 * g2 * slope[p] - ratio) * 1.5 * g2 / (trial[p] * trial[p])
        work = 0.0
        for i in range(6):
            stress[p, i] = ratio * deviator[p, i] + (mean[p] if i < 3 else 0.0)
            flow = push * deviator[p, i] * (1.0 if i < 3 else 2.0)
            strain[p, i] += flow
            work += 0.5 * (stress_old[p, i] + stress[p, i]) * flow
        accumulated[p, 0] += dp[p]
        heat[p, 0] += work
        for i in range(6):
            lead = bend * deviator[p, i]
            for j in range(i + 1):
                value = lead * deviator[p, j]
                tangent[p, i, j] = value
                tangent[p, j, i] = value
        whole = first[p] + g2 * (1.0 - ratio) / 3.0
        for i in range(3):
            for j in range(3):
                tangent[p, i, j] += whole
            tangent[p, i, i] += ratio * g2
            tangent[p, 3 + i, 3 + i] += ratio * shear[p]
    return stress, tangent, strain, accumulated, heat


def inelastic(step: Step) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the three arrays of `INELASTIC` before the step."""
    strain, accumulated, heat = (step.internal_old[name] for name in INELASTIC)
    return strain, accumulated, heat
