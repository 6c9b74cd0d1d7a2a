"""A run that is broken off in mid timeline goes on from its last kept state, with the numbers of one that was not."""

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from mpi4py import MPI
from resume_study import STATES, TEXT, strip

from femsuite import timeline
from femsuite.errors import SolveError
from femsuite.resume import Keeper
from femsuite.run import run

HERE = Path(__file__).resolve().parent
LAUNCHER = Path(sys.executable).with_name("mpiexec")
pytestmark = pytest.mark.skipif(MPI.COMM_WORLD.size > 1, reason="starts its own ranks")


class Stopped(Exception):
    """The run is broken off."""


def metrics_of(path):
    return {name: one["value"] for name, one in json.loads((path / "metrics.json").read_text()).items()}


def assert_equal(path, expected, tolerance):
    """Assert that all numbers agree, relative to the largest of their column; balances are rounding and stay small."""
    found = metrics_of(path)
    assert set(found) == set(expected)
    largest: dict[str, float] = {}
    for name, value in expected.items():
        column = name.partition("@")[0]
        largest[column] = max(largest.get(column, 0.0), abs(value))
    for name, value in expected.items():
        if name.startswith("balance."):
            assert found[name] < 1e-8
        else:
            assert abs(found[name] - value) <= tolerance * largest[name.partition("@")[0]], name


def break_off(study, out, states, monkeypatch):
    """Run until so many states are kept, then stop."""
    keep, kept = Keeper.keep, []

    def counted(self, state):
        keep(self, state)
        kept.append(state.label)
        if len(kept) == states:
            raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "keep", counted)
        with pytest.raises(Stopped):
            run(study, out)
    return kept[-1]


def told(path):
    return (path / "log.txt").read_text()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return run(strip(folder), folder / "run").path


@pytest.fixture(scope="module")
def expected(folder):
    return metrics_of(folder)


def test_the_strip_yields_and_its_run_leaves_nothing_to_go_on_from(folder, expected):
    assert expected["flow@cooled, 150 degC"] > 1e-4
    assert expected["cap_stress@held"] > 0.1
    assert len((folder / "tables" / "states.csv").read_text().splitlines()) == STATES + 1
    assert [file.name for file in (folder / "checkpoint").iterdir()] == ["state.h5"]


@pytest.mark.parametrize("states", [3, 7])
def test_a_run_that_was_broken_off_goes_on_with_the_same_numbers(tmp_path, folder, expected, monkeypatch, states):
    label = break_off(strip(tmp_path), tmp_path / "run", states, monkeypatch)
    done = run(strip(tmp_path), tmp_path / "run")
    assert f"resumed after '{label}'" in told(done.path)
    assert done.record["resumed"] == label
    assert done.status == "finished"
    assert_equal(done.path, expected, 1e-10)
    for name in ("tables/states.csv", "fields/fields.pvd"):
        assert (done.path / name).read_text() == (folder / name).read_text()
    reports = [json.loads((path / "tables" / "report.json").read_text()) for path in (done.path, folder)]
    assert reports[0]["materials"] == reports[1]["materials"]
    assert sorted(os.listdir(done.path / "fields")) == sorted(os.listdir(folder / "fields"))


def killed(folder, out, states, ranks=1, steps=None):
    """Run in processes of their own, on so many ranks, that are killed so many steps on the way to the next state."""
    own = ("PMI", "HYDRA", "MPI_LOCAL")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(own)}
    clean["PYTHONPATH"] = os.pathsep.join([str(HERE.parent), str(HERE)])
    command = [sys.executable, str(HERE / "killed_run.py"), str(folder), str(out), str(states)]
    command += [] if steps is None else [str(steps)]
    if ranks > 1:
        command = [str(LAUNCHER), "-n", str(ranks), *command]
    return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=120, check=False)


def test_a_killed_process_loses_nothing_but_the_step_it_was_in(tmp_path, expected):
    ended = killed(tmp_path, tmp_path / "run", 4)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "running"
    done = run(strip(tmp_path), tmp_path / "run")
    assert done.record["resumed"] == "capped, 25 degC"
    assert_equal(done.path, expected, 1e-10)


@pytest.mark.skipif(not LAUNCHER.exists(), reason="needs the launcher beside Python")
def test_what_two_ranks_began_one_ends(tmp_path, expected):
    ended = killed(tmp_path, tmp_path / "run", 5, ranks=2)
    assert ended.returncode != 0
    assert (tmp_path / "run" / "fields" / "fields_0004_rank1.vtu").exists(), ended.stderr
    done = run(strip(tmp_path), tmp_path / "run")
    assert done.record["resumed"] == "held, time=60 s"
    assert_equal(done.path, expected, 1e-6)


def test_a_step_that_fails_leaves_the_state_before_it(tmp_path, expected, monkeypatch):
    legs, leg = [], timeline.leg

    def failing(*arguments):
        legs.append(arguments)
        if len(legs) == 4:
            raise SolveError("no step succeeds.")
        leg(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(timeline, "leg", failing)
        with pytest.raises(SolveError, match=r"no step succeeds\. The state 'capped, 60 degC' is kept in checkpoint"):
            run(strip(tmp_path), tmp_path / "run")
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["status"] == "failed"
    assert "goes on from there" in record["reason"]
    done = run(strip(tmp_path), tmp_path / "run")
    assert done.record["resumed"] == "capped, 60 degC"
    assert_equal(done.path, expected, 1e-10)


def damage_state(place):
    data = bytearray((place / "resume.h5").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = bytes(byte ^ 0xFF for byte in data[middle : middle + 4096])
    (place / "resume.h5").write_bytes(data)


def cut_state(place):
    data = (place / "resume.h5").read_bytes()
    (place / "resume.h5").write_bytes(data[: len(data) // 2])


def lose_record(place):
    (place / "state_0000.json").unlink()


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (damage_state, "damaged. The run starts anew."),
        (cut_state, "it is not whole or not a checkpoint. The run starts anew."),
        (lose_record, "is missing or damaged. The run starts anew."),
    ],
)
def test_a_damaged_checkpoint_is_told_and_the_run_starts_anew(tmp_path, expected, monkeypatch, harm, sentence):
    out = tmp_path / "run"
    break_off(strip(tmp_path), out, 2, monkeypatch)
    harm(out / "checkpoint")
    assert break_off(strip(tmp_path), out, 1, monkeypatch) == "cooled, 150 degC"
    assert sentence in told(out)
    assert "resumed" not in told(out)
    assert not (out / "fields" / "fields_0001.pvtu").exists()
    row = json.loads((out / "checkpoint" / "state_0000.json").read_text())["row"]
    assert row["flow"] == expected["flow@cooled, 150 degC"]


def test_a_changed_study_starts_anew(tmp_path, monkeypatch, caplog):
    out = tmp_path / "run"
    break_off(strip(tmp_path), out, 2, monkeypatch)
    changed = strip(tmp_path, text=TEXT.replace('temperature = "100 degC"', 'temperature = "90 degC"'))
    with caplog.at_level(logging.INFO, "femsuite"):
        assert break_off(changed, out, 1, monkeypatch) == "cooled, 150 degC"
    assert "belongs to a run of another study or program; this run starts anew." in caplog.text
    assert "resumed" not in told(out)


def test_force_starts_anew(tmp_path, monkeypatch):
    study, out = strip(tmp_path), tmp_path / "run"
    break_off(study, out, 2, monkeypatch)
    keep, kept = Keeper.keep, []

    def counted(self, state):
        keep(self, state)
        kept.append(state.label)
        raise Stopped

    monkeypatch.setattr(Keeper, "keep", counted)
    with pytest.raises(Stopped):
        run(study, out, force=True)
    assert kept == ["cooled, 150 degC"]
    assert "resumed" not in told(out)


def test_a_study_without_checkpoints_keeps_nothing(tmp_path, monkeypatch):
    break_off(strip(tmp_path, "output.checkpoint=false"), tmp_path / "run", 1, monkeypatch)
    assert not list((tmp_path / "run" / "checkpoint").iterdir())
