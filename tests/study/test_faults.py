"""What is wrong with a study is told in sentences: file, line, key, value, what is allowed."""

import pytest

from femsuite.errors import InputError
from femsuite.study import load


def faults(path, overrides=()):
    with pytest.raises(InputError) as caught:
        load(path, overrides)
    return caught.value.faults


def only(path, overrides=()):
    found = faults(path, overrides)
    assert len(found) == 1, [str(fault) for fault in found]
    return found[0]


def test_a_mistyped_key_is_told_with_its_line_and_the_nearest_key(desk):
    fault = only(desk.write(("[mechanics]", "[mechanics]\nsuport = 'free'")))
    assert fault.line == 29
    assert fault.key == "mechanics.suport"
    assert "did you mean 'support'?" in fault.message
    assert str(fault).startswith(f"{desk.folder}/small.toml:29: mechanics.suport: there is no key 'suport'")


def test_a_bare_number_for_a_quantity_is_refused_with_an_example(desk):
    fault = only(desk.write(('"90 W/(m^2 K)"', "90")))
    assert fault.key == "heat.conditions.0.coefficient"
    assert fault.message == '90 has no unit; write a film coefficient with its unit, such as "90 W/(m^2 K)"'


def test_a_wrong_unit_is_refused(desk):
    fault = only(desk.write(('ambient = "22 degC"', 'ambient = "22 W"')))
    assert fault.key == "heat.ambient"
    assert '"22 W" is not a temperature' in fault.message


def test_a_missing_material_is_told_the_nearest(desk):
    fault = only(desk.write(('"Si"', '"Sii"')))
    assert (fault.line, fault.key) == (14, "regions.die.material")
    assert "there is no material 'Sii'; did you mean 'Si'?" in fault.message


def test_a_missing_geometry_is_told(desk):
    fault = only(desk.write(('"stack.py"', '"stak.py"')))
    assert (fault.line, fault.key) == (6, "geometry.file")
    assert "there is no geometry 'stak.py'" in fault.message


def test_a_die_longer_than_its_paddle_is_told_by_the_geometry(desk):
    fault = only(desk.write(('"2 mm"', '"4 mm"')))
    assert fault.key == "geometry.parameters"
    assert "the die is longer than the paddle" in fault.message


def test_a_negative_length_is_told_with_the_allowed_range(desk):
    fault = only(desk.write(('"2 mm"', '"-2 mm"')))
    assert (fault.line, fault.key) == (8, "geometry.parameters.die_length")
    assert "from 10 um to 20 mm" in fault.message
    fault = only(desk.write(('{ name = "Q5" }', '{ name = "Q5", length = "-5 um" }')))
    assert (fault.line, fault.key) == (10, "geometry.parameters.sources.0.length")
    assert '"-5 um" must be larger than 0 m' in fault.message


def test_a_mistyped_parameter_is_told_the_nearest(desk):
    assert "did you mean 'die_length'?" in only(desk.write(("die_length", "die_lenght"))).message


def test_a_heat_source_that_is_not_there_is_told(desk):
    fault = only(desk.write(("{ Q5 = [", "{ Q55 = [")))
    assert fault.key == "stages.1.sources.Q55"
    assert "there is no heat source 'Q55'; did you mean 'Q5'?" in fault.message


def test_an_orientation_that_is_no_frame_is_told(desk):
    fault = only(desk.write(("edge = [1, -1, 0]", "edge = [1, 1, 0]")))
    assert fault.key == "regions.die.crystal"
    assert "scalar product is 2" in fault.message


def test_a_crystal_without_orientation_and_a_metal_with_one_are_told(desk):
    fault = only(desk.write(("crystal = { normal = [1, 1, 1], edge = [1, -1, 0] }", "")))
    assert fault.key == "regions.die.crystal"
    assert "cubic crystal" in fault.message
    orientation = 'regions."padd*".crystal={ normal = [0, 0, 1], edge = [1, 0, 0] }'
    assert "is not a crystal" in only(desk.write(), [orientation]).message


def test_a_stress_free_temperature_is_never_assumed(desk):
    fault = only(desk.write(('stress_free_temperature = "175 degC"\n', "")))
    assert fault.key == "regions.die.stress_free_temperature"
    assert "is missing" in fault.message


def test_a_property_that_the_physics_need_and_the_material_lacks_is_told(desk):
    found = faults(desk.write(), ['regions."padd*".material=air'])
    assert {fault.key for fault in found} == {'regions."padd*".material'}
    assert [fault.message for fault in found] == [
        "air has no coefficient of expansion, which [mechanics] needs",
        "air has no elastic constants, which [mechanics] needs",
    ]


def test_stages_need_their_physics(desk):
    text = desk.write().read_text()
    start, stop = text.index("[heat]"), text.index("[mechanics]")
    assert "needs a [heat] table" in only(desk.write(text=text[:start] + text[stop:])).message


def test_a_steady_stage_with_every_surface_insulated_is_told(desk):
    text = desk.write().read_text()
    start, stop = text.index("[[heat.conditions]]"), text.index("[mechanics]")
    assert "no condition lets heat out" in only(desk.write(text=text[:start] + text[stop:])).message


def test_names_occur_once(desk):
    fault = only(desk.write(('name = "power"', 'name = "cooling"')))
    assert fault.key == "stages.1.name"
    assert "taken by [[stages]] number 1" in fault.message


def test_columns_fits_and_stages_that_are_not_there_are_told(desk):
    assert "did you mean 'peak'?" in only(desk.write(('y = "peak"', 'y = "peek"'))).message
    assert "there is no fit 'lin'" in only(desk.write(('fits = ["line"]', 'fits = ["lin"]'))).message
    fault = only(desk.write(), ['quantities.0.stages=["powr"]'])
    assert "there is no stage 'powr'; did you mean 'power'?" in fault.message


def test_a_derived_column_uses_columns_that_come_before_it(desk):
    table = '[[derived]]\nname = "resistance"\nexpression = "(peak - 295.15) / {}"\nunit = "K/W"\n'
    text = desk.write().read_text()
    load(desk.write(text=text + table.format("power")))
    assert "did you mean 'power'?" in only(desk.write(text=text + table.format("powr"))).message
    fault = only(desk.write(text=text + table.format("resistance")))
    assert fault.key == "derived.0.expression"
    assert "there is no column 'resistance'" in fault.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('key = "heat.conditions.0.coeficient"', "did you mean 'heat.conditions.0.coefficient'?"),
        ('key = "heat.conditions.3.coefficient"', "there is no key"),
        ('key = "heat.conditions"', "not one number"),
        ('metric = "peek"', "there is no quantity or derived column 'peek'; did you mean 'peak'?"),
        ('at = "power=1.4 W"', "did you mean 'power=1.5 W'?"),
    ],
)
def test_a_calibration_must_name_a_number_and_a_state(desk, change, words):
    good = [
        'key = "heat.conditions.0.coefficient"',
        'at = "power=1.5 W"',
        'metric = "peak"',
        'target = "350 K"',
        'source = "test"',
    ]
    wrong = [change if line.split(" =")[0] == change.split(" =")[0] else line for line in good]
    text = desk.write().read_text()
    load(desk.write(text="\n".join([text, "[calibration]", *good])))
    assert words in only(desk.write(text="\n".join([text, "[calibration]", *wrong]))).message


def test_all_faults_of_a_file_and_the_overrides_come_at_once_in_the_order_of_the_file(desk):
    path = desk.write(
        ("[mechanics]", "[mechanics]\nsuport = 'free'"),
        ('"2 mm"', '"-2 mm"'),
        ('"Si"', '"Sii"'),
        ('"90 W/(m^2 K)"', "90"),
        ('name = "power"', 'name = "cooling"'),
    )
    found = faults(path, ["mesh.refinement=-1", "nonsense", "stages.9.name=x"])
    keys = [fault.key for fault in found]
    assert keys == [
        "geometry.parameters.die_length",
        "regions.die.material",
        "heat.conditions.0.coefficient",
        "mechanics.suport",
        "stages.1.name",
        None,
        "stages.9.name",
        "mesh.refinement",
    ]
    assert [fault.line for fault in found[:5]] == sorted(fault.line for fault in found[:5])


def test_a_fault_of_an_override_names_the_override(desk):
    fault = only(desk.write(), ["heat.ambient=22"])
    assert fault.file == "--set heat.ambient=22"
    assert fault.line is None
    fault = only(desk.write(), ['stages.1.sources.Q5=["1 W", 3]'])
    assert fault.key == "stages.1.sources.Q5.1"
    assert fault.file.startswith("--set stages.1.sources.Q5=")


def test_a_newer_format_says_so(desk):
    fault = only(desk.write(("format = 1", "format = 2")))
    assert fault.line == 1
    assert "format 2" in fault.message
    assert "newer femsuite" in fault.message


@pytest.mark.parametrize(("first", "words"), [("", "is missing"), ('format = "1"', "is not a format")])
def test_a_missing_or_strange_format_is_told(desk, first, words):
    assert words in only(desk.write(("format = 1", first))).message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "this file is empty"),
        (b" \n\n", "this file is empty"),
        (b"\x7fELF\x00\x01", "this is a binary file"),
        ("format = 1\ntitle = '\xe4'".encode("latin-1"), "byte 0xe4 is not UTF-8"),
        (b"format = 1\nlength = 400 um\n", "text needs quotes"),
        (b"format = 1\n[geometry\nfile = 3\n", "this is not TOML"),
        (b'format = 1\ntitle = "open', "this is not TOML"),
        (b"a = 1\na = 2\n", "this is not TOML"),
    ],
)
def test_a_file_that_is_no_study_is_told_in_a_sentence(tmp_path, content, words):
    path = tmp_path / "study.toml"
    path.write_bytes(content)
    fault = only(path)
    assert words in fault.message
    assert fault.file == str(path)


def test_a_syntax_fault_names_its_line(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text("format = 1\n\nlength = 400 um\n")
    assert only(path).line == 3


def test_a_folder_a_missing_file_and_another_kind_of_file_are_told(desk):
    desk.write()
    assert "it holds small.toml" in only(desk.folder).message
    assert "there is no study" in only(desk.folder / "nothing.toml").message
    assert "ends in .toml" in only(desk.folder / "stack.py").message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'field = "temperature"',
            'field = "temprature"',
            "there is no field 'temprature'; did you mean 'temperature'?",
        ),
        ('field = "temperature"', 'field = "stress.mises"', "has several components: there is no part 'mises'"),
        ('field = "temperature"', 'field = "displacement"', "name one: displacement.magnitude, or x, y, z."),
        ('field = "temperature"', 'field = "temperature.x"', "is a scalar and has no part 'x'"),
    ],
)
def test_a_field_that_will_not_be_computed_is_told_before_it_is(desk, old, new, words):
    fault = only(desk.write((old, new)))
    assert words in fault.message
    assert fault.key == "quantities.0.field"


def test_fields_of_pictures_and_files_are_checked_too(desk):
    assert "did you mean 'stress'?" in only(desk.write(), ['output.fields=["stres"]']).message
    assert "several components" in only(desk.write(), ['output.pictures=["displacement"]']).message
    load(desk.write(), ['output.pictures=["displacement.z", "stress.von_mises"]', 'output.fields=["stress"]'])
