"""The wall of an opening that laser pulses make in a foil: depth per pulse, profile, angle, steps.

A pulse of fluence F removes the depth in which it deposits more than a threshold: normal to the face,
``d = (1/alpha) ln(F cos(theta)/F_th)`` (Beer and Lambert, "blow-off"), theta the angle of incidence: a slope spreads
the pulse over more face. Where ``cos(theta) < F_th/F`` nothing goes: no wall gets steeper than ``arccos(F_th/F)``.
That is why a beam of soft edge leaves a bevel, and more fluence or more pulses a steeper one.

What is left out: reflection at walls, plume, heat that builds up from pulse to pulse, melting, carbon. The metal below
stops the hole (it reflects at 9 um).

Sources: R. Srinivasan, B. Braren, Chem. Rev. 89 (1989) 1303; D. Baeuerle, Laser Processing and Chemistry, 4th ed.
(2011), ch. 12; slope: the projected fluence. The radius of a crater, ``w sqrt(ln(F0/F_th)/2)``: J. M. Liu, Opt. Lett. 7
(1982) 196 (all from memory, unchecked).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from femsuite.errors import InputError


@dataclass(frozen=True)
class Foil:
    """What a foil's material makes of light.

    Args:
        absorption: alpha, 1/m.
        threshold: F_th, J/m^2.
        source: of both.
        status: as of all numbers in this room.
    """

    absorption: float
    threshold: float
    source: str = "given"
    status: Literal["published", "seed", "derived", "unchecked", "estimate"] = "unchecked"

    def __post_init__(self) -> None:
        if not (self.absorption > 0.0 and self.threshold > 0.0):
            raise InputError("ablation: absorption and threshold of a foil must be positive")


POLYIMIDE = Foil(
    1.35e5,
    2.3e4,
    "alpha = 4 pi k/lambda with k = 0.099 at 9.24 um of polyetherimide, its nearest kin with a table (X. Zhang et al., "
    "J. Quant. Spectrosc. Radiat. Transf. 252 (2020) 107063, in refractiveindex.info); polyimide itself may differ by "
    "2 either way. F_th = rho H/alpha with 1420 kg/m^3 and 2.2 MJ/kg to heat and decompose",
    "estimate",
)
"""Polyimide at 9.24 um, the line of the CO2 laser in Siemens' US 10/590,901."""


@dataclass(frozen=True)
class Beam:
    """Gaussian pulses: ``F(r) = F0 exp(-2 r^2/w^2)``.

    Args:
        peak: F0, J/m^2.
        radius: w, to 1/e^2 of the peak, m.
    """

    peak: float
    radius: float

    def __post_init__(self) -> None:
        if not (self.peak > 0.0 and self.radius > 0.0):
            raise InputError("ablation: fluence and radius of a beam must be positive")

    @property
    def energy(self) -> float:
        """Of a pulse, J: ``pi w^2 F0/2``."""
        return 0.5 * math.pi * self.radius**2 * self.peak

    def at(self, across: np.ndarray, along: float = 0.0) -> np.ndarray:
        """Return the fluence at places (m,) from the spot's centre line, J/m^2, ``along`` m before or behind it."""
        return self.peak * np.exp(-2.0 * (across**2 + along**2) / self.radius**2)


def depth(foil: Foil, fluence: np.ndarray, slope: np.ndarray | float = 0.0) -> np.ndarray:
    """Return the depth that a pulse removes normal to a face, m.

    Args:
        foil: what it hits.
        fluence: across the beam, J/m^2.
        slope: of the face, dz/dx: the tangent of the angle of incidence.
    """
    onto = np.asarray(fluence, dtype=np.float64) / np.sqrt(1.0 + np.square(slope))
    return np.log(np.maximum(onto / foil.threshold, 1.0)) / foil.absorption


def crater_radius(foil: Foil, beam: Beam) -> float:
    """Return the radius of the crater of one pulse, m; 0 below the threshold."""
    return beam.radius * math.sqrt(max(0.5 * math.log(beam.peak / foil.threshold), 0.0))


def limit_angle(foil: Foil, fluence: float) -> float:
    """Return the steepest wall that a fluence (J/m^2) still removes: ``arccos(F_th/F)``, rad; 0 below the threshold."""
    return math.acos(min(foil.threshold / fluence, 1.0))


@dataclass(frozen=True)
class Scan:
    """How a window is cut: the beam runs along contours, one inside the other, pass after pass.

    Args:
        pitch: from pulse to pulse along a contour, m.
        spacing: from contour to contour, m.
        contours: number of them; the innermost lies ``spacing (contours - 1)`` inside the outermost.
        passes: over all contours.
    """

    pitch: float
    spacing: float
    contours: int
    passes: int

    def __post_init__(self) -> None:
        if not (self.pitch > 0.0 and self.spacing > 0.0 and self.contours >= 1 and self.passes >= 1):
            raise InputError("ablation: pitch and spacing must be positive, contours and passes 1 or more")


@dataclass(frozen=True)
class Wall:
    """One wall of a window, its section across the contour.

    Args:
        profile: (n, 2), m: x from the outermost contour, outwards positive; z from the foil's lower face; from the
            floor to the top.
        angle: of the wall to the floor, mean over 10 to 90 % of the depth, rad.
        taper: by how much the wall stands back from foot to top, m, over the same share of the depth, scaled to all.
        through: whether the foil is open at the window's middle.
        pulses: that the section has seen.
    """

    profile: np.ndarray = field(repr=False)
    angle: float
    taper: float
    through: bool
    pulses: int


def wall(foil: Foil, thickness: float, beam: Beam, scan: Scan, step: float | None = None) -> Wall:
    """Return the wall that a scan leaves in a foil.

    The section lies across a straight side of the window, far from its corners. It sees every pulse whose spot reaches
    it, in their order; the face moves by ``d`` along its normal, which is solved as a Hamilton-Jacobi equation with the
    local Lax-Friedrichs flux, in parts of a pulse short enough for it (S. Osher, C.-W. Shu, SIAM J. Numer. Anal. 28
    (1991) 907): of first order in ``step``.

    Args:
        foil: of what.
        thickness: of the foil, m.
        beam: of the laser.
        scan: of the beam.
        step: width of the cells of the section, m; the 60th part of the beam's radius if None.

    Raises:
        InputError: for a foil without thickness, or a beam below the threshold.
    """
    if not thickness > 0.0:
        raise InputError(f"ablation: a foil must be thicker than nothing; given is {thickness:g} m")
    if beam.peak <= foil.threshold:
        raise InputError(
            f"ablation: the peak of {beam.peak / 1e4:.3g} J/cm^2 does not reach the threshold of "
            f"{foil.threshold / 1e4:.3g} J/cm^2: nothing is removed"
        )
    width = beam.radius / 60.0 if step is None else step
    reach = crater_radius(foil, beam)
    inner = -scan.spacing * (scan.contours - 1)
    x = np.arange(inner, 1.2 * reach + 4.0 * width, width)
    z = np.full(len(x), thickness)
    ahead = int(reach / scan.pitch)
    pulses = 0
    for _ in range(scan.passes):
        for contour in range(scan.contours):
            centre = -scan.spacing * contour
            for number in range(-ahead, ahead + 1):
                z = removed(foil, beam.at(x - centre, number * scan.pitch), z, width)
                pulses += 1
    profile = np.column_stack([x, z])
    through = bool(z[0] <= 0.0)
    return Wall(profile, *_angle(profile, thickness), through, pulses)


def removed(foil: Foil, fluence: np.ndarray, height: np.ndarray, width: float) -> np.ndarray:
    """Return the heights of a section after one pulse, (n,), m; the metal at height 0 stops it.

    Args:
        foil: of what.
        fluence: of the pulse at the cells, (n,), J/m^2.
        height: before, (n,), m.
        width: of a cell, m.
    """
    lit = np.log(np.maximum(fluence / foil.threshold, 1.0))
    strongest = float(lit.max())
    if strongest == 0.0:
        return height
    # with p the slope and L the logarithm, |d speed/dp| = |p (L - ln(1 + p^2)/2 - 1)|/sqrt(1 + p^2)/alpha
    fastest = max(strongest, 1.0) / foil.absorption
    parts = max(1, math.ceil(fastest / (0.9 * width)))
    for _ in range(parts):
        edge = np.concatenate([height[:1], height, height[-1:]])
        ahead = np.diff(edge) / width
        slope = 0.5 * (ahead[1:] + ahead[:-1])
        speed = np.sqrt(1.0 + slope**2) * depth(foil, fluence, slope)
        # a face that no light removes shall not be smoothed either
        smooth = np.where(speed > 0.0, 0.5 * fastest * np.diff(ahead), 0.0)
        height = np.maximum(height - (speed - smooth) / parts, 0.0)
    return height


def _angle(profile: np.ndarray, thickness: float) -> tuple[float, float]:
    """Return angle (rad) and taper (m) between 10 and 90 % of the depth that was reached."""
    x, z = profile.T
    low = float(z[0])
    total = thickness - low
    rising = np.maximum.accumulate(z)
    ends = [low + share * total for share in (0.1, 0.9)]
    first, last = (float(np.interp(end, *_once(rising, x))) for end in ends)
    return math.atan2(0.8 * total, last - first), (last - first) / 0.8


def _once(heights: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rising heights without repeats, and the last place at each."""
    keep = np.concatenate([np.diff(heights) > 0.0, [True]])
    return heights[keep], places[keep]


def stepped(walls: Sequence[Wall], thicknesses: Sequence[float], ledges: Sequence[float]) -> np.ndarray:
    """Return the wall through foils that were opened one after the other, the upper ones by wider scans.

    Each foil is taken to be opened down to the one below and no further, whose upper face is then the ledge.

    Args:
        walls: of each foil, from the floor up.
        thicknesses: of the foils, m.
        ledges: level width between the top of each wall and the foot of the next, m, one fewer than foils.

    Returns:
        (n, 2), m, from the foot of the lowest wall at x = 0, z = 0 up.

    Raises:
        InputError: for numbers that do not belong together, or a foil that is not open.
    """
    if not walls or len(walls) != len(thicknesses) or len(ledges) != len(walls) - 1 or any(w < 0.0 for w in ledges):
        raise InputError("ablation: give one wall and thickness for each foil, and one ledge fewer")
    pieces, x, z = [], 0.0, 0.0
    for number, one in enumerate(walls):
        if not one.through:
            raise InputError(f"ablation: foil {number + 1} is not open; it takes more pulses or more fluence")
        part = risen(one.profile, thicknesses[number])
        pieces.append(part - part[0] + [x, z])
        x, z = pieces[-1][-1]
        x += ledges[number] if number < len(ledges) else 0.0
    return np.concatenate(pieces)


def risen(profile: np.ndarray, thickness: float) -> np.ndarray:
    """Return the part of a wall between floor and top, with one point of each: a section without level ends."""
    z = profile[:, 1]
    slack = 1e-6 * thickness
    first = int(np.flatnonzero(z > z[0] + slack)[0]) - 1
    last = int(np.flatnonzero(z < thickness - slack)[-1]) + 1
    return profile[first : last + 1]
