"""Arithmetic in material files: a small expression language over numpy, safe to read from any file."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Values = Mapping[str, Any]
Evaluator = Callable[[Values], Any]

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
# Comparisons look at real parts, so that a complex step does not change which branch is taken.
_COMPARISONS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Lt: lambda a, b: a.real < b.real,
    ast.LtE: lambda a, b: a.real <= b.real,
    ast.Gt: lambda a, b: a.real > b.real,
    ast.GtE: lambda a, b: a.real >= b.real,
}
_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "exp": (1, np.exp),
    "log": (1, np.log),
    "sqrt": (1, np.sqrt),
    "tanh": (1, np.tanh),
    "where": (3, np.where),
}
_LONGEST = 2000


class FormulaError(ValueError):
    """The expression cannot be used; the message is a sentence."""


class Formula:
    """A compiled expression of named numbers or arrays.

    Allowed are numbers, names, ``+ - * / **``, parentheses, ``exp log sqrt tanh`` and
    ``where(condition, then, else)`` with one ``< <= > >=`` in the condition.

    Args:
        text: the expression.

    Raises:
        FormulaError: for anything else; nothing of the text is ever executed as Python.
    """

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise FormulaError(f"the expression is longer than {_LONGEST} characters")
        try:
            tree = ast.parse(text.strip(), mode="eval")
            names: set[str] = set()
            self._evaluate = _compile(tree.body, names)
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise FormulaError(f"'{text}' is not an expression") from error
        except ValueError as error:
            raise FormulaError(f"'{text}' cannot be used: {error}") from error
        self.text = text
        self.names = frozenset(names)

    def __reduce__(self) -> tuple[type[Formula], tuple[str]]:
        return type(self), (self.text,)  # compiled parts do not travel between ranks

    def __call__(self, values: Values) -> Any:
        """Return the value for the given numbers or arrays, one for each of ``names``."""
        return self._evaluate(values)

    def derivative(self, values: Values, name: str) -> Any:
        """Return d(expression)/d(name), by a complex step: exact to rounding (Squire & Trapp, SIAM Rev. 40, 1998)."""
        step = 1e-40
        return np.imag(self._evaluate({**values, name: np.asarray(values[name]) + 1j * step})) / step


def _compile(node: ast.AST, names: set[str]) -> Evaluator:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise ValueError(f"{node.value!r} is not a number")
        number = np.float64(node.value)  # numpy's power returns inf where Python's would run for hours
        return lambda values: number
    if isinstance(node, ast.Name):
        name = node.id
        if name in _FUNCTIONS:
            raise ValueError(f"the function '{name}' needs its arguments in parentheses")
        names.add(name)
        return lambda values: values[name]
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        apply, operand = _OPERATORS[type(node.op)], _compile(node.operand, names)
        return lambda values: apply(operand(values))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        apply, left, right = _OPERATORS[type(node.op)], _compile(node.left, names), _compile(node.right, names)
        return lambda values: apply(left(values), right(values))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
        apply = _COMPARISONS[type(node.ops[0])]
        left, right = _compile(node.left, names), _compile(node.comparators[0], names)
        return lambda values: apply(left(values), right(values))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _call(node.func.id, node.args, names)
    raise ValueError(f"'{ast.unparse(node)}' is not arithmetic")


def _call(name: str, arguments: list[ast.expr], names: set[str]) -> Evaluator:
    if name not in _FUNCTIONS:
        raise ValueError(f"there is no function '{name}'; allowed: {', '.join(_FUNCTIONS)}")
    count, apply = _FUNCTIONS[name]
    if len(arguments) != count:
        raise ValueError(f"'{name}' takes {count} argument{'s' if count > 1 else ''}, not {len(arguments)}")
    if name == "where" and not isinstance(arguments[0], ast.Compare):
        raise ValueError("the first argument of 'where' is a comparison such as T < 400")
    parts = [_compile(argument, names) for argument in arguments]
    return lambda values: apply(*(part(values) for part in parts))
