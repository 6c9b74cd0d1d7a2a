"""The worked examples of CONTRIBUTING.md work."""

import re

import pytest

from femsuite import material
from femsuite.geometry import Model, load_geometry


@pytest.fixture(scope="module")
def blocks(repository):
    """The code blocks of the page by language."""
    text = (repository / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL))


def test_the_example_of_a_material_can_be_read(blocks, tmp_path):
    path = tmp_path / "InSn.toml"
    path.write_text(blocks["toml"], encoding="utf-8")
    found = material.read(path)
    assert float(found.property("thermal_conductivity")(335.65)) == pytest.approx(33.5)
    assert found.property("density").status == "published"


def test_the_example_of_a_geometry_draws_what_it_names(blocks, tmp_path):
    path = tmp_path / "die_on_slab.py"
    path.write_text(blocks["python"], encoding="utf-8")
    geometry = load_geometry(path)
    parameters = geometry.read({"die": "0.5 mm"})
    with Model(geometry.dimension(parameters)) as model:
        geometry.build(model, parameters)
        named = model.finish()
    assert set(named.pieces) == {"slab", "die"}
    assert set(named.surfaces) == {"bottom", "outside"}


def test_every_file_and_folder_that_the_page_names_exists(blocks, repository):
    text = (repository / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:femsuite|geometries|materials|studies|docs|tests)/[\w/.]+)`", text))
    assert len(named) > 10
    assert not [name for name in named if not (repository / name).exists()]
