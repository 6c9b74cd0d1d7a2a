"""Named parts of a field: ``displacement.z``, ``stress.von_mises``, as UFL expressions and on arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx.fem import Function

from femsuite.errors import InputError, unknown
from femsuite.results.names import AXES, FIELD_UNITS, VOIGT


@dataclass(frozen=True)
class Component:
    """A scalar made of a field.

    Attributes:
        name: e.g. ``stress.von_mises``.
        unit: SI.
        function: the field.
        expression: the scalar as UFL.
        evaluate: the scalar of values of shape (n, *value shape), as (n,).
    """

    name: str
    unit: str
    function: Function
    expression: Any
    evaluate: Callable[[np.ndarray], np.ndarray]


def component(name: str, functions: Mapping[str, Function]) -> Component:
    """Return the scalar that a name such as ``stress.von_mises`` means.

    Scalars need no part. Vectors: ``x``, ``y``, ``z``, ``magnitude``. Symmetric tensors (Voigt vectors of six or full):
    ``xx`` ... ``xy``, ``von_mises``, ``mean``, ``principal_1`` (largest) to ``principal_3`` (nodal values only).

    Raises:
        InputError: for an unknown field or part; names what there is.
    """
    field, _, part = name.partition(".")
    if field not in functions:
        raise InputError(unknown("field", field, functions))
    function = functions[field]
    shape = tuple(function.function_space.value_shape)
    parts = _parts(function, shape)
    if shape == ():
        if part:
            raise InputError(f"the field '{field}' is a scalar and has no part '{part}'")
        expression, evaluate = function, np.asarray
    elif part not in parts:
        sentence = unknown("part", part, parts) if part else f"one part is needed: {', '.join(parts)}."
        raise InputError(f"the field '{field}' has several components: {sentence}")
    else:
        expression, evaluate = parts[part]
    return Component(name, FIELD_UNITS.get(field, ""), function, expression, evaluate)


def _parts(function: Function, shape: tuple[int, ...]) -> dict[str, tuple[Any, Any]]:
    parts: dict[str, tuple[Any, Any]]
    if len(shape) == 1 and shape[0] <= 3:
        parts = {axis: (function[i], lambda values, i=i: values[:, i]) for i, axis in enumerate(AXES[: shape[0]])}
        parts["magnitude"] = (
            ufl.sqrt(ufl.inner(function, function)),
            lambda values: np.linalg.norm(values, axis=1),
        )
        return parts
    if shape not in ((6,), (3, 3)):
        return {}
    index = {name: i for i, name in enumerate(VOIGT)} if shape == (6,) else {}
    pairs = dict(zip(VOIGT, ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)), strict=True))
    ufl_of = {name: function[index[name]] if index else function[pairs[name]] for name in VOIGT}

    def voigt(values: np.ndarray) -> np.ndarray:
        return values if shape == (6,) else np.stack([values[:, i, j] for i, j in pairs.values()], axis=1)

    parts = {name: (ufl_of[name], lambda values, i=i: voigt(values)[:, i]) for i, name in enumerate(VOIGT)}
    xx, yy, zz, yz, xz, xy = (ufl_of[name] for name in VOIGT)
    mises = ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) / 2 + 3 * (yz**2 + xz**2 + xy**2)
    parts["von_mises"] = (ufl.sqrt(mises), lambda values: von_mises(voigt(values)))
    parts["mean"] = ((xx + yy + zz) / 3, lambda values: voigt(values)[:, :3].mean(axis=1))
    for number in (1, 2, 3):
        parts[f"principal_{number}"] = (None, lambda values, n=number: principal(voigt(values))[:, n - 1])
    return parts


def von_mises(voigt: np.ndarray) -> np.ndarray:
    """Return the von Mises stress of Voigt stresses (n, 6), shape (n,)."""
    xx, yy, zz, yz, xz, xy = voigt.T
    return np.sqrt(0.5 * ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) + 3.0 * (yz**2 + xz**2 + xy**2))


def principal(voigt: np.ndarray) -> np.ndarray:
    """Return the principal stresses of Voigt stresses (n, 6), largest first, shape (n, 3)."""
    return np.linalg.eigvalsh(voigt[:, [0, 5, 4, 5, 1, 3, 4, 3, 2]].reshape(-1, 3, 3))[:, ::-1]
