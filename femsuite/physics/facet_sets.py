"""Numbered sets of faces for the integrals of one form: a form takes one numbering for each kind of integral."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from dolfinx.mesh import Mesh

NONE = np.empty(0, dtype=np.int32)


class FacetSets:
    """Sets of outer faces and of faces between cells; they may overlap. All are added before the first is used.

    Args:
        mesh: the mesh.
    """

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._outer: list[np.ndarray] = []
        self._inner: list[np.ndarray] = []

    def add(self, outer: np.ndarray = NONE, inner: np.ndarray = NONE) -> int:
        """Add local facets and return the number of their set."""
        self._outer.append(outer)
        self._inner.append(inner)
        return len(self._outer)

    @cached_property
    def _measures(self) -> tuple[ufl.Measure, ufl.Measure]:
        kinds = fem.IntegralType
        return (
            self._measure("ds", kinds.exterior_facet, self._outer),
            self._measure("dS", kinds.interior_facet, self._inner),
        )

    def _measure(self, name: str, kind: Any, sets: list[np.ndarray]) -> ufl.Measure:
        topology = self._mesh.topology
        data = [
            (number, fem.compute_integration_domains(kind, topology, facets))
            for number, facets in enumerate(sets, start=1)
        ]
        return ufl.Measure(name, self._mesh, subdomain_data=data)

    def ds(self, number: int, degree: int) -> ufl.Measure:
        """Return the measure of a set's outer faces with a rule of a degree."""
        return self._measures[0](number, metadata={"quadrature_degree": degree})

    def dS(self, number: int, degree: int) -> ufl.Measure:
        """Return the measure of a set's faces between cells with a rule of a degree."""
        return self._measures[1](number, metadata={"quadrature_degree": degree})
