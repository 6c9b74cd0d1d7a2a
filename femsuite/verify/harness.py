"""Runs the verification cases, by name, and keeps their rows."""

from __future__ import annotations

import fnmatch
import importlib
import inspect
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from femsuite.errors import FemsuiteError, InputError, unknown
from femsuite.verify import CASES
from femsuite.verify.row import Row


def select(only: str | None) -> list[str]:
    """Return the names of the cases that a pattern means.

    Args:
        only: a case (``thermal.T-1``), the first part of names (``thermal``), or a shell pattern; None means all.

    Raises:
        InputError: when nothing matches.
    """
    if only is None:
        return list(CASES)
    found = [name for name in CASES if fnmatch.fnmatch(name, only) or name.startswith(only + ".")]
    if not found:
        raise InputError(unknown("verification case", only, CASES, most=40))
    return found


def function(name: str) -> Callable[[], list[Row]]:
    """Return the function that computes one case."""
    module, attribute = CASES[name].split(":")
    found = getattr(importlib.import_module(f"femsuite.verify.{module}"), attribute)
    return cast(Callable[[], list[Row]], found)


def description(name: str) -> str:
    """Return what a case is: problem, formula and source, from its function's docstring."""
    words = (inspect.getdoc(function(name)) or "").removeprefix("Return: ")
    return words[:1].upper() + words[1:]


def run_cases(only: str | None = None, progress: Callable[[str], None] = lambda _name: None) -> list[Row]:
    """Run the selected cases and return their rows, in the order of the registry.

    A case that cannot be computed gives one row that fails and says why.

    Args:
        only: see :func:`select`.
        progress: called with each case's name before it runs.
    """
    rows: list[Row] = []
    for name in select(only):
        progress(name)
        try:
            rows += function(name)()
        except FemsuiteError as error:
            rows.append(Row(name, f"could not be computed: {error}", math.nan, math.nan, 0.0))
    return rows


def write_json(rows: Sequence[Any], file: Path) -> None:
    """Write rows (anything with ``as_dict``) as JSON.

    Raises:
        InputError: when the file cannot be written.
    """
    write(json.dumps([row.as_dict() for row in rows], indent=1, allow_nan=False) + "\n", file)


def write(text: str, file: Path) -> None:
    """Write a text to a file.

    Raises:
        InputError: when the file cannot be written.
    """
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror}") from error
