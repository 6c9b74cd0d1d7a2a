import math
from dataclasses import replace

import numpy as np
import pytest
from mpi4py import MPI

from femsuite.conditions import Fixed, Symmetry
from femsuite.errors import InputError
from femsuite.material.field import Assignment, MaterialField
from femsuite.meshing import build_mesh
from femsuite.process import cavity as module
from femsuite.process.cavity import cavity
from femsuite.verify import bodies
from femsuite.verify.constants import material

pytestmark = pytest.mark.mpi

INNER = 1e-3
HOT = 533.15


def body(modulus, ratio):
    return material("body", youngs_modulus=modulus, poissons_ratio=ratio, expansion_tangent=20e-6)


def materials(tagged, modulus, ratio):
    return MaterialField(tagged, dict.fromkeys(tagged.regions, Assignment(body(modulus, ratio), None, 300.0)))


def cylinder(outer, cells=4, comm=None):
    """A strip of the meridian of a filled cylindrical hole; its ends are held along the axis."""
    count = round(cells * outer / INNER)
    tagged = bodies.box((1.0, outer), (1, count), "quadrilateral", {"joint": INNER, "resin": outer}, comm=comm)
    bodies.moved(tagged, lambda x: np.column_stack([x[:, 1], (1.0 - x[:, 0]) * 1e-3, x[:, 2]]))
    return replace(tagged, axisymmetric=True)


ENDS = [Symmetry(surface="left"), Symmetry(surface="right")]
CORE = Fixed(surface="bottom")
"""Holds the filling's middle, a core of a fiftieth of the hole's radius."""


def of_cylinder(tagged, modulus=3e9, ratio=0.35, **options):
    return cavity(
        tagged, materials(tagged, modulus, ratio), "joint", HOT, conditions=ENDS, plane="axisymmetric", **options
    )


def lame_cylinder(modulus, ratio, outer):
    """Return 2 u/a over p in plane strain. Source: Timoshenko and Goodier, Theory of Elasticity, art. 28."""
    a, b = INNER**2, outer**2
    return 2.0 * (1.0 + ratio) / modulus * ((1.0 - 2.0 * ratio) * a + b) / (b - a)


@pytest.mark.parametrize("outer", [2e-3, 5e-3])
@pytest.mark.parametrize(("modulus", "ratio"), [(0.5e9, 0.4), (3e9, 0.35), (150e9, 0.25)])
def test_a_cylindrical_hole_grows_as_lame_says(outer, modulus, ratio):
    found = of_cylinder(cylinder(outer), modulus, ratio)
    assert found.compliance == pytest.approx(lame_cylinder(modulus, ratio, outer), rel=1e-3)


def test_a_hole_far_from_every_boundary_has_the_compliance_of_an_infinite_body():
    found = of_cylinder(cylinder(20e-3), 3e9, 0.35)
    assert found.compliance == pytest.approx(2.0 * 1.35 / 3e9, rel=5e-3)


def test_a_spherical_hole_grows_as_lame_says():
    outer, core, modulus, ratio = 3e-3, 0.02e-3, 3e9, 0.35

    def bend(x):
        radius, angle = core + x[:, 1], 0.5 * math.pi * x[:, 0]
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), x[:, 2]])

    layers = {"joint": INNER - core, "resin": outer - core}
    tagged = bodies.box((1.0, outer - core), (24, 149), "quadrilateral", layers)  # a layer ends where a row does
    tagged = replace(bodies.moved(tagged, bend), axisymmetric=True)
    found = cavity(
        tagged, materials(tagged, modulus, ratio), "joint", HOT, conditions=[ENDS[0], CORE], plane="axisymmetric"
    )
    a, b = INNER**3, outer**3
    exact = 3.0 * ((1.0 - 2.0 * ratio) * a + 0.5 * (1.0 + ratio) * b) / (modulus * (b - a))
    assert found.compliance == pytest.approx(exact, rel=0.02)


def test_in_plane_strain_the_same_hole_has_the_same_compliance():
    def bend(x):
        radius, angle = 0.02e-3 + x[:, 1], 0.5 * math.pi * x[:, 0]
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), x[:, 2]])

    layers = {"joint": INNER - 0.02e-3, "resin": 3e-3 - 0.02e-3}
    tagged = bodies.moved(bodies.box((1.0, 3e-3 - 0.02e-3), (24, 149), "quadrilateral", layers), bend)
    found = cavity(tagged, materials(tagged, 3e9, 0.35), "joint", HOT, conditions=[*ENDS, CORE], plane="strain")
    assert found.compliance == pytest.approx(lame_cylinder(3e9, 0.35, 3e-3), rel=0.02)


def test_the_seam_carries_the_peel_stress_of_the_resin_beside_the_joint():
    outer, ratio = 3e-3, 0.35
    found = of_cylinder(cylinder(outer, 8), 3e9, ratio, resin="resin", distance=0.25e-3)
    # along the axis of a cylinder in plane strain: nu times the constant sum of radial and hoop stress
    assert found.seam == pytest.approx(2.0 * ratio * INNER**2 / (outer**2 - INNER**2), rel=1e-3)
    assert found.distance == 0.25e-3
    assert of_cylinder(cylinder(outer)).seam == 0.0


def test_the_result_is_that_of_a_pressure_whatever_fills_the_hole(monkeypatch):
    tagged = cylinder(3e-3)
    first = of_cylinder(tagged, 0.5e9)
    monkeypatch.setattr(module, "YOUNG", 1e3)
    assert of_cylinder(tagged, 0.5e9).compliance == pytest.approx(first.compliance, rel=1e-4)
    monkeypatch.setattr(module, "GROWTH", 1e-4)
    assert of_cylinder(tagged, 0.5e9).compliance == pytest.approx(first.compliance, rel=1e-4)


def test_a_thin_joint_under_a_die_carries_nothing_by_shear(monkeypatch):
    """The filling of a package's joint holds the lid up by shear unless it is soft: 16 times too stiff with 0.1 GPa."""
    given = {"joint": "single", "counts": [10, 2, 2]}
    tagged = replace(build_mesh("die_attach_package", given), axisymmetric=True)
    numbers = {"frame": (110e9, 0.34), "plating": (200e9, 0.3), "joint": (80e9, 0.3), "die": (150e9, 0.25)}
    made = {name: Assignment(body(*both), None, 300.0) for name, both in (numbers | {"mould": (0.9e9, 0.35)}).items()}
    field = MaterialField(tagged, made)

    def compliance():
        options = {"support": "free", "plane": "axisymmetric", "preset": "direct"}
        return cavity(tagged, field, "joint", HOT, resin="mould", **options).compliance

    soft = compliance()
    assert soft == pytest.approx(9.2e-8, rel=0.05)
    monkeypatch.setattr(module, "YOUNG", 1e3)
    assert compliance() == pytest.approx(soft, rel=1e-3)


def test_the_compliance_falls_as_one_over_the_modulus():
    tagged = cylinder(3e-3)
    assert of_cylinder(tagged, 1e9).compliance == pytest.approx(3.0 * of_cylinder(tagged, 3e9).compliance, rel=1e-4)


def test_the_bodys_own_expansion_and_stress_free_temperature_do_not_count():
    tagged = cylinder(3e-3)
    cold = cavity(tagged, materials(tagged, 3e9, 0.35), "joint", 300.0, conditions=ENDS, plane="axisymmetric")
    assert of_cylinder(tagged).compliance == pytest.approx(cold.compliance, rel=1e-9)


def test_a_joint_of_several_regions_is_one_cavity():
    tagged = bodies.box((1.0, 3e-3), (1, 12), "quadrilateral", {"bond": 0.5 * INNER, "core": INNER, "resin": 3e-3})
    bodies.moved(tagged, lambda x: np.column_stack([x[:, 1], (1.0 - x[:, 0]) * 1e-3, x[:, 2]]))
    tagged = replace(tagged, axisymmetric=True)
    found = cavity(tagged, materials(tagged, 3e9, 0.35), ["bond", "core"], HOT, conditions=ENDS, plane="axisymmetric")
    assert found.compliance == pytest.approx(lame_cylinder(3e9, 0.35, 3e-3), rel=1e-3)


def test_a_joint_that_nothing_encloses_is_told():
    tagged = replace(bodies.box((1e-3, 1e-3), (2, 2), "quadrilateral", {"joint": 1e-3}), axisymmetric=True)
    with pytest.raises(InputError, match="no pressure builds up in the joint; nothing encloses it"):
        cavity(tagged, materials(tagged, 3e9, 0.35), "joint", HOT, support="free", plane="axisymmetric")


def test_a_joint_with_a_free_rim_under_a_free_lid_is_told():
    layers = {"frame": 1e-3, "joint": 1.1e-3, "die": 2e-3}
    tagged = replace(bodies.box((5e-3, 2e-3), (10, 20), "quadrilateral", layers), axisymmetric=True)
    with pytest.raises(InputError, match="nothing encloses it"):
        cavity(tagged, materials(tagged, 100e9, 0.3), "joint", HOT, support="free", plane="axisymmetric")


def test_unknown_regions_and_a_distance_without_a_point_are_told():
    tagged = cylinder(3e-3)
    with pytest.raises(InputError, match="solder"):
        cavity(tagged, materials(tagged, 3e9, 0.35), "solder", HOT, conditions=ENDS, plane="axisymmetric")
    with pytest.raises(InputError, match="no point of 'resin' lies within 1e-09 m of the joint's rim"):
        of_cylinder(tagged, resin="resin", distance=1e-9)


def test_the_numbers_are_the_same_on_every_number_of_ranks(comm):
    together, alone = (
        of_cylinder(cylinder(3e-3, comm=where), resin="resin", distance=0.5e-3) for where in (comm, MPI.COMM_SELF)
    )
    assert together.compliance == pytest.approx(alone.compliance, rel=1e-8)
    assert together.seam == pytest.approx(alone.seam, rel=1e-8)
