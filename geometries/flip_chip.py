"""A die on bumps of the clad over a substrate's copper wiring (CN101185991, Fig. 10).

From below: substrate, Cu wiring with Ni or Ni/Au plating, bump (clad as laid, or bonded), Zn plating on the Al wiring
of the die. In a ``bonded`` bump the plated Zn has gone into its upper Zn-Al layer, which is that much thicker. Bumps
are square, ``bumps`` along each side. Models: ``cell``, a quarter of one bump with its share of die and substrate;
``section``, half a row in plane strain or stress; ``quarter``, the solid in x >= 0, y >= 0. Up is y in the section,
else z.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Literal

from femsuite.geometry import Face, GeometryParameters, Model, estimated_length, parameter, um
from femsuite.geometry.blocks import Blocks
from femsuite.process.bonding import bond
from femsuite.process.clad import Clad
from femsuite.units import Length, Temperature, Time

SEED = "CN101185991"
TYPICAL = "typical of flip chips; the seed gives no dimension"


_length = functools.partial(estimated_length, source=TYPICAL)


class Parameters(GeometryParameters):
    """Flip chip; the bump is clad 1 of the seed."""

    model: Literal["cell", "section", "quarter"] = parameter(
        "section", "which model is drawn", source="free choice", status="estimate"
    )
    bump: Literal["clad", "bonded"] = parameter(
        "bonded", "clad: as laid, solid diffusion only; bonded: melted and frozen", source=SEED, status="seed"
    )
    zinc: Length = parameter(
        "10 um", "each Zn layer of the clad as laid", source=SEED, status="seed", low="0.5 um", high="300 um"
    )
    aluminium: Length = parameter("50 um", "Al layer as laid", source=SEED, status="seed", low="5 um", high="1 mm")
    zinc_plating: Length = _length("3 um", "Zn plated on the die's Al wiring", "0.1 um", "50 um")
    bond_temperature: Temperature = parameter(
        "383 degC", "of the bonding of a bonded bump; the seed bonds at 380 degC, below the eutectic of 382 degC",
        source=SEED, status="mixed", low="382 degC", high="450 degC",
    )  # fmt: skip
    bond_time: Time = parameter("1 min", "of the bonding", source=SEED, status="seed", low="1 s", high="1 h")
    bump_edge: Length = _length("100 um", "edge of the square bump", "10 um", "1 mm")
    pitch: Length = _length("250 um", "from bump to bump", "20 um", "3 mm")
    bumps: int = parameter(6, "along each side", source=TYPICAL, status="estimate", low=1, high=20)
    die_thickness: Length = _length("0.3 mm", "die", "20 um", "1 mm")
    die_margin: Length = _length("100 um", "from the outermost bump to the die's edge", "5 um", "2 mm")
    wiring_thickness: Length = _length("2 um", "Al wiring of the die", "0.3 um", "20 um")
    copper_thickness: Length = _length("18 um", "Cu wiring of the substrate", "2 um", "200 um")
    plating_thickness: Length = _length("3 um", "Ni or Ni/Au on the Cu", "0.1 um", "20 um")
    substrate_thickness: Length = _length("0.6 mm", "substrate", "50 um", "5 mm")
    substrate_margin: Length = _length("300 um", "substrate outside the die", "0.01 mm", "20 mm")
    underfill: bool = parameter(False, "whether the gap is filled", source="not in the seed", status="estimate")
    counts: tuple[int, int] = parameter(
        (3, 2), "elements along half a bump's edge and through the die", source="free choice", status="estimate"
    )

    @property
    def layers(self) -> list[tuple[str, float, int]]:
        """Return the bump's layers from below: name, thickness in metres, elements through it."""
        if self.bump == "clad":
            return [
                ("zinc_lower", self.zinc, 1),
                ("aluminium", self.aluminium, 3),
                ("zinc_upper", self.zinc + self.zinc_plating, 1),
            ]
        made = bond(
            Clad(self.zinc, self.aluminium, self.zinc + self.zinc_plating), self.bond_temperature, self.bond_time
        )
        found = [("bond_lower", made.alloy[0], 1), ("aluminium", made.aluminium, 3), ("bond_upper", made.alloy[1], 1)]
        return [one for one in found if one[1] > 0.0]

    @property
    def centres(self) -> list[float]:
        """Return the centres of the bumps with x >= 0 (m): the first of an odd number lies on the symmetry plane."""
        if self.model == "cell":
            return [0.0]
        first = 0.0 if self.bumps % 2 else 0.5 * self.pitch
        return [first + number * self.pitch for number in range((self.bumps + 1) // 2)]

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        if self.bump_edge >= self.pitch - 2e-6:
            yield f"bump_edge {1e6 * self.bump_edge:g} um must be smaller than the pitch {1e6 * self.pitch:g} um"
        if min(self.counts) < 1:
            yield f"counts {self.counts} must all be at least 1"
        if self.model == "quarter" and self.bumps > 8:
            yield f"{self.bumps} bumps along a side make a quarter too large; at most 8, or the section"


def dimension(parameters: Parameters) -> int:
    """Return 2 for the section, 3 for the others."""
    return 2 if parameters.model == "section" else 3


def build(model: Model, parameters: Parameters) -> None:
    """Draw it: faces ``symmetry_x``, ``symmetry_y``, of a cell ``cell_x``, ``cell_y``; ``bottom``, ``outside``."""
    p = parameters
    solid = p.model != "section"
    up = 2 if solid else 1
    blocks = Blocks((0.0,) * (3 if solid else 2))
    half, centres = um(0.5 * p.bump_edge), [um(one) for one in p.centres]
    die = um(0.5 * p.pitch) if p.model == "cell" else centres[-1] + half + um(p.die_margin)
    end = die if p.model == "cell" else die + um(p.substrate_margin)
    for axis in (0, 1) if solid else (0,):
        for centre in centres:
            blocks.span(axis, centre - half, 2)
            if centre > 0.0:
                blocks.span(axis, centre, p.counts[0])
            blocks.span(axis, centre + half, p.counts[0])
        blocks.span(axis, die, 2)
        blocks.span(axis, end, 2)
    heights = [um(p.substrate_thickness)]
    blocks.span(up, heights[0], 3)
    stack = [
        ("copper", p.copper_thickness, 2),
        ("plating", p.plating_thickness, 1),
        *p.layers,
        ("wiring", p.wiring_thickness, 1),
    ]
    for _, size, count in stack:
        heights.append(heights[-1] + um(size))
        blocks.span(up, heights[-1], count)
    top = heights[-1] + um(p.die_thickness)
    blocks.span(up, top, p.counts[1])

    def paint(name: str, x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> None:
        low, high = ((x[0], y[0], z[0]), (x[1], y[1], z[1])) if solid else ((x[0], z[0]), (x[1], z[1]))
        blocks.paint(name, low, high)

    whole, under = (-1.0, end), (-1.0, die)
    paint("substrate", whole, whole, (0.0, heights[0]))
    if p.underfill:
        paint("underfill", under, under, (heights[0], heights[-1]))
    for x in centres:
        for y in centres if solid else [0.0]:
            places = (x - half, x + half), (y - half, y + half)
            for (name, _, _), low, high in zip(stack, heights, heights[1:], strict=False):
                paint(name, *places, (low, high))
    paint("die", under, under, (heights[-1], top))
    blocks.draw(model)
    _name_faces(model, p, up, end)


def _name_faces(model: Model, p: Parameters, up: int, end: float) -> None:
    letters = "xyz"

    def low(axis: int) -> Callable[[Face], bool]:
        return lambda face: face.faces(f"-{letters[axis]}") and face.high[axis] < 0.1

    def high(axis: int) -> Callable[[Face], bool]:
        return lambda face: face.faces(f"+{letters[axis]}") and face.low[axis] > end - 0.1

    for axis in (0, 1) if up == 2 else (0,):
        model.surface(f"symmetry_{letters[axis]}", low(axis))
        if p.model == "cell":
            model.surface(f"cell_{letters[axis]}", high(axis))
    model.surface("bottom", low(up))
    model.rest("outside")
