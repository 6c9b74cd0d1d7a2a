"""What a user can do wrong, end to end: a sentence, the right exit code, no traceback, no half-written result."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from femsuite import cli

STUDY = "tutorial/heated_block"
TINY = ("--set", "geometry.parameters.counts=[2,2,2]", "--set", "output.pictures=[]")
LONG = ("--set", "geometry.parameters.counts=[18,18,8]", "--set", "output.pictures=[]")
LAUNCHER = Path(sys.executable).with_name("mpiexec")
FEMSUITE = (sys.executable, "-m", "femsuite")
# The limit is set when MPI has its shared memory; Python ignores SIGXFSZ, so that the write itself fails.
ON_A_FULL_DISK = """
import resource, sys
import femsuite.run
from femsuite import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.exit(cli.main(sys.argv[1:]))
"""
pytestmark = pytest.mark.skipif("PMI_RANK" in os.environ, reason="starts processes of its own")


def femsuite(*arguments, folder=None, program=FEMSUITE):
    """Run the command line apart, as a user does."""
    command = [*program, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def inside(capsys, monkeypatch):
    """Return a function that runs the command line within this process, which saves the start of another."""

    def run(*arguments, folder=None):
        if folder is not None:
            monkeypatch.chdir(folder)
        code = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=out, stderr=err)

    return run


def told(done, code):
    """Check the exit code and that a sentence and nothing else was said of the error; return it."""
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.count("femsuite: ") == 1
    return done.stderr


def record(folder):
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def begun(folder, process):
    """Wait until the run of a process has written its mesh's size."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, process.communicate()
        if (folder / "run.json").is_file() and record(folder)["sizes"]:
            return
        time.sleep(0.02)
    raise AssertionError("the run did not begin")


def heard():
    """Let a process hear ctrl-C even where these tests run in the background of a shell, which makes it deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(folder, *arguments, program=FEMSUITE):
    """Start a run that takes some seconds, and return its process when the mesh is there."""
    command = [*program, "run", STUDY, "--out", str(folder), *LONG, *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True, preexec_fn=heard)
    begun(folder, process)
    return process


@pytest.mark.parametrize(
    ("study", "override", "words"),
    [
        (STUDY, "mesh.refinment=2", "there is no key 'refinment'; did you mean 'refinement'?"),
        (STUDY, "heat.ambient=25 kg", '"25 kg" is not a temperature'),
        (STUDY, "regions.body.material=Al2O3_69", "did you mean 'Al2O3_96'?"),
        (STUDY, "geometry.parameters.height=-1 mm", "height"),
        ("power_sweep", "geometry.parameters.die_length=30 mm", "die"),
    ],
)
def test_a_study_that_cannot_be_is_refused_before_a_folder_is_made(inside, tmp_path, study, override, words):
    sentence = told(inside("run", study, "--set", override, "--out", tmp_path / "out"), 2)
    assert words in sentence
    assert override.partition("=")[0] in sentence
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"format = 9\n", "format 9"), (b"", "this file is empty"), (b"\0\1\2", "binary file"), (None, "is a folder")],
)
def test_a_file_that_is_no_study_is_refused(inside, tmp_path, content, words):
    path = tmp_path / "study.toml"
    path.mkdir() if content is None else path.write_bytes(content)
    assert words in told(inside("run", "study.toml", folder=tmp_path), 2)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (('surface = "top"', 'surface = "tops"'), "heat.conditions.0.surface", "there is no surface 'tops'"),
        (("[regions.body]", "[regions.bodi]"), "regions.bodi", "there is no region 'bodi'; did you mean 'body'?"),
        (('over = "top"', 'over = "tip"'), "quantities.0 (top_temperature).over", "did you mean 'top'?"),
    ],
)
def test_names_that_only_the_mesh_knows_are_told_with_file_and_line(inside, tmp_path, repository, change, place, words):
    text = (repository / "studies" / f"{STUDY}.toml").read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "block.toml"
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    line = text[: text.index(change[0])].count("\n") + 1
    sentence = told(inside("run", path, "--out", tmp_path / "out", *TINY), 2)
    assert f"{path}:{line}: {place}: " in sentence
    assert words in sentence
    assert record(tmp_path / "out")["status"] == "failed"
    assert words in record(tmp_path / "out")["reason"]


def test_heat_without_a_way_out_is_refused(inside, tmp_path):
    flux = 'heat.conditions=[{type="flux", surface="top", power="5 W"}]'
    assert "no condition lets heat out" in told(inside("run", STUDY, "--set", flux, "--out", tmp_path / "out"), 2)


def test_a_solve_that_fails_names_stage_physics_residuals_and_what_to_try(tmp_path):
    hopeless = ("--set", "heat.conditions.0.power=1e6 W", "--set", "heat.conditions.1.coefficient=1e-9 W/(m^2 K)")
    sentence = told(femsuite("run", STUDY, *TINY, *hopeless, "--out", tmp_path / "out"), 3)
    for words in ("heating: heat:", "residuals of the last iterations", "the power is more than"):
        assert words in sentence
    assert record(tmp_path / "out")["status"] == "failed"
    assert not (tmp_path / "out" / "report.html").exists()
    assert "not finished" in told(femsuite("report", tmp_path / "out"), 2)


@pytest.mark.parametrize("place", ["file/out", "file", "/proc/out"])
def test_a_folder_that_cannot_be_written_is_refused(inside, tmp_path, place):
    (tmp_path / "file").write_text("in the way")
    sentence = told(inside("run", STUDY, *TINY, "--out", tmp_path / place), 2)
    assert str(tmp_path / place) in sentence
    assert (tmp_path / "file").read_text() == "in the way"


def test_somebody_elses_folder_is_not_touched(inside, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    assert "is not a run folder (it holds thesis.txt)" in told(inside("run", STUDY, *TINY, "--out", tmp_path), 2)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_full_disk_is_a_sentence_and_the_run_is_not_whole(tmp_path, inside):
    # Forms are compiled before the disk is full: a compiler that fails is another fault.
    inside("run", STUDY, "--out", tmp_path / "small", "--set", "geometry.parameters.counts=[2,2,1]", "--set",
           "output.pictures=[]")  # fmt: skip
    out = tmp_path / "out"
    program = (sys.executable, "-c", ON_A_FULL_DISK)
    arguments = (
        "run",
        STUDY,
        "--out",
        out,
        "--set",
        "geometry.parameters.counts=[8,8,4]",
        "--set",
        "output.pictures=[]",
    )
    sentence = told(femsuite(*arguments, program=program), 3)
    assert f"'{out}" in sentence
    assert "cannot be written: the file is larger than this system or shell allows" in sentence
    assert record(out)["status"] == "failed"
    assert not (out / "report.html").exists()


def test_ctrl_c_leaves_a_run_that_says_so_and_a_second_run_starts_clean(tmp_path):
    out = tmp_path / "out"
    process = started(out)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "femsuite: stopped\n"
    assert record(out)["status"] == "interrupted"
    assert not (out / "report.html").exists()
    assert femsuite("run", STUDY, *TINY, "--out", out).returncode == 0
    assert record(out)["status"] == "finished"
    assert [folder.name for folder in tmp_path.iterdir()] == ["out"]


def test_two_runs_do_not_write_into_one_folder_and_a_killed_one_is_made_good(tmp_path):
    out = tmp_path / "out"
    process = started(out)
    assert f"is being written by process {process.pid}" in told(femsuite("run", STUDY, *TINY, "--out", out), 2)
    process.kill()
    process.communicate(timeout=60)
    assert record(out)["status"] == "running"
    assert not (out / "report.html").exists()
    assert femsuite("run", STUDY, *TINY, "--out", out).returncode == 0
    assert record(out)["status"] == "finished"


@pytest.mark.skipif(not LAUNCHER.exists(), reason="needs the launcher beside Python")
def test_on_two_ranks_a_missing_surface_is_told_once(tmp_path):
    program = (LAUNCHER, "-n", "2", *FEMSUITE)
    wrong = ("--set", "heat.conditions.0.surface=tops")
    sentence = told(femsuite("run", STUDY, *TINY, *wrong, "--out", tmp_path / "out", program=program), 2)
    assert sentence.count("there is no surface 'tops'") == 1
    assert record(tmp_path / "out")["status"] == "failed"


@pytest.mark.skipif(not LAUNCHER.exists(), reason="needs the launcher beside Python")
def test_on_two_ranks_ctrl_c_ends_all_of_them(tmp_path):
    out = tmp_path / "out"
    process = started(out, program=(str(LAUNCHER), "-n", "2", *FEMSUITE))
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.count("femsuite: stopped") == 1
    assert "Traceback" not in errors
    assert record(out)["status"] == "interrupted"
