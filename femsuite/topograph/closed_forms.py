"""Displacements known in closed form, in the diffraction frame: for verification, demonstration and mesh imprint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Affine:
    """A uniform displacement gradient: rigid rotation, tilt, dilation. ``u = gradient @ X``."""

    matrix: tuple[tuple[float, float, float], ...]

    def displacement(self, points: np.ndarray) -> np.ndarray:
        """Return u, (n, 3), m."""
        return points @ np.array(self.matrix).T

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """Return the gradient, (n, 3, 3)."""
        return np.broadcast_to(np.array(self.matrix), (len(points), 3, 3)).copy()

    def curvature(self, points: np.ndarray) -> np.ndarray:
        """Return zeros, (n, 2)."""
        return np.zeros((len(points), 2))


@dataclass(frozen=True)
class Quadratic:
    """``u_x = kappa z^2/2 - x z/R`` and ``u_z = x^2/(2R)``: uniform strain gradient plus bending of the planes.

    Attributes:
        kappa: ``u_x,zz``, 1/m.
        bending: 1/R, 1/m; positive makes the diffracted beams converge.
    """

    kappa: float = 0.0
    bending: float = 0.0

    def displacement(self, points: np.ndarray) -> np.ndarray:
        """Return u, (n, 3), m."""
        x, _, z = points.T
        u = np.zeros_like(points)
        u[:, 0] = 0.5 * self.kappa * z**2 - self.bending * x * z
        u[:, 2] = 0.5 * self.bending * x**2
        return u

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """Return the gradient, (n, 3, 3)."""
        x, _, z = points.T
        result = np.zeros((len(points), 3, 3))
        result[:, 0, 0] = -self.bending * z
        result[:, 0, 2] = self.kappa * z - self.bending * x
        result[:, 2, 0] = self.bending * x
        return result

    def curvature(self, points: np.ndarray) -> np.ndarray:
        """Return ``u_x,zz`` and ``u_x,xx``, (n, 2)."""
        result = np.zeros((len(points), 2))
        result[:, 0] = self.kappa
        return result


@dataclass(frozen=True)
class SurfaceHeater:
    """Thermal displacement of a plate with free faces under a smooth heater; harmonic, in closed form.

    ``u = c (phi_x, phi_y, -phi_z)`` with ``c = -(1+nu) alpha``, phi harmonic and ``phi_zz = T``, leaves every face
    ``z = const`` free of stress (Dundurs). Here ``T = P/(2 pi k r)`` of a point source at ``height`` above the face
    z = 0, so ``phi_x = -P/(2 pi k) x/(r + zeta)``, ``phi_z = P/(2 pi k) ln(r + zeta)``, ``zeta = z + height``.

    Attributes:
        strength: ``(1+nu) alpha P/(2 pi k)``, m: power times 6.3e-9 m/W for silicon at 400 K.
        height: half width of the heater, m.
    """

    strength: float
    height: float
    centre: tuple[float, float] = (0.0, 0.0)

    def _terms(self, points: np.ndarray) -> tuple[np.ndarray, ...]:
        x = points[:, 0] - self.centre[0]
        y = points[:, 1] - self.centre[1]
        zeta = points[:, 2] + self.height
        r = np.sqrt(x**2 + y**2 + zeta**2)
        return x, y, zeta, r, 1.0 / (r + zeta)

    def displacement(self, points: np.ndarray) -> np.ndarray:
        """Return u, (n, 3), m."""
        x, y, zeta, r, q = self._terms(points)
        return self.strength * np.stack([x * q, y * q, np.log((r + zeta) / (2.0 * self.height))], axis=1)

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """Return the gradient, (n, 3, 3)."""
        x, y, _, r, q = self._terms(points)
        result = np.empty((len(points), 3, 3))
        result[:, 0, 0] = q - x**2 * q**2 / r
        result[:, 1, 1] = q - y**2 * q**2 / r
        result[:, 0, 1] = result[:, 1, 0] = -x * y * q**2 / r
        result[:, 0, 2] = -x * q / r
        result[:, 1, 2] = -y * q / r
        result[:, 2, 0] = x * q / r
        result[:, 2, 1] = y * q / r
        result[:, 2, 2] = 1.0 / r
        return self.strength * result

    def curvature(self, points: np.ndarray) -> np.ndarray:
        """Return ``u_x,zz`` and ``u_x,xx``, (n, 2)."""
        x, _, _, r, q = self._terms(points)
        first = -x * q**2 / r
        second = -(q**2) * (1.0 / r - x**2 / r**3) + 2.0 * x**2 * q**3 / r**2
        return self.strength * np.stack([x / r**3, 2.0 * first + x * second], axis=1)


@dataclass(frozen=True)
class Sum:
    """The sum of displacements."""

    parts: tuple[Affine | Quadratic | SurfaceHeater, ...]

    def displacement(self, points: np.ndarray) -> np.ndarray:
        """Return u, (n, 3), m."""
        return np.sum([part.displacement(points) for part in self.parts], axis=0)

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """Return the gradient, (n, 3, 3)."""
        return np.sum([part.gradient(points) for part in self.parts], axis=0)

    def curvature(self, points: np.ndarray) -> np.ndarray:
        """Return ``u_x,zz`` and ``u_x,xx``, (n, 2)."""
        return np.sum([part.curvature(points) for part in self.parts], axis=0)
