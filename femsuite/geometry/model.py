"""What ``build(model, parameters)`` draws on: a quiet, deterministic gmsh session with named parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any

import gmsh
import numpy as np

from femsuite.errors import InputError, unknown
from femsuite.geometry.columns import Columns, FinishedMesh, place_of
from femsuite.geometry.fields import Refinement, set_fields
from femsuite.geometry.shapes import Point, Shape, Shapes


def um(metres: float) -> float:
    """Return a length in micrometres, free of the last digits' noise (OCC's tolerances are absolute)."""
    return round(metres * 1e6, 9)


def in_mm(metres: float) -> str:
    """Return a length in metres in words for the faults of a geometry: ``0.25 mm``."""
    return f"{1e3 * metres:.4g} mm"


@dataclass(frozen=True)
class Face:
    """An outer face (3D) or outer edge (2D), as the rules that name it see it. Micrometres.

    Attributes:
        tag: gmsh's tag.
        region: the region it bounds.
        centre: centroid, shape (3,).
        normal: unit normal pointing out of the region, at a point near the middle, shape (3,).
        low, high: corners of the bounding box, shape (3,).
    """

    tag: int
    region: str
    centre: np.ndarray
    normal: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def faces(self, axis: str) -> bool:
        """Return whether the face looks along an axis such as ``"+z"`` or ``"-x"`` (within a degree)."""
        sign = 1.0 if axis[0] == "+" else -1.0
        return bool(sign * self.normal["xyz".index(axis[1])] > 0.9998)


Rule = Callable[[Any], Any]  # of one `Face`, true or false; with columns of all their `Faces`, a mask


@dataclass(frozen=True)
class NamedModel:
    """A finished gmsh model: which piece carries which name.

    Attributes:
        dimension: 2 or 3.
        pieces: region -> tags of its faces (2D) or volumes (3D).
        surfaces: surface -> tags of its edges (2D) or faces (3D).
        part_of: region -> the region it belongs to.
        hexahedra: whether quadrilaterals or hexahedra are asked for.
    """

    dimension: int
    pieces: Mapping[str, tuple[int, ...]]
    surfaces: Mapping[str, tuple[int, ...]]
    part_of: Mapping[str, str]
    hexahedra: bool


@dataclass
class _Region:
    shape: Shape
    part_of: str | None
    size: float | None
    priority: float


@dataclass
class _Division:
    axis: int | None
    count: int
    ratio: float
    symmetric: bool
    where: Callable[[np.ndarray], bool]


@dataclass
class Model(Shapes):
    """A gmsh model under construction, in micrometres. Use as a context: ``with Model() as model``.

    Args:
        dimension: 3, or 2 for a plane section in z = 0.
        refinement: all element sizes are divided by it.
        sizes: region or pattern -> element size in micrometres, instead of what the geometry says.
        largest: element size where nothing else is asked, micrometres; set by the geometry.
        hexahedra: ask for hexahedra (3D) or quadrilaterals (2D); set by the geometry, which then divides every edge.
        per_turn: fewest elements around a full circle at refinement 1; set by the geometry, 0 for no wish.
    """

    dimension: int = 3
    refinement: float = 1.0
    sizes: Mapping[str, float] = field(default_factory=dict)
    largest: float = 1e6
    hexahedra: bool = False
    per_turn: int = 0
    _regions: dict[str, _Region] = field(default_factory=dict)
    _rules: dict[str, list[Rule]] = field(default_factory=dict)
    _rest: str | None = None
    _refinements: list[Refinement] = field(default_factory=list)
    _divisions: list[_Division] = field(default_factory=list)
    _imprints: list[Shape] = field(default_factory=list)
    _columns: Columns | None = None
    _owners: Mapping[str, str] = field(default_factory=dict)
    _started: bool = False

    def __enter__(self) -> Model:
        self._started = not gmsh.isInitialized()
        if self._started:
            gmsh.initialize([], readConfigFiles=False, interruptible=False)
        gmsh.model.add("femsuite")
        for option, value in {"General.Terminal": 0, "General.NumThreads": 1, "Mesh.RandomSeed": 1}.items():
            gmsh.option.setNumber(option, value)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        gmsh.model.remove()
        if self._started:
            gmsh.finalize()

    # ---- what a geometry file declares ----

    def region(
        self,
        name: str,
        shape: Shape,
        *,
        part_of: str | None = None,
        size: float | None = None,
        priority: float | None = None,
    ) -> None:
        """Name a shape as a region. Where regions overlap, the higher priority owns; a later one paints over.

        Args:
            name: the region's name; the same name again adds to it.
            shape: solids (3D) or faces (2D).
            part_of: the region this one belongs to (takes its material and orientation).
            size: element size in it, micrometres.
            priority: its rank in overlaps; the order of declaration when left out.
        """
        if "|" in name or any(c in name for c in "*?["):
            raise InputError(f"'{name}' cannot name a region: |, *, ? and [ have a meaning in selectors")
        if shape.dimension != self.dimension:
            raise InputError(f"the region '{name}' has dimension {shape.dimension}, the model {self.dimension}")
        rank = float(len(self._regions)) if priority is None else priority
        if name in self._regions:
            known = self._regions[name]
            known.shape = known.shape + shape
        else:
            self._regions[name] = _Region(shape, part_of, size, rank)

    def columns(self, columns: Columns, part_of: Mapping[str, str] | None = None) -> None:
        """Take a finished mesh of columns instead of shapes; its outer faces are named by the same calls.

        Args:
            columns: the mesh; already made with ``refinement``.
            part_of: region -> the region it belongs to.
        """
        if self.sizes:
            told = ", ".join(self.sizes)
            raise InputError(
                f"mesh.sizes ({told}) has no meaning for a geometry laid out in columns: a size there runs through the "
                "whole row; use mesh.refinement or the geometry's own parameters for sizes"
            )
        self._columns, self._owners = columns, dict(part_of or {})

    def imprint(self, shape: Shape) -> None:
        """Draw the outline of a face (3D) into the solids it touches, so that a rule can name what lies within it."""
        self._imprints.append(shape)

    def surface(self, name: str, rule: Rule) -> None:
        """Name the outer faces for which ``rule(face)`` is true; the same name again widens it."""
        self._rules.setdefault(name, []).append(rule)

    def rest(self, name: str) -> None:
        """Name all outer faces that no rule takes."""
        self._rest = name

    def refine(self, low: Point, high: Point, size: float, growth: float = 1.4) -> None:
        """Ask for elements of a size within a box (a point if the corners are one), growing outside.

        Args:
            low: lowest corner, micrometres.
            high: highest corner.
            size: element size inside.
            growth: ratio of the sizes of neighbouring elements outside.
        """
        if growth <= 1.0:
            raise InputError(f"a growth of {growth} does not grow; give a ratio above 1, such as 1.4")
        bottom, top = [*map(float, low), 0.0][:3], [*map(float, high), 0.0][:3]
        self._refinements.append(Refinement((bottom[0], bottom[1], bottom[2]), (top[0], top[1], top[2]), size, growth))

    def divide(
        self,
        axis: str,
        count: int,
        *,
        ratio: float = 1.0,
        symmetric: bool = False,
        where: Callable[[np.ndarray], bool] | None = None,
    ) -> None:
        """Ask for a structured mesh: edges along an axis get a number of intervals (whole at any refinement).

        Every edge of the model must be covered by a division; of several, the last one counts. At least one interval
        is left at any refinement.

        Args:
            axis: ``"x"``, ``"y"`` or ``"z"``: the edges whose ends differ most along it; ``"*"``: all edges.
            count: intervals at refinement 1.
            ratio: each interval divided by the one before, in the direction of the axis.
            symmetric: grow from both ends towards the middle instead.
            where: function of the middle of an edge, shape (3,), that picks the edges; all when left out.
        """
        scaled = max(1, round(count * self.refinement))
        if ratio != 1.0:
            ratio = ratio ** (count / scaled)
        number = None if axis == "*" else "xyz".index(axis)
        self._divisions.append(_Division(number, scaled, ratio, symmetric, where or (lambda middle: True)))

    # ---- what the meshing room calls ----

    def finish(self) -> NamedModel:
        """Fragment, name every piece and outer face, set size fields; returns the names.

        Raises:
            InputError: a solid without region, a region without solid, an outer face with no or two names.
        """
        if not self._regions:
            raise InputError("the geometry names no region")
        pieces = self._fragment()
        surfaces = self._name_faces(pieces)
        self._set_sizes(pieces)
        if self._divisions:
            self._set_divisions()
        part_of = {name: region.part_of for name, region in self._regions.items() if region.part_of is not None}
        for child, owner in part_of.items():
            if owner not in self._regions:
                raise InputError(f"'{child}' is part of '{owner}': {unknown('region', owner, self._regions)}")
        return NamedModel(self.dimension, pieces, surfaces, part_of, self.hexahedra)

    @property
    def in_columns(self) -> bool:
        """Return whether the geometry is a finished mesh of columns."""
        return self._columns is not None

    def finish_columns(self) -> tuple[FinishedMesh, Mapping[str, str]]:
        """Return the mesh of the columns with every outer face named, and region -> the region it is part of.

        Raises:
            InputError: an outer face with no or two names, a rule that names nothing, shapes beside the columns.
        """
        if self._columns is None or self._regions:
            raise InputError("a geometry is either drawn with model.region or laid out with model.columns")
        return self._columns.named(self._rules, self._rest), self._owners

    def _fragment(self) -> dict[str, tuple[int, ...]]:
        occ = gmsh.model.occ
        inputs = [dimtag for region in self._regions.values() for dimtag in region.shape.dimtags]
        owners = [name for name, region in self._regions.items() for _ in region.shape.tags]
        faces = [dimtag for shape in self._imprints for dimtag in shape.dimtags]
        if len(inputs) + len(faces) > 1:
            made = occ.fragment(inputs, faces)[1][: len(inputs)]
        else:
            made = [inputs]
        occ.synchronize()
        owner_of: dict[int, str] = {}
        for name, parts in zip(owners, made, strict=True):
            for dim, tag in parts:
                rival = owner_of.get(tag)
                if dim == self.dimension and (
                    rival is None or self._regions[name].priority >= self._regions[rival].priority
                ):
                    owner_of[tag] = name
        for dim, tag in gmsh.model.getEntities(self.dimension):
            if tag not in owner_of:
                place = place_of(np.array(occ.getCenterOfMass(dim, tag)))
                raise InputError(f"the {_thing(dim)} around {place} belongs to no region; name it with model.region")
        pieces = {name: tuple(sorted(t for t, who in owner_of.items() if who == name)) for name in self._regions}
        for name, tags in pieces.items():
            if not tags:
                raise InputError(f"nothing is left of the region '{name}': regions of higher priority cover it")
        return pieces

    def _name_faces(self, pieces: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, ...]]:
        named: dict[str, list[int]] = {}
        for face in outer_faces(self.dimension, pieces):
            names = [name for name, rules in self._rules.items() if any(rule(face) for rule in rules)]
            if not names and self._rest is not None:
                names = [self._rest]
            where = f"the outer {_thing(self.dimension - 1)} of '{face.region}' around {place_of(face.centre)}"
            if not names:
                raise InputError(f"{where} has no surface name; add a rule with model.surface or model.rest")
            if len(names) > 1:
                raise InputError(f"{where} has {len(names)} surface names: {', '.join(names)}; it may have one")
            named.setdefault(names[0], []).append(face.tag)
        for name in self._rules:
            if name not in named:
                raise InputError(f"no outer {_thing(self.dimension - 1)} is named by the rule of surface '{name}'")
        order = [*self._rules, *([self._rest] if self._rest is not None else [])]
        return {name: tuple(named[name]) for name in dict.fromkeys(order) if name in named}

    def _set_sizes(self, pieces: Mapping[str, tuple[int, ...]]) -> None:
        sizes = {name: region.size for name, region in self._regions.items() if region.size is not None}
        for pattern, size in self.sizes.items():
            hits = [name for name in pieces if fnmatchcase(name, pattern)]
            if not hits:
                raise InputError(unknown("region", pattern, pieces))
            sizes.update(dict.fromkeys(hits, size))
        set_fields(self.dimension, sizes, pieces, self._refinements, self.largest, 1.0 / self.refinement)
        gmsh.option.setNumber("Mesh.MeshSizeFromCurvature", round(self.per_turn * self.refinement))

    def _set_divisions(self) -> None:
        mesh = gmsh.model.mesh
        for _, tag in gmsh.model.getEntities(1):
            low, high = (bound[0] for bound in gmsh.model.getParametrizationBounds(1, tag))
            start, middle, end = np.array(gmsh.model.getValue(1, tag, [low, 0.5 * (low + high), high])).reshape(3, 3)
            span = end - start
            axis = int(np.argmax(np.abs(span)))
            wish = next((d for d in reversed(self._divisions) if d.axis in (axis, None) and d.where(middle)), None)
            if wish is None:
                raise InputError(f"the edge around {place_of(middle)} has no model.divide that covers it")
            if wish.symmetric:
                mesh.setTransfiniteCurve(tag, wish.count + 1, "Bump", wish.ratio)
            else:
                mesh.setTransfiniteCurve(
                    tag, wish.count + 1, "Progression", wish.ratio if span[axis] > 0 else 1.0 / wish.ratio
                )
        for _, tag in gmsh.model.getEntities(2):
            mesh.setTransfiniteSurface(tag)
            if self.hexahedra:
                mesh.setRecombine(2, tag)
        for _, tag in gmsh.model.getEntities(3):
            mesh.setTransfiniteVolume(tag)


def outer_faces(dimension: int, pieces: Mapping[str, Sequence[int]]) -> list[Face]:
    """Return the faces (3D) or edges (2D) that bound one piece only, in the order of their tags."""
    owner = {tag: name for name, tags in pieces.items() for tag in tags}
    found = []
    for dim, tag in gmsh.model.getEntities(dimension - 1):
        above = [piece for piece in gmsh.model.getAdjacencies(dim, tag)[0] if piece in owner]
        if len(above) != 1:
            continue
        box = np.array(gmsh.model.getBoundingBox(dim, tag))
        centre = np.array(gmsh.model.occ.getCenterOfMass(dim, tag))
        normal = _outward(dim, tag, dimension, above[0])
        found.append(Face(tag, owner[above[0]], centre, normal, box[:3], box[3:]))
    return found


def _outward(dim: int, tag: int, dimension: int, piece: int) -> np.ndarray:
    low, high = gmsh.model.getParametrizationBounds(dim, tag)
    for share in (0.5, 0.31, 0.73, 0.12, 0.88):  # a trimmed face need not hold the middle of its parameters
        at = np.asarray(low) + share * (np.asarray(high) - np.asarray(low))
        point = np.array(gmsh.model.getValue(dim, tag, at))
        if dim == 1 or gmsh.model.isInside(dim, tag, at, True):
            break
    if dim == 2:
        normal = np.array(gmsh.model.getNormal(tag, at))
    else:
        slope = np.array(gmsh.model.getDerivative(1, tag, at))
        normal = np.array([slope[1], -slope[0], 0.0])
    normal = normal / np.linalg.norm(normal)
    extent = np.linalg.norm(np.subtract(*np.array(gmsh.model.getBoundingBox(dim, tag)).reshape(2, 3)))
    step = min(0.05, 1e-3 * float(extent))  # micrometres: above OCC's tolerance, below any part
    return -normal if gmsh.model.isInside(dimension, piece, point + step * normal) else normal


def _thing(dimension: int) -> str:
    return {1: "edge", 2: "face", 3: "solid"}[dimension]
