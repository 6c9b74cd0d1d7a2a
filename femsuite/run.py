"""The whole pipeline on one page: a study in, a run folder out."""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from femsuite import parallel
from femsuite.calibrate import calibrate
from femsuite.errors import InputError, SolveError
from femsuite.finish import finish
from femsuite.march import march
from femsuite.meshing.mesh import build_mesh
from femsuite.meshing.tagged import TaggedMesh
from femsuite.model import Model, build_model
from femsuite.record import Recorder
from femsuite.results.disk import sentences
from femsuite.results.folder import RESUME, RunFolder
from femsuite.resume import EVERY, Keeper
from femsuite.solve.monitor import Monitor
from femsuite.study import Study, resolved_text
from femsuite.topograph.run import TopographModel

LOG = logging.getLogger("femsuite")


def run(study: Study, out: Path | str, force: bool = False, every: float = EVERY) -> RunFolder:
    """Compute a study and write its run folder. Collective.

    A folder that already holds the finished run of the same study is left as it is; a run that was broken off goes on
    from its last checkpoint.

    Args:
        study: the study.
        out: the run folder.
        force: compute again even if nothing changed, and from the start.
        every: seconds between two checkpoints on the way from one state to the next.

    Returns:
        The run folder; ``unchanged`` says whether there was nothing to do.

    Raises:
        InputError: the study does not fit its mesh, or the folder cannot be used.
        SolveError: a solve failed, or heat, force or moment do not balance.
    """
    folder = RunFolder.open(out, study.given_text, resolved_text(study), study.content_hash, force)
    if folder.unchanged:
        if parallel.is_root():
            LOG.info("%s is up to date: the study has not changed since its run.", folder.path)
        return folder
    monitor = Monitor()
    with folder, in_its_place(study):
        if folder.notice and parallel.is_root():
            LOG.warning("%s", folder.notice)
        with folder.phase("mesh"):
            tagged = mesh_of(study)
            keep_mesh(tagged, folder)
            folder.note(sizes=sizes(tagged))
        with folder.phase("model"):
            model = build_model(study, tagged, monitor)
            topograph = topograph_of(model)
            folder.note(sizes=unknowns(model))
        with folder.phase("calibration"):
            calibrated = calibrate(model)
        with folder.phase("stages"):
            recorder = Recorder(model, folder, topograph)
            keeper = Keeper(model, folder, recorder, every)
            with its_checkpoint(keeper):
                for state in march(model, keeper.recall()):
                    recorder.take(state)
                    keeper.keep(state)
                    if parallel.is_root():
                        LOG.info("%s, %s: done", state.stage, state.label)
            recorder.close()
        if study.radiograph is not None:
            with folder.phase("radiograph"):
                recorder.expose()
        with folder.phase("tables, pictures, report"):
            finish(model, folder, recorder, calibrated)
    keeper.drop()
    return folder


@contextlib.contextmanager
def in_its_place(study: Study) -> Iterator[None]:
    """Give the faults that come up in the body the file and line of the keys that they name."""
    try:
        yield
    except InputError as error:
        raise study.placed(error) from error


@contextlib.contextmanager
def its_checkpoint(keeper: Keeper) -> Iterator[None]:
    """Keep the last good state of a solve that fails in the body, and let it say so."""
    try:
        yield
    except SolveError as error:
        kept = keeper.rescue()
        if not kept:
            raise
        raise SolveError(
            f"{error} {kept} is kept in {RESUME}: the same study, run again, goes on from there, and a changed one, "
            "such as one with other steps, starts anew."
        ) from error


def mesh_of(study: Study) -> TaggedMesh:
    """Return the mesh that the study asks for, from the cache if it was made before. Collective."""
    physics = [one.contacts for one in (study.heat, study.electric) if one is not None]
    contacts = {name: one.thickness for contacts in physics for name, one in contacts.items()}
    options = study.mesh.model_copy(update={"contact_layers": {**study.mesh.contact_layers, **contacts}})
    file, parameters = ("", {}) if study.geometry is None else (study.geometry.file, dict(study.geometry.parameters))
    tagged = build_mesh(file, parameters, options)
    return replace(tagged, axisymmetric=True) if study.axisymmetric else tagged


def keep_mesh(tagged: TaggedMesh, folder: RunFolder) -> None:
    """Copy the mesh file into the run folder: checkpoints are read back on the mesh they were written on."""
    source = tagged.source

    def copy() -> None:
        if source is not None and source.is_file():
            with sentences(folder / "mesh"):
                shutil.copyfile(source, folder / "mesh" / f"mesh{source.suffix}")

    parallel.on_root(copy)


def topograph_of(model: Model) -> TopographModel | None:
    """Return what images the study's die, None if the study asks for no topographs."""
    options = model.study.topograph
    if options is None:
        return None
    orientation = model.materials.assignments[options.region].orientation
    assert orientation is not None  # the study's checks see to it
    return TopographModel(model.tagged, options.region, orientation, options)


def sizes(tagged: TaggedMesh) -> dict[str, int]:
    """Return the mesh's global numbers of cells and vertices."""
    topology = tagged.mesh.topology
    return {
        "cells": topology.index_map(topology.dim).size_global,
        "vertices": topology.index_map(0).size_global,
    }


def unknowns(model: Model) -> dict[str, int]:
    """Return the global number of unknowns of each physics."""
    current = model.heat.current if model.heat is not None else None
    problems = {"heat_unknowns": model.heat, "electric_unknowns": current, "mechanics_unknowns": model.mechanics}
    return {
        name: problem.space.dofmap.index_map.size_global * problem.space.dofmap.index_map_bs
        for name, problem in problems.items()
        if problem is not None
    }
