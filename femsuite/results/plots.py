"""Pictures of the result table: columns against a column, with fits and published lines, bands and points."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.errors import Fault, InputError, unknown
from femsuite.results import style
from femsuite.results.disk import sentences, write_whole
from femsuite.results.fits import MODELS, Fit
from femsuite.results.options import PlotOptions, PublishedLine, PublishedPoints, convert, difference_unit
from femsuite.results.published import begins_at_zero, curve, in_units
from femsuite.results.table import Table

AXES_HEIGHT, LINE_HEIGHT = 4.1, 0.22
"""Inches: of a plot without its legend, and of a line in the legend."""
WIDEST = 76
"""Letters in a line of the legend."""


def plot(options: PlotOptions, table: Table, fits: Mapping[str, Fit], folder: Path) -> Path:
    """Write ``<name>.png`` into a folder and return it; collective.

    Args:
        options: one ``[[plots]]`` table.
        table: the result table.
        fits: those of the run, by name.
        folder: e.g. the run folder's ``images``.

    Raises:
        InputError: for an unknown column or fit, or units that do not go together.
    """
    path = Path(folder) / f"{options.name}.png"
    key = f"plots.{options.name}"
    try:
        for name in (options.x, *options.y):
            table.column(name)
        for name in options.fits:
            if name not in fits:
                raise InputError(unknown("fit", name, fits))
        units = _units(options, table)
        for line in options.lines:  # units that do not go together are told before anything is drawn
            curve(line, np.zeros(1), units)
        for points in options.points:
            in_units(points, units)
    except InputError as error:
        raise InputError(*(Fault(fault.message, key=key) for fault in error.faults)) from error
    except ValueError as error:
        raise InputError(Fault(str(error), key=key)) from error

    def draw() -> Path:
        with sentences(path):
            write_whole(path, _png(_figure(options, table, fits, units)))
        return path

    return parallel.on_root(draw)


def _units(options: PlotOptions, table: Table) -> tuple[str, str]:
    x_unit = options.x_unit if options.x_unit is not None else table.unit(options.x)
    own = table.unit(options.y[0])
    largest = max((float(np.nanmax(np.abs(table.column(name)), initial=0.0)) for name in options.y), default=0.0)
    y_unit = options.y_unit if options.y_unit is not None else style.handy_unit(own, largest)
    convert(0.0, table.unit(options.x), x_unit)
    for name in options.y:
        convert(0.0, table.unit(name), y_unit)
    return x_unit, y_unit


def _figure(options: PlotOptions, table: Table, fits: Mapping[str, Fit], units: tuple[str, str]) -> Any:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    x_unit, y_unit = units
    with rc_context(style.RC):
        figure = Figure(figsize=(6.8, AXES_HEIGHT), layout="constrained")
        axes = figure.add_subplot()
        rows = table.rows_in(options.stages)
        x = _converted(table.column(options.x)[rows], table.unit(options.x), x_unit)
        spread = (float(np.nanmin(x, initial=np.inf)), float(np.nanmax(x, initial=-np.inf)))
        for number, line in enumerate(options.lines):
            _published_line(axes, line, spread, units, number)
        for points in options.points:
            _published_points(axes, points, units)
        for index, name in enumerate(options.y):
            colour = style.COLOURS[index % len(style.COLOURS)]
            column = table.columns[name]
            y = _converted(table.column(name)[rows], column.unit, y_unit)
            axes.plot(x, y, style.MARKERS[index % 7], color=colour, label=column.title or style.words(name), zorder=3)
            for fit in (fits[key] for key in options.fits):
                if fit.y == name:
                    _fitted(axes, fit, spread, (table.unit(options.x), column.unit), units, colour)
        column = table.columns[options.x]
        axes.set_xlabel(style.label(options.x_label or column.title or style.words(options.x), x_unit))
        one = table.columns[options.y[0]].title or style.words(options.y[0])
        axes.set_ylabel(style.label(options.y_label or (one if len(options.y) == 1 else style.common(y_unit)), y_unit))
        axes.set_title(options.title or one)
        handles = axes.get_legend_handles_labels()[0]
        if len(handles) > 1:  # beside the axes, where it covers no point
            texts = [str(handle.get_label()).splitlines() for handle in handles]
            columns = 2 if max(len(line) for text in texts for line in text) <= 36 else 1
            figure.legend(handles=handles, loc="outside lower center", ncols=columns)
            lines = math.ceil(sum(map(len, texts)) / columns)
            figure.set_figheight(AXES_HEIGHT + LINE_HEIGHT * lines)  # the axes keep their size
        axes.margins(x=0.04, y=0.08)
    return figure


def _fitted(
    axes: Any, fit: Fit, spread: tuple[float, float], own: tuple[str, str], units: tuple[str, str], colour: str
) -> None:
    if not fit.good:  # a plot without the fit that was asked for must say why
        axes.plot([], [], " ", label=textwrap.fill(f"no fit: {fit.reason}", WIDEST))
        return
    shown = np.linspace(*spread, 400)
    y = _converted(fit(_converted(shown, units[0], own[0])), own[1], units[1])
    parts = []
    for name, one in fit.parameters.items():
        unit = _plot_unit(name, fit, units)
        value = convert(one.value, one.unit, unit)
        of = difference_unit(one.unit), difference_unit(unit)
        errors = convert(one.formal, *of), convert(one.jackknife, *of)
        parts.append(f"{name} {twice_uncertain(value, *errors)} {style.unit_text(unit)}".rstrip())
    axes.plot(shown, y, "-", color=colour, alpha=0.75, label="fit: " + ",\n".join(parts), zorder=2)


def _plot_unit(name: str, fit: Fit, units: tuple[str, str]) -> str:
    model = MODELS[fit.model]
    return model.units(*units)[model.parameters.index(name)]


def uncertain(value: float, error: float) -> str:
    """Return ``73.1 ± 0.4``: the error to two digits and the value as far as the error reaches."""
    if not math.isfinite(error):
        return f"{value:.4g}"
    if error <= abs(value) * 1e-6:
        return f"{value:.4g}"
    places = max(0, 1 - math.floor(math.log10(error)))
    if places > 6 or abs(value) >= 1e6:
        return f"{value:.4g} ± {error:.2g}"
    return f"{value:.{places}f} ± {error:.{places}f}"


def twice_uncertain(value: float, formal: float, jackknife: float) -> str:
    """Return ``0.13 (formal ± 0.006, by points ± 0.021)``: digits by the larger error; the value alone if exact."""
    larger = max(formal, jackknife)
    head, mark, _ = uncertain(value, larger).partition(" ± ")
    if not mark:
        return head
    places = len(head.partition(".")[2]) if "e" not in head else -1
    shown = []
    for error in (formal, jackknife):
        text = f"{error:.{places}f}" if places >= 0 else f"{error:.2g}"
        shown.append(text if float(text) or not error else f"{error:.1g}")
    return f"{head} (formal ± {shown[0]}, by points ± {shown[1]})"


def _published_line(
    axes: Any, line: PublishedLine, spread: tuple[float, float], units: tuple[str, str], number: int
) -> None:
    low, high = spread
    x = np.linspace(min(low, 0.0) if begins_at_zero(line) else low, high, 400)
    y, lower, upper = curve(line, x, units)
    name = f"{line.label} ({line.source})" if line.source else line.label
    shown, dashes = style.PUBLISHED_LINES[number % len(style.PUBLISHED_LINES)]
    if np.any(upper > lower):
        axes.fill_between(x, lower, upper, color=shown, alpha=0.18, lw=0, zorder=0)
        name += "; shaded: its uncertainty"
    axes.plot(x, y, linestyle=dashes, color=shown, label=name, zorder=1)


def _published_points(axes: Any, points: PublishedPoints, units: tuple[str, str]) -> None:
    x, y, error = in_units(points, units)
    name = f"{points.label} ({points.source})" if points.source else points.label
    axes.errorbar(
        x, y, yerr=error, fmt="s", mfc="white", color=style.PUBLISHED, capsize=3, lw=1.2, label=name, zorder=2
    )


def _converted(values: np.ndarray, unit: str, wanted: str) -> np.ndarray:
    zero, one = convert(0.0, unit, wanted), convert(1.0, unit, wanted)
    return zero + (one - zero) * np.asarray(values, dtype=float)


def _png(figure: Any) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=style.RC["savefig.dpi"])
    return buffer.getvalue()


def montage(pictures: Sequence[tuple[Path, str]], path: Path, columns: int = 3, title: str = "") -> Path:
    """Lay pictures side by side with a caption over each, and return the file; collective.

    Args:
        pictures: file and caption of each, in reading order.
        path: the ``.png`` to write.
        columns: how many beside each other.
        title: over the whole.
    """
    if not pictures:
        raise InputError("there is no picture to lay side by side")

    def draw() -> Path:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
        from matplotlib.layout_engine import ConstrainedLayoutEngine
        from PIL import Image

        images = []
        for file, _ in pictures:
            with Image.open(file) as opened:
                images.append(np.asarray(opened.convert("RGB")))
        across = min(columns, len(images))
        down = math.ceil(len(images) / across)
        aspect = max(image.shape[0] / image.shape[1] for image in images)
        panel = min(12.0 / across, 4.6)
        captions = [textwrap.fill(caption, int(panel * 12)) for _, caption in pictures]
        lines = max(caption.count("\n") + 1 for caption in captions)
        size = (panel * across, down * (panel * aspect + 0.2 * lines + 0.15) + 0.4 * bool(title))
        with rc_context(style.RC):
            figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(h_pad=0.1))
            grid = figure.subplots(down, across, squeeze=False)
            for axes in grid.flat:
                axes.set_axis_off()
            for axes, image, caption in zip(grid.flat, images, captions, strict=False):
                axes.imshow(image, interpolation="lanczos")
                axes.set_title(caption, fontsize=10, fontweight="normal", loc="center")
            if title:
                figure.suptitle(title, fontweight="bold")
            with sentences(path):
                write_whole(path, _png(figure))
        return path

    return parallel.on_root(draw)
