"""Checks of ``[joint]``: its material is one that joins, and the joint that is judged is the one that is drawn."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from femsuite import material
from femsuite.errors import InputError, unknown
from femsuite.process import cap_seal, phase_diagram, reflow
from femsuite.process.cavity import Cavity
from femsuite.process.joint import FACE_ALUMINIUM, MELTS_AS, JointOptions, evaluate
from femsuite.study.faults import Faults
from femsuite.study.locate import Path
from femsuite.study.model import Study
from femsuite.study.references import table
from femsuite.study.region_checks import degrees
from femsuite.units import LENGTH, TEMPERATURE, TIME, Dimension, parse, pretty

RESIN = "mould"
"""The region that encloses a joint's melt."""
_SAME: tuple[tuple[str, str, Dimension], ...] = (
    ("zinc", "zinc", LENGTH),
    ("aluminium", "aluminium", LENGTH),
    ("temperature", "bond_temperature", TEMPERATURE),
    ("time", "bond_time", TIME),
)
_AS_LAID = ("zinc", "aluminium")


def check_joint(data: Mapping[str, Any], given: Mapping[str, Any], study: Study, faults: Faults) -> None:
    """Check the table ``[joint]`` by itself and against the geometry.

    Args:
        data: the study as plain data, with all parameters of its geometry if they are sound.
        given: the parameters of the geometry that the study itself sets.
        study: the validated study.
        faults: takes the faults.
    """
    options = study.joint
    if options is None:
        return
    path, sentence = _wrong(options)
    if sentence:
        faults.add(path, sentence)
    elif study.series is None:  # its cases are checked one by one, and the values in the file may belong to none
        _check_against_geometry(data, given, options, faults)


def _wrong(options: JointOptions) -> tuple[Path, str]:
    """Return the key and the sentence of what cannot be evaluated; no sentence if all can."""
    try:
        reflow.from_material(MELTS_AS.get(options.material, options.material), peak=options.peak)
    except InputError as error:
        shipped = material.names()
        if options.material in shipped:
            return ("joint", "material"), f"'{options.material}' cannot be a joining material: {error}"
        joining = [name for name in shipped if "solidus" in material.load(name).properties]
        allowed = {*MELTS_AS, *FACE_ALUMINIUM, *joining}
        return ("joint", "material"), unknown("joining material", options.material, allowed, most=len(allowed))
    if options.inside is not None and options.inside not in cap_seal.ATTACHES:
        return ("joint", "inside"), unknown("attach inside a cap", options.inside, cap_seal.ATTACHES)
    if options.material == "clad" and options.temperature > phase_diagram.HOTTEST:
        highest = degrees(phase_diagram.HOTTEST)
        sentence = f"{degrees(options.temperature)} is too hot: the diagram of Zn-Al is known up to {highest}"
        return ("joint", "temperature"), sentence
    try:
        joint_numbers(options, enclosed=True)
    except InputError as error:
        return ("joint",), "; ".join(fault.message for fault in error.faults)
    return (), ""


def _check_against_geometry(
    data: Mapping[str, Any], given: Mapping[str, Any], options: JointOptions, faults: Faults
) -> None:
    parameters = table(table(data.get("geometry")).get("parameters"))
    drawn = parameters.get("joint", parameters.get("bump", "bonded"))
    if options.material != "clad" or drawn not in ("clad", "bonded"):
        return
    written = table(data.get("joint"))
    for key, parameter, dimension in _SAME:
        if parameter not in parameters or (drawn == "clad" and key not in _AS_LAID):
            continue
        try:
            there = parse(parameters[parameter], dimension)
        except ValueError:  # told by the geometry
            continue
        here = float(getattr(options, key))
        if math.isclose(here, there, rel_tol=1e-9):
            continue
        ours, theirs = (_words(one, dimension) for one in (here, there))
        ours += "" if key in written else " (its default)"
        theirs += "" if parameter in given else " (its default)"
        path: Path = ("joint", key) if key in written else ("geometry", "parameters", parameter)
        faults.add(
            path,
            f"joint.{key} is {ours}, geometry.parameters.{parameter} is {theirs}: the clad that is judged must be the "
            "one that is drawn; give both the same value",
        )


def _words(value: float, dimension: Dimension) -> str:
    return degrees(value) if dimension is TEMPERATURE else pretty(value, dimension.unit)


@functools.lru_cache(maxsize=64)
def joint_numbers(options: JointOptions, enclosed: bool) -> Mapping[str, str]:
    """Return the metrics that a joint gives and their units, known before the package is solved.

    Args:
        options: the table.
        enclosed: whether a resin encloses the joint, so that there is a cavity.

    Raises:
        InputError: for a material or temperatures that the models do not cover.
    """
    some = Cavity(1e-10, 1.0, 50e-6) if enclosed else None  # only the names are wanted, and they hang on no value
    return {name: unit for name, (_, unit, _) in evaluate(options, some).numbers.items()}


def numbers_of(study: Study) -> Mapping[str, str] | None:
    """Return the metrics of the study's joint and their units; None where that cannot be told."""
    if study.joint is None:
        return {}
    enclosed = study.mechanics is not None and any(fnmatchcase(RESIN, entry) for entry in study.regions)
    try:
        return joint_numbers(study.joint, enclosed)
    except InputError:
        return None


def numbers_of_any() -> Mapping[str, str]:
    """Return the metrics that a joint can give when a case of a series changes its material, process or package."""
    found: dict[str, str] = {}
    every = JointOptions.model_fields["platings"].default
    for name in ("clad", *FACE_ALUMINIUM):
        kept = {"material": name, "platings": every, "inside": next(iter(cap_seal.ATTACHES)), "temperature": 673.15}
        found |= joint_numbers(JointOptions().model_copy(update=kept), enclosed=True)
    return found
