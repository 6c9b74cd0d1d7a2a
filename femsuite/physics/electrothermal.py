"""Current and heat together: Newton's method on both, with terminals fed by a voltage or by a total current."""

from __future__ import annotations

from typing import Any

import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.errors import SolveError
from femsuite.physics.conduction import Conduction
from femsuite.physics.electric_current import ElectricCurrent
from femsuite.physics.heat_operator import HeatOperator
from femsuite.solve.assembly import assemble_matrix, compile_form, create_matrix, plain_vector
from femsuite.solve.coupled import CoupledSolver
from femsuite.solve.monitor import Monitor, NewtonRecord
from femsuite.solve.newton import Snapshot, solve_newton
from femsuite.solve.norms import maximum, norm

NAME = "current and heat"
_TOLERANCE = 1e-11  # of the current that flows and of the power, so that currents add up to 1e-10 and powers to 1e-8
_POLISH = 1e-4  # of what the iteration left of the current's residual
_ROUNDING = 3e-16  # of the diagonal times the potential
_RESPONSE = 1e-6  # of the solves for the response to a terminal's voltage


class ElectrothermalOperator:
    """Solves ``R(V, T) = 0`` and ``F(T) - Q(V, T) = 0`` for one problem, steady or for one stage of a time step.

    It takes the place of `HeatOperator`. Newton's matrix is whole; terminals fed by a current are treated as in
    `Conduction`.

    Args:
        heat: the heat equation alone.
        current: the potential.
        preset: of the linear solver for the potential.
        monitor: collects records.
    """

    def __init__(self, heat: HeatOperator, current: ElectricCurrent, preset: str, monitor: Monitor | None) -> None:
        self.heat, self.current, self.monitor = heat, current, monitor
        self.conduction = Conduction(current, preset, monitor)
        heat.extra = lambda space: -1.0 * current.forms.heat_by_temperature(space)
        self._blocks: dict[str, tuple[fem.Form, Any]] = {}
        self._coupled: CoupledSolver | None = None
        self._scales = (1.0, 1.0)

    # -- what the heat problem asks of its operator -------------------------------------------------------------

    @property
    def storage(self) -> Any:
        """As of `HeatOperator`."""
        return self.heat.storage

    @storage.setter
    def storage(self, value: Any) -> None:
        self.heat.storage = value

    @property
    def rounding(self) -> float:
        """As of `HeatOperator`."""
        return self.heat.rounding

    def residual(self) -> np.ndarray:
        """Return the owned part of ``F(T) - Q(V, T)``, W, at the present fields; overwritten by the next call."""
        self.current.refresh()
        values = self.heat.residual()
        values -= self.current.heat_load().array_r
        return values

    def solve(self, time: float) -> NewtonRecord:
        """Run Newton's method from the present temperature and potential.

        Raises:
            InputError: a current without a way out, a voltage without a way to another terminal.
            SolveError: when it does not converge; temperature and potential are then restored.
        """
        temperature, potential = self.heat.forms.temperature.x.array, self.current.potential.x.array
        before = Snapshot({"temperature": temperature, "potential": potential})
        self.heat.held.apply(temperature)
        try:
            self.conduction.hold()
            return self._newton(time)
        except SolveError:
            before.restore()
            raise

    # -- Newton's method ----------------------------------------------------------------------------------------

    def _newton(self, time: float) -> NewtonRecord:
        current, heat = self.current, self.heat
        flowing = self.conduction.solve()
        if flowing == 0.0:
            return heat.solve(time)
        self._scales = (flowing, self._power_scale())
        unknown = plain_vector(current.owned_size + self._heat_size, current.comm)
        unknown.array[:] = np.concatenate(
            [current.potential.x.array[: current.owned_size], heat.forms.temperature.x.array[: self._heat_size]]
        )
        result = unknown.duplicate()
        highest = maximum(float(np.abs(current.potential.x.array).max(initial=0.0)), current.comm)
        floor = _ROUNDING * self.conduction.diagonal * highest / flowing + heat.floor() / self._scales[1]

        def residual() -> Any:
            self._write(unknown)
            self._evaluate(result)
            return result

        try:
            record = solve_newton(
                NAME,
                unknown,
                residual,
                self._correct,
                scale=1.0,
                rtol=_TOLERANCE,
                atol=floor,
                time=time,
                monitor=self.monitor,
            )
        finally:
            self._write(unknown)
            unknown.destroy()
            result.destroy()
        self.conduction.solve(_POLISH)  # residuals of many unknowns add up: the currents shall to rounding
        return record

    @property
    def _heat_size(self) -> int:
        return int(self.heat.forms.space.dofmap.index_map.size_local)

    def _power_scale(self) -> float:
        values = self.heat.residual()
        reaction = norm(values[self.heat.held.owned], self.current.comm)
        return max(abs(self.current.dissipated()), reaction, self.heat.load_norm())

    def _write(self, unknown: Any) -> None:
        potential, temperature = self.current.potential.x, self.heat.forms.temperature.x
        potential.array[: self.current.owned_size] = unknown.array_r[: self.current.owned_size]
        temperature.array[: self._heat_size] = unknown.array_r[self.current.owned_size :]
        potential.scatter_forward()
        temperature.scatter_forward()

    def _evaluate(self, result: Any) -> None:
        """Write the residuals of both fields over their scales; a fed terminal's first row holds its mismatch."""
        warm = self.residual().copy()
        warm[self.heat.held.owned] = 0.0
        wrongs = self.conduction.mismatch()
        electric = self.conduction.free(self.current.residual()).array
        for name, wrong in wrongs.items():
            owned = self.conduction.owned(self.conduction.fed[name])
            ranks = parallel.gather(bool(owned.size), self.current.comm)
            if owned.size and ranks.index(True) == self.current.comm.rank:
                electric[owned[0]] = wrong
        result.array[:] = np.concatenate([electric / self._scales[0], warm / self._scales[1]])

    def _block(self, name: str, build: Any) -> Any:
        """Assemble a block without boundary conditions; the form is compiled once."""
        if name not in self._blocks:
            form = compile_form(build())
            self._blocks[name] = (form, create_matrix(form))
        form, matrix = self._blocks[name]
        return assemble_matrix(matrix, form)

    def _correct(self, right: Any, correction: Any, rtol: float, atol: float) -> None:
        forms = self.current.forms
        coupled = self._prepared()
        coupled.B = self._block("VT", forms.current_by_temperature) if self.current.varies else None
        coupled.C = self._block("TV", lambda: -1.0 * forms.heat_by_potential())
        free = right.copy()
        for dofs in self.conduction.fed.values():
            free.array[self.conduction.owned(dofs)] = 0.0
        try:
            coupled.solve(free, correction, rtol, 0.5 * atol)
        except SolveError:  # factors of earlier entries may be to blame: once more with those of the present
            coupled.second.wear(always=True)
            self.conduction.renew()
            self._prepared().solve(free, correction, rtol, 0.5 * atol)
        if self.conduction.fed:
            self._feed(coupled, correction, rtol)
        free.destroy()

    def _prepared(self) -> CoupledSolver:
        """Return the coupled solver with both diagonal blocks of the present fields."""
        first = self.conduction.solver()
        second = self.heat.prepared(self.current.version if self.current.varies else None).solver
        if self._coupled is None or self._coupled.second is not second or self._coupled.first is not first:
            if self._coupled is not None:
                self._coupled.close()
            self._coupled = CoupledSolver(NAME, first, second, self.monitor)
        self._coupled.scales = self._scales
        return self._coupled

    # -- terminals fed by a current -----------------------------------------------------------------------------

    def _feed(self, coupled: CoupledSolver, correction: Any, rtol: float) -> None:
        """Add the voltages of the fed terminals to a correction made with them held."""
        columns, sums = [], []
        for dofs in self.conduction.fed.values():
            unit = correction.duplicate()
            unit.set(0.0)
            unit.array[self.conduction.owned(dofs)] = 1.0
            right, answer = correction.duplicate(), correction.duplicate()
            coupled.multiply(unit, right, self.conduction.full)
            coupled.solve(right, answer, min(rtol, _RESPONSE), 0.0)
            answer.aypx(-1.0, unit)
            columns.append(answer)
            sums.append(self._reaction(coupled, answer))
            unit.destroy()
            right.destroy()
        wanted = np.array(list(self.conduction.mismatch().values())) - self._reaction(coupled, correction)
        for change, column in zip(np.linalg.solve(np.array(sums).T, wanted), columns, strict=True):
            correction.axpy(float(change), column)
            column.destroy()

    def _reaction(self, coupled: CoupledSolver, change: Any) -> np.ndarray:
        """Return the change of each fed terminal's current that goes with a change of the fields, A."""
        electric = coupled.first_rows(change, self.conduction.full)
        sums = self.conduction.sums(electric)
        electric.destroy()
        return sums
