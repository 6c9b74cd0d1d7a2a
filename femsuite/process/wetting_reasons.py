"""A class of wetting that follows from reasons, and how much zinc a rough frame needs.

The reasons: aluminium on the face that melts, the temperature, the plating. They give a class to compare with what was
measured (`wetting`), never a wetted area.
"""

from __future__ import annotations

from dataclasses import dataclass

from femsuite.errors import InputError
from femsuite.process.phase_diagram import EUTECTIC, ZINC_MELTS
from femsuite.process.wetting import Grade, check_names
from femsuite.process.zinc_face import LIMIT

LEAST_ZINC = 5e-6
"""m: below this the whole joint is hardly wetted (CN101185991, seed)."""


@dataclass(frozen=True)
class Prediction:
    """A class that follows from reasons, without a number of wetted area.

    Args:
        grade: as the document grades, to be compared with it.
        reasons: what was looked at, one sentence each.
    """

    grade: Grade
    reasons: tuple[str, ...]


def predicted(surface_aluminium: float, temperature: float, plating: str, melting: float = EUTECTIC) -> Prediction:
    """Return the class of wetting that reasons give.

    That good wetting comes back above the melting point of zinc, film or not, is itself a finding of CN101185991 and
    no law; the rest does not know the document's results.

    Args:
        surface_aluminium: mass fraction on the face that meets the frame, e.g. from `zinc_face.after`.
        temperature: of the bonding, K.
        plating: one of `PLATINGS`.
        melting: where the material melts, K: the eutectic for the clad, `ZINC_MELTS` for zinc.

    Raises:
        InputError: for an unknown plating, or a fraction that is not from 0 to 1.
    """
    check_names("clad", plating)
    if not 0.0 <= surface_aluminium <= 1.0:
        raise InputError(f"wetting: a mass fraction lies from 0 to 1; given is {surface_aluminium:g}")
    clean, hot, nickel = surface_aluminium < LIMIT, temperature >= ZINC_MELTS, plating != "Cu"
    reasons = [
        f"Aluminium on the face is {100 * surface_aluminium:.2g} wt%, {'below' if clean else 'not below'} 0.01 wt%: "
        f"{'no film hinders' if clean else 'its oxide makes a film'}.",
        f"{temperature - 273.15:.0f} degC is {'above' if temperature > melting else 'not above'} the "
        f"{melting - 273.15:.0f} degC where it melts.",
        f"The frame offers {'nickel' if nickel else 'copper, which reacts with zinc and is wetted less evenly'}.",
    ]
    if temperature <= melting:
        return Prediction("bad", tuple(reasons))
    if not clean and not hot:
        return Prediction("bad", tuple(reasons))
    if hot:
        reasons.append("Above the melting point of zinc all frames were wetted well (CN101185991).")
        return Prediction("good", tuple(reasons))
    return Prediction("good" if nickel else "middling", tuple(reasons))


def least_zinc(roughness: float, liquid_share: float = 0.5, faces: int = 1) -> float:
    """Return the zinc, m, whose liquid fills the roughness of a frame over the whole area.

    Half a profile of triangles is empty, so ``faces Rz/2``; the seed's limit is 5 um (`LEAST_ZINC`).

    Args:
        roughness: Rz, peak to valley, m (an estimate: the document gives none).
        liquid_share: empty share of the volume between peaks and valleys (estimate).
        faces: rough faces that one layer must fill.

    Raises:
        InputError: for numbers that cannot be.
    """
    if not (roughness >= 0.0 and 0.0 < liquid_share <= 1.0 and faces >= 1):
        raise InputError("wetting: a roughness is from 0 m on, its empty share from above 0 to 1, its faces 1 or more")
    return faces * liquid_share * roughness


def zinc_sentence(zinc: float, roughness: float) -> str:
    """Return whether a zinc layer in m fills a roughness Rz in m, and how it lies to the seed's limit, in words."""
    need = least_zinc(roughness)
    return (
        f"{zinc * 1e6:.3g} um of zinc {'fill' if zinc >= need else 'do not fill'} a roughness Rz of "
        f"{roughness * 1e6:.3g} um (estimate), which takes {need * 1e6:.3g} um; the limit of CN101185991 is "
        f"{LEAST_ZINC * 1e6:g} um: {'kept' if zinc >= LEAST_ZINC else 'not kept'}."
    )
