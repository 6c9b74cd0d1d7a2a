"""The names of fields and of their parts, so that a study can be checked before anything is computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from femsuite.errors import unknown

AXES = ("x", "y", "z")
VOIGT = ("xx", "yy", "zz", "yz", "xz", "xy")
FACE_KINDS = ("bow", "radius_x", "radius_y")
"""The kinds of quantities that are taken of faces."""
_VECTOR = (*AXES, "magnitude")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "temperature": (),
    "heat_flux": _VECTOR,
    "potential": (),
    "current_density": _VECTOR,
    "joule_heat": (),
    "displacement": _VECTOR,
    "stress": (*VOIGT, "von_mises", "mean", "principal_1", "principal_2", "principal_3"),
    "inelastic_strain": VOIGT,
    "accumulated_strain": (),
    "dissipation": (),
}
"""The fields that a study can ask for, and the parts of each."""
FIELD_UNITS: Mapping[str, str] = {
    "temperature": "K",
    "displacement": "m",
    "stress": "Pa",
    "heat_flux": "W/m**2",
    "potential": "V",
    "current_density": "A/m**2",
    "joule_heat": "W/m**3",
    "inelastic_strain": "",
    "accumulated_strain": "",
    "dissipation": "J/m**3",
}
"""SI unit of each."""
ELECTRIC = ("potential", "current_density", "joule_heat")
"""Those of a study with current."""
MEMORY = ("inelastic_strain", "accumulated_strain", "dissipation")
"""Those of regions that do not stay elastic."""


def wrong_name(name: str, fields: Collection[str], whole: bool = False) -> str | None:
    """Return what is wrong with the name of a field, known before anything is computed; None if nothing is.

    Args:
        name: e.g. ``stress.von_mises``.
        fields: those of ``FIELDS`` that will be computed.
        whole: a field of several components is allowed without a part.
    """
    field, dot, part = name.partition(".")
    if field not in fields:
        return unknown("field", field, fields)
    parts = FIELDS[field]
    if not parts:
        return f"the field '{field}' is a scalar and has no part '{part}'" if dot else None
    if part in parts or (whole and not dot):
        return None
    sentence = unknown("part", part, parts) if dot else f"name one: {field}.{parts[-1]}, or {', '.join(parts[:-1])}."
    return f"the field '{field}' has several components: {sentence}"
