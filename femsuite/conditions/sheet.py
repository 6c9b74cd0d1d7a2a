"""A power chip as a sheet under the metal: its current density follows the voltage across it, and heats it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from femsuite.conditions.base import Condition, Selector
from femsuite.units import ElectricContactResistance, Temperature, TemperatureCoefficient, Voltage


class Sheet(Condition):
    """``j = (V - back - knee) / r_on(T)`` out of the metal, and ``j (V - back)`` of heat on the face.

    ``r_on(T) = resistance (1 + coefficient (T - reference))``. With a knee the law holds for currents in the direction
    in which the part conducts; a MOSFET in its linear range has none.

    Args:
        surface: faces of the conductors under which the chip lies: outer faces or interfaces.
        resistance: r_on, ohm m^2: resistance of the chip times its active area.
        knee: voltage across the chip without current, as of a diode or an IGBT, V.
        back: potential of the chip's other face, V.
        coefficient: relative rise of r_on per kelvin, 1/K.
        reference: temperature at which ``resistance`` is given.
    """

    surface: Selector
    resistance: Annotated[ElectricContactResistance, Field(gt=0.0)]
    knee: Voltage = 0.0
    back: Voltage = 0.0
    coefficient: TemperatureCoefficient = 0.0
    reference: Temperature = 298.15

    def numbers(self, share: float = 1.0) -> dict[str, float]:
        """Return the SI values of the form's constants, with ``back`` scaled by a share as the drives are."""
        names = ("resistance", "knee", "coefficient", "reference")
        return {name: float(getattr(self, name)) for name in names} | {"back": share * self.back}

    def current(self, potential: Any, temperature: Any, numbers: Mapping[str, Any]) -> Any:
        """Return the current density out of the metal, A/m^2, as a UFL expression.

        Args:
            potential: UFL expression, V.
            temperature: UFL expression, K.
            numbers: UFL constants under the names of ``numbers``.
        """
        rise = 1.0 + numbers["coefficient"] * (temperature - numbers["reference"])
        return (potential - numbers["back"] - numbers["knee"]) / (numbers["resistance"] * rise)

    def heat(self, potential: Any, temperature: Any, numbers: Mapping[str, Any]) -> Any:
        """Return the heat that the chip gives off, W/m^2, as a UFL expression; arguments as for `current`."""
        return self.current(potential, temperature, numbers) * (potential - numbers["back"])
