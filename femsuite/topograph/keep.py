"""Topographs as plain arrays, for a file, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from femsuite.topograph.contrast import ContrastMap
from femsuite.topograph.crystal import Crystal
from femsuite.topograph.frame import DiffractionFrame
from femsuite.topograph.lattice import LatticeField
from femsuite.topograph.raytrace import DetectorImage
from femsuite.topograph.run import TiltPlane, Topograph

FROM_THE_MODEL = ("crystal", "frame")


def arrays_of(topograph: Topograph) -> dict[str, np.ndarray]:
    """Return everything in a topograph but crystal and frame, by the path of its attributes."""
    found: dict[str, np.ndarray] = {}

    def put(path: str, value: Any) -> None:
        if is_dataclass(value):
            for one in fields(value):
                if one.name not in FROM_THE_MODEL:
                    put(f"{path}.{one.name}", getattr(value, one.name))
        elif isinstance(value, Mapping):
            found[f"{path}.names"] = np.array(list(value), dtype=str)
            found[f"{path}.values"] = np.array(list(value.values()), dtype=float)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            for number, one in enumerate(value):
                put(f"{path}.{number}", one)
        else:
            found[path] = np.array(np.nan if value is None else value)

    put("topograph", topograph)
    found["sections"] = np.array(len(topograph.sections))
    return found


def topograph_of(found: Mapping[str, np.ndarray], crystal: Crystal, frame: DiffractionFrame) -> Topograph:
    """Return the topograph that `arrays_of` took apart.

    Args:
        found: the arrays.
        crystal: the reflection it was taken with.
        frame: of the same model.

    Raises:
        KeyError: an array is missing.
    """

    def parts(path: str, kind: type) -> dict[str, Any]:
        names = [one.name for one in fields(kind) if one.name not in FROM_THE_MODEL]
        return {name: plain(found[f"{path}.{name}"]) for name in names}

    def plain(array: np.ndarray) -> Any:
        return array if array.ndim else array.item()

    def image(path: str) -> DetectorImage:
        own = parts(path, DetectorImage)
        own["position"] = None if np.isnan(own["position"]) else own["position"]
        return DetectorImage(**own)

    def images(path: str) -> tuple[DetectorImage, ...]:
        return tuple(image(f"{path}.{number}") for number in range(int(found["sections"])))

    x, y = found["topograph.device"]
    names, values = found["topograph.measures.names"], found["topograph.measures.values"]
    return Topograph(
        label=plain(found["topograph.label"]),
        lattice=LatticeField(**parts("topograph.lattice", LatticeField), crystal=crystal, frame=frame),
        device=(float(x), float(y)),
        contrast=ContrastMap(**parts("topograph.contrast", ContrastMap)),
        threshold=ContrastMap(**parts("topograph.threshold", ContrastMap)),
        projection=image("topograph.projection"),
        projection_counts=image("topograph.projection_counts"),
        sections=images("topograph.sections"),
        section_counts=images("topograph.section_counts"),
        tilt=TiltPlane(**parts("topograph.tilt", TiltPlane)),
        measures={str(name): float(value) for name, value in zip(names, values, strict=True)},
    )
