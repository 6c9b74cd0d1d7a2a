"""What a mutation is, and the ways in which functions are made wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

type Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Mutation:
    """One deliberate fault.

    Args:
        name: in words.
        physics: whose fault it is.
        target: ``module:attribute`` within ``femsuite``, such as ``conditions.film:Film.numbers``.
        change: takes the right function (or property) and returns the wrong one.
        cases: names of verification cases that should notice.
    """

    name: str
    physics: Literal["heat", "mechanics", "inelastic", "life", "diffusion", "process", "electric", "topograph"]
    target: str
    change: Change
    cases: tuple[str, ...]


def times(factor: float) -> Change:
    """Return the change that multiplies what a function returns."""

    def change(right: Any) -> Any:
        return lambda *given, **named: factor * right(*given, **named)

    return change


def key_by(name: str, wrong: Callable[[float], float]) -> Change:
    """Return the change of one entry of the dictionary of numbers that a condition puts into the form."""

    def change(right: Any) -> Any:
        def numbers(*given: Any) -> dict[str, Any]:
            found = dict(right(*given))
            value = found[name]
            found[name] = tuple(map(wrong, value)) if isinstance(value, tuple) else wrong(value)
            return found

        return numbers

    return change


def entry_by(index: int, factor: float) -> Change:
    """Return the change that multiplies the entries from ``index`` on of the last axis of what is returned."""

    def change(right: Any) -> Any:
        def wrong(*given: Any, **named: Any) -> np.ndarray:
            found = np.array(right(*given, **named))
            found[..., index:] *= factor
            return found

        return wrong

    return change


def argument_by(number: int, wrong: Callable[[Any], Any]) -> Change:
    """Return the change of one positional argument."""

    def change(right: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            return right(*given[:number], wrong(given[number]), *given[number + 1 :], **named)

        return call

    return change
