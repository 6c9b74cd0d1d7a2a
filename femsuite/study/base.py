"""``extends``: a study that is another one with changes. Tables are merged key by key, lists and values replaced."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from femsuite.errors import Fault, InputError
from femsuite.study.read import Source, find_study, read_study

DEEPEST = 5
"""Studies that may extend one another in a row."""


def with_base(source: Source, depth: int = 0) -> Source:
    """Return the study's data laid over those of the study that it extends, if it does.

    ``extends`` is a file relative to the study's own, or a shipped study by name. What ``without`` lists by its key
    path is left out of the base before the study is laid over it.

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
    place = {"file": source.shown, "line": source.lines.of(("without",)), "key": "without"}
    leave = source.data.get("without", [])
    if not isinstance(leave, list) or not all(isinstance(path, str) for path in leave):
        raise InputError(Fault('this is a list of key paths, such as ["regions.mould", "heat"]', **place))
    merged = _anchored(base.data, base.file.parent)
    faults = [
        Fault(f"the study '{name}' has no '{path}' that could be left out", **place)
        for path in leave
        if not _remove(merged, path.split("."))
    ]
    if faults:
        raise InputError(*faults)
    return replace(source, data=merge(merged, own))


def _anchored(data: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return a copy of a base's data whose files are found from everywhere: those that lie beside it, in full."""
    copied = copy.deepcopy(dict(data))
    for table in ("geometry", "mesh"):
        node = copied.get(table)
        file = node.get("file") if isinstance(node, dict) else None
        if isinstance(file, str) and (folder / file).is_file():
            node["file"] = str((folder / file).resolve())
    return copied


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
