"""Newton's method for the heat equation, with the operator and its factorisation kept as long as nothing changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from dolfinx import fem

from femsuite.errors import SolveError
from femsuite.physics.heat_coefficients import HeatCoefficients
from femsuite.physics.heat_forms import HeatForms
from femsuite.physics.heat_surfaces import HeldTemperatures, SurfaceTerm
from femsuite.solve.assembly import assemble_matrix, assemble_vector, compile_form, create_matrix
from femsuite.solve.linear import LinearSolver
from femsuite.solve.monitor import Monitor, NewtonRecord
from femsuite.solve.newton import Snapshot, solve_newton
from femsuite.solve.norms import maximum, norm
from femsuite.solve.presets import coupled

_TOLERANCE = 1e-9  # of the residual against loads, reactions and the residual at the start
_ROUNDING = 1e-14  # of the diagonal times the temperature: what double precision can reach
_LINEAR_RTOL = 1e-10  # a linear problem takes one solve


class Kept:
    """A Jacobian's form, matrix and solver, and the state of the coefficients its entries belong to."""

    def __init__(self, operator: HeatOperator, transient: bool, varies: bool, extra: bool) -> None:
        forms, bcs = operator.forms, operator.held.bcs

        def jacobian(space: fem.FunctionSpace) -> Any:
            form = forms.jacobian(transient, varies, space)
            return form + operator.extra(space) if extra and operator.extra is not None else form

        self.form = compile_form(jacobian(forms.space))
        self.matrix = create_matrix(self.form)
        self.stamp: tuple[Any, ...] | None = None
        self.diagonal = 0.0

        def coarse(space: fem.FunctionSpace, fixed: np.ndarray) -> Any:
            form = compile_form(jacobian(space))
            zero = [fem.dirichletbc(0.0, fixed, space)] if operator.held.surfaces else []
            return assemble_matrix(create_matrix(form), form, zero)

        unknowns = forms.space.dofmap.index_map.size_global
        self.solver = LinearSolver(
            forms.space,
            "heat",
            preset=operator.preset if operator.extra is None else coupled(operator.preset, unknowns),
            symmetric=not varies,
            bcs=bcs,
            coarse_operator=coarse,
            monitor=operator.monitor,
        )


class HeatOperator:
    """Solves ``F(T; v) = 0`` for one problem, steady or for one stage of a time step.

    Linear problems take one linear solve; as long as conductivity, film coefficients and time step stay as they are,
    further loads reuse the same factorisation.

    Args:
        forms: residual and Jacobian.
        coefficients: at quadrature points.
        held: prescribed temperatures.
        terms: surface conditions.
        preset: of the linear solver.
        monitor: collects records.
    """

    def __init__(
        self,
        forms: HeatForms,
        coefficients: HeatCoefficients,
        held: HeldTemperatures,
        terms: Sequence[SurfaceTerm],
        preset: str,
        monitor: Monitor | None,
    ) -> None:
        self.forms, self.held, self.preset, self.monitor = forms, held, preset, monitor
        self._coefficients, self._terms = coefficients, terms
        self._kept: dict[tuple[bool, bool, bool], Kept] = {}
        self.extra: Callable[[fem.FunctionSpace], Any] | None = None
        """Another physics' part of the Jacobian as UFL, on the unknown's space or a coarser one; see `prepared`."""
        self._residual: Any = None
        self._free: Any = None
        self._changes = 0
        self.storage: tuple[np.ndarray, np.ndarray, float] | None = None
        """(temperature at the step's start, known heat in J/m^3, tau in s) of the stage, None for steady; see
        `HeatCoefficients.refresh_storage`."""

    @property
    def rounding(self) -> float:
        """W: what the residuals of all unknowns may add up to by rounding alone; 0 before the first solve."""
        return self.floor() * math.sqrt(self.forms.space.dofmap.index_map.size_global)

    def residual(self) -> np.ndarray:
        """Evaluate coefficients and return the owned part of the residual vector (W) at the present temperature.

        Rows of prescribed unknowns hold the heat put in there. The array is overwritten by the next call.
        """
        self._coefficients.refresh()
        if self.storage is None:
            form = self.forms.residual_steady
        else:
            self._coefficients.refresh_storage(*self.storage)
            form = self.forms.residual_step
        self._residual = assemble_vector(form, self._residual)
        return self._residual.array

    def solve(self, time: float) -> NewtonRecord:
        """Run Newton's method from the present temperature.

        Raises:
            SolveError: when it does not converge; the temperature is then restored.
        """
        nodal = self.forms.temperature.x
        before = Snapshot({"temperature": nodal.array})
        self.held.apply(nodal.array)
        try:
            return self._newton(time)
        except SolveError:
            before.restore()
            raise

    def _newton(self, time: float) -> NewtonRecord:
        comm = self.forms.mesh.comm
        first: list[Any] = [self._free_residual()]
        reaction = norm(self._residual.array_r[self.held.owned], comm)
        scale = max(self.load_norm(), norm(first[0].array_r, comm), reaction)
        linear = not self._coefficients.varies and all(term.condition.linear for term in self._terms)
        ready = [self.prepared()]
        nodal = self.forms.temperature.x

        def residual() -> Any:
            return first.pop() if first else self._free_residual()

        def correct(right: Any, correction: Any, rtol: float, atol: float) -> None:
            kept = ready.pop() if ready else self.prepared()
            kept.solver.solve(right, correction, rtol=_LINEAR_RTOL if linear else rtol, atol=atol)

        return solve_newton(
            "heat",
            nodal.petsc_vec,
            residual,
            correct,
            scale=scale,
            rtol=_TOLERANCE,
            atol=self.floor(),
            time=time,
            monitor=self.monitor,
        )

    def load_norm(self) -> float:
        """Return the norm of the sources' load, W."""
        load = assemble_vector(self.forms.load)
        size = norm(load.array_r, self.forms.mesh.comm)
        load.destroy()
        return size

    def floor(self) -> float:
        """Return the norm of the residual (W) that rounding alone may leave; 0 before the first operator."""
        hottest = maximum(float(np.abs(self.forms.temperature.x.array).max(initial=0.0)), self.forms.mesh.comm)
        return _ROUNDING * max((kept.diagonal for kept in self._kept.values()), default=0.0) * hottest

    def _free_residual(self) -> Any:
        """Return the residual as a vector with zeros at the prescribed unknowns."""
        values = self.residual()
        if self._free is None:
            self._free = self._residual.duplicate()
        self._free.array[:] = values
        self._free.array[self.held.owned] = 0.0
        return self._free

    def prepared(self, extra: int | None = None) -> Kept:
        """Return the solver with the operator of the present temperature; nothing is done if it has not changed.

        Temperatures and time steps are near the ones before: the old preconditioner serves as long as that is cheaper.

        Args:
            extra: a number that changes with the entries of the part ``self.extra``; None leaves that part out.
        """
        key = (self.storage is not None, self._coefficients.varies, extra is not None)
        if key not in self._kept:
            self._kept[key] = Kept(self, *key)
        kept = self._kept[key]
        nonlinear = any(not term.condition.linear for term in self._terms)
        if nonlinear or key[1] or key[2]:
            self._changes += 1  # the entries follow the temperature: never the same twice
        stamp = (self._coefficients.version, self._changes, extra, *(term.stamp() for term in self._terms))
        if stamp != kept.stamp:
            assemble_matrix(kept.matrix, kept.form, self.held.bcs)
            kept.solver.set_operator(kept.matrix, reuse_preconditioner=True)
            kept.diagonal = norm(kept.matrix.getDiagonal().array_r, self.forms.mesh.comm)
            kept.stamp = stamp
        return kept
