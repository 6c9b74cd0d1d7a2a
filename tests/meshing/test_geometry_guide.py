import re
from pathlib import Path

import pytest

from femsuite.errors import InputError
from femsuite.meshing import MeshOptions, build_mesh
from femsuite.meshing.quality import quality


@pytest.fixture
def example(repository: Path, tmp_path: Path, monkeypatch) -> Path:
    """The first Python block of the guide as a file in the working folder."""
    text = (repository / "docs" / "geometries.md").read_text(encoding="utf-8")
    file = tmp_path / "chip_on_plate.py"
    file.write_text(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return file


def test_the_example_of_the_guide_builds_what_it_says(example):
    mesh = build_mesh("chip_on_plate.py", {"spot": "1 mm"}, MeshOptions(refinement=0.5))
    regions = quality(mesh).regions
    assert regions["plate"].volume == pytest.approx(10e-3 * 10e-3 * 1e-3, rel=1e-9, abs=0)
    assert regions["source_spot"].volume == pytest.approx(1e-3 * 1e-3 * 50e-6, rel=1e-9, abs=0)
    assert regions["chip"].volume == pytest.approx(4e-3 * 4e-3 * 400e-6 - 1e-3 * 1e-3 * 50e-6, rel=1e-9, abs=0)
    assert set(mesh.surfaces) == {"bottom", "chip_top", "side"}
    assert mesh.region_names("chip") == ("chip", "source_spot")


def test_the_example_of_the_guide_reports_what_does_not_fit(example):
    with pytest.raises(InputError, match="the chip is larger than the plate"):
        build_mesh("chip_on_plate.py", {"chip": "20 mm"})


def test_the_second_block_of_the_guide_runs(example, repository, capsys):
    text = (repository / "docs" / "geometries.md").read_text(encoding="utf-8")
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[1], {})
    assert float(capsys.readouterr().out) == pytest.approx(6.35e-9, rel=1e-9, abs=0)
