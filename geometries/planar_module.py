"""A planar power module: a chip on a carrier under a foil, contacted by a lead through openings (US 10/590901).

Fig. 1 in two models: ``section``, half of the plane section across the chip in x >= 0; ``solid``, a quarter or a half.
The foil follows chip, solder and patterned metal down to the carrier's core; a film lies on the openings' bevelled
walls and floors and under the lead, which leaves the chip in +x and ends at its land. Up is y in the section, z in the
solid. The contact face (the floor of the openings) is at height 0. The mesh is laid in columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from femsuite.geometry import GeometryParameters, Model, estimated_length, parameter, um
from femsuite.geometry.opening import Coat, Foil, Sizes
from femsuite.geometry.planar import Layer, Planar, Plate, lay
from femsuite.geometry.planar_columns import PlanarColumns
from femsuite.geometry.planar_faults import misfits
from femsuite.geometry.row import RowPlan
from femsuite.units import Angle, Length

SEED = "US 10/590901"
TYPICAL = "typical of power modules; the seed gives no dimension"
# Upper metal, core and metal below of the carriers that the seed names, m; typical, the seed gives no dimension.
CARRIERS = {
    "dcb": (300e-6, 380e-6, 300e-6),
    "ims": (100e-6, 75e-6, 1500e-6),
    "fr4": (70e-6, 1500e-6, 70e-6),
    "htcc": (20e-6, 600e-6, 0.0),
    "ltcc": (10e-6, 600e-6, 0.0),
}


def _override(what: str) -> Length | None:
    return parameter(
        None, f"{what}; the preset's when left out", source=TYPICAL, status="estimate", low="0 um", high="10 mm"
    )


class Parameters(GeometryParameters):
    """Planar module; the defaults are a chip of 5 mm on a DCB carrier, a foil of 100 um, walls of 50 degrees."""

    model: Literal["section", "solid"] = parameter(
        "section", "which model is made", source="free choice", status="estimate"
    )
    part: Literal["quarter", "half"] = parameter(
        "quarter", "of the solid; in a quarter a lead leaves over the opposite edge too", source="free choice",
        status="estimate",
    )  # fmt: skip
    carrier: Literal["dcb", "ims", "fr4", "htcc", "ltcc"] = parameter(
        "dcb", "preset of the carrier's thicknesses", source=f"{SEED}, PCB, DCB, IMS, HTCC, LTCC", status="seed"
    )
    metal: Literal["patterned", "full"] = parameter(
        "patterned", "the carrier's upper metal: patterned to metal_edge, or over the whole carrier",
        source=f"{SEED}, Fig. 1", status="seed",
    )  # fmt: skip
    carrier_metal: Length | None = _override("thickness of the carrier's upper metal")
    carrier_core: Length | None = _override("thickness of its core")
    carrier_back: Length | None = _override("thickness of the metal below; 0 for none")
    carrier_edge: Length = estimated_length("11 mm", "edge of the square carrier", "0.5 mm", "100 mm", source=TYPICAL)
    metal_edge: Length = estimated_length("7 mm", "edge of the square upper metal", "0.3 mm", "100 mm", source=TYPICAL)
    chip_edge: Length = estimated_length("5 mm", "edge of the square chip", "0.2 mm", "30 mm", source=TYPICAL)
    chip_thickness: Length = estimated_length("200 um", "silicon", "10 um", "2 mm", source=TYPICAL)
    pad_thickness: Length = estimated_length("0 um", "pad on the contact; 0 for none", "0 um", "100 um", source=TYPICAL)
    solder_thickness: Length = estimated_length("80 um", "below the chip", "1 um", "1 mm", source=TYPICAL)
    contact_edge: Length = estimated_length(
        "4 mm", "edge of the square contact, over which the openings are spread", "0.05 mm", "30 mm", source=TYPICAL
    )
    foil: Length = parameter(
        "100 um", "insulating foil on level faces", source=f"{SEED}, 20 to 500 um", status="seed", low="5 um",
        high="500 um",
    )  # fmt: skip
    foil_wall_share: float = parameter(
        0.55, "thickness of foil and second foil on upright walls over that on level faces",
        source="the foil's volume kept over a step", status="estimate", low=0.05, high=1.0,
    )  # fmt: skip
    second_foil: Length = parameter(
        "0 um", "second foil over lead and foil, open over the openings and at the land; 0 for none",
        source=f"{SEED}, foil laminated on after the wafer is divided", status="seed", low="0 um", high="500 um",
    )  # fmt: skip
    count_x: int = parameter(
        3, "openings along x over the whole chip", source=f"{SEED}, Figs. 6 and 7", status="seed", low=1, high=9
    )
    count_y: int = parameter(
        3, "openings along y over the whole chip, in the solid", source=f"{SEED}, Fig. 6", status="seed", low=1, high=9
    )
    opening: Length = estimated_length(
        "500 um", "width of the square openings at the foot", "5 um", "20 mm", source=TYPICAL
    )
    angle: Angle = parameter(
        "50 deg", "of the openings' walls to the contact face; 90 deg is vertical",
        source=f"{SEED}, 30 to 80 deg, example 50", status="seed", low="20 deg", high="90 deg",
    )  # fmt: skip
    preopened: bool = parameter(
        False, "the foil is opened before it is laminated: openings are larger by placement on all sides",
        source=SEED, status="seed",
    )  # fmt: skip
    placement: Length = estimated_length(
        "50 um", "tolerance of placing an opened foil", "0 um", "1 mm", source="typical of lamination"
    )
    film: Literal["solid", "surface"] = parameter(
        "surface", "solid: the film has cells (section only); surface: it is named faces", source="free choice",
        status="estimate",
    )  # fmt: skip
    film_thickness: Length = parameter(
        "5 um", "film on level faces", source=f"{SEED}, 0.5 to 30 um, example 5", status="seed", low="0.1 um",
        high="100 um",
    )  # fmt: skip
    film_wall: Length = parameter(
        "5 um", "film on all walls", source=f"{SEED}, 0.5 to 30 um, example 5", status="seed", low="0.1 um",
        high="100 um",
    )  # fmt: skip
    lead: Length = parameter(
        "400 um", "thick metal on the foil, on level faces and walls", source=f"{SEED}, 400 to 500 um", status="seed",
        low="1 um", high="1 mm",
    )  # fmt: skip
    lead_width: Length | None = parameter(
        None, "of the lead along y, and where it begins in -x; contact_edge when left out", source=TYPICAL,
        status="estimate", low="0.05 mm", high="30 mm",
    )  # fmt: skip
    lead_end: Length = estimated_length(
        "5 mm", "where the lead ends, from the module's middle", "0.1 mm", "50 mm", source=TYPICAL
    )
    land: Length = estimated_length(
        "500 um", "level part of the lead before its end, bare of the second foil", "10 um", "10 mm", source=TYPICAL
    )
    setback: Length = estimated_length(
        "50 um", "from the openings' rims to the lead", "0 um", "10 mm", source="a mask's overlap; not in the seed"
    )
    foot_size: Length | None = parameter(
        None, "smallest element, beside edges and feet; 12 um in a section, 50 um in a solid when left out",
        source="a quick mesh", status="estimate", low="0.05 um", high="1 mm",
    )  # fmt: skip
    largest: Length | None = parameter(
        None, "largest element; 200 um in a section, 400 um in a solid when left out", source="a quick mesh",
        status="estimate", low="0.1 um", high="5 mm",
    )  # fmt: skip
    growth: float = parameter(
        1.8, "ratio of neighbouring elements away from edges and feet", source="a quick mesh", status="estimate",
        low=1.05, high=3.0,
    )  # fmt: skip
    film_count: int = parameter(
        2, "elements through a film with cells", source="bending of a thin layer", status="estimate", low=1, high=20
    )
    cells: Literal["hexahedra", "tetrahedra"] = parameter(
        "hexahedra", "type of the cells; in a section quadrilaterals or triangles", source="free choice",
        status="estimate",
    )  # fmt: skip

    @property
    def carrier_layers(self) -> tuple[float, float, float]:
        """Return the thicknesses of the carrier's upper metal, core and metal below, m."""
        given = (self.carrier_metal, self.carrier_core, self.carrier_back)
        metal, core, back = (
            preset if own is None else own for own, preset in zip(given, CARRIERS[self.carrier], strict=True)
        )
        return metal, core, back

    @property
    def topography(self) -> float:
        """Return the difference in height that foil and lead overcome, from contact face to carrier, m."""
        on_metal = self.pad_thickness + self.chip_thickness + self.solder_thickness
        return on_metal + (self.carrier_layers[0] if self.metal == "patterned" else 0.0)

    @property
    def foot(self) -> float:
        """Return the width of the openings at the foot, m."""
        return self.opening + (2.0 * self.placement if self.preopened else 0.0)

    @property
    def run(self) -> float:
        """Return how far the openings' walls lean outwards, m."""
        return self.foil / math.tan(self.angle)

    @property
    def lead_across(self) -> float:
        """Return the width of the lead, m."""
        return self.contact_edge if self.lead_width is None else self.lead_width

    @property
    def edges(self) -> list[float]:
        """Return the edges of the steps that foil and lead go down, from above: chip, patterned metal, m."""
        return [self.chip_edge, *([self.metal_edge] if self.metal == "patterned" else [])]

    @property
    def film_with_cells(self) -> tuple[float, float]:
        """Return the film's thickness on level faces and on walls where it has cells, else zeros, m."""
        return (self.film_thickness, self.film_wall) if self.film == "solid" else (0.0, 0.0)

    @property
    def walls(self) -> tuple[float, float]:
        """Return how thick foil, film and lead are together on a wall, and the second foil, m."""
        share = self.foil_wall_share
        return share * self.foil + self.film_with_cells[1] + self.lead, share * self.second_foil

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        yield from misfits(self)


def dimension(parameters: Parameters) -> int:
    """Return 3 for the solid, 2 for the section."""
    return 3 if parameters.model == "solid" else 2


def build(model: Model, parameters: Parameters) -> None:
    """Lay the mesh; the names of regions and faces are in docs/geometries.md."""
    p = parameters
    solid = p.model == "solid"
    sizes = Sizes(
        um(p.foot_size) if p.foot_size is not None else (50.0 if solid else 12.0),
        um(p.largest) if p.largest is not None else (400.0 if solid else 200.0),
        p.growth,
        model.refinement,
    )
    grid = lay(_planar(p, sizes))
    laid = PlanarColumns(grid, solid)
    columns = laid.columns(p.cells == "tetrahedra")
    model.columns(columns, {name: "film" for name in grid.regions if name.startswith("film_")})
    for name, rule in laid.surfaces(columns).items():
        model.surface(name, rule)


def _planar(p: Parameters, sizes: Sizes) -> Planar:
    metal, core, back = p.carrier_layers
    upper = p.carrier_edge if p.metal == "full" else p.metal_edge
    stack = [
        ("carrier_back", p.carrier_edge, back),
        ("carrier_core", p.carrier_edge, core),
        ("carrier_metal", upper, metal),
        ("solder", p.chip_edge, p.solder_thickness),
        ("chip", p.chip_edge, p.chip_thickness),
        ("pad", p.contact_edge, p.pad_thickness),
    ]
    flat, wall = p.film_with_cells
    coat = Coat("film", um(wall), um(flat), um(flat), p.film_count) if p.film == "solid" else None
    whole = p.model == "solid" and p.part == "half"
    rows = [
        RowPlan(
            count,
            um(p.contact_edge) / count,
            0.5 * um(p.foot),
            Foil("foil", um(p.foil), p.angle),
            coat,
            um(p.setback),
            from_middle,
        )
        for count, from_middle in ((p.count_x, not whole), (p.count_y, True))
    ]
    return Planar(
        [Plate(name, 0.5 * um(edge), um(thickness)) for name, edge, thickness in stack if thickness > 0.0],
        Layer(um(p.foil), um(p.foil_wall_share * p.foil)),
        Layer(um(flat), um(wall)),
        Layer(um(p.lead), um(p.lead)),
        Layer(um(p.second_foil), um(p.foil_wall_share * p.second_foil)),
        0.5 * um(p.lead_across),
        um(p.lead_end),
        um(p.land),
        rows if p.model == "solid" else rows[:1],
        whole,
        p.film_count,
        sizes,
    )
