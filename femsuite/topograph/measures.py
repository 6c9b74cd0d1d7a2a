"""Names and units of what is measured on the images: the columns that topographs add to the result table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

UNITS: dict[str, str] = {
    "image_length_along": "m",
    "image_length_across": "m",
    "image_half_width_along": "m",
    "image_half_width_across": "m",
    "image_peak": "1",
    "contrast_length_along": "m",
    "contrast_length_across": "m",
    "contrast_area": "m^2",
    "contrast_peak": "1",
    "threshold_model_length_along": "m",
    "threshold_model_length_across": "m",
    "streak_length": "m",
    "section_width": "m",
    "bow_movement": "m",
    "die_image_length": "m",
    "bow_curvature": "1/m",
    "tilt_largest": "rad",
    "dilation_largest": "1",
    "lost_share": "1",
}

CRYSTAL: dict[str, str] = {
    "bragg_angle": "rad",
    "bragg_tangent": "",
    "darwin_width": "rad",
    "pendelloesung_length": "m",
    "absorption": "",
    "section_width": "m",
}
"""Constants of the reflection that a run gives as ``crystal.<name>``, with their units."""


def streak_name(position: float) -> str:
    """Return the measure that holds the signed streak of the slit at a position (m): ``streak_at_minus_50um``."""
    sign = {-1: "minus_", 0: "", 1: "plus_"}[(position > 0) - (position < 0)]
    return f"streak_at_{sign}{abs(position) * 1e6:.0f}um"


def remarks(
    measured: Sequence[tuple[str, Mapping[str, float]]], size: Mapping[str, float], visible: float, threshold: float
) -> list[str]:
    """Return in sentences which lengths are none: the die's own size, or a feature that barely passes the cut.

    Args:
        measured: label and measures of every state imaged, in order.
        size: of the die, m: ``along`` and ``across`` h.
        visible: cut of the projection's feature over its surroundings.
        threshold: cut of the contrast.
    """
    found = []
    for name in ("contrast_length", "threshold_model_length"):
        full = {
            way: [label for label, one in measured if one.get(f"{name}_{way}", 0.0) >= 0.98 * whole]
            for way, whole in size.items()
        }
        for way, labels in full.items():
            if labels:
                words = "at every state" if len(labels) == len(measured) else f"at {', '.join(labels)}"
                found.append(
                    f"{name}_{way} is the die's own size {words}: contrast stays above {threshold:g} from edge to "
                    "edge, so the number says nothing of the device."
                )
    bare = [label for label, one in measured if visible < one.get("image_peak", 0.0) < 1.25 * visible]
    if bare:
        found.append(
            f"At {', '.join(bare)} the image's brightest line is less than a quarter above the cut of {visible:g} "
            "times its surroundings: image_length_along and _across hang on that cut there; image_half_width_along and "
            "_across do not."
        )
    return found
