"""Two fields in one linear system, by flexible GMRES with block Gauss-Seidel: each block has its own preconditioner."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from petsc4py import PETSc

from femsuite.errors import SolveError
from femsuite.solve.linear import LinearSolver
from femsuite.solve.monitor import Monitor, SolveRecord
from femsuite.solve.norms import norm
from femsuite.solve.reasons import REASONS, code

MOST = 200
"""Iterations before a solve is given up."""
WORN = 12
"""Iterations after which factors of earlier entries are made anew for the next solve."""


class CoupledSolver:
    """Solve ``[[A, B], [C, D]] (x, y) = (f, g)`` again and again.

    The blocks A and D hold identity rows and columns at their prescribed unknowns; there f and g must be zero. With
    exact blocks and a one-sided coupling the second iteration is the last.

    Args:
        name: for messages.
        first: solver whose operator is A.
        second: solver whose operator is D.
        monitor: collects the records.
    """

    def __init__(self, name: str, first: LinearSolver, second: LinearSolver, monitor: Monitor | None = None) -> None:
        self.name, self.first, self.second, self.monitor = name, first, second, monitor
        self.scales = (1.0, 1.0)
        """Size of a residual of the first and of the second field, to weigh the two in one norm."""
        self.B: PETSc.Mat | None = None
        """Derivative of the first field's residual by the second field; None where there is none."""
        self.C: PETSc.Mat | None = None
        self._parts: dict[str, tuple[PETSc.Vec, PETSc.Vec]] = {}
        self._ksp: PETSc.KSP | None = None
        self._split = 0

    def solve(self, right: PETSc.Vec, into: PETSc.Vec, rtol: float, atol: float) -> SolveRecord:
        """Solve for ``into``, which starts from zero.

        Args:
            right: f and g one after the other on each rank, divided by their scales.
            into: x and y one after the other.
            rtol: of the scaled residual against ``right``.
            atol: absolute limit of the same.

        Raises:
            SolveError: when the iteration does not converge.
        """
        began = time.perf_counter()
        ksp = self._ksp or self._create(right)
        into.set(0.0)
        size = norm(right.array_r, right.getComm().tompi4py())
        if not np.isfinite(size):
            raise SolveError(f"{self.name}: the right-hand side is not finite")
        goal = max(rtol * size, atol, 1e-290)
        ksp.setTolerances(rtol=1e-50, atol=goal, max_it=MOST)
        try:
            ksp.solve(right, into)
        except PETSc.Error as error:
            raise SolveError(f"{self.name}: PETSc stopped the linear solve with error {code(error)}") from error
        reason: Any = ksp.getConvergedReason()
        iterations = ksp.getIterationNumber()
        residual = right.duplicate()
        self.multiply(into, residual)
        residual.aypx(-1.0, right)
        left = norm(residual.array_r, right.getComm().tompi4py())
        residual.destroy()
        if not (np.isfinite(left) and (left <= 10.0 * goal or left <= 1e-10 * size)):
            words = REASONS.get(reason, f"PETSc reason {reason}")
            share = left / size if size > 0.0 else left
            raise SolveError(
                f"{self.name}: the coupled linear solve failed: {words} after {iterations} iterations, relative "
                f"residual {share:.2e}"
            )
        digits = np.log10(size / left) if 0.0 < left < size else 1.0
        for one in (self.first, self.second):
            one.iterated(iterations, float(digits))
            if iterations > WORN:
                one.wear(always=True)
        record = SolveRecord(
            physics=self.name,
            preset=f"{self.first.preset} and {self.second.preset}",
            unknowns=self.first.unknowns + self.second.unknowns,
            iterations=iterations,
            residual=left / size if size > 0.0 else left,
            seconds=time.perf_counter() - began,
            setup_seconds=0.0,
            reason=REASONS.get(reason, f"PETSc reason {reason}"),
        )
        if self.monitor is not None:
            self.monitor.record(record)
        return record

    def close(self) -> None:
        """Free the PETSc objects made here."""
        if self._ksp is not None:
            self._ksp.destroy()
        for pair in self._parts.values():
            for one in pair:
                one.destroy()
        self._ksp, self._parts = None, {}

    # -- the operator and its preconditioner, as PETSc calls them -------------------------------------------------

    def _create(self, right: PETSc.Vec) -> PETSc.KSP:
        one, other = self._matrix(self.first), self._matrix(self.second)
        self._split = one.getLocalSize()[0]
        for name in ("in", "out", "work"):
            self._parts[name] = (one.createVecRight(), other.createVecRight())
        sizes = (right.getLocalSize(), right.getSize())
        shell = PETSc.Mat().createPython((sizes, sizes), context=_Operator(self), comm=right.getComm())
        shell.setUp()
        ksp = PETSc.KSP().create(right.getComm())
        ksp.setOperators(shell)
        ksp.setType("fgmres")
        ksp.setGMRESRestart(60)
        pc = ksp.getPC()
        pc.setType("python")
        pc.setPythonContext(_Preconditioner(self))
        self._ksp = ksp
        return ksp

    @staticmethod
    def _matrix(solver: LinearSolver) -> PETSc.Mat:
        assert solver.matrix is not None
        return solver.matrix

    def _scatter(self, whole: PETSc.Vec, parts: tuple[PETSc.Vec, PETSc.Vec], scaled: bool) -> None:
        values = whole.array_r
        one, other = self.scales if scaled else (1.0, 1.0)
        parts[0].array[:] = one * values[: self._split]
        parts[1].array[:] = other * values[self._split :]

    def _gather(self, parts: tuple[PETSc.Vec, PETSc.Vec], whole: PETSc.Vec, scaled: bool) -> None:
        one, other = self.scales if scaled else (1.0, 1.0)
        whole.array[: self._split] = parts[0].array_r / one
        whole.array[self._split :] = parts[1].array_r / other

    def multiply(self, x: PETSc.Vec, y: PETSc.Vec, first: PETSc.Mat | None = None) -> None:
        """Write the scaled operator times ``x`` into ``y``.

        Args:
            x: both fields.
            y: both residuals over their scales.
            first: without boundary conditions, in the place of A, where ``x`` is not zero at prescribed unknowns of
                the first field; their rows of ``y`` are zero then.
        """
        if not self._parts:
            self._create(x)
        given, result, work = self._parts["in"], self._parts["out"], self._parts["work"]
        self._scatter(x, given, scaled=False)
        (first or self._matrix(self.first)).mult(given[0], result[0])
        if first is not None:
            result[0].array[self.first.fixed_owned] = 0.0
        self._matrix(self.second).mult(given[1], result[1])
        if self.B is not None:
            self.B.mult(given[1], work[0])
            work[0].array[self.first.fixed_owned] = 0.0
            result[0].axpy(1.0, work[0])
        if self.C is not None:
            self.C.mult(given[0], work[1])
            work[1].array[self.second.fixed_owned] = 0.0
            result[1].axpy(1.0, work[1])
        self._gather(result, y, scaled=True)

    def first_rows(self, x: PETSc.Vec, first: PETSc.Mat) -> PETSc.Vec:
        """Return the unscaled rows of the first field without boundary conditions: ``first`` in the place of A."""
        given = self._parts["in"]
        self._scatter(x, given, scaled=False)
        rows = first.createVecLeft()
        first.mult(given[0], rows)
        if self.B is not None:
            self.B.multAdd(given[1], rows, rows)
        return rows

    def _precondition(self, x: PETSc.Vec, y: PETSc.Vec) -> None:
        given, result, work = self._parts["in"], self._parts["out"], self._parts["work"]
        self._scatter(x, given, scaled=True)
        self.first.precondition(given[0], result[0])
        if self.C is not None:
            self.C.mult(result[0], work[1])
            work[1].array[self.second.fixed_owned] = 0.0
            given[1].axpy(-1.0, work[1])
        self.second.precondition(given[1], result[1])
        self._gather(result, y, scaled=False)


class _Operator:
    def __init__(self, solver: CoupledSolver) -> None:
        self._solver = solver

    def mult(self, matrix: PETSc.Mat, x: PETSc.Vec, y: PETSc.Vec) -> None:
        """PETSc's name for y = A x."""
        self._solver.multiply(x, y)


class _Preconditioner:
    def __init__(self, solver: CoupledSolver) -> None:
        self._solver = solver

    def apply(self, pc: PETSc.PC, x: PETSc.Vec, y: PETSc.Vec) -> None:
        """PETSc's name for y = M x."""
        self._solver._precondition(x, y)
