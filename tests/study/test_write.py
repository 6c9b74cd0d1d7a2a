"""The TOML writer."""

import tomllib

import pytest

from femsuite import library
from femsuite.study.write import WIDTH, write_toml

STUDIES = library.names("studies", ".toml")


@pytest.mark.parametrize("name", sorted(STUDIES))
def test_shipped_studies_survive_writing_and_reading(name):
    data = tomllib.loads(STUDIES[name].read_text(encoding="utf-8"))
    assert tomllib.loads(write_toml(data)) == data


def test_odd_names_texts_and_numbers_survive():
    data = {
        "text": 'quotes " and \\ and\nnew lines\ttabs \x7f \u00b5 \u03b1',
        "backslash": 'a\\n is not\na new line """ \r\n',
        "numbers": [1, -2.5, 1e-30, 1e300, 0.1, 12345678901234567],
        "flags": [True, False],
        "empty": {"list": [], "table": {}},
        "lead_*": {"a.b": {"c d": [[1, 2], [3, 4]]}},
        "rows": [{"a": {"b": 1}}, {"a": {}, "c": [{"d": "x" * 200}]}],
        "": {"": 1},
    }
    assert tomllib.loads(write_toml(data)) == data


def test_what_is_none_is_left_out():
    assert tomllib.loads(write_toml({"a": None, "b": {"c": None, "d": 1}, "e": [{"f": None}]})) == {
        "b": {"d": 1},
        "e": [{}],
    }


def test_short_tables_in_a_list_take_one_line_each():
    text = write_toml({"heat": {"conditions": [{"type": "film", "surface": "*"}, {"type": "flux"}] * 4}})
    assert '  { type = "film", surface = "*" },' in text.splitlines()
    assert max(map(len, text.splitlines())) <= WIDTH


def test_what_toml_cannot_say_is_refused():
    with pytest.raises(TypeError, match="cannot be written"):
        write_toml({"a": object()})
