import numpy as np
import pytest

from femsuite.conditions.symmetry import Symmetry
from femsuite.conditions.traction import Traction
from femsuite.errors import InputError
from femsuite.failure import weibull
from femsuite.material.field import Assignment, MaterialField
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import bodies
from femsuite.verify.constants import material

SIDES = (1e-3, 2e-3, 3e-3)


@pytest.fixture(params=["tetrahedron", "hexahedron"])
def pulled(request):
    tagged = bodies.box(SIDES, (2, 3, 2), request.param)
    made = material("die", youngs_modulus=165e9, poissons_ratio=0.22, expansion_tangent=0.0)
    conditions = [*(Symmetry(surface=one) for one in ("left", "front", "bottom")), Traction(surface="top", z="50 MPa")]
    problem = MechanicsProblem(tagged, MaterialField(tagged, {"body": Assignment(made, None, 300.0)}), conditions)
    problem.advance(300.0)
    return problem


@pytest.mark.mpi
def test_even_stress_gives_the_size_of_volume_faces_and_edges(pulled):
    x, y, z = SIDES
    flaws, stress = weibull.Flaws(100e6, 2.0, 1.0), pulled.stress_function(1)
    quarter = 0.25  # (50/100)^2
    volume = weibull.volume_hazard(pulled.points, pulled.stress, flaws)
    assert volume == pytest.approx(quarter * x * y * z, rel=1e-6)
    for face, area in (("top", x * y), ("right", y * z), ("back", x * z)):
        assert weibull.face_hazard(pulled.tagged, stress, flaws, face) == pytest.approx(quarter * area, rel=1e-6)
    assert weibull.face_hazard(pulled.tagged, stress, flaws, ["top", "right"]) == pytest.approx(
        quarter * (x * y + y * z), rel=1e-6
    )
    for faces, length in ((("top", "right"), y), (("top", "back"), x), (("right", "back"), z)):
        assert weibull.edge_hazard(pulled.tagged, stress, flaws, *faces) == pytest.approx(quarter * length, rel=1e-6)


def test_faces_without_a_common_edge_are_told(pulled):
    with pytest.raises(InputError, match="no edge in common"):
        weibull.edge_hazard(pulled.tagged, pulled.stress_function(1), weibull.Flaws(1.0, 1.0, 1.0), "top", "bottom")


def test_compression_breaks_nothing_and_shear_counts_by_its_tension():
    stress = np.zeros((2, 6))
    stress[0, :3] = -1.0
    stress[1, 5] = 2.0
    assert weibull.largest_principal(stress) == pytest.approx([-1.0, 2.0])
    assert weibull.Flaws(1.0, 3.0, 1.0).density(weibull.largest_principal(stress)) == pytest.approx([0.0, 8.0])


def test_hazards_of_several_populations_add():
    assert weibull.probability([0.1, 0.2]) == pytest.approx(1.0 - np.exp(-0.3))
    assert weibull.probability([1e-12]) == pytest.approx(1e-12, rel=1e-6)
