"""From the parameters of an opening to its section, half a section or quarter: metres become micrometres here."""

from __future__ import annotations

import math

from femsuite.geometry.mitre import foot_reach
from femsuite.geometry.model import um
from femsuite.geometry.opening import Coat, Foil, Opening, Sizes, Slab, wall_of
from femsuite.geometry.opening_columns import Half, Quarter
from femsuite.geometry.opening_parameters import OpeningParameters
from femsuite.geometry.opening_section import lay_section
from femsuite.geometry.sweep import Outline, ellipse, rectangle, stadium


def element_sizes(p: OpeningParameters, refinement: float) -> Sizes:
    """Return the sizes that the parameters ask for at a refinement."""
    return Sizes(um(p.foot_size), um(p.largest), p.growth, refinement)


def lay_half(p: OpeningParameters, sizes: Sizes, axis: bool, bare: bool) -> Half:
    """Return half of the section across the width; ``axis`` and ``bare`` as for `Half`."""
    half, pitch = 0.5 * um(p.foot[0]), 0.5 * um(p.pitch_x)
    opening = _opening(p, half, 0.0, [pitch - half])
    return Half(opening, lay_section(opening, sizes), pitch, axis, bare)


def lay_quarter(p: OpeningParameters, sizes: Sizes, bare: bool) -> Quarter:
    """Return the quarter in space; ``bare`` as for `Quarter`."""
    half = (0.5 * um(p.foot[0]), 0.5 * um(p.foot[1]))
    pitch = (0.5 * um(p.pitch_x), 0.5 * um(p.pitch_y))
    closed = um(foot_reach(p.foils[0].angle, p.metal[0], p.metal[1])[0])
    free = 0.5 * um(p.pillar_width) if p.inside == "pillar" else min(half) - closed
    opening = _opening(p, min(half), 0.5 * free, [pitch[axis] - half[axis] for axis in range(2)])
    return Quarter(opening, lay_section(opening, sizes), _outline(p, half, sizes), pitch, bare)


def parts_of(opening: Opening) -> dict[str, str]:
    """Return region -> the region it is a part of: foils of the first, what lies on walls of its coat."""
    foils = [foil.name for foil in opening.foils]
    return dict.fromkeys(foils[1:], foils[0]) | {wall_of(coat.name): coat.name for coat in opening.coats}


def _opening(p: OpeningParameters, narrow: float, core: float, rooms: list[float]) -> Opening:
    """Return what is cut through; ``rooms`` are the distances from the foot to half of the pitch, micrometres."""
    pillar = p.inside == "pillar"
    coats = [
        Coat(
            name,
            share * um(p.wall),
            share * um(p.film_floor),
            share * um(p.film_top),
            max(1, round(share * p.film_count)),
        )
        for name, share in (p.films if p.film == "solid" else [])
    ]
    if p.inside == "plated":
        coats.append(Coat("plating", um(p.plating), um(p.plating), um(p.plating), p.film_count))
    return Opening(
        narrow,
        core,
        narrow + max(rooms),
        narrow + min(rooms),
        [
            Foil(name, um(foil.thickness), foil.angle, um(foil.tread))
            for name, foil in zip(p.foil_names, p.foils, strict=True)
        ],
        coats,
        [Slab(name, um(thickness)) for name, thickness in p.slabs],
        Slab("lead", um(p.lead)) if p.lead > 0.0 else None,
        um(p.setback),
        Slab("pillar", um(p.pillar_height)) if pillar else None,
        0.5 * um(p.pillar_width) if pillar else 0.0,
    )


def _outline(p: OpeningParameters, half: tuple[float, float], sizes: Sizes) -> Outline:
    count = sizes.times(p.around)
    if p.shape in ("round", "ellipse"):
        return ellipse(half, max(2, count // 2))
    size = 2.0 * min(half) / p.around
    if p.shape == "stadium":
        return stadium(half, sizes.times(math.ceil(abs(half[0] - half[1]) / (2.0 * size))), max(2, count // 2))
    corner = Sizes(max(min(sizes.foot, size), 0.25 * size), 3.0 * size, sizes.growth, sizes.refinement)
    return rectangle(half, corner.cut(half[1], False, True), corner.cut(half[0], False, True))
