"""X-ray topographs: exact limits, and the Takagi-Taupin solution in a thermal field.

Silicon 220, 31 keV, 400 um, detector at 190 mm unless said otherwise. Rows tagged ``FE`` take the displacement through
second-order tetrahedra, recover the lattice field from the nodal values, and image that.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from femsuite.topograph.closed_forms import Affine, Quadratic, SurfaceHeater
from femsuite.topograph.contrast import landau_zener_map, row_contrast
from femsuite.topograph.crystal import Crystal, crystal_constants
from femsuite.topograph.extent import Extent, outer_extent
from femsuite.topograph.heater_plate import HeaterPlate
from femsuite.topograph.imprint import through_elements
from femsuite.topograph.lattice import DisplacementField, LatticeField, graded_axis, reciprocal, reciprocal_first_order
from femsuite.topograph.raytrace import DetectorImage, TraceSettings, exit_rays, projection, section
from femsuite.verify.row import Row

THICKNESS = 400e-6
EDGE = 1e-3
DISTANCE = 0.19
PHYSICS = "topograph"
UNSTRAINED = Affine(((0.0, 0.0, 0.0),) * 3)


@functools.cache
def _crystal(energy: float = 31.0) -> Crystal:
    return crystal_constants("Si", (2, -2, 0), energy, THICKNESS)


def _lattice(function: DisplacementField, energy: float = 31.0) -> LatticeField:
    """Send a field through second-order tetrahedra of a 1 mm die and recover it."""
    size = (EDGE, EDGE, THICKNESS)
    recovered, _ = through_elements(function, _crystal(energy), size, (5, 5, 3), (33, 33, 17), MPI.COMM_SELF, 1.0)
    assert recovered is not None  # COMM_SELF: this rank is the first
    return recovered


def _settings(pixel: float = 3.2e-6, margin: float = 0.45e-3) -> TraceSettings:
    return TraceSettings(DISTANCE, pixel, margin)


@functools.cache
def _flat() -> DetectorImage:
    """Return the projection of the unstrained die, which several cases compare with."""
    return projection(_lattice(UNSTRAINED), _settings())


def _along(image: DetectorImage) -> np.ndarray:
    """Return the profile along h, the mean over the middle half of the die's width."""
    return image.values[:, np.abs(image.Y) < 0.25 * EDGE].mean(axis=1)


def _length(image: DetectorImage) -> Extent:
    profile = _along(image)
    return outer_extent(image.X, profile, 0.5 * float(np.median(profile[profile > 0.1 * profile.max()])))


def _perfect_contrast(case: str, quantity: str, function: DisplacementField) -> Row:
    contrast = landau_zener_map(_lattice(function), (64, 64)).values
    return Row(case, quantity, 0.0, float(np.abs(contrast - 1.0).max()), 1e-6, "at_most", "FE", "1", PHYSICS)


def case_V1() -> list[Row]:
    """Return: without strain the contrast is 1."""
    return [_perfect_contrast("topograph.V1", "largest |C - 1| without strain", UNSTRAINED)]


def case_V2() -> list[Row]:
    """Return: pure bending, ``u_x = -xz/R`` with R = 0.9 m, gives no contrast."""
    return [_perfect_contrast("topograph.V2", "largest |C - 1| in pure bending", Quadratic(bending=1.0 / 0.9))]


@dataclass(frozen=True)
class _Warped:
    """``u_x = (along x^2 + through z^2)/2``: both second derivatives that make strain contrast; SI."""

    through: float
    along: float

    def displacement(self, points: np.ndarray) -> np.ndarray:
        """Return u, (n, 3), m."""
        u = np.zeros_like(points)
        u[:, 0] = 0.5 * (self.along * points[:, 0] ** 2 + self.through * points[:, 2] ** 2)
        return u

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """Return the gradient, (n, 3, 3)."""
        result = np.zeros((len(points), 3, 3))
        result[:, 0, 0], result[:, 0, 2] = self.along * points[:, 0], self.through * points[:, 2]
        return result

    def curvature(self, points: np.ndarray) -> np.ndarray:
        """Return ``u_x,zz`` and ``u_x,xx``, (n, 2)."""
        return np.broadcast_to(np.array([self.through, self.along]), (len(points), 2)).copy()


def case_V3() -> list[Row]:
    """Return: a constant strain gradient ``u_x = kappa z^2/2``, kappa = 0.140/m, against Landau and Zener.

    Expected ``A g (1 - exp(-pi/g))`` at g = 1: 18.33 in Darwin half widths, contrast 12. At g = 5, kappa = 0.700/m,
    44.690 is what the Takagi-Taupin equations give by quadrature. With ``u_x = along x^2/2`` besides,
    ``g ~ kappa - tan^2(theta) along``: here 0.280/m less 0.140/m, so g = 1 again.
    """
    tan = _crystal().tan
    cases = (
        ("g = 1", Quadratic(kappa=0.140), 18.33),
        ("g = 5", Quadratic(kappa=0.700), 44.690),
        ("g = 1, from both derivatives", _Warped(0.280, 0.140 / tan**2), 18.33),
    )
    rows = []
    for words, function, expected in cases:
        lattice = _lattice(function)
        crystal = lattice.crystal
        contrast = float(row_contrast(lattice, np.array([0.0]), np.array([0.0]))[0, 0])
        perfect = crystal.dynamical_reflectivity / crystal.darwin_half_width
        strained = perfect * math.sqrt(contrast**2 - 1.0)
        quantity = f"reflectivity of {words} (half widths)"
        rows.append(Row("topograph.V3", quantity, expected, strained, 5e-3, "relative", "FE", "1", PHYSICS))
        if words == "g = 1":
            rows.append(Row("topograph.V3", "contrast of g = 1", 11.99, contrast, 5e-3, "relative", "FE", "1", PHYSICS))
    return rows


def case_V4() -> list[Row]:
    """Return: rigid rotation and uniform strain give no contrast."""
    rotation = Affine(((0.0, -1e-3, 2e-3), (1e-3, 0.0, -5e-4), (-2e-3, 5e-4, 0.0)))
    strain = Affine(((1e-3, 2e-4, -3e-4), (2e-4, -5e-4, 1e-4), (-3e-4, 1e-4, 8e-4)))
    return [
        _perfect_contrast("topograph.V4", "largest |C - 1| in rigid rotation", rotation),
        _perfect_contrast("topograph.V4", "largest |C - 1| in uniform strain", strain),
    ]


V5_TABLE: dict[float, dict[float, float]] = {
    0.1: {20.0: 1.46, 60.0: 2.09, 120.0: 1.47, 200.0: 1.25},
    0.5: {20.0: 4.35, 60.0: 6.53, 120.0: 4.92, 200.0: 2.85},
    1.5: {20.0: 8.72, 60.0: 11.50, 120.0: 10.74, 200.0: 7.51},
}


@functools.cache
def heated_plate() -> LatticeField:
    """Return the lattice field of V5 per watt, in the plane y = 0."""
    return HeaterPlate().middle_plane(1.0, _crystal(), 600, graded_axis(0.0, THICKNESS, 61, 0.0, 40.0))


def case_V5() -> list[Row]:
    """Return: 100 x 100 um heater on a 400 um slab; expected is the two-dimensional Takagi-Taupin solution.

    x is how far from the heater's centre the ray enters, against h: the incident beam leads away from the heater. (A
    ray that enters on the other side crosses below the heater and gives less; a Takagi-Taupin solution there agrees
    with the Landau-Zener law as well, see the tests.)
    """
    rows = []
    for power, table in V5_TABLE.items():
        lattice = scaled(heated_plate(), power)
        got = row_contrast(lattice, -1e-6 * np.array(list(table)), np.zeros(1))[:, 0]
        for (x, expected), value in zip(table.items(), got, strict=True):
            quantity = f"contrast {x:.0f} um from a heater of {power:g} W"
            rows.append(Row("topograph.V5", quantity, expected, float(value), 0.2, "relative", "formula", "1", PHYSICS))
    return rows


def scaled(lattice: LatticeField, factor: float) -> LatticeField:
    """Return the lattice field of ``factor`` times the displacement."""
    return LatticeField(
        lattice.x,
        lattice.y,
        lattice.z,
        factor * lattice.displacement,
        factor * lattice.gradient,
        factor * lattice.curvature,
        lattice.inside,
        lattice.crystal,
        lattice.frame,
    )


def case_R1() -> list[Row]:
    """Return: width of the section of an undeformed die, ``2 t tan(theta)`` plus a 15 um slit."""
    rows = []
    for energy, expected in ((31.0, 98.77e-6), (24.942, 119.42e-6)):
        image = section(_lattice(UNSTRAINED, energy), _settings(0.5e-6, 50e-6), 0.0, 15e-6)
        profile = _along(image)
        width = outer_extent(image.X, profile, 2e-3 * float(profile.max())).length
        quantity = f"width of the section at {energy:g} keV"
        rows.append(Row("topograph.R1", quantity, expected, width, 0.01, "relative", "FE", "m", PHYSICS))
    return rows


def case_R2() -> list[Row]:
    """Return: a die bent to R = 0.9 m is seen 1.42 or 0.58 times as long, by sign, and 1.42 times as dark."""
    flat = _flat()
    longer = projection(_lattice(Quadratic(bending=-1.0 / 0.9)), _settings())
    shorter = projection(_lattice(Quadratic(bending=1.0 / 0.9)), _settings())
    base = _length(flat)
    seen = _length(longer)
    middle = np.abs(longer.X) < 0.4 * seen.length
    dim = float(_along(longer)[middle].mean()) / float(_along(flat)[np.abs(flat.X) < 0.4 * base.length].mean())
    ratios = {
        "image of the die bent to 0.9 m": (1.42, seen.length / base.length),
        "bent the other way": (0.58, _length(shorter).length / base.length),
        "intensity of the longer image": (1.0 / 1.42, dim),
    }
    return [
        Row("topograph.R2", name, expected, got, 0.01, "relative", "FE", "1", PHYSICS)
        for name, (expected, got) in ratios.items()
    ]


def _centre(image: DetectorImage) -> tuple[float, float]:
    total = image.values.sum()
    return float(image.values.sum(axis=1) @ image.X / total), float(image.values.sum(axis=0) @ image.Y / total)


def case_R3() -> list[Row]:
    """Return: a uniform tilt of 0.79 mrad in the plane of incidence moves the image by 0.300 mm."""
    tilted = projection(_lattice(Affine(((0.0, 0.0, 0.79e-3), (0.0, 0.0, 0.0), (-0.79e-3, 0.0, 0.0)))), _settings())
    moved = _centre(tilted)[0] - _centre(_flat())[0]
    return [Row("topograph.R3", "shift by a tilt of 0.79 mrad", 0.300e-3, moved, 0.01, "relative", "FE", "m", PHYSICS)]


def case_R4() -> list[Row]:
    """Return: a uniform dilation of 2.6e-4 moves nothing and lengthens the wave by as much."""
    lattice = _lattice(Affine(((2.6e-4, 0.0, 0.0), (0.0, 2.6e-4, 0.0), (0.0, 0.0, 2.6e-4))))
    _, stretch = exit_rays(lattice.gradient, lattice.crystal)
    moved = np.subtract(_centre(projection(lattice, _settings())), _centre(_flat()))
    return [
        Row(
            "topograph.R4",
            "relative wavelength",
            2.6e-4,
            float(stretch.mean() - 1.0),
            1e-6,
            "relative",
            "FE",
            "1",
            PHYSICS,
        ),
        Row("topograph.R4", "shift", 0.0, float(np.abs(moved).max()), 1e-9, "at_most", "FE", "m", PHYSICS),
    ]


def case_R5() -> list[Row]:
    """Return: pixels and what fell beside the detector add up to the weights of the rays."""
    lattice = _lattice(SurfaceHeater(6e-8, 40e-6))
    rows = []
    for name, image in (
        ("projection", projection(lattice, _settings(margin=-0.1e-3))),
        ("section", section(lattice, _settings(margin=0.02e-3), -50e-6, 15e-6)),
    ):
        gap = abs(image.values.sum() + image.lost - image.total) / image.total
        rows.append(Row("topograph.R5", f"lost weight, {name}", 0.0, gap, 1e-12, "at_most", "FE", "1", PHYSICS))
    return rows


def case_R6() -> list[Row]:
    """Return: a tilt of 1 mrad about the beam moves the image sideways by ``2e-3 sin(theta) D`` = 39.6 um."""
    turned = projection(_lattice(Affine(((0.0, -1e-3, 0.0), (1e-3, 0.0, 0.0), (0.0, 0.0, 0.0)))), _settings())
    moved = _centre(turned)[1] - _centre(_flat())[1]
    return [Row("topograph.R6", "sideways shift by 1 mrad", 39.6e-6, moved, 0.01, "relative", "FE", "m", PHYSICS)]


def case_R7() -> list[Row]:
    """Return: exact and first-order directions of the planes differ by at most 1e-6 rad for shears of 1e-3.

    Pure shears (engineering 1e-3) in random planes: a simple shear is nilpotent, so there the two agree exactly.
    """
    random = np.random.default_rng(7)
    axes = np.linalg.qr(random.normal(size=(500, 3, 3)))[0]
    one, other = axes[:, :, 0], axes[:, :, 1]
    shears = 0.5e-3 * (one[:, :, None] * other[:, None, :] + other[:, :, None] * one[:, None, :])
    exact, first = reciprocal(shears), reciprocal_first_order(shears)
    cross = np.linalg.norm(np.cross(exact, first), axis=1)
    angle = float((cross / np.linalg.norm(exact, axis=1) / np.linalg.norm(first, axis=1)).max())
    return [Row("topograph.R7", "exact against first order", 0.0, angle, 1e-6, "at_most", "formula", "rad", PHYSICS)]
