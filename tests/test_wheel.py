"""The wheel carries everything a user needs: it runs in another folder, without the checkout."""

import os
import subprocess
import sys
import zipfile

import pytest

from femsuite import library


def run(*command, folder, **environment):
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env={**clean, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, repository):
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=repository)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder into which the wheel was installed, and nothing else."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel]
    run(*pip, folder=target)
    return target


def test_the_wheel_holds_the_library_and_nothing_of_the_development(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for room, suffix in (("studies", ".toml"), ("geometries", ".py"), ("materials", ".toml")):
        for name in library.names(room, suffix):
            assert f"femsuite/_library/{room}/{name}{suffix}" in names
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"femsuite"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_installed_wheel_lists_and_loads_what_it_ships(installed, tmp_path):
    """The package of the wheel goes before the checkout's, which an editable install puts at the end of the path."""
    command = [sys.executable, "-m", "femsuite"]
    where = run(
        sys.executable, "-c", "import femsuite; print(femsuite.__file__)", folder=tmp_path, PYTHONPATH=str(installed)
    )
    assert where.startswith(str(installed))
    listed = run(*command, "list", "studies", "--plain", folder=tmp_path, PYTHONPATH=str(installed)).split()
    assert listed == list(library.names("studies", ".toml"))
    for study in listed:
        told = run(*command, "show", study, folder=tmp_path, PYTHONPATH=str(installed))
        assert "Regions" in told
    assert "thermal_conductivity" in run(*command, "show", "Si", folder=tmp_path, PYTHONPATH=str(installed))


def test_the_installed_wheel_computes_a_study_with_a_geometry_of_its_own(installed, tmp_path, repository):
    (tmp_path / "mine").mkdir()
    text = (repository / "studies" / "tutorial" / "heated_block.toml").read_text(encoding="utf-8")
    (tmp_path / "mine" / "block.toml").write_text(text.replace('file = "box"', 'file = "brick.py"'), encoding="utf-8")
    (tmp_path / "mine" / "brick.py").write_bytes((repository / "geometries" / "box.py").read_bytes())
    small = ("--set", "geometry.parameters.counts=[2,2,2]", "--set", "output.pictures=[]")
    command = [sys.executable, "-m", "femsuite", "run", "mine/block.toml", "--out", "out", *small]
    told = run(*command, folder=tmp_path, PYTHONPATH=str(installed))
    assert "Results are in out:" in told
    assert (tmp_path / "out" / "report.html").is_file()
