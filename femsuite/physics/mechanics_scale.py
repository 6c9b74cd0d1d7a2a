"""The size against which forces out of balance are judged: the largest driving force so far."""

from __future__ import annotations

from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.solve.norms import norm


class Scale:
    """Largest driving force so far.

    Attributes:
        values: its norm, and the sum of its magnitudes, N, shape (2,).
    """

    def __init__(self) -> None:
        self.values = np.zeros(2)

    def grow(self, driving: np.ndarray, others: Any, comm: Any) -> None:
        """Take in the forces of an increment.

        Args:
            driving: owned forces at the unknowns that nothing holds, N.
            others: more owned forces. In a body held everywhere, only the held nodes feel the thermal force: the
                internal one counts too.
            comm: communicator.
        """
        forces = (driving, *others)
        sums = parallel.total(np.array([np.abs(force).sum() for force in forces]), comm)
        self.values[0] = max(self.values[0], *(norm(force, comm) for force in forces))
        self.values[1] = max(self.values[1], *sums)
