"""A leg of a process that is under way: what its next step hangs on, beside the state of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

START = "leg start"
"""Name of the temperatures at the leg's start among the numbers of a checkpoint."""


@dataclass
class Leg:
    """A way from one temperature to another, in which steps were taken.

    Args:
        stage: its name.
        number: of the leg among those that lead to the next state.
        load: factor on the loads where it began.
        start: temperature (K) where it began, (cells, points).
        time: reached, s from its start.
        step: that comes next, s; zero before the first.
        taken: the last step, s; zero before the first.
        count: steps taken.
    """

    stage: str
    number: int
    load: float
    start: np.ndarray = field(repr=False)
    time: float = 0.0
    step: float = 0.0
    taken: float = 0.0
    count: int = 0

    @property
    def facts(self) -> dict[str, float | str]:
        """All but the temperatures, under names that begin with ``leg``."""
        return {f"leg {name}": value for name, value in vars(self).items() if name != "start"}


def leg_of(facts: Mapping[str, Any], start: np.ndarray) -> Leg:
    """Return the leg that had these `Leg.facts`, and began at these temperatures."""
    return Leg(
        stage=str(facts["leg stage"]),
        number=int(facts["leg number"]),
        load=float(facts["leg load"]),
        start=start,
        time=float(facts["leg time"]),
        step=float(facts["leg step"]),
        taken=float(facts["leg taken"]),
        count=int(facts["leg count"]),
    )


def is_under_way(facts: Mapping[str, Any]) -> bool:
    """Return whether the facts of a checkpoint tell of a leg."""
    return "leg number" in facts
