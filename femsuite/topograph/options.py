"""The ``[topograph]`` table of a study file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from femsuite.errors import unknown
from femsuite.topograph.detector import DETECTORS, Detector
from femsuite.units import Length, PhotonEnergy


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class DetectorOptions(_Table):
    """A camera of one's own."""

    pixel: Length
    """Effective side of a pixel at the image."""
    blur: Length
    """Standard deviation of the point-spread function."""
    read_noise: Annotated[float, Field(ge=0.0)] = 3.0
    """Standard deviation of the read noise, counts."""
    gain: Annotated[float, Field(gt=0.0)] = 2.5
    """Counts per detected photon."""
    offset: Annotated[float, Field(ge=0.0)] = 100.0
    """Counts without light."""
    bits: Annotated[int, Field(ge=8, le=32)] = 14
    """Bits of the converter: counts are clipped to what they hold."""

    @field_validator("pixel", "blur")
    @classmethod
    def _positive(cls, value: float) -> float:
        return _above_zero(value)

    def detector(self) -> Detector:
        """Return the camera."""
        return Detector(self.pixel, self.blur, self.read_noise, self.gain, self.offset, self.bits)


class ContrastOptions(_Table):
    """The map of strain contrast over the whole die."""

    pixels: tuple[Annotated[int, Field(ge=16, le=4096)], Annotated[int, Field(ge=16, le=4096)]] = (512, 512)
    """Pixels of the map along h and across."""
    threshold: Annotated[float, Field(gt=1.0)] = 1.5
    """Contrast above which a region counts as visible; 1 is the perfect crystal."""
    direction: Literal["incident", "diffracted"] = "diffracted"
    """Along which beam the die is projected."""
    bridge: Length = 0.0
    """Gaps up to this length do not end the visible region."""
    relative: bool = False
    """Measure lengths on the map divided by that of the first state imaged (the unloaded die)."""


class ProjectionOptions(_Table):
    """The projection topograph: white beam over the whole die."""

    dose: Annotated[float, Field(gt=0.0)] = 400.0
    """Photons detected per pixel where the die is perfect."""
    margin: Length = 0.25e-3
    """Detector beyond the undeformed image on each side."""
    visible: Annotated[float, Field(gt=1.0)] = 2.0
    """The image of the device ends where it falls below this many times the intensity of its surroundings."""
    source_size: Length = 50e-6
    """Standard deviation of the X-ray source in size; an estimate for a bending magnet."""
    source_distance: Length = 47.0
    """From the source to the die; an estimate for Diamond's B16."""
    seed: int = 1
    """Of the noise."""


class SectionOptions(_Table):
    """Section topographs: a narrow slit stepped across the device."""

    slit: Length = 15e-6
    """Width of the beam along h."""
    positions: Annotated[tuple[Length, ...], Field(min_length=1)] = (-50e-6, 0.0, 50e-6)
    """Of the slit along h, relative to ``centre``."""
    centre: str | None = None
    """A heat source or region at whose middle the slit is centred; the middle of the die when left out."""
    cut: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.05
    """Streaks end where the intensity falls below this share of the undisturbed section's mean."""
    height: Length = 60e-6
    """Height of the band about the device in which streaks are measured."""
    margin: Length = 0.5e-3
    """Detector beyond the undeformed section on each side along h."""
    dose: Annotated[float, Field(gt=0.0)] = 1600.0
    """Photons detected per pixel where a perfect die's projection would have one unit of intensity."""
    scan: Annotated[int, Field(ge=2, le=101)] = 9
    """Slit positions across the whole die from which its bow is measured."""


class TopographOptions(_Table):
    """X-ray topographs of the strained die at the states of some stages."""

    region: str
    """The single-crystal region; regions that are part of it count as it."""
    reflection: tuple[int, int, int]
    """Miller indices of h; h must lie in the die's face, such as [2, -2, 0] for a (111) die."""
    energy: PhotonEnergy
    """Photon energy at which the undeformed die diffracts."""
    crystal: str = "Si"
    """Which crystal the region is."""
    beam_side: Literal["top", "bottom"] = "top"
    """Face of the die by which the beam enters; top faces +z of the mesh."""
    grid: tuple[
        Annotated[int, Field(ge=5, le=1001)],
        Annotated[int, Field(ge=5, le=1001)],
        Annotated[int, Field(ge=5, le=1001)],
    ] = (161, 161, 41)
    """Points of the lattice field along h, across h and through the die."""
    grading: tuple[
        Annotated[float, Field(ge=1.0, le=100.0)],
        Annotated[float, Field(ge=1.0, le=100.0)],
        Annotated[float, Field(ge=1.0, le=100.0)],
    ] = (4.0, 4.0, 8.0)
    """Largest over smallest grid spacing in the three directions; finest at the device."""
    distance: Length = 0.19
    """From the die to the detector."""
    detector: str | DetectorOptions = "scmos_3.2um"
    """A camera by name, or a table of its own."""
    critical_energy: PhotonEnergy | None = None
    """Of the bending magnet: weights rays by the flux at the wavelength they pick; left out, the spectrum is flat."""
    stages: tuple[str, ...] | None = None
    """Stages whose states are imaged; all when left out."""
    contrast: ContrastOptions = ContrastOptions()
    """Strain-contrast map."""
    projection: ProjectionOptions = ProjectionOptions()
    """Projection topograph."""
    section: SectionOptions = SectionOptions()
    """Section topographs."""

    @field_validator("section")
    @classmethod
    def _open_slit(cls, value: SectionOptions) -> SectionOptions:
        if not value.slit > 0.0:
            raise ValueError("the slit's width must be above zero")
        return value

    @field_validator("distance")
    @classmethod
    def _positive(cls, value: float) -> float:
        return _above_zero(value)

    @field_validator("reflection")
    @classmethod
    def _not_zero(cls, value: tuple[int, int, int]) -> tuple[int, int, int]:
        if not any(value):
            raise ValueError("the reflection [0, 0, 0] is none; write Miller indices such as [2, -2, 0]")
        return value

    @field_validator("detector")
    @classmethod
    def _known(cls, value: str | DetectorOptions) -> str | DetectorOptions:
        if isinstance(value, str) and value not in DETECTORS:
            raise ValueError(unknown("detector", value, DETECTORS))
        return value

    def camera(self) -> Detector:
        """Return the camera that ``detector`` means."""
        return DETECTORS[self.detector] if isinstance(self.detector, str) else self.detector.detector()

    def spectral_slope(self) -> float | None:
        """Return the exponent of the incident flux per energy at the working energy, None for a flat spectrum."""
        return None if self.critical_energy is None else bending_magnet_slope(self.energy, self.critical_energy)

    def applies_to(self, stage: str, all_stages: Sequence[str]) -> bool:
        """Return whether the states of a stage are imaged."""
        return stage in (all_stages if self.stages is None else self.stages)


def bending_magnet_slope(energy: float, critical: float) -> float:
    """Return ``d ln Phi/d ln E`` of a bending magnet's on-axis flux per energy, ``Phi ~ y K_2/3(y/2)^2``, ``y = E/Ec``.

    Source: Schwinger's formula as in the X-ray Data Booklet, section 2.1.
    """
    from scipy import special

    y = energy / critical
    bessel = special.kv(2.0 / 3.0, 0.5 * y)
    slope = special.kvp(2.0 / 3.0, 0.5 * y)
    return float(1.0 + y * slope / bessel)


def _above_zero(value: float) -> float:
    if not value > 0.0:
        raise ValueError("must be above zero")
    return value
