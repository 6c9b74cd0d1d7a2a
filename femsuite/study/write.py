"""Writes plain data as TOML, which the standard library only reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from femsuite.study.locate import dotted

WIDTH = 118


def write_toml(data: Mapping[str, Any]) -> str:
    """Return TOML text that ``tomllib`` reads back to the same data; entries that are None are left out.

    Args:
        data: text, numbers, booleans, lists and tables.
    """
    lines: list[str] = []
    _table(data, (), lines)
    return "\n".join(lines).strip("\n") + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    """Write a table: first its values, then the tables and lists of tables that need a heading."""
    given = {key: value for key, value in table.items() if value is not None}
    headed = {key: value for key, value in given.items() if _needs_heading(value, path)}
    lines.extend(_pair(key, value) for key, value in given.items() if key not in headed)
    for key, value in headed.items():
        inner = (*path, key)
        if isinstance(value, Mapping):
            if not value or any(not _needs_heading(item, inner) for item in value.values() if item is not None):
                lines.extend(["", f"[{dotted(inner)}]"])
            _table(value, inner, lines)
        else:
            for item in value:
                lines.extend(["", f"[[{dotted(inner)}]]"])
                _table(item, inner, lines)


def _needs_heading(value: Any, path: tuple[str, ...]) -> bool:
    """Return whether a value is written under a heading of its own: tables, and lists of long tables."""
    if isinstance(value, Mapping):
        return True
    tables = _is_list(value) and len(value) > 0 and all(isinstance(item, Mapping) for item in value)
    return tables and (not path or any(len(_literal(item)) > WIDTH - 3 for item in value))


def _pair(key: str, value: Any) -> str:
    if isinstance(value, str) and "\n" in value:
        text = "\n".join(_escaped(line) for line in value.split("\n"))
        return f'{dotted((key,))} = """\n{text}"""'
    line = f"{dotted((key,))} = {_literal(value)}"
    if len(line) <= WIDTH or not _is_list(value):
        return line
    return "\n".join([f"{dotted((key,))} = [", *(f"  {_literal(item)}," for item in value), "]"])


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return f'"{_escaped(value)}"'
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{dotted((key,))} = {_literal(item)}" for key, item in value.items() if item is not None)
        return f"{{ {pairs} }}" if pairs else "{}"
    if _is_list(value):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    raise TypeError(f"{value!r} cannot be written as TOML")


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
