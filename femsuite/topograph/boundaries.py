"""The closed boundaries of the regions of a distributed mesh, as triangles in the frame of a parallel beam."""

from __future__ import annotations

import math
from collections.abc import Mapping

import dolfinx
import numpy as np

from femsuite import parallel
from femsuite.errors import Fault, InputError
from femsuite.meshing.tagged import TaggedMesh
from femsuite.topograph.chords import Boundary

FLAT = 1e-6
"""How far the corners of a quadrilateral may lie off its plane, of its diagonal."""
# Picture axes and the beam's direction towards the viewer, for a beam along an axis of the mesh: right-handed.
AXES: Mapping[str, tuple[tuple[float, ...], ...]] = {
    "x": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)),
    "y": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0)),
    "z": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}


def beam_frame(along: str, tilt: float = 0.0, tilt_about: str = "horizontal") -> np.ndarray:
    """Return the unit vectors of picture and beam in the mesh frame, as rows: horizontal, vertical, along the beam.

    Args:
        along: ``x``, ``y`` or ``z``.
        tilt: turn of beam and picture, rad, right-handed about ``tilt_about`` and then negative: the beam's far end
            comes down for ``horizontal`` and goes right for ``vertical``.
        tilt_about: ``horizontal`` or ``vertical``.
    """
    right, up, beam = (np.array(axis) for axis in AXES[along])
    cosine, sine = math.cos(tilt), math.sin(tilt)
    if tilt_about == "horizontal":
        return np.stack([right, cosine * up + sine * beam, cosine * beam - sine * up])
    return np.stack([cosine * right - sine * beam, up, cosine * beam + sine * right])


def boundaries(tagged: TaggedMesh, groups: Mapping[str, tuple[int, ...]], frame: np.ndarray) -> dict[str, Boundary]:
    """Return each group's boundary: the facets that this rank owns; collective.

    A facet between two groups belongs to both. Quadrilaterals are cut into two triangles, the same ones for both.

    Args:
        tagged: the mesh, of tetrahedra or of hexahedra with plane faces.
        groups: name -> cell tags; every tag of the mesh in one group.
        frame: from `beam_frame`.

    Raises:
        InputError: the mesh is two-dimensional, or the faces of its hexahedra are not plane.
    """
    mesh = tagged.mesh
    topology = mesh.topology
    if topology.dim != 3:
        raise InputError(Fault("a radiograph needs a body of three dimensions; this mesh is plane", key="radiograph"))
    topology.create_entities(2)
    topology.create_connectivity(2, 3)
    topology.create_connectivity(3, 2)
    owned = topology.index_map(2).size_local
    cells = topology.connectivity(2, 3)
    starts, neighbours = np.asarray(cells.offsets[: owned + 1]), np.asarray(cells.array)
    count = np.diff(starts)
    number = {tag: place for place, tags in enumerate(groups.values()) for tag in tags}
    of_cell = np.full(len(tagged.cell_tags.indices), -1)
    of_cell[tagged.cell_tags.indices] = [number[tag] for tag in tagged.cell_tags.values.tolist()]
    one = neighbours[starts[:-1]]
    other = np.where(count == 2, neighbours[np.maximum(starts[1:] - 1, 0)], one)
    first, second = of_cell[one], np.where(count == 2, of_cell[other], -1)
    kept = np.flatnonzero(first != second).astype(np.int32)
    corners = _corners(tagged, kept)
    faces, owner = _triangles(corners, mesh.comm)
    centres = mesh.geometry.x[mesh.geometry.dofmaps[0]].mean(axis=1)
    one, first, second = one[kept][owner], first[kept][owner], second[kept][owner]
    normal = np.cross(faces[:, 1] - faces[:, 0], faces[:, 2] - faces[:, 0])
    away = np.where(np.einsum("fi,fi->f", normal, faces[:, 0] - centres[one]) > 0.0, 1.0, -1.0)
    seen = faces @ frame.T
    found = {}
    for place, name in enumerate(groups):
        mine, theirs = first == place, second == place
        found[name] = Boundary(
            np.ascontiguousarray(np.concatenate([seen[mine], seen[theirs]])),
            np.concatenate([away[mine], -away[theirs]]),
        )
    return found


def _corners(tagged: TaggedMesh, facets: np.ndarray) -> np.ndarray:
    """Return the corners of facets in the mesh frame, (n, 3 or 4, 3); those of quadrilaterals run around."""
    mesh = tagged.mesh
    width = 4 if mesh.topology.cell_name() == "hexahedron" else 3
    nodes = dolfinx.mesh.entities_to_geometry(mesh, 2, facets).reshape(-1, width)
    if width == 4:
        nodes = nodes[:, [0, 1, 3, 2]]  # DOLFINx counts quadrilaterals in rows
    return mesh.geometry.x[nodes]


def _triangles(corners: np.ndarray, comm: object) -> tuple[np.ndarray, np.ndarray]:
    """Return triangles (n, 3, 3) and the facet that each is of; collective."""
    facets = np.arange(len(corners))
    if corners.shape[1] == 3:
        return corners, facets
    a, b, c, d = (corners[:, place] for place in range(4))
    normal = np.cross(c - a, d - b)
    size = np.linalg.norm(normal, axis=1)
    off = np.abs(np.einsum("fi,fi->f", normal, b - a)) / np.maximum(size, 1e-300)
    bent = off > FLAT * np.sqrt(np.maximum(size, 1e-300))
    if parallel.anywhere(bool(bent.any()), comm):  # type: ignore[arg-type]
        raise InputError(
            Fault(
                "the mesh has hexahedra whose faces are not plane; a radiograph needs plane faces, so mesh with "
                "tetrahedra",
                key="radiograph",
            )
        )
    return np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]]), np.concatenate([facets, facets])
