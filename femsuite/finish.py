"""After the last state: tables, fits, plots, pictures, comparison and report."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from femsuite.calibrate import Calibrated
from femsuite.failure.lives import law_of, numbers, of_cycles
from femsuite.material.laws import ELASTIC
from femsuite.material.laws.constants import set_in_use
from femsuite.meshing.tagged import TaggedMesh
from femsuite.model import Model
from femsuite.physics.current_shares import relative
from femsuite.pictures import drawn, exposed, imaged, plotted
from femsuite.process import method
from femsuite.process.cavity import cavity
from femsuite.process.joint import JointResult, evaluate
from femsuite.process.method_geometry import compared
from femsuite.record import TOLERANCES, Recorder, numbers_of
from femsuite.results import report as reports
from femsuite.results.compare import compare
from femsuite.results.derived import DerivedOptions, add_derived
from femsuite.results.fits import Fit, add_metrics, fit
from femsuite.results.folder import RunFolder
from femsuite.results.joint_section import draw_section
from femsuite.results.method_section import draw_method
from femsuite.results.quantities import Number
from femsuite.results.scene import Picture
from femsuite.results.table import Metrics, Table
from femsuite.results.view import write_view
from femsuite.results.ways import draw_ways, write_ways
from femsuite.topograph.measures import CRYSTAL
from femsuite.topograph.radiograph import BALANCES, Radiograph
from femsuite.units import pretty

LOG = logging.getLogger("femsuite")
FAR = 398.15
"""K: beyond this a handbook's room-temperature number is far from its data."""


def finish(model: Model, folder: RunFolder, recorder: Recorder, calibrated: Calibrated | None) -> None:
    """Write everything that is made of all states together. Collective.

    Raises:
        InputError: a fit, plot or comparison names what the run did not compute.
        SolveError: a file cannot be written.
    """
    study = model.study
    table = add_derived(recorder.table(), study.derived)
    table.write(folder / "tables")
    fits = {options.name: fit(options, table) for options in study.fits}
    joined = joint_result(model)
    made = method_result(model)
    metrics = collect(table, fits, recorder, calibrated)
    for name, (value, unit, over) in {**joined.numbers, **made.numbers}.items():
        metrics.add(name, value, unit, over)
    lived = lives(model, table, metrics)
    metrics.write(folder / "metrics.json")
    reasons = {f"fit.{name}": one.reason for name, one in fits.items()}
    calibrated_metrics = {f"{calibrated.metric}@{calibrated.at}"} if calibrated else set()
    comparisons = compare(study.compare, metrics, calibrated_metrics, reasons)
    figures = [
        reports.Figures(
            "Results against the paper's figures" if study.source else "Results", plotted(model, folder, table, fits)
        ),
        reports.Figures("Where the current divides", ways(model, folder, recorder)),
        reports.Figures("Joint", sections(joined, folder)),
        reports.Figures("Method", method_section(made, folder)),
        reports.Figures("Radiograph", exposed(model, folder, recorder)),
        reports.Figures("Topographs", imaged(model, folder, recorder)),
        reports.Figures("Fields", drawn(model, folder, recorder)),
    ]
    monitor = model.monitor.summary()
    warnings = [*recorder.thermometer.sentences, *empty_rows(table, study.derived)]
    folder.note(warnings=warnings)
    for warning in warnings:
        LOG.warning("%s", warning)
    folder.note(solves=monitor.pop("solves"), monitor=monitor, calibration=calibrated.as_dict() if calibrated else None)
    write_view(folder.path)
    reports.write_report(
        reports.Report(
            title=study.title,
            description=study.description,
            source=study.source,
            comparisons=comparisons,
            figures=figures,
            table=table.shown(),
            fits=tuple(fits.values()),
            materials=model.materials.provenance(),
            assignments=assignments(model),
            conditions=conditions(model, calibrated),
            balances=recorder.records.balances,
            allowed=TOLERANCES,
            calibration=sentence(calibrated),
            notes=[
                *warnings,
                *joined.sentences,
                *made.sentences,
                *lived,
                *notes(model, recorder.records.radiograph),
                *recorder.remarks(),
            ],
        ),
        folder,
    )


def collect(table: Table, fits: dict[str, Fit], recorder: Recorder, calibrated: Calibrated | None) -> Metrics:
    """Return every number of the run by name."""
    metrics = Metrics()
    metrics.add_table(table)
    for one in fits.values():
        add_metrics(metrics, one)
    metrics.update(numbers_of(recorder.records.balances))
    if recorder.topograph is not None:
        crystal = recorder.topograph.crystal
        over = f"{crystal.name} {crystal.reflection} at {crystal.energy:g} keV"
        for name, value in crystal.numbers.items():
            metrics.add(f"crystal.{name}", value, CRYSTAL[name], over)
    if recorder.records.radiograph is not None:
        add_radiograph(metrics, recorder.records.radiograph)
    if calibrated is not None:
        metrics.add("calibration.found", calibrated.found, "", calibrated.key)
        metrics.add(
            "calibration.reached", calibrated.reached / calibrated.target, "", f"{calibrated.metric} over target"
        )
    return metrics


def ways(model: Model, folder: RunFolder, recorder: Recorder) -> list[Picture]:
    """Write the table of single currents, and return the plan of the last state with a current for each place."""
    if not model.ways:
        return []
    areas = {name: one.areas for name, one in model.ways.items()}
    write_ways(folder / "tables" / "ways.csv", recorder.records.table.labels, recorder.ways, areas)
    made = []
    for name, one in model.ways.items():
        last = next((state[name] for state in reversed(recorder.ways) if any(state.get(name, {}).values())), None)
        if last is None:
            continue
        path, currents = folder / "images" / f"ways_{name}.png", np.array(list(last.values()))
        draw_ways(path, f"Current of each of '{name}' over their mean", one.places, relative(currents, one.areas))
        made.append(Picture(path, f"Where the current divides: every one of '{name}', last state with a current."))
    return made


def sections(joined: JointResult, folder: RunFolder) -> list[Picture]:
    """Return the picture of the joint's section, if it was a clad; see fig. 7 of CN101185991."""
    if joined.profile is None:
        return []
    path = draw_section(joined.profile, "Joint after bonding", folder / "images" / "joint_section.png")
    caption = "Aluminium across the joint after bonding, from the phase diagram and mass; the layers' thicknesses."
    return [Picture(path, caption)]


def lives(model: Model, table: Table, metrics: Metrics) -> list[str]:
    """Add the lives that the study asks for to the metrics, and return them in sentences."""
    told = []
    for options in model.study.lives:
        layer = next(one for one in model.study.failures if one.name == options.layer)
        material = model.materials.assignments[model.tagged.region_names(layer.region)[0]].material
        column = table.column(f"{options.layer}_{options.measure}")
        rows = np.flatnonzero(table.rows_in([options.stage]))
        cold = [row for row in rows if table.labels[row].endswith(("cold", "off"))]
        before = [rows[0] - 1] if rows[0] > 0 else []
        found = of_cycles(options, law_of(material, options), column[[*before, *cold]])
        told.append(found.sentence)
        for name, (value, unit, over) in numbers(options, found).items():
            metrics.add(name, value, unit, over)
    return told


def matched(pattern: str, tagged: TaggedMesh) -> bool:
    """Return whether a mesh has a region of this name or pattern."""
    return any(fnmatchcase(name, pattern) for name in tagged.regions)


def joint_result(model: Model) -> JointResult:
    """Return what the process makes of the study's joint; nothing where it has none."""
    options, mechanics = model.study.joint, model.mechanics
    if options is None:
        return JointResult()
    enclosed = None
    if mechanics is not None and "mould" in model.tagged.regions:
        asked = model.study.mechanics
        assert asked is not None
        enclosed = cavity(
            model.tagged,
            model.materials,
            [one for one in options.region if matched(one, model.tagged)],
            options.peak,
            resin="mould",
            order=model.study.mesh.order,
            conditions=asked.conditions,
            support=asked.support,
            plane=asked.plane,
            preset=model.study.solver.mechanics,
        )
    return evaluate(options, enclosed)


def method_result(model: Model) -> method.MethodResult:
    """Return what the study's method makes, and how it compares with the geometry; nothing where it has none."""
    study = model.study
    if study.method is None:
        return method.MethodResult()
    coating = "" if study.method.deposition is None else study.method.deposition.coating
    found = method.evaluate(study.method, coating in study.coatings, study.deposits.get(coating))
    if study.geometry is not None:
        found.sentences += compared(found, study.geometry.file, study.geometry.parameters)
    return found


def method_section(made: method.MethodResult, folder: RunFolder) -> list[Picture]:
    """Return the picture of what the method makes; see Figs. 2 and 8 of US 10/590,901."""
    if made.foil is None:
        return []
    path = folder / "images" / "method.png"
    return [Picture(path, draw_method(made, "What the method makes", path))]


def add_radiograph(metrics: Metrics, taken: Radiograph) -> None:
    """Add volume balances, transmissions of areas and attenuations of materials, these by image: ``...@31 keV``."""
    metrics.update({name: Number(taken.balances[name], "", BALANCES[name]) for name in taken.balances})
    for area, means in taken.areas.items():
        for label, mean in means.items():
            if np.isfinite(mean):
                metrics.add(f"radiograph.transmission_{area}@{label}", mean, "", f"mean of {taken.words[area]}")
    for label, coefficients in taken.attenuation.items():
        for material, value in coefficients.items():
            metrics.add(f"radiograph.attenuation_{material}@{label}", value, "1/m", "linear, total cross sections")
    for region, gap in taken.relative.items():
        metrics.add(f"radiograph.volume_gap_{region}", gap, "", "sum of length times pixel area against the volume")


def empty_rows(table: Table, derived: Sequence[DerivedOptions]) -> list[str]:
    """Return in sentences which derived columns have no finite number at any state that has all their columns."""
    found = []
    for one in derived:
        given = [np.isfinite(table.values[name]) for name in one.names]
        asked = np.logical_and.reduce(given) if given else np.ones(len(table), dtype=bool)
        if asked.any() and not np.isfinite(table.values[one.name][asked]).any():
            found.append(f"The derived column '{one.name}', {one.expression}, has no finite value at any state.")
    return found


def sentence(calibrated: Calibrated | None) -> str:
    """Return what was calibrated, in words; empty when nothing was."""
    if calibrated is None:
        return ""
    return (
        f"Calibrated: {calibrated.key} = {calibrated.found:.5g} (SI; first guess {calibrated.given:.5g}), "
        f"so that {calibrated.metric} meets {calibrated.target:.5g} at {calibrated.at} ({calibrated.source}). "
        "This one number was fitted. Every other number of this report is a prediction."
    )


def assignments(model: Model) -> list[reports.Assignment]:
    """Return what every region is made of; regions that are part of another are not repeated."""
    found = []
    for name, one in model.materials.assignments.items():
        if name in model.tagged.part_of:
            continue
        free = one.stress_free_temperature
        crystal = one.orientation
        found.append(
            reports.Assignment(
                name,
                one.material.name,
                "" if free is None else f"{free - 273.15:.4g} degC",
                ""
                if crystal is None
                else f"{list(crystal.normal)} along z, {list(crystal.edge)} along {crystal.edge_along}",
            )
        )
    return found


def conditions(model: Model, calibrated: Calibrated | None) -> list[reports.Condition]:
    """Return the conditions with their numbers and how well these are known."""
    study, found = model.study, []
    acting: list[tuple[str, str, Any]] = []
    for room, entries in (
        ("heat", model.heat.conditions if model.heat else ()),
        ("mechanics", study.mechanics.conditions if study.mechanics else ()),
    ):
        acting += [(f"{room}.conditions.{index}.", f"{room}: {one.type}", one) for index, one in enumerate(entries)]
    if study.electric is not None:
        acting += [("", f"electric: terminal {name}", one) for name, one in study.electric.terminals.items()]
        acting += [("", f"electric: sheet {name}", one) for name, one in study.electric.sheets.items()]
    acting += [("", f"film {name}", one) for name, one in study.coatings.items()]
    for key, what, one in acting:
        fitted = bool(key) and calibrated is not None and calibrated.key.startswith(key)
        data = one.model_dump(mode="json", exclude={"type", "surface", "status", "source"}, exclude_none=True)
        found.append(
            reports.Condition(
                what,
                _joined(one.surface),
                ", ".join(f"{name} {value}" for name, value in data.items()),
                "calibrated" if fitted else one.status or "",
                one.source or "",
            )
        )
    if study.electric is not None:
        found += [
            reports.Condition(
                "electric: contact", name, f"resistance {one.resistance:.4g} ohm m^2, thickness {one.thickness:.4g} m"
            )
            for name, one in study.electric.contacts.items()
        ]
    for stage in study.stages:
        for name, powers in getattr(stage, "sources", {}).items():
            values = powers if isinstance(powers, tuple) else (powers,)
            found.append(
                reports.Condition(
                    f"{stage.name}: source", model.region_of_source(name), ", ".join(pretty(p, "W") for p in values)
                )
            )
        for name, drives in getattr(stage, "terminals", {}).items():
            fed = drives if isinstance(drives, tuple) else (drives,)
            found.append(reports.Condition(f"{stage.name}: terminal", name, ", ".join(str(drive) for drive in fed)))
    return found


def notes(model: Model, taken: Radiograph | None = None) -> list[str]:
    """Return the sentences that a reader must see beside the numbers."""
    study = model.study
    found = []
    if study.mechanics is not None:
        law = {
            "incremental": "Stress follows the stiffness of the moment, d sigma = C(T) (d eps - d Theta).",
            "total": "The total law was asked for by name: sigma = C(T) (eps - Theta), whatever the path.",
        }
        found.append(law[study.mechanics.law])
        found += laws_in_use(model)
    far = far_from_data(model)
    if far:
        found.append(f"Used above {FAR - 273.15:.0f} degC, while their sources state no range: {far}.")
    found += radiographed(model, taken)
    if study.topograph is not None:
        camera = study.topograph.camera()
        found.append(f"Detector: {camera.source} (status {camera.status}).")
    return found


def radiographed(model: Model, taken: Radiograph | None) -> list[str]:
    """Return what must be said of a radiograph: what its materials are made of, and areas that no ray belongs to."""
    if taken is None:
        return []
    found = []
    every = (*model.materials.assignments.values(), *model.materials.films.values())
    materials = {one.material.name: one.material for one in every}
    for name, material in sorted(materials.items()):
        made = material.composition
        if made is not None and made.status in ("estimate", "unchecked"):
            shares = ", ".join(f"{formula} {100 * share:.4g} %" for formula, share in made.fractions.items())
            source = "; ".join(material.sources.get(key, key) for key in made.source)
            note = f"; {made.note}" if made.note else ""
            found.append(f"Composition of {name} by mass ({made.status}): {shares}. {source}{note}.")
    empty = [name for name, share in taken.shares.items() if share == 0.0]
    if empty:
        found.append(f"No ray of the radiograph belongs to {', '.join(empty)}; their transmission is not given.")
    return found


def laws_in_use(model: Model) -> list[str]:
    """Return in sentences which parameter sets the laws with memory took, and how well these are known."""
    found: dict[str, list[str]] = {}
    for name, law in getattr(model.mechanics and model.mechanics.law, "laws", {}).items():
        if name in model.tagged.part_of or law.name in ELASTIC:
            continue
        material = model.materials.assignments[name].material
        taken = set_in_use(law.name, getattr(law, "set", None), material)
        words = f"{law.name} with {material.name}'s yield stress"
        if taken is not None:
            which = f" '{taken.name}'" if taken.name else ""
            sources = "; ".join(material.sources.get(key, key) for key in taken.source)
            words = f"{law.name} with {material.name}'s set{which} of {taken.kind}, status {taken.status} ({sources})"
        found.setdefault(words, []).append(name)
    return [f"Law of {', '.join(regions)}: {words}." for words, regions in found.items()]


def far_from_data(model: Model) -> str:
    """Return the numbers that were used far above room temperature though nobody says how far they hold."""
    found: dict[str, list[str]] = {}
    for one in model.materials.provenance():
        if one.valid is None and one.used[1] > FAR and "." not in one.property:
            found.setdefault(one.material, []).append(one.property.replace("_", " "))
    return "; ".join(f"{material} ({', '.join(names)})" for material, names in found.items())


def _joined(names: str | Sequence[str]) -> str:
    return names if isinstance(names, str) else ", ".join(names)
