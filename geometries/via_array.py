"""Many openings of one foil over one contact: a matrix or a row (US 10/590901, Figs. 6 and 7), in three dimensions.

Every opening is that of ``via_opening``, with the same parameters; the array is about the origin. Chip, foil and lead
end with the outermost pitch, where the lead may be fed: ``lead_left``, ``lead_right``, ``lead_front``, ``lead_back``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from femsuite.geometry import Model, load_geometry, parameter
from femsuite.geometry.opening_array import Array
from femsuite.geometry.opening_columns import Quarter
from femsuite.geometry.opening_lay import lay, owners

SEED = "US 10/590901"
_OPENING = load_geometry("via_opening").parameters


class Parameters(_OPENING):  # type: ignore[misc, valid-type]
    """A matrix of 5 by 5 square openings, its film without cells; the rest as ``via_opening``."""

    count_x: int = parameter(5, "openings along x", source=f"{SEED}, Fig. 6", status="seed", low=1, high=30)
    count_y: int = parameter(
        5, "openings along y; 1 for a row", source=f"{SEED}, Fig. 7", status="seed", low=1, high=30
    )
    symmetry: Literal["none", "half", "quarter"] = parameter(
        "none", "whole array, x >= 0, or x >= 0 and y >= 0", source="free choice", status="estimate"
    )

    def faults(self) -> Iterator[str]:
        """Return what does not fit together."""
        if self.model != "quarter":
            yield f"an array is a solid: give model quarter, not {self.model}"
            return
        yield from super().faults()


def build(model: Model, parameters: Parameters) -> None:
    """Lay the mesh; the names of regions and faces are in docs/geometries.md."""
    p = parameters
    quarter = lay(p, model.refinement)
    assert isinstance(quarter, Quarter)
    halved = (p.symmetry != "none", p.symmetry == "quarter")
    laid = Array(quarter, (p.count_x, p.count_y), halved)
    columns = laid.columns(p.cells == "tetrahedra")
    model.columns(columns, owners(p))
    for name, rule in laid.surfaces(columns).items():
        model.surface(name, rule)
