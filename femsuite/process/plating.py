"""Electrodeposited metal after M. Faraday: thickness, time and current density.

``dh/dt = efficiency i M/(z F rho)``. How the current spreads over an opening stands in `bath`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from femsuite.errors import InputError, unknown

FARADAY = 96485.33212
"""C/mol (exact, SI 2019)."""
AMPERE_PER_DM2 = 100.0
"""A/m^2."""


@dataclass(frozen=True)
class Deposit:
    """A metal that is deposited.

    Args:
        molar_mass: kg/mol.
        electrons: z, per atom.
        density: of the deposit, kg/m^3.
        source: of the numbers.
        status: as of all numbers in this room.
    """

    molar_mass: float
    electrons: int
    density: float
    source: str = "given"
    status: Literal["published", "seed", "derived", "unchecked", "estimate"] = "unchecked"

    def __post_init__(self) -> None:
        numbers = (self.molar_mass, float(self.electrons), self.density)
        if not all(math.isfinite(one) and one > 0.0 for one in numbers):
            raise InputError("plating: molar mass, electrons per atom and density of a metal must be positive")


_HANDBOOK = "IUPAC atomic weights 2021; density of the solid metal, CRC Handbook of Chemistry and Physics"

METALS = {
    "Cu": Deposit(63.546e-3, 2, 8960.0, _HANDBOOK),
    "Ag": Deposit(107.8682e-3, 1, 10490.0, f"{_HANDBOOK}; z of the cyanide bath, Ag(I)"),
    "Au": Deposit(196.96657e-3, 1, 19300.0, f"{_HANDBOOK}; z of the cyanide bath, Au(I)"),
    "Ni": Deposit(58.6934e-3, 2, 8908.0, _HANDBOOK),
    "Al": Deposit(26.981538e-3, 3, 2700.0, f"{_HANDBOOK}; from ionic liquids only, water decomposes first"),
}
"""The metals of Siemens' patent application US 10/590,901 that baths exist for; values from memory of the source."""


def metal(name: str) -> Deposit:
    """Return a metal of the table.

    Raises:
        InputError: for a name that is not in it.
    """
    if name not in METALS:
        raise InputError(f"plating: {unknown('metal', name, METALS)}")
    return METALS[name]


def rate(deposit: Deposit, current_density: float, efficiency: float = 1.0) -> float:
    """Return the growth, m/s.

    Args:
        deposit: the metal.
        current_density: i, A/m^2 (1 A/dm^2 is 100 A/m^2).
        efficiency: share of the current that deposits metal, above 0 to 1; acid copper near 1.

    Raises:
        InputError: for a current density that is negative, or an efficiency outside 0 to 1.
    """
    if not 0.0 < efficiency <= 1.0:
        raise InputError(f"plating: the efficiency must lie above 0, at most at 1; given is {efficiency:g}")
    if not (math.isfinite(current_density) and current_density >= 0.0):
        raise InputError(f"plating: the current density must be 0 or more; given is {current_density:g} A/m^2")
    return efficiency * current_density * deposit.molar_mass / (deposit.electrons * FARADAY * deposit.density)


def thickness(deposit: Deposit, current_density: float, time: float, efficiency: float = 1.0) -> float:
    """Return the thickness after a time (s), m; arguments as of `rate`."""
    if not time >= 0.0:
        raise InputError(f"plating: the time must be 0 or more; given is {time:g} s")
    return rate(deposit, current_density, efficiency) * time


def time_for(deposit: Deposit, current_density: float, wanted: float, efficiency: float = 1.0) -> float:
    """Return the time that a thickness (m) takes, s; arguments as of `rate`."""
    speed = rate(deposit, current_density, efficiency)
    if not (wanted >= 0.0 and speed > 0.0):
        raise InputError("plating: a time needs a thickness of 0 or more and a current density above 0")
    return wanted / speed
