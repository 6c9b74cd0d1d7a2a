"""Reference cases of thermoelasticity, each through the finite-element path."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from dolfinx import fem

from femsuite import parallel
from femsuite.conditions.symmetry import Symmetry
from femsuite.conditions.traction import Traction
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.orientation import Orientation
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import bodies
from femsuite.verify.constants import material
from femsuite.verify.row import Row

C11, C12, C44 = 165.7e9, 63.9e9, 79.6e9  # silicon at 298 K: Hopcroft, Nix & Kenny, JMEMS 19 (2010) 229


def _values_on_line(function: fem.Function, component: int, keep: Any, along: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinate and value of the nodes for which ``keep(x)`` (x: (n, 3)) is true, on every rank, sorted."""
    space = function.function_space
    size = space.dofmap.index_map_bs
    owned = space.dofmap.index_map.size_local
    nodes = space.tabulate_dof_coordinates()[:owned]
    mask = keep(nodes)
    rows = np.column_stack([nodes[mask, along], function.x.array.reshape(-1, size)[:owned][mask, component]])
    found = parallel.broadcast(parallel.gather_rows(rows, space.mesh.comm), space.mesh.comm)
    found = found[np.argsort(found[:, 0])]
    return found[:, 0], found[:, 1]


def _symmetry(surface: str) -> Symmetry:
    return Symmetry(surface=surface)


def case_E5() -> list[Row]:
    """Timoshenko's bimetal strip: curvature 6 (da) dT (1+m)^2 / (h (3 (1+m)^2 + (1+m n)(m^2 + 1/(m n)))).

    Equal strips of 1 mm and 200 GPa, 12 and 24 ppm/K, 100 K: 0.9 1/m and 4.5 mm at 100 mm; strips of 0.1 mm (200 GPa,
    10 ppm/K) and 0.3 mm (100 GPa, 20 ppm/K), 50 K: 1.662818 1/m. Plane stress, bending symmetric about the left end.
    Source: S. Timoshenko, J. Opt. Soc. Am. 11 (1925) 233.
    """
    rows = []
    sets = (
        ("equal strips", (200e9, 200e9), (1e-3, 1e-3), (12e-6, 24e-6), 100.0, 0.1, 0.9, 100),
        ("strips 1 to 3", (200e9, 100e9), (0.1e-3, 0.3e-3), (10e-6, 20e-6), 50.0, 0.02, 1.662818, 100),
    )
    for name, moduli, thickness, expansion, step, length, expected, count in sets:
        total = sum(thickness)
        per_height = round(total / min(thickness)) * 2
        tagged = bodies.box(
            (length, total), (count, per_height), "quadrilateral", {"lower": thickness[0], "upper": total}
        )
        field = MaterialField(
            tagged,
            {
                region: Assignment(
                    material(region, youngs_modulus=E, poissons_ratio=0.3, expansion_tangent=alpha), None, 300.0
                )
                for region, E, alpha in zip(("lower", "upper"), moduli, expansion, strict=True)
            },
        )
        problem = MechanicsProblem(tagged, field, [Symmetry(surface="left")], support="free", plane="stress")
        problem.advance(300.0 + step)
        x, uy = _values_on_line(problem.displacement, 1, lambda p, top=total: p[:, 1] > top - 1e-9)
        inner = x < length - 4.0 * total
        curvature = -2.0 * np.polyfit(x[inner], uy[inner], 2)[0]  # the upper strip expands more: ends down
        rows.append(
            Row("elastic.E-5", f"curvature, {name}", expected, curvature, 0.01, unit="1/m", physics="mechanics")
        )
        if name == "equal strips":
            tip = uy[0] - uy[-1]
            rows.append(
                Row("elastic.E-5", "tip deflection at 100 mm", 4.5e-3, tip, 0.01, unit="m", physics="mechanics")
            )
    return rows


def case_E6() -> list[Row]:
    """Bimetal plate, 0.5 mm of silicon (130 GPa, 0.28, 2.6 ppm/K) on 0.5 mm of copper (110, 0.34, 16.4), -100 K.

    Curvature 2.06917 1/m with the biaxial moduli E/(1 - nu) in Timoshenko's formula. Quarter of a plate of 12 x 12 mm;
    the curvature is read off around the centre, farther than four thicknesses from the free edges.
    Source: S. Timoshenko, J. Opt. Soc. Am. 11 (1925) 233, carried over to plates.
    """
    side, total, count = 6e-3, 1e-3, 12
    tagged = bodies.box((side, side, total), (count, count, 4), "hexahedron", {"copper": 0.5e-3, "silicon": total})
    field = MaterialField(
        tagged,
        {
            "copper": Assignment(
                material("copper", youngs_modulus=110e9, poissons_ratio=0.34, expansion_tangent=16.4e-6), None, 300.0
            ),
            "silicon": Assignment(
                material("silicon", youngs_modulus=130e9, poissons_ratio=0.28, expansion_tangent=2.6e-6), None, 300.0
            ),
        },
    )
    problem = MechanicsProblem(tagged, field, [Symmetry(surface="left"), Symmetry(surface="front")], support="free")
    problem.advance(200.0)
    x, uz = _values_on_line(
        problem.displacement, 2, lambda p: (p[:, 2] > total - 1e-9) & (p[:, 1] < 1e-9) & (p[:, 0] < 2.0e-3)
    )
    curvature = -2.0 * np.polyfit(x, uz, 2)[0]  # the copper below shrinks more: ends down
    return [Row("elastic.E-6", "curvature of the plate", 2.06917, curvature, 0.01, unit="1/m", physics="mechanics")]


def case_E9() -> list[Row]:
    """Young's moduli and Poisson's ratios of silicon bars pulled along <110> and <111>.

    Exact, from the cubic compliances: 1/E = S11 - 2 (S11 - S12 - S44/2)(l^2 m^2 + m^2 n^2 + n^2 l^2).
    Source: J. F. Nye, Physical Properties of Crystals, ch. VIII; Wortman & Evans, J. Appl. Phys. 36 (1965) 153.
    """
    S11 = (C11 + C12) / ((C11 - C12) * (C11 + 2 * C12))
    S12 = -C12 / ((C11 - C12) * (C11 + 2 * C12))
    S44 = 1.0 / C44
    anisotropy = S11 - S12 - 0.5 * S44
    E110 = 1.0 / (S11 - 0.5 * anisotropy)
    E111 = 1.0 / (S11 - 2.0 / 3.0 * anisotropy)
    exact = {
        "<110>": (E110, -E110 * (S12 + 0.5 * anisotropy), -E110 * S12),
        "<111>": (E111, -E111 * (S12 + anisotropy / 3.0), -E111 * (S12 + anisotropy / 3.0)),
    }
    rows = []
    for axis, orientation in (
        ("<110>", Orientation((0, 0, 1), (1, 1, 0))),
        ("<111>", Orientation((1, -1, 0), (1, 1, 1))),
    ):
        got = _pulled_crystal(orientation)
        names = (f"E {axis}, Pa", f"nu {axis}, in the face", f"nu {axis}, across the face")
        for name, expected, value in zip(names, exact[axis], got, strict=True):
            rows.append(Row("elastic.E-9", name, expected, value, 1e-6, physics="mechanics"))
    return rows


def _pulled_crystal(orientation: Orientation) -> tuple[float, float, float]:
    """Return E along x and the two Poisson's ratios, from the mean strains of a pulled bar."""
    tagged = bodies.box((4e-3, 1e-3, 1e-3), (2, 1, 1), "tetrahedron")
    silicon = material(
        "silicon", "cubic", stiffness_c11=C11, stiffness_c12=C12, stiffness_c44=C44, expansion_tangent=0.0
    )
    field = MaterialField(tagged, {"body": Assignment(silicon, orientation, 298.15)})
    pull = 100e6
    conditions = [*map(_symmetry, ("left", "front", "bottom")), Traction(surface="right", x=f"{pull} Pa")]
    problem = MechanicsProblem(tagged, field, conditions)
    problem.advance(298.15)
    strain = problem.points.strain(problem.displacement).reshape(-1, 6)
    mean = parallel.total(strain.sum(axis=0)) / parallel.total(float(len(strain)))
    return pull / mean[0], -mean[1] / mean[0], -mean[2] / mean[0]


def harmonic(amplitude: float, wave: tuple[float, float], thickness: float) -> Any:
    """Return the harmonic temperature A cos(ax) cos(by) sinh(kz)/sinh(kt) as a function of coordinates (3, n), K."""
    number = math.hypot(*wave)

    def temperature(x: np.ndarray) -> np.ndarray:
        plan = np.cos(wave[0] * x[0]) * np.cos(wave[1] * x[1])
        return amplitude * plan * np.sinh(number * x[2]) / math.sinh(number * thickness)

    return temperature


def case_harmonic_slab() -> list[Row]:
    """A steady harmonic temperature in a slab with free faces: no stress acts across planes parallel to the faces.

    u = c (phi_x, phi_y, -phi_z) with phi harmonic, phi_zz = T and c = -(1 + nu) alpha; the face's curvature obeys
    d2u_z/dx2 + d2u_z/dy2 = (1 + nu) alpha q / k (Dundurs, with q the heat flux in -z). A cell of the pattern with its
    planes of symmetry stands for the unbounded slab.
    Source: J. Dundurs, "Distortion of a body caused by free thermal expansion", Mech. Res. Commun. 1 (1974) 121.
    """
    thickness, side = 400e-6, 600e-6
    wave = (math.pi / side, math.pi / side)
    nu, alpha, E, amplitude = 0.262, 3.2e-6, 165e9, 50.0
    number = math.hypot(*wave)
    tagged = bodies.box((side, side, thickness), (12, 12, 12), "hexahedron")
    die = material("die", youngs_modulus=E, poissons_ratio=nu, expansion_tangent=alpha)
    field = MaterialField(tagged, {"body": Assignment(die, None, 300.0)})
    conditions = list(map(_symmetry, ("left", "right", "front", "back")))
    problem = MechanicsProblem(tagged, field, conditions, support="free")
    temperature = fem.Function(fem.functionspace(tagged.mesh, ("Lagrange", 2)))
    pattern = harmonic(amplitude, wave, thickness)
    temperature.interpolate(lambda x: 300.0 + pattern(x))
    problem.advance(temperature)

    stress = problem.stress[: tagged.mesh.topology.index_map(3).size_local]
    square = parallel.total((stress**2).sum(axis=(0, 1)))
    across = math.sqrt(square[2] / square[0])
    top = _values_on_line(
        problem.displacement,
        2,
        lambda p: (p[:, 2] > thickness - 1e-12) & (p[:, 1] < 1e-12) & ((p[:, 0] < 1e-12) | (p[:, 0] > side - 1e-12)),
    )[1]
    laplacian = -(number**2) * 0.5 * (top[0] - top[-1])
    gradient = amplitude * number / math.tanh(number * thickness)
    expected = -(1.0 + nu) * alpha * gradient
    return [
        Row(
            "elastic.harmonic_slab",
            "stress across the slab, rms over in-plane",
            0.0,
            across,
            0.01,
            "at_most",
            physics="mechanics",
        ),
        Row(
            "elastic.harmonic_slab",
            "Laplacian of the face",
            expected,
            laplacian,
            0.002,
            unit="1/m",
            physics="mechanics",
        ),
    ]
