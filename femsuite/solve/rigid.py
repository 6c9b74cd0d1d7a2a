"""Motions that cost no energy: which rigid translations and rotations a support leaves free, and pins for them."""

from __future__ import annotations

import numpy as np
from dolfinx import fem
from petsc4py import PETSc

from femsuite import parallel
from femsuite.solve.norms import maximum, summed


def rigid_fields(space: fem.FunctionSpace, centre: np.ndarray | None = None) -> np.ndarray:
    """Return the rigid motions at the owned nodes of a space.

    Args:
        space: Lagrange space; a vector space has as many components as the mesh has dimensions.
        centre: point (3,) in metres the rotations turn about; the mean of the nodes if None.

    Returns:
        ``(owned nodes, components, modes)``: one constant for a scalar space, else translations, then rotations
        divided by the size of the body so that all are of like magnitude.
    """
    block, owned = space.dofmap.index_map_bs, space.dofmap.index_map.size_local
    if block == 1:
        return np.ones((owned, 1, 1))
    points = space.tabulate_dof_coordinates()[:owned]
    comm = space.mesh.comm
    if centre is None:
        sums = parallel.total(np.append(points.sum(axis=0), len(points)), comm)
        centre = sums[:3] / sums[3]
    arm = points - centre
    reach = maximum(float(np.abs(arm).max(initial=0.0)), comm) or 1.0
    planes = [(0, 1)] if block == 2 else [(1, 2), (2, 0), (0, 1)]
    fields = np.zeros((owned, block, block + len(planes)))
    for axis in range(block):
        fields[:, axis, axis] = 1.0
    for mode, (first, second) in enumerate(planes, start=block):
        fields[:, first, mode], fields[:, second, mode] = -arm[:, second] / reach, arm[:, first] / reach
    return fields


def kernel(
    space: fem.FunctionSpace,
    fixed: np.ndarray,
    idle: np.ndarray | None = None,
    axial: bool = False,
    part: np.ndarray | None = None,
) -> np.ndarray:
    """Return the rigid motions that vanish at every fixed degree of freedom.

    Args:
        space: as in `rigid_fields`.
        fixed: local unrolled degrees of freedom (owned and ghost) that are held.
        idle: those that belong to no part of the body: the motions are zero there, and they hold nothing.
        axial: whether the body can only move along y, as an axisymmetric one.
        part: local unrolled degrees of freedom of the one part of the body that moves; None for all of it.

    Returns:
        ``(owned unrolled dofs, modes)``, orthonormal over all ranks; no column when the support holds every motion.
    """
    fields = rigid_fields(space)
    fields = fields.reshape(-1, fields.shape[2])[:, 1:2] if axial else fields.reshape(-1, fields.shape[2])
    comm = space.mesh.comm
    if part is not None:
        others = np.ones(len(fields), dtype=bool)
        others[part[part < len(fields)]] = False
        fields[others] = 0.0
    if idle is not None:
        fields[idle[idle < len(fields)]] = 0.0
    held = fields[fixed[fixed < len(fields)]]
    held_gram = parallel.total(held.T @ held, comm)
    gram = parallel.total(fields.T @ fields, comm)
    # Generalised eigenproblem: the share of a mode's square that lies on the fixed unknowns is zero for a free mode.
    root = np.linalg.inv(np.linalg.cholesky(gram))
    count = summed(float(len(fields)), comm)
    share, combination = np.linalg.eigh(root @ held_gram @ root.T)
    free = share < 1e-12 * max(1.0, count * 1e-3)
    return fields @ (root.T @ combination[:, free])


def pins(space: fem.FunctionSpace, motions: np.ndarray) -> np.ndarray:
    """Choose as many degrees of freedom as there are free motions, so that holding them holds the body.

    Gauss elimination with complete pivoting on the motions, largest displacement first; ties go to the largest
    coordinates, so the choice is a matter of geometry alone.

    Args:
        space: the space of ``motions``.
        motions: ``(owned unrolled dofs, modes)`` from `kernel`.

    Returns:
        Owned unrolled local degrees of freedom on this rank, int32.
    """
    comm, block = space.mesh.comm, space.dofmap.index_map_bs
    points = space.tabulate_dof_coordinates()
    left = motions.copy()
    chosen: list[int] = []
    largest = maximum(float(np.abs(left).max(initial=0.0)), comm) if left.shape[1] else 0.0
    for _ in range(motions.shape[1]):
        size = np.abs(left).max(axis=1, initial=0.0)
        best = maximum(float(size.max(initial=0.0)), comm)
        near = np.flatnonzero(size > best - 1e-9 * largest)
        # The candidates' keys: coordinates rounded so that equal ones compare equal on every rank, then the component.
        keys = [(*np.round(points[dof // block] * 1e12).tolist(), dof % block, dof) for dof in near]
        mine = max(keys, default=None)
        everyone = parallel.gather(None if mine is None else mine[:4], comm)
        winner = max(key for key in everyone if key is not None)
        owner = everyone.index(winner)
        held = left[mine[4]].copy() if comm.rank == owner and mine is not None else np.empty(0)
        row = parallel.broadcast(held, comm, root=owner)
        if comm.rank == owner and mine is not None:
            chosen.append(mine[4])
        pivot = int(np.argmax(np.abs(row)))
        left -= np.outer(left[:, pivot] / row[pivot], row)
        left[:, pivot] = 0.0
    return np.array(chosen, dtype=np.int32)


def as_vectors(matrix: PETSc.Mat, fields: np.ndarray) -> list[PETSc.Vec]:
    """Return the columns of ``(owned unrolled dofs, modes)`` as orthonormal vectors laid out like ``matrix``."""
    vectors: list[PETSc.Vec] = []
    for column in fields.T:
        vector = matrix.createVecRight()
        vector.array[:] = column
        for _ in range(2):  # twice is enough for orthogonality to rounding
            for earlier in vectors:
                vector.axpy(-vector.dot(earlier), earlier)
        vector.normalize()
        vectors.append(vector)
    return vectors
