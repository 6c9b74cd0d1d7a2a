"""Mutations of the laws with memory: constants, clocks, variables and tangents made wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from femsuite.verify.mutation import Change, Mutation, argument_by


def answer_by(wrong: Callable[[Any], Any]) -> Change:
    """Return the change of what a function returns."""

    def change(right: Any) -> Any:
        return lambda *given, **named: wrong(right(*given, **named))

    return change


def _column_by(column: int, factor: float) -> Change:
    def wrong(constants: np.ndarray) -> np.ndarray:
        changed = constants.copy()
        changed[:, column] *= factor
        return changed

    return answer_by(wrong)


def _stronger(hardening: Any) -> Any:
    return replace(hardening, sigma_0=1.05 * hardening.sigma_0)


def _stiffer(hardening: Any) -> Any:
    return replace(hardening, terms=tuple((1.05 * modulus, gamma) for modulus, gamma in hardening.terms))


def _slower(hardening: Any) -> Any:
    return replace(hardening, terms=tuple((modulus, 0.95 * gamma) for modulus, gamma in hardening.terms))


def _forgotten(response: Any) -> Any:
    return replace(response, internal={**response.internal, "back_stress": 0.0 * response.internal["back_stress"]})


INELASTIC: tuple[Mutation, ...] = (
    Mutation(
        "yield stress x 1.05", "inelastic", "material.laws.j2:hardening", answer_by(_stronger), ("inelastic.P-4",)
    ),
    Mutation(
        "modulus of the back stress x 1.05", "inelastic", "material.laws.j2:hardening", answer_by(_stiffer),
        ("inelastic.P-2",),
    ),
    Mutation(
        "evanescence of the back stress x 0.95", "inelastic", "material.laws.j2:hardening", answer_by(_slower),
        ("inelastic.P-3",),
    ),
    Mutation(
        "back stress forgotten after every step", "inelastic", "material.laws.j2:Plastic.update",
        answer_by(_forgotten), ("inelastic.P-2",),
    ),
    Mutation(
        "tangent of the plastic law x 1.05", "inelastic", "material.laws.j2:Plastic.update",
        answer_by(lambda response: replace(response, tangent=1.05 * response.tangent)), ("inelastic.newton",),
    ),
    Mutation(
        "time in a step of creep x 1.05", "inelastic", "material.laws.flow:FlowLaw.update",
        argument_by(3, lambda step: replace(step, duration=1.05 * step.duration)), ("inelastic.C-1",),
    ),
    Mutation(
        "Norton's rate x 1.05", "inelastic", "material.laws.norton:Norton.constants", _column_by(0, 1.05),
        ("inelastic.C-1",),
    ),
    Mutation(
        "alpha in Garofalo's sinh x 1.05", "inelastic", "material.laws.garofalo:Garofalo.constants",
        _column_by(1, 1.05), ("inelastic.C-2",),
    ),
    Mutation(
        "Garofalo's rate 1 K too warm", "inelastic", "material.laws.garofalo:Garofalo.constants",
        argument_by(3, lambda kelvin: kelvin + 1.0), ("inelastic.C-2",),
    ),
    Mutation(
        "Anand's saturation x 1.05", "inelastic", "material.laws.anand:Anand.constants", _column_by(3, 1.05),
        ("inelastic.A-1",),
    ),
    Mutation(
        "hardening of Anand's resistance x 1.05", "inelastic", "material.laws.anand:Anand.constants",
        _column_by(5, 1.05), ("inelastic.A-2",),
    ),
)  # fmt: skip
