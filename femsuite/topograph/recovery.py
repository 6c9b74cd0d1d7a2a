"""Smooth derivatives of a finite-element displacement: polynomial-preserving recovery at the vertices of the die.

At every vertex a complete cubic is fitted by weighted least squares to the nodal displacements around it (Zhang and
Naga, SIAM J. Sci. Comput. 26 (2005) 1192). Cubics are kept exactly; second derivatives, which the element itself does
not have, come with second order. The geometry stays the same from load step to load step, so the pseudo-inverses are
kept and a new state costs one product with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from dolfinx import fem, mesh
from mpi4py import MPI
from numba import njit
from scipy.spatial import cKDTree

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.topograph.exchange import Exchange, exchange_into_boxes
from femsuite.topograph.frame import DiffractionFrame

TERMS = 20
EXPONENTS = np.array(
    [
        (i, j, k)
        for order in range(4)
        for i in range(order, -1, -1)
        for j in range(order - i, -1, -1)
        for k in [order - i - j]
    ]
)
# Nodes of a patch. From 56 to 80 the mesh's imprint on a die's contrast falls by a third to a half; beyond 100 the
# error next to a compact source grows again (docs/mesh-convergence.md). Larger patches are for vertices whose smaller
# ones are poor.
PATCH_SIZES = (80, 120, 180, 260)
LEAST_PIVOT = 2e-3
CELL_SPLITS: dict[str, np.ndarray] = {
    "tetrahedron": np.array([[0, 1, 2, 3]]),
    # six tetrahedra about the diagonal 0-7 of a hexahedron in DOLFINx's (tensor-product) numbering of its corners
    "hexahedron": np.array([[0, 1, 3, 7], [0, 1, 5, 7], [0, 2, 3, 7], [0, 2, 6, 7], [0, 4, 5, 7], [0, 4, 6, 7]]),
}


@dataclass(frozen=True)
class DieMesh:
    """This rank's share of the die as tetrahedra, in the diffraction frame.

    Attributes:
        vertices: (n, 3) coordinates of the vertices of the cells owned here, m.
        tetrahedra: (m, 4) indices into ``vertices``.
        cells: the owned local cells of the mesh.
        low, high: (3,) bounds of the whole die, m.
        comm: the mesh's communicator.
    """

    vertices: np.ndarray
    tetrahedra: np.ndarray
    cells: np.ndarray
    low: np.ndarray
    high: np.ndarray
    comm: MPI.Intracomm


def die_mesh(domain: mesh.Mesh, cells: np.ndarray, frame: DiffractionFrame) -> DieMesh:
    """Return the die's owned cells as tetrahedra in the diffraction frame; collective.

    Args:
        domain: the whole mesh, straight tetrahedra or hexahedra.
        cells: local cells of the die (owned and ghost).
        frame: of the diffraction.

    Raises:
        InputError: the cells are neither, or there are none on any rank.
    """
    kind = domain.topology.cell_name()
    if kind not in CELL_SPLITS:
        raise InputError(f"topographs need a mesh of tetrahedra or hexahedra, not of {kind} cells")
    owned = cells[cells < domain.topology.index_map(domain.topology.dim).size_local]
    if not parallel.anywhere(len(owned) > 0, domain.comm):
        raise InputError("the die of the topograph has no cells")
    corners = domain.geometry.dofmap[owned]
    used, inverse = np.unique(corners, return_inverse=True)
    vertices = frame.points(domain.geometry.x[used])
    tetrahedra = inverse.reshape(corners.shape)[:, CELL_SPLITS[kind]].reshape(-1, 4)
    empty = len(vertices) == 0
    low = parallel.smallest(np.full(3, np.inf) if empty else vertices.min(axis=0), domain.comm)
    high = parallel.largest(np.full(3, -np.inf) if empty else vertices.max(axis=0), domain.comm)
    return DieMesh(vertices, tetrahedra.astype(np.int64), owned, low, high, domain.comm)


class Recovery:
    """Fitted cubics at the vertices of the die, for one function space; built once, used for every state.

    Attributes:
        coefficients of a state come from :meth:`fit`.
        patch_nodes: mean number of nodes of a patch on this rank.
        deficient: how many vertices of this rank had too poor a patch for a full cubic and got the smallest solution.
    """

    def __init__(self, die: DieMesh, space: fem.FunctionSpace, frame: DiffractionFrame) -> None:
        """Find the patches and their pseudo-inverses; collective.

        Args:
            die: from :func:`die_mesh`.
            space: of the displacement, Lagrange with three components.
            frame: of the diffraction.

        Raises:
            InputError: the space has not three components, or the die has fewer nodes than a cubic has terms.
        """
        if space.dofmap.index_map_bs != 3:
            raise InputError("the displacement of a topograph must have three components")
        self.die = die
        self.frame = frame
        self._dofs = np.unique(space.dofmap.list[die.cells])
        points = frame.points(space.tabulate_dof_coordinates()[self._dofs])
        ids = space.dofmap.index_map.local_to_global(self._dofs.astype(np.int32))
        self._find_patches(points, np.asarray(ids, dtype=np.int64))

    def _find_patches(self, points: np.ndarray, ids: np.ndarray) -> None:
        comm = self.die.comm
        count = float(parallel.total(np.array([float(len(ids))]), comm)[0])  # nodes at rank borders count twice
        vertices = self.die.vertices
        scale = float(np.max(self.die.high - self.die.low))
        margin = 1.5 * scale * (PATCH_SIZES[0] / max(count, 1.0)) ** (1.0 / 3.0)
        while True:
            low, high = _box(vertices, margin)
            exchange = exchange_into_boxes(points, low, high, comm)
            nodes, keep = _merged(points, ids, exchange)
            patches = _Patches(vertices, nodes, scale)
            # a patch is final only if its ball, as far as it lies in the die, was covered by what was received
            short = patches.reach > margin if len(vertices) else np.zeros(0, dtype=bool)
            everything = bool(np.all(low <= self.die.low) and np.all(high >= self.die.high))
            if not parallel.anywhere(bool(short.any()) and not everything, comm):
                break
            margin *= 1.7
        if parallel.anywhere(len(vertices) > 0 and len(nodes) < PATCH_SIZES[0], comm):
            raise InputError(
                f"the die has fewer than {PATCH_SIZES[0]} nodes, too few for the cubics that a topograph fits to the "
                "displacement; refine its mesh"
            )
        self._exchange: Exchange = exchange
        self._keep = keep
        self._patches = patches
        self.patch_nodes = float(np.mean(np.diff(patches.starts))) if len(vertices) else 0.0
        self.deficient = patches.deficient

    def fit(self, displacement: fem.Function) -> np.ndarray:
        """Return the cubics' coefficients (n_vertices, 20, 3) in m, in each patch's scaled coordinates; collective."""
        values = displacement.x.array.reshape(-1, 3)[self._dofs].astype(np.float64)
        values = self.frame.vectors(values)
        nodes = np.concatenate([values, self._exchange(values)])[self._keep]
        patches = self._patches
        return _apply(patches.starts, patches.nodes, patches.inverses, nodes, patches.centres)

    @property
    def scales(self) -> np.ndarray:
        """(n_vertices, 3) lengths by which each patch's coordinates are divided, m."""
        return self._patches.scales


def _box(vertices: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray]:
    if len(vertices) == 0:
        return np.full(3, np.inf), np.full(3, -np.inf)
    return vertices.min(axis=0) - margin, vertices.max(axis=0) + margin


def _merged(points: np.ndarray, ids: np.ndarray, exchange: Exchange) -> tuple[np.ndarray, np.ndarray]:
    """Return the nodes known here, ordered by global number, and where each lies among own plus received rows."""
    all_points = np.concatenate([points, exchange(points)])
    all_ids = np.concatenate([ids, exchange(ids.reshape(-1, 1)).ravel()])
    _, keep = np.unique(all_ids, return_index=True)
    return all_points[keep], keep


class _Patches:
    """Ragged patches with their pseudo-inverses: rows ``starts[v] : starts[v+1]`` belong to vertex v."""

    def __init__(self, vertices: np.ndarray, nodes: np.ndarray, size: float) -> None:
        n = len(vertices)
        self.scales = np.ones((n, 3))
        self.reach = np.zeros(n)
        self.deficient = 0
        self.starts = np.zeros(n + 1, dtype=np.int64)
        self.nodes = np.empty(0, dtype=np.int64)
        self.inverses = np.empty((0, TERMS))
        self.centres = np.empty(0, dtype=np.int64)
        if n == 0:
            return
        if len(nodes) < PATCH_SIZES[0]:
            self.reach[:] = np.inf  # ask for a larger box
            return
        tree = cKDTree(nodes)
        self.centres = tree.query(vertices)[1].astype(np.int64)
        lists: list[np.ndarray] = [np.empty(0, dtype=np.int64)] * n
        inverses: list[np.ndarray] = [np.empty((0, TERMS))] * n
        remaining = np.arange(n)
        for position, wanted in enumerate(PATCH_SIZES):
            last = position == len(PATCH_SIZES) - 1 or wanted >= len(nodes)
            count = min(wanted, len(nodes))
            distance = tree.query(vertices[remaining], k=[count])[0][:, 0]
            radius = distance * (1.0 + 1e-7) + 1e-9 * size  # ties come in whatever the rounding
            found = tree.query_ball_point(vertices[remaining], radius, return_sorted=True)
            sizes = np.array([len(piece) for piece in found])
            poor = []
            for length in np.unique(sizes):
                members = np.flatnonzero(sizes == length)
                block = np.array([found[member] for member in members], dtype=np.int64)
                owners = remaining[members]
                inverse, scales, good = _pseudo_inverses(nodes[block], vertices[owners], radius[members], last)
                self.reach[owners] = radius[members]
                self.scales[owners] = scales
                for row, owner in enumerate(owners):
                    lists[owner], inverses[owner] = block[row], inverse[row]
                poor.append(owners[~good])
            remaining = np.sort(np.concatenate(poor))
            if last or len(remaining) == 0:
                self.deficient = len(remaining)
                break
        self.starts[1:] = np.cumsum([len(piece) for piece in lists])
        self.nodes = np.concatenate(lists)
        self.inverses = np.concatenate(inverses)


def _pseudo_inverses(
    nodes: np.ndarray, vertices: np.ndarray, radius: np.ndarray, last: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weighted pseudo-inverses (n, m, 20), scales (n, 3) and which patches carry a full cubic."""
    offsets = nodes - vertices[:, None, :]
    scales = np.maximum(np.abs(offsets).max(axis=1), 1e-3 * radius[:, None])
    scaled = offsets / scales[:, None, :]
    weights = np.exp(-1.5 * (np.linalg.norm(offsets, axis=2) / radius[:, None]) ** 2)
    powers = np.ones((4, *scaled.shape))
    for power in range(1, 4):
        powers[power] = powers[power - 1] * scaled
    terms = np.stack([powers[i, ..., 0] * powers[j, ..., 1] * powers[k, ..., 2] for i, j, k in EXPONENTS], axis=-1)
    terms *= weights[..., None]
    orthogonal, triangular = np.linalg.qr(terms)
    pivots = np.abs(np.diagonal(triangular, axis1=1, axis2=2))
    good = pivots.min(axis=1) > LEAST_PIVOT * pivots.max(axis=1)
    inverse = np.zeros((len(nodes), TERMS, nodes.shape[1]))
    if good.any():
        inverse[good] = np.linalg.solve(triangular[good], np.swapaxes(orthogonal[good], 1, 2))
    if last and not good.all():
        inverse[~good] = np.linalg.pinv(terms[~good], rcond=LEAST_PIVOT)
    return np.swapaxes(inverse * weights[:, None, :], 1, 2), scales, good


@njit(cache=True)
def _apply(
    starts: np.ndarray, nodes: np.ndarray, inverses: np.ndarray, values: np.ndarray, centres: np.ndarray
) -> np.ndarray:
    n = starts.shape[0] - 1
    result = np.zeros((n, inverses.shape[1], 3))
    for vertex in range(n):
        base = values[centres[vertex]] if n else values[0]
        for row in range(starts[vertex], starts[vertex + 1]):
            node = nodes[row]
            dx = values[node, 0] - base[0]
            dy = values[node, 1] - base[1]
            dz = values[node, 2] - base[2]
            for term in range(inverses.shape[1]):
                weight = inverses[row, term]
                result[vertex, term, 0] += weight * dx
                result[vertex, term, 1] += weight * dy
                result[vertex, term, 2] += weight * dz
        for component in range(3):  # small differences are fitted, so that a large rigid motion costs no digits
            result[vertex, 0, component] += base[component]
    return result
