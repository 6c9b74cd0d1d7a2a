"""Mutations of lives and of Weibull's probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from femsuite.verify.mutation import Mutation, argument_by, times


def _of_the_mean(right: Any) -> Any:
    return lambda stress: stress[..., :3].mean(axis=-1)


def _more_heat(right: Any) -> Any:
    def flow(*given: Any) -> Any:
        stress, tangent, strain, accumulated, heat, back, worst = right(*given)
        return stress, tangent, strain, accumulated, 1.05 * heat, back, worst

    return flow


LIFE: tuple[Mutation, ...] = (
    Mutation(
        "largest principal stress x 1.05", "life", "failure.weibull:largest_principal", times(1.05), ("life.F-4",)
    ),
    Mutation(
        "mean stress for the largest principal", "life", "failure.weibull:largest_principal", _of_the_mean,
        ("life.F-4",),
    ),
    Mutation(
        "compression breaks like tension", "life", "failure.weibull:Flaws.density", argument_by(1, np.abs),
        ("life.F-4",),
    ),
    Mutation(
        "hazards of a part twice in its probability", "life", "failure.weibull:probability",
        argument_by(0, lambda hazards: 2 * list(hazards)), ("life.F-4",),
    ),
    Mutation(
        "plastic range of Coffin and Manson x 1.05", "life", "failure.life:CoffinManson.cycles",
        argument_by(1, lambda measure: 1.05 * measure), ("life.cycled_bar",),
    ),
    Mutation(
        "Darveaux's work in J instead of MJ", "life", "failure.life:Darveaux.initiation",
        argument_by(1, lambda work: 1e6 * work), ("life.cycled_bar",),
    ),
    Mutation(
        "growth of Darveaux's crack x 1.05", "life", "failure.life:Darveaux.growth", times(1.0 / 1.05),
        ("life.cycled_bar",),
    ),
    Mutation("Syed's life x 1.05", "life", "failure.life:Syed.cycles", times(1.05), ("life.cycled_bar",)),
    Mutation(
        "elastic and plastic strain of Engelmaier x 1.05", "life", "failure.life:Engelmaier.strain_range",
        times(1.05), ("life.cycled_bar",),
    ),
    Mutation(
        "work of plastic flow x 1.05", "life", "material.laws.j2:_return", _more_heat, ("life.cycled_bar",)
    ),
)  # fmt: skip
