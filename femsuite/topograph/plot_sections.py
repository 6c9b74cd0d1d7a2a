"""Pictures of section topographs: every slit of one state, or one slit at every state, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from femsuite.topograph.draw import UM, Scales, marks, new_figure, root_bar, root_scale, save, show
from femsuite.topograph.run import Topograph

MOST_ROWS = 4  # in one column: what a page takes


def sections_picture(topograph: Topograph, path: Path, scales: Scales | None = None) -> Path:
    """Draw the section topographs of one state one above the other on one scale, and return the file.

    Args:
        topograph: the state.
        path: of the picture.
        scales: of the series the state belongs to; its own when None.
    """
    rows = [(topograph, number) for number in range(len(topograph.sections))]
    titles = [slit_words(topograph, number) for number in range(len(rows))]
    whole = f"Section topographs, {topograph.label}".rstrip(", ")
    return _drawn(rows, titles, whole, path, (scales or Scales.of([topograph])).sections)


def sections_series(series: Sequence[Topograph], path: Path, number: int = 0, scales: Scales | None = None) -> Path:
    """Draw the same section at every state of a series on one scale, and return the file.

    Args:
        series: the states, in order.
        path: of the picture.
        number: which of the slit's positions.
        scales: of the series; worked out when None.
    """
    titles = [one.label for one in series]
    whole = f"Section topographs, {slit_words(series[0], number)}"
    return _drawn([(one, number) for one in series], titles, whole, path, (scales or Scales.of(series)).sections)


def slit_words(topograph: Topograph, number: int) -> str:
    """Return where a slit stands: ``slit 50 µm beside the device, against h``."""
    place = ((topograph.sections[number].position or 0.0) - topograph.device[0]) * UM
    if abs(place) < 0.5:
        return "slit on the device"
    return f"slit {abs(place):.0f} µm beside the device, {'along' if place > 0 else 'against'} h"


def _drawn(
    rows: Sequence[tuple[Topograph, int]], titles: Sequence[str], whole: str, path: Path, ends: tuple[float, float]
) -> Path:
    """Draw sections, cropped alike to what any of them shows."""
    columns = 1 if len(rows) <= MOST_ROWS else 2
    shown = [topograph.sections[number] for topograph, number in rows]
    seen = [image.values > 0.005 * image.values.max() for image in shown]
    if not any(lit.any() for lit in seen):  # a die so bent that its image lies beside the detector
        seen = [np.ones(image.values.shape, dtype=bool) for image in shown]
    along = np.concatenate([image.X[lit.any(axis=1)] for image, lit in zip(shown, seen, strict=True)]) * UM
    across = np.concatenate([image.Y[lit.any(axis=0)] for image, lit in zip(shown, seen, strict=True)]) * UM
    high, wide = float(np.ptp(along)) + 100.0, float(np.ptp(across)) + 120.0
    size = (5.6, (4.9 - 1.2 / columns) * high / wide + 0.4)  # what the labels and the bar leave of the width
    figure, axes = new_figure(columns, -(-len(rows) // columns), size, shared=True)
    for place in axes.flat[len(rows) :]:
        place.set_axis_off()
    for index, (place, (topograph, number), title) in enumerate(zip(axes.flat, rows, titles, strict=False)):
        image = topograph.section_counts[number]
        drawn = show(place, image.X, image.Y, image.values, cmap="gray", norm=root_scale(*ends))
        place.set_title(title, fontsize=10)
        place.set_ylim(along.min() - 50.0, along.max() + 50.0)
        place.set_xlim(across.min() - 60.0, across.max() + 60.0)
        place.axvline(_device_row(topograph), ymin=0.9, color="orange", linewidth=1.5)
        marks(place)
        place.tick_params(labelbottom=index + columns >= len(rows))
    figure.supxlabel("across h on the detector (µm)", fontsize=10)
    figure.supylabel("along h on the detector (µm)", fontsize=10)
    figure.suptitle(f"{whole}\n(orange: the device's place)", fontsize=11)
    root_bar(figure, drawn, axes, "counts", shrink=min(0.9, 2.4 / len(axes)))
    return save(figure, path)


def _device_row(topograph: Topograph) -> float:
    y = topograph.lattice.y
    return (topograph.device[1] - 0.5 * float(y[0] + y[-1])) * UM
