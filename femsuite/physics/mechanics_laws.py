"""Laws over the mesh as mechanics drives them: elasticity in whole arrays, and plane stress from any law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from femsuite.errors import InputError
from femsuite.material.laws import Law, LawField, law
from femsuite.material.laws.law import Response, Step

PLANE = np.array([0, 1, 5])
"""The components that a plane model keeps: xx, yy, xy."""
RING = np.array([0, 1, 2, 5])
"""The components of an axisymmetric model: radial, axial, hoop, and the shear in the meridian."""
SPACE = np.arange(6)
"""All of them."""
OUT = np.array([2, 3, 4])
"""The components that vanish in plane stress: zz, yz, xz."""


class MechanicalMaterial(Protocol):
    """What elasticity asks of the materials; arrays run over (cells, points), all local cells."""

    def stress_free_temperature(self) -> np.ndarray:
        """Return the temperature at which each cell is free of stress, K, (cells,)."""

    def stiffness(self, temperature: np.ndarray) -> np.ndarray:
        """Return C in the mesh frame, Pa, (cells, points, 6, 6), possibly one per cell seen from all its points."""

    def thermal_strain(self, temperature_from: np.ndarray, temperature_to: np.ndarray) -> np.ndarray:
        """Return the free thermal strain between two temperatures, (cells, points, 6)."""


class MeshLaw(Protocol):
    """What mechanics asks of a law: all local cells at once, as `femsuite.material.laws.LawField` answers."""

    def update(self, step: Step) -> Response:
        """Return stress, tangent and internal variables; arrays run over (cells, points)."""


class Elastic:
    """The laws ``incremental`` and ``total`` of `femsuite.material.laws.elastic`, evaluated in whole arrays.

    The same numbers as through `LawField`, without writing a tangent for every point where one per cell will do.

    Args:
        material: the coefficients.
        total: whether the stress is ``C(T) (eps - Theta)`` instead of growing by increments.
    """

    linear = True

    def __init__(self, material: MechanicalMaterial, total: bool = False) -> None:
        self._material, self._total = material, total

    def update(self, step: Step) -> Response:
        """Return the stress and the stiffness it was found with."""
        old, new = step.temperature_old, step.temperature_new
        if self._total:
            stiffness = self._material.stiffness(new)
            elastic = step.strain_new - self._material.thermal_strain(step.stress_free_temperature, new)
            return Response(_product(stiffness, elastic), stiffness)
        stiffness = self._material.stiffness(0.5 * (old + new))
        elastic = step.strain_new - step.strain_old
        if not np.array_equal(old, new):
            elastic -= self._material.thermal_strain(old, new)
        return Response(step.stress_old + _product(stiffness, elastic), stiffness)


def _product(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    if matrices.strides[1] == 0:  # one matrix per cell
        return np.matmul(vectors, np.swapaxes(matrices[:, 0], 1, 2))
    return np.matmul(matrices, vectors[..., None])[..., 0]


class PlaneStress:
    """Wraps a law so that the stresses out of the plane vanish, and condenses its tangent.

    The strains out of the plane that this takes are left in ``strain`` for the caller to keep.

    Args:
        law: three-dimensional.
        iterations: local Newton corrections at most; one is exact for an elastic law.
    """

    def __init__(self, law: MeshLaw, iterations: int = 20) -> None:
        self._law, self._iterations = law, iterations
        self.linear = bool(getattr(law, "linear", False))
        self.symmetric = bool(getattr(law, "symmetric", True))
        self.strain: np.ndarray | None = None

    def start(self, points: int) -> Mapping[str, np.ndarray]:
        """Return the internal variables of the wrapped law at the start."""
        return start_internal(self._law, points)

    def update(self, step: Step) -> Response:
        """Return the response with zero stress out of the plane; the tangent there is zero too."""
        strain = step.strain_new.copy()
        strain[..., OUT] = step.strain_old[..., OUT]
        response = self._law.update(replace(step, strain_new=strain))
        reference = float(np.abs(response.stress).max(initial=0.0))
        for _ in range(self._iterations):
            out = response.stress[..., OUT]
            if float(np.abs(out).max(initial=0.0)) <= 1e-13 * reference:
                break
            block = response.tangent[..., OUT[:, None], OUT]
            strain = strain.copy()
            strain[..., OUT] -= np.linalg.solve(block, out[..., None])[..., 0]
            response = self._law.update(replace(step, strain_new=strain))
        self.strain = strain
        return replace(response, tangent=_condensed(response.tangent))


def _condensed(tangent: np.ndarray) -> np.ndarray:
    shared = tangent.strides[1] == 0
    full = tangent[:, :1] if shared else tangent
    across = full[..., PLANE[:, None], OUT]
    solved = np.linalg.solve(full[..., OUT[:, None], OUT], full[..., OUT[:, None], PLANE])
    condensed = np.zeros_like(full)
    condensed[..., PLANE[:, None], PLANE] = full[..., PLANE[:, None], PLANE] - across @ solved
    return np.broadcast_to(condensed, tangent.shape) if shared else condensed


def build_law(chosen: str | MeshLaw | Mapping[str, Law], material: Any, plane_stress: bool) -> MeshLaw:
    """Return the law that a study's word means, over the mesh, or the given one; wrapped for plane stress if asked.

    A mapping gives each region its own law.

    Raises:
        InputError: for a word that names no law, or a material that lacks what the law needs.
    """
    made: MeshLaw
    if isinstance(chosen, Mapping):
        made = LawField(material, chosen)
    elif not isinstance(chosen, str):
        made = chosen
    elif chosen in ("incremental", "total"):
        requires = getattr(material, "requires", None)
        if requires is not None:
            requires(law(chosen).needs)
        made = Elastic(material, total=chosen == "total")
    else:
        if not hasattr(material, "assignments"):
            raise InputError(f"mechanics: the law '{chosen}' needs materials laid over regions")
        made = LawField(material, law(chosen))
    return PlaneStress(made) if plane_stress else made


def start_internal(chosen: MeshLaw, points: int) -> Mapping[str, np.ndarray]:
    """Return the internal variables of a law at the start, (cells, points, components) by name."""
    start = getattr(chosen, "start", None)
    return start(points) if start is not None else {}
