import numpy as np
import pytest

from femsuite.geometry import Model
from femsuite.geometry.blocks import Blocks, Interval, shrinking
from femsuite.meshing.generate import extract, mesh_model

X, Y = 0, 1


def drawn(blocks, part_of=None, dimension=2, refinement=1.0):
    with Model(dimension=dimension, refinement=refinement) as model:
        blocks.draw(model, part_of)
        model.rest("outside")
        named = model.finish()
        mesh_model(named)
        return extract(named)


def areas(arrays):
    """Return region -> area of its straight quadrilaterals, m^2."""
    found = {}
    for name, tag in arrays.regions.items():
        corners = arrays.points[arrays.cells[arrays.cell_tags == tag]]
        spans = np.ptp(corners, axis=1)
        found[name] = float((spans[:, 0] * spans[:, 1] * (spans[:, 2] if arrays.dimension == 3 else 1.0)).sum())
    return found


@pytest.fixture
def step():
    """A step: 30 x 10 below, of which the left 10 go on up to 25; a quarter of the foot is 'core'."""
    blocks = Blocks((0.0, 0.0))
    blocks.span(X, 10.0, 2)
    blocks.span(X, 30.0, 3)
    blocks.span(Y, 10.0, 2)
    blocks.span(Y, 25.0, 1)
    blocks.paint("foot", (0.0, 0.0), (30.0, 10.0))
    blocks.paint("leg", (0.0, 10.0), (10.0, 25.0))
    return blocks


def test_an_axis_goes_on_from_where_it_came_to():
    blocks = Blocks((5.0, 0.0))
    assert blocks.end(X) == 5.0
    blocks.span(X, 7.0, 2, 1.5)
    assert blocks.end(X) == 7.0
    assert blocks.end(Y) == 0.0
    assert blocks._axes[X] == [Interval(5.0, 7.0, 2, 1.5)]


@pytest.mark.parametrize("high", [7.0, 6.0, 7.0 + 1e-9])
def test_a_layer_without_thickness_makes_no_interval(high):
    blocks = Blocks((0.0, 0.0))
    blocks.span(X, 7.0, 2)
    blocks.span(X, high, 1)
    assert len(blocks._axes[X]) == 1
    assert blocks.end(X) == 7.0


def test_regions_have_the_areas_of_their_boxes_and_cells_without_a_name_are_empty(step):
    arrays = drawn(step)
    assert areas(arrays) == pytest.approx({"foot": 300e-12, "leg": 150e-12}, rel=1e-9, abs=0)
    assert len(arrays.cells) == 5 * 2 + 2 * 1
    assert arrays.cells.shape[1] == 4


def test_a_later_box_paints_over_and_an_empty_name_clears(step):
    step.paint("core", (0.0, 0.0), (10.0, 10.0))
    step.paint("", (10.0, 0.0), (30.0, 10.0))
    assert areas(drawn(step)) == pytest.approx({"core": 100e-12, "leg": 150e-12}, rel=1e-9, abs=0)


def test_a_region_may_be_part_of_another(step):
    step.paint("core", (0.0, 0.0), (10.0, 10.0))
    assert dict(drawn(step, {"core": "foot"}).part_of) == {"core": "foot"}


def test_three_axes_make_a_solid_of_hexahedra():
    blocks = Blocks((0.0, 0.0, 0.0))
    for axis, (ends, counts) in enumerate((((4.0, 10.0), (2, 2)), ((6.0,), (3,)), ((1.0, 3.0), (1, 1)))):
        for end, count in zip(ends, counts, strict=True):
            blocks.span(axis, end, count)
    blocks.paint("slab", (-1.0, -1.0, 0.0), (10.0, 6.0, 1.0))
    blocks.paint("post", (-1.0, -1.0, 1.0), (4.0, 6.0, 3.0))
    arrays = drawn(blocks, dimension=3)
    assert areas(arrays) == pytest.approx({"slab": 60e-18, "post": 48e-18}, rel=1e-9, abs=0)
    assert len(arrays.cells) == 4 * 3 + 2 * 3
    assert arrays.cells.shape[1] == 8


def test_refinement_multiplies_the_elements_of_every_interval(step):
    assert len(drawn(step, refinement=2.0).cells) == 4 * len(drawn(step).cells)


def test_an_intervals_ratio_is_that_of_its_elements():
    blocks = Blocks((0.0, 0.0))
    blocks.span(X, 15.0, 4, 2.0)
    blocks.span(Y, 1.0, 1)
    blocks.paint("strip", (0.0, 0.0), (15.0, 1.0))
    places = np.unique(np.round(drawn(blocks).points[:, 0] * 1e6, 6))
    assert places == pytest.approx([0.0, 1.0, 3.0, 7.0, 15.0])


@pytest.mark.parametrize(("length", "last", "count"), [(15.0, 1.0, 4), (100.0, 2.0, 10), (1000.0, 90.0, 11)])
def test_shrinking_elements_fill_the_length_and_end_with_the_size_asked_for(length, last, count):
    ratio = shrinking(length, last, count)
    assert 0.0 < ratio < 1.0
    sizes = last * ratio ** (-np.arange(count, dtype=float))
    assert sizes.sum() == pytest.approx(length, rel=1e-9)


def test_shrinking_by_two_is_the_sum_of_powers_of_two():
    assert shrinking(15.0, 1.0, 4) == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("last", [2.5, 3.0, 50.0])
def test_elements_never_grow_towards_the_end(last):
    assert shrinking(10.0, last, 4) == 1.0
