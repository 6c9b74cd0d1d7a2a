"""``femsuite verify``: the reference cases, computed here and now."""

from __future__ import annotations

import argparse
from pathlib import Path

from femsuite import parallel
from femsuite.commands.screen import screen


def main(arguments: argparse.Namespace) -> int:
    """Run the cases and show the table; 1 when a row fails."""
    from femsuite.verify import harness

    console = screen()
    rows = harness.run_cases(arguments.only, lambda name: console.print(name, style="dim"))
    console.print(harness.table(rows))
    failed = sum(not row.passed for row in rows)
    console.print(f"{len(rows)} rows, {failed} failed", style="bold red" if failed else "bold green")
    if parallel.is_root():
        if arguments.json:
            harness.write_json(rows, Path(arguments.json))
        if arguments.markdown:
            Path(arguments.markdown).write_text(harness.markdown(rows), encoding="utf-8")
    return 1 if failed else 0
