"""Heat put in through a surface: a flux, or a power spread evenly over the surface's area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from femsuite.conditions.surface_heat import SurfaceHeat
from femsuite.units import HeatFlux as Flux
from femsuite.units import Power


class HeatFlux(SurfaceHeat):
    """``q_out = -q_in`` with a given ``q_in``, or ``q_in = power / area`` of the meshed surface, so power is exact.

    Args:
        flux: q_in, W/m^2.
        power: W over the whole selected surface. Exactly one of the two is given.
    """

    supplies: ClassVar[bool] = True

    type: Literal["flux"] = "flux"
    flux: Flux | None = None
    power: Power | None = None

    @model_validator(mode="after")
    def _one(self) -> HeatFlux:
        if (self.flux is None) == (self.power is None):
            raise ValueError("give either flux or power, and only one of the two")
        return self

    def numbers(self, time: float, area: float) -> dict[str, float]:
        """Return ``flux``, W/m^2."""
        return {"flux": self.flux if self.flux is not None else (self.power or 0.0) / area}

    def outflow(self, temperature: Any, numbers: Mapping[str, Any]) -> Any:
        """Return ``-q_in``."""
        return -numbers["flux"]
