"""The heat flux as a field: minus conductivity times gradient, fitted cell by cell."""

from __future__ import annotations

from dolfinx import fem

from femsuite.physics.heat_coefficients import HeatCoefficients
from femsuite.physics.quadrature import discontinuous


class FluxRecovery:
    """Fits ``-k grad T`` at the quadrature points with discontinuous polynomials of one order less than T.

    The fit is local to each cell, so it keeps the jump of the flux's tangential part where two materials meet, and
    needs no solve.

    Args:
        temperature: Lagrange function, K.
        coefficients: hold the conductivity at the points.
    """

    def __init__(self, temperature: fem.Function, coefficients: HeatCoefficients) -> None:
        self._temperature, self._coefficients = temperature, coefficients
        self._order = temperature.function_space.element.basix_element.degree - 1
        self.function = self._fit()

    def evaluate(self) -> fem.Function:
        """Return the flux, W/m^2, at the current temperature; the function is the same at every call."""
        self._coefficients.refresh()
        self.function.x.array[:] = self._fit().x.array
        return self.function

    def _fit(self) -> fem.Function:
        points = self._coefficients.points
        gradient = points.gradients(self._temperature)[:, :, 0, :]
        flux = -self._coefficients.conductivity.values() * gradient
        return discontinuous(points, flux, self._order, "heat_flux")
