"""Curves over temperature: a constant, a table, an expression. Each has a value, a derivative and an integral."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from femsuite.errors import InputError
from femsuite.material.antiderivative import Antiderivative
from femsuite.material.formula import Formula

Range = tuple[float, float]


class Curve(Protocol):
    """A number that may depend on the temperature in K; arrays of any shape in, the same shape out."""

    natural_range: Range | None
    """Where the curve is known from its data alone (a table's ends); None if its data do not say."""
    constant: bool

    def value(self, temperature: np.ndarray) -> np.ndarray:
        """Return the value at each temperature."""
        ...

    def derivative(self, temperature: np.ndarray) -> np.ndarray:
        """Return d(value)/dT; at a table's point the slope to its right."""
        ...

    def integral(self, temperature: np.ndarray) -> np.ndarray:
        """Return the integral of the value over T from one origin, the same in every call."""
        ...


class Constant:
    """The same value at every temperature."""

    natural_range: Range | None = None
    constant: bool = True

    def __init__(self, number: float) -> None:
        self.number = number

    def value(self, temperature: np.ndarray) -> np.ndarray:
        """Return the number at each temperature."""
        return np.full(np.shape(temperature), self.number)

    def derivative(self, temperature: np.ndarray) -> np.ndarray:
        """Return zeros."""
        return np.zeros(np.shape(temperature))

    def integral(self, temperature: np.ndarray) -> np.ndarray:
        """Return number * T."""
        return self.number * np.asarray(temperature, dtype=np.float64)


class Table:
    """Piecewise linear between points; beyond the ends the end value goes on.

    Args:
        temperatures: K, strictly rising, (n,) with n >= 2.
        values: (n,).
    """

    natural_range: Range | None
    constant: bool = False

    def __init__(self, temperatures: np.ndarray, values: np.ndarray) -> None:
        self.temperatures = np.asarray(temperatures, dtype=np.float64)
        self.values = np.asarray(values, dtype=np.float64)
        self.natural_range = (float(self.temperatures[0]), float(self.temperatures[-1]))
        steps = np.diff(self.temperatures)
        self._slopes = np.concatenate([[0.0], np.diff(self.values) / steps, [0.0]])
        areas = 0.5 * (self.values[1:] + self.values[:-1]) * steps
        # piece 0 lies before the first point, piece i between points i-1 and i, the last one after the last point
        self._starts = np.concatenate([self.temperatures[:1], self.temperatures])
        self._start_values = np.concatenate([self.values[:1], self.values])
        self._start_integrals = np.concatenate([[0.0, 0.0], np.cumsum(areas)])

    def _piece(self, temperature: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.temperatures, temperature, side="right")

    def value(self, temperature: np.ndarray) -> np.ndarray:
        """Return the interpolated value."""
        return np.interp(temperature, self.temperatures, self.values)

    def derivative(self, temperature: np.ndarray) -> np.ndarray:
        """Return the slope of the piece; zero beyond the ends."""
        return self._slopes[self._piece(np.asarray(temperature))]

    def integral(self, temperature: np.ndarray) -> np.ndarray:
        """Return the exact integral from the first point: quadratic in each piece."""
        piece = self._piece(np.asarray(temperature))
        offset = temperature - self._starts[piece]
        return self._start_integrals[piece] + offset * (self._start_values[piece] + 0.5 * self._slopes[piece] * offset)


class Expression:
    """A formula of ``T`` (K) and named numbers.

    Args:
        formula: the compiled expression.
        parameters: the value of each name in it but ``T``.
        factor: turns the formula's unit into SI.
    """

    natural_range: Range | None = None

    def __init__(self, formula: Formula, parameters: Mapping[str, float], factor: float = 1.0) -> None:
        self.formula = formula
        self.parameters = {name: np.float64(value) for name, value in parameters.items()}
        self.factor = factor
        self.constant: bool = "T" not in formula.names
        self._integral = Antiderivative(self.value)

    def __reduce__(self) -> tuple[type[Expression], tuple[Formula, Mapping[str, float], float]]:
        return type(self), (self.formula, self.parameters, self.factor)

    def _values(self, temperature: np.ndarray) -> dict[str, Any]:
        return {**self.parameters, "T": np.asarray(temperature, dtype=np.float64)}

    def value(self, temperature: np.ndarray) -> np.ndarray:
        """Return the formula's value."""
        with np.errstate(all="ignore"):
            result = self.factor * self.formula(self._values(temperature))
        return result if np.shape(result) == np.shape(temperature) else np.full(np.shape(temperature), result)

    def derivative(self, temperature: np.ndarray) -> np.ndarray:
        """Return the formula's derivative, exact to rounding."""
        if self.constant:
            return np.zeros(np.shape(temperature))
        with np.errstate(all="ignore"):
            result = self.factor * self.formula.derivative(self._values(temperature), "T")
        return result if np.shape(result) == np.shape(temperature) else np.full(np.shape(temperature), result)

    def integral(self, temperature: np.ndarray) -> np.ndarray:
        """Return the integral from 300 K, to about 1e-12 relative.

        Raises:
            InputError: if the formula is not finite on the way.
        """
        try:
            return self._integral(temperature)
        except FloatingPointError as error:
            raise InputError(f"the expression '{self.formula.text}' cannot be integrated: {error}") from error
