"""Weibull's weakest link over volume, faces and edges: ``P = 1 - exp(-sum of B)``, ``B = int (s1+/s0)^m dV/V0``.

s1+ is the largest principal stress where it is tension. Flaws in the volume, on faces and on edges are populations of
their own, with constants of their own. Source: W. Weibull, J. Appl. Mech. 18 (1951) 293; W. Weibull, IVA Handlingar 151
(1939). In singular corners B grows without bound with the mesh: say where it was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import basix
import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.quadrature import Points


@dataclass(frozen=True)
class Flaws:
    """One population of flaws.

    Args:
        scale: s0, Pa: the stress under which ``1 - 1/e`` of parts of the reference size fail.
        modulus: m.
        size: reference volume, m^3, area, m^2, or length, m.
    """

    scale: float
    modulus: float
    size: float

    def density(self, stress: np.ndarray) -> np.ndarray:
        """Return the hazard per volume, area or length under principal stresses in Pa, any shape."""
        return (np.maximum(stress, 0.0) / self.scale) ** self.modulus / self.size


def largest_principal(stress: np.ndarray) -> np.ndarray:
    """Return the largest principal stress of Voigt stresses (..., 6): (...), Pa."""
    order = np.array([[0, 5, 4], [5, 1, 3], [4, 3, 2]])
    return np.linalg.eigvalsh(stress[..., order])[..., 2]


def probability(hazards: Iterable[float]) -> float:
    """Return the probability of failure of a part with these hazards B."""
    return float(-np.expm1(-sum(hazards)))


def volume_hazard(points: Points, stress: np.ndarray, flaws: Flaws, cells: np.ndarray | None = None) -> float:
    """Return B of flaws in the volume, at the quadrature points. Collective.

    Args:
        points: the rule.
        stress: (cells, points, 6), Pa.
        flaws: their reference size is a volume, in 2D an area.
        cells: local cells, all if None.
    """
    return float(points.integral(flaws.density(largest_principal(stress))[..., None], cells)[0])


def face_hazard(
    tagged: TaggedMesh, stress: fem.Function, flaws: Flaws, faces: str | Sequence[str], degree: int = 8
) -> float:
    """Return B of flaws on faces, from the stress that the cells behind them carry. Collective.

    Args:
        tagged: the mesh.
        stress: six Voigt components, discontinuous and linear in each cell, `MechanicsProblem.stress_function`.
        flaws: their reference size is an area, in 2D a length.
        faces: selector of outer faces.
        degree: of the rule on a facet.
    """
    mesh = tagged.mesh
    dimension = mesh.topology.dim
    tags = tagged.select_facets(faces)
    facets = tagged.facet_tags.indices[np.isin(tagged.facet_tags.values, tags)]
    return _over(tagged, stress, flaws, dimension - 1, facets, degree)


def edge_hazard(
    tagged: TaggedMesh,
    stress: fem.Function,
    flaws: Flaws,
    first: str | Sequence[str],
    second: str | Sequence[str],
    degree: int = 8,
) -> float:
    """Return B of flaws on the edges in which two selections of faces meet. Collective.

    Args:
        tagged: the mesh, in 3D.
        stress: as for `face_hazard`; an edge takes the mean hazard of the cells around it.
        flaws: their reference size is a length.
        first: selector of the faces on one side.
        second: of those on the other side.
        degree: of the rule on an edge.

    Raises:
        InputError: in 2D, or when the faces have no edge in common.
    """
    mesh = tagged.mesh
    if mesh.topology.dim != 3:
        raise InputError("edges belong to three-dimensional meshes; in 2D take faces")
    mesh.topology.create_connectivity(2, 1)
    edge_map = mesh.topology.index_map(1)
    near = []
    for faces in (first, second):
        tags = tagged.select_facets(faces)
        facets = tagged.facet_tags.indices[np.isin(tagged.facet_tags.values, tags)]
        edges = [mesh.topology.connectivity(2, 1).links(int(facet)) for facet in facets]
        local = np.unique(np.concatenate([np.empty(0, dtype=np.int32), *edges]))
        rows = parallel.gather_rows(edge_map.local_to_global(local).astype(np.float64)[:, None], mesh.comm)
        near.append(parallel.broadcast(rows, mesh.comm)[:, 0])
    common = np.intersect1d(near[0], near[1])  # the two faces of an edge may lie on two ranks
    if not len(common):
        raise InputError(f"the faces {first} and {second} have no edge in common")
    every = np.arange(edge_map.size_local + edge_map.num_ghosts, dtype=np.int32)
    return _over(tagged, stress, flaws, 1, every[np.isin(edge_map.local_to_global(every), common)], degree)


def _over(
    tagged: TaggedMesh, stress: fem.Function, flaws: Flaws, dimension: int, entities: np.ndarray, degree: int
) -> float:
    """Return the integral of the hazard over local entities of a dimension below the cells': the mean of their cells.

    Every rank evaluates its own cells; an entity may have cells on several.
    """
    mesh = tagged.mesh
    top = mesh.topology.dim
    mesh.topology.create_connectivity(dimension, top)
    mesh.topology.create_connectivity(top, dimension)
    cell = mesh.basix_cell()
    corners, members = basix.geometry(cell), basix.topology(cell)[dimension]
    shape = basix.create_element(basix.ElementFamily.P, cell, 1, lagrange_variant=basix.LagrangeVariant.gll_warped)
    element = stress.function_space.element.basix_element
    values = stress.x.array.reshape(-1, 6)
    tables = {}
    for number, member in enumerate(members):
        kind = _kind(dimension, len(member))
        rule, weights = basix.make_quadrature(kind, degree)
        axes = corners[member[1 : dimension + 1]] - corners[member[0]]  # basix numbers vertices along the axes first
        places = corners[member[0]] + rule @ axes
        tables[number] = (shape.tabulate(1, places)[..., 0], element.tabulate(0, places)[0, :, :, 0], weights, axes)
    rows = []
    to_cells, to_entities = mesh.topology.connectivity(dimension, top), mesh.topology.connectivity(top, dimension)
    geometry, owned = mesh.geometry, mesh.topology.index_map(top).size_local
    numbers = mesh.topology.index_map(dimension).local_to_global(entities)
    for entity, number in zip(entities.tolist(), numbers.tolist(), strict=True):
        for one in to_cells.links(entity).tolist():
            if one >= owned:
                continue
            place = int(np.flatnonzero(to_entities.links(one) == entity)[0])
            mapped, table, weights, axes = tables[place]
            jacobian = np.einsum("dqv,vi->qid", mapped[1:], geometry.x[geometry.dofmap[one]])
            along = jacobian @ axes.T  # (points, 3, dimension)
            size = np.sqrt(np.linalg.det(np.swapaxes(along, 1, 2) @ along))
            found = table @ values[stress.function_space.dofmap.list[one]]
            rows.append((float(number), float(np.sum(weights * size * flaws.density(largest_principal(found))))))
    found = parallel.broadcast(parallel.gather_rows(np.array(rows).reshape(-1, 2), mesh.comm), mesh.comm)
    _, which = np.unique(found[:, 0], return_inverse=True)
    return float(np.sum(np.bincount(which, found[:, 1]) / np.bincount(which)))


def _kind(dimension: int, corners: int) -> basix.CellType:
    if dimension == 1:
        return basix.CellType.interval
    return basix.CellType.triangle if corners == 3 else basix.CellType.quadrilateral
