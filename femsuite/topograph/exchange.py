"""Rows sent from every rank straight to the ranks that need them: no rank ever holds a whole field."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI


@dataclass(frozen=True)
class Exchange:
    """A fixed plan: which of this rank's rows go to which rank. Built once, used for every new state.

    Attributes:
        comm: the communicator.
        rows: indices of the rows to send, ordered by destination.
        send_counts: rows to each rank.
        receive_counts: rows from each rank.
    """

    comm: MPI.Intracomm
    rows: np.ndarray
    send_counts: np.ndarray
    receive_counts: np.ndarray

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Return the rows that the other ranks send here, in rank order; collective.

        Args:
            values: (n, ...) float64 or int64, one row per row of the plan's numbering.
        """
        width = int(np.prod(values.shape[1:], dtype=np.int64))
        outgoing = np.ascontiguousarray(values[self.rows]).reshape(len(self.rows), width)
        incoming = np.empty((int(self.receive_counts.sum()), width), dtype=values.dtype)
        kind = MPI.DOUBLE if values.dtype == np.float64 else MPI.INT64_T
        self.comm.Alltoallv(
            [outgoing, self.send_counts * width, _starts(self.send_counts) * width, kind],
            [incoming, self.receive_counts * width, _starts(self.receive_counts) * width, kind],
        )
        return incoming.reshape(-1, *values.shape[1:])


def _starts(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(counts.dtype)


def exchange_into_boxes(points: np.ndarray, low: np.ndarray, high: np.ndarray, comm: MPI.Intracomm) -> Exchange:
    """Return the plan that brings to every rank the other ranks' points inside its box; collective.

    Args:
        points: (n, 3) this rank's points.
        low: (3,) lower corner of this rank's box; an empty box (low > high) receives nothing.
        high: (3,) upper corner.
        comm: the communicator.
    """
    boxes = np.empty((comm.size, 2, 3))
    comm.Allgather(np.ascontiguousarray([low, high], dtype=np.float64), boxes)
    rows = []
    for rank in range(comm.size):
        wanted = np.all((points >= boxes[rank, 0]) & (points <= boxes[rank, 1]), axis=1)
        rows.append(np.flatnonzero(wanted) if rank != comm.rank else np.empty(0, dtype=np.int64))
    send = np.array([len(piece) for piece in rows], dtype=np.int64)
    receive = np.empty_like(send)
    comm.Alltoall(send, receive)
    return Exchange(comm, np.concatenate(rows), send, receive)
