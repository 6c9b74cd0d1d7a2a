"""Bad material files give sentences that name the file, the line, the key and the nearest name."""

from pathlib import Path

import numpy as np
import pytest

from femsuite.errors import InputError
from femsuite.material import load, read

GOOD = """
format = 1
name = "test"
role = "a test"
[sources]
BOOK = "a book"
[density]
unit = "kg/m^3"
value = 1000.0
source = "BOOK"
status = "published"
"""


def _read(tmp_path: Path, text: str):
    path = tmp_path / "test.toml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def _property(name: str, unit: str, rest: str) -> str:
    return f'{GOOD}\n[{name}]\nunit = "{unit}"\nsource = "BOOK"\nstatus = "derived"\n{rest}\n'


def test_a_good_file_loads(tmp_path):
    assert _read(tmp_path, GOOD).property("density")(300.0) == 1000.0


def test_other_units_of_the_same_kind_are_turned_into_si(tmp_path):
    material = _read(tmp_path, _property("youngs_modulus", "GPa", "table = [[300, 70], [400, 60]]"))
    assert np.isclose(material.property("youngs_modulus")(350.0), 65e9, rtol=1e-15)
    material = _read(tmp_path, _property("expansion_tangent", "ppm/K", 'expression = "2 + T/300"'))
    assert np.isclose(material.property("expansion_tangent")(300.0), 3e-6, rtol=1e-14)
    assert np.isclose(material.property("expansion_tangent").derivative(300.0), 1e-6 / 300.0, rtol=1e-14)
    assert np.isclose(material.thermal_strain(400.0, 300.0), 1e-6 * (200.0 + 35000.0 / 300.0), rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD.replace("[density]", "[densty]"), ":7: densty: there is no property 'densty'; did you mean 'density'"),
        (GOOD.replace("value =", "valu ="), "density.valu: there is no key 'valu'; did you mean 'value'"),
        (GOOD.replace('"published"', '"found"'), "toml:11: density.status: 'found' is not allowed; write 'published'"),
        (GOOD.replace('status = "published"', ""), "density: 'status' is missing"),
        (GOOD.replace('source = "BOOK"', ""), "density: 'source' is missing"),
        (GOOD.replace('source = "BOOK"', 'source = "BOOKS"'), "there is no source 'BOOKS'; did you mean 'BOOK'"),
        (GOOD.replace("1000.0", "-1.0"), r"the value -1 kg/m\^3 at 298.15 K must be more than 0"),
        (GOOD.replace("1000.0", "nan"), "test.toml:9: density.value: nan is not a finite number"),
        (GOOD.replace("1000.0", "true"), "density.value: True is not a finite number"),
        (GOOD.replace('"kg/m^3"', '"W/m"'), r"density.unit: 'W/m' cannot be used; write kg/m\^3 or a multiple"),
        (GOOD.replace("value = 1000.0", ""), "one of value, table and expression is wanted, none of them is given"),
        (GOOD.replace("format = 1", "format = 2"), "the file has format 2; this version reads up to 1"),
        (GOOD.replace("format = 1", ""), "'format' is missing"),
        (GOOD.replace('name = "test"', 'name = "other"'), "the name 'other' is not the file's name 'test'"),
        (GOOD + "[[data.anand]]\nm = 0.3\n", "data.anand.0: 'source' is missing"),
        (GOOD + '[[data.anand]]\nsame_as = "SAC350"\n', "there is no material 'SAC350'; did you mean 'SAC305'"),
        ("format = \n", "this is not TOML"),
        (_property("solidus", "degC", "value = 1.0"), "'degC' cannot be used; write K"),
        (_property("poissons_ratio", "1", "value = 0.5"), "the value 0.5 at 298.15 K must be less than 0.5"),
        (_property("youngs_modulus", "Pa", "table = [[300, 1.0], [300, 2.0]]"), "must rise: 300 K follows 300 K"),
        (_property("youngs_modulus", "Pa", "table = [[300, 1.0]]"), "a table needs two points or more"),
        (_property("youngs_modulus", "Pa", "value = 1.0\nvalid = [400, 300]"), r"the range \[400, 300\] does not rise"),
        (_property("youngs_modulus", "Pa", "value = 1.0\ntable = [[1, 1], [2, 2]]"), "value and table is given"),
        (_property("youngs_modulus", "Pa", 'expression = "T*q"'), "youngs_modulus.expression: there is no name 'q'"),
        (_property("youngs_modulus", "Pa", 'expression = "abs(T)"'), "there is no function 'abs'"),
        (_property("youngs_modulus", "Pa", 'expression = "log(T-400)"\nvalid = [300, 500]'), "at 300 K is not finite"),
        (_property("youngs_modulus", "Pa", 'expression = "T*q"\nparameters.q = "hardnes"'), "no property 'hardnes'"),
        (_property("youngs_modulus", "Pa", 'expression = "T"\nparameters.q = "density"'), "'q' does not occur in it"),
        (_property("expansion_secant", "1/K", "value = 1e-6"), "'reference_temperature' is missing"),
        (_property("hardness", "Pa", "value = 1.0\nreference_temperature = 298"), "belongs to a secant expansion only"),
        (_property("stiffness_c11", "Pa", "value = 1.0"), 'write crystal = "cubic"'),
        (GOOD.replace('role = "a test"', 'role = "a test"\ncrystal = "cubic"'), "a cubic crystal needs stiffness_c11"),
        (_property("hardness", "Pa", "value = 1.0\nmissing = true"), "that is missing has no value"),
        (_property("hardness", "Pa", 'value = 1.0\nparameters.q = "density"'), "and inputs belong to an expression"),
        (_property("hardness", "Pa", 'expression = "T"\ninputs.T = { unit = "m" }'), "'T' is the temperature"),
    ],
)  # fmt: skip
def test_a_bad_file_gives_a_sentence(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence):
        _read(tmp_path, text)


def test_tangent_and_secant_are_never_mixed(tmp_path):
    text = _property("expansion_tangent", "1/K", "value = 1e-6")
    text += (
        '[expansion_secant]\nunit = "1/K"\nvalue = 1e-6\nreference_temperature = 298\nsource = "BOOK"\nstatus = "seed"'
    )
    with pytest.raises(InputError, match="tangent and secant are never mixed"):
        _read(tmp_path, text)


def test_all_faults_are_told_at_once(tmp_path):
    text = GOOD.replace('"published"', '"found"').replace("format = 1", "format = 1\ncolour = 1")
    with pytest.raises(InputError) as caught:
        _read(tmp_path, text + "[hardnes]\nunit = 1\n")
    assert {fault.key for fault in caught.value.faults} == {"colour", "hardnes", "density.status"}


def test_an_unknown_material_names_the_nearest():
    with pytest.raises(InputError, match="there is no material 'Si02'; did you mean 'SiO2'"):
        load("Si02")


def test_a_file_beside_the_study_is_found(tmp_path):
    (tmp_path / "test.toml").write_text(GOOD, encoding="utf-8")
    assert load("test.toml", beside=tmp_path).name == "test"


def test_an_unknown_property_says_what_there_is_and_why_it_lacks():
    with pytest.raises(InputError, match=r"no property 'electrical_resistivity'.*\(doping dependent"):
        load("Si").property("electrical_resistivity")


def test_a_property_that_needs_more_than_temperature_says_so():
    yields = load("Cu_PVD_film").property("yield_stress")
    with pytest.raises(InputError, match=r"depends on thickness \(m\), which must be given first"):
        yields(300.0)
    with pytest.raises(InputError, match="there is no argument 'thicknes'; did you mean 'thickness'"):
        yields.at(thicknes=1e-6)


def test_an_unknown_parameter_set_says_what_there_is():
    with pytest.raises(InputError, match="no parameter set 'anan'; did you mean 'anand'"):
        load("SAC305").parameters("anan")
    with pytest.raises(InputError, match=r"there is no fatigue set 'Syed'.*Syed2004_SAC"):
        load("SAC305").parameters("fatigue", "Syed")
