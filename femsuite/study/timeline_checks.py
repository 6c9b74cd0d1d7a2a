"""Checks of a process: regions are born before they melt or go, and time passes where a law depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from femsuite.material.laws import RATE
from femsuite.study.faults import Faults
from femsuite.study.references import table, tables

PROCESS = ("ramp", "hold", "cycles", "power_cycles")
"""The kinds of stages that make up a process."""
_EVENTS = (("born", True), ("killed", False), ("melted", False))


def check_timeline(data: Mapping[str, Any], faults: Faults) -> None:
    """Add the faults of the stages' course."""
    _check_presence(data, faults)
    rated = [str(table(one)["law"]) for one in table(data.get("regions")).values() if table(one).get("law") in RATE]
    last = max((place for place, _ in tables(data.get("stages"))), default=0)
    for place, stage in tables(data.get("stages")):
        if "stable" in stage and place < last:
            faults.add(("stages", place, "stable"), "a stage that ends when its loop is stable must be the last one")
        if rated and stage.get("type") == "ramp" and "duration" not in stage:
            faults.add(
                ("stages", place, "duration"),
                f"this key is missing: the law '{rated[0]}' depends on time, so a ramp must say how long it takes",
            )


def _check_presence(data: Mapping[str, Any], faults: Faults) -> None:
    events = [
        (("stages", place, key, number), name, lives)
        for place, stage in tables(data.get("stages"))
        for key, lives in _EVENTS
        for number, name in enumerate(_listed(stage.get(key)))
        if isinstance(name, str)
    ]
    present: dict[str, bool] = {}
    for _, name, lives in events:
        present.setdefault(name, not lives)  # what is born first does not exist at the start; anything else does
    for path, name, lives in events:
        if lives and present[name]:
            faults.add(path, f"'{name}' exists already; an earlier stage must let it melt or kill it first")
        elif not lives and not present[name]:
            faults.add(path, f"'{name}' does not exist in this stage: it is not born yet, or gone already")
        present[name] = lives


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
