"""A pressure on faces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import ufl

from femsuite.conditions.support import MechanicalCondition
from femsuite.units import Stress


class Pressure(MechanicalCondition):
    """The traction ``t = -p n`` on the faces of the undeformed body.

    Args:
        pressure: p, Pa; positive pushes onto the body.
    """

    type: Literal["pressure"] = "pressure"
    pressure: Stress

    def numbers(self, dimension: int) -> Mapping[str, tuple[float, ...]]:
        """Return ``pressure``."""
        return {"pressure": (self.pressure,)}

    def work(self, test: Any, normal: Any, numbers: Mapping[str, Any]) -> Any:
        """Return ``-p n . v``."""
        return -numbers["pressure"][0] * ufl.inner(normal, test)
