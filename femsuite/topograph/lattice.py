"""The strained lattice on a structured grid through the die, and what diffraction sees of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numba import njit

from femsuite.topograph.crystal import Crystal
from femsuite.topograph.frame import DiffractionFrame


class DisplacementField(Protocol):
    """A displacement known in closed form in the diffraction frame; points (n, 3) in m."""

    def displacement(self, points: np.ndarray) -> np.ndarray:
        """Return u, (n, 3), m."""

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """Return ``du_i/dX_j``, (n, 3, 3)."""

    def curvature(self, points: np.ndarray) -> np.ndarray:
        """Return ``u_x,zz`` and ``u_x,xx``, (n, 2), 1/m."""


@dataclass(frozen=True)
class LatticeField:
    """Displacement of the lattice and its derivatives on a structured grid in the diffraction frame.

    Attributes:
        x, y, z: ascending coordinates of the grid along h, across h and into the crystal, m; z = z[0] is the
            entrance face and z[-1] the exit face.
        displacement: (nx, ny, nz, 3), m.
        gradient: (nx, ny, nz, 3, 3), ``[..., i, j] = du_i/dX_j``.
        curvature: (nx, ny, nz, 2): ``u_x,zz`` and ``u_x,xx``, 1/m.
        inside: (nx, ny, nz), false where the grid point lies outside the die (values there are zero).
        crystal: the reflection.
        frame: where the grid lies in the mesh, if it came from one.
    """

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    displacement: np.ndarray = field(repr=False)
    gradient: np.ndarray = field(repr=False)
    curvature: np.ndarray = field(repr=False)
    inside: np.ndarray = field(repr=False)
    crystal: Crystal
    frame: DiffractionFrame | None = None

    @classmethod
    def of_function(
        cls, axes: tuple[np.ndarray, np.ndarray, np.ndarray], function: DisplacementField, crystal: Crystal
    ) -> LatticeField:
        """Return the field of a displacement known in closed form, on the grid of three axes (m)."""
        x, y, z = (np.asarray(axis, dtype=np.float64) for axis in axes)
        shape = (len(x), len(y), len(z))
        points = np.stack(np.meshgrid(x, y, z, indexing="ij"), axis=-1).reshape(-1, 3)
        return cls(
            x,
            y,
            z,
            function.displacement(points).reshape(*shape, 3),
            function.gradient(points).reshape(*shape, 3, 3),
            function.curvature(points).reshape(*shape, 2),
            np.ones(shape, dtype=bool),
            crystal,
        )

    @property
    def strain_gradient(self) -> np.ndarray:
        """``g = Lambda^2/(pi d) (u_x,zz - tan^2 u_x,xx)``, signed, (nx, ny, nz): 1 where contrast sets in.

        It is ``Lambda^2/(pi d cos^2) d^2 u_x/(ds0 dsh)``, the rate at which the deviation from Bragg's law changes
        along the beams over an extinction length (Penning and Polder; Authier, ch. 13).
        """
        crystal = self.crystal
        return crystal.gradient_scale * (self.curvature[..., 0] - crystal.tan**2 * self.curvature[..., 1])

    @property
    def misorientation(self) -> np.ndarray:
        """Effective misorientation ``-(tan(theta) u_x,x + u_x,z)``, rad, (nx, ny, nz) (Authier)."""
        return -(self.crystal.tan * self.gradient[..., 0, 0] + self.gradient[..., 0, 2])

    @property
    def tilt_along(self) -> np.ndarray:
        """Tilt of the planes in the plane of incidence, ``-u_x,z``: their normal leans towards +z; rad."""
        return -self.gradient[..., 0, 2]

    @property
    def tilt_across(self) -> np.ndarray:
        """Tilt of the planes out of the plane of incidence, ``-u_x,y``; rad."""
        return -self.gradient[..., 0, 1]

    @property
    def dilation(self) -> np.ndarray:
        """Change of the spacing of the planes, ``d'/d - 1``, exact."""
        return 1.0 / np.linalg.norm(reciprocal(self.gradient), axis=-1) - 1.0

    def slice_across(self, y: float) -> tuple[np.ndarray, np.ndarray]:
        """Return tilt_along (nx, nz) and tilt_across (nx, nz) in the x-z plane at ``y`` (m), interpolated."""
        upper = int(np.clip(np.searchsorted(self.y, y), 1, len(self.y) - 1))
        share = float(np.clip((y - self.y[upper - 1]) / (self.y[upper] - self.y[upper - 1]), 0.0, 1.0))

        def mixed(values: np.ndarray) -> np.ndarray:
            return (1.0 - share) * values[:, upper - 1] + share * values[:, upper]

        return mixed(self.tilt_along), mixed(self.tilt_across)


def reciprocal(gradient: np.ndarray) -> np.ndarray:
    """Return ``h'/|h| = F^-T x`` for displacement gradients (..., 3, 3); exact.

    ``F = I + grad u``. ``F^-T x`` is the first column of the cofactor matrix over the determinant.
    """
    flat = np.ascontiguousarray(gradient, dtype=np.float64).reshape(-1, 3, 3)
    return _reciprocal(flat).reshape(*gradient.shape[:-2], 3)


def reciprocal_first_order(gradient: np.ndarray) -> np.ndarray:
    """Return ``h'/|h| = x - grad(u_x)``: the first order of :func:`reciprocal`."""
    result = -np.asarray(gradient, dtype=np.float64)[..., 0, :]
    result = result.copy()
    result[..., 0] += 1.0
    return result


@njit(cache=True)
def _reciprocal(gradient: np.ndarray) -> np.ndarray:
    result = np.empty((gradient.shape[0], 3))
    for index in range(gradient.shape[0]):
        a = gradient[index]
        fxy, fyy, fzy = a[0, 1], 1.0 + a[1, 1], a[2, 1]
        fxz, fyz, fzz = a[0, 2], a[1, 2], 1.0 + a[2, 2]
        cx = fyy * fzz - fzy * fyz
        cy = fzy * fxz - fxy * fzz
        cz = fxy * fyz - fyy * fxz
        determinant = (1.0 + a[0, 0]) * cx + a[1, 0] * cy + a[2, 0] * cz
        result[index, 0] = cx / determinant
        result[index, 1] = cy / determinant
        result[index, 2] = cz / determinant
    return result


def graded_axis(low: float, high: float, points: int, centre: float, ratio: float = 1.0) -> np.ndarray:
    """Return ``points`` ascending coordinates from ``low`` to ``high``, closest together at ``centre``.

    Args:
        low: first coordinate, m.
        high: last coordinate, m.
        points: how many, at least 2.
        centre: where the spacing is smallest; clipped to the ends.
        ratio: about how many times the largest spacing exceeds the smallest; 1 is uniform.
    """
    if ratio <= 1.0:
        return np.linspace(low, high, points)
    centre = min(max(centre, low), high)
    reach = max(high - centre, centre - low)
    stretch = float(
        np.arccosh(ratio)
    )  # x = centre + reach sinh(s w)/sinh(s): dx/dw grows by cosh(s) from centre to end

    def place(w: np.ndarray) -> np.ndarray:
        return centre + reach * np.sinh(stretch * w) / np.sinh(stretch)

    def find(x: float) -> float:
        return float(np.arcsinh((x - centre) / reach * np.sinh(stretch)) / stretch)

    axis = place(np.linspace(find(low), find(high), points))
    axis[0], axis[-1] = low, high
    return axis
