"""Linear viscoelasticity, isotropic and thermorheologically simple: a spring and Maxwell elements side by side.

    s = int 2G(xi - xi') de,   sigma_m = int K(xi - xi') (d eps_v - 3 d Theta),   xi = int dt/a_T
    G(xi) = G_0 [1 - sum g_i (1 - exp(-xi/tau_i))],   K(xi) = K_0 [1 - sum k_i (1 - exp(-xi/tau_i))]

G_0 and K_0 are instantaneous (glassy). Where they depend on temperature, every increment of strain loads springs and
Maxwell elements with the moduli at the middle of its step, ``d q = C(T_mid) d eps``, as in the incremental elastic law.
A step is cut into parts of 1 K or less in which the strain grows alike, and each is integrated exactly for a strain
that is linear in xi: second order for others. Sources: J. D. Ferry,
*Viscoelastic Properties of Polymers*, 3rd ed. (1980); R. L. Taylor, K. S. Pister, G. L. Goudreau, Int. J. Numer. Meth.
Eng. 2 (1970) 45 (recursion); M. A. Zocher, S. E. Groves, D. H. Allen, ibid. 40 (1997) 2267 (reduced time).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from femsuite.errors import Fault, InputError, SolveError, unknown
from femsuite.material.laws.constants import parameter_set, series
from femsuite.material.laws.isotropic import INELASTIC, inelastic
from femsuite.material.laws.law import Response, Step
from femsuite.material.laws.shift import Shift, parts_of, read_shift, reduced_time
from femsuite.material.material import Material, ParameterSet
from femsuite.material.orientation import Orientation

_SHORT = 1e-7  # of a relaxation time: a step so short is not cut into parts
TERMS = 40
"""Maxwell elements that the law carries at most."""
_KEYS = (
    "modulus", "ratio", "tau_s", "g", "k", "tau_bulk_s", "shift", "T_ref_K", "C1", "C2_K", "Q_over_R_K", "log10_a",
)  # fmt: skip


@dataclass(frozen=True)
class Prony:
    """Constants of one material.

    Args:
        modulus: the material's property that is the instantaneous Young's modulus, Pa.
        ratio: the one that is the instantaneous Poisson's ratio.
        tau: relaxation times at the reference temperature of the shift, s (terms,).
        shear: share of the instantaneous shear modulus that relaxes with each (terms,).
        bulk: share of the instantaneous bulk modulus (terms,); zeros for one that does not relax.
        shift: of all times.
    """

    modulus: str
    ratio: str
    tau: np.ndarray
    shear: np.ndarray
    bulk: np.ndarray
    shift: Shift


@dataclass(frozen=True)
class Viscoelastic:
    """The law ``viscoelastic``: constants from ``[[data.prony]]``.

    Args:
        set: name of the parameter set; the first if None.
    """

    name: str = "viscoelastic"
    set: str | None = None
    gradients: Mapping[str, int] = field(default_factory=lambda: {"strain": 6})
    fluxes: Mapping[str, int] = field(default_factory=lambda: {"stress": 6})
    needs: tuple[str, ...] = ("expansion", "stress_free_temperature")
    linear: bool = True
    """The stress is an affine function of the strain at the end of a step: one correction solves it."""

    @property
    def internal(self) -> Mapping[str, int]:
        """Viscous strain, its equivalent, dissipation, and the stresses of the Maxwell elements (Voigt, Pa)."""
        return {**INELASTIC, "prony_stress": 6 * TERMS}

    def internal_of(self, material: Material) -> Mapping[str, int]:
        """Return the internal variables with as many Maxwell elements as the material has."""
        return {**INELASTIC, "prony_stress": 6 * len(prony(material, self.set).tau)}

    def symmetric(self, material: Material) -> bool:
        """Return True."""
        return True

    def steady(self, material: Material) -> bool:
        """Return False: the tangent changes with the step's length and temperature."""
        return False

    def check(self, material: Material) -> None:
        """Raise InputError if the material lacks the law's constants."""
        prony(material, self.set)

    def update(self, material: Material, orientation: Orientation | None, step: Step) -> Response:
        """Return stress, consistent tangent and internal variables at the end of the step.

        ``inelastic_strain`` is what the instantaneous moduli do not explain, ``d eps - d Theta - C_0^-1 d sigma``: a
        strain that may come back. ``accumulated_strain`` grows by ``sqrt(2/3 d:d)`` of its increment per step.

        Raises:
            SolveError: a number that is not finite came in.
        """
        constants = prony(material, self.set)
        middle = 0.5 * (step.temperature_old + step.temperature_new)
        young = material.property(constants.modulus)(middle)
        ratio = material.property(constants.ratio)(middle)
        thermal = material.thermal_strain_diagonal(step.temperature_new, step.temperature_old)
        parts = parts_of(step.temperature_old, step.temperature_new)
        passed = reduced_time(constants.shift, step.temperature_old, step.temperature_new, step.duration, parts)
        stress, tangent, strain, accumulated, heat, held, good = _relax(
            step.strain_old,
            step.strain_new,
            thermal,
            young / (2.0 * (1.0 + ratio)),
            young / (3.0 * (1.0 - 2.0 * ratio)),
            passed,
            parts,
            constants.tau,
            constants.shear,
            constants.bulk,
            step.stress_old,
            inelastic(step),
            step.internal_old["prony_stress"],
        )
        if not good:
            raise SolveError(
                f"the law 'viscoelastic' of {material.name} found no state at the end of a step of "
                f"{step.duration:.3g} s: a strain or temperature is not finite"
            )
        internal = dict(zip(INELASTIC, (strain, accumulated, heat), strict=True))
        return Response(stress, tangent, {**internal, "prony_stress": held})


def prony(material: Material, name: str | None = None) -> Prony:
    """Return a material's constants for the law ``viscoelastic``.

    Raises:
        InputError: it has no set of that name, or the set lacks constants or states impossible ones.
    """
    law = "viscoelastic"
    found = parameter_set(material, "prony", law, (), name)
    where = f"{material.name}, [[data.prony]]:"
    faults = [Fault(f"{where} {unknown('constant', key, _KEYS)}") for key in found.values if key not in _KEYS]
    properties = []
    for key, usual in (("modulus", None), ("ratio", "poissons_ratio")):
        named = found.values.get(key, usual)
        if named is None:
            faults.append(Fault(f"{where} {key}, the property that is the modulus at once, is missing"))
        elif named not in material.properties:
            faults.append(Fault(f"{where} {key}: {unknown('property', str(named), material.properties)}"))
        properties.append(str(named))
    parts: list[np.ndarray] = [np.zeros(0)] * 3
    shift = Shift("none")
    try:
        parts = _terms(material, found, law)
    except InputError as error:
        faults += error.faults
    try:
        shift = read_shift(material, found, law)
    except InputError as error:
        faults += error.faults
    tau, shear, bulk = parts
    if not faults:
        if len(tau) > TERMS:
            faults.append(Fault(f"{where} {len(tau)} terms are given; the law takes {TERMS} at most"))
        if not (tau > 0.0).all():
            faults.append(Fault(f"{where} every relaxation time must be longer than zero"))
        for key, shares in (("g", shear), ("k", bulk)):
            if shares.min() < 0.0 or not shares.sum() < 1.0:
                faults.append(Fault(f"{where} the shares {key} must not be negative and must sum to less than 1"))
    if faults:
        raise InputError(*faults)
    return Prony(properties[0], properties[1], tau, shear, bulk, shift)


def _terms(material: Material, found: ParameterSet, law: str) -> list[np.ndarray]:
    """Return the relaxation times with the shares of shear and bulk modulus that belong to each."""
    tau = series(material, found, law, "tau_s")
    shear = series(material, found, law, "g", len(tau))
    if "k" not in found.values:
        return [tau, shear, np.zeros(len(tau))]
    if "tau_bulk_s" not in found.values:
        return [tau, shear, series(material, found, law, "k", len(tau))]
    times = series(material, found, law, "tau_bulk_s")
    bulk = series(material, found, law, "k", len(times))
    zeros = np.zeros_like
    return [np.concatenate(pair) for pair in ((tau, times), (shear, zeros(bulk)), (zeros(shear), bulk))]


@njit(cache=True, inline="always", error_model="numpy")
def _weights(x):  # type: ignore[no-untyped-def]
    """Return ``1 - exp(-x)``, its mean rate ``(1 - exp(-x))/x`` and ``int_0^x (1 - exp(-y))^2 dy/x^2``."""
    if not x > 0.0:
        return 0.0, 1.0, 0.0
    gone = 1.0 if x > 40.0 else -math.expm1(-x)
    over = 1.0 / x
    slow = gone * over
    if x < 0.05:
        return gone, slow, x * (1.0 / 3.0 - x * (0.25 - x * (7.0 / 60.0 - x * (1.0 / 24.0 - x * 31.0 / 2520.0))))
    return gone, slow, (1.0 - slow * (1.0 + 0.5 * gone)) * over


@njit(cache=True, error_model="numpy")
def _relax(  # type: ignore[no-untyped-def]
    strain_old,
    strain_new,
    thermal,
    shear,
    bulk,
    passed,
    parts,
    tau,
    shares,
    bulk_shares,
    stress_old,
    internal,
    held_old,
):
    """Return stress, tangent, viscous strain, its equivalent, dissipation, element stresses, whether all is finite."""
    n, terms = len(shear), len(tau)
    stress, tangent = np.empty((n, 6)), np.zeros((n, 6, 6))
    strain, accumulated, heat = internal[0].copy(), internal[1].copy(), internal[2].copy()
    held = np.empty_like(held_old)
    held[:, 6 * terms :] = 0.0
    pace = 1.0 / tau
    push, change = np.empty(6), np.empty(6)  # deviators of the elastic increment and of the increment that is
    rest, bulk_rest = 1.0 - shares.sum(), 1.0 - bulk_shares.sum()
    good = True
    for p in range(n):
        g, k = shear[p], bulk[p]
        volume = 0.0
        for i in range(3):
            push[i] = strain_new[p, i] - strain_old[p, i] - thermal[p, i]
            volume += push[i]
        squares = 0.0
        for i in range(3):
            push[i] = 2.0 * g * (push[i] - volume / 3.0)
            squares += push[i] * push[i]
        for i in range(3, 6):
            push[i] = g * (strain_new[p, i] - strain_old[p, i])
            squares += 2.0 * push[i] * push[i]
        press = k * volume
        stiff, bulk_stiff = rest, bulk_rest
        mean = bulk_rest * press
        for i in range(6):
            change[i] = rest * push[i]
        work, begin, end = 0.0, parts[p], parts[p + 1]
        whole = 0.0
        for j in range(begin, end):
            whole += passed[j]
        for t in range(terms):
            at, part, bulk_part = 6 * t, shares[t], bulk_shares[t]
            before = (held_old[p, at] + held_old[p, at + 1] + held_old[p, at + 2]) / 3.0
            own, along = 0.0, 0.0
            for i in range(3):
                old, old_shear = held_old[p, at + i] - before, held_old[p, at + 3 + i]
                own += old * old + 2.0 * old_shear * old_shear
                along += old * push[i] + 2.0 * old_shear * push[3 + i]
            # q = keep q_old + load g push at the end of each part; a step in which next to nothing relaxes is one part
            keep, load = 1.0, 0.0
            single = whole * pace[t] <= _SHORT
            share = 1.0 if single else 1.0 / (end - begin)
            shear_work, bulk_work = 0.0, 0.0
            for j in range(begin, begin + 1 if single else end):
                gone, slow, loss = _weights((whole if single else passed[j]) * pace[t])
                fall, mix, fresh = 0.5 * gone * (2.0 - gone), share * gone * slow, share * share * loss
                both = load * part
                shear_work += (keep * keep * own + both * (2.0 * keep * along + both * squares)) * fall
                shear_work += part * ((keep * along + both * squares) * mix + part * squares * fresh)
                both = keep * before + load * bulk_part * press
                bulk_work += both * both * fall + bulk_part * press * (both * mix + bulk_part * press * fresh)
                keep *= 1.0 - gone
                load = (1.0 - gone) * load + share * slow
            if part > 0.0:  # int q:q/(2 G g) dx over the step
                work += shear_work / (2.0 * g * part)
            if bulk_part > 0.0:
                work += bulk_work / (k * bulk_part)
            stiff += part * load
            bulk_stiff += bulk_part * load
            after = keep * before + bulk_part * load * press
            mean += after - before
            for i in range(6):
                old = held_old[p, at + i] - (before if i < 3 else 0.0)
                new = keep * old + part * load * push[i]
                change[i] += new - old
                held[p, at + i] = new + (after if i < 3 else 0.0)
        swell = (press - mean) / (3.0 * k)
        flow = 0.0
        for i in range(6):
            stress[p, i] = stress_old[p, i] + change[i] + (mean if i < 3 else 0.0)
            if i < 3:
                extra = (push[i] - change[i]) / (2.0 * g) + swell
                flow += extra * extra
            else:
                extra = (push[i] - change[i]) / g
                flow += 0.5 * extra * extra
            strain[p, i] += extra
        accumulated[p, 0] += math.sqrt(2.0 / 3.0 * flow)
        heat[p, 0] += work
        good = good and math.isfinite(work) and math.isfinite(flow)
        straight = k * bulk_stiff + 4.0 / 3.0 * g * stiff
        across = k * bulk_stiff - 2.0 / 3.0 * g * stiff
        for i in range(3):
            for j in range(3):
                tangent[p, i, j] = straight if i == j else across
            tangent[p, 3 + i, 3 + i] = g * stiff
    return stress, tangent, strain, accumulated, heat, held, good
