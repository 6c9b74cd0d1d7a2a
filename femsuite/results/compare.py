"""Our numbers beside published ones: the ratio, and a verdict in a sentence."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from femsuite.errors import Fault, InputError
from femsuite.results.options import CompareOptions, convert, difference_unit
from femsuite.results.style import unit_text
from femsuite.results.table import Metrics

Verdict = Literal["agrees", "near", "differs", "open", "missing"]


@dataclass(frozen=True)
class Comparison:
    """One row of the comparison table.

    Attributes:
        title: words for the metric.
        metric: its name, with ``@state`` if it is taken at one.
        unit: of all numbers here: the published number's.
        published, uncertainty: NaN uncertainty where none is stated.
        ours, ours_uncertainty: NaN where we have none.
        ratio: ours / published; NaN for temperatures on a scale with a shifted zero.
        verdict: ``agrees`` within the uncertainty (or ``within``), ``near`` within twice of it, ``differs`` beyond,
            ``open`` when nothing says how near is near, ``missing`` when we have no number.
        sentence: the verdict for people.
        role: ``calibrated`` when the number was fitted to the target, else ``predicted``.
        source, note: as in the study.
    """

    title: str
    metric: str
    unit: str
    published: float
    uncertainty: float
    ours: float
    ours_uncertainty: float
    ratio: float
    verdict: Verdict
    sentence: str
    role: Literal["calibrated", "predicted"]
    source: str
    note: str


def compare(
    options: Sequence[CompareOptions],
    metrics: Metrics,
    calibrated: Collection[str] = (),
    reasons: dict[str, str] | None = None,
) -> list[Comparison]:
    """Return the comparison table.

    Args:
        options: the study's ``[[compare]]`` tables.
        metrics: all that this run found.
        calibrated: names of metrics that a parameter was fitted to; they predict nothing.
        reasons: why a metric is missing, by the start of its name, e.g. ``{"fit.asterism": "..."}``.

    Raises:
        InputError: when the units of the two numbers do not go together.
    """
    return [_row(one, metrics, calibrated, reasons or {}) for one in options]


def _row(options: CompareOptions, metrics: Metrics, calibrated: Collection[str], reasons: dict[str, str]) -> Comparison:
    name = options.metric if options.at is None else f"{options.metric}@{options.at}"
    unit = options.published.unit
    ours = ours_error = math.nan
    missing = ""
    try:
        number = metrics.look_up(options.metric, options.at)
        ours = convert(number.value, number.unit, unit)
        if f"{name}_uncertainty" in metrics:
            error = metrics[f"{name}_uncertainty"]
            ours_error = convert(error.value, error.unit, unit, difference=True)
        uncertainty = options.uncertainty.to(unit, difference=True) if options.uncertainty else math.nan
    except InputError as error:
        known = (text for start, text in reasons.items() if text and f"{options.metric}.".startswith(f"{start}."))
        missing = next(known, str(error))
        uncertainty = options.uncertainty.to(unit, difference=True) if options.uncertainty else math.nan
    except ValueError as error:
        raise InputError(Fault(str(error), key=f"compare.{name}")) from error
    published = options.published.value
    absolute = difference_unit(unit) == unit  # a ratio of degrees Celsius means nothing
    ratio = ours / published if absolute and published else math.nan
    verdict, sentence = _verdict(options, ours, ours_error, uncertainty, ratio)
    if missing:
        start = "no fit" if options.metric.startswith("fit.") else "no number of ours"
        verdict, sentence = "missing", f"{start}: {missing}"
    return Comparison(
        title=options.title or _words(options.metric, options.at),
        metric=name,
        unit=unit,
        published=published,
        uncertainty=uncertainty,
        ours=ours,
        ours_uncertainty=ours_error,
        ratio=ratio,
        verdict=verdict,
        sentence=sentence,
        role="calibrated" if options.metric in calibrated or name in calibrated else "predicted",
        source=options.source,
        note=options.note,
    )


def _words(metric: str, at: str | None) -> str:
    """Return ``fit face, slope`` for ``fit.face.slope`` and ``hot face at power=2 W`` for a column."""
    head, _, tail = metric.replace("_", " ").rpartition(".")
    words = f"{head.replace('.', ' ')}, {tail}" if head else tail
    return words if at is None else f"{words} at {at}"


def _verdict(
    options: CompareOptions, ours: float, ours_error: float, uncertainty: float, ratio: float
) -> tuple[Verdict, str]:
    published = options.published.value
    if not math.isfinite(ours):
        return "missing", "our number is not finite"
    gap = ours - published
    if (options.relation == "at_most" and gap <= 0) or (options.relation == "at_least" and gap >= 0):
        return "agrees", f"{'below' if gap < 0 else 'above' if gap > 0 else 'at'} the published limit, as it should be"
    combined = math.hypot(*(error for error in (uncertainty, ours_error) if math.isfinite(error)))
    allowed = combined if math.isfinite(uncertainty) else 0.0
    if options.within is not None:
        allowed = max(allowed, options.within * abs(published))
    if abs(gap) <= 1e-9 * abs(published):
        size = "equal to the published number"
    elif math.isfinite(ratio):
        size = f"{ratio:#.3g} times the published number"
    else:
        unit = unit_text(difference_unit(options.published.unit))
        size = f"{abs(gap):.3g} {unit} {'above' if gap > 0 else 'below'} the published number"
    if allowed == 0.0 and options.relation != "equal":
        return "differs", f"{'above' if gap > 0 else 'below'} the published limit: {size}"
    if allowed == 0.0:
        return "open", f"{size}; neither an uncertainty nor a tolerance is stated, so there is no verdict"
    measure = "uncertainty" if options.within is None or allowed > options.within * abs(published) else "tolerance"
    if abs(gap) <= allowed:
        return "agrees", f"agrees within the {measure}: {size}"
    if abs(gap) <= 2 * allowed:
        return "near", f"within twice the {measure}, not within it: {size}"
    return "differs", f"differs by {abs(gap) / allowed:.2g} times the {measure}: {size}"


def summary(rows: Sequence[Comparison]) -> str:
    """Return the outcome of the predicted rows in one sentence."""
    predicted = [row for row in rows if row.role == "predicted"]
    if not predicted:
        return "Nothing published is predicted by this study."
    counts = {name: sum(row.verdict == name for row in predicted) for name in ("agrees", "near", "differs")}
    rest = len(predicted) - sum(counts.values())
    parts = [
        f"{counts['agrees']} of {len(predicted)} predicted numbers agree{_s(counts['agrees'])} with the published ones",
        *([f"{counts['near']} come{_s(counts['near'])} near"] if counts["near"] else []),
        *([f"{counts['differs']} differ{_s(counts['differs'])}"] if counts["differs"] else []),
        *([f"{rest} {'has' if rest == 1 else 'have'} no verdict"] if rest else []),
    ]
    return ", ".join(parts) + "."


def _s(count: int) -> str:
    return "s" if count == 1 else ""
