"""Constants of a cubic crystal and one reflection in the symmetric Laue case (the beam passes through the plate)."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import constants

from femsuite.errors import InputError, unknown

CLASSICAL_ELECTRON_RADIUS = constants.value("classical electron radius")
HC_KEV_METRE = constants.h * constants.c / constants.e / 1e3
HIGHEST_ENERGY = 100.0
"""keV, up to which xraylib has anomalous scattering factors."""


@dataclass(frozen=True)
class CrystalData:
    """What is known of a crystal beside its structure factor: lattice parameter (m) and Debye-Waller B (m^2)."""

    lattice_parameter: float
    debye_waller: float
    density: float
    source: str
    status: str


CRYSTALS: dict[str, CrystalData] = {
    "Si": CrystalData(
        5.431020511e-10,
        0.4613e-20,
        2329.0,
        "lattice parameter: CODATA 2018; B at 293 K: Aldred and Hart, Proc. R. Soc. A 332 (1973) 239, not looked up",
        "unchecked",
    ),
    "Ge": CrystalData(
        5.6579e-10,
        0.58e-20,
        5323.0,
        "lattice parameter: handbook value at 298 K; B: order of the room-temperature values in use, not looked up",
        "unchecked",
    ),
}


@dataclass(frozen=True)
class Crystal:
    """One reflection of one crystal plate at one photon energy, sigma polarisation, symmetric Laue. All in SI.

    Symbols follow Authier, *Dynamical Theory of X-ray Diffraction*. Waves are ``exp(+2 pi i k.r)``, so absorption is
    a positive imaginary part of the susceptibility.

    Attributes:
        name: of the crystal.
        reflection: Miller indices of h.
        energy: photon energy in keV.
        thickness: of the plate, m.
        spacing: d of the planes, m.
        wavelength: m.
        bragg_angle: rad.
        structure_factor: ``|F_h|`` per cell with the Debye-Waller factor.
        chi_0: mean susceptibility (complex).
        chi_h: ``|chi_h|`` with the Debye-Waller factor.
        attenuation: total linear attenuation, 1/m.
    """

    name: str
    reflection: tuple[int, int, int]
    energy: float
    thickness: float
    spacing: float
    wavelength: float
    bragg_angle: float
    structure_factor: float
    chi_0: complex
    chi_h: float
    attenuation: float

    @property
    def tan(self) -> float:
        """Tangent of the Bragg angle."""
        return math.tan(self.bragg_angle)

    @property
    def darwin_half_width(self) -> float:
        """``delta_os = chi_h / sin 2 theta``, rad."""
        return self.chi_h / math.sin(2.0 * self.bragg_angle)

    @property
    def pendelloesung_length(self) -> float:
        """``Lambda = lambda cos(theta) / chi_h = d / delta_os``, m."""
        return self.wavelength * math.cos(self.bragg_angle) / self.chi_h

    @property
    def reduced_thickness(self) -> float:
        """``A = pi t / Lambda``."""
        return math.pi * self.thickness / self.pendelloesung_length

    @property
    def dynamical_reflectivity(self) -> float:
        """Integrated reflectivity of the perfect plate without absorption, rad.

        ``R = delta_os (pi/2) int_0^2A J0(x) dx`` (Waller; Kato).
        """
        from scipy import special  # here: the constants alone are read without it

        integral, _ = special.itj0y0(2.0 * self.reduced_thickness)
        return float(self.darwin_half_width * 0.5 * math.pi * integral)

    @property
    def kinematical_power(self) -> float:
        """``Q``, integrated reflecting power per path: ``R_kin = Q t / cos(theta) = pi A delta_os``; 1/m."""
        return math.pi**2 * self.darwin_half_width * math.cos(self.bragg_angle) / self.pendelloesung_length

    @property
    def kinematical_reflectivity(self) -> float:
        """Integrated reflectivity of a plate that scatters kinematically throughout, rad."""
        return math.pi * self.reduced_thickness * self.darwin_half_width

    @property
    def transmission(self) -> float:
        """``exp(-mu t / cos theta)``: the same for both beams in the symmetric Laue case."""
        return math.exp(-self.attenuation * self.thickness / math.cos(self.bragg_angle))

    @property
    def gradient_scale(self) -> float:
        """``Lambda^2 / (pi d)``, m: times ``u_x,zz - tan^2 u_x,xx`` it is the strain-gradient parameter g."""
        return self.pendelloesung_length**2 / (math.pi * self.spacing)

    @property
    def section_width(self) -> float:
        """``2 t tan(theta)``: what an infinitely narrow beam becomes on the exit face, m."""
        return 2.0 * self.thickness * self.tan

    @property
    def numbers(self) -> dict[str, float]:
        """The constants by the names of `femsuite.topograph.measures.CRYSTAL`, in its units.

        ``absorption`` is ``mu t / cos theta``, ``darwin_width`` the full width ``2 delta_os``.
        """
        return {
            "bragg_angle": self.bragg_angle,
            "bragg_tangent": self.tan,
            "darwin_width": 2.0 * self.darwin_half_width,
            "pendelloesung_length": self.pendelloesung_length,
            "absorption": self.attenuation * self.thickness / math.cos(self.bragg_angle),
            "section_width": self.section_width,
        }


def crystal_constants(
    name: str,
    reflection: Sequence[int],
    energy: float,
    thickness: float,
    debye_waller: float | None = None,
) -> Crystal:
    """Return the constants of a reflection, with structure factors and attenuation from xraylib.

    Args:
        name: a cubic crystal of xraylib's list, e.g. ``Si``.
        reflection: three Miller indices.
        energy: photon energy, keV.
        thickness: of the plate, m.
        debye_waller: B in m^2 (``exp(-B / 4 d^2)``); the crystal's own room-temperature value when None.

    Raises:
        InputError: unknown or non-cubic crystal, forbidden reflection, energy too low for the reflection.
    """
    indices = tuple(int(index) for index in reflection)
    if len(indices) != 3 or indices == (0, 0, 0):
        raise InputError(f"reflection {list(reflection)} must be three Miller indices, such as [2, -2, 0]")
    data, structure = _cell(name)
    lattice = data.lattice_parameter
    spacing = lattice / math.sqrt(sum(index * index for index in indices))
    wavelength = HC_KEV_METRE / energy
    if wavelength >= 2.0 * spacing:
        raise InputError(
            f"reflection {list(indices)} of {name} cannot diffract at {energy:g} keV: "
            f"the energy must exceed {HC_KEV_METRE / (2.0 * spacing):.3g} keV"
        )
    forward, reflected, attenuation = _scattering(name, structure, energy, indices, data.density)
    if reflected < 1e-3:
        raise InputError(f"reflection {list(indices)} of {name} is forbidden: its structure factor is zero")
    broadening = data.debye_waller if debye_waller is None else debye_waller
    amplitude = reflected * math.exp(-broadening / (4.0 * spacing**2))
    scale = CLASSICAL_ELECTRON_RADIUS * wavelength**2 / (math.pi * lattice**3)
    return Crystal(
        name=name,
        reflection=indices,
        energy=energy,
        thickness=thickness,
        spacing=spacing,
        wavelength=wavelength,
        bragg_angle=math.asin(wavelength / (2.0 * spacing)),
        structure_factor=amplitude,
        chi_0=-scale * forward.conjugate(),
        chi_h=scale * amplitude,
        attenuation=attenuation,
    )


def harmonic(crystal: Crystal, order: int, debye_waller: float | None = None) -> Crystal:
    """Return the reflection ``order * h`` that the same planes give at ``order`` times the energy."""
    indices = [order * index for index in crystal.reflection]
    return crystal_constants(crystal.name, indices, order * crystal.energy, crystal.thickness, debye_waller)


@functools.cache
def _cell(name: str) -> tuple[CrystalData, dict]:
    import xraylib

    known = set(CRYSTALS)
    if name not in known:
        raise InputError(unknown("crystal", name, known))
    structure = xraylib.Crystal_GetCrystal(name)
    if structure is None:
        raise InputError(f"crystal '{name}' has no structure in xraylib")
    return CRYSTALS[name], structure


def _scattering(
    name: str, structure: dict, energy: float, indices: tuple[int, ...], density: float
) -> tuple[complex, float, float]:
    import xraylib

    forward = complex(xraylib.Crystal_F_H_StructureFactor(structure, energy, 0, 0, 0, 1.0, 1.0))
    reflected = complex(xraylib.Crystal_F_H_StructureFactor(structure, energy, *indices, 1.0, 1.0))
    attenuation = xraylib.CS_Total_CP(name, energy) * density * 0.1  # cm^2/g * kg/m^3 -> 1/m
    return forward, float(np.abs(reflected)), float(attenuation)
