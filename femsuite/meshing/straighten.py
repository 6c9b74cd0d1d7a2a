"""Quadratic cells of other codes -> straight ones: mid nodes are dropped where they say nothing."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from femsuite.errors import InputError

_TOLERANCE = 1e-3  # of an edge's length: beyond it, a mid node off the middle means a curved edge
# meshio's quadratic cell -> its straight cell, and the edge whose middle each further node holds
_TETRA = ((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3))
_HEXA = ((0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (0, 4), (1, 5), (2, 6), (3, 7))
_QUAD = ((0, 1), (1, 2), (2, 3), (3, 0))
QUADRATIC = {
    "triangle6": ("triangle", 3, ((0, 1), (1, 2), (2, 0))),
    "quad8": ("quad", 4, _QUAD),
    "quad9": ("quad", 4, _QUAD),
    "tetra10": ("tetra", 4, _TETRA),
    "hexahedron20": ("hexahedron", 8, _HEXA),
    "hexahedron27": ("hexahedron", 8, _HEXA),
}
LINEAR = ("triangle", "quad", "tetra", "hexahedron")


def straight_cells(points: np.ndarray, cells: np.ndarray, kind: str, path: Path) -> tuple[np.ndarray, str]:
    """Return the vertices of the cells and meshio's name of the straight cell.

    Args:
        points: shape (n, 2 or 3), any unit.
        cells: shape (m, nodes), meshio's order.
        kind: meshio's name of the cell.
        path: the file, for sentences.

    Raises:
        InputError: a cell that is not read, or curved edges.
    """
    cells = np.asarray(cells, dtype=np.int64)
    if kind in LINEAR:
        return cells, kind
    if kind not in QUADRATIC:
        allowed = ", ".join([*LINEAR, *QUADRATIC])
        raise InputError(f"{path} holds cells of the type {kind}; allowed: {allowed}")
    straight, vertices, edges = QUADRATIC[kind]
    worst = 0.0
    for index, (a, b) in enumerate(edges):
        start, end, middle = (points[cells[:, node]] for node in (a, b, vertices + index))
        length = np.linalg.norm(end - start, axis=1)
        worst = max(worst, float(np.max(np.linalg.norm(middle - 0.5 * (start + end), axis=1) / length)))
    if worst > _TOLERANCE:
        raise InputError(
            f"{path} has curved cells (a mid node lies {worst:.1%} of its edge's length off the middle); only cells "
            "with straight edges are read: export linear cells, with a finer mesh along curved faces"
        )
    warnings.warn(
        f"{path}: the mid nodes of its {kind} cells were dropped; all edges are straight, so the geometry is the same",
        stacklevel=2,
    )
    return cells[:, :vertices], straight
