"""Reference cases of layered plates: a stressed film on silicon, and a die on a bond, through finite elements."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from femsuite import parallel
from femsuite.conditions.symmetry import Symmetry
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.laws import law
from femsuite.material.orientation import Orientation
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import bodies
from femsuite.verify.cases_elastic import C11, C12, C44, _values_on_line
from femsuite.verify.constants import material
from femsuite.verify.row import Row

_COLD = 300.0


def case_E7() -> list[Row]:
    """Stoney's formula: a film under stress bends a silicon wafer, ``1/R = 6 sigma t_f/(M t_s^2)``.

    1 um with an intrinsic stress of 200 MPa on 525 um: R = 41.413 m on (100), where the biaxial modulus M is 180.32
    GPa, and 52.617 m on (111), M = 229.08 GPa. 0.9 m on 0.4 mm (111) stand for 6791 N/m. A free plate of cubic silicon,
    on which the film (70 GPa, 0.25) is born with its stress; curvature along x and y farther than four thicknesses from
    the edge. Two layers of finite thickness make R larger by ``(4 M_f/M - 1) t_f/t_s``, 0.20 and 0.12 %.
    Sources: G. G. Stoney, Proc. R. Soc. A 82 (1909) 172; G. C. A. M. Janssen et al., Thin Solid Films 517 (2009) 1858.
    """
    planes = {"(100)": Orientation((0, 0, 1), (1, 1, 0)), "(111)": Orientation((1, 1, 1), (1, -1, 0))}
    rows = []
    for face, thickness, force, expected in (
        ("(100)", 525e-6, 200.0, 41.413),
        ("(111)", 525e-6, 200.0, 52.617),
        ("(111)", 400e-6, 6791.0, 0.9),
    ):
        along, across = _bent(planes[face], thickness, force)
        what = f"{face}, {force:g} N/m on {1e6 * thickness:g} um"
        for axis, curvature in (("x", along), ("y", across)):
            name = f"radius along {axis}, {what}"
            rows.append(Row("elastic.E-7", name, expected, 1.0 / curvature, 0.01, unit="m", physics="mechanics"))
    return rows


def _bent(orientation: Orientation, wafer: float, force: float) -> tuple[float, float]:
    """Return the curvatures along x and y, 1/m, under a film of 1 um that carries ``force``, N/m."""
    side, film = 12.0 * wafer, 1e-6
    tagged = bodies.moved(
        bodies.box((side, side, 3.0), (12, 12, 3), "hexahedron", {"wafer": 2.0, "film": 3.0}),
        lambda x: np.column_stack([x[:, :2], np.interp(x[:, 2], (0.0, 2.0, 3.0), (0.0, wafer, wafer + film))]),
    )
    silicon = material(
        "silicon", "cubic", stiffness_c11=C11, stiffness_c12=C12, stiffness_c44=C44, expansion_tangent=0.0
    )
    metal = material("film", youngs_modulus=70e9, poissons_ratio=0.25, expansion_tangent=0.0)
    field = MaterialField(
        tagged, {"wafer": Assignment(silicon, orientation, _COLD), "film": Assignment(metal, None, _COLD)}
    )
    problem = MechanicsProblem(
        tagged,
        field,
        support="free",
        law={"wafer": law("incremental"), "film": law("incremental")},
        preset="direct",
        tolerance=1e-7,
    )
    problem.change(gone=["film"])
    stress = force / film
    problem.change(born=["film"], stress={"film": np.array([stress, stress, 0.0, 0.0, 0.0, 0.0])})
    problem.advance(_COLD)
    found = []
    for axis in (0, 1):
        other = 1 - axis
        x, uz = _values_on_line(
            problem.displacement,
            2,
            lambda p, a=axis, b=other: (
                (p[:, 2] < 1e-9) & (np.abs(p[:, b] - 0.5 * side) < 1e-9) & (np.abs(p[:, a] - 0.5 * side) < 0.17 * side)
            ),
            axis,
        )
        found.append(2.0 * float(np.polyfit(x, uz, 2)[0]))
    return found[0], found[1]


@dataclass(frozen=True)
class _Layer:
    """Young's modulus, Pa, Poisson's ratio, thickness, m, and expansion, 1/K."""

    modulus: float
    ratio: float
    thickness: float
    expansion: float = 0.0

    @property
    def stretch(self) -> float:
        """Compliance in the plane, equal in all directions, m/N."""
        return (1.0 - self.ratio) / (self.modulus * self.thickness)

    @property
    def bending(self) -> float:
        """Stiffness against bending into a sphere, N m."""
        return self.modulus * self.thickness**3 / (12.0 * (1.0 - self.ratio))

    @property
    def slip(self) -> float:
        """A third of the thickness over the shear modulus, m/Pa."""
        return self.thickness * 2.0 * (1.0 + self.ratio) / (3.0 * self.modulus)


# name; die, bond, base; half length m, cooling K; peak shear of Suhir and of Chen and Nelson, Pa, Suhir's force N/m
_BONDED = (
    (
        "silicon on aluminium on copper",
        (_Layer(169e9, 0.28, 0.3e-3, 2.9e-6), _Layer(69e9, 0.33, 50e-6), _Layer(117e9, 0.34, 1.0e-3, 17.5e-6)),
        (2.5e-3, 357.0),
        (208.86e6, 706.07e6, 86.894e3),
    ),
    (
        "silicon on solder on copper",
        (_Layer(130e9, 0.28, 0.5e-3, 2.6e-6), _Layer(43e9, 0.40, 50e-6), _Layer(110e9, 0.34, 0.5e-3, 16.4e-6)),
        (5.0e-3, 100.0),
        (40.38e6, 132.0e6, 11.241e3),
    ),
)


def case_E8() -> list[Row]:
    """A die on a bond on a base, cooled: the force per width in the middle of the die, and the shear at its end.

    ``F = da dT/lambda [1 - 1/cosh(k l)]``, ``k^2 = lambda/kappa``, ``kappa = h1/(3 G1) + 2 h0/(3 G0) + h2/(3 G2)``, and
    of a plate that bends into a sphere ``lambda = (1 - n1)/(E1 h1) + (1 - n2)/(E2 h2) + h^2/(4 (D1 + D2))`` with ``D =
    E H^3/(12 (1 - n))`` and ``h = h1 + h2 + 2 h0``, twice the distance of the middle planes. Suhir's formula takes
    ``D = E H^3/(12 (1 - n^2))``, that of bending into a cylinder, beside the same ``(1 - n)/(E H)``, and h1 + h0 + h2
    for h: 86.894 instead of 99.729 kN/m. The bond expands as its neighbours make it, because the theories let it carry
    no force in its plane. The theories' peaks of the shear differ 3.4 times: they stand in the row's note beside the
    mean over the last length of one bond thickness, and nothing is required of it. Quarter of a square plate.
    Sources: E. Suhir, J. Appl. Mech. 53 (1986) 657, and 56 (1989) 595; W. T. Chen, C. W. Nelson, IBM J. Res. Dev. 23
    (1979) 179.
    """
    rows = []
    for name, (die, bond, base), (half, cooling), (suhir, chen, beam) in _BONDED:
        bending, arm = die.bending + base.bending, die.thickness + base.thickness + 2.0 * bond.thickness
        compliance = die.stretch + base.stretch + arm**2 / (4.0 * bending)
        reach = math.sqrt(compliance / (die.slip + 2.0 * bond.slip + base.slip))
        middle = (base.expansion - die.expansion) * cooling / compliance
        expected = -middle * (1.0 - 1.0 / math.cosh(reach * half))
        curvature = middle * arm / (2.0 * bending)
        strain = middle * base.stretch + 0.5 * curvature * (base.thickness + bond.thickness)
        problem = _bonded(die, replace(bond, expansion=base.expansion - strain / cooling), base, half, cooling)
        force, shear = _die_force(problem), _end_shear(problem)
        note = (
            f"mean shear over the last bond thickness {1e-6 * shear:.1f} MPa; peaks: Suhir {1e-6 * suhir:.2f}, Chen "
            f"and Nelson {1e-6 * chen:.2f} MPa; force over Suhir's {-1e-3 * beam:.3f} kN/m: {-force / beam:.3f}"
        )
        words = f"force in the die, {name}"
        rows.append(Row("elastic.E-8", words, expected, force, 0.05, unit="N/m", physics="mechanics", note=note))
    return rows


def _bonded(die: _Layer, bond: _Layer, base: _Layer, half: float, cooling: float) -> MechanicsProblem:
    """Return a cooled quarter of a plate, whose last elements are as wide as the bond is thick."""
    count, hot = 12, 700.0
    power = math.log(bond.thickness / half) / math.log(1.0 / count)
    ends = np.cumsum([0.0, base.thickness, bond.thickness, die.thickness])

    def place(x: np.ndarray) -> np.ndarray:
        plan = half * (1.0 - (1.0 - x[:, :2]) ** power)
        return np.column_stack([plan, np.interp(x[:, 2], (0.0, 2.0, 3.0, 5.0), ends)])

    tagged = bodies.moved(
        bodies.box((1.0, 1.0, 5.0), (count, count, 5), "hexahedron", {"base": 2.0, "bond": 3.0, "die": 5.0}), place
    )
    made = {
        name: Assignment(
            material(name, youngs_modulus=one.modulus, poissons_ratio=one.ratio, expansion_tangent=one.expansion),
            None,
            hot,
        )
        for name, one in (("base", base), ("bond", bond), ("die", die))
    }
    planes = [Symmetry(surface="left"), Symmetry(surface="front")]
    problem = MechanicsProblem(tagged, MaterialField(tagged, made), planes, support="free", preset="direct")
    problem.advance(hot - cooling)
    return problem


def _die_force(problem: MechanicsProblem) -> float:
    """Return the force along x per width in the die's innermost column of elements, N/m."""
    stress, size = _column(problem, "die", last=False)
    return stress[0] * size[2]


def _end_shear(problem: MechanicsProblem) -> float:
    """Return the mean shear xz in the bond's last element beside the plane y = 0, Pa."""
    return _column(problem, "bond", last=True)[0][4]


def _column(problem: MechanicsProblem, region: str, last: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return mean stress, Pa, and size, m, of the column of elements at y = 0 and the first or last x."""
    points, mesh = problem.points, problem.tagged.mesh
    cells = problem.tagged.cells(region)
    corners = mesh.geometry.x[mesh.geometry.dofmap[cells]]
    low, high = corners.min(axis=1), corners.max(axis=1)
    reach = parallel.largest(high.max(axis=0, initial=0.0), mesh.comm)
    inside = low[:, 1] < 1e-9
    inside &= high[:, 0] > reach[0] - 1e-9 if last else low[:, 0] < 1e-9
    volume = points.integral(np.ones((*problem.stress.shape[:2], 1)), cells[inside])[0]
    stress = points.integral(problem.stress, cells[inside]) / volume
    ends = np.array([-low[inside].min(axis=0, initial=np.inf), high[inside].max(axis=0, initial=-np.inf)])
    ends = parallel.largest(ends, mesh.comm)
    return stress, ends[1] + ends[0]
