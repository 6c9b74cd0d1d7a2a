"""Steady electric current through the conductors of a body, at a given temperature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from dolfinx import fem, la

from femsuite import parallel
from femsuite.conditions.sheet import Sheet
from femsuite.conditions.terminal import Drive, Terminal
from femsuite.errors import Fault, InputError
from femsuite.material import Material
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.coatings import Coatings, NodalProperty, facet_nodes
from femsuite.physics.current_forms import CurrentForms, sheet_terms
from femsuite.physics.current_paths import components, touched
from femsuite.physics.facet_sets import FacetSets
from femsuite.physics.heat_coefficients import weight
from femsuite.physics.quadrature import PointFunction, Points, discontinuous
from femsuite.solve.assembly import assemble_vector, compile_form

OPEN = Drive("current", 0.0)
"""A terminal that nothing feeds."""


def _film_conductivity(material: Material, temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    resistivity = material.property("electrical_resistivity")
    value = 1.0 / resistivity(temperature)
    return value, -resistivity.derivative(temperature) * value**2


class ElectricMaterial(Protocol):
    """What a current asks of the materials."""

    def conductivity(self, temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return conductivity, S/m, and its derivative by temperature, S/(m K); K and results (cells, points)."""


class ElectricCurrent:
    """Find V with ``div(sigma(T) grad V) = 0`` in the conductors, their outside insulated but for terminals and sheets.

    Args:
        tagged: mesh with named regions and surfaces.
        material: conductivity per cell.
        conductors: local cells that carry current, owned and ghost.
        temperature: T, K, a Lagrange function whose values the conductivity follows.
        terminals: by name.
        sheets: by name.
        layers: (cells, conductivity in S/m) of contact layers, which replace the material's.
        order: of the Lagrange elements.
        axisymmetric: 2D mesh in (r, z).
        coatings: films without cells.
        carriers: those of them that carry current.
        sets: ``forms.sets`` of the heat problem that the current is coupled to.

    Raises:
        InputError: a selector matches nothing, a terminal or sheet touches no conductor, two terminals share a face.
    """

    def __init__(
        self,
        tagged: TaggedMesh,
        material: ElectricMaterial,
        conductors: np.ndarray,
        temperature: fem.Function,
        terminals: Mapping[str, Terminal],
        sheets: Mapping[str, Sheet] | None = None,
        *,
        layers: Sequence[tuple[np.ndarray, float]] = (),
        order: int = 2,
        axisymmetric: bool = False,
        coatings: Coatings | None = None,
        carriers: Sequence[str] = (),
        sets: FacetSets | None = None,
    ) -> None:
        mesh = tagged.mesh
        self.tagged, self.comm, self.temperature = tagged, mesh.comm, temperature
        mesh.topology.create_connectivity(mesh.topology.dim - 1, mesh.topology.dim)
        self.space = fem.functionspace(mesh, ("Lagrange", order))  # its own object: blocks tell it from T's
        self.potential = fem.Function(self.space, name="potential")
        self._material, self._layers, self.cells = material, list(layers), conductors
        degree = 2 * order + int(axisymmetric)
        self.points = Points(mesh, degree)
        self.conductivity, self.slope = PointFunction(self.points), PointFunction(self.points)
        self.version = 0
        """Rises whenever the conductivity or a sheet's resistance has changed, on all ranks together."""
        self.varies = any(one.coefficient for one in (sheets or {}).values())
        """Whether conductivity or sheets follow the temperature."""
        self._sheets_vary = self.varies
        self.sheets = sheet_terms(tagged, sheets or {})
        self.films: NodalProperty | None = None
        """Conductivity of the films that carry current, S/m; None without any."""
        film_facets = np.empty(0, dtype=np.int32)
        if coatings is not None and carriers:
            # The temperature's space carries the films' conductivity: it is as smooth as the temperature.
            self.films = NodalProperty(coatings, temperature.function_space, _film_conductivity, carriers)
            film_facets = np.unique(np.concatenate([one.facets for one in coatings.layers if one.name in carriers]))
        self._film_nodes = facet_nodes(self.space, film_facets)
        self.forms = CurrentForms(
            tagged,
            self.potential,
            temperature,
            self.conductivity,
            self.slope,
            conductors,
            self.sheets,
            weight(mesh, axisymmetric),
            2 * order + 2,
            self.films,
            coatings,
            sets,
        )
        self.terminals = dict(terminals)
        self.drives = {name: one.drive or OPEN for name, one in terminals.items()}
        self.idle = self._idle()
        self.dofs = self._terminal_dofs()
        self._parts = components(self.space, [self.space.dofmap.list[conductors], self._film_nodes])
        self._residual: Any = None
        self._heat: Any = None

    # -- where ------------------------------------------------------------------------------------------------

    @property
    def owned_size(self) -> int:
        """Number of unknowns that this rank owns."""
        return int(self.space.dofmap.index_map.size_local)

    def _idle(self) -> np.ndarray:
        """Return the local unknowns (owned and ghost) that no conducting cell or film of any rank touches."""
        used = fem.Function(self.space)
        used.x.array[np.unique(self._film_nodes)] = 1.0
        used.x.array[np.unique(self.space.dofmap.list[self.cells])] = 1.0
        used.x.scatter_reverse(la.InsertMode.add)
        used.x.scatter_forward()
        return np.flatnonzero(used.x.array == 0.0).astype(np.int32)

    def _terminal_dofs(self) -> dict[str, np.ndarray]:
        found: dict[str, np.ndarray] = {}
        faults = []
        taken: dict[int, str] = {}
        for name, terminal in self.terminals.items():
            facets = self.tagged.facets(terminal.surface)
            dofs = fem.locate_dofs_topological(self.space, self.tagged.mesh.topology.dim - 1, facets)
            found[name] = np.setdiff1d(dofs, self.idle).astype(np.int32)
            if not parallel.anywhere(bool(found[name].size), self.comm):
                sentence = f"the terminal '{name}' ({', '.join(terminal.surface)}) touches no region that conducts"
                faults.append(Fault(sentence, key=f"electric.terminals.{name}.surface"))
            shared = {taken[dof] for dof in found[name].tolist() if dof in taken}
            shared = set().union(*parallel.gather(shared, self.comm))
            if shared:
                sentence = f"the terminals '{name}' and '{min(shared)}' touch: between them there is no resistance"
                faults.append(Fault(sentence, key=f"electric.terminals.{name}.surface"))
            taken |= dict.fromkeys(found[name].tolist(), name)
        if faults:
            raise InputError(*faults)
        return found

    @cached_property
    def _sheet_dofs(self) -> dict[str, np.ndarray]:
        dimension = self.tagged.mesh.topology.dim - 1
        found = {}
        for term in self.sheets:
            facets = np.sort(np.concatenate([term.outer, term.inner]))
            found[term.name] = fem.locate_dofs_topological(self.space, dimension, facets)
        return found

    @cached_property
    def _touched(self) -> dict[str, set[int]]:
        return touched(self._parts, self.dofs | self._sheet_dofs, self.space)

    def check_paths(self) -> None:
        """Raise what is wrong with the paths of the present drives. Collective.

        Raises:
            InputError: a current has no way out, or a voltage no way to another terminal or sheet.
        """
        faults = []
        fixing = [name for name, drive in self.drives.items() if drive.kind == "voltage"]
        fixing += [term.name for term in self.sheets]
        for name, drive in self.drives.items():
            parts = self._touched[name]
            others = [one for one in (*self.drives, *self._sheet_dofs) if one != name]
            reached = [one for one in others if self._touched[one] & parts]
            ends = [one for one in reached if one in fixing]
            key = f"electric.terminals.{name}"
            if drive.kind == "current" and drive.value and not ends:
                far = ", ".join(f"'{one}'" for one in fixing if one != name) or "none"
                sentence = (
                    f"the terminal '{name}' gives {drive}, and no conductor leads from it to a terminal held at a "
                    f"voltage or to a sheet (the study has {far})"
                )
                faults.append(Fault(sentence, key=key))
            elif drive.kind == "voltage" and others and not reached:
                missed = ", ".join(f"'{one}'" for one in others)
                sentence = f"there is no path of conductors between the terminal '{name}' and {missed}"
                faults.append(Fault(sentence, key=key))
        if faults:
            raise InputError(*faults)

    def adrift(self) -> np.ndarray:
        """Return the local unknowns of conductors that nothing holds at a potential: no current flows in them."""
        fixing = {name for name, drive in self.drives.items() if drive.kind == "voltage"}
        fixing |= {term.name for term in self.sheets}
        held: set[int] = set().union(*(self._touched[name] for name in fixing)) if fixing else set()
        return np.flatnonzero((self._parts >= 0) & ~np.isin(self._parts, sorted(held))).astype(np.int32)

    # -- at a temperature ---------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Evaluate the conductivity at the present temperature."""
        value, slope = self._material.conductivity(self.points.values(self.temperature))
        for cells, layer in self._layers:
            value[cells], slope[cells] = layer, 0.0
        inside = np.zeros(len(value), dtype=bool)
        inside[self.cells] = True
        value[~inside], slope[~inside] = 0.0, 0.0
        filmed, follows = (False, False) if self.films is None else self.films.refresh(self.temperature)
        changed = filmed or not np.array_equal(self.conductivity.values(), value)
        if changed:
            self.conductivity.fill(value)
        self.slope.fill(slope)
        self.varies = self._sheets_vary or parallel.anywhere(bool(np.any(slope)) or follows, self.comm)
        self.version += int(parallel.anywhere(changed or self._sheets_vary, self.comm))

    @cached_property
    def _residual_form(self) -> fem.Form:
        return compile_form(self.forms.current())

    @cached_property
    def _heat_form(self) -> fem.Form:
        return compile_form(self.forms.heat())

    def residual(self) -> Any:
        """Return R at the present potential as a vector, A: current out of each unknown's share of the body.

        Rows of terminals hold the current that they feed in. The vector is overwritten by the next call.
        """
        self._residual = assemble_vector(self._residual_form, self._residual)
        return self._residual

    def heat_load(self) -> Any:
        """Return Q at the present potential as a vector, W; overwritten by the next call."""
        self._heat = assemble_vector(self._heat_form, self._heat)
        return self._heat

    # -- results ------------------------------------------------------------------------------------------------

    def currents(self) -> dict[str, float]:
        """Return the current that each terminal feeds in, A, at the present potential. Collective."""
        values = self.residual().array_r
        owned = {name: dofs[dofs < self.owned_size] for name, dofs in self.dofs.items()}
        local = np.array([values[dofs].sum() for dofs in owned.values()])
        return dict(zip(owned, map(float, parallel.total(local, self.comm)), strict=True)) if owned else {}

    def voltages(self) -> dict[str, float]:
        """Return the potential of each terminal, V. Collective."""
        array = self.potential.x.array
        local = np.array([array[dofs].max(initial=-np.inf) for dofs in self.dofs.values()])
        return dict(zip(self.dofs, map(float, parallel.largest(local, self.comm)), strict=True)) if self.dofs else {}

    @cached_property
    def _sheet_forms(self) -> dict[str, tuple[fem.Form, fem.Form]]:
        return {
            term.name: (self.forms.sheet_current(term.name), self.forms.sheet_heat(term.name)) for term in self.sheets
        }

    def sheet_totals(self) -> dict[str, tuple[float, float]]:
        """Return for each sheet the current into it, A, and the power that it gives off, W. Collective."""
        forms = [form for pair in self._sheet_forms.values() for form in pair]
        local = np.array([fem.assemble_scalar(form) for form in forms])
        values = parallel.total(local, self.comm).reshape(-1, 2) if forms else np.empty((0, 2))
        return {name: (float(a), float(w)) for name, (a, w) in zip(self._sheet_forms, values, strict=True)}

    def dissipated(self) -> float:
        """Return the power of all conductors and sheets, W, at the present potential. Collective."""
        joule = float(parallel.total(np.array([fem.assemble_scalar(self.forms.joule_total)]), self.comm)[0])
        return joule + sum(watts for _, watts in self.sheet_totals().values())

    def current_density(self) -> fem.Function:
        """Return ``-sigma grad V``, A/m^2, fitted cell by cell one order lower than V; zero in insulators."""
        gradient = self.points.gradients(self.potential)[:, :, 0, :]
        density = -self.conductivity.values()[..., None] * gradient
        return discontinuous(self.points, density, self.space.element.basix_element.degree - 1, "current_density")

    def joule_heat(self) -> fem.Function:
        """Return ``sigma |grad V|^2``, W/m^3, likewise."""
        gradient = self.points.gradients(self.potential)[:, :, 0, :]
        power = self.conductivity.values() * (gradient**2).sum(axis=2)
        order = self.space.element.basix_element.degree - 1
        return discontinuous(self.points, power[..., None], order, "joule_heat")

    def balance(self) -> dict[str, float]:
        """Return what does not close, as shares. Collective.

        Returns:
            ``current``: the sum of what terminals feed in and sheets take, against what flows; ``electric_power``: what
            the terminals put in minus what goes into the sheets' backs minus what is given off, against the power;
            ``flowing``: A.
        """
        currents, voltages, sheets = self.currents(), self.voltages(), self.sheet_totals()
        into = sum(currents.values())
        away = sum(ampere for ampere, _ in sheets.values())
        flowing = 0.5 * (sum(map(abs, currents.values())) + sum(abs(ampere) for ampere, _ in sheets.values()))
        backs = {term.name: float(term.numbers["back"].value) for term in self.sheets}
        put_in = sum(currents[name] * voltages[name] for name in currents)
        put_in -= sum(backs[name] * ampere for name, (ampere, _) in sheets.items())
        given_off = self.dissipated()
        return {
            "current": abs(into - away) / flowing if flowing > 0.0 else 0.0,
            "electric_power": abs(put_in - given_off) / abs(given_off) if given_off else 0.0,
            "flowing": flowing,
        }
