"""The plate with a hot disc of NAFEMS T1: a quarter of a square membrane, 2D, triangles.

Plate 20 x 20 mm, disc of radius 1 mm in the middle, hotter than the rest. Target: a stress of 50 MPa along the edge at
D = (1 mm, 0), outside the disc (NAFEMS, Background to Benchmarks, T1). The arc is a polygon whose error falls as h^2.
"""

from __future__ import annotations

from collections.abc import Iterator

from femsuite.geometry import GeometryParameters, Model, parameter, um
from femsuite.units import Length

DIMENSION = 2
NAFEMS = "NAFEMS, Background to Benchmarks, T1"


class Parameters(GeometryParameters):
    """Quarter of a plate with a hot disc."""

    side: Length = parameter("20 mm", "side of the whole plate", source=NAFEMS, status="published", low="10 nm")
    disc_radius: Length = parameter("1 mm", "radius of the disc", source=NAFEMS, status="published", low="10 nm")
    across: float = parameter(
        8.0, "elements along the disc's radius at refinement 1", source="free choice", status="estimate",
        low=0.5, high=500.0,
    )  # fmt: skip
    growth: float = parameter(
        1.3, "ratio of the sizes of neighbouring elements away from the disc", source="free choice",
        status="estimate", low=1.02, high=2.0,
    )  # fmt: skip

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        if self.disc_radius >= 0.5 * self.side:
            yield "the disc must lie within the plate: disc_radius below half of side"


def build(model: Model, parameters: Parameters) -> None:
    """Draw the quarter: edges ``symmetry_x`` (x = 0), ``symmetry_y`` (y = 0), ``right`` and ``top``."""
    p = parameters
    half, radius = um(0.5 * p.side), um(p.disc_radius)
    model.region("plate", model.rectangle((0.0, 0.0), (half, half)))
    quarter = model.common(model.disc((0.0, 0.0), radius), model.rectangle((0.0, 0.0), (radius, radius)))
    model.region("disc", quarter)
    model.largest = half / 4.0
    model.refine((0.0, 0.0), (radius, radius), radius / p.across, p.growth)
    for name, side in {"symmetry_x": "-x", "symmetry_y": "-y", "right": "+x", "top": "+y"}.items():
        model.surface(name, lambda face, side=side: face.faces(side))
