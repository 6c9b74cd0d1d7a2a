"""Laws of viscous flow: one rate equation each, integrated implicitly at every point by one compiled iteration.

A flow rule gives the equivalent stress q that drives flow at a rate. The end of a step of length dt solves

    q_trial - 3 G dp - q(dp/dt) = 0      for the increment dp of equivalent strain,

whose left side falls in dp, so a bracketed Newton iteration in ln(dp) cannot fail. Backward Euler: first order in dt.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numba import njit

from femsuite.errors import SolveError
from femsuite.material.laws.anand import ANAND, Anand, anand_stress
from femsuite.material.laws.garofalo import GAROFALO, Garofalo, garofalo_stress
from femsuite.material.laws.isotropic import INELASTIC, elastic_trial, inelastic, radial_return
from femsuite.material.laws.law import Response, Step
from femsuite.material.laws.norton import NORTON, Norton, norton_stress
from femsuite.material.material import Material
from femsuite.material.orientation import Orientation

_STEPS = 100


class FlowRule(Protocol):
    """A rate equation: its number in the compiled dispatch, what it needs and its constants at each temperature."""

    @property
    def code(self) -> int:
        """Which branch of the compiled dispatch evaluates it."""

    @property
    def internal(self) -> Mapping[str, int]:
        """Its internal variable beyond those of every inelastic law: one scalar, or none."""

    def check(self, material: Material, name: str | None) -> None:
        """Raise InputError if the material lacks its constants."""

    def constants(self, material: Material, name: str | None, temperature: np.ndarray) -> np.ndarray:
        """Return the constants at the points, (n, k)."""

    def start(self, constants: np.ndarray) -> np.ndarray:
        """Return the internal variable of a virgin point, (n,)."""


@dataclass(frozen=True)
class FlowLaw:
    """Elastic, isotropic, and flowing by one rate equation at every stress.

    Args:
        name: as studies call it.
        rule: the rate equation.
        set: name of the material's parameter set; the first that fits if None.
    """

    name: str
    rule: FlowRule
    set: str | None = None
    gradients: Mapping[str, int] = field(default_factory=lambda: {"strain": 6})
    fluxes: Mapping[str, int] = field(default_factory=lambda: {"stress": 6})
    needs: tuple[str, ...] = ("stiffness", "expansion", "stress_free_temperature")

    @property
    def internal(self) -> Mapping[str, int]:
        """Internal variables with their number of components."""
        return {**INELASTIC, **self.rule.internal}

    def check(self, material: Material) -> None:
        """Raise InputError if the material lacks the law's constants."""
        self.rule.check(material, self.set)

    def symmetric(self, material: Material) -> bool:
        """Return True."""
        return True

    def steady(self, material: Material) -> bool:
        """Return False: the tangent changes with stress and step."""
        return False

    def update(self, material: Material, orientation: Orientation | None, step: Step) -> Response:
        """Return stress, consistent tangent and internal variables at the end of the step.

        Raises:
            SolveError: the local iteration found no increment (a number that is not finite came in).
        """
        mean, deviator, trial, first, shear = elastic_trial(material, step)
        constants = self.rule.constants(material, self.set, step.temperature_new)
        names = list(self.rule.internal)
        if names:
            held = step.internal_old[names[0]][:, 0]
            old = np.where(held > 0.0, held, self.rule.start(constants))
        else:
            old = np.zeros(len(trial))
        dp, slope, new, worst = _solve(self.rule.code, trial, 3.0 * shear, step.duration, constants, old)
        if not worst < _STEPS:
            raise SolveError(
                f"the law '{self.name}' of {material.name} found no state at the end of a step of "
                f"{step.duration:.3g} s: a stress or temperature is not finite"
            )
        stress, tangent, strain, accumulated, heat = radial_return(
            mean, deviator, trial, first, shear, dp, slope, step.stress_old, inelastic(step)
        )
        internal = dict(zip(INELASTIC, (strain, accumulated, heat), strict=True))
        if names:
            internal[names[0]] = new[:, None]
        return Response(stress, tangent, internal)


def norton(set: str | None = None) -> FlowLaw:
    """Return power-law creep."""
    return FlowLaw("norton", Norton(), set)


def garofalo(set: str | None = None) -> FlowLaw:
    """Return hyperbolic-sine creep."""
    return FlowLaw("garofalo", Garofalo(), set)


def anand(set: str | None = None) -> FlowLaw:
    """Return Anand's law."""
    return FlowLaw("anand", Anand(), set)


@njit(cache=True, inline="always")
def _stress(code, dp, log_speed, constants, old, guess):  # type: ignore[no-untyped-def]
    """Return q, dq/d(dp) and the new internal variable for an increment dp; ``log_speed`` is ln(dp/(dt rate))."""
    if code == NORTON:
        return norton_stress(dp, log_speed, constants, old)
    if code == GAROFALO:
        return garofalo_stress(dp, log_speed, constants, old)
    if code == ANAND:
        return anand_stress(dp, log_speed, constants, old, guess)
    return math.nan, math.nan, math.nan


@njit(cache=True, error_model="numpy")
def _solve(code, trial, triple, dt, constants, old):  # type: ignore[no-untyped-def]
    """Return dp, d(dp)/d(trial) and the internal variable, (n,), and the largest number of iterations."""
    n = len(trial)
    dp, slope, new = np.zeros(n), np.zeros(n), old.copy()
    worst = 0
    for p in range(n):
        if not trial[p] > 0.0 or not dt > 0.0:
            if not (trial[p] >= 0.0):
                worst = _STEPS
            continue
        row = constants[p]
        # Between a stress that is all elastic and one that is all flow; ln(dp) moves by decades where the law is steep.
        high = math.log(trial[p] / triple[p])
        low = high - 250.0
        y = high - 0.7
        scale = math.log(dt * row[0])
        state = old[p]
        count = 0
        while count < _STEPS:
            count += 1
            step = math.exp(y)
            q, dq, state = _stress(code, step, y - scale, row, old[p], state)
            rest = trial[p] - triple[p] * step - q
            gradient = -(triple[p] + dq) * step
            if rest > 0.0:
                low = y
            else:
                high = y
            move = -rest / gradient
            close = abs(rest) <= 1e-12 * trial[p] or abs(move) <= 1e-13
            following = y + move
            if not (low < following < high):
                following = 0.5 * (low + high)
            if close or high - low < 1e-13:
                dp[p], new[p] = step, state
                slope[p] = 1.0 / (triple[p] + dq)
                break
            y = following
        if count > worst:
            worst = count
    return dp, slope, new, worst
