"""Temperatures that a model cannot have: regions above their melting point are told of, absurd ones end the run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from femsuite import parallel
from femsuite.errors import SolveError
from femsuite.model import Model

HIGHEST = 3700.0
"""K: tungsten, the last solid, has melted."""
MELTING = ("solidus", "melting_temperature")


@dataclass(frozen=True)
class Overheated:
    """A region that was hotter than its material's melting point.

    Attributes:
        region, material: which, and of what.
        state: where it was hottest.
        temperature: there, K.
        melts: solidus or melting point, K.
    """

    region: str
    material: str
    state: str
    temperature: float
    melts: float

    @property
    def sentence(self) -> str:
        """What to say of it."""
        return (
            f"{self.region} reaches {self.temperature - 273.15:.0f} degC at {self.state}, above the melting point of "
            f"{self.material} ({self.melts - 273.15:.0f} degC). It is kept solid: what hangs on it means nothing."
        )


class Thermometer:
    """Watches the hottest point of every region. Collective.

    Args:
        model: with heat.

    Attributes:
        worst: region -> where it was hottest beyond its melting point.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._regions: list[tuple[str, str, float, np.ndarray]] = []
        self.worst: dict[str, Overheated] = {}
        if model.heat is None:
            return
        dofs = model.heat.temperature.function_space.dofmap.list
        for name, one in model.materials.assignments.items():
            known = [key for key in MELTING if key in one.material.properties]
            melts = float(one.material.property(known[0])(np.array(298.15))) if known else np.inf
            self._regions.append((name, one.material.name, melts, np.unique(dofs[model.materials.cells[name]])))

    def read(self, state: str) -> None:
        """Read the present temperatures.

        Raises:
            SolveError: a temperature lies below absolute zero or above any solid's melting point.
        """
        heat = self._model.heat
        if heat is None:
            return
        values, comm = heat.temperature.x.array, self._model.tagged.mesh.comm
        hottest = np.array([values[nodes].max(initial=-np.inf) for *_, nodes in self._regions])
        hottest = np.asarray(parallel.largest(hottest, comm))
        coldest = float(parallel.smallest(np.array([values.min(initial=np.inf)]), comm)[0])
        top = int(np.argmax(hottest))
        if coldest < 0.0 or not hottest[top] <= HIGHEST:
            what = f"{hottest[top]:.4g} K in {self._regions[top][0]}"
            if coldest < 0.0:
                what = f"{coldest:.4g} K, below absolute zero"
            raise SolveError(
                f"{state}: the temperature comes out as {what}; no solid exists there. Check the powers of sources, "
                "the currents of terminals and the unit of every film coefficient, area and size."
            )
        for (name, material, melts, _), value in zip(self._regions, hottest, strict=True):
            if value > melts and (name not in self.worst or value > self.worst[name].temperature):
                self.worst[name] = Overheated(name, material, state, float(value), melts)

    @property
    def sentences(self) -> list[str]:
        """What must be said of the run: one sentence for each region that was too hot."""
        return [one.sentence for one in self.worst.values()]
