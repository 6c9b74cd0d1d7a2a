"""What is kept of every state: fields for ParaView, numbers for the table, topographs, balances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.errors import SolveError
from femsuite.model import Model
from femsuite.overheating import Overheated, Thermometer
from femsuite.physics.current_shares import evenness
from femsuite.results import checkpoint
from femsuite.results.fields import FieldWriter
from femsuite.results.folder import RunFolder
from femsuite.results.quantities import Number
from femsuite.results.state import State
from femsuite.results.table import Column, Table, add_state
from femsuite.topograph.measures import UNITS, remarks
from femsuite.topograph.radiograph import LIMITS, Radiograph, take_radiograph
from femsuite.topograph.run import Topograph, TopographModel

# Largest relative imbalance that a run may have; heat is looser because radiation and k(T) make it nonlinear.
TOLERANCES: Mapping[str, float] = {
    "balance.heat": 1e-6,
    "balance.current": 1e-10,
    "balance.electric_power": 1e-8,
    "balance.force": 1e-8,
    "balance.moment": 1e-8,
    **LIMITS,
}
PHYSICS: Mapping[str, str] = {
    "balance.heat": "heat",
    "balance.current": "electric",
    "balance.electric_power": "electric",
}


@dataclass
class Records:
    """What the states of a run left behind.

    Attributes:
        table: one row per state.
        topographs: of the states that were imaged; empty on every rank but the first.
        topograph_labels: their labels, on every rank.
        balances: name -> the worst relative imbalance of all states.
        radiograph: of the undeformed body, None if the study asks for none.
    """

    table: Table = field(default_factory=Table)
    topographs: list[Topograph] = field(default_factory=list)
    topograph_labels: list[str] = field(default_factory=list)
    balances: dict[str, float] = field(default_factory=dict)
    radiograph: Radiograph | None = None


class Recorder:
    """Takes every state in turn. Collective.

    Args:
        model: what is solved.
        folder: where files go.
        topograph: images the states of its stages; None without.
    """

    def __init__(self, model: Model, folder: RunFolder, topograph: TopographModel | None) -> None:
        self.model, self.folder, self.topograph = model, folder, topograph
        self.records = Records()
        self.thermometer = Thermometer(model)
        self.pictured: list[State] = []
        self._measures: list[Mapping[str, float]] = []
        self._failures: list[Mapping[str, float]] = []
        self._electric: list[Mapping[str, float]] = []
        self._films: list[Mapping[str, float]] = []
        self.ways: list[Mapping[str, Mapping[str, float]]] = []
        """Of every state: place where the current divides -> face -> A."""
        self._writer: FieldWriter | None = None
        self._last: State | None = None

    def take(self, state: State) -> None:
        """Keep one state.

        Raises:
            SolveError: when heat, force or moment do not balance, or a temperature cannot be.
        """
        monitor = self.model.monitor
        self.thermometer.read(state.label)
        with monitor.phase("balances"):
            self._balance(state)
        with monitor.phase("quantities"):
            self.records.table = add_state(self.records.table, state, self.model.study.quantities, self.model.tagged)
        with monitor.phase("failure measures"):
            self._failures.append(failures(self.model))
        with monitor.phase("quantities"):
            self._electric.append(electric(self.model) if solved(self.model, state) else {})
            self._films.append(membranes(self.model))
            self.ways.append(divided(self.model) if solved(self.model, state) else {})
        with monitor.phase("topographs"):
            self._image(state)
        if self.model.study.output.states == "all":
            self.write(state)
        self.pictured.append(frozen(state, self.model.study.output.drawn))
        self._last = state

    def expose(self) -> None:
        """Take the radiograph that the study asks for, if it does.

        Raises:
            SolveError: when the volumes that its rays find are not those of the mesh.
        """
        options = self.model.study.radiograph
        if options is None:
            return
        materials = {name: one.material for name, one in self.model.materials.assignments.items()}
        with self.model.monitor.phase("radiograph"):
            taken = take_radiograph(self.model.tagged, materials, options)
        self.records.radiograph = taken
        self.records.balances.update(taken.balances)
        for name, value in taken.balances.items():
            if not value <= LIMITS[name]:
                raise SolveError(
                    f"{name}: the volumes that the radiograph finds miss those of the mesh by {value:.3g}, above "
                    f"{LIMITS[name]:g}. The mesh has holes or overlaps; mesh the geometry again, or repair its file."
                )

    def close(self) -> None:
        """Write what is written of the last state only: its fields if the study asks for no more, and the checkpoint.

        The fields of a state are those of the model, which has stayed in the last one.
        """
        output, last = self.model.study.output, self._last
        if last is None:
            return
        if output.states == "last":
            self.write(last)
        if output.checkpoint:
            with self.model.monitor.phase("checkpoint"):
                kept = {
                    name: function
                    for name, function in (("temperature", last.temperature), ("displacement", last.displacement))
                    if function is not None
                }
                facts: dict[str, float | str] = {"label": last.label, "stage": last.stage, "time": last.time}
                checkpoint.write(self.folder / "checkpoint" / "state.h5", self.model.tagged.mesh, kept, facts)

    def write(self, state: State) -> None:
        """Write the state's field files."""
        with self.model.monitor.phase("field files"):
            self._fields().write(state)

    def _fields(self) -> FieldWriter:
        if self._writer is None:
            wanted = self.model.study.output.fields
            self._writer = FieldWriter(self.folder / "fields", self.model.tagged, wanted)
        return self._writer

    def memory(self) -> dict[str, Any]:
        """Return as plain data what is held of the last state, on the first rank with its topograph's measures."""
        table = self.records.table
        return {
            "label": table.labels[-1],
            "stage": table.stages[-1],
            "columns": [asdict(one) for one in table.columns.values()],
            "row": {name: float(values[-1]) for name, values in table.values.items()},
            "failures": {name: float(value) for name, value in self._failures[-1].items()},
            "electric": {name: float(value) for name, value in self._electric[-1].items()},
            "films": {name: float(value) for name, value in self._films[-1].items()},
            "ways": {name: dict(one) for name, one in self.ways[-1].items()},
            "measures": {name: float(value) for name, value in self._measures[-1].items()},
            "balances": {name: float(value) for name, value in self.records.balances.items()},
            "overheated": [asdict(one) for one in self.thermometer.worst.values()],
            "field": self._writer.states[-1] if self._writer is not None else None,
        }

    def recall(
        self,
        memories: Sequence[Mapping[str, Any]],
        pictured: Sequence[State],
        topographs: Sequence[Topograph],
        last: State,
    ) -> None:
        """Hold again what was held after states of an earlier process.

        Args:
            memories: from `memory`, one for each state.
            pictured: the states with the fields of their pictures.
            topographs: on the first rank; none elsewhere.
            last: the state that the model is in.
        """
        recent = memories[-1]
        columns = {one["name"]: Column(**one) for one in recent["columns"]}
        self.records.table = Table(
            columns,
            tuple(one["label"] for one in memories),
            tuple(one["stage"] for one in memories),
            {name: np.array([one["row"].get(name, np.nan) for one in memories]) for name in columns},
        )
        self.records.balances = dict(recent["balances"])
        self.records.topographs = list(topographs)
        self.records.topograph_labels = [one["label"] for one in memories if one["imaged"]]
        self._failures = [one["failures"] for one in memories]
        self._electric = [one["electric"] for one in memories]
        self._films = [one["films"] for one in memories]
        self.ways = [one["ways"] for one in memories]
        self._measures = [one["measures"] for one in memories]
        self.thermometer.worst = {one["region"]: Overheated(**one) for one in recent["overheated"]}
        self.pictured, self._last = list(pictured), last
        written = [one["field"] for one in memories if one["field"] is not None]
        if written:
            self._fields().states = [(float(time), label, file) for time, label, file in written]
        if self.topograph is not None and topographs:
            self.topograph.start_from(topographs[0])

    def table(self) -> Table:
        """Return the table with the columns that failure measures and topographs add."""
        table = self.records.table
        study = self.model.study
        for name, (unit, over) in study.coating_columns().items():
            table = table.with_column(name, unit, [one.get(name, np.nan) for one in self._films], over)
        for name, (unit, over) in study.electric.columns().items() if study.electric is not None else ():
            table = table.with_column(name, unit, [one.get(name, np.nan) for one in self._electric], over)
        for options in self.model.study.failures:
            for name, (unit, over) in options.columns().items():
                table = table.with_column(name, unit, [one.get(name, np.nan) for one in self._failures], over)
        names = parallel.broadcast(list(dict.fromkeys(name for one in self._measures for name in one)))
        measures = parallel.broadcast([dict(one) for one in self._measures])
        for name in names:
            values = [one.get(name, np.nan) for one in measures]
            table = table.with_column(name, UNITS.get(name, "m"), values, over="topograph")
        return table

    def remarks(self) -> list[str]:
        """Return what must be said of the topographs' measures, on the first rank; nothing on the others."""
        if self.topograph is None:
            return []
        options, extent = self.topograph.options, self.topograph.die.high - self.topograph.die.low
        measured = [(one.label, one.measures) for one in self.records.topographs if one.measures]
        size = {"along": float(extent[0]), "across": float(extent[1])}
        return remarks(measured, size, options.projection.visible, options.contrast.threshold)

    def imaged(self, state: State) -> bool:
        """Return whether the study asks for a topograph of the state."""
        options = self.model.study.topograph
        stages = [stage.name for stage in self.model.study.stages]
        return self.topograph is not None and options is not None and options.applies_to(state.stage, stages)

    def _image(self, state: State) -> None:
        if self.topograph is None or not self.imaged(state):
            self._measures.append({})
            return
        assert state.displacement is not None
        picture = self.topograph.image(state.displacement, state.label)
        self.records.topograph_labels.append(state.label)
        if picture is not None:
            self.records.topographs.append(picture)
        self._measures.append(picture.measures if picture is not None else {})

    def _balance(self, state: State) -> None:
        found = balances(self.model, solved=solved(self.model, state))
        for name, value in found.items():
            self.records.balances[name] = max(self.records.balances.get(name, 0.0), value)
            allowed = TOLERANCES.get(name)
            if allowed is not None and not value <= allowed:
                physics = PHYSICS.get(name, "mechanics")
                raise SolveError(
                    f"{name} at {state.stage}, {state.label}: the imbalance is {value:.3g} of the whole, above "
                    f'{allowed:g}. The solve is not accurate enough; try solver.{physics} = "direct" or a finer mesh.'
                )


def solved(model: Model, state: State) -> bool:
    """Return whether the state's temperature follows from its loads.

    That of a uniform stage does not, nor that where a transient starts, whose loads have only just come on.
    """
    stage = next(stage for stage in model.study.stages if stage.name == state.stage)
    return stage.type in ("steady", "power_cycles") or (stage.type == "transient" and state.values["time"] > 0.0)


def balances(model: Model, solved: bool = True) -> dict[str, float]:
    """Return the relative imbalances of the model's present state: heat, force, moment, the recovered flux's gap.

    Args:
        model: whose state.
        solved: whether the temperature was solved for; a prescribed one carries no balance of heat.
    """
    found: dict[str, float] = {}
    if model.heat is not None and solved:
        books: Mapping[str, Any] = model.heat.balance()
        if books["rounding"] < TOLERANCES["balance.heat"] * books["flowing"]:  # else there is nothing to balance
            found["balance.heat"] = abs(float(books["heat"]))
            found["balance.recovered_flux_gap"] = abs(float(books["recovered"]))
    current = model.heat.current if model.heat is not None else None
    if current is not None and solved:
        found |= {f"balance.{name}": value for name, value in current.balance().items() if name != "flowing"}
    if model.mechanics is not None:
        balance = model.mechanics.balance()
        found["balance.force"] = max(map(abs, balance.force))
        found["balance.moment"] = max(map(abs, balance.moment))
        found["balance.out_of_balance"] = balance.residual
    return found


def electric(model: Model) -> dict[str, float]:
    """Return what the present current comes to: voltage and current of terminals, current and power of sheets."""
    current = model.heat.current if model.heat is not None else None
    if current is None:
        return {}
    found = {f"voltage_{name}": value for name, value in current.voltages().items()}
    found |= {f"current_{name}": value for name, value in current.currents().items()}
    for name, (amperes, watts) in current.sheet_totals().items():
        found |= {f"current_{name}": amperes, f"power_{name}": watts}
    for name, ways in model.ways.items():
        found |= {f"{kind}_{name}": value for kind, value in evenness(ways.currents(), ways.areas).items()}
    return found | {"electric_power": current.dissipated()}


def divided(model: Model) -> dict[str, dict[str, float]]:
    """Return how the present current divides: place -> face -> A."""
    return {name: dict(zip(ways.faces, map(float, ways.currents()), strict=True)) for name, ways in model.ways.items()}


def membranes(model: Model) -> dict[str, float]:
    """Return the stress of each film without cells: the mean of both directions, and the equivalent one."""
    found: dict[str, float] = {}
    films = model.mechanics.membranes if model.mechanics is not None else None
    for name in films.there if films is not None else ():
        assert films is not None
        averages = films.average(name)
        found |= {f"mean_stress_{name}": averages["mean"], f"equivalent_stress_{name}": averages["von_mises"]}
    return found


def failures(model: Model) -> dict[str, float]:
    """Return the failure measures of the present state: of the regions that exist."""
    found: dict[str, float] = {}
    for options in model.study.failures:
        if model.mechanics is not None and options.region not in model.mechanics.presence.absent:
            material = model.materials.assignments[model.tagged.region_names(options.region)[0]].material
            found |= options.evaluate(model.mechanics, material)
    return found


def frozen(state: State, pictures: Sequence[str]) -> State:
    """Return a copy of the state that later states do not change, with the fields that pictures need."""
    needed = {name.split(".")[0] for name in pictures} | ({"displacement"} if pictures else set())

    def kept(name: str, function: Any) -> Any:
        return function.copy() if function is not None and name in needed else None

    return replace(
        state,
        temperature=kept("temperature", state.temperature),
        displacement=kept("displacement", state.displacement),
        fields={name: function.copy() for name, function in state.fields.items() if name in needed},
    )


def numbers_of(values: Mapping[str, float]) -> dict[str, Number]:
    """Return plain relative numbers as metrics."""
    return {name: Number(value, "", "worst of all states, relative") for name, value in values.items()}


__all__ = ["Recorder", "Records", "balances", "numbers_of"]
