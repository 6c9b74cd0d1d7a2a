"""The ``[mesh]`` table of a study: how finely to mesh, or which finished mesh to read instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from femsuite.units import Length

if TYPE_CHECKING:
    Lengths = dict[str, float]
else:
    Lengths = dict[str, Length]


class MeshOptions(BaseModel):
    """How a geometry is meshed. Lengths in metres once read.

    Attributes:
        refinement: elements along a length against the geometry's own: 0.5 means twice as large.
        order: polynomial order of the fields on the mesh; the cells are straight at any order.
        sizes: region or pattern -> element size there, instead of the geometry's own.
        algorithm: ``hxt`` (fast) or ``delaunay``.
        contact_layers: ``a|b`` -> thickness of a layer of cells put into the interface, taken out of ``b``.
        file: a finished mesh with named sets that is read in the geometry's place.
        unit: what one unit of length in that file means.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    refinement: float = Field(default=1.0, gt=0.0, le=20.0)
    order: Literal[1, 2] = 2
    sizes: Lengths = Field(default_factory=dict)
    algorithm: Literal["hxt", "delaunay"] = "hxt"
    contact_layers: Lengths = Field(default_factory=dict)
    file: str | None = None
    unit: Literal["m", "mm", "um"] = "m"

    @field_validator("sizes", "contact_layers")
    @classmethod
    def _positive(cls, lengths: dict[str, float]) -> dict[str, float]:
        for name, length in lengths.items():
            if length <= 0.0:
                raise ValueError(f"the length for '{name}' must be above zero")
        return lengths

    def key(self) -> dict[str, object]:
        """Return what of the options the mesh depends on, for the cache."""
        return self.model_dump(mode="json", exclude={"order", "file", "unit"})
