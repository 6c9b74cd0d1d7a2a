"""The run folder is whole or recognisably not whole, and never deletes what is not its own."""

import json
import logging
import resource

import pytest

from femsuite.errors import InputError, SolveError
from femsuite.results.disk import read_json, sentences, write_whole
from femsuite.results.folder import RunFolder


def start(path, content="abc"):
    return RunFolder.open(path, "format = 1\n", "format = 1\nname = 'x'\n", content)


def finish(path, content="abc"):
    with start(path, content) as folder:
        (folder / "tables" / "states.csv").write_text("power [W]\n1\n")
    return folder


def fail(path, file):
    with start(path) as folder:
        (folder / "fields" / file).write_text("mine")
        raise SolveError("the heat solve did not converge")


def fail_with_full_log(path, handlers):
    with start(path) as folder:
        folder._handler.close()
        folder._handler.baseFilename = "/dev/full"  # every write to it meets a full disk
        folder._handler.stream = open("/dev/full", "w")  # noqa: SIM115
        handlers.append(folder._handler)
        raise SolveError("the disk is full")


def exceed(path, limit):
    with start(path) as folder:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        with sentences(folder / "metrics.json"):
            write_whole(folder / "metrics.json", "x" * 4096)


def test_finished_run_tells_what_it_was_made_with(tmp_path):
    path = tmp_path / "results" / "study" / "base"
    with start(path) as folder:
        assert read_json(path / "run.json")["status"] == "running"
        with folder.phase("mesh"):
            logging.getLogger("femsuite").info("a line of the log")
        folder.note(sizes={"cells": 12})
        folder.note_solve({"physics": "heat", "iterations": 3})
    record = read_json(path / "run.json")
    assert record["status"] == "finished"
    assert record["sizes"] == {"cells": 12}
    assert record["solves"] == [{"physics": "heat", "iterations": 3}]
    assert record["phases"][0]["name"] == "mesh"
    assert record["phases"][0]["peak_memory_largest_rank"] > 1e6
    assert record["versions"]["numpy"]
    assert record["machine"]["ranks"] == 1
    assert "a line of the log" in (path / "log.txt").read_text()
    assert (path / "study.toml").read_text() == "format = 1\n"


def test_unchanged_study_does_no_work(tmp_path):
    finish(tmp_path / "run")
    before = (tmp_path / "run" / "run.json").read_bytes()
    with start(tmp_path / "run") as again:
        assert again.unchanged
    assert (tmp_path / "run" / "run.json").read_bytes() == before


def test_forced_run_computes_again_and_keeps_its_hash(tmp_path):
    finish(tmp_path / "run")
    with RunFolder.open(tmp_path / "run", "", "", "abc", force=True) as again:
        assert not again.unchanged
    assert again.moved_to == tmp_path / "run.previous-1"
    assert start(tmp_path / "run").unchanged


def test_changed_study_puts_the_old_run_aside(tmp_path):
    finish(tmp_path / "run", "abc")
    for number in (1, 2):
        folder = start(tmp_path / "run", f"other {number}")
        assert not folder.unchanged
        assert folder.moved_to == tmp_path / f"run.previous-{number}"
        assert not (tmp_path / "run" / "tables" / "states.csv").exists()
        with folder:
            pass
    assert (tmp_path / "run.previous-1" / "tables" / "states.csv").exists()


def test_failed_run_is_not_taken_for_whole_and_is_cleared(tmp_path):
    with pytest.raises(SolveError):
        fail(tmp_path / "run", "fields_0000.pvtu")
    record = read_json(tmp_path / "run" / "run.json")
    assert record["status"] == "failed"
    assert record["reason"] == "the heat solve did not converge"
    again = start(tmp_path / "run")
    assert again.cleaned
    assert not again.unchanged
    assert not list((tmp_path / "run" / "fields").iterdir())
    assert again.moved_to is None


def test_half_written_run_with_other_files_is_put_aside_whole(tmp_path):
    with pytest.raises(SolveError):
        fail(tmp_path / "run", "my_view.pvsm")
    assert start(tmp_path / "run").moved_to == tmp_path / "run.previous-1"
    assert (tmp_path / "run.previous-1" / "fields" / "my_view.pvsm").read_text() == "mine"


def test_interrupt_is_marked(tmp_path):
    with pytest.raises(KeyboardInterrupt), start(tmp_path / "run"):
        raise KeyboardInterrupt
    assert read_json(tmp_path / "run" / "run.json")["status"] == "interrupted"


def test_foreign_folder_is_refused_and_untouched(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match=r"is not a run folder \(it holds thesis.tex\)"):
        start(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"]


def test_foreign_run_json_is_refused(tmp_path):
    (tmp_path / "run.json").write_text('{"status": "finished", "content_hash": "abc"}')
    with pytest.raises(InputError, match="is not a run folder"):
        start(tmp_path)


def test_file_in_the_way_is_named(tmp_path):
    (tmp_path / "run").write_text("")
    with pytest.raises(InputError, match="a file of that name is in the way"):
        start(tmp_path / "run")
    with pytest.raises(InputError, match="a file is in the way where a folder is needed"):
        start(tmp_path / "run" / "below")


def test_run_that_still_runs_is_refused(tmp_path):
    import subprocess
    import sys

    from femsuite.results import provenance

    start(tmp_path / "run")
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    record = read_json(tmp_path / "run" / "run.json")
    record["process"].update(pid=other.pid, start=provenance.process_start(other.pid))
    (tmp_path / "run" / "run.json").write_text(json.dumps(record))
    with pytest.raises(InputError, match=f"is being written by process {other.pid}"):
        start(tmp_path / "run")
    other.communicate(b"\n")
    assert start(tmp_path / "run").cleaned


def test_torn_run_json_is_a_half_written_run(tmp_path):
    finish(tmp_path / "run")
    (tmp_path / "run" / "run.json").write_text('{"format": "femsuite run fol')
    assert not start(tmp_path / "run").unchanged


def test_file_limit_fails_the_run_with_a_sentence(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with pytest.raises(SolveError, match="the file is larger than this system or shell allows"):
            exceed(tmp_path / "run", (1024, hard))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_json(tmp_path / "run" / "run.json")["status"] == "failed"
    assert not (tmp_path / "run" / "metrics.json").exists()


def test_full_disk_under_the_log_does_not_hide_the_error(tmp_path, capsys):
    handlers = []
    with pytest.raises(SolveError, match="the disk is full"):
        fail_with_full_log(tmp_path / "run", handlers)
    assert read_json(tmp_path / "run" / "run.json")["status"] == "failed"
    assert handlers[0] not in logging.getLogger("femsuite").handlers
    assert "Traceback" not in capsys.readouterr().err
