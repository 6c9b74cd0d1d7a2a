"""Compiled forms and their assembly into PETSc objects: one place for compiler flags and ghost updates."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dolfinx.fem.petsc as fem_petsc
import numpy as np
import ufl
from dolfinx import fem
from petsc4py import PETSc

from femsuite.errors import SolveError
from femsuite.solve import form_cache


def _processor() -> str:
    """Return a short name of this processor's instruction set."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    flags = next((line for line in lines if line.startswith(("flags", "Features"))), platform.machine())
    return hashlib.sha256(flags.encode()).hexdigest()[:12]


# The kernels of quadratic elements run twice as fast with vector instructions. The cache of compiled forms is keyed by
# the flags; the macro keeps the code of one processor from being loaded on another that shares the home folder.
JIT_OPTIONS: dict[str, Any] = {
    "cffi_extra_compile_args": ["-O3", "-march=native", "-ffast-math", f"-DFEMSUITE_CPU_{_processor()}"],
    "timeout": form_cache.WAIT,
}


def compile_form(expression: ufl.Form) -> fem.Form:
    """Compile a UFL form with the suite's flags.

    Raises:
        SolveError: another process has been compiling the same form for too long, or was killed while it did.
    """
    form_cache.tidy()
    try:
        return fem.form(expression, jit_options=JIT_OPTIONS)
    except (TimeoutError, RuntimeError) as error:
        if "failed on rank 0" in str(error):  # the first rank tells why
            raise SolveError("a form could not be compiled on rank 0") from error
        if "timed out" not in str(error):
            raise
        raise SolveError(
            f"a compiled form did not get ready within {form_cache.WAIT} s: another run compiles it, or was killed"
            f" while it did. Start again; if no other run is at work, delete {form_cache.folder()} first. ({error})"
        ) from error


def create_matrix(form: fem.Form, blocked: bool = False) -> PETSc.Mat:
    """Create the matrix of a bilinear form; ``blocked`` stores dense blocks per node (vector fields in 3D)."""
    return fem_petsc.create_matrix(form, "baij" if blocked else None)


def assemble_matrix(matrix: PETSc.Mat, form: fem.Form, bcs: Sequence[fem.DirichletBC] = ()) -> PETSc.Mat:
    """Assemble into ``matrix`` (zeroed first), with identity rows and columns at the prescribed unknowns."""
    matrix.zeroEntries()
    fem_petsc.assemble_matrix(matrix, form, bcs=list(bcs))
    matrix.assemble()
    return matrix


def assemble_vector(form: fem.Form, into: PETSc.Vec | None = None) -> PETSc.Vec:
    """Assemble a linear form and add up the shares of all ranks."""
    if into is None:
        into = fem_petsc.create_vector(form.function_spaces[0])
    with into.localForm() as local:
        local.set(0.0)
    fem_petsc.assemble_vector(into, form)
    into.ghostUpdate(PETSc.InsertMode.ADD, PETSc.ScatterMode.REVERSE)
    return into


def lift(
    vector: PETSc.Vec,
    form: fem.Form,
    bcs: Sequence[fem.DirichletBC],
    current: PETSc.Vec | None = None,
    alpha: float = 1.0,
) -> None:
    """Move prescribed values to the right-hand side and write them into its rows.

    Args:
        vector: assembled with `assemble_vector`; holds ``b - alpha A (g - current)`` afterwards, and
            ``alpha (g - current)`` in the prescribed rows.
        form: the bilinear form of ``A``.
        bcs: the prescribed values ``g``.
        current: subtracted from ``g`` (for corrections), ghosts up to date.
        alpha: factor, -1 for residuals.
    """
    with vector.localForm() as local:
        local.array_w[vector.getLocalSize() :] = 0.0  # what the ghosts held was added up already
    previous = None if current is None else [current]
    fem_petsc.apply_lifting(vector, [form], bcs=[list(bcs)], x0=previous, alpha=alpha)
    vector.ghostUpdate(PETSc.InsertMode.ADD, PETSc.ScatterMode.REVERSE)
    fem_petsc.set_bc(vector, list(bcs), x0=current, alpha=alpha)


def fixed_dofs(bcs: Sequence[fem.DirichletBC]) -> np.ndarray:
    """Return the local unrolled degrees of freedom (owned and ghost) that the conditions prescribe, sorted int32."""
    found = [bc.dof_indices()[0] for bc in bcs]
    return np.unique(np.concatenate(found)).astype(np.int32) if found else np.empty(0, dtype=np.int32)


def held_copy(matrix: PETSc.Mat, rows: np.ndarray, into: PETSc.Mat | None = None) -> PETSc.Mat:
    """Return a copy with identity rows and columns at the prescribed unknowns; the original keeps its own.

    Args:
        matrix: assembled without boundary conditions, AIJ.
        rows: local numbers of the prescribed unknowns that this rank owns.
        into: a copy made earlier, which is brought up to date.
    """
    if into is None:
        into = matrix.copy()
        keep: Any = PETSc.Mat.Option.KEEP_NONZERO_PATTERN
        into.setOption(keep, True)
    else:
        pattern: Any = PETSc.Mat.Structure.SAME_NONZERO_PATTERN
        matrix.copy(into, pattern)
    first = matrix.getOwnershipRange()[0]
    rows_held: Any = (rows + first).astype(PETSc.IntType)
    into.zeroRowsColumns(rows_held, diag=1.0)
    return into


def plain_vector(owned: int, comm: Any) -> PETSc.Vec:
    """Return a vector of which this rank owns so many entries and sees no others."""
    return PETSc.Vec().createGhost([], (owned, PETSc.DECIDE), comm=comm)
