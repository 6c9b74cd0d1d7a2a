"""How far a run has come through its stages: enough to go on from there in another process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Leg:
    """A way from one temperature to another that is under way.

    Args:
        number: among the legs that lead to the next state.
        load: factor on the loads where it began.
        start: temperatures (K) at the points where it began, (cells, points).
        time: reached, s from its beginning.
        step: that comes next, s; None before the first.
        taken: the last step that was taken, s; None before the first.
        count: steps taken.
    """

    number: int
    load: float
    start: np.ndarray = field(repr=False)
    time: float = 0.0
    step: float | None = None
    taken: float | None = None
    count: int = 0


@dataclass
class Progress:
    """Where in the stages a run is; a new one stands at the beginning.

    Args:
        states: how many the run has kept.
        done: how many of them belong to the present stage.
        origin: hottest temperature (K) where the present ramp began.
        leg: the leg under way.
        pause: called where the run may be left and taken up again without a difference; collective.
        give_up: called when no step succeeds, in the last good state; returns what to say of it; collective.
    """

    states: int = 0
    done: int = 0
    origin: float = 0.0
    leg: Leg | None = None
    pause: Callable[[], None] = lambda: None
    give_up: Callable[[], str] = lambda: ""

    @property
    def begun(self) -> bool:
        """Whether the present stage is under way: its regions have come and gone."""
        return self.done > 0 or self.leg is not None

    def enter(self, number: int, load: float, start: np.ndarray) -> Leg | None:
        """Return the leg of that number: the one under way, or a new one. None if the run is beyond it.

        Args:
            number: among the legs that lead to the next state.
            load: present factor on the loads.
            start: present temperatures, (cells, points).
        """
        if self.leg is not None and self.leg.number > number:
            return None
        if self.leg is None or self.leg.number < number:
            self.leg = Leg(number, load, start.copy())
        return self.leg

    def arrived(self) -> None:
        """Note that one more state is reached."""
        self.states, self.done, self.leg = self.states + 1, self.done + 1, None
