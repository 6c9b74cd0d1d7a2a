"""Line numbers of the keys of a TOML text, which the standard reader does not give."""

from __future__ import annotations

from collections.abc import Sequence

Path = tuple[str | int, ...]
_BARE_END = " \t=.]\n"
_VALUE_END = ",]}\n#"


def dotted(path: Sequence[str | int]) -> str:
    """Return a key path as a user writes it: ``heat.conditions.0.coefficient``, odd names in quotes."""
    parts = []
    for part in path:
        text = str(part)
        plain = text and all(letter.isalnum() or letter in "_-" for letter in text)
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        parts.append(text if plain else f'"{escaped}"')
    return ".".join(parts)


class Lines:
    """Where every key path of a TOML text stands.

    Args:
        text: a text that ``tomllib`` has already read without complaint; other text gives wrong lines, never an error.
    """

    def __init__(self, text: str) -> None:
        self._found: dict[Path, int] = {(): 1}
        _Scanner(text, self._found).scan()

    def of(self, path: Sequence[str | int]) -> int | None:
        """Return the line of a key path counted from 1, else that of its nearest parent; None at the top."""
        for length in range(len(path), 0, -1):
            line = self._found.get(tuple(path[:length]))
            if line is not None:
                return line
        return None


class _Scanner:
    """Walks over valid TOML once and notes where each key path begins."""

    def __init__(self, text: str, found: dict[Path, int]) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.line = 1
        self.found = found
        self.counts: dict[Path, int] = {}

    def scan(self) -> None:
        table: Path = ()
        while self._skip_blank():
            before = self.at
            if self.text.startswith("[[", self.at):
                self._move(2)
                table = self._enter(self._key(), repeated=True)
                self._to_line_end()
            elif self.text[self.at] == "[":
                self._move(1)
                table = self._enter(self._key(), repeated=False)
                self._to_line_end()
            else:
                self._pair(table)
            if self.at == before:
                self._move(1)

    def _enter(self, key: tuple[str, ...], repeated: bool) -> Path:
        """Return the path of a table header; headers of repeated tables count up."""
        path: Path = ()
        for position, part in enumerate(key):
            path = (*path, part)
            self.found.setdefault(path, self.line)
            if position == len(key) - 1 and repeated:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        self.found.setdefault(path, self.line)
        return path

    def _pair(self, table: Path) -> None:
        line = self.line
        path = (*table, *self._key())
        for length in range(len(table) + 1, len(path) + 1):
            self.found.setdefault(path[:length], line)
        self._skip(" \t=")
        self._value(path)

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while self.at < len(self.text):
            self._skip(" \t.")
            if self.at >= len(self.text) or self.text[self.at] in "=]\n":
                break
            if self.text[self.at] in "\"'":
                parts.append(self._string())
            else:
                start = self.at
                while self.at < len(self.text) and self.text[self.at] not in _BARE_END:
                    self.at += 1
                if self.at == start:
                    break
                parts.append(self.text[start : self.at])
        return tuple(parts)

    def _value(self, path: Path) -> None:
        if self.at >= len(self.text):
            return
        first = self.text[self.at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in _VALUE_END:
                self.at += 1

    def _array(self, path: Path) -> None:
        self._move(1)
        index = 0
        while self._skip_blank(",") and self.text[self.at] != "]":
            item = (*path, index)
            self.found.setdefault(item, self.line)
            before = self.at
            self._value(item)
            if self.at == before:
                self._move(1)
            index += 1
        self._move(1)

    def _inline_table(self, path: Path) -> None:
        self._move(1)
        while self._skip_blank(",") and self.text[self.at] != "}":
            before = self.at
            self._pair(path)
            if self.at == before:
                self._move(1)
        self._move(1)

    def _string(self) -> str:
        quote = self.text[self.at]
        ends = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        start = self.at + len(ends)
        position = start
        while position < len(self.text) and not self.text.startswith(ends, position):
            position += 2 if quote == '"' and self.text[position] == "\\" else 1
        content = self.text[start:position]
        stop = position + len(ends)
        while len(ends) == 3 and self.text.startswith(quote, stop):  # a quote may stand right before the closing ones
            stop += 1
        self._move(stop - self.at)
        return content

    def _skip_blank(self, also: str = "") -> bool:
        """Skip white space, comments and the characters in ``also``; return whether any text is left."""
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "#":
                self._to_line_end()
            elif letter in " \t\n" or letter in also:
                self._move(1)
            else:
                return True
        return False

    def _skip(self, letters: str) -> None:
        while self.at < len(self.text) and self.text[self.at] in letters:
            self._move(1)

    def _to_line_end(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _move(self, count: int) -> None:
        stop = min(self.at + count, len(self.text))
        self.line += self.text.count("\n", self.at, stop)
        self.at = stop
