"""Films without cells: integrals over their faces, with gradients along the face."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from femsuite.conditions.base import Selector
from femsuite.material import Material
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.facet_sets import FacetSets


@dataclass(frozen=True)
class Layer:
    """One film.

    Args:
        name: of the coating.
        material: what it is made of.
        thickness: m, a function on the mesh; only its values on the faces count.
        outer: local facets of it on the outside of the mesh.
        inner: local facets of it between two cells.
    """

    name: str
    material: Material
    thickness: fem.Function
    outer: np.ndarray
    inner: np.ndarray

    @property
    def facets(self) -> np.ndarray:
        """All its local facets, sorted."""
        return np.sort(np.concatenate([self.outer, self.inner])).astype(np.int32)


Side = Callable[[Any], Any]
"""Restricts a field to one side of a face between two cells; the field itself on an outer face."""


class Coatings:
    """The films of one mesh.

    Args:
        tagged: the mesh.
        films: name -> (selector of faces, material, thickness in m).

    Raises:
        InputError: a selector matches no face.
    """

    def __init__(self, tagged: TaggedMesh, films: Mapping[str, tuple[Selector, Material, float]]) -> None:
        self.tagged = tagged
        mesh = tagged.mesh
        mesh.topology.create_connectivity(mesh.topology.dim - 1, mesh.topology.dim)
        self.layers: list[Layer] = []
        space = fem.functionspace(mesh, ("Lagrange", 1))
        none = np.empty(0, dtype=np.int32)
        for name, (where, material, thickness) in films.items():
            names = tagged.facet_names(where)
            outer = [one for one in names if one in tagged.surfaces]
            inner = [one for one in names if one not in tagged.surfaces]
            thick = fem.Function(space)
            thick.x.array[:] = thickness
            self.layers.append(
                Layer(
                    name,
                    material,
                    thick,
                    tagged.facets(outer) if outer else none,
                    tagged.facets(inner) if inner else none,
                )
            )

    def facets(self) -> np.ndarray:
        """Return the local facets of all films, sorted."""
        every = [layer.facets for layer in self.layers]
        return np.unique(np.concatenate(every)).astype(np.int32) if every else np.empty(0, dtype=np.int32)

    def measures(self, degree: int, sets: FacetSets | None = None) -> Measures:
        """Return what integrates over the films with a rule of this degree.

        Args:
            degree: of the rule.
            sets: of the form that the integrals go into, where it has other integrals over faces.
        """
        return Measures(self, degree, sets or FacetSets(self.tagged.mesh))


class Measures:
    """Integrals over films, as UFL.

    Args:
        coatings: the films.
        degree: of the facets' rule.
        sets: takes the films' faces.
    """

    def __init__(self, coatings: Coatings, degree: int, sets: FacetSets) -> None:
        self.layers: Sequence[Layer] = coatings.layers
        self._girth, self._degree, self._sets = coatings.tagged.girth, degree, sets
        self._numbers = [sets.add(one.outer, one.inner) for one in self.layers]
        self._normal = ufl.FacetNormal(coatings.tagged.mesh)

    def integral(self, integrand: Callable[[Layer, Side, Any], Any], only: str | None = None) -> Any:
        """Return the sum over films of ``integral thickness integrand dS``; 0 without films.

        Args:
            integrand: of the film, what restricts fields to a side, and the face's normal.
            only: name of the one film that is meant; all if None.
        """
        total: Any = 0
        for number, layer in zip(self._numbers, self.layers, strict=True):
            if only in (None, layer.name):
                here = layer.thickness * self._girth
                total += here * integrand(layer, _itself, self._normal) * self._sets.ds(number, self._degree)
                there = here("+") * integrand(layer, _plus, self._normal("+"))
                total += there * self._sets.dS(number, self._degree)
        return total


def along(function: Any, side: Side, normal: Any) -> Any:
    """Return the gradient of a scalar along the face: that across it taken out."""
    gradient = side(ufl.grad(function))
    return gradient - ufl.dot(gradient, normal) * normal


def _itself(field: Any) -> Any:
    return field


def _plus(field: Any) -> Any:
    return field("+")


class NodalProperty:
    """A property of films that follows the temperature, as a function known at the nodes of their faces.

    Between the nodes it is interpolated with the temperature's own order, as good as the temperature itself.

    Args:
        coatings: the films.
        space: of the temperature.
        evaluate: (material, temperatures (n,), K) -> (value, derivative by temperature), each (n,).
        names: films that count; all if None.
    """

    def __init__(
        self,
        coatings: Coatings,
        space: fem.FunctionSpace,
        evaluate: Callable[[Material, np.ndarray], tuple[np.ndarray, np.ndarray]],
        names: Sequence[str] | None = None,
    ) -> None:
        self._evaluate = evaluate
        self.values = {layer.name: fem.Function(space) for layer in coatings.layers}
        self.slopes = {layer.name: fem.Function(space) for layer in coatings.layers}
        dimension = space.mesh.topology.dim - 1
        self._parts = [
            (layer, fem.locate_dofs_topological(space, dimension, layer.facets))
            for layer in coatings.layers
            if names is None or layer.name in names
        ]

    def refresh(self, temperature: fem.Function) -> tuple[bool, bool]:
        """Evaluate at the present temperature; returns whether a value has changed here, and whether any varies here.

        Args:
            temperature: on the space given at the start.
        """
        changed = varies = False
        for layer, dofs in self._parts:
            value, slope = self._evaluate(layer.material, temperature.x.array[dofs])
            held = self.values[layer.name].x.array
            if not np.array_equal(held[dofs], value):
                held[dofs] = value
                changed = True
            self.slopes[layer.name].x.array[dofs] = slope
            varies = varies or bool(np.any(slope))
        return changed, varies


def facet_nodes(space: fem.FunctionSpace, facets: np.ndarray) -> np.ndarray:
    """Return the local block unknowns on each facet, shape (facets, nodes)."""
    mesh = space.mesh
    top = mesh.topology.dim
    mesh.topology.create_connectivity(top - 1, top)
    mesh.topology.create_connectivity(top, top - 1)
    to_cell, to_facet = mesh.topology.connectivity(top - 1, top), mesh.topology.connectivity(top, top - 1)
    closure = space.element.basix_element.entity_closure_dofs[top - 1]
    if not len(facets):
        return np.empty((0, len(closure[0])), dtype=np.int32)
    cells = to_cell.array[to_cell.offsets[facets]]
    count = to_facet.offsets[1] - to_facet.offsets[0]
    own = to_facet.array.reshape(-1, count)[cells]
    place = np.argmax(own == facets[:, None], axis=1)
    return np.take_along_axis(space.dofmap.list[cells], np.array(closure)[place], axis=1)
