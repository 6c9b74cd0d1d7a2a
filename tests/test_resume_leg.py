"""A run that is broken off on the way from one state to the next goes on from there, not from the state before."""

import json
import logging
import signal

import pytest
from resume_study import SHORT, TEXT, strip
from test_resume import LAUNCHER, Stopped, assert_equal, killed, metrics_of, pytestmark, told

from femsuite.cli import parser
from femsuite.errors import SolveError
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.run import run
from femsuite.timeline import RENEWED

__all__ = ["pytestmark"]
ADVANCE = MechanicsProblem.advance


def break_off(study, out, steps, monkeypatch, error=Stopped, every=0.0):
    """Run until so many increments are done; every later one raises the error. Return the error."""
    count = [0]

    def advance(self, *arguments, **options):
        if count[0] >= steps:
            raise error("broken off.")
        count[0] += 1
        return ADVANCE(self, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(MechanicsProblem, "advance", advance)
        with pytest.raises(error) as raised:
            run(study, out, every=every)
    return str(raised.value)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return run(strip(folder, *SHORT), folder / "run").path


@pytest.fixture(scope="module")
def expected(folder):
    return metrics_of(folder)


def steps_of(path):
    """Return stage and end of every accepted step."""
    record = json.loads((path / "run.json").read_text())
    return [(one["physics"], one["time"]) for one in record["monitor"]["steps"] if one["accepted"]]


def accepted_before(folder, stage, number=0):
    """Return how many steps come before those of a stage's leg, counted over the legs of the stage."""
    taken = steps_of(folder)
    names = [place for place, (name, _) in enumerate(taken) if name == f"mechanics, {stage}"]
    starts = [place for place in names if place == names[0] or taken[place][1] < taken[place - 1][1]]
    return starts[number]


@pytest.mark.parametrize(
    ("stage", "number", "label"),
    [
        ("cooled", 0, ""),
        ("cooled", 1, "cooled, 150 degC"),
        ("capped", 0, "cooled, 100 degC"),
        ("cycled", 0, "held"),
    ],
)
def test_it_goes_on_from_the_step_with_the_same_numbers(tmp_path, folder, expected, monkeypatch, stage, number, label):
    study, out = strip(tmp_path, *SHORT), tmp_path / "run"
    before = accepted_before(folder, stage, number)
    break_off(study, out, before + RENEWED + 1, monkeypatch)
    done = run(study, out)
    after = f"after '{label}'" if label else "before the first state"
    assert f"resumed {after}, step {RENEWED} on the way to the next in '{stage}' (t = " in told(out)
    assert done.record["resumed"] == label
    assert steps_of(out) == steps_of(folder)[before + RENEWED :]
    assert_equal(out, expected, 1e-10)
    assert (out / "tables" / "states.csv").read_text() == (folder / "tables" / "states.csv").read_text()
    reports = [json.loads((path / "tables" / "report.json").read_text()) for path in (out, folder)]
    assert reports[0]["materials"] == reports[1]["materials"]
    assert [file.name for file in (out / "checkpoint").iterdir()] == ["state.h5"]


def test_without_a_checkpoint_on_the_way_it_goes_on_from_the_state(tmp_path, folder, expected, monkeypatch):
    study, out = strip(tmp_path, *SHORT), tmp_path / "run"
    break_off(study, out, accepted_before(folder, "capped") + RENEWED + 1, monkeypatch, every=1e9)
    run(study, out)
    assert told(out).count("resumed after 'cooled, 100 degC'\n") == 1
    assert_equal(out, expected, 1e-10)


def test_it_may_be_broken_off_again_and_again(tmp_path, expected, monkeypatch):
    study, out = strip(tmp_path, *SHORT), tmp_path / "run"
    for _ in range(4):
        break_off(study, out, RENEWED + 3, monkeypatch)
    run(study, out)
    assert told(out).count("resumed ") == 4
    assert_equal(out, expected, 1e-10)


@pytest.mark.parametrize("ranks", [1, 2])
def test_a_killed_process_goes_on_from_the_step_on_one_rank(tmp_path, expected, ranks):
    if not LAUNCHER.exists():
        pytest.skip("needs the launcher beside Python")
    out = tmp_path / "run"
    ended = killed(tmp_path, out, 2, ranks, steps=RENEWED + 2)
    assert ended.returncode == -signal.SIGKILL if ranks == 1 else ended.returncode != 0, ended.stderr
    assert json.loads((out / "run.json").read_text())["status"] == "running"
    run(strip(tmp_path, *SHORT), out)
    assert f"resumed after 'cooled, 100 degC', step {RENEWED} on the way to the next in 'capped'" in told(out)
    assert_equal(out, expected, 1e-10 if ranks == 1 else 1e-6)


def test_a_step_that_fails_for_good_keeps_the_step_before_it(tmp_path, folder, expected, monkeypatch):
    study, out = strip(tmp_path, *SHORT), tmp_path / "run"
    sentence = break_off(study, out, accepted_before(folder, "capped") + 3, monkeypatch, SolveError)
    assert "mechanics, capped: no step succeeds at t = " in sentence
    assert "Last cause: broken off." in sentence
    assert "The last good state of 'capped', " in sentence
    assert "is kept in checkpoint/resume.h5: the same study, run again, goes on from there" in sentence
    assert "a changed one, such as one with other steps, starts anew." in sentence
    record = json.loads((out / "run.json").read_text())
    assert (record["status"], record["reason"]) == ("failed", sentence)
    run(study, out)
    assert "resumed after 'cooled, 100 degC', step 3 on the way to the next in 'capped'" in told(out)
    assert_equal(out, expected, 1e-6)


def test_other_steps_are_another_study(tmp_path, folder, monkeypatch, caplog):
    out = tmp_path / "run"
    break_off(strip(tmp_path, *SHORT), out, RENEWED + 2, monkeypatch)
    with caplog.at_level(logging.INFO, "femsuite"):
        break_off(strip(tmp_path), out, 1, monkeypatch)
    assert "belongs to a run of another study or program; this run starts anew." in caplog.text
    assert "resumed" not in told(out)


def test_a_damaged_range_of_use_is_told_and_the_run_starts_anew(tmp_path, monkeypatch):
    study, out = strip(tmp_path, *SHORT), tmp_path / "run"
    break_off(study, out, RENEWED + 2, monkeypatch)
    (out / "checkpoint" / "usage.json").write_text("[")
    break_off(study, out, 1, monkeypatch)
    assert "usage.json' is missing or damaged. The run starts anew." in told(out)
    assert "resumed" not in told(out)


def test_without_output_checkpoint_nothing_is_kept_on_the_way(tmp_path, monkeypatch):
    study, out = strip(tmp_path, *SHORT, "output.checkpoint=false"), tmp_path / "run"
    assert "is kept" not in break_off(study, out, RENEWED + 2, monkeypatch, SolveError)
    assert not list((out / "checkpoint").iterdir())


def test_the_time_between_checkpoints_can_be_chosen():
    assert parser().parse_args(["run", "x"]).checkpoint_every == 120.0
    assert parser().parse_args(["run", "x", "--checkpoint-every", "30"]).checkpoint_every == 30.0


def test_cycles_that_end_when_their_loop_is_stable_are_taken_up(tmp_path, monkeypatch):
    text = TEXT.replace(
        'dwell = "10 min"\ncount = 1', 'dwell = "10 min"\ncount = 5\nstable = 0.9\nlargest_change = "8 K"'
    )
    study = strip(tmp_path, text=text)
    whole = run(study, tmp_path / "whole").path
    states = sum(line.startswith("cycled") for line in (whole / "tables" / "states.csv").read_text().splitlines())
    assert 4 <= states < 10
    break_off(study, tmp_path / "run", accepted_before(whole, "cycled", 4) + RENEWED + 1, monkeypatch)
    run(study, tmp_path / "run")
    assert "resumed after 'cycled, cycle 1 cold', step 8 on the way to the next in 'cycled'" in told(tmp_path / "run")
    assert_equal(tmp_path / "run", metrics_of(whole), 1e-10)
