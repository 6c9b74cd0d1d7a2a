"""What a constitutive law is: what it is given at quadrature points, what it gives back, what it declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from femsuite.material.material import Material
from femsuite.material.orientation import Orientation

NO_INTERNAL: Mapping[str, np.ndarray] = {}


@dataclass(frozen=True)
class Step:
    """One step at n points of one material, from the last accepted state to a trial state.

    Strains count from the birth of the region, Voigt with engineering shears; they include the thermal strain, which
    the law takes off.

    Args:
        strain_old: (n, 6).
        strain_new: (n, 6).
        temperature_old: K (n,).
        temperature_new: K (n,).
        stress_old: Pa (n, 6).
        stress_free_temperature: K (n,): where the strain and the stress were zero.
        duration: s; zero for a step in which no time passes.
        internal_old: name -> (n, components), as the law declares them.
    """

    strain_old: np.ndarray
    strain_new: np.ndarray
    temperature_old: np.ndarray
    temperature_new: np.ndarray
    stress_old: np.ndarray
    stress_free_temperature: np.ndarray
    duration: float = 0.0
    internal_old: Mapping[str, np.ndarray] = field(default_factory=lambda: NO_INTERNAL)


@dataclass(frozen=True)
class Response:
    """What a law answers.

    Args:
        stress: Pa (n, 6).
        tangent: d(stress)/d(strain_new) in Pa (n, 6, 6), consistent with the update; may be a read-only view.
        internal: the new internal variables, name -> (n, components).
    """

    stress: np.ndarray
    tangent: np.ndarray
    internal: Mapping[str, np.ndarray] = field(default_factory=lambda: NO_INTERNAL)


class Law(Protocol):
    """A constitutive law. It keeps no state: the caller holds old and new values and commits a step that succeeded."""

    @property
    def name(self) -> str:
        """The name studies and reports use."""

    @property
    def gradients(self) -> Mapping[str, int]:
        """What drives it, with the number of components: ``{"strain": 6}``."""

    @property
    def fluxes(self) -> Mapping[str, int]:
        """What it returns: ``{"stress": 6}``."""

    @property
    def internal(self) -> Mapping[str, int]:
        """Its internal variables with their number of components; all start at zero."""

    @property
    def needs(self) -> tuple[str, ...]:
        """What the material must have, in the words of ``MaterialField.requires``."""

    def check(self, material: Material) -> None:
        """Raise InputError if the material lacks the law's constants."""

    def symmetric(self, material: Material) -> bool:
        """Return whether the tangent is symmetric."""

    def steady(self, material: Material) -> bool:
        """Return whether the tangent is the same at every state, so that one factorisation serves all steps."""

    def update(self, material: Material, orientation: Orientation | None, step: Step) -> Response:
        """Return the stress, the tangent and the internal variables at the end of the step."""
