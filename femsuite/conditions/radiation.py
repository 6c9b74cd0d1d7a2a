"""Grey radiation to large surroundings of one temperature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from femsuite.conditions.schedule import TemperatureInTime, breakpoints_of, value_at
from femsuite.conditions.surface_heat import SurfaceHeat

STEFAN_BOLTZMANN = 5.670374419e-8
"""W/(m^2 K^4), CODATA 2018 (exact since the SI of 2019, here to ten digits)."""


class Radiation(SurfaceHeat):
    """``q_out = emissivity sigma (T^4 - T_ambient^4)``.

    Args:
        emissivity: between 0 and 1; for a grey body also the absorptivity.
        ambient: temperature of the surroundings; may change with time.
        stefan_boltzmann: W/(m^2 K^4); only to repeat a published case that used a rounded value.
    """

    linear: ClassVar[bool] = False
    in_operator: ClassVar[tuple[str, ...]] = ("strength",)

    type: Literal["radiation"] = "radiation"
    emissivity: Annotated[float, Field(ge=0.0, le=1.0)]
    ambient: TemperatureInTime
    stefan_boltzmann: Annotated[float, Field(gt=0.0)] = STEFAN_BOLTZMANN

    def numbers(self, time: float, area: float) -> dict[str, float]:
        """Return ``strength`` (emissivity times sigma) and ``ambient`` at the time."""
        return {"strength": self.emissivity * self.stefan_boltzmann, "ambient": value_at(self.ambient, time)}

    def outflow(self, temperature: Any, numbers: Mapping[str, Any]) -> Any:
        """Return ``emissivity sigma (T^4 - T_ambient^4)``."""
        return numbers["strength"] * (temperature**4 - numbers["ambient"] ** 4)

    def breakpoints(self) -> tuple[float, ...]:
        """Return the times of the ambient's table."""
        return breakpoints_of(self.ambient)
