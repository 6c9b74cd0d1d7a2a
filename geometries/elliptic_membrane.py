"""The elliptic membrane of NAFEMS LE1: a quarter of a plate between two ellipses, 2D, triangles or quadrilaterals.

Inner ellipse (x/2)^2 + y^2 = 1, outer ellipse (x/3.25)^2 + (y/2.75)^2 = 1, in metres. Target: the stress along the
edge at D = (2, 0) is 92.7 MPa under an outward pressure of 10 MPa on the outer edge (NAFEMS, The Standard NAFEMS
Benchmarks, TNSB rev. 3, 1990). Cells are straight: the curved edges are polygons whose error falls as h^2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from femsuite.geometry import Face, GeometryParameters, Model, parameter, um
from femsuite.units import Length

DIMENSION = 2
NAFEMS = "NAFEMS, The Standard NAFEMS Benchmarks, TNSB rev. 3, 1990, LE1"


class Parameters(GeometryParameters):
    """Quarter of an elliptic membrane."""

    inner_x: Length = parameter("2 m", "half axis of the hole", source=NAFEMS, status="published", low="1 um")
    inner_y: Length = parameter("1 m", "half axis of the hole", source=NAFEMS, status="published", low="1 um")
    outer_x: Length = parameter("3.25 m", "half axis of the rim", source=NAFEMS, status="published", low="1 um")
    outer_y: Length = parameter("2.75 m", "half axis of the rim", source=NAFEMS, status="published", low="1 um")
    counts: tuple[int, int] = parameter(
        (12, 8), "intervals around and across at refinement 1", source="free choice", status="estimate"
    )
    cells: Literal["triangles", "quadrilaterals"] = parameter(
        "quadrilaterals", "type of the cells", source="free choice", status="estimate"
    )

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        if self.inner_x >= self.outer_x or self.inner_y >= self.outer_y:
            yield "the inner ellipse must lie within the outer one"
        if min(self.counts) < 1:
            yield f"counts {self.counts} must all be at least 1"


def build(model: Model, parameters: Parameters) -> None:
    """Draw the quarter: edges ``hole``, ``rim``, ``symmetry_y`` (y = 0, from D) and ``symmetry_x`` (x = 0)."""
    p = parameters
    around, across = p.counts
    model.hexahedra = p.cells == "quadrilaterals"
    inner, outer = (um(p.inner_x), um(p.inner_y)), (um(p.outer_x), um(p.outer_y))
    model.region("membrane", model.quarter_ring(inner, outer))
    model.divide("*", around)
    model.divide("*", across, where=lambda middle: bool(min(middle[:2]) < 1e-9 * outer[0]))
    between = 0.5 * (p.inner_x + p.outer_x) / p.inner_x, 0.5 * (p.inner_y + p.outer_y) / p.inner_y

    def is_straight(face: Face) -> bool:
        return face.faces("-x") or face.faces("-y")

    def is_hole(face: Face) -> bool:
        scaled = (face.high[0] / inner[0] / between[0], face.high[1] / inner[1] / between[1])
        return not is_straight(face) and max(scaled) < 1.0

    model.surface("symmetry_y", lambda face: face.faces("-y"))
    model.surface("symmetry_x", lambda face: face.faces("-x"))
    model.surface("hole", is_hole)
    model.rest("rim")
