"""Pictures of topographs: h points up, as in the published images; axes in micrometres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femsuite.topograph.contrast import ContrastMap
from femsuite.topograph.imprint import Imprint
from femsuite.topograph.raytrace import DetectorImage
from femsuite.topograph.run import Topograph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UM = 1e6


def _new(columns: int = 1, rows: int = 1, size: tuple[float, float] = (5.2, 4.8)) -> tuple[Figure, Any]:
    """Return a figure that is drawn off screen and its axes as an array (rows, columns)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as MatplotlibFigure

    figure = MatplotlibFigure(figsize=(size[0] * columns, size[1] * rows), layout="constrained", dpi=130)
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False)


def _save(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    return path


def _edges(axis: np.ndarray) -> tuple[float, float]:
    half = 0.5 * (axis[1] - axis[0])
    return float(axis[0] - half) * UM, float(axis[-1] + half) * UM


def _show(axes: Axes, x: np.ndarray, y: np.ndarray, values: np.ndarray, **style: Any) -> Any:
    """Draw values (nx, ny) with x (along h) upwards and y to the right."""
    extent = (*_edges(y), *_edges(x))
    return axes.imshow(values, origin="lower", extent=extent, interpolation="nearest", **style)


def _marks(axes: Axes) -> None:
    """Draw a scale bar (um) and the arrow of h inside the picture."""
    left, right = axes.get_xlim()
    low, high = axes.get_ylim()
    width, height = right - left, high - low
    box = {"facecolor": "black", "alpha": 0.55, "edgecolor": "none", "pad": 1.2}
    decade = 10.0 ** np.floor(np.log10(0.22 * width))
    bar = max(step * decade for step in (1.0, 2.0, 5.0) if step * decade <= 0.22 * width)
    x, y = right - 0.05 * width - bar, low + 0.06 * height
    axes.plot([x, x + bar], [y, y], color="white", linewidth=2.5, solid_capstyle="butt")
    axes.text(x + bar, y + 0.03 * height, f"{bar:g} um", color="white", ha="right", va="bottom", fontsize=7.5, bbox=box)
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


def _label(axes: Axes, title: str, detector: bool = True) -> None:
    place = "on the detector" if detector else "in the die"
    axes.set_xlabel(f"across h {place} (um)")
    axes.set_ylabel(f"along h {place} (um)")
    axes.set_title(title, fontsize=10)


def _scale(images: Sequence[DetectorImage], high: float = 99.7) -> tuple[float, float]:
    """Return one grey scale for several images: from the darkest to nearly the brightest pixel of them all."""
    return (
        min(float(image.values.min()) for image in images),
        max(float(np.percentile(image.values, high)) for image in images),
    )


def _root_scale(low: float, high: float) -> Any:
    """Return a square-root grey scale: a series spans a factor of ten or more in intensity."""
    from matplotlib.colors import PowerNorm

    return PowerNorm(0.5, vmin=low, vmax=high)


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
            _scale([one.projection for one in series]),
            _scale([one.projection_counts for one in series]),
            _scale([image for one in series for image in one.section_counts], 99.95),
            (
                max(2.0, *(float(one.contrast.values.max()) for one in series)),
                max(2.0, *(float(one.threshold.values.max()) for one in series)),
            ),
            max(1e-9, *(float(np.percentile(np.abs(one.tilt.along), 99.8)) for one in series)),
        )


def projection_picture(topograph: Topograph, path: Path, scales: Scales | None = None) -> Path:
    """Draw the projection topograph, ideal and as recorded, and return the file."""
    scales = scales or Scales.of([topograph])
    figure, axes = _new(2)
    for place, image, title, unit, ends in (
        (axes[0, 0], topograph.projection, "ideal", "intensity (perfect crystal = 1), square root", scales.projection),
        (axes[0, 1], topograph.projection_counts, "as recorded", "counts, square root", scales.counts),
    ):
        drawn = _show(place, image.X, image.Y, image.values, cmap="gray", norm=_root_scale(*ends))
        _label(place, f"Projection topograph, {title}: {topograph.label}".rstrip(": "))
        _marks(place)
        figure.colorbar(drawn, ax=place, label=unit, shrink=0.85)
    return _save(figure, path)


def sections_picture(topograph: Topograph, path: Path, scales: Scales | None = None) -> Path:
    """Draw the section topographs one above the other on one scale, cropped to what they show; return the file."""
    rows = [(topograph, number) for number in range(len(topograph.sections))]
    return _sections(rows, path, (scales or Scales.of([topograph])).sections)


def sections_series(series: Sequence[Topograph], path: Path, number: int = 0) -> Path:
    """Draw the same section at every state of a series, one above the other on one scale; return the file.

    Args:
        series: the states, in order.
        path: of the picture.
        number: which of the slit's positions.
    """
    return _sections([(one, number) for one in series], path, Scales.of(series).sections)


def _sections(rows: Sequence[tuple[Topograph, int]], path: Path, ends: tuple[float, float]) -> Path:
    figure, axes = _new(1, len(rows), size=(7.4, 2.5))
    shown = [topograph.sections[number] for topograph, number in rows]
    seen = [image.values > 0.005 * image.values.max() for image in shown]
    along = np.concatenate([image.X[lit.any(axis=1)] for image, lit in zip(shown, seen, strict=True)]) * UM
    across = np.concatenate([image.Y[lit.any(axis=0)] for image, lit in zip(shown, seen, strict=True)]) * UM
    for place, (topograph, number) in zip(axes[:, 0], rows, strict=True):
        image = topograph.section_counts[number]
        drawn = _show(place, image.X, image.Y, image.values, cmap="gray", norm=_root_scale(*ends))
        position = (image.position or 0.0) - topograph.device[0]
        _label(place, f"slit at {position * UM:+.0f} um from the device, {topograph.label}".strip(", "))
        place.set_ylim(along.min() - 50.0, along.max() + 50.0)
        place.set_xlim(across.min() - 60.0, across.max() + 60.0)
        place.axvline(_device_row(topograph), ymin=0.9, color="orange", linewidth=1.5)
        _marks(place)
        figure.colorbar(drawn, ax=place, label="counts, square root", shrink=0.9)
    return _save(figure, path)


def _device_row(topograph: Topograph) -> float:
    y = topograph.lattice.y
    return (topograph.device[1] - 0.5 * float(y[0] + y[-1])) * UM


def contrast_picture(
    topograph: Topograph, path: Path, threshold: float | None = None, scales: Scales | None = None
) -> Path:
    """Draw the contrast maps of both models, with the contour of the threshold, and return the file."""
    from matplotlib.colors import LogNorm

    scales = scales or Scales.of([topograph])
    figure, axes = _new(2)
    for place, contrast, title, top in (
        (axes[0, 0], topograph.contrast, "Landau-Zener", scales.contrast[0]),
        (axes[0, 1], topograph.threshold, "misorientation threshold", scales.contrast[1]),
    ):
        drawn = _show(place, contrast.x, contrast.y, contrast.values, cmap="magma", norm=LogNorm(1.0, top))
        _contour(place, contrast, threshold)
        _label(place, f"Contrast, {title}, {topograph.label}".strip(", "), detector=False)
        _marks(place)
        bar = figure.colorbar(drawn, ax=place, label="C = R / R perfect", shrink=0.85)
        ticks = [tick for tick in (1, 1.5, 2, 3, 5, 10, 20, 40) if tick <= top]
        bar.set_ticks(ticks, labels=[f"{tick:g}" for tick in ticks], minor=False)
        bar.ax.minorticks_off()
    return _save(figure, path)


def _contour(axes: Axes, contrast: ContrastMap, threshold: float | None) -> None:
    if threshold is not None and contrast.values.min() < threshold < contrast.values.max():
        axes.contour(
            contrast.y * UM, contrast.x * UM, contrast.values, levels=[threshold], colors="cyan", linewidths=0.8
        )


def tilt_picture(topograph: Topograph, path: Path, largest: float | None = None) -> Path:
    """Draw the lattice tilt in the x-z plane through the device: colours and exaggerated plane normals.

    Args:
        topograph: what to draw.
        path: of the picture.
        largest: end of the colour scale, rad; the largest tilt of the picture when None. The scale is linear up to a
            twentieth of it and logarithmic beyond: tilts at the die's edges are many times those at a device.
    """
    from matplotlib.colors import SymLogNorm

    tilt = topograph.tilt
    top = largest or Scales.of([topograph]).tilt
    norm = SymLogNorm(0.05 * top * UM, vmin=-top * UM, vmax=top * UM)
    figure, axes = _new(size=(7.6, 3.9))
    place = axes[0, 0]
    drawn = place.pcolormesh(tilt.x * UM, tilt.z * UM, tilt.along.T * UM, cmap="RdBu_r", norm=norm, shading="gouraud")
    columns = np.linspace(tilt.x[0], tilt.x[-1], 27)[1:-1]
    depths = np.linspace(tilt.z[0], tilt.z[-1], 9)[:-1] + 0.06 * (tilt.z[-1] - tilt.z[0])
    i = np.unique(np.searchsorted(tilt.x, columns).clip(0, len(tilt.x) - 1))
    k = np.unique(np.searchsorted(tilt.z, depths).clip(0, len(tilt.z) - 1))
    shown = 2.0 * np.asarray(norm(tilt.along[np.ix_(i, k)].T * UM)) - 1.0
    angle = np.clip(shown, -1.0, 1.0) * np.radians(40.0)  # exaggerated, on the scale of the colours
    place.quiver(
        tilt.x[i] * UM,
        tilt.z[k] * UM,
        np.cos(angle),
        np.sin(angle),
        angles="xy",
        scale=38.0,
        width=0.0022,
        pivot="mid",
        headwidth=3.5,
    )
    place.axvline(topograph.device[0] * UM, ymin=0.96, color="orange", linewidth=2.0)
    place.invert_yaxis()
    place.set_aspect("equal")
    place.set_xlabel("along h (um)")
    place.set_ylabel("depth from entrance face (um)")
    place.set_title(
        f"Lattice tilt around the device, {topograph.label} (arrows: plane normals, exaggerated)", fontsize=9
    )
    ticks = [step * 10.0**decade for decade in range(-3, 5) for step in (1, 3) if step * 10.0**decade <= top * UM]
    ticks = [tick for tick in ticks if tick >= 0.05 * top * UM]
    bar: Any = figure.colorbar(drawn, ax=place, label="tilt (urad), normal into the die > 0", shrink=0.9)
    places = [*(-tick for tick in reversed(ticks)), 0.0, *ticks]
    bar.set_ticks(places, labels=[f"{place:g}" for place in places])
    bar.ax.minorticks_off()
    return _save(figure, path)


def montage(topographs: Sequence[Topograph], path: Path, columns: int = 4) -> Path:
    """Draw the recorded projections of several states on one grey scale and return the file."""
    columns = min(columns, len(topographs))
    rows = -(-len(topographs) // columns)
    figure, axes = _new(columns, rows, size=(3.1, 3.2))
    images = [topograph.projection_counts for topograph in topographs]
    low, high = _scale(images)
    for place in axes.flat[len(topographs) :]:
        place.set_axis_off()
    for place, topograph, image in zip(axes.flat, topographs, images, strict=False):
        drawn = _show(place, image.X, image.Y, image.values, cmap="gray", norm=_root_scale(low, high))
        _label(place, topograph.label)
        _marks(place)
    figure.colorbar(drawn, ax=axes, label="counts, one square-root scale for all", shrink=0.8)
    return _save(figure, path)


def animation(topographs: Sequence[Topograph], path: Path, seconds: float = 0.8) -> Path:
    """Write the recorded projections of a series as an animated GIF on one grey scale and return the file.

    Args:
        topographs: the series, in order.
        path: ends in ``.gif``.
        seconds: per picture.
    """
    from PIL import Image

    images = [topograph.projection_counts for topograph in topographs]
    low, high = _scale(images)
    frames = []
    for topograph, image in zip(topographs, images, strict=True):
        figure, axes = _new()
        drawn = _show(axes[0, 0], image.X, image.Y, image.values, cmap="gray", norm=_root_scale(low, high))
        _label(axes[0, 0], f"Projection topograph {topograph.label}".strip())
        _marks(axes[0, 0])
        figure.colorbar(drawn, ax=axes[0, 0], label="counts, square-root scale", shrink=0.85)
        figure.canvas.draw()
        pixels = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
        frames.append(Image.fromarray(pixels).convert("RGB").quantize(128))
    path.parent.mkdir(parents=True, exist_ok=True)
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=int(1000 * seconds), loop=0)
    return path


def save_arrays(topograph: Topograph, path: Path) -> Path:
    """Write every image and map as a compressed ``.npz`` with its axes (m) and return the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {
        "contrast_x": topograph.contrast.x,
        "contrast_y": topograph.contrast.y,
        "contrast": topograph.contrast.values,
        "contrast_threshold_model": topograph.threshold.values,
        "projection_X": topograph.projection.X,
        "projection_Y": topograph.projection.Y,
        "projection": topograph.projection.values,
        "projection_counts": topograph.projection_counts.values,
        "tilt_x": topograph.tilt.x,
        "tilt_z": topograph.tilt.z,
        "tilt_along": topograph.tilt.along,
        "tilt_across": topograph.tilt.across,
        "section_positions": np.array([image.position for image in topograph.sections], dtype=np.float64),
    }
    for number, (image, counts) in enumerate(zip(topograph.sections, topograph.section_counts, strict=True)):
        arrays[f"section_{number}_X"] = image.X
        arrays[f"section_{number}_Y"] = image.Y
        arrays[f"section_{number}"] = image.values
        arrays[f"section_{number}_counts"] = counts.values
    np.savez_compressed(path, allow_pickle=False, **arrays)
    return path


def save_all(
    topograph: Topograph, folder: Path, stem: str, threshold: float | None = None, scales: Scales | None = None
) -> list[Path]:
    """Write arrays and pictures of one state into a folder; return the files, the ``.npz`` first.

    Args:
        topograph: the state.
        folder: where.
        stem: how the files' names begin.
        threshold: contrast whose contour is drawn.
        scales: of the series the state belongs to; its own when None.
    """
    scales = scales or Scales.of([topograph])
    return [
        save_arrays(topograph, folder / f"{stem}.npz"),
        projection_picture(topograph, folder / f"{stem}_projection.png", scales),
        sections_picture(topograph, folder / f"{stem}_sections.png", scales),
        contrast_picture(topograph, folder / f"{stem}_contrast.png", threshold, scales),
        tilt_picture(topograph, folder / f"{stem}_tilt.png", scales.tilt),
    ]


def imprint_picture(found: Sequence[Imprint], path: Path) -> Path:
    """Draw what several meshes print into the contrast: recovered minus exact, one scale; return the file."""
    figure, axes = _new(len(found), size=(4.2, 4.2))
    top = max(float(np.percentile(np.abs(one.recovered.values - one.exact.values), 99.5)) for one in found)
    for place, one in zip(axes[0], found, strict=True):
        error = one.recovered.values - one.exact.values
        drawn = _show(place, one.exact.x, one.exact.y, error, cmap="RdBu_r", vmin=-top, vmax=top)
        place.contour(
            one.exact.y * UM,
            one.exact.x * UM,
            one.exact.values,
            levels=[1.05, 1.5, 2.0, 3.0],
            colors="k",
            linewidths=0.5,
        )
        _label(place, f"elements {one.size * UM:.0f} um: rms {100 * one.quiet_rms:.2f} % where C = 1", detector=False)
    figure.colorbar(drawn, ax=axes, label="recovered minus exact contrast (lines: exact C)", shrink=0.8)
    return _save(figure, path)
