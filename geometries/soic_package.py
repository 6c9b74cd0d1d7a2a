"""A small-outline package (SOIC-8, -14, -16): mould, lead frame, die attach, die and the heat sources in it.

Plan: the body's centre is the origin, the long side runs along x, leads leave along -y and +y, z = 0 is the board.
Pin 1 sits at -x on the -y side; pins count counter-clockwise seen from above. Outline after JEDEC MS-012.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from pydantic import field_validator

from femsuite.geometry import GeometryParameters, Model, Shape, in_mm, parameter, um
from femsuite.units import Angle, Length

JEDEC = "JEDEC MS-012, small outline, 3.9 mm body"
PAPER = "LM3046 in-operando X-ray diffraction imaging paper"
TYPICAL = "typical of small-outline lead frames"
# Element sizes at refinement 1, micrometres.
# The die's are what topographs need: at twice the size, the mesh prints cells of some 10 % into the contrast far from a
# source (docs/mesh-convergence.md). Mould, leads and frame are as coarse as temperatures allow.
MOULD, LEAD, FRAME, DIE, NEAR_SOURCE = 330.0, 300.0, 300.0, 34.0, 16.0
GROWTH = 1.5  # from one element to the next away from the die
NEAR = 110.0  # how far around a source its finer elements reach
ACROSS_SOURCE = 4.2  # elements across the shorter side of a source: four, with a little to spare
BODY_LENGTH = {8: 4.9e-3, 14: 8.65e-3, 16: 9.9e-3}  # JEDEC MS-012 variations AA, AB, AC


class Source(GeometryParameters):
    """A rectangular heat source under the top face of the die, named ``source_<name>``."""

    name: str = parameter("Q1", "name of the source", source="the study", status="estimate")
    length: Length = parameter(
        "60 um", "extent along its own first axis", source="estimate: a small npn of the array", status="estimate",
        low="1 um", high="5 mm",
    )  # fmt: skip
    width: Length = parameter(
        "30 um", "extent along its own second axis", source="estimate: a small npn of the array", status="estimate",
        low="1 um", high="5 mm",
    )  # fmt: skip
    depth: Length = parameter(
        "10 um", "extent below the top face", source="estimate: depth of the epitaxial collector", status="estimate",
        low="0.5 um", high="1 mm",
    )  # fmt: skip
    x: Length = parameter("0 um", "place of its centre from the die's", source="estimate", status="estimate")
    y: Length = parameter("0 um", "place of its centre from the die's", source="estimate", status="estimate")
    angle: Angle = parameter("0 deg", "turn of its first axis from x", source="estimate", status="estimate")

    @field_validator("name")
    @classmethod
    def _is_a_word(cls, name: str) -> str:
        if not name.replace("_", "").isalnum():
            raise ValueError(f"'{name}' cannot name a source; use letters, digits and _")
        return name

    def corners(self) -> list[tuple[float, float]]:
        """Return the corners in plan, metres from the die's centre."""
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        halves = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
        plan = [(a * self.length, b * self.width) for a, b in halves]
        return [(self.x + u * cosine - v * sine, self.y + u * sine + v * cosine) for u, v in plan]


TRANSISTORS = [
    {"name": "Q1", "x": "-250 um", "y": "220 um", "angle": "90 deg"},
    {"name": "Q2", "x": "-180 um", "y": "220 um", "angle": "90 deg"},
    {"name": "Q3", "x": "-260 um", "y": "-220 um", "angle": "90 deg"},
    {"name": "Q4", "x": "260 um", "y": "-220 um", "angle": "90 deg"},
    {"name": "Q5", "x": "0 um", "y": "0 um", "angle": "90 deg"},
]


class Wire(GeometryParameters):
    """A bond wire of square section from a place on the die to the tip of a lead."""

    lead: int = parameter(1, "pin whose inner lead it ends on", source="the study", status="estimate", low=1, high=16)
    x: Length = parameter("0 um", "place on the die, from its centre", source="estimate", status="estimate")
    y: Length = parameter("0 um", "place on the die, from its centre", source="estimate", status="estimate")
    thickness: Length = parameter(
        "25 um", "side of the square section", source=TYPICAL, status="estimate", low="10 um", high="100 um"
    )
    loop: Length = parameter(
        "100 um", "height of the loop above the die", source=TYPICAL, status="estimate", low="30 um", high="1 mm"
    )


class Parameters(GeometryParameters):
    """SOIC package; the defaults are an LM3046 transistor array in SOIC-14."""

    pins: Literal[8, 14, 16] = parameter(14, "number of leads", source=PAPER, status="published")
    body_length: Length | None = parameter(
        None, "length of the body along x; by the number of pins when left out", source=JEDEC, status="published",
        low="4 mm", high="12 mm",
    )  # fmt: skip
    body_width: Length = parameter(
        "3.9 mm", "width of the body along y", source=JEDEC, status="published", low="3.8 mm", high="4.0 mm"
    )
    body_height: Length = parameter(
        "1.5 mm", "thickness of the body", source=PAPER, status="published", low="1.2 mm", high="1.65 mm"
    )
    draft: Angle = parameter(
        "0 deg", "lean of the sides from vertical", source="vertical: the simplest", status="estimate",
        low="0 deg", high="15 deg",
    )  # fmt: skip
    standoff: Length = parameter(
        "0.15 mm", "height of the body above the board", source=JEDEC, status="published", low="0.1 mm", high="0.25 mm"
    )
    span: Length = parameter(
        "6.0 mm", "from lead tip to lead tip along y", source=JEDEC, status="published", low="5.8 mm", high="6.2 mm"
    )
    pitch: Length = parameter(
        "1.27 mm", "from lead to lead", source=JEDEC, status="published", low="1.27 mm", high="1.27 mm"
    )
    lead_width: Length = parameter(
        "0.41 mm", "width of a lead", source=JEDEC, status="published", low="0.31 mm", high="0.51 mm"
    )
    lead_thickness: Length = parameter(
        "0.2 mm", "thickness of the lead frame", source=JEDEC, status="published", low="0.17 mm", high="0.25 mm"
    )
    foot_length: Length = parameter(
        "0.6 mm", "part of a lead that lies on the board", source=JEDEC, status="published",
        low="0.4 mm", high="1.27 mm",
    )  # fmt: skip
    lead_form: Literal["sloped", "stepped"] = parameter(
        "sloped", "shape of the gull wing", source=TYPICAL, status="estimate"
    )
    inner_lead_length: Length = parameter(
        "0.75 mm", "part of a lead inside the body", source=TYPICAL, status="estimate", low="0.1 mm", high="1.8 mm"
    )
    paddle_length: Length = parameter(
        "2.4 mm", "die paddle along x", source=TYPICAL, status="estimate", low="0.3 mm", high="8 mm"
    )
    paddle_width: Length = parameter(
        "1.9 mm", "die paddle along y", source=TYPICAL, status="estimate", low="0.3 mm", high="3.5 mm"
    )
    tie_bar_width: Length = parameter(
        "0.4 mm", "bars that hold the paddle, along x to the ends of the body", source=TYPICAL, status="estimate",
        low="0.1 mm", high="1.5 mm",
    )  # fmt: skip
    attach_thickness: Length = parameter(
        "25 um", "die attach", source=TYPICAL, status="estimate", low="3 um", high="100 um"
    )
    die_length: Length = parameter("1 mm", "die along x", source=PAPER, status="published", low="0.2 mm", high="6 mm")
    die_width: Length = parameter("1 mm", "die along y", source=PAPER, status="published", low="0.2 mm", high="3 mm")
    die_thickness: Length = parameter("400 um", "die", source=PAPER, status="published", low="30 um", high="0.7 mm")
    sources: tuple[Source, ...] = parameter(
        TRANSISTORS, "heat sources in the die",
        source="estimate: five transistors spread over the die, Q1 and Q2 as a pair, Q5 in the middle",
        status="estimate",
    )  # fmt: skip
    wires: tuple[Wire, ...] = parameter((), "bond wires", source="left out: they carry little heat", status="estimate")

    @property
    def length(self) -> float:
        """Return the length of the body, metres."""
        return BODY_LENGTH[self.pins] if self.body_length is None else self.body_length

    @property
    def frame_bottom(self) -> float:
        """Return the height of the lead frame's lower face above the board, metres."""
        return self.standoff + 0.5 * (self.body_height - self.lead_thickness)

    @property
    def die_top(self) -> float:
        """Return the height of the die's upper face above the board, metres."""
        return self.frame_bottom + self.lead_thickness + self.attach_thickness + self.die_thickness

    def lead_x(self, pin: int) -> float:
        """Return the place of a pin along x, metres."""
        row = self.pins // 2
        place = pin - 1 if pin <= row else self.pins - pin
        return (place - 0.5 * (row - 1)) * self.pitch

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        top = self.standoff + self.body_height
        if not 1.35e-3 - 1e-9 <= top <= 1.75e-3 + 1e-9:
            yield f"standoff and body_height add up to {in_mm(top)}; JEDEC MS-012 allows 1.35 to 1.75 mm"
        for side in ("length", "width"):
            die, paddle = getattr(self, f"die_{side}"), getattr(self, f"paddle_{side}")
            if die > paddle:
                yield f"die_{side} {in_mm(die)} is larger than paddle_{side} {in_mm(paddle)}"
        if self.die_top > top - 20e-6:
            yield f"the die ends {in_mm(self.die_top)} above the board, the body at {in_mm(top)}; 0.02 mm must cover it"
        reach = 0.5 * self.body_width - self.inner_lead_length
        if reach < 0.5 * self.paddle_width + 50e-6 and self._lead_meets_paddle():
            yield (
                f"inner leads of {in_mm(self.inner_lead_length)} come nearer than 0.05 mm to the paddle: shorten "
                "inner_lead_length or paddle_width"
            )
        if reach < 0.5 * self.tie_bar_width + 50e-6:
            yield f"inner leads of {in_mm(self.inner_lead_length)} touch the tie bars"
        if self.paddle_length > self.length - 0.2e-3:
            yield f"paddle_length {in_mm(self.paddle_length)} does not fit into a body of {in_mm(self.length)}"
        if self.tie_bar_width > self.paddle_width:
            yield f"tie_bar_width {in_mm(self.tie_bar_width)} is larger than paddle_width {in_mm(self.paddle_width)}"
        if abs(self.lead_x(1)) + 0.5 * self.lead_width > 0.5 * self.length:
            yield f"{self.pins} leads at a pitch of {in_mm(self.pitch)} do not fit along a body of {in_mm(self.length)}"
        outside = 0.5 * (self.span - self.body_width)
        if outside < self.foot_length + 1.2 * self.lead_thickness:
            yield f"a foot_length of {in_mm(self.foot_length)} leaves no room for the bends in {in_mm(outside)} of lead"
        yield from self._source_faults()
        for wire in self.wires:
            if wire.lead > self.pins:
                yield f"a wire ends on lead {wire.lead}, but there are {self.pins} leads"
            if max(abs(wire.x) / self.die_length, abs(wire.y) / self.die_width) > 0.5:
                yield f"the wire to lead {wire.lead} starts outside the die"
            if self.die_top + wire.loop + wire.thickness > top - 20e-6:
                yield f"the wire to lead {wire.lead} leaves the body: lower its loop of {in_mm(wire.loop)}"

    def _lead_meets_paddle(self) -> bool:
        edge = 0.5 * self.paddle_length + 50e-6
        return any(abs(self.lead_x(pin)) - 0.5 * self.lead_width < edge for pin in range(1, self.pins + 1))

    def _source_faults(self) -> Iterator[str]:
        names = [source.name for source in self.sources]
        yield from (f"two sources are named '{name}'" for name in sorted({n for n in names if names.count(n) > 1}))
        for index, source in enumerate(self.sources):
            corners = source.corners()
            if any(abs(x) > 0.5 * self.die_length - 1e-6 or abs(y) > 0.5 * self.die_width - 1e-6 for x, y in corners):
                yield f"the source '{source.name}' reaches outside the die (or within 1 um of its edge)"
            if source.depth > 0.9 * self.die_thickness:
                yield f"the source '{source.name}' is deeper than 0.9 of the die"
            for other in self.sources[index + 1 :]:
                if _overlap(corners, other.corners()):
                    yield f"the sources '{source.name}' and '{other.name}' overlap"


def build(model: Model, parameters: Parameters) -> None:
    """Draw the package."""
    p = parameters
    frame, sheet = um(p.frame_bottom), um(p.lead_thickness)
    bottom, top = um(p.standoff), um(p.standoff + p.body_height)
    model.largest = MOULD
    model.region("mould", _body(model, p), size=MOULD)
    paddle = model.box(
        (-um(0.5 * p.paddle_length), -um(0.5 * p.paddle_width), frame), (um(p.paddle_length), um(p.paddle_width), sheet)
    )
    model.region("paddle", paddle, size=FRAME)
    for name, sign in (("tie_bar_left", -1.0), ("tie_bar_right", 1.0)):
        bar = um(0.5 * (p.length - p.paddle_length))
        start = -um(0.5 * p.length) if sign < 0 else um(0.5 * p.paddle_length)
        shape = model.box((start, -um(0.5 * p.tie_bar_width), frame), (bar, um(p.tie_bar_width), sheet))
        if p.draft > 0.0:  # the bar ends in the leaning side
            shape = model.common(shape, _body(model, p))
        model.region(name, shape, part_of="paddle", size=FRAME)
    for pin in range(1, p.pins + 1):
        name = f"lead_{pin}"
        model.region(name, _lead(model, p, pin), size=LEAD)
        model.surface(f"{name}_foot", lambda face, name=name: face.region == name and _on_board(face))
        model.surface(name, lambda face, name=name: face.region == name and not _on_board(face))
    _die_and_sources(model, p)
    for index, wire in enumerate(p.wires, start=1):
        model.region(f"wire_{index}", _wire(model, p, wire), size=2.0 * um(wire.thickness))
    model.surface("body_top", lambda face: face.region == "mould" and face.low[2] > top - 1.0)
    model.surface("body_bottom", lambda face: face.region == "mould" and face.high[2] < bottom + 1.0)
    model.rest("body_side")


def _body(model: Model, p: Parameters) -> Shape:
    """Return the mould: a box, or two frusta that meet in the plane of the frame's middle."""
    x, y, z = um(0.5 * p.length), um(0.5 * p.body_width), um(p.standoff)
    if p.draft == 0.0:
        return model.box((-x, -y, z), (2 * x, 2 * y, um(p.body_height)))
    middle = um(p.frame_bottom + 0.5 * p.lead_thickness)

    def rectangle(height: float) -> list[tuple[float, float, float]]:
        lean = abs(height - middle) * math.tan(p.draft)
        return [(sx * (x - lean), sy * (y - lean), height) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]

    lower = model.frustum(rectangle(z), rectangle(middle))
    return lower + model.frustum(rectangle(middle), rectangle(um(p.standoff + p.body_height)))


def _lead(model: Model, p: Parameters, pin: int) -> Shape:
    """Return one lead, from its tip inside the body to its foot on the board, as its profile swept along x."""
    side = -1.0 if pin <= p.pins // 2 else 1.0
    sheet, frame = um(p.lead_thickness), um(p.frame_bottom)
    tip, body, end = um(0.5 * p.body_width - p.inner_lead_length), um(0.5 * p.body_width), um(0.5 * p.span)
    heel = end - um(p.foot_length)
    if p.lead_form == "stepped":
        knee = heel + sheet
        plan = [(tip, frame), (heel, frame), (heel, 0.0), (end, 0.0), (end, sheet), (knee, sheet)]
        plan += [(knee, frame + sheet), (tip, frame + sheet)]
    else:
        bend = body + max(0.35 * (heel - body), 0.4 * sheet)
        slope = math.atan2(frame, heel - bend)
        shift = sheet * math.tan(0.5 * slope)  # keeps the sheet's thickness around a bend
        plan = [(tip, frame), (bend, frame), (heel, 0.0), (end, 0.0), (end, sheet), (heel + shift, sheet)]
        plan += [(bend + shift, frame + sheet), (tip, frame + sheet)]
    left = um(p.lead_x(pin) - 0.5 * p.lead_width)
    return model.prism([(left, side * y, z) for y, z in plan], (um(p.lead_width), 0.0, 0.0))


def _die_and_sources(model: Model, p: Parameters) -> None:
    half = (um(0.5 * p.die_length), um(0.5 * p.die_width))
    plan = (um(p.die_length), um(p.die_width))
    paste = um(p.frame_bottom + p.lead_thickness)
    floor, top = paste + um(p.attach_thickness), um(p.die_top)
    model.region("attach", model.box((-half[0], -half[1], paste), (*plan, um(p.attach_thickness))), size=DIE)
    model.region("die", model.box((-half[0], -half[1], floor), (*plan, um(p.die_thickness))), size=DIE)
    model.refine((-half[0], -half[1], paste), (half[0], half[1], top), DIE, GROWTH)
    for source in p.sources:
        corners = [(um(x), um(y)) for x, y in source.corners()]
        low = (min(x for x, _ in corners), min(y for _, y in corners), top - um(source.depth))
        high = (max(x for x, _ in corners), max(y for _, y in corners), top)
        shape = model.prism([(x, y, low[2]) for x, y in corners], (0.0, 0.0, um(source.depth)))
        fine = um(min(source.length, source.width)) / ACROSS_SOURCE
        model.region(f"source_{source.name}", shape, part_of="die", size=fine)
        model.refine(low, high, fine)
        near = [tuple(c - NEAR for c in low), tuple(c + NEAR for c in high)]
        model.refine((*near[0][:2], max(near[0][2], floor)), (*near[1][:2], top), NEAR_SOURCE)


def _wire(model: Model, p: Parameters, wire: object) -> Shape:
    """Return a bond wire: up from the die, across, down onto the tip of the inner lead."""
    assert isinstance(wire, Wire)
    side = -1.0 if wire.lead <= p.pins // 2 else 1.0
    thick, start_z = um(wire.thickness), um(p.die_top)
    start = (um(wire.x), um(wire.y))
    end = (um(p.lead_x(wire.lead)), side * (um(0.5 * p.body_width - p.inner_lead_length) + 3.0 * thick))
    lead_top, height = um(p.frame_bottom + p.lead_thickness), start_z + um(wire.loop)
    run = math.hypot(end[0] - start[0], end[1] - start[1])
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    half = 0.5 * thick
    profile = [(-half, start_z), (half, start_z), (half, height), (run - half, height), (run - half, lead_top)]
    profile += [(run + half, lead_top), (run + half, height + thick), (-half, height + thick)]
    shape = model.prism([(start[0] + u, start[1] - half, z) for u, z in profile], (0.0, thick, 0.0))
    return model.rotate(shape, angle, (start[0], start[1], 0.0))


def _on_board(face: object) -> bool:
    return bool(face.high[2] < 1.0)  # type: ignore[attr-defined]


def _overlap(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    """Return whether two rectangles overlap: no edge direction of either separates them."""
    for shape in (one, other):
        for (x0, y0), (x1, y1) in pairwise(shape):
            spans = [[(x1 - x0) * x + (y1 - y0) * y for x, y in corners] for corners in (one, other)]
            if max(spans[0]) <= min(spans[1]) or max(spans[1]) <= min(spans[0]):
                return False
    return True
