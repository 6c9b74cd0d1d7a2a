"""Line numbers of keys in TOML texts."""

import tomllib

import pytest

from femsuite import library
from femsuite.study.locate import Lines, dotted

TEXT = '''# heading
format = 1
text = """
first = 3
"""
[geometry]
file = "a" # key = 2
[geometry.parameters]
pins.count = 14
sources = [
  { name = "Q5", length = "60 um" },
  # a comment with ] and }
  { name = "Q6",
    length = "1 um" },
]
[regions."lead_*"]
'material' = "Cu"
[[heat.conditions]]
type = "film"
[[heat.conditions]]
type = "radiation"
[heat.conditions.extra]
deep = [[1, 2],
  [3, 4]]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("format",), 2),
        (("text",), 3),
        (("geometry",), 6),
        (("geometry", "file"), 7),
        (("geometry", "parameters", "pins", "count"), 9),
        (("geometry", "parameters", "sources", 0, "length"), 11),
        (("geometry", "parameters", "sources", 1), 13),
        (("geometry", "parameters", "sources", 1, "length"), 14),
        (("regions", "lead_*", "material"), 17),
        (("heat", "conditions", 0, "type"), 19),
        (("heat", "conditions", 1), 20),
        (("heat", "conditions", 1, "type"), 21),
        (("heat", "conditions", 1, "extra", "deep", 1, 0), 24),
    ],
)
def test_every_key_has_its_line(path, line):
    assert Lines(TEXT).of(path) == line


def test_an_unknown_key_takes_the_line_of_its_nearest_parent():
    assert Lines(TEXT).of(("heat", "conditions", 0, "emissivity")) == 18
    assert Lines(TEXT).of(("nowhere",)) is None


def _paths(value, path=()):
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _paths(child, (*path, key))


@pytest.mark.parametrize("name", sorted(library.names("studies", ".toml")))
def test_every_path_of_the_shipped_studies_is_found_on_a_line_that_names_it(name):
    text = library.names("studies", ".toml")[name].read_text(encoding="utf-8")
    lines = Lines(text)
    for path in _paths(tomllib.loads(text)):
        if path and isinstance(path[-1], str):
            assert path[-1] in text.splitlines()[lines.of(path) - 1], path


def test_windows_line_ends_count_once():
    assert Lines("a = 1\r\nb = 2\r\n").of(("b",)) == 2


def test_key_paths_are_written_as_in_toml():
    assert dotted(("regions", "lead_*", "material")) == 'regions."lead_*".material'
    assert dotted(("heat", "conditions", 0)) == "heat.conditions.0"
