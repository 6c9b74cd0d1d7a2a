"""The state of a mechanics problem as functions and plain facts, so that another process can take it up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from dolfinx import fem

from femsuite.physics.quadrature import PointFunction, Points
from femsuite.solve.guess import Guess

if TYPE_CHECKING:
    from femsuite.physics.mechanics import MechanicsProblem

INTERNAL = "internal_"
"""What the names of the laws' internal variables begin with."""


def renew(problem: MechanicsProblem) -> None:
    """Forget what only speeds the solves up: preconditioner, assembled tangent and guesses. Collective.

    A run goes on from here as one that was read from a checkpoint here does, to the last digit.
    """
    problem.solver.close()
    problem._assembled, problem._guess = None, Guess()


def held_by(problem: MechanicsProblem) -> tuple[dict[str, fem.Function], dict[str, Any]]:
    """Return everything an increment starts from: functions by name, and facts that JSON can hold."""
    functions = {"displacement": problem.displacement}
    if problem._increment is not None:
        functions["increment"] = fem.Function(problem.space)
        functions["increment"].x.array[:] = problem._increment
    for name, values in _arrays(problem).items():
        functions[name] = at_points(problem.points, values)
    facts = {
        "load": float(problem._load[0]),
        "scale": [float(size) for size in problem._scale],
        "absent": sorted(problem.presence.absent),
        "increment": problem._increment is not None,
    }
    return functions, facts


def take_up(
    problem: MechanicsProblem, read: Callable[[Mapping[str, fem.Function]], Any], facts: Mapping[str, Any]
) -> None:
    """Put a problem into the state that `held_by` gave. Collective.

    Args:
        problem: newly built from the same study on the same mesh, on any number of ranks.
        read: fills functions by their names.
        facts: those of `held_by`.

    Raises:
        InputError: what ``read`` raises; the problem is then as it was.
    """
    arrays = _arrays(problem)
    functions = {name: at_points(problem.points, values) for name, values in arrays.items()}
    names = ("displacement", *(["increment"] if facts["increment"] else []))
    nodal = {name: fem.Function(problem.space) for name in names}
    read({**nodal, **functions})
    for name, values in arrays.items():
        values[:] = from_points(problem.points, functions[name], values.shape)
    problem.displacement.x.array[:] = nodal["displacement"].x.array
    problem._increment = nodal["increment"].x.array.copy() if "increment" in nodal else None
    problem._load[0] = facts["load"]
    problem._scale[:] = facts["scale"]
    renew(problem)
    if facts["absent"] or problem.presence.absent:
        problem.presence.absent = frozenset()
        problem.change(gone=facts["absent"])  # holds what belongs to no region where it lies now


def at_points(points: Points, values: np.ndarray) -> fem.Function:
    """Return (cells, points) or (cells, points, components) numbers as a function that a checkpoint keeps."""
    components = values.shape[2] if values.ndim == 3 and values.shape[2] > 1 else 0
    made = PointFunction(points, components)
    made.fill(values)
    return made.function


def from_points(points: Points, function: fem.Function, shape: tuple[int, ...]) -> np.ndarray:
    """Return the numbers of a function that `at_points` made, in the shape that they had."""
    rows = function.function_space.dofmap.list.ravel()
    return function.x.array.reshape(len(rows), -1)[rows].reshape(shape)


def _arrays(problem: MechanicsProblem) -> dict[str, np.ndarray]:
    return {
        "stress": problem.stress,
        "strain": problem.strain,
        "point_temperature": problem.temperature,
        "stress_free_temperature": problem._free_temperature,
        **{INTERNAL + name: values for name, values in problem.internal.items()},
    }
