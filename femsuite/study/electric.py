"""The table of a study that says what carries current, where it is fed and what it flows into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from femsuite.conditions.base import Selector
from femsuite.conditions.sheet import Sheet
from femsuite.conditions.terminal import Terminal
from femsuite.study.sections import Name, Options
from femsuite.units import ElectricContactResistance, Length


class ElectricContact(Options):
    """A resistance to current between two regions, meshed as a very thin layer of cells along their interface."""

    resistance: Annotated[ElectricContactResistance, Field(gt=0.0)]
    """Voltage over current density."""
    thickness: Annotated[Length, Field(gt=0.0)] = 1e-6
    """Thickness of the layer; small against the elements beside it."""


class Ways(Options):
    """Faces over which a current divides, such as the floors of openings: each face is one way."""

    faces: Selector
    """The faces, by a pattern such as ``floor_*`` or ``film_*|pad``."""
    before: Selector
    """Regions and coatings from which the current comes to the faces, such as ``["lead", "wall"]``."""


class Electric(Options):
    """Steady electric current, solved together with the heat that it gives off."""

    conductors: Selector | None = None
    """Regions that carry current; all whose material's resistivity is at most 0.01 ohm m when left out."""
    terminals: Annotated[Mapping[Name, Terminal], Field(min_length=1)]
    """Faces at which current comes in or goes out, each of one potential."""
    sheets: Mapping[Name, Sheet] = Field(default_factory=dict)
    """Chips under the metal, whose current density follows the voltage across them."""
    ways: Mapping[Name, Ways] = Field(default_factory=dict)
    """Where the current divides: columns say how evenly, and ``tables/ways.csv`` has every single one."""
    contacts: Mapping[str, ElectricContact] = Field(default_factory=dict)
    """Interface (``film|lead``) -> the resistance between its two regions; others conduct perfectly."""

    @model_validator(mode="after")
    def _told_apart(self) -> Electric:
        twice = sorted(self.terminals.keys() & self.sheets.keys())
        if twice:
            raise ValueError(f"'{twice[0]}' is the name of a terminal and of a sheet; give one of them another")
        return self

    def columns(self) -> dict[str, tuple[str, str]]:
        """Return the columns of the result table that a current adds -> their units, and what they are of."""
        found = {"electric_power": ("W", "conductors and sheets")}
        for name in self.terminals:
            found |= {f"voltage_{name}": ("V", f"terminal {name}"), f"current_{name}": ("A", f"terminal {name}")}
        for name in self.sheets:
            found |= {f"current_{name}": ("A", f"sheet {name}"), f"power_{name}": ("W", f"sheet {name}")}
        for name in self.ways:
            found |= {
                f"evenness_{name}": ("", f"largest over mean current of {name}"),
                f"spread_{name}": ("", f"standard deviation over mean current of {name}"),
                f"least_{name}": ("", f"least over mean current of {name}"),
            }
        return found
