"""Reads a study file into plain data; what is wrong with the file itself is said as a sentence."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from femsuite import library
from femsuite.errors import Fault, InputError
from femsuite.study.locate import Lines

FORMAT = 1
"""Version of the study format that this release reads and writes."""


@dataclass(frozen=True)
class Source:
    """A study file as read.

    Args:
        file: where it is.
        text: as it stands there.
        data: the plain TOML data.
        lines: where each key stands.
    """

    file: Path
    text: str
    data: dict[str, Any]
    lines: Lines

    @property
    def shown(self) -> str:
        """The file's name in sentences: relative to here where that is shorter."""
        return shown(self.file)


def shown(file: Path) -> str:
    """Return a file's name for sentences: relative to the working folder if it lies below it."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(file)


def find_study(path_or_name: str | Path) -> Path:
    """Return the study file that a path, a shipped name, or the last part of a shipped name means.

    Raises:
        InputError: there is none, several, or it is a folder.
    """
    name = str(path_or_name)
    path = Path(name)
    if path.is_dir():
        files = sorted(file.name for file in path.glob("*.toml"))
        holds = f"it holds {', '.join(files)}" if files else "it holds no study"
        raise InputError(Fault(f"this is a folder; name a study file: {holds}", file=name))
    if path.is_file() and path.suffix != ".toml":
        raise InputError(Fault("this is not a study: a study file's name ends in .toml", file=name))
    shipped = library.names("studies", ".toml")
    short = [file for key, file in shipped.items() if key.rpartition("/")[2] == name]
    if len(short) == 1 and not path.is_file():
        return short[0]
    return library.find("studies", name, ".toml")


def read_study(path: Path) -> Source:
    """Return the data of a study file.

    Raises:
        InputError: it is empty, no text, no TOML, or of a format that this release does not read.
    """
    name = shown(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(Fault(f"this file cannot be read: {error.strerror}", file=name)) from error
    if not raw.strip():
        raise InputError(Fault("this file is empty; a study begins with format = 1", file=name))
    if b"\0" in raw:
        raise InputError(Fault("this is a binary file; a study is a TOML text", file=name))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        sentence = f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8 text"
        raise InputError(Fault(sentence, file=name, line=line)) from error
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_syntax_fault(error, text, name)) from error
    return Source(path, text, data, Lines(text))


def _syntax_fault(error: tomllib.TOMLDecodeError, text: str, name: str) -> Fault:
    """Return the sentence for text that is not TOML, with the line that the reader stopped at."""
    message = str(error)
    place = re.search(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(place.group(1)) if place and place.group(1) else len(text.splitlines())
    reason = message[: place.start()] if place else message
    given = text.splitlines()[line - 1].strip() if line <= len(text.splitlines()) else ""
    hint = '; text needs quotes, such as "400 um"' if reason.startswith(("Invalid value", "Expected newline")) else ""
    return Fault(f"this is not TOML: {reason[:1].lower()}{reason[1:]} in '{given}'{hint}", file=name, line=line)


def format_fault(data: dict[str, Any]) -> str | None:
    """Return what is wrong with the format number, on which the reading of everything else depends."""
    if "format" not in data:
        return f"the key 'format' is missing; write format = {FORMAT} as the first line"
    given = data["format"]
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        return f"{given!r} is not a format; write format = {FORMAT}"
    if given > FORMAT:
        return (
            f"this study has format {given}, and this femsuite reads formats up to {FORMAT}; a newer femsuite reads it"
        )
    return None
