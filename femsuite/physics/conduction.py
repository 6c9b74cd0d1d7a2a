"""The potential at a given temperature: one linear solve, and one more for each terminal that is fed by a current."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.conditions.terminal import Drive
from femsuite.physics.electric_current import ElectricCurrent
from femsuite.solve.assembly import assemble_matrix, compile_form, create_matrix, held_copy
from femsuite.solve.linear import LinearSolver
from femsuite.solve.monitor import Monitor
from femsuite.solve.norms import norm
from femsuite.solve.presets import coupled

_LINEAR = 1e-12  # relative, of the linear solves


class Conduction:
    """Solves ``R(V) = 0`` for a problem whose temperature stays, and holds what its operator needs.

    A terminal fed by a current has one potential U that is sought too: its condition is the sum of R over the
    terminal's rows. U is eliminated by one more solve with the same operator for each such terminal (a Schur complement
    of as many numbers).

    Args:
        current: the problem.
        preset: of the linear solver.
        monitor: collects records.
    """

    def __init__(self, current: ElectricCurrent, preset: str = "auto", monitor: Monitor | None = None) -> None:
        self.current, self.preset, self.monitor = current, preset, monitor
        self.share = 1.0
        """Factor on all drives: 1 but on the way to them."""
        self.fed: dict[str, np.ndarray] = {}
        """Terminals fed by a current -> their local unknowns, owned and ghost."""
        self.diagonal = 0.0
        """Norm of the operator's diagonal, S."""
        self._form: fem.Form | None = None
        self._full: Any = None
        self._prescribed = fem.Function(current.space)
        self._solver: LinearSolver | None = None
        self._stamp: Any = None
        self._kinds: tuple[Any, ...] = ()

    @property
    def drives(self) -> dict[str, Drive]:
        """The present drives, scaled by ``share``."""
        return {name: drive.times(self.share) for name, drive in self.current.drives.items()}

    @property
    def full(self) -> Any:
        """The operator dR/dV of the last `solver`, without boundary conditions."""
        assert self._full is not None
        return self._full

    def owned(self, dofs: np.ndarray) -> np.ndarray:
        """Return those of some local unknowns that this rank owns."""
        return dofs[dofs < self.current.owned_size]

    def hold(self) -> None:
        """Apply the drives: prescribed potentials, fed terminals, and conductors in which nothing flows. Collective.

        Raises:
            InputError: a current without a way out, a voltage without a way to another terminal.
        """
        current, drives = self.current, self.drives
        current.check_paths()
        for term in current.sheets:
            term.set(self.share)
        kinds = tuple((name, drive.kind) for name, drive in drives.items())
        if self._kinds != kinds:
            self.close()
            self._kinds = kinds
        self._prescribed.x.array[:] = 0.0
        for name, drive in drives.items():
            if drive.kind == "voltage":
                self._prescribed.x.array[current.dofs[name]] = drive.value
                current.potential.x.array[current.dofs[name]] = drive.value
        still = np.union1d(current.idle, current.adrift()).astype(np.int32)
        current.potential.x.array[still] = 0.0
        every = np.unique(np.concatenate([still, *current.dofs.values()])).astype(np.int32)
        self._bcs = [fem.dirichletbc(self._prescribed, every)]
        fed = {
            name: np.setdiff1d(current.dofs[name], still) for name, drive in drives.items() if drive.kind != "voltage"
        }
        flows = {name: parallel.anywhere(bool(dofs.size), current.comm) for name, dofs in fed.items()}
        self.fed = {name: dofs.astype(np.int32) for name, dofs in fed.items() if flows[name]}

    def solver(self) -> LinearSolver:
        """Return the linear solver with the operator at the present temperature."""
        current = self.current
        stamp = current.version
        if self._solver is None:
            self._solver = LinearSolver(
                current.space,
                "current",
                preset=coupled(self.preset, current.space.dofmap.index_map.size_global),
                symmetric=True,
                bcs=self._bcs,
                monitor=self.monitor,
            )
        if self._stamp != stamp:
            if self._form is None:
                self._form = compile_form(current.forms.current_by_potential())
                self._full = create_matrix(self._form)
            assemble_matrix(self.full, self._form)
            held = held_copy(self.full, self._solver.fixed_owned, self._solver.matrix)
            self.diagonal = norm(self.full.getDiagonal().array_r, current.comm)
            self._solver.set_operator(held, reuse_preconditioner=True)
            self._stamp = stamp
        return self._solver

    def renew(self) -> None:
        """Let the next `solver` have a preconditioner of its own entries."""
        if self._solver is not None:
            self._solver.wear(always=True)
        self._stamp = None

    def solve(self, rtol: float = _LINEAR) -> float:
        """Find the potential at the present temperature, after `hold`; returns the current that flows, A. Collective.

        Args:
            rtol: by how much the residual of the present potential falls.

        Raises:
            SolveError: a linear solve fails.
        """
        current = self.current
        current.refresh()
        if self._at_rest():
            current.potential.x.array[:] = 0.0
            return 0.0
        solver = self.solver()
        right = self.free(current.residual().copy())
        step = right.duplicate()
        step.set(0.0)
        solver.solve(right, step, rtol=rtol)
        columns = self._columns(solver)
        self._with_voltages(step, columns)
        current.potential.x.petsc_vec.axpy(-1.0, step)
        current.potential.x.scatter_forward()
        for one in (right, step, *columns.values()):
            one.destroy()
        into = sum(map(abs, current.currents().values()))
        return 0.5 * (into + sum(abs(ampere) for ampere, _ in current.sheet_totals().values()))

    def _at_rest(self) -> bool:
        """Return whether nothing drives a current: rounding is no current."""
        numbers = (term.numbers for term in self.current.sheets)
        return not any(drive.value for drive in self.drives.values()) and not any(
            float(one[key].value) for one in numbers for key in ("knee", "back")
        )

    def free(self, residual: Any) -> Any:
        """Return the same vector with zeros at the prescribed unknowns."""
        assert self._solver is not None
        residual.array[self._solver.fixed_owned] = 0.0
        return residual

    def mismatch(self) -> dict[str, float]:
        """Return by how much the current of each fed terminal differs from what it should be, A. Collective."""
        currents, drives = self.current.currents(), self.drives
        return {name: currents[name] - drives[name].value for name in self.fed}

    def sums(self, vector: Any) -> np.ndarray:
        """Return the sum of a vector over the rows of each fed terminal. Collective."""
        local = np.array([vector.array_r[self.owned(dofs)].sum() for dofs in self.fed.values()])
        return np.asarray(parallel.total(local, self.current.comm)) if self.fed else np.empty(0)

    def _columns(self, solver: LinearSolver) -> dict[str, Any]:
        """Return for each fed terminal the potential per volt of it, all other terminals at zero."""
        found = {}
        for name, dofs in self.fed.items():
            unit = self.current.residual().duplicate()  # with ghosts, as the solver wants them
            unit.set(0.0)
            unit.array[self.owned(dofs)] = 1.0
            right = unit.duplicate()
            self.full.mult(unit, right)
            self.free(right)
            answer = right.duplicate()
            answer.set(0.0)
            solver.solve(right, answer, rtol=_LINEAR)
            answer.aypx(-1.0, unit)
            found[name] = answer
            right.destroy()
            unit.destroy()
        return found

    def _with_voltages(self, step: Any, columns: Mapping[str, Any]) -> None:
        """Add to a correction made with all terminals held what the fed ones need for their currents."""
        if not columns:
            return
        product = self.full.createVecLeft()
        response = np.empty((len(columns), len(columns)))
        for place, column in enumerate(columns.values()):
            self.full.mult(column, product)
            response[:, place] = self.sums(product)
        self.full.mult(step, product)
        wanted = np.array(list(self.mismatch().values())) - self.sums(product)
        for change, column in zip(np.linalg.solve(response, wanted), columns.values(), strict=True):
            step.axpy(float(change), column)
        product.destroy()

    def close(self) -> None:
        """Free what belongs to the present kinds of drives."""
        if self._solver is not None:
            self._solver.close()
        self._solver, self._stamp = None, None
