"""Observed orders of convergence on manufactured solutions, against theory, for every element that is offered."""

from __future__ import annotations

from typing import Literal

from femsuite.verify import manufactured_elasticity, manufactured_heat
from femsuite.verify.row import Row

WITHIN = 0.1
"""How far an observed slope may lie from the theoretical one."""

HEAT = {
    ("triangle", 1): (16, 32),
    ("triangle", 2): (8, 16),
    ("quadrilateral", 1): (16, 32),
    ("quadrilateral", 2): (8, 16),
    ("tetrahedron", 1): (8, 16),
    ("tetrahedron", 2): (6, 10),
    ("hexahedron", 1): (6, 10),
    ("hexahedron", 2): (4, 8),
}
"""Element and order -> cells along an edge: coarse enough for seconds, fine enough for the slopes."""

ELASTICITY = {
    ("triangle", 1): (16, 32),
    ("triangle", 2): (8, 16),
    ("quadrilateral", 1): (16, 32),
    ("quadrilateral", 2): (8, 16),
    ("tetrahedron", 1): (10, 16),
    ("tetrahedron", 2): (6, 9),
    ("hexahedron", 1): (6, 10),
    ("hexahedron", 2): (3, 5),
}


def case_heat() -> list[Row]:
    """Manufactured temperature on square and cube: errors fall as h^(p+1) in L2 and h^p in H1.

    ``theta = 40 K cos(pi x) cos(pi y) s(z)``, conductivity 3, 5, 4 along the axes and rising by 0.5 % per kelvin, so
    that Newton's method and the derivative of the conductivity take part; the sources follow from the solution. The
    last row is the time step's order, against a run with four times as many steps.
    Source: P. G. Ciarlet, The Finite Element Method for Elliptic Problems (1978), ch. 3.
    """
    rows = []
    for (cell, order), counts in HEAT.items():
        found = manufactured_heat.steady(cell, order, True, counts)
        rows += _rows("rates.heat", "heat", cell, order, found.order_l2, found.order_h1)
    sizes, errors = manufactured_heat.temporal((4, 8, 16))
    observed = manufactured_heat.slope(sizes, errors)
    rows.append(Row("rates.heat", "order of the time step", 2.0, observed, WITHIN, "absolute", physics="heat"))
    return rows


def case_elasticity() -> list[Row]:
    """Manufactured displacement on square (plane strain) and cube: errors fall as h^(p+1) in L2 and h^p in H1.

    ``u_i = a_i sin(pi x) sin(pi y) sin(pi z)`` held on the boundary, driven by the free strain that goes with it and
    with a stress in equilibrium.
    Source: P. G. Ciarlet, The Finite Element Method for Elliptic Problems (1978), ch. 3.
    """
    rows = []
    for (cell, order), counts in ELASTICITY.items():
        found = manufactured_elasticity.solve(cell, order, counts)
        rows += _rows("rates.elasticity", "mechanics", cell, order, found.order_l2, found.order_h1)
    return rows


def _rows(case: str, physics: Literal["heat", "mechanics"], cell: str, order: int, l2: float, h1: float) -> list[Row]:
    element = f"{cell} of order {order}"
    return [
        Row(case, f"slope in L2, {element}", order + 1.0, l2, WITHIN, "absolute", physics=physics),
        Row(case, f"slope in H1, {element}", float(order), h1, WITHIN, "absolute", physics=physics),
    ]
