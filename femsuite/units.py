"""Physical quantities in study and geometry files: text with a unit in, SI numbers inside, text with a unit out."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import pint
from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema


@functools.cache
def registry() -> pint.UnitRegistry:
    """Return the one pint registry, with ``um``-style names and offset temperatures readable as ``25 degC``."""
    units: pint.UnitRegistry = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    units.default_format = "~P"
    return units


@dataclass(frozen=True)
class Dimension:
    """A kind of quantity: its name in sentences, its SI unit and examples of what a user may write."""

    name: str
    unit: str
    example: str


def parse(value: object, dimension: Dimension) -> float:
    """Return the SI number of a quantity written with its unit.

    Args:
        value: text such as ``"400 um"``.
        dimension: what kind of quantity is wanted.

    Raises:
        ValueError: with a sentence, when the unit is missing, unknown or of another dimension.
    """
    wanted = f'a {dimension.name} with its unit, such as "{dimension.example}"'
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"{value!r} is not {wanted}")
    if not isinstance(value, str):
        raise ValueError(f"{value!r} has no unit; write {wanted}")
    text = value.strip()
    try:
        quantity = registry().Quantity(text)
    except Exception as error:  # pint raises many kinds, some of them from the tokenizer
        raise ValueError(f'"{text}" cannot be read; write {wanted}') from error
    if not isinstance(quantity, pint.Quantity) or (quantity.unitless and dimension.unit != ""):
        raise ValueError(f'"{text}" has no unit; write {wanted}')
    if dimension is TEMPERATURE_DIFFERENCE and quantity.units != registry().kelvin:
        raise ValueError(f'"{text}" is not a difference of temperature: only K is taken, such as "10 K"')
    try:
        number = float(quantity.to(dimension.unit).magnitude)
    except pint.DimensionalityError as error:
        raise ValueError(f'"{text}" is not a {dimension.name}; write {wanted}') from error
    if not math.isfinite(number):
        raise ValueError(f'"{text}" is not a finite number')
    if dimension is TEMPERATURE and number < 0.0:
        raise ValueError(f'"{text}" lies below absolute zero')
    return float(f"{number:.15g}")  # "400 um" is 0.0004, not 0.00039999999999999996


def show(value: float, dimension: Dimension) -> str:
    """Return the SI number as text that ``parse`` reads back to the same number."""
    return f"{value!r} {dimension.unit}".strip()


_PLAIN = str.maketrans({"\u00b5": "u", "\u03bc": "u"})  # the micro sign and the Greek letter: pint writes either


def pretty(value: float, unit: str, digits: int = 4) -> str:
    """Return a number for people: scaled to a handy prefix, e.g. ``400 um``."""
    if unit in ("", "1"):
        return f"{value:.{digits}g}"
    if value == 0.0 or unit in ("K", "degC"):
        return f"{value:.{digits}g} {unit}"
    compact = registry().Quantity(value, unit).to_compact()
    return f"{compact.magnitude:.{digits}g} {compact.units:~}".translate(_PLAIN)


def _annotated(dimension: Dimension) -> Any:
    return Annotated[
        float,
        BeforeValidator(lambda value: parse(value, dimension)),
        PlainSerializer(lambda value: show(value, dimension), return_type=str),
        WithJsonSchema(
            {
                "type": "string",
                "description": f"{dimension.name} with its unit (SI: {dimension.unit})",
                "examples": [dimension.example],
            }
        ),
        dimension,
    ]


LENGTH = Dimension("length", "m", "400 um")
ANGLE = Dimension("angle", "rad", "30 deg")
TIME = Dimension("time", "s", "10 s")
TEMPERATURE = Dimension("temperature", "K", "25 degC")
TEMPERATURE_DIFFERENCE = Dimension("temperature difference", "K", "10 K")
POWER = Dimension("power", "W", "1.5 W")
HEAT_FLUX = Dimension("heat flux", "W/m**2", "1e4 W/m^2")
POWER_DENSITY = Dimension("power density", "W/m**3", "1e9 W/m^3")
FILM_COEFFICIENT = Dimension("film coefficient", "W/m**2/K", "90 W/(m^2 K)")
THERMAL_RESISTANCE_AREA = Dimension("contact resistance", "m**2*K/W", "1e-5 m^2 K/W")
THERMAL_RESISTANCE = Dimension("thermal resistance", "K/W", "73 K/W")
STRESS = Dimension("stress", "Pa", "10 MPa")
ENERGY = Dimension("photon energy", "keV", "31 keV")
VOLTAGE = Dimension("voltage", "V", "0.1 V")
CURRENT = Dimension("current", "A", "200 A")
ELECTRIC_RESISTANCE_AREA = Dimension("electric contact resistance", "ohm*m**2", "1e-9 ohm m^2")
TEMPERATURE_COEFFICIENT = Dimension("temperature coefficient", "1/K", "0.004 1/K")
FLUENCE = Dimension("fluence", "J/m**2", "6 J/cm^2")
ABSORPTION = Dimension("absorption coefficient", "1/m", "1.35e5 1/m")
VISCOSITY = Dimension("viscosity", "Pa*s", "1e6 Pa s")
CURRENT_DENSITY = Dimension("current density", "A/m**2", "3 A/dm^2")
CONDUCTIVITY = Dimension("electric conductivity", "S/m", "50 S/m")

if TYPE_CHECKING:
    Length = float
    Angle = float
    Time = float
    Temperature = float
    TemperatureDifference = float
    Power = float
    HeatFlux = float
    PowerDensity = float
    FilmCoefficient = float
    ContactResistance = float
    ThermalResistance = float
    Stress = float
    PhotonEnergy = float
    Voltage = float
    Current = float
    ElectricContactResistance = float
    TemperatureCoefficient = float
    Fluence = float
    Absorption = float
    Viscosity = float
    CurrentDensity = float
    Conductivity = float
else:
    Length = _annotated(LENGTH)
    Angle = _annotated(ANGLE)
    Time = _annotated(TIME)
    Temperature = _annotated(TEMPERATURE)
    TemperatureDifference = _annotated(TEMPERATURE_DIFFERENCE)
    Power = _annotated(POWER)
    HeatFlux = _annotated(HEAT_FLUX)
    PowerDensity = _annotated(POWER_DENSITY)
    FilmCoefficient = _annotated(FILM_COEFFICIENT)
    ContactResistance = _annotated(THERMAL_RESISTANCE_AREA)
    ThermalResistance = _annotated(THERMAL_RESISTANCE)
    Stress = _annotated(STRESS)
    PhotonEnergy = _annotated(ENERGY)
    Voltage = _annotated(VOLTAGE)
    Current = _annotated(CURRENT)
    ElectricContactResistance = _annotated(ELECTRIC_RESISTANCE_AREA)
    TemperatureCoefficient = _annotated(TEMPERATURE_COEFFICIENT)
    Fluence = _annotated(FLUENCE)
    Absorption = _annotated(ABSORPTION)
    Viscosity = _annotated(VISCOSITY)
    CurrentDensity = _annotated(CURRENT_DENSITY)
    Conductivity = _annotated(CONDUCTIVITY)


def dimension_of(metadata: Any) -> Dimension | None:
    """Return the dimension in a pydantic field's metadata, or None for a plain number."""
    return next((item for item in metadata if isinstance(item, Dimension)), None)
