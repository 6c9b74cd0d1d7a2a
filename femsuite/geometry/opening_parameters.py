"""Parameters of an opening in an insulating foil (US 10/590901), for every geometry that is made of such openings."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from pydantic import model_validator

from femsuite.geometry.opening import squares
from femsuite.geometry.opening_faults import thick_metal, told, wide_walls
from femsuite.geometry.parameters import GeometryParameters, estimated_length, parameter
from femsuite.units import LENGTH, Angle, Length, parse, show

SEED = "US 10/590901"
TYPICAL = "typical of power modules; the seed gives no dimension"


class PartialFoil(GeometryParameters):
    """One partial insulating foil with its wall."""

    thickness: Length = parameter(
        "100 um", "of the foil", source=f"{SEED}, 20 to 500 um", status="seed", low="5 um", high="500 um"
    )
    angle: Angle = parameter(
        "50 deg", "of the wall to the contact face; 90 deg is vertical", source=f"{SEED}, 30 to 80 deg, example 50",
        status="seed", low="20 deg", high="90 deg",
    )  # fmt: skip
    tread: Length = estimated_length(
        "0 um", "step from the top of the wall below to the foot of this wall; 0 for one wall that goes on",
        "0 um", "5 mm", source=f"{SEED}, Figs. 4 and 5, without a dimension",
    )  # fmt: skip


class PartialFilm(GeometryParameters):
    """One layer of a film of several."""

    name: str = parameter("film_1", "its region", source="free choice", status="estimate")
    thickness: Length = parameter(
        "1 um", "its share of the film's thickness on every face", source=SEED, status="seed", low="1 nm", high="50 um"
    )


class Layer(GeometryParameters):
    """A layer below the chip."""

    name: str = parameter("solder", "its region", source="free choice", status="estimate")
    thickness: Length = estimated_length("50 um", "of the layer", "0.1 um", "10 mm", source=TYPICAL)


class OpeningParameters(GeometryParameters):
    """Opening in an insulating foil; the defaults are the seed's example: 50 degrees, film of 5 um, lead of 400 um."""

    shape: Literal["square", "rectangle", "round", "ellipse", "stadium", "lamella"] = parameter(
        "square", "outline of the opening; a lamella is a long rectangle, an oval an ellipse or a stadium",
        source=f"{SEED}, Figs. 6 and 7", status="seed",
    )  # fmt: skip
    width: Length = estimated_length(
        "500 um", "of the opening (diameter if round), along x", "10 um", "20 mm", source=TYPICAL
    )
    length: Length = estimated_length(
        "500 um", "of the opening along y, if it is neither square nor round", "10 um", "50 mm", source=TYPICAL
    )
    measured: Literal["foot", "top"] = parameter(
        "foot", "where width and length are measured: on the contact face or at the top of the foil",
        source="free choice", status="estimate",
    )  # fmt: skip
    pitch_x: Length = estimated_length("1 mm", "of the openings along x", "20 um", "50 mm", source=TYPICAL)
    pitch_y: Length = estimated_length("1 mm", "of the openings along y", "20 um", "50 mm", source=TYPICAL)
    foils: tuple[PartialFoil, ...] = parameter(
        ({},), "partial foils from below", source=f"{SEED}, one foil, preferably 50 to 200 um", status="seed"
    )
    steps: int = parameter(
        0, "steps in the wall: one foil is cut into so many more partial foils, of its angle and of equal thickness",
        source=f"{SEED}, Figs. 4 and 5", status="seed", low=0, high=8,
    )  # fmt: skip
    step_tread: Length = estimated_length(
        "40 um", "tread of each of these steps", "1 um", "1 mm", source=f"{SEED}, without a dimension"
    )
    film: Literal["solid", "surface"] = parameter(
        "solid", "solid: the film has cells; surface: it is named faces only", source="free choice", status="estimate"
    )
    film_wall: Length = parameter(
        "5 um", "film on the walls", source=f"{SEED}, 0.5 to 30 um, example 5", status="seed", low="0.1 um",
        high="100 um",
    )  # fmt: skip
    same_resistance_as: Angle | None = parameter(
        None, "the film on the walls is as thick as makes them resist like one wall of this angle with film_wall",
        source="stress compared at equal resistance", status="derived", low="20 deg", high="90 deg",
    )  # fmt: skip
    film_floor: Length = parameter(
        "5 um", "film on the contact face", source=f"{SEED}, example 5 um throughout", status="seed", low="0.1 um",
        high="100 um",
    )  # fmt: skip
    film_top: Length = parameter(
        "5 um", "film on the foil's top and on treads", source=f"{SEED}, example 5 um throughout", status="seed",
        low="0.1 um", high="100 um",
    )  # fmt: skip
    partial_films: tuple[PartialFilm, ...] = parameter(
        (), "layers of the film from below; none for one region film", source=f"{SEED}, Fig. 3: Ti, TiW, Cu",
        status="seed",
    )  # fmt: skip
    metal_on: Literal["all", "long_edges"] = parameter(
        "all", "which walls, with the foil's top beside them, carry metal; the floor always does",
        source=f"{SEED}, lamellar openings", status="seed",
    )  # fmt: skip
    lead: Length = parameter(
        "400 um", "thick metal on the foil's top around the opening; 0 for none", source=f"{SEED}, 400 to 500 um",
        status="seed", low="0 um", high="1 mm",
    )  # fmt: skip
    setback: Length = estimated_length(
        "50 um",
        "from the rim of the foil's top to the lead",
        "0 um",
        "10 mm",
        source="a mask's overlap; not in the seed",
    )
    inside: Literal["sealed", "plated", "pillar"] = parameter(
        "sealed", "nothing on the film in the opening; a conformal plating; thick metal in the middle of the floor",
        source=f"{SEED}, sealed opening, interrupted plating, copper in the centre", status="seed",
    )  # fmt: skip
    plating: Length = estimated_length(
        "20 um", "conformal copper on the film, in the opening and under the lead", "0.5 um", "300 um", source=TYPICAL
    )
    pillar_width: Length = estimated_length("200 um", "of the pillar, across x", "1 um", "20 mm", source=TYPICAL)
    pillar_height: Length = estimated_length("100 um", "of the pillar", "1 um", "2 mm", source=TYPICAL)
    chip_thickness: Length = estimated_length("200 um", "silicon below", "10 um", "2 mm", source=TYPICAL)
    pad_thickness: Length = estimated_length(
        "0 um", "contact pad on the chip; 0 for none", "0 um", "100 um", source=TYPICAL
    )
    below: tuple[Layer, ...] = parameter((), "layers below the chip, from above", source=TYPICAL, status="estimate")
    foot_size: Length = estimated_length(
        "5 um", "smallest element beside foot and rim", "0.05 um", "1 mm", source="the film's thickness"
    )
    largest: Length = estimated_length("60 um", "largest element", "0.1 um", "5 mm", source="a quick mesh")
    growth: float = parameter(
        1.35, "ratio of neighbouring elements away from foot and rim", source="a quick mesh", status="estimate",
        low=1.05, high=2.5,
    )  # fmt: skip
    film_count: int = parameter(
        2, "elements through the film, through the plating likewise", source="bending of a thin layer",
        status="estimate", low=1, high=20,
    )  # fmt: skip
    around: int = parameter(
        8, "elements along a quarter of a round outline, along half a side of a square", source="a quick mesh",
        status="estimate", low=2, high=200,
    )  # fmt: skip
    cells: Literal["hexahedra", "tetrahedra"] = parameter(
        "hexahedra", "type of the cells; in a section quadrilaterals or triangles", source="free choice",
        status="estimate",
    )  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _stepped(cls, data: Any) -> Any:
        """Cut a single foil into partial foils where steps are asked for."""
        steps = data.get("steps", 0) if isinstance(data, dict) else 0
        foils = data.get("foils", [{}]) if isinstance(data, dict) else []
        if not isinstance(steps, int) or isinstance(steps, bool) or steps < 1 or len(foils) != 1:
            return data
        whole = foils[0] if isinstance(foils[0], dict) else {}
        try:
            part = show(parse(whole.get("thickness", "100 um"), LENGTH) / (steps + 1), LENGTH)
        except ValueError:
            return data  # the foil's own check tells of it
        first = {**whole, "thickness": part}
        treads = {"tread": data.get("step_tread", "40 um")}
        return {**data, "foils": [first, *({**first, **treads} for _ in range(steps))]}

    @property
    def rim_offset(self) -> float:
        """Return how far the foil's top rim lies outside of the foot, m."""
        return sum(foil.thickness / math.tan(foil.angle) + foil.tread for foil in self.foils)

    @property
    def wall(self) -> float:
        """Return the thickness of the film on the walls, m."""
        if self.same_resistance_as is None:
            return self.film_wall
        walls = [(foil.thickness, foil.angle, foil.tread) for foil in self.foils]
        one = [(sum(foil.thickness for foil in self.foils), self.same_resistance_as, 0.0)]
        return self.film_wall * squares(walls, *self.girth) / squares(one, *self.girth)

    @property
    def solid(self) -> bool:
        """Return whether the opening is drawn in space, with its length."""
        return True

    @property
    def girth(self) -> tuple[float, float]:
        """Return the girth of the foot, m, and by how much it grows for each unit of length outwards."""
        if self.shape in ("round", "ellipse"):
            return math.pi * sum(self.foot) / 2.0, 2.0 * math.pi
        return 2.0 * sum(self.foot), 8.0

    @property
    def given(self) -> tuple[float, float]:
        """Return width and length as given, m."""
        return self.width, self.width if self.shape in ("square", "round") else self.length

    @property
    def foot(self) -> tuple[float, float]:
        """Return width and length on the contact face, m."""
        less = 2.0 * self.rim_offset if self.measured == "top" else 0.0
        return self.given[0] - less, self.given[1] - less

    @property
    def top(self) -> tuple[float, float]:
        """Return width and length at the top of the foil, m."""
        return self.foot[0] + 2.0 * self.rim_offset, self.foot[1] + 2.0 * self.rim_offset

    @property
    def metal(self) -> np.ndarray:
        """Return the heights of foil, film and plating with cells on walls, floor and tops, m, shape (3, n + 1)."""
        film = [(self.wall, self.film_floor, self.film_top)] if self.film == "solid" else []
        plating = [(self.plating,) * 3] if self.inside == "plated" else []
        return np.cumsum([(0.0, 0.0, 0.0), *film, *plating], axis=0).T

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        yield from self.odd_choices()
        if not self.foils:
            yield "there is no foil to open"
            return
        if self.foils[0].tread > 0.0:
            yield f"the first foil has a tread of {told(self.foils[0].tread)}; there is no wall below it, so give 0 um"
        if min(self.foot) <= 0.0:
            yield (
                f"the walls close the opening: at the top it measures {told(min(self.given))}, and walls and treads "
                f"lean in by {told(self.rim_offset)} from each side"
            )
            return
        yield from wide_walls(self)
        yield from thick_metal(self)

    def odd_choices(self) -> Iterator[str]:
        """Return what is wrong with shape, metal and names; a geometry adds its own."""
        if self.given[1] < self.given[0] and self.solid:
            yield f"length {told(self.length)} must not be smaller than width {told(self.width)}: turn the opening"
        if self.metal_on != "all" and self.shape not in ("rectangle", "lamella"):
            yield f"metal_on {self.metal_on} is for a rectangle or a lamella, and the shape is {self.shape}"
        names = self.region_names
        yield from (f"two regions are named '{name}'" for name in sorted({n for n in names if names.count(n) > 1}))

    @property
    def region_names(self) -> list[str]:
        """Return the names of all regions there can be but for the parts of coats."""
        free = [name for name, _ in (*self.slabs, *self.films)]
        return [*free, "plating", "pillar", "lead", *self.foil_names]

    @property
    def slabs(self) -> list[tuple[str, float]]:
        """Return name and thickness in m of what lies below the opening, from above."""
        pad = [("pad", self.pad_thickness)] if self.pad_thickness > 0.0 else []
        return [*pad, ("chip", self.chip_thickness), *((layer.name, layer.thickness) for layer in self.below)]

    @property
    def films(self) -> list[tuple[str, float]]:
        """Return name and share of the film's layers from below."""
        total = sum(one.thickness for one in self.partial_films)
        return [(one.name, one.thickness / total) for one in self.partial_films] or [("film", 1.0)]

    @property
    def foil_names(self) -> list[str]:
        """Return the regions of the foils from below: foil, foil_2 and so on, all of them part of the first."""
        return ["foil", *(f"foil_{number}" for number in range(2, len(self.foils) + 1))]
