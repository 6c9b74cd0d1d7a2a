"""One condition per file: its options and its weak form. The registries name what a study may write as ``type``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from femsuite.conditions.base import Condition, Selector
from femsuite.conditions.film import Film
from femsuite.conditions.heat_flux import HeatFlux
from femsuite.conditions.heat_source import HeatSource
from femsuite.conditions.radiation import Radiation
from femsuite.conditions.temperature import FixedTemperature

HEAT: dict[str, type[Condition]] = {
    "film": Film,
    "radiation": Radiation,
    "temperature": FixedTemperature,
    "flux": HeatFlux,
}

HeatCondition = Annotated[Film | Radiation | FixedTemperature | HeatFlux, Field(discriminator="type")]

__all__ = [
    "HEAT",
    "Condition",
    "Film",
    "FixedTemperature",
    "HeatCondition",
    "HeatFlux",
    "HeatSource",
    "Radiation",
    "Selector",
]
