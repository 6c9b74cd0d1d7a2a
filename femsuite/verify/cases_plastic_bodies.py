"""Reference cases of plastic bodies: a thick cylinder, a die on a yielding bond, and Newton's method on both kinds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from femsuite import parallel
from femsuite.conditions.fixed import Fixed
from femsuite.conditions.pressure import Pressure
from femsuite.conditions.symmetry import Symmetry
from femsuite.errors import SolveError
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.laws import law
from femsuite.material.material import ParameterSet
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import bodies
from femsuite.verify.constants import constants, material
from femsuite.verify.row import Row

INNER, OUTER, YIELD = 0.1, 0.2, 240e6
_START = 300.0


def cylinder(hardening: ParameterSet, cells: tuple[int, int], tolerance: float = 1e-9) -> MechanicsProblem:
    """Return a quarter of a thick cylinder in plane strain under an inner pressure of 1 MPa times the load factor.

    Args:
        hardening: constants of the law j2.
        cells: along the radius and around the quarter.
        tolerance: of Newton's method.
    """
    tagged = bodies.moved(
        bodies.box((1.0, 1.0), cells, "quadrilateral"),
        lambda x: np.column_stack(
            [
                (INNER + (OUTER - INNER) * x[:, 0]) * np.cos(0.5 * math.pi * x[:, 1]),
                (INNER + (OUTER - INNER) * x[:, 0]) * np.sin(0.5 * math.pi * x[:, 1]),
                x[:, 2],
            ]
        ),
    )
    steel = material("steel", law=hardening, youngs_modulus=210e9, poissons_ratio=0.3, expansion_tangent=0.0)
    field = MaterialField(tagged, {"body": Assignment(steel, None, _START)})
    conditions = [Symmetry(surface="bottom"), Symmetry(surface="top"), Pressure(surface="left", pressure="1 MPa")]
    return MechanicsProblem(tagged, field, conditions, law="j2", plane="strain", preset="direct", tolerance=tolerance)


def _around(problem: MechanicsProblem) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return radius, m, hoop stress, Mises stress, Pa, and plastic strain at all points, on every rank."""
    points, owned = problem.points, problem.points.owned
    places = points.positions[:owned].reshape(-1, 3)
    stress = problem.stress[:owned].reshape(-1, 6)
    radius = np.hypot(places[:, 0], places[:, 1])
    across, along = -places[:, 1] / radius, places[:, 0] / radius
    hoop = stress[:, 0] * across**2 + stress[:, 1] * along**2 + 2.0 * stress[:, 5] * across * along
    deviator = stress[:, :3] - stress[:, :3].mean(axis=1, keepdims=True)
    mises = np.sqrt(1.5 * (deviator**2).sum(axis=1) + 3.0 * stress[:, 5] ** 2)
    flowed = problem.internal["accumulated_strain"][:owned].reshape(-1)
    comm = problem.space.mesh.comm
    rows = parallel.gather_rows(np.column_stack([radius, hoop, mises, flowed]), comm)
    radius, hoop, mises, flowed = parallel.broadcast(rows, comm).T
    return radius, hoop, mises, flowed


def _at(radius: np.ndarray, values: np.ndarray, place: float, near: float) -> float:
    """Return the value at a face: the line through the points within ``near`` of it."""
    inside = np.abs(radius - place) < near
    return float(np.polyval(np.polyfit(radius[inside] - place, values[inside], 1), 0.0))


def case_P1() -> list[Row]:
    """A thick cylinder, 100 and 200 mm, of a perfectly plastic metal under inner pressure, plane strain.

    sigma_y = 240 MPa, E = 210 GPa, nu = 0.3, k = sigma_y/sqrt(3). First yield at ``k (1 - a^2/b^2)`` = 103.923 MPa,
    limit ``2 k ln(b/a)`` = 192.091 MPa. At p = 140 MPa the front c solves ``p = 2 k ln(c/a) + k (1 - c^2/b^2)``, c =
    120.539 mm; ``u_b = 2 (1 - nu^2) k c^2/(E b)`` = 0.087242 mm; hoop stresses ``2 k - p`` = 137.128 MPa inside and
    ``2 k c^2/b^2`` = 100.664 MPa outside. The formulas take the axial stress as the mean of the other two; with nu =
    0.3 Mises yields 0.17 % earlier. The limit is the largest pressure that has a
    state of less than 100 % of strain, found by halving to 0.25 MPa.
    Source: R. Hill, The Mathematical Theory of Plasticity (1950), ch. V.
    """
    problem = cylinder(constants("hardening", model="linear", sigma0_Pa=YIELD), (24, 16))
    near = (OUTER - INNER) / 24
    problem.advance(_START, load=80.0)
    radius, _, mises, _ = _around(problem)
    first = 80e6 * YIELD / _at(radius**-2.0, mises, INNER**-2.0, abs((INNER + near) ** -2.0 - INNER**-2.0))
    for load in (105.0, 115.0, 125.0, 133.0, 140.0):
        problem.advance(_START, load=load)
    radius, hoop, _, flowed = _around(problem)
    front = _front(radius, flowed)
    # the hoop stress jumps in slope at the front only: lines near the faces see one zone
    inside, outside = _at(radius, hoop, INNER, near), _at(radius, hoop, OUTER, near)
    space = problem.space
    nodes = space.tabulate_dof_coordinates()[: space.dofmap.index_map.size_local]
    rim = (np.abs(nodes[:, 0] - OUTER) < 1e-6) & (nodes[:, 1] < 1e-9)
    moved = float(parallel.total(problem.displacement.x.array[::2][: len(nodes)][rim].sum()))
    rows = [
        ("pressure at first yield", 103.923e6, first, "Pa"),
        ("radius of the plastic front at 140 MPa", 120.539e-3, front, "m"),
        ("displacement of the outer face at 140 MPa", 0.087242e-3, moved, "m"),
        ("hoop stress at the inner face at 140 MPa", 137.128e6, inside, "Pa"),
        ("hoop stress at the outer face at 140 MPa", 100.664e6, outside, "Pa"),
        ("limit pressure", 192.0906e6, 1e6 * _limit(problem, 140.0, 210.0), "Pa"),
    ]
    return [
        Row("inelastic.P-1", name, expected, got, 0.01, unit=unit, physics="inelastic")
        for name, expected, got, unit in rows
    ]


def _front(radius: np.ndarray, flowed: np.ndarray) -> float:
    """Return the radius, m, where plastic strain begins: ``dp`` falls as ``(c/r)^2 - 1`` there."""
    plastic = (flowed > 0.0) & (radius > 0.5 * (INNER + radius[flowed > 0.0].max()))
    line = np.polyfit(radius[plastic] ** -2.0, flowed[plastic], 1)
    return float((-line[1] / line[0]) ** -0.5)


def _limit(problem: MechanicsProblem, low: float, high: float) -> float:
    """Return the largest load with a state of less than 100 % of strain; halved between two loads."""
    while high - low > 0.25:
        middle, before = 0.5 * (low + high), problem.snapshot()
        try:
            problem.advance(_START, load=middle, most=1.0)
            collapsed = problem.largest_flow > 1.0  # beyond, what the elements cannot follow carries the load
        except SolveError:
            collapsed = True
        if collapsed:
            before.restore()
        low, high = (low, middle) if collapsed else (middle, high)
    return low


def case_P5() -> list[Row]:
    """A rigid substrate shears a die through a bond that has yielded all over: ``sigma = tau_y l/h`` in its middle.

    Die 0.3 mm thick and 5 mm long (half of it, l = 2.5 mm), E = 169 GPa, nu = 0.28; bond of 45 um with sigma_y = 30
    MPa, E = 62 GPa, nu = 0.345, tau_y = sigma_y/sqrt(3) = 17.32 MPa. The die grows by 0.5 % along x alone: 144.3 MPa of
    pressure, the mean over the die's thickness in the middle. Plane strain; the die's upper face is kept plane, so that
    it does not bend. The shear rises to tau_y over some bond thicknesses at the free end: the force stays below.
    Source: equilibrium of the die; H. L. Cox, Brit. J. Appl. Phys. 3 (1952) 72, and A. Kelly, W. R. Tyson, J. Mech.
    Phys. Solids 13 (1965) 329, for fibres.
    """
    half, thick, bond, count = 2.5e-3, 0.3e-3, 45e-6, 40
    tagged = bodies.moved(
        bodies.box((1.0, 4.0), (count, 4), "quadrilateral", {"bond": 2.0, "die": 4.0}),
        lambda x: np.column_stack(
            # finer towards the free end, where the shear falls to zero
            [half * np.sin(0.5 * math.pi * x[:, 0]), np.interp(x[:, 1], (0, 2, 4), (0.0, bond, bond + thick)), x[:, 2]]
        ),
    )
    soft = material(
        "aluminium",
        law=constants("hardening", model="linear", sigma0_Pa=30e6),
        youngs_modulus=62e9,
        poissons_ratio=0.345,
        expansion_tangent=0.0,
    )
    stiff = material("die", youngs_modulus=169e9, poissons_ratio=0.28, expansion_tangent=0.0)
    field = MaterialField(tagged, {"bond": Assignment(soft, None, _START), "die": Assignment(stiff, None, _START)})
    problem = MechanicsProblem(
        tagged,
        field,
        [Fixed(surface="bottom"), Symmetry(surface="left"), Symmetry(surface="top")],
        law={"bond": law("j2"), "die": law("incremental")},
        plane="strain",
        preset="direct",
    )
    for step in np.diff(np.geomspace(2e-4, 5e-3, 14), prepend=0.0):
        problem.advance(_START, intrinsic={"die": np.array([step, 0.0, 0.0, 0.0, 0.0, 0.0])})
    points = problem.points
    cells = tagged.cells("die")
    first = points.positions[cells][:, :, 0].max(axis=1) < half * math.sin(0.5 * math.pi / count)
    cells = cells[first]
    force = points.integral(problem.stress[..., :1], cells)[0]
    volume = points.integral(np.ones((points.cells, points.count, 1)), cells)[0]
    expected = -30e6 / math.sqrt(3.0) * half / thick
    name = "stress in the middle of the die"
    return [Row("inelastic.P-5", name, expected, force / volume, 0.05, unit="Pa", physics="inelastic")]


def case_newton() -> list[Row]:
    """Newton's method converges quadratically through plastic steps, with symmetric tangents and with others.

    The cylinder of P-1 in steps of its pressure, perfectly plastic, and with a back stress of Armstrong and Frederick,
    C = 20 GPa and gamma = 100, whose tangent is not symmetric. The observed order is ``ln(r3/r2)/ln(r2/r1)`` of the
    last three residuals above rounding, expected 2; a tangent that is not consistent gives 1. The linear solves are
    inexact, but become exact as fast as the residual falls. The note of a row holds its residuals.
    Source: J. C. Simo, R. L. Taylor, Comput. Methods Appl. Mech. Engrg. 48 (1985) 101.
    """
    rows = []
    for words, hardening in (
        ("J2", constants("hardening", model="linear", sigma0_Pa=YIELD)),
        (
            "Armstrong and Frederick",
            constants("hardening", model="Chaboche", sigma0_Pa=YIELD, terms=[{"C_Pa": 20e9, "gamma": 100.0}]),
        ),
    ):
        problem = cylinder(hardening, (12, 8), tolerance=1e-12)
        for load in (110.0, 150.0, 160.0):
            history = problem.advance(_START, load=load).residuals
            if load > 110.0:
                note = "residuals " + ", ".join(f"{value:.2e}" for value in history)
                name = f"order of Newton's method, {words}, to {load:g} MPa"
                rows.append(
                    Row("inelastic.newton", name, 2.0, _order(history), 0.3, "absolute", physics="inelastic", note=note)
                )
    return rows


def _order(history: Sequence[float]) -> float:
    first, second, third = [value for value in history if value > 1e-11][-3:]
    return math.log(third / second) / math.log(second / first)
