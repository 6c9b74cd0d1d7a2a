"""Linear attenuation of X-rays from a material's composition and density, with xraylib's cross sections."""

from __future__ import annotations

import functools

import numpy as np

from femsuite.errors import Fault, InputError
from femsuite.material.material import Material

LOWEST, HIGHEST = 1.0, 500.0
"""keV between which radiographs are computed; xraylib's tables reach from 0.1 to 800 keV."""
ROOM = 298.15
"""K at which densities are taken."""
KEYS = 'write [composition] with formula = "SiO2" or mass_fractions = { SiO2 = 0.85, C21H24O4 = 0.15 }'


def lacking(material: Material) -> str | None:
    """Return in a sentence what a radiograph lacks of a material, None if nothing."""
    if material.composition is None:
        return f"{material.name} has no composition, which [radiograph] needs; {KEYS} in its file"
    if "density" not in material.properties:
        return f"{material.name} has no density, which [radiograph] needs"
    return None


def attenuation(material: Material, energy: float) -> float:
    """Return ``mu = density * sum of mass fraction * cross section`` at room temperature, 1/m.

    Total cross sections: photoelectric, Rayleigh and Compton, so that scattered photons count as lost. Source:
    Schoonjans et al., Spectrochim. Acta B 66 (2011) 776 (xraylib).

    Args:
        material: with composition and density.
        energy: of the photons, keV.

    Raises:
        InputError: composition or density is missing, or the energy lies outside the tables.
    """
    wrong = lacking(material)
    if wrong or material.composition is None:
        raise InputError(Fault(wrong or ""))
    if not LOWEST <= energy <= HIGHEST:
        raise InputError(Fault(f"{energy:g} keV is not between {LOWEST:g} and {HIGHEST:g} keV"))
    fractions = material.composition.fractions
    per_mass = sum(share * cross_section(formula, energy) for formula, share in fractions.items())
    return per_mass * float(material.property("density")(np.array(ROOM)))


@functools.cache
def cross_section(formula: str, energy: float) -> float:
    """Return the total cross section of a chemical formula per mass, m^2/kg, at an energy in keV."""
    import xraylib

    return 0.1 * float(xraylib.CS_Total_CP(formula, energy))  # cm^2/g -> m^2/kg
