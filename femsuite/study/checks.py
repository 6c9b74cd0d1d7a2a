"""Checks of a study across its tables that need no mesh: what one table names, another must have.

They look at the plain data, so that they also find their faults in a study whose other tables are wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path as File
from typing import Any

from femsuite.conditions import HEAT
from femsuite.errors import unknown
from femsuite.material import Material
from femsuite.material.laws import ELASTIC
from femsuite.results.names import ELECTRIC, FACE_KINDS, MEMORY, wrong_name
from femsuite.study.coating_checks import check_coatings
from femsuite.study.comparison_checks import (
    check_axes,
    check_band,
    check_comparisons,
    check_expressions,
    check_lines,
)
from femsuite.study.dimension_checks import dimension_faults
from femsuite.study.electric_checks import check_electric
from femsuite.study.faults import Faults
from femsuite.study.geometry import check_geometry
from femsuite.study.locate import Path, dotted
from femsuite.study.method_checks import check_method
from femsuite.study.metric_names import known_columns
from femsuite.study.model import Study
from femsuite.study.process_checks import check_joint
from femsuite.study.references import check_materials, check_model_source, table, tables
from femsuite.study.region_checks import check_laws, check_lives, check_melting
from femsuite.study.sentences import value_at
from femsuite.study.series_checks import check_series
from femsuite.study.timeline_checks import PROCESS, check_timeline
from femsuite.topograph.crystal import CRYSTALS, HC_KEV_METRE, HIGHEST_ENERGY


def check(data: dict[str, Any], study: Study | None, folder: File, faults: Faults) -> dict[str, Any]:
    """Add the faults between tables, and return the data completed by what the named files say.

    Args:
        data: the study as plain data; changed in place.
        study: the validated study, None if its tables have faults of their own.
        folder: where the study file lies; relative names count from there.
        faults: takes the faults.

    Returns:
        ``data`` with all geometry parameters and with file names that no longer depend on the folder.
    """
    check_model_source(data, folder, faults)
    given = table(table(data.get("geometry")).get("parameters"))  # the next line completes them
    sources, dimension = check_geometry(data, folder, faults)
    materials = check_materials(data, folder, faults)
    check_coatings(data, folder, faults)
    stages = _names(data, "stages", faults)
    for room in ("quantities", "failures", "derived", "fits", "plots"):
        _names(data, room, faults)
    _check_stages(data, sources, faults)
    check_timeline(data, faults)
    check_electric(data, faults)
    for room in ("quantities", "fits", "plots"):
        for place, entry in tables(data.get(room)):
            _check_stage_names(entry.get("stages"), stages, (room, place, "stages"), faults)
    _check_topograph(data, materials, stages, faults)
    if study is not None:
        check_laws(study, materials, faults)
        check_melting(study, materials, faults)
        check_lives(study, materials, faults)
        check_joint(data, given, study, faults)
        check_method(study, faults)
        for path, sentence in dimension_faults(study, dimension) if dimension is not None else ():
            faults.add(path, sentence)
        _check_fields(study, faults)
        _check_columns(study, faults)
        check_series(study, faults)
        _check_calibration(data, study, faults)
        moved = any(one.path[:1] == ("stages",) for one in faults.places.overrides)
        check_comparisons(study, known_columns(study), faults, moved)
        check_axes(study, faults)
        check_lines(study, faults)
        check_expressions(study, faults)
        if sources is not None:  # else the geometry's own parameters are not known
            check_band(data, study, faults)
        _check_reflection(study, faults)
    return data


def _names(data: Mapping[str, Any], room: str, faults: Faults) -> list[str]:
    """Return the names of the entries of a list of tables; each may occur once."""
    seen: list[str] = []
    for place, entry in tables(data.get(room)):
        name = entry.get("name")
        if not isinstance(name, str):
            continue
        if name in seen:
            faults.add((room, place, "name"), f"the name '{name}' is taken by [[{room}]] number {seen.index(name) + 1}")
        seen.append(name)
    return seen


def _check_stage_names(given: Any, stages: Sequence[str], path: Path, faults: Faults) -> None:
    for place, name in enumerate(given if isinstance(given, list) else []):
        if isinstance(name, str) and name not in stages:
            faults.add((*path, place), unknown("stage", name, stages))


def _check_stages(data: Mapping[str, Any], sources: Sequence[str] | None, faults: Faults) -> None:
    if data.get("stages", []) == [] and "radiograph" not in data:
        sentence = (
            'the study has no stage, so nothing would happen; write [[stages]] with type = "steady", or [radiograph]'
        )
        faults.add(("stages",), sentence)
    for place, stage in tables(data.get("stages")):
        kind = stage.get("type")
        if kind in ("steady", "transient", "power_cycles") and "heat" not in data:
            faults.add(("stages", place, "type"), f"a {kind} stage needs a [heat] table")
        if kind in ("uniform", *PROCESS) and "mechanics" not in data:
            faults.add(
                ("stages", place, "type"), f"a {kind} stage needs a [mechanics] table: without it nothing happens"
            )
        for name in table(stage.get("sources")):
            if sources is not None and name not in sources:
                faults.add(("stages", place, "sources", name), unknown("heat source", name, sources))
    steady = [place for place, stage in tables(data.get("stages")) if stage.get("type") in ("steady", "power_cycles")]
    kinds = [HEAT.get(str(entry.get("type"))) for _, entry in tables(table(data.get("heat")).get("conditions", []))]
    if steady and "heat" in data and all(kind is not None and getattr(kind, "supplies", False) for kind in kinds):
        sentence = "no condition lets heat out, so no steady temperature exists; add a film, radiation or temperature"
        faults.add(("heat", "conditions"), sentence)


def _check_topograph(
    data: Mapping[str, Any], materials: Mapping[str, Material], stages: Sequence[str], faults: Faults
) -> None:
    topograph = table(data.get("topograph"))
    _check_stage_names(topograph.get("stages"), stages, ("topograph", "stages"), faults)
    region = topograph.get("region")
    if "topograph" in data and "mechanics" not in data:
        faults.add(("topograph",), "a topograph needs a [mechanics] table: it shows how the crystal is strained")
    if not isinstance(region, str):
        return
    regions = table(data.get("regions"))
    entry = region if region in regions else next((name for name in regions if fnmatchcase(region, name)), None)
    if entry is None:
        faults.add(("topograph", "region"), unknown("region", region, regions))
    elif entry in materials and materials[entry].crystal is None:
        sentence = f"'{region}' is of {materials[entry].name}, which is not a crystal"
        faults.add(("topograph", "region"), sentence)


def _check_reflection(study: Study, faults: Faults) -> None:
    """Check that the crystal can diffract at the energy, before xraylib is asked for anything."""
    options = study.topograph
    if options is None or options.crystal not in CRYSTALS:
        return
    spacing = CRYSTALS[options.crystal].lattice_parameter / math.sqrt(sum(index**2 for index in options.reflection))
    indices = options.reflection
    even = all(index % 2 == 0 for index in indices)
    if not (all(index % 2 for index in indices) or (even and sum(indices) % 4 == 0)):
        faults.add(("topograph", "reflection"), f"{list(indices)} is forbidden in {options.crystal}, a diamond lattice")
    lying = [one.crystal for name, one in study.regions.items() if fnmatchcase(options.region, name) and one.crystal]
    if lying and sum(a * b for a, b in zip(indices, lying[0].normal, strict=True)):
        faults.add(
            ("topograph", "reflection"),
            f"{list(indices)} does not lie in the face of '{options.region}', whose normal is {list(lying[0].normal)}",
        )
    lowest = HC_KEV_METRE / (2.0 * spacing)
    if not lowest < options.energy <= HIGHEST_ENERGY:
        faults.add(
            ("topograph", "energy"),
            f"{options.energy:g} keV is not between {lowest:.3g} keV, below which reflection "
            f"{list(options.reflection)} of {options.crystal} cannot diffract, and {HIGHEST_ENERGY:g} keV, "
            "where the tables of scattering factors end",
        )


def _check_fields(study: Study, faults: Faults) -> None:
    """Check the fields that quantities, field files and pictures name: what the study's physics will compute."""
    stages = {stage.type for stage in study.stages}  # a table that is missing is told of there, not here again
    fields = ["temperature", "heat_flux"] if study.heat or stages & {"steady", "transient"} else []
    fields += ELECTRIC if study.electric else []
    fields += ["displacement", "stress"] if study.mechanics or "uniform" in stages else []
    fields += MEMORY if any(one.law not in (None, *ELASTIC) for one in study.regions.values()) else []
    asked: list[tuple[Path, str, bool]] = [
        (("quantities", place, "field"), one.field, one.kind in FACE_KINDS)
        for place, one in enumerate(study.quantities)
    ]
    asked += [(("output", "pictures", place), name, False) for place, name in enumerate(study.output.pictures or ())]
    for path, name, whole in asked:
        wrong = wrong_name(name, fields, whole)
        if wrong:
            faults.add(path, wrong)
    for place, name in enumerate(study.output.fields or ()):
        _known(name, "field", fields, ("output", "fields", place), faults)


def _check_columns(study: Study, faults: Faults) -> None:
    """Check the columns that fits, plots and comparisons name, where the study alone decides what columns there are."""
    fits = [fit.name for fit in study.fits]
    for place, plot in enumerate(study.plots):
        for number, name in enumerate(plot.fits):
            _known(name, "fit", fits, ("plots", place, "fits", number), faults)
    columns = known_columns(study)
    taken = [*(one.name for one in study.quantities), *(one.name for one in study.derived)]
    for place, measure in enumerate(study.failures):
        for name in measure.columns():
            if name in taken:
                faults.add(("failures", place, "name"), f"its column '{name}' is the name of another column already")
            taken.append(name)
    layers = {one.name: one for one in study.failures if one.type in ("layer", "foot")}
    cycled = [stage.name for stage in study.stages if stage.type in ("cycles", "power_cycles")]
    for place, life in enumerate(study.lives):
        _known(life.layer, "layer or foot in [[failures]]", layers, ("lives", place, "layer"), faults)
        if life.layer in layers and f"{life.layer}_{life.measure}" not in layers[life.layer].columns():
            sentence = f"'{life.layer}' is a foot, which has no {life.measure}; give strain or work"
            faults.add(("lives", place, "measure"), sentence)
        _known(life.stage, "stage of cycles", cycled, ("lives", place, "stage"), faults)
    for place, one in enumerate(study.derived):
        before = set(columns) - {later.name for later in study.derived[place:]}
        for name in sorted(one.names - before):
            faults.add(("derived", place, "expression"), unknown("column", name, before))
    for place, fit in enumerate(study.fits):
        for key in ("x", "y"):
            _known(getattr(fit, key), "column", columns, ("fits", place, key), faults)
    for place, plot in enumerate(study.plots):
        _known(plot.x, "column", columns, ("plots", place, "x"), faults)
        for number, name in enumerate(plot.y):
            _known(name, "column", columns, ("plots", place, "y", number), faults)


def _known(name: str, kind: str, allowed: Iterable[str], path: Path, faults: Faults) -> None:
    allowed = list(allowed)
    if name not in allowed:
        faults.add(path, unknown(kind, name, allowed))


def _check_calibration(data: Mapping[str, Any], study: Study, faults: Faults) -> None:
    calibration = study.calibration
    if calibration is None:
        return
    path: Path = tuple(int(part) if part.isdecimal() else part for part in calibration.key.split("."))
    given = value_at(data, path)
    if given is None:
        parent = path[:-1]
        while parent and value_at(data, parent) is None:
            parent = parent[:-1]
        below = value_at(data, parent)
        keys = list(below) if isinstance(below, Mapping) else [str(place) for place in range(len(below or ()))]
        allowed = [dotted((*parent, key)) for key in keys]
        faults.add(("calibration", "key"), unknown("key", calibration.key, allowed))
    elif isinstance(given, (Mapping, list, bool)):
        faults.add(("calibration", "key"), f"'{calibration.key}' is not one number, so it cannot be calibrated")
    metrics = [*(one.name for one in study.quantities), *(one.name for one in study.derived)]
    _known(calibration.metric, "quantity or derived column", metrics, ("calibration", "metric"), faults)
    labels = [point.label for stage in study.stages for point in stage.points()]
    _known(calibration.at, "state", labels, ("calibration", "at"), faults)
