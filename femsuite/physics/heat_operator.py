"""Newton's method for the heat equation, with the operator and its factorisation kept as long as nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.errors import SolveError
from femsuite.physics.heat_coefficients import HeatCoefficients
from femsuite.physics.heat_forms import HeatForms
from femsuite.physics.heat_surfaces import HeldTemperatures, SurfaceTerm
from femsuite.solve.assembly import assemble_matrix, assemble_vector, compile_form, create_matrix
from femsuite.solve.linear import LinearSolver
from femsuite.solve.monitor import Monitor, NewtonRecord
from femsuite.solve.norms import norm

_TOLERANCE = 1e-9  # of the residual against loads, reactions and the residual at the start
_ROUNDING = 1e-12  # of the diagonal times the temperature: what double precision can reach
_MOST_ITERATIONS = 30
_LINEAR_RTOL = 1e-10
_INEXACT_RTOL = 1e-5  # enough where Newton goes on anyway
_SMALLEST_DAMPING = 1.0 / 16.0


class _Kept:
    """A Jacobian's form, matrix and solver, and the state of the coefficients its entries belong to."""

    def __init__(self, operator: HeatOperator, transient: bool, varies: bool) -> None:
        forms, bcs = operator.forms, operator.held.bcs
        self.form = compile_form(forms.jacobian(transient, varies))
        self.matrix = create_matrix(self.form)
        self.stamp: tuple[Any, ...] | None = None
        self.diagonal = 0.0

        def coarse(space: fem.FunctionSpace, fixed: np.ndarray) -> Any:
            form = compile_form(forms.jacobian(transient, varies, space))
            zero = [fem.dirichletbc(0.0, fixed, space)] if operator.held.surfaces else []
            return assemble_matrix(create_matrix(form), form, zero)

        self.solver = LinearSolver(
            forms.space,
            "heat",
            preset=operator.preset,
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
        self._kept: dict[tuple[bool, bool], _Kept] = {}
        self._residual: Any = None
        self._right: Any = None
        self._change: Any = None
        self._changes = 0
        self.storage: tuple[np.ndarray, np.ndarray, float] | None = None
        """(nodal temperatures at the step's start, known heat J/m^3, tau in s) of the stage, None for steady."""

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
        start = nodal.array.copy()
        self.held.apply(nodal.array)
        try:
            record = self._newton(time)
        except SolveError:
            nodal.array[:] = start
            raise
        if self.monitor is not None:
            self.monitor.record(record)
        return record

    def _newton(self, time: float) -> NewtonRecord:
        load = assemble_vector(self.forms.load)
        load_norm = norm(load.array_r, self.forms.mesh.comm)
        load.destroy()
        free, reaction = self._norms()
        history = [free]
        linear = not self._coefficients.varies and all(term.condition.linear for term in self._terms)
        kept = self._prepared(fresh=True)
        while True:
            scale = max(load_norm, history[0], reaction)
            if free <= max(_TOLERANCE * scale, _ROUNDING * self._hottest() * kept.diagonal):
                break
            if len(history) > _MOST_ITERATIONS or not np.isfinite(free):
                raise SolveError(self._sentence(time, history, scale))
            if len(history) > 1:
                kept = self._prepared(fresh=False)
            correction = self._correction(kept, _LINEAR_RTOL if linear else _INEXACT_RTOL)
            free, reaction = self._damped(correction, free)
            history.append(free)
        shares = tuple(value / scale if scale > 0.0 else value for value in history)
        return NewtonRecord("heat", len(history) - 1, shares, "converged", time)

    def _norms(self) -> tuple[float, float]:
        """Return the norms of the residual over the free and over the prescribed unknowns, W."""
        values = self.residual().copy()
        reactions = values[self.held.owned]
        values[self.held.owned] = 0.0  # the difference of two squares would lose the small residuals
        squares = parallel.total(np.array([values @ values, reactions @ reactions]), self.forms.mesh.comm)
        return float(np.sqrt(squares[0])), float(np.sqrt(squares[1]))

    def _hottest(self) -> float:
        nodal = self.forms.temperature.x.array
        return parallel.largest(np.array([np.abs(nodal).max(initial=0.0)]), self.forms.mesh.comm)[0]

    def _prepared(self, fresh: bool) -> _Kept:
        """Return the solver with the operator of the present temperature; nothing is done if it has not changed."""
        key = (self.storage is not None, self._coefficients.varies)
        if key not in self._kept:
            self._kept[key] = _Kept(self, *key)
        kept = self._kept[key]
        nonlinear = any(not term.condition.linear for term in self._terms)
        if nonlinear or key[1]:
            self._changes += 1  # the entries follow the temperature: never the same twice
        stamp = (self._coefficients.version, self._changes, *(term.stamp() for term in self._terms))
        if stamp != kept.stamp:
            assemble_matrix(kept.matrix, kept.form, self.held.bcs)
            kept.solver.set_operator(kept.matrix, reuse_preconditioner=not fresh)
            kept.diagonal = norm(kept.matrix.getDiagonal().array_r, self.forms.mesh.comm)
            kept.stamp = stamp
        return kept

    def _correction(self, kept: _Kept, rtol: float) -> np.ndarray:
        """Return the Newton correction at the owned unknowns, K, from the residual evaluated last."""
        if self._right is None:
            self._right, self._change = kept.matrix.createVecRight(), self._residual.duplicate()
        self._right.array[:] = -self._residual.array_r
        self._right.array[self.held.owned] = 0.0
        self._change.set(0.0)
        kept.solver.solve(self._right, self._change, rtol=rtol)
        return self._change.array_r.copy()

    def _damped(self, correction: np.ndarray, before: float) -> tuple[float, float]:
        """Add the correction, halved until the residual falls; return the norms of the residual."""
        nodal = self.forms.temperature.x
        owned, start, damping = len(correction), nodal.array.copy(), 1.0
        while True:
            nodal.array[:owned] = start[:owned] + damping * correction
            nodal.scatter_forward()
            free, reaction = self._norms()
            if (np.isfinite(free) and free < before) or damping <= _SMALLEST_DAMPING:
                return free, reaction
            damping *= 0.5

    def _sentence(self, time: float, history: list[float], scale: float) -> str:
        share = history[-1] / scale if scale > 0.0 else history[-1]
        return (
            f"heat at {time:g} s: Newton's method did not converge in {len(history) - 1} iterations; the residual is "
            f"{share:.2e} of the loads. Apply the power in smaller steps, or check the conductivity's curve at these "
            "temperatures."
        )
