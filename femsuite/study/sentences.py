"""What pydantic found wrong, said as sentences: the key, the value given, what is allowed, the nearest name."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from femsuite.errors import unknown
from femsuite.study.locate import Path
from femsuite.units import Dimension, dimension_of, pretty

_WANTED = {
    "string": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list in [ ]",
    "tuple": "a list in [ ]",
    "dict": "a table",
    "model": "a table",
    "mapping": "a table",
}
_BOUNDS = {
    "greater_than": ("gt", "must be larger than"),
    "greater_than_equal": ("ge", "must be at least"),
    "less_than": ("lt", "must be smaller than"),
    "less_than_equal": ("le", "must be at most"),
}


def sentences(error: ValidationError, model: type[BaseModel], data: Any) -> list[tuple[Path, str]]:
    """Return (key path, sentence) for everything pydantic found wrong, each path once.

    Args:
        error: what validation raised.
        model: the model that was validated.
        data: the value it was given.
    """
    found: dict[Path, list[str]] = {}
    for detail in error.errors(include_url=False):
        path = _data_path(detail["loc"], data, detail["type"])
        sentence = _sentence(detail, path, model, data)
        known = found.setdefault(path, [])
        if sentence not in known:
            known.append(sentence)
    outer = {path for path in found if path and any(_is_below(other, path) for other in found)}
    return [(path, "; or ".join(parts)) for path, parts in found.items() if path not in outer]


def _is_below(path: Path, parent: Path) -> bool:
    return len(path) > len(parent) and path[: len(parent)] == parent


def _data_path(loc: Sequence[str | int], data: Any, kind: str) -> Path:
    """Return the part of pydantic's location that a user wrote: without the names of union members and validators."""
    path: Path = ()
    node = data
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(node, Mapping):
            if not last and node.get("type") == part and loc[position - 1] != part:
                continue
            if part in node:
                path, node = (*path, part), node[part]
            elif last and kind == "missing":
                path = (*path, part)
        elif isinstance(node, (list, tuple)) and isinstance(part, int) and part < len(node):
            path, node = (*path, part), node[part]
    return path


def _sentence(detail: Mapping[str, Any], path: Path, model: type[BaseModel], data: Any) -> str:
    kind: str = detail["type"]
    context = detail.get("ctx", {})
    given = value_at(data, path)
    field = field_at(model, path, data)
    if kind == "extra_forbidden":
        owner = model_at(model, path[:-1], data)
        return unknown("key", str(path[-1]), owner.model_fields if owner else ())
    if kind == "missing":
        return f"this key is missing; it must be {_wanted(field)}"
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{_shown(given)} {words} {_limit(context[name], field)}"
    if kind in ("literal_error", "enum"):
        allowed = _literals(field)
        return unknown("choice", str(given), allowed) if allowed else f"{_shown(given)} must be {context['expected']}"
    if kind == "union_tag_invalid":
        return unknown("type", str(context["tag"]), [tag.strip("' ") for tag in context["expected_tags"].split(",")])
    if kind == "union_tag_not_found":
        return f"the key 'type' is missing here. Allowed: {', '.join(tags_at(model, path, data))}."
    if kind == "string_pattern_mismatch":
        wanted = field.description if field and field.description else f"of the pattern {context['pattern']}"
        return f"{_shown(given)} must be {wanted}"
    if kind in ("too_short", "too_long"):
        limit = context.get("min_length", context.get("max_length"))
        many = "at least" if kind == "too_short" else "at most"
        return f"{_shown(given)} has {context['actual_length']} entries; there must be {many} {limit}"
    wanted_kind = _WANTED.get(kind.partition("_")[0])
    if wanted_kind:
        return f"{_shown(given)} is not {wanted_kind}"
    return f"{_shown(given)}: {detail['msg']}"


def value_at(data: Any, path: Path) -> Any:
    """Return what stands at a key path, or None."""
    for part in path:
        in_table = isinstance(data, Mapping) and part in data
        in_list = isinstance(data, (list, tuple)) and isinstance(part, int) and part < len(data)
        if not in_table and not in_list:
            return None
        data = data[part]
    return data


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}..."'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return f"the table with the keys {', '.join(map(str, value))}" if value else "an empty table"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _limit(value: Any, field: FieldInfo | None) -> str:
    dimension = _dimension(field)
    return pretty(float(value), dimension.unit) if dimension else f"{value:g}"


def _wanted(field: FieldInfo | None) -> str:
    """Return what a field takes, in words with an example."""
    dimension = _dimension(field)
    if dimension:
        return f'a {dimension.name} with its unit, such as "{dimension.example}"'
    if field is None:
        return "given"
    literals = _literals(field)
    if literals:
        return "one of " + ", ".join(literals)
    if field.description and field.examples:
        return f"{field.description.rstrip('.')}, such as {field.examples[0]!r}"
    if field.description:
        return f"given: {field.description[0].lower()}{field.description[1:].rstrip('.')}"
    annotation = field.annotation
    name = getattr(typing.get_origin(annotation) or annotation, "__name__", "")
    return _WANTED.get({"str": "string", "Mapping": "dict"}.get(name, name), "given")


def _dimension(field: FieldInfo | None) -> Dimension | None:
    if field is None:
        return None
    direct = dimension_of(field.metadata)
    return direct or next((item for item in _metadata(field.annotation) if isinstance(item, Dimension)), None)


def _metadata(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) is typing.Annotated:
        yield from annotation.__metadata__
    for argument in typing.get_args(annotation):
        if not isinstance(argument, Dimension):
            yield from _metadata(argument)


def _literals(field: FieldInfo | None) -> list[str]:
    return [str(value) for value in _literal_values(field.annotation)] if field else []


def _literal_values(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) is typing.Literal:
        yield from typing.get_args(annotation)
    elif typing.get_origin(annotation) in (typing.Union, types.UnionType, typing.Annotated, tuple, list):
        for argument in typing.get_args(annotation):
            yield from _literal_values(argument)


def field_at(model: type[BaseModel], path: Path, data: Any) -> FieldInfo | None:
    """Return the pydantic field that a key path falls into: that of the key itself, or of the list that holds it."""
    for length in range(len(path), 0, -1):
        if isinstance(path[length - 1], int):
            continue
        owner = model_at(model, path[: length - 1], data)
        return owner.model_fields.get(str(path[length - 1])) if owner else None
    return None


def tags_at(model: type[BaseModel], path: Path, data: Any) -> list[str]:
    """Return the values that ``type`` may take in the table at a key path."""
    members = _models(_annotation_at(model, path, data))
    return sorted({str(tag) for member in members for tag in _tag(member)})


def model_at(model: type[BaseModel], path: Path, data: Any) -> type[BaseModel] | None:
    """Return the model of the table at a key path; among several, the one whose ``type`` the data names."""
    annotation = _annotation_at(model, path, data)
    members = _models(annotation)
    if len(members) > 1:
        table = value_at(data, path)
        tag = table.get("type") if isinstance(table, Mapping) else None
        members = [member for member in members if tag in _tag(member)] or [_closest(members, table)]
    return members[0] if members else None


def _closest(members: Sequence[type[BaseModel]], table: Any) -> type[BaseModel]:
    keys = set(table) if isinstance(table, Mapping) else set()
    score: Callable[[type[BaseModel]], int] = lambda member: len(keys & set(member.model_fields))  # noqa: E731
    return max(members, key=score)


def _tag(member: type[BaseModel]) -> tuple[Any, ...]:
    field = member.model_fields.get("type")
    return tuple(_literal_values(field.annotation)) if field else ()


def _annotation_at(model: type[BaseModel], path: Path, data: Any) -> Any:
    annotation: Any = model
    for position, part in enumerate(path):
        owners = _models(annotation)
        if isinstance(part, str) and owners:
            owner = owners[0] if len(owners) == 1 else model_at(model, path[:position], data)
            field = owner.model_fields.get(part) if owner else None
            annotation = field.annotation if field else None
        else:
            annotation = _item(annotation)
    return annotation


def _item(annotation: Any) -> Any:
    """Return the annotation of the entries of a list or table."""
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is typing.Annotated:
        return _item(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return next((item for item in map(_item, arguments) if item is not None), None)
    if not arguments:
        return None
    return arguments[0] if origin in (tuple, list) else arguments[-1]


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Return the models that a value of this annotation may be, without looking into lists and tables."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if typing.get_origin(annotation) is typing.Annotated:
        return _models(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [found for argument in typing.get_args(annotation) for found in _models(argument)]
    return []
