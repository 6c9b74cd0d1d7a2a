"""The PETSc options of every named preset, in one place where they can be read and changed."""

from __future__ import annotations

from typing import Literal

Preset = Literal["auto", "direct", "multigrid", "jacobi"]

MUMPS = {
    "pc_type": "lu",
    "pc_factor_mat_solver_type": "mumps",
    "mat_mumps_icntl_7": 5,  # METIS ordering: half the work of the minimum-degree orderings on solids
    "mat_mumps_icntl_14": 60,  # per cent of spare workspace; a little memory against error -9
}

# Low-rank blocks in the factors of a solid (Amestoy et al., ACM Trans. Math. Softw. 45 (2019) 2): a factorisation in
# less than half the time, exact to about this; the iteration around it makes up for the rest.
LOW_RANK = {"mat_mumps_icntl_35": 1, "mat_mumps_cntl_7": 1e-5}

# On several ranks every rank factorises a small coarse level for itself: one gather in the place of the many messages
# of a distributed triangular solve. A larger one is distributed: the same CPU time, without a copy on every rank.
REDUNDANT = {"pc_type": "redundant", **{f"redundant_{key}": value for key, value in MUMPS.items()}}

GAMG = {
    "pc_type": "gamg",
    "pc_gamg_coarse_eq_limit": 50,  # 1000 makes PETSc's own dense-like coarse LU the dearest part of the set-up
    "pc_gamg_threshold": 0.01,  # drops the weak couplings of flat cells
    "pc_gamg_reuse_interpolation": True,
    "mg_levels_ksp_type": "chebyshev",
    "mg_levels_ksp_max_it": 2,
    "mg_levels_pc_type": "jacobi",
}

# Two cycles on the cheap coarse level save a third of the iterations on the dear fine one; a stationary iteration keeps
# the preconditioner linear and symmetric.
COARSE = {
    **GAMG,
    "ksp_type": "richardson",
    "ksp_max_it": 2,
    "ksp_norm_type": "none",
    "ksp_convergence_test": "skip",
}

SMOOTHER = {
    "ksp_type": "chebyshev",
    "ksp_max_it": 2,  # degree 2 was cheapest for assembled operators; 3 and 4 save fewer iterations than they cost
    "ksp_norm_type": "none",
    "ksp_convergence_test": "skip",
    # Not pbjacobi or sor, which save one iteration in twenty: PETSc 3.25 keeps the inverted diagonal blocks of a BAIJ
    # matrix that is zeroed and assembled anew (MatInvertBlockDiagonal returns those of the first assembly, seen on one
    # rank and on two), so both would smooth with the blocks of an earlier state.
    "pc_type": "jacobi",
}

# What goes into the preconditioner. "multigrid" is two-level in the order (P2 -> P1); its coarse level is one of GAMG
# or MUMPS, by size. On spaces of order one the same name means GAMG on the operator itself.
PRESETS: dict[str, dict[str, object]] = {
    "direct": {**MUMPS, "ksp_max_it": 20},
    "multigrid": {"pc_type": "mg", "ksp_max_it": 500},
    "algebraic": {**GAMG, "ksp_max_it": 500},
    "jacobi": {"pc_type": "jacobi", "ksp_max_it": 20000},
}

# Largest number of unknowns that "auto" hands to the direct solver: (dimension, vector-valued) -> unknowns.
DIRECT_BELOW = {(2, False): 300_000, (2, True): 200_000, (3, False): 30_000, (3, True): 10_000}
# Likewise for a potential or temperature coupled to another field: factors serve many right-hand sides there, and thin
# metal beside insulators costs multigrid 40 to 140 iterations (5 x 5 openings, 79 000 unknowns each: 36 s, not 64).
COUPLED_DIRECT_BELOW = 300_000
# Largest P1 coarse level that is factorised instead of handed to GAMG. On a package with stiffnesses of 0.9 and 165 GPa
# and flat cells in its attach (274 000 unknowns, 37 000 of them coarse) GAMG takes 56 iterations and MUMPS 23.
COARSE_DIRECT_BELOW = 100_000
# Largest one that every rank factorises for itself.
COARSE_REDUNDANT_BELOW = 20_000

# Smallest number of unknowns in three dimensions whose factors are made of low-rank blocks: below, nothing is gained.
LOW_RANK_ABOVE = 20_000

# What the set-up of a preconditioner costs, in iterations with it: measured on the same package, rounded.
SETUP_IN_ITERATIONS = {"direct": 20, "multigrid": 8, "algebraic": 10, "jacobi": 1}


def large(unknowns: int, dimension: int) -> bool:
    """Return whether factors of a problem of this size are worth low-rank blocks and, if symmetric, a triangle only."""
    return dimension == 3 and unknowns > LOW_RANK_ABOVE


def options_of(preset: str, unknowns: int, dimension: int, symmetric: bool) -> dict[str, object]:
    """Return the options of a preset for a problem of this size.

    Args:
        preset: key of `PRESETS`.
        unknowns: global number of unknowns.
        dimension: of the mesh.
        symmetric: whether the matrix is.
    """
    options = dict(PRESETS[preset])
    if preset == "direct" and large(unknowns, dimension):
        options |= LOW_RANK | ({"pc_type": "cholesky"} if symmetric else {})
    return options


def coarse_options(unknowns: int, ranks: int) -> dict[str, object]:
    """Return the options of the coarse level of the two-level preconditioner.

    Args:
        unknowns: global number of the coarse level's unknowns.
        ranks: of the communicator.
    """
    if unknowns > COARSE_DIRECT_BELOW:
        return dict(COARSE)
    exact = REDUNDANT if ranks > 1 and unknowns <= COARSE_REDUNDANT_BELOW else MUMPS
    return {**exact, "ksp_type": "preonly"}


def coupled(preset: str, unknowns: int) -> str:
    """Return what a user's preset means for one of two coupled scalar fields of this size."""
    return "direct" if preset == "auto" and unknowns <= COUPLED_DIRECT_BELOW else preset


def choose(preset: str, unknowns: int, dimension: int, vector: bool, order: int) -> str:
    """Return the key of `PRESETS` that a user's preset means for a problem of this size.

    Args:
        preset: ``auto``, ``direct``, ``multigrid`` or ``jacobi``.
        unknowns: global number of unknowns.
        dimension: of the mesh.
        vector: whether the unknown is a vector field.
        order: polynomial order of the space.
    """
    if preset == "auto":
        preset = "direct" if unknowns <= DIRECT_BELOW.get((dimension, vector), 300_000) else "multigrid"
    if preset == "multigrid" and order != 2:
        return "algebraic"
    return preset
