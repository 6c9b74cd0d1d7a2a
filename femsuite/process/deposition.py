"""A vapour-deposited film on the faces of a mesh: its local thickness from what each face sees of the source.

The faces of one coating are the surface as it lies under the source: floor, walls and top of an opening, with nothing
on them yet. Faces of symmetry at x = 0 and y = 0 mirror it; beyond its other edges the land is level. A section is an
infinitely long trench, a meridian a round opening; see `coverage` and `coverage_surface` for the flight of the vapour.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from dolfinx.mesh import entities_to_geometry
from pydantic import BaseModel, ConfigDict, Field
from scipy.spatial import cKDTree

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.coatings import Layer
from femsuite.process.coverage import Collimated, Sky, Source, share
from femsuite.process.coverage_surface import surface_share
from femsuite.process.surface import areas, loft
from femsuite.units import Angle

SIDES = 48
"""Of the polygon that stands for a round opening."""
RAYS = 1024
"""From every triangle: shares are then known within about 0.003."""


class Deposit(BaseModel):
    """How a film is deposited; its coating's thickness is then that on a level open face."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    source: Literal["sky", "beam"] = "sky"
    """``sky``: a wide source near the substrate; ``beam``: one direction, the substrate turning."""
    exponent: Annotated[float, Field(ge=0.0)] = 0.0
    """Of a sky whose radiance goes with cos^n of the angle to the substrate's normal; 0 is even."""
    tilt: Angle = 0.0
    """Of a beam to the substrate's normal."""

    def vapour(self) -> Source:
        """Return the source of the vapour."""
        return Sky(self.exponent) if self.source == "sky" else Collimated(self.tilt, rotating=True)


def deposit(tagged: TaggedMesh, layer: Layer, options: Deposit) -> dict[str, float]:
    """Give a film the local thickness that the source leaves on its faces. Collective.

    Args:
        tagged: the mesh; up is its last axis.
        layer: of the film; its thickness, even so far, is taken as that on a level open face, and changed.
        options: of the source.

    Returns:
        The least, the mean and the largest share of the even thickness: ``least``, ``mean``, ``most``.

    Raises:
        InputError: the faces make no surface to look up from.
    """
    mesh = tagged.mesh
    corners = _faces(tagged, layer)
    every = parallel.gather(corners, mesh.comm)
    mirrors = [axis for axis, name in enumerate(("symmetry_x", "symmetry_y")) if name in tagged.surfaces]

    def work() -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
        faces = np.concatenate([one for one in every if len(one)])
        if mesh.geometry.dim == 2:
            shares = _on_lines(faces[..., :2], options.vapour(), tagged.axisymmetric, bool(mirrors))
            sizes = np.linalg.norm(faces[:, 1] - faces[:, 0], axis=1)
            if tagged.axisymmetric:
                sizes = sizes * faces[..., 0].mean(axis=1)
        else:
            shares, sizes = _on_faces(faces, options.vapour(), mirrors)
        nodes, values = _at_corners(faces, shares, sizes)
        mean = float((shares * sizes).sum() / sizes.sum())
        return nodes, values, {"least": float(shares.min()), "mean": mean, "most": float(shares.max())}

    nodes, values, told = parallel.on_root(work, mesh.comm)
    space = layer.thickness.function_space
    size = float(np.ptp(nodes, axis=0).max())
    distance, place = cKDTree(nodes).query(space.tabulate_dof_coordinates())
    layer.thickness.x.array[:] *= np.where(distance < 1e-9 * size, values[place], 1.0)
    return told


def _faces(tagged: TaggedMesh, layer: Layer) -> np.ndarray:
    """Return the corners of the owned faces, (faces, corners, 3), seen counter-clockwise from the open side (3D)."""
    mesh = tagged.mesh
    top = mesh.topology.dim
    for one, other in ((top - 1, top), (0, top), (top - 1, 0)):
        mesh.topology.create_connectivity(one, other)
    facets = layer.facets[layer.facets < mesh.topology.index_map(top - 1).size_local]
    corners = 2 if top == 2 else 3 if mesh.basix_cell().name == "tetrahedron" else 4
    if not len(facets):
        return np.empty((0, corners, 3))
    found = mesh.geometry.x[entities_to_geometry(mesh, top - 1, facets)]
    if top == 2:
        return found
    if corners == 4:
        found = found[:, [0, 1, 3, 2]]  # from tensor order to a way around
    links = mesh.topology.connectivity(top - 1, top)
    middles = mesh.geometry.x[mesh.geometry.dofmap].mean(axis=1)
    below = np.array([min(links.links(one), key=lambda cell: middles[cell, 2]) for one in facets])
    normal = np.cross(found[:, 1] - found[:, 0], found[:, 2] - found[:, 0])
    turned = np.einsum("ij,ij->i", normal, found.mean(axis=1) - middles[below]) < 0.0
    found[turned] = found[turned][:, ::-1]
    return found


def _on_lines(lines: np.ndarray, source: Source, round_: bool, mirrored: bool) -> np.ndarray:
    """Return the share on each line of a section, (lines,)."""
    order, profile = _chained(lines)
    shares = np.empty(len(lines))
    shares[order] = on_section(profile, source, round_, mirrored)
    return shares


def on_section(profile: np.ndarray, source: Source, round_: bool, mirrored: bool) -> np.ndarray:
    """Return the share of the even thickness on each segment of a section, (n - 1,).

    Args:
        profile: (n, 2), m, from left to right with the material below.
        source: of the vapour.
        round_: the section is turned about x = 0; else it is that of a long trench.
        mirrored: a trench goes on as its mirror image left of x = 0.
    """
    if round_:
        points, triangles = loft(profile, SIDES)
        levels = _level_of(points, triangles, profile)
        first = np.array([np.flatnonzero(levels == level)[:2] for level in range(len(profile) - 1)])
        size = areas(points, triangles)[first]
        found = surface_share(points, triangles, source, RAYS, first.ravel()).reshape(first.shape)
        along: np.ndarray = (found * size).sum(axis=1) / size.sum(axis=1)
        return along
    whole = np.concatenate([profile[:0:-1] * [-1.0, 1.0], profile]) if mirrored else profile
    return share(whole, source)[len(whole) - len(profile) :]


def _level_of(points: np.ndarray, triangles: np.ndarray, profile: np.ndarray) -> np.ndarray:
    """Return the segment of the profile that each triangle of its loft belongs to; those without area none (-1)."""
    rings = np.arange(len(points)) // SIDES
    level = rings[triangles].min(axis=1)
    return np.where(areas(points, triangles) > 0.0, level, -1)


def _chained(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the lines in their order from the smallest x outwards, and the profile that they make.

    Raises:
        InputError: they do not make one line.
    """
    size = float(np.ptp(lines.reshape(-1, 2), axis=0).max())
    keys = np.rint(lines / (1e-9 * size)).astype(np.int64)
    at: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for number, ends in enumerate(keys.tolist()):
        for end, key in enumerate(ends):
            at.setdefault(tuple(key), []).append((number, end))
    loose = [places[0] for places in at.values() if len(places) == 1]
    if len(loose) != 2 or any(len(places) > 2 for places in at.values()):
        raise InputError("a deposited coating must make one line from the middle outwards; its faces do not")
    number, end = min(loose, key=lambda one: lines[one[0], one[1], 0])
    order, profile = [], [lines[number, end]]
    while True:
        order.append(number)
        far = 1 - end
        profile.append(lines[number, far])
        onward = [one for one in at[tuple(keys[number, far].tolist())] if one[0] != number]
        if not onward:
            return np.array(order), np.array(profile)
        number, end = onward[0]


def _on_faces(faces: np.ndarray, source: Source, mirrors: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the share on each face and its area, both (faces,)."""
    ways = [(0, 1, 2)] if faces.shape[1] == 3 else [(0, 1, 2), (0, 2, 3)]
    own = np.concatenate([faces[:, way] for way in ways])
    every = own
    for axis in mirrors:
        other = every.copy()
        other[..., axis] *= -1.0
        every = np.concatenate([every, other[:, ::-1]])
    points, triangles = every.reshape(-1, 3), np.arange(3 * len(every)).reshape(-1, 3)
    found = surface_share(points, triangles, source, RAYS, np.arange(len(own)))
    size = areas(points, triangles)[: len(own)].reshape(len(ways), -1)
    return (found.reshape(len(ways), -1) * size).sum(axis=0) / size.sum(axis=0), size.sum(axis=0)


def _at_corners(faces: np.ndarray, shares: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of all faces and the mean share of the faces around each: (n, 3), (n,)."""
    flat = faces.reshape(-1, 3)
    size = float(np.ptp(flat, axis=0).max())
    _, first, where = np.unique(
        np.rint(flat / (1e-9 * size)).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    weight = np.repeat(sizes, faces.shape[1])
    sums = np.bincount(where.ravel(), weight * np.repeat(shares, faces.shape[1]))
    return flat[first], sums / np.bincount(where.ravel(), weight)


def in_words(name: str, options: Deposit, told: dict[str, float]) -> str:
    """Return what the source left, as a sentence."""
    source = "an even sky" if options.source == "sky" and not options.exponent else f"a {options.source}"
    if options.source == "sky" and options.exponent:
        source = f"a sky of cos^{options.exponent:g}"
    if options.source == "beam":
        source = f"a beam at {math.degrees(options.tilt):.3g} degrees to a turning substrate"
    return (
        f"Film '{name}' deposited from {source}: {told['least']:.2f} to {told['most']:.2f} of the thickness on a level "
        f"open face, {told['mean']:.2f} in the mean."
    )
