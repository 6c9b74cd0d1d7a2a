"""A die on the paddle of a lead frame by one joint, with lead, wire and moulded resin (CN101185991, Fig. 6).

Three models of the same package: ``axisymmetric``, a meridian in which a square of side a is a disc of the same area
(radius a/sqrt(pi)), without lead and wire; ``section``, half of the plane section through the middle; ``quarter``, the
solid in x >= 0, y >= 0. Up is y in the first two and z in the last. The underside of the paddle is bare.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from femsuite.geometry import Face, GeometryParameters, Model, in_mm, parameter, um
from femsuite.geometry.blocks import Blocks, shrinking
from femsuite.process.bonding import bond
from femsuite.process.clad import Clad
from femsuite.units import Length, Temperature, Time

SEED = "CN101185991"
TYPICAL = "typical of power packages; the seed gives no dimension"


class Parameters(GeometryParameters):
    """Die attach package; the defaults are clad 1 of the seed after bonding at 400 degC."""

    model: Literal["axisymmetric", "section", "quarter"] = parameter(
        "axisymmetric", "which model is drawn", source="free choice", status="estimate"
    )
    joint: Literal["clad", "bonded", "single"] = parameter(
        "bonded", "clad: Zn/Al/Zn as laid; bonded: Zn-Al/Al/Zn-Al as it is after bonding; single: one layer",
        source=SEED, status="seed",
    )  # fmt: skip
    zinc: Length = parameter(
        "10 um", "each Zn layer of the clad as laid", source=SEED, status="seed", low="0.5 um", high="300 um"
    )
    aluminium: Length = parameter(
        "50 um", "Al layer of the clad as laid", source=SEED, status="seed", low="5 um", high="1 mm"
    )
    bond_temperature: Temperature = parameter(
        "400 degC", "of the bonding: decides how much Al dissolves", source=SEED, status="seed",
        low="382 degC", high="450 degC",
    )  # fmt: skip
    bond_time: Time = parameter("1 min", "of the bonding", source=SEED, status="seed", low="1 s", high="1 h")
    joint_thickness: Length = parameter(
        "50 um", "of a single joint", source=TYPICAL, status="estimate", low="2 um", high="1 mm"
    )
    die_edge: Length = parameter(
        "5 mm", "edge of the square die", source=TYPICAL, status="estimate", low="0.2 mm", high="30 mm"
    )
    die_thickness: Length = parameter("0.3 mm", "die", source=TYPICAL, status="estimate", low="20 um", high="2 mm")
    active_thickness: Length = parameter(
        "0 um", "heated layer under the die's upper face, region source_active; 0 for none",
        source="free choice", status="estimate", low="0 um", high="100 um",
    )  # fmt: skip
    frame_thickness: Length = parameter(
        "0.5 mm", "paddle and leads", source=TYPICAL, status="estimate", low="50 um", high="5 mm"
    )
    paddle_edge: Length = parameter(
        "7 mm", "edge of the square paddle", source=TYPICAL, status="estimate", low="0.3 mm", high="50 mm"
    )
    plating_thickness: Length = parameter(
        "3 um", "Ni or other plating on the paddle's upper face; 0 for bare", source=TYPICAL, status="estimate",
        low="0 um", high="50 um",
    )  # fmt: skip
    mould_edge: Length = parameter(
        "10 mm", "edge of the square package", source=TYPICAL, status="estimate", low="0.5 mm", high="60 mm"
    )
    mould_above: Length = parameter(
        "1 mm", "resin above the die; 0 for no resin at all", source=TYPICAL, status="estimate",
        low="0 mm", high="5 mm",
    )  # fmt: skip
    lead_gap: Length = parameter(
        "0.3 mm", "between paddle and lead", source=TYPICAL, status="estimate", low="0.05 mm", high="5 mm"
    )
    lead_width: Length = parameter(
        "0.6 mm", "of the lead, across x", source=TYPICAL, status="estimate", low="0.05 mm", high="10 mm"
    )
    wire: bool = parameter(True, "whether the wire is drawn (solid and section)", source=SEED, status="seed")
    wire_thickness: Length = parameter(
        "100 um", "side of the wire's square section", source=TYPICAL, status="estimate", low="10 um", high="500 um"
    )
    wire_loop: Length = parameter(
        "0.4 mm", "height of the wire's underside over the die", source=TYPICAL, status="estimate",
        low="20 um", high="3 mm",
    )  # fmt: skip
    edge_band: Length = parameter(
        "50 um", "band along the die's edges with elements of its own: what failure measures average over",
        source="the distance of [[failures]]", status="derived", low="1 um", high="1 mm",
    )  # fmt: skip
    edge_count: int = parameter(
        3, "elements across that band", source="mesh study of die_attach/assembly", status="derived", low=1, high=50
    )
    joint_counts: tuple[int, int, int] = parameter(
        (2, 3, 4), "elements through each outer layer, through the aluminium, through a single joint",
        source="mesh study of die_attach/assembly", status="derived",
    )  # fmt: skip
    counts: tuple[int, int, int] = parameter(
        (12, 3, 4), "elements along half the die, through it between the bands, through the frame",
        source="mesh study of die_attach/assembly", status="derived",
    )  # fmt: skip
    outer_count: int = parameter(
        5, "elements from the die's edge to the paddle's; fewer make all outside the die coarser",
        source="mesh study of die_attach/assembly", status="derived", low=1, high=20,
    )  # fmt: skip

    @property
    def layers(self) -> list[tuple[str, float, int]]:
        """Return the joint's layers from below: name, thickness in metres, elements through it."""
        outer, core, single = self.joint_counts
        if self.joint == "single":
            return [("joint", self.joint_thickness, single)]
        if self.joint == "clad":
            return [
                ("zinc_lower", self.zinc, outer),
                ("aluminium", self.aluminium, core),
                ("zinc_upper", self.zinc, outer),
            ]
        left = bond(Clad(self.zinc, self.aluminium, self.zinc), self.bond_temperature, self.bond_time)
        lower, upper = left.alloy
        found = [("bond_lower", lower, outer), ("aluminium", left.aluminium, core), ("bond_upper", upper, outer)]
        return [(name, thickness, count) for name, thickness, count in found if thickness > 0.0]

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        if self.die_edge >= self.paddle_edge:
            yield f"die_edge {in_mm(self.die_edge)} must be smaller than paddle_edge {in_mm(self.paddle_edge)}"
        resin = self.mould_above > 0.0
        if resin and self.paddle_edge >= self.mould_edge:
            yield f"paddle_edge {in_mm(self.paddle_edge)} must be smaller than mould_edge {in_mm(self.mould_edge)}"
        if self.active_thickness > 0.5 * self.die_thickness:
            yield "active_thickness is more than half of the die"
        if self.edge_band > 0.2 * self.die_edge:
            yield f"edge_band {in_mm(self.edge_band)} is more than a fifth of die_edge {in_mm(self.die_edge)}"
        for name, counts in (("counts", self.counts), ("joint_counts", self.joint_counts)):
            if min(counts) < 1:
                yield f"{name} {counts} must all be at least 1"
        if self.model == "axisymmetric" or not resin:
            return
        if 0.5 * self.paddle_edge + self.lead_gap >= 0.5 * self.mould_edge - 50e-6:
            yield f"a lead_gap of {in_mm(self.lead_gap)} leaves no lead between paddle and the package's side"
        if self.wire and self.wire_loop + self.wire_thickness >= self.mould_above - 20e-6:
            yield f"the wire leaves the resin: wire_loop {in_mm(self.wire_loop)}, mould_above {in_mm(self.mould_above)}"
        if self.model == "quarter" and self.lead_width >= self.die_edge:
            yield f"lead_width {in_mm(self.lead_width)} must be smaller than die_edge {in_mm(self.die_edge)}"
        if self.wire and self.wire_thickness >= 0.9 * self.lead_width:
            yield f"the wire of {in_mm(self.wire_thickness)} is no narrower than the lead of {in_mm(self.lead_width)}"
        if self.wire and self.wire_thickness > 0.2 * self.die_edge:
            yield f"the wire of {in_mm(self.wire_thickness)} has no room on a die of {in_mm(self.die_edge)}"


def dimension(parameters: Parameters) -> int:
    """Return 3 for the solid, 2 for the others."""
    return 3 if parameters.model == "quarter" else 2


@dataclass(frozen=True)
class _Levels:
    """Heights, micrometres."""

    frame: float
    joint: float
    die: float
    top: float


def build(model: Model, parameters: Parameters) -> None:
    """Draw the package: faces ``axis`` or ``symmetry_x``/``symmetry_y``, ``bottom``, ``top``, ``side``, ``outside``."""
    p = parameters
    solid, ring = p.model == "quarter", p.model == "axisymmetric"
    half = (lambda edge: um(edge / math.sqrt(math.pi))) if ring else (lambda edge: um(0.5 * edge))
    blocks = Blocks((0.0,) * (3 if solid else 2))
    up = 2 if solid else 1
    levels = _stack(blocks, up, p)
    die, paddle, side = half(p.die_edge), half(p.paddle_edge), half(p.mould_edge)
    band, fine = um(p.edge_band), um(p.edge_band) / p.edge_count
    resin = p.mould_above > 0.0
    leads = resin and not ring
    on_die, on_lead = 0.6 * die, paddle + um(p.lead_gap) + 0.5 * (side - paddle - um(p.lead_gap))
    wire = leads and p.wire
    thick = um(p.wire_thickness)
    if wire:
        blocks.span(0, on_die, max(3, round(0.4 * p.counts[0])))
        blocks.span(0, on_die + thick, 1)
        count = max(3, round(0.5 * p.counts[0]))
        blocks.span(0, die - band, count, shrinking(die - band - on_die - thick, fine, count))
    else:
        blocks.span(0, die - band, p.counts[0], shrinking(die - band, fine, p.counts[0]))
    blocks.span(0, die, p.edge_count)
    outer = p.outer_count
    blocks.span(0, paddle, outer, 1.0 / shrinking(paddle - die, fine, outer))
    if leads:
        blocks.span(0, paddle + um(p.lead_gap), max(1, outer // 2))
        if wire:
            blocks.span(0, on_lead, max(1, outer // 2))
            blocks.span(0, on_lead + thick, 1)
    if resin:
        blocks.span(0, side, max(1, outer - 1))
    far = side if resin else paddle
    if solid:
        if wire:
            blocks.span(1, 0.5 * thick, 1)
        if leads:
            blocks.span(1, um(0.5 * p.lead_width), 1)
        count = max(1, p.counts[0] - 2)
        blocks.span(1, die - band, count, shrinking(die - band - blocks.end(1), fine, count))
        blocks.span(1, die, p.edge_count)
        blocks.span(1, paddle, outer, 1.0 / shrinking(paddle - die, fine, outer))
        if resin:
            blocks.span(1, side, max(1, outer // 2))

    def paint(name: str, x: tuple[float, float], y: float, z: tuple[float, float]) -> None:
        """Paint what reaches from the middle to ``y`` in a solid, and all the depth of a section."""
        low, high = ((x[0], -1.0, z[0]), (x[1], y, z[1])) if solid else ((x[0], z[0]), (x[1], z[1]))
        blocks.paint(name, low, high)

    if resin:
        paint("mould", (-1.0, far), far, (0.0, levels.top))
    paint("frame", (-1.0, paddle), paddle, (0.0, levels.frame))
    paint("plating", (-1.0, paddle), paddle, (levels.frame, levels.frame + um(p.plating_thickness)))
    floor = levels.joint
    for name, thickness, _ in p.layers:
        paint(name, (-1.0, die), die, (floor, floor + um(thickness)))
        floor += um(thickness)
    paint("die", (-1.0, die), die, (floor, levels.die))
    paint("source_active", (-1.0, die), die, (levels.die - um(p.active_thickness), levels.die))
    if leads:
        paint("lead", (paddle + um(p.lead_gap), far), um(0.5 * p.lead_width), (0.0, levels.frame))
    if wire:
        loop = levels.die + um(p.wire_loop)
        paint("wire", (on_die, on_die + thick), 0.5 * thick, (levels.die, loop))
        paint("wire", (on_die, on_lead + thick), 0.5 * thick, (loop, loop + thick))
        paint("wire", (on_lead, on_lead + thick), 0.5 * thick, (levels.frame, loop))
    blocks.draw(model, {"source_active": "die"})
    _name_faces(model, p, levels.top, far, up)


def _stack(blocks: Blocks, up: int, p: Parameters) -> _Levels:
    """Lay the intervals upwards and return the heights between the parts."""
    frame, fine = um(p.frame_thickness), um(p.edge_band) / p.edge_count
    blocks.span(up, frame, p.counts[2], shrinking(frame, 2.0 * fine, p.counts[2]))
    joint = frame + um(p.plating_thickness)
    blocks.span(up, joint, 1)
    floor = joint
    for _, thickness, count in p.layers:
        floor += um(thickness)
        blocks.span(up, floor, count)
    die = floor + um(p.die_thickness)
    _through(blocks, up, die - um(p.active_thickness), p)
    blocks.span(up, die, 1)
    top = die + um(p.mould_above)
    if p.mould_above > 0.0 and p.wire and p.model != "axisymmetric":
        blocks.span(up, die + um(p.wire_loop), max(1, p.outer_count // 2))
        blocks.span(up, die + um(p.wire_loop + p.wire_thickness), 1)
    blocks.span(up, top, max(1, p.outer_count - 1))
    return _Levels(frame, joint, die, top)


def _through(blocks: Blocks, axis: int, high: float, p: Parameters) -> None:
    """Lay the intervals through the die: a band at both faces where it is thick enough, and what lies between."""
    band = um(p.edge_band)
    if high - blocks.end(axis) > 2.4 * band:
        blocks.span(axis, blocks.end(axis) + band, p.edge_count)
        blocks.span(axis, high - band, p.counts[1])
        blocks.span(axis, high, p.edge_count)
    else:
        blocks.span(axis, high, p.counts[1] + 2 * p.edge_count)


def _name_faces(model: Model, p: Parameters, top: float, far: float, up: int) -> None:
    named: dict[str, Callable[[Face], bool]] = {
        "axis" if p.model == "axisymmetric" else "symmetry_x": lambda face: face.faces("-x") and face.high[0] < 0.1,
        "bottom": lambda face: face.faces("-" + "xyz"[up]) and face.high[up] < 0.1,
        "top": lambda face: face.faces("+" + "xyz"[up]) and face.low[up] > top - 0.1,
        "side": lambda face: face.faces("+x") and face.low[0] > far - 0.1,
    }
    if p.model == "quarter":
        named["symmetry_y"] = lambda face: face.faces("-y") and face.high[1] < 0.1
    for name, rule in named.items():
        model.surface(name, rule)
    model.rest("outside")
