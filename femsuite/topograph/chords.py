"""Chord lengths of parallel rays in a region: signed crossings of its boundary, thrown on a grid of pixels.

A ray enters a region where the outward normal n leans against its direction s and leaves it where n leans along s. So
the length inside, whatever the region's shape, is ``l = sum over crossings of sign(n.s) t`` with t the place along the
ray: no order of the crossings is needed, faces may come from any rank, and what ranks find is added. The sum of the
signs is zero for every ray that met a closed surface: the parity check.

A ray through an edge must hit exactly one of the faces that meet there. Each edge is therefore tested once and for all
with its ends in one order, so that both faces see the same rounded number with opposite signs, and a ray that lies on
the edge counts as moved by (e, e^2), e -> 0 (Edelsbrunner and Muecke, ACM Trans. Graph. 9 (1990) 66). What rounding may
still spoil, at a vertex or along two collinear edges of different meshing, fails the parity check and is thrown again
beside its place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from mpi4py import MPI
from numba import njit

from femsuite import parallel
from femsuite.errors import SolveError

Box = Sequence[float] | np.ndarray
TRIES = 12
"""How often a ray that fails the parity check is thrown beside its place."""
JITTER = 1e-6
"""How far beside it at the first try, in pixels."""


@dataclass(frozen=True)
class Screen:
    """Square pixels across the beam.

    Attributes:
        left, bottom: lower edges of the whole picture along its axes, m.
        pixel: side of a pixel, m.
        shape: pixels along vertical and horizontal.
        first: row and column of the whole picture with which this screen begins. Rays are counted from there, not from
            an edge of the part's own: a ray on a wall must have the same rounded place for the regions on both sides.
    """

    left: float
    bottom: float
    pixel: float
    shape: tuple[int, int]
    first: tuple[int, int] = (0, 0)

    @property
    def horizontal(self) -> np.ndarray:
        """Pixel centres from left to right, m."""
        return self.left + self.pixel * (self.first[1] + np.arange(self.shape[1]) + 0.5)

    @property
    def vertical(self) -> np.ndarray:
        """Pixel centres from bottom to top, m."""
        return self.bottom + self.pixel * (self.first[0] + np.arange(self.shape[0]) + 0.5)

    def part(self, low: Box, high: Box) -> tuple[slice, slice]:
        """Return the rows and columns of a whole picture whose pixels a box (horizontal, vertical; m) may touch."""
        columns, rows = (
            slice(
                max(0, math.floor((low[axis] - start) / self.pixel) - 1),
                max(0, min(count, math.ceil((high[axis] - start) / self.pixel) + 1)),
            )
            for axis, start, count in ((0, self.left, self.shape[1]), (1, self.bottom, self.shape[0]))
        )
        return rows, columns

    def cut(self, rows: slice, columns: slice) -> Screen | None:
        """Return these rows and columns of a whole picture, None if there are none."""
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        return replace(self, shape=shape, first=(rows.start, columns.start)) if min(shape) > 0 else None

    def holds(self, low: Box, high: Box) -> bool:
        """Return whether a box (horizontal, vertical; m) lies inside a whole picture."""
        height, width = (self.pixel * count for count in self.shape)
        return bool(
            low[0] >= self.left
            and low[1] >= self.bottom
            and high[0] <= self.left + width
            and high[1] <= self.bottom + height
        )


@dataclass(frozen=True)
class Boundary:
    """This rank's part of a region's closed boundary, in the beam's frame.

    Attributes:
        corners: (faces, 3, 3): each corner's place along horizontal, vertical and the beam, m.
        outward: (faces,) 1 where the corners run counter-clockwise seen from outside the region, else -1.
    """

    corners: np.ndarray
    outward: np.ndarray

    def volume(self) -> float:
        """Return this rank's share of the enclosed volume, m^3: the chords' sum in the limit of many rays, exactly.

        A face adds its signed projected area times the mean place of its corners along the beam.
        """
        a, b, c = (self.corners[:, corner, :] for corner in range(3))
        first, second = b - a, c - a
        area = 0.5 * (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
        return float(np.sum(self.outward * area * (a + b + c)[:, 2] / 3.0))

    def variation(self) -> float:
        """Return this rank's share of the total variation of the chord's length over the screen, m^2.

        A face adds its area times the sine between its normal and the beam: all of a wall along the beam, where the
        length jumps, nothing of a face across it.
        """
        normal = 0.5 * np.cross(self.corners[:, 1] - self.corners[:, 0], self.corners[:, 2] - self.corners[:, 0])
        return float(np.sum(np.hypot(normal[:, 0], normal[:, 1])))

    def box(self, comm: MPI.Intracomm) -> tuple[np.ndarray, np.ndarray]:
        """Return the lower and upper corner (horizontal, vertical, along the beam) of all ranks' faces; collective."""
        points = self.corners.reshape(-1, 3)
        low = points.min(axis=0) if len(points) else np.full(3, np.inf)
        high = points.max(axis=0) if len(points) else np.full(3, -np.inf)
        return parallel.smallest(low, comm), parallel.largest(high, comm)


def chord_lengths(
    boundary: Boundary,
    screen: Screen,
    comm: MPI.Intracomm,
    offset: tuple[float, float] = (0.0, 0.0),
    name: str = "region",
) -> tuple[np.ndarray, int]:
    """Return the length of each pixel's ray inside the region, the same on all ranks; collective.

    Args:
        boundary: this rank's faces.
        screen: the pixels.
        comm: the ranks that hold the faces.
        offset: of the rays from the pixels' centres along horizontal and vertical, in pixels.
        name: of the region, for the sentence of the error.

    Returns:
        (rows, columns) in m, and how many rays had to be thrown again.

    Raises:
        SolveError: a ray fails the parity check wherever it is thrown, so the boundary is not closed.
    """
    start = (screen.left + (0.5 + offset[0]) * screen.pixel, screen.bottom + (0.5 + offset[1]) * screen.pixel)
    wanted = np.ones(screen.shape, dtype=np.bool_)
    lengths, signs = _thrown(boundary, start, screen, wanted, comm)
    bad = signs != 0.0
    repeated = int(bad.sum())
    for attempt in range(1, TRIES + 1):
        if not bad.any():
            return lengths, repeated
        angle = 2.399963 * attempt  # the golden angle: no two tries lie in one direction
        away = JITTER * attempt * screen.pixel
        beside = (start[0] + away * math.cos(angle), start[1] + away * math.sin(angle))
        again, signs = _thrown(boundary, beside, screen, bad, comm)
        lengths = np.where(bad, again, lengths)
        bad &= signs != 0.0
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise SolveError(
            f"radiograph: {int(bad.sum())} rays enter '{name}' more often than they leave it, the first at "
            f"({screen.horizontal[column] * 1e3:.4g}, {screen.vertical[row] * 1e3:.4g}) mm: the mesh has a hole there. "
            "Mesh the geometry again, or repair the mesh file."
        )
    return lengths, repeated


def _thrown(
    boundary: Boundary, start: tuple[float, float], screen: Screen, wanted: np.ndarray, comm: MPI.Intracomm
) -> tuple[np.ndarray, np.ndarray]:
    found = np.zeros((2, *screen.shape))
    _cross(boundary.corners, boundary.outward, start[0], start[1], screen.pixel, screen.first, wanted, found)
    lengths, signs = parallel.total(found, comm)
    return lengths, signs


@njit(cache=True, inline="always")
def _side(au: float, av: float, bu: float, bv: float, pu: float, pv: float) -> tuple[float, float]:
    """Return on which side of a -> b the point lies (1 left, -1 right) and twice the triangle's area, never below 0."""
    swapped = au > bu or (au == bu and av > bv)
    if swapped:
        au, av, bu, bv = bu, bv, au, av
    area = (bu - au) * (pv - av) - (bv - av) * (pu - au)
    side = area
    if side == 0.0:
        side = av - bv if bv != av else bu - au
    sign = 1.0 if side > 0.0 else (-1.0 if side < 0.0 else 0.0)
    return (-sign if swapped else sign), abs(area)


@njit(cache=True)
def _cross(
    corners: np.ndarray,
    outward: np.ndarray,
    left: float,
    bottom: float,
    pixel: float,
    first: tuple[int, int],
    wanted: np.ndarray,
    found: np.ndarray,
) -> None:
    """Add every face's crossings to the pixels under it.

    Args:
        corners, outward: see `Boundary`.
        left, bottom: place of the whole picture's first ray.
        pixel: from ray to ray.
        first: row and column of the whole picture with which ``wanted`` begins.
        wanted: (rows, columns) which rays are thrown.
        found: (2, rows, columns) sums of sign times place along the beam, and of signs; added to.
    """
    rows, columns = wanted.shape
    first_j, first_i = first
    for face in range(corners.shape[0]):
        au, av, at = corners[face, 0, 0], corners[face, 0, 1], corners[face, 0, 2]
        bu, bv, bt = corners[face, 1, 0], corners[face, 1, 1], corners[face, 1, 2]
        cu, cv, ct = corners[face, 2, 0], corners[face, 2, 1], corners[face, 2, 2]
        # one pixel more on each side: the rounding of these bounds must not lose a ray
        low_i = max(0, math.floor((min(au, bu, cu) - left) / pixel) - 1 - first_i)
        high_i = min(columns - 1, math.ceil((max(au, bu, cu) - left) / pixel) + 1 - first_i)
        low_j = max(0, math.floor((min(av, bv, cv) - bottom) / pixel) - 1 - first_j)
        high_j = min(rows - 1, math.ceil((max(av, bv, cv) - bottom) / pixel) + 1 - first_j)
        for j in range(low_j, high_j + 1):
            pv = bottom + (first_j + j) * pixel
            for i in range(low_i, high_i + 1):
                if not wanted[j, i]:
                    continue
                pu = left + (first_i + i) * pixel
                turn, share_c = _side(au, av, bu, bv, pu, pv)
                second, share_a = _side(bu, bv, cu, cv, pu, pv)
                if second != turn:
                    continue
                third, share_b = _side(cu, cv, au, av, pu, pv)
                if third != turn or turn == 0.0:
                    continue
                whole = share_a + share_b + share_c
                place = (share_a * at + share_b * bt + share_c * ct) / whole if whole > 0.0 else (at + bt + ct) / 3.0
                # counter-clockwise corners on the screen: their normal leans along the beam
                found[0, j, i] += turn * outward[face] * place
                found[1, j, i] += turn * outward[face]
