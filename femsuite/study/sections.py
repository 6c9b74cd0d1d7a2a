"""The tables of a study file that describe the model: geometry, mesh, regions, heat, mechanics, solver, calibration.

Every dimensional value is text with its unit in the file and an SI number here. The tables of post-processing are
defined in the rooms that do it (``topograph``, ``results``) and only put together in ``study.model``.
"""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from femsuite.conditions import HEAT, MECHANICS
from femsuite.errors import InputError, unknown
from femsuite.material.laws import LAWS
from femsuite.material.orientation import Orientation
from femsuite.results.options import AnyAmount
from femsuite.units import Angle, ContactResistance, Length, Temperature

Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"),
    Field(description="a word of letters, digits and underscores", examples=["power_sweep"]),
]
Miller = Annotated[tuple[int, int, int], Field(description="three Miller indices", examples=[[1, 1, 1]])]
Method = Literal["auto", "direct", "multigrid"]


class Options(BaseModel):
    """A table of the study file: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def union_of(registry: Mapping[str, type[BaseModel]]) -> Any:
    """Return the annotation for one entry of a registry, told apart by its ``type``."""
    members = functools.reduce(operator.or_, registry.values())  # type: ignore[arg-type]
    return Annotated[members, Field(discriminator="type")] if len(registry) > 1 else members


HeatCondition = union_of(HEAT)
MechanicsCondition = union_of(MECHANICS)


class Geometry(Options):
    """Which geometry is built, and with what dimensions."""

    file: str
    """A shipped geometry by name, or the path of a geometry file, relative to the study file."""
    parameters: Mapping[str, Any] = Field(default_factory=dict)
    """The geometry's own parameters; what is left out takes the geometry's default."""


class Crystal(Options):
    """How a single crystal lies in the mesh frame."""

    normal: Miller
    """Lattice direction along z, the outward normal of the die's upper face."""
    edge: Miller
    """Lattice direction along an edge of the die, at right angles to the normal."""
    edge_along: Literal["x", "y"] = "x"
    """The mesh axis along which ``edge`` runs."""
    angle: Angle = 0.0
    """Further turn about z, counter-clockwise seen from above."""

    @model_validator(mode="after")
    def _is_a_frame(self) -> Crystal:
        try:
            self.orientation()
        except InputError as error:
            raise ValueError("; ".join(fault.message for fault in error.faults)) from error
        return self

    def orientation(self) -> Orientation:
        """Return the orientation for the material room."""
        return Orientation(self.normal, self.edge, self.edge_along, self.angle)


class Region(Options):
    """What a region, or every region that a pattern matches, is made of."""

    material: str
    """A shipped material by name, or the path of a material file, relative to the study file."""
    stress_free_temperature: Temperature | None = None
    """Temperature at which the region is free of stress. Never assumed: required as soon as there are mechanics."""
    crystal: Crystal | None = None
    """Orientation, for a material that is a single crystal."""
    law: str | None = None
    """How it deforms, such as ``j2``, ``norton``, ``garofalo`` or ``anand``; ``mechanics.law`` when left out."""
    strength: Annotated[float, Field(gt=0.0)] = 1.0
    """Factor on yield stress and hardening of the law ``j2``: to try the band of an estimate."""
    thickness: Annotated[Length, Field(gt=0.0)] | None = None
    """Of a film, for properties of its material that follow it, as a thin film's yield stress does."""
    optional: bool = False
    """Whether the geometry may be without such a region, as in the cases of a series."""
    law_set: str | None = None
    """Name of the material's parameter set that the law takes; the first that fits when left out."""

    @field_validator("law")
    @classmethod
    def _known_law(cls, value: str | None) -> str | None:
        if value is not None and value not in LAWS:
            raise ValueError(unknown("law", value, LAWS))
        return value


class Contact(Options):
    """A resistance to heat between two regions, meshed as a very thin layer of cells along their interface."""

    resistance: Annotated[ContactResistance, Field(gt=0.0)]
    """Temperature jump over heat flux."""
    thickness: Annotated[Length, Field(gt=0.0)] = 1e-6
    """Thickness of the layer; small against the elements beside it."""


class Heat(Options):
    """Heat conduction and how heat leaves the model."""

    ambient: Temperature
    """Temperature of the surroundings: where a transient starts, and the ambient of conditions that name no other."""
    axisymmetric: bool = False
    """Whether a section is a meridian, x the radius and y the axis; ``mechanics.plane`` says it too."""
    conditions: tuple[HeatCondition, ...] = ()  # type: ignore[valid-type]
    """What happens on surfaces; a surface without a condition is insulated."""
    contacts: Mapping[str, Contact] = Field(default_factory=dict)
    """Interface (``attach|die``) -> the resistance between its two regions; others conduct perfectly."""


class Mechanics(Options):
    """Deformation and stress."""

    law: Literal["incremental", "total"] = "incremental"
    """``incremental``: stress follows the stiffness of the moment, dsigma = C(T) deps; ``total``: sigma = C(T) eps."""
    plane: Literal["stress", "strain", "axisymmetric"] | None = None
    """How a section (a geometry in two dimensions) stands for the body: thin, held across it, or turned about x = 0."""
    support: Literal["free", "held"] = "free"
    """``free``: the rigid motions are taken out without any reaction; ``held``: the conditions hold the model."""
    frame: str | tuple[str, ...] | None = None
    """Regions whose mean displacement and rotation are zero in a free model; the whole model when left out."""
    conditions: tuple[MechanicsCondition, ...] = ()  # type: ignore[valid-type]
    """Supports and loads on surfaces; a surface without a condition is free."""


class Solver(Options):
    """Which linear solver each physics uses."""

    heat: Method = "auto"
    """``direct``: sparse factorisation; ``multigrid``: conjugate gradients; ``auto`` chooses by size."""
    mechanics: Method = "auto"
    """As for heat."""
    electric: Method = "auto"
    """As for heat."""


class Band(Options):
    """An estimate that results hang on, and other values that it could as well have; see ``femsuite band``."""

    name: str
    """What is uncertain, in words."""
    keys: Annotated[tuple[str, ...], Field(min_length=1)]
    """Key paths that take the value together, such as ``geometry.parameters.sources.0.length``."""
    values: Annotated[tuple[str | int | float | tuple[str | int | float, ...], ...], Field(min_length=1)]
    """The other values, as they would stand in the study: one for all keys, or a list with one for each key."""
    note: str = ""
    """Why these."""

    @model_validator(mode="after")
    def _one_for_each_key(self) -> Band:
        for value in self.values:
            if isinstance(value, tuple) and len(value) != len(self.keys):
                raise ValueError(f"{list(value)} has {len(value)} values for {len(self.keys)} keys")
        return self

    def overrides(self) -> list[tuple[str, list[str]]]:
        """Return for each other value its words and the overrides that set it."""
        found = []
        for value in self.values:
            each = value if isinstance(value, tuple) else (value,) * len(self.keys)
            words = ", ".join(str(one) for one in (each if isinstance(value, tuple) else each[:1]))
            found.append((words, [f"{key}={json.dumps(one)}" for key, one in zip(self.keys, each, strict=True)]))
        return found


class Calibration(Options):
    """One number of the study, found so that one result meets its target. Every other result is a prediction."""

    key: str
    """Key path of the number, such as ``heat.conditions.0.coefficient``."""
    metric: str
    """Name of the result that is to meet the target."""
    target: AnyAmount
    """Value that the result is to meet, with its unit."""
    at: str
    """Label of the state at which it is to meet it, such as ``power=1.5 W``."""
    source: str
    """Where the target comes from."""
    tolerance: float = Field(default=1e-3, gt=0.0, lt=1.0)
    """Relative miss of the target that is accepted."""
