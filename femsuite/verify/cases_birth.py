"""Reference cases of regions that are born in the course of a process, through the finite-element path."""

from __future__ import annotations

import numpy as np

from femsuite.conditions.symmetry import Symmetry
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.laws import law
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import bodies
from femsuite.verify.cases_elastic import _values_on_line
from femsuite.verify.constants import material
from femsuite.verify.row import Row

# name, thickness m, E Pa, nu, expansion 1/K; the silicon's modulus gives the biaxial modulus of 180.3 GPa
_LAYERS = (
    ("copper", 0.5e-3, 117e9, 0.34, 17.5e-6),
    ("bond_lower", 12e-6, 86e9, 0.30, 27.4e-6),
    ("aluminium", 45e-6, 62e9, 0.345, 26e-6),
    ("bond_upper", 12e-6, 86e9, 0.30, 27.4e-6),
    ("silicon", 0.3e-3, 180.3e9 * 0.72, 0.28, 3.43e-6),
    ("resin", 1e-3, 22e9, 0.30, 10e-6),
)
# temperature K, curvature 1/m, stress at the silicon's lower and upper face Pa
_STATES = (
    (453.15, 4.38620, -235.80e6, 1.45e6),
    (298.15, 5.62530, -491.33e6, -187.05e6),
    (533.15, 3.74667, -103.92e6, 98.74e6),
    (298.15, 5.62530, -491.33e6, -187.05e6),
)


def case_E11() -> list[Row]:
    """A die bonded to copper at 655.15 K, overmoulded free of stress at 453.15 K, and taken to 25, 260 and 25 degC.

    Classical laminate theory with biaxial moduli, ``N = A e + B k``, ``M = B e + D k``; a layer's free strain counts
    from its own birth. Quarter of a plate of 24 x 24 mm, read off around its centre. The resin's cells are in the mesh
    from the start and carry nothing before their birth. Stresses are held against the largest of their state.
    Source: R. M. Jones, Mechanics of Composite Materials, ch. 4; layers of CN101185991.
    """
    side, count = 12e-3, 10
    ends = np.cumsum([0.0, *(layer[1] for layer in _LAYERS)])
    names = [layer[0] for layer in _LAYERS]
    tagged = bodies.box(
        (side, side, float(len(names))),
        (count, count, len(names)),
        "hexahedron",
        {name: place + 1.0 for place, name in enumerate(names)},
    )
    bodies.moved(tagged, lambda x: np.column_stack([x[:, :2], np.interp(x[:, 2], np.arange(len(ends)), ends)]))
    field = MaterialField(
        tagged,
        {
            name: Assignment(
                material(name, youngs_modulus=modulus, poissons_ratio=ratio, expansion_tangent=expansion), None, 655.15
            )
            for name, _, modulus, ratio, expansion in _LAYERS
        },
    )
    problem = MechanicsProblem(
        tagged,
        field,
        [Symmetry(surface="left"), Symmetry(surface="front")],
        support="free",
        law=dict.fromkeys(names, law("incremental")),
        preset="direct",
    )
    problem.change(gone=["resin"])
    rows = []
    for number, (temperature, curvature, *stresses) in enumerate(_STATES):
        if number == 1:
            problem.change(born=["resin"])
        problem.advance(temperature)
        x, uz = _values_on_line(
            problem.displacement, 2, lambda p: (p[:, 2] < 1e-9) & (p[:, 1] < 1e-9) & (p[:, 0] < 0.2 * side)
        )
        what = f"after step {number + 1}, {temperature:g} K"
        bent = -2.0 * float(np.polyfit(x, uz, 2)[0])
        rows.append(Row("elastic.E-11", f"curvature {what}", curvature, bent, 0.01, unit="1/m", physics="mechanics"))
        got = _silicon(problem, 0.2 * side, ends[4], ends[5])
        allowed = 0.01 * max(map(abs, stresses))
        for face, expected, value in zip(("lower", "upper"), stresses, got, strict=True):
            words = f"stress in the silicon's {face} face {what}"
            rows.append(
                Row("elastic.E-11", words, expected, value, allowed, "absolute", unit="Pa", physics="mechanics")
            )
    return rows


def _silicon(problem: MechanicsProblem, reach: float, low: float, high: float) -> tuple[float, float]:
    """Return the in-plane stress at the two faces: the straight line through all points around the centre."""
    from femsuite import parallel

    cells = problem.tagged.cells("silicon")
    cells = cells[cells < problem.points.owned]
    places = problem.points.positions[cells].reshape(-1, 3)
    near = (places[:, 0] < reach) & (places[:, 1] < reach)
    rows = np.column_stack([places[near, 2], problem.stress[cells].reshape(-1, 6)[near, 0]])
    comm = problem.space.mesh.comm
    z, stress = parallel.broadcast(parallel.gather_rows(rows, comm), comm).T
    line = np.polyfit(z, stress, 1)
    return float(np.polyval(line, low)), float(np.polyval(line, high))
