"""White-beam Laue ray tracing from the strained lattice on to a detector.

The white beam travels along s0; every point of the crystal picks its own wavelength and mirrors the ray at its planes:
``s_h' = s0 - 2 (s0.n') n'`` with ``n' = F^-T h / |F^-T h|``. Each ray gives its layers' Landau-Zener reflectivity,
scaled so that with the perfect crystal's part it makes ``R_tot = sqrt(R_dyn^2 + R_LZ^2)``; the perfect part leaves
from the Borrmann fan with Kato's section profile ``J0(A sqrt(1-p^2))^2`` (in a projection, from the middle of the
fan). Weighted rays are shared among the four nearest pixels, so the Jacobian of the mapping needs no formula and
caustics stay finite. The detector is perpendicular to the undeformed diffracted beam. Its X is along h (times cos
theta), Y across; the middle of the undeformed die's exit face lands on (0, 0). Intensity 1 is the perfect crystal in
a projection.

The displacement itself (below a micrometre) is not added to where a ray starts; its gradient times the distance is
what moves the image. Sources: Peng et al., J. Appl. Cryst. 54 (2021) 1225; Authier, *Dynamical Theory*.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field, replace

import numpy as np
from numba import njit
from scipy import special

from femsuite.topograph.contrast import _bracket
from femsuite.topograph.crystal import Crystal
from femsuite.topograph.lattice import LatticeField, reciprocal


@dataclass(frozen=True)
class DetectorImage:
    """Intensity on a detector.

    Attributes:
        X: pixel centres along h, m.
        Y: pixel centres across, m.
        values: (nX, nY); 1 is the perfect crystal in a projection.
        total: the sum of all rays' weights, in units of a pixel at intensity 1.
        lost: the share of ``total`` that fell beside the detector.
        position: of the slit's centre along h, m from the die's middle; None in a projection.
    """

    X: np.ndarray
    Y: np.ndarray
    values: np.ndarray = field(repr=False)
    total: float
    lost: float
    position: float | None = None

    @property
    def pixel(self) -> float:
        """Side of a pixel, m."""
        return float(self.X[1] - self.X[0])

    def with_values(self, values: np.ndarray) -> DetectorImage:
        """Return the image with other intensities."""
        return replace(self, values=values)


def exit_rays(gradient: np.ndarray, crystal: Crystal) -> tuple[np.ndarray, np.ndarray]:
    """Return where the lattice sends the white beam.

    Args:
        gradient: displacement gradients (..., 3, 3).
        crystal: the reflection.

    Returns:
        Unit directions (..., 3) and relative wavelengths ``lambda'/lambda`` (...).
    """
    sin, cos = math.sin(crystal.bragg_angle), math.cos(crystal.bragg_angle)
    incident = np.array([-sin, 0.0, cos])
    vector = reciprocal(gradient)
    length = np.linalg.norm(vector, axis=-1)
    normal = vector / length[..., None]
    projected = normal @ incident
    return incident - 2.0 * projected[..., None] * normal, -projected / (length * sin)


@dataclass(frozen=True)
class TraceSettings:
    """How rays are sent and caught.

    Attributes:
        distance: from the die's exit face to the detector, m.
        pixel: side, m.
        margin: of the detector beyond the undeformed image on each side, m.
        oversampling: rays per pixel along h (at least two across).
        spectral_slope: exponent n of the incident flux ``Phi ~ E^n`` at the working energy; None leaves the weights
            independent of the local wavelength.
    """

    distance: float
    pixel: float
    margin: float = 0.2e-3
    oversampling: float = 2.0
    spectral_slope: float | None = None


def projection(lattice: LatticeField, settings: TraceSettings) -> DetectorImage:
    """Return the white-beam projection topograph of the whole die.

    Args:
        lattice: of the strained die.
        settings: see :class:`TraceSettings`.
    """
    step = settings.pixel / settings.oversampling
    xs, dx = _cells(float(lattice.x[0]), float(lattice.x[-1]), step)
    half = 0.5 * (lattice.x[-1] - lattice.x[0]) * math.cos(lattice.crystal.bragg_angle) + settings.margin
    return _trace(lattice, settings, xs, dx, (-half, half), np.zeros(1), np.ones(1), None)


def section(lattice: LatticeField, settings: TraceSettings, position: float, slit: float) -> DetectorImage:
    """Return the section topograph of a slit.

    Args:
        lattice: of the strained die.
        settings: see :class:`TraceSettings`.
        position: of the slit's centre along h on the entrance face, m from the middle of the die.
        slit: its width, m.
    """
    crystal = lattice.crystal
    middle = 0.5 * (lattice.x[0] + lattice.x[-1])
    step = min(settings.pixel / settings.oversampling, slit / 12.0)
    xs, dx = _cells(middle + position - 0.5 * slit, middle + position + 0.5 * slit, step)
    within = (xs >= lattice.x[0]) & (xs <= lattice.x[-1])
    cos = math.cos(crystal.bragg_angle)
    half = 0.5 * (crystal.section_width + slit) * cos + settings.margin
    centre = position * cos
    fan, shares = borrmann_fan(crystal, max(64, math.ceil(crystal.section_width / step)))
    return _trace(lattice, settings, xs[within], dx, (centre - half, centre + half), fan, shares, position)


def borrmann_fan(crystal: Crystal, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Return positions p in (-1, 1) across the Borrmann fan and Kato's shares ``J0(A sqrt(1-p^2))^2``, summing to 1."""
    p = (np.arange(points) + 0.5) * 2.0 / points - 1.0
    share = special.j0(crystal.reduced_thickness * np.sqrt(1.0 - p**2)) ** 2
    return p, share / share.sum()


def _cells(low: float, high: float, step: float) -> tuple[np.ndarray, float]:
    count = max(1, math.ceil((high - low) / step))
    width = (high - low) / count
    return low + (np.arange(count) + 0.5) * width, width


def _trace(
    lattice: LatticeField,
    settings: TraceSettings,
    xs: np.ndarray,
    dx: float,
    reach: tuple[float, float],
    fan: np.ndarray,
    shares: np.ndarray,
    position: float | None,
) -> DetectorImage:
    crystal = lattice.crystal
    pixel = settings.pixel
    ys, dy = _cells(float(lattice.y[0]), float(lattice.y[-1]), pixel / 2.0)
    half = 0.5 * (lattice.y[-1] - lattice.y[0]) + settings.margin
    n_along = math.ceil((reach[1] - reach[0]) / pixel)
    n_across = math.ceil(2.0 * half / pixel)
    first = (0.5 * (reach[0] + reach[1]) - 0.5 * n_along * pixel, -0.5 * n_across * pixel)
    packed = np.concatenate(
        [lattice.gradient.reshape(*lattice.inside.shape, 9), lattice.strain_gradient[..., None]], axis=-1
    )
    image = np.zeros((n_along, n_across))
    depths, steps = _depths(lattice.z, pixel / (4.0 * crystal.tan))
    slope = settings.spectral_slope
    constants = (
        math.sin(crystal.bragg_angle),
        math.cos(crystal.bragg_angle),
        crystal.dynamical_reflectivity,
        crystal.darwin_half_width * math.pi / crystal.pendelloesung_length,
        settings.distance,
        0.5 * float(lattice.x[0] + lattice.x[-1]),
        0.5 * float(lattice.y[0] + lattice.y[-1]),
        dx * dy / pixel**2,
        pixel,
        math.nan if slope is None else slope,
    )
    total, lost = _splat(
        xs, ys, lattice.x, lattice.y, lattice.z, packed, depths, steps, fan, shares, constants, first, image
    )
    return DetectorImage(
        first[0] + (np.arange(n_along) + 0.5) * pixel,
        first[1] + (np.arange(n_across) + 0.5) * pixel,
        image,
        total,
        lost,
        position,
    )


def _depths(z: np.ndarray, longest: float) -> tuple[np.ndarray, np.ndarray]:
    """Return mid-layer depths and thicknesses: the lattice's layers cut so that none exceeds ``longest``."""
    middles, steps = [], []
    for low, high in itertools.pairwise(z):
        count = max(1, math.ceil((high - low) / longest))
        step = (high - low) / count
        middles.append(low + (np.arange(count) + 0.5) * step)
        steps.append(np.full(count, step))
    return np.concatenate(middles), np.concatenate(steps)


@njit(cache=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _row_planes(
    packed: np.ndarray, j: int, v: float, levels: np.ndarray, shares_z: np.ndarray, planes: np.ndarray
) -> None:
    """Interpolate the packed field (nx, ny, nz, 10) to one y and to every layer's depth: ``planes`` (nx, layers, 10).

    All rays of a row share this work, so that a ray's sample is an interpolation between two numbers, not eight.
    """
    for i in range(packed.shape[0]):
        for layer in range(len(levels)):
            k, w = levels[layer], shares_z[layer]
            for column in range(10):
                lower = (1.0 - v) * packed[i, j, k, column] + v * packed[i, j + 1, k, column]
                upper = (1.0 - v) * packed[i, j, k + 1, column] + v * packed[i, j + 1, k + 1, column]
                planes[i, layer, column] = (1.0 - w) * lower + w * upper


@njit(cache=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _throw(
    px: float,
    py: float,
    pz: float,
    a: np.ndarray,
    weight: float,
    constants: tuple[float, ...],
    first: tuple[float, float],
    image: np.ndarray,
) -> tuple[float, float]:
    """Send a weighted ray from (px, py, pz), pz from the exit face, to the detector; return weight and what missed."""
    sin, cos, distance, pixel, slope = constants[0], constants[1], constants[4], constants[8], constants[9]
    fxy, fyy, fzy = a[1], 1.0 + a[4], a[7]
    fxz, fyz, fzz = a[2], a[5], 1.0 + a[8]
    hx = fyy * fzz - fzy * fyz
    hy = fzy * fxz - fxy * fzz
    hz = fxy * fyz - fyy * fxz
    determinant = (1.0 + a[0]) * hx + a[3] * hy + a[6] * hz
    length = math.sqrt(hx * hx + hy * hy + hz * hz)
    hx, hy, hz = hx / length, hy / length, hz / length
    projected = -sin * hx + cos * hz
    sx = -sin - 2.0 * projected * hx
    sy = -2.0 * projected * hy
    sz = cos - 2.0 * projected * hz
    if not math.isnan(slope):
        sine = -projected
        energy = sin * (length / determinant) / sine
        weight *= energy ** (slope + 1.0) * (math.sqrt(1.0 - sine * sine) / sine) * (sin / cos)
    flight = (distance - (sin * px + cos * pz)) / (sin * sx + cos * sz)
    qx, qy, qz = px + flight * sx, py + flight * sy, pz + flight * sz
    column = (cos * qx - sin * qz - first[0]) / pixel - 0.5
    row = (qy - first[1]) / pixel - 0.5
    i, j = math.floor(column), math.floor(row)
    u, v = column - i, row - j
    lost = 0.0
    for di in range(2):
        for dj in range(2):
            part = weight * (u if di else 1.0 - u) * (v if dj else 1.0 - v)
            if 0 <= i + di < image.shape[0] and 0 <= j + dj < image.shape[1]:
                image[i + di, j + dj] += part
            else:
                lost += part
    return weight, lost


@njit(cache=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _splat(
    xs: np.ndarray,
    ys: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    z: np.ndarray,
    packed: np.ndarray,
    depths: np.ndarray,
    steps: np.ndarray,
    fan: np.ndarray,
    shares: np.ndarray,
    constants: tuple[float, ...],
    first: tuple[float, float],
    image: np.ndarray,
) -> tuple[float, float]:
    tan = constants[0] / constants[1]
    perfect, per_layer, middle_x, middle_y, area = constants[2], constants[3], constants[5], constants[6], constants[7]
    thickness = z[-1] - z[0]
    count = len(depths)
    # The layers, and behind them the exit face, from which the perfect part leaves.
    levels = np.empty(count + 1, dtype=np.int64)
    shares_z = np.empty(count + 1)
    for layer in range(count):
        levels[layer], shares_z[layer] = _bracket(z, depths[layer])
    levels[count], shares_z[count] = len(z) - 2, 1.0
    planes = np.empty((len(x), count + 1, 10))
    values = np.empty((count, 10))
    layers = np.empty(count)
    at_exit = np.empty(10)
    cursor = np.empty(count, dtype=np.int64)
    total = 0.0
    lost = 0.0
    width = xs[1] - xs[0] if len(xs) > 1 else 0.0
    for b in range(len(ys)):
        j, v = _bracket(y, ys[b])
        _row_planes(packed, j, v, levels, shares_z, planes)
        row_total = 0.0
        row_lost = 0.0
        offset = ((b * 0.6180339887498949) % 1.0 - 0.5) * width  # rows are staggered: no moire with the pixels
        cursor[:] = 0  # rays of a row come in rising x, so each layer's place on the axis only moves forward
        for a in range(len(xs)):
            entrance = xs[a] + offset
            reflected = 0.0
            for layer in range(count):
                position = entrance - tan * (depths[layer] - z[0])
                layers[layer] = 0.0
                if x[0] <= position <= x[-1]:
                    i = cursor[layer]
                    while i < len(x) - 2 and x[i + 1] < position:
                        i += 1
                    cursor[layer] = i
                    u = (position - x[i]) / (x[i + 1] - x[i])
                    for column in range(10):
                        values[layer, column] = (1.0 - u) * planes[i, layer, column] + u * planes[i + 1, layer, column]
                    size = abs(values[layer, 9])
                    if size > 1e-9:
                        layers[layer] = -size * math.expm1(-math.pi / size) * per_layer * steps[layer]
                reflected += layers[layer]
            # so much of the layers' reflectivity that with the perfect part it makes sqrt(R_dyn^2 + R_LZ^2)
            direct = reflected / (math.sqrt(perfect**2 + reflected**2) + perfect)
            for layer in range(count):
                if layers[layer] > 0.0:
                    weight = area * direct * layers[layer] / perfect
                    depth = depths[layer] - z[0]
                    sent, missed = _throw(
                        entrance - tan * depth - middle_x,
                        ys[b] - middle_y,
                        depth - thickness,
                        values[layer],
                        weight,
                        constants,
                        first,
                        image,
                    )
                    row_total += sent
                    row_lost += missed
            for ray in range(len(fan)):
                position = entrance + fan[ray] * thickness * tan
                i, u = _bracket(x, position)
                for column in range(10):
                    at_exit[column] = (1.0 - u) * planes[i, count, column] + u * planes[i + 1, count, column]
                sent, missed = _throw(
                    position - middle_x,
                    ys[b] - middle_y,
                    0.0,
                    at_exit,
                    area * shares[ray],
                    constants,
                    first,
                    image,
                )
                row_total += sent
                row_lost += missed
        total += row_total  # row by row, so that a million small terms do not round away
        lost += row_lost
    return total, lost
