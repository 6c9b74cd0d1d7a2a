"""The weak form of heat conduction, compiled once for every study of the same element and kinds of conditions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import ufl
from dolfinx import fem

from femsuite.physics.coatings import Coatings, Layer, Side, along
from femsuite.physics.facet_sets import FacetSets
from femsuite.physics.heat_coefficients import HeatCoefficients, degrees, weight
from femsuite.physics.heat_surfaces import SurfaceTerm
from femsuite.solve.assembly import compile_form


class HeatForms:
    """Residual and Jacobian of ``F(T; v) = 0``, steady or within a step.

    ``F = integral (dH - H_known)/tau v dx + integral k(T) grad T . grad v dx + sum integral q_out(T) v ds
    - integral p v dx``

    with dH the heat stored since the start of the step, k the diagonal conductivity, q_out the outward flux of each
    surface condition and p the power density; k, dH and p are functions filled by numpy. The Jacobian is consistent:
    ``rho c / tau``, ``k`` and, where the conductivity varies, the nonsymmetric ``k'(T) dT grad T . grad v``.

    Args:
        temperature: the unknown, Lagrange.
        coefficients: at quadrature points.
        density: power density, W/m^3, piecewise constant.
        terms: surface conditions.
        axisymmetric: whether all measures carry ``2 pi r``.
        coatings: films without cells, which add ``integral t k grad_s T . grad_s v dS``.
    """

    def __init__(
        self,
        temperature: fem.Function,
        coefficients: HeatCoefficients,
        density: fem.Function,
        terms: Sequence[SurfaceTerm],
        axisymmetric: bool,
        coatings: Coatings | None = None,
    ) -> None:
        self.space = temperature.function_space
        self.mesh = self.space.mesh
        self.temperature, self._coefficients, self._density = temperature, coefficients, density
        self._terms = terms
        order = self.space.element.basix_element.degree
        conduction, storage, surface = degrees(self.mesh.basix_cell().name, order, axisymmetric)
        self.weight = weight(self.mesh, axisymmetric)
        self._conduction = ufl.Measure("dx", self.mesh, metadata={"quadrature_degree": conduction})
        self._storage = ufl.Measure("dx", self.mesh, metadata={"quadrature_degree": storage})
        self.surface_degree = surface
        self.sets = FacetSets(self.mesh)
        """Numbers the faces of all integrals, those of another physics' part of the Jacobian among them."""
        self._numbers = [self.sets.add(term.facets) for term in terms]
        self._films = None if coatings is None else coatings.measures(2 * order, self.sets)

    def _surface_residual(self, test: Any) -> Any:
        measures = (self.sets.ds(number, self.surface_degree) for number in self._numbers)
        return [
            term.condition.residual(self.temperature, self.weight * test, ds, term.numbers)
            for term, ds in zip(self._terms, measures, strict=True)
        ]

    def _conduction_residual(self, test: Any) -> Any:
        flux = _scaled(self._coefficients.conductivity.function, ufl.grad(self.temperature))
        return self.weight * ufl.inner(flux, ufl.grad(test)) * self._conduction + self._in_films(self.temperature, test)

    def _in_films(self, temperature: Any, test: Any, moved: Any = None) -> Any:
        """Return the conduction along the films; with ``moved``, its change by the conductivity's."""
        films = self._coefficients.films
        if self._films is None or films is None:
            return 0

        def integrand(layer: Layer, side: Side, normal: Any) -> Any:
            held = side(films.values[layer.name]) if moved is None else side(moved) * side(films.slopes[layer.name])
            return held * ufl.inner(along(temperature, side, normal), along(test, side, normal))

        return self._films.integral(integrand)

    def _residual(self, transient: bool) -> ufl.Form:
        test = ufl.TestFunction(self.space)
        form = self._conduction_residual(test) - self.weight * self._density * test * self._storage
        for term in self._surface_residual(test):
            form += term
        if transient:
            form += self.weight * self._coefficients.storage_rate.function * test * self._storage
        return form

    def _jacobian(self, transient: bool, varies: bool, space: fem.FunctionSpace) -> ufl.Form:
        trial, test = ufl.TrialFunction(space), ufl.TestFunction(space)
        coefficients = self._coefficients
        flux = _scaled(coefficients.conductivity.function, ufl.grad(trial))
        if varies:
            flux += trial * _scaled(coefficients.slope.function, ufl.grad(self.temperature))
        form = self.weight * ufl.inner(flux, ufl.grad(test)) * self._conduction + self._in_films(trial, test)
        if varies:
            form += self._in_films(self.temperature, test, trial)
        for term in self._surface_residual(test):
            form += ufl.derivative(term, self.temperature, trial)
        if transient:
            form += self.weight * coefficients.capacity_rate.function * trial * test * self._storage
        return form

    @cached_property
    def residual_steady(self) -> fem.Form:
        """The compiled steady residual."""
        return compile_form(self._residual(transient=False))

    @cached_property
    def residual_step(self) -> fem.Form:
        """The compiled residual of a stage of a time step."""
        return compile_form(self._residual(transient=True))

    @cached_property
    def load(self) -> fem.Form:
        """The compiled load of the sources alone, for the residual's scale."""
        return compile_form(self.weight * self._density * ufl.TestFunction(self.space) * self._storage)

    @property
    def load_total(self) -> ufl.Form:
        """The power of all sources, W."""
        return self.weight * self._density * self._storage

    @property
    def storage_total(self) -> ufl.Form:
        """The rate at which heat is stored within the stage, W."""
        return self.weight * self._coefficients.storage_rate.function * self._storage

    def jacobian(self, transient: bool, varies: bool, space: fem.FunctionSpace | None = None) -> ufl.Form:
        """Return the bilinear form, on the unknown's space or on another space of the same mesh (a coarse level)."""
        return self._jacobian(transient, varies, space or self.space)


def _scaled(diagonal: Any, gradient: Any) -> Any:
    return ufl.as_vector([diagonal[i] * gradient[i] for i in range(gradient.ufl_shape[0])])
