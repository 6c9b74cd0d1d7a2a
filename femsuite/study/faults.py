"""Collects what is wrong with a study and gives each fault its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from femsuite.errors import Fault
from femsuite.study.locate import Path, dotted
from femsuite.study.override import Override
from femsuite.study.read import Source


@dataclass
class Faults:
    """Collects faults and gives each its place: the line in the file, or the override that set the key."""

    source: Source
    overrides: tuple[Override, ...] = ()
    silent: set[Path] = field(default_factory=set)
    found: list[Fault] = field(default_factory=list)

    def add(self, path: Path, sentence: str) -> None:
        """Note that something is wrong at a key path."""
        if path in self.silent:
            return
        key = dotted(path) or None
        override = next((item for item in reversed(self.overrides) if _covers(item.path, path)), None)
        if override is not None:
            fault = Fault(sentence, file=override.place, key=key)
        else:
            fault = Fault(sentence, file=self.source.shown, line=self.source.lines.of(path), key=key)
        if fault not in self.found:
            self.found.append(fault)

    def add_all(self, faults: Sequence[Fault], path: Path) -> None:
        """Note faults that another reader found: as they are if they name a file of their own, else at ``path``."""
        for fault in faults:
            if fault.file is not None:
                if fault not in self.found:
                    self.found.append(fault)
            else:
                inner = tuple(int(part) if part.isdecimal() else part for part in (fault.key or "").split(".") if part)
                self.add((*path, *inner), fault.message)

    def in_order(self) -> list[Fault]:
        """Return the faults in the order of the file; those of overrides and of other files after it."""
        own = self.source.shown
        return sorted(self.found, key=lambda fault: (fault.file != own, fault.line or 0))


def _covers(above: Path, path: Path) -> bool:
    return [str(part) for part in above] == [str(part) for part in path[: len(above)]]
