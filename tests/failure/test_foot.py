"""The mean beside the line where two faces meet: against the stress field it is taken from, on any mesh."""

from __future__ import annotations

import numpy as np
import pytest

from femsuite.conditions import Symmetry
from femsuite.errors import InputError
from femsuite.failure.foot import Foot, foot_line
from femsuite.material.field import Assignment, MaterialField
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify.bodies import box
from femsuite.verify.constants import material

STEEL = material("steel", youngs_modulus=200e9, poissons_ratio=0.3, expansion_tangent=1e-5)


def strained(cell, size, counts):
    """Return a block held everywhere at its bottom, cooled: its corner at the bottom's rim is singular."""
    tagged = box(size, counts, cell)
    held = [Symmetry(surface="left"), Symmetry(surface="bottom")]
    if len(size) == 3:
        held.append(Symmetry(surface="front"))
    problem = MechanicsProblem(
        tagged,
        MaterialField(tagged, {"body": Assignment(STEEL, None, 300.0)}),
        held,
        plane="strain" if len(size) == 2 else None,
    )
    problem.advance(300.0)
    return problem


@pytest.mark.parametrize(
    ("cell", "size", "counts"),
    [
        ("triangle", (1.0, 1.0), (6, 6)),
        ("hexahedron", (1.0, 1.0, 1.0), (4, 4, 4)),
        ("tetrahedron", (1, 1, 1), (4, 4, 4)),
    ],
)
@pytest.mark.mpi
def test_the_mean_is_taken_of_the_points_near_the_line(cell, size, counts):
    problem = strained(cell, size, counts)
    up = len(size) - 1
    problem.stress[:] = 0.0
    problem.stress[..., up] = 5.0 + problem.points.positions[..., 0]
    shear = [5] if up == 1 else [3, 4]
    problem.stress[..., shear] = 3.0
    measure = Foot(type="foot", name="foot", region="body", between=("right", "bottom"), distance="0.4 m")
    found = measure.evaluate(problem, STEEL)
    assert 5.6 < found["foot_lift"] < 6.0
    assert found["foot_shear"] == pytest.approx(3.0 * np.sqrt(len(shear)), rel=1e-12)
    assert found["foot_strain"] == 0.0


@pytest.mark.mpi
def test_the_line_of_two_faces_is_their_common_edge():
    tagged = box((2.0, 1.0, 1.0), (4, 3, 2), "hexahedron")
    line = foot_line(tagged, ("right", "bottom"))
    assert len(line) == 3
    assert np.allclose(line[..., 0], 2.0)
    assert np.allclose(line[..., 2], 0.0)
    assert np.linalg.norm(line[:, 1] - line[:, 0], axis=1).sum() == pytest.approx(1.0)


def test_faces_that_do_not_meet_are_told():
    with pytest.raises(InputError, match="'left' and 'right' have no line in common"):
        foot_line(box((1.0, 1.0), (2, 2), "triangle"), ("left", "right"))


def test_a_mesh_too_coarse_for_the_distance_is_told():
    problem = strained("triangle", (1.0, 1.0), (2, 2))
    measure = Foot(type="foot", name="foot", region="body", between=("right", "bottom"), distance="1 um")
    with pytest.raises(InputError, match="no point within 1 um of the line"):
        measure.evaluate(problem, STEEL)
