"""Board reflow: does a joint melt again, how much does it grow, and what pressure has its liquid under the resin.

``dV/V = 3 a_s (T-T0) + [T > Tm] (b_m + 3 a_l (T-Tm))`` less the cavity's ``3 a_c (T-T0)``. ``a_l`` is what the liquid
expands beyond the solid, and ``b_m`` the growth on melting. Solids creep away; only liquid is trapped and pressed.

What becomes of that pressure stands in `flush`. Source: 260 degC and the fault "flush" of CN101185991 (seed).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from femsuite.errors import InputError
from femsuite.material import file
from femsuite.process.phase_diagram import Status

ROOM, PEAK = 298.15, 533.15
"""K: 25 degC, and the peak of 260 degC (CN101185991, seed)."""

CAVITY = 10e-6
"""1/K, expansion a_c of resin and frame around the joint (estimate)."""

CLOSE = 5.0
"""K below the solidus at which a warning is due: ovens scatter by as much (estimate)."""


@dataclass(frozen=True)
class Joint:
    """What a joint's material does when heated.

    Args:
        name: of the material.
        solidus: K.
        solid: a_s, 1/K, linear.
        melting: b_m, growth of the volume on melting, share.
        liquid: a_l, 1/K, linear, of the liquid beyond the solid's.
        bulk_modulus: K of the liquid, Pa.
        status: of a_s, b_m and a_l, the worst.
        source: where they come from.
    """

    name: str
    solidus: float
    solid: float
    melting: float
    liquid: float
    bulk_modulus: float
    status: Status
    source: str


_HANDBOOK = (
    "expansion rounded so that the growth is the one stated for this joint (material files differ by up to 3 %); "
    "growth on melting of the CRC Handbook, unchecked; liquid's expansion an estimate"
)
JOINTS = {
    one.name: one
    for one in (
        Joint("SAC305", 490.15, 22.5e-6, 0.028, 15e-6, 42e9, "unchecked", _HANDBOOK),
        Joint("Pb92.5Sn5Ag2.5", 560.0, 29e-6, 0.035, 11e-6, 34e9, "unchecked", _HANDBOOK),
        Joint("ZnAl_eutectic", 655.15, 28e-6, 0.043, 22e-6, 53e9, "unchecked", f"{_HANDBOOK}; growth that of Zn"),
        Joint("BiAg", 535.65, 13e-6, -0.033, 27e-6, 27e9, "unchecked", f"{_HANDBOOK}; growth that of Bi"),
    )
}
"""Joints with rounded coefficients, chosen to give growths that are stated without theirs: 4.58, 2.04, 1.97 and 0.92 %
from 25 to 260 degC. With a_s of its material file, a_l = 15e-6 is what 4.58 % leaves for SAC305. `from_material` takes
the coefficients of the material files. The bulk moduli are estimates, ``rho c^2`` with the speed of sound in the liquid
metals."""


def from_material(name: str, liquid: float = 15e-6, bulk_modulus: float = 50e9) -> Joint:
    """Return a joint of a material's file: solidus or melting point, secant expansion, growth on melting.

    Args:
        name: of the material.
        liquid: a_l, 1/K, which no file states (estimate).
        bulk_modulus: of the liquid, Pa (estimate).

    Raises:
        InputError: when the file lacks one of them.
    """
    material = file.load(name)
    melts = material.property("solidus" if "solidus" in material.properties else "melting_temperature")
    stated = "melt_volume_change" in material.properties
    if not stated and float(melts(ROOM)) <= PEAK:
        raise InputError(f"reflow: {name} melts below 260 degC, and its file states no 'melt_volume_change'")
    grows = float(material.property("melt_volume_change")(ROOM)) if stated else 0.0
    strain = float(material.thermal_strain(PEAK, ROOM)) / (PEAK - ROOM)
    source = f"materials/{name}.toml; liquid's expansion and bulk modulus are estimates"
    return Joint(name, float(melts(ROOM)), strain, grows, liquid, bulk_modulus, "estimate", source)


@dataclass(frozen=True)
class Melting:
    """Whether a joint melts.

    Args:
        melts: whether the peak reaches the solidus.
        margin: solidus less peak, K; below 0 it melts.
        close: whether it stays solid by less than `CLOSE`.
        sentence: the verdict in words.
    """

    melts: bool
    margin: float
    close: bool
    sentence: str


def melting(joint: Joint, peak: float = PEAK) -> Melting:
    """Return whether a joint melts at a peak temperature in K.

    Raises:
        InputError: for a temperature that cannot be.
    """
    if not (math.isfinite(peak) and peak > 0.0):
        raise InputError(f"reflow: the peak is a temperature above 0 K; given is {peak:g}")
    margin = joint.solidus - peak
    melts, close = margin <= 0.0, 0.0 < margin < CLOSE
    verdict = f"melts, {-margin:.1f} K above its solidus" if melts else f"stays solid, {margin:.1f} K below its solidus"
    warning = f"; less than {CLOSE:g} K is within the scatter of an oven" if close else ""
    return Melting(melts, margin, close, f"At {peak - 273.15:.0f} degC {joint.name} {verdict}{warning}.")


@dataclass(frozen=True)
class Growth:
    """How a joint grows, as shares of its volume at the start.

    Args:
        own: of the joint.
        cavity: of the space around it.
        excess: own less cavity: what has no room.
        liquid: whether it is liquid, so that the excess is trapped under pressure and may escape.
    """

    own: float
    cavity: float
    excess: float
    liquid: bool


def growth(joint: Joint, peak: float = PEAK, start: float = ROOM, cavity: float = CAVITY) -> Growth:
    """Return the growth of a joint from a start to a peak in K.

    Args:
        joint: which.
        peak: K.
        start: K, where joint and cavity have the same volume.
        cavity: a_c, 1/K.

    Raises:
        InputError: for a temperature that cannot be.
    """
    molten = melting(joint, peak).melts
    own = 3.0 * joint.solid * (peak - start)
    if molten:
        own += joint.melting + 3.0 * joint.liquid * (peak - joint.solidus)
    space = 3.0 * cavity * (peak - start)
    return Growth(own, space, own - space, molten)


def trapped_pressure(excess: float, bulk_modulus: float, compliance: float) -> float:
    """Return the pressure of trapped liquid, Pa: ``p = excess/(1/K + C)``; none when it has room.

    Args:
        excess: share of the joint's volume that has no room.
        bulk_modulus: K of the liquid, Pa.
        compliance: C, growth of the cavity per pressure, 1/Pa, from one solve with unit pressure in the cavity.

    Raises:
        InputError: for a modulus that is not positive or a negative compliance.
    """
    if not (bulk_modulus > 0.0 and compliance >= 0.0):
        raise InputError(
            f"reflow: a bulk modulus is positive, a compliance not negative; given are {bulk_modulus:g} Pa and "
            f"{compliance:g} 1/Pa"
        )
    return max(excess, 0.0) / (1.0 / bulk_modulus + compliance)
