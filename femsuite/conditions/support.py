"""What mechanical conditions share: where they act, the displacements they prescribe, the load they put on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from femsuite.conditions.base import Condition, Selector


class MechanicalCondition(Condition):
    """A condition on outer faces.

    Args:
        surface: which faces.
    """

    surface: Selector

    def prescribed(self, normal: tuple[float, ...] | None, dimension: int) -> Mapping[int, float]:
        """Return the displacement components that are prescribed: axis -> metres.

        Args:
            normal: the outward unit normal the selected faces share, None if they are not parallel.
            dimension: of the mesh.

        Raises:
            ValueError: with a sentence, when the faces do not suit the condition.
        """
        return {}

    def numbers(self, dimension: int) -> Mapping[str, tuple[float, ...]]:
        """Return the load's numbers in SI by name; empty when the condition puts no load on."""
        return {}

    def work(self, test: Any, normal: Any, numbers: Mapping[str, Any]) -> Any:
        """Return the integrand of the load's virtual work, J/m^2 (in 2D: per metre of thickness).

        Args:
            test: virtual displacement, a UFL vector.
            normal: outward unit normal, a UFL vector.
            numbers: what `numbers` returned, as UFL constants.
        """
        raise NotImplementedError(f"{type(self).__name__} puts no load on")
