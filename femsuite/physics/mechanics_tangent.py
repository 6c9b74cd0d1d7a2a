"""The assembled tangent of a mechanics problem: made again only where its coefficients have changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.physics.mechanics_forms import MechanicsForms
from femsuite.solve.assembly import assemble_matrix, lift
from femsuite.solve.linear import LinearSolver


class Tangent:
    """Matrix of the present tangent, handed to the solver when it is new.

    Args:
        forms: bilinear form with the tangent as its coefficient.
        solver: that factorises it.
        bcs: prescribed unknowns.
    """

    def __init__(self, forms: MechanicsForms, solver: LinearSolver, bcs: Sequence[fem.DirichletBC]) -> None:
        self._forms, self._solver, self._bcs = forms, solver, list(bcs)
        self.matrix: Any = None
        self.assembled: np.ndarray | None = None
        """What the matrix was assembled from; None when the next one must be assembled in any case."""

    def lay(self, tangent: np.ndarray) -> np.ndarray:
        """Write the coefficient without assembling, and return it as the form knows it.

        Args:
            tangent: (cells, points, 6, 6), one per cell where it is seen from all points with stride zero.
        """
        if tangent.strides[1] == 0:
            tangent = tangent[:, :1]
        if len(self._forms.kept) < tangent.shape[-1]:
            tangent = tangent[..., self._forms.kept[:, None], self._forms.kept]
        self._forms.set_tangent(tangent)
        return tangent

    def set(self, tangent: np.ndarray) -> None:
        """Assemble, unless it is what is assembled already on every rank. Collective; arguments as for `lay`."""
        tangent = self.lay(tangent)
        same = self.assembled is not None and np.array_equal(self.assembled, tangent)
        if not parallel.anywhere(not same, self._forms.space.mesh.comm):  # one rank's may stay while another's yields
            return
        self.assembled = tangent.copy()
        if self.matrix is None:
            self.matrix = self._forms.create_matrix()
        assemble_matrix(self.matrix, self._forms.operator, self._bcs)
        self._solver.set_operator(self.matrix, reuse_preconditioner=True)

    def lift(self, force: Any, displacement: fem.Function) -> None:
        """Add to a force what the jumps on to prescribed displacements do to the free unknowns."""
        lift(force, self._forms.operator, self._bcs, displacement.x.petsc_vec, alpha=-1.0)
