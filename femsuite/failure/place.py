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
    from femsuite.meshing.tagged import TaggedMesh
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
        # Points as near to two sides belong to the first, however their distances are rounded.
        close = 1e-9 * float((self.high - self.low).max())
        nearest, found, first = np.full(self.weights.shape, np.inf), np.zeros(self.weights.shape, dtype=np.int64), 0
        for axis, end in self._sides():
            distance = np.abs((self.high if end else self.low)[axis] - self.positions[..., axis])
            along = 1 - axis
            count = self._count(along, width)
            step = np.clip((self.positions[..., along] - self.low[along]) / width, 0, count - 1).astype(np.int64)
            found = np.where(distance < nearest - close, first + step, found)
            nearest, first = np.minimum(nearest, distance), first + count
        return found

    def pieces(self, width: float) -> int:
        """Return how many pieces the rim has."""
        return 1 if self.up == 1 else sum(self._count(1 - axis, width) for axis, _ in self._sides())

    def _sides(self) -> list[tuple[int, bool]]:
        """The sides of a solid's rim: the axis across each, and whether it is at the high end."""
        return [(axis, end) for axis in (0, 1) for end in ((True, False) if self.whole[axis] else (True,))]

    def _count(self, along: int, width: float) -> int:
        return int(np.ceil((self.high[along] - self.low[along]) / width - 1e-9))


def layer(problem: MechanicsProblem, name: str) -> Layer:
    """Return the points of a region. Collective.

    Raises:
        InputError: an unknown region.
    """
    points, tagged = problem.points, problem.tagged
    cells = tagged.cells(name)
    cells = cells[cells < points.owned]
    low, high, whole = extents(tagged, name)
    up = 2 if problem.dimension == 3 else 1
    return Layer(name, cells, points.positions[cells], points.weights[cells], low, high, up, whole)


def extents(tagged: TaggedMesh, name: str) -> tuple[np.ndarray, np.ndarray, tuple[bool, bool]]:
    """Return a region's smallest and largest coordinates, m, and whether its plan ends at the low side of x and y too.

    Collective.

    Raises:
        InputError: an unknown region.
    """
    geometry, comm = tagged.mesh.geometry, tagged.mesh.comm
    corners = geometry.x[geometry.dofmap[tagged.cells(name)]].reshape(-1, 3)
    low = parallel.smallest(corners.min(axis=0, initial=np.inf), comm)
    high = parallel.largest(corners.max(axis=0, initial=-np.inf), comm)
    least = parallel.smallest(geometry.x.min(axis=0, initial=np.inf), comm)
    size = float((high - low).max())
    return low, high, (bool(low[0] > least[0] + 1e-6 * size), bool(low[1] > least[1] + 1e-6 * size))


def check_distance(tagged: TaggedMesh, name: str, distance: float, edges: bool) -> None:
    """Raise if a distance from the rim leaves nothing of a region, or one from its faces goes through it. Collective.

    Args:
        tagged: the mesh.
        name: of the region.
        distance: m.
        edges: whether it counts from the lower and the upper face too.

    Raises:
        InputError: the distance is too large; says what is allowed.
    """
    low, high, whole = extents(tagged, name)
    up = tagged.mesh.topology.dim - 1
    most = min(float(high[axis] - low[axis]) * (0.5 if whole[axis] else 1.0) for axis in range(up))
    words = "the half plan" if most < float(high[up] - low[up]) or not edges else "the thickness"
    most = min(most, float(high[up] - low[up])) if edges else most
    # A layer's ring may take all of it; of a die something must be left between the edges.
    if distance >= (1.0 - 1e-6 if edges else 1.0 + 1e-6) * most:
        raise InputError(f"{1e6 * distance:g} um is no less than {words} of '{name}', {1e6 * most:g} um")


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
    which = where.along_rim(width)
    found = _means(which, where.pieces(width), where, values, chosen, problem)
    if not len(found):
        raise InputError(
            f"failures: no point of the mesh of '{where.name}' lies within {width:g} m of its rim; "
            "give a larger distance or a finer mesh there"
        )
    return found


def boxes(where: Layer, values: np.ndarray, chosen: np.ndarray, width: float, problem: MechanicsProblem) -> np.ndarray:
    """Return the means over chosen points in boxes of a width, counted from the high ends: (boxes, components).

    Collective; arguments as for `means`. Boxes without a point are left out.
    """
    which, count = np.zeros(where.weights.shape, dtype=np.int64), 1
    for axis in (*where.plan, where.up):
        pieces = max(1, int(np.ceil((where.high[axis] - where.low[axis]) / width - 1e-9)))
        step = np.clip((where.high[axis] - where.positions[..., axis]) / width, 0, pieces - 1).astype(np.int64)
        which, count = which * pieces + step, count * pieces
    return _means(which, count, where, values, chosen, problem)


def _means(
    which: np.ndarray, count: int, where: Layer, values: np.ndarray, chosen: np.ndarray, problem: MechanicsProblem
) -> np.ndarray:
    """Return the means of chosen points by their number, of the numbers that have any."""
    number, weights = which[chosen], where.weights[chosen]
    columns = [weights, *(weights * values[..., part][chosen] for part in range(values.shape[2]))]
    sums = np.stack([np.bincount(number, column, minlength=count) for column in columns], axis=1)
    sums = parallel.total(sums.ravel(), problem.space.mesh.comm).reshape(sums.shape)
    filled = sums[:, 0] > 0.0
    return np.asarray(sums[filled, 1:] / sums[filled, :1])
