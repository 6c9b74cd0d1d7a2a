"""A thin film on faces of the mesh that has no cells of its own: it conducts along itself and carries as a membrane."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from femsuite.conditions.base import Condition, Selector
from femsuite.units import Length, Stress, Temperature


class Coating(Condition):
    """A film much thinner than the elements beside it.

    Args:
        surface: outer faces or interfaces that it lies on.
        material: a shipped material by name, or the path of a material file, relative to the study file.
        thickness: m.
        stress_free_temperature: K; needed as soon as there are mechanics.
        intrinsic_stress: equal stress in both directions of the film that it is made with, Pa; tension > 0.
        conducts: whether current flows in it, where the study has currents.
    """

    surface: Selector
    material: str
    thickness: Annotated[Length, Field(gt=0.0)]
    stress_free_temperature: Temperature | None = None
    intrinsic_stress: Stress = 0.0
    conducts: bool = True
