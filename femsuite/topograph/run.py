"""Topographs of a finite-element displacement: a model built once, an image of every state."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.errors import InputError, unknown
from femsuite.material.orientation import Orientation
from femsuite.meshing.tagged import TaggedMesh
from femsuite.topograph.contrast import ContrastMap, landau_zener_map, threshold_map
from femsuite.topograph.crystal import Crystal, crystal_constants
from femsuite.topograph.detector import Detector, Exposure, blurred, detected
from femsuite.topograph.extent import image_lengths
from femsuite.topograph.frame import diffraction_frame
from femsuite.topograph.lattice import LatticeField, graded_axis
from femsuite.topograph.measure import measure_bow, measure_feature, measure_section
from femsuite.topograph.measures import UNITS, streak_name
from femsuite.topograph.options import TopographOptions
from femsuite.topograph.raytrace import DetectorImage, TraceSettings, projection, section
from femsuite.topograph.recovery import Recovery, die_mesh
from femsuite.topograph.sampling import GridSampler

__all__ = ["UNITS", "TiltPlane", "Topograph", "TopographModel", "streak_name"]


@dataclass(frozen=True)
class TiltPlane:
    """Lattice tilt in the x-z plane through the device.

    Attributes:
        x, z: axes, m.
        along: tilt in the plane, (nx, nz), rad: ``-u_x,z``, the planes' normal leaning into the crystal.
        across: tilt out of the plane, (nx, nz), rad.
    """

    x: np.ndarray
    z: np.ndarray
    along: np.ndarray = field(repr=False)
    across: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Topograph:
    """Everything imaged of one state. Positions are in the diffraction frame, from the middle of the entrance face.

    Attributes:
        label: of the state.
        lattice: the strained lattice.
        device: (x, y) of the device, m.
        contrast: strain contrast by the Landau-Zener law.
        threshold: strain contrast by the paper's threshold.
        projection: ideal projection topograph.
        projection_counts: the same as the camera records it.
        sections: ideal section topographs, in the order of the slit's positions.
        section_counts: the same as the camera records them.
        tilt: lattice tilt around the device.
        measures: name -> value in SI; units in :data:`UNITS` (names that start with ``streak_`` are metres).
    """

    label: str
    lattice: LatticeField
    device: tuple[float, float]
    contrast: ContrastMap
    threshold: ContrastMap
    projection: DetectorImage
    projection_counts: DetectorImage
    sections: tuple[DetectorImage, ...]
    section_counts: tuple[DetectorImage, ...]
    tilt: TiltPlane
    measures: Mapping[str, float]


class TopographModel:
    """The die as the beam sees it: crystal, frame, patches and grid. Built once; every call with all ranks."""

    def __init__(self, tagged: TaggedMesh, region: str, orientation: Orientation, options: TopographOptions) -> None:
        """Set up crystal, frame and grid; collective.

        Args:
            tagged: the mesh.
            region: the single-crystal region.
            orientation: of the crystal in the mesh.
            options: the study's table.

        Raises:
            InputError: h does not lie in the die's face, unknown region or device, unsuitable mesh.
        """
        self.options = options
        frame = diffraction_frame(orientation.rotation, options.reflection, beam_side=options.beam_side)
        cells = tagged.cells(region)
        bounds = die_mesh(tagged.mesh, cells, frame)
        middle = 0.5 * (bounds.low + bounds.high)
        middle[2] = bounds.low[2]
        self.frame = frame.moved_to(frame.mesh_points(middle))
        self.die = die_mesh(tagged.mesh, cells, self.frame)
        low, high = self.die.low, self.die.high
        self.crystal: Crystal = crystal_constants(
            options.crystal, options.reflection, options.energy, float(high[2] - low[2])
        )
        self.device = (0.0, 0.0)
        depth = float(low[2])
        if options.section.centre is not None:
            centre = _centroid(tagged, options.section.centre, self)
            self.device = (float(centre[0]), float(centre[1]))
            depth = float(centre[2])
        for position in options.section.positions:
            if not low[0] < self.device[0] + position < high[0]:
                reach = f"{(low[0] - self.device[0]) * 1e6:.4g} um to {(high[0] - self.device[0]) * 1e6:.4g} um"
                raise InputError(
                    f"topograph.section.positions: a slit at {position * 1e6:.4g} um misses the die, which reaches "
                    f"from {reach} about the slit's centre"
                )
        # Straight through the die along the diffracted beam, foreshortened by the detector's tilt.
        through = (float(high[2]) - depth) * self.crystal.tan
        self.device_image = ((self.device[0] + through) * math.cos(self.crystal.bragg_angle), self.device[1])
        focus = (*self.device, low[2] if depth < 0.5 * (low[2] + high[2]) else high[2])
        axes = [
            graded_axis(float(low[i]), float(high[i]), options.grid[i], float(focus[i]), options.grading[i])
            for i in range(3)
        ]
        self._sampler = GridSampler(self.die, (axes[0], axes[1], axes[2]))
        self._recovery: Recovery | None = None
        self._space: object = None
        self._first: tuple[ContrastMap, LatticeField] | None = None

    def lattice(self, displacement: fem.Function) -> LatticeField | None:
        """Return the lattice field on rank 0, None on the others; collective."""
        space = displacement.function_space
        if self._recovery is None or self._space is not space:
            self._recovery = Recovery(self.die, space, self.frame)
            self._space = space
        return self._sampler.sample(self._recovery, displacement, self.crystal)

    def image(self, displacement: fem.Function, label: str = "") -> Topograph | None:
        """Return the topograph of a state on rank 0, None on the others; collective.

        The first state imaged is the background where the options ask for contrast relative to it.

        Args:
            displacement: Lagrange, three components, m.
            label: of the state, for captions.
        """
        lattice = parallel.broadcast(self.lattice(displacement), self.die.comm)
        assert lattice is not None
        ideal = self._ideal(lattice)
        found: list[Topograph] = []

        def on_first_rank() -> None:
            found.append(self._image(lattice, label, ideal))

        parallel.on_root(on_first_rank, self.die.comm)
        return found[0] if found else None

    def start_from(self, first: Topograph) -> None:
        """Take a topograph of this model as the first one: the background of those that follow."""
        self._first = (first.contrast, first.lattice)

    def _ideal(self, lattice: LatticeField) -> list[Any]:
        """Return contrast, threshold contrast, projection, sections and the scan's sections on rank 0; collective.

        Every rank traces its share of them.
        """
        options = self.options
        camera, pixels, direction = options.camera(), options.contrast.pixels, options.contrast.direction
        wide, narrow = (self._settings(camera, one.margin) for one in (options.projection, options.section))
        length = float(lattice.x[-1] - lattice.x[0])
        slits = [self.device[0] + position for position in options.section.positions]
        slits += [float(at) for at in np.linspace(-0.45, 0.45, options.section.scan) * length]
        tasks: list[Callable[[], Any]] = [
            lambda: landau_zener_map(lattice, pixels, direction),
            lambda: threshold_map(lattice, pixels, direction),
            lambda: projection(lattice, wide),
            *(partial(section, lattice, narrow, slit, options.section.slit) for slit in slits),
        ]
        return parallel.dealt(tasks, [3.0, 2.0, 8.0, *(1.0 for _ in slits)], self.die.comm)

    def _image(self, lattice: LatticeField, label: str, ideal: list[Any]) -> Topograph:
        options = self.options
        contrast, threshold, whole, *slit_images = ideal
        if self._first is None:
            self._first = (contrast, lattice)
        camera = options.camera()
        count = len(options.section.positions)
        sections, scan = tuple(slit_images[:count]), slit_images[count:]
        source_blur = options.projection.source_size * options.distance / options.projection.source_distance
        seed = options.projection.seed
        exposure = Exposure(options.projection.dose, source_blur, seed)
        section_counts = tuple(
            detected(image, camera, Exposure(options.section.dose, source_blur, seed + 1 + number))
            for number, image in enumerate(sections)
        )
        along, across = lattice.slice_across(self.device[1])
        return Topograph(
            label,
            lattice,
            self.device,
            contrast,
            threshold,
            whole,
            detected(whole, camera, exposure),
            sections,
            section_counts,
            TiltPlane(lattice.x, lattice.z, along, across),
            self._measures(lattice, contrast, threshold, whole, sections, scan, source_blur),
        )

    def _settings(self, camera: Detector, margin: float) -> TraceSettings:
        options = self.options
        return TraceSettings(options.distance, camera.pixel, margin, spectral_slope=options.spectral_slope())

    def _measures(
        self,
        lattice: LatticeField,
        contrast: ContrastMap,
        threshold: ContrastMap,
        whole: DetectorImage,
        sections: tuple[DetectorImage, ...],
        scan: list[DetectorImage],
        source_blur: float,
    ) -> dict[str, float]:
        options = self.options
        camera = options.camera()
        background = self._first[0] if options.contrast.relative and self._first is not None else None
        cut, bridge = options.contrast.threshold, options.contrast.bridge
        size = image_lengths(contrast, cut, background, self._window(), bridge)
        papers = image_lengths(threshold, cut, None, self._window(), bridge)
        middle = 0.5 * float(lattice.y[0] + lattice.y[-1])
        die = (float(lattice.y[0]) - middle, float(lattice.y[-1]) - middle)
        read = [
            measure_section(
                blurred(image, camera, source_blur),
                self.device[1] - middle,
                die,
                options.section.cut,
                options.section.height,
            )
            for image in sections
        ]
        length = float(lattice.x[-1] - lattice.x[0])
        cosine = math.cos(self.crystal.bragg_angle)
        recorded = blurred(whole, camera, source_blur)
        feature = measure_feature(recorded, self.device_image, options.projection.visible)
        bow = measure_bow(recorded, scan, cosine, length, options.distance, die)
        longest = max(read, key=lambda found: abs(found.streak))
        measures = {
            "image_length_along": feature.along.length,
            "image_length_across": feature.across.length,
            "image_half_width_along": feature.half_along.length,
            "image_half_width_across": feature.half_across.length,
            "image_peak": feature.peak,
            "contrast_length_along": size.along.length,
            "contrast_length_across": size.across.length,
            "contrast_area": size.area,
            "contrast_peak": size.peak,
            "threshold_model_length_along": papers.along.length,
            "threshold_model_length_across": papers.across.length,
            "streak_length": abs(longest.streak),
            "section_width": float(np.median([found.base.length for found in read])),
            "bow_movement": bow.movement,
            "die_image_length": bow.image_length,
            "bow_curvature": bow.curvature,
            "tilt_largest": float(np.abs(lattice.tilt_along).max()),
            "dilation_largest": float(np.abs(np.where(lattice.inside, lattice.dilation, 0.0)).max()),
            "lost_share": whole.lost / whole.total,
        }
        for position, found in zip(options.section.positions, read, strict=True):
            measures[streak_name(position)] = found.streak
        return measures

    def _window(self) -> tuple[float, float, float, float] | None:
        """Look for the maximum near the device, away from the die's strained edges; everywhere without a device."""
        if self.options.section.centre is None:
            return None
        low, high = self.die.low, self.die.high
        reach_x, reach_y = 0.3 * (high[0] - low[0]), 0.3 * (high[1] - low[1])
        x, y = self.device
        return float(x - reach_x), float(x + reach_x), float(y - reach_y), float(y + reach_y)


def _centroid(tagged: TaggedMesh, name: str, model: TopographModel) -> np.ndarray:
    """Return the centre of volume of a heat source or region in the diffraction frame; collective."""
    candidates = [candidate for candidate in (f"source_{name}", name) if candidate in tagged.regions]
    if not candidates:
        names = [region.removeprefix("source_") for region in tagged.regions]
        raise InputError(unknown("device or region", name, names))
    part = die_mesh(tagged.mesh, tagged.cells(candidates[0]), model.frame)
    corners = part.vertices[part.tetrahedra]
    volumes = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])) / 6.0
    moments = np.append((volumes[:, None] * corners.mean(axis=1)).sum(axis=0), volumes.sum())
    summed = parallel.total(moments, part.comm)
    return np.asarray(summed[:3] / summed[3])
