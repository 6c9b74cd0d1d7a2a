"""Verdicts over the band of the estimates they hang on: each comparison under every other value of every estimate."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from femsuite.results.compare import Comparison


@dataclass(frozen=True)
class Trial:
    """One run of the study.

    Attributes:
        estimate: which estimate was changed; empty for the study as it is.
        value: what it was given.
        ours: title of the comparison -> our number, in the comparison's unit.
    """

    estimate: str
    value: str
    ours: Mapping[str, float]


@dataclass(frozen=True)
class Spread:
    """One comparison over the band.

    Attributes:
        title, unit, published: of the comparison.
        nominal: our number in the study as it is.
        low, high: smallest and largest of all trials.
        agreeing: in how many of the trials the published number is met.
        trials: how many gave a number.
        verdict: ``reproduced`` when every trial meets the published number, ``within the band`` when some do or the
            published number lies between ``low`` and ``high``, else ``outside the band``; ``open`` without tolerance.
        swings: estimate -> how far it moves the number from the nominal one (signed, the largest), largest first.
    """

    title: str
    unit: str
    published: float
    nominal: float
    low: float
    high: float
    agreeing: int
    trials: int
    verdict: str
    swings: Mapping[str, float]


def spreads(nominal: Sequence[Comparison], others: Sequence[tuple[Trial, Sequence[Comparison]]]) -> list[Spread]:
    """Return each predicted comparison over the band; one that was calibrated has no band.

    Args:
        nominal: the comparisons of the study as it is.
        others: each trial and its comparisons; they are matched by metric and title.
    """
    found = []
    # One metric may be held against several published numbers: the title tells the rows apart.
    tables = [(trial, {(one.metric, one.title): one for one in comparisons}) for trial, comparisons in others]
    for row in nominal:
        if row.role == "calibrated":
            continue
        key = (row.metric, row.title)
        matched = [(trial, table[key]) for trial, table in tables if key in table]
        rows = [row, *(one for _, one in matched)]
        numbers = [one.ours for one in rows if math.isfinite(one.ours)]
        swings: dict[str, float] = {}
        for trial, one in matched:
            swing = one.ours - row.ours
            if math.isfinite(swing) and abs(swing) >= abs(swings.get(trial.estimate, 0.0)):
                swings[trial.estimate] = swing
        low, high = (min(numbers), max(numbers)) if numbers else (math.nan, math.nan)
        agreeing = sum(one.verdict == "agrees" for one in rows)
        found.append(
            Spread(
                row.title,
                row.unit,
                row.published,
                row.ours,
                low,
                high,
                agreeing,
                len(numbers),
                _verdict(row, agreeing, len(rows), low, high),
                dict(sorted(swings.items(), key=lambda item: -abs(item[1]))),
            )
        )
    return found


def _verdict(row: Comparison, agreeing: int, trials: int, low: float, high: float) -> str:
    if row.verdict == "missing" and not math.isfinite(low):
        return "no number"
    if agreeing == trials:
        return "reproduced"
    if agreeing or low <= row.published <= high:
        return "within the band"
    return "open" if row.verdict == "open" else "outside the band"


def as_csv(rows: Sequence[Spread]) -> str:
    """Return the rows as CSV with units in a column of their own."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["result", "unit", "published", "nominal", "low", "high", "verdict", "agreeing", "trials", "largest swing by"]
    )
    for row in rows:
        by = next(iter(row.swings), "")
        numbers = (row.published, row.nominal, row.low, row.high)
        writer.writerow([row.title, row.unit, *numbers, row.verdict, row.agreeing, row.trials, by])
    return text.getvalue()


def as_data(rows: Sequence[Spread], trials: Sequence[Trial]) -> dict[str, Any]:
    """Return everything as plain data, for JSON."""
    return {"results": [asdict(row) for row in rows], "trials": [asdict(trial) for trial in trials]}


def markdown(rows: Sequence[Spread]) -> str:
    """Return the rows as a table for the documentation."""
    lines = ["| result | published | ours | over the band | verdict | hangs most on |", "|---|---|---|---|---|---|"]
    for row in rows:
        hangs = "; ".join(f"{name} ({swing:+.3g})" for name, swing in list(row.swings.items())[:2])
        lines.append(
            f"| {row.title} | {row.published:.3g} {row.unit} | {row.nominal:.3g} | {row.low:.3g} to {row.high:.3g} "
            f"| {row.verdict} | {hangs} |"
        )
    return "\n".join(lines) + "\n"


def draw(rows: Sequence[Spread], path: Path, most: int = 5) -> None:
    """Write a tornado for every comparison: the largest swings of the estimates, and the published number.

    Args:
        rows: the comparisons.
        path: of the picture.
        most: estimates shown for each.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from femsuite.results import style

    shown = [row for row in rows if row.swings and math.isfinite(row.nominal)]
    columns = min(3, max(len(shown), 1))
    height = -(-max(len(shown), 1) // columns)
    with rc_context(style.RC):
        figure = Figure(figsize=(5.0 * columns, 2.5 * height), layout="constrained")
        panels = list(figure.subplots(height, columns, squeeze=False).flat)
        for axes, row in zip(panels, shown, strict=False):
            bars = list(row.swings.items())[:most]
            axes.barh(range(len(bars)), [swing for _, swing in bars], left=row.nominal, color=style.COLOURS[0])
            axes.axvline(row.nominal, color="black", linewidth=1.0)
            axes.axvline(row.published, color=style.COLOURS[1], linestyle="--", linewidth=1.4)
            axes.set_yticks(range(len(bars)), [name for name, _ in bars], fontsize=8)
            axes.invert_yaxis()
            axes.set_title(row.title, fontsize=9)
            axes.set_xlabel(style.label("ours", row.unit) + "; dashed: published", fontsize=8)
        for axes in panels[len(shown) :]:
            axes.set_axis_off()
        figure.savefig(path)
