"""Names and units of what is measured on the images: the columns that topographs add to the result table."""

from __future__ import annotations

UNITS: dict[str, str] = {
    "image_length_along": "m",
    "image_length_across": "m",
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


def streak_name(position: float) -> str:
    """Return the measure that holds the signed streak of the slit at a position (m): ``streak_at_minus_50um``."""
    sign = {-1: "minus_", 0: "", 1: "plus_"}[(position > 0) - (position < 0)]
    return f"streak_at_{sign}{abs(position) * 1e6:.0f}um"
