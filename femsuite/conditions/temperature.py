"""A surface held at a temperature."""

from __future__ import annotations

from typing import ClassVar, Literal

from femsuite.conditions.base import Condition, Selector
from femsuite.conditions.schedule import TemperatureInTime, breakpoints_of, value_at


class FixedTemperature(Condition):
    """``T = value`` on the surface, imposed on the unknowns; its power is the sum of their residuals (reactions).

    Args:
        surface: which outer faces or interfaces.
        value: a temperature, or one that changes with time.
    """

    essential: ClassVar[bool] = True
    linear: ClassVar[bool] = True

    type: Literal["temperature"] = "temperature"
    surface: Selector
    value: TemperatureInTime

    def at(self, time: float) -> float:
        """Return the temperature in kelvin at a time in seconds."""
        return value_at(self.value, time)

    def breakpoints(self) -> tuple[float, ...]:
        """Return the times (s) that time steps must hit."""
        return breakpoints_of(self.value)
