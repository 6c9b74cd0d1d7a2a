"""A slab or cylinder with a disc or square heat source in the middle of its top face; whole or one quarter.

For flux tubes and spreading resistance: the source is the surface ``source`` on the top face at z = height; the centre
of the source is above the origin. A quarter has x >= 0 and y >= 0 and the faces ``symmetry_x`` (x = 0), ``symmetry_y``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from femsuite.geometry import Face, GeometryParameters, Model, Shape, parameter, um
from femsuite.units import Length


class Parameters(GeometryParameters):
    """Slab with a source on its top face."""

    source_radius: Length = parameter(
        "100 um", "radius of the disc, or half the side of the square", source="free choice", status="estimate",
        low="10 nm", high="1 m",
    )  # fmt: skip
    source_shape: Literal["disc", "square"] = parameter("disc", "its shape", source="free choice", status="estimate")
    radius: Length = parameter(
        "500 um", "radius of the cylinder, or half the side of the box", source="free choice", status="estimate",
        low="10 nm", high="1 m",
    )  # fmt: skip
    height: Length = parameter("500 um", "along z", source="free choice", status="estimate", low="10 nm", high="1 m")
    body: Literal["cylinder", "box"] = parameter("cylinder", "its shape", source="free choice", status="estimate")
    part: Literal["quarter", "full"] = parameter("quarter", "what is meshed", source="free choice", status="estimate")
    across: float = parameter(
        8.0, "elements along the source's radius at refinement 1", source="free choice", status="estimate",
        low=0.5, high=200.0,
    )  # fmt: skip
    growth: float = parameter(
        1.3, "ratio of the sizes of neighbouring elements away from the source", source="free choice",
        status="estimate", low=1.02, high=2.0,
    )  # fmt: skip

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        reach = self.source_radius
        if self.source_shape == "square" and self.body == "cylinder":
            reach *= math.sqrt(2.0)
        same = (self.source_shape == "disc") == (self.body == "cylinder")
        if self.source_radius == self.radius and not same:
            yield "a source as wide as the body must have the body's shape"
        if reach > self.radius * (1.0 + 1e-12):
            yield f"the source reaches {reach:.4g} m from the middle, the body only {self.radius:.4g} m"


def build(model: Model, parameters: Parameters) -> None:
    """Draw the slab: surfaces ``source``, ``top``, ``bottom``, ``side`` and, for a quarter, the two of symmetry."""
    p = parameters
    inner, outer, height = um(p.source_radius), um(p.radius), um(p.height)
    size, wide = inner / p.across, inner == outer  # wide: the source covers the whole top
    model.region("body", _column(model, p.body == "cylinder", outer, height, p.part))
    if not wide:
        model.imprint(_outline(model, p.source_shape == "disc", inner, height))
    model.per_turn = 32
    model.largest = max(outer, height) / 3.0
    low = 0.0 if p.part == "quarter" else -inner
    # The flux is singular at the rim of the source: the finest elements follow the whole source.
    model.refine((low, low, height), (inner, inner, height), size, p.growth)
    quarter = p.part == "quarter"

    def cut(face: Face) -> bool:
        return quarter and (face.faces("-x") or face.faces("-y"))

    def in_source(face: Face) -> bool:
        return wide or bool(max(face.high[0], face.high[1]) < 0.5 * (inner + outer))

    model.surface("source", lambda face: face.faces("+z") and in_source(face))
    if not wide:
        model.surface("top", lambda face: face.faces("+z") and not in_source(face))
    model.surface("bottom", lambda face: face.faces("-z"))
    if quarter:
        model.surface("symmetry_x", lambda face: face.faces("-x"))
        model.surface("symmetry_y", lambda face: face.faces("-y"))
    model.surface("side", lambda face: abs(face.normal[2]) < 0.5 and not cut(face))


def _outline(model: Model, round_: bool, radius: float, height: float) -> Shape:
    if round_:
        return model.disc((0.0, 0.0, height), radius)
    corners = [(-radius, -radius), (radius, -radius), (radius, radius), (-radius, radius)]
    return model.polygon([(x, y, height) for x, y in corners])


def _column(model: Model, round_: bool, radius: float, height: float, part: str) -> Shape:
    quarter = part == "quarter"
    if round_:
        angle = 0.5 * math.pi if quarter else 2.0 * math.pi
        return model.cylinder((0.0, 0.0, 0.0), (0.0, 0.0, height), radius, angle)
    low = 0.0 if quarter else -radius
    return model.box((low, low, 0.0), (radius - low, radius - low, height))
