"""Whether a body is in equilibrium: nodal forces, reactions of its supports, and the sums that must vanish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.solve.norms import norm

if TYPE_CHECKING:
    from femsuite.physics.mechanics import MechanicsProblem


@dataclass(frozen=True)
class Balance:
    """Equilibrium of the whole body.

    Args:
        force: reactions plus applied loads, over ``scale``; one number per dimension. For a body that nothing holds,
            the sum of its nodal forces. Axisymmetric: the axial one alone, for radial ones cancel around the axis.
        moment: their moment about the origin of the frame, over ``scale`` times the body's size; 1 in 2D, 3 in 3D.
        residual: norm of the out-of-balance nodal forces over the norm of the driving forces.
        scale: N (in 2D N/m), sum of the magnitudes of the nodal thermal and external forces.
    """

    force: tuple[float, ...]
    moment: tuple[float, ...]
    residual: float
    scale: float

    @property
    def worst(self) -> float:
        """The largest of the relative imbalances."""
        return max(self.residual, *(abs(value) for value in (*self.force, *self.moment)))


def nodal_forces(problem: MechanicsProblem) -> np.ndarray:
    """Return internal minus external forces at the owned nodes, (nodes, dimension), N."""
    force = problem.forms.internal_force(problem.stress)
    force.axpy(-problem.load, problem.external)
    return force.array_r.reshape(-1, problem.dimension).copy()


def reaction(problem: MechanicsProblem, selector: str | Sequence[str]) -> np.ndarray:
    """Return the force the supports put on the selected faces, (dimension,), N (in 2D N/m)."""
    mesh, tagged = problem.space.mesh, problem.tagged
    tags = tagged.select_facets(selector)
    facets = tagged.facet_tags.indices[np.isin(tagged.facet_tags.values, tags)]
    nodes = fem.locate_dofs_topological(problem.space, mesh.topology.dim - 1, facets)
    forces = _held_only(problem, nodal_forces(problem))
    return parallel.total(forces[nodes[nodes < len(forces)]].sum(axis=0), mesh.comm)


def _held_only(problem: MechanicsProblem, forces: np.ndarray) -> np.ndarray:
    held = np.zeros(forces.size, dtype=bool)
    held[problem.solver.fixed_owned] = True
    return np.where(held.reshape(forces.shape), forces, 0.0)


def balance(problem: MechanicsProblem) -> Balance:
    """Return how well reactions and applied loads cancel; both sums vanish for an exact solution."""
    comm = problem.space.mesh.comm
    forces = nodal_forces(problem)
    reactions = _held_only(problem, forces)
    applied = problem.load * problem.external.array_r.reshape(forces.shape)
    # Where nothing holds the body, the sum of the nodal forces of its equilibrium is what must vanish.
    total = reactions + applied if problem.solver.supported else forces
    nodes = problem.space.tabulate_dof_coordinates()[: len(forces)]
    arms = nodes[:, : problem.dimension]
    moment = np.atleast_2d(np.cross(arms, total).T).T if problem.dimension == 3 else _turn(arms, total)
    size = float(parallel.largest(np.abs(nodes).max(axis=0, initial=0.0), comm).max()) or 1.0
    sums = parallel.total(np.concatenate([total.sum(axis=0), moment.sum(axis=0), [np.abs(reactions).sum()]]), comm)
    if problem.axisymmetric:
        sums = np.array([sums[1], 0.0, sums[-1]])
    driving, magnitudes = problem.scales
    axes = 1 if problem.axisymmetric else problem.dimension
    scale = max(magnitudes, float(sums[-1])) or 1.0
    free = norm(forces - reactions, comm)
    return Balance(
        force=tuple(float(value) / scale for value in sums[:axes]),
        moment=tuple(float(value) / scale / size for value in sums[axes:-1]),
        residual=free / (driving or 1.0),
        scale=scale,
    )


def _turn(arms: np.ndarray, forces: np.ndarray) -> np.ndarray:
    return (arms[:, 0] * forces[:, 1] - arms[:, 1] * forces[:, 0])[:, None]
