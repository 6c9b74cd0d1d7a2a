"""The whole state of a mechanics problem as arrays and facts: to be written to a file, and to go on from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from dolfinx import fem

from femsuite.material.laws import LawField
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.solve.guess import Guess

SEPARATOR = "\n"
"""Between the names of absent regions; no name holds it."""


def functions(mechanics: MechanicsProblem) -> dict[str, fem.Function]:
    """Return the functions of the state, by name."""
    films = {} if mechanics.membranes is None else mechanics.membranes.functions()
    return {"displacement": mechanics.displacement, "increment": mechanics.increment, **films}


def numbers(mechanics: MechanicsProblem) -> dict[str, np.ndarray]:
    """Return the numbers at points, name -> (cells, points, ...), not copied: filling them sets the state."""
    own = {
        "stress": mechanics.stress,
        "strain": mechanics.strain,
        "point temperature": mechanics.temperature,
        "stress-free temperature": mechanics._free_temperature,
    }
    own |= {} if mechanics.membranes is None else mechanics.membranes.numbers()
    return own | {f"internal {name}": values for name, values in mechanics.internal.items()}


def facts(mechanics: MechanicsProblem) -> dict[str, float | str]:
    """Return what else the state consists of."""
    norm, total = mechanics.scales
    return {
        "load": mechanics.load,
        "scale norm": norm,
        "scale sum": total,
        "absent": SEPARATOR.join(sorted(mechanics.presence.absent)),
        **({} if mechanics.membranes is None else mechanics.membranes.facts()),
    }


def resume(mechanics: MechanicsProblem, found: Mapping[str, Any]) -> None:
    """Take up the state whose functions and numbers are filled in already. Collective.

    Args:
        mechanics: as built from the same study.
        found: as `facts` gave them.
    """
    mechanics._load[0] = float(found["load"])
    mechanics._scale.values[:] = float(found["scale norm"]), float(found["scale sum"])
    if mechanics.membranes is not None:
        mechanics.membranes.resume(found)
    absent = frozenset(name for name in str(found["absent"]).split(SEPARATOR) if name)
    if absent or mechanics.presence.absent:
        assert isinstance(mechanics.law, LawField)  # no other law lets regions be absent
        mechanics.presence.absent = mechanics.law.asleep = absent
        mechanics.presence.change((), ())
        mechanics.solver.close()
        mechanics._prepare()
    forget(mechanics)


def forget(mechanics: MechanicsProblem) -> None:
    """Drop what earlier increments left behind to speed up later ones: guesses, matrix, preconditioner.

    A run that does so wherever it could be taken up takes the same path as one that is taken up there.
    """
    mechanics.tangent.assembled = None
    mechanics._guess = Guess()
    mechanics.solver.forget()
