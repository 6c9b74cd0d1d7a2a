"""Recovery of the lattice field from second-order elements: exactness, order, ranks, imprint."""

import numpy as np
import pytest
from dolfinx import fem, mesh
from mpi4py import MPI

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.topograph.closed_forms import Affine, Quadratic, Sum, SurfaceHeater
from femsuite.topograph.crystal import crystal_constants
from femsuite.topograph.exchange import exchange_into_boxes
from femsuite.topograph.frame import DiffractionFrame
from femsuite.topograph.imprint import mesh_imprint, through_elements
from femsuite.topograph.recovery import Recovery, die_mesh
from femsuite.topograph.sampling import GridSampler

CRYSTAL = crystal_constants("Si", (2, -2, 0), 31.0, 400e-6)
SIZE = (600e-6, 500e-6, 400e-6)


class Cubic:
    """u_x = a z^3 + b x^2 z + c x y z, a complete cubic's worth of mixed terms; second element holds it not."""

    def displacement(self, points):
        x, y, z = points.T * 1e3
        return 1e-7 * np.stack([z**3 + 2 * x**2 * z + x * y * z, y**3 - x * z, x**3 + y * z**2], axis=1)

    def gradient(self, points):
        x, y, z = points.T * 1e3
        zero = np.zeros_like(x)
        rows = [
            [4 * x * z + y * z, x * z, 3 * z**2 + 2 * x**2 + x * y],
            [-z, 3 * y**2, -x],
            [3 * x**2, z**2, 2 * y * z],
        ]
        return 1e-4 * np.moveaxis(np.array([[entry + zero for entry in row] for row in rows]), -1, 0)

    def curvature(self, points):
        _, _, z = points.T * 1e3
        return 1e-1 * np.stack([6 * z, 4 * z], axis=1)


@pytest.mark.mpi
def test_cubic_displacement_is_recovered_exactly_with_its_second_derivatives():
    recovered, exact = through_elements(Cubic(), CRYSTAL, SIZE, (4, 4, 3), (13, 12, 11))
    if recovered is None:
        return
    assert recovered.inside.all()
    for name in ("displacement", "gradient", "curvature"):
        got, expected = getattr(recovered, name), getattr(exact, name)
        assert np.abs(got - expected).max() < 1e-9 * np.abs(expected).max(), name


@pytest.mark.mpi
def test_a_large_rigid_motion_costs_no_digits():
    motion = Affine(((0.0, -1e-2, 2e-2), (1e-2, 0.0, 0.0), (-2e-2, 0.0, 0.0)))
    recovered, exact = through_elements(Sum((motion, Quadratic(kappa=1e-3))), CRYSTAL, SIZE, (4, 4, 3), (9, 9, 9))
    if recovered is not None:
        assert np.allclose(recovered.curvature[..., 0], 1e-3, atol=1e-6)
        assert np.abs(recovered.gradient - exact.gradient).max() < 1e-11


@pytest.mark.mpi
def test_recovery_is_the_same_on_every_number_of_ranks():
    heater = SurfaceHeater(2e-9, 60e-6)
    together, _ = through_elements(heater, CRYSTAL, SIZE, (6, 5, 4), (15, 14, 13), MPI.COMM_WORLD)
    alone, _ = through_elements(heater, CRYSTAL, SIZE, (6, 5, 4), (15, 14, 13), MPI.COMM_SELF)
    if together is not None:
        assert np.array_equal(together.inside, alone.inside)
        for name in ("displacement", "gradient", "curvature"):
            got, expected = getattr(together, name), getattr(alone, name)
            assert np.abs(got - expected).max() < 1e-9 * np.abs(expected).max(), name


def test_gradient_converges_with_third_order_and_curvature_with_second():
    smooth = SurfaceHeater(2e-9, 300e-6)
    errors = []
    for count in (8, 16):
        recovered, exact = through_elements(
            smooth, CRYSTAL, (4e-4, 4e-4, 4e-4), (count,) * 3, (25, 25, 25), MPI.COMM_SELF, 1.0
        )
        errors.append(
            [np.sqrt(np.mean((getattr(recovered, n) - getattr(exact, n)) ** 2)) for n in ("gradient", "curvature")]
        )
    rates = np.log2(np.array(errors[0]) / np.array(errors[1]))
    assert rates[0] > 2.7, rates
    assert rates[1] > 1.8, rates


def test_flat_elements_are_fitted_too():
    """Layers eight times thinner than they are wide: the patch grows until it carries a cubic."""
    recovered, exact = through_elements(Cubic(), CRYSTAL, (1e-3, 1e-3, 1e-4), (5, 5, 4), (9, 9, 9), MPI.COMM_SELF, 1.0)
    assert np.abs(recovered.curvature - exact.curvature).max() < 1e-7 * np.abs(exact.curvature).max()


def test_hexahedra_are_taken_as_six_tetrahedra():
    domain = mesh.create_box(
        MPI.COMM_SELF, [[-3e-4, -3e-4, -4e-4], [3e-4, 3e-4, 0.0]], [4, 4, 4], cell_type=mesh.CellType.hexahedron
    )
    frame = DiffractionFrame(np.diag([1.0, -1.0, -1.0]), np.zeros(3))
    displacement = fem.Function(fem.functionspace(domain, ("Lagrange", 2, (3,))))
    displacement.interpolate(lambda x: (Cubic().displacement(frame.points(x.T)) @ frame.rotation).T)
    die = die_mesh(domain, np.arange(64, dtype=np.int32), frame)
    axes = tuple(np.linspace(die.low[i], die.high[i], 8) for i in range(3))
    recovered = GridSampler(die, axes).sample(Recovery(die, displacement.function_space, frame), displacement, CRYSTAL)
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    assert recovered.inside.all()
    assert np.allclose(recovered.curvature.reshape(-1, 2), Cubic().curvature(points), atol=1e-8)


def test_points_outside_the_die_are_marked():
    """Only the cells with x < 0 are the die; the grid covers the whole box."""
    domain = mesh.create_box(MPI.COMM_SELF, [[-3e-4, -3e-4, -4e-4], [3e-4, 3e-4, 0.0]], [6, 4, 4])
    frame = DiffractionFrame(np.diag([1.0, -1.0, -1.0]), np.zeros(3))
    midpoints = mesh.compute_midpoints(domain, 3, np.arange(6 * 4 * 4 * 6, dtype=np.int32))
    die = die_mesh(domain, np.flatnonzero(midpoints[:, 0] < 0.0).astype(np.int32), frame)
    assert die.high[0] == pytest.approx(0.0, abs=1e-12)
    displacement = fem.Function(fem.functionspace(domain, ("Lagrange", 2, (3,))))
    axes = (np.linspace(-2.9e-4, 2.9e-4, 10), np.linspace(-2e-4, 2e-4, 5), np.linspace(0.0, 4e-4, 5))
    field = GridSampler(die, axes).sample(Recovery(die, displacement.function_space, frame), displacement, CRYSTAL)
    assert np.array_equal(field.inside, np.broadcast_to((axes[0] < 0.0)[:, None, None], field.inside.shape))


@pytest.mark.mpi
def test_ranks_without_a_cell_of_the_die_take_part():
    """The die is one corner of a long box, which lies on one rank; the others hold none of it."""
    frame = DiffractionFrame(np.diag([1.0, -1.0, -1.0]), np.zeros(3))
    domain = mesh.create_box(parallel.world(), [[0.0, 0.0, -4e-4], [4e-3, 4e-4, 0.0]], [30, 3, 3])
    cells = domain.topology.index_map(3)
    number = np.arange(cells.size_local + cells.num_ghosts, dtype=np.int32)
    die = die_mesh(domain, number[mesh.compute_midpoints(domain, 3, number)[:, 0] < 4e-4], frame)
    space = fem.functionspace(domain, ("Lagrange", 2, (3,)))
    displacement = fem.Function(space)
    displacement.interpolate(lambda x: (Cubic().displacement(frame.points(x.T)) @ frame.rotation).T)
    displacement.x.scatter_forward()
    axes = tuple(np.linspace(die.low[i], die.high[i], 7) for i in range(3))
    field = GridSampler(die, axes).sample(Recovery(die, space, frame), displacement, CRYSTAL)
    if field is not None:
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
        assert field.inside.all()
        assert np.allclose(field.curvature.reshape(-1, 2), Cubic().curvature(points), atol=1e-7)


def test_a_mesh_too_coarse_for_a_cubic_is_refused():
    domain = mesh.create_box(MPI.COMM_SELF, [[0, 0, 0], [1e-3, 1e-3, 4e-4]], [1, 1, 1])
    frame = DiffractionFrame(np.eye(3), np.zeros(3))
    die = die_mesh(domain, np.arange(6, dtype=np.int32), frame)
    with pytest.raises(InputError, match="refine"):
        Recovery(die, fem.functionspace(domain, ("Lagrange", 2, (3,))), frame)


def test_a_scalar_field_is_refused():
    domain = mesh.create_box(MPI.COMM_SELF, [[0, 0, 0], [1e-3, 1e-3, 4e-4]], [2, 2, 2])
    frame = DiffractionFrame(np.eye(3), np.zeros(3))
    die = die_mesh(domain, np.arange(48, dtype=np.int32), frame)
    with pytest.raises(InputError, match="three components"):
        Recovery(die, fem.functionspace(domain, ("Lagrange", 2)), frame)


@pytest.mark.mpi
def test_exchange_brings_each_rank_exactly_the_others_points_in_its_box():
    comm = parallel.world()
    points = np.random.default_rng(comm.rank).uniform(size=(50 + comm.rank, 3))
    low, high = np.full(3, 0.1), np.full(3, 0.3 + 0.2 * comm.rank)
    received = exchange_into_boxes(points, low, high, comm)(points)
    expected = [
        other
        for rank in range(comm.size)
        if rank != comm.rank
        for other in [np.random.default_rng(rank).uniform(size=(50 + rank, 3))]
    ]
    everything = np.concatenate([*expected, np.empty((0, 3))])
    inside = np.all((everything >= low) & (everything <= high), axis=1)
    assert np.array_equal(received, everything[inside])


def test_mesh_imprint_stays_below_two_percent_and_falls_with_the_elements():
    """Harmonic plate under a heater: noise where the exact contrast is 1, against element size (80, 53 and 40 um)."""
    found = mesh_imprint((10, 15, 20), pixels=120)
    for imprint in found:
        print(
            f"{imprint.size * 1e6:5.1f} um: quiet rms {imprint.quiet_rms:.2e}, worst {imprint.quiet_worst:.2e}, "
            f"quiet share {imprint.quiet_share:.2f}, everywhere {imprint.everywhere_rms:.2e}"
        )
    assert all(imprint.quiet_share > 0.02 for imprint in found)
    assert found[-1].quiet_rms < 0.02
    assert found[0].everywhere_rms > 1.8 * found[-1].everywhere_rms
