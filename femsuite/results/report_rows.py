"""The rows of the report's tables: numbers turned into text, nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from femsuite.results import style
from femsuite.results.compare import Comparison
from femsuite.results.fits import Fit, Parameter
from femsuite.results.plots import twice_uncertain, uncertain
from femsuite.results.table import Table

Row = dict[str, Any]
WEAK = ("estimate", "unchecked")
BADGES = {"agrees": "agrees", "near": "near", "differs": "differs", "open": "no verdict", "missing": "no number"}


class UsedNumber(Protocol):
    """One number of a material that a result depends on; see ``femsuite.material.field.ProvenanceRow``."""

    @property
    def material(self) -> str:
        """Its material."""

    @property
    def unit(self) -> str:
        """SI unit."""

    @property
    def value(self) -> float:
        """At 298 K."""

    @property
    def status(self) -> str:
        """How well it is known."""

    @property
    def reference(self) -> str:
        """The full text of its sources."""

    @property
    def used(self) -> tuple[float, float]:
        """The temperatures it was used at, K."""

    @property
    def valid(self) -> tuple[float, float] | None:
        """The temperatures its data are good for, K; None if not known."""

    @property
    def extrapolated(self) -> tuple[tuple[float, float], ...]:
        """The parts of ``used`` outside ``valid``."""

    @property
    def note(self) -> str:
        """Anything else worth knowing."""

    @property  # last: it hides the decorator of this name
    def property(self) -> str:
        """Which of the material's numbers."""


def comparison_rows(rows: Sequence[Comparison]) -> list[Row]:
    """Return the comparison table as text."""
    return [
        {
            "title": row.title[:1].upper() + row.title[1:],
            "metric": row.metric,
            "ours": style.number(row.ours) if math.isnan(row.ours_uncertainty) else _pm(row.ours, row.ours_uncertainty),
            "published": style.number(row.published)
            if math.isnan(row.uncertainty)
            else _pm(row.published, row.uncertainty),
            "unit": style.unit_text(row.unit),
            "ratio": "no fit" if _unfitted(row) else style.number(row.ratio, 3),
            "verdict": row.verdict,
            "badge": "no fit" if _unfitted(row) else BADGES[row.verdict],
            "sentence": row.sentence,
            "role": row.role,
            "source": row.source,
            "note": row.note,
        }
        for row in rows
    ]


def _unfitted(row: Comparison) -> bool:
    return row.verdict == "missing" and row.metric.startswith("fit.")


def _pm(value: float, error: float) -> str:
    return uncertain(value, error).replace("-", "−")


def result_table(table: Table) -> Row:
    """Return columns and rows of the result table as text, in units that are handy."""
    shown = table.shown()
    columns, texts = [], []
    for name, column in shown.columns.items():
        numbers = shown.values[name]
        unit = style.handy_unit(column.unit, max((abs(one) for one in numbers if math.isfinite(one)), default=0.0))
        factor = style.factor(column.unit, unit)
        texts.append([style.number(float(one) * factor) for one in numbers])
        over = "" if column.over == "swept" else column.over
        columns.append({"title": column.title or style.words(name), "unit": style.unit_text(unit), "over": over})
    rows = [
        {"label": label, "stage": stage, "numbers": [text[index] for text in texts]}
        for index, (label, stage) in enumerate(zip(shown.labels, shown.stages, strict=True))
    ]
    return {"columns": columns, "rows": rows}


def fit_rows(fits: Iterable[Fit]) -> list[Row]:
    """Return what was fitted, or why not."""
    rows = []
    for one in fits:
        found = "; ".join(f"{name.replace('_', ' ')} {_scaled(part)}" for name, part in one.parameters.items())
        rows.append(
            {
                "name": one.name,
                "model": one.model.replace("_", " "),
                "columns": f"{one.y} against {one.x}, {one.points} points",
                "found": found or f"no fit: {one.reason}",
            }
        )
    return rows


def _scaled(part: Parameter) -> str:
    """Return a fitted number with both errors in a handy unit; compound units keep what stands under the line."""
    top, slash, under = part.unit.partition("/")
    handy = style.handy_unit(top, part.value)
    factor = style.factor(top, handy)
    number = twice_uncertain(part.value * factor, part.formal * factor, part.jackknife * factor).replace("-", "−")
    return f"{number} {style.unit_text(handy + slash + under)}".strip()


def material_rows(numbers: Iterable[UsedNumber]) -> tuple[list[Row], list[Row]]:
    """Return all numbers that were used, and those of them that nobody has confirmed or that were stretched."""
    everything, weak = [], []
    for one in numbers:
        row = {
            "material": one.material,
            "property": one.property.replace("_", " "),
            "value": style.number(one.value),
            "unit": style.unit_text(one.unit),
            "status": one.status,
            "used": _span(one.used),
            "valid": _span(one.valid) if one.valid else "not stated",
            "reference": one.reference,
        }
        everything.append(row)
        reasons = []
        if one.status in WEAK:
            reasons.append(one.note or {"estimate": "an estimate", "unchecked": "source not checked"}[one.status])
        if one.extrapolated:
            reasons.append(f"used at {', '.join(map(_span, one.extrapolated))}, outside its data ({row['valid']})")
        if reasons:
            weak.append({**row, "why": "; ".join(reasons)})
    return everything, weak


def _span(span: tuple[float, float]) -> str:
    low, high = span
    return f"{low:.4g} K" if high - low < 0.05 else f"{low:.4g} to {high:.4g} K"


def solves_of(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return every solve in ``run.json``: noted one by one, or by the solvers' monitor, Newton iterations last."""
    monitor = record.get("monitor") or {}
    linear = [*(record.get("solves") or ()), *(monitor.get("solves") or ())]
    newton = [
        {**one, "preset": "Newton", "residual": (list(one.get("residuals") or ()) or [0.0])[-1]}
        for one in monitor.get("newton") or ()
    ]
    return [*linear, *newton]


def solve_rows(solves: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return the solves, one row per physics and solver: how many, the worst of them."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in solves:
        groups.setdefault((str(one.get("physics", "")), str(one.get("preset", ""))), []).append(one)
    return [
        {
            "physics": physics,
            "preset": preset,
            "count": len(group),
            "iterations": max(int(one.get("iterations") or 0) for one in group),
            "residual": style.number(max(float(one.get("residual") or 0.0) for one in group), 2),
            "seconds": f"{sum(_seconds(one) for one in group):.2f}",
            "reason": ", ".join(dict.fromkeys(str(one.get("reason", "")) for one in group)),
        }
        for (physics, preset), group in groups.items()
    ]


def _seconds(solve: Mapping[str, Any]) -> float:
    return float(solve.get("seconds") or 0.0) + float(solve.get("setup_seconds") or 0.0)


def balance_rows(balances: Mapping[str, float], allowed: Mapping[str, float]) -> list[Row]:
    """Return the balances with what is allowed."""
    rows = []
    for name, value in balances.items():
        limit = allowed.get(name)
        closed = limit is not None and value <= limit
        rows.append(
            {
                "name": name.removeprefix("balance.").replace("_", " "),
                "value": style.number(value, 2),
                "allowed": style.number(limit, 2) if limit is not None else "",
                "verdict": "" if limit is None else "closed" if closed else "open",
                "kind": "closed" if closed else "open-balance",
            }
        )
    return rows


def phase_rows(phases: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return time and memory per phase."""
    whole = sum(float(one["seconds"]) for one in phases) or 1.0
    return [
        {
            "name": one["name"],
            "seconds": f"{float(one['seconds']):.1f}",
            "share": f"{100 * float(one['seconds']) / whole:.0f} %",
            "memory": f"{float(one['peak_memory_all_ranks']) / 2**20:.0f} MiB",
        }
        for one in phases
    ]


def version_rows(record: Mapping[str, Any]) -> list[Row]:
    """Return versions, machine and git state."""
    rows = [{"name": name, "value": value} for name, value in (record.get("versions") or {}).items()]
    machine = record.get("machine") or {}
    rows += [{"name": name, "value": value} for name, value in machine.items() if value is not None]
    git = record.get("git")
    if git:
        changed = git.get("changed_files") or []
        rows.append({"name": "commit", "value": git["commit"] + (f", {len(changed)} files changed" if changed else "")})
    rows.append({"name": "content hash", "value": record.get("content_hash", "")})
    return rows
