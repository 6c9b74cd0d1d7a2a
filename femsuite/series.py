"""The cases of a series, run one after the other, and the folder that holds what they make together."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.errors import Fault, InputError, SolveError, unknown
from femsuite.material.property import outside
from femsuite.results import report as reports
from femsuite.results import report_file as files
from femsuite.results.charts import chart
from femsuite.results.disk import read_json, sentences, write_whole
from femsuite.results.folder import RunFolder
from femsuite.results.options import convert
from femsuite.results.scene import Picture
from femsuite.results.table import Column, Metrics, Table, read_csv
from femsuite.results.verdicts import Verdict, verdict
from femsuite.run import run
from femsuite.study import Study, load, resolved_text
from femsuite.study.series import Member, Series, SeriesColumn

LOG = logging.getLogger("femsuite")


@dataclass(frozen=True)
class Run:
    """A member and the folder of its run, None where it failed."""

    member: Member
    folder: Path | None


@dataclass(frozen=True)
class Trial:
    """A case with another value of one estimate.

    Args:
        case: row of the case.
        name: of the case.
        estimate: which.
        value: its other value, in words.
        numbers: column -> value.
    """

    case: int
    name: str
    estimate: str
    value: str
    numbers: Mapping[str, float]


def members_of(path: str | Path, overrides: Sequence[str], whole: Study) -> list[tuple[Member, Study]]:
    """Return every member with its own checked study. Not collective.

    Raises:
        InputError: a member's changes do not fit; says whose.
    """
    found = []
    assert whole.series is not None
    for member in whole.series.members(whole.band):
        try:
            study = load(path, [*overrides, *member.overrides], alone=True)
        except InputError as error:
            told = (
                Fault(f"in the case '{member.name}': {one.message}", one.file, one.line, one.key)
                for one in error.faults
            )
            raise InputError(*told) from error
        found.append((member, study))
    return found


def run_series(
    study: Study, members: Sequence[tuple[Member, Study]], out: Path | str, force: bool = False
) -> RunFolder:
    """Run what has to be run and write table, charts, verdicts and report. Collective.

    The cases lie beside the folder, in ``<out>.cases``: a case whose study has not changed is not run again. A case
    that fails is told of, and the series goes on: its row stays empty, and a verdict whose band lacks a trial does
    not hold.

    Args:
        study: with a ``[series]``.
        members: from `members_of`.
        out: folder of the series.
        force: run all of it again.

    Raises:
        SolveError: at the end, when all that could be made is written, if a case failed: the series is not finished,
            and its next run tries that case again.
    """
    series = study.series
    assert series is not None
    out = Path(out)
    folder = RunFolder.open(out, study.given_text, resolved_text(study), study.content_hash, force)
    if folder.unchanged:
        if parallel.is_root():
            LOG.info("%s is up to date: the study has not changed since its run.", folder.path)
        return folder
    with folder:
        done: list[Path | None] = []
        reasons: list[str] = []
        with folder.phase("cases"):
            for number, (member, one) in enumerate(members, start=1):
                if parallel.is_root():
                    LOG.info("case %d of %d: %s", number, len(members), member.name)
                try:
                    done.append(run(one, out.with_name(f"{out.name}.cases") / member.name, force=force).path)
                except SolveError as error:
                    done.append(None)
                    reasons.append(f"The case {_who(member)} did not come to its end: {error}")
                    LOG.warning("%s", reasons[-1])
        with folder.phase("tables, pictures, report"):
            runs = [Run(member, folder) for (member, _), folder in zip(members, done, strict=True)]
            table, trials = parallel.on_root(lambda: tabulate(series, runs))
            table.write(folder / "tables", "series")
            metrics = Metrics()
            metrics.add_table(table)
            metrics.write(folder / "metrics.json")
            parallel.on_root(lambda: write_trials(trials, folder / "tables" / "trials.csv"))
            own = [member for member, _ in members if member.trial is None]
            lost = {_place(members, number) for number, path in enumerate(done) if path is None}
            answers = judge(series, own, table, trials, lost)
            swings = trials_of(trials, [member.name for member in own])
            titles = {case.name: case.title for case in series.cases}
            pictures = [
                Picture(chart(one, table, folder / "images", swings, titles), one.caption or one.title)
                for one in series.charts
            ]
            notes = [*reasons, *_notes(own)]
            folder.note(warnings=notes, verdicts=[one.__dict__ for one in answers])
            reports.write_report(
                reports.Report(
                    title=study.title,
                    description=study.description,
                    source=study.source,
                    verdicts=answers,
                    figures=[reports.Figures("Over the cases", pictures)],
                    table=table.shown(),
                    materials=parallel.on_root(lambda: _numbers(done)),
                    notes=notes,
                ),
                folder,
            )
        if reasons:
            raise SolveError(
                f"{len(reasons)} of {len(members)} cases did not come to their end; what the others give is written, "
                f"and the next run tries them again. {' '.join(reasons)}"
            )
    return folder


def _who(member: Member) -> str:
    trial = f" with {member.trial[0]} {member.trial[1]}" if member.trial is not None else ""
    return f"'{member.title}'{trial}"


def _place(members: Sequence[tuple[Member, Study]], number: int) -> int:
    """Return the row of the case that a member belongs to."""
    return sum(member.trial is None for member, _ in members[: number + 1]) - 1


def tabulate(series: Series, runs: Sequence[Run]) -> tuple[Table, list[Trial]]:
    """Return the table of a series, a row for each case with its axes and columns, and the trials of its estimates."""
    rows = [_row(series.columns, one.folder) for one in runs]
    own = [(one, row) for one, row in zip(runs, rows, strict=True) if one.member.trial is None]
    columns = {axis.name: Column(axis.name, axis.unit, axis.title, "axis") for axis in series.axes}
    values = {axis.name: np.array([one.member.numbers[axis.name] for one, _ in own]) for axis in series.axes}
    for place, one in enumerate(series.columns):
        unit = next((row[place][1] for row in rows if row), one.unit or "")
        over = f"{one.of}, {one.over} over the states" if one.over != "metric" else one.of
        columns[one.name] = Column(one.name, unit, one.title, over)
        values[one.name] = np.array([row[place][0] if row else np.nan for _, row in own])
    trials, case = [], -1
    for member, row in ((one.member, row) for one, row in zip(runs, rows, strict=True)):
        case += member.trial is None
        if member.trial is not None and row:
            numbers = {one.name: row[place][0] for place, one in enumerate(series.columns)}
            trials.append(Trial(case, own[case][0].member.name, *member.trial, numbers))
    titles = tuple(one.member.title for one, _ in own)
    return Table(columns, titles, tuple("" for _ in own), values), trials


def _row(columns: Sequence[SeriesColumn], folder: Path | None) -> list[tuple[float, str]]:
    if folder is None:
        return []
    states, metrics = read_csv(folder / "tables" / "states.csv"), read_json(folder / "metrics.json") or {}
    return [_number(one, states, metrics) for one in columns]


def _number(one: SeriesColumn, states: Table, metrics: dict[str, Any]) -> tuple[float, str]:
    if one.over == "metric":
        if one.of not in metrics:
            raise InputError(Fault(unknown("metric", one.of, metrics), key=f"series.columns.{one.name}"))
        stated = metrics[one.of]["value"]
        value, unit = float("nan") if stated is None else float(stated), str(metrics[one.of]["unit"])
    else:
        try:
            numbers, unit = states.column(one.of)[states.rows_in(one.stages)], states.unit(one.of)
        except InputError as error:
            raise InputError(Fault(str(error), key=f"series.columns.{one.name}")) from error
        numbers = numbers[np.isfinite(numbers)]
        value = float(OVER[one.over](numbers)) if len(numbers) else float("nan")
    wanted = unit if one.unit is None else one.unit
    return convert(value, unit, wanted, one.over == "range"), wanted


OVER: Mapping[str, Callable[[np.ndarray], Any]] = {
    "maximum": np.max,
    "minimum": np.min,
    "last": lambda numbers: numbers[-1],
    "first": lambda numbers: numbers[0],
    "range": np.ptp,
}


def judge(
    series: Series, members: Sequence[Member], table: Table, trials: Sequence[Trial], lost: Collection[int] = ()
) -> list[Verdict]:
    """Return the answer of every case to every question, over its own band and over the trials of its estimates.

    Args:
        series: its verdicts.
        members: the cases, in the order of the table's rows.
        table: of the series.
        trials: of the estimates.
        lost: rows of which a trial failed: their band is not whole, and no verdict of theirs holds over it.
    """
    found = []
    for options in series.verdicts:
        names = [one for one in (options.column, options.low, options.high) if one]
        for row, member in enumerate(members):
            published = member.case.published.get(options.name, "") if member.case else ""
            if not published and options.window is not None:
                published = options.window.answer(member.numbers[options.window.axis])
            number = float(table.column(options.column)[row])
            ends = [float(table.column(name)[row]) for name in names[1:]]
            ends += [one.numbers[name] for one in trials if one.case == row for name in names]
            ends = [one for one in ends if np.isfinite(one)]
            band = (min(ends), max(ends)) if ends else (float("nan"), float("nan"))
            unit = table.unit(options.column)
            found.append(verdict(options, member.title, number, band, unit, published, whole=row not in lost))
    return found


def trials_of(trials: Sequence[Trial], names: Sequence[str]) -> dict[str, dict[str, list[Mapping[str, float]]]]:
    """Return case -> estimate -> the numbers of its other values; the cases in the order of the table's rows."""
    found: dict[str, dict[str, list[Mapping[str, float]]]] = {name: {} for name in names}
    for one in trials:
        found[one.name].setdefault(one.estimate, []).append(one.numbers)
    return found


def write_trials(trials: Sequence[Trial], path: Path) -> None:
    """Write what every other value of an estimate does, a line for each; nothing without trials."""
    if not trials:
        return
    names = list(trials[0].numbers)
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["case", "estimate", "value", *names])
    lines.writerows([one.name, one.estimate, one.value, *(repr(one.numbers[name]) for name in names)] for one in trials)
    with sentences(path):
        write_whole(path, text.getvalue())


def _notes(members: Sequence[Member]) -> list[str]:
    """Return what must be said of the cases, each sentence once with those it is about."""
    said: dict[str, list[str]] = {}
    for member in members:
        if member.case is not None and member.case.note:
            said.setdefault(member.case.note, []).append(member.case.title or member.case.name)
    return [f"{note} ({'; '.join(dict.fromkeys(who))})" for note, who in said.items()]


def _numbers(folders: Sequence[Path | None]) -> list[Any]:
    """Return every number of a material that any case used, once, with the range that all of them used it over."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for folder in folders:
        data = read_json(folder / reports.DATA) if folder is not None else None
        for one in (data or {}).get("materials", ()):
            kept = found.setdefault((one["material"], one["property"]), dict(one))
            if one["used"] is not None and kept["used"] is not None:
                kept["used"] = (min(kept["used"][0], one["used"][0]), max(kept["used"][1], one["used"][1]))
            kept["extrapolated"] = outside(kept["used"], kept["valid"])
    return [files.used_number_of(found[key]) for key in sorted(found)]
