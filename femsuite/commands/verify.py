"""``femsuite verify``: the reference cases, computed here and now; or the code broken on purpose, so that they fail."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from femsuite import parallel
from femsuite.commands.screen import plain, screen


def main(arguments: argparse.Namespace) -> int:
    """Run the cases, or the mutations, and show the table; 1 when a row fails or a mutation survives."""
    return _mutations(arguments) if arguments.mutate else _cases(arguments)


def _cases(arguments: argparse.Namespace) -> int:
    from femsuite.verify import harness, tables

    console = screen()
    rows = harness.run_cases(arguments.only, lambda name: console.print(name, style="dim"))
    console.print(tables.terminal(rows))
    for note in tables.notes(rows):
        console.print(plain(note))
    failed = sum(not row.passed for row in rows)
    console.print(f"{len(rows)} rows, {failed} failed", style="bold red" if failed else "bold green")
    _keep(arguments, rows, tables.markdown(rows))
    return 1 if failed else 0


def _mutations(arguments: argparse.Namespace) -> int:
    from femsuite.verify import mutate, tables

    console = screen()
    verdicts = mutate.run_mutations(arguments.only, lambda name: console.print(name, style="dim"))
    console.print(tables.terminal_mutations(verdicts))
    faults = mutate.unguarded(verdicts)
    for fault in faults:
        console.print(fault, style="red")
    caught = sum(verdict.caught for verdict in verdicts)
    console.print(f"{len(verdicts)} mutations, {caught} caught", style="bold red" if faults else "bold green")
    _keep(arguments, verdicts, tables.markdown_mutations(verdicts))
    return 1 if faults else 0


def _keep(arguments: argparse.Namespace, rows: Sequence[Any], markdown: str) -> None:
    """Write the files that were asked for; raises on all ranks what goes wrong on the first."""
    from femsuite.verify import harness

    def write() -> None:
        if arguments.json:
            harness.write_json(rows, Path(arguments.json))
        if arguments.markdown:
            harness.write(markdown, Path(arguments.markdown))

    parallel.on_root(write)
