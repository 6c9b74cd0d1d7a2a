"""How far a study's numbers are from those of an infinitely fine mesh: three runs, row by row."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from femsuite.verify.rates import extrapolate

LEFT_OUT = ("balance.", "calibration.reached")  # what is zero or given on every mesh says nothing about the mesh
SAME = 1e-10  # relative: what differs by less differs by rounding
UNCERTAIN = ("_uncertainty", "_formal", "_jackknife")
"""Ends of the names of the uncertainties of fits."""
SMALL = 0.05  # of the largest number of a column: below it a relative error says nothing about the column


@dataclass(frozen=True)
class Row:
    """One number of the study on three meshes.

    Attributes:
        name: of the metric, such as ``streak_length@power=1.5 W``.
        unit: of the three values.
        coarse, middle, fine: the number on the three meshes.
        zero: what the relative errors count from: the ambient for temperatures, else 0.
        order: observed order of convergence, nan where there is none.
        value: extrapolated to element size zero; that of the finest mesh where there is no order.
        error: relative difference of the middle mesh from ``value``, counted from ``zero``.
        band: Roache's grid convergence index of the middle mesh, relative.
    """

    name: str
    unit: str
    coarse: float
    middle: float
    fine: float
    zero: float
    order: float
    value: float
    error: float
    band: float

    @property
    def column(self) -> str:
        """The metric's name without its state."""
        return self.name.partition("@")[0]

    @property
    def state(self) -> str:
        """The state's label; empty for a metric of the whole run."""
        return self.name.partition("@")[2]

    @property
    def deviations(self) -> tuple[float, float, float]:
        """Relative differences of the three meshes from the extrapolated value."""
        scale = abs(self.value - self.zero) or math.inf
        return tuple((one - self.value) / scale for one in (self.coarse, self.middle, self.fine))  # type: ignore[return-value]


def element_sizes(cells: Sequence[int], dimension: int) -> tuple[float, float, float]:
    """Return relative element sizes ``(cells_fine / cells)^(1/dimension)``: volume is the same on all meshes.

    Args:
        cells: numbers of cells, coarse to fine.
        dimension: of the mesh.
    """
    coarse, middle, fine = ((cells[-1] / count) ** (1.0 / dimension) for count in cells)
    return coarse, middle, fine


def rows_of(
    metrics: Sequence[Mapping[str, Mapping[str, Any]]],
    sizes: tuple[float, float, float],
    zeros: Mapping[str, float] | None = None,
) -> list[Row]:
    """Return one row for every number that all three runs have.

    Args:
        metrics: contents of the three ``metrics.json``, coarse to fine.
        sizes: element sizes, any one unit.
        zeros: column -> what its relative errors count from.
    """
    found = []
    zeros = zeros or {}
    for name, first in metrics[0].items():
        values = [one.get(name, {}).get("value") for one in metrics]
        numbers = [float(one) for one in values if isinstance(one, (int, float))]
        if name.startswith(LEFT_OUT) or len(numbers) < 3:
            continue
        coarse, middle, fine = numbers
        zero = zeros.get(name.partition("@")[0], 0.0)
        if max(numbers) - min(numbers) <= SAME * max(map(abs, numbers)):
            found.append(Row(name, first["unit"], coarse, middle, fine, zero, math.nan, fine, 0.0, 0.0))
            continue
        done = extrapolate(coarse - zero, middle - zero, fine - zero, sizes)
        vanishing = fine == zero  # nothing to be relative to
        error, band = (math.inf, math.inf) if vanishing else (done.error, done.band)
        found.append(Row(name, first["unit"], coarse, middle, fine, zero, done.order, done.value + zero, error, band))
    return found


def worst_rows(rows: Sequence[Row]) -> list[Row]:
    """Return for every column its state with the largest error, among the states where the number is not small.

    Uncertainties of fits are left out: they say how well points lie on a line.
    """
    columns: dict[str, list[Row]] = {}
    for row in (one for one in rows if not one.name.endswith(UNCERTAIN)):
        columns.setdefault(row.column, []).append(row)
    chosen = []
    for group in columns.values():
        largest = max(abs(row.fine - row.zero) for row in group)
        chosen.append(max((r for r in group if abs(r.fine - r.zero) >= SMALL * largest), key=lambda row: row.error))
    return sorted(chosen, key=lambda row: -row.error)


def as_csv(rows: Sequence[Row]) -> str:
    """Return the rows as CSV; empty where there is no number."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["metric", "unit", "coarse", "middle", "fine", "order", "extrapolated", "error_of_middle", "band"])
    for row in rows:
        numbers = (row.coarse, row.middle, row.fine, row.order, row.value, row.error, row.band)
        writer.writerow([row.name, row.unit or "1", *("" if math.isnan(one) else repr(one) for one in numbers)])
    return text.getvalue()


def as_data(rows: Sequence[Row], meshes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return rows and meshes as plain data, for JSON."""
    return {"meshes": [dict(one) for one in meshes], "metrics": [asdict(row) for row in rows]}


def draw(rows: Sequence[Row], meshes: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write a picture: for each of the rows, how far the three meshes are from the extrapolated number, in per cent."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from femsuite.results import style

    shown = [row for row in rows if all(math.isfinite(one) for one in (*row.deviations, row.error))][:40]
    with rc_context(style.RC):
        figure = Figure(figsize=(8.6, 1.6 + 0.27 * max(len(shown), 3)), layout="constrained")
        axes = figure.add_subplot()
        for mesh in range(3):
            percent = [100.0 * row.deviations[mesh] for row in shown]
            label = f"{meshes[mesh]['cells']:,} cells"
            axes.plot(percent, range(len(shown)), style.MARKERS[mesh], color=style.COLOURS[mesh], label=label)
        axes.axvspan(-2.0, 2.0, color="#e8f1f8", zorder=0, label="±2 %")
        axes.set_xscale("symlog", linthresh=1.0)
        names = [f"{style.words(row.column)}{', ' if row.state else ''}{row.state}" for row in shown]
        axes.set_yticks(range(len(shown)), names, fontsize=8)
        axes.set_xlabel("Departure from the value extrapolated to element size zero [%]")
        axes.set_ylim(len(shown) - 0.3, -0.7)
        axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=4, fontsize=9)
        figure.savefig(path)
