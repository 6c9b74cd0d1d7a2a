"""Why PETSc's Krylov methods end, in words."""

from __future__ import annotations

from typing import Any

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


def advice(preset: str) -> str:
    """Return what to try when a linear solve of a preset has failed."""
    known = {
        "direct": "Check that the supports hold the body and that all material values are sensible, or try the "
        'preset "multigrid".',
        "jacobi": 'Try the preset "multigrid" or "direct".',
    }
    return known.get(preset, 'Try the preset "direct"; if it fails too, check supports and material values.')


def code(error: Any) -> int:
    """Return PETSc's number of an error."""
    return int(error.ierr)
