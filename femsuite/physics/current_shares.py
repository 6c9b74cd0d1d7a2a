"""How a current divides over several ways, such as the openings over a chip: exact for the discrete problem."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import ufl
from dolfinx import fem

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.physics.coatings import Coatings, Layer, Side, along
from femsuite.physics.electric_current import ElectricCurrent
from femsuite.physics.facet_sets import FacetSets
from femsuite.solve.assembly import assemble_vector, compile_form


class Shares:
    """The current from some of the conductors into the rest, face by face.

    The residual of those conductors alone has, in the rows of a face that they share with the rest, the current that
    passes there: rows inside add up to nothing.

    Args:
        current: the problem.
        faces: names of the faces; each is one way.
        cells: local cells of the conductors before the faces, owned and ghost.
        coatings: the mesh's films.
        films: names of the films before the faces.

    Raises:
        InputError: two faces share corners of the conductors, so that their currents cannot be told apart.
    """

    def __init__(
        self,
        current: ElectricCurrent,
        faces: Sequence[str],
        cells: np.ndarray,
        coatings: Coatings | None = None,
        films: Sequence[str] = (),
    ) -> None:
        self.faces, self._current = tuple(faces), current
        tagged, space = current.tagged, current.space
        mesh = tagged.mesh
        dimension = mesh.topology.dim - 1
        self._dofs = [fem.locate_dofs_topological(space, dimension, tagged.facets(name)) for name in faces]
        taken = np.concatenate([np.unique(dofs) for dofs in self._dofs])
        if parallel.anywhere(len(np.unique(taken)) < len(taken), mesh.comm):
            raise InputError("the faces over which a current is shared touch each other: it cannot be told apart there")
        self.areas = self._areas()
        """Area of each face, m^2 (in a section m)."""
        self.places = self._middles()
        """Middle of each face, m, (faces, 3)."""
        test = ufl.TestFunction(space)
        inside = fem.compute_integration_domains(fem.IntegralType.cell, mesh.topology, cells)
        points = current.conductivity
        dx = ufl.Measure("dx", mesh, subdomain_data=[(1, inside)], metadata=dict(points.metadata))(1)
        form = tagged.girth * points.function * ufl.inner(ufl.grad(current.potential), ufl.grad(test)) * dx
        if coatings is not None and films and current.films is not None:
            values = current.films.values

            def integrand(layer: Layer, side: Side, normal: object) -> object:
                gradients = (along(one, side, normal) for one in (current.potential, test))
                return side(values[layer.name]) * ufl.inner(*gradients)

            measures = coatings.measures(2 * space.element.basix_element.degree + 2)
            for name in films:
                form += measures.integral(integrand, name)
        self._form = compile_form(form)

    def _areas(self) -> np.ndarray:
        """Return the faces' areas: of one that a plane of symmetry cuts, what is left of it."""
        tagged = self._current.tagged
        sets = FacetSets(tagged.mesh)
        one = fem.Constant(tagged.mesh, 1.0) * tagged.girth
        numbers = []
        for name in self.faces:
            facets = tagged.facets(name)
            outer = name in tagged.surfaces
            numbers.append((sets.add(facets) if outer else sets.add(inner=facets), outer))
        degree = 2
        forms = [
            compile_form(one * sets.ds(number, degree) if outer else ufl.avg(one) * sets.dS(number, degree))
            for number, outer in numbers
        ]
        local = np.array([fem.assemble_scalar(form) for form in forms])
        return np.asarray(parallel.total(local, self._current.comm))

    def _middles(self) -> np.ndarray:
        points = self._current.space.tabulate_dof_coordinates()
        owned = [points[dofs[dofs < self._current.owned_size]] for dofs in self._dofs]
        local = np.array([[*own.sum(axis=0), len(own)] for own in owned])
        sums = parallel.total(local, self._current.comm)
        return np.asarray(sums[:, :3] / sums[:, 3:])

    def currents(self) -> np.ndarray:
        """Return the current through each face into the rest, A, (faces,), at the present potential. Collective."""
        residual = assemble_vector(self._form)
        owned = self._current.owned_size
        local = np.array([residual.array_r[dofs[dofs < owned]].sum() for dofs in self._dofs])
        residual.destroy()
        return -np.asarray(parallel.total(local, self._current.comm))


def relative(currents: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Return each way's current for its area over that of all together, (ways,); nan without a current.

    A face that a plane of symmetry cuts counts with what is left of it: equal openings give shares of the mean.
    """
    total = float(currents.sum())
    return (currents / areas) / (total / float(areas.sum())) if total else np.full(len(currents), np.nan)


def evenness(currents: np.ndarray, areas: np.ndarray) -> dict[str, float]:
    """Return how evenly currents divide: largest, standard deviation and least, all over the mean.

    Args:
        currents: A, (ways,).
        areas: m^2, (ways,).
    """
    shares = relative(currents, areas)
    weights = areas / areas.sum()
    spread = float(np.sqrt((weights * (shares - 1.0) ** 2).sum()))
    return {"evenness": float(shares.max()), "spread": spread, "least": float(shares.min())}
