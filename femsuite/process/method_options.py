"""The ``[method]`` table of a study: the steps by which an opening is made, each with the numbers that it takes.

Numbers of the seed, US 10/590,901, are its example. All others are estimates until a study gives its own with their
``status`` and ``source``: `estimates` names those that still stand at their default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from femsuite.process.ablation import POLYIMIDE
from femsuite.process.deposition import Deposit
from femsuite.units import (
    Absorption,
    Conductivity,
    CurrentDensity,
    ElectricContactResistance,
    Fluence,
    Length,
    Stress,
    Temperature,
    Time,
    Viscosity,
)

Status = Literal["published", "seed", "derived", "unchecked", "estimate"]


class Step(BaseModel):
    """What every step says of its numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    ESTIMATES: ClassVar[Mapping[str, str]] = {}
    """Key whose default is not of the seed -> where the default comes from."""

    status: Status = "estimate"
    """How well the numbers that the study gives to this step are known, in the words of the material files."""
    source: str = ""
    """Where they come from."""

    def estimates(self) -> list[str]:
        """Return the numbers that nobody has given, each with where its default comes from."""
        fields = type(self).model_fields
        return [
            f"{name.replace('_', ' ')} ({source})"
            for name, source in self.ESTIMATES.items()
            if getattr(self, name) == fields[name].default
        ]

    def given(self) -> list[str]:
        """Return the keys that the study gives other than their default."""
        fields = {name: one for name, one in type(self).model_fields.items() if name not in ("status", "source")}
        return [name.replace("_", " ") for name, one in fields.items() if getattr(self, name) != one.default]


class LaminationOptions(Step):
    """``[method.lamination]``: a foil is laid under vacuum over the step that the chip makes."""

    ESTIMATES = {
        "step": "the seed says: more than 500 um",
        "draw_length": "the height of the step",
        "fillet": "the thickness of the foil",
        "from_edge": "the seed gives no plan",
        "pressure": "usual of vacuum presses",
        "time": "usual of vacuum presses",
        "viscosity": "a softened resin, no data sheet",
    }

    foils: Annotated[tuple[Length, ...], Field(min_length=1)] = (100e-6,)
    """Thickness of each partial foil before lamination, from below; drawn over the step as one sheet."""
    step: Annotated[Length, Field(gt=0.0)] = 500e-6
    """Height of the chip's upright side."""
    draw_length: Annotated[Length, Field(gt=0.0)] | None = None
    """Along level faces beside the step, from which the foil gives material; the step's height if left out."""
    fillet: Annotated[Length, Field(gt=0.0)] | None = None
    """Radius of the upper face in the corner at the foot; the foil's thickness if left out."""
    from_edge: Annotated[Length, Field(ge=0.0)] = 1e-3
    """Of the chip's upper edge to the middle of the opening: the foil there is what the laser opens."""
    pressure: Annotated[Stress, Field(gt=0.0)] = 1e6
    """Of the press over the vacuum."""
    time: Annotated[Time, Field(ge=0.0)] = 60.0
    """Of pressing."""
    viscosity: Annotated[Viscosity, Field(gt=0.0)] = 1e6
    """Of the foil in the press."""
    viscosity_factor: Annotated[float, Field(ge=1.0)] = 3.0
    """The viscosity's band: it may be so many times less or more."""
    allowed_void: Annotated[Length, Field(gt=0.0)] = 1e-6
    """Radius of a gap at the foot that counts as none."""


class AblationOptions(Step):
    """``[method.ablation]``: a laser opens a window in the laminated foil."""

    ESTIMATES = {
        "width": "the seed gives no dimension",
        "fluence": "the seed gives none",
        "radius": "the seed gives none",
        "absorption": "4 pi k/lambda of polyetherimide at 9.24 um, its nearest kin with a table",
        "threshold": "heat to decompose over absorption; a factor of 2 either way",
        "pitch": "the seed gives no scan",
        "spacing": "the seed gives no scan",
        "contours": "the seed gives no scan",
        "passes": "the seed gives no scan",
    }

    shape: Literal["trench", "round"] = "trench"
    """``trench``: a long opening, in plane; ``round``: turned about its middle."""
    width: Annotated[Length, Field(gt=0.0)] = 500e-6
    """Of the opening; the diameter if round."""
    measured: Literal["foot", "top"] = "foot"
    """Where the width is: on the contact face, or where the wall ends above."""
    pitch_of_openings: Annotated[Length, Field(gt=0.0)] = 2e-3
    """Of neighbouring openings: half of it is what the lead has beside each."""
    wavelength: Annotated[Length, Field(gt=0.0)] = 9.24e-6
    """Of the laser; the seed's CO2 laser. Absorption and threshold hold at this one only."""
    fluence: Annotated[Fluence, Field(gt=0.0)] = 6e4
    """At the peak of a Gaussian pulse."""
    radius: Annotated[Length, Field(gt=0.0)] = 50e-6
    """Of the beam, to 1/e^2 of the peak."""
    absorption: Annotated[Absorption, Field(gt=0.0)] = POLYIMIDE.absorption
    """Of the foil at the wavelength."""
    threshold: Annotated[Fluence, Field(gt=0.0)] = POLYIMIDE.threshold
    """Fluence below which a pulse removes nothing."""
    threshold_factor: Annotated[float, Field(ge=1.0)] = 2.0
    """The threshold's band: it may be so many times less or more."""
    pitch: Annotated[Length, Field(gt=0.0)] = 25e-6
    """From pulse to pulse along a contour."""
    spacing: Annotated[Length, Field(gt=0.0)] = 25e-6
    """From contour to contour."""
    contours: Annotated[int, Field(ge=1)] = 4
    """Contours, one inside the other."""
    passes: Annotated[int, Field(ge=1)] = 20
    """Over all contours."""
    ledges: tuple[Annotated[Length, Field(ge=0.0)], ...] = ()
    """Level step on top of each partial foil but the last: one fewer than foils."""


class VapourFilm(BaseModel):
    """One layer of the film."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] = "Cu"
    """Of the layer, as Ti, TiW and Cu."""
    thickness: Annotated[Length, Field(gt=0.0)] = 5e-6
    """On a level open face."""


class DepositionOptions(Step):
    """``[method.deposition]``: a film is deposited from the vapour on floor, walls and top of the window."""

    ESTIMATES = {"vapour": "the seed names no kind of source; sticking coefficient 1"}

    films: Annotated[tuple[VapourFilm, ...], Field(min_length=1)] = (VapourFilm(),)
    """From below; together 5 um in the seed."""
    vapour: Deposit = Deposit()
    """The source that all layers come from, as in ``[deposits]``."""
    coating: str = "film"
    """The coating of the study that stands for this film in the solve, if there is one of this name."""

    @property
    def thickness(self) -> float:
        """Of all layers on a level open face, m."""
        return sum(one.thickness for one in self.films)


class SealingOptions(Step):
    """``[method.sealing]``: resist covers the opening before the lead is deposited."""

    ESTIMATES = {"overlap": "a mask's overlap; not in the seed", "resist": "as thick as the lead"}

    sealed: bool = True
    """Whether the opening is covered; if not, the lead's metal grows in it too."""
    overlap: Annotated[Length, Field(ge=0.0)] = 50e-6
    """From the rim of the window to the bound of the resist."""
    resist: Annotated[Length, Field(gt=0.0)] | None = None
    """Thickness of the resist, whose upright side bounds the lead; that of the lead if left out."""
    plated_before: Annotated[Length, Field(ge=0.0)] = 0.0
    """Mean thickness deposited everywhere, in the opening too, before it is covered: an interrupted deposition."""


class PlatingOptions(Step):
    """``[method.plating]``: the lead is electrodeposited where no resist lies."""

    ESTIMATES = {
        "current_density": "usual of acid copper",
        "efficiency": "acid copper, near 1",
        "conductivity": "acid copper, handbook, unchecked",
        "exchange": "acid copper with additives, order of magnitude",
        "cathodic": "one-step transfer",
        "anodic": "two-step copper",
        "polarisation": "slope of butler_volmer with its defaults at 3 A/dm^2",
    }

    metal: Literal["Cu", "Ag", "Au", "Ni", "Al"] = "Cu"
    """Of the lead."""
    thickness: Annotated[Length, Field(gt=0.0)] = 400e-6
    """Of the lead, mean over the face outside the resist."""
    current_density: Annotated[CurrentDensity, Field(gt=0.0)] = 300.0
    """Mean over the metal's face."""
    efficiency: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    """Share of the current that deposits metal."""
    conductivity: Annotated[Conductivity, Field(gt=0.0)] = 50.0
    """Of the bath."""
    kinetics: Literal["butler_volmer", "linear"] = "butler_volmer"
    """Law of the metal's face."""
    exchange: Annotated[CurrentDensity, Field(gt=0.0)] = 10.0
    """Exchange current density of ``butler_volmer``."""
    exchange_factor: Annotated[float, Field(ge=1.0)] = 10.0
    """The band of the kinetics: exchange current so many times less or more (polarisation if linear)."""
    cathodic: Annotated[float, Field(gt=0.0)] = 0.5
    """Transfer coefficient of deposition."""
    anodic: Annotated[float, Field(ge=0.0)] = 1.5
    """Transfer coefficient of dissolution."""
    temperature: Temperature = 298.15
    """Of the bath."""
    polarisation: Annotated[ElectricContactResistance, Field(gt=0.0)] = 1.7e-4
    """Of ``linear``: overpotential over current density."""
    steps: Annotated[int, Field(ge=1, le=40)] = 4
    """In which the current follows the growing face."""

    def estimates(self) -> list[str]:
        """Return the numbers that nobody has given, those of the chosen kinetics only."""
        other = ("polarisation",) if self.kinetics == "butler_volmer" else ("exchange", "cathodic", "anodic")
        return [one for one in super().estimates() if not one.startswith(other)]


class MethodOptions(BaseModel):
    """``[method]``: the chain by which an opening and its lead are made (US 10/590,901, Fig. 8), up to any step."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    lamination: LaminationOptions
    """First step."""
    ablation: AblationOptions | None = None
    """Second step, of the foil as laminated."""
    deposition: DepositionOptions | None = None
    """Third step, on the window as opened."""
    sealing: SealingOptions | None = None
    """Fourth step, over the opening with its film."""
    plating: PlatingOptions | None = None
    """Fifth step, around the resist."""

    def steps(self) -> dict[str, Step]:
        """Return the steps that there are, by name, in their order."""
        every = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: one for name, one in every.items() if one is not None}
