"""One condition per file: its options and its weak form. The registries name what a study may write as ``type``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from femsuite.conditions.base import Condition, Selector
from femsuite.conditions.displacement import Displacement
from femsuite.conditions.film import Film
from femsuite.conditions.fixed import Fixed
from femsuite.conditions.heat_flux import HeatFlux
from femsuite.conditions.heat_source import HeatSource
from femsuite.conditions.pressure import Pressure
from femsuite.conditions.radiation import Radiation
from femsuite.conditions.support import MechanicalCondition
from femsuite.conditions.symmetry import Symmetry
from femsuite.conditions.temperature import FixedTemperature
from femsuite.conditions.traction import Traction

HEAT: dict[str, type[Condition]] = {
    "film": Film,
    "radiation": Radiation,
    "temperature": FixedTemperature,
    "flux": HeatFlux,
}

MECHANICS: dict[str, type[MechanicalCondition]] = {
    "fixed": Fixed,
    "symmetry": Symmetry,
    "displacement": Displacement,
    "pressure": Pressure,
    "traction": Traction,
}

HeatCondition = Annotated[Film | Radiation | FixedTemperature | HeatFlux, Field(discriminator="type")]
MechanicsCondition = Annotated[Fixed | Symmetry | Displacement | Pressure | Traction, Field(discriminator="type")]

__all__ = [
    "HEAT",
    "MECHANICS",
    "Condition",
    "Displacement",
    "Film",
    "Fixed",
    "FixedTemperature",
    "HeatCondition",
    "HeatFlux",
    "HeatSource",
    "MechanicalCondition",
    "MechanicsCondition",
    "Pressure",
    "Radiation",
    "Selector",
    "Symmetry",
    "Traction",
]
