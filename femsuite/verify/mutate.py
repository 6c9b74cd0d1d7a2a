"""Runs verification cases on mutated code: a mutation that turns no row red shows what the cases do not guard."""

from __future__ import annotations

import fnmatch
import importlib
import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from unittest.mock import patch

from femsuite.errors import FemsuiteError, InputError, unknown
from femsuite.verify.harness import function
from femsuite.verify.mutations import MUTATIONS, PHYSICS, Mutation
from femsuite.verify.row import Row


@dataclass(frozen=True)
class Verdict:
    """What became of one mutation.

    Args:
        mutation: its name.
        physics: whose fault it is.
        target: the function that was changed.
        red: rows that pass on the right code and fail on the wrong one, ``case: quantity``.
        red_fe: how many of them came through the finite-element path.
        stopped: sentences of the cases that could not be computed at all.
    """

    mutation: str
    physics: str
    target: str
    red: tuple[str, ...]
    red_fe: int
    stopped: tuple[str, ...]

    @property
    def caught(self) -> bool:
        """Whether any case noticed."""
        return bool(self.red or self.stopped)

    def as_dict(self) -> dict[str, object]:
        """Return the verdict as plain data, for JSON."""
        return {**asdict(self), "caught": self.caught}


def select(only: str | None) -> list[Mutation]:
    """Return the mutations that a pattern means: a physics, a name, or a shell pattern over names; None means all.

    Raises:
        InputError: when nothing matches.
    """
    if only is None:
        return list(MUTATIONS)
    found = [item for item in MUTATIONS if item.physics == only or fnmatch.fnmatch(item.name, only)]
    if not found:
        names = [*PHYSICS, *(item.name for item in MUTATIONS)]
        raise InputError(unknown("mutation", only, names, most=50))
    return found


def run_mutations(only: str | None = None, progress: Callable[[str], None] = lambda _name: None) -> list[Verdict]:
    """Run the selected mutations, each on its own cases, and return what became of them.

    Args:
        only: see `select`.
        progress: called with each mutation's name before it runs.
    """
    mutations = select(only)
    right: dict[str, list[Row]] = {}
    verdicts = []
    for mutation in mutations:
        progress(mutation.name)
        for name in mutation.cases:
            if name not in right:
                right[name] = function(name)()
        verdicts.append(judge(mutation, right))
    return verdicts


def judge(mutation: Mutation, right: dict[str, list[Row]]) -> Verdict:
    """Run the cases of one mutation on the mutated code and compare with the rows of the right code.

    Args:
        mutation: the fault.
        right: rows of each of its cases on the right code.
    """
    red: list[str] = []
    stopped: list[str] = []
    red_fe = 0
    owner, attribute = find(mutation.target)
    _forget()
    try:
        with patch.object(owner, attribute, mutation.change(inspect.getattr_static(owner, attribute))):
            for name in mutation.cases:
                try:
                    rows = function(name)()
                except FemsuiteError as error:
                    stopped.append(f"{name}: {error}")
                    continue
                passed = {row.quantity for row in right[name] if row.passed}
                failed = [row for row in rows if not row.passed and row.quantity in passed]
                red += [f"{row.case}: {row.quantity}" for row in failed]
                red_fe += sum(row.path == "FE" for row in failed)
    finally:
        _forget()
    return Verdict(mutation.name, mutation.physics, mutation.target, tuple(red), red_fe, tuple(stopped))


def unguarded(verdicts: Sequence[Verdict]) -> list[str]:
    """Return a sentence for every mutation that survived, and for every physics without a red FE row."""
    faults = [f"no case notices: {verdict.mutation}" for verdict in verdicts if not verdict.caught]
    for physics in dict.fromkeys(verdict.physics for verdict in verdicts):
        if not any(verdict.red_fe for verdict in verdicts if verdict.physics == physics):
            faults.append(f"no mutation of {physics} turns a row of the finite-element path red")
    return faults


def find(target: str) -> tuple[Any, str]:
    """Return the module or class that holds a target, and the attribute's name."""
    module, path = target.split(":")
    *holders, attribute = path.split(".")
    owner: Any = importlib.import_module(f"femsuite.{module}")
    for holder in holders:
        owner = getattr(owner, holder)
    return owner, attribute


def _forget() -> None:
    """Empty every cache of femsuite's modules: what the right code computed must not hide the wrong, nor stay."""
    for name, module in list(sys.modules.items()):
        if name.startswith("femsuite"):
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if callable(clear):
                    clear()
