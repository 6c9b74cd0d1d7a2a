"""The weak forms of a steady current and of the heat that it gives off, on the part of the mesh that carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from femsuite.conditions.sheet import Sheet
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.coatings import Coatings, Layer, NodalProperty, Side, along
from femsuite.physics.facet_sets import FacetSets
from femsuite.physics.quadrature import PointFunction
from femsuite.solve.assembly import compile_form


@dataclass
class SheetTerm:
    """One sheet in the forms.

    Args:
        name: of the sheet.
        options: its law.
        numbers: the form's constants under the names of ``options.numbers``.
        outer: local facets on the outside of the mesh.
        inner: local facets between two cells.
    """

    name: str
    options: Sheet
    numbers: dict[str, fem.Constant]
    outer: np.ndarray
    inner: np.ndarray

    def set(self, share: float) -> None:
        """Write the numbers into the form, the potential of the back scaled by a share."""
        for name, value in self.options.numbers(share).items():
            self.numbers[name].value = value


def sheet_terms(tagged: TaggedMesh, sheets: Mapping[str, Sheet]) -> list[SheetTerm]:
    """Return the terms of all sheets, in their order.

    Raises:
        InputError: a selector matches no face.
    """
    terms = []
    for name, options in sheets.items():
        names = tagged.facet_names(options.surface)
        outer = [one for one in names if one in tagged.surfaces]
        inner = [one for one in names if one not in tagged.surfaces]
        none = np.empty(0, dtype=np.int32)
        constants = {key: fem.Constant(tagged.mesh, value) for key, value in options.numbers().items()}
        terms.append(
            SheetTerm(
                name,
                options,
                constants,
                tagged.facets(outer) if outer else none,
                tagged.facets(inner) if inner else none,
            )
        )
    return terms


class CurrentForms:
    """Forms of ``div(sigma(T) grad V) = 0`` and of its heat.

    For all test functions u of V and v of T,

    ``R(V, T; u) = integral sigma grad V . grad u dx + sum integral j(V, T) u dS``
    ``Q(V, T; v) = integral sigma |grad V|^2 v dx + sum integral q(V, T) v dS``

    with ``j`` and ``q`` of the sheets. With the same rule in both, ``Q(1) = R(V)`` plus what leaves through sheets, to
    rounding: electric power is heat. Newton's blocks are consistent derivatives.

    Args:
        tagged: the mesh.
        potential: V, Lagrange.
        temperature: T, Lagrange.
        conductivity: sigma at the points of the rule, S/m.
        slope: its derivative by T, S/(m K).
        cells: local cells that carry current.
        sheets: from `sheet_terms`.
        weight: factor of all measures.
        degree: of the facets' rule.
        films: conductivity of films without cells, S/m, and its derivative; None without any.
        coatings: those films.
        sets: numbers of faces, shared with the forms of the heat that these become a part of.
    """

    def __init__(
        self,
        tagged: TaggedMesh,
        potential: fem.Function,
        temperature: fem.Function,
        conductivity: PointFunction,
        slope: PointFunction,
        cells: np.ndarray,
        sheets: Sequence[SheetTerm],
        weight: Any,
        degree: int,
        films: NodalProperty | None = None,
        coatings: Coatings | None = None,
        sets: FacetSets | None = None,
    ) -> None:
        mesh = tagged.mesh
        self.potential, self.temperature, self.weight = potential, temperature, weight
        self._conductivity, self._slope = conductivity.function, slope.function
        self._sheets, self._films = sheets, films
        topology, kinds = mesh.topology, fem.IntegralType
        index_map = topology.index_map(topology.dim)
        rest = np.setdiff1d(np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32), cells)
        parts = [
            (number, fem.compute_integration_domains(kinds.cell, topology, one))
            for number, one in ((1, cells), (2, rest))
        ]
        whole = ufl.Measure("dx", mesh, subdomain_data=parts)
        self.dx = whole(1, metadata=dict(conductivity.metadata))
        # Rows of unknowns without current need a diagonal to be held by; the coarsest rule is enough for zeros.
        self._idle, self._nothing = whole(2, metadata={"quadrature_degree": 0}), fem.Constant(mesh, 0.0)
        self._sets, self._degree = sets or FacetSets(mesh), degree
        self._numbers = {one.name: self._sets.add(one.outer, one.inner) for one in sheets}
        films_there = coatings is not None and films is not None
        self._coated = coatings.measures(degree, self._sets) if coatings is not None and films_there else None

    def _on_sheets(self, integrand: Any, only: str | None = None) -> Any:
        """Return the sum over sheets of ``integrand(term, side) ds``; the fields are continuous: one side will do."""
        total: Any = 0
        for term in self._sheets:
            if only in (None, term.name):
                number = self._numbers[term.name]
                total += self.weight * integrand(term, lambda one: one) * self._sets.ds(number, self._degree)
                plus = ufl.as_ufl(self.weight)("+")
                total += plus * integrand(term, lambda one: one("+")) * self._sets.dS(number, self._degree)
        return total

    def _in_films(self, integrand: Any) -> Any:
        """Return the sum over films of ``integral t integrand(value, slope, gradient along) dS``; 0 without any."""
        if self._coated is None or self._films is None:
            return 0
        values, slopes = self._films.values, self._films.slopes

        def one(layer: Layer, side: Side, normal: Any) -> Any:
            return integrand(side(values[layer.name]), side(slopes[layer.name]), side, lambda f: along(f, side, normal))

        return self._coated.integral(one)

    def _leaving(self, term: SheetTerm, side: Any) -> Any:
        return term.options.current(side(self.potential), side(self.temperature), term.numbers)

    def _given_off(self, term: SheetTerm, side: Any) -> Any:
        return term.options.heat(side(self.potential), side(self.temperature), term.numbers)

    def current(self, space: fem.FunctionSpace | None = None) -> Any:
        """Return R as UFL, tested on the potential's space or another of the mesh."""
        test = ufl.TestFunction(space or self.potential.function_space)
        form = self.weight * self._conductivity * ufl.inner(ufl.grad(self.potential), ufl.grad(test)) * self.dx
        form += self._in_films(lambda value, _, side, grad: value * ufl.inner(grad(self.potential), grad(test)))
        return form + self._on_sheets(lambda term, side: self._leaving(term, side) * side(test))

    def heat(self, space: fem.FunctionSpace | None = None) -> Any:
        """Return Q as UFL, tested on the temperature's space or another of the mesh."""
        test = ufl.TestFunction(space or self.temperature.function_space)
        return self._joule(test) + self._on_sheets(lambda term, side: self._given_off(term, side) * side(test))

    def _joule(self, test: Any) -> Any:
        gradient = ufl.grad(self.potential)
        volume = self.weight * self._conductivity * ufl.inner(gradient, gradient) * test * self.dx

        def film(value: Any, _: Any, side: Side, grad: Any) -> Any:
            return value * ufl.inner(grad(self.potential), grad(self.potential)) * (side(test) if test != 1.0 else 1.0)

        return volume + self._in_films(film)

    # -- Newton's blocks ----------------------------------------------------------------------------------------

    def current_by_potential(self, space: fem.FunctionSpace | None = None) -> Any:
        """Return dR/dV, on the potential's space or a coarser one."""
        space = space or self.potential.function_space
        trial, test = ufl.TrialFunction(space), ufl.TestFunction(space)
        form = self.weight * self._conductivity * ufl.inner(ufl.grad(trial), ufl.grad(test)) * self.dx
        form += self._nothing * trial * test * self._idle
        form += self._in_films(lambda value, _, side, grad: value * ufl.inner(grad(trial), grad(test)))
        sheets = self._on_sheets(lambda term, side: self._leaving(term, side) * side(test))
        return form + (ufl.derivative(sheets, self.potential, trial) if self._sheets else 0)

    def current_by_temperature(self) -> Any:
        """Return dR/dT: trial in the temperature's space, test in the potential's."""
        trial = ufl.TrialFunction(self.temperature.function_space)
        test = ufl.TestFunction(self.potential.function_space)
        form = self.weight * self._slope * trial * ufl.inner(ufl.grad(self.potential), ufl.grad(test)) * self.dx
        form += self._in_films(
            lambda _, slope, side, grad: slope * side(trial) * ufl.inner(grad(self.potential), grad(test))
        )
        sheets = self._on_sheets(lambda term, side: self._leaving(term, side) * side(test))
        return form + (ufl.derivative(sheets, self.temperature, trial) if self._sheets else 0)

    def heat_by_potential(self) -> Any:
        """Return dQ/dV: trial in the potential's space, test in the temperature's."""
        trial = ufl.TrialFunction(self.potential.function_space)
        return ufl.derivative(self.heat(), self.potential, trial)

    def heat_by_temperature(self, space: fem.FunctionSpace | None = None) -> Any:
        """Return dQ/dT, on the temperature's space or a coarser one."""
        space = space or self.temperature.function_space
        trial, test = ufl.TrialFunction(space), ufl.TestFunction(space)
        gradient = ufl.grad(self.potential)
        form = self.weight * self._slope * trial * ufl.inner(gradient, gradient) * test * self.dx

        def film(_: Any, slope: Any, side: Side, grad: Any) -> Any:
            return slope * side(trial) * ufl.inner(grad(self.potential), grad(self.potential)) * side(test)

        form += self._in_films(film)
        sheets = self._on_sheets(lambda term, side: self._given_off(term, side) * side(test))
        return form + (ufl.derivative(sheets, self.temperature, trial) if self._sheets else 0)

    # -- totals -------------------------------------------------------------------------------------------------

    @cached_property
    def joule_total(self) -> fem.Form:
        """The compiled power given off in the conductors, W."""
        return compile_form(self._joule(1.0))

    def sheet_current(self, name: str) -> fem.Form:
        """Return the compiled total current into a sheet, A."""
        return compile_form(self._on_sheets(self._leaving, name))

    def sheet_heat(self, name: str) -> fem.Form:
        """Return the compiled power given off by a sheet, W."""
        return compile_form(self._on_sheets(self._given_off, name))
