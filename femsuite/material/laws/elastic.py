"""Linear thermoelasticity, isotropic or cubic, in the incremental and in the total form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from femsuite.material.laws.law import Response, Step
from femsuite.material.material import Material
from femsuite.material.orientation import Orientation


@dataclass(frozen=True)
class _Elastic:
    gradients: Mapping[str, int] = field(default_factory=lambda: {"strain": 6})
    fluxes: Mapping[str, int] = field(default_factory=lambda: {"stress": 6})
    internal: Mapping[str, int] = field(default_factory=dict)
    needs: tuple[str, ...] = ("stiffness", "expansion", "stress_free_temperature")

    def check(self, material: Material) -> None:
        """Accept any material: `needs` says all."""

    def symmetric(self, material: Material) -> bool:
        """Return True."""
        return True

    def steady(self, material: Material) -> bool:
        """Return whether no elastic constant of the material depends on temperature."""
        return all(item.constant for item in material.answers("stiffness"))


@dataclass(frozen=True)
class IncrementalElastic(_Elastic):
    """Stress that grows by increments: a modulus that changes with temperature does not touch the stress there is.

    ``sigma_new = sigma_old + C(T_mid) [d eps - d Theta]`` with ``T_mid = (T_old + T_new)/2`` and ``d Theta`` the exact
    thermal strain between the two temperatures. Second order in the step for a smooth history.
    """

    name: str = "incremental"

    def update(self, material: Material, orientation: Orientation | None, step: Step) -> Response:
        """Return the stress (n, 6) and the tangent C(T_mid) (n, 6, 6)."""
        tangent = material.stiffness(0.5 * (step.temperature_old + step.temperature_new), orientation)
        elastic = step.strain_new - step.strain_old
        elastic[:, :3] -= material.thermal_strain_diagonal(step.temperature_new, step.temperature_old)
        return Response(step.stress_old + _product(tangent, elastic), tangent)


@dataclass(frozen=True)
class TotalElastic(_Elastic):
    """Stress as a function of the state alone: ``sigma = C(T) [eps - Theta(T) + Theta(T_free)]``.

    A modulus that falls on heating then takes stress away that was built up when it was stiff. The same as the
    incremental form where C does not depend on temperature.
    """

    name: str = "total"

    def update(self, material: Material, orientation: Orientation | None, step: Step) -> Response:
        """Return the stress (n, 6) and the tangent C(T_new) (n, 6, 6)."""
        tangent = material.stiffness(step.temperature_new, orientation)
        elastic = step.strain_new.copy()
        elastic[:, :3] -= material.thermal_strain_diagonal(step.temperature_new, step.stress_free_temperature)
        return Response(_product(tangent, elastic), tangent)


def _product(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    if matrices.strides[0] == 0 and len(matrices):  # one constant matrix for all points
        return vectors @ matrices[0].T
    return np.einsum("nij,nj->ni", matrices, vectors)
