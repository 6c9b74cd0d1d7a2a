import math
from dataclasses import replace

import numpy as np
import pytest
from mpi4py import MPI

from femsuite import parallel
from femsuite.conditions import Pressure, Symmetry, Traction
from femsuite.errors import InputError
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.orientation import Orientation
from femsuite.material.voigt import rotate_stiffness
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.results.selection import part
from femsuite.solve.rigid import kernel
from femsuite.verify import bodies
from femsuite.verify.constants import material

INNER, OUTER, HIGH = 10e-3, 20e-3, 4e-3
E, NU, PRESSURE = 200e9, 0.3, 50e6
C11, C12, C44 = 165.7e9, 63.9e9, 79.6e9


def strip(width, height, cells, cell="quadrilateral", layers=None, start=0.0, comm=None):
    """Return a rectangle of the meridian, its inner side at the radius ``start``."""
    tagged = bodies.box((width, height), cells, cell, layers, comm=comm)
    if start:
        bodies.moved(tagged, lambda x: x + np.array([start, 0.0, 0.0]))
    return replace(tagged, axisymmetric=True)


def filled(tagged, free=300.0, **regions):
    return MaterialField(tagged, {name: Assignment(made, None, free) for name, made in regions.items()})


def plain(alpha=0.0, modulus=E, ratio=NU):
    return material("plain", youngs_modulus=modulus, poissons_ratio=ratio, expansion_tangent=alpha)


# ---- a thick cylinder under pressure: Lame ----


def cylinder(count, order, cell="quadrilateral", comm=None):
    tagged = strip(OUTER - INNER, HIGH, (count, max(1, count // 2)), cell, start=INNER, comm=comm)
    held = [Symmetry(surface="bottom"), Symmetry(surface="top"), Pressure(surface="left", pressure=f"{PRESSURE} Pa")]
    problem = MechanicsProblem(tagged, filled(tagged, body=plain()), held, order=order, plane="axisymmetric")
    problem.advance(300.0)
    return problem


def lame(r):
    """Return u, radial and hoop stress in plane strain. Source: Timoshenko and Goodier, Theory of Elasticity, 28."""
    a, b = INNER**2, OUTER**2
    uniform, decaying = PRESSURE * a / (b - a), PRESSURE * a * b / (b - a)
    u = (1.0 + NU) / E * ((1.0 - 2.0 * NU) * uniform * r + decaying / r)
    return u, uniform - decaying / r**2, uniform + decaying / r**2


def error(problem):
    """Return the norm of the error of the displacement over that of the displacement, over the volume of rings."""
    points = problem.points
    u, *_ = lame(points.positions[..., 0])
    wrong = (points.values(problem.displacement)[..., 0] - u) ** 2
    return float(np.sqrt(points.integral(wrong)[0] / points.integral(u**2)[0]))


@pytest.mark.parametrize("cell", ["triangle", "quadrilateral"])
@pytest.mark.parametrize(("order", "counts"), [(1, (8, 16)), (2, (4, 8))])
def test_displacement_of_a_pressed_cylinder_converges_at_the_rate_of_the_element(cell, order, counts):
    errors = [error(cylinder(count, order, cell)) for count in counts]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order + 1, abs=0.15)


def test_stresses_of_a_pressed_cylinder_are_lames():
    problem = cylinder(16, 2)
    _, radial, hoop = lame(problem.points.positions[..., 0])
    scale = np.abs(hoop).max()
    assert np.abs(problem.stress[..., 0] - radial).max() < 2e-3 * scale
    assert np.abs(problem.stress[..., 2] - hoop).max() < 2e-3 * scale
    assert np.abs(problem.stress[..., 1] - NU * (radial + hoop)).max() < 2e-3 * scale
    assert np.abs(problem.stress[..., 5]).max() < 2e-3 * scale
    assert not problem.stress[..., 3:5].any()


def test_a_pressed_cylinder_is_in_balance_and_its_ends_hold_it():
    problem = cylinder(16, 2)
    assert problem.balance().worst < 1e-9
    # axial stress is nu times a constant sum, over the area of the ring
    end = NU * 2.0 * PRESSURE * INNER**2 / (OUTER**2 - INNER**2) * math.pi * (OUTER**2 - INNER**2)
    assert problem.reaction("top")[1] == pytest.approx(end, rel=1e-6)
    assert problem.reaction("bottom")[1] == pytest.approx(-end, rel=1e-6)


def test_a_traction_acts_on_the_area_of_the_ring():
    tagged = strip(OUTER - INNER, HIGH, (4, 2), start=INNER)
    pulled = [Symmetry(surface="bottom"), Traction(surface="top", y="10 MPa")]
    problem = MechanicsProblem(tagged, filled(tagged, body=plain()), pulled, plane="axisymmetric")
    problem.advance(300.0)
    assert problem.stress[..., 1] == pytest.approx(10e6, rel=1e-9)
    assert np.abs(problem.stress[..., [0, 2, 5]]).max() < 1e-3
    force = 10e6 * math.pi * (OUTER**2 - INNER**2)
    assert problem.reaction("bottom")[1] == pytest.approx(-force, rel=1e-9)
    assert problem.balance().worst < 1e-9


# ---- discs ----


def bimetal(count=12, cell="quadrilateral", comm=None):
    """0.5 mm of copper under 0.5 mm of silicon, a disc of 6 mm, cooled by 100 K; nothing holds it."""
    tagged = strip(6e-3, 1e-3, (count, 4), cell, {"copper": 0.5e-3, "silicon": 1e-3}, comm=comm)
    field = filled(tagged, copper=plain(16.4e-6, 110e9, 0.34), silicon=plain(2.6e-6, 130e9, 0.28))
    problem = MechanicsProblem(tagged, field, support="free", plane="axisymmetric")
    problem.advance(200.0)
    return problem


def curvature(problem):
    """Return what a parabola through the top face gives, read off away from the rim."""
    owned = problem.space.dofmap.index_map.size_local
    nodes = problem.space.tabulate_dof_coordinates()[:owned]
    chosen = (nodes[:, 1] > 1e-3 - 1e-9) & (nodes[:, 0] < 2e-3)
    rows = np.column_stack([nodes[chosen, 0], problem.displacement.x.array.reshape(-1, 2)[:owned][chosen, 1]])
    found = parallel.broadcast(parallel.gather_rows(rows, problem.space.mesh.comm), problem.space.mesh.comm)
    found = found[np.argsort(found[:, 0])]
    return -2.0 * np.polynomial.polynomial.polyfit(found[:, 0], found[:, 1], 2)[2]


@pytest.mark.parametrize("cell", ["triangle", "quadrilateral"])
def test_a_bimetal_disc_has_the_curvature_of_two_plates(cell):
    problem = bimetal(cell=cell)
    assert curvature(problem) == pytest.approx(2.06917, rel=2e-3)
    assert problem.balance().worst < 1e-9


@pytest.mark.mpi
def test_a_disc_and_a_cylinder_are_the_same_on_every_number_of_ranks(comm):
    together, alone = bimetal(), bimetal(comm=MPI.COMM_SELF)
    assert curvature(together) == pytest.approx(curvature(alone), rel=1e-9)
    for many, one in ((together, alone), (cylinder(8, 2), cylinder(8, 2, comm=MPI.COMM_SELF))):
        sums = [p.points.integral(np.concatenate([p.stress**2, p.strain**2], axis=2)) for p in (many, one)]
        np.testing.assert_allclose(sums[0], sums[1], rtol=1e-9, atol=1e-9 * sums[1][:6].max() * 1e-12)
    assert together.balance().worst < 1e-8


@pytest.mark.mpi
def test_the_only_rigid_motion_is_along_the_axis_and_taken_out(comm):
    problem = bimetal()
    free = kernel(problem.space, np.empty(0, dtype=np.int32), axial=True)
    assert free.shape[1] == 1
    assert not free.reshape(-1, 2)[:, 0].any()
    assert np.ptp(free.reshape(-1, 2)[:, 1]) < 1e-12
    assert problem.solver.motions.shape[1] == 1
    mean = problem.points.integral(problem.points.values(problem.displacement))[1]
    volume = problem.points.integral(np.ones(problem.points.weights.shape))[0]
    assert abs(mean / volume) < 1e-14


def test_a_disc_held_along_the_axis_has_no_rigid_motion_left():
    tagged = strip(6e-3, 1e-3, (4, 2))
    field = filled(tagged, body=plain(10e-6))
    with pytest.raises(InputError, match="1 rigid motion"):
        MechanicsProblem(tagged, field, plane="axisymmetric")
    held = MechanicsProblem(tagged, field, [Symmetry(surface="bottom")], plane="axisymmetric")
    assert held.solver.motions.shape[1] == 0


def test_free_expansion_is_free_of_stress_and_the_axis_stays():
    tagged = strip(6e-3, 1e-3, (4, 2))
    problem = MechanicsProblem(
        tagged, filled(tagged, body=plain(10e-6)), [Symmetry(surface="bottom")], plane="axisymmetric"
    )
    problem.advance(400.0)
    assert np.abs(problem.stress).max() < 1e-6 * E * 1e-3
    assert problem.strain[..., :3] == pytest.approx(1e-3, rel=1e-9)
    nodes = problem.space.tabulate_dof_coordinates()
    moved = problem.displacement.x.array.reshape(-1, 2)
    assert moved[:, 0] == pytest.approx(1e-3 * nodes[:, 0], abs=1e-15)
    assert not moved[nodes[:, 0] < 1e-12, 0].any()


@pytest.mark.parametrize("start", [-1e-3, -6e-3])
def test_a_mesh_that_crosses_the_axis_is_refused(start):
    tagged = strip(6e-3, 1e-3, (6, 1), start=start)
    with pytest.raises(InputError, match=rf"lies at x >= 0, but this one begins at x = {start:g} m"):
        MechanicsProblem(tagged, filled(tagged, body=plain()), support="free", plane="axisymmetric")


def test_a_solid_has_no_plane_model():
    tagged = bodies.box((1e-3, 1e-3, 1e-3), (1, 1, 1), "hexahedron")
    with pytest.raises(InputError, match="belongs to two-dimensional meshes"):
        MechanicsProblem(tagged, filled(tagged, body=plain()), support="free", plane="axisymmetric")


# ---- integrals over rings ----


@pytest.mark.mpi
@pytest.mark.parametrize("cell", ["triangle", "quadrilateral"])
def test_sizes_are_those_of_rings(cell, comm):
    tagged = strip(OUTER - INNER, HIGH, (6, 4), cell, {"lower": 1e-3, "upper": HIGH}, start=INNER)
    disc = math.pi * (OUTER**2 - INNER**2)
    for name, size, unit in (
        ("lower", disc * 1e-3, "m**3"),
        (["lower", "upper"], disc * HIGH, "m**3"),
        ("top", disc, "m**2"),
        ("lower|upper", disc, "m**2"),
        ("left", 2.0 * math.pi * INNER * HIGH, "m**2"),
        ("right", 2.0 * math.pi * OUTER * HIGH, "m**2"),
    ):
        assert part(tagged, name).size() == pytest.approx(size, rel=1e-12, abs=0)
        assert part(tagged, name).size_unit == unit
    flat = replace(tagged, axisymmetric=False)
    assert part(flat, "lower").size() == pytest.approx((OUTER - INNER) * 1e-3, rel=1e-12, abs=0)
    assert part(flat, "left").size_unit == "m"


@pytest.mark.mpi
def test_points_stand_for_rings(comm):
    points = cylinder(4, 1).points
    volume = math.pi * (OUTER**2 - INNER**2) * HIGH
    assert points.integral(np.ones(points.weights.shape))[0] == pytest.approx(volume, rel=1e-12, abs=0)
    second = 0.5 * math.pi * (OUTER**4 - INNER**4) * HIGH
    assert points.integral(points.positions[..., 0] ** 2)[0] == pytest.approx(second, rel=1e-9, abs=0)


# ---- crystals ----


def silicon(model, normal=(0, 0, 1), edge=(1, 1, 0), angle=0.0):
    made = material("silicon", "cubic", stiffness_c11=C11, stiffness_c12=C12, stiffness_c44=C44, expansion_tangent=3e-6)
    return made.stiffness(np.full((1, 1), 300.0), Orientation(normal, edge, angle=angle, model=model))[0, 0]


def biaxial(stiffness, across):
    """Return the in-plane stress over an equal strain in both directions of the plane, free across it."""
    plane = [axis for axis in range(3) if axis != across]
    total = sum(stiffness[plane[0], other] for other in plane)
    return (
        total
        - stiffness[plane[0], across] * sum(stiffness[across, other] for other in plane) / stiffness[across, across]
    )


@pytest.mark.parametrize("model", ["solid", "section", "axisymmetric"])
@pytest.mark.parametrize("angle", [0.0, 0.3])
def test_a_001_wafer_keeps_its_biaxial_modulus_in_every_model(model, angle):
    exact = C11 + C12 - 2.0 * C12**2 / C11  # Nye, ch. VIII: the same in all directions of the plane
    assert exact == pytest.approx(180.3e9, rel=1e-3)
    found = biaxial(silicon(model, angle=angle), across=2 if model == "solid" else 1)
    assert found == pytest.approx(exact, rel=1e-9)


def test_a_section_sees_the_solids_x_and_z():
    solid, section = silicon("solid", (1, 1, 1), (1, -1, 0), 0.2), silicon("section", (1, 1, 1), (1, -1, 0), 0.2)
    assert section[0, 0] == pytest.approx(solid[0, 0])
    assert section[1, 1] == pytest.approx(solid[2, 2])
    assert section[2, 2] == pytest.approx(solid[1, 1])
    assert section[0, 1] == pytest.approx(solid[0, 2])
    assert section[5, 5] == pytest.approx(solid[4, 4])  # xy there is xz here


@pytest.mark.parametrize(("normal", "edge"), [((0, 0, 1), (1, 1, 0)), ((1, 1, 1), (1, -1, 0)), ((1, 1, 0), (0, 0, 1))])
def test_the_mean_over_the_turn_is_isotropic_across_the_axis_and_the_numerical_average(normal, edge):
    mean = silicon("axisymmetric", normal, edge)
    turned = [silicon("section", normal, edge, angle) for angle in np.linspace(0.0, 2.0 * np.pi, 721)[:-1]]
    np.testing.assert_allclose(mean, np.mean(turned, axis=0), rtol=0, atol=1e-9 * C11)
    for angle in (0.1, 1.0, 2.5):  # about y, the axis
        turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
        np.testing.assert_allclose(rotate_stiffness(mean, turn), mean, rtol=0, atol=1e-9 * C11)
    # transversely isotropic about y: five constants
    assert mean[4, 4] == pytest.approx(0.5 * (mean[0, 0] - mean[0, 2]))
    assert mean[0, 0] == pytest.approx(mean[2, 2])
    assert mean[0, 1] == pytest.approx(mean[1, 2])
    assert mean[3, 3] == pytest.approx(mean[5, 5])
    mixed = mean.copy()
    mixed[:3, :3] = 0.0
    np.testing.assert_allclose(mixed - np.diag(np.diag(mixed)), 0.0, atol=1e-9 * C11)
    assert np.trace(mean[:3, :3]) + 2.0 * (mean[0, 1] + mean[0, 2] + mean[1, 2]) == pytest.approx(
        3.0 * (C11 + 2.0 * C12)
    )


def test_the_mean_does_not_depend_on_where_the_turn_begins():
    np.testing.assert_allclose(
        silicon("axisymmetric", (1, 1, 1), (1, -1, 0), 0.37),
        silicon("axisymmetric", (1, 1, 1), (1, -1, 0)),
        rtol=1e-9,
        atol=1.0,
    )
