"""The ``[radiograph]`` table of a study file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from femsuite.errors import unknown
from femsuite.topograph.attenuation import HIGHEST, LOWEST
from femsuite.topograph.detector import DETECTORS, Detector
from femsuite.topograph.options import DetectorOptions, _Table
from femsuite.units import Angle, Length, PhotonEnergy

SPECTRUM = "spectrum"
"""Label of the image under the whole spectrum."""
Names = str | tuple[str, ...]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Rising = tuple[Length, Length]


def label_of(energy: float) -> str:
    """Return what metrics and pictures call a monochromatic image: ``31 keV``."""
    return f"{energy:.6g} keV"


def listed(names: Names) -> tuple[str, ...]:
    """Return one name or several as a tuple."""
    return (names,) if isinstance(names, str) else names


def _within_tables(energy: float) -> float:
    if not LOWEST <= energy <= HIGHEST:
        raise ValueError(f"{energy:g} keV is not between {LOWEST:g} and {HIGHEST:g} keV")
    return energy


class SpectralLine(_Table):
    """One energy of a spectrum."""

    energy: PhotonEnergy
    """Photon energy."""
    weight: Annotated[float, Field(gt=0.0)]
    """Signal that it gives without the body, in any unit: flux times what the detector makes of a photon."""

    _in_tables = field_validator("energy")(_within_tables)


class WindowOptions(_Table):
    """The part of the picture that is wanted, in mesh coordinates projected along the beam."""

    horizontal: Rising
    """From left to right: x for a beam along z or y, y for one along x."""
    vertical: Rising
    """From bottom to top: y for a beam along z, otherwise z."""

    @field_validator("horizontal", "vertical")
    @classmethod
    def _rises(cls, value: tuple[float, float]) -> tuple[float, float]:
        if not value[0] < value[1]:
            raise ValueError(f"the window from {value[0]:g} m to {value[1]:g} m does not rise")
        return value


class AreaOptions(_Table):
    """The rays over which the transmission is averaged, by the regions that they cross."""

    through: Names
    """Regions that a ray must cross: every name of the list, of a shell pattern (``lead_*``) any one region."""
    without: Names = ()
    """Regions that it must not cross; ``*`` for all but those of ``through``."""

    @field_validator("through")
    @classmethod
    def _something(cls, value: Names) -> Names:
        if not listed(value):
            raise ValueError('the list is empty; name a region, such as "die"')
        return value


class RadiographOptions(_Table):
    """Absorption radiographs of the undeformed body in a parallel beam, straight rays, without scattered photons."""

    energies: tuple[PhotonEnergy, ...] = ()
    """Photon energies; each gives an image of its own."""
    spectrum: tuple[SpectralLine, ...] = ()
    """Energies with weights that give one image together."""
    along: Literal["x", "y", "z"] = "z"
    """Axis of the mesh along which the beam runs, seen from its positive end (for y from the negative one)."""
    tilt: Annotated[Angle, Field(gt=-1.5, lt=1.5)] = 0.0
    """Turn of the beam away from that axis."""
    tilt_about: Literal["horizontal", "vertical"] = "horizontal"
    """Axis of the picture about which the beam is turned."""
    pixel: Length | None = None
    """Side of a pixel; left out, that of the detector, and without a detector a 1000th of the picture's longer side."""
    rays: Annotated[int, Field(ge=1, le=8)] = 1
    """Rays along each side of a pixel; the pixel shows their mean."""
    window: WindowOptions | None = None
    """What is imaged; the whole body with a narrow margin when left out."""
    areas: Mapping[Word, AreaOptions] = Field(default_factory=dict)
    """Name -> rays whose mean transmission becomes a metric; one for each region when left out."""
    detector: str | DetectorOptions | None = None
    """A camera by name or a table of its own, which adds a picture as it is recorded; none when left out."""
    dose: Annotated[float, Field(gt=0.0)] = 2000.0
    """Photons detected per pixel beside the body, for the recorded picture."""
    seed: int = 1
    """Of the recorded picture's noise."""

    @field_validator("energies")
    @classmethod
    def _different(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        labels = [label_of(_within_tables(one)) for one in value]
        for place, label in enumerate(labels):
            if label in labels[:place]:
                raise ValueError(f"{label} is given twice")
        return value

    @field_validator("pixel")
    @classmethod
    def _above_zero(cls, value: float | None) -> float | None:
        if value is not None and not value > 0.0:
            raise ValueError("must be above zero")
        return value

    @field_validator("detector")
    @classmethod
    def _known(cls, value: str | DetectorOptions | None) -> str | DetectorOptions | None:
        if isinstance(value, str) and value not in DETECTORS:
            raise ValueError(unknown("detector", value, DETECTORS))
        return value

    @model_validator(mode="after")
    def _some_light(self) -> RadiographOptions:
        if not self.energies and not self.spectrum:
            raise ValueError('no energy is given; write energies = ["31 keV"] or a spectrum')
        return self

    def camera(self) -> Detector | None:
        """Return the camera that ``detector`` means, None without one."""
        if self.detector is None:
            return None
        return DETECTORS[self.detector] if isinstance(self.detector, str) else self.detector.detector()

    def images(self) -> dict[str, tuple[tuple[float, float], ...]]:
        """Return for each image its label and its energies (keV) with weights that add up to one."""
        found: dict[str, tuple[tuple[float, float], ...]] = {label_of(one): ((one, 1.0),) for one in self.energies}
        if self.spectrum:
            whole = sum(line.weight for line in self.spectrum)
            found[SPECTRUM] = tuple((line.energy, line.weight / whole) for line in self.spectrum)
        return found

    def metric_name(self, name: str, materials: Collection[str]) -> bool:
        """Return whether a run gives a metric of this name, as far as the study alone decides it.

        Args:
            name: without ``@`` and the image's label.
            materials: names of the study's materials.
        """
        kind, _, what = name.partition("_")
        if kind == "radiograph.transmission":
            return bool(what) and (not self.areas or what in self.areas)
        return kind == "radiograph.attenuation" and what in materials
