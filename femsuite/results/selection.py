"""The part of a mesh that a quantity is taken over: a set of regions, or a set of surfaces and interfaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import basix
import numpy as np
import ufl
from dolfinx.fem import Constant, Function, assemble_scalar

from femsuite import parallel
from femsuite.errors import InputError, unknown
from femsuite.meshing.tagged import TaggedMesh
from femsuite.solve.assembly import compile_form

Selector = str | Sequence[str]


@dataclass(frozen=True)
class Part:
    """A set of regions or a set of faces of one mesh.

    Attributes:
        tagged: the mesh.
        selector: as the study wrote it.
        kind: ``region`` or ``surface``.
    """

    tagged: TaggedMesh
    selector: Selector
    kind: Literal["region", "surface"]

    def __str__(self) -> str:
        return self.selector if isinstance(self.selector, str) else ", ".join(self.selector)

    @property
    def size_unit(self) -> str:
        """The unit of the part's volume or area."""
        dimension = self.tagged.mesh.topology.dim - (self.kind == "surface") + self.tagged.axisymmetric
        return f"m**{dimension}" if dimension > 1 else "m"

    def integral(self, expression: Any, degree: int = 4) -> float:
        """Return the integral of a scalar UFL expression over the part; collective.

        On interfaces the mean of both sides is taken.
        """
        mesh = self.tagged.mesh
        one = Constant(mesh, 1.0) * self.tagged.girth  # keeps a constant integrand bound to the mesh
        if self.kind == "region":
            terms = one * expression * self.tagged.measure("dx", degree)(self.tagged.select_regions(self.selector))
        else:
            tags = self.tagged.select_facets(self.selector)
            outer = tuple(tag for tag in tags if tag in self.tagged.surfaces.values())
            inner = tuple(tag for tag in tags if tag in self.tagged.interfaces.values())
            terms = 0
            if outer:
                terms += one * expression * self.tagged.measure("ds", degree)(outer)
            if inner:
                terms += ufl.avg(one * expression) * self.tagged.measure("dS", degree)(inner)
        local = assemble_scalar(compile_form(terms))
        return float(parallel.total(np.array([local]), mesh.comm)[0])

    def size(self) -> float:
        """Return the volume or area of the part, m^3 or m^2; collective."""
        return self.integral(Constant(self.tagged.mesh, 1.0), 1)

    def dofs(self, function: Function) -> np.ndarray:
        """Return this rank's blocks of a Lagrange function that lie on the part, sorted; may be empty here."""
        space = function.function_space
        if self.kind == "region":
            return np.unique(space.dofmap.list[self.tagged.cells(self.selector)])
        mesh = self.tagged.mesh
        dimension = mesh.topology.dim
        mesh.topology.create_connectivity(dimension - 1, dimension)
        mesh.topology.create_connectivity(dimension, dimension - 1)
        to_cell = mesh.topology.connectivity(dimension - 1, dimension)
        to_facet = mesh.topology.connectivity(dimension, dimension - 1)
        closure = _facet_nodes(space.element.basix_element)
        found: list[np.ndarray] = []
        for facet in self.tagged.facets(self.selector):
            for cell in to_cell.links(facet):
                local = int(np.flatnonzero(to_facet.links(cell) == facet)[0])
                found.append(space.dofmap.list[cell][closure[local]])
        return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int32)

    def values(self, function: Function) -> tuple[np.ndarray, np.ndarray]:
        """Return coordinates (n, 3) and values (n, *value shape) of this rank's nodes on the part.

        Nodes that lie on several ranks come up on each of them: for minima and maxima, not for sums.
        """
        space = function.function_space
        blocks = self.dofs(function)
        shape = tuple(space.value_shape)
        values = function.x.array.reshape(-1, int(np.prod(shape, dtype=int)))[blocks]
        return space.tabulate_dof_coordinates()[blocks], values.reshape(len(blocks), *shape)


def _facet_nodes(element: Any) -> list[list[int]]:
    """Return for each facet of the reference cell the nodes on it; all of them for a constant element."""
    dimension = len(basix.topology(element.cell_type)) - 1
    count = len(basix.topology(element.cell_type)[dimension - 1])
    if element.degree == 0:
        return [[0]] * count
    continuous = basix.create_element(
        element.family, element.cell_type, element.degree, element.lagrange_variant, basix.DPCVariant.unset, False
    )
    return list(continuous.entity_closure_dofs[dimension - 1])


def part(tagged: TaggedMesh, selector: Selector, where: str | None = None) -> Part:
    """Return the part a selector means.

    Args:
        tagged: the mesh.
        selector: names or patterns of regions, or of surfaces and interfaces.
        where: ``region`` or ``surface``; needed only when the selector matches both.

    Raises:
        InputError: when it matches nothing, or both and ``where`` is not given.
    """
    found = {}
    faults: list[InputError] = []
    for kind, select in (("region", tagged.select_regions), ("surface", tagged.select_facets)):
        if where in (None, kind):
            try:
                select(selector, kind)
                found[kind] = Part(tagged, selector, kind)  # type: ignore[arg-type]
            except InputError as error:
                faults.append(error)
    if len(found) == 2:
        if selector == "*":
            return found["region"]
        raise InputError(f'\'{selector}\' means regions as well as surfaces; say where = "region" or "surface".')
    if not found:
        if where is None and isinstance(selector, str):
            names = [*tagged.regions, *tagged.surfaces, *tagged.interfaces]
            raise InputError(unknown("region or surface", selector, names))
        raise faults[0]
    return next(iter(found.values()))
