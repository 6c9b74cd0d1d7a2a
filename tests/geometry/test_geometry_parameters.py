import pytest
from pydantic import ValidationError

from femsuite.errors import InputError
from femsuite.geometry import GeometryParameters, estimated_length, in_mm, load_geometry, parameter, read_parameters
from femsuite.units import Length, Temperature


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


class Hot(GeometryParameters):
    bonded: Temperature = parameter("400 degC", "bonded at", source="t", status="seed", low="382 degC", high="450 degC")
    cooled: Temperature = parameter("77 K", "cooled to", source="t", status="seed", low="4 K", high="300 K")
    height: Length = estimated_length("0.3 mm", "height", "0.1 mm", "1 mm", source="typical")


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("bonded", "900 K", "626.9 degC is out of range; allowed: from 382 degC to 450 degC"),
        ("bonded", "500 degC", "500 degC is out of range; allowed: from 382 degC to 450 degC"),
        ("cooled", "400 degC", "673.1 K is out of range; allowed: from 4 K to 300 K"),
        ("height", "5 um", "5 um is out of range; allowed: from 0.1 mm to 1 mm"),
    ],
)
def test_a_value_out_of_range_is_told_in_the_unit_of_its_bounds(name, given, sentence):
    with pytest.raises(InputError) as caught:
        read_parameters(Hot, {name: given})
    assert [str(fault) for fault in caught.value.faults] == [f"geometry.parameters.{name}: {sentence}"]


def test_an_estimated_length_carries_its_reason():
    extra = Hot.model_fields["height"].json_schema_extra
    assert extra == {"source": "typical", "status": "estimate", "low": "0.1 mm", "high": "1 mm"}


def test_lengths_in_faults_are_in_millimetres():
    assert in_mm(2.5e-4) == "0.25 mm"


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
