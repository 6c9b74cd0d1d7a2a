"""Pictures of topographs: h points up, as in the published images; axes in micrometres."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femsuite.topograph.contrast import ContrastMap
from femsuite.topograph.draw import (
    UM,
    Scales,
    grey_ends,
    label_axes,
    marks,
    new_figure,
    root_bar,
    root_scale,
    save,
    show,
)
from femsuite.topograph.imprint import Imprint
from femsuite.topograph.plot_sections import sections_picture
from femsuite.topograph.run import Topograph

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def projection_picture(topograph: Topograph, path: Path, scales: Scales | None = None) -> Path:
    """Draw the projection topograph, ideal and as recorded, and return the file."""
    scales = scales or Scales.of([topograph])
    figure, axes = new_figure(2)
    for place, image, title, unit, ends in (
        (axes[0, 0], topograph.projection, "ideal", "intensity (perfect crystal = 1)", scales.projection),
        (axes[0, 1], topograph.projection_counts, "as recorded", "counts", scales.counts),
    ):
        drawn = show(place, image.X, image.Y, image.values, cmap="gray", norm=root_scale(*ends))
        label_axes(place, f"Projection topograph, {title}: {topograph.label}".rstrip(": "))
        marks(place)
        root_bar(figure, drawn, place, unit)
    return save(figure, path)


def contrast_picture(
    topograph: Topograph, path: Path, threshold: float | None = None, scales: Scales | None = None
) -> Path:
    """Draw the contrast maps of both models, with the contour of the threshold, and return the file."""
    from matplotlib.colors import LogNorm

    scales = scales or Scales.of([topograph])
    figure, axes = new_figure(2)
    for place, contrast, title, top in (
        (axes[0, 0], topograph.contrast, "Landau-Zener", scales.contrast[0]),
        (axes[0, 1], topograph.threshold, "misorientation threshold", scales.contrast[1]),
    ):
        drawn = show(place, contrast.x, contrast.y, contrast.values, cmap="magma", norm=LogNorm(1.0, top))
        _contour(place, contrast, threshold)
        label_axes(place, f"Contrast, {title}, {topograph.label}".strip(", "), detector=False)
        marks(place)
        bar = figure.colorbar(drawn, ax=place, label="C = R / R perfect", shrink=0.85)
        ticks = [tick for tick in (1, 1.5, 2, 3, 5, 10, 20, 40) if tick <= top]
        bar.set_ticks(ticks, labels=[f"{tick:g}" for tick in ticks], minor=False)
        bar.ax.minorticks_off()
    return save(figure, path)


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
    figure, axes = new_figure(size=(7.6, 3.9))
    place = axes[0, 0]
    drawn = place.pcolormesh(tilt.x * UM, tilt.z * UM, tilt.along.T * UM, cmap="RdBu_r", norm=norm, shading="gouraud")
    columns = np.linspace(tilt.x[0], tilt.x[-1], 27)[1:-1]
    depths = np.linspace(tilt.z[0], tilt.z[-1], 9)[:-1] + 0.06 * (tilt.z[-1] - tilt.z[0])
    i = np.unique(np.searchsorted(tilt.x, columns).clip(0, len(tilt.x) - 1))
    k = np.unique(np.searchsorted(tilt.z, depths).clip(0, len(tilt.z) - 2))  # arrows on the edge would be cut
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
    place.set_xlabel("along h (µm)")
    place.set_ylabel("depth from entrance face (µm)")
    place.set_title(
        f"Lattice tilt around the device, {topograph.label} (arrows: plane normals, exaggerated)", fontsize=9
    )
    ticks = [step * 10.0**decade for decade in range(-3, 5) for step in (1, 3) if step * 10.0**decade <= top * UM]
    ticks = [tick for tick in ticks if tick >= 0.05 * top * UM]
    words = f"tilt (µrad), normal into the die > 0;\nlinear up to {0.05 * top * UM:.2g}, logarithmic beyond"
    bar: Any = figure.colorbar(drawn, ax=place, label=words, shrink=0.9)
    places = [*(-tick for tick in reversed(ticks)), 0.0, *ticks]
    bar.set_ticks(places, labels=[f"{place:g}".replace("-", "\N{MINUS SIGN}") for place in places])
    bar.ax.minorticks_off()
    return save(figure, path)


def montage(topographs: Sequence[Topograph], path: Path, columns: int = 4) -> Path:
    """Draw the recorded projections of several states on one grey scale and return the file."""
    columns = min(columns, len(topographs))
    rows = -(-len(topographs) // columns)
    figure, axes = new_figure(columns, rows, size=(3.1, 3.2))
    images = [topograph.projection_counts for topograph in topographs]
    low, high = grey_ends(images)
    for place in axes.flat[len(topographs) :]:
        place.set_axis_off()
    for place, topograph, image in zip(axes.flat, topographs, images, strict=False):
        drawn = show(place, image.X, image.Y, image.values, cmap="gray", norm=root_scale(low, high))
        label_axes(place, topograph.label)
        marks(place)
    root_bar(figure, drawn, axes, "counts", shrink=0.8)
    return save(figure, path)


def animation(topographs: Sequence[Topograph], path: Path, seconds: float = 0.8) -> Path:
    """Write the recorded projections of a series as an animated GIF on one grey scale and return the file.

    Args:
        topographs: the series, in order.
        path: ends in ``.gif``.
        seconds: per picture.
    """
    from PIL import Image

    images = [topograph.projection_counts for topograph in topographs]
    low, high = grey_ends(images)
    frames = []
    for topograph, image in zip(topographs, images, strict=True):
        figure, axes = new_figure()
        drawn = show(axes[0, 0], image.X, image.Y, image.values, cmap="gray", norm=root_scale(low, high))
        label_axes(axes[0, 0], f"Projection topograph {topograph.label}".strip())
        marks(axes[0, 0])
        root_bar(figure, drawn, axes[0, 0], "counts")
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
    figure, axes = new_figure(len(found), size=(4.2, 4.2))
    top = max(float(np.percentile(np.abs(one.recovered.values - one.exact.values), 99.5)) for one in found)
    for place, one in zip(axes[0], found, strict=True):
        error = one.recovered.values - one.exact.values
        drawn = show(place, one.exact.x, one.exact.y, error, cmap="RdBu_r", vmin=-top, vmax=top)
        place.contour(
            one.exact.y * UM,
            one.exact.x * UM,
            one.exact.values,
            levels=[1.05, 1.5, 2.0, 3.0],
            colors="k",
            linewidths=0.5,
        )
        label_axes(
            place, f"elements {one.size * UM:.0f} um: rms {100 * one.quiet_rms:.2f} % where C = 1", detector=False
        )
    figure.colorbar(drawn, ax=axes, label="recovered minus exact contrast (lines: exact C)", shrink=0.8)
    return save(figure, path)
