"""Thermomechanics of small strains: regions that are stress-free at their own temperature move to a new one.

Equilibrium ``div sigma = 0`` with ``d sigma = C(T) (d eps - d Theta)``, Theta the free thermal strain: a law turns the
increments of strain and temperature into stress and tangent at quadrature points, see `femsuite.material.laws`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import basix.ufl
import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.conditions.support import MechanicalCondition
from femsuite.errors import InputError, SolveError
from femsuite.material.laws import LawField
from femsuite.material.laws.law import Law, Response, Step
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.coatings import Coatings
from femsuite.physics.equilibrium import Balance, balance, reaction
from femsuite.physics.mechanics_conditions import check_loads, lay_out, on_axis
from femsuite.physics.mechanics_forms import MechanicsForms
from femsuite.physics.mechanics_laws import MechanicalMaterial, MeshLaw, build_law, start_internal
from femsuite.physics.mechanics_presence import Presence
from femsuite.physics.mechanics_scale import Scale
from femsuite.physics.mechanics_tangent import Tangent
from femsuite.physics.membranes import Membranes
from femsuite.physics.quadrature import Points, discontinuous, rule_degree
from femsuite.physics.rigid_motion import RigidFrame
from femsuite.solve.guess import Guess
from femsuite.solve.linear import LinearSolver
from femsuite.solve.monitor import Monitor, NewtonRecord
from femsuite.solve.newton import Snapshot, solve_newton
from femsuite.solve.stepping import TooFar

MEMORY_TOLERANCE = 1e-8
"""Tolerance of the nonlinear laws, relative to the largest driving force so far: below what their steps are worth."""

SETTLED = 4
"""Corrections after which the inelastic strain of an increment is known within a factor of two."""

type Plane = Literal["stress", "strain", "axisymmetric"]
type Temperature = fem.Function | float | np.ndarray


class MechanicsProblem:
    """A body under temperature changes, supports and surface loads, advanced increment by increment.

    Args:
        tagged: mesh with named regions and faces.
        material: stiffness, thermal strain and stress-free temperature of every cell.
        conditions: from `femsuite.conditions.MECHANICS`.
        order: of the displacement, 1 or 2.
        law: ``incremental`` (``d sigma = C(T_mid) (d eps - d Theta)``), ``total`` (``sigma = C(T) (eps - Theta)``), or
            another name of `femsuite.material.laws.LAWS`, an object with `MeshLaw.update`, or a law for each region.
        support: ``held`` demands that the conditions hold every rigid motion; ``free`` lets the others go and takes
            them out of the result over ``frame_region``.
        preset: of the linear solver.
        plane: ``stress``, ``strain`` or ``axisymmetric`` (x the radius, y the axis) for two-dimensional meshes.
        frame_region: selector of the regions whose mean displacement and rotation are zero; None for the whole body.
        films: films without cells, which carry as membranes.
        films_born: what `Membranes` asks of them.
        tolerance: of the out-of-balance force relative to the largest driving force so far; 1e-9, or 1e-8 with memory.
        monitor: collects the records of the solves.

    Raises:
        InputError: for a support that leaves a ``held`` body free to move, or a condition that suits no face.
    """

    def __init__(
        self,
        tagged: TaggedMesh,
        material: MechanicalMaterial,
        conditions: Sequence[MechanicalCondition] = (),
        *,
        order: int = 2,
        law: str | MeshLaw | Mapping[str, Law] = "incremental",
        support: Literal["free", "held"] = "held",
        preset: str = "auto",
        plane: Plane | None = None,
        frame_region: str | Sequence[str] | None = None,
        films: Coatings | None = None,
        films_born: Mapping[str, tuple[float, float]] | None = None,
        tolerance: float | None = None,
        monitor: Monitor | None = None,
    ) -> None:
        mesh = tagged.mesh
        self.tagged, self.material, self.monitor = tagged, material, monitor
        self.tolerance, self.dimension = tolerance, mesh.geometry.dim
        if (self.dimension == 2) != (plane is not None):
            raise InputError(
                "mechanics: 'plane' (stress, strain or axisymmetric) belongs to two-dimensional meshes, and only there"
            )
        self.axisymmetric = plane == "axisymmetric"
        element = basix.ufl.element("Lagrange", mesh.basix_cell(), order, shape=(self.dimension,))
        self.space = fem.functionspace(mesh, element)
        self.points = Points(mesh, rule_degree(mesh.basix_cell().name, order), self.axisymmetric)
        self.displacement = fem.Function(self.space, name="displacement")
        self._prescribed, loads = lay_out(tagged, self.space, conditions)
        self._axis = on_axis(self.space) if self.axisymmetric else []
        self.law = build_law(law, material, plane == "stress")
        self._symmetric = bool(getattr(self.law, "symmetric", True))
        self.membranes: Membranes | None = None
        if films is not None:
            self.membranes = Membranes(films, self.displacement, self.points, plane, films_born or {})
        self.forms = MechanicsForms(self.space, self.points, loads, self._symmetric, self.membranes)
        self._preset, self._support, self._frame_region = preset, support, frame_region
        self.presence = Presence(tagged, self.space)
        self._prepare()

        start = material.stress_free_temperature()
        shape = (self.points.cells, self.points.count)
        self._free_temperature = np.broadcast_to(start.reshape(len(start), -1), shape).copy()
        self.temperature = self._free_temperature.copy()
        self.stress, self.strain = np.zeros((*shape, 6)), np.zeros((*shape, 6))
        self.internal = dict(start_internal(self.law, self.points.count))
        self.largest_flow = 0.0
        """Largest increment of equivalent inelastic strain anywhere in the last increment."""
        self.increment = fem.Function(self.space, name="increment")
        """Of the displacement in the last step, for a law with memory."""
        self._load = np.zeros(1)
        self._work = fem.Function(self.space)
        self.external = self.forms.external_force()
        self._scale = Scale()
        check_loads(self.solver.motions, self.external, mesh.comm)

    def _prepare(self) -> None:
        """Set up the solver and the frame for the regions that exist."""
        self._bcs = [*(item.bc for item in self._prescribed), *self._axis, *self.presence.hold(self.displacement)]
        self.solver = LinearSolver(
            self.space,
            "mechanics",
            preset=self._preset,
            symmetric=self._symmetric,
            rigid_modes=True,
            free=True,
            bcs=self._bcs,
            axial=self.axisymmetric,
            parts=self.presence.part_dofs(),
            idle=self.presence.idle,
            coarse_operator=self.forms.coarse_operator,
            monitor=self.monitor,
        )
        motions = self.solver.motions
        if self._support == "held" and motions.shape[1]:
            raise InputError(
                f"mechanics: the supports leave {motions.shape[1]} rigid motion(s) of the body free. Hold it with "
                'fixed, symmetry or displacement conditions, or set support = "free"'
            )
        cells = self.presence.main_cells if self._frame_region is None else self.tagged.cells(self._frame_region)
        self.frame = RigidFrame(self.space, self.points, self.solver.first_motions, cells)
        self.tangent = Tangent(self.forms, self.solver, self._bcs)
        self._guess = Guess()

    def change(
        self,
        born: Sequence[str] = (),
        gone: Sequence[str] = (),
        stress: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """Let regions begin or cease to exist. Collective.

        A born region is free of stress as the body stands: its strain counts from here, its temperature is the one
        its points have now, and it has no history. The equilibrium that this leaves is found by the next increment.

        Args:
            born: names of regions; one that exists already forgets its history (it has melted and frozen).
            gone: names of regions that carry nothing from now on.
            stress: born region -> stress that it is born with, Pa, Voigt (6,): a film's intrinsic stress.

        Raises:
            InputError: unknown regions, or a law that cannot leave regions out.
        """
        if self.membranes is not None:
            born, gone = self.membranes.change(born, gone, self.temperature, stress)
            self.tangent.assembled = None
        if not born and not gone:
            return
        if not isinstance(self.law, LawField):
            raise InputError("mechanics: regions can only be born or killed where each region has its own law")
        self.presence.change(born, gone)
        self.law.asleep = self.presence.absent
        for name in born:
            cells = self.tagged.cells(name)
            self.strain[cells] = 0.0
            self.stress[cells] = 0.0 if stress is None or name not in stress else stress[name]
            for values in self.internal.values():
                values[cells] = 0.0
            self._free_temperature[cells] = self.temperature[cells]
        for name in gone:
            self.stress[self.tagged.cells(name)] = 0.0
        self.solver.close()
        self._prepare()

    # -- advancing ----------------------------------------------------------------------------------------------

    def advance(
        self,
        temperature: Temperature,
        load: float = 1.0,
        duration: float = 0.0,
        time: float | None = None,
        intrinsic: Mapping[str, np.ndarray] | None = None,
        ahead: float = 0.0,
        most: float = math.inf,
    ) -> NewtonRecord:
        """Move to a new temperature and load in one increment; on failure the state before it is restored.

        Args:
            temperature: K; a function, one number, or (cells, points) numbers.
            load: factor on surface loads and prescribed displacements.
            duration: time that passes, s; matters to laws with a rate.
            time: for messages, s.
            intrinsic: region -> strain that it takes on by itself in this increment, Voigt (6,): cure shrinkage.
            ahead: the iteration starts from so many times the last increment; 1 where steps go on evenly.
            most: largest inelastic strain that the increment may bring; one of twice as much is broken off early.

        Raises:
            SolveError: when the increment does not converge.
            TooFar: the inelastic strain grows beyond ``most``.
        """
        before = self.snapshot()
        try:
            return self._advance(self._at_points(temperature), load, duration, time, intrinsic or {}, ahead, most)
        except SolveError:
            before.restore()
            raise

    def _advance(
        self,
        temperature: np.ndarray,
        load: float,
        duration: float,
        time: float | None,
        intrinsic: Mapping[str, np.ndarray],
        ahead: float,
        most: float,
    ) -> NewtonRecord:
        for item in self._prescribed:
            item.scale(load)
        if self.membranes is not None:
            self.membranes.refresh(temperature)
        old = self.displacement.x.array.copy()
        trial: dict[str, Any] = {"corrections": 0}
        linear = bool(getattr(self.law, "linear", False))

        def residual() -> Any:
            # the increment, not the difference of totals: rigid motions taken out earlier leave no rounding behind
            self._work.x.array[:] = self.displacement.x.array - old
            trial["strain"] = self.strain + self.points.strain(self._work)
            for name, own in intrinsic.items():  # strain that the region takes on by itself makes no stress
                trial["strain"][self.tagged.cells(name)] -= own
            trial["response"] = self._respond(trial["strain"], temperature, duration)
            return self._residual(trial["response"].stress, load)

        def correct(force: Any, correction: Any, rtol: float, atol: float) -> None:
            trial["corrections"] += 1
            if trial["corrections"] > SETTLED and (flow := self._flow(trial["response"])) > 2.0 * most:
                raise TooFar(flow)
            self.tangent.set(trial["response"].tangent)
            lifted = self._lifted(force)
            if linear:
                self._guess.fill(self.tangent.matrix, lifted, correction)
            self.solver.solve(lifted, correction, rtol=rtol, atol=atol)
            if linear:
                self._guess.keep(correction)

        if not linear:
            self.solver.wear()  # its factors are those of the end of the last step, not of this one's start
        first = residual()
        if self._jumps(first):  # the forces of the jump need the tangent, its factors come with the first correction
            self.tangent.lay(trial["response"].tangent)
        self._grow_scale(self._lifted(first), self.forms.internal_force(trial["response"].stress), load)
        if not linear and ahead:
            self.displacement.x.array[:] += ahead * self.increment.x.array
        record = solve_newton(
            "mechanics",
            self.displacement.x.petsc_vec,
            residual,
            correct,
            scale=float(self._scale.values[0]),
            rtol=self.tolerance or (1e-9 if linear else MEMORY_TOLERANCE),
            at_least=int(self._jumps(first)),
            forcing=1e-14 if linear else 1e-2,
            time=time,
            monitor=self.monitor,
        )
        if not linear:
            self.increment.x.array[:] = self.displacement.x.array - old
        self._accept(trial["response"], trial["strain"])
        self.temperature[:] = temperature
        self._load[0] = load
        self.frame.remove(self.displacement)
        for bc in self._bcs:  # the motions taken out leave held values where they are, up to rounding
            bc.set(self.displacement.x.array)
        return record

    def _respond(self, strain: np.ndarray, temperature: np.ndarray, duration: float) -> Response:
        step = Step(
            strain_old=self.strain,
            strain_new=strain,
            temperature_old=self.temperature,
            temperature_new=temperature,
            stress_old=self.stress,
            stress_free_temperature=self._free_temperature,
            duration=duration,
            internal_old=self.internal,
        )
        return parallel.agreed(lambda: self.law.update(step), self.space.mesh.comm)

    def _accept(self, response: Response, strain: np.ndarray) -> None:
        self.largest_flow = self._flow(response)
        full = getattr(self.law, "strain", None)  # with the strains out of the plane
        self.stress[:], self.strain[:] = response.stress, strain if full is None else full
        for name, value in response.internal.items():
            self.internal[name][:] = value

    def _flow(self, response: Response) -> float:
        if "accumulated_strain" not in self.internal:
            return 0.0
        owned = slice(0, self.points.owned)
        change = response.internal["accumulated_strain"][owned] - self.internal["accumulated_strain"][owned]
        return float(parallel.largest(np.array([change.max(initial=0.0)]), self.space.mesh.comm)[0])

    def _residual(self, stress: np.ndarray, load: float) -> Any:
        force = self.forms.internal_force(stress)
        force.axpy(-load, self.external)
        fixed = self.solver.fixed_owned
        if len(fixed):
            target = self._work.x.array
            target[:] = 0.0
            for bc in self._bcs:
                bc.set(target)
            force.array[fixed] = self.displacement.x.array[fixed] - target[fixed]
        return force

    def _lifted(self, force: Any) -> Any:
        lifted = force.copy()
        if self._jumps(force):
            self.tangent.lift(lifted, self.displacement)
        return lifted

    def _jumps(self, force: Any) -> bool:
        """Return whether prescribed displacements differ from the present ones on any rank."""
        return parallel.anywhere(bool(np.any(force.array_r[self.solver.fixed_owned])), self.space.mesh.comm)

    def _grow_scale(self, lifted: Any, internal: Any, load: float) -> None:
        driving = lifted.array_r.copy()
        driving[self.solver.fixed_owned] = 0.0
        self._scale.grow(driving, (internal.array_r, load * self.external.array_r), self.space.mesh.comm)

    def _at_points(self, temperature: Temperature) -> np.ndarray:
        if isinstance(temperature, fem.Function):
            return self.points.values(temperature)
        return np.broadcast_to(np.asarray(temperature, dtype=np.float64), self.temperature.shape).copy()

    # -- state --------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Return copies of everything an increment changes."""
        arrays = {
            "displacement": self.displacement.x.array,
            "stress": self.stress,
            "strain": self.strain,
            "temperature": self.temperature,
            "load": self._load,
            "scale": self._scale.values,
            "free temperature": self._free_temperature,
        }
        return Snapshot(arrays | self.internal)

    def stress_function(self, degree: int = 1) -> fem.Function:
        """Return the stress, Pa, as a discontinuous function of six Voigt components: cell means or linear fits."""
        return discontinuous(self.points, self.stress, degree, "stress")

    @property
    def load(self) -> float:
        """Factor on surface loads and prescribed displacements now."""
        return float(self._load[0])

    @property
    def scales(self) -> tuple[float, float]:
        """Largest driving force so far: its norm, and the sum of its magnitudes, N."""
        return float(self._scale.values[0]), float(self._scale.values[1])

    def internal_function(self, name: str) -> fem.Function:
        """Return an internal variable as a discontinuous function of cell means."""
        return discontinuous(self.points, self.internal[name], 0, name)

    def reaction(self, selector: str | Sequence[str]) -> np.ndarray:
        """Return the force of the supports on the selected faces, (dimension,), N (in 2D N/m)."""
        return reaction(self, selector)

    def balance(self) -> Balance:
        """Return how well reactions and applied loads cancel; both sums vanish for an exact solution."""
        return balance(self)
