"""One look for all pictures: colours, fonts, sizes, and how a name and its unit are written."""

from __future__ import annotations

from typing import Any

from femsuite.results.options import convert

# Okabe and Ito, colours told apart by everyone (https://jfly.uni-koeln.de/color/)
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
INK = "#1d2733"
PUBLISHED = "#5f6b7a"
PUBLISHED_LINES = (("#5f6b7a", "--"), ("#9a7b4f", "-."), ("#7a5f79", ":"), ("#4f7a63", (0, (5, 1, 1, 1, 1, 1))))
"""Colour and dashes of the published lines of a plot, in order."""
MARKERS = "osD^vPX"
RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "axes.titlesize": 12.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 11.5,
    "axes.edgecolor": "#8a94a0",
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e3e7eb",
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "lines.linewidth": 1.8,
    "lines.markersize": 6.5,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "figure.facecolor": "white",
    "savefig.dpi": 150,
}
SHORT_UNITS = {"degC": "°C", "um": "µm", "W/m**2": "W/m²", "W/m**2/K": "W/(m² K)", "": ""}
SCALES = {"m": ("mm", "um", "nm"), "Pa": ("GPa", "MPa", "kPa")}


def unit_text(unit: str) -> str:
    """Return a unit as it is printed: ``um`` -> ``µm``, ``m**2`` -> ``m²``."""
    if unit in SHORT_UNITS:
        return SHORT_UNITS[unit]
    return unit.replace("**2", "²").replace("**3", "³").replace("**-1", "⁻¹").replace("um", "µm").replace("*", " ")


def label(words: str, unit: str) -> str:
    """Return an axis label: words and unit."""
    shown = unit_text(unit)
    return f"{words} [{shown}]" if shown else words


def common(unit: str) -> str:
    """Return the words for an axis that several columns share: what their unit measures."""
    kinds = {"K": "Temperature", "m": "Length", "Pa": "Stress", "K/W": "Thermal resistance", "W": "Power", "s": "Time"}
    for known, kind in kinds.items():
        try:
            convert(0.0, unit, known)
        except ValueError:
            continue
        return kind
    return ""


def words(name: str) -> str:
    """Return a column's name as words: ``face_mean_temperature`` -> ``Face mean temperature``."""
    text = name.replace("_", " ").replace(".", " ")
    return text[:1].upper() + text[1:]


def handy_unit(unit: str, size: float) -> str:
    """Return the unit in which a number of this size (SI) has one to three digits before the point."""
    for other in SCALES.get(unit, ()):
        if convert(abs(size), unit, other) >= 1.0:
            return other
    return SCALES[unit][-1] if unit in SCALES and size else unit


def number(value: float, digits: int = 4) -> str:
    """Return a number for people: ``1.23e-05`` as ``1.23×10⁻⁵``, nothing for NaN."""
    if value != value:
        return "–"
    text = f"{value:.{digits}g}"
    mantissa, e, power = text.partition("e")
    if not e:
        return text.replace("-", "−")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa}×10{raised}".replace("-", "−")


def factor(unit: str, wanted: str) -> float:
    """Return what a number in one unit is multiplied by to be in another of the same zero."""
    return 1.0 if unit == wanted else convert(1.0, unit, wanted)
