"""From the parameters of an opening to its columns: what ``via_opening`` and ``via_array`` share."""

from __future__ import annotations

import math
from typing import Any

from femsuite.geometry.mitre import foot_reach
from femsuite.geometry.model import um
from femsuite.geometry.opening import Coat, Foil, Opening, Sizes, Slab, wall_of
from femsuite.geometry.opening_columns import Half, Quarter
from femsuite.geometry.opening_section import lay_section
from femsuite.geometry.sweep import Outline, ellipse, rectangle, stadium


def lay(p: Any, refinement: float) -> Half | Quarter:
    """Return the columns of one opening.

    Args:
        p: the parameters of ``via_opening``.
        refinement: of the mesh.
    """
    sizes = Sizes(um(p.foot_size), um(p.largest), p.growth, refinement)
    half = (0.5 * um(p.foot[0]), 0.5 * um(p.foot[1]))
    pitch = (0.5 * um(p.pitch_x), 0.5 * um(p.pitch_y))
    solid, pillar = p.model == "quarter", p.inside == "pillar"
    narrow = min(half) if solid else half[0]
    pillar_half = 0.5 * um(p.pillar_width) if pillar else 0.0
    closed = um(foot_reach(p.foils[0].angle, p.metal[0], p.metal[1])[0])
    core = 0.5 * (pillar_half if pillar else narrow - closed) if solid else 0.0
    rooms = [pitch[axis] - half[axis] for axis in range(2 if solid else 1)]
    foils = [
        Foil(name, um(foil.thickness), foil.angle, um(foil.tread))
        for name, foil in zip(p.foil_names, p.foils, strict=True)
    ]
    opening = Opening(
        narrow,
        core,
        narrow + max(rooms),
        narrow + min(rooms),
        foils,
        _coats(p),
        [Slab(name, um(thickness)) for name, thickness in p.slabs],
        Slab("lead", um(p.lead)) if p.lead > 0.0 else None,
        um(p.setback),
        Slab("pillar", um(p.pillar_height)) if pillar else None,
        pillar_half,
    )
    section = lay_section(opening, sizes)
    if solid:
        return Quarter(opening, section, _outline(p, half, sizes), pitch, bare=p.metal_on != "all")
    return Half(opening, section, pitch[0], axis=p.model == "meridian", bare=p.metal_on == "one_long_edge")


def owners(p: Any) -> dict[str, str]:
    """Return region -> region that it is a part of; argument as for `lay`."""
    walls = {wall_of(coat.name): coat.name for coat in _coats(p)}
    return dict.fromkeys(p.foil_names[1:], "foil") | walls


def _coats(p: Any) -> list[Coat]:
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
    return coats


def _outline(p: Any, half: tuple[float, float], sizes: Sizes) -> Outline:
    count = sizes.times(p.around)
    if p.shape in ("round", "ellipse"):
        return ellipse(half, max(2, count // 2))
    size = 2.0 * min(half) / p.around
    if p.shape == "stadium":
        return stadium(half, sizes.times(math.ceil(abs(half[0] - half[1]) / (2.0 * size))), max(2, count // 2))
    corner = Sizes(max(min(sizes.foot, size), 0.25 * size), 3.0 * size, sizes.growth, sizes.refinement)
    return rectangle(half, corner.cut(half[1], False, True), corner.cut(half[0], False, True))
