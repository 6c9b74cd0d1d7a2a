"""What an unfinished run leaves in its folder to be taken up again: one small file per kept state, and where it was.

``kept_0003.json`` holds one row of the table and what else the run must remember of that state, ``kept_0003.h5`` the
fields that pictures and topographs need. ``march.json`` says how far the run has come and names the checkpoint of the
solver; it is written last and whole, so that what it names is there. Every ``.h5`` is known by its SHA-256.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from femsuite.errors import InputError
from femsuite.results.disk import read_json, write_json
from femsuite.results.table import Column, Table

FORMAT = "femsuite progress 1"
MARCH = "march.json"


def kept_name(number: int) -> str:
    """Return the name, without suffix, of the files of a state by its number from 0."""
    return f"kept_{number:04d}"


def write(path: Path, content: Mapping[str, Any], beside: str | None = None) -> None:
    """Write one of the JSON files; on one rank.

    Args:
        path: the file.
        content: plain data.
        beside: name of the ``.h5`` file in the same folder that belongs to it, if one does.

    Raises:
        OSError: when the system refuses.
    """
    stamp = {"file": beside, "sha256": _digest(path.with_name(beside)) if beside else None}
    write_json(path, {"format": FORMAT, **content, **stamp})


def read(folder: Path, content_hash: str) -> dict[str, Any]:
    """Return what a run left behind: ``march`` and the list ``states``; on one rank.

    Raises:
        InputError: there is nothing, it belongs to another study, or it is damaged; the sentence says which.
    """
    path = folder / MARCH
    if not path.is_file():
        raise InputError(
            "it had not come to a checkpoint, which a run writes in the stages ramp, hold and cycles, and after the "
            "stages of a study that has one of them."
        )
    march = _read(path)
    if march.get("content_hash") != content_hash:
        raise InputError("its checkpoint belongs to another study, or to another version of the code.")
    count = march.get("states")
    if not isinstance(count, int):
        raise _damaged(path)
    return {"march": march, "states": [_read(folder / f"{kept_name(number)}.json") for number in range(count)]}


def clear(folder: Path) -> None:
    """Delete these files; on one rank."""
    for file in sorted([*folder.glob("march*"), *folder.glob("kept_*")], key=lambda file: file.name != MARCH):
        file.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any]:
    found = read_json(path)
    if found is None or found.get("format") != FORMAT:
        raise _damaged(path)
    if found["file"] is not None:
        beside = path.with_name(found["file"])
        if not beside.is_file() or _digest(beside) != found["sha256"]:
            raise _damaged(beside)
    return found


def _damaged(path: Path) -> InputError:
    return InputError(f"its checkpoint is damaged: '{path}' is missing or not what was written.")


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def last_row(table: Table, known: int) -> dict[str, Any]:
    """Return the last row of a table as plain data.

    Args:
        table: with at least one row.
        known: how many of its columns the rows before had.
    """
    new = list(table.columns.values())[known:]
    return {
        "label": table.labels[-1],
        "stage": table.stages[-1],
        "columns": [[one.name, one.unit, one.title, one.over] for one in new],
        "numbers": {name: float(values[-1]) for name, values in table.values.items()},
    }


def table_of(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Return the table whose rows `last_row` gave one after the other."""
    kept = list(rows)
    columns = {name: Column(name, *rest) for row in kept for name, *rest in row["columns"]}

    def number(row: Mapping[str, Any], name: str) -> float:
        found = row["numbers"].get(name)
        return math.nan if found is None else float(found)

    values = {name: np.array([number(row, name) for row in kept]) for name in columns}
    return Table(columns, tuple(row["label"] for row in kept), tuple(row["stage"] for row in kept), values)
