"""How good a mesh is: counts, volumes, and a shape measure that is 1 for the ideal cell and 0 for a flat one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.meshing.tagged import TaggedMesh

MEASURE = {
    "tetrahedron": "mean ratio 12 (3 V)^(2/3) / sum of squared edges (Liu and Joe, BIT 34, 1994)",
    "triangle": "mean ratio 4 sqrt(3) A / sum of squared edges (Bank and Smith, SIAM J. Numer. Anal. 34, 1997)",
    "hexahedron": "smallest scaled Jacobian of the corners (Knupp, SIAM J. Sci. Comput. 23, 2001)",
    "quadrilateral": "smallest scaled Jacobian of the corners (Knupp, SIAM J. Sci. Comput. 23, 2001)",
}


@dataclass(frozen=True)
class RegionQuality:
    """One region's cells. ``volume`` in m^3 (3D) or m^2 (2D); shapes between 0 and 1."""

    cells: int
    volume: float
    shape_min: float
    shape_mean: float
    shape_max: float


@dataclass(frozen=True)
class Quality:
    """The whole mesh, the same on every rank.

    Attributes:
        cell_type: of all cells.
        cells, vertices: counts over all ranks.
        measure: what the shape numbers mean.
        shape_min, shape_mean, shape_max: over all cells.
        dihedral_min, dihedral_max: angles between faces, degrees (tetrahedra), else angles of corners are not given.
        worst_region: the region that holds the worst cell.
        regions: by name.
    """

    cell_type: str
    cells: int
    vertices: int
    measure: str
    shape_min: float
    shape_mean: float
    shape_max: float
    dihedral_min: float | None
    dihedral_max: float | None
    worst_region: str
    regions: dict[str, RegionQuality]

    def as_table(self) -> list[dict[str, Any]]:
        """Return one row per region for reports."""
        return [{"region": name, **vars(row)} for name, row in self.regions.items()]


def quality(tagged: TaggedMesh) -> Quality:
    """Return the quality report. Collective."""
    mesh, comm = tagged.mesh, tagged.mesh.comm
    kind = mesh.topology.cell_name()
    owned = mesh.topology.index_map(mesh.topology.dim).size_local
    corners = mesh.geometry.x[mesh.geometry.dofmaps[0][:owned]][:, :, : mesh.geometry.dim]
    tags = np.zeros(owned, dtype=np.int32)
    here = tagged.cell_tags.indices < owned
    tags[tagged.cell_tags.indices[here]] = tagged.cell_tags.values[here]
    shape, volume = shapes(corners, kind), volumes(corners, kind)
    names = list(tagged.regions)
    masks = [tags == tagged.regions[name] for name in names]
    sums = parallel.total(np.array([[m.sum(), volume[m].sum(), shape[m].sum()] for m in masks], dtype=np.float64), comm)
    low = parallel.smallest(np.array([shape[m].min(initial=np.inf) for m in masks]), comm)
    high = parallel.largest(np.array([shape[m].max(initial=-np.inf) for m in masks]), comm)
    angles = None
    if kind == "tetrahedron":
        local = dihedral_angles(corners)
        angles = (
            float(parallel.smallest(np.array([local.min(initial=180.0)]), comm)[0]),
            float(parallel.largest(np.array([local.max(initial=0.0)]), comm)[0]),
        )
    regions = {
        name: RegionQuality(int(s[0]), float(s[1]), float(a), float(s[2] / s[0]), float(b))
        for name, s, a, b in zip(names, sums, low, high, strict=True)
    }
    return Quality(
        cell_type=kind,
        cells=int(sums[:, 0].sum()),
        vertices=int(mesh.topology.index_map(0).size_global),
        measure=MEASURE[kind],
        shape_min=float(low.min()),
        shape_mean=float(sums[:, 2].sum() / sums[:, 0].sum()),
        shape_max=float(high.max()),
        dihedral_min=angles[0] if angles else None,
        dihedral_max=angles[1] if angles else None,
        worst_region=names[int(np.argmin(low))],
        regions=regions,
    )


def volumes(corners: np.ndarray, kind: str) -> np.ndarray:
    """Return the volume (3D) or area (2D) of cells with straight edges.

    Args:
        corners: shape (n, vertices, dimension), in DOLFINx's order (tensor order for quadrilaterals, hexahedra).
        kind: DOLFINx's name of the cell.
    """
    if kind in ("triangle", "tetrahedron"):
        edges = corners[:, 1:] - corners[:, :1]
        return np.abs(np.linalg.det(edges)) / (2.0 if kind == "triangle" else 6.0)
    if kind == "quadrilateral":
        return volumes(corners[:, [0, 1, 3]], "triangle") + volumes(corners[:, [0, 3, 2]], "triangle")
    gauss = (0.5 - 3.0**0.5 / 6.0, 0.5 + 3.0**0.5 / 6.0)  # two points a direction: exact for straight edges
    places = [(x, y, z) for x in gauss for y in gauss for z in gauss]
    return np.mean([np.abs(np.linalg.det(_hexahedron_jacobian(corners, *place))) for place in places], axis=0)


def shapes(corners: np.ndarray, kind: str) -> np.ndarray:
    """Return the shape measure of each cell, shape (n,); arguments as for `volumes`."""
    if kind in ("triangle", "tetrahedron"):
        count = corners.shape[1]
        pairs = [(i, j) for i in range(count) for j in range(i)]
        squares = sum(((corners[:, i] - corners[:, j]) ** 2).sum(axis=1) for i, j in pairs)
        size = volumes(corners, kind)
        return 4.0 * np.sqrt(3.0) * size / squares if count == 3 else 12.0 * (3.0 * size) ** (2.0 / 3.0) / squares
    axes = 2 if kind == "quadrilateral" else 3
    corner_values = []
    for corner in range(2**axes):
        edges = np.stack([corners[:, corner ^ (1 << a)] - corners[:, corner] for a in range(axes)], axis=1)
        edges = edges / np.linalg.norm(edges, axis=2, keepdims=True)
        # Walking an axis backwards turns the frame over: the sign puts that right, so that a folded corner is negative.
        sign = -1.0 if corner.bit_count() % 2 else 1.0
        corner_values.append(sign * np.linalg.det(edges))
    values = np.stack(corner_values, axis=1)
    # A cell numbered left-handed is as good as its mirror image.
    return np.maximum(values.min(axis=1), (-values).min(axis=1))


def dihedral_angles(corners: np.ndarray) -> np.ndarray:
    """Return the six dihedral angles of tetrahedra in degrees, shape (n, 6)."""
    normals = []
    for a, b, c, d in ((1, 2, 3, 0), (0, 3, 2, 1), (0, 1, 3, 2), (0, 2, 1, 3)):
        normal = np.cross(corners[:, b] - corners[:, a], corners[:, c] - corners[:, a])
        outward = np.einsum("ij,ij->i", normal, corners[:, a] - corners[:, d])
        normal *= np.sign(outward)[:, None]
        normals.append(normal / np.linalg.norm(normal, axis=1, keepdims=True))
    cosines = [-np.einsum("ij,ij->i", normals[i], normals[j]) for i in range(4) for j in range(i)]
    return np.degrees(np.arccos(np.clip(np.stack(cosines, axis=1), -1.0, 1.0)))


def _hexahedron_jacobian(corners: np.ndarray, x: float, y: float, z: float) -> np.ndarray:
    along = [np.array([1 - t, t]) for t in (x, y, z)]
    slope = np.array([-1.0, 1.0])
    rows = []
    for axis in range(3):
        factors = [slope if a == axis else along[a] for a in range(3)]
        weight = np.einsum("k,j,i->kji", factors[2], factors[1], factors[0]).reshape(-1)
        rows.append(np.einsum("v,nvd->nd", weight, corners))
    return np.stack(rows, axis=1)
