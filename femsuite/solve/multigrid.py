"""Two levels in the polynomial order: the prolongation from linear to quadratic elements by index arithmetic.

The coarse space is contained in the fine one, so the coarse operator assembled with the same quadrature is the
Galerkin product P^T A P, exactly. Fixed (Dirichlet) degrees of freedom keep identity rows on both levels: a fixed
vertex maps onto itself alone; no fixed unknown receives a correction and no fixed coarse unknown hands one on.
"""

from __future__ import annotations

from dataclasses import dataclass

import basix.ufl
import numpy as np
from dolfinx import fem
from petsc4py import PETSc


@dataclass(frozen=True)
class Prolongation:
    """From the linear to the quadratic space on one mesh.

    Args:
        coarse: the P1 space with the fine space's block size.
        matrix: global prolongation, owned fine unknowns by owned coarse unknowns (AIJ).
        vertex: fine block dof of each local coarse block dof (owned and ghost), int32.
    """

    coarse: fem.FunctionSpace
    matrix: PETSc.Mat
    vertex: np.ndarray


def coarse_space(fine: fem.FunctionSpace) -> fem.FunctionSpace:
    """Return the P1 space on the mesh of ``fine`` with the same block size."""
    mesh = fine.mesh
    size = fine.dofmap.index_map_bs
    shape = (size,) if size > 1 else ()
    return fem.functionspace(mesh, basix.ufl.element("Lagrange", mesh.basix_cell(), 1, shape=shape))


def prolongation(fine: fem.FunctionSpace, fixed: np.ndarray | None = None) -> Prolongation:
    """Build the interpolation P1 -> P2 from the two dofmaps, without visiting cells one by one.

    Args:
        fine: Lagrange space of order 2 on simplices, quadrilaterals or hexahedra; scalar or blocked.
        fixed: local unrolled degrees of freedom (owned and ghost) of ``fine`` that are prescribed, int32.

    Returns:
        The coarse space and the matrix, distributed as the two spaces are.
    """
    coarse = coarse_space(fine)
    block = fine.dofmap.index_map_bs
    rows_map, cols_map = fine.dofmap.index_map, coarse.dofmap.index_map
    owned = rows_map.size_local
    local_rows = owned + rows_map.num_ghosts
    local_cols = cols_map.size_local + cols_map.num_ghosts

    # Values of the linear shape functions at the nodes of the quadratic element, (nodes, vertices).
    nodes = fine.element.basix_element.points
    shape_values = coarse.element.basix_element.tabulate(0, nodes)[0, :, :, 0]
    shape_values = np.round(shape_values * 8.0) / 8.0  # they are eighths, quarters, halves: free of rounding
    fine_dofs, coarse_dofs = fine.dofmap.list, coarse.dofmap.list

    # Every fine unknown is interpolated in one cell that holds it; which one makes no difference (continuity).
    place = np.full(local_rows, -1, dtype=np.int64)
    place[fine_dofs.ravel()] = np.arange(fine_dofs.size)
    cell, node = np.divmod(place[:owned], fine_dofs.shape[1])
    values = shape_values[node]
    columns = coarse_dofs[cell]

    at_vertex = np.argmax(shape_values, axis=0)
    vertex = np.full(local_cols, -1, dtype=np.int32)
    vertex[coarse_dofs.ravel()] = fine_dofs[:, at_vertex].ravel()

    keep = values != 0.0
    counts = keep.sum(axis=1)
    columns, values = columns[keep], values[keep]
    pointers = np.concatenate([[0], np.cumsum(counts)])

    # Unroll the blocks: row (r, c) holds the same pattern at the columns (., c).
    held = np.zeros(local_rows * block, dtype=bool)
    if fixed is not None:
        held[fixed] = True
    entry_row = np.repeat(np.arange(owned), counts)
    component = np.arange(block)
    unrolled_row = entry_row[:, None] * block + component
    unrolled_value = np.repeat(values[:, None], block, axis=1)
    own_vertex = vertex[columns] == entry_row
    held_column = held[vertex[columns][:, None] * block + component]
    unrolled_value[(held[unrolled_row] | held_column) & ~own_vertex[:, None]] = 0.0
    global_column = cols_map.local_to_global(columns.astype(np.int32))[:, None] * block + component

    order = np.argsort(unrolled_row.ravel(), kind="stable")
    matrix_pointers = np.concatenate([[0], np.cumsum(np.repeat(np.diff(pointers), block))])
    matrix = PETSc.Mat().createAIJ(
        size=(
            (owned * block, rows_map.size_global * block),
            (cols_map.size_local * block, cols_map.size_global * block),
        ),
        csr=(
            matrix_pointers.astype(PETSc.IntType),
            global_column.ravel()[order].astype(PETSc.IntType),
            unrolled_value.ravel()[order],
        ),
        comm=fine.mesh.comm,
    )
    matrix.setBlockSizes(block, block)
    return Prolongation(coarse, matrix, vertex)


def coarse_fixed(transfer: Prolongation, fine: fem.FunctionSpace, fixed: np.ndarray) -> np.ndarray:
    """Return the local unrolled coarse degrees of freedom (owned and ghost) whose vertex is fixed on the fine level."""
    block = fine.dofmap.index_map_bs
    rows_map = fine.dofmap.index_map
    held = np.zeros((rows_map.size_local + rows_map.num_ghosts) * block, dtype=bool)
    held[fixed] = True
    of_vertex = held[transfer.vertex[:, None] * block + np.arange(block)]
    return np.flatnonzero(of_vertex.ravel()).astype(np.int32)
