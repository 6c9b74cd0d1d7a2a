import re
from pathlib import Path

import pytest

from femsuite.material.overview import overview, property_names

PAGE = Path(__file__).parents[2] / "docs" / "materials.md"


@pytest.mark.parametrize(("name", "made"), [("materials", overview), ("properties", property_names)])
def test_the_tables_of_the_page_are_current(name, made):
    # to renew them: python -m femsuite.material.overview docs/materials.md
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- end -->", text, re.S)
    assert found is not None
    assert found.group(1) == made()


def test_the_pages_example_is_a_material(tmp_path):
    from femsuite.material import read

    example = re.search(r"```toml\n(format = 1\n.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    path = tmp_path / "glass.toml"
    path.write_text(example.group(1), encoding="utf-8")
    glass = read(path)
    assert glass.thermal_strain(373.0, 293.0) == pytest.approx(80.0 * 3.3e-6, rel=1e-12)
    assert glass.property("thermal_conductivity")(350.0) == pytest.approx(1.15)
