"""Strain contrast of the whole die: two models of the intensity a deformed crystal adds to a perfect one.

Each ray crosses the die on a straight line in the plane of incidence. With ``direction="incident"`` the line follows
the incident beam and the map's x is where it enters (z = z[0]); with ``direction="diffracted"`` it follows the
diffracted beam and x is where it leaves (z = z[-1]), which is what a detector behind the die shows: everything on one
such line lands on one pixel. Absorption is the same for all of them in the symmetric Laue case and drops out of C.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numba import njit

from femsuite.topograph.crystal import Crystal
from femsuite.topograph.lattice import LatticeField

Direction = Literal["incident", "diffracted"]


@dataclass(frozen=True)
class ContrastMap:
    """Contrast ``C = R / R_dyn`` over the die; 1 is the perfect crystal.

    Attributes:
        x: along h, m.
        y: across h, m.
        values: (nx, ny).
        direction: what x means.
        model: ``landau_zener`` or ``threshold``.
    """

    x: np.ndarray
    y: np.ndarray
    values: np.ndarray = field(repr=False)
    direction: Direction
    model: str

    def relative_to(self, background: ContrastMap) -> ContrastMap:
        """Return the map divided by a background map of the same grid, such as the unloaded die's."""
        return ContrastMap(self.x, self.y, self.values / background.values, self.direction, self.model)


def layer_reflectivity(g: np.ndarray) -> np.ndarray:
    """Return ``|g| (1 - exp(-pi/|g|))``: what a layer with strain gradient g reflects, delta_os per ``pi dz/Lambda``.

    The Takagi-Taupin equations with linearly varying deviation are the Landau-Zener problem with coupling 1 and sweep
    2g; the limits are 0 (perfect) for g = 0 and pi (kinematical) for large g.
    """
    size = np.abs(np.asarray(g, dtype=np.float64))
    safe = np.maximum(size, 1e-12)
    return np.where(size < 1e-12, 0.0, -safe * np.expm1(-np.pi / safe))


def landau_zener_map(
    lattice: LatticeField,
    pixels: tuple[int, int] = (512, 512),
    direction: Direction = "diffracted",
    substeps: int = 2,
) -> ContrastMap:
    """Return the contrast by local Landau-Zener integrated reflectivity.

    ``R_LZ = delta_os int |g| (1 - exp(-pi/|g|)) pi dz/Lambda`` along the ray, ``R = sqrt(R_dyn^2 + R_LZ^2)``: exact
    for constant g, within about 10 % of the two-dimensional Takagi-Taupin solution in a thermal field.

    Args:
        lattice: of the strained die.
        pixels: of the map, along h and across.
        direction: see the module.
        substeps: integration steps per step of the lattice's z axis.
    """
    x, y = _map_axes(lattice, pixels)
    return ContrastMap(x, y, row_contrast(lattice, x, y, direction, substeps), direction, "landau_zener")


def row_contrast(
    lattice: LatticeField, x: np.ndarray, y: np.ndarray, direction: Direction = "incident", substeps: int = 2
) -> np.ndarray:
    """Return the Landau-Zener contrast (nx, ny) at chosen x and y (m); see :func:`landau_zener_map`."""
    line = _slope(lattice, direction)
    integral = _integrate_layers(x, y, lattice.x, lattice.y, lattice.z, lattice.strain_gradient, line, substeps)
    perfect = lattice.crystal.dynamical_reflectivity
    return np.hypot(perfect, strain_reflectivity(integral, lattice.crystal)) / perfect


def strain_reflectivity(integral: np.ndarray, crystal: Crystal) -> np.ndarray:
    """Return R_LZ (rad) of the integral of :func:`layer_reflectivity` over z (m)."""
    return crystal.darwin_half_width * np.pi / crystal.pendelloesung_length * integral


def threshold_map(
    lattice: LatticeField,
    pixels: tuple[int, int] = (512, 512),
    direction: Direction = "diffracted",
    unloaded: LatticeField | None = None,
    substeps: int = 2,
) -> ContrastMap:
    """Return the contrast by the threshold on the effective misorientation, the model of the LM3046 paper.

    Where the effective misorientation ``-(tan(theta) u_x,x + u_x,z)`` departs by more than the Darwin half width from
    its reference, the crystal counts as kinematical: ``C = 1 + Q path / R_dyn``. Kept for comparison only: the law
    overrates the contrast of weak, slowly varying tilts.

    Args:
        lattice: of the strained die.
        pixels: of the map.
        direction: see the module.
        unloaded: where the reference is taken, point by point; when None it is the value at the ray's entrance.
        substeps: integration steps per step of the lattice's z axis.
    """
    x, y = _map_axes(lattice, pixels)
    values = lattice.misorientation
    if unloaded is not None:
        values = values - unloaded.misorientation
    path = _path_above(
        x,
        y,
        lattice.x,
        lattice.y,
        lattice.z,
        values,
        _slope(lattice, direction),
        substeps,
        lattice.crystal.darwin_half_width,
        unloaded is None,
    )
    crystal = lattice.crystal
    kinematical = crystal.kinematical_power * path / np.cos(crystal.bragg_angle)
    return ContrastMap(x, y, 1.0 + kinematical / crystal.dynamical_reflectivity, direction, "threshold")


def _map_axes(lattice: LatticeField, pixels: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Pixel centres that cover the die."""
    edges = (
        np.linspace(axis[0], axis[-1], count + 1) for axis, count in zip((lattice.x, lattice.y), pixels, strict=True)
    )
    x, y = (0.5 * (edge[1:] + edge[:-1]) for edge in edges)
    return x, y


def _slope(lattice: LatticeField, direction: Direction) -> tuple[float, float]:
    """Return dx/dz of the ray and the depth at which it passes the map's x."""
    tan = lattice.crystal.tan
    return (-tan, float(lattice.z[0])) if direction == "incident" else (tan, float(lattice.z[-1]))


@njit(cache=True, inline="always")
def _bracket(axis: np.ndarray, value: float) -> tuple[int, float]:
    upper = min(max(int(np.searchsorted(axis, value)), 1), len(axis) - 1)
    share = (value - axis[upper - 1]) / (axis[upper] - axis[upper - 1])
    return upper - 1, min(max(share, 0.0), 1.0)


@njit(cache=True)
def _trace_values(
    xs: float,
    j: int,
    v: float,
    x: np.ndarray,
    z: np.ndarray,
    field: np.ndarray,
    slope: float,
    pivot: float,
    substeps: int,
    depths: np.ndarray,
    values: np.ndarray,
) -> int:
    """Sample the field along one ray; NaN where the ray is outside the die. Returns the number of samples."""
    count = 0
    for k in range(len(z) - 1):
        for step in range(substeps + (1 if k == len(z) - 2 else 0)):
            w = step / substeps
            depth = z[k] + w * (z[k + 1] - z[k])
            position = xs + slope * (depth - pivot)
            depths[count] = depth
            if position < x[0] or position > x[-1]:
                values[count] = np.nan
            else:
                i, u = _bracket(x, position)
                lower = (1 - u) * ((1 - v) * field[i, j, k] + v * field[i, j + 1, k]) + u * (
                    (1 - v) * field[i + 1, j, k] + v * field[i + 1, j + 1, k]
                )
                upper = (1 - u) * ((1 - v) * field[i, j, k + 1] + v * field[i, j + 1, k + 1]) + u * (
                    (1 - v) * field[i + 1, j, k + 1] + v * field[i + 1, j + 1, k + 1]
                )
                values[count] = (1 - w) * lower + w * upper
            count += 1
    return count


@njit(cache=True)
def _integrate_layers(
    xs: np.ndarray,
    ys: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    g: np.ndarray,
    line: tuple[float, float],
    substeps: int,
) -> np.ndarray:
    result = np.zeros((len(xs), len(ys)))
    depths = np.empty((len(z) - 1) * substeps + 1)
    values = np.empty_like(depths)
    for b in range(len(ys)):
        j, v = _bracket(y, ys[b])
        for a in range(len(xs)):
            count = _trace_values(xs[a], j, v, x, z, g, line[0], line[1], substeps, depths, values)
            total = 0.0
            before = 0.0
            for sample in range(count):
                size = abs(values[sample])
                layer = 0.0 if not size > 1e-12 else -size * np.expm1(-np.pi / size)
                if sample > 0:
                    total += 0.5 * (layer + before) * (depths[sample] - depths[sample - 1])
                before = layer
            result[a, b] = total
    return result


@njit(cache=True)
def _path_above(
    xs: np.ndarray,
    ys: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    misorientation: np.ndarray,
    line: tuple[float, float],
    substeps: int,
    width: float,
    from_entrance: bool,
) -> np.ndarray:
    """Depth (m) over which the misorientation departs by more than ``width``, taken as linear between samples."""
    result = np.zeros((len(xs), len(ys)))
    depths = np.empty((len(z) - 1) * substeps + 1)
    values = np.empty_like(depths)
    for b in range(len(ys)):
        j, v = _bracket(y, ys[b])
        for a in range(len(xs)):
            count = _trace_values(xs[a], j, v, x, z, misorientation, line[0], line[1], substeps, depths, values)
            reference = 0.0
            if from_entrance:
                for sample in range(count):
                    if not np.isnan(values[sample]):
                        reference = values[sample]
                        break
            total = 0.0
            for sample in range(1, count):
                p, q = values[sample - 1] - reference, values[sample] - reference
                if np.isnan(p) or np.isnan(q):
                    continue
                step = depths[sample] - depths[sample - 1]
                low, high = min(p, q), max(p, q)
                if high - low < 1e-3 * width:
                    total += step if abs(p) > width else 0.0
                else:
                    within = max(0.0, min(high, width) - max(low, -width))
                    total += step * (1.0 - within / (high - low))
            result[a, b] = total
    return result
