"""Mutations: single functions of the production code made wrong on purpose, and the cheapest cases that must notice.

All change numbers, never a weak form: nothing is compiled anew. A mutation names the function as the finite-element
path reads it, ``module:attribute``, so that the mutant is what the cases run through.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from femsuite.verify.mutation import Change, Mutation, argument_by, entry_by, key_by, times
from femsuite.verify.mutations_diffusion import DIFFUSION
from femsuite.verify.mutations_electric import ELECTRIC
from femsuite.verify.mutations_inelastic import INELASTIC
from femsuite.verify.mutations_life import LIFE
from femsuite.verify.mutations_process import PROCESS
from femsuite.verify.mutations_via_process import VIA

PHYSICS = ("heat", "mechanics", "inelastic", "life", "diffusion", "process", "electric", "topograph")


def _flipped(value: float) -> float:
    return -value


def _larger(value: Any) -> Any:
    return 1.05 * value


def _conductivity_at_points(right: Any) -> Any:
    def fill(self: Any, coefficient: Any, values: np.ndarray) -> None:
        right(self, coefficient, _larger(values) if coefficient is self.conductivity else values)

    return fill


def _softer_shear(right: Any) -> Any:
    def coefficients(self: Any, temperature: np.ndarray) -> np.ndarray:
        found = np.array(right(self, temperature))
        if found.shape[-1] == 3:  # C11, C12, C44
            found[..., 2] *= 1.05
        return found

    return coefficients


def _stiffer_lambda(right: Any) -> Any:
    def coefficients(self: Any, temperature: np.ndarray) -> np.ndarray:
        found = np.array(right(self, temperature))
        if found.shape[-1] == 2:  # lambda, mu
            found[..., 0] *= 1.05
        return found

    return coefficients


def _turned_back(right: Any) -> Any:
    return property(lambda self: right.func(self).T)


def _reversed_load(right: Any) -> Any:
    def force(self: Any) -> Any:
        vector = right(self)
        vector.scale(-1.0)
        return vector

    return force


def _property_times(factor: float) -> Change:
    def change(right: Any) -> Any:
        return property(lambda self: factor * right.fget(self))

    return change


def _wrong_sign_along(right: Any) -> Any:
    def gradient(self: Any) -> np.ndarray:
        crystal = self.crystal
        return right.fget(self) + 2.0 * crystal.gradient_scale * crystal.tan**2 * self.curvature[..., 1]

    return property(gradient)


def _larger_exponent(right: Any) -> Any:
    """1 - exp(-1.05 pi/g), by giving the integral g/1.05 and multiplying by 1.05 what comes back."""
    return times(1.05)(argument_by(5, lambda g: g / 1.05)(right))


def _column_flipped(column: int) -> Callable[[np.ndarray], np.ndarray]:
    def wrong(packed: np.ndarray) -> np.ndarray:
        changed = packed.copy()
        changed[..., column] *= -1.0
        return changed

    return wrong


def _farther(numbers: tuple[float, ...]) -> tuple[float, ...]:
    return (*numbers[:4], 1.05 * numbers[4], *numbers[5:])


def _half_forgotten(right: Any) -> Any:
    def splat(*given: Any) -> tuple[float, float]:
        total, lost = right(*given)
        return total, 0.5 * lost

    return splat


MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "conductivity of a material x 1.05", "heat", "material.field:MaterialField.conductivity", times(1.05),
        ("thermal.T-9",),
    ),
    Mutation(
        "conductivity at the quadrature points x 1.05", "heat", "physics.heat_coefficients:HeatCoefficients._fill",
        _conductivity_at_points, ("thermal.T-1",),
    ),
    Mutation(
        "heat capacity of a material x 1.05", "heat", "material.field:MaterialField.volumetric_heat_capacity",
        times(1.05), ("thermal.T-2",),
    ),
    Mutation(
        "heat stored between two temperatures x 1.05", "heat", "physics.heat_coefficients:HeatCoefficients.stored",
        times(1.05), ("thermal.T-4",),
    ),
    Mutation(
        "sign of the film", "heat", "conditions.film:Film.numbers", key_by("coefficient", _flipped), ("thermal.T-9",)
    ),
    Mutation(
        "ambient of the film 1 K warmer", "heat", "conditions.film:Film.numbers",
        key_by("ambient", lambda kelvin: kelvin + 1.0), ("thermal.T-9",),
    ),
    Mutation(
        "sign of radiation", "heat", "conditions.radiation:Radiation.numbers", key_by("strength", _flipped),
        ("thermal.T-1",),
    ),
    Mutation(
        "radiation x 1.05", "heat", "conditions.radiation:Radiation.numbers", key_by("strength", _larger),
        ("thermal.T-1",),
    ),
    Mutation(
        "heat flux through a surface x 1.05", "heat", "conditions.heat_flux:HeatFlux.numbers",
        key_by("flux", _larger), ("thermal.T-9",),
    ),
    Mutation(
        "power density of a source x 1.05", "heat", "conditions.heat_source:HeatSource.density", times(1.05),
        ("thermal.source",),
    ),
    Mutation(
        "fixed temperature 1.001 times as high", "heat", "conditions.temperature:FixedTemperature.at", times(1.001),
        ("thermal.T-1",),
    ),
    Mutation(
        "recovered heat flux x 1.05", "heat", "physics.heat_flux:discontinuous", argument_by(1, _larger),
        ("thermal.T-9",),
    ),
    Mutation(
        "elastic moduli x 1.05", "mechanics", "material.material:Material.stiffness_coefficients", times(1.05),
        ("elastic.E-9",),
    ),
    Mutation(
        "C44 of a cubic crystal x 1.05", "mechanics", "material.material:Material.stiffness_coefficients",
        _softer_shear, ("elastic.E-9",),
    ),
    Mutation(
        "first Lame constant x 1.05", "mechanics", "material.material:Material.stiffness_coefficients",
        _stiffer_lambda, ("elastic.harmonic_slab",),
    ),
    Mutation(
        "crystal turned the other way", "mechanics", "material.orientation:Orientation.rotation", _turned_back,
        ("elastic.E-9",),
    ),
    Mutation(
        "thermal strain x 1.05", "mechanics", "material.field:MaterialField.thermal_strain", times(1.05),
        ("elastic.E-5", "elastic.E-4"),
    ),
    Mutation(
        "sign of the thermal strain", "mechanics", "material.field:MaterialField.thermal_strain", times(-1.0),
        ("elastic.E-5", "elastic.E-4"),
    ),
    Mutation(
        "sign of the surface loads", "mechanics", "physics.mechanics_forms:MechanicsForms.external_force",
        _reversed_load, ("elastic.E-9",),
    ),
    Mutation(
        "pressure x 1.05", "mechanics", "conditions.pressure:Pressure.numbers", key_by("pressure", _larger),
        ("elastic.E-1",),
    ),
    Mutation(
        "plane strain for plane stress", "mechanics", "physics.mechanics:build_law",
        argument_by(2, lambda plane_stress: False), ("elastic.E-5",),
    ),
    Mutation(
        "shears of the strain halved", "mechanics", "physics.quadrature:Points.strain", entry_by(3, 0.5),
        ("balance.mechanics", "elastic.E-1"),
    ),
    Mutation(
        "hoop strain of a body of revolution x 1.05", "mechanics", "physics.quadrature:Points.strain",
        entry_by(2, 1.05), ("elastic.E-10",),
    ),
    Mutation(
        "reactions x 1.05", "mechanics", "physics.equilibrium:_held_only", times(1.05),
        ("balance.mechanics",),
    ),
    Mutation(
        "time on the clock of a viscoelastic material x 1.05", "mechanics",
        "material.laws.viscoelastic:reduced_time", times(1.05), ("inelastic.V-1", "inelastic.V-2"),
    ),
    Mutation(
        "strain gradient x 1.05", "topograph", "topograph.lattice:LatticeField.strain_gradient",
        _property_times(1.05), ("topograph.V3",),
    ),
    Mutation(
        "sign of u_x,xx in the strain gradient", "topograph", "topograph.lattice:LatticeField.strain_gradient",
        _wrong_sign_along, ("topograph.V3",),
    ),
    Mutation(
        "recovered second derivatives x 1.05", "topograph", "topograph.sampling:_evaluate", entry_by(12, 1.05),
        ("topograph.V3",),
    ),
    Mutation(
        "exponent of Landau and Zener x 1.05", "topograph", "topograph.contrast:_integrate_layers", _larger_exponent,
        ("topograph.V3",),
    ),
    Mutation(
        "reflectivity of the perfect crystal x 1.05", "topograph",
        "topograph.crystal:Crystal.dynamical_reflectivity", _property_times(1.05), ("topograph.V3",),
    ),
    Mutation(
        "sign of the tilt along h", "topograph", "topograph.raytrace:_splat", argument_by(5, _column_flipped(2)),
        ("topograph.R3",),
    ),
    Mutation(
        "sign of the tilt across h", "topograph", "topograph.raytrace:_splat", argument_by(5, _column_flipped(1)),
        ("topograph.R6",),
    ),
    Mutation(
        "detector 1.05 times as far away", "topograph", "topograph.raytrace:_splat", argument_by(10, _farther),
        ("topograph.R3",),
    ),
    Mutation(
        "F in place of its inverse for the planes", "topograph", "topograph.raytrace:reciprocal",
        argument_by(0, np.negative), ("topograph.R4",),
    ),
    Mutation(
        "half of the rays beside the detector forgotten", "topograph", "topograph.raytrace:_splat", _half_forgotten,
        ("topograph.R5",),
    ),
    *INELASTIC,
    *LIFE,
    *DIFFUSION,
    *PROCESS,
    *VIA,
    *ELECTRIC,
    Mutation(
        "attenuation x 1.05", "topograph", "topograph.radiograph:attenuation", times(1.05), ("radiograph.A-1",)
    ),
    Mutation(
        "rays leave a region where they enter it", "topograph", "topograph.chords:_cross",
        argument_by(1, np.negative), ("radiograph.A-1",),
    ),
)  # fmt: skip

__all__ = ["MUTATIONS", "PHYSICS", "Mutation", "times"]
