"""What a line feels at which two faces of a part meet, such as the foot of a metal wall on a contact.

Stress there grows without bound as the mesh is refined; what is taken is the mean over a region's points within a
stated distance of the line, piece by piece along it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy.spatial import cKDTree

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.material.material import Material
from femsuite.units import Length

if TYPE_CHECKING:
    from femsuite.meshing.tagged import TaggedMesh
    from femsuite.physics.mechanics import MechanicsProblem

_SAME = 1e-9  # of the body's size: two corners are one
_FINE = 8  # samples of the line within the distance: its own distance is then known within a part in 500


class Foot(BaseModel):
    """Lift, shear and inelastic strain of a region beside the line where two faces meet."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    type: Literal["foot"]
    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    """First word of its columns."""
    region: str
    """In which region the means are taken."""
    between: tuple[str, str]
    """The two faces, such as ``["chip|film", "chip|foil"]``, whose common line is the foot."""
    distance: Annotated[Length, Field(gt=0.0)] = 10e-6
    """Distance from the line, and along it, over which stress and strain are averaged."""

    def check(self, material: Material) -> None:
        """Nothing is asked of the material."""

    def columns(self) -> Mapping[str, tuple[str, str]]:
        """Return column -> unit and what it was taken over."""
        place = f"{self.region}, mean within {1e6 * self.distance:g} um of where {' and '.join(self.between)} meet"
        return {
            f"{self.name}_lift": ("Pa", f"stress upwards, largest along the line, {place}"),
            f"{self.name}_shear": ("Pa", f"shear in planes that stand on the face, largest along the line, {place}"),
            f"{self.name}_strain": ("", f"accumulated inelastic strain, largest along the line, {place}"),
            f"{self.name}_work": ("J/m**3", f"dissipated, largest along the line, {place}"),
        }

    def evaluate(self, problem: MechanicsProblem, material: Material) -> dict[str, float]:
        """Return the columns' numbers for the present state. Collective.

        Raises:
            InputError: the two faces do not meet, or the mesh has no point so near.
        """
        tagged, comm = problem.tagged, problem.space.mesh.comm
        line = foot_line(tagged, self.between)
        fine, coarse = sampled(line, self.distance / _FINE), sampled(line, self.distance)
        cells = tagged.cells(self.region)
        cells = cells[cells < problem.points.owned]
        places = problem.points.positions[cells].reshape(-1, 3)
        near = cKDTree(fine).query(places)[0] < self.distance
        piece = cKDTree(coarse).query(places[near])[1]
        weights = problem.points.weights[cells].ravel()[near]
        up = problem.dimension - 1
        shears = [5] if up == 1 else [3, 4]
        stress = problem.stress[cells].reshape(-1, 6)[near]
        memory = [problem.internal.get(name) for name in ("accumulated_strain", "dissipation")]
        parts = [stress[:, up], *(stress[:, one] for one in shears)]
        parts += [np.zeros(len(weights)) if one is None else one[cells].reshape(-1)[near] for one in memory]
        sums = [np.bincount(piece, weights * part, minlength=len(coarse)) for part in (np.ones(len(weights)), *parts)]
        volume, *found = parallel.total(np.array(sums), comm)
        there = volume > 0.0
        if not there.any():
            raise InputError(
                f"failures.{self.name}: the mesh of '{self.region}' has no point within {1e6 * self.distance:g} um of "
                f"the line where {' and '.join(self.between)} meet; refine it, or take a larger distance"
            )
        lift, *others = (one[there] / volume[there] for one in found)
        tangential = np.sqrt(sum(one**2 for one in others[: len(shears)]))
        strain, work = others[len(shears) :]
        return {
            f"{self.name}_lift": float(lift.max()),
            f"{self.name}_shear": float(tangential.max()),
            f"{self.name}_strain": float(strain.max()),
            f"{self.name}_work": float(work.max()),
        }


def foot_line(tagged: TaggedMesh, between: tuple[str, str]) -> np.ndarray:
    """Return the pieces of the line where two faces meet, as ends (pieces, 2, 3), m; in 2D points with equal ends.

    Collective; the same on all ranks.

    Raises:
        InputError: they do not meet.
    """
    mesh = tagged.mesh
    top = mesh.topology.dim
    for one, other in ((top - 1, 0), (top - 1, top - 2), (top - 1, top), (top - 2, top), (0, top)):
        mesh.topology.create_connectivity(one, other)
    facets = [tagged.facets(name) for name in between]
    size = float(parallel.largest(np.abs(mesh.geometry.x).max(initial=0.0), mesh.comm))
    corners = [_keys(_corners(mesh, top - 1, own), size) for own in facets]
    both = _gathered(corners[0], mesh.comm) & _gathered(corners[1], mesh.comm)
    found: set[tuple[tuple[int, ...], ...]] = set()
    if top == 2:
        found = {(key, key) for key in both}
    else:
        to_edges = mesh.topology.connectivity(top - 1, 1)
        links = [to_edges.links(one) for one in facets[0]]
        edges = np.unique(np.concatenate(links)) if links else np.empty(0)
        for ends in _corners(mesh, 1, edges.astype(np.int32)).reshape(-1, 2, 3):
            pair = tuple(sorted(map(tuple, np.rint(ends / (size * _SAME)).astype(np.int64).tolist())))
            if both.issuperset(pair):
                found.add(pair)
        found = set().union(*parallel.gather(found, mesh.comm))
    if not found:
        raise InputError(f"the faces '{between[0]}' and '{between[1]}' have no line in common")
    return np.array(sorted(found), dtype=float) * (size * _SAME)


def sampled(line: np.ndarray, spacing: float) -> np.ndarray:
    """Return points along the pieces of a line, no farther apart than asked: (points, 3)."""
    found = []
    for start, end in line:
        count = max(1, int(np.ceil(np.linalg.norm(end - start) / spacing)))
        shares = (np.arange(count) + 0.5) / count
        found.append(start + shares[:, None] * (end - start))
    return np.concatenate(found)


def _corners(mesh: object, dimension: int, entities: np.ndarray) -> np.ndarray:
    """Return the corners of mesh entities, (corners, 3)."""
    from dolfinx.mesh import entities_to_geometry

    if not len(entities):
        return np.empty((0, 3))
    return mesh.geometry.x[entities_to_geometry(mesh, dimension, entities).ravel()]  # type: ignore[attr-defined]


def _keys(points: np.ndarray, size: float) -> set[tuple[int, ...]]:
    return set(map(tuple, np.rint(points / (size * _SAME)).astype(np.int64).tolist()))


def _gathered(own: set[tuple[int, ...]], comm: object) -> set[tuple[int, ...]]:
    return set().union(*parallel.gather(own, comm))  # type: ignore[arg-type]
