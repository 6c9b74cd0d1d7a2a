"""The steps of the method before the lead, each handing its result on: foil over the step, window, film."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import numpy as np

from femsuite.errors import InputError
from femsuite.process.ablation import Beam, Foil, Scan, Wall, limit_angle, risen, stepped, wall
from femsuite.process.deposition import on_section
from femsuite.process.lamination import Lamination, Void, laminate, void
from femsuite.process.method_options import AblationOptions, DepositionOptions, LaminationOptions
from femsuite.process.opening import Film, film, lengths, middles, subdivide

_WALL_PARTS = 40
"""Parts of each wall for the film."""
BAND = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""Powers of its factor at which the threshold's band is tried."""


@dataclass(frozen=True)
class Laminated:
    """The foil over the chip's step, whose upper edge lies at x = 0 with the chip to its left.

    Args:
        foil: its upper face and thickness.
        topography: below it, (n, 2), m.
        foils: thickness of each partial foil at the opening, from below, m.
        side: thickness on the upright side, at half its height, m.
        least: at the thinnest place, m.
        gap: what is left of the gap at the foot of the step.
    """

    foil: Lamination
    topography: np.ndarray = field(repr=False)
    foils: tuple[float, ...]
    side: float
    least: float
    gap: Void


def laminated(options: LaminationOptions) -> Laminated:
    """Return the foil as laminated.

    Raises:
        InputError: a foil that tears.
    """
    flat = sum(options.foils)
    draw = options.step if options.draw_length is None else options.draw_length
    fillet = flat if options.fillet is None else options.fillet
    reach = draw + 2.0 * (flat + fillet)
    left = max(reach, 1.01 * options.from_edge)
    topography = np.array([[-left, options.step], [0.0, options.step], [0.0, 0.0], [reach, 0.0]])
    made = laminate(topography, flat, draw, options.fillet)
    x, z = made.face.T
    above = (x <= 0.0) & (z > options.step)
    here = float(np.interp(-options.from_edge, x[above], made.thickness[above]))
    beside = (x > 0.0) & (z < options.step)
    side = float(np.interp(0.5 * options.step, z[beside][::-1], made.thickness[beside][::-1]))
    gap = void(
        options.step, options.pressure, options.time, options.viscosity, options.viscosity_factor, options.allowed_void
    )
    return Laminated(
        made, topography, tuple(one * here / flat for one in options.foils), side, float(made.thickness.min()), gap
    )


@dataclass(frozen=True)
class Opened:
    """The window in the foil.

    Args:
        walls: of each foil, from below.
        foils: their thicknesses, m.
        angle: of the walls to the floor, mean over their height, rad.
        ends: walls over the threshold's band, the flattest and the steepest of those that open.
        opens: share of the band's values at which the foil is opened.
        limit: steepest wall that the fluence removes, rad.
        half_floor: half the width on the contact face, m.
        half_top: half the width where the wall ends above, m.
        half_pitch: half the distance of neighbouring openings, m.
        ledges: between the walls, m.
        round_: turned about its middle.
    """

    walls: tuple[Wall, ...]
    foils: tuple[float, ...]
    angle: float
    ends: tuple[tuple[Wall, ...], tuple[Wall, ...]] = field(repr=False)
    opens: float
    limit: float
    half_floor: float
    half_top: float
    half_pitch: float
    ledges: tuple[float, ...]
    round_: bool

    @property
    def depth(self) -> float:
        """Of the window, m."""
        return sum(self.foils)

    @property
    def band(self) -> tuple[float, float]:
        """Flattest and steepest wall over the threshold's band, rad."""
        low, high = (_mean_angle(walls, self.foils) for walls in self.ends)
        return low, high

    def at_ends(self) -> list[Opened]:
        """Return the windows with the flattest and the steepest wall of the band, on the same floor."""
        return [dataclasses.replace(self, walls=walls, half_pitch=2.0 * self.half_pitch) for walls in self.ends]

    def section(self, parts: int) -> np.ndarray:
        """Return the right half from the middle to half the pitch, (n, 2), m, each wall in so many equal parts."""
        coarse = [
            dataclasses.replace(one, profile=_even(risen(one.profile, foil), parts))
            for one, foil in zip(self.walls, self.foils, strict=True)
        ]
        side = stepped(coarse, self.foils, self.ledges)
        side = side[np.concatenate([[True], lengths(side) > 0.0])] + [self.half_floor, 0.0]
        return np.concatenate([[[0.0, 0.0]], side, [[self.half_pitch, side[-1, 1]]]])


def opened(options: AblationOptions, foils: tuple[float, ...]) -> Opened:
    """Return the window in foils as laminated, from below, m.

    Raises:
        InputError: a beam below the threshold or one that does not cut through, ledges that do not fit the foils, a
            window that its walls close or that reaches its neighbour.
    """
    if len(options.ledges) != len(foils) - 1:
        raise InputError(
            f"{len(foils)} partial foil{'s' * (len(foils) > 1)} and {len(options.ledges)} ledges: give a ledge on top "
            "of every foil but the last; 0 um for none"
        )
    walls = tuple(_cut(options, foil, options.threshold) for foil in foils)
    shut = next(((number, one) for number, one in enumerate(walls) if not one.through), None)
    if shut is not None:
        number, one = shut
        raise InputError(
            f"the beam never cuts through: {1e6 * one.profile[0, 1]:.3g} um of the {1e6 * foils[number]:.3g} um of "
            f"foil {number + 1} are left after {options.passes} passes; take more passes or more fluence"
        )
    taper = sum(float(np.ptp(risen(one.profile, foil)[:, 0])) for one, foil in zip(walls, foils, strict=True))
    taper += sum(options.ledges)
    half = 0.5 * options.width
    floor, top = (half, half + taper) if options.measured == "foot" else (half - taper, half)
    if not floor > 0.0:
        raise InputError(
            f"the walls, which stand back {1e6 * taper:.3g} um each, close an opening of {2e6 * half:.3g} um at its "
            "top above the contact face; take a wider opening or a steeper wall"
        )
    if not top < 0.5 * options.pitch_of_openings:
        raise InputError(
            f"openings {1e6 * options.pitch_of_openings:.4g} um apart are {2e6 * top:.4g} um wide at the top: nothing "
            "of the foil's face is left between them; take a larger pitch_of_openings"
        )
    band = _over_band(options, foils)
    return Opened(
        walls, foils, _mean_angle(walls, foils), (band[0], band[-1]), len(band) / len(BAND),
        limit_angle(Foil(options.absorption, options.threshold), options.fluence), floor, top,
        0.5 * options.pitch_of_openings, options.ledges, options.shape == "round",
    )  # fmt: skip


def _cut(options: AblationOptions, foil: float, threshold: float) -> Wall:
    scan = Scan(options.pitch, options.spacing, options.contours, options.passes)
    return wall(Foil(options.absorption, threshold), foil, Beam(options.fluence, options.radius), scan)


def _mean_angle(walls: tuple[Wall, ...], foils: tuple[float, ...]) -> float:
    return float(np.average([one.angle for one in walls], weights=foils))


def _over_band(options: AblationOptions, foils: tuple[float, ...]) -> list[tuple[Wall, ...]]:
    """Return the walls at the values of the threshold's band at which the foil is opened, by rising angle."""
    found = []
    for power in BAND:
        threshold = options.threshold * options.threshold_factor**power
        walls = tuple(_cut(options, foil, threshold) for foil in foils) if options.fluence > threshold else ()
        if walls and all(one.through for one in walls):
            found.append(walls)
    return sorted(found, key=lambda walls: _mean_angle(walls, foils))


def _even(line: np.ndarray, parts: int) -> np.ndarray:
    """Return points at equal lengths along a line, (parts + 1, 2)."""
    along = np.concatenate([[0.0], np.cumsum(lengths(line))])
    at = np.linspace(0.0, along[-1], parts + 1)
    return np.column_stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)])


@dataclass(frozen=True)
class Filmed:
    """The film on the window.

    Args:
        section: the right half, (n, 2), m.
        shares: on its segments, of the thickness on a level open face, (n - 1,).
        film: shares on floor, wall and top.
        place: height of the thinnest place of the wall above the contact face, m.
    """

    section: np.ndarray = field(repr=False)
    shares: np.ndarray = field(repr=False)
    film: Film
    place: float


def filmed(options: DepositionOptions, window: Opened) -> Filmed:
    """Return the film that the vapour leaves on a window."""
    section = subdivide(window.section(_WALL_PARTS), window.half_floor / 12.0)
    shares = on_section(section, options.vapour.vapour(), window.round_, mirrored=True)
    parts = film(section, shares, window.round_)
    at = int(np.flatnonzero(shares == parts.thinnest)[0])
    return Filmed(section, shares, parts, float(middles(section)[at, 1]))
