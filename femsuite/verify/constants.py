"""Materials of a few constants, for reference cases that carry their own numbers."""

from __future__ import annotations

from femsuite.material.catalogue import KINDS
from femsuite.material.curve import Constant
from femsuite.material.material import Material
from femsuite.material.property import Property


def material(name: str, crystal: str | None = None, **values: float) -> Material:
    """Return a material whose properties are the given constants, SI.

    Args:
        name: its name.
        crystal: ``"cubic"``, or None for an isotropic material.
        values: property name of the catalogue -> number, e.g. ``youngs_modulus=210e9``.
    """
    properties = {
        key: Property(key, KINDS[key].unit, Constant(number), ("case",), "published") for key, number in values.items()
    }
    return Material(name, "reference case", properties, {"case": "constants of the reference case"}, crystal)
