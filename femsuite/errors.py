"""Errors a user reads: sentences that say where, what was given, what is allowed, and the nearest name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input.

    Args:
        message: the sentence.
        file: the file it was found in, if any.
        line: its line there, counted from 1.
        key: the key's path, e.g. ``regions.die.material``.
    """

    message: str
    file: str | None = None
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}" if place else f"line {self.line}"
        parts = [part for part in (place, self.key) if part]
        return ": ".join([*parts, self.message])


class FemsuiteError(Exception):
    """Base of all errors that are reported as a sentence, without a traceback."""

    exit_code = 1


class InputError(FemsuiteError):
    """The input cannot be used. Carries every fault that was found, so that all are reported at once."""

    exit_code = 2

    def __init__(self, *faults: Fault | str) -> None:
        self.faults = tuple(Fault(fault) if isinstance(fault, str) else fault for fault in faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[Fault, ...]]:
        return type(self), self.faults


class SolveError(FemsuiteError):
    """A solve failed: the message names the physics, the time, the residual and what to try."""

    exit_code = 3


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name that looks most like ``name``, or None if none comes near."""
    candidates = list(allowed)
    folded = {candidate.casefold(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.55)
    return folded[found[0]] if found else None


def unknown(kind: str, name: str, allowed: Iterable[str], most: int = 12) -> str:
    """Return the sentence for a name that does not exist: what was given, the nearest, what is allowed."""
    names = sorted(allowed)
    sentence = f"there is no {kind} '{name}'"
    close = nearest(name, names)
    if close:
        sentence += f"; did you mean '{close}'?"
    if not names:
        return f"{sentence} (there is none at all)"
    shown = ", ".join(names[:most]) + (", …" if len(names) > most else "")
    return f"{sentence}{'' if close else ';'} Allowed: {shown}."
