"""How much contrast the mesh itself prints into a topograph: a known field through second-order elements and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from dolfinx import fem, mesh
from mpi4py import MPI

from femsuite.topograph.closed_forms import SurfaceHeater
from femsuite.topograph.contrast import ContrastMap, landau_zener_map
from femsuite.topograph.crystal import Crystal, crystal_constants
from femsuite.topograph.frame import DiffractionFrame
from femsuite.topograph.lattice import DisplacementField, LatticeField, graded_axis
from femsuite.topograph.recovery import Recovery, die_mesh
from femsuite.topograph.sampling import GridSampler

QUIET = 1.05  # analytic contrast below which a pixel counts as perfect
IMPRINT_FIELD = SurfaceHeater(strength=3e-9, height=60e-6)


@dataclass(frozen=True)
class Imprint:
    """Mesh imprint of one element size.

    Attributes:
        size: edge of the cubes that are cut into six tetrahedra, m.
        quiet_rms: rms of recovered minus analytic contrast where the analytic contrast is 1 (below ``QUIET``).
        quiet_worst: its largest size there.
        quiet_share: share of the map that is quiet.
        everywhere_rms: rms of the relative error of the contrast over the whole map.
        recovered, exact: the maps.
    """

    size: float
    quiet_rms: float
    quiet_worst: float
    quiet_share: float
    everywhere_rms: float
    recovered: ContrastMap = field(repr=False)
    exact: ContrastMap = field(repr=False)


def through_elements(
    function: DisplacementField,
    crystal: Crystal,
    size: tuple[float, float, float],
    cells: tuple[int, int, int],
    grid: tuple[int, int, int],
    comm: MPI.Intracomm | None = None,
    grading: float = 4.0,
) -> tuple[LatticeField | None, LatticeField]:
    """Return a field after interpolation on second-order tetrahedra and recovery, and the exact one; collective.

    Args:
        function: displacement in the diffraction frame: x from -a/2 to a/2, y likewise, z from 0 to the thickness.
        crystal: the reflection.
        size: of the slab along x, y and z, m.
        cells: cubes along x, y and z; each is cut into six tetrahedra.
        grid: points of the lattice field.
        comm: all ranks when None.
        grading: of the grid in depth.
    """
    comm = MPI.COMM_WORLD if comm is None else comm
    half = np.array([0.5 * size[0], 0.5 * size[1]])
    low, high = [-half[0], -half[1], -size[2]], [half[0], half[1], 0.0]
    domain = mesh.create_box(comm, [low, high], list(cells))
    frame = DiffractionFrame(np.diag([1.0, -1.0, -1.0]), np.zeros(3))  # the beam enters by the mesh's upper face
    space = fem.functionspace(domain, ("Lagrange", 2, (3,)))
    displacement = fem.Function(space)
    displacement.interpolate(lambda x: (function.displacement(frame.points(x.T)) @ frame.rotation).T)
    displacement.x.scatter_forward()
    cell_map = domain.topology.index_map(3)
    die = die_mesh(domain, np.arange(cell_map.size_local + cell_map.num_ghosts, dtype=np.int32), frame)
    axes = (
        np.linspace(-half[0], half[0], grid[0]),
        np.linspace(-half[1], half[1], grid[1]),
        graded_axis(0.0, size[2], grid[2], 0.0, grading),
    )
    recovered = GridSampler(die, axes).sample(Recovery(die, space, frame), displacement, crystal)
    return recovered, LatticeField.of_function(axes, function, crystal)


def mesh_imprint(
    divisions: Sequence[int],
    function: DisplacementField = IMPRINT_FIELD,
    size: tuple[float, float, float] = (800e-6, 800e-6, 400e-6),
    pixels: int = 200,
) -> list[Imprint]:
    """Return the imprint of several element sizes, on the harmonic field of a heated plate; one rank.

    The displacement is a solution of thermoelasticity that no polynomial holds (Dundurs; see
    :class:`~femsuite.topograph.closed_forms.SurfaceHeater`), so what appears where the exact contrast is 1 is the
    mesh's own.

    Args:
        divisions: cubes along the slab's first edge, one entry per mesh.
        function: the field.
        size: of the slab, m.
        pixels: of the contrast map.
    """
    crystal = crystal_constants("Si", (2, -2, 0), 31.0, size[2])
    found = []
    for count in divisions:
        edge = size[0] / count
        cells = tuple(max(1, round(length / edge)) for length in size)
        recovered, exact = through_elements(
            function, crystal, size, (cells[0], cells[1], cells[2]), (121, 121, 41), MPI.COMM_SELF
        )
        assert recovered is not None  # COMM_SELF: this rank is the first
        got, expected = (landau_zener_map(one, (pixels, pixels)) for one in (recovered, exact))
        error = got.values - expected.values
        quiet = expected.values < QUIET
        found.append(
            Imprint(
                edge,
                float(np.sqrt(np.mean(error[quiet] ** 2))),
                float(np.abs(error[quiet]).max()),
                float(quiet.mean()),
                float(np.sqrt(np.mean((error / expected.values) ** 2))),
                got,
                expected,
            )
        )
    return found
