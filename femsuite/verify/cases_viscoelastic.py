"""Reference cases of linear viscoelasticity, each through one finite element."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from femsuite.conditions.displacement import Displacement
from femsuite.conditions.support import MechanicalCondition
from femsuite.conditions.symmetry import Symmetry
from femsuite.conditions.traction import Traction
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.material import Material, ParameterSet
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import bodies
from femsuite.verify.constants import material
from femsuite.verify.row import Row

SIDE = 1e-3  # m
GLASS, RUBBER = 20e9, 1e9  # Pa
TAU, SHARES = (0.1, 1.0, 10.0, 100.0), (0.25, 0.3, 0.25, 0.15)  # 1 - 0.95 = RUBBER/GLASS
REFERENCE, C1, C2, SLOPE = 400.0, 17.44, 51.6, 36000.0  # K, -, K, K


def resin(tau: Sequence[float], shares: Sequence[float], expansion: float = 0.0) -> Material:
    """Return a resin of 20 GPa whose shear and bulk relax alike, so that Poisson's ratio stays 0.3."""
    values = {
        "modulus": "youngs_modulus",
        "tau_s": list(tau),
        "g": list(shares),
        "k": list(shares),
        "shift": "wlf_arrhenius",
        "T_ref_K": REFERENCE,
        "C1": C1,
        "C2_K": C2,
        "Q_over_R_K": SLOPE,
    }
    made = material("resin", youngs_modulus=GLASS, poissons_ratio=0.3, expansion_tangent=expansion)
    return replace(made, data={"prony": (ParameterSet("prony", "case", values, ("case",), "published"),)})


def cube(what: Material, conditions: Sequence[MechanicalCondition], free: float) -> MechanicsProblem:
    """Return one hexahedron between three planes of symmetry, with more conditions on its faces."""
    tagged = bodies.box((SIDE,) * 3, (1, 1, 1), "hexahedron")
    planes = [Symmetry(surface=name) for name in ("left", "front", "bottom")]
    field = MaterialField(tagged, {"body": Assignment(what, None, free)})
    return MechanicsProblem(
        tagged, field, [*planes, *conditions], law="viscoelastic", order=1, preset="direct", tolerance=1e-11
    )


def mean(problem: MechanicsProblem, values: np.ndarray) -> float:
    """Return the mean over the body of one number per point, the same on all ranks."""
    whole = problem.points.integral(np.stack([values, np.ones_like(values)], axis=-1))
    return float(whole[0] / whole[1])


def shift(temperature: np.ndarray) -> np.ndarray:
    """Return 1/a_T, written down once more for the exact values."""
    above = np.maximum(temperature - REFERENCE, 0.0)
    warm = 10.0 ** (C1 * above / (C2 + above))
    return np.where(temperature >= REFERENCE, warm, np.exp(SLOPE * (1.0 / REFERENCE - 1.0 / temperature)))


def case_V1() -> list[Row]:
    """A bar of resin, stretched at once by 0.1 % and held at 10 K above its reference temperature: relaxation.

    ``E(t) = E_g [1 - sum g_i (1 - exp(-t/(a_T tau_i)))]`` with four terms, 20 GPa to 1 GPa; the sides are free. The
    dashpots have turned ``eps^2/2 E_g sum g_i (1 - exp(-2 t/(a_T tau_i)))`` to heat.
    Source: J. D. Ferry, Viscoelastic Properties of Polymers, 3rd ed. (1980), ch. 3 and 11.
    """
    problem = cube(resin(TAU, SHARES), [Displacement(surface="right", x="1 um")], REFERENCE)
    heat = REFERENCE + 10.0
    problem.advance(heat, load=0.0)
    problem.advance(heat)
    rows = []
    time = passed = 0.0
    for end in (1e-4, 1e-2, 1.0):
        problem.advance(heat, duration=end - time)
        time = end
        passed = time * float(shift(np.array(heat)))
        left = 1.0 - sum(g * -math.expm1(-passed / tau) for g, tau in zip(SHARES, TAU, strict=True))
        got = mean(problem, problem.stress[..., 0])
        rows.append(
            Row("inelastic.V-1", f"stress after {end:g} s", 1e-3 * GLASS * left, got, 1e-6, unit="Pa",
                physics="mechanics")
        )  # fmt: skip
    lost = (g * -math.expm1(-2.0 * passed / tau) for g, tau in zip(SHARES, TAU, strict=True))
    heat = mean(problem, problem.internal["dissipation"][..., 0])
    rows.append(
        Row("inelastic.V-1", "heat of the dashpots after 1 s", 0.5e-6 * GLASS * sum(lost), heat, 1e-6, unit="J/m^3",
            physics="mechanics")
    )  # fmt: skip
    return rows


def case_V2() -> list[Row]:
    """A bar of a standard linear solid under a constant pull of 5 MPa: creep, and its order in the step.

    ``J(t) = 1/E_r - (1/E_r - 1/E_g) exp(-t/tau_c)``, ``tau_c = tau E_g/E_r``; one relaxation time of 5 s, 20 GPa to
    5 GPa, 20 s. Source: J. D. Ferry, Viscoelastic Properties of Polymers, 3rd ed. (1980), ch. 3.
    """
    pull, tau, share, end = 5e6, 5.0, 0.75, 20.0
    soft = GLASS * (1.0 - share)
    exact = pull * (1.0 / soft - (1.0 / soft - 1.0 / GLASS) * math.exp(-end * soft / (tau * GLASS)))
    errors, got = [], 0.0
    for steps in (10, 20, 40):
        problem = cube(resin((tau,), (share,)), [Traction(surface="right", x="5 MPa")], REFERENCE)
        problem.advance(REFERENCE)
        for _ in range(steps):
            problem.advance(REFERENCE, duration=end / steps)
        got = mean(problem, problem.strain[..., 0])
        errors.append(abs(got / exact - 1.0))
    rate = math.log2(errors[1] / errors[2])
    return [
        Row("inelastic.V-2", "strain after 20 s, 40 steps", exact, got, 1e-3, physics="mechanics"),
        Row("inelastic.V-2", "order in the step", 2.0, rate, 0.05, "absolute", physics="mechanics"),
    ]


def case_V3() -> list[Row]:
    """A rod of resin held along its length and cooled through its glass transition, 440 K to 300 K at 0.5 K/s.

    The Boltzmann integral ``sigma = -int E(xi_end - xi) alpha dT`` by the trapezoidal rule of 400,000 points, with the
    reduced time ``xi = int dt/a_T`` likewise; alpha 20 ppm/K, the sides free. Source: L. W. Morland, E. H. Lee, Trans.
    Soc. Rheol. 4 (1960) 233.
    """
    hot, cold, speed, steps, alpha = 440.0, 300.0, 0.5, 140, 20e-6
    path = np.linspace(hot, cold, 400_001)
    rate = shift(path)
    ticks = 0.5 * (rate[1:] + rate[:-1]) * np.diff((hot - path) / speed)
    left = np.concatenate([np.cumsum(ticks[::-1])[::-1], [0.0]])
    modulus = np.full_like(path, GLASS)
    for g, tau in zip(SHARES, TAU, strict=True):
        modulus += GLASS * g * np.expm1(-left / tau)
    exact = -float(np.sum(0.5 * (modulus[1:] + modulus[:-1]) * alpha * np.diff(path)))
    problem = cube(resin(TAU, SHARES, alpha), [Symmetry(surface="right")], hot)
    for temperature in np.linspace(hot, cold, steps + 1)[1:]:
        problem.advance(float(temperature), duration=(hot - cold) / steps / speed)
    got = mean(problem, problem.stress[..., 0])
    return [Row("inelastic.V-3", "stress of the cold rod", exact, got, 1e-3, unit="Pa", physics="mechanics")]
