"""``femsuite report``: the report of a finished run, made again from its folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from femsuite import parallel


def main(arguments: argparse.Namespace) -> int:
    """Write report.html again and say where it is."""
    from femsuite.results.report import rebuild

    path = parallel.on_root(lambda: rebuild(Path(arguments.folder)))
    if parallel.is_root():
        print(f"Written to {path}")
    return 0
