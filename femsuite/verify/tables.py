"""Verification rows and verdicts on mutations as tables: for the terminal, and for the documentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.table import Table

from femsuite.verify.mutate import Verdict
from femsuite.verify.row import Row

ROUNDING = 1e-9
"""Errors below this are rounding: their digits change from machine to machine and are not shown."""


def terminal(rows: Sequence[Row]) -> Table:
    """Return the rows as a table for the terminal."""
    shown = Table(title="Verification")
    for column in ("case", "quantity", "expected", "got", "error", "tolerance", "path", "passed"):
        shown.add_column(column, justify="right" if column in ("expected", "got", "error", "tolerance") else "left")
    for row in rows:
        passed = "[green]yes[/green]" if row.passed else "[red]NO[/red]"
        shown.add_row(*_cells(row), row.path, passed)
    return shown


def markdown(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown."""
    lines = [
        "| case | quantity | expected | got | error | tolerance | path | passed |",
        "|---|---|---:|---:|---:|---:|---|---|",
    ]
    for row in rows:
        cells = [cell.replace("|", "\\|") for cell in _cells(row)]
        lines.append(f"| {' | '.join(cells)} | {row.path} | {'yes' if row.passed else '**no**'} |")
    return "\n".join(lines) + "\n"


def notes(rows: Sequence[Row]) -> list[str]:
    """Return what stands behind numbers that have more to tell: residuals, the number of another theory."""
    return [f"{row.case}, {row.quantity}: {row.note}" for row in rows if row.note]


def _cells(row: Row) -> list[str]:
    """Return case, quantity, expected, got, error and tolerance as text."""
    percent = row.kind == "relative"
    bound = min(ROUNDING, row.tolerance)
    error = _rounded(row.error, bound, lambda value: f"{100.0 * value:.2g} %" if percent else f"{value:.2g}")
    return [
        row.case,
        row.quantity,
        f"{row.expected:.7g} {row.unit if row.unit != '1' else ''}".strip(),
        _rounded(row.got, bound, lambda value: f"{value:.6g}") if row.expected == 0.0 else f"{row.got:.6g}",
        error,
        f"{100.0 * row.tolerance:.3g} %" if percent else f"{row.tolerance:.3g}",
    ]


def _rounded(value: float, bound: float, show: Callable[[float], str]) -> str:
    return f"< {bound:g}" if abs(value) < bound else show(value)


def terminal_mutations(verdicts: Sequence[Verdict]) -> Table:
    """Return the verdicts as a table for the terminal."""
    shown = Table(title="Mutations")
    for column in ("physics", "mutation", "noticed by", "caught"):
        shown.add_column(column)
    for verdict in verdicts:
        caught = "[green]yes[/green]" if verdict.caught else "[red]NO[/red]"
        shown.add_row(verdict.physics, verdict.mutation, _noticed(verdict), caught)
    return shown


def markdown_mutations(verdicts: Sequence[Verdict]) -> str:
    """Return the verdicts as a table in Markdown."""
    lines = ["| physics | mutation | of | red FE rows | noticed by | caught |", "|---|---|---|---:|---|---|"]
    for verdict in verdicts:
        cells = [verdict.physics, verdict.mutation, f"`{verdict.target}`", str(verdict.red_fe), _noticed(verdict)]
        shown = [cell.replace("|", "\\|") for cell in cells]
        lines.append(f"| {' | '.join(shown)} | {'yes' if verdict.caught else '**no**'} |")
    return "\n".join(lines) + "\n"


def _noticed(verdict: Verdict) -> str:
    if verdict.red:
        more = len(verdict.red) - 1
        return verdict.red[0] + (f" (and {more} more)" if more else "")
    stopped = [f"{sentence.split(':', 1)[0]} finds no solution" for sentence in verdict.stopped]
    return ", ".join(stopped) or "nothing"
