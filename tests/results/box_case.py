"""A box of two regions with a temperature that is known everywhere; shared by the tests of this room."""

from __future__ import annotations

import itertools

import numpy as np
from dolfinx.fem import Function, functionspace

from femsuite.meshing.arrays import FACETS, assemble
from femsuite.meshing.tagged import TaggedMesh
from femsuite.meshing.transfer import transfer
from femsuite.parallel import is_root
from femsuite.results.state import State

SIZE = np.array([2.0e-3, 1.0e-3, 1.0e-3])  # the box, metres
FACES = ("left", "right", "front", "back", "bottom", "top")
# six tetrahedra per cube (Kuhn): every path along the edges from corner 0 to corner 7
CORNERS = np.array(list(itertools.product((0, 1), repeat=3)))[:, ::-1]


def box(cell_type: str = "tetrahedron", divisions: tuple[int, int, int] = (4, 2, 2)) -> TaggedMesh:
    """Return the box with the regions ``die`` (lower half) and ``mould`` (upper half) and six named faces."""
    return transfer(_arrays(cell_type, divisions) if is_root() else None)


def _arrays(cell_type, divisions):
    counts = np.array(divisions)
    number = lambda index: index[..., 0] + (counts[0] + 1) * (index[..., 1] + (counts[1] + 1) * index[..., 2])  # noqa: E731
    axes = [np.linspace(0.0, 1.0, n + 1) for n in counts]
    points = np.array([(x, y, z) for z in axes[2] for y in axes[1] for x in axes[0]]) * SIZE
    cubes = np.array(list(itertools.product(*(range(n) for n in counts))))
    corner = number(cubes[:, None, :] + CORNERS[None, :, :])  # x fastest
    if cell_type == "hexahedron":
        cells = corner[:, [0, 1, 3, 2, 4, 5, 7, 6]]
    else:
        paths = []
        for axis in itertools.permutations((1, 2, 4)):
            path = [0, axis[0], axis[0] + axis[1], 7]
            paths.append(path)
        cells = corner[:, np.array(paths)].reshape(-1, 4)
        p = points[cells]
        flip = np.linalg.det(p[:, 1:] - p[:, :1]) < 0
        cells[flip, 1], cells[flip, 2] = cells[flip, 2].copy(), cells[flip, 1].copy()
    middle = points[cells].mean(axis=1)
    tags = np.where(middle[:, 2] < SIZE[2] / 2, 1, 2).astype(np.int32)
    facets = cells[:, FACETS[cell_type]].reshape(-1, FACETS[cell_type].shape[1])
    named, face_tags = [], []
    for tag, (axis, end) in enumerate(itertools.product(range(3), (0.0, 1.0)), start=1):
        on = np.all(np.isclose(points[facets][:, :, axis], end * SIZE[axis], atol=1e-12), axis=1)
        named.append(facets[on])
        face_tags.append(np.full(on.sum(), tag))
    return assemble(
        points,
        cells,
        cell_type,
        tags,
        {"die": 1, "mould": 2},
        np.concatenate(named),
        np.concatenate(face_tags),
        {name: index for index, name in enumerate(FACES, start=1)},
    )


def exact_temperature(x):
    """A quadratic temperature in kelvin; ``x`` has shape (3, n), metres."""
    a, b, c = x / SIZE[:, None]
    return 300.0 + 40.0 * a + 30.0 * a * (1 - a) + 10.0 * b * c - 5.0 * c**2


def exact_displacement(x):
    """A quadratic displacement in metres: a bowed box."""
    a, b, c = x / SIZE[:, None]
    return np.array([1e-7 * a, 2e-7 * b * c, 1e-6 * (a - 0.5) ** 2 + 3e-7 * b])


def exact_stress(x):
    """A linear stress in pascal as a Voigt vector xx, yy, zz, yz, xz, xy."""
    a, b, c = x / SIZE[:, None]
    return np.array([1e6 * a, 2e6 * b, 3e6 * c, 4e6 * a, 5e6 * b, 6e6 * c])


def make_state(tagged: TaggedMesh, order: int = 2, scale: float = 1.0, label: str = "power=1 W", power: float = 1.0):
    """Return a state with temperature, displacement and stress."""
    temperature = Function(functionspace(tagged.mesh, ("Lagrange", order)))
    temperature.interpolate(lambda x: 300.0 + scale * (exact_temperature(x) - 300.0))
    displacement = Function(functionspace(tagged.mesh, ("Lagrange", order, (3,))))
    displacement.interpolate(lambda x: scale * exact_displacement(x))
    stress = Function(functionspace(tagged.mesh, ("Lagrange", 1, (6,))))
    stress.interpolate(lambda x: scale * exact_stress(x))
    flux = Function(functionspace(tagged.mesh, ("DG", 0, (3,))))
    flux.interpolate(lambda x: np.array([x[0], 2 * x[1], 3 * x[2]]))
    return State(
        label, "power", {"power": power}, 0.0, temperature, displacement, {"stress": stress, "heat_flux": flux}
    )
