"""A metal cap sealed to a module substrate over a die and a chip part (CN101185991, Figs. 8, 9); the cavity is empty.

Models: ``axisymmetric``, a meridian in which squares are discs of the same area, without chip part and lead;
``section``, half of the plane section; ``quarter``, the solid in x >= 0, y >= 0. Up is y in the first two and z in
the last. With ``clad_on_cap`` (Fig. 9) the Al and Zn layers are rolled on to the cap: they line lid and flange; the
thin lining that deep drawing leaves on the wall is left out.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import Literal

from femsuite.geometry import Face, GeometryParameters, Model, estimated_length, in_mm, parameter, um
from femsuite.geometry.blocks import Blocks
from femsuite.process.bonding import bond
from femsuite.process.clad import Clad
from femsuite.units import Length, Temperature, Time

SEED = "CN101185991"
TYPICAL = "typical of small modules; the seed gives no dimension"


_length = functools.partial(estimated_length, source=TYPICAL)


class Parameters(GeometryParameters):
    """Hermetic cap; the defaults are clad 1 of the seed after sealing at 400 degC."""

    model: Literal["axisymmetric", "section", "quarter"] = parameter(
        "axisymmetric", "which model is drawn", source="free choice", status="estimate"
    )
    attach: Literal["single", "clad", "bonded"] = parameter(
        "single", "of the die: one layer, or the clad as laid or bonded (claim 7)", source=SEED, status="seed"
    )
    clad_on_cap: bool = parameter(False, "Al and Zn rolled on to the cap (Fig. 9)", source=SEED, status="seed")
    zinc: Length = parameter(
        "10 um", "each Zn layer of the clad as laid", source=SEED, status="seed", low="0.5 um", high="300 um"
    )
    aluminium: Length = parameter("50 um", "Al layer as laid", source=SEED, status="seed", low="5 um", high="1 mm")
    bond_temperature: Temperature = parameter(
        "400 degC", "of the sealing", source=SEED, status="seed", low="382 degC", high="450 degC"
    )
    bond_time: Time = parameter("1 min", "of the sealing", source=SEED, status="seed", low="1 s", high="1 h")
    substrate_edge: Length = _length("8 mm", "edge of the square substrate", "1 mm", "60 mm")
    substrate_thickness: Length = _length("0.6 mm", "substrate", "0.1 mm", "5 mm")
    plating_thickness: Length = _length("5 um", "on the substrate's upper face; 0 for none", "0 um", "50 um")
    die_edge: Length = _length("2 mm", "edge of the square die", "0.2 mm", "20 mm")
    die_thickness: Length = _length("0.3 mm", "die", "50 um", "1 mm")
    attach_thickness: Length = _length("50 um", "of a single attach layer", "5 um", "0.3 mm")
    chip_length: Length = _length("0.6 mm", "chip part along x; 0 for none", "0 mm", "5 mm")
    chip_width: Length = _length("0.3 mm", "chip part along y", "0.1 mm", "5 mm")
    chip_height: Length = _length("0.25 mm", "chip part", "0.05 mm", "2 mm")
    chip_gap: Length = _length("0.4 mm", "between die and chip part", "0.05 mm", "10 mm")
    cap_edge: Length = _length("6 mm", "of the cap inside its wall", "0.5 mm", "50 mm")
    cap_height: Length = _length("0.8 mm", "from the seal to the lid", "0.2 mm", "10 mm")
    cap_thickness: Length = _length("0.2 mm", "of the cap's sheet", "50 um", "1 mm")
    seal_width: Length = _length("0.6 mm", "of the flange that is sealed, from the wall's inside", "0.1 mm", "5 mm")
    lead_length: Length = _length("0.8 mm", "of the lead outside the substrate; 0 for none", "0 mm", "5 mm")
    lead_width: Length = _length("0.5 mm", "across", "0.1 mm", "5 mm")
    counts: tuple[int, int] = parameter(
        (8, 2), "elements along half the die and through it", source="free choice", status="estimate"
    )

    def layers(self, kind: str, prefix: str) -> list[tuple[str, float]]:
        """Return names and thicknesses (m) of a clad's layers from below, ``clad`` as laid or ``bonded``."""
        lower, core, upper = self.zinc, self.aluminium, self.zinc
        names = ("zinc_lower", "aluminium", "zinc_upper")
        if kind == "bonded":
            made = bond(Clad(self.zinc, self.aluminium, self.zinc), self.bond_temperature, self.bond_time)
            (lower, upper), core, names = made.alloy, made.aluminium, ("lower", "aluminium", "upper")
        found = [(f"{prefix}_{name}", size) for name, size in zip(names, (lower, core, upper), strict=True)]
        return [one for one in found if one[1] > 0.0]

    @property
    def attach_layers(self) -> list[tuple[str, float]]:
        """Return names and thicknesses (m) of the die's attach from below."""
        return [("attach", self.attach_thickness)] if self.attach == "single" else self.layers(self.attach, "attach")

    @property
    def seal_layers(self) -> list[tuple[str, float]]:
        """Return those of the seal; rolled on to the cap, its upper Zn is not there."""
        found = self.layers("bonded", "seal")
        return found[:-1] if self.clad_on_cap else found

    @property
    def has_chip(self) -> bool:
        """Whether a chip part is drawn."""
        return self.chip_length > 0.0 and self.model != "axisymmetric"

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        inside = 0.5 * self.cap_edge
        reach = 0.5 * self.die_edge + (self.chip_gap + self.chip_length if self.has_chip else 0.0)
        if reach >= inside - 20e-6:
            yield f"die and chip part reach {in_mm(reach)} from the middle, the cavity {in_mm(inside)}"
        if inside + self.seal_width >= 0.5 * self.substrate_edge:
            flange = in_mm(inside + self.seal_width)
            yield f"the flange ends at {flange}, the substrate at {in_mm(0.5 * self.substrate_edge)}"
        if self.cap_thickness >= self.seal_width:
            flange = in_mm(self.seal_width)
            yield f"cap_thickness {in_mm(self.cap_thickness)} leaves no flange of {flange} outside the wall"
        seal = sum(size for _, size in self.seal_layers)
        tallest = sum(size for _, size in self.attach_layers) + self.die_thickness
        if self.has_chip:
            tallest = max(tallest, self.attach_thickness + self.chip_height)
        lining = self.aluminium + self.zinc if self.clad_on_cap else 0.0
        if tallest >= seal + self.cap_height - lining - 20e-6:
            yield f"die or chip part of {in_mm(tallest)} touch the lid at {in_mm(seal + self.cap_height - lining)}"
        if self.has_chip and self.chip_width > self.die_edge:
            yield f"chip_width {in_mm(self.chip_width)} is larger than die_edge {in_mm(self.die_edge)}"
        if min(self.counts) < 1:
            yield f"counts {self.counts} must all be at least 1"


def dimension(parameters: Parameters) -> int:
    """Return 3 for the solid, 2 for the others."""
    return 3 if parameters.model == "quarter" else 2


def build(model: Model, parameters: Parameters) -> None:
    """Draw the module: faces ``axis`` or ``symmetry_x``, ``symmetry_y``, then ``bottom``, ``cavity``, ``outside``."""
    p = parameters
    solid, ring = p.model == "quarter", p.model == "axisymmetric"
    up = 2 if solid else 1
    half: Callable[[float], float] = (
        (lambda edge: um(edge / math.sqrt(math.pi))) if ring else (lambda edge: um(0.5 * edge))
    )
    scale = half(1.0) / um(0.5)  # of lengths in the plan
    die, inner, end = half(p.die_edge), half(p.cap_edge), half(p.substrate_edge)
    wall, flange = inner + um(p.cap_thickness), inner + scale * um(p.seal_width)
    chip = (die + um(p.chip_gap), die + um(p.chip_gap + p.chip_length))
    chip_side = um(0.5 * p.chip_width)
    blocks = Blocks((0.0,) * (3 if solid else 2))
    ends = [(die, p.counts[0]), (inner, 6), (wall, 1), (flange, 3), (end, 2)]
    if p.has_chip:
        ends += [(chip[0], 2), (chip[1], 3)]
    _spans(blocks, 0, ends)
    lead = p.lead_length > 0.0 and not ring
    if lead:
        blocks.span(0, end + um(p.lead_length), 2)
    if solid:
        sides = [(die, max(3, p.counts[0] - 2)), (inner, 4), (wall, 1), (flange, 2), (end, 1)]
        sides += [(chip_side, 1)] if p.has_chip else []
        sides += [(um(0.5 * p.lead_width), 1)] if lead else []
        _spans(blocks, 1, sides)
    floor = um(p.substrate_thickness)
    base = floor + um(p.plating_thickness)
    levels: list[tuple[float, int]] = [(floor, 3), (base, 1)]
    attach = _stack(base, p.attach_layers)
    seal = _stack(base, p.seal_layers)
    on_seal, on_attach = seal[-1][2], attach[-1][2]
    lid = on_seal + um(p.cap_height)
    top = lid + um(p.cap_thickness)
    levels += [(high, 1) for *_, high in (*attach, *seal)]
    levels += [(on_attach + um(p.die_thickness), p.counts[1]), (on_seal + um(p.cap_thickness), 1), (lid, 3), (top, 2)]
    chip_floor = base + um(p.attach_thickness)
    if p.has_chip:
        levels += [(chip_floor, 1), (chip_floor + um(p.chip_height), 1)]
    lining = [("cap_zinc", um(p.zinc)), ("cap_aluminium", um(p.aluminium))] if p.clad_on_cap else []
    hang = lid - sum(size for _, size in lining)
    levels += [(hang + size, 1) for size in _running([0.0, *(size for _, size in lining[:-1])])] if lining else []
    lead_floor = floor - 0.4 * um(p.substrate_thickness)
    if lead:
        levels.append((lead_floor, 1))
    _spans(blocks, up, levels)

    def paint(name: str, x: tuple[float, float], y: float, z: tuple[float, float]) -> None:
        low, high = ((x[0], -1.0, z[0]), (x[1], y, z[1])) if solid else ((x[0], z[0]), (x[1], z[1]))
        blocks.paint(name, low, high)

    paint("substrate", (-1.0, end), end, (0.0, floor))
    paint("plating", (-1.0, end), end, (floor, base))
    for name, low, high in seal:
        paint(name, (-1.0, flange), flange, (low, high))
    paint("cap", (-1.0, flange), flange, (on_seal, on_seal + um(p.cap_thickness)))
    paint("cap", (-1.0, wall), wall, (on_seal, top))
    paint("", (-1.0, inner), inner, (base, lid))
    for name, size in lining:
        paint(name, (-1.0, inner), inner, (hang, hang + size))
        hang += size
    for name, low, high in attach:
        paint(name, (-1.0, die), die, (low, high))
    paint("die", (-1.0, die), die, (on_attach, on_attach + um(p.die_thickness)))
    if p.has_chip:
        paint("chip_attach", chip, chip_side, (base, chip_floor))
        paint("chip", chip, chip_side, (chip_floor, chip_floor + um(p.chip_height)))
    if lead:
        paint("lead", (end, end + um(p.lead_length)), um(0.5 * p.lead_width), (lead_floor, floor))
    blocks.draw(model)
    _name_faces(model, p, up, (inner, base, lid))


def _stack(floor: float, layers: list[tuple[str, float]]) -> list[tuple[str, float, float]]:
    """Return name, lower and upper height (um) of layers on a floor."""
    found = []
    for name, size in layers:
        found.append((name, floor, floor + um(size)))
        floor += um(size)
    return found


def _running(sizes: list[float]) -> list[float]:
    total, found = 0.0, []
    for size in sizes:
        total += size
        found.append(total)
    return found


def _spans(blocks: Blocks, axis: int, ends: list[tuple[float, int]]) -> None:
    """Lay intervals that end at given places, with counts for those that no other end divides."""
    done = blocks.end(axis)
    for high, count in sorted(ends):
        if high > done + 1e-3:
            blocks.span(axis, high, count)
            done = high


def _name_faces(model: Model, p: Parameters, up: int, cavity: tuple[float, float, float]) -> None:
    inner, base, lid = cavity
    plan = [0, 1] if up == 2 else [0]
    letters = "xyz"

    def within(face: Face) -> bool:
        inside = all(face.high[axis] < inner + 0.1 for axis in plan)
        return inside and face.low[up] > base - 0.1 and face.high[up] < lid + 0.1

    def symmetric(axis: int) -> Callable[[Face], bool]:
        return lambda face: face.faces(f"-{letters[axis]}") and face.high[axis] < 0.1

    planes = {"axis" if p.model == "axisymmetric" else "symmetry_x": symmetric(0)}
    if up == 2:
        planes["symmetry_y"] = symmetric(1)
    for name, rule in planes.items():
        model.surface(name, rule)
    model.surface("cavity", lambda face: within(face) and not any(rule(face) for rule in planes.values()))
    model.surface("bottom", lambda face: face.faces("-" + letters[up]) and face.high[up] < 0.1)
    model.rest("outside")
