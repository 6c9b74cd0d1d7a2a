"""Thickness of a vapour-deposited film on a profile, as a share of that on a level open face, with shadows.

Every atom sticks where it first arrives (sticking coefficient 1) and flies straight (the mean free path is long against
the opening): thickness is the flux of what each point sees of the source. The profile is the section of an infinitely
long trench; for openings of finite length see `coverage_surface`. The film itself does not change the profile: right
for films thin against the opening.

A point sees one interval of the sky, between the horizons that the profile to its left and to its right make. Angles
are measured in the section from the upward normal of the open face, positive to the right. Seen in the section, a sky
of radiance ``cos^n`` of the polar angle gives ``cos^n psi``; the factor of the angle along the trench cancels.

Source: C. Y. Chang, S. M. Sze (eds.), ULSI Technology (1996), ch. 8; J. R. Howell, M. P. Menguc, R. Siegel, Thermal
Radiation Heat Transfer (view factors between infinitely long strips; both from memory, unchecked).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from femsuite.errors import InputError
from femsuite.process.opening import checked, normals

_RIGHT = 0.5 * math.pi
_AT_ONCE = 1_000_000
"""Pairs of places and points looked at together: bounds the memory."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


@dataclass(frozen=True)
class Sky:
    """An extended source that fills the half space: radiance ``cos^exponent`` of the angle to the open face's normal.

    Args:
        exponent: 0 a uniform sky (a large Lambert target near the substrate); more is more forward.
    """

    exponent: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.exponent) and self.exponent >= 0.0):
            raise InputError(f"source: the exponent of a sky must be 0 or more; given is {self.exponent:g}")


@dataclass(frozen=True)
class Collimated:
    """A source from one direction: a small crucible far away.

    Args:
        tilt: of the direction to the open face's normal, rad, 0 to below pi/2.
        azimuth: of the direction about the normal, rad; 0 lies in the section, towards +x.
        rotating: the substrate turns about its normal many times: all azimuths alike.
    """

    tilt: float = 0.0
    azimuth: float = 0.0
    rotating: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.tilt < _RIGHT:
            raise InputError(
                f"source: the tilt must lie from 0 to below 90 degrees; given is {math.degrees(self.tilt):g}"
            )


Source = Sky | Collimated


def share(
    profile: np.ndarray, source: Source, segments: np.ndarray | None = None, fraction: float | np.ndarray = 0.5
) -> np.ndarray:
    """Return the thickness normal to the profile over that on a level open face.

    Args:
        profile: (n, 2), m; see `femsuite.process.opening`.
        source: of the vapour.
        segments: numbers of the segments to look at, (m,); every one if None.
        fraction: place on the segment from its first point (0) to its last (1), one or (m,).

    Returns:
        (m,), 0 where the source is hidden.

    Raises:
        InputError: for a profile that cannot be, or places outside it.
    """
    line = checked(profile)
    chosen = np.arange(len(line) - 1) if segments is None else np.asarray(segments, dtype=np.int64)
    place = np.broadcast_to(np.asarray(fraction, dtype=np.float64), chosen.shape)
    if chosen.size and (chosen.min() < 0 or chosen.max() > len(line) - 2 or place.min() < 0.0 or place.max() > 1.0):
        raise InputError(f"coverage: places must lie on the segments 0 to {len(line) - 2}, at fractions from 0 to 1")
    normal = normals(line)[chosen]
    low, high = visible(line, chosen, place)
    if isinstance(source, Sky):
        return _sky(source.exponent, normal, low, high)
    return _rotating(source.tilt, normal, low, high) if source.rotating else _beam(source, normal, low, high)


def visible(line: np.ndarray, segments: np.ndarray, fraction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the visible interval of the sky, exactly: from the left horizon to the right one, rad, (m,) each.

    Followed along the profile, the direction to its points turns without jumps; what the left part covers is one
    interval that begins at its far end, level on the left. So the horizon is the largest angle, counted through.

    Args:
        line: (n, 2), m.
        segments: on which the points lie, (m,).
        fraction: where on them, (m,).
    """
    block = max(1, _AT_ONCE // len(line))
    found = [
        _horizons(line, segments[first : first + block], fraction[first : first + block])
        for first in range(0, max(len(segments), 1), block)
    ]
    low, high = (np.concatenate(part) for part in zip(*found, strict=True))
    return low, high


def _horizons(line: np.ndarray, segments: np.ndarray, fraction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    along = line[segments + 1] - line[segments]
    points = line[segments] + fraction[:, None] * along
    to = line[None, :, :] - points[:, None, :]
    angle = np.arctan2(to[..., 0], to[..., 1])
    row = np.arange(len(segments))
    # towards its own ends a point looks along its segment, even when it lies on one of them
    angle[row, segments] = np.arctan2(-along[:, 0], -along[:, 1])
    angle[row, segments + 1] = np.arctan2(along[:, 0], along[:, 1])
    number = np.arange(len(line))
    left = _counted_through(-_RIGHT, angle)
    right = _counted_through(_RIGHT, angle[:, ::-1])[:, ::-1]
    low = np.where(number <= segments[:, None], left, -np.inf).max(axis=1)
    high = np.where(number > segments[:, None], right, np.inf).min(axis=1)
    low, high = np.maximum(low, -_RIGHT), np.minimum(high, _RIGHT)
    return low, np.maximum(low, high)


def _counted_through(start: float, angle: np.ndarray) -> np.ndarray:
    return np.unwrap(np.column_stack([np.full(len(angle), start), angle]), axis=1)[:, 1:]


def _sky(exponent: float, normal: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    theta = np.arctan2(normal[:, 0], normal[:, 1])
    if exponent == 0.0:
        return 0.5 * (np.sin(high - theta) - np.sin(low - theta))
    half = 0.5 * (high - low)
    psi = 0.5 * (low + high)[:, None] + half[:, None] * _NODES
    flux = half * (np.maximum(np.cos(psi), 0.0) ** exponent * np.cos(psi - theta[:, None]) @ _WEIGHTS)
    level = _RIGHT * np.cos(_RIGHT * _NODES) ** (exponent + 1.0) @ _WEIGHTS
    return flux / level


def _beam(source: Collimated, normal: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    across = math.tan(source.tilt) * math.cos(source.azimuth)
    psi = math.atan(across)
    seen = (low < psi) & (psi < high)
    return np.where(seen, np.maximum(normal[:, 0] * across + normal[:, 1], 0.0), 0.0)


def _rotating(tilt: float, normal: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the mean over all azimuths: the beam is seen while ``tan low < tan tilt cos azimuth < tan high``."""
    slope = math.tan(tilt)
    if slope == 0.0:
        return _beam(Collimated(), normal, low, high)
    first = np.arccos(np.clip(np.tan(high) / slope, -1.0, 1.0))
    last = np.maximum(np.arccos(np.clip(np.tan(low) / slope, -1.0, 1.0)), first)
    return (normal[:, 0] * slope * (np.sin(last) - np.sin(first)) + normal[:, 1] * (last - first)) / math.pi
