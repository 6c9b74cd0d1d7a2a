"""What goes in must come out: heat and forces, closed by algebra, and the recovered flux that closes with the mesh."""

from __future__ import annotations

from typing import Literal

from femsuite.conditions import Film, FixedTemperature, Radiation
from femsuite.conditions.pressure import Pressure
from femsuite.conditions.support import MechanicalCondition
from femsuite.conditions.symmetry import Symmetry
from femsuite.material.field import Assignment, MaterialField
from femsuite.physics.heat import HeatProblem
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import manufactured_heat
from femsuite.verify.bodies import box
from femsuite.verify.constants import material
from femsuite.verify.row import Row
from femsuite.verify.thermal_material import SimpleMaterial

CLOSED = 1e-6
"""Of the heat that flows, or of the forces that act."""


def case_heat() -> list[Row]:
    """Power in, out and stored in a cube with varying conductivity, a film, radiation and a held face.

    The steady state and a transient of 100 s close by algebra. The surface integral of the recovered flux does not:
    it approaches the exact power at the order of the gradient, here on a manufactured solution.
    """
    tagged = box((0.1, 0.1, 0.1), (4, 4, 4), "tetrahedron")
    curves = SimpleMaterial((3.0, 5.0, 4.0), slope=0.003, capacity=2e6, capacity_slope=0.002)
    conditions = [
        FixedTemperature(surface="bottom", value="300 K"),
        Film(surface="top", coefficient="50 W/(m^2 K)", ambient="290 K"),
        Radiation(surface="right", emissivity=0.9, ambient="280 K"),
    ]
    problem = HeatProblem(tagged, curves, conditions, initial=300.0)
    problem.set_power("body", 20.0)
    problem.solve_steady()
    steady = problem.balance()["heat"]
    problem.temperature.x.array[:] = 300.0
    list(problem.march(100.0, first_step=1.0, tolerance=0.1))
    transient = problem.balance()["heat"]
    found = manufactured_heat.steady("tetrahedron", 1, False, (4, 8, 16))
    name = "balance.heat"
    return [
        Row(name, "what does not close, steady", 0.0, steady, CLOSED, "at_most", physics="heat"),
        Row(name, "what does not close, over 100 s", 0.0, transient, CLOSED, "at_most", physics="heat"),
        Row(name, "slope of the recovered flux's gap, P1", 1.0, found.order_flux, 0.1, "absolute", physics="heat"),
    ]


def case_mechanics() -> list[Row]:
    """Reactions, loads and nodal forces of a heated layered block, once held and pressed, once free."""
    held = [*map(_plane, ("left", "front", "bottom")), Pressure(surface="top", pressure="5 MPa")]
    settings: tuple[tuple[str, list[MechanicalCondition], Literal["held", "free"]], ...] = (
        ("held and pressed", held, "held"),
        ("free", [], "free"),
    )
    rows = []
    for words, conditions, support in settings:
        tagged = box((2e-3, 2e-3, 1e-3), (4, 4, 4), "tetrahedron", {"copper": 0.5e-3, "silicon": 1e-3})
        copper = material("copper", youngs_modulus=110e9, poissons_ratio=0.34, expansion_tangent=16.4e-6)
        silicon = material("silicon", youngs_modulus=130e9, poissons_ratio=0.28, expansion_tangent=2.6e-6)
        made = {"copper": Assignment(copper, None, 300.0), "silicon": Assignment(silicon, None, 300.0)}
        problem = MechanicsProblem(tagged, MaterialField(tagged, made), conditions, support=support)
        problem.advance(400.0)
        worst = problem.balance().worst
        name = f"largest imbalance of force and moment, {words}"
        rows.append(Row("balance.mechanics", name, 0.0, worst, CLOSED, "at_most", physics="mechanics"))
    return rows


def _plane(surface: str) -> Symmetry:
    return Symmetry(surface=surface)
