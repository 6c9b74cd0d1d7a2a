"""Faces clamped in every direction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from femsuite.conditions.support import MechanicalCondition


class Fixed(MechanicalCondition):
    """``u = 0`` on the faces."""

    type: Literal["fixed"] = "fixed"

    def prescribed(self, normal: tuple[float, ...] | None, dimension: int) -> Mapping[int, float]:
        """Return zero for every component."""
        return dict.fromkeys(range(dimension), 0.0)
