"""Where the heat goes: power in, power out through each surface, heat stored, and the recovered flux beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import ufl
from dolfinx import fem

from femsuite import parallel
from femsuite.physics.heat_flux import FluxRecovery
from femsuite.physics.heat_surfaces import SurfaceIntegral
from femsuite.solve.assembly import compile_form

if TYPE_CHECKING:
    from femsuite.physics.heat import HeatProblem


class HeatBalance:
    """The bookkeeping of one heat problem.

    Power out of a surface is exact for the discrete problem: the integral of the condition's own flux, or minus the
    sum of the residuals at prescribed unknowns. These close by algebra (up to the solver's tolerance). The integral of
    the recovered flux ``-k grad T . n`` does not; its gap falls with the mesh.

    Args:
        problem: whose temperature is looked at.
        recovery: of its flux.
    """

    def __init__(self, problem: HeatProblem, recovery: FluxRecovery) -> None:
        self._problem = problem
        mesh = problem.tagged.mesh
        self._comm = mesh.comm
        degree, weight = problem.forms.surface_degree, problem.forms.weight
        self._given = [
            SurfaceIntegral(mesh, weight * term.condition.outflow(problem.temperature, term.numbers), degree)
            for term in problem.terms
        ]
        self._facets = {name: problem.tagged.facets(name) for term in problem.terms for name in term.surfaces} | {
            name: problem.tagged.facets(name) for name in problem.held.surfaces if "|" not in name
        }
        self._normal_flux = SurfaceIntegral(mesh, weight * ufl.inner(recovery.function, ufl.FacetNormal(mesh)), degree)
        self._recovery = recovery
        self._load = compile_form(problem.forms.load_total)
        self._stored: fem.Form | None = None
        self.energies = {"in": 0.0, "out": 0.0, "stored": 0.0}
        """J since the last `restart`, filled by `account`."""

    def power(self) -> dict[str, Any]:
        """Return the powers at the present temperature, W; call it after a solve.

        Returns:
            ``in`` (sources, currents, given fluxes), ``out`` (through all other surfaces), ``stored`` (rate within a
            stage, 0 when steady) and ``surfaces``: name -> power out through it, given fluxes counting negative.
        """
        problem = self._problem
        residual = problem.operator.residual()
        surfaces = {name: -value for name, value in problem.held.sums(residual).items()}
        stored = 0.0
        if problem.operator.storage is not None:
            self._stored = self._stored or compile_form(problem.forms.storage_total)
            stored = fem.assemble_scalar(self._stored)
        shares = [
            (name, term.condition.supplies, integral.over(self._facets[name]))
            for term, integral in zip(problem.terms, self._given, strict=True)
            for name in term.surfaces
        ]
        local = np.array([fem.assemble_scalar(self._load), stored, *(share for _, _, share in shares)])
        load, stored, *sums = parallel.total(local, self._comm)
        given = 0.0
        for (name, supplies, _), value in zip(shares, sums, strict=True):
            surfaces[name] = surfaces.get(name, 0.0) + float(value)
            given -= float(value) if supplies else 0.0
        out = sum(surfaces.values()) + given
        joule = problem.current.dissipated() if problem.current is not None else 0.0
        return {"in": float(load) + joule + given, "out": out, "stored": float(stored), "surfaces": surfaces}

    def restart(self) -> None:
        """Forget the energies: a new transient begins."""
        self.energies = dict.fromkeys(self.energies, 0.0)

    def account(self, powers: Sequence[tuple[float, dict[str, Any]]]) -> None:
        """Add the energies of an accepted step: (seconds, result of `power`) of each of its stages."""
        for seconds, power in powers:
            for key in self.energies:
                self.energies[key] += seconds * power[key]

    def report(self) -> dict[str, Any]:
        """Return the balance at the present temperature.

        Returns:
            ``power_in``, ``power_out``, ``power_stored`` (W); ``energy_in``, ``energy_out``, ``energy_stored`` (J, of
            the last transient, else 0); ``heat``: what does not close, as a share of the heat that flows;
            ``surfaces``: name -> ``{"out": W, "recovered": W}`` with the integral of the recovered flux;
            ``recovered``: the sum of the gaps between the two, as a share of the heat that flows; ``flowing``: the
            heat that flows, W; and ``rounding``: the part of it that rounding may make up, W.
        """
        problem, power = self._problem, self.power()
        surfaces = power["surfaces"]
        flowing = max(abs(power["in"]), abs(power["stored"]), 0.5 * sum(map(abs, surfaces.values())))
        flux = self._recovery.evaluate()
        assert flux is self._recovery.function
        names = [name for name in surfaces if name in self._facets]
        local = np.array([self._normal_flux.over(self._facets[name]) for name in names])
        recovered = dict(zip(names, parallel.total(local, self._comm), strict=True)) if names else {}
        gap = sum(abs(surfaces[name] - value) for name, value in recovered.items())
        open_end = power["in"] - power["out"] - power["stored"]
        energies = self.energies
        moved = max(abs(value) for value in energies.values())
        lost = energies["in"] - energies["out"] - energies["stored"]
        return {
            "power_in": power["in"],
            "power_out": power["out"],
            "power_stored": power["stored"],
            **{f"energy_{key}": value for key, value in energies.items()},
            "heat": max(_share(open_end, flowing), _share(lost, moved)),
            "surfaces": {name: {"out": surfaces[name], "recovered": float(recovered[name])} for name in names},
            "recovered": _share(gap, flowing),
            "flowing": flowing,
            "rounding": problem.operator.rounding,
        }


def _share(part: float, whole: float) -> float:
    return abs(part) / whole if whole > 0.0 else 0.0
