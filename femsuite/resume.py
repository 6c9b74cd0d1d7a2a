"""A run that was broken off goes on from its last checkpoint: what is kept for that, and how it is taken up.

Beside the state of the model, ``checkpoint/resume.h5``, lie for each state the numbers that its row and the report need
(``state_0000.json``), the fields of its pictures (``pictured_0000.h5``) and its topograph (``topograph_0000.npz``). The
model's state is written last, whole or not at all, and says how many of the others count. It is written after every
state, every so many seconds on the way to the next, and where a step fails for good. What the materials were used over
since the last state lies in ``usage.json``, which may only be ahead of the model.
"""

from __future__ import annotations

import io
import json
import logging
import math
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.errors import FemsuiteError, InputError
from femsuite.march import resumable, state_of
from femsuite.model import Model
from femsuite.physics import mechanics_state
from femsuite.physics.mechanics_leg import START, is_under_way, leg_of
from femsuite.record import Recorder, frozen
from femsuite.results import checkpoint
from femsuite.results.disk import sentences, write_whole
from femsuite.results.folder import RESUME, RunFolder
from femsuite.results.state import State
from femsuite.solve.newton import Snapshot
from femsuite.study.stages import Point
from femsuite.topograph.keep import arrays_of, topograph_of
from femsuite.topograph.run import Topograph

LOG = logging.getLogger("femsuite")
EVERY = 120.0
"""Seconds between two checkpoints on the way from one state to the next."""
USAGE = "usage.json"
KEPT = ("state_*.json", USAGE, "pictured_*.h5", "topograph_*.npz", RESUME.name)


class Keeper:
    """Keeps what a run needs to go on from its last state. Collective.

    Args:
        model: what is solved.
        folder: of the run.
        recorder: takes every state before it is kept here.
        every: seconds between two checkpoints on the way from one state to the next.

    Attributes:
        last: label of the last state that the run can go on from; None if there is none.
    """

    def __init__(self, model: Model, folder: RunFolder, recorder: Recorder, every: float = EVERY) -> None:
        self.last: str | None = None
        self._model, self._folder, self._recorder = model, folder, recorder
        self._place = folder.path / RESUME.parent
        self._count = 0
        self._every, self._written = every, time.monotonic()
        model.paused = self._pause

    # -- keeping -------------------------------------------------------------------------------------------------

    def keep(self, state: State) -> None:
        """Keep a state that the recorder has just taken; nothing where the study asks for no checkpoint.

        Raises:
            SolveError: a file cannot be written.
        """
        if not self._model.study.output.checkpoint:
            return
        with self._model.monitor.phase("checkpoint"):
            self._keep_records(state)
            self._count += 1
            if resumable(self._model, self._count):
                self.last = state.label
                self._keep_model(state.stage)

    def rescue(self) -> str:
        """Keep the state in which a leg's solve failed for good, and return what is kept, in words; empty if nothing.

        The model must be in its last good state. A disk that refuses leaves the checkpoint before it.
        """
        leg = self._model.leg
        if leg is not None and (leg.count or leg.number) and self._model.study.output.checkpoint:
            try:
                self._keep_way()
            except FemsuiteError as error:
                LOG.warning("%s", error)
            else:
                return f"The last good state of '{leg.stage}', {leg.time:.6g} s into its present leg,"
        return "" if self.last is None else f"The state '{self.last}'"

    def _pause(self) -> None:
        due = parallel.broadcast(time.monotonic() - self._written >= self._every)
        if due and self._model.study.output.checkpoint:
            self._keep_way()

    def _keep_way(self) -> None:
        """Keep the model on the way to the next state."""
        assert self._model.leg is not None
        with self._model.monitor.phase("checkpoint"):
            usage = self._usage()

            def write() -> None:
                with sentences(self._place):
                    write_whole(self._place / USAGE, json.dumps(usage))

            parallel.on_root(write)
            self._keep_model(self._model.leg.stage)

    def _keep_records(self, state: State) -> None:
        recorder, mesh = self._recorder, self._model.tagged.mesh
        pictured = recorder.pictured[-1].functions()
        if pictured:
            checkpoint.write(self._file("pictured", self._count, ".h5"), mesh, pictured)
        imaged = recorder.imaged(state)
        record = recorder.memory() | {
            "values": dict(state.values),
            "time": state.time,
            "pictured": list(pictured),
            "imaged": imaged,
            "usage": self._usage(),
        }

        def write() -> None:
            with sentences(self._place):
                if imaged:
                    buffer = io.BytesIO()
                    np.savez(buffer, allow_pickle=False, **arrays_of(recorder.records.topographs[-1]))
                    write_whole(self._file("topograph", self._count, ".npz"), buffer.getvalue())
                write_whole(self._file("state", self._count, ".json"), json.dumps(record))

        parallel.on_root(write)

    def _keep_model(self, stage: str) -> None:
        model, leg = self._model, self._model.leg
        functions, numbers = self._parts()
        facts: dict[str, float | str] = {
            "content": model.study.content_hash,
            "states": self._count,
            "stage": stage,
            "label": (self._recorder.records.table.labels or ("",))[-1],
            "came from": model.came_from,
            "loops": json.dumps(model.loops),
        }
        if model.mechanics is not None:
            facts |= mechanics_state.facts(model.mechanics)
        if leg is not None:
            facts, numbers = facts | leg.facts, numbers | {START: leg.start}
        checkpoint.write(self._folder / str(RESUME), model.tagged.mesh, functions, facts, numbers)
        self._written = time.monotonic()

    def _parts(self) -> tuple[dict[str, fem.Function], dict[str, np.ndarray]]:
        """Return the functions and the numbers at points that the model's state consists of, not copied."""
        model = self._model
        functions: dict[str, fem.Function] = {} if model.heat is None else {"temperature": model.heat.temperature}
        if model.heat is not None and model.heat.current is not None:
            functions["potential"] = model.heat.current.potential
        if model.mechanics is None:
            return functions, {}
        return functions | mechanics_state.functions(model.mechanics), mechanics_state.numbers(model.mechanics)

    def _usage(self) -> dict[str, list[float]]:
        """Return the range of temperatures that each property was evaluated over so far on any rank."""
        items = self._properties()
        low = parallel.smallest(np.array([item.usage.low for item in items.values()]))
        high = parallel.largest(np.array([item.usage.high for item in items.values()]))
        return {name: [float(low[place]), float(high[place])] for place, name in enumerate(items)}

    def _properties(self) -> dict[str, Any]:
        return {
            f"{region} {name}": item
            for region, one in (*self._model.materials.assignments.items(), *self._model.materials.films.items())
            for name, item in one.material.properties.items()
        }

    def _file(self, kind: str, number: int, suffix: str) -> Path:
        return self._place / f"{kind}_{number:04d}{suffix}"

    # -- going on ------------------------------------------------------------------------------------------------

    def recall(self) -> int:
        """Take up the last kept state where the folder holds one, and return how many states are there already.

        A checkpoint that cannot be used is told of; the run then starts anew.
        """
        if not self._folder.resumes:
            return 0
        functions, numbers = self._parts()
        before = Snapshot({name: one.x.array for name, one in functions.items()} | numbers)
        try:
            label, place = self._recall()
        except InputError as error:
            before.restore()
            self._folder.begin_anew()
            if parallel.is_root():
                LOG.warning("%s The run starts anew.", error)
            return 0
        self.last = label or None
        self._folder.note(resumed=label)
        if parallel.is_root():
            LOG.info("resumed %s%s", f"after '{label}'" if label else "before the first state", place)
        return self._count

    def _recall(self) -> tuple[str, str]:
        """Take up the last kept state and return its label, and in words how far the leg after it has come.

        Raises:
            InputError: a file is missing, damaged or does not belong to this run; the recorder is then as before.
        """
        model, recorder, path = self._model, self._recorder, self._folder / str(RESUME)
        told = parallel.on_root(lambda: checkpoint.read_facts(path))
        count = int(told.get("states", 0))
        on_the_way = is_under_way(told)
        records = parallel.on_root(lambda: self._records(count, on_the_way))
        usage = parallel.on_root(self._kept_usage) if on_the_way else records[-1]["usage"]
        topographs = self._topographs(records)
        # The model is in its first state: what its fields are made of is the same in every state.
        patterns = frozen(state_of(model, "", Point("", {}, {}), 0.0), model.study.output.drawn).functions()
        pictured = [self._pictured(number, record, patterns) for number, record in enumerate(records)]
        functions, numbers = self._parts()
        if on_the_way:
            assert model.mechanics is not None
            numbers[START] = np.empty_like(model.mechanics.temperature)
        facts = checkpoint.read(path, model.tagged.mesh, functions, numbers)
        if model.mechanics is not None:
            mechanics_state.resume(model.mechanics, facts)
        leg = model.leg = leg_of(facts, numbers[START]) if on_the_way else None
        model.came_from = float(facts["came from"])
        model.loops = tuple(json.loads(str(facts["loops"])))
        for name, item in self._properties().items():
            item.usage.add(np.array([one for one in usage[name] if math.isfinite(one)]))
        if records:
            last = records[-1]
            state = state_of(model, last["stage"], Point(last["label"], last["values"], {}), last["time"])
            recorder.recall(records, pictured, topographs, state)
        parallel.on_root(lambda: self._clear_fields(records))
        self._count = count
        words = (
            "" if leg is None else f", step {leg.count} on the way to the next in '{leg.stage}' (t = {leg.time:.6g} s)"
        )
        return str(facts["label"]), words

    def _kept_usage(self) -> dict[str, list[float]]:
        path = self._place / USAGE
        try:
            return {name: [float(one) for one in ends] for name, ends in _loaded(path).items()}
        except (AttributeError, TypeError, ValueError) as error:
            raise _unusable(path) from error

    def _records(self, count: int, on_the_way: bool) -> list[dict[str, Any]]:
        found = []
        for number in range(count):
            path = self._file("state", number, ".json")
            found.append(_loaded(path))
            field = found[-1]["field"]
            if field is not None and not (self._folder / "fields" / field[2]).is_file():
                raise _unusable(self._folder / "fields" / field[2])
        if not found and not on_the_way:
            raise _unusable(self._folder / str(RESUME))
        return found

    def _topographs(self, records: list[dict[str, Any]]) -> list[Topograph]:
        """Return the topographs on the first rank, none on the others."""
        model, here = self._recorder.topograph, []

        def load() -> None:
            for number in (number for number, record in enumerate(records) if record["imaged"]):
                path = self._file("topograph", number, ".npz")
                assert model is not None
                try:
                    with np.load(path, allow_pickle=False) as arrays:
                        here.append(topograph_of(arrays, model.crystal, model.frame))
                except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
                    raise _unusable(path) from error

        parallel.on_root(load)
        return here

    def _pictured(self, number: int, record: dict[str, Any], patterns: dict[str, fem.Function]) -> State:
        found = {name: fem.Function(patterns[name].function_space, name=name) for name in record["pictured"]}
        if found:
            checkpoint.read(self._file("pictured", number, ".h5"), self._model.tagged.mesh, found)
        return State(
            label=record["label"],
            stage=record["stage"],
            values=record["values"],
            time=record["time"],
            temperature=found.pop("temperature", None),
            displacement=found.pop("displacement", None),
            fields=found,
        )

    def _clear_fields(self, records: list[dict[str, Any]]) -> None:
        """Delete the field files of states that were not kept: other ranks may have written them."""
        kept = {Path(record["field"][2]).stem for record in records if record["field"] is not None}
        with sentences(self._folder / "fields"):
            for file in (self._folder / "fields").glob("fields_[0-9]*vtu"):
                if file.stem.partition("_rank")[0] not in kept:
                    file.unlink()

    def drop(self) -> None:
        """Delete what only an unfinished run needs."""

        def delete() -> None:
            with sentences(self._place):
                for pattern in KEPT:
                    for file in self._place.glob(pattern):
                        file.unlink()

        parallel.on_root(delete)


def _loaded(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unusable(path) from error


def _unusable(path: Path) -> InputError:
    return InputError(f"the checkpoint cannot be used: '{path}' is missing or damaged.")
