"""Faces in a plane of symmetry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from femsuite.conditions.support import MechanicalCondition


class Symmetry(MechanicalCondition):
    """``u . n = 0`` and no shear on a plane face whose normal is along an axis of the frame."""

    type: Literal["symmetry"] = "symmetry"

    def prescribed(self, normal: tuple[float, ...] | None, dimension: int) -> Mapping[int, float]:
        """Return zero for the component along the normal."""
        if normal is None:
            raise ValueError("a plane of symmetry must be one plane, but these faces have different normals")
        for axis, component in enumerate(normal[:dimension]):
            if abs(component) > 1.0 - 1e-6:
                return {axis: 0.0}
        shown = ", ".join(f"{component:.3g}" for component in normal)
        raise ValueError(f"a plane of symmetry must be normal to x, y or z, but these faces have the normal ({shown})")
