import pytest
from pydantic import TypeAdapter, ValidationError

from femsuite.conditions import MECHANICS, MechanicsCondition

READER = TypeAdapter(MechanicsCondition)


def test_every_name_of_the_registry_reads_as_its_own_class():
    numbers = {"displacement": {"x": "1 um"}, "pressure": {"pressure": "3 MPa"}, "traction": {"y": "-1 MPa"}}
    for name, kind in MECHANICS.items():
        condition = READER.validate_python({"type": name, "surface": "top", **numbers.get(name, {})})
        assert type(condition) is kind
        assert condition.surface == ("top",)


def test_numbers_are_read_in_si():
    pressure = READER.validate_python({"type": "pressure", "surface": "top", "pressure": "3 MPa"})
    assert pressure.numbers(3) == {"pressure": (3e6,)}
    moved = READER.validate_python({"type": "displacement", "surface": "top", "z": "2 um"})
    assert moved.prescribed(None, 3) == {2: pytest.approx(2e-6)}


def test_traction_fills_missing_components_with_zero():
    traction = READER.validate_python({"type": "traction", "surface": "top", "y": "1 MPa"})
    assert traction.numbers(3) == {"traction": (0.0, 1e6, 0.0)}
    assert traction.numbers(2) == {"traction": (0.0, 1e6)}


def test_bare_number_is_refused():
    with pytest.raises(ValidationError, match="has no unit"):
        READER.validate_python({"type": "pressure", "surface": "top", "pressure": 3e6})


@pytest.mark.parametrize("kind", ["displacement", "traction"])
def test_condition_without_a_component_is_refused(kind):
    with pytest.raises(ValidationError, match="give at least one of x, y and z"):
        READER.validate_python({"type": kind, "surface": "top"})


def test_component_across_a_plane_model_is_refused():
    moved = READER.validate_python({"type": "displacement", "surface": "top", "z": "2 um"})
    with pytest.raises(ValueError, match="no displacement along z"):
        moved.prescribed(None, 2)
    pushed = READER.validate_python({"type": "traction", "surface": "top", "z": "2 MPa"})
    with pytest.raises(ValueError, match="no traction along z"):
        pushed.numbers(2)


def test_symmetry_holds_the_component_along_the_normal():
    symmetry = READER.validate_python({"type": "symmetry", "surface": "top"})
    assert symmetry.prescribed((0.0, -1.0, 0.0), 3) == {1: 0.0}
    with pytest.raises(ValueError, match="must be normal to x, y or z"):
        symmetry.prescribed((0.6, 0.8, 0.0), 3)
