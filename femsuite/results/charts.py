"""Pictures over the cases of a series: lines along an axis, bars, maps over two axes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.results import style
from femsuite.results.disk import sentences, write_whole
from femsuite.results.table import Table

type Trials = Mapping[str, Mapping[str, Sequence[Mapping[str, float]]]]


def chart(
    options: Any, table: Table, folder: Path, trials: Trials | None = None, titles: Mapping[str, str] | None = None
) -> Path:
    """Write ``<name>.png`` and return it; collective.

    Args:
        options: `femsuite.study.series.Chart`.
        table: of the series: a row for each case, axes among its columns.
        folder: where.
        trials: case -> estimate -> numbers under its other values, for a tornado.
        titles: case -> its words, for lines by case.
    """
    path = Path(folder) / f"{options.name}.png"

    def draw() -> Path:
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        with rc_context(style.RC):
            figure = Figure(figsize=(7.2, 4.6), layout="constrained")
            axes = figure.add_subplot()
            if options.kind == "tornado":
                _tornado(options, table, axes, trials or {})
            elif options.kind == "lines":
                _lines(options, table, axes, titles or {})
            else:
                KINDS[options.kind](options, table, axes)
            axes.set_title(options.title or _heading(table, options.y[-1]))
            stream = io.BytesIO()
            figure.savefig(stream, format="png")
        with sentences(path):
            write_whole(path, stream.getvalue())
        return path

    return parallel.on_root(draw)


def _heading(table: Table, name: str) -> str:
    words = table.columns[name].title or style.words(name)
    return words[:1].upper() + words[1:]


def _largest(table: Table, names: Sequence[str]) -> float:
    values = np.abs(np.concatenate([table.column(name) for name in names]))
    return float(np.max(values[np.isfinite(values)], initial=0.0))


def _scale(table: Table, names: Sequence[str]) -> tuple[float, str]:
    """Return what columns that share a scale are multiplied by, and the handy unit that they are in then."""
    unit = table.unit(names[0])
    wanted = style.handy_unit(unit, _largest(table, names))
    return style.factor(unit, wanted), wanted


def _shown(table: Table, name: str) -> tuple[np.ndarray, str]:
    """Return a column in a handy unit, and its label."""
    scale, wanted = _scale(table, [name])
    return table.column(name) * scale, style.label(_heading(table, name), wanted)


def _groups(options: Any, table: Table, titles: Mapping[str, str]) -> list[tuple[np.ndarray, str]]:
    """Return the rows of each line and its words."""
    if options.by is None:
        return [(np.ones(len(table), dtype=bool), "")]
    if options.by == "case":
        own = np.array([label.partition(" ")[0] for label in table.labels])
        return [(own == name, titles.get(name) or name) for name in dict.fromkeys(own.tolist())]
    by, words = _shown(table, options.by)
    return [
        (by == value, f"{words.partition(' [')[0]} {value:g} {words.partition('[')[2].rstrip(']')}")
        for value in np.unique(by)
    ]


def _lines(options: Any, table: Table, axes: Any, titles: Mapping[str, str] = MappingProxyType({})) -> None:
    x, label = _shown(table, options.x)
    groups = _groups(options, table, titles)
    number = 0
    scale, unit = _scale(table, options.y)
    for name in options.y:
        y = table.column(name) * scale
        for chosen, words in groups:
            order = np.flatnonzero(chosen)[np.argsort(x[chosen], kind="stable")]
            colour = style.COLOURS[number % len(style.COLOURS)]
            told = " ".join(part for part in (_heading(table, name) if len(options.y) > 1 else "", words) if part)
            axes.plot(x[order], y[order], "-" + style.MARKERS[number % 7], color=colour, label=told or None)
            if options.band is not None and name == options.y[0]:
                low, high = (table.column(one)[order] * scale for one in options.band)
                axes.fill_between(x[order], low, high, color=colour, alpha=0.15, linewidth=0)
            number += 1
    axes.set_xlabel(label)
    axes.set_ylabel(style.label(_shared(table, options.y), unit))
    for key, setter in (("x", axes.set_xscale), ("y", axes.set_yscale)):
        if key in options.logarithmic:
            setter("log")
    if options.window is not None:
        factor = _scale(table, [options.x])[0]
        axes.axvspan(
            *(factor * end for end in options.window), color="#009E73", alpha=0.08, label="range of the source"
        )
    _limits(options, axes, scale)
    if axes.get_legend_handles_labels()[0]:
        axes.legend()


def _shared(table: Table, names: Sequence[str]) -> str:
    """Return the words for an axis of one or several columns."""
    return _heading(table, names[0]) if len(names) == 1 else style.common(table.unit(names[0]))


def _limits(options: Any, axes: Any, scale: float) -> None:
    for words, value in options.limits.items():
        axes.axhline(scale * value, color=style.PUBLISHED, linestyle="--", linewidth=1.2)
        axes.annotate(
            words,
            (0.01, scale * value),
            xycoords=("axes fraction", "data"),
            va="bottom",
            fontsize=9,
            color=style.PUBLISHED,
        )


def _limits_across(options: Any, axes: Any, scale: float) -> None:
    for words, value in options.limits.items():
        axes.axvline(scale * value, color=style.PUBLISHED, linestyle="--", linewidth=1.2)
        axes.annotate(
            words, (scale * value, 0.5), xycoords=("data", "axes fraction"), rotation=90, va="center", ha="right",
            fontsize=9, color=style.PUBLISHED,
        )  # fmt: skip


def _bars(options: Any, table: Table, axes: Any) -> None:
    places = np.arange(len(table))
    width = 0.8 / len(options.y)
    scale, unit = _scale(table, options.y)
    for number, name in enumerate(options.y):
        y = table.column(name) * scale
        shift = (number - 0.5 * (len(options.y) - 1)) * width
        error = None
        if options.band is not None and number == 0:
            low, high = (table.column(one) * scale for one in options.band)
            error = np.abs(np.stack([y - low, high - y]))
        axes.barh(places + shift, y, width, color=style.COLOURS[number % 7], label=_heading(table, name), xerr=error)
    axes.set_yticks(places, list(table.labels))
    axes.set_xlabel(style.label(_shared(table, options.y), unit))
    axes.set_ylim(len(table) - 0.4, -0.6)
    if "x" in options.logarithmic:
        axes.set_xscale("log")
        marks = np.array([scale * value for value in options.limits.values()])
        _whole_decades(axes, np.concatenate([marks, *(table.column(name) * scale for name in options.y)]))
    _limits_across(options, axes, scale)
    for place in places[np.all([~np.isfinite(table.column(name)) for name in options.y], axis=0)]:
        axes.annotate("no number", (0.01, place), xycoords=("axes fraction", "data"), va="center", color=style.INK)
    below = 0.0
    if len(options.y) > 1:  # below the axes: bars leave no room that is always free
        axes.figure.legend(loc="outside lower center")
        below = 0.24 * len(options.y)
    axes.figure.set_figheight(max(3.0, 1.4 + 0.32 * len(table)) + below)


def _whole_decades(axes: Any, values: np.ndarray) -> None:
    """Let a logarithmic scale of bars begin and end at powers of ten, and label these alone."""
    from matplotlib.ticker import NullFormatter

    above = values[np.isfinite(values) & (values > 0.0)]
    if len(above):
        axes.set_xlim(10.0 ** np.floor(np.log10(0.8 * above.min())), 10.0 ** np.ceil(np.log10(1.2 * above.max())))
        axes.xaxis.set_minor_formatter(NullFormatter())


def _map(options: Any, table: Table, axes: Any) -> None:
    from matplotlib.colors import LogNorm

    x, x_label = _shown(table, options.x)
    y, y_label = _shown(table, options.y[0])
    colour, label = _shown(table, options.y[-1])
    columns, lines = np.unique(x), np.unique(y)
    field = np.full((len(lines), len(columns)), np.nan)
    field[np.searchsorted(lines, y), np.searchsorted(columns, x)] = colour
    norm = None
    above = field[field > 0.0]
    if "colour" in options.logarithmic and len(above):
        least = max(float(above.min()), 1e-12)
        norm, field = LogNorm(least, max(float(above.max()), least)), np.maximum(field, least)
    image = axes.pcolormesh(field, cmap="cividis", norm=norm, edgecolors="white", linewidth=1.0)
    axes.set_xticks(np.arange(len(columns)) + 0.5, [f"{value:g}" for value in columns])
    axes.set_yticks(np.arange(len(lines)) + 0.5, [f"{value:g}" for value in lines])
    axes.grid(visible=False)
    for (row, column), value in np.ndenumerate(field):
        if np.isfinite(value):
            axes.text(column + 0.5, row + 0.5, f"{value:.2g}", ha="center", va="center", fontsize=8.5,
                      color="white", path_effects=_outline())  # fmt: skip
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.figure.colorbar(image, ax=axes, label=label)


def _outline() -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.0, foreground=style.INK)]


def _tornado(options: Any, table: Table, axes: Any, trials: Trials) -> None:
    """Draw how far the other values of each estimate move a number of one case: the largest first, eight at most."""
    name = options.y[0]
    unit = table.unit(name)
    names = list(trials)  # in the order of the table's rows
    row = next((row for row, case in enumerate(names) if case.startswith(f"{options.case}_")), 0)
    row = names.index(options.case) if options.case in names else row
    case = names[row] if names else ""
    nominal = float(table.column(name)[row])
    wanted = style.handy_unit(unit, nominal)
    scale = style.factor(unit, wanted)
    spans = []
    for estimate, numbers in trials.get(case, {}).items():
        values = [one[name] for one in numbers if np.isfinite(one[name])]
        if values:
            spans.append((min(*values, nominal) * scale, max(*values, nominal) * scale, estimate))
    spans.sort(key=lambda one: one[0] - one[1])
    axes.use_sticky_edges = False  # bars end within the frame, where their ends can be seen
    for place, (low, high, _) in enumerate(spans[:8]):
        axes.barh(place, nominal * scale - low, left=low, color=style.COLOURS[0], height=0.6)
        axes.barh(place, high - nominal * scale, left=nominal * scale, color=style.COLOURS[1], height=0.6)
    axes.axvline(nominal * scale, color=style.INK, linewidth=1.0)
    axes.set_yticks(range(len(spans[:8])), [estimate for *_, estimate in spans[:8]])
    axes.invert_yaxis()
    axes.set_xlabel(style.label(_heading(table, name), wanted))
    _limits_across(options, axes, scale)


KINDS: Mapping[str, Callable[[Any, Table, Any], None]] = {"lines": _lines, "bars": _bars, "map": _map}
"""Kinds of charts."""
