"""The one wrapper around every linear solve: set-up, checks, convergence, and a sentence when it fails."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from dolfinx import fem
from petsc4py import PETSc

from femsuite import parallel
from femsuite.errors import SolveError
from femsuite.solve import multigrid, rigid
from femsuite.solve.assembly import fixed_dofs
from femsuite.solve.factored import Factored
from femsuite.solve.monitor import Monitor, SolveRecord
from femsuite.solve.norms import maximum, norm, summed
from femsuite.solve.presets import SMOOTHER, choose, coarse_options, large, options_of
from femsuite.solve.reasons import REASONS, advice, code
from femsuite.solve.upkeep import Upkeep

CoarseOperator = Callable[[fem.FunctionSpace, np.ndarray], PETSc.Mat]

_number = itertools.count()


class LinearSolver:
    """Solve ``A x = b`` for one physics again and again.

    The stopping test is on the true residual over the free unknowns, relative to the right-hand side over the free
    unknowns: prescribed values (300 K beside a flux of 1 mW) do not loosen it.

    Args:
        space: the unknown's space.
        name: the physics, for messages: ``heat``, ``mechanics``.
        preset: ``auto``, ``direct``, ``multigrid`` or ``jacobi``, see `femsuite.solve.presets`.
        symmetric: conjugate gradients if true (A symmetric positive), flexible GMRES if not.
        rigid_modes: whether the rigid motions are nearly free of energy (elasticity); helps the coarse levels.
        free: whether rigid motions that ``bcs`` leave free are in the kernel of A. The right-hand side must then do no
            work on them; the solution comes without a component along them.
        bcs: the prescribed unknowns; A must have identity rows and columns there.
        axial: whether a rigid motion along y is the only one, as of an axisymmetric body.
        parts: local unrolled degrees of freedom of each part of a body in several; None for one part.
        idle: those of them, local unrolled (owned and ghost), that belong to no part of the body and hold nothing.
        coarse_operator: ``(P1 space, fixed local unrolled dofs) -> matrix`` assembles the operator on the linear
            space, with identity rows at the fixed unknowns; None takes the product P^T A P.
        monitor: collects the records.
    """

    def __init__(
        self,
        space: fem.FunctionSpace,
        name: str,
        *,
        preset: str = "auto",
        symmetric: bool = True,
        rigid_modes: bool = False,
        free: bool = False,
        bcs: Sequence[fem.DirichletBC] = (),
        axial: bool = False,
        parts: Sequence[np.ndarray] | None = None,
        idle: np.ndarray | None = None,
        coarse_operator: CoarseOperator | None = None,
        monitor: Monitor | None = None,
    ) -> None:
        self.space, self.name, self.symmetric, self.rigid_modes = space, name, symmetric, rigid_modes
        self.monitor = monitor
        self._coarse_operator, self._axial = coarse_operator, axial
        self.fixed, self._idle = fixed_dofs(bcs), idle
        block, index_map = space.dofmap.index_map_bs, space.dofmap.index_map
        self._owned = index_map.size_local * block
        self.unknowns = index_map.size_global * block
        self.fixed_owned = self.fixed[self.fixed < self._owned]
        dimension, order = space.mesh.topology.dim, space.element.basix_element.degree
        self.preset = choose(preset, self.unknowns, dimension, block > 1, order)
        self._parts: Sequence[np.ndarray | None] = [None] if parts is None else list(parts)
        held = self._holding(self.fixed, idle)
        each = [rigid.kernel(space, held, idle, axial, one) for one in self._parts if free]
        self.motions = np.hstack([np.zeros((self._owned, 0)), *each])
        self.first_motions = each[0] if each else self.motions
        """Those of the first part."""
        self._pins = self._global_pins(space, self.motions)
        self.supported = parallel.anywhere(bool(len(self._holding(self.fixed_owned, idle))), space.mesh.comm)
        """Whether any unknown of the body is prescribed."""
        self.matrix: PETSc.Mat | None = None
        self._factored = Factored(self._pins, symmetric and large(self.unknowns, dimension))
        self._transfer: multigrid.Prolongation | None = None
        self._coarse: PETSc.Mat | None = None
        self._ksp: PETSc.KSP | None = None
        self._upkeep, self._setup_seconds = Upkeep(self.preset, space.mesh.comm), 0.0
        self._options: dict[str, object] = {}

    # -- operator -----------------------------------------------------------------------------------------------

    def set_operator(self, matrix: PETSc.Mat, reuse_preconditioner: bool = False) -> None:
        """Give the assembled matrix, or say that its entries have changed.

        Args:
            matrix: AIJ or BAIJ; the same object may be given again after a new assembly.
            reuse_preconditioner: keep the preconditioner of the earlier entries as long as that is cheaper than to
                build it anew, see `femsuite.solve.upkeep`.

        Raises:
            SolveError: when rows have no diagonal entry or a non-finite one; says how many and where.
        """
        diagonal = self._checked_diagonal(matrix)
        self.matrix = matrix
        if reuse_preconditioner and self._ksp is not None and not self._upkeep.due(diagonal):
            self._operators(self._ksp, matrix)
            self._ksp.getPC().setReusePreconditioner(True)
            return
        self._build(matrix, diagonal)

    def _build(self, matrix: PETSc.Mat, diagonal: np.ndarray) -> None:
        began = time.perf_counter()
        if self._ksp is None:
            self._ksp = self._create(matrix)
        self._operators(self._ksp, matrix)
        pc = self._ksp.getPC()
        pc.setReusePreconditioner(False)
        if self.preset == "multigrid":
            self._set_coarse(matrix)
        try:
            self._ksp.setUp()
        except PETSc.Error as error:
            raise SolveError(
                self._sentence(f"the preconditioner could not be set up (PETSc error {code(error)})")
            ) from error
        if self.preset != "direct":  # a later factorisation reads its options again
            self._drop_options()
        self._upkeep.built(diagonal)
        self._setup_seconds += time.perf_counter() - began

    def _operators(self, ksp: PETSc.KSP, matrix: PETSc.Mat) -> None:
        if self.preset == "direct":
            matrix = self._factored.update(matrix, bool(self.motions.shape[1]), self._diagonal_size)
        elif self.motions.shape[1]:
            matrix.setNullSpace(PETSc.NullSpace().create(vectors=rigid.as_vectors(matrix, self.motions)))
        ksp.setOperators(matrix)

    def _create(self, matrix: PETSc.Mat) -> PETSc.KSP:
        prefix = f"{self.name}_{next(_number)}_"
        ksp = PETSc.KSP().create(self.space.mesh.comm)
        ksp.setOptionsPrefix(prefix)
        # A factorisation does not ask for a positive matrix, and tangents of metals that yield are on the brink of it.
        positive = self.symmetric and self.preset != "direct"
        preset = options_of(self.preset, self.unknowns, self.space.mesh.topology.dim, self.symmetric)
        options = {"ksp_type": "cg" if positive else "fgmres", **preset}
        if positive:
            options["ksp_norm_type"] = "unpreconditioned"
        else:
            options["ksp_gmres_restart"] = 60
        transfer = None
        if self.preset == "multigrid":
            options |= {f"mg_levels_{key}": value for key, value in SMOOTHER.items()}
            transfer = self._transfer = multigrid.prolongation(self.space, self.fixed)
            coarse = coarse_options(transfer.matrix.getSize()[1], self.space.mesh.comm.size)
            options |= {f"mg_coarse_{key}": value for key, value in coarse.items()}
        handle: Any = PETSc.Options(prefix)  # its stubs lack the item access that it has
        for key, value in options.items():
            handle[key] = value
        if transfer is not None:
            pc = ksp.getPC()
            pc.setOptionsPrefix(prefix)
            pc.setType("mg")
            pc.setMGLevels(2)
            pc.setMGInterpolation(1, transfer.matrix)
        ksp.setFromOptions()
        ksp.setInitialGuessNonzero(True)
        if self.preset == "multigrid":
            ksp.getPC().getMGCoarseSolve().setFromOptions()
        elif self.rigid_modes and self.preset == "algebraic":
            fields = rigid.rigid_fields(self.space)
            matrix.setNearNullSpace(
                PETSc.NullSpace().create(vectors=rigid.as_vectors(matrix, fields.reshape(-1, fields.shape[2])))
            )
        self._options = options  # levels and factors read theirs at set-up
        return ksp

    def _set_coarse(self, matrix: PETSc.Mat) -> None:
        transfer = self._transfer
        assert transfer is not None
        assert self._ksp is not None
        fixed = multigrid.coarse_fixed(transfer, self.space, self.fixed)
        if self._coarse_operator is not None:
            coarse = self._coarse_operator(transfer.coarse, fixed)
        else:
            product = matrix if matrix.getType().endswith("aij") and "b" not in matrix.getType() else None
            product = product or matrix.convert("aij", PETSc.Mat())
            coarse = product.ptap(transfer.matrix)
            coarse.setBlockSize(self.space.dofmap.index_map_bs)
        if self.motions.shape[1]:
            # Pinned, the coarse problem is regular; the outer iteration removes the rigid motion again.
            coarse.zeroRowsColumns(
                self._global_pins(transfer.coarse, self._coarse_motions(transfer, fixed)),
                diag=self._typical_diagonal(coarse),
            )
        if self.rigid_modes:
            fields = rigid.rigid_fields(transfer.coarse)
            near = rigid.as_vectors(coarse, fields.reshape(-1, fields.shape[2]))
            coarse.setNearNullSpace(PETSc.NullSpace().create(vectors=near))
        self._ksp.getPC().getMGCoarseSolve().setOperators(coarse)
        if self._coarse is not None and self._coarse is not coarse:
            self._coarse.destroy()
        self._coarse = coarse

    @staticmethod
    def _holding(fixed: np.ndarray, idle: np.ndarray | None) -> np.ndarray:
        return fixed if idle is None else np.setdiff1d(fixed, idle)

    def _coarse_motions(self, transfer: multigrid.Prolongation, fixed: np.ndarray) -> np.ndarray:
        idle = None if self._idle is None else multigrid.coarse_fixed(transfer, self.space, self._idle)
        held, found = self._holding(fixed, idle), []
        for one in self._parts:
            part = None if one is None else multigrid.coarse_fixed(transfer, self.space, one)
            found.append(rigid.kernel(transfer.coarse, held, idle, self._axial, part))
        return np.hstack(found)

    @staticmethod
    def _global_pins(space: fem.FunctionSpace, motions: np.ndarray) -> Any:
        local = rigid.pins(space, motions) if motions.shape[1] else np.empty(0, dtype=np.int32)
        block, first = space.dofmap.index_map_bs, space.dofmap.index_map.local_range[0]
        return (local + first * block).astype(PETSc.IntType)

    def _typical_diagonal(self, matrix: PETSc.Mat) -> float:
        diagonal = matrix.getDiagonal().array
        return maximum(float(np.abs(diagonal).max(initial=0.0)), self.space.mesh.comm) or 1.0

    def _checked_diagonal(self, matrix: PETSc.Mat) -> np.ndarray:
        diagonal = np.asarray(matrix.getDiagonal().array)
        finite = np.isfinite(diagonal)
        comm = self.space.mesh.comm
        self._diagonal_size = self._typical_diagonal(matrix) if not parallel.anywhere(not finite.all(), comm) else 1.0
        bad = ~finite | (np.abs(diagonal) <= 1e-300)
        count = int(summed(float(bad.sum()), comm))
        if not count:
            return diagonal
        block = self.space.dofmap.index_map_bs
        points = self.space.tabulate_dof_coordinates()[np.flatnonzero(bad)[:3] // block]
        first = next(found for found in parallel.gather(points.tolist(), comm) if found)
        places = "; ".join("(" + ", ".join(f"{value:.6g}" for value in point) + ") m" for point in first)
        what = "no diagonal entry" if parallel.anywhere(bool((finite & bad).any()), comm) else "a non-finite diagonal"
        raise SolveError(
            f"{self.name}: {count} of {self.unknowns} rows of the matrix have {what}, for example at {places}. "
            "Some region has no stiffness or conductivity there; check its material's properties."
        )

    def wear(self, always: bool = False) -> None:
        """Let the next operator have factors of its own; what is no factor is kept, but ``always``."""
        if always or self.preset == "direct":
            self._upkeep.wear()

    def precondition(self, b: PETSc.Vec, x: PETSc.Vec) -> None:
        """Write what the preconditioner alone makes of ``b`` into ``x``."""
        assert self._ksp is not None
        self._ksp.getPC().apply(b, x)

    def iterated(self, iterations: int, digits: float) -> None:
        """Note that an iteration around `precondition` took so many steps for so many decimal digits."""
        self._upkeep.solved(iterations, digits)

    # -- solve --------------------------------------------------------------------------------------------------

    def solve(self, b: PETSc.Vec, x: PETSc.Vec, rtol: float = 1e-10, atol: float = 0.0) -> SolveRecord:
        """Solve for ``x``, which also is the initial guess; its ghosts are updated.

        Args:
            b: right-hand side, ghost contributions added up, prescribed values in the prescribed rows.
            x: overwritten; may hold a guess.
            rtol: of the true residual over the free unknowns against the right-hand side over the free unknowns.
            atol: absolute limit of the same residual, e.g. ``1e-10`` times a reference force.

        Raises:
            SolveError: when the iteration does not converge or a number is not finite.
        """
        if self._ksp is None or self.matrix is None:
            raise SolveError(self._sentence("no operator was given"))
        began = time.perf_counter()
        x.array[self.fixed_owned] = b.array_r[self.fixed_owned]
        scale = self._free_norm(b)
        if not np.isfinite(scale) or not np.isfinite(x.norm()):
            raise SolveError(self._sentence("the right-hand side or the start value is not finite"))
        if self.motions.shape[1]:
            self._remove_motions(x)
        goal = max(rtol * scale, atol, 1e-290)
        record = self._attempt(b, x, scale, goal, began)
        if record is None:  # a kept preconditioner was too old: build it from the present entries, once
            self._build(self.matrix, self._checked_diagonal(self.matrix))
            x.set(0.0)
            x.array[self.fixed_owned] = b.array_r[self.fixed_owned]
            record = self._attempt(b, x, scale, goal, began)
            assert record is not None
        x.ghostUpdate(PETSc.InsertMode.INSERT, PETSc.ScatterMode.FORWARD)
        if self.monitor is not None:
            self.monitor.record(record)
        return record

    def _attempt(self, b: PETSc.Vec, x: PETSc.Vec, scale: float, goal: float, began: float) -> SolveRecord | None:
        ksp = self._ksp
        assert ksp is not None
        lagged = self._upkeep.used
        ksp.setConvergenceHistory()
        ksp.setTolerances(rtol=1e-50, atol=goal, divtol=1e12)
        right = b
        if self.motions.shape[1]:
            right = b.copy()  # forces that do work on a free motion are only rounding: without them CG converges
            self._remove_motions(right)
            if self.preset == "direct":
                right = right.copy()
                self._set_rows(right, 0.0)
                self._set_rows(x, 0.0)
        try:
            ksp.solve(right, x)
        except PETSc.Error as error:
            if lagged:
                return None
            raise SolveError(self._sentence(f"PETSc stopped with error {code(error)}")) from error
        reason: Any = ksp.getConvergedReason()
        iterations = ksp.getIterationNumber()
        if self.motions.shape[1]:
            self._remove_motions(x)
            x.array[self.fixed_owned] = b.array_r[self.fixed_owned]  # up to rounding they are
        residual = self._residual(b, x)
        words = REASONS.get(reason, f"PETSc reason {reason}")
        # CG's recurrence may stop a hair short of the goal, and rounding limits a factorisation; both are judged by the
        # true residual.
        good = np.isfinite(residual) and (residual <= 10.0 * goal or (reason > 0 and residual <= 1e-6 * scale))
        if not good and lagged:
            return None
        if not good and self.preset == "direct" and np.isfinite(residual) and residual <= 1e-8 * scale:
            good, words = True, "as exact as the factorisation"
        if not good:
            share = residual / scale if scale > 0.0 else residual
            raise SolveError(self._sentence(f"{words} after {iterations} iterations, relative residual {share:.2e}"))
        started = float(ksp.getConvergenceHistory()[0]) if len(ksp.getConvergenceHistory()) else 0.0
        self._upkeep.solved(iterations, math.log10(started / residual) if started > residual > 0.0 else 0.0)
        setup, self._setup_seconds = self._setup_seconds, 0.0
        return SolveRecord(
            physics=self.name,
            preset=self.preset,
            unknowns=self.unknowns,
            iterations=iterations,
            residual=residual / scale if scale > 0.0 else residual,
            seconds=time.perf_counter() - began,
            setup_seconds=setup,
            reason=words,
        )

    def _set_rows(self, vector: PETSc.Vec, value: float) -> None:
        first = vector.getOwnershipRange()[0]
        vector.array[self._pins - first] = value

    def _free_norm(self, vector: PETSc.Vec) -> float:
        values = vector.array_r.copy()
        values[self.fixed_owned] = 0.0
        return norm(values, self.space.mesh.comm)

    def _residual(self, b: PETSc.Vec, x: PETSc.Vec) -> float:
        assert self.matrix is not None
        residual = b.duplicate()
        self.matrix.mult(x, residual)
        residual.aypx(-1.0, b)
        if self.motions.shape[1]:
            self._remove_motions(residual)
        norm = self._free_norm(residual)
        residual.destroy()
        return norm

    def _remove_motions(self, vector: PETSc.Vec) -> None:
        along = parallel.total(self.motions.T @ vector.array_r, self.space.mesh.comm)
        vector.array[:] -= self.motions @ along

    def _sentence(self, what: str) -> str:
        where = f"{self.name}: the linear solve ({self.preset}, {self.unknowns} unknowns)"
        return f"{where} failed: {what}. {advice(self.preset)}"

    def forget(self) -> None:
        """Drop the preconditioner, so that the next one owes nothing to earlier entries of the matrix."""
        self.close()
        self._upkeep = Upkeep(self.preset, self.space.mesh.comm)

    def _drop_options(self) -> None:
        if self._ksp is not None:
            handle: Any = PETSc.Options(self._ksp.getOptionsPrefix())
            for key in self._options:
                handle.delValue(key)
        self._options = {}

    def close(self) -> None:
        """Free the PETSc objects this solver made (not the matrix it was given)."""
        self._drop_options()
        for held in (self._ksp, self._coarse, self._factored, self._transfer.matrix if self._transfer else None):
            if held is not None:
                held.destroy()
        self._ksp = self._coarse = self._transfer = None
