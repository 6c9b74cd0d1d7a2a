import math
from dataclasses import replace

import dolfinx
import numpy as np
import pytest
from mpi4py import MPI
from pydantic import ValidationError

from femsuite.errors import InputError
from femsuite.failure.measures import MEASURES, Cracking, LayerMeasure
from femsuite.failure.place import layer
from femsuite.material.field import Assignment, MaterialField
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import bodies
from femsuite.verify.constants import constants, material

pytestmark = pytest.mark.mpi

MPA, UM, MM = 1e6, 1e-6, 1e-3
TOUGH = 0.9e6
DIE = material(
    "die",
    law=constants("weibull", sigma0_Pa=300e6, m=4.0),
    youngs_modulus=170e9,
    poissons_ratio=0.22,
    expansion_tangent=3e-6,
    fracture_toughness=TOUGH,
)
BARE = material("bare", youngs_modulus=170e9, poissons_ratio=0.22, expansion_tangent=3e-6)


def problem_on(tagged, plane=None):
    field = MaterialField(tagged, dict.fromkeys(tagged.regions, Assignment(DIE, None, 300.0)))
    return MechanicsProblem(tagged, field, support="free", plane=plane)


def quarter(comm=None):
    """A quarter of a die of 2 x 1.2 x 0.2 mm on a layer of 0.1 mm."""
    layers = {"under": 0.1 * MM, "die": 0.3 * MM}
    return problem_on(bodies.box((1.0 * MM, 0.6 * MM, 0.3 * MM), (10, 6, 6), "hexahedron", layers, comm=comm))


def section():
    return problem_on(bodies.box((1.0 * MM, 0.2 * MM), (10, 4), "quadrilateral", {"die": 0.2 * MM}), "strain")


def disc():
    tagged = bodies.box((1.0 * MM, 0.2 * MM), (10, 4), "quadrilateral", {"die": 0.2 * MM})
    return problem_on(replace(tagged, axisymmetric=True), "axisymmetric")


def whole():
    """A die of 1 mm x 1 mm in the middle of resin: all four sides of its plan are rims."""
    tagged = bodies.box((2.0 * MM, 2.0 * MM, 0.2 * MM), (20, 20, 2), "hexahedron", {"mould": 0.2 * MM})
    mesh, cells = tagged.mesh, tagged.cell_tags.indices
    middles = dolfinx.mesh.compute_midpoints(mesh, 3, cells)
    inside = (np.abs(middles[:, :2] - 1.0 * MM) < 0.5 * MM).all(axis=1)
    tags = dolfinx.mesh.meshtags(mesh, 3, cells, np.where(inside, 2, 1).astype(np.int32))
    return problem_on(replace(tagged, cell_tags=tags, regions={"mould": 1, "die": 2}))


PERIMETER = {quarter: 2.0 * (2.0 + 1.2) * MM, section: 8.0 * MM, disc: 2.0 * math.pi * MM, whole: 4.0 * MM}


def cracking(**options):
    return Cracking.model_validate({"type": "cracking", "name": "c", "region": "die", "distance": "100 um"} | options)


def joint(**options):
    return LayerMeasure.model_validate({"type": "layer", "name": "j", "region": "die", "distance": "100 um"} | options)


# ---- cracking ----


@pytest.mark.parametrize("body", list(PERIMETER), ids=lambda one: one.__name__)
def test_even_stress_gives_weibulls_probability_for_both_edges_and_the_intensity_of_the_flaw(body):
    problem = body()
    problem.stress[..., 0] = 200 * MPA
    found = cracking().evaluate(problem, DIE)
    hazard = 2.0 * (200.0 / 300.0) ** 4 * PERIMETER[body] / 10e-3
    assert found["c_probability"] == pytest.approx(1.0 - math.exp(-hazard), rel=1e-9)
    assert found["c_intensity"] == pytest.approx(1.12 * 200e6 * math.sqrt(math.pi * 10e-6) / TOUGH, rel=1e-9)
    for name in ("edge_lower", "edge_upper", "body"):
        assert found[f"c_{name}"] == pytest.approx(200 * MPA, rel=1e-9)


def test_a_given_scale_modulus_size_and_flaw_go_before_the_materials():
    problem = quarter()
    problem.stress[..., 1] = 200 * MPA
    measure = cracking(scale="400 MPa", modulus=3.0, size="5 mm", flaw="15 um")
    found = measure.evaluate(problem, DIE)
    hazard = 2.0 * 0.5**3 * PERIMETER[quarter] / 5e-3
    assert found["c_probability"] == pytest.approx(1.0 - math.exp(-hazard), rel=1e-9)
    assert found["c_intensity"] == pytest.approx(1.12 * 200e6 * math.sqrt(math.pi * 15e-6) / TOUGH, rel=1e-9)


@pytest.mark.parametrize("stress", [50.0, 200.0, 500.0])
def test_the_bands_bracket_the_numbers(stress):
    problem = section()
    problem.stress[..., 0] = stress * MPA
    found = cracking().evaluate(problem, DIE)
    assert found["c_intensity_low"] == pytest.approx(found["c_intensity"] / math.sqrt(2.0), rel=1e-9)
    assert found["c_intensity_high"] == pytest.approx(found["c_intensity"] * math.sqrt(2.0), rel=1e-9)
    assert found["c_probability_low"] < found["c_probability"] < found["c_probability_high"]
    corners = [-math.expm1(-2.0 * (stress / s0) ** m * 0.8) for s0 in (150.0, 700.0) for m in (2.0, 10.0)]
    assert found["c_probability_low"] == pytest.approx(min(corners), rel=1e-9)
    assert found["c_probability_high"] == pytest.approx(max(corners), rel=1e-9)


def test_compression_cracks_nothing():
    problem = quarter()
    problem.stress[..., :3] = -200 * MPA
    found = cracking().evaluate(problem, DIE)
    assert [found["c_edge_lower"], found["c_edge_upper"]] == pytest.approx([-200 * MPA] * 2)
    for name in ("intensity", "intensity_high", "probability", "probability_high"):
        assert found[f"c_{name}"] == 0.0


def test_each_edge_is_taken_by_itself():
    problem = section()
    height = problem.points.positions[..., 1]
    problem.stress[..., 0] = np.where(height < 0.1 * MM, 100 * MPA, 300 * MPA)
    found = cracking(distance="50 um").evaluate(problem, DIE)
    assert found["c_edge_lower"] == pytest.approx(100 * MPA)
    assert found["c_edge_upper"] == pytest.approx(300 * MPA)
    hazard = ((100.0 / 300.0) ** 4 + 1.0) * 8.0 * MM / 10e-3
    assert found["c_probability"] == pytest.approx(-math.expm1(-hazard), rel=1e-9)


def test_the_middle_of_the_die_is_no_edge():
    problem = quarter()
    problem.stress[..., 0] = 100 * MPA
    inner = problem.points.positions[..., 0] < 0.5 * MM
    problem.stress[inner & (problem.points.positions[..., 1] < 0.3 * MM), 0] = 250 * MPA
    found = cracking().evaluate(problem, DIE)
    assert found["c_body"] == pytest.approx(250 * MPA)
    assert max(found["c_edge_lower"], found["c_edge_upper"]) == pytest.approx(100 * MPA)


def test_a_peak_on_the_rim_counts_by_the_length_of_its_piece():
    problem = quarter()
    y = problem.points.positions[..., 1]
    problem.stress[..., 0] = 100 * MPA
    x_rim = problem.points.positions[..., 0] > 0.9 * MM
    problem.stress[x_rim & (y > 0.2 * MM) & (y < 0.3 * MM), 0] = 300 * MPA  # one piece of 0.1 mm of 16
    found = cracking().evaluate(problem, DIE)
    assert found["c_edge_lower"] == pytest.approx(300 * MPA)
    shares = (1.0 + 15.0 * (1.0 / 3.0) ** 4) / 16.0
    assert found["c_probability"] == pytest.approx(-math.expm1(-2.0 * shares * PERIMETER[quarter] / 10e-3), rel=1e-9)


def test_opposite_sides_of_a_whole_die_are_not_mixed():
    problem = whole()
    left = problem.points.positions[..., 0] < 1.0 * MM
    problem.stress[left, 0] = 300 * MPA
    found = cracking().evaluate(problem, DIE)
    assert found["c_edge_lower"] == pytest.approx(300 * MPA)
    hazard = 2.0 * 0.5 * PERIMETER[whole] / 10e-3  # half of each edge carries s0
    assert found["c_probability"] == pytest.approx(-math.expm1(-hazard), rel=1e-9)


def test_a_whole_die_is_known_by_what_lies_beside_it():
    where = layer(whole(), "die")
    assert where.whole == (True, True)
    assert where.pieces(100 * UM) == 40
    assert layer(quarter(), "die").whole == (False, False)
    assert layer(quarter(), "die").pieces(100 * UM) == 16
    assert layer(quarter(), "die").pieces(250 * UM) == 3 + 4
    assert layer(section(), "die").pieces(1 * UM) == 1


def test_the_columns_are_what_is_evaluated():
    problem = section()
    for measure in (cracking(), joint()):
        assert set(measure.columns()) == set(measure.evaluate(problem, DIE))
    assert set(MEASURES) == {"cracking", "layer", "foot"}
    assert "mean over 100 um from the edge" in cracking().columns()["c_edge_lower"][1]


@pytest.mark.parametrize("body", [section, quarter])
def test_a_distance_without_a_point_is_told(body):
    sentence = r"no point of the mesh of 'die' lies within 1e-09 m of its rim; give a larger distance or a finer mesh"
    for measure in (cracking(distance="1 nm"), joint(distance="1 nm")):
        with pytest.raises(InputError, match=sentence):
            measure.evaluate(body(), DIE)


def test_constants_that_nobody_states_are_told():
    with pytest.raises(InputError, match="weibull"):
        cracking().check(BARE)
    with pytest.raises(InputError, match="fracture_toughness"):
        cracking(scale="300 MPa", modulus=4.0).check(BARE)
    cracking().check(DIE)
    joint().check(BARE)


@pytest.mark.parametrize(
    "wrong",
    [{"distance": "0 um"}, {"flaw": "-1 um"}, {"name": "a b"}, {"modulus": 0.0}, {"scale": "0 MPa"}, {"depth": 1}],
)
def test_options_out_of_range_are_refused(wrong):
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        cracking(**wrong)


# ---- layers ----


def fields(problem, **columns):
    """Fill stress and memory with fields that are linear in the coordinates."""
    problem.internal["accumulated_strain"] = columns["strain"][..., None]
    problem.internal["dissipation"] = columns["work"][..., None]


def test_means_over_a_sections_layer_are_exact_for_linear_fields():
    problem = section()
    x, y = problem.points.positions[..., 0] / MM, problem.points.positions[..., 1] / MM
    problem.stress[..., 1] = (10.0 + 20.0 * x + 30.0 * y) * MPA
    problem.stress[..., 5] = -(5.0 + 4.0 * x) * MPA
    fields(problem, strain=0.01 + 0.02 * x, work=1e3 * (1.0 + y))
    found = joint().evaluate(problem, BARE)
    assert found["j_peel"] == pytest.approx((10.0 + 20.0 * 0.95 + 30.0 * 0.1) * MPA, rel=1e-9)
    assert found["j_shear"] == pytest.approx((5.0 + 4.0 * 0.95) * MPA, rel=1e-9)
    assert found["j_strain"] == pytest.approx(0.01 + 0.02 * 0.5, rel=1e-9)
    assert found["j_rim_strain"] == pytest.approx(0.01 + 0.02 * 0.95, rel=1e-9)
    assert found["j_work"] == pytest.approx(1.1e3, rel=1e-9)
    assert found["j_rim_work"] == pytest.approx(1.1e3, rel=1e-9)


def test_means_over_a_disc_weigh_rings():
    problem = disc()
    r = problem.points.positions[..., 0] / MM
    problem.stress[..., 1] = r * MPA
    fields(problem, strain=0.03 * r, work=1e3 * r)
    found = joint().evaluate(problem, BARE)
    rim = (2.0 / 3.0) * (1.0 - 0.9**3) / (1.0 - 0.9**2)  # mean of r over a ring
    assert found["j_peel"] == pytest.approx(rim * MPA, rel=1e-9)
    assert found["j_rim_strain"] == pytest.approx(0.03 * rim, rel=1e-9)
    assert found["j_strain"] == pytest.approx(0.02, rel=1e-9)
    assert found["j_work"] == pytest.approx(2e3 / 3.0, rel=1e-9)


def test_means_over_a_solids_layer_are_those_of_its_worst_piece():
    problem = quarter()
    x, y, z = (problem.points.positions[..., axis] / MM for axis in range(3))
    problem.stress[..., 2] = 100.0 * y * MPA
    problem.stress[..., 3], problem.stress[..., 4] = 3.0 * MPA, -4.0 * MPA
    fields(problem, strain=0.02 * x + 0.1 * z, work=np.full(x.shape, 7.0))
    found = joint(region="under").evaluate(problem, BARE)
    # the corner's piece of the side y = 0.6 mm: the triangle of what is nearer to it than to the other, by a few points
    assert found["j_peel"] == pytest.approx(100.0 * (0.6 - 0.1 / 3.0) * MPA, rel=0.02)
    assert found["j_shear"] == pytest.approx(5.0 * MPA, rel=1e-9)
    assert found["j_strain"] == pytest.approx(0.02 * 0.5 + 0.1 * 0.05, rel=1e-9)
    assert found["j_work"] == pytest.approx(7.0, rel=1e-9)


def test_a_law_without_memory_has_no_strain_and_no_work():
    found = joint().evaluate(section(), BARE)
    assert found == {f"j_{name}": 0.0 for name in ("peel", "shear", "strain", "rim_strain", "work", "rim_work")}


def test_an_unknown_region_is_told():
    with pytest.raises(InputError, match="dye"):
        joint(region="dye").evaluate(section(), BARE)


# ---- ranks ----


def test_the_numbers_are_the_same_on_every_number_of_ranks(comm):
    results = []
    for where in (comm, MPI.COMM_SELF):
        problem = quarter(comm=where)
        x, y, z = (problem.points.positions[..., axis] / MM for axis in range(3))
        problem.stress[..., 0] = 100 * MPA * (1.0 + x * y + z)
        problem.stress[..., 2] = 50 * MPA * (x**2 - z)
        problem.stress[..., 4] = 20 * MPA * y
        fields(problem, strain=0.01 * x * y, work=1e4 * z)
        results.append(cracking().evaluate(problem, DIE) | joint().evaluate(problem, DIE))
    assert results[0] == pytest.approx(results[1], rel=1e-9)
    assert results[0]["c_probability"] > 0.0
