"""Rate-independent plasticity of von Mises with isotropic and nonlinear kinematic hardening (Chaboche).

    f = |s - beta| sqrt(3/2) - sigma_y(p, T) <= 0,   d eps_p = 3/2 dp (s - beta)/sigma_y
    sigma_y = sigma_0(T) + H p + Q(T) [1 - exp(-b p)],   d beta_i = 2/3 C_i d eps_p - gamma_i beta_i dp

One backward-Euler step is one scalar equation in dp. Sources: J. L. Chaboche, Int. J. Plasticity 5 (1989) 247;
P. J. Armstrong, C. O. Frederick, CEGB report RD/B/N731 (1966); J. C. Simo, T. J. R. Hughes, *Computational
Inelasticity* (1998), ch. 3, with the consistent tangent derived for the evanescent terms, which is not symmetric.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from femsuite.errors import Fault, InputError, SolveError
from femsuite.material.laws.constants import CONSTANTS, numbers, parameter_set
from femsuite.material.laws.isotropic import INELASTIC, elastic_trial, inelastic
from femsuite.material.laws.law import Response, Step
from femsuite.material.material import Material
from femsuite.material.orientation import Orientation

TERMS = 3
"""Back stresses that the law carries at most."""
_STEPS = 60


@dataclass(frozen=True)
class Hardening:
    """Constants of one material: ``sigma_0`` comes from the set, or from the material's yield stress if it has none.

    Args:
        sigma_0: Pa, None for the material's ``yield_stress``.
        linear: H, Pa.
        saturation: Q, Pa.
        rate: b.
        terms: (C in Pa, gamma) of each back stress.
        factors: temperatures in K and the factor on sigma_0 and Q there; empty for none.
    """

    sigma_0: float | None
    linear: float = 0.0
    saturation: float = 0.0
    rate: float = 0.0
    terms: tuple[tuple[float, float], ...] = ()
    factors: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Plastic:
    """The law ``j2``: constants from ``[[data.hardening]]``, or perfect plasticity at the material's yield stress.

    Args:
        set: name of the parameter set; the first if None.
        strength: factor on yield stress and hardening, for the band of an estimate.
    """

    name: str = "j2"
    set: str | None = None
    strength: float = 1.0
    gradients: Mapping[str, int] = field(default_factory=lambda: {"strain": 6})
    fluxes: Mapping[str, int] = field(default_factory=lambda: {"stress": 6})
    needs: tuple[str, ...] = ("stiffness", "expansion", "stress_free_temperature")

    @property
    def internal(self) -> Mapping[str, int]:
        """Inelastic strain, its equivalent, dissipation, and the back stresses (Voigt, Pa) one after the other."""
        return {**INELASTIC, "back_stress": 6 * TERMS}

    def symmetric(self, material: Material) -> bool:
        """Return whether the tangent is symmetric: no back stress evanesces."""
        return all(gamma == 0.0 for _, gamma in hardening(material, self.set).terms)

    def check(self, material: Material) -> None:
        """Raise InputError if the material lacks the law's constants."""
        hardening(material, self.set)

    def steady(self, material: Material) -> bool:
        """Return False: the tangent changes where the material yields."""
        return False

    def update(self, material: Material, orientation: Orientation | None, step: Step) -> Response:
        """Return stress, consistent tangent and internal variables at the end of the step.

        Raises:
            SolveError: the return to the yield surface did not converge.
        """
        constants = hardening(material, self.set)
        mean, deviator, _, first, shear = elastic_trial(material, step)
        temperature = step.temperature_new
        factor = np.ones_like(temperature)
        if constants.factors:
            factor = np.interp(temperature, *np.array(constants.factors).T)
        if constants.sigma_0 is None:
            initial = material.property("yield_stress")(temperature)
        else:
            initial = constants.sigma_0 * factor
        initial = self.strength * initial
        moduli, gammas = np.zeros(TERMS), np.zeros(TERMS)
        for index, (modulus, gamma) in enumerate(constants.terms):
            moduli[index], gammas[index] = self.strength * modulus, gamma
        stress, tangent, strain, accumulated, heat, back, worst = _return(
            mean,
            deviator,
            first,
            shear,
            np.ascontiguousarray(np.broadcast_to(initial, temperature.shape)),
            self.strength * constants.linear,
            self.strength * constants.saturation * factor,
            constants.rate,
            moduli,
            gammas,
            len(constants.terms),
            step.stress_old,
            inelastic(step),
            step.internal_old["back_stress"],
        )
        if not worst < _STEPS:
            raise SolveError(f"the law 'j2' of {material.name} found no way back to its yield surface")
        return Response(
            stress,
            tangent,
            {"inelastic_strain": strain, "accumulated_strain": accumulated, "dissipation": heat, "back_stress": back},
        )


def hardening(material: Material, name: str | None = None) -> Hardening:
    """Return a material's constants for the law ``j2``.

    Raises:
        InputError: it has neither a set nor a yield stress, or a set lacks constants.
    """
    if name is None and not material.data.get("hardening"):
        if "yield_stress" not in material.properties:
            raise InputError(
                Fault(
                    f"{material.name} has neither [[data.hardening]] nor a yield stress; the law 'j2' needs one of them"
                )
            )
        return Hardening(None)
    return _read(material, name)


def _read(material: Material, name: str | None) -> Hardening:
    found = parameter_set(material, "hardening", "j2", CONSTANTS["j2"], name)
    values, model = found.values, found.values["model"]
    factors = tuple((float(t), float(f)) for t, f in values.get("T_factor", ()))
    if model == "Voce":
        read = numbers(material, found, "j2", CONSTANTS["j2"]["Voce"])
        return Hardening(read["sigma0_Pa"], 0.0, read["Q_Pa"], read["b"], (), factors)
    if model == "linear":
        read = numbers(material, found, "j2", CONSTANTS["j2"][model])
        optional = {key: float(values.get(key, 0.0)) for key in ("H_iso_Pa", "C_Pa")}
        back = ((optional["C_Pa"], 0.0),) if optional["C_Pa"] else ()
        return Hardening(read["sigma0_Pa"], optional["H_iso_Pa"], 0.0, 0.0, back, factors)
    read = numbers(material, found, "j2", CONSTANTS["j2"][model])
    terms = tuple((float(term["C_Pa"]), float(term["gamma"])) for term in values.get("terms", ()))
    if len(terms) > TERMS:
        raise InputError(Fault(f"{material.name}: {len(terms)} back stresses; the law 'j2' carries {TERMS} at most"))
    saturation, rate = (float(values.get(key, 0.0)) for key in ("Q_iso_Pa", "b_iso"))
    return Hardening(read["sigma0_Pa"], 0.0, saturation, rate, terms, factors)


@njit(cache=True, error_model="numpy")
def _return(  # type: ignore[no-untyped-def]
    mean,
    deviator,
    first,
    shear,
    initial,
    linear,
    saturation,
    rate,
    moduli,
    gammas,
    terms,
    stress_old,
    internal,
    back_old,
):
    """Return stress, tangent, inelastic strain, accumulated strain, dissipation, back stresses, largest iterations."""
    n = len(mean)
    stress, tangent = np.empty((n, 6)), np.zeros((n, 6, 6))
    strain, accumulated, heat = internal[0].copy(), internal[1].copy(), internal[2].copy()
    back = back_old.copy()
    xi, pull, normal = np.empty(6), np.empty(6), np.empty(6)
    third, root = math.sqrt(2.0 / 3.0), math.sqrt(1.5)
    hardens = rate != 0.0
    worst = 0
    for p in range(n):
        g2, old = 2.0 * shear[p], accumulated[p, 0]
        for i in range(6):
            xi[i] = deviator[p, i]
            for k in range(terms):
                xi[i] -= back_old[p, 6 * k + i]
        size = math.sqrt(
            xi[0] * xi[0] + xi[1] * xi[1] + xi[2] * xi[2] + 2.0 * (xi[3] * xi[3] + xi[4] * xi[4] + xi[5] * xi[5])
        )
        decay = math.exp(-rate * old) if hardens else 1.0
        limit = initial[p] + linear * old + saturation[p] * (1.0 - decay)
        rest = size - third * limit
        if not rest > 1e-12 * third * limit:
            if not (rest <= 1e-12 * third * limit):
                worst = _STEPS  # not a number
            for i in range(3):
                stress[p, i] = deviator[p, i] + mean[p]
                stress[p, 3 + i] = deviator[p, 3 + i]
                for j in range(3):
                    tangent[p, i, j] = first[p]
                tangent[p, i, i] += g2
                tangent[p, 3 + i, 3 + i] = shear[p]
            continue
        # |xi(dp)| - sqrt(3/2) dp (2G + 2/3 sum C a) - sqrt(2/3) sigma_y = 0, a = 1/(1 + gamma dp)
        dp, slope, count = 0.0, 1.0, 0
        while True:
            stiff, stiff2 = 0.0, 0.0
            for i in range(6):
                xi[i], pull[i] = deviator[p, i], 0.0
            for k in range(terms):
                a = 1.0 / (1.0 + gammas[k] * dp)
                fade = gammas[k] * a * a
                stiff += moduli[k] * a
                stiff2 += moduli[k] * a * a
                for i in range(6):
                    xi[i] -= a * back_old[p, 6 * k + i]
                    pull[i] += fade * back_old[p, 6 * k + i]
            squares, along = 0.0, 0.0
            for i in range(3):
                squares += xi[i] * xi[i] + 2.0 * xi[3 + i] * xi[3 + i]
                along += xi[i] * pull[i] + 2.0 * xi[3 + i] * pull[3 + i]
            size = math.sqrt(squares)
            if hardens:
                decay = math.exp(-rate * (old + dp))
            limit = initial[p] + linear * (old + dp) + saturation[p] * (1.0 - decay)
            rest = size - root * dp * (g2 + stiff / 1.5) - third * limit
            slope = along / size - root * (g2 + stiff2 / 1.5) - third * (linear + saturation[p] * rate * decay)
            if abs(rest) <= 1e-13 * (size + third * limit):
                break
            if not count < _STEPS:
                worst = _STEPS
                break
            dp = max(dp - rest / slope, 0.1 * dp)
            worst = max(worst, count)
            count += 1
        ratio = g2 * root * dp / size
        twist = g2 * root / (-slope) - ratio
        skew = g2 * ratio / (-slope)
        across = along / size  # pull along the normal
        for i in range(6):
            normal[i] = xi[i] / size
            pull[i] -= across * normal[i]
        for k in range(terms):
            a = 1.0 / (1.0 + gammas[k] * dp)
            grow = third * moduli[k] * dp
            for i in range(6):
                back[p, 6 * k + i] = a * (back_old[p, 6 * k + i] + grow * normal[i])
        work = 0.0
        for i in range(6):
            flow = root * dp * normal[i]
            stress[p, i] = deviator[p, i] - g2 * flow + (mean[p] if i < 3 else 0.0)
            if i >= 3:
                flow *= 2.0
            strain[p, i] += flow
            work += 0.5 * (stress_old[p, i] + stress[p, i]) * flow
        accumulated[p, 0] += dp
        heat[p, 0] += work
        for i in range(6):
            lead = -g2 * twist * normal[i] - skew * pull[i]
            for j in range(6):
                tangent[p, i, j] = lead * normal[j]
        whole = first[p] + g2 * ratio / 3.0
        for i in range(3):
            for j in range(3):
                tangent[p, i, j] += whole
            tangent[p, i, i] += (1.0 - ratio) * g2
            tangent[p, 3 + i, 3 + i] += 0.5 * (1.0 - ratio) * g2
    return stress, tangent, strain, accumulated, heat, back, worst
