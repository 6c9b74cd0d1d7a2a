"""Checks of a study's currents that need no mesh: terminals exist, and something fixes the potential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from femsuite.conditions.terminal import Drive, read_drive
from femsuite.errors import unknown
from femsuite.study.faults import Faults
from femsuite.study.references import table, tables


def check_electric(data: Mapping[str, Any], faults: Faults) -> None:
    """Add the faults between ``[electric]``, ``[heat]`` and the stages."""
    electric, terminals = table(data.get("electric")), table(table(data.get("electric")).get("terminals"))
    if "electric" in data and "heat" not in data:
        faults.add(("electric",), "a current needs a [heat] table: its heat must go somewhere")
    own = {name: _drive(table(one).get("drive")) for name, one in terminals.items()}
    for place, stage in tables(data.get("stages")):
        fed = table(stage.get("terminals"))
        if fed and "electric" not in data:
            faults.add(("stages", place, "terminals"), "a stage that feeds terminals needs an [electric] table")
            continue
        for name in fed:
            if name not in terminals:
                faults.add(("stages", place, "terminals", name), unknown("terminal", name, terminals))
        if stage.get("type") not in ("steady", "transient", "power_cycles") or electric.get("sheets"):
            continue
        given = {**own, **{name: _drive(_first(value)) for name, value in fed.items()}}
        driven = [name for name, drive in given.items() if drive is not None and drive.value]
        if driven and not any(drive is not None and drive.kind == "voltage" for drive in given.values()):
            sentence = (
                f"the current of '{driven[0]}' has nowhere to go: no terminal is held at a voltage, such as "
                'ground = "0 V", and there is no sheet'
            )
            faults.add(("stages", place, "terminals") if fed else ("electric", "terminals"), sentence)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _drive(value: Any) -> Drive | None:
    try:
        return read_drive(value)
    except ValueError:  # told of where the table is read
        return None
