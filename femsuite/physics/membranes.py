"""Films without cells that carry as membranes: elastic, with thermal strain and the stress they are made with.

``sum integral t sigma : eps_s(v) dS`` with ``eps_s = P sym(grad u) P``, ``P = I - n n`` and the law of plane stress

``sigma = E/(1 - nu^2) ((1 - nu) eps + nu tr(eps) P) - E/(1 - nu) e P + sigma_0 P``,

where strain and free thermal strain e count from the film's birth. Elastic constants are those at its birth: within the
ranges of packages they change by less than they are known to. A membrane has no bending stiffness: ``t`` must be small
against the radii of its face and the elements beside it.

Source: S. P. Timoshenko and S. Woinowsky-Krieger, Theory of Plates and Shells, 2nd ed. (1959), section 105.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem

from femsuite import parallel
from femsuite.physics.coatings import Coatings, Layer, Side
from femsuite.physics.quadrature import Points
from femsuite.solve.assembly import assemble_vector, compile_form

KINDS = ("mean", "square", "volume")
"""The sums behind a film's averages."""


class _Film:
    """What one film is made of and was born at."""

    def __init__(self, layer: Layer, space: fem.FunctionSpace, fit: fem.FunctionSpace, cells: np.ndarray) -> None:
        mesh = space.mesh
        self.material, self.cells = layer.material, cells
        self.modulus, self.poisson = fem.Constant(mesh, 0.0), fem.Constant(mesh, 0.0)
        self.made_with = fem.Constant(mesh, 0.0)
        self.present = fem.Constant(mesh, 1.0)
        self.free_strain = fem.Function(fit)
        self.at_birth = fem.Function(space)
        self.birth_temperature = np.empty(0)

    def set_constants(self, temperature: float) -> None:
        """Take the elastic constants at a temperature, K."""
        at = np.array([temperature])
        self.modulus.value = float(self.material.property("youngs_modulus")(at)[0])
        self.poisson.value = float(self.material.property("poissons_ratio")(at)[0])


class Membranes:
    """The films of one mechanics problem.

    Args:
        coatings: the films.
        displacement: u; its space is the problem's.
        points: the rule at whose points temperatures are given.
        plane: ``stress``, ``strain`` or ``axisymmetric`` in two dimensions.
        born: film -> (stress-free temperature in K, intrinsic stress in Pa); a film that is not born at the start has
            the first nan.

    Raises:
        InputError: a film's material has no isotropic elastic constants or no expansion.
    """

    def __init__(
        self,
        coatings: Coatings,
        displacement: fem.Function,
        points: Points,
        plane: str | None,
        born: Mapping[str, tuple[float, float]],
    ) -> None:
        self.coatings, self.displacement, self._plane = coatings, displacement, plane
        space = displacement.function_space
        mesh = space.mesh
        self._degree = 2 * space.element.basix_element.degree
        self._measures = coatings.measures(self._degree)
        self._radius = ufl.SpatialCoordinate(mesh)[0] if plane == "axisymmetric" else None
        fit = fem.functionspace(mesh, basix.ufl.element("Discontinuous Lagrange", mesh.basix_cell(), 1))
        table = fit.element.basix_element.tabulate(0, points.reference)[0, :, :, 0]
        root = np.sqrt(points.reference_weights)[:, None]
        self._fit = np.linalg.pinv(table * root) * root.T if points.count > 1 else np.ones((table.shape[1], 1))
        mesh.topology.create_connectivity(mesh.topology.dim - 1, mesh.topology.dim)
        links = mesh.topology.connectivity(mesh.topology.dim - 1, mesh.topology.dim)
        self._films: dict[str, _Film] = {}
        for layer in coatings.layers:
            beside = [links.links(facet) for facet in layer.facets]
            cells = np.unique(np.concatenate(beside)) if beside else np.empty(0, dtype=np.int32)
            film = self._films[layer.name] = _Film(layer, space, fit, cells)
            kelvin, stress = born[layer.name]
            film.birth_temperature = np.full((points.cells, points.count), kelvin)
            film.made_with.value = stress
            if np.isfinite(kelvin):
                film.set_constants(kelvin)
            else:
                film.present.value = 0.0
        self._averages: dict[str, dict[str, fem.Form]] = {}
        work = self._work(displacement, ufl.TestFunction(space), whole=True)
        self._force = compile_form(self._measures.integral(work))

    @property
    def names(self) -> tuple[str, ...]:
        """The films' names."""
        return tuple(self._films)

    @property
    def there(self) -> tuple[str, ...]:
        """The names of the films that exist."""
        return tuple(name for name, film in self._films.items() if float(film.present.value))

    # -- forms --------------------------------------------------------------------------------------------------

    def _strain(self, field: Any, side: Side, normal: Any) -> tuple[Any, Any]:
        """Return the strain in the face, a tensor (3D) or along the line (2D), and the one across a section, or 0."""
        gradient = side(ufl.grad(field))
        if self._plane is None:
            projector = ufl.Identity(3) - ufl.outer(normal, normal)
            return projector * ufl.sym(gradient) * projector, 0
        tangent = ufl.as_vector([-normal[1], normal[0]])
        around = side(field)[0] / side(self._radius) if self._radius is not None else 0.0
        return ufl.dot(tangent, gradient * tangent), around

    def _stress(self, film: _Film, strain: tuple[Any, Any], free: Any, own: Any, normal: Any) -> tuple[Any, Any]:
        """Return the stress that goes with `_strain`, less what the free strain takes, plus the film's own."""
        modulus, poisson = film.modulus, film.poisson
        if self._plane is None:
            projector = ufl.Identity(3) - ufl.outer(normal, normal)
            elastic = (1.0 - poisson) * strain[0] + poisson * ufl.tr(strain[0]) * projector
            stress = modulus / (1.0 - poisson**2) * elastic
            return stress + (own - modulus / (1.0 - poisson) * free) * projector, 0
        if self._plane == "stress":
            return modulus * (strain[0] - free) + own, 0.0
        biaxial = modulus / (1.0 - poisson**2)
        held = own - modulus / (1.0 - poisson) * free
        one, other = strain
        return biaxial * (one + poisson * other) + held, biaxial * (other + poisson * one) + held

    def _work(self, displacement: Any, test: Any, whole: bool) -> Any:
        def integrand(layer: Layer, side: Side, normal: Any) -> Any:
            film = self._films[layer.name]
            moved = displacement - film.at_birth if whole else displacement
            free, own = (self._middle(film.free_strain, side), film.made_with) if whole else (0.0, 0.0)
            stress = self._stress(film, self._strain(moved, side, normal), free, own, normal)
            virtual = self._strain(test, side, normal)
            if self._plane is None:
                return film.present * ufl.inner(stress[0], virtual[0])
            return film.present * (stress[0] * virtual[0] + stress[1] * virtual[1])

        return integrand

    @staticmethod
    def _middle(field: Any, side: Side) -> Any:
        """Return the mean of both sides on a face between two cells, the field itself on an outer face."""
        return field if side(field) is field else ufl.avg(field)

    def bilinear(self, trial: Any, test: Any) -> Any:
        """Return the stiffness as UFL, on any vector space of the mesh."""
        return self._measures.integral(self._work(trial, test, whole=False))

    def force(self, into: Any) -> Any:
        """Return the vector of internal forces of the films at the present displacement, N."""
        return assemble_vector(self._force, into)

    # -- state --------------------------------------------------------------------------------------------------

    def refresh(self, temperature: np.ndarray) -> None:
        """Evaluate the films' free strain at a temperature, K, (cells, points)."""
        for film in self._films.values():
            if not float(film.present.value) or not len(film.cells):
                continue
            strain = film.material.thermal_strain(temperature[film.cells], film.birth_temperature[film.cells])
            film.free_strain.x.array[film.free_strain.function_space.dofmap.list[film.cells]] = strain @ self._fit.T

    def change(
        self,
        born: Sequence[str],
        gone: Sequence[str],
        temperature: np.ndarray,
        stress: Mapping[str, np.ndarray] | None,
    ) -> tuple[list[str], list[str]]:
        """Let films begin or cease to exist as the body stands; returns the names that are no films. Collective.

        Args:
            born: names; those that are no films are passed over.
            gone: likewise.
            temperature: K, (cells, points), at which they are born.
            stress: film -> stress that it is born with, Pa, Voigt (6,), equal along both axes, in the place of its own.
        """
        for name in (one for one in born if one in self._films):
            film = self._films[name]
            film.present.value = 1.0
            film.at_birth.x.array[:] = self.displacement.x.array
            film.birth_temperature[:] = temperature
            comm = self.displacement.function_space.mesh.comm
            local = np.array([temperature.sum(), float(temperature.size)])
            total, count = parallel.total(local, comm)
            film.set_constants(float(total / count))
            if stress is not None and name in stress:
                film.made_with.value = float(stress[name][0])
        for name in (one for one in gone if one in self._films):
            self._films[name].present.value = 0.0
        others = [[one for one in names if one not in self._films] for names in (born, gone)]
        return others[0], others[1]

    def functions(self) -> dict[str, fem.Function]:
        """Return the displacement at birth of each film, not copied: filling them sets the state."""
        return {f"at birth of {name}": film.at_birth for name, film in self._films.items()}

    def numbers(self) -> dict[str, np.ndarray]:
        """Return the temperature at birth of each film, K, (cells, points), not copied."""
        return {f"temperature at birth of {name}": film.birth_temperature for name, film in self._films.items()}

    def facts(self) -> dict[str, float | str]:
        """Return what else the state consists of."""
        return {
            f"{word} of {name}": float(getattr(film, word).value)
            for name, film in self._films.items()
            for word in ("present", "modulus", "poisson", "made_with")
        }

    def resume(self, found: Mapping[str, Any]) -> None:
        """Take up what `facts` gave."""
        for name, film in self._films.items():
            for word in ("present", "modulus", "poisson", "made_with"):
                getattr(film, word).value = float(found[f"{word} of {name}"])

    # -- results ------------------------------------------------------------------------------------------------

    def average(self, name: str, share: Any = 1.0) -> dict[str, float]:
        """Return means over a film, weighted with its thickness and a share. Collective.

        Args:
            name: of the film.
            share: UFL expression on the mesh, such as 1 within a part of the film.

        Returns:
            ``mean``: half the sum of both stresses in the film, Pa; ``von_mises``: the root of the mean square of
            the equivalent stress, Pa; ``volume``: m^3 (in a plane per metre).
        """
        if name in self._averages and isinstance(share, float):
            forms = self._averages[name]
        else:
            forms = {kind: compile_form(self._measures.integral(self._taken(kind, share), name)) for kind in KINDS}
            if isinstance(share, float):
                self._averages[name] = forms
        local = np.array([fem.assemble_scalar(form) for form in forms.values()])
        sums = dict(zip(forms, parallel.total(local, self._comm), strict=True))
        volume = float(sums["volume"])
        equivalent = float(np.sqrt(sums["square"] / volume))
        return {"mean": float(sums["mean"]) / volume, "von_mises": equivalent, "volume": volume}

    def _taken(self, kind: str, share: Any) -> Any:
        """Return the integrand of one of the sums behind `average`."""

        def integrand(layer: Layer, side: Side, normal: Any) -> Any:
            film = self._films[layer.name]
            strain = self._strain(self.displacement - film.at_birth, side, normal)
            free = self._middle(film.free_strain, side)
            stress = self._stress(film, strain, free, film.made_with, normal)
            if self._plane is None:
                trace, square = ufl.tr(stress[0]), ufl.inner(stress[0], stress[0])
            else:
                trace, square = stress[0] + stress[1], stress[0] ** 2 + stress[1] ** 2
            product = 0.5 * (trace**2 - square)
            value = {"mean": 0.5 * trace, "square": square - product, "volume": 1.0 + 0.0 * trace}[kind]
            return (share if isinstance(share, float) else side(share)) * value

        return integrand

    @property
    def _comm(self) -> Any:
        return self.displacement.function_space.mesh.comm
