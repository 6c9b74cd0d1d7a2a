"""The rigid motion of a freely expanding body, taken out in a way that depends on the geometry alone.

A free body's displacement is known up to a rigid motion. The one reported has, over the volume of a chosen region, zero
mean displacement and zero mean rotation (half the curl): this depends neither on the mesh's numbering nor on the ranks.
"""

from __future__ import annotations

import numpy as np
from dolfinx import fem

from femsuite.physics.quadrature import Points


class RigidFrame:
    """Takes rigid motions out of displacements.

    Args:
        space: of the displacement.
        points: quadrature rule.
        motions: ``(owned unrolled dofs, modes)``, the motions that the supports leave free.
        cells: local cells (owned, ghosts are skipped) of the region; None for the whole body.
    """

    def __init__(
        self, space: fem.FunctionSpace, points: Points, motions: np.ndarray, cells: np.ndarray | None = None
    ) -> None:
        self._points, self._motions, self._cells = points, motions, cells
        self._volume = float(points.integral(np.ones((points.cells, points.count)), cells)[0])
        work = fem.Function(space)
        columns = [self._mean_of_mode(work, mode) for mode in motions.T]
        self._means = np.array(columns).T if columns else np.zeros((0, 0))

    def _mean_of_mode(self, work: fem.Function, mode: np.ndarray) -> np.ndarray:
        work.x.array[: len(mode)] = mode
        work.x.scatter_forward()
        return self.mean(work)

    def mean(self, displacement: fem.Function) -> np.ndarray:
        """Return the mean translation (m), then the mean rotation times the region's size (m): 3 in 2D, 6 in 3D."""
        values = self._points.integral(self._points.values(displacement), self._cells) / self._volume
        gradient = self._points.gradients(displacement)
        dimension = gradient.shape[3]
        spin = 0.5 * (gradient - np.swapaxes(gradient, 2, 3))
        pairs = [(1, 0)] if dimension == 2 else [(2, 1), (0, 2), (1, 0)]
        turns = np.stack([spin[..., first, second] for first, second in pairs], axis=-1)
        turn = self._points.integral(turns, self._cells) / self._volume
        return np.concatenate([values, turn * self._volume ** (1.0 / dimension)])

    def remove(self, displacement: fem.Function) -> None:
        """Change ``displacement`` so that its mean translation and rotation along the free motions vanish."""
        if not self._motions.shape[1]:
            return
        share = np.linalg.lstsq(self._means, self.mean(displacement), rcond=None)[0]
        displacement.x.array[: len(self._motions)] -= self._motions @ share
        displacement.x.scatter_forward()
