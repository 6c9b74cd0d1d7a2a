"""The matrix as a factorisation wants it: regular, and of a large symmetric one only half."""

from __future__ import annotations

from typing import Any

from petsc4py import PETSc

_OPTION: Any = PETSc.Mat.Option  # their stubs say that these are plain numbers
_STRUCTURE: Any = PETSc.Mat.Structure


class Factored:
    """A copy that is brought up to date in place: a new object would have its ordering sought anew.

    Args:
        pins: global unrolled degrees of freedom, owned, that are held so that no rigid motion is left; they carry no
            force.
        half: store the upper triangle only, for a Cholesky factorisation: a third less time and memory.
    """

    def __init__(self, pins: Any, half: bool) -> None:
        self._pins, self._half = pins, half
        self._pinned: PETSc.Mat | None = None
        self._triangle: PETSc.Mat | None = None

    def update(self, matrix: PETSc.Mat, pinned: bool, diagonal: float) -> PETSc.Mat:
        """Return the matrix to factorise, with the present entries. Collective.

        Args:
            matrix: assembled, AIJ or BAIJ.
            pinned: whether any rank has pins.
            diagonal: entry of pinned rows.
        """
        whole = self._copy(matrix, diagonal) if pinned else matrix
        if not self._half:
            return whole
        whole.setOption(_OPTION.SYMMETRIC, True)
        if not whole.getType().endswith("baij"):  # scalar storage is halved by the solver itself
            return whole
        self._triangle = whole.convert("sbaij", self._triangle or PETSc.Mat())
        return self._triangle

    def _copy(self, matrix: PETSc.Mat, diagonal: float) -> PETSc.Mat:
        if self._pinned is None:
            self._pinned = matrix.copy()
            self._pinned.setOption(_OPTION.KEEP_NONZERO_PATTERN, True)
        else:
            matrix.copy(self._pinned, _STRUCTURE.SAME_NONZERO_PATTERN)
        self._pinned.zeroRowsColumns(self._pins, diag=diagonal)
        return self._pinned

    def destroy(self) -> None:
        """Free the copies."""
        for held in (self._pinned, self._triangle):
            if held is not None:
                held.destroy()
        self._pinned = self._triangle = None
