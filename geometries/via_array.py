"""Openings of an insulating foil on one chip contact: a matrix (US 10/590901, Fig. 6) or a row of lamellae (Fig. 7).

The quarter of ``via_opening`` mirrored into whole cells of the pitch and repeated along x and y, with foil around them.
The middle of the array is at x = y = 0, the contact face at z = 0. With a symmetry an odd count is cut through the
middle opening, an even one between two. The mesh is laid in columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from femsuite.geometry import Model, estimated_length, parameter, um
from femsuite.geometry.opening_array import Array, frame_lines, labels
from femsuite.geometry.opening_faults import told
from femsuite.geometry.opening_layout import element_sizes, lay_quarter, parts_of
from femsuite.geometry.opening_parameters import SEED, TYPICAL, OpeningParameters
from femsuite.geometry.tiling import Row, laid
from femsuite.units import Length

COARSE = "a quick mesh of many openings"


class Parameters(OpeningParameters):
    """What a study may set: the opening's parameters with coarser sizes, how many there are, what lies around."""

    count_x: int = parameter(
        3, "openings along x", source=f"{SEED}, Fig. 6, a matrix", status="estimate", low=1, high=20
    )
    count_y: int = parameter(
        3, "openings along y; 1 for a row", source=f"{SEED}, Figs. 6 and 7", status="estimate", low=1, high=20
    )
    symmetry: Literal["none", "half", "quarter"] = parameter(
        "none", "what is made: all, x >= 0, or x >= 0 and y >= 0", source="free choice", status="estimate"
    )
    margin_x: Length = estimated_length(
        "200 um", "chip and foil beyond the outermost pitch along x", "0 um", "20 mm", source=TYPICAL
    )
    margin_y: Length = estimated_length(
        "200 um", "chip and foil beyond the outermost pitch along y", "0 um", "20 mm", source=TYPICAL
    )
    lead_reach: Length = estimated_length(
        "0 um", "how far lead, plating and film go beyond the outermost pitch", "0 um", "20 mm", source="free choice"
    )
    film: Literal["solid", "surface"] = parameter(
        "surface", "solid: the film has cells; surface: it is named faces only", source="free choice", status="estimate"
    )
    foot_size: Length = estimated_length(
        "40 um", "smallest element beside foot and rim", "0.05 um", "1 mm", source=COARSE
    )
    largest: Length = estimated_length("250 um", "largest element", "0.1 um", "5 mm", source=COARSE)
    growth: float = parameter(
        1.6, "ratio of neighbouring elements away from foot and rim", source=COARSE, status="estimate", low=1.05,
        high=2.5,
    )  # fmt: skip
    film_count: int = parameter(
        1, "elements through the film, through the plating likewise", source=COARSE, status="estimate", low=1, high=20
    )
    around: int = parameter(
        4, "elements along a quarter of a round outline, along half a side of a square", source=COARSE,
        status="estimate", low=2, high=200,
    )  # fmt: skip

    @property
    def halved(self) -> tuple[bool, bool]:
        """Return whether only positive x, positive y are made."""
        return self.symmetry != "none", self.symmetry == "quarter"

    @property
    def reach(self) -> tuple[float, float]:
        """Return how far the metal goes beyond the outermost pitch along x and y, m: not where edges are bare."""
        return self.lead_reach, self.lead_reach if self.metal_on == "all" else 0.0

    @property
    def region_names(self) -> list[str]:
        """Return the names of all regions there can be but for the parts of coats on walls."""
        divided = [*(name for name, _ in self.films), "plating", "pillar"]
        return [*super().region_names, *(f"{name}_{label}" for name in divided for label in self.floors)]

    @property
    def floors(self) -> list[str]:
        """Return the label of each opening that is made, y running fastest."""
        return labels((laid(self.count_x, self.halved[0]), laid(self.count_y, self.halved[1])))

    def odd_choices(self) -> Iterator[str]:
        """Return what is wrong with shape, metal, names, and what lies around."""
        yield from super().odd_choices()
        if self.metal_on != "all" and self.count_y > 1:
            yield (
                f"metal_on {self.metal_on} is for one row, and count_y is {self.count_y}: beside bare short edges the "
                "leads of neighbours along y would touch in points"
            )
        for axis, reach, margin in zip("xy", self.reach, (self.margin_x, self.margin_y), strict=True):
            if um(reach) > um(margin):
                yield f"lead_reach {told(reach)} goes beyond the foil: margin_{axis} is {told(margin)}"


def build(model: Model, parameters: Parameters) -> None:
    """Lay the mesh; the names of regions and faces are in docs/geometries.md."""
    p, sizes = parameters, element_sizes(parameters, model.refinement)
    quarter = lay_quarter(p, sizes, bare=p.metal_on != "all")
    reach = (um(p.reach[0]), um(p.reach[1]))
    rows = (
        Row(p.count_x, quarter.pitch[0], p.halved[0], frame_lines(um(p.margin_x), reach[0], sizes)),
        Row(p.count_y, quarter.pitch[1], p.halved[1], frame_lines(um(p.margin_y), reach[1], sizes)),
    )
    array = Array(quarter.opening, quarter.section, quarter, rows, reach)
    columns = array.columns(p.cells == "tetrahedra")
    model.columns(columns, parts_of(array.opening) | array.parts)
    for name, rule in array.surfaces(columns).items():
        model.surface(name, rule)
