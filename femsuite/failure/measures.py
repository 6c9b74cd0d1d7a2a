"""What of a state decides whether a part fails: the ``[[failures]]`` of a study, evaluated at quadrature points.

Stress in a corner grows without bound as the mesh is refined. Every stress here is therefore a mean over a distance
that the study states and the result carries. A new measure is a class and a line in `MEASURES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from femsuite import parallel
from femsuite.failure.foot import Foot
from femsuite.failure.place import Layer, boxes, layer, means
from femsuite.failure.weibull import largest_principal
from femsuite.material.material import Material
from femsuite.units import Length, Stress

if TYPE_CHECKING:
    from femsuite.physics.mechanics import MechanicsProblem

Positive = Field(gt=0.0)


class _Measure(BaseModel):
    """What all measures have."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    """First word of its columns."""
    region: str
    """Which region."""
    distance: Annotated[Length, Positive] = 50e-6
    """Distance from the rim, and along it, over which stress and strain are averaged."""

    def check(self, material: Material) -> None:
        """Raise `InputError` when the region's material lacks a constant."""


class Cracking(_Measure):
    """Brittle cracking of a die from its sawn edges: a flaw's stress intensity, and Weibull's weakest link."""

    type: Literal["cracking"]
    flaw: Annotated[Length, Positive] = 10e-6
    """Depth a of an edge flaw; ``K = 1.12 s sqrt(pi a)``; 5 to 20 um after sawing (estimate)."""
    scale: Annotated[Stress, Positive] | None = None
    """Weibull's s0 of edges; the material's ``[[data.weibull]]`` when left out."""
    modulus: Annotated[float, Positive] | None = None
    """Weibull's m; likewise."""
    size: Annotated[Length, Positive] = 10e-3
    """Loaded length of edge to which s0 belongs."""
    scale_band: tuple[Stress, Stress] = (150e6, 700e6)
    """Published spread of s0 for ground and sawn dies."""
    modulus_band: tuple[Annotated[float, Positive], Annotated[float, Positive]] = (2.0, 10.0)
    """Published spread of m."""
    flaw_band: tuple[Length, Length] = (5e-6, 20e-6)
    """Of the depth of edge flaws after sawing."""

    def check(self, material: Material) -> None:
        """Raise `InputError` when the constants are neither given nor the material's."""
        self.constants(material)

    def columns(self) -> Mapping[str, tuple[str, str]]:
        """Return column -> unit and what it was taken over."""
        mean = f"{self.region}, mean over {1e6 * self.distance:g} um from the edge"
        return {
            f"{self.name}_edge_lower": ("Pa", f"largest principal stress, lower edge of {mean}"),
            f"{self.name}_edge_upper": ("Pa", f"largest principal stress, upper edge of {mean}"),
            f"{self.name}_body": (
                "Pa",
                f"largest principal stress away from the edges of {self.region}, mean over {1e6 * self.distance:g} um",
            ),
            f"{self.name}_intensity": ("", f"1.12 s sqrt(pi a) over the toughness, a = {1e6 * self.flaw:g} um"),
            f"{self.name}_intensity_low": ("", f"the same, a = {1e6 * self.flaw_band[0]:g} um"),
            f"{self.name}_intensity_high": ("", f"the same, a = {1e6 * self.flaw_band[1]:g} um"),
            f"{self.name}_probability": ("", f"Weibull, both edges of {mean}"),
            f"{self.name}_probability_low": ("", "the same, least over the bands of s0 and m"),
            f"{self.name}_probability_high": ("", "the same, most over the bands of s0 and m"),
        }

    def constants(self, material: Material) -> tuple[float, float, float]:
        """Return s0, m and the toughness; those not given are the material's.

        Raises:
            InputError: the material states none.
        """
        stated = material.parameters("weibull").values if None in (self.scale, self.modulus) else {}
        scale = self.scale if self.scale is not None else float(stated["sigma0_Pa"])
        modulus = self.modulus if self.modulus is not None else float(stated["m"])
        return scale, modulus, float(material.property("fracture_toughness")(np.array(298.15)))

    def evaluate(self, problem: MechanicsProblem, material: Material) -> dict[str, float]:
        """Return the columns' numbers for the present state. Collective."""
        where = layer(problem, self.region)
        scale, modulus, tough = self.constants(material)
        stress = problem.stress[where.cells]
        rim = where.rim_distance() < self.distance
        height = where.positions[..., where.up]
        near = {
            "lower": height < where.low[where.up] + self.distance,
            "upper": height > where.high[where.up] - self.distance,
        }
        edges, along_edges = {}, []
        length = _rim_length(problem, where)
        for side, mask in near.items():
            along = largest_principal(means(where, stress, rim & mask, self.distance, problem))
            edges[side] = float(along.max())
            along_edges.append(along)

        def probability(s0: float, m: float) -> float:
            hazards = [np.mean((np.maximum(one, 0.0) / s0) ** m) for one in along_edges]
            return float(-np.expm1(-sum(hazards) * length / self.size))

        corners = [probability(s0, m) for s0 in self.scale_band for m in self.modulus_band]
        factor = 1.12 * max(max(edges.values()), 0.0) / tough
        inside = boxes(where, stress, ~(rim & (near["lower"] | near["upper"])), self.distance, problem)
        return {
            f"{self.name}_edge_lower": edges["lower"],
            f"{self.name}_edge_upper": edges["upper"],
            f"{self.name}_body": float(largest_principal(inside).max()),
            f"{self.name}_intensity": factor * float(np.sqrt(np.pi * self.flaw)),
            f"{self.name}_intensity_low": factor * float(np.sqrt(np.pi * self.flaw_band[0])),
            f"{self.name}_intensity_high": factor * float(np.sqrt(np.pi * self.flaw_band[1])),
            f"{self.name}_probability": probability(scale, modulus),
            f"{self.name}_probability_low": min(corners),
            f"{self.name}_probability_high": max(corners),
        }


class LayerMeasure(_Measure):
    """What a joint's layer carries: peel and shear at its rim, inelastic strain and work over it and at its rim."""

    type: Literal["layer"]

    def columns(self) -> Mapping[str, tuple[str, str]]:
        """Return column -> unit and what it was taken over."""
        rim = f"{self.region}, mean over {1e6 * self.distance:g} um from the rim"
        whole = f"{self.region}, mean over the layer"
        return {
            f"{self.name}_peel": ("Pa", rim),
            f"{self.name}_shear": ("Pa", rim),
            f"{self.name}_strain": ("", f"accumulated inelastic strain, {whole}"),
            f"{self.name}_rim_strain": ("", f"accumulated inelastic strain, {rim}"),
            f"{self.name}_work": ("J/m**3", f"dissipated, {whole}"),
            f"{self.name}_rim_work": ("J/m**3", f"dissipated, {rim}"),
        }

    def evaluate(self, problem: MechanicsProblem, material: Material) -> dict[str, float]:
        """Return the columns' numbers for the present state. Collective."""
        where = layer(problem, self.region)
        stress = problem.stress[where.cells]
        shears = [5] if where.up == 1 else [3, 4]
        memory = [problem.internal.get(name) for name in ("accumulated_strain", "dissipation")]
        parts = [stress[..., where.up], np.sqrt((stress[..., shears] ** 2).sum(axis=-1))]
        parts += [np.zeros_like(parts[0]) if one is None else one[where.cells][..., 0] for one in memory]
        values = np.stack(parts, axis=-1)
        rim = means(where, values, where.rim_distance() < self.distance, self.distance, problem)
        sums = np.append(np.einsum("cq,cqi->i", where.weights, values), where.weights.sum())
        sums = parallel.total(sums, problem.space.mesh.comm)
        whole = sums[:-1] / sums[-1]
        return {
            f"{self.name}_peel": float(rim[:, 0].max()),
            f"{self.name}_shear": float(rim[:, 1].max()),
            f"{self.name}_strain": float(whole[2]),
            f"{self.name}_rim_strain": float(rim[:, 2].max()),
            f"{self.name}_work": float(whole[3]),
            f"{self.name}_rim_work": float(rim[:, 3].max()),
        }


def _rim_length(problem: MechanicsProblem, where: Layer) -> float:
    """Return the length of one edge around the whole part, m; that of a section is a square's."""
    if problem.axisymmetric:
        return float(2.0 * np.pi * where.high[0])
    spans = [float(where.high[axis] - where.low[axis]) * (1.0 if where.whole[axis] else 2.0) for axis in where.plan]
    return 4.0 * sum(spans) / len(spans)


MEASURES: Mapping[str, type[BaseModel]] = {"cracking": Cracking, "layer": LayerMeasure, "foot": Foot}
"""All kinds by the name that a study gives them."""
FailureOptions = Annotated[Cracking | LayerMeasure | Foot, Field(discriminator="type")]
