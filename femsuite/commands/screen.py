"""Where commands print: on rank 0, as wide as the terminal, or unbroken lines when the output is not a terminal."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from femsuite import parallel

STATUS_COLOURS = {
    "published": "green",
    "mixed": "cyan",
    "seed": "cyan",
    "derived": "green",
    "unchecked": "yellow",
    "estimate": "red",
}


def screen(quiet: bool = False) -> Console:
    """Return the console; silent on every rank but the first."""
    silent = quiet or not parallel.is_root()
    width = None if sys.stdout.isatty() else 160
    return Console(quiet=silent, highlight=False, soft_wrap=False, width=width)


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table; columns named in ``right`` are set to the right."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def plain(text: object) -> Text:
    """Return text as it is: brackets in it are no markup."""
    return Text(str(text))
