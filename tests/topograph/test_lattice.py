"""The lattice field: reciprocal vector, gradients of closed forms, graded axes."""

import numpy as np
import pytest

from femsuite.topograph.closed_forms import Affine, Quadratic, Sum, SurfaceHeater
from femsuite.topograph.crystal import crystal_constants
from femsuite.topograph.lattice import LatticeField, graded_axis, reciprocal, reciprocal_first_order

CRYSTAL = crystal_constants("Si", (2, -2, 0), 31.0, 400e-6)


def test_reciprocal_vector_solves_the_transposed_gradient():
    gradient = 0.1 * np.random.default_rng(1).normal(size=(4, 5, 3, 3))
    transposed = np.swapaxes(np.eye(3) + gradient, -1, -2)
    expected = np.linalg.solve(transposed, np.broadcast_to([[1.0], [0.0], [0.0]], (4, 5, 3, 1)))[..., 0]
    assert np.allclose(reciprocal(gradient), expected, rtol=1e-12, atol=1e-14)


def test_first_order_error_falls_with_the_square_of_the_gradient():
    gradient = np.random.default_rng(2).normal(size=(50, 3, 3))
    errors = [np.abs(reciprocal(s * gradient) - reciprocal_first_order(s * gradient)).max() for s in (1e-3, 1e-4)]
    assert np.log10(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.02)


def test_a_simple_shear_is_exact_to_first_order():
    """A simple shear is nilpotent, so F^-1 = I - grad u without remainder."""
    for i, j in ((0, 1), (0, 2), (1, 0), (2, 0), (1, 2)):
        gradient = np.zeros((1, 3, 3))
        gradient[0, i, j] = 1e-3
        assert np.allclose(reciprocal(gradient), reciprocal_first_order(gradient), atol=1e-16)


@pytest.mark.parametrize(
    "function",
    [
        Quadratic(0.3, 1.2),
        SurfaceHeater(2e-9, 60e-6, (1e-5, -2e-5)),
        Sum((Affine(((1e-3, 0, 0),) * 3), Quadratic(0.1))),
    ],
    ids=["quadratic", "heater", "sum"],
)
def test_closed_forms_have_the_derivatives_they_state(function):
    points = np.random.default_rng(5).uniform([-2e-4, -2e-4, 2e-5], [2e-4, 2e-4, 4.2e-4], size=(40, 3))
    step = 1e-7
    numeric = np.empty((len(points), 3, 3))
    for axis in range(3):
        shift = np.zeros(3)
        shift[axis] = step
        numeric[:, :, axis] = (function.displacement(points + shift) - function.displacement(points - shift)) / (
            2 * step
        )
    scale = np.abs(numeric).max()
    assert np.allclose(function.gradient(points), numeric, atol=2e-5 * scale)
    for column, axis in ((0, 2), (1, 0)):
        shift = np.zeros(3)
        shift[axis] = step
        change = function.gradient(points + shift)[:, 0, axis] - function.gradient(points - shift)[:, 0, axis]
        second = function.curvature(points)
        assert np.allclose(second[:, column], change / (2 * step), atol=1e-3 * np.abs(second).max())


def test_heater_leaves_the_faces_free_and_is_a_pure_rotation_there():
    """Dundurs: u_x,z = -u_z,x in the whole plate, so that sigma_xz = 0."""
    heater = SurfaceHeater(2e-9, 50e-6)
    gradient = heater.gradient(np.random.default_rng(6).uniform(0, 3e-4, size=(30, 3)))
    assert np.allclose(gradient[:, 0, 2], -gradient[:, 2, 0], rtol=1e-12)
    assert np.allclose(gradient[:, 1, 2], -gradient[:, 2, 1], rtol=1e-12)
    # sigma_zz = 0 with T = phi_zz: the in-plane dilatation equals the one along z
    assert np.allclose(gradient[:, 0, 0] + gradient[:, 1, 1], gradient[:, 2, 2], rtol=1e-10)


def test_strain_gradient_of_one_is_0_14_per_metre():
    axes = (np.linspace(-1e-4, 1e-4, 3), np.linspace(-1e-4, 1e-4, 3), np.linspace(0, 4e-4, 5))
    field = LatticeField.of_function(axes, Quadratic(kappa=0.140), CRYSTAL)
    assert np.allclose(field.strain_gradient, 1.0, atol=0.01)
    assert np.ptp(field.strain_gradient) < 1e-12


def test_uniform_dilation_changes_the_spacing_alone():
    axes = (np.linspace(-1e-4, 1e-4, 3),) * 2 + (np.linspace(0, 4e-4, 3),)
    field = LatticeField.of_function(axes, Affine(tuple(map(tuple, 2.6e-4 * np.eye(3)))), CRYSTAL)
    assert np.allclose(field.dilation, 2.6e-4, rtol=1e-9)
    assert np.abs(field.tilt_along).max() == 0.0


def test_slice_is_the_plane_at_y():
    axes = (np.linspace(-1e-4, 1e-4, 5), np.linspace(-1e-4, 1e-4, 4), np.linspace(0, 4e-4, 6))
    field = LatticeField.of_function(axes, Quadratic(kappa=0.2, bending=1.0), CRYSTAL)
    along, across = field.slice_across(1.7e-5)
    assert np.allclose(along, -(0.2 * axes[2][None, :] - axes[0][:, None]))
    assert np.allclose(across, 0.0)


def test_graded_axis_is_finest_at_its_centre_and_keeps_its_ends():
    axis = graded_axis(-3e-4, 5e-4, 41, centre=1e-4, ratio=5.0)
    steps = np.diff(axis)
    assert axis[0] == -3e-4
    assert axis[-1] == 5e-4
    assert np.all(steps > 0)
    assert abs(axis[np.argmin(steps)] - 1e-4) < 3e-5
    assert steps.max() / steps.min() == pytest.approx(5.0, rel=0.15)
