"""Conductors of simple laws for electric verification, and the coupled problem on one of the small bodies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from femsuite.conditions.sheet import Sheet
from femsuite.conditions.terminal import Terminal
from femsuite.meshing.tagged import Selector, TaggedMesh
from femsuite.physics.electric_current import ElectricCurrent
from femsuite.physics.heat import HeatProblem
from femsuite.verify.thermal_material import isotropic

LORENZ = 2.44e-8
"""W ohm/K^2, of the law of Wiedemann and Franz (Sommerfeld's value)."""


@dataclass(frozen=True)
class LinearMetal:
    """Resistivity ``rho0 (1 + slope (T - reference))``.

    Args:
        resistivity: at ``reference``, ohm m.
        slope: 1/K.
        reference: K.
    """

    resistivity: float
    slope: float = 0.0
    reference: float = 300.0

    def conductivity(self, temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return conductivity, S/m, and its derivative, S/(m K)."""
        value = 1.0 / (self.resistivity * (1.0 + self.slope * (temperature - self.reference)))
        return value, -self.resistivity * self.slope * value**2


@dataclass(frozen=True)
class WiedemannFranz:
    """Conductivity ``k / (L T)``: both kinds of transport by the same electrons.

    Args:
        thermal: k, W/(m K).
    """

    thermal: float

    def conductivity(self, temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return conductivity, S/m, and its derivative, S/(m K)."""
        value = self.thermal / (LORENZ * temperature)
        return value, -value / temperature


@dataclass(frozen=True)
class Patches:
    """One law for each region.

    Args:
        parts: (local cells, law).
    """

    parts: Sequence[tuple[np.ndarray, Any]]

    def conductivity(self, temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return conductivity, S/m, and its derivative, S/(m K)."""
        value, slope = np.zeros_like(temperature), np.zeros_like(temperature)
        for cells, law in self.parts:
            value[cells], slope[cells] = law.conductivity(temperature[cells])
        return value, slope


def coupled(
    tagged: TaggedMesh,
    law: Any,
    terminals: Mapping[str, tuple[Selector, str]],
    conditions: Sequence[Any],
    *,
    thermal: float = 398.0,
    sheets: Mapping[str, Sheet] | None = None,
    conductors: Selector = "*",
    order: int = 2,
    preset: str = "auto",
    axisymmetric: bool = False,
    capacity: float = 3.4e6,
    initial: Any = 300.0,
) -> HeatProblem:
    """Return a heat problem whose body carries current; ``problem.current`` is the potential's.

    Args:
        tagged: the body.
        law: its conductivity.
        terminals: name -> (surface, drive such as ``0.1 V`` or ``20 A``).
        conditions: of heat.
        thermal: conductivity, W/(m K).
        sheets: chips under the metal.
        conductors: regions that carry current.
        order: of both fields.
        preset: of both linear solvers.
        axisymmetric: mesh in (r, z).
        capacity: J/(m^3 K).
        initial: K.
    """
    problem = HeatProblem(
        tagged,
        isotropic(thermal, capacity),
        conditions,
        initial=initial,
        order=order,
        preset=preset,
        axisymmetric=axisymmetric,
    )
    made = {name: Terminal(surface=where, drive=drive) for name, (where, drive) in terminals.items()}
    current = ElectricCurrent(
        tagged,
        law,
        tagged.cells(conductors),
        problem.temperature,
        made,
        sheets,
        order=order,
        axisymmetric=axisymmetric,
        sets=problem.forms.sets,
    )
    problem.couple(current, preset)
    return problem


def kohlrausch(voltage: float, coldest: float = 300.0) -> float:
    """Return the highest temperature between two terminals at one temperature, K, by Kohlrausch's theorem.

    With ``k rho = L T``: ``sqrt(T0^2 + V^2/(4 L))``, whatever the shape.

    Args:
        voltage: V.
        coldest: temperature of both terminals, K.

    Source: F. Kohlrausch, Ann. Phys. 306 (1900) 132; R. Holm, Electric Contacts, 4th ed. (1967), section 14.
    """
    return math.sqrt(coldest**2 + voltage**2 / (4.0 * LORENZ))
