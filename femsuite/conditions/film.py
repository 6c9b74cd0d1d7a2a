"""Heat lost to a fluid through a film coefficient (Newton's law of cooling)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from femsuite.conditions.schedule import TemperatureInTime, breakpoints_of, value_at
from femsuite.conditions.surface_heat import SurfaceHeat
from femsuite.units import FilmCoefficient


class Film(SurfaceHeat):
    """``q_out = h (T - T_ambient)``.

    Args:
        coefficient: h, W/(m^2 K).
        ambient: temperature of the fluid; may change with time.
    """

    in_operator: ClassVar[tuple[str, ...]] = ("coefficient",)

    type: Literal["film"] = "film"
    coefficient: Annotated[FilmCoefficient, Field(ge=0.0)]
    ambient: TemperatureInTime

    def numbers(self, time: float, area: float) -> dict[str, float]:
        """Return ``coefficient`` and ``ambient`` at the time."""
        return {"coefficient": self.coefficient, "ambient": value_at(self.ambient, time)}

    def outflow(self, temperature: Any, numbers: Mapping[str, Any]) -> Any:
        """Return ``h (T - T_ambient)``."""
        return numbers["coefficient"] * (temperature - numbers["ambient"])

    def breakpoints(self) -> tuple[float, ...]:
        """Return the times of the ambient's table."""
        return breakpoints_of(self.ambient)
