import gmsh
import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.geometry import Model


def stack(model: Model) -> None:
    model.region("lower", model.box((0, 0, 0), (10, 10, 5)))
    model.region("upper", model.box((0, 0, 5), (10, 10, 5)))
    model.surface("top", lambda face: face.faces("+z"))
    model.surface("bottom", lambda face: face.faces("-z"))


def volume(pieces: tuple[int, ...]) -> float:
    return sum(gmsh.model.occ.getMass(3, tag) for tag in pieces)


def test_a_later_region_paints_over_an_earlier_one():
    with Model() as model:
        model.region("outside", model.box((0, 0, 0), (10, 10, 10)))
        model.region("inside", model.box((2, 2, 2), (2, 2, 2)))
        model.rest("surface")
        named = model.finish()
        assert volume(named.pieces["inside"]) == pytest.approx(8.0)
        assert volume(named.pieces["outside"]) == pytest.approx(992.0)


def test_priority_beats_the_order_of_declaration():
    with Model() as model:
        model.region("inside", model.box((0, 0, 0), (2, 2, 2)), priority=10)
        model.region("outside", model.box((0, 0, 0), (10, 10, 10)))
        model.rest("surface")
        assert volume(model.finish().pieces["inside"]) == pytest.approx(8.0)


def test_normals_point_out_of_the_body():
    with Model() as model:
        model.region("body", model.cylinder((0, 0, 0), (0, 0, 3), 2.0))
        model.surface("top", lambda face: face.faces("+z"))
        model.surface("bottom", lambda face: face.faces("-z"))
        model.surface("mantle", lambda face: bool(np.dot(face.normal[:2], face.normal[:2]) > 0.99))
        assert {name: len(tags) for name, tags in model.finish().surfaces.items()} == {
            "top": 1,
            "bottom": 1,
            "mantle": 1,
        }


def test_an_outer_face_without_name_is_named_by_its_region_and_place():
    with Model() as model:
        stack(model)
        with pytest.raises(InputError, match=r"outer face of '(lower|upper)' around \(.*\) um has no surface name"):
            model.finish()


def test_an_outer_face_with_two_names_is_refused():
    with Model() as model:
        stack(model)
        model.surface("lid", lambda face: face.region == "upper")
        model.rest("side")
        with pytest.raises(InputError, match=r"of 'upper' .* has 2 surface names: top, lid"):
            model.finish()


def test_a_rule_that_takes_no_face_is_refused():
    with Model() as model:
        stack(model)
        model.surface("lost", lambda face: face.region == "nowhere")
        model.rest("side")
        with pytest.raises(InputError, match="rule of surface 'lost'"):
            model.finish()


def test_a_region_that_others_cover_is_refused():
    with Model() as model:
        model.region("hidden", model.box((1, 1, 1), (2, 2, 2)))
        model.region("cover", model.box((0, 0, 0), (5, 5, 5)))
        model.rest("side")
        with pytest.raises(InputError, match="nothing is left of the region 'hidden'"):
            model.finish()


def test_part_of_an_unknown_region_is_refused_with_the_nearest():
    with Model() as model:
        stack(model)
        model.region("source", model.box((1, 1, 6), (1, 1, 1)), part_of="uper")
        model.rest("side")
        with pytest.raises(InputError, match="did you mean 'upper'"):
            model.finish()


def test_size_overrides_must_match_a_region():
    with Model(sizes={"die": 3.0}) as model:
        stack(model)
        model.rest("side")
        with pytest.raises(InputError, match="there is no region 'die'"):
            model.finish()


def test_the_session_ends_with_the_context():
    with Model() as model:
        stack(model)
    assert not gmsh.isInitialized()
