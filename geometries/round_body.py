"""A ball about the origin, or a round rod along x whose middle is the origin; tetrahedra with straight edges."""

from __future__ import annotations

from typing import Literal

from femsuite.geometry import GeometryParameters, Model, parameter, um
from femsuite.units import Length


class Parameters(GeometryParameters):
    """A round body, to see what straight-edged elements make of it."""

    shape: Literal["ball", "rod"] = parameter("ball", "what it is", source="free choice", status="estimate")
    radius: Length = parameter("100 um", "radius", source="free choice", status="estimate", low="10 nm", high="1 m")
    length: Length = parameter("200 um", "of a rod", source="free choice", status="estimate", low="10 nm", high="10 m")
    across: float = parameter(
        4.0, "elements along the radius at refinement 1", source="free choice", status="estimate", low=0.5, high=100.0
    )
    region: str = parameter("body", "name of the only region", source="free choice", status="estimate")


def build(model: Model, parameters: Parameters) -> None:
    """Draw the body: one surface, ``skin``; a rod's ends are ``left`` and ``right``."""
    p = parameters
    radius = um(p.radius)
    if p.shape == "ball":
        shape = model.ball((0.0, 0.0, 0.0), radius)
    else:
        shape = model.cylinder((-0.5 * um(p.length), 0.0, 0.0), (um(p.length), 0.0, 0.0), radius)
        model.surface("left", lambda face: face.faces("-x"))
        model.surface("right", lambda face: face.faces("+x"))
    model.region(p.region, shape, size=radius / p.across)
    model.rest("skin")
