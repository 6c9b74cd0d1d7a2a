"""How far a face is from flat: bow and radii of curvature, from the out-of-plane displacement.

Plane and paraboloid are fitted by least squares over the face's area, so that they do not depend on how the face is
meshed:  w = a + b x + c y  and  w = a + b x + c y + kx x^2/2 + kxy x y + ky y^2/2, with w along ``normal``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import ufl
from dolfinx.fem import Function, assemble_vector, functionspace
from dolfinx.la import InsertMode

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.results.selection import Part
from femsuite.solve.assembly import compile_form


@dataclass(frozen=True)
class Bow:
    """Shape of a face.

    Attributes:
        peak_to_valley: largest minus smallest distance from the best plane, m.
        curvature_x, curvature_y: second derivative of w along the first and second axis in the face, 1/m; positive
            when the rim stands higher along ``normal`` than the middle.
        twist: mixed second derivative, 1/m.
        tilt: slopes of the best plane along the two axes.
    """

    peak_to_valley: float
    curvature_x: float
    curvature_y: float
    twist: float
    tilt: tuple[float, float]

    @property
    def radius_x(self) -> float:
        """Radius of curvature along the first axis, m; infinite for a straight face."""
        return 1.0 / self.curvature_x if self.curvature_x else np.inf

    @property
    def radius_y(self) -> float:
        """Radius of curvature along the second axis, m; infinite for a straight face."""
        return 1.0 / self.curvature_y if self.curvature_y else np.inf


def bow(displacement: Function, face: Part, normal: str = "z") -> Bow:
    """Return bow and curvatures of a face; collective.

    Args:
        displacement: metres, Lagrange of order one or two, three components.
        face: a set of surfaces or interfaces.
        normal: the axis across the face; the other two, in order x, y, z, are "first" and "second".

    Raises:
        InputError: when the part is not a face or has no extent along one of the axes.
    """
    if face.kind != "surface":
        raise InputError(f"'{face}' is a region; bow is taken over a surface or an interface such as 'die|attach'.")
    across = "xyz".index(normal)
    first, second = (axis for axis in range(3) if axis != across)
    comm = face.tagged.mesh.comm
    points, values = face.values(displacement)
    centre, scale = _extent(points[:, [first, second]], face, comm)
    w = values[:, across]

    weights, where, height = _weighted_nodes(displacement, face, across)
    local = (where[:, [first, second]] - centre) / scale
    plane = _least_squares(_plane(local), height, weights, comm)
    full = _least_squares(_paraboloid(local), height, weights, comm)

    rest = w - _plane((points[:, [first, second]] - centre) / scale) @ plane
    high = parallel.largest(np.array([rest.max(initial=-np.inf)]), comm)[0]
    low = parallel.smallest(np.array([rest.min(initial=np.inf)]), comm)[0]
    return Bow(
        peak_to_valley=float(high - low),
        curvature_x=float(full[3] / scale[0] ** 2),
        curvature_y=float(full[5] / scale[1] ** 2),
        twist=float(full[4] / (scale[0] * scale[1])),
        tilt=(float(plane[1] / scale[0]), float(plane[2] / scale[1])),
    )


def _extent(points: np.ndarray, face: Part, comm: object) -> tuple[np.ndarray, np.ndarray]:
    low = parallel.smallest(points.min(axis=0, initial=np.inf), comm)  # type: ignore[arg-type]
    high = parallel.largest(points.max(axis=0, initial=-np.inf), comm)  # type: ignore[arg-type]
    scale = (high - low) / 2
    if not np.all(scale > 1e-9 * scale.max()):
        raise InputError(f"'{face}' has no extent along one of its axes: is `normal` the axis across it?")
    return (low + high) / 2, scale


def _weighted_nodes(displacement: Function, face: Part, across: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return area weights, coordinates and out-of-plane displacement of the owned nodes on the face.

    The weight of a node is the integral of its shape function over the face; each node counts on its owner alone.
    """
    space = displacement.function_space
    mesh = space.mesh
    scalar = functionspace(mesh, ("Lagrange", space.element.basix_element.degree))
    test = ufl.TestFunction(scalar)
    tagged = face.tagged
    tags = tagged.select_facets(face.selector)
    outer = tuple(tag for tag in tags if tag in tagged.surfaces.values())
    inner = tuple(tag for tag in tags if tag in tagged.interfaces.values())
    form = 0
    if outer:
        form += test * tagged.measure("ds", 2)(outer)
    if inner:
        form += ufl.avg(test) * tagged.measure("dS", 2)(inner)
    vector = assemble_vector(compile_form(form))
    vector.scatter_reverse(InsertMode.add)
    owned = scalar.dofmap.index_map.size_local
    weights = vector.array[:owned]
    nodes = np.flatnonzero(np.abs(weights) > 1e-9 * np.abs(weights).max(initial=0.0))
    # the vector space numbers the same nodes, but not always alike
    renumber = np.empty(scalar.dofmap.index_map.size_local + scalar.dofmap.index_map.num_ghosts, dtype=np.int64)
    renumber[scalar.dofmap.list.ravel()] = space.dofmap.list.ravel()
    height = displacement.x.array.reshape(-1, 3)[renumber[nodes], across]
    return weights[nodes], scalar.tabulate_dof_coordinates()[nodes], height


def _plane(local: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(local)), local])


def _paraboloid(local: np.ndarray) -> np.ndarray:
    x, y = local.T
    return np.column_stack([np.ones(len(local)), x, y, x**2 / 2, x * y, y**2 / 2])


def _least_squares(basis: np.ndarray, values: np.ndarray, weights: np.ndarray, comm: object) -> np.ndarray:
    """Return the weighted least-squares coefficients over all ranks."""
    normal = parallel.total(basis.T @ (weights[:, None] * basis), comm)  # type: ignore[arg-type]
    right = parallel.total(basis.T @ (weights * values), comm)  # type: ignore[arg-type]
    return np.linalg.lstsq(normal, right, rcond=1e-12)[0]
