import math

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.process import coverage_surface, opening
from femsuite.process.coverage import Collimated, Sky, share
from femsuite.process.coverage_surface import surface_share
from femsuite.process.surface import areas, frames, loft

DEEP = 100e-6


def trench(degrees=60.0, **more):
    return opening.opening(DEEP, [DEEP], math.radians(degrees), **more)


def by_rays(profile, source_exponent, segment, fraction, count=20000):
    """Count rays of the section that no other segment crosses, one by one."""
    start = profile[segment] + fraction * (profile[segment + 1] - profile[segment])
    normal = opening.normals(profile)[segment]
    psi = (np.arange(count) + 0.5) / count * math.pi - 0.5 * math.pi
    ray = np.column_stack([np.sin(psi), np.cos(psi)])
    free = ray @ normal > 0.0
    for number in range(len(profile) - 1):
        if number == segment:
            continue
        a, b = profile[number] - start, profile[number + 1] - start
        first = ray[:, 0] * a[1] - ray[:, 1] * a[0]
        second = ray[:, 0] * b[1] - ray[:, 1] * b[0]
        edge = b - a
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = (a[0] * edge[1] - a[1] * edge[0]) / (ray[:, 0] * edge[1] - ray[:, 1] * edge[0])
        free &= ~((first * second < 0.0) & (reach > 1e-12))
    radiance = np.cos(psi) ** source_exponent
    return float(np.sum((radiance * np.maximum(ray @ normal, 0.0))[free]) / np.sum(radiance * np.cos(psi)))


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.5])
@pytest.mark.parametrize(
    "profile",
    [
        trench(70.0),
        trench(115.0),
        opening.opening(DEEP, [40e-6, 60e-6], math.radians(60.0), [30e-6]),
        # a wall with a notch and a hooked lip over the floor: horizons that turn back on themselves
        np.array([
            [-5, 1], [-1, 1], [-0.4, 1.1], [-0.5, 0.9], [-0.9, 0.8], [-0.7, 0.5], [-1.2, 0.3], [-1, 0],
            [1, 0], [1.1, 1], [5, 1],
        ]) * DEEP,
    ],
    ids=["bevel", "undercut", "step", "hook"],
)  # fmt: skip
def test_the_visible_sky_is_that_of_rays_one_by_one(profile, exponent):
    found = share(profile, Sky(exponent), fraction=0.37)
    expected = [by_rays(profile, exponent, number, 0.37) for number in range(len(profile) - 1)]
    assert found == pytest.approx(expected, abs=3e-4)


def test_film_does_not_depend_on_how_a_wall_is_divided():
    profile = trench(65.0)
    fine = opening.subdivide(profile, 7e-6)
    at = opening.middles(fine)
    number = np.searchsorted(profile[:, 0], at[:, 0]) - 1
    part = (at[:, 0] - profile[number, 0]) / np.diff(profile[:, 0])[number]
    assert share(fine, Sky(1.0)) == pytest.approx(share(profile, Sky(1.0), number, part), abs=1e-12)


def test_mirrored_profiles_get_mirrored_films():
    profile = opening.subdivide(opening.opening(DEEP, [40e-6, 60e-6], math.radians(75.0), [20e-6]), 10e-6)
    found = share(profile, Sky(0.5))
    assert found == pytest.approx(found[::-1], abs=1e-12)


@pytest.mark.parametrize("tilt", [0.0, 0.3, 1.0])
def test_a_rotating_substrate_is_the_mean_over_azimuths(tilt):
    profile = opening.subdivide(trench(80.0), 20e-6)
    turns = (np.arange(4000) + 0.5) / 4000 * 2.0 * math.pi
    mean = np.mean([share(profile, Collimated(tilt, turn)) for turn in turns], axis=0)
    assert share(profile, Collimated(tilt, rotating=True)) == pytest.approx(mean, abs=2e-3)


def test_a_tilted_beam_throws_a_shadow_and_favours_the_wall_that_faces_it():
    profile = trench(90.0)
    tilt = math.atan(0.5)
    right_side_of_floor, left_side = share(profile, Collimated(tilt), np.array([2, 2]), np.array([0.74, 0.76]))
    assert (right_side_of_floor, left_side) == (pytest.approx(1.0), 0.0)
    left, right = share(profile, Collimated(tilt), np.array([1, 3]))
    assert (left, right) == (pytest.approx(0.5), 0.0)


def test_a_sky_covers_a_closed_trench_with_what_comes_through_its_mouth():
    """All that enters lands: the film over floor and walls is the width of the mouth."""
    profile = opening.subdivide(trench(75.0), 0.5e-6)
    inside = np.abs(opening.middles(profile)[:, 0]) < DEEP + DEEP / math.tan(math.radians(75.0))
    caught = float(np.sum((share(profile, Sky()) * opening.lengths(profile))[inside]))
    assert caught == pytest.approx(2.0 * (DEEP + DEEP / math.tan(math.radians(75.0))), rel=1e-4)


def test_film_of_an_opening_in_four_numbers():
    profile = opening.subdivide(trench(60.0), 1e-6)
    found = opening.film(profile, share(profile, Sky()))
    assert found.top == pytest.approx(1.0)
    assert found.thinnest == pytest.approx(0.5764, abs=2e-3)
    assert found.thinnest < found.wall < found.floor < found.top
    assert found.ratio == found.thinnest / found.floor


def cup(sides=64):
    section = np.array([[0.0, 0.0], [1e-9, 0.0], [0.5 * DEEP, 0.0], [0.5 * DEEP, DEEP], [2.0 * DEEP, DEEP]])
    points, triangles = loft(section, sides)
    middle = frames(points, triangles)[0]
    return points, triangles, np.array([int(np.argmin(np.hypot(middle[:, 0], middle[:, 1])))])


def test_more_rays_come_nearer_to_the_closed_form():
    points, triangles, which = cup(256)
    errors = [abs(surface_share(points, triangles, Sky(), rays, which)[0] / 0.2 - 1.0) for rays in (64, 1024, 16384)]
    assert errors[2] < 2e-4
    assert errors[2] < errors[1] < errors[0]


@pytest.mark.parametrize("sides", [4, 24])
def test_the_grid_hides_no_triangle_from_a_ray(monkeypatch, sides):
    """One cell that holds all triangles is the test of every pair."""

    def one_cell(nodes, corners):
        low, extent = nodes.min(axis=0) - 1e-9, np.ptp(nodes, axis=0) + 2e-9
        return low, extent, np.ones(3, dtype=np.int64), np.array([0, len(corners)]), np.arange(len(corners))

    section = opening.subdivide(np.array([[10e-6, 0.0], [50e-6, 0.0], [35e-6, DEEP], [2.0 * DEEP, DEEP]]), 20e-6)
    points, triangles = loft(section, sides, length=40e-6)
    by_grid = surface_share(points, triangles, Sky(1.0), 257)
    monkeypatch.setattr(coverage_surface, "_grid", one_cell)
    assert surface_share(points, triangles, Sky(1.0), 257) == pytest.approx(by_grid, abs=1e-12)
    assert by_grid.min() < 0.1


def test_an_open_face_has_all_of_every_source():
    points = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]) * DEEP
    for source in (Sky(), Sky(2.0), Collimated(0.4, 1.0), Collimated(0.4, rotating=True)):
        got = surface_share(points, np.array([[0, 1, 2]]), source, 4096)[0]
        assert got == pytest.approx(1.0, abs=1e-3)


def test_a_beam_reaches_the_floor_of_a_cup_only_when_it_is_steep():
    points, triangles, which = cup()
    assert surface_share(points, triangles, Collimated(0.4), which=which)[0] == pytest.approx(1.0)
    assert surface_share(points, triangles, Collimated(0.5), which=which)[0] == 0.0
    assert surface_share(points, triangles, Collimated(0.4, rotating=True), 90, which)[0] == pytest.approx(1.0)


def test_a_square_opening_has_the_side_and_depth_it_was_given_and_faces_out():
    points, triangles = loft(np.array([[50e-6, 0.0], [50e-6, DEEP], [80e-6, DEEP]]), 4, length=60e-6)
    assert np.ptp(points[points[:, 2] == 0.0], axis=0) == pytest.approx([DEEP, DEEP + 60e-6, 0.0])
    middle, frame = frames(points, triangles)
    walls = np.abs(frame[:, 2, 2]) < 0.5
    assert np.all(np.sum(frame[walls, 2, :2] * middle[walls, :2], axis=1) < 0.0)
    assert np.all(frame[~walls, 2, 2] > 0.999)
    assert areas(points, triangles).sum() == pytest.approx(
        2.0 * (DEEP + 160e-6) * DEEP + 160e-6 * 220e-6 - 100e-6 * 160e-6
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: share(np.zeros((3, 3)), Sky()), "two points"),
        (lambda: share(np.array([[1.0, 0.0], [0.0, 0.0]]), Sky()), "left to right"),
        (lambda: share(np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0]]), Sky()), "the same"),
        (lambda: share(np.array([[0.0, 0.0], [math.nan, 0.0]]), Sky()), "finite"),
        (lambda: share(trench(), Sky(), np.array([9])), "segments 0 to 4"),
        (lambda: Sky(-1.0), "exponent"),
        (lambda: Collimated(1.6), "below 90"),
        (lambda: opening.opening(DEEP, [], 1.0), "must be positive"),
        (lambda: opening.opening(DEEP, [DEEP], 1.0, [DEEP]), "ledges"),
        (lambda: opening.opening(10e-6, [DEEP], 2.5), "meet above"),
        (lambda: opening.subdivide(trench(), 0.0), "longer than nothing"),
        (lambda: opening.film(trench(), np.ones(3)), "as many thicknesses"),
        (lambda: opening.film(np.array([[0.0, 0.0], [1.0, 0.0]]), np.ones(1)), "no wall"),
        (lambda: loft(np.array([[0.0, 0.0], [1.0, 0.0]]), 2), "three sides"),
        (lambda: loft(np.array([[-1.0, 0.0], [1.0, 0.0]]), 8), "distances of 0 or more"),
        (lambda: surface_share(np.zeros((3, 2)), np.array([[0, 1, 2]]), Sky()), "shape"),
        (lambda: surface_share(np.zeros((3, 3)), np.array([[0, 1, 3]]), Sky()), "points from 0 to 2"),
        (lambda: surface_share(np.zeros((3, 3)), np.array([[0, 1, 2]]), Sky()), "no area"),
        (lambda: surface_share(*cup()[:2], Sky(), 0), "one ray"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
