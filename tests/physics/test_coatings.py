"""Films without cells against the same films meshed: resistance, conduction, membrane stress, bending of their base."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from femsuite.conditions import FixedTemperature, Symmetry
from femsuite.conditions.terminal import Terminal
from femsuite.material.field import Assignment, MaterialField
from femsuite.physics.coatings import Coatings
from femsuite.physics.electric_current import ElectricCurrent
from femsuite.physics.heat import HeatProblem
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify.bodies import box, moved
from femsuite.verify.constants import material
from femsuite.verify.electric_bodies import LinearMetal

BASE = material("base", thermal_conductivity=0.12, youngs_modulus=2.5e9, poissons_ratio=0.34, expansion_tangent=30e-6)
METAL = material(
    "metal",
    thermal_conductivity=300.0,
    electrical_resistivity=2.1e-8,
    youngs_modulus=100e9,
    poissons_ratio=0.34,
    expansion_tangent=16.6e-6,
)
LENGTH, HEIGHT, THICK = 400e-6, 100e-6, 1e-6


def body(cell: str, solid: bool):
    """Return a base of 400 by 100 um, with a film of 1 um on top as cells or without."""
    flat = cell in ("quadrilateral", "triangle")
    if not solid:
        size, counts = ((LENGTH, HEIGHT), (16, 8)) if flat else ((LENGTH, LENGTH, HEIGHT), (4, 4, 4))
        return box(size, counts, cell)
    size, counts = ((LENGTH, 9.0), (16, 9)) if flat else ((LENGTH, LENGTH, 5.0), (4, 4, 5))
    whole = counts[-1]
    tagged = box(size, counts, cell, {"body": whole - 1.0, "film": float(whole)})

    def down(x):
        last = 1 if flat else 2
        x[:, last] = np.interp(x[:, last], (0.0, whole - 1.0, whole), (0.0, HEIGHT, HEIGHT + THICK))
        return x

    return moved(tagged, down)


def electric(cell: str, solid: bool, axisymmetric: bool = False) -> float:
    """Return the resistance of the film along x, or from the rim inwards."""
    tagged = body(cell, solid)
    if axisymmetric:
        tagged = replace(moved(tagged, lambda x: x + np.array([LENGTH, 0.0, 0.0])), axisymmetric=True)
    coatings = None if solid else Coatings(tagged, {"film": ("top", METAL, THICK)})
    assigned = {"body": Assignment(BASE), **({"film": Assignment(METAL)} if solid else {})}
    ends = [FixedTemperature(surface=name, value="300 K") for name in ("left", "right")]
    heat = HeatProblem(
        tagged, MaterialField(tagged, assigned), ends, initial=300.0, axisymmetric=axisymmetric, coatings=coatings
    )
    current = ElectricCurrent(
        tagged,
        LinearMetal(2.1e-8),
        tagged.cells("film") if solid else np.empty(0, dtype=np.int32),
        heat.temperature,
        {"feed": Terminal(surface="left", drive="0.01 V"), "ground": Terminal(surface="right", drive="0 V")},
        coatings=coatings,
        carriers=["film"],
        axisymmetric=axisymmetric,
        sets=heat.forms.sets,
    )
    heat.couple(current)
    heat.solve_steady()
    assert current.balance()["current"] < 1e-10
    assert current.balance()["electric_power"] < 1e-8
    assert heat.balance()["heat"] < 1e-8
    return 0.01 / current.currents()["feed"]


@pytest.mark.parametrize("cell", ["quadrilateral", "triangle", "hexahedron", "tetrahedron"])
@pytest.mark.mpi
def test_resistance_of_a_film_without_cells_is_that_of_its_sheet(cell):
    width = 1.0 if cell in ("quadrilateral", "triangle") else LENGTH
    assert electric(cell, False) == pytest.approx(2.1e-8 * LENGTH / (width * THICK), rel=1e-9)


def test_a_round_film_without_cells_has_the_resistance_of_a_ring():
    expected = 2.1e-8 * math.log(2.0) / (2.0 * math.pi * THICK)
    assert electric("quadrilateral", False, True) == pytest.approx(expected, rel=1e-5)
    assert electric("quadrilateral", True, True) == pytest.approx(expected, rel=1e-5)


def bent(cell: str, plane: str | None, solid: bool):
    """Return the problem of base and film cooled by 100 K, held at its left end as by symmetry."""
    tagged = replace(body(cell, solid), axisymmetric=plane == "axisymmetric")
    coatings = None if solid else Coatings(tagged, {"film": ("top", METAL, THICK)})
    assigned = {"body": Assignment(BASE, None, 400.0), **({"film": Assignment(METAL, None, 400.0)} if solid else {})}
    held = (
        [Symmetry(surface="left")] if plane is not None else [Symmetry(surface=["left"]), Symmetry(surface=["front"])]
    )
    if plane == "axisymmetric":
        held = []
    problem = MechanicsProblem(
        tagged,
        MaterialField(tagged, assigned),
        held,
        support="free",
        plane=plane,
        films=coatings,
        films_born={"film": (400.0, 0.0)},
    )
    problem.advance(300.0)
    return problem


def sag(problem: MechanicsProblem) -> float:
    """Return how far the bottom's far end has moved across the face against its near one, m."""
    last = problem.dimension - 1
    places = problem.space.tabulate_dof_coordinates()
    values = problem.displacement.x.array.reshape(-1, problem.dimension)[: len(places), last]
    bottom = np.abs(places[:, last]) < 1e-9
    across = places[:, 0] + (places[:, 1] if problem.dimension == 3 else 0.0)
    ends = np.where(bottom, across, np.inf).argmin(), np.where(bottom, across, -np.inf).argmax()
    return float(values[ends[1]] - values[ends[0]])


@pytest.mark.parametrize(
    ("cell", "plane"),
    [
        ("quadrilateral", "strain"),
        ("quadrilateral", "stress"),
        ("triangle", "axisymmetric"),
        ("hexahedron", None),
        ("tetrahedron", None),
    ],
)
def test_a_film_without_cells_bends_its_base_as_a_meshed_one_does(cell, plane):
    film, solid = bent(cell, plane, False), bent(cell, plane, True)
    assert film.balance().worst < 1e-8
    assert sag(film) == pytest.approx(sag(solid), rel=0.02)
    mean = film.membranes.average("film")["mean"]
    cells = solid.tagged.cells("film")
    volume = solid.points.integral(np.ones_like(solid.stress[..., 0]), cells)[0]
    # the two directions of the film: along x and across the section, or x and y
    second = {"strain": 2, "stress": 2, "axisymmetric": 2, None: 1}[plane]
    meshed = 0.5 * solid.points.integral(solid.stress[..., 0] + solid.stress[..., second], cells)[0] / volume
    assert mean == pytest.approx(meshed, rel=0.02)


@pytest.mark.mpi
def test_a_film_born_with_stress_bends_by_the_formula_of_stoney():
    tagged = box((12.0 * HEIGHT, 12.0 * HEIGHT, HEIGHT), (12, 12, 3), "hexahedron")
    stiff = material("wafer", youngs_modulus=130e9, poissons_ratio=0.28, expansion_tangent=0.0)
    coatings = Coatings(tagged, {"film": ("top", METAL, 1e-8)})
    problem = MechanicsProblem(
        tagged,
        MaterialField(tagged, {"body": Assignment(stiff, None, 300.0)}),
        [Symmetry(surface="left"), Symmetry(surface="front")],
        support="free",
        films=coatings,
        films_born={"film": (300.0, 200e6)},
    )
    problem.advance(300.0)
    curvature = -6.0 * 200e6 * 1e-8 / (130e9 / 0.72 * HEIGHT**2)
    far = 8.0 * HEIGHT  # four thicknesses from the edge
    points = problem.space.tabulate_dof_coordinates()
    owned = problem.space.dofmap.index_map.size_local
    values = problem.displacement.x.array.reshape(-1, 3)[:owned, 2]
    line = np.flatnonzero((np.abs(points[:owned, 1]) < 1e-9) & (np.abs(points[:owned, 2]) < 1e-9))
    rows = np.concatenate(problem.space.mesh.comm.allgather(np.stack([points[line, 0], values[line]], axis=1)))
    rows = rows[rows[:, 0] < far]
    fitted = 2.0 * np.polyfit(rows[:, 0], rows[:, 1], 2)[0]
    assert fitted == pytest.approx(-curvature, rel=0.01)


def test_a_film_that_is_born_later_follows_from_there_on():
    tagged = body("quadrilateral", False)
    coatings = Coatings(tagged, {"film": ("top", METAL, THICK)})
    problem = MechanicsProblem(
        tagged,
        MaterialField(tagged, {"body": Assignment(BASE, None, 400.0)}),
        [Symmetry(surface="left")],
        support="free",
        plane="strain",
        films=coatings,
        films_born={"film": (math.nan, 0.0)},
    )
    problem.advance(350.0)
    assert abs(sag(problem)) < 1e-15
    problem.change(born=["film"])
    problem.advance(350.0)
    assert abs(problem.membranes.average("film")["mean"]) < 1.0
    problem.advance(300.0)
    whole = bent("quadrilateral", "strain", False)
    assert sag(problem) == pytest.approx(0.5 * sag(whole), rel=1e-6)
