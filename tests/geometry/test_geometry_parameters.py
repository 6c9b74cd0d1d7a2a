import pytest
from pydantic import ValidationError

from femsuite.errors import InputError
from femsuite.geometry import GeometryParameters, load_geometry, parameter, read_parameters
from femsuite.units import Length


class Plate(GeometryParameters):
    thickness: Length = parameter("1 mm", "thickness", source="test", status="estimate", low="0.1 mm", high="2 mm")
    width: Length = parameter("3 mm", "width", source="test", status="estimate")

    def faults(self) -> list[str]:
        return ["the plate is thicker than wide"] if self.thickness > self.width else []


def test_defaults_are_written_with_units_and_read_as_metres():
    assert read_parameters(Plate, {}).thickness == 1e-3


def test_parameters_are_frozen():
    with pytest.raises(ValidationError):
        read_parameters(Plate, {}).thickness = 2.0  # type: ignore[misc]


def test_every_fault_is_reported_at_once_as_a_sentence():
    with pytest.raises(InputError) as caught:
        read_parameters(Plate, {"thickness": "5 mm", "widht": "1 mm", "width": 3.0})
    sentences = {str(fault) for fault in caught.value.faults}
    assert "geometry.parameters.thickness: 5 mm is out of range; allowed: from 0.1 mm to 2 mm" in sentences
    assert any("there is no parameter 'widht'; did you mean 'width'?" in text for text in sentences)
    assert any(text.startswith("geometry.parameters.width: 3.0 has no unit") for text in sentences)


def test_what_does_not_fit_together_is_a_fault():
    with pytest.raises(InputError, match="the plate is thicker than wide"):
        read_parameters(Plate, {"width": "0.5 mm"})


def test_every_parameter_of_every_shipped_geometry_has_a_source_and_a_status():
    from femsuite import library

    names = library.names("geometries", ".py")
    assert {"soic_package", "box", "layered_plate"} <= set(names)
    for name in names:
        for field in load_geometry(name).parameters.model_fields.values():
            assert isinstance(field.json_schema_extra, dict)
            assert field.json_schema_extra["source"]
            assert field.json_schema_extra["status"] in (
                "published",
                "mixed",
                "seed",
                "derived",
                "unchecked",
                "estimate",
            )
            assert field.description


def test_an_unknown_geometry_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'soic_package'"):
        load_geometry("soic_pakage")


def test_a_file_without_build_is_refused(tmp_path):
    file = tmp_path / "half.py"
    file.write_text("from femsuite.geometry import GeometryParameters\nclass Parameters(GeometryParameters): pass\n")
    with pytest.raises(InputError, match=r"function build\(model, parameters\)"):
        load_geometry(str(file))


def test_a_syntax_error_is_reported_with_its_line(tmp_path):
    file = tmp_path / "broken.py"
    file.write_text("x = 1\ndef build(:\n")
    with pytest.raises(InputError) as caught:
        load_geometry(str(file))
    assert caught.value.faults[0].line == 2


def test_what_fails_inside_a_geometry_file_is_reported_with_its_line(tmp_path):
    from femsuite.geometry import Model

    file = tmp_path / "broken.py"
    head = "from femsuite.geometry import GeometryParameters\nclass Parameters(GeometryParameters): pass\n"
    file.write_text(head + "def build(model, parameters):\n    model.box((0, 0, 0), (1, 1, -0.0))\n")
    geometry = load_geometry(str(file))
    with Model() as model, pytest.raises(InputError, match="drawing failed") as caught:
        geometry.draw(model, geometry.read())
    assert caught.value.faults[0].line == 4
    file.write_text("x = undefined_name\n")
    with pytest.raises(InputError, match="NameError"):
        load_geometry(str(file))


def test_a_length_that_may_be_left_out_can_be_set_within_its_range():
    geometry = load_geometry("soic_package")
    assert geometry.read({"body_length": "9.9 mm"}).body_length == pytest.approx(9.9e-3)
    with pytest.raises(InputError, match="out of range; allowed: from 4 mm to 12 mm"):
        geometry.read({"body_length": "20 mm"})
