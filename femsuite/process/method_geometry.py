"""What the method makes beside what the geometry of a study draws, in sentences with ratios: nothing is tuned."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from femsuite.process.method import MethodResult
from femsuite.units import ANGLE, LENGTH, parse

OPENINGS = ("via_opening", "via_array")
"""Geometries of an opening, by the names of their files."""


def compared(found: MethodResult, file: str, parameters: Mapping[str, Any]) -> list[str]:
    """Return the sentences.

    Args:
        found: what the method makes.
        file: of the geometry.
        parameters: of the geometry, all of them; text with units.
    """
    if Path(file).stem not in OPENINGS:
        return []
    told = []
    foils = parameters.get("foils") or ()
    if found.window is not None and foils:
        thick = [parse(one["thickness"], LENGTH) for one in foils]
        angle = sum(parse(one["angle"], ANGLE) * part for one, part in zip(foils, thick, strict=True)) / sum(thick)
        told.append(_ratio("The laser leaves", math.degrees(found.window.angle), math.degrees(angle), "degrees"))
        told.append(_ratio("The foil at the opening is", 1e6 * found.window.depth, 1e6 * sum(thick), "um"))
    numbers = {name: value for name, (value, _, _) in found.numbers.items()}
    for key, words in (
        ("film_wall", "The film on the wall is"),
        ("film_floor", "The film on the floor is"),
        ("film_top", "The film on the foil's top is"),
        ("lead", "The lead is"),
    ):
        made = numbers.get("method.lead_mean" if key == "lead" else f"method.{key}")
        drawn = parse(parameters[key], LENGTH) if key in parameters else 0.0
        if made is not None and drawn > 0.0:
            told.append(_ratio(words, 1e6 * made, 1e6 * drawn, "um"))
    return told


def _ratio(words: str, made: float, drawn: float, unit: str) -> str:
    return f"{words} {made:.3g} {unit}, the geometry has {drawn:.3g} (ratio {made / drawn:.2f})."
