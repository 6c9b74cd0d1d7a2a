"""A force per area on faces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import ufl
from pydantic import model_validator

from femsuite.conditions.support import MechanicalCondition
from femsuite.units import Stress


class Traction(MechanicalCondition):
    """The traction vector ``t`` on the faces of the undeformed body.

    Args:
        x: component along x, Pa.
        y: component along y, Pa.
        z: component along z, Pa (not in 2D).
    """

    type: Literal["traction"] = "traction"
    x: Stress | None = None
    y: Stress | None = None
    z: Stress | None = None

    @model_validator(mode="after")
    def _some(self) -> Traction:
        if self.x is None and self.y is None and self.z is None:
            raise ValueError("give at least one of x, y and z")
        return self

    def numbers(self, dimension: int) -> Mapping[str, tuple[float, ...]]:
        """Return ``traction``, one number per dimension."""
        if dimension == 2 and self.z is not None:
            raise ValueError("a plane model takes no traction along z")
        return {"traction": tuple(value or 0.0 for value in (self.x, self.y, self.z)[:dimension])}

    def work(self, test: Any, normal: Any, numbers: Mapping[str, Any]) -> Any:
        """Return ``t . v``."""
        return ufl.inner(numbers["traction"], test)
