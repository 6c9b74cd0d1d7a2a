"""What pictures of topographs share: off-screen figures, orientation, marks and scales. h points up; axes in um."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femsuite.topograph.raytrace import DetectorImage
from femsuite.topograph.run import Topograph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UM = 1e6
GAP = 0.06  # between the numbers of a bar, of its length


def new_figure(
    columns: int = 1, rows: int = 1, size: tuple[float, float] = (5.2, 4.8), shared: bool = False
) -> tuple[Figure, Any]:
    """Return a figure that is drawn off screen and its axes as an array (rows, columns).

    Args:
        columns: how many pictures beside each other.
        rows: how many above each other.
        size: of one of them, inches.
        shared: whether all have the same axes, labelled on the outer ones alone.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as MatplotlibFigure

    figure = MatplotlibFigure(figsize=(size[0] * columns, size[1] * rows), layout="constrained", dpi=130)
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False, sharex=shared, sharey=shared)


def save(figure: Figure, path: Path) -> Path:
    """Write a figure and return the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    return path


def _edges(axis: np.ndarray) -> tuple[float, float]:
    half = 0.5 * (axis[1] - axis[0])
    return float(axis[0] - half) * UM, float(axis[-1] + half) * UM


def show(axes: Axes, x: np.ndarray, y: np.ndarray, values: np.ndarray, **style: Any) -> Any:
    """Draw values (nx, ny) with x (along h) upwards and y to the right."""
    extent = (*_edges(y), *_edges(x))
    return axes.imshow(values, origin="lower", extent=extent, interpolation="nearest", **style)


def marks(axes: Axes) -> None:
    """Draw a scale bar (um) and the arrow of h inside the picture."""
    left, right = axes.get_xlim()
    low, high = axes.get_ylim()
    width, height = right - left, high - low
    box = {"facecolor": "black", "alpha": 0.55, "edgecolor": "none", "pad": 1.2}
    decade = 10.0 ** np.floor(np.log10(0.22 * width))
    bar = max(step * decade for step in (1.0, 2.0, 5.0) if step * decade <= 0.22 * width)
    x, y = right - 0.05 * width - bar, low + 0.06 * height
    axes.plot([x, x + bar], [y, y], color="white", linewidth=2.5, solid_capstyle="butt")
    axes.text(x + bar, y + 0.03 * height, f"{bar:g} µm", color="white", ha="right", va="bottom", fontsize=7.5, bbox=box)
    foot = (left + 0.07 * width, low + 0.06 * height)
    axes.annotate(
        "",
        xy=(foot[0], foot[1] + max(0.16 * height, 0.05 * width)),
        xytext=foot,
        arrowprops={"color": "white", "width": 1.5, "headwidth": 6.0, "headlength": 6.0},
    )
    axes.text(foot[0] + 0.02 * width, foot[1], "h", color="white", style="italic", fontsize=8, bbox=box)
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)


def label_axes(axes: Axes, title: str, detector: bool = True) -> None:
    """Write the axes' labels, for places on the detector or in the die, and the title."""
    place = "on the detector" if detector else "in the die"
    axes.set_xlabel(f"across h {place} (µm)")
    axes.set_ylabel(f"along h {place} (µm)")
    axes.set_title(title, fontsize=10)


def grey_ends(images: Sequence[DetectorImage], high: float = 99.7) -> tuple[float, float]:
    """Return one grey scale for several images: from the darkest to nearly the brightest pixel of them all."""
    return (
        min(float(image.values.min()) for image in images),
        max(float(np.percentile(image.values, high)) for image in images),
    )


def root_scale(low: float, high: float) -> Any:
    """Return a square-root grey scale: a series spans a factor of ten or more in intensity."""
    from matplotlib.colors import PowerNorm

    return PowerNorm(0.5, vmin=low, vmax=high)


def root_bar(figure: Figure, drawn: Any, axes: Any, label: str, shrink: float = 0.85) -> None:
    """Draw the bar of a square-root scale, with as many round numbers as stand clear of each other."""
    low, high = drawn.get_clim()
    bar = figure.colorbar(drawn, ax=axes, label=f"{label}, square-root scale", shrink=shrink)
    round_numbers = (step * 10.0**decade for decade in range(-3, 8) for step in (1.0, 2.0, 5.0))
    ticks = [0.0] if low <= 0.0 < high else []
    for tick in sorted((one for one in round_numbers if one > 0.005 * high), reverse=True):
        place = (tick - low) / (high - low) if high > low else -1.0
        if 0.0 <= place <= 1.0 and all(
            abs(np.sqrt(place) - np.sqrt((one - low) / (high - low))) > GAP for one in ticks
        ):
            ticks.append(tick)
    bar.set_ticks(sorted(ticks), labels=[f"{tick:g}" for tick in sorted(ticks)])
    bar.ax.minorticks_off()


@dataclass(frozen=True)
class Scales:
    """Ends of the scales that all pictures of a series share.

    Attributes:
        projection, counts: of the ideal and of the recorded projection.
        sections: of the recorded sections.
        contrast: largest contrast of each model.
        tilt: largest lattice tilt, rad.
    """

    projection: tuple[float, float]
    counts: tuple[float, float]
    sections: tuple[float, float]
    contrast: tuple[float, float]
    tilt: float

    @classmethod
    def of(cls, series: Sequence[Topograph]) -> Scales:
        """Return the scales of a series."""
        return cls(
            grey_ends([one.projection for one in series]),
            grey_ends([one.projection_counts for one in series]),
            grey_ends([image for one in series for image in one.section_counts], 99.95),
            (
                max(2.0, *(float(one.contrast.values.max()) for one in series)),
                max(2.0, *(float(one.threshold.values.max()) for one in series)),
            ),
            max(1e-9, *(float(np.percentile(np.abs(one.tilt.along), 99.8)) for one in series)),
        )
