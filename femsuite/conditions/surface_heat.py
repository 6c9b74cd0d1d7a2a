"""The interface of conditions that let heat through a surface: a flux out, written once for residual and balance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from femsuite.conditions.base import Condition, Selector


class SurfaceHeat(Condition):
    """A condition whose weak form is ``integral of q_out(T) v ds`` over its surface.

    A subclass gives ``numbers`` and ``outflow``; Newton's Jacobian is the derivative of the residual term, and the
    balance integrates the same ``outflow``.

    Args:
        surface: which outer faces.
    """

    essential: ClassVar[bool] = False
    linear: ClassVar[bool] = True
    supplies: ClassVar[bool] = False
    """Whether the heat counts as power put in (a given flux) and not as power lost to the surroundings."""

    in_operator: ClassVar[tuple[str, ...]] = ()
    """The numbers that change the operator and not only the load: as long as they stay, a factorisation is kept."""

    surface: Selector

    def numbers(self, time: float, area: float) -> dict[str, float]:
        """Return the SI values of the form's constants.

        Args:
            time: seconds.
            area: of the whole selected surface, m^2.
        """
        raise NotImplementedError

    def outflow(self, temperature: Any, numbers: Mapping[str, Any]) -> Any:
        """Return the heat flux out of the body, W/m^2, as a UFL expression.

        Args:
            temperature: UFL expression, K.
            numbers: UFL constants under the names of ``numbers``.
        """
        raise NotImplementedError

    def residual(self, temperature: Any, test: Any, measure: Any, numbers: Mapping[str, Any]) -> Any:
        """Return the UFL residual term ``q_out(T) v ds`` on a facet measure."""
        return self.outflow(temperature, numbers) * test * measure

    def breakpoints(self) -> tuple[float, ...]:
        """Return the times (s) that time steps must hit."""
        return ()
