"""Hexahedra into tetrahedra and quadrilaterals into triangles so that neighbours agree, whatever their order.

Every face is cut from its vertex of the smallest global number, which both cells of the face see alike (Dompierre,
Labbe, Vallet and Camarero, Proc. 8th Int. Meshing Roundtable, 1999). A hexahedron is the cone from its smallest vertex
over its three faces that do not hold it: six tetrahedra.
"""

from __future__ import annotations

import numpy as np

# The hexahedron turned so that each vertex comes first (VTK's order, right-handed as before).
_TURNED = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7],
        [1, 2, 3, 0, 5, 6, 7, 4],
        [2, 3, 0, 1, 6, 7, 4, 5],
        [3, 0, 1, 2, 7, 4, 5, 6],
        [4, 7, 6, 5, 0, 3, 2, 1],
        [5, 4, 7, 6, 1, 0, 3, 2],
        [6, 5, 4, 7, 2, 1, 0, 3],
        [7, 6, 5, 4, 3, 2, 1, 0],
    ]
)
_FAR_FACES = np.array([[1, 2, 6, 5], [2, 3, 7, 6], [4, 5, 6, 7]])  # without vertex 0, looking outwards


def split_quadrilaterals(quadrilaterals: np.ndarray) -> np.ndarray:
    """Return two triangles for each quadrilateral, cut from its smallest vertex, shape (2 n, 3); turns are kept.

    Args:
        quadrilaterals: vertices in order around, shape (n, 4).
    """
    first = np.argmin(quadrilaterals, axis=1)
    turned = np.take_along_axis(quadrilaterals, (first[:, None] + np.arange(4)) % 4, axis=1)
    return turned[:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3)


def split_hexahedra(hexahedra: np.ndarray) -> np.ndarray:
    """Return six tetrahedra of positive volume for each convex hexahedron, shape (6 n, 4).

    Args:
        hexahedra: vertices in VTK's order, right-handed, shape (n, 8).
    """
    turned = np.take_along_axis(hexahedra, _TURNED[np.argmin(hexahedra, axis=1)], axis=1)
    triangles = split_quadrilaterals(turned[:, _FAR_FACES].reshape(-1, 4)).reshape(-1, 6, 3)
    apex = np.repeat(turned[:, :1], 6, axis=1)
    return np.concatenate([apex[:, :, None], triangles], axis=2).reshape(-1, 4)
