"""The diffraction frame of a (111) die with an edge along <1-10>."""

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.topograph.frame import diffraction_frame


def orientation_111():
    """Crystal to mesh: [1-10] along mesh x, [111] along mesh z."""
    edge = np.array([1.0, -1.0, 0.0]) / np.sqrt(2.0)
    normal = np.ones(3) / np.sqrt(3.0)
    return np.array([edge, np.cross(normal, edge), normal])


def test_frame_is_right_handed_and_z_points_into_the_die():
    frame = diffraction_frame(orientation_111(), (2, -2, 0))
    assert np.allclose(frame.rotation, [[1, 0, 0], [0, -1, 0], [0, 0, -1]], atol=1e-12)
    assert np.linalg.det(frame.rotation) == pytest.approx(1.0)


def test_beam_from_below_turns_the_frame_about_h():
    frame = diffraction_frame(orientation_111(), (2, -2, 0), beam_side="bottom")
    assert np.allclose(frame.rotation, np.eye(3), atol=1e-12)


def test_reflection_out_of_the_face_names_the_variants_that_lie_in_it():
    with pytest.raises(InputError) as caught:
        diffraction_frame(orientation_111(), (2, 2, 0))
    sentence = str(caught.value)
    assert "[2, -2, 0]" in sentence
    assert "[2, 0, -2]" in sentence
    assert "[0, 2, -2]" in sentence
    assert "[2, 2, 0]" in sentence


def test_a_form_without_variant_in_the_face_says_so():
    with pytest.raises(InputError, match="no variant"):
        diffraction_frame(orientation_111(), (4, 0, 0))


def test_gradients_go_to_the_frame_and_back():
    frame = diffraction_frame(orientation_111(), (2, 0, -2), origin=(1e-3, 2e-3, 0.0))
    random = np.random.default_rng(3)
    gradient = random.normal(size=(5, 3, 3))
    points = random.normal(size=(5, 3))
    assert np.allclose(frame.mesh_gradients(frame.gradients(gradient)), gradient)
    assert np.allclose(frame.mesh_points(frame.points(points)), points)


def test_gradient_of_a_linear_field_is_the_same_linear_map_in_the_frame():
    frame = diffraction_frame(orientation_111(), (0, 2, -2), origin=(0.1, 0.2, 0.3))
    gradient = np.random.default_rng(4).normal(size=(3, 3))
    points = np.random.default_rng(5).normal(size=(7, 3))
    displacement = points @ gradient.T
    offset = frame.vectors(gradient @ frame.origin)
    assert np.allclose(frame.vectors(displacement), frame.points(points) @ frame.gradients(gradient).T + offset)


def test_a_matrix_that_is_no_rotation_is_refused():
    with pytest.raises(InputError, match="rotation"):
        diffraction_frame(2.0 * np.eye(3), (2, -2, 0))
