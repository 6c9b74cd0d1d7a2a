"""An oracle for the contrast law: the Takagi-Taupin equations of a point source on the characteristic net."""

import math

import numpy as np
from numba import njit


def reflectivity(displacement, entrance, crystal, steps):
    """Return the integrated reflectivity of a ray in Darwin half widths.

    ``dD0/ds0 = i K e^{i phi} Dh``, ``dDh/dsh = i K e^{-i phi} D0``, ``phi = 2 pi u_x/d``, solved by the trapezoidal
    rule along the two beams, started from the analytic first ray (Takagi 1969; Carvalho and Epelboin).

    Args:
        displacement: u_x (m) of arrays x and z (m).
        entrance: x of the ray at z = 0, m.
        crystal: the reflection.
        steps: along each beam.
    """
    theta = crystal.bragg_angle
    step = crystal.thickness / (steps * math.cos(theta))
    coupling = math.pi * math.cos(theta) / crystal.pendelloesung_length
    x = entrance + np.arange(-steps, steps + 1) * step * math.sin(theta)
    z = np.arange(steps + 1) * step * math.cos(theta)
    phase = 2.0 * np.pi / crystal.spacing * displacement(x, z)
    return math.pi / coupling * step * _march(phase, steps, step, coupling)


@njit(cache=True)
def _march(phase, steps, step, coupling):
    """Sum |Dh|^2 over the exit face; phase is given on (j - i + steps, i + j)."""
    half = 0.5j * coupling * step
    scale = 1.0 / (1.0 + 0.25 * (coupling * step) ** 2)
    before_0 = np.zeros(steps + 1, np.complex128)
    before_h = np.zeros(steps + 1, np.complex128)
    d0 = np.zeros(steps + 1, np.complex128)
    dh = np.zeros(steps + 1, np.complex128)
    total = 0.0
    for i in range(steps + 1):
        for j in range(steps + 1 - i):
            here = np.exp(1j * phase[j - i + steps, i + j])
            if i == 0:
                d0[j] = 0.0
                dh[j] = 1j * coupling * np.exp(-1j * phase[steps, 0])
            elif j == 0:
                d0[j] = -(coupling**2) * i * step
                dh[j] = 1j * coupling * np.conj(here)
            else:
                behind = np.exp(1j * phase[j - i + 1 + steps, i + j - 1])
                beside = np.exp(-1j * phase[j - 1 - i + steps, i + j - 1])
                b0 = before_0[j] + half * behind * before_h[j]
                bh = dh[j - 1] + half * beside * d0[j - 1]
                d0[j] = (b0 + half * here * bh) * scale
                dh[j] = (bh + half * np.conj(here) * b0) * scale
        total += (0.5 if i in (0, steps) else 1.0) * abs(dh[steps - i]) ** 2
        before_0[:] = d0
        before_h[:] = dh
    return total
