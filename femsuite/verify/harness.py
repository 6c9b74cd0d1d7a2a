"""Runs the verification cases, by name, and lays their rows out."""

from __future__ import annotations

import fnmatch
import importlib
import json
from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from femsuite.errors import InputError, unknown
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
    found = [name for name in CASES if fnmatch.fnmatch(name, only) or name == only or name.startswith(only + ".")]
    if not found:
        raise InputError(unknown("verification case", only, CASES, most=40))
    return found


def function(name: str) -> Callable[[], list[Row]]:
    """Return the function that computes one case."""
    module, attribute = CASES[name].split(":")
    return getattr(importlib.import_module(f"femsuite.verify.{module}"), attribute)


def run_cases(only: str | None = None, progress: Callable[[str], None] = lambda _name: None) -> list[Row]:
    """Run the selected cases and return their rows, in the order of the registry.

    Args:
        only: see :func:`select`.
        progress: called with each case's name before it runs.
    """
    rows: list[Row] = []
    for name in select(only):
        progress(name)
        rows += function(name)()
    return rows


def table(rows: list[Row]) -> Table:
    """Return the rows as a table for the terminal."""
    shown = Table(title="Verification", show_lines=False)
    for column in ("case", "quantity", "expected", "got", "error", "tolerance", "path", "passed"):
        shown.add_column(column, justify="right" if column in ("expected", "got", "error", "tolerance") else "left")
    for row in rows:
        percent = row.kind == "relative"
        shown.add_row(
            row.case,
            row.quantity,
            f"{row.expected:.7g} {row.unit}".strip(),
            f"{row.got:.7g}",
            f"{100 * row.error:.3g} %" if percent else f"{row.error:.3g}",
            f"{100 * row.tolerance:.3g} %" if percent else f"{row.tolerance:.3g}",
            row.path,
            "[green]yes[/green]" if row.passed else "[red]NO[/red]",
        )
    return shown


def markdown(rows: list[Row]) -> str:
    """Return the rows as the table that the documentation publishes."""
    lines = [
        "| case | quantity | expected | got | error | tolerance | path | passed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        error = f"{100 * row.error:.3g} %" if row.kind == "relative" else f"{row.error:.3g}"
        allowed = f"{100 * row.tolerance:.3g} %" if row.kind == "relative" else f"{row.tolerance:.3g}"
        lines.append(
            f"| {row.case} | {row.quantity} | {row.expected:.7g} {row.unit} | {row.got:.7g} | {error} | {allowed} "
            f"| {row.path} | {'yes' if row.passed else '**no**'} |"
        )
    return "\n".join(lines) + "\n"


def write_json(rows: list[Row], file: Path) -> None:
    """Write the rows as JSON.

    Raises:
        InputError: when the file cannot be written.
    """
    try:
        file.write_text(json.dumps([row.as_dict() for row in rows], indent=1) + "\n")
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror}") from error
