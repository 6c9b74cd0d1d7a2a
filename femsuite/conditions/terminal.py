"""A face of a conductor held at one potential, and what drives it: a voltage, or a total current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from femsuite.conditions.base import Condition, Selector
from femsuite.units import CURRENT, VOLTAGE, parse, show

_WANTED = 'a voltage or a current with its unit, such as "0.1 V" or "200 A"'


@dataclass(frozen=True)
class Drive:
    """What a terminal is fed with.

    Args:
        kind: ``voltage`` holds the face at a potential; ``current`` lets a total current in (negative: out), and the
            face takes the one potential that goes with it.
        value: V or A.
    """

    kind: Literal["voltage", "current"]
    value: float

    def __str__(self) -> str:
        return f"{self.value:.6g} {'V' if self.kind == 'voltage' else 'A'}"

    def times(self, factor: float) -> Drive:
        """Return the drive scaled by a factor."""
        return Drive(self.kind, factor * self.value)


def read_drive(value: Any) -> Drive:
    """Return a drive from its text.

    Raises:
        ValueError: with a sentence, when it is neither a voltage nor a current.
    """
    if isinstance(value, Drive):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not {_WANTED}")
    for kind, dimension in (("voltage", VOLTAGE), ("current", CURRENT)):
        try:
            return Drive(kind, parse(value, dimension))  # type: ignore[arg-type]
        except ValueError:
            continue
    raise ValueError(f'"{value}" is not {_WANTED}')


def _shown(drive: Drive) -> str:
    return show(drive.value, VOLTAGE if drive.kind == "voltage" else CURRENT)


if TYPE_CHECKING:
    AnyDrive = Drive
else:
    AnyDrive = Annotated[
        Any,
        BeforeValidator(read_drive),
        PlainSerializer(_shown, return_type=str),
        WithJsonSchema({"type": "string", "description": _WANTED, "examples": ["200 A", "0 V"]}),
    ]


class Terminal(Condition):
    """An ideal electrode: its face has one potential.

    Args:
        surface: which outer faces or interfaces of the conductors.
        drive: what feeds it where a stage says nothing else.
    """

    surface: Selector
    drive: AnyDrive | None = None
