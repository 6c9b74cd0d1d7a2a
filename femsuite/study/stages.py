"""The stages of a study: what happens to the model, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from femsuite.conditions.terminal import AnyDrive, Drive
from femsuite.study.sections import Name, Options
from femsuite.units import Power, Temperature, TemperatureDifference, Time


def _as_tuple(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value,)


GivenOff = Annotated[Power, Field(ge=0.0)]
"""A power that a source gives off."""
Powers = Annotated[
    tuple[GivenOff, ...],
    BeforeValidator(_as_tuple),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
            "description": "a power with its unit, or a list of these to step through",
            "examples": ["1.5 W", ["0 W", "1.5 W"]],
        }
    ),
]


Drives = Annotated[
    tuple[AnyDrive, ...],
    BeforeValidator(_as_tuple),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
            "description": "a voltage or a current with its unit, or a list of these to step through",
            "examples": ["200 A", ["50 A", "100 A"]],
        }
    ),
]


@dataclass(frozen=True)
class Point:
    """One state that a stage asks for.

    Args:
        label: unique within its stage, e.g. ``power=1.5 W``; the stage's name where no source is on.
        values: the swept values in SI: ``power``, the sum of all sources, and with several sources ``power_<source>``.
            No ``power`` without sources: heat may then come through surfaces, of which the sources know nothing.
        sources: W by source.
        drives: what feeds each terminal; those left out have the drive of the table ``electric``.
    """

    label: str
    values: Mapping[str, float]
    sources: Mapping[str, float]
    drives: Mapping[str, Drive] = field(default_factory=dict)


class Uniform(Options):
    """The whole model goes from the regions' stress-free temperatures to one temperature, without gradients."""

    type: Literal["uniform"]
    name: Name
    """What results and figures call the stage."""
    temperature: Temperature
    """Temperature at the end."""
    steps: int = Field(default=1, ge=1, le=1000)
    """Number of steps; material curves are followed from step to step."""

    def points(self) -> tuple[Point, ...]:
        """Return the one state at the end of the stage."""
        return (Point(self.name, {}, {}),)

    @property
    def source_names(self) -> tuple[str, ...]:
        """No source is on."""
        return ()


class Steady(Options):
    """Steady heat at each of a list of powers, and the deformation that goes with it."""

    type: Literal["steady"]
    name: Name
    """What results and figures call the stage."""
    sources: Mapping[str, Powers] = Field(default_factory=dict)
    """Heat sources that are on, and the power or powers of each. One value holds for all steps."""
    terminals: Mapping[str, Drives] = Field(default_factory=dict)
    """Terminal -> the voltage or current that feeds it, or several to step through."""

    @model_validator(mode="after")
    def _same_length(self) -> Steady:
        steps = {**self.sources, **self.terminals}
        lengths = {name: len(values) for name, values in steps.items() if len(values) > 1}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} has {count}" for name, count in lengths.items())
            raise ValueError(f"sources and terminals step together, so their lists must be equally long; {told}")
        return self

    def points(self) -> tuple[Point, ...]:
        """Return one state for each step of powers and drives; without any the one state of the stage."""
        if not self.sources and not self.terminals:
            return (Point(self.name, {}, {}),)
        count = max(len(values) for values in (*self.sources.values(), *self.terminals.values()))
        steps = [(_at(self.sources, step), _at(self.terminals, step)) for step in range(count)]
        totals = Counter(_label(*one) for one in steps)
        found: list[Point] = []
        for number, (sources, drives) in enumerate(steps):
            label = _label(sources, drives)
            if totals[label] > 1:
                label += " (" + ", ".join(f"{name} {power:.12g} W" for name, power in sources.items()) + ")"
            if any(point.label == label for point in found):
                label += f" step {number + 1}"
            values = {"power": sum(sources.values())} if sources else {}
            if len(sources) > 1:
                values |= {f"power_{name}": power for name, power in sources.items()}
            found.append(Point(label, values, sources, drives))
        return tuple(found)

    @property
    def source_names(self) -> tuple[str, ...]:
        """The sources that are on."""
        return tuple(self.sources)


class Transient(Options):
    """Heat in time at constant power, and the deformation at the asked instants."""

    type: Literal["transient"]
    name: Name
    """What results and figures call the stage."""
    sources: Mapping[str, GivenOff] = Field(default_factory=dict)
    """Heat sources that are switched on at the start of the stage, and the power of each."""
    terminals: Mapping[str, AnyDrive] = Field(default_factory=dict)
    """Terminal -> the voltage or current that feeds it from the start of the stage on."""
    duration: Annotated[Time, Field(gt=0.0)]
    """Length of the stage."""
    first_step: Annotated[Time, Field(gt=0.0)]
    """First time step; later ones follow ``largest_change``."""
    largest_change: Annotated[TemperatureDifference, Field(gt=0.0)]
    """Largest change of temperature anywhere in one step."""
    times: Annotated[tuple[Time, ...], Field(min_length=1)]
    """Instants, counted from the start of the stage, at which a state is kept."""

    @model_validator(mode="after")
    def _in_order(self) -> Transient:
        if any(later <= earlier for earlier, later in zip(self.times, self.times[1:], strict=False)):
            raise ValueError("the times must rise from one to the next")
        if self.times[0] < 0.0 or self.times[-1] > self.duration:
            raise ValueError(
                f"the times must lie within the stage, from 0 s to its duration of {self.duration:g} s; "
                f"they run from {self.times[0]:g} s to {self.times[-1]:g} s"
            )
        if self.first_step > self.duration:
            raise ValueError(f"the first step of {self.first_step:g} s is longer than the stage ({self.duration:g} s)")
        return self

    def points(self) -> tuple[Point, ...]:
        """Return one state for each asked instant."""
        power = {"power": sum(self.sources.values())} if self.sources else {}
        given = (dict(self.sources), dict(self.terminals))
        return tuple(Point(f"time={time:.12g} s", {"time": time, **power}, *given) for time in self.times)

    @property
    def source_names(self) -> tuple[str, ...]:
        """The sources that are on."""
        return tuple(self.sources)


def _at[T](given: Mapping[str, tuple[T, ...]], step: int) -> dict[str, T]:
    """Return the value of each at a step; one value holds for all steps."""
    return {name: values[step] if len(values) > 1 else values[0] for name, values in given.items()}


def _label(sources: Mapping[str, float], drives: Mapping[str, Drive]) -> str:
    power = [f"power={sum(sources.values()):.12g} W"] if sources else []
    fed = {name: drive for name, drive in drives.items() if drive.value} or drives
    return ", ".join([*power, *(f"{name}={drive}" for name, drive in fed.items())])
