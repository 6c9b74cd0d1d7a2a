"""Closed-form strain of a plate heated by a rectangle on its face, periodic in the plane, by Fourier sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from femsuite.topograph.crystal import Crystal
from femsuite.topograph.lattice import LatticeField


@dataclass(frozen=True)
class HeaterPlate:
    """A rectangular heater on z = 0 of a plate with T = 0 on z = thickness and free faces; isotropic. SI.

    The temperature is harmonic; ``u = c (phi_x, phi_y, -phi_z)``, ``c = -(1+nu) alpha``, ``phi_zz = T`` leaves the
    faces free of stress (Dundurs), so ``u_x,zz = c T_x`` and ``u_x,xx = c phi_xxx`` come straight from the transform.
    """

    thickness: float = 400e-6
    length: float = 100e-6
    width: float = 100e-6
    period: float = 1200e-6
    conductivity: float = 102.0
    expansion: float = 3.2e-6
    poisson: float = 0.262
    smoothing: float = 1e-6

    def middle_plane(self, power: float, crystal: Crystal, points: int, z: np.ndarray) -> LatticeField:
        """Return the lattice field in the plane y = 0, given on two rows that are both that plane.

        Args:
            power: through the heater, W.
            crystal: the reflection.
            points: of the transform along x (even); the grid spacing is ``period / points``.
            z: depths, m, from 0.
        """
        step = self.period / points
        kx = 2.0 * np.pi * np.fft.rfftfreq(points, step)[:, None]
        ky = 2.0 * np.pi * np.fft.fftfreq(points, step)[None, :]
        k = np.hypot(kx, ky)
        mean = k == 0.0
        safe = np.where(mean, 1.0, k)
        source = (
            (power / self.period**2)
            * np.sinc(kx * self.length / (2.0 * np.pi))
            * np.sinc(ky * self.width / (2.0 * np.pi))
            * np.exp(-0.5 * (k * self.smoothing) ** 2)
            / self.conductivity
        )
        c = -(1.0 + self.poisson) * self.expansion
        base = 1.0 + np.exp(-2.0 * k * self.thickness)
        shape = (points + 1, 2, len(z))
        displacement = np.zeros((*shape, 3))
        gradient = np.zeros((*shape, 3, 3))
        curvature = np.zeros((*shape, 2))

        def row(spectrum: np.ndarray) -> np.ndarray:
            """Sum over ky (y = 0), transform over kx, and close the period on itself."""
            values = np.fft.fftshift(np.fft.irfft(spectrum.sum(axis=1) * points, points))
            return np.append(values, values[0])[:, None]

        for level, depth in enumerate(z):
            # sinh(k(t-z))/cosh(kt) and cosh(k(t-z))/cosh(kt), written so that nothing overflows
            fall, rise = np.exp(-k * depth), np.exp(-k * (2.0 * self.thickness - depth))
            temperature = np.where(mean, source * (self.thickness - depth), source * (fall - rise) / base / safe)
            phi = np.where(mean, 0.0, temperature / safe**2)
            phi_z = np.where(mean, 0.0, -source * (fall + rise) / base / safe**2)
            displacement[..., level, 0] = c * row(1j * kx * phi)
            displacement[..., level, 2] = -c * row(phi_z)
            gradient[..., level, 0, 0] = -c * row(kx**2 * phi)
            gradient[..., level, 1, 1] = -c * row(ky**2 * phi)
            gradient[..., level, 2, 2] = -c * row(np.where(mean, 0.0, temperature))
            gradient[..., level, 0, 2] = c * row(1j * kx * phi_z)
            gradient[..., level, 2, 0] = -gradient[..., level, 0, 2]
            curvature[..., level, 0] = c * row(1j * kx * temperature)
            curvature[..., level, 1] = c * row(-1j * kx**3 * phi)
        x = (np.arange(points + 1) - points // 2) * step
        y = np.array([-0.5, 0.5]) * step
        return LatticeField(x, y, np.asarray(z), displacement, gradient, curvature, np.ones(shape, dtype=bool), crystal)
