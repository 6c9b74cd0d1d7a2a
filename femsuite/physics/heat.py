"""Heat conduction in the body: steady states, stages of time steps, balances and the flux."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from femsuite.conditions.heat_source import HeatSource
from femsuite.conditions.surface_heat import SurfaceHeat
from femsuite.conditions.temperature import FixedTemperature
from femsuite.errors import InputError
from femsuite.meshing.tagged import Selector, TaggedMesh, interface_name
from femsuite.physics import runaway
from femsuite.physics.coatings import Coatings
from femsuite.physics.electric_current import ElectricCurrent
from femsuite.physics.electrothermal import ElectrothermalOperator
from femsuite.physics.heat_balance import HeatBalance
from femsuite.physics.heat_coefficients import HeatCoefficients, ThermalMaterial, degrees, weight
from femsuite.physics.heat_flux import FluxRecovery
from femsuite.physics.heat_forms import HeatForms
from femsuite.physics.heat_operator import HeatOperator
from femsuite.physics.heat_surfaces import HeldTemperatures, surface_terms
from femsuite.physics.heat_transient import march
from femsuite.solve.assembly import compile_form
from femsuite.solve.monitor import Monitor, NewtonRecord
from femsuite.solve.norms import summed


class HeatProblem:
    """Find T with ``rho c(T) dT/dt = div(k(T) grad T) + p``, a diagonal k, and the conditions on its surfaces.

    Weak form: for all v that vanish where T is prescribed,

    ``integral rho c dT/dt v dx + integral k(T) grad T . grad v dx + sum integral q_out(T) v ds = integral p v dx``

    with ``q_out`` the outward flux of each film, radiation or flux condition (see `femsuite.conditions`).

    Args:
        tagged: mesh with named regions and surfaces.
        material: curves per cell, see `ThermalMaterial`.
        conditions: heat conditions, in the order of the study; a later fixed temperature overrides an earlier one.
        initial: temperature at time 0 and first guess of steady solves, K: one number, or nodal values' function of
            coordinates (3, n) -> (n,).
        order: 1 or 2, of the Lagrange elements.
        preset: of the linear solver.
        contacts: ``a|b``, which names the region of a contact layer -> (resistance in m^2 K/W, thickness in m): the
            layer's conductivity is thickness / resistance and it stores no heat.
        axisymmetric: 2D mesh in (r, z); all integrals carry ``2 pi r``.
        source_order: polynomial order of the power density in a cell, for `set_density`.
        coatings: films without cells: they conduct along themselves.
        monitor: collects the records of solves.

    Raises:
        InputError: when a selector matches nothing.
    """

    def __init__(
        self,
        tagged: TaggedMesh,
        material: ThermalMaterial,
        conditions: Sequence[Any] = (),
        *,
        initial: Any = 295.15,
        order: int = 2,
        preset: str = "auto",
        contacts: Mapping[str, tuple[float, float]] | None = None,
        axisymmetric: bool = False,
        source_order: int = 0,
        coatings: Coatings | None = None,
        monitor: Monitor | None = None,
    ) -> None:
        mesh = tagged.mesh
        if order not in (1, 2):
            raise InputError(f"the temperature's order is {order}; it can be 1 or 2")
        if axisymmetric and mesh.geometry.dim != 2:
            raise InputError(
                f"an axisymmetric heat problem needs a mesh in (r, z); this one has {mesh.geometry.dim} axes"
            )
        mesh.topology.create_connectivity(mesh.topology.dim - 1, mesh.topology.dim)
        self.tagged = tagged
        self.comm = mesh.comm
        self.monitor = monitor
        self.space = fem.functionspace(mesh, ("Lagrange", order))
        self.temperature = fem.Function(self.space, name="temperature")
        if callable(initial):
            self.temperature.interpolate(initial)
        else:
            self.temperature.x.array[:] = float(initial)
        conduction, storage, surface = degrees(mesh.basix_cell().name, order, axisymmetric)
        layers = [
            (tagged.cells(interface_name(*name.split("|"))), thickness / resistance)
            for name, (resistance, thickness) in (contacts or {}).items()
        ]
        self.coefficients = HeatCoefficients(self.temperature, material, conduction, storage, layers, coatings)
        self.conditions = list(conditions)
        self.held = HeldTemperatures(tagged, conditions, self.space)
        self.terms = surface_terms(tagged, conditions, weight(mesh, axisymmetric), surface)
        self._density = fem.Function(fem.functionspace(mesh, ("DG", source_order)), name="power_density")
        self._sources: dict[tuple[str, ...], HeatSource] = {}
        self.forms = HeatForms(self.temperature, self.coefficients, self._density, self.terms, axisymmetric, coatings)
        self._volumes = self._cell_volumes()
        self.operator: Any = HeatOperator(self.forms, self.coefficients, self.held, self.terms, preset, monitor)
        self.current: ElectricCurrent | None = None
        self.time = 0.0

    def couple(self, current: ElectricCurrent, preset: str = "auto") -> None:
        """Let a current flow through the body: from now on every solve finds its potential too, and its heat counts.

        Args:
            current: made with this problem's ``temperature``.
            preset: of the linear solver for the potential.
        """
        self.current = current
        self.operator = ElectrothermalOperator(self.operator, current, preset, self.monitor)

    # -- loads --------------------------------------------------------------------------------------------------

    def set_power(self, region: Selector, power: float) -> None:
        """Set the power released in a region, spread evenly over its meshed volume; other regions keep theirs.

        Args:
            region: selector of regions, taken together.
            power: W.

        Raises:
            InputError: when the selector matches nothing.
        """
        self.tagged.select_regions(region)
        regions = (region,) if isinstance(region, str) else tuple(region)
        self._sources[regions] = HeatSource.model_construct(region=regions, power=float(power))
        self._density.x.array[:] = 0.0
        dofs = self._density.function_space.dofmap.list
        for source in self._sources.values():
            cells = self.tagged.cells(source.region)
            owned = cells[cells < len(self._volumes)]
            volume = summed(float(self._volumes[owned].sum()), self.comm)
            self._density.x.array[dofs[cells]] += source.density(volume)

    @property
    def power(self) -> float:
        """The power of all sources, W."""
        return sum(source.power for source in self._sources.values())

    def set_density(self, density: Any) -> None:
        """Replace all sources by a power density in W/m^3, interpolated cell by cell to the order ``source_order``.

        Args:
            density: function of coordinates (3, n) -> (n,), or a `dolfinx.fem.Expression`.
        """
        self._sources = {}
        self._density.interpolate(density)

    def set_condition(self, index: int, condition: FixedTemperature | SurfaceHeat) -> None:
        """Replace the numbers of one condition without compiling anything: for calibration and sweeps.

        Args:
            index: place in ``conditions``.
            condition: of the same kind on the same surface.

        Raises:
            InputError: when kind or surface differ.
        """
        old = self.conditions[index]
        if type(old) is not type(condition) or old.surface != condition.surface:
            raise InputError(f"condition {index} can only be replaced by one of the same kind on the same surface")
        self.conditions[index] = condition
        place = sum(item.essential == old.essential for item in self.conditions[:index])
        if isinstance(condition, FixedTemperature):
            self.held.conditions[place] = condition
        else:
            self.terms[place].condition = condition

    def set_time(self, time: float) -> None:
        """Evaluate all conditions at a time (s)."""
        self.time = time
        for term in self.terms:
            term.set(time)
        self.held.set(time)

    # -- solves -------------------------------------------------------------------------------------------------

    def solve_steady(self, time: float = 0.0) -> NewtonRecord:
        """Solve for the steady temperature under the conditions at a time (s), from the present temperature.

        Raises:
            InputError: when no condition fixes the temperature's level.
            SolveError: when Newton's method does not converge; the temperature is then as before.
        """
        if not self.held.surfaces and all(term.condition.supplies for term in self.terms):
            raise InputError(
                "a steady temperature needs a condition that fixes its level: a temperature, a film or radiation"
            )
        self.set_time(time)
        self.operator.storage = None
        record = self.operator.solve(time) if self.current is None else runaway.solve_steady(self, time)
        self.books.restart()
        return record

    def march(
        self,
        duration: float,
        *,
        first_step: float,
        largest_change: float | None = None,
        tolerance: float | None = None,
        times: Sequence[float] = (),
    ) -> Iterator[float]:
        """Advance from the present temperature over a duration; yield each milestone (s) when it is reached.

        See `femsuite.physics.heat_transient.march`.
        """
        return march(self, duration, first_step, largest_change, tolerance, times)

    # -- results ------------------------------------------------------------------------------------------------

    @cached_property
    def _recovery(self) -> FluxRecovery:
        return FluxRecovery(self.temperature, self.coefficients)

    @cached_property
    def books(self) -> HeatBalance:
        """The bookkeeping behind `balance`."""
        return HeatBalance(self, self._recovery)

    def heat_flux(self) -> fem.Function:
        """Return ``-k grad T``, W/m^2, on discontinuous polynomials one order lower, at the present temperature."""
        return self._recovery.evaluate()

    def balance(self) -> dict[str, Any]:
        """Return where the heat goes; see `HeatBalance.report`."""
        return self.books.report()

    def _cell_volumes(self) -> np.ndarray:
        """Return the volume of every owned cell, m^3 (with the axisymmetric weight)."""
        space = fem.functionspace(self.tagged.mesh, ("DG", 0))
        form = compile_form(self.forms.weight * ufl.TestFunction(space) * ufl.dx(self.tagged.mesh))
        sums = fem.assemble_vector(form).array
        owned = self.tagged.mesh.topology.index_map(self.tagged.mesh.topology.dim).size_local
        return sums[space.dofmap.list[:owned, 0]]
