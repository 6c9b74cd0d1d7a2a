"""Collects what is wrong with a study and gives each fault its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field

from femsuite.errors import Fault
from femsuite.study.locate import Path, dotted
from femsuite.study.override import Override, key_path
from femsuite.study.read import Source


@dataclass(frozen=True)
class Places:
    """Where the keys of a study were set: a line of the file, or an override of the command line."""

    source: Source
    overrides: tuple[Override, ...] = ()

    def fault(self, path: Path, sentence: str, key: str | None = None) -> Fault:
        """Return the fault at a key path with its place; ``key`` is how it is written, the path if not given."""
        key = key or dotted(path) or None
        for override in reversed(self.overrides):
            if _covers(override.path, path):
                return Fault(sentence, file=override.place, key=key)
        return Fault(sentence, file=self.source.shown, line=self.source.lines.of(path), key=key)

    def placed(self, fault: Fault) -> Fault:
        """Return a fault that was found later, when the model was built, with the place of its key."""
        if fault.file is not None or fault.key is None:
            return fault
        try:
            path = key_path(re.sub(r" \([^)]*\)", "", fault.key))  # a name in brackets helps people, not us
        except tomllib.TOMLDecodeError:
            return fault
        return self.fault(path, fault.message, fault.key)


@dataclass
class Faults:
    """Collects faults, each with its place.

    Args:
        places: tells the places.
        silent: key paths that the user did not write and must not be told of.
        found: the faults so far.
    """

    places: Places
    silent: set[Path] = field(default_factory=set)
    found: list[Fault] = field(default_factory=list)

    def add(self, path: Path, sentence: str) -> None:
        """Note that something is wrong at a key path."""
        if path not in self.silent:
            self._keep(self.places.fault(path, sentence))

    def add_all(self, faults: Sequence[Fault], path: Path) -> None:
        """Note faults that another reader found: as they are if they name a file of their own, else at ``path``."""
        for fault in faults:
            if fault.file is not None:
                self._keep(fault)
            else:
                self.add((*path, *(key_path(fault.key) if fault.key else ())), fault.message)

    def in_order(self) -> list[Fault]:
        """Return the faults in the order of the file; those of overrides and of other files after it."""
        own = self.places.source.shown
        return sorted(self.found, key=lambda fault: (fault.file != own, fault.line or 0))

    def _keep(self, fault: Fault) -> None:
        if fault not in self.found:
            self.found.append(fault)


def _covers(above: Path, path: Path) -> bool:
    return [str(part) for part in above] == [str(part) for part in path[: len(above)]]
