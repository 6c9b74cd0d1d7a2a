"""Keeps a run so that it can be taken up again where it was left, and takes it up."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dolfinx import fem

from femsuite import parallel
from femsuite.errors import FemsuiteError, InputError
from femsuite.march import is_process, state_of
from femsuite.model import Model
from femsuite.physics import mechanics_state
from femsuite.progress import Leg, Progress
from femsuite.record import Recorder
from femsuite.results import checkpoint, progress_files
from femsuite.results.disk import sentences
from femsuite.results.folder import RunFolder
from femsuite.results.state import State
from femsuite.solve.monitor import Monitor, NewtonRecord, SolveRecord, StepRecord
from femsuite.study.stages import Point

LOG = logging.getLogger("femsuite")
EVERY = 120.0
"""Seconds between two checkpoints within a stage."""
RECORDS: Mapping[str, type] = {"solves": SolveRecord, "newtons": NewtonRecord, "steps": StepRecord}
LEG_START, TEMPERATURE = "leg_start", "temperature"


class Keeper:
    """Writes the checkpoints of one run. Collective.

    Args:
        model: what is solved.
        folder: of the run.
        recorder: what the run has recorded.
        every: seconds between two checkpoints within a stage.

    Attributes:
        progress: where the run is.
    """

    def __init__(self, model: Model, folder: RunFolder, recorder: Recorder, every: float = EVERY) -> None:
        self.model, self.folder, self.recorder, self.every = model, folder, recorder, every
        self.progress = Progress(pause=self._pause, give_up=self._give_up)
        self._place = folder / "checkpoint"
        self._wanted = model.study.output.checkpoint and model.mechanics is not None and is_process(model)
        self._columns = 0
        self._seen = {name: len(getattr(model.monitor, name)) for name in RECORDS}
        self._turn = 0
        self._written = time.monotonic()

    # -- keeping ------------------------------------------------------------------------------------------------

    def kept(self, state: State) -> None:
        """Keep a state that the recorder has taken, and a checkpoint behind it where the run can be taken up there.

        Raises:
            SolveError: when a file cannot be written.
        """
        if not self._wanted:
            return
        recorder, number = self.recorder, self.progress.states - 1
        name = progress_files.kept_name(number)
        functions = recorder.needed(state)
        if functions:
            checkpoint.write(self._place / f"{name}.h5", self.model.tagged.mesh, functions)
        table = recorder.records.table
        content = {
            "row": progress_files.last_row(table, self._columns),
            "values": dict(state.values),
            "time": state.time,
            "functions": sorted(functions),
            "balances": recorder.records.balances,
            "overheated": recorder.thermometer.kept(),
            "monitor": self._records(),
        }
        self._write(f"{name}.json", content, f"{name}.h5" if functions else None)
        self._columns = len(table.columns)
        self._seen = {one: len(getattr(self.model.monitor, one)) for one in RECORDS}
        stage = next(one for one in self.model.study.stages if one.name == state.stage)
        if is_process(self.model, stage) or self.progress.done == len(stage.points()):
            self._write_march()

    def close(self) -> None:
        """Delete what is of use to an unfinished run only."""
        if self._wanted:
            parallel.on_root(lambda: progress_files.clear(self._place))

    def _pause(self) -> None:
        if self._wanted and parallel.broadcast(time.monotonic() - self._written >= self.every):
            self._write_march()

    def _give_up(self) -> str:
        if not self._wanted:
            return ""
        try:
            self._write_march()
        except FemsuiteError:
            return ""  # the sentence about the solve matters more than one about the disk
        leg = self.progress.leg
        at = f", {leg.time:.6g} s into this part of the stage," if leg is not None else ""
        return (
            f"The last good state{at} is kept in '{self._place}': the same study run into this folder again goes on "
            "from there. A changed study, such as one with other steps, starts from its first stage."
        )

    def _write_march(self) -> None:
        model, progress, leg = self.model, self.progress, self.progress.leg
        assert model.mechanics is not None
        with model.monitor.phase("checkpoint"):
            functions, facts = mechanics_state.held_by(model.mechanics)
            if leg is not None:
                functions[LEG_START] = mechanics_state.at_points(model.mechanics.points, leg.start)
            if model.heat is not None:
                functions[TEMPERATURE] = model.heat.temperature
            self._turn = 1 - self._turn
            file = f"march_{self._turn}.h5"
            checkpoint.write(self._place / file, model.tagged.mesh, functions)
        content = {
            "content_hash": self.model.study.content_hash,
            "states": progress.states,
            "done": progress.done,
            "origin": progress.origin,
            "leg": None if leg is None else {key: value for key, value in vars(leg).items() if key != "start"},
            "mechanics": facts,
            "monitor": self._records(),
            "phases": model.monitor.phases,
        }
        self._write(progress_files.MARCH, content, file)
        self._written = time.monotonic()

    def _write(self, name: str, content: Mapping[str, Any], beside: str | None) -> None:
        def write() -> None:
            with sentences(self._place / name):
                progress_files.write(self._place / name, content, beside)

        parallel.on_root(write)

    def _records(self) -> dict[str, list[dict[str, Any]]]:
        """Return what the monitor has recorded since the last state."""
        return {
            name: [asdict(one) for one in getattr(self.model.monitor, name)[self._seen[name] :]] for name in RECORDS
        }

    # -- taking up ----------------------------------------------------------------------------------------------

    def take_up(self) -> None:
        """Put model, recorder and progress where the run in the folder was left, if it can be taken up."""
        left = self.folder.left_behind
        if left is None:
            return
        march, states = left["march"], left["states"]
        try:
            start = self._restore(march)
        except InputError as error:
            LOG.warning("The run that stopped here starts anew: %s", error)
            parallel.on_root(lambda: progress_files.clear(self._place))
            return
        leg = march["leg"]
        self.progress.states, self.progress.done, self.progress.origin = (
            march["states"],
            march["done"],
            march["origin"],
        )
        self.progress.leg = None if leg is None else Leg(start=start, **leg)
        self._turn = int(march["file"].removeprefix("march_").removesuffix(".h5"))
        self._drop_fields(len(states))
        self._recall(states)
        for one in states:
            _recall_records(self.model.monitor, one["monitor"])
        self._seen = {name: len(getattr(self.model.monitor, name)) for name in RECORDS}
        _recall_records(self.model.monitor, march["monitor"])
        _recall_phases(self.model.monitor, march["phases"])
        LOG.info("%s", self._sentence())

    def _restore(self, march: Mapping[str, Any]) -> Any:
        model = self.model
        assert model.mechanics is not None
        path, mesh, points = self._place / march["file"], model.tagged.mesh, model.mechanics.points
        more: dict[str, fem.Function] = {}
        if march["leg"] is not None:
            more[LEG_START] = mechanics_state.at_points(points, model.mechanics.temperature)
        if model.heat is not None:
            more[TEMPERATURE] = fem.Function(model.heat.temperature.function_space)
        mechanics_state.take_up(
            model.mechanics,
            lambda functions: checkpoint.read(path, mesh, {**functions, **more}),
            march["mechanics"],
        )
        if model.heat is not None:
            model.heat.temperature.x.array[:] = more[TEMPERATURE].x.array
        shape = model.mechanics.temperature.shape
        return mechanics_state.from_points(points, more[LEG_START], shape) if LEG_START in more else None

    def _drop_fields(self, number: int) -> None:
        """Delete the field files of states that were written but not kept: other ranks would leave some of them."""

        def drop() -> None:
            for file in (self.folder / "fields").glob("fields_*"):
                digits = file.name.removeprefix("fields_")[:4]
                if digits.isdigit() and int(digits) >= number:
                    file.unlink(missing_ok=True)

        parallel.on_root(drop)

    def _recall(self, states: list[dict[str, Any]]) -> None:
        """Give the recorder back what it had recorded."""
        if not states:
            return
        recorder, mesh = self.recorder, self.model.tagged.mesh
        rows = [one["row"] for one in states]
        last = rows[-1]
        now = state_of(
            self.model, last["stage"], Point(last["label"], states[-1]["values"], {}), float(states[-1]["time"])
        )
        recorder.recall(progress_files.table_of(rows), states[-1]["balances"], states[-1]["overheated"], now)
        self._columns = len(recorder.records.table.columns)
        spaces = {name: function.function_space for name, function in now.functions().items()}
        for number, one in enumerate(states):
            functions = {name: fem.Function(spaces[name], name=name) for name in one["functions"]}
            if functions:
                checkpoint.read(self._place / f"{progress_files.kept_name(number)}.h5", mesh, functions)
            state = State(
                label=one["row"]["label"],
                stage=one["row"]["stage"],
                values=one["values"],
                time=float(one["time"]),
                temperature=functions.pop("temperature", None),
                displacement=functions.pop("displacement", None),
                fields=functions,
            )
            recorder.take_again(state)

    def _sentence(self) -> str:
        table, leg = self.recorder.records.table, self.progress.leg
        after = f"after '{table.labels[-1]}'" if len(table) else "in the first stage"
        words = f"resumed {after}, step {leg.count if leg else 0}"
        if leg is not None:
            words += f" (t = {leg.time:.6g} s)"
        total = sum(len(stage.points()) for stage in self.model.study.stages)
        return f"{words}; {len(table)} of {total} states are kept"


def _recall_records(monitor: Monitor, part: Mapping[str, Any]) -> None:
    for name, kind in RECORDS.items():
        for one in part[name]:
            if "residuals" in one:
                one = {**one, "residuals": tuple(one["residuals"])}
            getattr(monitor, name).append(kind(**one))


def _recall_phases(monitor: Monitor, phases: Mapping[str, Mapping[str, float]]) -> None:
    for name, numbers in phases.items():
        entry = monitor.phases.setdefault(name, dict.fromkeys(numbers, 0.0))
        for key, value in numbers.items():
            here = entry.get(key, 0.0)
            entry[key] = max(here, value) if key == "peak_memory_bytes" else here + value
