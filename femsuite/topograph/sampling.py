"""The recovered cubics evaluated on a structured grid through the die, on any number of ranks."""

from __future__ import annotations

import numpy as np
from dolfinx import fem
from numba import njit

from femsuite import parallel
from femsuite.topograph.crystal import Crystal
from femsuite.topograph.lattice import LatticeField
from femsuite.topograph.recovery import EXPONENTS, DieMesh, Recovery

COLUMNS = 14  # u (3), grad u (9), u_x,zz, u_x,xx
TOLERANCE = 1e-6  # in barycentric coordinates: how far outside a tetrahedron a grid point may lie by rounding


class GridSampler:
    """Finds the grid points in the die once; samples every new state."""

    def __init__(self, die: DieMesh, axes: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
        """Find which of this rank's tetrahedra holds which grid point.

        Args:
            die: this rank's share of the die.
            axes: ascending coordinates in the diffraction frame, m.
        """
        self.die = die
        self.axes = axes
        shape = tuple(len(axis) for axis in axes)
        tetrahedron, weights = _locate(die.vertices, die.tetrahedra, *axes)
        self._shape = shape
        self._points = np.flatnonzero(tetrahedron >= 0)
        self._corners = die.tetrahedra[tetrahedron[self._points]].reshape(-1, 4)
        self._weights = weights[self._points]

    def sample(self, recovery: Recovery, displacement: fem.Function, crystal: Crystal) -> LatticeField | None:
        """Return the lattice field on rank 0, None on the others; collective.

        Grid points on a face between two ranks are found by both and averaged, which changes nothing but rounding.
        """
        coefficients = recovery.fit(displacement)
        x, y, z = self.axes
        values = _evaluate(
            self._points,
            self._corners,
            self._weights,
            self.die.vertices,
            recovery.scales,
            coefficients,
            np.array([len(x), len(y), len(z)]),
            x,
            y,
            z,
            EXPONENTS,
        )
        comm = self.die.comm
        points = parallel.gather_rows(self._points, comm)
        values = parallel.gather_rows(values, comm)
        if not parallel.is_root(comm):
            return None
        total = int(np.prod(self._shape))
        hits = np.bincount(points, minlength=total)
        if comm.size == 1:
            dense = np.zeros((total, COLUMNS))
            dense[points] = values
        else:
            dense = np.stack([np.bincount(points, values[:, column], total) for column in range(COLUMNS)], axis=1)
            dense /= np.maximum(hits, 1)[:, None]
        return LatticeField(
            x,
            y,
            z,
            np.ascontiguousarray(dense[:, :3]).reshape(*self._shape, 3),
            np.ascontiguousarray(dense[:, 3:12]).reshape(*self._shape, 3, 3),
            np.ascontiguousarray(dense[:, 12:]).reshape(*self._shape, 2),
            (hits > 0).reshape(self._shape),
            crystal,
            recovery.frame,
        )


@njit(cache=True)
def _locate(
    vertices: np.ndarray, tetrahedra: np.ndarray, x: np.ndarray, y: np.ndarray, z: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each grid point the tetrahedron it lies deepest in (-1: none) and its barycentric coordinates."""
    total = len(x) * len(y) * len(z)
    best = np.full(total, -TOLERANCE)
    owner = np.full(total, -1, dtype=np.int64)
    weights = np.zeros((total, 4))
    slack = 1e-9 * (x[-1] - x[0] + y[-1] - y[0] + z[-1] - z[0])
    for index in range(tetrahedra.shape[0]):
        a = vertices[tetrahedra[index, 0]]
        e1 = vertices[tetrahedra[index, 1]] - a
        e2 = vertices[tetrahedra[index, 2]] - a
        e3 = vertices[tetrahedra[index, 3]] - a
        c23 = np.cross(e2, e3)
        c31 = np.cross(e3, e1)
        c12 = np.cross(e1, e2)
        volume = e1 @ c23
        if volume == 0.0:
            continue
        low = np.empty(3)
        high = np.empty(3)
        for axis in range(3):
            low[axis] = a[axis] + min(0.0, e1[axis], e2[axis], e3[axis]) - slack
            high[axis] = a[axis] + max(0.0, e1[axis], e2[axis], e3[axis]) + slack
        for i in range(np.searchsorted(x, low[0]), np.searchsorted(x, high[0], side="right")):
            for j in range(np.searchsorted(y, low[1]), np.searchsorted(y, high[1], side="right")):
                for k in range(np.searchsorted(z, low[2]), np.searchsorted(z, high[2], side="right")):
                    px, py, pz = x[i] - a[0], y[j] - a[1], z[k] - a[2]
                    w1 = (px * c23[0] + py * c23[1] + pz * c23[2]) / volume
                    w2 = (px * c31[0] + py * c31[1] + pz * c31[2]) / volume
                    w3 = (px * c12[0] + py * c12[1] + pz * c12[2]) / volume
                    w0 = 1.0 - w1 - w2 - w3
                    depth = min(w0, w1, w2, w3)
                    point = (i * len(y) + j) * len(z) + k
                    if depth > best[point]:
                        best[point] = depth
                        owner[point] = index
                        weights[point, 0] = w0
                        weights[point, 1] = w1
                        weights[point, 2] = w2
                        weights[point, 3] = w3
    return owner, weights


@njit(cache=True)
def _evaluate(
    points: np.ndarray,
    corners: np.ndarray,
    weights: np.ndarray,
    vertices: np.ndarray,
    scales: np.ndarray,
    coefficients: np.ndarray,
    shape: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    exponents: np.ndarray,
) -> np.ndarray:
    """Blend the four corners' cubics and their derivatives with the barycentric coordinates of each point."""
    result = np.zeros((points.shape[0], COLUMNS))
    power = np.ones((3, 4))
    for row in range(points.shape[0]):
        point = points[row]
        position = (
            x[point // (shape[1] * shape[2])],
            y[(point // shape[2]) % shape[1]],
            z[point % shape[2]],
        )
        for corner in range(4):
            vertex = corners[row, corner]
            blend = weights[row, corner]
            scale = scales[vertex]
            for axis in range(3):
                s = (position[axis] - vertices[vertex, axis]) / scale[axis]
                power[axis, 1] = s
                power[axis, 2] = s * s
                power[axis, 3] = s * s * s
            for term in range(exponents.shape[0]):
                i, j, k = exponents[term]
                px, py, pz = power[0, i], power[1, j], power[2, k]
                dx = i * power[0, i - 1] * py * pz / scale[0] if i > 0 else 0.0
                dy = j * px * power[1, j - 1] * pz / scale[1] if j > 0 else 0.0
                dz = k * px * py * power[2, k - 1] / scale[2] if k > 0 else 0.0
                value = px * py * pz
                for component in range(3):
                    c = blend * coefficients[vertex, term, component]
                    result[row, component] += c * value
                    result[row, 3 + 3 * component] += c * dx
                    result[row, 4 + 3 * component] += c * dy
                    result[row, 5 + 3 * component] += c * dz
                c = blend * coefficients[vertex, term, 0]
                if k > 1:
                    result[row, 12] += c * px * py * k * (k - 1) * power[2, k - 2] / scale[2] ** 2
                if i > 1:
                    result[row, 13] += c * i * (i - 1) * power[0, i - 2] * py * pz / scale[0] ** 2
    return result
