"""``femsuite list``: the shipped studies, geometries and materials with a line about each."""

from __future__ import annotations

import argparse
import ast
import tomllib
from pathlib import Path

from femsuite import library
from femsuite.commands.screen import plain, screen, table

ROOMS = {"studies": ".toml", "geometries": ".py", "materials": ".toml"}
_LINE = {"studies": "title", "materials": "role"}


def main(arguments: argparse.Namespace) -> int:
    """Print the list."""
    console = screen()
    for room in [arguments.room] if arguments.room else ROOMS:
        found = library.names(room, ROOMS[room])
        if arguments.plain:
            console.print("\n".join(found), markup=False)
            continue
        shown = table(f"{room} ({len(found)})", "name", "what it is")
        for name, file in found.items():
            shown.add_row(plain(name), plain(about(room, file)))
        console.print(shown)
        console.print()
    return 0


def about(room: str, file: Path) -> str:
    """Return the line about a shipped file without running it; empty if it has none."""
    try:
        text = file.read_text(encoding="utf-8")
        if room == "geometries":
            return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
        return str(tomllib.loads(text).get(_LINE[room], "")).strip().partition("\n")[0]
    except (OSError, SyntaxError, ValueError):
        return "(cannot be read)"
