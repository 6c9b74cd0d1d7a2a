"""A foil laminated under vacuum over steps: its upper face, how much it is drawn, and whether voids stay at the foot.

A modest model; what it assumes:

- The foil lies on the topography everywhere (vacuum, no trapped gas). Its upper face is the topography moved outwards
  by the local thickness: round convex edges with an arc about the edge, in concave ones with a fillet of a radius that
  is put in, as bending and flow leave it (an estimate; a radius of about the thickness is usual).
- The foil sticks where it first touches, on the level faces. Only walls and a draw length beside them give material;
  there the foil thins by one share, which fades out over the draw length as a cosine. Volume is kept: the section of
  the foil has the area that it had when it was flat.
- A gap that the bridging foil leaves at the foot closes like a cylindrical hole in an incompressible viscous body
  under pressure, ``da/dt = -p a/(2 mu)``: ``a = a0 exp(-p t/(2 mu))``. Surface tension helps and is left out.

Sources: the law of the hole is the viscous case of H. Poritsky, Proc. 1st US Nat. Congr. Appl. Mech. (1952) 813, in the
plane (derived); lamination over edges of more than 500 um: Siemens' US 10/590,901 (seed).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import brentq

from femsuite.errors import InputError
from femsuite.process.opening import checked, lengths

_STRAIGHT = 1e-9
"""Corners that turn less, rad, are none."""
_ARC = math.radians(5.0)
"""Turn of a chord of an arc."""
THINNEST = 0.05
"""Share of the foil below which it counts as torn (estimate)."""


@dataclass(frozen=True)
class Lamination:
    """A foil on its topography.

    Args:
        face: upper face, (n, 2), m, from left to right.
        thickness: of the foil at these points, the distance to the topography, (n,), m.
        thinnest: share of the flat foil's thickness that is left where it is drawn most.
        draw: draw ratio there, flat thickness over thickness.
        area: of the foil's section, m^2.
        flat: area of the same foil when it was flat, m^2.
    """

    face: np.ndarray = field(repr=False)
    thickness: np.ndarray = field(repr=False)
    thinnest: float
    draw: float
    area: float
    flat: float


def laminate(topography: np.ndarray, foil: float, draw_length: float, fillet: float | None = None) -> Lamination:
    """Return a foil on a topography.

    Args:
        topography: (n, 2), m, from left to right with the body below, level at both ends; walls may be upright.
        foil: thickness of the flat foil, m.
        draw_length: along level faces beside a wall, from which the foil gives material, m (estimate: the height of
            the step).
        fillet: radius of the upper face in concave corners, m; the foil's thickness if None (estimate).

    Raises:
        InputError: for lengths that are not positive, corners that lie too close for the foil, or a foil that tears.
    """
    line = checked(topography, "topography")
    radius = foil if fillet is None else fillet
    if not (foil > 0.0 and draw_length > 0.0 and radius > 0.0):
        raise InputError("lamination: foil, draw length and fillet must be longer than nothing")
    if line[0, 1] != line[1, 1] or line[-1, 1] != line[-2, 1]:
        raise InputError("lamination: the topography must be level at both ends")
    turns = _turns(line)
    _refuse_close(line, turns, foil + radius, draw_length)
    flat = foil * float(line[-1, 0] - line[0, 0])

    def excess(thinning: float) -> float:
        return _area(line, _face(line, turns, foil, thinning, draw_length, radius)) / flat - 1.0

    if abs(excess(0.0)) < 1e-13:
        thinning = 0.0
    elif excess(0.0) < 0.0:  # steps that only save material, as a deep slot with rounded edges: the foil gets thicker
        thinning = float(brentq(excess, -1.0, 0.0, xtol=1e-16, rtol=1e-15))
    elif excess(1.0 - THINNEST) > 0.0:
        raise InputError(
            f"lamination: a foil of {1e6 * foil:.0f} um would be drawn to less than {THINNEST:.0%} of its thickness "
            "and tears; take a thicker foil or a longer draw length"
        )
    else:
        thinning = float(brentq(excess, 0.0, 1.0 - THINNEST, xtol=1e-16, rtol=1e-15))
    face = _face(line, turns, foil, thinning, draw_length, radius)
    thickness = distance(line, face)
    return Lamination(face, thickness, 1.0 - thinning, 1.0 / (1.0 - thinning), _area(line, face), flat)


def distance(line: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the distance of points (m, 2) to a polyline (n, 2), (m,), m."""
    span = lengths(line)
    along = np.diff(line, axis=0) / span[:, None]
    apart = points[:, None, :] - line[None, :-1, :]
    part = np.clip(np.einsum("mnk,nk->mn", apart, along), 0.0, span)
    return np.asarray(np.linalg.norm(apart - part[..., None] * along, axis=-1).min(axis=1))


def _turns(line: np.ndarray) -> np.ndarray:
    """Return by how much the line turns at each inner point, (n - 2,), rad: to the right (convex) is positive."""
    step = np.diff(line, axis=0)
    cross = step[:-1, 0] * step[1:, 1] - step[:-1, 1] * step[1:, 0]
    return -np.arctan2(cross, np.sum(step[:-1] * step[1:], axis=1))


def _refuse_close(line: np.ndarray, turns: np.ndarray, reach: float, draw_length: float) -> None:
    """Refuse segments that two fillets overlap on, or ends that the draw length reaches."""
    span = lengths(line)
    taken = np.zeros(len(span))
    cut = np.where(turns < -_STRAIGHT, reach * np.tan(0.5 * np.abs(turns)), 0.0)
    taken[:-1] += cut
    taken[1:] += cut
    if np.any(taken > span):
        short = float(span[taken > span].min())
        raise InputError(
            f"lamination: a segment of {1e6 * short:.0f} um is too short for the fillets at its ends; take a thinner "
            "foil or a smaller fillet, or draw the corner as one"
        )
    bent = np.flatnonzero(np.abs(turns) > _STRAIGHT)
    if len(bent) and min(float(span[: bent[0] + 1].sum()), float(span[bent[-1] + 1 :].sum())) < draw_length + cut.max():
        raise InputError("lamination: the draw length reaches beyond an end of the topography; make its ends longer")


def _face(
    line: np.ndarray, turns: np.ndarray, foil: float, thinning: float, draw_length: float, radius: float
) -> np.ndarray:
    """Return the upper face, (n, 2), m, for a share of thinning where the foil is drawn most."""
    span = lengths(line)
    ends = np.concatenate([[0.0], np.cumsum(span)])
    along = np.diff(line, axis=0) / span[:, None]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    least = foil * (1.0 - thinning)
    cut = np.zeros(len(line))
    concave = turns < -_STRAIGHT
    cut[1:-1][concave] = (least + radius) * np.tan(0.5 * np.abs(turns[concave]))
    drawn = _drawn(line, ends, cut)
    pieces = []
    for number in range(len(span)):
        first, last = ends[number] + cut[number], ends[number + 1] - cut[number + 1]
        count = max(2, math.ceil(40.0 * span[number] / draw_length) + 1)
        at = np.linspace(first, last, min(count, 400))
        local = foil * (1.0 - thinning * _share(at, drawn, draw_length))
        pieces.append(line[number] + (at - ends[number])[:, None] * along[number] + local[:, None] * normal[number])
        if number < len(span) - 1 and abs(turns[number]) > _STRAIGHT:
            turn = turns[number]
            corner = line[number + 1]
            start = math.atan2(normal[number, 1], normal[number, 0])
            angles = start - np.linspace(0.0, turn, max(3, math.ceil(abs(turn) / _ARC) + 1))[1:-1]
            rays = np.column_stack([np.cos(angles), np.sin(angles)])
            if turn > 0.0:
                thick = foil * (1.0 - thinning * float(_share(np.array([ends[number + 1]]), drawn, draw_length)[0]))
                pieces.append(corner + thick * rays)
            else:
                middle = corner - cut[number + 1] * along[number] + (least + radius) * normal[number]
                pieces.append(middle - radius * rays)
    face = np.concatenate(pieces)
    return face[np.concatenate([[True], np.any(np.abs(np.diff(face, axis=0)) > 1e-15, axis=1)])]


def _drawn(line: np.ndarray, ends: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """Return the intervals of length along the line in which the foil is drawn fully, (k, 2): walls and fillets."""
    step = np.diff(line, axis=0)
    slanted = np.flatnonzero(np.abs(step[:, 1]) > np.tan(_STRAIGHT) * np.abs(step[:, 0]))
    return np.array([[ends[i] - cut[i], ends[i + 1] + cut[i + 1]] for i in slanted]).reshape(-1, 2)


def _share(at: np.ndarray, drawn: np.ndarray, draw_length: float) -> np.ndarray:
    """Return how fully the foil is drawn at lengths along the line: 1 in the intervals, fading out beside them."""
    if not len(drawn):
        return np.zeros(len(at))
    away = np.maximum(np.maximum(drawn[:, 0] - at[:, None], at[:, None] - drawn[:, 1]), 0.0).min(axis=1)
    return np.where(away < draw_length, 0.5 * (1.0 + np.cos(math.pi * np.minimum(away / draw_length, 1.0))), 0.0)


def _area(line: np.ndarray, face: np.ndarray) -> float:
    """Return the area between topography and upper face, m^2, by Gauss's formula."""
    loop = np.concatenate([line, face[::-1]])
    loop = loop - loop.mean(axis=0)  # small numbers keep the digits
    x, z = loop.T
    return float(0.5 * np.sum(x * np.roll(z, -1) - np.roll(x, -1) * z))


@dataclass(frozen=True)
class Void:
    """The gap at the foot of a step after lamination, over the band of the viscosity.

    Args:
        least: its radius at the low end of the viscosity, m.
        most: at the high end, m.
        stays: ``no``, ``yes``, or ``perhaps`` where the band does not tell.
        sentence: the verdict in words.
    """

    least: float
    most: float
    stays: str
    sentence: str


def void(
    gap: float, pressure: float, time: float, viscosity: float, factor: float = 3.0, allowed: float = 1e-6
) -> Void:
    """Return whether the gap that the bridging foil leaves at the foot of a step closes: ``a0 exp(-p t/(2 mu))``.

    Args:
        gap: a0, radius of the gap at first; the height of the step if nothing better is known, m.
        pressure: p of the press over the vacuum, Pa.
        time: of pressing, s.
        viscosity: mu of the foil's resin at the temperature of the press, Pa s (a foil's data sheet; else an estimate).
        factor: by which the viscosity may be less or more.
        allowed: radius that counts as none, m: the roughness.

    Raises:
        InputError: for numbers that are not positive, or a factor below 1.
    """
    if not (gap > 0.0 and pressure > 0.0 and time >= 0.0 and viscosity > 0.0 and allowed > 0.0 and factor >= 1.0):
        raise InputError(
            "lamination: gap, pressure, viscosity and allowed radius must be positive, the factor 1 or more"
        )
    least, most = (closed(gap, pressure, time, mu) for mu in (viscosity / factor, viscosity * factor))
    stays = "no" if most <= allowed else "yes" if least > allowed else "perhaps"
    verdict = {"no": "no void stays", "yes": "a void stays", "perhaps": "a void may stay"}[stays]
    sentence = (
        f"A gap of {1e6 * gap:.0f} um under {pressure / 1e5:.1f} bar for {time:.0f} s closes to {_um(least)} to "
        f"{_um(most)} um for a viscosity of {viscosity:.3g} Pa s within a factor of {factor:g}: {verdict} "
        f"(allowed {1e6 * allowed:.2g} um)."
    )
    return Void(least, most, stays, sentence)


def _um(radius: float) -> str:
    """Return a radius (m) in um, for a sentence; below an atom's size it is nothing."""
    return f"{1e6 * radius:.2g}" if radius > 1e-10 else "0"


def closed(gap: float, pressure: float, time: float, viscosity: float) -> float:
    """Return the radius of a cylindrical hole in a viscous body after a time, m; arguments as of `void`."""
    return gap * math.exp(-min(pressure * time / (2.0 * viscosity), 700.0))
