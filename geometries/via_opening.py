"""One opening of an insulating foil with bevelled, stepped walls and a metal film on them (US 10/590901, Figs. 2 to 7).

A symmetry cell of a pitch. Three models: ``section``, the plane section across the opening's width (half of it, or all
of it where one long edge alone carries metal); ``meridian``, a round opening about its axis; ``quarter``, the solid in
x >= 0, y >= 0. The width lies along x, the length along y; up is y in the first two and z in the last. The contact face
(the floor of the opening) is at height 0. The mesh is laid in columns: no mesher, the same for every angle.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from femsuite.geometry import Model, parameter
from femsuite.geometry.opening_layout import element_sizes, lay_half, lay_quarter, parts_of
from femsuite.geometry.opening_parameters import SEED, OpeningParameters


class Parameters(OpeningParameters):
    """What a study may set: the opening's parameters, and which model of it is made."""

    model: Literal["section", "meridian", "quarter"] = parameter(
        "section", "which model is made", source="free choice", status="estimate"
    )
    metal_on: Literal["all", "long_edges", "one_long_edge"] = parameter(
        "all", "which walls, with the foil's top beside them, carry metal; the floor always does",
        source=f"{SEED}, lamellar openings", status="seed",
    )  # fmt: skip

    @property
    def solid(self) -> bool:
        """Return whether the opening is drawn in space, with its length."""
        return self.model == "quarter"

    @property
    def girth(self) -> tuple[float, float]:
        """Return the girth of the foot, m, and by how much it grows for each unit of length outwards."""
        flat = {"section": (1.0, 0.0), "meridian": (math.pi * self.foot[0], 2.0 * math.pi)}
        return flat.get(self.model, super().girth)

    def odd_choices(self) -> Iterator[str]:
        """Return what is wrong with model, shape, metal and names."""
        if self.model == "meridian" and self.shape != "round":
            yield f"a meridian is of a round opening, and the shape is {self.shape}"
        if self.metal_on == "one_long_edge" and self.solid:
            yield "with metal on one long edge the opening has no symmetry for a quarter; use the section"
        yield from super().odd_choices()


def dimension(parameters: Parameters) -> int:
    """Return 3 for the solid, 2 for the others."""
    return 3 if parameters.solid else 2


def build(model: Model, parameters: Parameters) -> None:
    """Lay the mesh; the names of regions and faces are in docs/geometries.md."""
    p, sizes = parameters, element_sizes(parameters, model.refinement)
    if p.solid:
        laid = lay_quarter(p, sizes, bare=p.metal_on != "all")
    else:
        laid = lay_half(p, sizes, axis=p.model == "meridian", bare=p.metal_on == "one_long_edge")
    columns = laid.columns(p.cells == "tetrahedra")
    model.columns(columns, parts_of(laid.opening))
    for name, rule in laid.surfaces(columns).items():
        model.surface(name, rule)
