"""The report of a run: one HTML file that opens anywhere without a network, pictures included."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.results import report_file as files
from femsuite.results import report_rows as rows
from femsuite.results import verdicts
from femsuite.results.compare import Comparison, summary
from femsuite.results.disk import read_json, sentences, write_json, write_whole
from femsuite.results.fits import Fit
from femsuite.results.folder import RunFolder, is_run_folder
from femsuite.results.scene import Picture
from femsuite.results.table import Table
from femsuite.results.verdicts import Verdict

DATA = "tables/report.json"
TYPES = {".png": "image/png", ".gif": "image/gif", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Figures:
    """Pictures under one heading."""

    heading: str
    pictures: Sequence[Picture]


@dataclass(frozen=True)
class Assignment:
    """What a region is made of, as text for the report."""

    region: str
    material: str
    stress_free: str = ""
    orientation: str = ""


@dataclass(frozen=True)
class Condition:
    """A boundary condition, load or source, as text for the report."""

    what: str
    where: str
    values: str = ""
    status: str = ""
    source: str = ""


@dataclass(frozen=True)
class Report:
    """What stands in a report, beside what ``run.json`` holds.

    Attributes:
        title, description, source: of the study.
        comparisons: ours beside the published numbers.
        verdicts: answers to the questions of a series.
        figures: groups of pictures, in order.
        table, fits: the result table and the lines through it.
        materials: every number of a material that was used.
        assignments: what each region is made of.
        conditions: what acts on the model.
        balances, allowed: relative imbalances and their limits.
        calibration: what was calibrated, in a sentence; empty for nothing.
        notes: sentences the reader must see: warnings, laws that were asked for by name, missing pictures.
    """

    title: str
    description: str = ""
    source: str = ""
    comparisons: Sequence[Comparison] = ()
    verdicts: Sequence[Verdict] = ()
    figures: Sequence[Figures] = ()
    table: Table = field(default_factory=Table)
    fits: Sequence[Fit] = ()
    materials: Sequence[rows.UsedNumber] = ()
    assignments: Sequence[Assignment] = ()
    conditions: Sequence[Condition] = ()
    balances: Mapping[str, float] = field(default_factory=dict)
    allowed: Mapping[str, float] = field(default_factory=dict)
    calibration: str = ""
    notes: Sequence[str] = ()


def write_report(report: Report, folder: RunFolder) -> Path:
    """Write ``report.html`` into the run folder and return it, made of ``tables/report.json``; collective.

    Raises:
        SolveError: when it cannot be written.
    """

    def write() -> Path:
        with sentences(folder / DATA):
            write_json(folder / DATA, {**packed(report, folder.path), "phases": len(folder.record["phases"])})
        return _written(folder.path, folder.record)

    return parallel.on_root(write)


def rebuild(folder: Path | str) -> Path:
    """Write the report of a finished run again, from what lies in its folder, and return it.

    Raises:
        InputError: the folder holds no finished run, or one without the report's data.
        SolveError: when it cannot be written.
    """
    path = Path(folder)
    record = read_json(path / "run.json")
    if not is_run_folder(path) or record is None:
        raise InputError(f"'{path}' is not a run folder: it has no run.json of femsuite.")
    if record.get("status") != "finished":
        raise InputError(f"the run in '{path}' is not finished: it is {record.get('status')}. Run the study again.")
    return _written(path, record)


def _written(folder: Path, record: Mapping[str, object]) -> Path:
    """Write the report that the folder's data make; what the run did afterwards is left out."""
    data = read_json(folder / DATA)
    if data is None:
        raise InputError(f"'{folder / DATA}' is missing or cannot be read, and the report is made of it.")
    phases = list(record.get("phases") or ())[: data["phases"]]  # type: ignore[call-overload]
    path = folder / "report.html"
    with sentences(path):
        write_whole(path, render(unpacked(data, folder), {**record, "phases": phases}))
    return path


def packed(report: Report, folder: Path) -> dict[str, Any]:
    """Return a report as plain data, with the paths of pictures relative to the run folder."""
    shallow = {one.name: getattr(report, one.name) for one in fields(report)}
    return shallow | {
        "comparisons": [asdict(one) for one in report.comparisons],
        "verdicts": [asdict(one) for one in report.verdicts],
        "figures": [
            {"heading": group.heading, "pictures": [files.packed_picture(one, folder) for one in group.pictures]}
            for group in report.figures
        ],
        "table": files.packed_table(report.table),
        "fits": [asdict(one) for one in report.fits],
        "materials": [files.packed_used_number(one) for one in report.materials],
        "assignments": [asdict(one) for one in report.assignments],
        "conditions": [asdict(one) for one in report.conditions],
        "balances": dict(report.balances),
        "allowed": dict(report.allowed),
    }


def unpacked(data: Mapping[str, Any], folder: Path) -> Report:
    """Return the report that `packed` made into plain data."""
    read = {one.name: data[one.name] for one in fields(Report)}
    return Report(
        **read
        | {
            "comparisons": [files.comparison_of(one) for one in data["comparisons"]],
            "verdicts": [files.verdict_of(one) for one in data["verdicts"]],
            "figures": [
                Figures(group["heading"], [files.picture_of(one, folder) for one in group["pictures"]])
                for group in data["figures"]
            ],
            "table": files.table_of(data["table"]),
            "fits": [files.fit_of(one) for one in data["fits"]],
            "materials": [files.used_number_of(one) for one in data["materials"]],
            "assignments": [Assignment(**one) for one in data["assignments"]],
            "conditions": [Condition(**one) for one in data["conditions"]],
            "balances": {name: files.number(value) for name, value in data["balances"].items()},
        }
    )


def render(report: Report, record: Mapping[str, object]) -> str:
    """Return the report as HTML.

    Args:
        report: what was found.
        record: what ``run.json`` holds: sizes, solves, phases, versions, machine.
    """
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    text = resources.files("femsuite.results").joinpath("report.html.jinja").read_text(encoding="utf-8")
    everything, weak = rows.material_rows(report.materials)
    machine = dict(record.get("machine") or {})  # type: ignore[call-overload]
    versions = dict(record.get("versions") or {})  # type: ignore[call-overload]
    ranks = machine.get("ranks", 1)
    figures = [
        {
            "heading": group.heading,
            "anchor": _anchor(group.heading),
            "pictures": [_embedded(one) for one in group.pictures],
        }
        for group in report.figures
        if group.pictures
    ]
    solves = rows.solve_rows(rows.solves_of(record))
    return environment.from_string(
        text
    ).render(
        title=report.title,
        description=" ".join(report.description.split()),
        source=report.source,
        made=f"Computed {record.get('started', '')} on {machine.get('host', '?')}, "
        f"{ranks} {'rank' if ranks == 1 else 'ranks'}, femsuite {versions.get('femsuite', '?')}.",
        contents=_contents(report, figures),
        verdict=summary(report.comparisons),
        comparisons=rows.comparison_rows(report.comparisons),
        answers=verdicts.rows(report.verdicts),
        answered=verdicts.summary(report.verdicts),
        calibration=report.calibration,
        notes=list(report.notes),
        figures=figures,
        table=rows.result_table(report.table),
        fits=rows.fit_rows(report.fits),
        materials=everything,
        weak=weak,
        assignments=report.assignments,
        conditions=report.conditions,
        sizes=[
            {
                "name": name.replace("_", " "),
                "value": f"{value:,}".replace(",", " ") if isinstance(value, int) else value,
            }
            for name, value in dict(record.get("sizes") or {}).items()  # type: ignore[call-overload]
        ],
        solves=solves,
        balances=rows.balance_rows(report.balances, report.allowed),
        phases=rows.phase_rows(record.get("phases") or ()),  # type: ignore[arg-type]
        versions=rows.version_rows(record),
        footer=f"femsuite {versions.get('femsuite', '?')} · content {str(record.get('content_hash', ''))[:16]}",
    )


def _contents(report: Report, figures: Sequence[Mapping[str, object]]) -> list[tuple[str, str]]:
    return [
        *([("verdict", "Verdict")] if report.comparisons else []),
        *([("answers", "Answers")] if report.verdicts else []),
        *((str(group["anchor"]), str(group["heading"])) for group in figures),
        *([("results", "Results")] if len(report.table) else []),
        *([("materials", "Materials")] if report.materials or report.assignments else []),
        *([("conditions", "Conditions")] if report.conditions else []),
        ("numerics", "Mesh and convergence"),
        ("open", "ParaView"),
        ("made", "Versions"),
    ]


def _anchor(heading: str) -> str:
    return "figures-" + re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def _embedded(picture: Picture) -> dict[str, str]:
    """Return a picture with its file as a data URI (RFC 2397)."""
    problem = picture.problem
    data = ""
    if picture.path is not None:
        try:
            content = base64.b64encode(picture.path.read_bytes()).decode()
            data = f"data:{TYPES[picture.path.suffix.lower()]};base64,{content}"
        except (OSError, KeyError) as error:
            problem = f"'{picture.path.name}' cannot be embedded ({error})"
    return {"data": data, "caption": picture.caption, "problem": problem}
