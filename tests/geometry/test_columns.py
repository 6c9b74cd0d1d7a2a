import time

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.geometry import Model
from femsuite.geometry.columns import ABOVE, Columns, Faces
from femsuite.geometry.grading import graded
from femsuite.geometry.splitting import split_hexahedra
from femsuite.meshing.arrays import FACETS, MeshArrays
from femsuite.meshing.generate import lay


def grid(count: int, levels: int, lean: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """A unit square of count^2 cells, columns of height 1 that lean by x = lean z; plan and positions."""
    x, y = np.meshgrid(*[np.linspace(0.0, 1.0, count + 1)] * 2, indexing="ij")
    height = np.linspace(0.0, 1.0, levels + 1)
    positions = np.zeros(((count + 1) ** 2, levels + 1, 3))
    positions[..., 0] = x.reshape(-1, 1) + lean * height
    positions[..., 1], positions[..., 2] = y.reshape(-1, 1), height
    ids = np.arange((count + 1) ** 2).reshape(count + 1, count + 1)
    plan = np.stack([ids[:-1, :-1], ids[1:, :-1], ids[1:, 1:], ids[:-1, 1:]], axis=-1).reshape(-1, 4)
    return plan, positions


def laid(columns: Columns, rules=None, rest: str | None = "side", **model) -> MeshArrays:
    with Model(dimension=columns.dimension, **model) as drawn:
        drawn.columns(columns)
        for name, rule in (rules or {}).items():
            drawn.surface(name, rule)
        if rest is not None:
            drawn.rest(rest)
        assert drawn.in_columns
        return lay(*drawn.finish_columns())


def signed_tetrahedra(arrays: MeshArrays) -> np.ndarray:
    corners = arrays.points[arrays.cells]
    return np.linalg.det(corners[:, 1:] - corners[:, :1]) / 6.0


def stack(simplices: bool = False, lean: float = 0.5) -> Columns:
    """Region a below and b above, with a hole in b over the first column."""
    plan, positions = grid(3, 4, lean)
    region = np.tile([0, 0, 1, 1], (9, 1))
    region[0, 2:] = -1
    return Columns(plan, positions, region, ("a", "b"), simplices)


def test_columns_become_named_hexahedra_in_metres():
    arrays = laid(stack(), {"top": lambda faces: faces.faces("+z") & (faces.centre[:, 2] > 0.9)})
    assert arrays.cell_type == "hexahedron"
    assert len(arrays.cells) == 9 * 4 - 2
    assert arrays.points.max() == pytest.approx(1.5e-6, rel=1e-12)
    assert set(arrays.regions) == {"a", "b"}
    assert set(arrays.surfaces) == {"top", "side"}
    assert set(arrays.interfaces) == {"a|b"}
    assert (arrays.facet_tags == arrays.interfaces["a|b"]).sum() == 8
    assert (arrays.facet_tags == arrays.surfaces["top"]).sum() == 8


def test_the_outer_faces_look_outwards_and_close():
    columns = stack()
    facets, faces = columns.outside
    corners = columns.points[facets]
    area = 0.5 * np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    assert np.abs(area.sum(axis=0)).max() < 1e-15
    assert np.einsum("ij,ij->", area, faces.centre) / 3.0 == pytest.approx(1.0 - 0.5 / 9.0, rel=1e-12)
    assert np.allclose(faces.normal, area / np.linalg.norm(area, axis=1, keepdims=True))
    assert (faces.normal[faces.side == ABOVE] == [0.0, 0.0, 1.0]).all()


def test_tetrahedra_fill_the_same_space_and_match_across_faces():
    arrays = laid(stack(simplices=True))
    volumes = signed_tetrahedra(arrays)
    assert volumes.min() > 0.0
    assert volumes.sum() == pytest.approx((1.0 - 0.5 / 9.0) * 1e-18, rel=1e-12)
    facets = np.sort(arrays.cells[:, FACETS["tetrahedron"]].reshape(-1, 3), axis=1)
    counts = np.unique(facets, axis=0, return_counts=True)[1]
    outside = np.isin(arrays.facet_tags, list(arrays.surfaces.values())).sum()
    assert (counts == 1).sum() == outside == 2 * len(stack().outside[0])
    assert counts.max() == 2


def test_tetrahedra_match_whatever_the_numbers_of_the_nodes():
    plan, positions = grid(3, 3)
    columns = Columns(plan, positions, np.zeros((9, 3), dtype=int), ("a",))
    rng = np.random.default_rng(7)
    for _ in range(5):
        number = rng.permutation(len(columns.points))
        points = np.empty_like(columns.points)
        points[number] = columns.points
        cells = split_hexahedra(number[columns.cells])
        corners = points[cells]
        assert (np.linalg.det(corners[:, 1:] - corners[:, :1]) > 0.0).all()
        facets = np.sort(cells[:, FACETS["tetrahedron"]].reshape(-1, 3), axis=1)
        assert (np.unique(facets, axis=0, return_counts=True)[1] == 1).sum() == 2 * 6 * 9


@pytest.mark.parametrize(("simplices", "kind", "count"), [(False, "quadrilateral", 6), (True, "triangle", 12)])
def test_a_plan_of_intervals_makes_a_section(simplices, kind, count):
    x, y = np.linspace(0.0, 2.0, 3), np.linspace(0.0, 1.0, 4)
    positions = np.stack(np.broadcast_arrays(x[:, None], y), axis=-1)
    plan = np.array([[0, 1], [1, 2]])
    columns = Columns(plan, positions, np.tile([0, 1, 1], (2, 1)), ("low", "high"), simplices)
    rules = {"left": lambda faces: faces.faces("-x"), "top": lambda faces: faces.faces("+y")}
    arrays = laid(columns, rules, "rest")
    assert (arrays.cell_type, len(arrays.cells)) == (kind, count)
    assert (arrays.facet_tags == arrays.surfaces["left"]).sum() == 3
    assert (arrays.facet_tags == arrays.surfaces["top"]).sum() == 2
    assert (arrays.facet_tags == arrays.surfaces["rest"]).sum() == 5
    corners = arrays.points[arrays.cells][:, [0, 1, -1]]
    turn = np.linalg.det(corners[:, 1:] - corners[:, :1])
    assert turn.min() > 0.0


def test_a_node_without_use_may_have_no_place_a_used_one_must():
    plan, positions = grid(2, 2)
    region = np.zeros((4, 2), dtype=int)
    region[3, 1] = -1
    positions[-1, 2] = np.nan
    assert len(laid(Columns(plan, positions, region, ("a",))).points) == 27 - 1
    with pytest.raises(InputError, match="uses a node that has no position"):
        laid(Columns(plan, positions, np.zeros((4, 2), dtype=int), ("a",)))


@pytest.mark.parametrize(
    ("rules", "rest", "sentence"),
    [
        ({"top": lambda faces: faces.faces("+z")}, None, "has no surface name"),
        ({"top": lambda f: f.faces("+z"), "all": lambda f: f.side < 9}, None, "2 surface names: top, all"),
        ({"nowhere": lambda faces: faces.centre[:, 2] > 9.0}, "side", "no outer face is named by the rule of surface"),
    ],
)
def test_every_outer_face_has_one_name(rules, rest, sentence):
    with pytest.raises(InputError) as told:
        laid(stack(), rules, rest)
    assert sentence in str(told.value)


def test_what_columns_cannot_do_is_told():
    with pytest.raises(InputError, match=r"mesh.sizes \(a\) has no meaning for a geometry laid out in columns"):
        laid(stack(), sizes={"a": 1.0})
    plan, positions = grid(1, 1)
    with pytest.raises(InputError, match="the columns hold no region"):
        Columns(plan, positions, np.full((1, 1), -1), ("a",))
    thrice = Columns(np.repeat(plan, 3, axis=0), positions, np.zeros((3, 1), dtype=int), ("a",))
    with pytest.raises(InputError, match="more than two of its cells"):
        laid(thrice)
    with Model() as model:
        model.region("body", model.box((0, 0, 0), (1, 1, 1)))
        model.columns(stack())
        with pytest.raises(InputError, match=r"either drawn with model.region or laid out"):
            model.finish_columns()


def test_rules_see_the_region_and_the_place_in_the_plan():
    seen: list[Faces] = []
    laid(stack(), {"all": lambda faces: seen.append(faces) or np.ones(len(faces.side), dtype=bool)}, None)
    hole = (seen[0].column == 0) & (seen[0].side == ABOVE)
    assert seen[0].region[hole].tolist() == ["a"]
    assert seen[0].level[hole].tolist() == [1]


def test_a_hundred_thousand_hexahedra_are_laid_in_two_seconds():
    plan, positions = grid(50, 40)
    region = np.repeat((np.arange(40) >= 20)[None], 2500, axis=0).astype(int)
    began = time.perf_counter()
    arrays = laid(Columns(plan, positions, region, ("a", "b")))
    assert len(arrays.cells) == 100_000
    assert time.perf_counter() - began < 2.0  # measured 0.4 s


@pytest.mark.parametrize("ends", [(1.0, 1.0), (1.0, 30.0), (30.0, 2.0), (200.0, 200.0)])
def test_a_graded_line_has_its_sizes_at_its_ends_and_grows_smoothly(ends):
    sizes = 100.0 * np.diff(graded(100.0, *ends, 20.0, 1.3))
    assert sizes.sum() == pytest.approx(100.0, rel=1e-12)
    assert sizes.max() < 20.0 * 1.1
    assert (np.maximum(sizes[1:] / sizes[:-1], sizes[:-1] / sizes[1:]) < 1.36).all()
    for found, wanted in zip((sizes[0], sizes[-1]), ends, strict=True):
        assert found == pytest.approx(min(wanted, 20.0), rel=0.3)


def test_refinement_multiplies_the_count_of_a_graded_line():
    coarse = graded(100.0, 1.0, 1.0, 20.0)
    assert len(graded(100.0, 1.0, 1.0, 20.0, refinement=2.0)) - 1 == 2 * (len(coarse) - 1)
    assert np.allclose(graded(100.0, 1.0, 1.0, 20.0, refinement=2.0)[::2], coarse)
    assert graded(100.0, 1.0, 1.0, 20.0, refinement=1e-3).tolist() == [0.0, 1.0]
