"""A small study with a geometry of its own, written into a temporary folder."""

from pathlib import Path

import pytest

GEOMETRY = '''
"""A die on a paddle."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from femsuite.geometry import GeometryParameters, parameter
from femsuite.units import Length


class Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    length: Annotated[Length, Field(gt=0.0)] = 60e-6


class Parameters(GeometryParameters):
    die_length: Length = parameter(
        "1 mm", "edge of the die", source="test", status="estimate", low="10 um", high="20 mm"
    )
    paddle_length: Length = parameter("3 mm", "edge of the paddle", source="test", status="estimate", low="10 um")
    sources: tuple[Source, ...] = ()

    def faults(self) -> Iterable[str]:
        if self.die_length > self.paddle_length:
            yield "the die is longer than the paddle it sits on; make die_length smaller"


def build(model, parameters):
    raise NotImplementedError("the tests of studies build no mesh")
'''

STUDY = """format = 1
name = "small"
title = "A die on a paddle"

[geometry]
file = "stack.py"
[geometry.parameters]
die_length = "2 mm"
sources = [
  { name = "Q5" },
]

[regions.die]
material = "Si"
stress_free_temperature = "175 degC"
crystal = { normal = [1, 1, 1], edge = [1, -1, 0] }
[regions."padd*"]
material = "Cu_leadframe_C194"
stress_free_temperature = "175 degC"

[heat]
ambient = "22 degC"
[[heat.conditions]]
type = "film"
surface = "*"
coefficient = "90 W/(m^2 K)"

[mechanics]

[[stages]]
name = "cooling"
type = "uniform"
temperature = "22 degC"
[[stages]]
name = "power"
type = "steady"
sources = { Q5 = ["0 W", "1.5 W"] }

[[quantities]]
name = "peak"
field = "temperature"
over = "die"
kind = "maximum"

[[fits]]
name = "line"
x = "power"
y = "peak"

[[plots]]
name = "peak"
x = "power"
y = ["peak"]
fits = ["line"]
"""


class Desk:
    """Writes studies into a folder that holds their geometry."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "stack.py").write_text(GEOMETRY)

    def write(self, *changes: tuple[str, str], text: str = STUDY) -> Path:
        """Write the study with texts replaced; each must be there."""
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = self.folder / "small.toml"
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder with a geometry, and a way to write studies into it."""
    return Desk(tmp_path)
