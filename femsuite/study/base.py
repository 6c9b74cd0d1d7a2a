"""``extends``: a study that is another one with changes. Tables are merged key by key, lists and values replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from femsuite.errors import Fault, InputError
from femsuite.study.read import Source, find_study, read_study

DEEPEST = 5
"""Studies that may extend one another in a row."""


def with_base(source: Source, depth: int = 0) -> Source:
    """Return the study's data laid over those of the study that it extends, if it does.

    ``extends`` is a file relative to the study's own, or a shipped study by name. What ``without`` lists by its key
    path is left out of the base.

    Raises:
        InputError: there is no such study, or a chain without end.
    """
    name = source.data.get("extends")
    if name is None:
        return source
    line = source.lines.of(("extends",))
    if not isinstance(name, str) or depth >= DEEPEST:
        words = f"{name!r} is not the name of a study" if depth < DEEPEST else f"more than {DEEPEST} studies in a row"
        raise InputError(Fault(words, file=source.shown, line=line, key="extends"))
    beside = source.file.parent / (name if name.endswith(".toml") else f"{name}.toml")
    try:
        base = with_base(read_study(beside if beside.is_file() else find_study(name)), depth + 1)
    except InputError as error:
        raise InputError(*(replace_place(one, source.shown, line) for one in error.faults)) from error
    own = {key: value for key, value in source.data.items() if key not in ("extends", "without")}
    merged = merge(base.data, own)
    for path in source.data.get("without", ()):
        if not _remove(merged, str(path).split(".")):
            message = f"the study '{name}' has no '{path}' that could be left out"
            raise InputError(Fault(message, file=source.shown, line=source.lines.of(("without",)), key="without"))
    return replace(source, data=merged)


def replace_place(fault: Fault, file: str, line: int | None) -> Fault:
    """Return the fault of a base with the place of the line that asks for it, unless it has one of its own."""
    return fault if fault.line is not None else Fault(fault.message, file=file, line=line, key="extends")


def merge(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return tables merged key by key; what is not a table in both is the second's."""
    merged = dict(base)
    for key, value in own.items():
        there = merged.get(key)
        merged[key] = merge(there, value) if isinstance(there, Mapping) and isinstance(value, Mapping) else value
    return merged


def _remove(data: dict[str, Any], path: list[str]) -> bool:
    node: Any = data
    for key in path[:-1]:
        node = node.get(key) if isinstance(node, dict) else None
    if not isinstance(node, dict) or path[-1] not in node:
        return False
    del node[path[-1]]
    return True
