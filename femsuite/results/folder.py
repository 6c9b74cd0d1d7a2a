"""The run folder: one self-explaining folder per run, whole or recognisably not whole."""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import os
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.errors import FemsuiteError, InputError
from femsuite.results import checkpoint, provenance
from femsuite.results.disk import read_json, sentences, write_json, write_whole

FORMAT = "femsuite run folder 1"
FOLDERS = ("mesh", "fields", "tables", "images", "checkpoint")
FILES = (
    "study.toml",
    "study.resolved.toml",
    "run.json",
    "log.txt",
    "metrics.json",
    "report.html",
    "view.py",
)
# What a run writes into each folder, by suffix: only these are ever deleted.
SUFFIXES = {
    "mesh": {".msh", ".json", ".vtu", ".txt"},
    "fields": {".pvd", ".pvtu", ".vtu"},
    "tables": {".csv", ".json"},
    "images": {".png", ".gif", ".npz", ".npy", ".svg", ".tif", ".tiff"},
    "checkpoint": {".h5", ".json", ".npz"},
}
RESUME = Path("checkpoint") / "resume.h5"
"""The state that a run which was broken off goes on from."""
LOG = logging.getLogger("femsuite")
PATIENCE = 2.0  # seconds that another rank waits for rank 0 to write that the run was interrupted


class RunFolder:
    """One run's folder. Open it with ``RunFolder.open``; use it as a context manager, which sets the status.

    Inside ``with folder:`` the status is ``running``; it becomes ``finished`` when the body ends, ``failed`` with
    the sentence when it raises, ``interrupted`` on Ctrl-C or a termination. Only rank 0 touches the disk here.

    Attributes:
        path: the folder.
        unchanged: it already holds the finished run of the same study, so there is nothing to do.
        moved_to: where an earlier run's folder was put aside, if there was one.
        resumes: it holds the checkpoint of a run of the same content that was broken off.
        notice: a sentence on a checkpoint that is not gone on from.
    """

    def __init__(
        self, path: Path, record: dict[str, Any], unchanged: bool, moved_to: Path | None = None, cleaned: bool = False
    ) -> None:
        self.path = path
        self.unchanged = unchanged
        self.moved_to = moved_to
        self.cleaned = cleaned
        self._record = record
        self._handler: logging.Handler | None = None
        self._begun = time.monotonic()
        self.resumes, self.notice = False, ""

    @classmethod
    def open(
        cls, path: Path | str, study_text: str, resolved_text: str, content_hash: str, force: bool = False
    ) -> RunFolder:
        """Return the folder for one run, made ready to write; collective.

        A finished run of the same content is left alone (``unchanged``). A finished run of other content is moved to
        ``<path>.previous-N``. A half-written run of the same content with a checkpoint is kept (``resumes``). Any other
        half-written run is cleared when it holds nothing but what a run writes, else moved aside too. Any other folder
        with something in it is refused.

        Args:
            path: ``results/<study>/<label>``.
            study_text: the study file as given.
            resolved_text: the study with every default and override written out.
            content_hash: of everything the result depends on.
            force: put a finished run of the same content aside too, and compute it again.

        Raises:
            InputError: when the folder cannot be used; says why.
        """
        path = Path(path)
        record: dict[str, Any] = {
            "format": FORMAT,
            "status": "running",
            "content_hash": content_hash,
            "started": _now(),
            "process": _process(),
            "versions": provenance.versions(),
            "git": None,
            "machine": provenance.machine(),
            "sizes": {},
            "solves": [],
            "phases": [],
        }

        def prepare() -> tuple[dict[str, Any], bool, Path | None, bool, bool, str]:
            resumes, notice = False, ""
            with sentences(path, InputError):
                old = _inspect(path)
                finished = old is not None and old.get("status") == "finished"
                if old is not None and finished and old.get("content_hash") == content_hash and not force:
                    return old, True, None, False, False, ""
                moved = cleaned = None
                if old is not None:
                    _refuse_if_alive(path, old)
                    if not finished and not force:
                        resumes, notice = _checkpointed(path, content_hash)
                    if not resumes:
                        moved, cleaned = _make_room(path, old)
                path.mkdir(parents=True, exist_ok=True)
                record["git"] = provenance.git_state()
                write_json(path / "run.json", record)  # first: from here on the folder is known as half-written
                for name in FOLDERS:
                    (path / name).mkdir(exist_ok=True)
                write_whole(path / "study.toml", study_text)
                write_whole(path / "study.resolved.toml", resolved_text)
                if not resumes:
                    write_whole(path / "log.txt", "")
                for torn in path.glob("*/.*.tmp"):  # of a process that was killed
                    torn.unlink()
            return record, False, moved, bool(cleaned), resumes, notice

        found, unchanged, moved_to, cleaned, resumes, notice = parallel.on_root(prepare)
        folder = cls(path, found, unchanged, moved_to, cleaned)
        folder.resumes, folder.notice = resumes, notice
        return folder

    def begin_anew(self) -> None:
        """Delete what an earlier run left in the folder, but for the mesh: it cannot be gone on from. Collective."""

        def clear() -> None:
            with sentences(self.path):
                for name in FOLDERS[1:]:
                    for file in (self.path / name).iterdir():
                        if file.suffix in SUFFIXES[name] and not file.is_symlink():
                            file.unlink()

        parallel.on_root(clear)
        self.resumes = False

    # -- places ----------------------------------------------------------------------------------------------

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @property
    def record(self) -> Mapping[str, Any]:
        """What stands in ``run.json``."""
        return self._record

    @property
    def status(self) -> str:
        """``running``, ``finished``, ``failed`` or ``interrupted``."""
        return str(self._record["status"])

    # -- what is noted on the way ----------------------------------------------------------------------------

    def note(self, **facts: Any) -> None:
        """Put facts into ``run.json`` under their names (``sizes={...}`` is merged); collective."""
        for name, value in facts.items():
            if isinstance(value, Mapping) and isinstance(self._record.get(name), dict):
                self._record[name].update(value)
            else:
                self._record[name] = value
        self._save()

    def note_solve(self, facts: Mapping[str, Any]) -> None:
        """Add the convergence of one solve: physics, label, iterations, residual, reason; kept until the next save."""
        self._record["solves"].append(dict(facts))

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure the body: wall time and peak memory, the largest and the sum over ranks; collective."""
        provenance.reset_peak_memory()
        begun = time.monotonic()
        yield
        seconds, peak = time.monotonic() - begun, provenance.peak_memory()
        slowest, highest = parallel.largest(np.array([seconds, peak]))
        self._record["phases"].append(
            {
                "name": name,
                "seconds": round(float(slowest), 3),
                "peak_memory_largest_rank": int(highest),
                "peak_memory_all_ranks": int(parallel.total(np.array([peak]))[0]),
            }
        )
        self._save()
        LOG.info("%s: %.1f s", name, seconds)

    # -- life ------------------------------------------------------------------------------------------------

    def __enter__(self) -> RunFolder:
        if not self.unchanged and parallel.is_root():
            self._handler = _Log(self.path / "log.txt")
            LOG.addHandler(self._handler)
            if LOG.level == logging.NOTSET:
                LOG.setLevel(logging.INFO)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.unchanged:
                return
            if error is None:
                self._end("finished")
                self._save()
            else:
                # No collective call here: the error may have come up on this rank alone.
                self._end("interrupted" if _is_interrupt(error) else "failed", _sentence(error))
                LOG.error("%s: %s", self.status, self._record["reason"])
                if parallel.is_root() or (_is_interrupt(error) and not self._root_says_so()):
                    self._save_somehow()
        finally:
            if self._handler is not None:
                LOG.removeHandler(self._handler)
                self._handler.close()
                self._handler = None

    def _end(self, status: str, reason: str | None = None) -> None:
        self._record["status"] = status
        self._record["ended"] = _now()
        self._record["seconds"] = round(time.monotonic() - self._begun, 3)
        if reason is not None:
            self._record["reason"] = reason

    def _save(self) -> None:
        parallel.together(None)  # every rank has written what it had to before rank 0 says so

        def save() -> None:
            with sentences(self.path / "run.json"):
                write_json(self.path / "run.json", self._record)

        parallel.on_root(save)

    def _root_says_so(self) -> bool:
        """Return whether rank 0 has written how the run ended: it may be waiting for this rank, which has left."""
        end = time.monotonic() + PATIENCE
        while (read_json(self.path / "run.json") or {}).get("status") == "running":
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def _save_somehow(self) -> None:
        """Write the last status even on a full disk: then over the old file, whose blocks exist already."""
        target = self.path / "run.json"
        try:
            write_json(target, self._record)
        except OSError:
            short = {key: self._record.get(key) for key in ("format", "status", "content_hash", "reason", "ended")}
            with contextlib.suppress(OSError), open(target, "r+b") as file:
                file.write(json.dumps(short).encode())
                file.truncate()


class _Log(logging.FileHandler):
    """The run's log file; a full disk must not hide the error that is being reported."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8")
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: the run itself meets the full disk and reports it."""

    def close(self) -> None:
        """Close the file; what could not be written before cannot be written now either."""
        with contextlib.suppress(OSError):
            super().close()


def is_run_folder(path: Path) -> bool:
    """Return whether the folder was made by a run of this suite."""
    return (read_json(path / "run.json") or {}).get("format") == FORMAT


def _inspect(path: Path) -> dict[str, Any] | None:
    """Return the record of the run that lies there, None if the place is free."""
    if not path.exists() and not path.is_symlink():
        return None
    if not path.is_dir():
        raise InputError(f"the run folder '{path}' cannot be made: a file of that name is in the way.")
    entries = sorted(entry.name for entry in path.iterdir())
    if not entries:
        return None
    record = read_json(path / "run.json")
    if record is not None and record.get("format") == FORMAT:
        return record
    if "run.json" in entries and record is None and set(entries) <= {*FILES, *FOLDERS}:
        return {"status": "failed"}  # torn by a crash of the machine
    shown = ", ".join(entries[:4]) + (", …" if len(entries) > 4 else "")
    raise InputError(
        f"the folder '{path}' is not a run folder (it holds {shown}) and is not touched; choose another place or label."
    )


def _checkpointed(path: Path, content_hash: str) -> tuple[bool, str]:
    """Return whether a run of this content can go on from the checkpoint that lies there; if not, the sentence."""
    if not (path / RESUME).exists():
        return False, ""
    try:
        if checkpoint.read_facts(path / RESUME).get("content") == content_hash:
            return True, ""
    except InputError as error:
        return False, f"{error} The run starts anew."
    return False, f"The checkpoint in '{path}' belongs to a run of another study or program; this run starts anew."


def _refuse_if_alive(path: Path, record: Mapping[str, Any]) -> None:
    process = record.get("process") or {}
    if record.get("status") != "running" or process.get("host") != socket.gethostname():
        return
    pid = process.get("pid")
    if (
        isinstance(pid, int)
        and pid != os.getpid()
        and process.get("start") == provenance.process_start(pid) is not None
    ):
        raise InputError(f"the run folder '{path}' is being written by process {pid}, which still runs.")


def _make_room(path: Path, record: Mapping[str, Any]) -> tuple[Path | None, bool]:
    """Put the old run aside, or clear it when it is half-written and holds nothing else."""
    if record.get("status") != "finished":
        written = _written_by_a_run(path)
        if written is not None:
            for file in written:
                file.unlink()
            for name in FOLDERS:
                shutil.rmtree(path / name, ignore_errors=True)  # nothing but empty folders are left in there
            return None, True
    number = 1
    while (aside := path.with_name(f"{path.name}.previous-{number}")).exists():
        number += 1
    path.rename(aside)
    return aside, False


def _written_by_a_run(path: Path) -> list[Path] | None:
    """Return the files below the folder, None if any of them is not one that a run writes."""
    found = []
    for file in sorted(path.rglob("*")):
        parts = file.relative_to(path).parts
        if file.is_symlink():
            return None
        if file.is_dir():
            if parts[0] not in FOLDERS:
                return None
            continue
        temporary = file.name.startswith(".") and file.name.endswith(".tmp")
        top = len(parts) == 1 and parts[0] in FILES
        below = len(parts) > 1 and file.suffix in SUFFIXES.get(parts[0], ())
        if not (temporary or top or below):
            return None
        found.append(file)
    return found


def _process() -> dict[str, Any]:
    pid = os.getpid()
    return {"host": socket.gethostname(), "pid": pid, "start": provenance.process_start(pid)}


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _is_interrupt(error: BaseException) -> bool:
    return isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit))


def _sentence(error: BaseException) -> str:
    if isinstance(error, FemsuiteError):
        return str(error)
    if _is_interrupt(error):
        return "stopped by the user or the system"
    return f"{type(error).__name__}: {error}"
