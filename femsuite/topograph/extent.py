"""How far a feature of a map or a profile reaches, with linearly interpolated crossings of a level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from femsuite.topograph.contrast import ContrastMap


@dataclass(frozen=True)
class Extent:
    """Where a feature begins and ends, m; both NaN when nothing exceeds the level."""

    low: float
    high: float

    @property
    def length(self) -> float:
        """``high - low``, 0 when there is no feature."""
        return 0.0 if np.isnan(self.low) else self.high - self.low


@dataclass(frozen=True)
class ImageLengths:
    """Size of a contrast feature.

    Attributes:
        along, across: extent along h and across h through the maximum.
        peak: the maximum of the map inside the window.
        peak_at: its (x, y), m.
        area: of the map above the threshold inside the window, m^2.
    """

    along: Extent
    across: Extent
    peak: float
    peak_at: tuple[float, float]
    area: float


def half_height(axis: np.ndarray, profile: np.ndarray, peak: int) -> Extent:
    """Return the extent of a peak at half its height over the lower of its two feet; no level is chosen by hand.

    The feet are the lowest samples on either side of the peak; a peak at an end of the axis has no extent.

    Args:
        axis: places, m (n,).
        profile: values (n,).
        peak: index of the peak's sample.
    """
    if not 0 < peak < len(axis) - 1:
        return Extent(np.nan, np.nan)
    foot = min(float(profile[:peak].min()), float(profile[peak + 1 :].min()))
    return extent_around(axis, profile, 0.5 * (foot + float(profile[peak])), peak)


def outer_extent(axis: np.ndarray, profile: np.ndarray, level: float) -> Extent:
    """Return the first and the last crossing of ``level``; an end of the axis where the profile is above it there."""
    above = np.flatnonzero(profile > level)
    if len(above) == 0:
        return Extent(np.nan, np.nan)
    return Extent(_crossing(axis, profile, level, above[0], -1), _crossing(axis, profile, level, above[-1], 1))


def extent_around(axis: np.ndarray, profile: np.ndarray, level: float, start: int, bridge: float = 0.0) -> Extent:
    """Return how far ``profile > level`` reaches from the sample ``start``, stepping over gaps up to ``bridge`` (m)."""
    if not profile[start] > level:
        return Extent(np.nan, np.nan)
    ends = {}
    for step in (-1, 1):
        last = here = start
        while 0 <= here + step < len(axis):
            here += step
            if profile[here] > level:
                last = here
            elif abs(axis[here] - axis[last]) > bridge:
                break
        ends[step] = _crossing(axis, profile, level, last, step)
    return Extent(ends[-1], ends[1])


def _crossing(axis: np.ndarray, profile: np.ndarray, level: float, inside: int, step: int) -> float:
    outside = inside + step
    if not 0 <= outside < len(axis):
        return float(axis[inside])
    share = (profile[inside] - level) / (profile[inside] - profile[outside])
    return float(axis[inside] + share * (axis[outside] - axis[inside]))


def image_lengths(
    contrast: ContrastMap,
    threshold: float,
    background: ContrastMap | None = None,
    window: tuple[float, float, float, float] | None = None,
    bridge: float = 0.0,
) -> ImageLengths:
    """Return the extent of ``C > threshold`` along and across h through the map's maximum.

    Args:
        contrast: the map.
        threshold: of C, or of C relative to the background.
        background: divided out before, e.g. the unloaded die's map.
        window: (x_low, x_high, y_low, y_high), m: where to look for the maximum; the whole map when None.
        bridge: gaps up to this length, m, do not end the feature (two lobes beside a compact source).
    """
    shown = contrast if background is None else contrast.relative_to(background)
    x, y = shown.x, shown.y
    seen = np.ones(shown.values.shape, dtype=bool)
    if window is not None:
        seen = ((x >= window[0]) & (x <= window[1]))[:, None] & ((y >= window[2]) & (y <= window[3]))[None, :]
    values = np.where(seen, shown.values, -np.inf)
    i, j = np.unravel_index(int(np.argmax(values)), values.shape)
    pixel = (x[1] - x[0]) * (y[1] - y[0])
    return ImageLengths(
        extent_around(x, shown.values[:, j], threshold, int(i), bridge),
        extent_around(y, shown.values[i, :], threshold, int(j), bridge),
        float(values[i, j]),
        (float(x[i]), float(y[j])),
        float(np.count_nonzero(values > threshold) * pixel),
    )
