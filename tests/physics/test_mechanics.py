import numpy as np
import pytest
from dolfinx import fem

from femsuite.conditions import Displacement, Fixed, Pressure, Symmetry, Traction
from femsuite.errors import InputError, SolveError
from femsuite.material import laws
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.laws import LawField
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.physics.mechanics_laws import Elastic
from femsuite.solve.monitor import Monitor
from femsuite.verify.bodies import box
from femsuite.verify.constants import material
from femsuite.verify.manufactured_elasticity import stiffness

COPPER = material("copper", youngs_modulus=120e9, poissons_ratio=0.34, expansion_tangent=17e-6)
SILICON = material("silicon", youngs_modulus=160e9, poissons_ratio=0.22, expansion_tangent=3e-6)


class Softening:
    """One isotropic material whose modulus falls linearly with temperature: E = E0 (1 - slope (T - 300 K))."""

    def __init__(self, cells, slope=1e-3, expansion=10e-6, free=300.0):
        self._cells, self._slope, self._expansion, self._free = cells, slope, expansion, free

    def stress_free_temperature(self):
        return np.full(self._cells, self._free)

    def stiffness(self, temperature):
        return (1.0 - self._slope * (temperature - 300.0))[..., None, None] * stiffness(100e9, 0.3)

    def thermal_strain(self, start, end):
        strain = np.zeros((*end.shape, 6))
        strain[..., :3] = (self._expansion * (end - start))[..., None]
        return strain


def one(tagged, free=400.0, what=COPPER):
    return MaterialField(tagged, {name: Assignment(what, None, free) for name in tagged.regions})


def two_layers(cell, comm=None, count=4, **options):
    dimension = 2 if cell in ("triangle", "quadrilateral") else 3
    size, cells = (1e-3,) * (dimension - 1) + (0.4e-3,), (count,) * dimension
    tagged = box(size, cells, cell, {"low": 0.2e-3, "up": 0.4e-3}, comm=comm)
    field = MaterialField(tagged, {"low": Assignment(COPPER, None, 400.0), "up": Assignment(SILICON, None, 450.0)})
    plane = {} if dimension == 3 else {"plane": "strain"}
    return MechanicsProblem(tagged, field, **(plane | options))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("cell", ["tetrahedron", "hexahedron"])
def test_free_expansion_is_free_of_stress(cell, order):
    tagged = box((1e-3, 2e-3, 0.5e-3), (2, 3, 2), cell)
    problem = MechanicsProblem(tagged, one(tagged), order=order, support="free", preset="direct", tolerance=1e-12)
    problem.advance(300.0)
    thermal = 120e9 / (1 - 2 * 0.34) * 17e-6 * 100.0
    assert np.abs(problem.stress).max() < 1e-12 * thermal
    extent = problem.displacement.x.array.reshape(-1, 3)
    np.testing.assert_allclose(np.ptp(extent, axis=0), 17e-6 * 100.0 * np.array([1e-3, 2e-3, 0.5e-3]), rtol=1e-10)
    assert problem.balance().worst < 1e-8


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("cell", ["triangle", "quadrilateral", "tetrahedron", "hexahedron"])
def test_patch_of_uniform_stress_is_exact(cell, order):
    """Uniaxial tension of 50 MPa between symmetry planes: u_x = sigma x/E, u_y = -nu sigma y/E (plane stress in 2D)."""
    dimension = 2 if cell in ("triangle", "quadrilateral") else 3
    tagged = box((1.0,) * dimension, (3, 2, 2)[:dimension], cell)
    rng = np.random.default_rng(1)  # nodes inside are moved: the patch is not a regular one
    x = tagged.mesh.geometry.x
    inside = np.all((x[:, :dimension] > 1e-9) & (x[:, :dimension] < 1 - 1e-9), axis=1)
    x[inside, :dimension] += 0.05 * rng.uniform(-1, 1, (inside.sum(), dimension))
    supports = ["left", "bottom", "front"][:dimension]
    conditions = [Symmetry(surface=name) for name in supports] + [Traction(surface="right", x="50 MPa")]
    plane = "stress" if dimension == 2 else None
    problem = MechanicsProblem(tagged, one(tagged), conditions, order=order, plane=plane, tolerance=1e-12)
    problem.advance(400.0)
    expected = np.zeros(6)
    expected[0] = 50e6
    assert np.abs(problem.stress - expected).max() < 1e-9 * 50e6
    nodes = problem.space.tabulate_dof_coordinates()[:, :dimension]
    strain = 50e6 / 120e9 * np.array([1.0, -0.34, -0.34])[:dimension]
    np.testing.assert_allclose(problem.displacement.x.array.reshape(-1, dimension), nodes * strain, atol=1e-13)
    assert problem.reaction("left")[0] == pytest.approx(-50e6, rel=1e-9)
    assert problem.balance().worst < 1e-8


def test_pressure_on_all_faces_gives_a_hydrostatic_stress():
    tagged = box((1e-3, 1e-3, 1e-3), (2, 2, 2), "tetrahedron")
    problem = MechanicsProblem(tagged, one(tagged), [Pressure(surface="*", pressure="7 MPa")], support="free")
    problem.advance(400.0)
    np.testing.assert_allclose(problem.stress[..., :3], -7e6, rtol=1e-7)
    assert np.abs(problem.stress[..., 3:]).max() < 1e-1


def test_prescribed_displacement_stretches_plane_strain_body():
    """sigma_x = E/(1 - nu^2) eps and sigma_z = nu sigma_x for a sheet that is free to contract in y only."""
    tagged = box((2.0, 1.0), (2, 2), "triangle")
    conditions = [Symmetry(surface="left"), Symmetry(surface="bottom"), Displacement(surface="right", x="2 mm")]
    problem = MechanicsProblem(tagged, one(tagged), conditions, plane="strain")
    problem.advance(400.0)
    expected = 120e9 / (1 - 0.34**2) * 1e-3
    np.testing.assert_allclose(problem.stress[..., 0], expected, rtol=1e-8)
    np.testing.assert_allclose(problem.stress[..., 2], 0.34 * expected, rtol=1e-8)
    assert problem.reaction("right")[0] == pytest.approx(expected, rel=1e-8)
    assert problem.balance().worst < 1e-8


def test_held_heating_gives_the_closed_form_stress():
    """A body held on all faces and heated by 50 K: sigma = -E alpha dT/(1 - 2 nu)."""
    tagged = box((1e-3, 1e-3, 1e-3), (2, 2, 2), "hexahedron")
    problem = MechanicsProblem(tagged, one(tagged), [Fixed(surface="*")])
    problem.advance(450.0)
    np.testing.assert_allclose(problem.stress[..., :3], -120e9 * 17e-6 * 50.0 / (1 - 2 * 0.34), rtol=1e-9)


def test_plane_stress_of_held_sheet_is_biaxial():
    """A sheet held at its rim and heated: sigma = -E alpha dT/(1 - nu), no stress across it."""
    tagged = box((1e-3, 1e-3), (2, 2), "quadrilateral")
    problem = MechanicsProblem(tagged, one(tagged), [Fixed(surface="*")], plane="stress")
    problem.advance(425.0)
    problem.advance(450.0)
    np.testing.assert_allclose(problem.stress[..., :2], -120e9 * 17e-6 * 50.0 / (1 - 0.34), rtol=1e-9)
    assert np.abs(problem.stress[..., 2:]).max() < 1.0
    # the strain across: free expansion and the Poisson effect of both stresses
    across = 17e-6 * 50.0 * (1 + 2 * 0.34 / (1 - 0.34))
    np.testing.assert_allclose(problem.strain[..., 2], across, rtol=1e-9)


def test_bimetal_bends_by_timoshenkos_curvature():
    """Plane stress, equal layers: kappa = 6 d_alpha dT (1+m)^2 / (h (3 (1+m)^2 + (1 + m n)(m^2 + 1/(m n)))), m = 1.

    Source: S. Timoshenko, J. Opt. Soc. Am. 11 (1925) 233.
    """
    length, height = 40e-3, 1e-3
    tagged = box((length, height), (40, 4), "quadrilateral", {"low": height / 2, "up": height})
    lower = material("lower", youngs_modulus=120e9, poissons_ratio=0.3, expansion_tangent=17e-6)
    upper = material("upper", youngs_modulus=160e9, poissons_ratio=0.3, expansion_tangent=3e-6)
    field = MaterialField(tagged, {"low": Assignment(lower, None, 300.0), "up": Assignment(upper, None, 300.0)})
    problem = MechanicsProblem(tagged, field, [Symmetry(surface="left")], support="free", plane="stress")
    problem.advance(400.0)
    n = 120.0 / 160.0
    curvature = 6 * 14e-6 * 100.0 * 4 / (height * (12 + (1 + n) * (1 + 1 / n)))
    nodes = problem.space.tabulate_dof_coordinates()
    lift = problem.displacement.x.array.reshape(-1, 2)[:, 1]
    middle = (np.abs(nodes[:, 1] - height / 2) < 1e-9) & (nodes[:, 0] < 0.8 * length)
    fitted = 2 * np.polyfit(nodes[middle, 0], lift[middle], 2)[0]
    assert abs(fitted) == pytest.approx(curvature, rel=5e-3)


def test_rigid_rotation_of_the_result_costs_no_stress():
    problem = two_layers("tetrahedron", support="free")
    problem.advance(300.0)
    nodes = problem.space.tabulate_dof_coordinates()
    turned = fem.Function(problem.space)
    turned.x.array[:] = np.cross([1e-3, -2e-3, 3e-3], nodes).ravel()
    assert np.abs(problem.points.strain(turned)).max() < 1e-15
    before = problem.displacement.x.array.copy()
    problem.displacement.x.array[:] += turned.x.array + np.tile([1e-6, 2e-6, -3e-6], len(nodes))
    problem.frame.remove(problem.displacement)
    np.testing.assert_allclose(problem.displacement.x.array, before, atol=1e-16)


def test_rigid_motion_can_be_taken_out_over_one_region():
    whole, die = two_layers("tetrahedron", support="free"), two_layers("tetrahedron", support="free", frame_region="up")
    for problem in (whole, die):
        problem.advance(300.0)
    assert np.abs(die.frame.mean(die.displacement)).max() < 1e-18
    assert np.abs(die.frame.mean(whole.displacement)).max() > 1e-9
    np.testing.assert_allclose(die.stress, whole.stress, atol=1e-3)


@pytest.mark.parametrize("preset", ["direct", "multigrid", "jacobi"])
def test_presets_agree_on_a_free_bimaterial(preset):
    reference, problem = (
        two_layers("tetrahedron", support="free"),
        two_layers("tetrahedron", support="free", preset=preset),
    )
    for each in (reference, problem):
        each.advance(300.0)
    scale = np.abs(reference.displacement.x.array).max()
    assert np.abs(problem.displacement.x.array - reference.displacement.x.array).max() < 1e-7 * scale
    assert problem.balance().worst < 1e-8


def test_stress_on_cooling_with_falling_modulus_grows_by_increments():
    """Held body, E falls by 1e-3 per kelvin above 300 K: incremental stress is the integral of E(T) alpha dT."""
    tagged = box((1.0, 1.0, 1.0), (1, 1, 1), "hexahedron")
    factor = 100e9 / (1 - 2 * 0.3) * 10e-6
    for law, per_step in (("incremental", 1.0 - 1e-3 * 100.0), ("total", 1.0 - 1e-3 * 200.0)):
        problem = MechanicsProblem(tagged, Softening(1), [Fixed(surface="*")], order=1, law=law)
        for temperature in (350.0, 400.0, 450.0, 500.0):
            problem.advance(temperature)
        np.testing.assert_allclose(problem.stress[..., :3], -factor * 200.0 * per_step, rtol=1e-9)


def test_whole_array_elasticity_equals_the_laws_of_the_material_room():
    for name in ("incremental", "total"):
        problem = two_layers("tetrahedron", count=2, support="free", law=name)
        field = problem.material
        other = two_layers("tetrahedron", count=2, support="free", law=LawField(field, laws.law(name)))
        assert isinstance(problem.law, Elastic)
        for temperature in (380.0, 320.0):
            problem.advance(temperature)
            other.advance(temperature)
        np.testing.assert_allclose(other.stress, problem.stress, atol=1e-6 * np.abs(problem.stress).max())


def test_constant_stiffness_is_assembled_and_factorised_once():
    monitor = Monitor()
    problem = two_layers("tetrahedron", support="free", monitor=monitor)
    for temperature in (380.0, 350.0, 300.0):
        problem.advance(temperature)
    assert [record.setup_seconds > 0.0 for record in monitor.solves] == [True, False, False]


def test_snapshot_brings_back_the_whole_state():
    problem = two_layers("tetrahedron", count=2, support="free")
    problem.advance(350.0)
    snapshot = problem.snapshot()
    stress, u = problem.stress.copy(), problem.displacement.x.array.copy()
    problem.advance(250.0)
    assert not np.allclose(problem.stress, stress)
    snapshot.restore()
    np.testing.assert_array_equal(problem.stress, stress)
    np.testing.assert_array_equal(problem.displacement.x.array, u)
    assert np.all(problem.temperature == 350.0)


def test_failed_increment_leaves_the_state_untouched():
    problem = two_layers("tetrahedron", count=2, support="free")
    problem.advance(350.0)
    stress = problem.stress.copy()
    with pytest.raises(SolveError, match="mechanics"):
        problem.advance(np.nan)
    np.testing.assert_array_equal(problem.stress, stress)
    assert np.all(problem.temperature == 350.0)


def test_temperature_function_is_taken_at_the_points():
    tagged = box((1.0, 1.0, 1.0), (2, 2, 2), "tetrahedron")
    problem = MechanicsProblem(tagged, one(tagged, free=300.0), [Fixed(surface="*")])
    space = fem.functionspace(tagged.mesh, ("Lagrange", 1))
    temperature = fem.Function(space)
    temperature.interpolate(lambda x: 300.0 + 10.0 * x[0])
    problem.advance(temperature)
    np.testing.assert_allclose(problem.temperature, 300.0 + 10.0 * problem.points.positions[..., 0], rtol=1e-12)


def test_stress_function_holds_the_stress_at_the_points():
    problem = two_layers("tetrahedron", count=2, support="free")
    problem.advance(300.0)
    linear, mean = problem.stress_function(1), problem.stress_function(0)
    space = linear.function_space
    table = space.element.basix_element.tabulate(0, problem.points.reference)[0, :, :, 0]
    nodal = linear.x.array.reshape(-1, 6)[space.dofmap.list]
    np.testing.assert_allclose(np.matmul(table, nodal), problem.stress, atol=1e-6 * np.abs(problem.stress).max())
    cells = mean.x.array.reshape(-1, 6)[mean.function_space.dofmap.list[:, 0]]
    np.testing.assert_allclose(cells, problem.stress.mean(axis=1), atol=1.0)


def test_body_that_nothing_holds_must_be_called_free():
    with pytest.raises(InputError, match=r"leave 6 rigid motion\(s\) of the body free"):
        two_layers("tetrahedron", count=2)
    tagged = box((1.0, 1.0), (2, 2), "triangle")
    with pytest.raises(InputError, match=r"leave 1 rigid motion\(s\)"):
        MechanicsProblem(tagged, one(tagged), [Symmetry(surface="left")], plane="strain")


def test_load_that_pushes_a_free_body_is_refused():
    tagged = box((1.0, 1.0, 1.0), (1, 1, 1), "tetrahedron")
    with pytest.raises(InputError, match="the surface loads push a body that is free to move"):
        MechanicsProblem(tagged, one(tagged), [Pressure(surface="top", pressure="1 MPa")], support="free")


def test_symmetry_on_a_bent_surface_is_refused():
    tagged = box((1.0, 1.0, 1.0), (1, 1, 1), "tetrahedron")
    with pytest.raises(InputError, match=r"mechanics\.conditions\.0: a plane of symmetry must be one plane"):
        MechanicsProblem(tagged, one(tagged), [Symmetry(surface=["left", "top"])])


def test_plane_belongs_to_two_dimensions():
    tagged = box((1.0, 1.0), (1, 1), "triangle")
    with pytest.raises(InputError, match="'plane'"):
        MechanicsProblem(tagged, one(tagged), [Fixed(surface="left")])
