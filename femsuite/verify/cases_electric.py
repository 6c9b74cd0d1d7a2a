"""Reference cases of current with heat: bars, bends, spreading under a contact, a row of openings."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from femsuite.conditions import FixedTemperature
from femsuite.errors import SolveError
from femsuite.meshing import from_arrays
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.current_shares import Shares, evenness
from femsuite.physics.heat import HeatProblem
from femsuite.solve.norms import maximum
from femsuite.verify import manufactured_current
from femsuite.verify.bodies import box, moved
from femsuite.verify.electric_bodies import LinearMetal, Patches, coupled
from femsuite.verify.row import Row

COPPER = LinearMetal(1.72e-8, 3.93e-3)
"""Resistivity of copper, ohm m at 300 K, and its slope, as the closed forms below were evaluated with."""
THERMAL = 398.0
RATES = {
    ("triangle", 1): (24, 48),
    ("triangle", 2): (16, 32),
    ("quadrilateral", 1): (24, 48),
    ("quadrilateral", 2): (16, 32),
}


def case_J1() -> list[Row]:
    """A bar of constant properties between ends at one temperature: ``V^2/(8 k rho)`` above them in its middle."""
    problem = _bar(LinearMetal(COPPER.resistivity), "0.05 V")
    expected = 0.05**2 / (8.0 * THERMAL * COPPER.resistivity)
    rise = _row("electric.J-1", "rise of a bar with constant properties, 0.05 V", expected, _rise(problem), 0.005, "K")
    return [rise, *_books("electric.J-1", problem)]


def case_J3() -> list[Row]:
    """The same with ``rho = rho0 (1 + a theta)``: ``theta + a theta^2/2 = V^2/(8 k rho0)``.

    Copper, 398 W/(m K), 1.72e-8 ohm m, 3.93e-3 1/K: 42.1575 K at 0.05 V and 142.6264 K at 0.1 V.
    """
    rows = []
    for volts, expected in ((0.05, 42.1575), (0.1, 142.6264)):
        problem = _bar(COPPER, f"{volts} V")
        rows.append(_row("electric.J-3", f"rise of a copper bar, {volts} V", expected, _rise(problem), 0.005, "K"))
        rows += _books("electric.J-3", problem)
    return rows


def case_J4() -> list[Row]:
    """A bar of 10 mm fed by a current: ``theta = (sec(m L/2) - 1)/a`` with ``m^2 = J^2 rho0 a/k``; runaway at m L = pi.

    The limit is 7.62309e8 A/m^2; a current of 7.7e8 is refused in words and the limit told.
    """
    rows = []
    for density, expected in ((1e8, 5.49926), (3e8, 57.7828), (5e8, 240.0421)):
        problem = _bar(COPPER, f"{density * 1e-3!r} A")
        words = f"rise of a copper bar fed by {density:.0e} A/m2"
        rows.append(_row("electric.J-4", words, expected, _rise(problem), 0.005, "K"))
        rows += _books("electric.J-4", problem)
    limit = 7.62309e8
    rows.append(_row("electric.J-4", "current of runaway, told when refused", limit, _refused(7.7e8), 0.01, "A/m2"))
    return rows


def _refused(density: float) -> float:
    """Return the limit (A/m^2) that the refusal of a current names; nan where it was not refused."""
    try:
        _bar(COPPER, f"{density * 1e-3!r} A")
    except SolveError as error:
        words = str(error).split("on the way up is at feed ")
        return float(words[1].split(" A")[0]) * 1e3 if len(words) == 2 else math.nan
    return math.nan


def case_J5() -> list[Row]:
    """A strip bent at a right angle: its corner counts as 0.5587 squares.

    Source: P. M. Hall, Thin Solid Films 1 (1968) 277, by a conformal map.
    """
    arm, count = 3, 12
    whole = np.arange((arm + 1) * count + 1) / count
    inside = (whole[:-1, None] < 1.0 - 1e-9) | (whole[None, :-1] < 1.0 - 1e-9)
    tagged = _cells(whole, whole, np.where(inside, "body", ""), {
        "one": lambda x: x[0] > arm + 1.0 - 1e-9,
        "other": lambda x: x[1] > arm + 1.0 - 1e-9,
        "side": lambda x: np.full(x.shape[1], True),
    })  # fmt: skip
    got = _resistance(tagged, LinearMetal(1.0), "one", "other") - 2 * arm
    return [_row("electric.J-5", "squares in the corner of a bent strip", 0.5587, got, 0.01, "")]


def case_J6() -> list[Row]:
    """A disk contact of 50 um on a half-space: its constriction resistance is ``rho/(4 a)``.

    Oblate spheroidal coordinates as in thermal.T-6; beyond the outermost surface its closed form is added.

    Source: R. Holm, Electric Contacts, 4th ed. (1967), section 2.
    """
    radius, reach = 50e-6, math.acosh(60.0)

    def spheroidal(x: np.ndarray) -> np.ndarray:
        m, t = x[:, 1], x[:, 0]
        return np.column_stack([radius * np.cosh(m) * np.sin(t), radius * np.sinh(m) * np.cos(t), 0.0 * m])

    tagged = moved(box((0.5 * math.pi, reach), (12, 24), "quadrilateral"), spheroidal)
    resistivity = COPPER.resistivity
    beyond = resistivity * (0.5 * math.pi - math.atan(math.sinh(reach))) / (2.0 * math.pi * radius)
    got = _resistance(tagged, LinearMetal(resistivity), "bottom", "top", axisymmetric=True) + beyond
    return [_row("electric.J-6", "constriction of a disk contact", resistivity / (4.0 * radius), got, 0.01, "ohm")]


def case_J7() -> list[Row]:
    """A row of three openings of 1.9226e-4 ohm, fed from one end through 4.3e-5 ohm for each pitch: a ladder.

    The shares are 0.4363, 0.3102 and 0.2535 of the current, largest over mean 1.309. The lead is a strip of a fiftieth
    of the pitch, so that the way from it into an opening does not count. Taken at the grounds, and where the lead meets
    the openings.
    """
    problem = row_of_openings()
    current = problem.current
    assert current is not None
    numbers = (1, 2, 3)
    shares = Shares(current, [f"lead|via_{number}" for number in numbers], current.tagged.cells("lead"))
    ways = shares.currents()
    rows = []
    for number, expected, way in zip(numbers, (0.4363, 0.3102, 0.2535), ways, strict=True):
        got = -current.currents()[f"ground_{number}"]
        rows.append(_row("electric.J-7", f"share of opening {number}", expected, got, 0.02, ""))
        rows.append(_row("electric.J-7", f"the same where the lead meets it, {number}", got, float(way), 1e-9, ""))
    largest = evenness(ways, shares.areas)["evenness"]
    rows.append(_row("electric.J-7", "largest share over mean", 1.309, largest, 0.02, ""))
    return rows


def row_of_openings() -> HeatProblem:
    """Return the solved row of three openings of case J-7, fed by 1 A, its grounds ``ground_1`` to ``ground_3``."""
    pitch, thick, wide, deep = 1.0, 0.02, 0.01, 0.05
    places = [0.5, 1.5, 2.5]
    edges = sorted({0.0, 3.0, *(place - 0.5 * wide for place in places), *(place + 0.5 * wide for place in places)})
    x = np.concatenate([np.linspace(a, b, 1 + (2 if b - a < 2 * wide else 40), endpoint=False)
                        for a, b in itertools.pairwise(edges)] + [np.array([3.0])])  # fmt: skip
    y = np.concatenate([np.linspace(0.0, deep, 6)[:-1], np.linspace(deep, deep + thick, 5)])
    middle = 0.5 * (x[1:] + x[:-1])
    above = 0.5 * (y[1:] + y[:-1]) > deep
    regions = np.full((len(middle), len(above)), "", dtype="<U8")
    regions[:, above] = "lead"
    for number, place in enumerate(places):
        regions[np.ix_(np.abs(middle - place) < 0.5 * wide, ~above)] = f"via_{number + 1}"
    tagged = _cells(x, y, regions, {
        "feed": lambda p: p[0] < 1e-9,
        "ground_1": lambda p: (p[1] < 1e-9) & (p[0] < 1.0),
        "ground_2": lambda p: (p[1] < 1e-9) & (p[0] < 2.0),
        "ground_3": lambda p: p[1] < 1e-9,
        "side": lambda p: np.full(p.shape[1], True),
    })  # fmt: skip
    vias = tagged.cells("via_*")
    lead, via = LinearMetal(4.3e-5 * thick / pitch), LinearMetal(1.9226e-4 * wide / deep)
    law = Patches([(tagged.cells("lead"), lead), (vias, via)])
    terminals = {"feed": ("feed", "1 A")} | {f"ground_{n}": (f"ground_{n}", "0 V") for n in (1, 2, 3)}
    problem = coupled(tagged, law, terminals, [FixedTemperature(surface="feed", value="300 K")])
    assert problem.current is not None
    problem.operator.conduction.hold()
    problem.operator.conduction.solve()
    return problem


def case_rates() -> list[Row]:
    """A coupled solution in closed form on a tube: errors fall as h^(p+1) in L2 and h^p in H1, of both fields.

    Temperature and potential by the law of Wiedemann and Franz, see `femsuite.verify.manufactured_current`.
    Source: P. G. Ciarlet, The Finite Element Method for Elliptic Problems (1978), ch. 3.
    """
    rows = []
    for (cell, order), counts in RATES.items():
        for words, observed in manufactured_current.solve(cell, order, counts).orders().items():
            expected = order + 1.0 if words.endswith("L2") else float(order)
            quantity = f"slope of {words}, {cell} of order {order}"
            rows.append(Row("rates.electric", quantity, expected, observed, 0.1, "absolute", physics="electric"))
    return rows


# -- bodies -------------------------------------------------------------------------------------------------------


def _bar(law: Any, drive: str) -> HeatProblem:
    """Return the solved problem of a bar of 10 mm by 1 mm by 1 m, its ends at 300 K."""
    tagged = box((1e-3, 1e-2), (1, 16), "quadrilateral")
    ends = [FixedTemperature(surface=name, value="300 K") for name in ("bottom", "top")]
    problem = coupled(tagged, law, {"feed": ("top", drive), "ground": ("bottom", "0 V")}, ends, thermal=THERMAL)
    problem.solve_steady()
    return problem


def _rise(problem: HeatProblem) -> float:
    return maximum(float(problem.temperature.x.array.max(initial=0.0)), problem.comm) - 300.0


def _books(case: str, problem: HeatProblem) -> list[Row]:
    """Return the rows of what must close: current, and electric power against heat."""
    assert problem.current is not None
    electric, heat = problem.current.balance(), problem.balance()["heat"]
    return [
        Row(case, "current in minus current out", 0.0, electric["current"], 1e-10, "at_most", physics="electric"),
        Row(case, "electric power minus heat given off", 0.0, electric["electric_power"], 1e-8, "at_most",
            physics="electric"),
        Row(case, "heat given off minus heat out", 0.0, heat, 1e-8, "at_most", physics="electric"),
    ]  # fmt: skip


def _cells(x: np.ndarray, y: np.ndarray, regions: np.ndarray, surfaces: Any) -> TaggedMesh:
    """Return quadrilaterals between lines, those of an empty region left out; names of surfaces by their middles."""
    numbers = np.arange(len(x) * len(y)).reshape(len(x), len(y))
    corners = np.stack([numbers[:-1, :-1], numbers[1:, :-1], numbers[1:, 1:], numbers[:-1, 1:]], axis=-1)
    kept = regions != ""
    cells, named = corners[kept], regions[kept]
    used, cells = np.unique(cells, return_inverse=True)
    points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)[used]
    return from_arrays(points, cells.reshape(-1, 4), list(named), surfaces, cell_type="quadrilateral")


def _resistance(tagged: TaggedMesh, law: Any, one: str, other: str, axisymmetric: bool = False) -> float:
    """Return the resistance between two surfaces, ohm (of 1 m depth in a plane), fed by 1 A."""
    cold = [FixedTemperature(surface=one, value="300 K")]
    terminals = {"feed": (one, "1 A"), "ground": (other, "0 V")}
    problem = coupled(tagged, law, terminals, cold, axisymmetric=axisymmetric)
    assert problem.current is not None
    problem.operator.conduction.hold()
    problem.operator.conduction.solve()
    return problem.current.voltages()["feed"]


def _row(case: str, quantity: str, expected: float, got: float, tolerance: float, unit: str) -> Row:
    return Row(case, quantity, expected, got, tolerance, "relative", "FE", unit, "electric")
