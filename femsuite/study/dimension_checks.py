"""Checks of a study against the dimension of its body: what only a solid has, and what only a section needs."""

from __future__ import annotations

from femsuite.study.locate import Path
from femsuite.study.model import Study

PLANES = '"stress" (thin), "strain" (held across) or "axisymmetric" (turned about x = 0)'


def dimension_faults(study: Study, dimension: int) -> list[tuple[Path, str]]:
    """Return (key path, sentence) of what does not go with the dimension of the body.

    Args:
        study: the validated study.
        dimension: of geometry or mesh: 3 for a solid, 2 for a section.
    """
    return _of_section(study) if dimension == 2 else _of_solid(study)


def _of_section(study: Study) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    plane = study.mechanics.plane if study.mechanics is not None else None
    if study.mechanics is not None and plane is None:
        sentence = f"this key is missing: the geometry is a section; say how it stands for the body, as {PLANES}"
        found.append((("mechanics", "plane"), sentence))
    if study.heat is not None and study.heat.axisymmetric and plane in ("stress", "strain"):
        sentence = f"heat is turned about x = 0, but mechanics.plane is '{plane}': one section stands for one body"
        found.append((("heat", "axisymmetric"), sentence))
    for name, words in (("topograph", "a topograph images"), ("radiograph", "a radiograph is taken of")):
        if getattr(study, name) is not None:
            sentence = f"{words} a solid, and this geometry is a section; take a geometry in three dimensions"
            found.append(((name,), sentence))
    return found


def _of_solid(study: Study) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    how = "leave this key out, in a study that extends another by"
    if study.mechanics is not None and study.mechanics.plane is not None:
        sentence = f"'{study.mechanics.plane}' is for a section, and this geometry is a solid; {how} "
        found.append((("mechanics", "plane"), f'{sentence}without = ["mechanics.plane"]'))
    if study.heat is not None and study.heat.axisymmetric:
        sentence = f"true is for a section, and this geometry is a solid; {how} "
        found.append((("heat", "axisymmetric"), f'{sentence}without = ["heat.axisymmetric"]'))
    return found
