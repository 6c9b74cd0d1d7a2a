"""What is read off the images: width of a section, streaks at the device, bow of the die."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from femsuite.topograph.extent import Extent, extent_around, half_height, outer_extent
from femsuite.topograph.raytrace import DetectorImage


@dataclass(frozen=True)
class SectionMeasures:
    """Measures of one section image; lengths on the detector, m.

    Attributes:
        position: of the slit, m from the middle of the die.
        base: extent of the undisturbed section along h at the cut.
        level: intensity of the cut.
        streak: signed length of the longer streak at the device beyond the undisturbed section: positive along h.
        streak_along, streak_against: how far the image reaches beyond the section along h and against it.
    """

    position: float
    base: Extent
    level: float
    streak: float
    streak_along: float
    streak_against: float


@dataclass(frozen=True)
class FeatureMeasures:
    """The bright feature at the device in a projection image; lengths on the detector, m.

    Attributes:
        along, across: extent along h and across h of what is brighter than the cut; empty when nothing is.
        half_along, half_across: extent at half the height over the feature's own feet; empty when nothing is
            brighter than the cut.
        peak: of the feature, in units of its surroundings.
        surroundings: median intensity about the device.
    """

    along: Extent
    across: Extent
    half_along: Extent
    half_across: Extent
    peak: float
    surroundings: float


@dataclass(frozen=True)
class BowMeasures:
    """Long-range shape of the die.

    Attributes:
        movement: how far the section wanders on the detector while the die is scanned across the slit, m: largest
            minus smallest departure from where the undeformed die's section lies.
        image_length: of the projection along h at half intensity, m.
        curvature: 1/m from the image's length, ``(length - t cos) / (2 D t)``; positive lengthens the image.
    """

    movement: float
    image_length: float
    curvature: float

    @property
    def radius(self) -> float:
        """Radius of curvature, m, signed as the curvature; infinite for a flat die."""
        return 1.0 / self.curvature if self.curvature != 0.0 else np.inf


def section_profile(
    image: DetectorImage, low: float, high: float, exclude: tuple[float, float] | None = None
) -> np.ndarray:
    """Return the median over rows ``low < Y < high`` (m), without the rows inside ``exclude``; (nX,)."""
    y = image.Y
    rows = (y > low) & (y < high)
    if exclude is not None:
        rows &= (y < exclude[0]) | (y > exclude[1])
    return np.median(image.values[:, rows], axis=1) if rows.any() else np.zeros(len(image.X))


def measure_section(
    image: DetectorImage,
    device: float,
    die: tuple[float, float],
    cut: float = 0.05,
    height: float = 60e-6,
    clear: float = 150e-6,
    edge: float = 80e-6,
    reference: DetectorImage | None = None,
) -> SectionMeasures:
    """Return the width of the undisturbed section and the streaks at the device.

    The undisturbed section is the median of the rows farther than ``clear`` from the device and than ``edge`` from
    the die's edges, of the same image or of a reference image (the unloaded die) with the same slit. Its mean
    intensity inside its half-maximum extent times ``cut`` is the level. Rows within ``height``/2 of the device are
    then followed outwards from the section to the last crossing of the level.

    Args:
        image: noise-free section image.
        device: Y of the device, m.
        die: Y of the die's two edges, m.
        cut: share of the undisturbed section's mean intensity.
        height: of the band about the device, m.
        clear: distance beyond which the section counts as undisturbed, m.
        edge: band left out at the die's edges, m.
        reference: see above.
    """
    base_image = image if reference is None else reference
    profile = section_profile(base_image, die[0] + edge, die[1] - edge, (device - clear, device + clear))
    wide = outer_extent(base_image.X, profile, 0.5 * float(profile.max()))
    x = base_image.X
    inside = (x >= wide.low) & (x <= wide.high)
    level = cut * (float(profile[inside].mean()) if inside.any() else 0.0)
    base = outer_extent(base_image.X, profile, level)
    band = np.flatnonzero(np.abs(image.Y - device) <= 0.5 * height)
    extents = [outer_extent(image.X, image.values[:, row], level) for row in band]
    along = max((extent.high - base.high for extent in extents if extent.length > 0.0), default=0.0)
    against = max((base.low - extent.low for extent in extents if extent.length > 0.0), default=0.0)
    along, against = max(along, 0.0), max(against, 0.0)
    position = 0.0 if image.position is None else image.position
    return SectionMeasures(position, base, level, along if along >= against else -against, along, against)


def measure_feature(
    image: DetectorImage,
    device: tuple[float, float],
    visible: float = 1.5,
    reach: tuple[float, float] = (120e-6, 300e-6),
    ridge: float = 30e-6,
) -> FeatureMeasures:
    """Return how far the image is visibly brighter at the device than around it, as an observer reads it off.

    The feature's row is the brightest within ``reach[0]`` of the device along h, averaged over ``ridge`` to either
    side of the device across h. Across h, the brightest pixel within ``ridge`` of that row is followed outwards until
    it falls below ``visible`` times the surroundings, the median within ``reach``. Along h, the same is done with the
    mean over ``ridge``. The same two profiles give the width at half the height over the feature's own feet, which
    hangs on no cut. Crossings are interpolated linearly.

    Args:
        image: noise-free projection image.
        device: (X, Y) where the image of the device is expected, m.
        visible: cut, in units of the surroundings.
        reach: half widths along and across h of what is looked at, m.
        ridge: see above, m.
    """
    X, Y, values = image.X, image.Y, image.values
    rows = np.flatnonzero(np.abs(X - device[0]) <= reach[0])
    columns = np.flatnonzero(np.abs(Y - device[1]) <= reach[1])
    nothing = Extent(np.nan, np.nan)
    if len(rows) < 3 or len(columns) < 3:
        return FeatureMeasures(nothing, nothing, nothing, nothing, 0.0, 0.0)
    around = values[np.ix_(rows, columns)]
    surroundings = float(np.median(around))
    near = np.abs(Y[columns] - device[1]) <= ridge
    profile = around[:, near].mean(axis=1)
    row = int(np.argmax(profile))
    band = np.abs(X[rows] - X[rows[row]]) <= ridge
    crest = around[band].max(axis=0)
    column = int(np.argmin(np.abs(Y[columns] - device[1])))
    level = visible * surroundings
    seen = bool(profile[row] > level)
    return FeatureMeasures(
        extent_around(X[rows], profile, level, row),
        extent_around(Y[columns], crest, level, column),
        half_height(X[rows], profile, row) if seen else nothing,
        half_height(Y[columns], crest, column) if seen else nothing,
        float(profile[row]) / surroundings if surroundings > 0.0 else 0.0,
        surroundings,
    )


def measure_bow(
    projection: DetectorImage,
    sections: list[DetectorImage],
    cosine: float,
    length: float,
    distance: float,
    die: tuple[float, float],
    edge: float = 80e-6,
) -> BowMeasures:
    """Return the bow of the die from its images.

    Args:
        projection: of the whole die, noise-free.
        sections: of a scan along h.
        cosine: of the Bragg angle: an undeformed length is seen times it.
        length: of the die along h, m.
        distance: of the detector, m.
        die: Y of the die's edges, m.
        edge: band left out at them, m.
    """
    departures = []
    for image in sections:
        profile = section_profile(image, die[0] + edge, die[1] - edge)
        if profile.sum() > 0.0 and image.position is not None:
            departures.append(float(profile @ image.X / profile.sum()) - image.position * cosine)
    movement = max(departures) - min(departures) if departures else 0.0
    profile = section_profile(projection, die[0] + edge, die[1] - edge)
    bright = profile[profile > 0.2 * np.median(profile[profile > 0.0])] if np.any(profile > 0.0) else profile
    seen = outer_extent(projection.X, profile, 0.5 * float(np.median(bright)))
    return BowMeasures(movement, seen.length, (seen.length - length * cosine) / (2.0 * distance * length))
