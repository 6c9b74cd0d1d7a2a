"""Conditions laid onto the named surfaces of a mesh: terms of the weak form, and prescribed temperatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from dolfinx.mesh import Mesh

from femsuite import parallel
from femsuite.conditions.surface_heat import SurfaceHeat
from femsuite.conditions.temperature import FixedTemperature
from femsuite.errors import InputError
from femsuite.meshing.tagged import TaggedMesh
from femsuite.solve.assembly import JIT_OPTIONS
from femsuite.solve.norms import summed

_EXTERIOR = fem.IntegralType.exterior_facet


def surface_measure(mesh: Mesh, parts: Sequence[tuple[int, np.ndarray]], degree: int) -> ufl.Measure:
    """Return ``ds`` with numbered sets of local facets as its parts; sets may overlap."""
    data = [(number, fem.compute_integration_domains(_EXTERIOR, mesh.topology, facets)) for number, facets in parts]
    return ufl.Measure("ds", mesh, subdomain_data=data, metadata={"quadrature_degree": degree})


class SurfaceIntegral:
    """An integrand that can be integrated over any set of outer faces; compiled once.

    Args:
        mesh: the mesh.
        integrand: UFL expression, scalar.
        degree: of the quadrature rule.
    """

    def __init__(self, mesh: Mesh, integrand: Any, degree: int) -> None:
        self._mesh = mesh
        form = integrand * surface_measure(mesh, [(1, np.empty(0, np.int32))], degree)(1)
        self._compiled = fem.compile_form(mesh.comm, form, jit_options=JIT_OPTIONS)
        self._coefficients = {item: item for item in form.coefficients()}
        self._constants = {item: item for item in form.constants()}

    def over(self, facets: np.ndarray) -> float:
        """Return this rank's share of the integral over local facets; sum the shares with ``parallel.total``."""
        entities = fem.compute_integration_domains(_EXTERIOR, self._mesh.topology, facets)
        domains = {_EXTERIOR: [(1, entities)]}
        form = fem.create_form(self._compiled, [], self._mesh, domains, self._coefficients, self._constants)
        return float(fem.assemble_scalar(form))


@dataclass
class SurfaceTerm:
    """One surface condition in the form: its options, the constants in its place, and the surfaces it acts on.

    Args:
        condition: the options.
        numbers: the form's constants under the names of ``condition.numbers``.
        surfaces: names of the outer faces.
        facets: local facets of all of them.
        area: m^2 over all ranks.
    """

    condition: SurfaceHeat
    numbers: dict[str, fem.Constant]
    surfaces: tuple[str, ...]
    facets: np.ndarray
    area: float

    def set(self, time: float) -> None:
        """Write the condition's numbers at a time (s) into the form."""
        for name, value in self.condition.numbers(time, self.area).items():
            self.numbers[name].value = value

    def stamp(self) -> tuple[float, ...]:
        """Return the present numbers that enter the operator, to see whether it is still the same."""
        return tuple(float(self.numbers[name].value) for name in self.condition.in_operator)


def surface_terms(tagged: TaggedMesh, conditions: Sequence[Any], weight: Any, degree: int) -> list[SurfaceTerm]:
    """Return the terms of all conditions that let heat through, in their order.

    Args:
        tagged: the mesh with its names.
        conditions: all heat conditions; the essential ones are left out.
        weight: factor of all measures.
        degree: of the facet quadrature.

    Raises:
        InputError: when a selector matches no outer face, or names an interface.
    """
    mesh = tagged.mesh
    area = SurfaceIntegral(mesh, weight * fem.Constant(mesh, 1.0), degree)
    terms: list[SurfaceTerm] = []
    for condition in (item for item in conditions if not item.essential):
        names = tagged.facet_names(condition.surface)
        inside = [name for name in names if name not in tagged.surfaces]
        if inside:
            raise InputError(f"a {condition.type} condition acts on outer faces only; '{inside[0]}' is an interface")
        facets = tagged.facets(names)
        total = summed(area.over(facets), mesh.comm)
        values = condition.numbers(0.0, total)
        constants = {name: fem.Constant(mesh, float(value)) for name, value in values.items()}
        terms.append(SurfaceTerm(condition, constants, tuple(names), facets, total))
    return terms


class HeldTemperatures:
    """The unknowns that conditions prescribe; where two conditions meet, the later one in the study holds.

    Args:
        tagged: the mesh with its names.
        conditions: all heat conditions; only the essential ones are used.
        space: of the temperature.
    """

    def __init__(self, tagged: TaggedMesh, conditions: Sequence[Any], space: fem.FunctionSpace) -> None:
        self.surfaces: list[str] = []
        self.conditions: list[FixedTemperature] = []
        self.prescribed = fem.Function(space)
        self._holder = np.full(len(self.prescribed.x.array), -1, dtype=np.int32)
        self._of: list[int] = []
        for condition in (item for item in conditions if item.essential):
            self.conditions.append(condition)
            for name in tagged.facet_names(condition.surface):
                dofs = fem.locate_dofs_topological(space, tagged.mesh.topology.dim - 1, tagged.facets(name))
                self._holder[dofs] = len(self.surfaces)
                self._of.append(len(self.conditions) - 1)
                self.surfaces.append(name)
        self.dofs = np.flatnonzero(self._holder >= 0).astype(np.int32)
        self.owned = self.dofs[self.dofs < space.dofmap.index_map.size_local]
        self.bcs = [fem.dirichletbc(self.prescribed, self.dofs)] if self.surfaces else []
        self._comm = space.mesh.comm

    def set(self, time: float) -> None:
        """Evaluate the prescribed temperatures at a time (s)."""
        if not self.surfaces:
            return
        values = np.array([self.conditions[number].at(time) for number in self._of])
        self.prescribed.x.array[self.dofs] = values[self._holder[self.dofs]]

    def apply(self, values: np.ndarray) -> None:
        """Write the prescribed temperatures into nodal values (owned and ghost), K."""
        values[self.dofs] = self.prescribed.x.array[self.dofs]

    def sums(self, residual: np.ndarray) -> dict[str, float]:
        """Return the sum of owned residuals over each surface's unknowns, over all ranks: W put in there."""
        held = self._holder[self.owned]
        local = np.bincount(held, weights=residual[self.owned], minlength=len(self.surfaces))
        sums = parallel.total(local, self._comm) if self.surfaces else local
        result: dict[str, float] = {}
        for name, value in zip(self.surfaces, sums, strict=True):
            result[name] = result.get(name, 0.0) + float(value)
        return result
