"""A stack of named layers on a rectangular plan, bottom layer first, lowest corner at the origin; structured cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from femsuite.geometry import GeometryParameters, Model, parameter, um
from femsuite.units import Length


class Layer(GeometryParameters):
    """One layer of the stack."""

    name: str = parameter("layer", "name of its region", source="free choice", status="estimate")
    thickness: Length = parameter("1 mm", "along z", source="free choice", status="estimate", low="1 nm", high="1 m")
    count: int = parameter(
        4, "intervals through it at refinement 1", source="free choice", status="estimate", low=1, high=10_000
    )
    grading: float = parameter(
        1.0,
        "each interval divided by the one below",
        source="free choice",
        status="estimate",
        low=0.1,
        high=10.0,
    )


class Parameters(GeometryParameters):
    """Layers of given thickness, for bimetals, walls of several layers and slabs."""

    length: Length = parameter("10 mm", "along x", source="free choice", status="estimate", low="1 nm", high="10 m")
    width: Length = parameter("1 mm", "along y", source="free choice", status="estimate", low="1 nm", high="10 m")
    layers: tuple[Layer, ...] = parameter(
        ({"name": "lower"}, {"name": "upper"}), "from bottom to top", source="free choice", status="estimate"
    )
    counts: tuple[int, int] = parameter(
        (20, 2), "intervals along x and y at refinement 1", source="free choice", status="estimate"
    )
    cells: Literal["hexahedra", "tetrahedra"] = parameter(
        "hexahedra", "type of the cells", source="free choice", status="estimate"
    )

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        if not self.layers:
            yield "the plate has no layer"
        names = [layer.name for layer in self.layers]
        yield from (f"two layers are named '{name}'" for name in sorted({n for n in names if names.count(n) > 1}))
        if min(self.counts) < 1:
            yield f"counts {self.counts} must all be at least 1"


def build(model: Model, parameters: Parameters) -> None:
    """Draw the stack: faces ``left`` (x = 0), ``right``, ``front`` (y = 0), ``back``, ``bottom``, ``top``."""
    p = parameters
    model.hexahedra = p.cells == "hexahedra"
    for name, side in {"left": "-x", "right": "+x", "front": "-y", "back": "+y", "bottom": "-z", "top": "+z"}.items():
        model.surface(name, lambda face, side=side: face.faces(side))
    model.divide("x", p.counts[0])
    model.divide("y", p.counts[1])
    floor = 0.0
    for layer in p.layers:
        height = um(layer.thickness)
        model.region(layer.name, model.box((0.0, 0.0, floor), (um(p.length), um(p.width), height)))
        model.divide(
            "z",
            layer.count,
            ratio=layer.grading,
            where=lambda middle, low=floor, high=floor + height: bool(low < middle[2] < high),
        )
        floor += height
