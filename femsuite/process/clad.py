"""A rolled or pressed clad: thicknesses after a reduction, and whether its layers bond.

Rolling and pressing thin the stack, stretch its faces and break their oxide: fresh metal meets fresh metal. Volume
stays, so a reduction R gives faces 1/(1 - R) times as large, of which the share Y = R is new, in rolling (longer) and
in pressing (larger) alike.

Sources: N. Bay, Welding J. 62 (1983) 137-s and Metal Construction 18 (1986) 369; L. R. Vaidyanath, M. G. Nicholas,
D. R. Milner, Brit. Weld. J. 6 (1959) 13 (all unchecked).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.optimize import brentq

from femsuite.errors import InputError


@dataclass(frozen=True)
class Clad:
    """Zinc, aluminium, zinc.

    Args:
        zinc: thickness of the first zinc layer, m.
        aluminium: of the aluminium, m.
        other: of the second zinc layer, m; as the first if None.

    Raises:
        InputError: for a thickness that is not positive.
    """

    zinc: float
    aluminium: float
    other: float | None = None

    def __post_init__(self) -> None:
        for name, value in zip(("first zinc", "aluminium", "second zinc"), self.layers, strict=True):
            if not (math.isfinite(value) and value > 0.0):
                raise InputError(f"clad: the {name} layer must be thicker than nothing; given is {value:g} m")

    @property
    def layers(self) -> tuple[float, float, float]:
        """Thicknesses from one face to the other, m."""
        return self.zinc, self.aluminium, self.zinc if self.other is None else self.other


CLADS = {1: Clad(10e-6, 50e-6), 2: Clad(20e-6, 50e-6), 3: Clad(20e-6, 100e-6)}
"""The three clads of CN101185991, table 1 (seed)."""


@dataclass(frozen=True)
class Hardening:
    """Flow stress ``K e^n`` of a layer, e its true strain in thickness.

    Args:
        strength: K, Pa.
        exponent: n > 0.
    """

    strength: float
    exponent: float


ALUMINIUM_FLOW = Hardening(180e6, 0.20)
"""Annealed 1100 aluminium (handbook value, unchecked)."""
ZINC_FLOW = Hardening(250e6, 0.10)
"""Rolled zinc; its flow depends on the rate, which is left out (estimate)."""


def rolled(
    thicknesses: Sequence[float], reduction: float, flow: Sequence[Hardening] | None = None
) -> tuple[float, ...]:
    """Return the layers' thicknesses after one pass or stroke, m.

    Args:
        thicknesses: before, m.
        reduction: R of the whole stack, 0 to below 1.
        flow: of each layer; then the layers slip on each other and each thins until all flow under the same stress, the
            softer more: the limit without friction between them. None, the default: all thin by R, as layers that
            stick to each other do.

    Raises:
        InputError: for a reduction outside 0 to 1, or numbers that do not belong together.
    """
    _check_share("the reduction", reduction)
    if not thicknesses or min(thicknesses) <= 0.0:
        raise InputError("clad rolling: every layer must be thicker than nothing")
    if flow is None or reduction == 0.0:
        return tuple((1.0 - reduction) * one for one in thicknesses)
    if len(flow) != len(thicknesses):
        raise InputError(f"clad rolling: {len(thicknesses)} layers need as many flow curves; given are {len(flow)}")
    if any(one.strength <= 0.0 or one.exponent <= 0.0 for one in flow):
        raise InputError("clad rolling: a flow curve needs a positive strength and a positive exponent")

    def after(log_stress: float) -> tuple[float, ...]:
        strains = [math.exp(min((log_stress - math.log(one.strength)) / one.exponent, 700.0)) for one in flow]
        return tuple(one * math.exp(-strain) for one, strain in zip(thicknesses, strains, strict=True))

    mean = math.log(-math.log1p(-reduction))  # of the strain if all thinned alike: the stress lies between theirs then
    ends = [math.log(one.strength) + one.exponent * mean for one in flow]
    goal = (1.0 - reduction) * sum(thicknesses)
    found = brentq(lambda stress: sum(after(stress)) / goal - 1.0, min(ends) - 1e-9, max(ends) + 1e-9, xtol=1e-13)
    return after(float(found))


def exposure(reduction: float) -> float:
    """Return Y, the share of an interface that is new after a reduction R: ``Y = 1 - A_before/A_after = R``."""
    _check_share("the reduction", reduction)
    return reduction


@dataclass(frozen=True)
class Surface:
    """What lies on the faces before they meet (Bay's threshold film). All defaults are estimates.

    Args:
        covered: beta, the share of the face under a brittle cover layer, such as brushed and hardened metal.
        extrusion: p_E, Pa, the pressure that pushes metal through the cracks of that layer.
        threshold: Y', the exposure below which the film on the rest does not break.
    """

    covered: float = 0.8
    extrusion: float = 60e6
    threshold: float = 0.35


@dataclass(frozen=True)
class Weld:
    """How well two layers are bonded.

    Args:
        exposure: Y.
        strength: of the bond over that of the weaker metal, at most 1.
        bonded: whether it reaches what was asked.
        sentence: the verdict in words.
    """

    exposure: float
    strength: float
    bonded: bool
    sentence: str


def weld(reduction: float, pressure: float, base: float, surface: Surface | None = None, enough: float = 0.1) -> Weld:
    """Return the bond between two layers: ``beta (1-(1-Y)^2)(p-p_E)/s0 + (1-beta) (Y-Y')/(1-Y') p/s0``.

    ``1-(1-Y)^2`` is the share where either of two cover layers has cracked (Vaidyanath's law R (2-R)); a negative
    factor counts as zero, and no bond is stronger than the metal.

    Args:
        reduction: R.
        pressure: p, normal to the interface, Pa.
        base: s0, flow stress of the softer metal, Pa.
        surface: of the faces; Bay's estimates if None.
        enough: strength that counts as bonded (estimate).

    Raises:
        InputError: for shares outside 0 to 1, or a pressure or stress that is not positive.
    """
    surface = surface or Surface()
    new = exposure(reduction)
    _check_share("the covered share", surface.covered, closed=True)
    _check_share("the threshold exposure", surface.threshold)
    if not (pressure >= 0.0 and base > 0.0):
        raise InputError(
            f"clad rolling: pressure and flow stress must be positive; given are {pressure:g}, {base:g} Pa"
        )
    through = max(pressure - surface.extrusion, 0.0) / base
    film = max(new - surface.threshold, 0.0) / (1.0 - surface.threshold) * pressure / base
    strength = min(surface.covered * (1.0 - (1.0 - new) ** 2) * through + (1.0 - surface.covered) * film, 1.0)
    bonded = strength >= enough
    sentence = (
        f"A reduction of {reduction:.0%} under {pressure / 1e6:.0f} MPa makes {new:.0%} of the interface new; "
        f"its strength is {strength:.0%} of the softer metal's: the layers {'bond' if bonded else 'do not bond'} "
        f"(wanted {enough:.0%})."
    )
    return Weld(new, strength, bonded, sentence)


def _check_share(what: str, value: float, closed: bool = False) -> None:
    if not (0.0 <= value < 1.0 or (closed and value == 1.0)):
        raise InputError(f"clad rolling: {what} must lie from 0 to {'1' if closed else 'below 1'}; given is {value:g}")
