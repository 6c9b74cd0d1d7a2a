"""Stages of a process: the whole model at one temperature that changes in time, and regions that come and go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from femsuite.conditions.terminal import AnyDrive
from femsuite.study.sections import Name, Options
from femsuite.study.stages import Point
from femsuite.units import Power, Stress, Temperature, TemperatureDifference, Time


class _Change(Options):
    """What happens at the start of a stage, and how finely its course is followed."""

    name: Name
    """What results and figures call the stage."""
    born: tuple[str, ...] = ()
    """Regions that begin to exist, free of stress at the temperature of this moment; a melted one has frozen."""
    killed: tuple[str, ...] = ()
    """Regions that cease to exist."""
    melted: tuple[str, ...] = ()
    """Regions that melt: they carry nothing until a later stage lets them be born again, without history."""
    shrinkage: Mapping[str, Annotated[float, Field(ge=0.0, lt=0.5)]] = Field(default_factory=dict)
    """Region -> linear shrinkage that it takes on by itself in the course of the stage, such as 0.002 on curing."""
    intrinsic_stress: Mapping[str, Stress] = Field(default_factory=dict)
    """Region born in this stage -> equal stress along x and y that it is born with, as films are; tension > 0."""
    load: Annotated[float, Field(ge=0.0)] = 1.0
    """Factor on surface loads and prescribed displacements at the end of the stage; reached in a straight line."""
    largest_change: Annotated[TemperatureDifference, Field(gt=0.0)] = 25.0
    """Largest change of temperature in one step."""
    largest_flow: Annotated[float, Field(gt=0.0, lt=0.1)] = 0.01
    """Largest increment of equivalent inelastic strain anywhere in one step."""

    @property
    def source_names(self) -> tuple[str, ...]:
        """No source is on."""
        return ()

    @model_validator(mode="after")
    def _only_the_born_carry_stress(self) -> _Change:
        for room in ("shrinkage", "intrinsic_stress"):
            for name in getattr(self, room):
                if room == "intrinsic_stress" and name not in self.born:
                    raise ValueError(f"{room}: '{name}' is not born in this stage, and only what is born can have one")
        twice = sorted({*self.born} & {*self.killed, *self.melted} | {*self.killed} & {*self.melted})
        if twice:
            raise ValueError(f"'{twice[0]}' cannot be born, killed or melted in the same stage")
        return self


class Ramp(_Change):
    """The whole model goes to a temperature in a straight line, without gradients."""

    type: Literal["ramp"]
    temperature: Temperature
    """Temperature at the end."""
    duration: Annotated[Time, Field(gt=0.0)] | None = None
    """How long it takes; needed as soon as a law depends on time."""
    keep: tuple[Temperature, ...] = ()
    """Temperatures on the way at which a state is kept, in the order in which they are passed."""

    def points(self) -> tuple[Point, ...]:
        """Return one state for each temperature kept, and the one at the end of the stage."""
        ends = (*self.keep, self.temperature)
        return tuple(
            Point(f"{self.name}, {end - 273.15:.6g} degC" if self.keep else self.name, {"temperature": end}, {})
            for end in ends
        )


class Hold(_Change):
    """The whole model stays at the temperature it has."""

    type: Literal["hold"]
    duration: Annotated[Time, Field(gt=0.0)]
    """How long."""
    times: tuple[Annotated[Time, Field(gt=0.0)], ...] = ()
    """Instants, counted from the start of the stage, at which a state is kept, beside its end."""

    @model_validator(mode="after")
    def _in_order(self) -> Hold:
        if any(later <= earlier for earlier, later in zip(self.times, self.times[1:], strict=False)):
            raise ValueError("the times must rise from one to the next")
        if self.times and self.times[-1] >= self.duration:
            raise ValueError(f"the times must lie before the stage's end at {self.duration:g} s")
        return self

    def points(self) -> tuple[Point, ...]:
        """Return one state for each instant, and the one at the end of the stage."""
        kept = tuple(Point(f"{self.name}, time={time:.12g} s", {"time": time}, {}) for time in self.times)
        return (*kept, Point(self.name, {"time": self.duration}, {}))


class _Loop(_Change):
    """Something that is done again and again."""

    ramp: Annotated[Time, Field(gt=0.0)]
    """Duration of one ramp."""
    dwell: Annotated[Time, Field(gt=0.0)]
    """Duration of the dwell at each end."""
    count: Annotated[int, Field(ge=1, le=1000)] = 3
    """Number of cycles; each goes to the hot end first."""
    stable: Annotated[float, Field(gt=0.0, lt=1.0)] | None = None
    """End before ``count`` as soon as the inelastic strain that a cycle adds differs by less than this, relative, from
    that of the cycle before."""

    @property
    def duration(self) -> float:
        """Length of the stage, s."""
        return 2 * self.count * (self.ramp + self.dwell)


class Cycles(_Loop):
    """The whole model goes up and down between two temperatures, as in JESD22-A104."""

    type: Literal["cycles"]
    low: Temperature
    """Lower temperature."""
    high: Temperature
    """Upper temperature."""

    @model_validator(mode="after")
    def _apart(self) -> Cycles:
        if not self.low < self.high:
            raise ValueError(f"'low' ({self.low:g} K) must lie below 'high' ({self.high:g} K)")
        return self

    def points(self) -> tuple[Point, ...]:
        """Return two states of each cycle: the ends of its upper and of its lower dwell."""
        found = []
        for cycle in range(1, self.count + 1):
            for words, temperature in (("hot", self.high), ("cold", self.low)):
                values = {"cycle": float(cycle), "temperature": temperature}
                found.append(Point(f"{self.name}, cycle {cycle} {words}", values, {}))
        return tuple(found)


class PowerCycles(_Loop):
    """Operation: sources on and off, as in JESD22-A122; each half goes to the steady temperatures of its power.

    The temperature of every point goes in a straight line from one steady field to the other within ``ramp``. That is
    right where the package follows faster than its power is switched.
    """

    type: Literal["power_cycles"]
    sources: Mapping[str, Annotated[Power, Field(gt=0.0)]] = Field(default_factory=dict)
    """Heat sources that are switched, and the power of each while they are on."""
    terminals: Mapping[str, AnyDrive] = Field(default_factory=dict)
    """Terminals that are switched, and the voltage or current of each while they are on; zero else."""

    @model_validator(mode="after")
    def _something_is_on(self) -> PowerCycles:
        if not self.sources and not self.terminals:
            raise ValueError("nothing is switched: give 'sources' or 'terminals'")
        return self

    @property
    def source_names(self) -> tuple[str, ...]:
        """The sources that are switched."""
        return tuple(self.sources)

    def points(self) -> tuple[Point, ...]:
        """Return two states of each cycle: the ends of the half with power and of the half without."""
        found = []
        for cycle in range(1, self.count + 1):
            for words, factor in (("on", 1.0), ("off", 0.0)):
                sources = {name: factor * power for name, power in self.sources.items()}
                drives = {name: drive.times(factor) for name, drive in self.terminals.items()}
                values = {"cycle": float(cycle), "power": sum(sources.values())} if sources else {"cycle": float(cycle)}
                found.append(Point(f"{self.name}, cycle {cycle} {words}", values, sources, drives))
        return tuple(found)
