"""Solids and faces a geometry file draws with: thin wrappers of gmsh's OpenCASCADE kernel, micrometres throughout."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import gmsh

Point = Sequence[float]


@dataclass(frozen=True)
class Shape:
    """One or more solids (3D) or faces (2D) of the current model.

    Attributes:
        dimension: 3 or 2.
        tags: gmsh's tags, before fragmenting.
    """

    dimension: int
    tags: tuple[int, ...]

    @property
    def dimtags(self) -> list[tuple[int, int]]:
        """Return gmsh's (dimension, tag) pairs."""
        return [(self.dimension, tag) for tag in self.tags]

    def __add__(self, other: Shape) -> Shape:
        return Shape(self.dimension, self.tags + other.tags)


class Shapes:
    """The drawing half of `Model`. All lengths in micrometres, all angles in radians."""

    def box(self, corner: Point, size: Point) -> Shape:
        """Return a box with edges along the axes; ``corner`` is its lowest corner."""
        return Shape(3, (gmsh.model.occ.addBox(*corner, *size),))

    def cylinder(self, base: Point, axis: Point, radius: float, angle: float = 2.0 * math.pi) -> Shape:
        """Return a cylinder, or a wedge of one that starts at the x axis (of a vertical cylinder)."""
        return Shape(3, (gmsh.model.occ.addCylinder(*base, *axis, radius, angle=angle),))

    def ball(self, centre: Point, radius: float) -> Shape:
        """Return a ball."""
        return Shape(3, (gmsh.model.occ.addSphere(*centre, radius),))

    def prism(self, polygon: Sequence[Point], vector: Point) -> Shape:
        """Return the solid that a plane polygon, shape (n, 3), sweeps along a vector."""
        face = self.polygon(polygon)
        swept = gmsh.model.occ.extrude(face.dimtags, *vector)
        gmsh.model.occ.remove(face.dimtags, recursive=False)
        return Shape(3, tuple(tag for dim, tag in swept if dim == 3))

    def frustum(self, low: Sequence[Point], high: Sequence[Point]) -> Shape:
        """Return the solid between two plane quadrilaterals, shape (4, 3) each, corner above corner."""
        points = [gmsh.model.occ.addPoint(*point) for point in (*low, *high)]
        lines: dict[tuple[int, int], int] = {}

        def line(a: int, b: int) -> int:
            if (b, a) in lines:
                return -lines[b, a]
            return lines.setdefault((a, b), gmsh.model.occ.addLine(points[a], points[b]))

        sides = [[i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4] for i in range(4)]
        faces = []
        for loop in ([0, 1, 2, 3], [4, 5, 6, 7], *sides):
            edges = [line(a, b) for a, b in zip(loop, [*loop[1:], loop[0]], strict=True)]
            faces.append(gmsh.model.occ.addPlaneSurface([gmsh.model.occ.addCurveLoop(edges)]))
        return Shape(3, (gmsh.model.occ.addVolume([gmsh.model.occ.addSurfaceLoop(faces)]),))

    def polygon(self, corners: Sequence[Point]) -> Shape:
        """Return a plane face with straight edges; corners have shape (n, 2) or (n, 3)."""
        points = [gmsh.model.occ.addPoint(*point, *([0.0] if len(point) == 2 else [])) for point in corners]
        lines = [gmsh.model.occ.addLine(a, b) for a, b in zip(points, [*points[1:], points[0]], strict=True)]
        return Shape(2, (gmsh.model.occ.addPlaneSurface([gmsh.model.occ.addCurveLoop(lines)]),))

    def rectangle(self, corner: Point, size: Point) -> Shape:
        """Return a rectangle in the plane z = 0 (2D) with edges along the axes."""
        return Shape(2, (gmsh.model.occ.addRectangle(corner[0], corner[1], 0.0, size[0], size[1]),))

    def disc(self, centre: Point, radius: float) -> Shape:
        """Return a horizontal disc, at z = 0 if the centre has two coordinates."""
        x, y, z = (*centre, 0.0)[:3]
        return Shape(2, (gmsh.model.occ.addDisk(x, y, z, radius, radius),))

    def quarter_ring(self, inner: Point, outer: Point) -> Shape:
        """Return the face in x >= 0, y >= 0 between two ellipses about the origin, given by half axes (x, y)."""
        arcs = []
        for a, b in (inner, outer):
            if a >= b:
                arcs.append(gmsh.model.occ.addEllipse(0.0, 0.0, 0.0, a, b, angle1=0.0, angle2=0.5 * math.pi))
            else:  # gmsh wants the longer half axis first
                frame = {"zAxis": [0.0, 0.0, 1.0], "xAxis": [0.0, 1.0, 0.0]}
                arcs.append(gmsh.model.occ.addEllipse(0.0, 0.0, 0.0, b, a, angle1=-0.5 * math.pi, angle2=0.0, **frame))
        gmsh.model.occ.synchronize()
        (start_in, end_in), (start_out, end_out) = (
            [tag for _, tag in gmsh.model.getBoundary([(1, arc)], oriented=False)] for arc in arcs
        )
        low, high = gmsh.model.occ.addLine(start_in, start_out), gmsh.model.occ.addLine(end_in, end_out)
        loop = gmsh.model.occ.addCurveLoop([low, arcs[1], -high, -arcs[0]])
        return Shape(2, (gmsh.model.occ.addPlaneSurface([loop]),))

    def rotate(self, shape: Shape, angle: float, centre: Point, axis: Point = (0.0, 0.0, 1.0)) -> Shape:
        """Turn a shape in place by an angle around an axis through a point; returns it."""
        if angle != 0.0:
            gmsh.model.occ.rotate(shape.dimtags, *centre, *axis, angle)
        return shape

    def common(self, one: Shape, other: Shape) -> Shape:
        """Return what two shapes share; both are consumed."""
        found, _ = gmsh.model.occ.intersect(one.dimtags, other.dimtags)
        return Shape(one.dimension, tuple(tag for _, tag in found))

    def without(self, one: Shape, other: Shape) -> Shape:
        """Return the first shape without the second; both are consumed."""
        found, _ = gmsh.model.occ.cut(one.dimtags, other.dimtags)
        return Shape(one.dimension, tuple(tag for _, tag in found))
