"""Mutations of how a via is made: vapour deposition, electrodeposition, lamination and laser opening."""

from __future__ import annotations

from typing import Any

import numpy as np

from femsuite.verify.mutation import Mutation, argument_by, times


def _left_wall_forgotten(right: Any) -> Any:
    def visible(*given: Any) -> tuple[np.ndarray, np.ndarray]:
        low, high = right(*given)
        return np.full_like(low, -0.5 * np.pi), high

    return visible


def _shadow_of_the_far_wall_forgotten(right: Any) -> Any:
    def visible(*given: Any) -> tuple[np.ndarray, np.ndarray]:
        low, high = right(*given)
        return low, np.full_like(high, 0.5 * np.pi)

    return visible


def _steeper(right: Any) -> Any:
    def depth(foil: Any, fluence: Any, slope: Any = 0.0) -> np.ndarray:
        return np.asarray(right(foil, fluence, 0.9 * slope))

    return depth


VIA: tuple[Mutation, ...] = (
    Mutation(
        "a wall sees through itself", "process", "process.coverage:visible", _left_wall_forgotten, ("process.W-2",),
    ),
    Mutation(
        "no shadow of the wall opposite", "process", "process.coverage:visible", _shadow_of_the_far_wall_forgotten,
        ("process.W-2",),
    ),
    Mutation(
        "radiance of a sky too forward", "process", "process.coverage:_sky",
        argument_by(0, lambda exponent: 1.2 * exponent), ("process.W-1",),
    ),
    Mutation(
        "rays go evenly, not with the cosine", "process", "process.coverage_surface:_hemisphere",
        lambda right: lambda count: right(count) * [0.9, 0.9, 1.0], ("process.coverage.cone",),
    ),
    Mutation(
        "a metal grows 1.05 times as fast", "process", "process.plating:rate", times(1.05), ("process.W-3",),
    ),
    Mutation(
        "polarisation 1.2 times as large", "process", "process.kinetics:Linear.current",
        lambda right: lambda self, potential: tuple(part / 1.2 for part in right(self, potential)),
        ("process.plating.wagner",),
    ),
    Mutation(
        "metal of the primary current held beyond its nodes", "process", "process.bath:_primary",
        argument_by(2, lambda held: held[: len(held) // 2]), ("process.plating.strip",),
    ),
    Mutation(
        "foil thins 1.1 times as far along the level", "process", "process.lamination:_share",
        argument_by(2, lambda length: 1.1 * length), ("process.lamination.volume",),
    ),
    Mutation(
        "area of the foil's section x 1.01", "process", "process.lamination:_area", times(1.01),
        ("process.lamination.volume",),
    ),
    Mutation(
        "gaps close half as fast", "process", "process.lamination:closed",
        argument_by(3, lambda viscosity: 2.0 * viscosity), ("process.lamination.volume",),
    ),
    Mutation(
        "a pulse removes 1.05 times as much", "process", "process.ablation:depth", times(1.05),
        ("process.ablation.pulse",),
    ),
    Mutation(
        "a slope spreads a pulse by too little", "process", "process.ablation:depth", _steeper,
        ("process.ablation.wall",),
    ),
)  # fmt: skip
