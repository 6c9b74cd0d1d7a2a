"""``--set key=value``: change any key of a study from the command line."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from femsuite.errors import Fault, nearest
from femsuite.study.locate import Path, dotted

HOW = "write key=value, such as mesh.refinement=0.5 or regions.die.material=Si"


@dataclass(frozen=True)
class Override:
    """One ``key=value`` of the command line.

    Args:
        text: as the user wrote it.
        path: the key path; whole numbers are places in a list.
        value: the TOML literal it stands for, else the bare text.
    """

    text: str
    path: Path
    value: Any

    @property
    def place(self) -> str:
        """How a sentence names it, in the place of a file name."""
        return f"--set {self.text}"


def read_override(text: str) -> Override | Fault:
    """Return the override that ``text`` writes, or the fault in it.

    The value is read as TOML (``0.5``, ``true``, ``["0 W", "1 W"]``, ``{ Q5 = "1 W" }``); what is not TOML is taken
    as text, so that ``heat.ambient=40 degC`` needs no quotes.
    """
    key, sign, value = text.partition("=")
    place = f"--set {text}"
    if not sign or not key.strip():
        return Fault(f"this is not an override; {HOW}", file=place)
    try:
        path = key_path(key)
    except tomllib.TOMLDecodeError:
        return Fault(f"'{key.strip()}' is not a key; {HOW}", file=place)
    return Override(text, path, _value(value.strip()))


def key_path(key: str) -> Path:
    """Return the parts of a dotted TOML key; parts that are whole numbers become list places.

    Raises:
        tomllib.TOMLDecodeError: the text is no key.
    """
    node: Any = tomllib.loads(f"{key.strip()} = 0")
    parts: list[str | int] = []
    while isinstance(node, dict):
        part, node = next(iter(node.items()))
        parts.append(int(part) if part.isdecimal() else part)
    return tuple(parts)


def _value(text: str) -> Any:
    if "\n" in text:
        return text
    try:
        found = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return found["value"] if len(found) == 1 else text


def apply_overrides(
    data: dict[str, Any], overrides: Sequence[str]
) -> tuple[dict[str, Any], tuple[Override, ...], list[Fault]]:
    """Return a copy of ``data`` with the overrides laid over it in their order, the overrides, and their faults."""
    changed = copy.deepcopy(data)
    taken: list[Override] = []
    faults: list[Fault] = []
    for text in overrides:
        override = read_override(text)
        if isinstance(override, Fault):
            faults.append(override)
            continue
        problem = _lay(changed, override)
        if problem:
            faults.append(Fault(problem, file=override.place, key=dotted(override.path)))
        else:
            taken.append(override)
    return changed, tuple(taken), faults


def _lay(data: dict[str, Any], override: Override) -> str | None:
    """Set one value in place; return the sentence that says why it cannot be set, else None."""
    node: Any = data
    last = len(override.path) - 1
    for position, part in enumerate(override.path):
        where = dotted(override.path[:position])
        if isinstance(node, list):
            if not isinstance(part, int):
                return f"'{where}' is a list: its entries are called by their place, 0 to {len(node) - 1}, not '{part}'"
            if part >= len(node):
                return f"'{where}' has {len(node)} entries, called 0 to {len(node) - 1}; there is no entry {part}"
        elif isinstance(node, dict):
            part = str(part)
        else:
            return f"'{where}' is the value {node!r}, which has no key '{part}' below it"
        if position == last:
            node[part] = override.value
        elif isinstance(node, dict) and part not in node:
            known = nearest(str(part), [key for key, value in node.items() if isinstance(value, (dict, list))])
            if known and position > 0:
                return f"there is no '{part}' in '{where}'; did you mean '{known}'?"
            node[part] = {}
            node = node[part]
        else:
            node = node[part]
    return None
