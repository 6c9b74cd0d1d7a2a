"""Thickness of a vapour-deposited film on a triangulated surface, by rays from every triangle to the sky.

As `coverage` (sticking coefficient 1, straight flight), for openings of any plan. From a triangle's centroid rays go
out in directions that all carry the same flux of a uniform sky (points spread evenly over a disc, lifted to the
hemisphere: Malley's method); each counts what the source sends from there, unless another triangle is in its way. Above
the edges of the surface nothing stands; level land beyond them hides nothing that looks upwards.

The triangles lie in the cells of a regular grid, and a ray visits the cells along it (J. Amanatides, A. Woo,
Eurographics 1987). Blocking follows T. Moeller, B. Trumbore, J. Graphics Tools 2 (1997) 21.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from femsuite.errors import InputError
from femsuite.process.coverage import Sky, Source
from femsuite.process.surface import areas, frames

_GOLDEN = math.pi * (3.0 - math.sqrt(5.0))


def surface_share(
    points: np.ndarray, triangles: np.ndarray, source: Source, rays: int = 1024, which: np.ndarray | None = None
) -> np.ndarray:
    """Return the thickness normal to the surface over that on a level open face.

    Args:
        points: (n, 3), m; z points to the source.
        triangles: (m, 3), corners counter-clockwise seen from outside the material.
        source: of the vapour. For one that is collimated and rotating, ``rays`` is the number of azimuths.
        rays: from each triangle; the error of a sky falls about as ``rays^-3/4``.
        which: triangles to look at, (k,); every one if None.

    Returns:
        (k,), at the centroids.

    Raises:
        InputError: for a surface that cannot be, or no ray.
    """
    nodes, corners = _checked(points, triangles)
    if rays < 1:
        raise InputError(f"coverage: one ray at least must leave a triangle; given is {rays}")
    chosen = np.arange(len(corners)) if which is None else np.asarray(which, dtype=np.int64)
    centre, frame = frames(nodes, corners[chosen])
    span = float(np.linalg.norm(np.ptp(nodes, axis=0)))
    start = centre + 1e-9 * span * frame[:, 2]
    if isinstance(source, Sky):
        local = _hemisphere(rays)
        weights = 0.5 * (source.exponent + 2.0)
        directions, exponent, fixed = local, source.exponent, False
    else:
        turn = 2.0 * math.pi * (np.arange(rays) + 0.5) / rays if source.rotating else np.array([source.azimuth])
        directions = np.column_stack([
            math.sin(source.tilt) * np.cos(turn), math.sin(source.tilt) * np.sin(turn),
            np.full(len(turn), math.cos(source.tilt)),
        ])  # fmt: skip
        weights, exponent, fixed = 1.0 / math.cos(source.tilt), 0.0, True
    low, cell, shape, begins, lists = _grid(nodes, corners)
    found = _gather(start, frame, directions, exponent, fixed, nodes[corners], chosen, low, cell, shape, begins, lists)
    return weights * found


def _checked(points: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    nodes, corners = np.ascontiguousarray(points, dtype=np.float64), np.ascontiguousarray(triangles, dtype=np.int64)
    if nodes.ndim != 2 or nodes.shape[1] != 3 or corners.ndim != 2 or corners.shape[1] != 3 or not len(corners):
        raise InputError("coverage: a surface is points of shape (n, 3) and triangles of shape (m, 3)")
    if corners.min() < 0 or corners.max() >= len(nodes):
        raise InputError(f"coverage: triangles must name points from 0 to {len(nodes) - 1}")
    flat = int(np.sum(areas(nodes, corners) == 0.0))
    if flat:
        raise InputError(f"coverage: {flat} triangles have no area")
    return nodes, corners


def _hemisphere(count: int) -> np.ndarray:
    """Return directions about +z whose density goes with the cosine, (count, 3)."""
    number = np.arange(count)
    radius, turn = np.sqrt((number + 0.5) / count), _GOLDEN * number
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn), np.sqrt(1.0 - radius**2)])


def _grid(nodes: np.ndarray, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return lower corner and cell size of the grid (3,), its shape (3,), and the triangles of each cell."""
    low, high = nodes.min(axis=0), nodes.max(axis=0)
    pad = 1e-6 * float((high - low).max())
    low, high = low - pad, high + pad
    extent = high - low
    wide = extent > 1e-3 * extent.max()
    # about as many cells as triangles, as cubic as the body allows
    size = (float(np.prod(extent[wide])) / len(corners)) ** (1.0 / int(wide.sum()))
    shape = np.clip(np.ceil(extent / size), 1, 256).astype(np.int64)
    cell = extent / shape
    boxes = nodes[corners]
    slack = 1e-9 * extent
    first = np.floor((boxes.min(axis=1) - slack - low) / cell).astype(np.int64).clip(0, shape - 1)
    last = np.floor((boxes.max(axis=1) + slack - low) / cell).astype(np.int64).clip(0, shape - 1)
    begins, lists = _lists(first, last, shape)
    return low, cell, shape, begins, lists


@njit(cache=True)
def _lists(first, last, shape):  # type: ignore[no-untyped-def]
    begins = np.zeros(shape[0] * shape[1] * shape[2] + 1, dtype=np.int64)
    for sweep in range(2):
        if sweep == 1:
            for number in range(1, len(begins)):
                begins[number] += begins[number - 1]
            lists = np.empty(begins[-1], dtype=np.int64)
            filled = begins[:-1].copy()
        for triangle in range(len(first)):
            for i in range(first[triangle, 0], last[triangle, 0] + 1):
                for j in range(first[triangle, 1], last[triangle, 1] + 1):
                    for k in range(first[triangle, 2], last[triangle, 2] + 1):
                        cell = (i * shape[1] + j) * shape[2] + k
                        if sweep == 0:
                            begins[cell + 1] += 1
                        else:
                            lists[filled[cell]] = triangle
                            filled[cell] += 1
    return begins, lists


@njit(cache=True)
def _crosses(origin, ray, corners):  # type: ignore[no-untyped-def]
    """Return whether a ray meets a triangle (3, 3), from either side."""
    e0 = corners[1, 0] - corners[0, 0]
    e1 = corners[1, 1] - corners[0, 1]
    e2 = corners[1, 2] - corners[0, 2]
    f0 = corners[2, 0] - corners[0, 0]
    f1 = corners[2, 1] - corners[0, 1]
    f2 = corners[2, 2] - corners[0, 2]
    p0 = ray[1] * f2 - ray[2] * f1
    p1 = ray[2] * f0 - ray[0] * f2
    p2 = ray[0] * f1 - ray[1] * f0
    determinant = e0 * p0 + e1 * p1 + e2 * p2
    if determinant == 0.0:
        return False
    t0 = origin[0] - corners[0, 0]
    t1 = origin[1] - corners[0, 1]
    t2 = origin[2] - corners[0, 2]
    u = (t0 * p0 + t1 * p1 + t2 * p2) / determinant
    if u < 0.0 or u > 1.0:
        return False
    q0 = t1 * e2 - t2 * e1
    q1 = t2 * e0 - t0 * e2
    q2 = t0 * e1 - t1 * e0
    v = (ray[0] * q0 + ray[1] * q1 + ray[2] * q2) / determinant
    if v < 0.0 or u + v > 1.0:
        return False
    return (f0 * q0 + f1 * q1 + f2 * q2) / determinant > 0.0


@njit(cache=True)
def _blocked(origin, ray, own, boxes, low, cell, shape, begins, lists):  # type: ignore[no-untyped-def]
    """Return whether any triangle but ``own`` lies along a ray; a triangle met twice is tested twice."""
    at = np.empty(3, dtype=np.int64)
    step = np.empty(3, dtype=np.int64)
    until = np.empty(3)
    every = np.empty(3)
    for axis in range(3):
        at[axis] = min(max(int((origin[axis] - low[axis]) / cell[axis]), 0), shape[axis] - 1)
        step[axis] = 1 if ray[axis] > 0.0 else -1
        if ray[axis] == 0.0:
            until[axis] = every[axis] = np.inf
        else:
            edge = low[axis] + cell[axis] * (at[axis] + (1 if ray[axis] > 0.0 else 0))
            until[axis] = (edge - origin[axis]) / ray[axis]
            every[axis] = cell[axis] / abs(ray[axis])
    while True:
        here = (at[0] * shape[1] + at[1]) * shape[2] + at[2]
        for number in range(begins[here], begins[here + 1]):
            if lists[number] != own and _crosses(origin, ray, boxes[lists[number]]):
                return True
        axis = 0
        if until[1] < until[axis]:
            axis = 1
        if until[2] < until[axis]:
            axis = 2
        at[axis] += step[axis]
        if at[axis] < 0 or at[axis] >= shape[axis]:
            return False
        until[axis] += every[axis]


@njit(cache=True)
def _gather(start, frame, directions, exponent, fixed, boxes, own, low, cell, shape, begins, lists):  # type: ignore[no-untyped-def]
    """Return the mean over rays of what the source sends along them, or of the cosine where directions are fixed."""
    found = np.zeros(len(start))
    ray = np.empty(3)
    for number in range(len(start)):
        total = 0.0
        for one in range(len(directions)):
            for axis in range(3):
                if fixed:
                    ray[axis] = directions[one, axis]
                else:
                    ray[axis] = 0.0
                    for part in range(3):
                        ray[axis] += directions[one, part] * frame[number, part, axis]
            gain = 1.0
            if fixed:
                gain = 0.0
                for axis in range(3):
                    gain += ray[axis] * frame[number, 2, axis]
            if ray[2] <= 0.0 or gain <= 0.0:
                continue
            if exponent != 0.0:
                gain *= ray[2] ** exponent
            if not _blocked(start[number], ray, own[number], boxes, low, cell, shape, begins, lists):
                total += gain
        found[number] = total / len(directions)
    return found
