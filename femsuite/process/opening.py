"""The section of an opening as a polyline, and what a film along it comes to on floor, wall and top.

A profile is an (n, 2) array of (x, z) in metres, run from left to right with the material below: x need not rise
everywhere (undercut walls lean back), but the line must not cross itself. Beyond both ends the surface goes on level.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from femsuite.errors import InputError

LEVEL = math.radians(5.0)
"""A segment whose slope is less counts as level: floor, step or top."""


def checked(profile: np.ndarray, what: str = "profile") -> np.ndarray:
    """Return a profile as floats.

    Args:
        profile: (n, 2), m.
        what: its name in the sentence.

    Raises:
        InputError: for another shape, numbers that are not finite, points twice, or ends in the wrong order.
    """
    line = np.asarray(profile, dtype=np.float64)
    if line.ndim != 2 or line.shape[1:] != (2,) or len(line) < 2:
        raise InputError(
            f"{what}: a polyline of two points (x, z) at least is wanted; given is an array of {line.shape}"
        )
    if not np.all(np.isfinite(line)):
        raise InputError(f"{what}: every coordinate must be a finite number")
    if np.any(np.all(np.diff(line, axis=0) == 0.0, axis=1)):
        raise InputError(f"{what}: two points that follow each other are the same")
    if not line[-1, 0] > line[0, 0]:
        raise InputError(f"{what}: it must run from left to right with the material below it")
    return line


def opening(
    half_floor: float, foils: Sequence[float], angle: float, ledges: Sequence[float] = (), land: float | None = None
) -> np.ndarray:
    """Return the section of an opening through one foil or several, symmetric about x = 0.

    Args:
        half_floor: half the width of the floor, m.
        foils: thicknesses from the floor up, m.
        angle: of each foil's wall to the floor, rad; pi/2 is upright, more is undercut.
        ledges: width of the step on top of each foil but the last, m.
        land: width of the top on each side, m; the whole height if None.

    Returns:
        (n, 2), m; the floor lies at z = 0.

    Raises:
        InputError: for lengths that are not positive, an angle outside 0 to pi, or ledges that do not fit the foils.
    """
    if not (half_floor > 0.0 and foils and min(foils) > 0.0 and 0.0 < angle < math.pi):
        raise InputError(
            "opening: half floor and foils must be positive and the wall's angle between 0 and 180 degrees; given are "
            f"{half_floor:g} m, {list(foils)} m and {math.degrees(angle):g} degrees"
        )
    if len(ledges) not in (0, len(foils) - 1) or any(one <= 0.0 for one in ledges):
        raise InputError(f"opening: {len(foils)} foils take {len(foils) - 1} ledges wider than nothing, or none")
    x, z, right = half_floor, 0.0, [(half_floor, 0.0)]
    for number, foil in enumerate(foils):
        x, z = x + foil / math.tan(angle), z + foil
        right.append((x, z))
        if number < len(ledges):
            x += ledges[number]
            right.append((x, z))
    if x <= 0.0:
        raise InputError("opening: the undercut walls meet above the floor")
    right.append((x + (z if land is None else land), z))
    half = np.array(right)
    return np.concatenate([half[::-1] * [-1.0, 1.0], half])


def window(wall: np.ndarray, half_floor: float, land: float) -> np.ndarray:
    """Return the section of an opening, symmetric about x = 0, from that of its right wall.

    Args:
        wall: (n, 2), m, from foot to top, as `femsuite.process.ablation` gives it; its place along x does not count.
        half_floor: half the width of the floor, m.
        land: width of the top on each side, m.

    Raises:
        InputError: for widths that are not positive, or a wall that leads back beyond the middle.
    """
    if not (half_floor > 0.0 and land > 0.0):
        raise InputError("opening: half floor and land must be wider than nothing")
    right = np.asarray(wall, dtype=np.float64) - [wall[0, 0] - half_floor, 0.0]
    right = np.concatenate([right, right[-1:] + np.array([land, 0.0])])
    if right[:, 0].min() <= 0.0:
        raise InputError("opening: the wall leads back beyond the middle of the floor")
    return checked(np.concatenate([right[::-1] * [-1.0, 1.0], right]))


def subdivide(profile: np.ndarray, size: float) -> np.ndarray:
    """Return the profile with every segment cut into equal parts no longer than ``size`` (m)."""
    line = checked(profile)
    if not size > 0.0:
        raise InputError(f"profile: parts must be longer than nothing; given is {size:g} m")
    pieces = []
    for start, end in itertools.pairwise(line):
        # a length that is a whole number of parts to rounding gets no part more
        count = max(1, math.ceil(float(np.hypot(*(end - start))) / size * (1.0 - 1e-9)))
        pieces.append(start + (end - start) * (np.arange(count) / count)[:, None])
    return np.concatenate([*pieces, line[-1:]])


def lengths(profile: np.ndarray) -> np.ndarray:
    """Return the length of every segment, (n - 1,), m."""
    return np.hypot(*np.diff(profile, axis=0).T)


def middles(profile: np.ndarray) -> np.ndarray:
    """Return the middle of every segment, (n - 1, 2), m."""
    return 0.5 * (profile[:-1] + profile[1:])


def normals(profile: np.ndarray) -> np.ndarray:
    """Return the unit normal of every segment, out of the material, (n - 1, 2)."""
    along = np.diff(profile, axis=0) / lengths(profile)[:, None]
    return np.column_stack([-along[:, 1], along[:, 0]])


@dataclass(frozen=True)
class Film:
    """A film on the parts of an opening, all normal to the face below, in the unit of what was given.

    Args:
        floor: mean on the floor.
        wall: mean on the walls, steps between them included, weighted by length.
        thinnest: least on the walls.
        top: mean on the land at the ends.
    """

    floor: float
    wall: float
    thinnest: float
    top: float

    @property
    def ratio(self) -> float:
        """Least thickness of the wall over that of the floor."""
        return self.thinnest / self.floor


def film(profile: np.ndarray, thickness: np.ndarray, axisymmetric: bool = False) -> Film:
    """Return a film on floor, wall and top.

    Floor are the level segments at the least height, top those at the height of the ends, wall all others.

    Args:
        profile: (n, 2), m.
        thickness: of the film on each segment, normal to it, (n - 1,), m or as a share.
        axisymmetric: x is the distance from an axis, so that means are over rings.

    Raises:
        InputError: when lengths do not match, or the profile has no floor, wall or top.
    """
    line = checked(profile)
    value = np.asarray(thickness, dtype=np.float64)
    if value.shape != (len(line) - 1,):
        raise InputError(f"film: {len(line) - 1} segments need as many thicknesses; given are {value.shape}")
    height, step = middles(line)[:, 1], np.diff(line, axis=0)
    slack = 1e-6 * float(np.ptp(line[:, 1]))
    level = (step[:, 0] > 0.0) & (np.abs(step[:, 1]) <= math.tan(LEVEL) * np.abs(step[:, 0]))
    floor = level & (height <= line[:, 1].min() + slack)
    top = level & ((np.abs(height - line[0, 1]) <= slack) | (np.abs(height - line[-1, 1]) <= slack)) & ~floor
    wall = ~floor & ~top
    for name, part in (("floor", floor), ("wall", wall), ("top", top)):
        if not part.any():
            raise InputError(f"film: the profile has no {name}")
    weight = lengths(line) * (np.abs(middles(line)[:, 0]) if axisymmetric else 1.0)
    means = [float(np.average(value[part], weights=weight[part])) for part in (floor, wall, top)]
    return Film(means[0], means[1], float(value[wall].min()), means[2])
