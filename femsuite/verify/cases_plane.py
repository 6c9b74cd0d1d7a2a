"""NAFEMS cases in plane stress, from the shipped geometries through mesher, tags and finite elements."""

from __future__ import annotations

import numpy as np

from femsuite import parallel
from femsuite.conditions.pressure import Pressure
from femsuite.conditions.symmetry import Symmetry
from femsuite.errors import SolveError
from femsuite.material.field import Assignment, MaterialField
from femsuite.meshing import MeshOptions, build_mesh
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify.constants import material
from femsuite.verify.row import Row

COLD, HOT = 300.0, 400.0


def case_E1() -> list[Row]:
    """NAFEMS LE1: an elliptic membrane, ellipses 2 x 1 m and 3.25 x 2.75 m, pulled by 10 MPa on its outer edge.

    E = 210 GPa, nu = 0.3, plane stress; the stress along the inner edge at D = (2 m, 0) is 92.7 MPa.
    Source: NAFEMS, The Standard NAFEMS Benchmarks, TNSB rev. 3 (1990), LE1.
    """
    rows = []
    for cells in ("triangles", "quadrilaterals"):
        tagged = build_mesh("elliptic_membrane", {"cells": cells}, MeshOptions(refinement=4.0))
        steel = material("steel", youngs_modulus=210e9, poissons_ratio=0.3, expansion_tangent=0.0)
        field = MaterialField(tagged, {"membrane": Assignment(steel, None, COLD)})
        conditions = [
            Symmetry(surface="symmetry_x"),
            Symmetry(surface="symmetry_y"),
            Pressure(surface="rim", pressure="-10 MPa"),
        ]
        problem = MechanicsProblem(tagged, field, conditions, plane="stress")
        problem.advance(COLD)
        got = stress_at(problem, (2.0, 0.0), 1, "membrane")
        name = f"sigma_yy at (2 m, 0), {cells}"
        rows.append(Row("elastic.E-1", name, 92.7e6, got, 0.01, unit="Pa", physics="mechanics"))
    return rows


def case_E4() -> list[Row]:
    """NAFEMS T1: a plate with a hot disc, alpha T = 1e-3, E = 100 GPa, nu = 0.3; the hoop stress beside the disc.

    In an infinite plate ``sigma_yy = E alpha T/2 (a/r)^2`` outside, 50 MPa at D = (a, 0), and ``-E alpha T/2`` inside;
    the limit from outside is read. In a round plate of radius b the free rim adds ``E alpha T/2 (a/b)^2``: one percent
    of it for a = 1 mm and b = 10 mm, and the square plate of 20 mm has nearly that share. A plate of 80 mm has a
    sixteenth of it and meets the infinite plate more closely.
    Sources: NAFEMS, Background to Benchmarks, T1; S. Timoshenko and J. N. Goodier, Theory of Elasticity, 3rd ed.,
    art. 151.
    """
    rows = []
    for side, words, tolerance in (("20 mm", "plate of 20 mm", 0.02), ("80 mm", "plate of 80 mm", 0.005)):
        tagged = build_mesh("hot_disc_plate", {"side": side}, MeshOptions(refinement=4.0))
        made = {
            region: Assignment(
                material(region, youngs_modulus=100e9, poissons_ratio=0.3, expansion_tangent=alpha), None, COLD
            )
            for region, alpha in (("plate", 0.0), ("disc", 1e-3 / (HOT - COLD)))
        }
        conditions = [Symmetry(surface="symmetry_x"), Symmetry(surface="symmetry_y")]
        problem = MechanicsProblem(tagged, MaterialField(tagged, made), conditions, plane="stress")
        problem.advance(HOT)
        got = stress_at(problem, (1e-3, 0.0), 1, "plate")
        name = f"sigma_yy beside the disc, {words}"
        rows.append(Row("elastic.E-4", name, 50e6, got, tolerance, unit="Pa", physics="mechanics"))
    return rows


def stress_at(problem: MechanicsProblem, place: tuple[float, ...], component: int, region: str) -> float:
    """Return a stress at a vertex, Pa: the mean of what the region's cells say there, each from its linear fit.

    Args:
        problem: solved.
        place: of a vertex of the mesh, m.
        component: in the Voigt order.
        region: whose side of an interface counts.

    Raises:
        SolveError: when the region has no vertex there.
    """
    stress = problem.stress_function(1)
    space = stress.function_space
    cells = problem.tagged.cells(region)
    owned = space.mesh.topology.index_map(space.mesh.topology.dim).size_local
    dofs = space.dofmap.list[cells[cells < owned]].ravel()
    offsets = space.tabulate_dof_coordinates()[dofs, : len(place)] - np.array(place)
    here = dofs[np.linalg.norm(offsets, axis=1) < 1e-6 * float(np.linalg.norm(place))]
    values = stress.x.array.reshape(-1, 6)[here, component]
    whole, count = parallel.total(np.array([values.sum(), float(len(values))]), space.mesh.comm)
    if count == 0.0:
        raise SolveError(f"verification: the mesh of '{region}' has no vertex at {place}")
    return float(whole / count)
