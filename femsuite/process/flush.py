"""Flush: trapped liquid opens the seam between resin and frame, escapes, and leaves a void when it freezes.

The pressure loads the seam's edge; what holds it, adhesion, and how far the cavity gives way are known in bands only,
so a verdict is given over all combinations. Source: fig. 2 and the 5 % limit of CN101185991 (seed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from femsuite.errors import InputError
from femsuite.process.reflow import CAVITY, PEAK, ROOM, Growth, Joint, growth, trapped_pressure

AREA_LIMIT = 0.05
"""Loss of joint area from which the reflow test fails (CN101185991, seed)."""


@dataclass(frozen=True)
class Edge:
    """The edge of the seam between resin and frame, where liquid gets out.

    Args:
        load: what one pascal in the cavity does there (estimate, or from a solve): a stress, Pa per Pa, or an energy
            release rate, J/m^2 per Pa^2.
        kind: ``stress``, held by a strength in Pa, or ``energy``, held by a toughness in J/m^2; energy grows as p^2.

    Raises:
        InputError: for another kind, or a load that is not positive.
    """

    load: float
    kind: Literal["stress", "energy"] = "stress"

    def __post_init__(self) -> None:
        if self.kind not in ("stress", "energy") or not self.load > 0.0:
            raise InputError("flush: an edge has a positive load, of the kind 'stress' or 'energy'")

    def __call__(self, pressure: float) -> float:
        """Return the load under a pressure in Pa: Pa or J/m^2."""
        return self.load * (pressure if self.kind == "stress" else pressure**2)


@dataclass(frozen=True)
class Flush:
    """What becomes of a joint at reflow. Shares are of its volume, or area, at the start.

    Args:
        growth: of joint and cavity.
        pressure: of the trapped liquid before anything opens, Pa.
        load: at the edge then, Pa or J/m^2.
        opens: whether that exceeds the adhesion, so that liquid escapes.
        escaped: share that escapes, ``excess - p_left/K``.
        void: share that is void after freezing: what escaped and the shrinkage of what did not.
        least_void: what the mass that escaped leaves if the cavity closes up again.
        area_loss: share of the joint's area that is lost.
        fails: whether that reaches 5 %.
        sentence: the verdict in words.
    """

    growth: Growth
    pressure: float
    load: float
    opens: bool
    escaped: float
    void: float
    least_void: float
    area_loss: float
    fails: bool
    sentence: str


def flush(
    joint: Joint,
    edge: Edge,
    adhesion: float,
    compliance: float,
    peak: float = PEAK,
    start: float = ROOM,
    cavity: float = CAVITY,
    left: float = 0.0,
    depth: float = 1.0,
) -> Flush:
    """Return what becomes of a joint at reflow.

    Args:
        joint: which.
        edge: of the seam.
        adhesion: that holds it, Pa or J/m^2 as the edge's kind (estimate).
        compliance: of the cavity, 1/Pa.
        peak: K.
        start: K.
        cavity: expansion around the joint, 1/K.
        left: pressure that stays in the liquid when it has found a way out, Pa.
        depth: share of the joint's thickness that its voids take: 1 where they go through.

    Raises:
        InputError: for numbers that cannot be.
    """
    if not (adhesion > 0.0 and left >= 0.0 and 0.0 < depth <= 1.0):
        raise InputError("flush: adhesion is positive, the pressure left not negative, the depth from above 0 to 1")
    grown = growth(joint, peak, start, cavity)
    pressure = trapped_pressure(grown.excess, joint.bulk_modulus, compliance) if grown.liquid else 0.0
    load = edge(pressure)
    opens = load > adhesion
    escaped = max(grown.excess - min(left, pressure) / joint.bulk_modulus, 0.0) if opens else 0.0
    # melted but short of volume, as bismuth: the liquid itself holds the void
    hollow = max(-grown.excess, 0.0) if grown.liquid else 0.0
    void = escaped + max(joint.melting, 0.0) if opens else hollow
    least = escaped / (1.0 + grown.own) if opens else 0.0
    lost = min(void / depth, 1.0)
    fails = lost >= AREA_LIMIT
    words = _sentence(joint, grown, pressure, opens, escaped, hollow, lost, fails)
    return Flush(grown, pressure, load, opens, escaped, void, least, lost, fails, words)


def _sentence(
    joint: Joint, grown: Growth, pressure: float, opens: bool, escaped: float, hollow: float, lost: float, fails: bool
) -> str:
    if not grown.liquid:
        return f"{joint.name} stays solid: nothing is trapped and nothing escapes; no joint area is lost."
    if hollow > 0.0:
        return (
            f"{joint.name} melts and leaves {hollow:.2%} of its space empty: voids, not flush; up to {lost:.1%} of the "
            f"area, which {'fails' if fails else 'passes'}."
        )
    if not opens:
        return f"{joint.name} melts under {pressure / 1e6:.3g} MPa and the seam holds: nothing escapes."
    return (
        f"{joint.name} melts under {pressure / 1e6:.3g} MPa, the seam opens and {escaped:.2%} of the joint escape; "
        f"up to {lost:.1%} of the area are lost, which {'fails' if fails else 'passes'} (limit {AREA_LIMIT:.0%})."
    )


def opened_length(escaped: float, volume: float, perimeter: float, gap: float) -> float:
    """Return how far liquid runs along the seam, m: what has escaped as a film of one thickness around the joint.

    Args:
        escaped: share of the joint.
        volume: of the joint, m^3.
        perimeter: along which it gets out, m.
        gap: thickness of the film, m (estimate).

    Raises:
        InputError: for a perimeter or gap that is not positive.
    """
    if not (perimeter > 0.0 and gap > 0.0):
        raise InputError(f"flush: perimeter and gap must be positive; given are {perimeter:g} m and {gap:g} m")
    return escaped * volume / (perimeter * gap)


@dataclass(frozen=True)
class Bands:
    """A verdict over bands.

    Args:
        flushing: combinations in which the seam opens.
        failing: those that lose 5 % of the area or more.
        total: combinations.
        table: adhesion, compliance, and what becomes of the joint.
        sentence: the verdict in words.
    """

    flushing: int
    failing: int
    total: int
    table: tuple[tuple[float, float, Flush], ...]
    sentence: str


def over_bands(
    joint: Joint, edge: Edge, adhesions: Sequence[float], compliances: Sequence[float], peak: float = PEAK,
    start: float = ROOM, cavity: float = CAVITY, left: float = 0.0, depth: float = 1.0,
) -> Bands:  # fmt: skip
    """Return in how many combinations of adhesion and compliance a joint flushes.

    Args:
        joint: which.
        edge: of the seam.
        adhesions: Pa or J/m^2.
        compliances: 1/Pa.
        peak: this and the others as for `flush`.
        start: K.
        cavity: 1/K.
        left: Pa.
        depth: share.

    Raises:
        InputError: for an empty band, or numbers that cannot be.
    """
    if not adhesions or not compliances:
        raise InputError("flush: a band of adhesion and one of compliance are needed, each with one number at least")
    table = tuple(
        (one, other, flush(joint, edge, one, other, peak, start, cavity, left, depth))
        for one in adhesions
        for other in compliances
    )
    flushing, failing = sum(row.opens for *_, row in table), sum(row.fails for *_, row in table)
    many = len(table)
    always = "in all" if flushing == many else "in none" if flushing == 0 else f"in {flushing}"
    sentence = f"{joint.name} flushes {always} of {many} combinations of adhesion and cavity and fails in {failing}."
    return Bands(flushing, failing, many, table, sentence)
