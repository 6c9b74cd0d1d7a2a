"""A box with its lowest corner at the origin and six named faces; tetrahedra or hexahedra, any counts."""

from __future__ import annotations

from typing import Literal

from femsuite.geometry import GeometryParameters, Model, parameter, um
from femsuite.units import Length


class Parameters(GeometryParameters):
    """A box for verification."""

    length: Length = parameter("1 mm", "along x", source="free choice", status="estimate", low="1 nm", high="10 m")
    width: Length = parameter("1 mm", "along y", source="free choice", status="estimate", low="1 nm", high="10 m")
    height: Length = parameter("1 mm", "along z", source="free choice", status="estimate", low="1 nm", high="10 m")
    counts: tuple[int, int, int] = parameter(
        (4, 4, 4), "intervals along x, y and z at refinement 1", source="free choice", status="estimate"
    )
    cells: Literal["tetrahedra", "hexahedra"] = parameter(
        "tetrahedra", "type of the cells", source="free choice", status="estimate"
    )
    region: str = parameter("body", "name of the only region", source="free choice", status="estimate")

    def faults(self) -> list[str]:
        """Return what does not fit together."""
        return [f"counts {self.counts} must all be at least 1"] if min(self.counts) < 1 else []


def build(model: Model, parameters: Parameters) -> None:
    """Draw the box: faces ``left`` (x = 0), ``right``, ``front`` (y = 0), ``back``, ``bottom`` (z = 0), ``top``."""
    p = parameters
    model.hexahedra = p.cells == "hexahedra"
    model.region(p.region, model.box((0.0, 0.0, 0.0), (um(p.length), um(p.width), um(p.height))))
    for name, side in {"left": "-x", "right": "+x", "front": "-y", "back": "+y", "bottom": "-z", "top": "+z"}.items():
        model.surface(name, lambda face, side=side: face.faces(side))
    for axis, count in zip("xyz", p.counts, strict=True):
        model.divide(axis, count)
