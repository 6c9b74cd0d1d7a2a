"""What does not fit together in the parameters of an opening, in words: walls that meet, metal that closes it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from femsuite.geometry.mitre import bend, foot_reach, rim_reach
from femsuite.units import pretty


def wide_walls(p: Any) -> Iterator[str]:
    """Return what is wrong where walls and treads spread to the pitch; ``p`` are the parameters of the opening."""
    directions = [("x", p.foot[0], p.pitch_x)]
    if p.solid:
        directions.append(("y", p.foot[1], p.pitch_y))
    for axis, foot, pitch in directions:
        room, place = 0.5 * (pitch - foot), 0.0
        for number, foil in enumerate(p.foils, 1):
            if place + foil.tread >= room > place:
                yield (
                    f"the tread of {told(foil.tread)} below foil {number} is wider than what foil {number - 1} "
                    f"leaves for it, {told(room - place)} to half of pitch_{axis} {told(pitch)}"
                )
                return
            place += foil.tread + foil.thickness / math.tan(foil.angle)
        if place + p.foot_size >= room:
            yield (
                f"the openings of two neighbours meet: walls and treads reach {told(place)} outwards, and from the "
                f"foot of {told(foot)} to half of pitch_{axis} {told(pitch)} there are {told(room)}"
            )
            return
        if p.lead > 0.0 and place + p.setback + p.foot_size >= room:
            yield (
                f"a setback of {told(p.setback)} leaves no lead: from the rim to half of pitch_{axis} {told(pitch)} "
                f"there are {told(room - place)}"
            )


def thick_metal(p: Any) -> Iterator[str]:
    """Return what is wrong where metal fills the opening or hides walls and treads; arguments as for `wide_walls`."""
    wall, floor, top = p.metal
    half, last = 0.5 * min(p.foot), p.foils[-1]
    closed = foot_reach(p.foils[0].angle, wall, floor)[0]
    if closed >= 0.9 * half:
        what = f"plating of {told(p.plating)} on the film" if p.inside == "plated" else f"film of {told(wall[-1])}"
        yield f"a {what} closes the opening, which is {told(2.0 * half)} wide at its foot"
        return
    round_end = 0.5 * p.foot[0] ** 2 / p.foot[1]  # radius of curvature
    if p.solid and p.shape == "ellipse" and 1.1 * closed >= round_end:
        yield (
            f"the metal at the foot reaches {told(closed)} inwards, and the ends of the ellipse are as sharp as a "
            f"radius of {told(round_end)}; a stadium is blunter"
        )
    if p.inside == "pillar" and 0.5 * p.pillar_width >= half - closed - p.foot_size:
        yield (
            f"pillar_width {told(p.pillar_width)} is wider than the floor leaves between the walls' metal, "
            f"{told(2.0 * (half - closed))}, less an element of {told(p.foot_size)} on either side"
        )
    for index, foil in enumerate(p.foils):
        long, taken = foil.thickness / math.sin(foil.angle), _taken(p, index)
        if taken >= 0.95 * long:
            yield (
                f"the metal of {told(wall[-1])} is too thick for the wall of foil {index + 1}, which is {told(long)} "
                f"long while the metal's bends take {told(taken)}"
            )
        if index > 0 and foil.tread > 0.0:
            below = p.foils[index - 1].angle
            need = 1.1 * (foot_reach(foil.angle, wall, top)[0] + _past_rim(p, below))
            if foil.tread <= need:
                yield (
                    f"the tread of {told(foil.tread)} below foil {index + 1} is covered by the metal on the walls "
                    f"beside it; give 0 um or more than {told(need)}"
                )
    need = _past_rim(p, last.angle) + 0.2 * top[-1]
    if p.lead > 0.0 and 0.0 < p.setback <= need:
        yield f"a setback of {told(p.setback)} is within the film's bend at the rim; give 0 um or over {told(need)}"


def _past_rim(p: Any, angle: float) -> float:
    """Return how far the block of a rim's metal reaches outwards of the rim, m."""
    wall, _, top = p.metal
    return max(0.0, rim_reach(angle, wall, top)[0] - float(bend(angle, wall, top)[0][-1]))


def _taken(p: Any, index: int) -> float:
    """Return how much of the length of a foil's wall the metal's bends take, on the foil or on the surface, m."""
    wall, floor, top = p.metal
    foil, foils = p.foils[index], p.foils
    flat = floor if index == 0 else top
    if index > 0 and foil.tread == 0.0:
        low = (0.0, float(wall[-1]) * math.tan(0.5 * (foil.angle - foils[index - 1].angle)))
    else:
        low = (foot_reach(foil.angle, wall, flat)[1], float(bend(foil.angle, wall, flat)[1][-1]))
    if index + 1 < len(foils) and foils[index + 1].tread == 0.0:
        high = (0.0, float(wall[-1]) * math.tan(0.5 * (foils[index + 1].angle - foil.angle)))
    else:
        high = (0.0, rim_reach(foil.angle, wall, top)[1] - float(bend(foil.angle, wall, top)[1][-1]))
    return max(low[0] + high[0], low[1] + high[1])


def told(length: float) -> str:
    """Return a length in metres in words."""
    return pretty(length, "m")
