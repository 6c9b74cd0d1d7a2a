"""Power released in a region, spread evenly over its meshed volume, so that the power put in is exact."""

from __future__ import annotations

from typing import Literal

from femsuite.conditions.base import Condition, Selector
from femsuite.units import Power


class HeatSource(Condition):
    """``p = power / volume`` inside the selected regions together, zero elsewhere.

    Args:
        region: which regions.
        power: W in all of them together.
    """

    type: Literal["source"] = "source"
    region: Selector
    power: Power

    def density(self, volume: float) -> float:
        """Return W/m^3 for the meshed volume in m^3."""
        return self.power / volume
