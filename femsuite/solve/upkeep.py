"""When a preconditioner that was built for earlier entries of a matrix is worth building anew."""

from __future__ import annotations

import math

import numpy as np
from mpi4py import MPI

from femsuite import parallel
from femsuite.solve.presets import SETUP_IN_ITERATIONS


class Upkeep:
    """Weighs the iterations that an old preconditioner costs against its set-up, counted in iterations.

    Counts instead of clocks make the decision, so that a run repeated on a busy machine takes the same path. Solves to
    different tolerances are compared by their iterations per decimal digit.

    Before a solve: the pace of the first solve gives a condition number by the bound of conjugate gradients (Saad,
    Iterative Methods for Sparse Linear Systems, 2nd ed., 2003, section 6.11.3). If every diagonal entry of the new
    matrix lies between ``a`` and ``b`` times the old one, the old preconditioner is about ``b/a`` times worse
    conditioned, and the same bound gives the iterations to expect. After a solve: what it took, against the first pace.

    Args:
        preset: key of `femsuite.solve.presets.PRESETS`.
        comm: of the matrix.
    """

    def __init__(self, preset: str, comm: MPI.Intracomm) -> None:
        self._price = SETUP_IN_ITERATIONS[preset]
        self._comm = comm
        self._diagonal: np.ndarray | None = None
        self._pace: float | None = None
        self._digits = 0.0
        self._worn = False

    @property
    def used(self) -> bool:
        """Whether a solve was made with the present preconditioner."""
        return self._pace is not None

    def built(self, diagonal: np.ndarray) -> None:
        """Note that the preconditioner now belongs to the matrix with this diagonal (owned rows)."""
        self._diagonal, self._pace, self._digits, self._worn = diagonal.copy(), None, 0.0, False

    def solved(self, iterations: int, digits: float) -> None:
        """Note a solve that took ``iterations`` for ``digits`` decimal digits of the residual."""
        digits = max(digits, 1.0)
        if self._pace is None:
            self._pace = max(iterations, 1) / digits
        elif iterations - self._pace * digits > self._price:
            self._worn = True
        self._digits = digits

    def wear(self) -> None:
        """Note that the preconditioner is not worth another solve."""
        self._worn = True

    def due(self, diagonal: np.ndarray) -> bool:
        """Return whether the preconditioner should be built anew for the matrix with this diagonal. Collective."""
        if self._diagonal is None or self._worn:
            return True
        if self._pace is None:
            return False
        fresh = self._pace * self._digits
        reduction = 10.0 ** (-1.0 / self._pace) if self._pace > 0.01 else 0.0
        root = (1.0 + reduction) / (1.0 - reduction) * math.sqrt(self.spread(diagonal))
        if not root < 1e12:
            return True
        expected = self._digits / math.log10((root + 1.0) / (root - 1.0)) if root > 1.0 else 1.0
        return expected - fresh > self._price

    def spread(self, diagonal: np.ndarray) -> float:
        """Return the largest over the smallest ratio of the diagonal's entries to those at the set-up. Collective."""
        assert self._diagonal is not None
        ratio = np.abs(diagonal / self._diagonal)
        ends = np.array([ratio.max(initial=1e-300), (1.0 / ratio).max(initial=1e-300)])
        largest, inverse = parallel.largest(ends, self._comm)
        return float(largest * inverse)
