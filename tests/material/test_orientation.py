import math

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.material import Orientation

DIE = Orientation((1, 1, 1), (1, -1, 0), "x")


@pytest.mark.parametrize("angle", [0.0, 0.4])
@pytest.mark.parametrize("along", ["x", "y"])
@pytest.mark.parametrize(
    ("normal", "edge"), [((1, 1, 1), (1, -1, 0)), ((0, 0, 1), (1, 1, 0)), ((-1, 2, 0), (0, 0, -3))]
)
def test_the_rotation_is_proper(normal, edge, along, angle):
    rotation = Orientation(normal, edge, along, angle).rotation
    assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-15)
    assert np.isclose(np.linalg.det(rotation), 1.0, rtol=1e-14)


def test_normal_and_edge_lie_where_they_were_put():
    assert np.allclose(DIE.direction((1, 1, 1)), [0, 0, 1], atol=1e-15)
    assert np.allclose(DIE.direction((1, -1, 0)), [1, 0, 0], atol=1e-15)
    other = Orientation((1, 1, 1), (1, -1, 0), "y")
    assert np.allclose(other.direction((1, 1, 1)), [0, 0, 1], atol=1e-15)
    assert np.allclose(other.direction((1, -1, 0)), [0, 1, 0], atol=1e-15)


def test_the_third_direction_completes_a_right_handed_frame():
    # y = z x x: [111] x [1-10] = [1 1 -2]
    assert np.allclose(DIE.direction((1, 1, -2)), [0, 1, 0], atol=1e-15)


def test_the_angle_turns_counter_clockwise_about_z():
    turned = Orientation((0, 0, 1), (1, 0, 0), "x", math.radians(30.0))
    assert np.allclose(turned.direction((1, 0, 0)), [math.cos(math.pi / 6), 0.5, 0.0], atol=1e-15)


def test_angles_between_directions_are_kept():
    one, other = DIE.direction((2, -2, 0)), DIE.direction((0, 0, 4))
    assert np.isclose(one @ other, 0.0, atol=1e-15)
    assert np.isclose(DIE.direction((1, 1, 1)) @ DIE.direction((1, 1, 0)), 2.0 / math.sqrt(6.0))


def test_lists_are_taken_as_a_study_gives_them():
    assert Orientation([1, 1, 1], [1, -1, 0], "x") == DIE
    assert hash(Orientation([1, 1, 1], [1, -1, 0], "x")) == hash(DIE)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (((1, 1, 1), (1, 0, 0)), r"edge \[1 0 0\] does not lie in the plane \[1 1 1\].*is 1, it must be 0"),
        (((0, 0, 0), (1, 0, 0)), r"normal: \[0 0 0\] is not a direction"),
        (((1, 1), (1, 0, 0)), r"normal: \[1 1\] is not a direction"),
        (((0, 0, 1), (math.nan, 0, 0)), "edge: .*is not a direction"),
        (((0, 0, 1), (1, 0, 0), "z"), 'edge_along: \'z\' is not allowed; write "x" or "y"'),
        (((0, 0, 1), (1, 0, 0), "x", math.inf), "angle: the angle is not a finite number"),
    ],
)
def test_a_bad_orientation_gives_a_sentence(arguments, sentence):
    with pytest.raises(InputError, match=sentence):
        Orientation(*arguments)


def test_a_zero_direction_gives_a_sentence():
    with pytest.raises(InputError, match="is not a direction"):
        DIE.direction((0, 0, 0))
