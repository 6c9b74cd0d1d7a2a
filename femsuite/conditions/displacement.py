"""Faces moved by a given amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import model_validator

from femsuite.conditions.support import MechanicalCondition
from femsuite.units import Length


class Displacement(MechanicalCondition):
    """Prescribed components of the displacement; a component that is not given stays free.

    Args:
        x: displacement along x, m.
        y: displacement along y, m.
        z: displacement along z, m (not in 2D).
    """

    type: Literal["displacement"] = "displacement"
    x: Length | None = None
    y: Length | None = None
    z: Length | None = None

    @model_validator(mode="after")
    def _some(self) -> Displacement:
        if self.x is None and self.y is None and self.z is None:
            raise ValueError("give at least one of x, y and z")
        return self

    def prescribed(self, normal: tuple[float, ...] | None, dimension: int) -> Mapping[int, float]:
        """Return the components that were given."""
        given = {axis: value for axis, value in enumerate((self.x, self.y, self.z)) if value is not None}
        if max(given) >= dimension:
            raise ValueError("a plane model has no displacement along z")
        return given
