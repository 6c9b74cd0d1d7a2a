"""A first guess for the next solve out of the solutions of the last ones."""

from __future__ import annotations

import numpy as np
from petsc4py import PETSc

from femsuite import parallel


class Guess:
    """The combination of earlier solutions that is nearest to the new one in the energy norm.

    Increments of a sweep resemble each other up to a factor. Source: Fischer, Comput. Methods Appl. Mech. Eng. 163
    (1998) 193, with the products taken anew because the matrix changes.

    Args:
        most: solutions kept.
    """

    def __init__(self, most: int = 3) -> None:
        self._most = most
        self._kept: list[np.ndarray] = []

    def keep(self, x: PETSc.Vec) -> None:
        """Keep a solution, and drop the oldest one too many."""
        values = x.array_r.copy()
        if parallel.total(values @ values, x.getComm().tompi4py()) > 0.0:
            self._kept = [*self._kept, values][-self._most :]

    def fill(self, matrix: PETSc.Mat, b: PETSc.Vec, x: PETSc.Vec) -> None:
        """Write the guess for ``matrix x = b`` into ``x``; zero without earlier solutions. Collective.

        Args:
            matrix: symmetric, positive on the solutions kept.
            b: right-hand side.
            x: overwritten; its ghosts are left as they are.
        """
        x.set(0.0)
        if not self._kept:
            return
        directions = np.array(self._kept)
        vector, product = x.duplicate(), b.duplicate()
        products = np.empty_like(directions)
        for row, direction in enumerate(directions):
            vector.array[:] = direction
            matrix.mult(vector, product)
            products[row] = product.array_r
        vector.destroy()
        product.destroy()
        sums = parallel.total(
            np.column_stack([directions @ products.T, directions @ b.array_r]), x.getComm().tompi4py()
        )
        gram, work = sums[:, :-1], sums[:, -1]
        size = np.sqrt(np.abs(np.diag(gram)))
        size[size == 0.0] = 1.0
        # Nearly parallel directions are cut off: they would only add rounding.
        factors = np.linalg.lstsq(gram / np.outer(size, size), work / size, rcond=1e-10)[0] / size
        x.array[:] = factors @ directions
