"""What does not fit together in the parameters of a planar module, in words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from femsuite.geometry.mitre import foot_reach, rim_reach
from femsuite.units import pretty


def misfits(p: Any) -> Iterator[str]:
    """Return what is wrong; ``p`` are the parameters of the module."""
    if p.film == "solid" and p.model == "solid":
        yield "a film with cells is for the section; in the solid give film surface"
    yield from _plates(p)
    yield from _openings(p)
    yield from _lead(p)


def _plates(p: Any) -> Iterator[str]:
    metal, core, _ = p.carrier_layers
    for name, thickness in (("carrier_metal", metal), ("carrier_core", core)):
        if thickness <= 0.0:
            yield f"{name} must have a thickness, and it is {told(thickness)}"
    if p.contact_edge > p.chip_edge:
        yield f"the contact of {told(p.contact_edge)} is larger than the chip of {told(p.chip_edge)}"
    wider = [("chip", p.chip_edge), ("carrier metal", p.metal_edge), ("carrier", p.carrier_edge)]
    if p.metal == "full":
        del wider[1]
    room = sum(p.walls)
    for (inner, edge), (outer, beyond) in itertools.pairwise(wider):
        if edge >= beyond:
            yield f"the {inner} of {told(edge)} is not smaller than the {outer} of {told(beyond)}"
        elif 0.5 * (beyond - edge) <= room:
            yield (
                f"foil and lead on the {inner}'s side are {told(room)} thick, and from there to the edge of the "
                f"{outer} there are {told(0.5 * (beyond - edge))}"
            )


def _openings(p: Any) -> Iterator[str]:
    wide = p.foot + 2.0 * p.run
    flat, wall = p.film_with_cells
    inwards, outwards = 0.0, 0.0
    if flat > 0.0:
        metal = np.array([0.0, flat]), np.array([0.0, wall])
        inwards = foot_reach(p.angle, metal[1], metal[0])[0]
        outwards = max(rim_reach(p.angle, metal[1], metal[0])[0], 0.0)
        if inwards >= 0.45 * p.foot:
            yield f"a film of {told(max(flat, wall))} closes the openings, which are {told(p.foot)} wide at the foot"
        if max(flat, wall) >= 0.3 * p.foil:
            yield f"a film of {told(max(flat, wall))} is too thick for the walls of a foil of {told(p.foil)}"
        if 0.0 < p.setback <= outwards + flat:
            yield (
                f"a setback of {told(p.setback)} is within the film's bend at the rim; give 0 um or over "
                f"{told(outwards + flat)}"
            )
    for axis, count in [("x", p.count_x), *([("y", p.count_y)] if p.model == "solid" else [])]:
        pitch = p.contact_edge / count
        if count * p.foot >= p.contact_edge:
            yield (
                f"{count} openings of {told(p.foot)} at the foot along {axis} are wider than the contact of "
                f"{told(p.contact_edge)}"
            )
        elif wide >= pitch:
            yield (
                f"the walls of neighbouring openings along {axis} meet: each is {told(wide)} wide at the foil's top, "
                f"and the pitch is {told(pitch)}"
            )
        elif wide + 2.0 * max(p.setback, outwards) >= 0.99 * pitch:
            yield (
                f"a setback of {told(p.setback)} leaves no lead between neighbouring openings along {axis}: they are "
                f"{told(wide)} wide at the foil's top, and the pitch is {told(pitch)}"
            )


def _lead(p: Any) -> Iterator[str]:
    if p.lead_across < p.contact_edge or p.lead_across > p.chip_edge:
        yield (
            f"lead_width {told(p.lead_across)} must reach from the contact's edge {told(p.contact_edge)} to the chip's "
            f"{told(p.chip_edge)}"
        )
    half_carrier, wall = 0.5 * p.carrier_edge, p.walls[0]
    if p.lead_end > half_carrier:
        yield f"lead_end {told(p.lead_end)} is beyond the carrier's edge at {told(half_carrier)}"
    if p.lead_end <= 0.5 * p.chip_edge:
        yield f"lead_end {told(p.lead_end)} is before the chip's edge at {told(0.5 * p.chip_edge)}"
        return
    names = ("chip", "carrier metal")
    for name, edge in zip(names, p.edges, strict=False):
        foot = 0.5 * edge + wall + p.walls[1]
        if 0.5 * edge < p.lead_end <= foot + p.land:
            yield (
                f"lead_end {told(p.lead_end)} leaves no land of {told(p.land)}: past the {name}'s edge foil and lead "
                f"come down at {told(foot)}"
            )


def told(length: float) -> str:
    """Return a length in metres in words."""
    return pretty(length, "m")
