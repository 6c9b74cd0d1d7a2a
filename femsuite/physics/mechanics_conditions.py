"""Mechanical conditions laid onto the named faces of a mesh: prescribed displacements and surface loads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from dolfinx.cpp.mesh import cell_normals
from dolfinx.mesh import Mesh

from femsuite import parallel
from femsuite.conditions.support import MechanicalCondition
from femsuite.errors import InputError
from femsuite.meshing.tagged import TaggedMesh
from femsuite.solve.norms import norm


@dataclass
class SurfaceLoad:
    """A load in the form.

    Args:
        index: number of its measure.
        condition: the options.
        facets: local facets it acts on.
        constants: the form's constants under the names of ``condition.numbers``.
    """

    index: int
    condition: MechanicalCondition
    facets: np.ndarray
    constants: dict[str, Any]


@dataclass
class Prescribed:
    """One prescribed component.

    Args:
        bc: what DOLFINx imposes; reads ``constant``.
        constant: the value at the present load factor, m.
        value: the value at the load factor one, m.
    """

    bc: fem.DirichletBC
    constant: fem.Constant
    value: float

    def scale(self, factor: float) -> None:
        """Set the value of the present load factor."""
        self.constant.value = np.asarray(self.value * factor)


def surface_measure(mesh: Mesh, parts: Sequence[tuple[int, np.ndarray]], degree: int) -> ufl.Measure:
    """Return ``ds`` with numbered sets of local facets as its parts; sets may overlap."""
    kind = fem.IntegralType.exterior_facet
    data = [(number, fem.compute_integration_domains(kind, mesh.topology, facets)) for number, facets in parts]
    return ufl.Measure("ds", mesh, subdomain_data=data, metadata={"quadrature_degree": degree})


def common_normal(mesh: Mesh, facets: np.ndarray) -> tuple[float, ...] | None:
    """Return the unit normal (up to sign) that all given facets share on all ranks, or None if they do not."""
    normals = cell_normals(mesh._cpp_object, mesh.topology.dim - 1, np.asarray(facets, dtype=np.int32))
    products = parallel.total(normals.T @ normals if len(normals) else np.zeros((3, 3)), mesh.comm)
    sizes, directions = np.linalg.eigh(products)
    if sizes[-1] <= 0.0 or sizes[-2] > 1e-10 * sizes[-1]:
        return None
    return tuple(float(value) for value in directions[:, -1])


def on_axis(space: fem.FunctionSpace) -> list[fem.DirichletBC]:
    """Return what holds the nodes on the axis x = 0 of an axisymmetric body to it.

    Raises:
        InputError: the mesh crosses the axis.
    """
    mesh = space.mesh
    low = parallel.smallest(np.array([mesh.geometry.x[:, 0].min(initial=np.inf)]), mesh.comm)[0]
    size = parallel.largest(np.array([np.abs(mesh.geometry.x[:, 0]).max(initial=0.0)]), mesh.comm)[0]
    if low < -1e-9 * size:
        raise InputError(f"mechanics: an axisymmetric mesh lies at x >= 0, but this one begins at x = {low:g} m")
    radial = space.sub(0)
    collapsed = radial.collapse()[0]
    dofs = fem.locate_dofs_geometrical((radial, collapsed), lambda x: np.abs(x[0]) < 1e-9 * size)[0]
    return [fem.dirichletbc(fem.Constant(mesh, np.float64(0.0)), dofs, radial)]


def lay_out(
    tagged: TaggedMesh, space: fem.FunctionSpace, conditions: Sequence[MechanicalCondition]
) -> tuple[list[Prescribed], list[SurfaceLoad]]:
    """Find the faces of every condition.

    Returns:
        What is prescribed, and the loads.

    Raises:
        InputError: with a fault for every condition that does not suit its faces.
    """
    mesh = tagged.mesh
    dimension, facet_dimension = mesh.geometry.dim, mesh.topology.dim - 1
    mesh.topology.create_connectivity(facet_dimension, mesh.topology.dim)
    prescribed: list[Prescribed] = []
    loads: list[SurfaceLoad] = []
    faults: list[str] = []
    for number, condition in enumerate(conditions):
        tags = tagged.select_facets(list(condition.surface))
        facets = np.sort(tagged.facet_tags.indices[np.isin(tagged.facet_tags.values, tags)]).astype(np.int32)
        try:
            components = condition.prescribed(common_normal(mesh, facets), dimension)
            numbers = condition.numbers(dimension)
        except ValueError as error:
            faults.append(f"mechanics.conditions.{number}: {error}")
            continue
        for axis, value in components.items():
            part = space.sub(axis)
            dofs = fem.locate_dofs_topological(part, facet_dimension, facets)
            constant = fem.Constant(mesh, np.float64(value))
            prescribed.append(Prescribed(fem.dirichletbc(constant, dofs, part), constant, value))
        if numbers:
            constants = {name: fem.Constant(mesh, np.asarray(given)) for name, given in numbers.items()}
            loads.append(SurfaceLoad(len(loads) + 1, condition, facets, constants))
    if faults:
        raise InputError(*faults)
    return prescribed, loads


def check_loads(motions: np.ndarray, external: Any, comm: Any) -> None:
    """Check that surface loads do no work on the rigid motions that nothing holds. Collective.

    Args:
        motions: (owned unknowns, motions).
        external: force at the load factor one.
        comm: communicator.

    Raises:
        InputError: they push the body away.
    """
    if not motions.shape[1]:
        return
    work = parallel.total(motions.T @ external.array_r, comm)
    if np.linalg.norm(work) > 1e-8 * norm(external.array_r, comm):
        raise InputError("mechanics: the surface loads push a body that is free to move; hold it or balance them")
