"""Mutations of diffusion: its law, its flows, and the fronts of a growing liquid."""

from __future__ import annotations

from typing import Any

from femsuite.verify.mutation import Mutation, argument_by, times


def _larger_flows(right: Any) -> Any:
    def stage(*given: Any) -> Any:
        found, flows = right(*given)
        return found, {name: 1.05 * flow for name, flow in flows.items()}

    return stage


DIFFUSION: tuple[Mutation, ...] = (
    Mutation(
        "diffusivity x 1.05", "diffusion", "material.diffusivity:Arrhenius.__call__", times(1.05), ("diffusion.D-4",)
    ),
    Mutation(
        "diffusivity 5 K too warm", "diffusion", "material.diffusivity:Arrhenius.__call__",
        argument_by(1, lambda kelvin: kelvin + 5.0), ("diffusion.D-4",),
    ),
    Mutation(
        "flow through a held face x 1.05", "diffusion", "physics.diffusion:DiffusionProblem._stage", _larger_flows,
        ("diffusion.D-4",),
    ),
    Mutation(
        "diffusion between moving fronts x 1.05", "diffusion", "physics.two_front:TwoFronts._flux", times(1.05),
        ("diffusion.D-2",),
    ),
    Mutation(
        "fronts slower by 1.05 than their conditions say", "diffusion", "physics.two_front:TwoFronts._ends",
        argument_by(1, lambda speeds: 1.05 * speeds), ("diffusion.D-2",),
    ),
    Mutation(
        "solute in the liquid x 1.05", "diffusion", "physics.two_front:TwoFronts.amount", times(1.05),
        ("diffusion.D-2",),
    ),
)  # fmt: skip
