"""Mutations of the current: conductivity, heat given off, drives, films without cells."""

from __future__ import annotations

from typing import Any

from femsuite.verify.mutation import Mutation


def _better_conductor(right: Any) -> Any:
    def wrong(self: Any) -> None:
        right(self)
        self.conductivity.function.x.array[:] *= 1.05
        self.version += 1

    return wrong


def _films_conduct_better(right: Any) -> Any:
    def wrong(self: Any, temperature: Any) -> Any:
        right(self, temperature)
        for value in self.values.values():
            value.x.array[:] *= 1.05
        return True, False

    return wrong


def _stiffer_films(right: Any) -> Any:
    def wrong(self: Any, temperature: float) -> None:
        right(self, temperature)
        self.modulus.value = 1.2 * float(self.modulus.value)

    return wrong


def _more_heat(right: Any) -> Any:
    def wrong(self: Any) -> Any:
        load = right(self)
        load.scale(1.05)
        return load

    return wrong


def _fed_less(right: Any) -> Any:
    def wrong(self: Any, factor: float) -> Any:
        return right(self, 0.95 * factor)

    return wrong


ELECTRIC: tuple[Mutation, ...] = (
    Mutation(
        "conductivity x 1.05", "electric", "physics.electric_current:ElectricCurrent.refresh", _better_conductor,
        ("electric.J-6",),
    ),
    Mutation(
        "heat of the current x 1.05", "electric", "physics.electric_current:ElectricCurrent.heat_load", _more_heat,
        ("electric.J-1",),
    ),
    Mutation("drives x 0.95", "electric", "conditions.terminal:Drive.times", _fed_less, ("electric.J-4",)),
    Mutation(
        "films without cells conduct 1.05 times as well", "electric", "physics.coatings:NodalProperty.refresh",
        _films_conduct_better, ("via.films",),
    ),
    Mutation(
        "films without cells 1.2 times as stiff", "electric", "physics.membranes:_Film.set_constants", _stiffer_films,
        ("via.films",),
    ),
)  # fmt: skip
