"""The fields at one instant, as the solver hands them to everything that looks at results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dolfinx.fem import Function


@dataclass(frozen=True)
class State:
    """The fields at one instant of one stage.

    Args:
        label: for people and captions, e.g. ``power=1.5 W``.
        stage: the stage's name in the study.
        values: what was swept, in SI, e.g. ``{"power": 1.5}``.
        time: in seconds from the start of the study; zero for a steady state.
        temperature: in kelvin, first or second order.
        displacement: in metres, first or second order.
        fields: further functions for files and quantities, by name: stress, heat flux, ...
    """

    label: str
    stage: str
    values: Mapping[str, float] = field(default_factory=dict)
    time: float = 0.0
    temperature: Function | None = None
    displacement: Function | None = None
    fields: Mapping[str, Function] = field(default_factory=dict)

    def functions(self) -> dict[str, Function]:
        """Return every field of the state by name; what was not computed is left out."""
        found = {"temperature": self.temperature, "displacement": self.displacement, **self.fields}
        return {name: function for name, function in found.items() if function is not None}
