"""The steps of the method in sentences, with the estimates that they rest on and what these leave open."""

from __future__ import annotations

import math

from femsuite.process.deposition import Deposit
from femsuite.process.method_lead import Plated
from femsuite.process.method_options import (
    AblationOptions,
    DepositionOptions,
    LaminationOptions,
    PlatingOptions,
    SealingOptions,
    Step,
)
from femsuite.process.method_steps import BAND, Filmed, Laminated, Opened

HOUR = 3600.0


def um(value: float) -> str:
    """Return a length (m) in micrometres."""
    return f"{1e6 * value:.3g} um"


def lamination(options: LaminationOptions, made: Laminated) -> str:
    """Say what the foil came to."""
    return (
        f"Lamination: a foil of {um(sum(options.foils))} over a step of {um(options.step)} is {um(sum(made.foils))} "
        f"at the opening, {um(made.side)} on the chip's side and {um(made.least)} at its thinnest. {made.gap.sentence}"
    )


def ablation(options: AblationOptions, made: Opened) -> str:
    """Say what the laser left, and over which part of the threshold's band."""
    low, high = (math.degrees(one) for one in made.band)
    ratio = options.fluence / options.threshold
    tried, opens = len(BAND), round(made.opens * len(BAND))
    whole = "it cuts through all over the band" if opens == tried else f"it cuts through at {opens} of {tried} values"
    verdicts = {steepness(one) for one in (*made.band, made.angle)}
    words = next(iter(verdicts)) if len(verdicts) == 1 else f"{steepness(made.angle)}, but not all over the band"
    return (
        f"Laser: {options.fluence / 1e4:.3g} J/cm^2 at {1e6 * options.wavelength:.3g} um, {ratio:.2g} times the "
        f"threshold, opens {um(made.depth)} of foil with a wall of {math.degrees(made.angle):.3g} degrees: {words}. "
        f"At this threshold no wall gets steeper than {math.degrees(made.limit):.3g} degrees. Over a threshold "
        f"within a factor of {options.threshold_factor:g}, {whole}, with {low:.3g} to {high:.3g} degrees. The "
        f"opening is {um(2.0 * made.half_floor)} wide at its foot and {um(2.0 * made.half_top)} at its top."
    )


def steepness(angle: float) -> str:
    """Return what the patent says of a wall's angle, rad."""
    degrees = math.degrees(angle)
    if 50.0 <= degrees <= 70.0:
        return "within the 50 to 70 degrees that the patent prefers"
    if 30.0 <= degrees <= 80.0:
        return "within the patent's 30 to 80 degrees, outside the 50 to 70 that it prefers"
    return "outside the patent's 30 to 80 degrees"


def deposition(options: DepositionOptions, made: Filmed, band: tuple[float, float]) -> str:
    """Say what the vapour left where, and on the walls at the ends of the threshold's band."""
    film, total = made.film, options.thickness
    layers = "/".join(one.name for one in options.films)
    walls = [f"{one.name} {1e6 * one.thickness * film.thinnest:.3g}" for one in options.films]
    each = f" ({', '.join(walls)} um)" if len(walls) > 1 else ""
    least, most = sorted(band)
    return (
        f"Vapour deposition of {layers}: of {um(total)} on a level face {um(total * film.floor)} reach the floor, "
        f"{um(total * film.wall)} the wall in the mean and {um(total * film.thinnest)} its thinnest place{each}, "
        f"{um(made.place)} above the contact. Over the laser's band of walls the thinnest place gets "
        f"{um(total * least)} to {um(total * most)}."
    )


def sealing(options: SealingOptions) -> str:
    """Say what is covered."""
    if not options.sealed:
        return "Sealing: none; the lead's metal grows in the opening too."
    first = f", after {um(options.plated_before)} everywhere" if options.plated_before else ""
    return f"Sealing: resist covers the opening and {um(options.overlap)} beside its rim{first}."


def plating(options: PlatingOptions, sealed: SealingOptions, made: Plated, band: tuple[float, float]) -> str:
    """Say how long the lead takes, how even it is and what grows in the opening."""
    grown = f"nothing grows in the opening, whose film stays {um(made.hollow)} deep below the rim"
    if made.floor > 0.0:
        grown = (
            f"in the opening it grows {um(made.floor)} over the middle of the floor and {um(made.wall)} on the wall, "
            f"with a hollow of {um(made.hollow)} left"
        )
    even = "even within 5 %" if max(*band, made.evenness) <= 1.05 else "uneven by more than 5 %"
    over = "all over the band" if (max(band) <= 1.05) == (min(band) <= 1.05) else "at one end of the band"
    crossed = sealed.sealed and sealed.resist is not None and sealed.resist < options.thickness
    warning = " The resist is thinner than the lead, which spreads over it; that is not followed." if crossed else ""
    if not made.followed:
        warning += (
            " The face crosses itself as it grows, as where lips close over a hollow: thicknesses are those of the "
            "current at the start, kept throughout."
        )
    return (
        f"Electrodeposition of {options.metal}: {um(options.thickness)} at {options.current_density / 100.0:.3g} "
        f"A/dm^2 take {made.time / HOUR:.2f} h; {grown}. The lead is {um(made.least)} to {um(made.most)} outside the "
        f"opening, a ratio of {made.evenness:.3f}, {band[0]:.3f} to {band[1]:.3f} over kinetics within a factor of "
        f"{options.exchange_factor:g}: {even} {over} (Wagner's number over the depth {made.wagner:.3g}).{warning}"
    )


def known(name: str, step: Step) -> list[str]:
    """Say which numbers of a step are estimates, and how well those are known that the study gives."""
    told = []
    if step.estimates():
        told.append(f"Estimates of the {name} that nobody gave: {'; '.join(step.estimates())}.")
    if step.given() and (step.source or step.ESTIMATES):
        source = f": {step.source}" if step.source else ""
        told.append(f"Given to the {name} ({step.status}{source}): {', '.join(step.given())}.")
    return told


def handed(options: DepositionOptions, coating: bool, source: Deposit | None) -> str:
    """Say whether the solve takes the film from the same vapour."""
    name = options.coating
    if coating and source == options.vapour:
        return f"The solve's coating '{name}' is deposited from the same source, so it has this film."
    if coating and source is not None:
        return f"The solve's coating '{name}' is deposited from another source than the method's film ([deposits])."
    if coating:
        return f"The solve's coating '{name}' is even; [deposits] with the method's source would hand this film on."
    return f"The solve has no coating '{name}': the film of the method is not handed on, only compared."
