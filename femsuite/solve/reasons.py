"""Why PETSc's Krylov methods end, in words."""

from __future__ import annotations

from petsc4py import PETSc

REASONS: dict[int, str] = {
    PETSc.KSP.ConvergedReason.CONVERGED_RTOL: "converged",
    PETSc.KSP.ConvergedReason.CONVERGED_ATOL: "converged",
    PETSc.KSP.ConvergedReason.CONVERGED_ITS: "finished its one application",
    PETSc.KSP.ConvergedReason.DIVERGED_MAX_IT: "the largest number of iterations was reached",
    PETSc.KSP.ConvergedReason.DIVERGED_DTOL: "the residual grew without bound",
    PETSc.KSP.ConvergedReason.DIVERGED_BREAKDOWN: "the Krylov method broke down",
    PETSc.KSP.ConvergedReason.DIVERGED_BREAKDOWN_BICG: "the Krylov method broke down",
    PETSc.KSP.ConvergedReason.DIVERGED_NANORINF: "a number that is not finite appeared",
    PETSc.KSP.ConvergedReason.DIVERGED_INDEFINITE_MAT: "the matrix is not positive definite",
    PETSc.KSP.ConvergedReason.DIVERGED_INDEFINITE_PC: "the preconditioner is not positive definite",
    PETSc.KSP.ConvergedReason.DIVERGED_PCSETUP_FAILED: "the factorisation failed (singular matrix or lack of memory)",
}
