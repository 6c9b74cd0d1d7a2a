"""Sums and largest values of single numbers over all ranks, and norms of distributed arrays, as plain floats."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from femsuite import parallel


def summed(value: float, comm: MPI.Intracomm) -> float:
    """Return the sum of one number over ranks."""
    return float(parallel.total(np.array([value]), comm)[0])


def maximum(value: float, comm: MPI.Intracomm) -> float:
    """Return the largest of one number over ranks."""
    return float(parallel.largest(np.array([value]), comm)[0])


def norm(owned: np.ndarray, comm: MPI.Intracomm) -> float:
    """Return the Euclidean norm of an array of which every rank gives its owned part."""
    flat = np.ravel(owned)
    return float(np.sqrt(summed(float(flat @ flat), comm)))
