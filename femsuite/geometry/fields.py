"""Size fields: how large elements shall be, region by region and around places, with a growth rate between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import gmsh
import numpy as np

HUGE = 1e9  # micrometres: outside every part


@dataclass(frozen=True)
class Refinement:
    """A box within which elements have one size; outside, they grow by a rate from one to the next.

    Attributes:
        low, high: opposite corners, micrometres; a point is a box without extent.
        size: element size inside, micrometres.
        growth: ratio of the sizes of neighbouring elements outside, above 1.
    """

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    size: float
    growth: float


def set_fields(
    dimension: int,
    region_sizes: Mapping[str, float],
    pieces: Mapping[str, Sequence[int]],
    refinements: Sequence[Refinement],
    largest: float,
    scale: float,
) -> None:
    """Make the smallest of all wishes the background size of the current gmsh model.

    Args:
        dimension: 2 or 3.
        region_sizes: region -> size, micrometres.
        pieces: region -> tags of its faces (2D) or volumes (3D).
        refinements: boxes with growth around them.
        largest: size where nothing else is asked, micrometres.
        scale: all sizes are multiplied by it (1 / refinement).
    """
    fields = []
    for region, size in region_sizes.items():
        tag = gmsh.model.mesh.field.add("Constant")
        gmsh.model.mesh.field.setNumbers(tag, "VolumesList" if dimension == 3 else "SurfacesList", pieces[region])
        gmsh.model.mesh.field.setNumber(tag, "VIn", size * scale)
        gmsh.model.mesh.field.setNumber(tag, "VOut", HUGE)
        fields.append(tag)
    for wish in refinements:
        # Sizes h, g h, g^2 h, ... end at distances h (g^n - 1)/(g - 1): linear in the distance with slope g - 1. The
        # slope is scaled too, so that a refined mesh is finer everywhere alike; above 0.8 it would give poor elements.
        slope = min(max((wish.growth - 1.0) * scale, 1e-3), max(0.8, wish.growth - 1.0))
        inside, outside = wish.size * scale, wish.size * scale + HUGE
        tag = gmsh.model.mesh.field.add("Box")
        for axis, low, high in zip("XYZ", wish.low, wish.high, strict=True):
            gmsh.model.mesh.field.setNumber(tag, f"{axis}Min", low)
            gmsh.model.mesh.field.setNumber(tag, f"{axis}Max", high)
        gmsh.model.mesh.field.setNumber(tag, "VIn", inside)
        gmsh.model.mesh.field.setNumber(tag, "VOut", outside)
        gmsh.model.mesh.field.setNumber(tag, "Thickness", HUGE / slope)
        fields.append(tag)
    everywhere = gmsh.model.mesh.field.add("Constant")
    gmsh.model.mesh.field.setNumber(everywhere, "VIn", largest * scale)
    gmsh.model.mesh.field.setNumber(everywhere, "VOut", largest * scale)
    both = gmsh.model.mesh.field.add("Min")
    gmsh.model.mesh.field.setNumbers(both, "FieldsList", [*fields, everywhere])
    gmsh.model.mesh.field.setAsBackgroundMesh(both)
    for option in ("ExtendFromBoundary", "FromPoints"):
        gmsh.option.setNumber(f"Mesh.MeshSize{option}", 0)


def corners(points: np.ndarray) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return the bounding box of points, shape (n, 3), as two corners."""
    low, high = points.min(axis=0), points.max(axis=0)
    return (float(low[0]), float(low[1]), float(low[2])), (float(high[0]), float(high[1]), float(high[2]))
