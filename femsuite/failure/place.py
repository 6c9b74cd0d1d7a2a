"""Where in a layered part a failure measure is taken: the ring along its rim, its lower and upper edges.

A region's plan ends at its largest x (the radius of an axisymmetric model), in a solid also at its largest y; what lies
at the smallest x or y is a plane of symmetry or the axis, or in a whole model a rim too. Up is z in a solid, else y.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femsuite import parallel
from femsuite.errors import InputError

if TYPE_CHECKING:
    from femsuite.physics.mechanics import MechanicsProblem


@dataclass(frozen=True)
class Layer:
    """The quadrature points of one region, those on this rank.

    Args:
        name: of the region.
        cells: local owned cells.
        positions: (cells, points, 3), m.
        weights: (cells, points), m^3 (in a section m^2).
        low: smallest coordinates of the region over all ranks, m.
        high: largest.
        up: axis.
        whole: whether the plan ends at the low side too.
    """

    name: str
    cells: np.ndarray
    positions: np.ndarray
    weights: np.ndarray
    low: np.ndarray
    high: np.ndarray
    up: int
    whole: tuple[bool, bool]

    @property
    def plan(self) -> list[int]:
        """The axes of the plan."""
        return [0] if self.up == 1 else [0, 1]

    def rim_distance(self) -> np.ndarray:
        """Return each point's distance from the rim of the plan, (cells, points), m."""
        distance = np.full(self.weights.shape, np.inf)
        for axis in self.plan:
            distance = np.minimum(distance, self.high[axis] - self.positions[..., axis])
            if self.whole[axis]:
                distance = np.minimum(distance, self.positions[..., axis] - self.low[axis])
        return distance

    def along_rim(self, width: float) -> np.ndarray:
        """Return the number of the piece of the rim, ``width`` long, that each point is nearest to: (cells, points).

        A section has one piece. In a solid pieces count along y on the sides in x, then along x on those in y.
        """
        if self.up == 1:
            return np.zeros(self.weights.shape, dtype=np.int64)
        counts = [int(np.ceil((self.high[a] - self.low[a]) / width - 1e-9)) for a in (0, 1)]
        sides = [self.high[a] - self.positions[..., a] for a in (0, 1)]
        steps = [np.clip((self.positions[..., a] - self.low[a]) / width, 0, counts[a] - 1).astype(int) for a in (0, 1)]
        return np.where(sides[0] <= sides[1], steps[1], counts[1] + steps[0])

    def pieces(self, width: float) -> int:
        """Return how many pieces the rim has."""
        if self.up == 1:
            return 1
        return sum(int(np.ceil((self.high[a] - self.low[a]) / width - 1e-9)) for a in (0, 1))


def layer(problem: MechanicsProblem, name: str) -> Layer:
    """Return the points of a region. Collective.

    Raises:
        InputError: an unknown region.
    """
    points, tagged = problem.points, problem.tagged
    cells = tagged.cells(name)
    cells = cells[cells < points.owned]
    geometry = tagged.mesh.geometry
    corners = geometry.x[geometry.dofmap[cells]].reshape(-1, 3)
    comm = tagged.mesh.comm
    low = parallel.smallest(corners.min(axis=0, initial=np.inf), comm)
    high = parallel.largest(corners.max(axis=0, initial=-np.inf), comm)
    size = float((high - low).max())
    least = parallel.smallest(geometry.x.min(axis=0, initial=np.inf), comm)
    whole = tuple(bool(low[axis] > least[axis] + 1e-6 * size) for axis in (0, 1))
    up = 2 if problem.dimension == 3 else 1
    return Layer(name, cells, points.positions[cells], points.weights[cells], low, high, up, whole)  # type: ignore[arg-type]


def means(where: Layer, values: np.ndarray, chosen: np.ndarray, width: float, problem: MechanicsProblem) -> np.ndarray:
    """Return the mean over chosen points for each piece of the rim: (pieces, components). Collective.

    Args:
        where: the region.
        values: (cells, points, components) at the region's points.
        chosen: mask (cells, points).
        width: of a piece along the rim, m; also for the sentence of the fault.
        problem: for its ranks.

    Raises:
        InputError: no point of the mesh is chosen: the distance is too small for it.
    """
    count, components = where.pieces(width), values.shape[2]
    sums = np.zeros((count, components + 1))
    which, weights = where.along_rim(width)[chosen], where.weights[chosen]
    np.add.at(sums[:, 0], which, weights)
    for part in range(components):
        np.add.at(sums[:, part + 1], which, weights * values[..., part][chosen])
    sums = parallel.total(sums.ravel(), problem.space.mesh.comm).reshape(sums.shape)
    filled = sums[:, 0] > 0.0
    if not filled.any():
        raise InputError(
            f"failures: no point of the mesh of '{where.name}' lies within {width:g} m of its rim; "
            "give a larger distance or a finer mesh there"
        )
    return np.asarray(sums[filled, 1:] / sums[filled, :1])
