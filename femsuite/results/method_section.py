"""Section of an opening as the method leaves it, to scale: foil, film with its thickness exaggerated, lead."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femsuite import parallel
from femsuite.process.deposit_shape import moved
from femsuite.process.method import MethodResult
from femsuite.results import style
from femsuite.results.disk import sentences, write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FOIL, FILM, FIRST, LEAD, BODY = "#E6B84D", "#0072B2", "#E9A77A", "#D55E00", "#c3cad2"
MAGNIFIED = (1, 2, 5, 10, 20, 50, 100)
"""By which the film's thickness may be drawn larger."""
SHOWN = 0.12
"""Share of the foil that the film is drawn thick at most."""


def draw_method(made: MethodResult, title: str, path: Path) -> str:
    """Write the picture and return its caption; collective.

    Args:
        made: by the method, its lamination at least.
        title: above it.
        path: of the PNG.
    """

    def draw() -> str:
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        with rc_context(style.RC):
            figure = Figure(figsize=(8.4, 4.4), layout="constrained")
            axes = figure.add_subplot()
            caption = _foil(axes, made) if made.window is None else _opening(axes, made)
            axes.set_aspect("equal")
            (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
            # the drawing to scale over the width of the page, with room for title, axis and legend
            figure.set_figheight(1.5 + 7.4 * (high - low) / (right - left))
            axes.set_xlabel(style.label("x", "um"))
            axes.set_ylabel(style.label("Height", "um"))
            figure.legend(loc="outside lower center", ncols=4)
            axes.set_title(title)
            stream = io.BytesIO()
            figure.savefig(stream, format="png")
        with sentences(path):
            write_whole(path, stream.getvalue())
        return caption

    caption: str = parallel.on_root(draw)
    return caption


def _foil(axes: Axes, made: MethodResult) -> str:
    assert made.foil is not None
    below, face = 1e6 * made.foil.topography, 1e6 * made.foil.foil.face
    axes.fill_between([below[0, 0], 0.0], -60.0, below[0, 1], color=BODY, label="chip")
    axes.fill_between([0.0, below[-1, 0]], -60.0, 0.0, color=BODY, alpha=0.6, label="substrate")
    _fill(axes, np.concatenate([face, below[::-1]]), FOIL, "foil")
    return "The foil as laminated over the edge of the chip, to scale."


def _opening(axes: Axes, made: MethodResult) -> str:
    window = made.window
    assert window is not None
    bare = window.section(40)
    side = bare[1:]
    foil = np.concatenate([side, [[window.half_pitch, 0.0]]])
    floor = 1e6 * 0.3 * window.depth
    axes.fill_between(1e6 * np.array([-1.0, 1.0]) * window.half_pitch, -floor, 0.0, color=BODY, label="chip")
    _both(axes, foil, FOIL, "foil")
    film, lead = made.film, made.lead
    total = made.film_thickness
    factor = max((one for one in MAGNIFIED if one * total <= SHOWN * window.depth), default=1)
    above = np.array([0.0, factor * total])  # what grows on the film stands on it as it is drawn
    if lead is not None:
        if lead.floor > 0.0 and made.numbers["method.sealed"][0]:
            inside = np.concatenate([lead.inside + above, lead.bare[::-1]])
            _both(axes, inside, FIRST, "deposited before sealing")
        _both(axes, lead.lead, LEAD, "")
        _both(axes, lead.lead + above, LEAD, "lead")
    if film is not None:
        upper = moved(film.section, factor * total * film.shares)
        _both(axes, np.concatenate([upper, film.section[::-1]]), FILM, f"film, thickness drawn x {factor}")
    axes.margins(0.0, 0.05)
    _told(axes, made, 1e6 * above[1])
    parts = ["foil", *([f"film (its thickness drawn {factor} times)"] if film else []), *(["lead"] if lead else [])]
    return f"Section of the opening from half the pitch to half the pitch, to scale: {', '.join(parts)}."


def _told(axes: Axes, made: MethodResult, above: float) -> None:
    """Write angle, film and lead beside what they are of."""
    window, numbers = made.window, {name: value for name, (value, _, _) in made.numbers.items()}
    assert window is not None
    words = f"wall {numbers['method.wall_angle']:.0f}°"
    if made.film is not None:
        words += f"\nfilm {1e6 * numbers['method.film_least']:.2g} µm at least"
    depth, middle = 1e6 * window.depth, 0.5e6 * (window.half_floor + window.half_top)
    open_ = made.lead is None or bool(numbers["method.sealed"])
    arrow = {"arrowstyle": "->", "color": style.INK}
    at = (0.0, (1.8 if open_ else 5.5) * depth)
    axes.annotate(words, (middle, 0.5 * depth + 0.5 * above), at, ha="center", va="bottom", arrowprops=arrow)
    if made.lead is not None:
        high, place = depth + above + 0.5e6 * made.lead.mean, 0.5e6 * (window.half_top + window.half_pitch)
        axes.annotate(
            f"{1e6 * made.lead.mean:.0f} µm", (place, high), ha="center", va="center", color="white", fontweight="bold"
        )


def _both(axes: Axes, outline: np.ndarray, colour: str, words: str) -> None:
    """Fill the right half and its mirror image."""
    _fill(axes, 1e6 * outline, colour, words)
    _fill(axes, 1e6 * outline * [-1.0, 1.0], colour, "")


def _fill(axes: Axes, outline: np.ndarray, colour: str, words: str) -> None:
    options: dict[str, Any] = {"label": words} if words else {}
    axes.fill(*outline.T, facecolor=colour, linewidth=0.0, **options)
