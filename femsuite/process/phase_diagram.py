"""The zinc-aluminium diagram near the eutectic, by straight lines between sourced points, in mass fractions of Al.

Zinc is the solid on one side, fcc aluminium on the other; between 655.15 K and 692.7 K liquid lies between both, which
is what a clad bonds by. The points were taken from J. L. Murray, Bull. Alloy Phase Diagrams 4 (1983) 55, from memory of
the drawing where the status says ``unchecked``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from femsuite.errors import InputError
from femsuite.physics.two_front import Concentrations

type Status = Literal["published", "seed", "derived", "unchecked", "estimate"]

EUTECTIC = 655.15
"""K, 382 degC: the eutectic that the model uses. A Zn/Al/Zn clad begins to melt there (Ikeda et al., abstract;
published); the assessed diagram has 381 degC, thermal analysis of Zn-Al gave 376.3 degC (Mater. Sci. Appl. 16 (2025)
252)."""

EUTECTIC_SEED = 653.15
"""K: "about 380 degC" in CN101185991 (seed). Kept to judge its flip chip, bonded at 380 degC; the model does not use
it."""

EUTECTIC_FRACTION = 0.05
"""Mass fraction of aluminium at the eutectic (Murray 1983, unchecked)."""

ZINC_MELTS = 692.7
"""K: melting point of zinc (published; CN101185991 says 420 degC)."""

ALUMINIUM_MELTS = 933.47
"""K: melting point of aluminium (published)."""

HOTTEST = 723.15
"""K, 450 degC: the hottest point of the liquidus on the aluminium side that is known here."""

_MURRAY = "J. L. Murray, Bull. Alloy Phase Diagrams 4 (1983) 55"


@dataclass(frozen=True)
class Point:
    """One point of a line of the diagram.

    Args:
        temperature: K.
        fraction: mass fraction of aluminium.
        source: who says so.
        status: how far to trust it.
    """

    temperature: float
    fraction: float
    source: str
    status: Status


@dataclass(frozen=True)
class Line:
    """A line of the diagram: straight between its points, not known beyond them.

    Args:
        name: for sentences.
        points: by rising temperature.
    """

    name: str
    points: tuple[Point, ...]

    def __call__(self, temperature: float) -> float:
        """Return the mass fraction of aluminium at a temperature in K.

        Raises:
            InputError: beyond the first or last point.
        """
        first, last = self.points[0], self.points[-1]
        if not first.temperature <= temperature <= last.temperature:
            raise InputError(
                f"zinc-aluminium: the {self.name} is known from {first.temperature:g} K "
                f"({first.temperature - 273.15:g} degC) to {last.temperature:g} K ({last.temperature - 273.15:g} "
                f"degC); given is {temperature:g} K"
            )
        for low, high in zip(self.points, self.points[1:], strict=False):
            if temperature <= high.temperature:
                share = (temperature - low.temperature) / (high.temperature - low.temperature)
                return low.fraction + share * (high.fraction - low.fraction)
        return last.fraction  # of a line of one point

    def status(self, temperature: float) -> Status:
        """Return the worst status of the points between which a temperature in K lies."""
        self(temperature)
        order: tuple[Status, ...] = ("published", "seed", "derived", "unchecked", "estimate")
        below = [point for point in self.points if point.temperature <= temperature][-1]
        above = next(point for point in self.points if point.temperature >= temperature)
        return max(below.status, above.status, key=order.index)


ZINC_LIQUIDUS = Line(
    "liquidus on the zinc side",
    (
        Point(EUTECTIC, EUTECTIC_FRACTION, _MURRAY, "unchecked"),
        Point(673.15, 0.025, _MURRAY, "unchecked"),
        Point(ZINC_MELTS, 0.0, "melting point of zinc", "published"),
    ),
)
ZINC_SOLIDUS = Line(
    "solidus on the zinc side",
    (
        # 2.8 at% in the assessed diagram are 1.17 wt%; on from 400 degC in a straight line it is 1.15 wt%
        Point(EUTECTIC, 0.0115, f"straight on from 673.15 K; 2.8 at% in {_MURRAY} are 0.0117", "unchecked"),
        Point(673.15, 0.006, _MURRAY, "unchecked"),
        Point(ZINC_MELTS, 0.0, "melting point of zinc", "published"),
    ),
)
ALUMINIUM_LIQUIDUS = Line(
    "liquidus on the aluminium side",
    (
        Point(EUTECTIC, EUTECTIC_FRACTION, _MURRAY, "unchecked"),
        Point(673.15, 0.08, _MURRAY, "unchecked"),
        Point(677.15, 0.084, "liquidus 404 degC of the die-casting alloy ZA-8, 8.4 wt% Al (data sheets)", "published"),
        Point(693.15, 0.10, f"about 10 wt% at 420 degC, {_MURRAY}", "estimate"),
        Point(HOTTEST, 0.15, f"about 15 wt% at 450 degC, {_MURRAY}", "estimate"),
    ),
)
FCC_SOLIDUS = Line(
    "solidus of fcc aluminium",
    (
        Point(EUTECTIC, 0.17, f"67 at% zinc at the eutectic, {_MURRAY}", "unchecked"),
        Point(673.15, 0.19, _MURRAY, "unchecked"),
        # one straight line from 400 degC to pure aluminium: the drawn solidus is curved
        Point(ALUMINIUM_MELTS, 1.0, "melting point of aluminium", "published"),
    ),
)
LINES = (ZINC_LIQUIDUS, ZINC_SOLIDUS, ALUMINIUM_LIQUIDUS, FCC_SOLIDUS)


def front_concentrations(temperature: float, aluminium: float | None = 1.0) -> Concentrations:
    """Return the mass fractions of aluminium at the two fronts of a liquid between zinc and aluminium.

    Args:
        temperature: K.
        aluminium: mass fraction in the aluminium at its front: 1 as rolled, which is what a liquid of a tenth of a
            second meets; None for the fcc solidus, once a skin has taken up zinc.

    Raises:
        InputError: where there are not two solids with liquid between them.
    """
    if not EUTECTIC < temperature < ZINC_MELTS:
        why = "nothing melts" if temperature <= EUTECTIC else "the zinc melts by itself, so no front of zinc moves"
        raise InputError(
            f"zinc-aluminium: liquid lies between the two solids from {EUTECTIC:g} K (382 degC) to {ZINC_MELTS:g} K "
            f"(419.5 degC) only; at {temperature:g} K {why}"
        )
    return Concentrations(
        first=ZINC_LIQUIDUS(temperature),
        first_solid=ZINC_SOLIDUS(temperature),
        second=ALUMINIUM_LIQUIDUS(temperature),
        second_solid=FCC_SOLIDUS(temperature) if aluminium is None else aluminium,
    )


def saturated(temperature: float) -> float:
    """Return the mass fraction of aluminium at which liquid in touch with aluminium is saturated.

    Args:
        temperature: K, from the eutectic to 723.15 K.

    Raises:
        InputError: outside these.
    """
    return ALUMINIUM_LIQUIDUS(temperature)
