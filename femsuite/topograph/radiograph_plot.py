"""Pictures and arrays of a radiograph: as on a detector seen against the beam, axes in millimetres of the mesh."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from femsuite.topograph.detector import Exposure, detected
from femsuite.topograph.draw import new_figure, save
from femsuite.topograph.radiograph import Radiograph
from femsuite.topograph.radiograph_options import RadiographOptions
from femsuite.topograph.raytrace import DetectorImage

MM = 1e3
WIDTH, LEAST, TALLEST = 8.0, 2.6, 9.0  # inches: width of a picture, and between which heights it may be


def file_stem(label: str) -> str:
    """Return how the files of an image are called: ``radiograph_31keV``."""
    return f"radiograph_{label.replace(' ', '')}"


def recorded(radiograph: Radiograph, options: RadiographOptions, label: str) -> np.ndarray | None:
    """Return an image in counts as the study's camera records it, None without a camera."""
    camera = options.camera()
    if camera is None:
        return None
    screen = radiograph.screen
    ideal = DetectorImage(screen.vertical, screen.horizontal, radiograph.transmission[label], 0.0, 0.0)
    # one row or column has no spacing of its own to be blurred by
    if min(screen.shape) < 2:
        return None
    return detected(ideal, camera, Exposure(options.dose, seed=options.seed), beyond="nearest").values


def picture(radiograph: Radiograph, options: RadiographOptions, label: str, path: Path, counts: bool = False) -> Path:
    """Draw one image, linear grey from 0 (nothing passes, black) to 1 (white), or as recorded; return the file."""
    screen = radiograph.screen
    values = recorded(radiograph, options, label) if counts else radiograph.transmission[label]
    assert values is not None
    height, width = (screen.pixel * count for count in screen.shape)
    extent = [side * MM for side in (screen.left, screen.left + width, screen.bottom, screen.bottom + height)]
    tall = float(np.clip((WIDTH - 1.6) * height / width + 1.0, LEAST, TALLEST))
    figure, axes = new_figure(size=(WIDTH, tall))
    place = axes[0, 0]
    ends: dict[str, Any] = {} if counts else {"vmin": 0.0, "vmax": 1.0}
    drawn = place.imshow(values, origin="lower", extent=extent, cmap="gray", interpolation="antialiased", **ends)
    names = {"x": ("y", "z"), "y": ("x", "z"), "z": ("x", "y")}[options.along]
    tilted = tuple(
        ", tilted" if options.tilt and options.tilt_about != way else "" for way in ("horizontal", "vertical")
    )
    place.set_xlabel(f"{names[0]}{tilted[0]} (mm)")
    place.set_ylabel(f"{names[1]}{tilted[1]} (mm)")
    what = "Absorption radiograph" + (" as recorded" if counts else "")
    place.set_title(f"{what}, {label}, beam along {options.along}{_tilt(options)}", fontsize=10)
    figure.colorbar(drawn, ax=place, label="counts" if counts else "transmission I / I0", shrink=0.9)
    return save(figure, path)


def _tilt(options: RadiographOptions) -> str:
    return f" tilted by {np.degrees(options.tilt):.4g} deg" if options.tilt else ""


def save_arrays(radiograph: Radiograph, options: RadiographOptions, path: Path) -> Path:
    """Write images, chord lengths and axes (m) as a compressed ``.npz`` and return the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    screen = radiograph.screen
    arrays: dict[str, Any] = {"horizontal": screen.horizontal, "vertical": screen.vertical}
    for label, image in radiograph.transmission.items():
        arrays[f"transmission_{label.replace(' ', '')}"] = image
        counts = recorded(radiograph, options, label)
        if counts is not None:
            arrays[f"counts_{label.replace(' ', '')}"] = counts
    for material, length in radiograph.lengths.items():
        arrays[f"length_{material}"] = length
    np.savez_compressed(path, allow_pickle=False, **arrays)
    return path


def save_all(radiograph: Radiograph, options: RadiographOptions, folder: Path) -> list[tuple[Path, str]]:
    """Write ``radiograph.npz`` and a picture of every image into a folder; return the pictures with captions."""
    save_arrays(radiograph, options, folder / "radiograph.npz")
    found = []
    for label in radiograph.transmission:
        stem = file_stem(label)
        words = f"Absorption radiograph, {label}: share of the photons that pass straight on"
        found.append((picture(radiograph, options, label, folder / f"{stem}.png"), words))
        if options.camera() is not None and min(radiograph.screen.shape) > 1:
            file = picture(radiograph, options, label, folder / f"{stem}_recorded.png", counts=True)
            found.append((file, f"The same as recorded, {label}"))
    return found
