"""The properties a material file may state: their names in words, their SI unit and the bounds of a sensible value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of property.

    Args:
        unit: its SI unit, as material files write it.
        words: what it is, for the reference page.
        above: every value must be larger than this (None: no bound).
        below: every value must be smaller than this (None: no bound).
    """

    unit: str
    words: str
    above: float | None = 0.0
    below: float | None = None


KINDS: dict[str, Kind] = {
    "density": Kind("kg/m^3", "mass density"),
    # elasticity
    "youngs_modulus": Kind("Pa", "Young's modulus of an isotropic material"),
    "poissons_ratio": Kind("1", "Poisson's ratio of an isotropic material", -1.0, 0.5),
    "stiffness_c11": Kind("Pa", "C11 of a cubic crystal in its own axes"),
    "stiffness_c12": Kind("Pa", "C12 of a cubic crystal in its own axes"),
    "stiffness_c44": Kind("Pa", "C44 of a cubic crystal in its own axes"),
    "youngs_modulus_polycrystal": Kind("Pa", "isotropic mean (Voigt-Reuss-Hill) of a crystal"),
    "poissons_ratio_polycrystal": Kind("1", "isotropic mean (Voigt-Reuss-Hill) of a crystal", -1.0, 0.5),
    "youngs_modulus_100": Kind("Pa", "Young's modulus of a crystal along <100>"),
    "youngs_modulus_110": Kind("Pa", "Young's modulus of a crystal along <110>"),
    "youngs_modulus_111": Kind("Pa", "Young's modulus of a crystal along <111>"),
    "biaxial_modulus_100": Kind("Pa", "biaxial modulus in the (100) plane of a crystal"),
    "biaxial_modulus_111": Kind("Pa", "biaxial modulus in the (111) plane of a crystal"),
    "youngs_modulus_glass": Kind("Pa", "Young's modulus of a resin below its glass transition"),
    "youngs_modulus_rubber": Kind("Pa", "Young's modulus of a resin above its glass transition"),
    # thermal expansion
    "expansion_tangent": Kind("1/K", "instantaneous coefficient of linear expansion", None),
    "expansion_secant": Kind("1/K", "mean coefficient of linear expansion from `reference_temperature`", None),
    "expansion_tangent_xy": Kind("1/K", "the same of a laminate, in its plane", None),
    "expansion_tangent_z": Kind("1/K", "the same of a laminate, through its thickness (mesh z)", None),
    "expansion_glass": Kind("1/K", "instantaneous expansion of a resin below its glass transition", None),
    "expansion_rubber": Kind("1/K", "instantaneous expansion of a resin above its glass transition", None),
    "glass_transition": Kind("K", "glass transition temperature"),
    # heat and current
    "thermal_conductivity": Kind("W/(m K)", "thermal conductivity"),
    "thermal_conductivity_xy": Kind("W/(m K)", "thermal conductivity of a laminate in its plane"),
    "thermal_conductivity_z": Kind("W/(m K)", "thermal conductivity of a laminate through its thickness (mesh z)"),
    "heat_capacity": Kind("J/(kg K)", "specific heat capacity at constant pressure"),
    "electrical_resistivity": Kind("ohm m", "electrical resistivity"),
    # strength
    "yield_stress": Kind("Pa", "yield stress (0.2 % proof)"),
    "tensile_strength": Kind("Pa", "ultimate tensile strength"),
    "elongation_at_break": Kind("1", "elongation at break"),
    "fracture_toughness": Kind("Pa m^0.5", "fracture toughness K_Ic"),
    "fracture_stress": Kind("Pa", "fracture stress of a film"),
    "hardness": Kind("Pa", "indentation hardness"),
    "film_stress": Kind("Pa", "stress of a film as deposited, tension positive", None),
    "punch_shear_resistance": Kind("Pa", "shear resistance against punching"),
    # phase changes and cure
    "melting_temperature": Kind("K", "melting temperature"),
    "solidus": Kind("K", "solidus temperature"),
    "liquidus": Kind("K", "liquidus temperature"),
    "melt_volume_change": Kind("1", "relative growth of the volume on melting", None),
    "latent_heat": Kind("J/kg", "latent heat of fusion"),
    "liquid_viscosity": Kind("Pa s", "viscosity of the melt"),
    "curie_temperature": Kind("K", "Curie temperature"),
    "cure_temperature": Kind("K", "temperature of cure"),
    "cure_shrinkage": Kind("1", "linear shrinkage in cure"),
}

# What a physics may ask for, and the sets of properties that each answer it.
ANSWERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "thermal_conductivity": (("thermal_conductivity",), ("thermal_conductivity_xy", "thermal_conductivity_z")),
    "expansion": (("expansion_tangent",), ("expansion_secant",), ("expansion_tangent_xy", "expansion_tangent_z")),
    "stiffness": (("stiffness_c11", "stiffness_c12", "stiffness_c44"), ("youngs_modulus", "poissons_ratio")),
}

STATUSES = ("published", "mixed", "seed", "derived", "unchecked", "estimate")
"""How far a number can be trusted, best first."""

STATUS_WORDS = {
    "published": "read in the named source",
    "mixed": "part read, part not, or read for a neighbouring alloy or the bulk form: see the note",
    "seed": "stated in a patent or paper that a study reproduces",
    "derived": "computed from other values by the formula in the note",
    "unchecked": "from memory of the named handbook or paper; needs checking",
    "estimate": "engineering placeholder; every report that depends on it says so",
}


def worst(*statuses: str) -> str:
    """Return the least trustworthy of the statuses."""
    return max(statuses, key=STATUSES.index)
