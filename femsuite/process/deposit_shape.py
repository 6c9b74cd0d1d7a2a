"""The face of a deposit: a profile moved outwards by a thickness, and plating in steps that follow it.

Each segment moves along its normal by its own thickness; neighbours meet where their lines cross (at a mask, where
they are in line, in a small face across). A segment that this turns round has been overgrown, as a narrow floor
between walls, and is dropped. Parts that grow together from afar, such as walls that meet, are not found.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from femsuite.errors import InputError
from femsuite.process.bath import Bath, current
from femsuite.process.kinetics import Kinetics
from femsuite.process.opening import checked, normals
from femsuite.process.plating import Deposit, rate

_IN_LINE = 0.05
"""Sine of the angle between neighbours below which the middle of their ends stands for where their lines cross."""
_LONGEST = 4.0
"""A point moves at most this many times the thickness: the tip of a mitre at a sharp edge."""


def moved(profile: np.ndarray, thickness: np.ndarray) -> np.ndarray:
    """Return the profile moved outwards.

    Args:
        profile: (n, 2), m; see `femsuite.process.opening`.
        thickness: of each segment, normal to it, (n - 1,), m.

    Returns:
        (k, 2), m, k at most n. The ends move along the normals of the end segments.

    Raises:
        InputError: for other lengths, a negative thickness, or a profile that is overgrown altogether.
    """
    line, _ = moved_segments(profile, thickness)
    return line


def moved_segments(profile: np.ndarray, thickness: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the moved profile, and the numbers of the segments that are left, (k - 1,); arguments as of `moved`."""
    line = checked(profile)
    thick = np.asarray(thickness, dtype=np.float64)
    if thick.shape != (len(line) - 1,) or np.any(thick < 0.0):
        raise InputError(f"deposit: {len(line) - 1} segments need as many thicknesses of 0 or more")
    left = np.arange(len(thick))
    normal = normals(line)
    along = np.column_stack([normal[:, 1], -normal[:, 0]])
    start, end = line[:-1] + thick[:, None] * normal, line[1:] + thick[:, None] * normal
    while True:
        points = _corners(start[left], end[left], along[left], thick[left])
        forward = np.sum(np.diff(points, axis=0) * along[left], axis=1)
        if np.all(forward > 0.0):
            return points, left
        # one at a time, the worst first: its neighbours may stand once it is gone
        left = np.delete(left, int(forward.argmin()))
        if not len(left):
            raise InputError("deposit: the profile is overgrown altogether; take a thinner deposit")


def _corners(start: np.ndarray, end: np.ndarray, along: np.ndarray, thick: np.ndarray) -> np.ndarray:
    """Return where the lines of neighbouring segments cross, with both ends, (k + 1, 2)."""
    one, other = along[:-1], along[1:]
    sine = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    gap = start[1:] - end[:-1]
    middle = 0.5 * (end[:-1] + start[1:])
    steep = np.abs(sine) > _IN_LINE
    reach = np.where(steep, (gap[:, 0] * other[:, 1] - gap[:, 1] * other[:, 0]) / np.where(steep, sine, 1.0), 0.0)
    cross = np.where(steep[:, None], end[:-1] + reach[:, None] * one, middle)
    limit = _LONGEST * np.maximum(thick[:-1], thick[1:])
    inside = ~steep | (sine > 0.0) | (np.abs(reach) <= limit)
    return np.concatenate([start[:1], np.where(inside[:, None], cross, middle), end[-1:]])


@dataclass(frozen=True)
class Growth:
    """A deposit grown in steps.

    Args:
        faces: of the deposit, the bare profile first, each (k, 2), m.
        evenness: greatest over least current density at each step.
        thickness: what was put on each segment of the bare profile, normal to the face of its time, (n - 1,), m; a
            segment that was overgrown keeps what it had.
    """

    faces: tuple[np.ndarray, ...] = field(repr=False)
    evenness: tuple[float, ...]
    thickness: np.ndarray = field(repr=False)


def grow(
    profile: np.ndarray,
    bath: Bath,
    deposit: Deposit,
    mean: float,
    time: float,
    kinetics: Kinetics,
    masked: np.ndarray | None = None,
    steps: int = 4,
    efficiency: float = 1.0,
    symmetric: bool = False,
) -> Growth:
    """Return a deposit that changes the bath's shape as it grows: quasi-steady, of first order in the steps.

    Args:
        profile: bare, (n, 2), m; its segments should be some of the final thickness long or less.
        bath: above it; its top stays the same height above the highest point.
        deposit: the metal.
        mean: current density over the metal's face of each step, A/m^2.
        time: of plating, s.
        kinetics: of the face. A primary distribution cannot be followed: its current has no bound at an edge, which
            would run ahead of the rest for ever.
        masked: segments under resist, (n - 1,), which do not move.
        steps: of equal time.
        efficiency: of the current.
        symmetric: the profile begins at x = 0 and is mirrored there: walls that grow beyond it have met, and are cut.

    Raises:
        InputError: for no step, or what `current` and `moved` refuse.
    """
    if steps < 1 or not time > 0.0:
        raise InputError("deposit: growth takes one step at least and a time above 0")
    face = checked(profile)
    hidden = np.zeros(len(face) - 1, dtype=bool) if masked is None else np.asarray(masked, dtype=bool)
    left, total = np.arange(len(face) - 1), np.zeros(len(face) - 1)
    faces, evenness = [face], []
    for _ in range(steps):
        found = current(face, bath, mean, kinetics, hidden[left])
        step = found.on_segments(face) * (rate(deposit, 1.0, efficiency) * time / steps)
        step[hidden[left]] = 0.0
        total[left] += step
        face, kept = moved_segments(face, step)
        left = left[kept]
        if symmetric:
            face, first = _cut_at_middle(face)
            left = left[first:]
        if _crosses(face):
            raise InputError("deposit: the face crosses itself as it grows; take more steps or a thinner deposit")
        faces.append(face)
        evenness.append(found.evenness)
    return Growth(tuple(faces), tuple(evenness), total)


def _cut_at_middle(face: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the part of a face right of x = 0, and the number of segments that are gone."""
    if face[0, 0] > 0.0:  # a tilted first segment has drawn the end away: its mirror image meets it at the middle
        face = np.concatenate([[[0.0, face[0, 1]]], face[1:]])
    beyond = np.flatnonzero(face[:, 0] < 0.0)
    if not len(beyond):
        return face, 0
    last = int(beyond[-1])
    if last == len(face) - 1:
        raise InputError("deposit: the profile is overgrown altogether; take a thinner deposit")
    if last >= len(beyond):
        raise InputError("deposit: lips close over a hollow in the middle; take more steps or a thinner deposit")
    one, other = face[last], face[last + 1]
    at = one + (other - one) * (-one[0] / (other[0] - one[0]))
    rest = face[last + 1 :]
    if np.allclose(at, rest[0], rtol=0.0, atol=1e-12):
        return rest * np.where(np.arange(len(rest))[:, None] == 0, [0.0, 1.0], 1.0), last + 1
    return np.concatenate([[[0.0, at[1]]], rest]), last


def _crosses(face: np.ndarray) -> bool:
    """Return whether two segments of a face that are no neighbours cross."""
    start, step = face[:-1], np.diff(face, axis=0)

    def side(points: np.ndarray) -> np.ndarray:
        apart = points[None, :, :] - start[:, None, :]
        return step[:, None, 0] * apart[..., 1] - step[:, None, 1] * apart[..., 0]

    ends = side(face)
    parted = ends[:, :-1] * ends[:, 1:] < 0.0
    return bool(np.any(parted & parted.T))
