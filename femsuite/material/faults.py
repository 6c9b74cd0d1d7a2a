"""What pydantic found wrong with a material file, said as sentences with the file, the line and the key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from femsuite.errors import Fault, unknown


def faults_of(error: ValidationError, model: type[BaseModel], file: str, text: str, prefix: str = "") -> list[Fault]:
    """Return one fault for each thing pydantic found.

    Args:
        error: what it raised.
        model: the model it validated; its fields are the names allowed at the top.
        file: the file's name.
        text: the file's content, to find the line.
        prefix: the key of the table that was validated.
    """
    faults = []
    seen = set()
    for item in error.errors(include_url=False):
        path = [prefix, *item["loc"]] if prefix else list(item["loc"])
        key = _key(path)
        sentence = _sentence(item, model)
        if (key, sentence) not in seen:
            seen.add((key, sentence))
            faults.append(Fault(sentence, file, line_of(text, key), key))
    return faults


def _key(path: Sequence[Any]) -> str:
    words = ("IngredientEntry", "str", "function-", "tuple[", "nullable")  # branch names that pydantic adds
    return ".".join(str(part) for part in path if not str(part).startswith(words))


def _sentence(item: Any, model: type[BaseModel]) -> str:
    given = item.get("input")
    name = str(item["loc"][-1]) if item["loc"] else ""
    kind = item["type"]
    if kind == "extra_forbidden":
        return unknown("key", name, model.model_fields) if len(item["loc"]) == 1 else f"there is no key '{name}' here"
    if kind == "missing":
        return f"'{name}' is missing"
    if kind == "literal_error":
        return f"{given!r} is not allowed; write {item['ctx']['expected']}"
    if kind in ("float_type", "finite_number"):
        return f"{given!r} is not a finite number"
    if kind == "value_error":
        return str(item["ctx"]["error"])
    return f"{item['msg'][0].lower()}{item['msg'][1:]}, not {given!r}"


def line_of(text: str, key: str | None) -> int | None:
    """Return the line, from 1, where a dotted key or at least its table stands; None if it is not found."""
    if not key:
        return None
    parts = key.split(".")
    lines = text.splitlines()
    start, best = 0, None
    for depth in range(len(parts), 0, -1):
        header = re.compile(r"\s*\[{1,2}\s*" + re.escape(".".join(parts[:depth])) + r"\s*\]")
        found = next((number for number, line in enumerate(lines) if header.match(line)), None)
        if found is not None:
            start, best, parts = found + 1, found + 1, parts[depth:]
            break
    for number in range(start, len(lines)):
        if start and lines[number].lstrip().startswith("["):
            break
        if parts and re.match(r"\s*" + re.escape(parts[0]) + r"\s*[=.]", lines[number]):
            return number + 1
    return best
