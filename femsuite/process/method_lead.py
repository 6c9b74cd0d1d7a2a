"""The last step of the method: the lead, grown in the bath around the resist, or everywhere without one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from femsuite.errors import InputError, SolveError
from femsuite.process.bath import Bath, current
from femsuite.process.deposit_shape import grow
from femsuite.process.kinetics import ButlerVolmer, Kinetics, Linear, wagner
from femsuite.process.method_options import PlatingOptions, SealingOptions
from femsuite.process.method_steps import Opened
from femsuite.process.opening import LEVEL, lengths, middles, subdivide
from femsuite.process.plating import metal, rate, time_for

_WALL_PARTS = 8
"""Parts of each wall for the bath."""
_FAR = 3.0
"""Height of the bath over half the pitch: the profile is not felt there."""
_LAND_PARTS = 8
"""Elements at least on the land that the resist leaves free."""


@dataclass(frozen=True)
class Plated:
    """The lead, and what grew in the opening.

    Args:
        time: of deposition in all, s.
        before: of it with the opening still free, s.
        wagner: Wagner's number over the depth of the window.
        mean: thickness outside the opening and the resist, m; likewise ``least`` and ``most``.
        least: see ``mean``.
        most: see ``mean``.
        floor: height of the deposit in the middle of the opening, m, 0 under resist from the start.
        wall: mean thickness on its walls, m; a part that was overgrown keeps what it had.
        hollow: depth of the middle below the face beside the opening, when that is covered or finished, m.
        followed: whether the current followed the growing face; if not, the field of the start stands for all of it.
        inside: face of the deposit where it grew in the opening, (n, 2), m; the bare profile where none did.
        bare: that the deposit inside grew on, (n, 2), m.
        lead: closed outline of the lead's right half outside the resist, (n, 2), m; of all that grew without one.
    """

    time: float
    before: float
    wagner: float
    mean: float
    least: float
    most: float
    floor: float
    wall: float
    hollow: float
    followed: bool
    inside: np.ndarray = field(repr=False)
    bare: np.ndarray = field(repr=False)
    lead: np.ndarray = field(repr=False)

    @property
    def evenness(self) -> float:
        """Greatest over least thickness of the lead."""
        return self.most / self.least


def check_mask(sealing: SealingOptions, window: Opened, plating: PlatingOptions | None = None) -> None:
    """Refuse a mask on nothing, one that leaves nothing free, and a deposit before it that is more than all.

    Raises:
        InputError: with the sentence.
    """
    if not sealing.sealed and sealing.plated_before > 0.0:
        raise InputError(
            "plated_before interrupts the deposition to seal the opening, but sealed is false: the mask lies on "
            "nothing; leave plated_before out"
        )
    free = window.half_pitch - window.half_top - sealing.overlap
    if sealing.sealed and not free > 0.0:
        raise InputError(
            f"the mask reaches {1e6 * sealing.overlap:.4g} um beyond the rim, as far as the mask of the next opening: "
            "it leaves nothing free for the lead"
        )
    if plating is not None and not sealing.plated_before < plating.thickness:
        raise InputError(
            f"plated_before, {1e6 * sealing.plated_before:.4g} um, is no less than the lead of "
            f"{1e6 * plating.thickness:.4g} um: nothing is left to deposit after sealing"
        )


def law(options: PlatingOptions, factor: float = 1.0) -> Kinetics:
    """Return the kinetics of the metal's face, ``factor`` times as fast."""
    if options.kinetics == "linear":
        return Linear(options.polarisation / factor)
    return ButlerVolmer(options.exchange * factor, options.cathodic, options.anodic, options.temperature)


def plated(options: PlatingOptions, sealing: SealingOptions, window: Opened, factor: float = 1.0) -> Plated:
    """Return the lead.

    Args:
        options: of the deposition.
        sealing: of the opening.
        window: that is covered or not; the film on it is thin against it and left out here.
        factor: by which the kinetics are faster than given.

    Raises:
        InputError: for a mask that cannot be.
    """
    check_mask(sealing, window, options)
    kinetics, deposit = law(options, factor), metal(options.metal)
    time = time_for(deposit, options.current_density, options.thickness, options.efficiency)
    size = min(
        window.depth / 5.0, (window.half_pitch - window.half_top - sealing.overlap * sealing.sealed) / _LAND_PARTS
    )
    bath = Bath(options.conductivity, _FAR * window.half_pitch, size, window.round_)
    bare = subdivide(window.section(_WALL_PARTS), size)
    before = time * sealing.plated_before / options.thickness if sealing.sealed else time

    followed = True

    def grown(
        profile: np.ndarray, seconds: float, masked: np.ndarray | None, steps: int
    ) -> tuple[np.ndarray, np.ndarray]:
        nonlocal followed
        try:
            made = grow(
                profile, bath, deposit, options.current_density, seconds, kinetics, masked, steps, options.efficiency,
                symmetric=True,
            )  # fmt: skip
        except (InputError, SolveError):  # lips close over a hollow: no run of hours shall end in that
            followed = False
            first = current(profile, bath, options.current_density, kinetics, masked).on_segments(profile)
            return profile, first * (rate(deposit, 1.0, options.efficiency) * seconds)
        return made.faces[-1], made.thickness

    face, inside = bare, np.zeros(len(bare) - 1)
    if before > 0.0:
        face, inside = grown(bare, before, None, options.steps if not sealing.sealed else 1)
    wall, top = _parts(bare, inside, window)
    floor = float(face[0, 1]) if followed else float(inside[0])
    number = wagner(kinetics, options.conductivity, options.current_density, window.depth)
    hollow = float(face[-1, 1] - face[0, 1]) if followed else window.depth + top[0] - floor
    if not sealing.sealed:
        mean, least, most = top
        outline = np.concatenate([face, bare[::-1]])
        return Plated(time, before, number, mean, least, most, floor, wall, hollow, followed, face, bare, outline)
    bound = window.half_top + sealing.overlap
    resist = options.thickness if sealing.resist is None else sealing.resist
    masked, land = _covered(face, bound, resist)
    upper, outside = grown(masked, time - before, np.arange(len(masked) - 1) < 2, options.steps)
    below = top[0] if before > 0.0 else 0.0
    mean, least, most = _over(land, below + outside[2:], window.round_)
    upper = upper[upper[:, 0] >= bound - 1e-9]
    upper = upper[np.argmax(upper[:, 1] < land[0, 1] + resist - 1e-9) :] if mean < resist else upper
    outline = np.concatenate([upper, land[::-1]])
    return Plated(time, before, number, mean, least, most, floor, wall, hollow, followed, face, bare, outline)


def faster_and_slower(options: PlatingOptions, sealing: SealingOptions, window: Opened) -> tuple[float, float]:
    """Return the least and the largest evenness over the band of the kinetics."""
    found = [
        plated(options, sealing, window, factor).evenness
        for factor in (1.0 / options.exchange_factor, options.exchange_factor)
    ]
    return min(found), max(found)


def _covered(face: np.ndarray, bound: float, resist: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a face with resist from the middle to its bound, and the part that it leaves free."""
    height = float(np.interp(bound, face[:, 0], face[:, 1]))
    free = face[face[:, 0] > bound + 1e-9]
    land = np.concatenate([[[bound, height]], free])
    top = height + resist
    return np.concatenate([[[0.0, top], [bound, top]], land]), land


def _parts(bare: np.ndarray, thickness: np.ndarray, window: Opened) -> tuple[float, tuple[float, float, float]]:
    """Return the mean thickness on the walls, and mean, least and most on the land beside them."""
    step, at = np.diff(bare, axis=0), middles(bare)
    weights = lengths(bare) * (at[:, 0] if window.round_ else 1.0)
    level = np.abs(step[:, 1]) <= np.tan(LEVEL) * step[:, 0]
    floor = level & (at[:, 0] < window.half_floor)
    land = at[:, 0] > window.half_top
    wall = ~floor & ~land
    top = thickness[land]
    means = [float(np.average(thickness[part], weights=weights[part])) for part in (wall, land)]
    return means[0], (means[1], float(top.min()), float(top.max()))


def _over(line: np.ndarray, thickness: np.ndarray, round_: bool) -> tuple[float, float, float]:
    weights = lengths(line) * (middles(line)[:, 0] if round_ else 1.0)
    return float(np.average(thickness, weights=weights)), float(thickness.min()), float(thickness.max())
