"""Elastic tensors as 6x6 matrices in the order xx, yy, zz, yz, xz, xy; strains with engineering shears."""

from __future__ import annotations

import numpy as np

PAIRS = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))

NORMAL = np.zeros((6, 6))
NORMAL[:3, :3] = 1.0
"""The matrix of lambda in an isotropic stiffness."""
SHEAR = np.diag([2.0, 2.0, 2.0, 1.0, 1.0, 1.0])
"""The matrix of mu in an isotropic stiffness."""

CUBIC_C11 = np.diag([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
CUBIC_C12 = NORMAL - CUBIC_C11
CUBIC_C44 = np.diag([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])


def strain_rotation(rotation: np.ndarray) -> np.ndarray:
    """Return the (6, 6) matrix that turns Voigt strains by the (3, 3) rotation ``v' = rotation v``.

    Source: Auld, Acoustic Fields and Waves in Solids (1973), the Bond matrix N.
    """
    matrix = np.empty((6, 6))
    for row, (i, j) in enumerate(PAIRS):
        factor = 1.0 if i == j else 2.0
        for column, (k, m) in enumerate(PAIRS):
            product = rotation[i, k] * rotation[j, m]
            if k != m:
                product = 0.5 * (product + rotation[i, m] * rotation[j, k])
            matrix[row, column] = factor * product
    return matrix


def rotate_stiffness(stiffness: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Return the stiffness (6, 6) of a body turned by ``rotation`` (3, 3), which maps its old axes to the new frame.

    The energy of a strain does not change: C' = N^-T C N^-1, and N^-1 is the matrix of the reverse rotation.
    """
    back = strain_rotation(rotation.T)
    turned = back.T @ stiffness @ back
    return 0.5 * (turned + turned.T)  # rounding must not make a solver see an unsymmetric matrix
