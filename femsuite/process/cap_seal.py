"""A hermetic cap bonded at 400 degC: what that step does to the joints inside, and whether the seal holds.

CN101185991 attaches die and chips with tin solder, conductive adhesive or Cu/Sn powder first and seals the cap then, at
400 degC (seed). Most of these do not bear it as solids, which the document does not say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from femsuite.errors import InputError, unknown
from femsuite.process.phase_diagram import EUTECTIC, Status
from femsuite.process.wetting import NOT_A_PREDICTION, PLATINGS, sealed

SEALING = 673.15
"""K: 400 degC (CN101185991, seed)."""

type Grade = Literal["hermetic", "not hermetic"]
type Fate = Literal["stays solid", "remelts", "softens and decomposes", "softens"]


@dataclass(frozen=True)
class Attach:
    """A joint inside the cap.

    Args:
        name: in words.
        melts: solidus, K; inf for one that never melts.
        softens: glass transition, K, of an adhesive; inf for a metal.
        decomposes: K, from which it falls apart; inf for a metal.
        source: of these.
        status: their worst.
        remark: what else matters.
    """

    name: str
    melts: float
    softens: float
    decomposes: float
    source: str
    status: Status
    remark: str = ""


def _metal(name: str, melts: float, source: str, status: Status, remark: str = "") -> Attach:
    return Attach(name, melts, math.inf, math.inf, source, status, remark)


ATTACHES = {
    "SAC305": _metal("SAC305", 490.15, "solidus 217 degC (data sheets)", "published"),
    "Ag epoxy": Attach(
        "Ag epoxy", math.inf, 393.0, 623.15, "glass transition of a silver epoxy (data sheet); epoxies lose mass above "
        "about 350 degC", "estimate", "a minute at 400 degC also gives off gas into the sealed space"
    ),
    "Cu/Sn": _metal(
        "Cu/Sn, reacted to Cu6Sn5", 688.15, "Cu6Sn5 melts at 415 degC, Cu3Sn at 676 degC (Cu-Sn diagram)", "unchecked",
        "it does so only once no free tin is left"
    ),
    "Cu/Sn with free tin": _metal("Cu/Sn with free tin", 505.08, "melting point of tin", "published",
        "the copper powder carries it, and more tin reacts meanwhile"),
    "clad": _metal(
        "Zn/Al/Zn clad", EUTECTIC, "eutectic of Zn-Al, 382 degC", "published",
        "its aluminium core stays solid, and its Zn-Al layers are pressed by nothing at this step"
    ),
    "Pb92.5Sn5Ag2.5": _metal("Pb92.5Sn5Ag2.5", 560.0, "solidus 287 degC (data sheets)", "unchecked"),
    "Pb5Sn": _metal("Pb5Sn", 581.0, "solidus 308 degC (data sheets)", "published"),
    "Pb97.5Ag2.5": _metal("Pb97.5Ag2.5", 577.0, "eutectic 304 degC (data sheets)", "unchecked"),
}  # fmt: skip
"""Joints that may be inside, by name."""


@dataclass(frozen=True)
class InsideStep:
    """What sealing does to a joint inside.

    Args:
        attach: which.
        fate: what happens.
        margin: K by which it is below the first thing that happens to it; negative if that happens.
        survives: whether it stays solid.
        sentence: the verdict in words.
    """

    attach: Attach
    fate: Fate
    margin: float
    survives: bool
    sentence: str


def inside(name: str, temperature: float = SEALING) -> InsideStep:
    """Return what sealing the cap does to a joint inside.

    Args:
        name: one of `ATTACHES`.
        temperature: of the sealing, K.

    Raises:
        InputError: for an unknown joint.
    """
    if name not in ATTACHES:
        raise InputError(f"cap seal: {unknown('joint', name, ATTACHES)}")
    joint = ATTACHES[name]
    margin = min(joint.melts, joint.softens) - temperature
    degrees = f"{temperature - 273.15:.0f} degC"
    fate: Fate
    if temperature >= joint.decomposes:
        fate = "softens and decomposes"
        why = (
            f"is above its glass transition ({joint.softens - 273.15:.0f} degC) and above the "
            f"{joint.decomposes - 273.15:.0f} degC where it decomposes"
        )
    elif temperature >= joint.softens:
        fate, why = "softens", f"is above its glass transition ({joint.softens - 273.15:.0f} degC)"
    elif temperature >= joint.melts:
        fate, why = "remelts", f"is {-margin:.0f} K above its melting ({joint.melts - 273.15:.0f} degC)"
    else:
        fate, why = "stays solid", f"is {margin:.0f} K below its melting ({joint.melts - 273.15:.0f} degC)"
    remark = f"; {joint.remark}" if joint.remark else ""
    sentence = f"{joint.name} {fate} when the cap is sealed: {degrees} {why}{remark} ({joint.status})."
    return InsideStep(joint, fate, margin, margin > 0.0, sentence)


def inside_all(temperature: float = SEALING) -> tuple[InsideStep, ...]:
    """Return what sealing at a temperature in K does to every joint of `ATTACHES`."""
    return tuple(inside(name, temperature) for name in ATTACHES)


def leak_channels(wetted: float, width: float, length: float, spot: float) -> float:
    """Return how many straight channels of unwetted spots are to be expected across a seal.

    Spots of one size are wetted or not by chance; a channel is one row of unwetted spots from inside to outside. Bent
    channels come on top, so the number is a lower bound.

    Args:
        wetted: share of the seal's area.
        width: of the seal, m.
        length: around the cap, m.
        spot: size of a spot, m (estimate).

    Raises:
        InputError: for numbers that cannot be.
    """
    if not 0.0 <= wetted <= 1.0:
        raise InputError(f"cap seal: a wetted share lies from 0 to 1; given is {wetted:g}")
    if not 0.0 < spot <= width <= length:
        raise InputError(f"cap seal: spot, width and length must rise; given are {spot:g}, {width:g}, {length:g} m")
    return length / spot * (1.0 - wetted) ** (width / spot)


@dataclass(frozen=True)
class Seal:
    """Whether a cap's seal holds.

    Args:
        grade: the document's measured grade: two only.
        wetted: share of the area at die attach on the same plating, if measured as a number or bound, else None.
        channels: straight leak channels to be expected at that share (estimate), None without a share.
        sentences: the measured grade; then, apart from it, what the channels say.
    """

    grade: Grade
    wetted: float | None
    channels: float | None
    sentences: tuple[str, ...]


_WETTED = {("clad", "Cu"): 0.80, ("clad", "Ni"): 0.90, ("clad", "Ni/Ag"): 0.90, ("clad", "Ni/Au"): 0.90}
"""At die attach (CN101185991, seed): about 80 %, and the lower bound 90 %."""


def seal(
    plating: str, material: str = "clad", width: float = 1e-3, length: float = 40e-3, spot: float = 0.3e-3
) -> Seal:
    """Return whether a cap's seal holds on a plating.

    Args:
        plating: of the base.
        material: ``clad`` or ``Zn-6Al``.
        width: of the seal, m (estimate: the document gives no size).
        length: around the cap, m (estimate).
        spot: size of wetted and unwetted spots, m (estimate).

    Raises:
        InputError: for what the document did not try, or numbers that cannot be.
    """
    row = sealed(material, plating)
    grade: Grade = "hermetic" if row.hermetic else "not hermetic"
    sentences = [f"{material} on {plating} is {grade}: {row.reason}. {NOT_A_PREDICTION}"]
    wetted = _WETTED.get((material, plating))
    if wetted is None:
        sentences.append("No wetted area of this seal is known, so no leak channels are counted.")
        return Seal(grade, None, None, tuple(sentences))
    channels = leak_channels(wetted, width, length, spot)
    sentences.append(
        f"If {wetted:.0%} are wetted, as at die attach, in spots of {spot * 1e3:g} mm by chance, {channels:.2g} "
        f"straight channels cross a seal {width * 1e3:g} mm wide and {length * 1e3:g} mm long (estimate): "
        f"{'one leak is enough' if channels >= 1.0 else f'{-math.expm1(-channels):.0%} of caps have one'}."
    )
    return Seal(grade, wetted, channels, tuple(sentences))


def seals(material: str = "clad") -> tuple[Seal, ...]:
    """Return the seal on each plating of `wetting.PLATINGS`."""
    return tuple(seal(plating, material) for plating in PLATINGS)
