"""Reference cases of heat conduction: NAFEMS benchmarks, closed forms and converged series, through the FE path."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from femsuite.conditions import Film, FixedTemperature, HeatFlux, Radiation
from femsuite.conditions.schedule import TemperatureFormula
from femsuite.material.field import Assignment, MaterialField
from femsuite.physics.heat import HeatProblem
from femsuite.physics.heat_surfaces import SurfaceIntegral
from femsuite.solve.norms import maximum, summed
from femsuite.verify.bodies import box, moved
from femsuite.verify.constants import material
from femsuite.verify.row import Row
from femsuite.verify.thermal_material import isotropic

SILICON = 148.0
"""W/(m K), the round value the closed forms below were evaluated with."""


def case_T1() -> list[Row]:
    """NAFEMS benchmark T2: a bar held at 1000 K at one end radiates to 300 K from the other.

    Length 0.1 m, k 55.6 W/(m K), emissivity 0.98, sigma 5.67e-8. The end temperature is the root of
    ``k (1000 - T)/L = emissivity sigma (T^4 - 300^4)``: 927.0076 K; NAFEMS publishes 927 K.
    """
    tagged = box((0.01, 0.1), (1, 4), "quadrilateral")
    conditions = [
        FixedTemperature(surface="bottom", value="1000 K"),
        Radiation(surface="top", emissivity=0.98, ambient="300 K", stefan_boltzmann=5.67e-8),
    ]
    problem = HeatProblem(tagged, isotropic(55.6), conditions, initial=1000.0)
    problem.solve_steady()
    got = _mean(problem, "top")
    return [
        _row("thermal.T-1", "temperature of the radiating end", 927.0076, got, 0.05, "absolute", "K"),
        _row("thermal.T-1", "balance of heat", 0.0, problem.balance()["heat"], 1e-6, "at_most", ""),
    ]


def case_T2() -> list[Row]:
    """NAFEMS benchmark T3: a bar at 0 degC whose one end is held there while the other follows 100 sin(pi t/40) degC.

    Length 0.1 m, k 35 W/(m K), c 440.5 J/(kg K), density 7200 kg/m^3. At x = 0.08 m and t = 32 s NAFEMS publishes
    36.60 degC; the series gives 36.6031 degC. The time step is found by the error estimate alone.
    """
    tagged = box((0.01, 0.1), (1, 20), "quadrilateral")
    conditions = [
        FixedTemperature(surface="bottom", value="0 degC"),
        FixedTemperature(surface="top", value=TemperatureFormula(formula="100*sin(pi*t/40)", unit="degC")),
    ]
    steel = material("steel", thermal_conductivity=35.0, heat_capacity=440.5, density=7200.0)
    field = MaterialField(tagged, {"body": Assignment(steel)})
    problem = HeatProblem(tagged, field, conditions, initial=273.15)
    list(problem.march(32.0, first_step=0.01, tolerance=0.01))
    got = along_axis(problem, 1, [0.08])[0] - 273.15
    name = "thermal.T-2"
    return [
        _row(name, "temperature at 0.08 m after 32 s", 36.6031, got, 0.1, "absolute", "degC"),
        _row(name, "balance of heat over 32 s", 0.0, problem.balance()["heat"], 1e-8, "at_most", ""),
    ]


def case_T4() -> list[Row]:
    """A slab cooled by a film on both faces from an even temperature: centre and surface (Heisler's series).

    Half a slab of thickness 2 L with L = k = rho c = 1: the film coefficient is the Biot number, the time the Fourier
    number; temperatures are shares of the initial excess over the ambient.

    Source: M. P. Heisler, Trans. ASME 69 (1947) 227; all terms of the series.
    """
    expected = {
        (1.0, 0.2): (0.95064, 0.64339),
        (1.0, 1.0): (0.53386, 0.34818),
        (0.1, 1.0): (0.92239, 0.87813),
        (10.0, 0.2): (0.82925, 0.12248),
    }
    rows = []
    for (biot, fourier), values in expected.items():
        tagged = box((0.1, 1.0), (1, 16), "quadrilateral")
        film = Film(surface="top", coefficient=f"{biot} W/(m^2 K)", ambient="300 K")
        problem = HeatProblem(tagged, isotropic(1.0, 1.0), [film], initial=400.0)
        list(problem.march(fourier, first_step=1e-4, tolerance=0.02))
        shares = (along_axis(problem, 1, [0.0, 1.0]) - 300.0) / 100.0
        for place, value, got in zip(("centre", "surface"), values, shares, strict=True):
            words = f"{place} of a slab, Bi {biot:g}, Fo {fourier:g}"
            rows.append(_row("thermal.T-4", words, value, float(got), 0.001, "relative", ""))
    return rows


def case_T9() -> list[Row]:
    """A wall of three layers with a film on its cold side: the resistances ``t/(k A)`` and ``1/(h A)`` add up exactly.

    Silicon 0.35 mm (148), solder 0.1 mm (50), copper 1 mm (391 W/(m K)) of 1 cm^2, film 5000 W/(m^2 K), 50 W in.
    """
    layers = {"copper": 1e-3, "solder": 1.1e-3, "silicon": 1.45e-3}
    tagged = box((1e-2, 1e-2, 1.45e-3), (1, 1, 29), "hexahedron", layers)
    conductivities = {"copper": 391.0, "solder": 50.0, "silicon": SILICON}
    made = {name: Assignment(material(name, thermal_conductivity=value)) for name, value in conductivities.items()}
    conditions = [
        HeatFlux(surface="top", power="50 W"),
        Film(surface="bottom", coefficient="5000 W/(m^2 K)", ambient="300 K"),
    ]
    problem = HeatProblem(tagged, MaterialField(tagged, made), conditions, initial=300.0)
    problem.solve_steady()
    expected = (1e-3 / 391.0 + 1e-4 / 50.0 + 0.35e-3 / SILICON + 1.0 / 5000.0) / 1e-4
    resistance = (_mean(problem, "top") - 300.0) / 50.0
    balance = problem.balance()
    return [
        _row("thermal.T-9", "resistance of a wall of three layers", expected, resistance, 1e-8, "relative", "K/W"),
        _row("thermal.T-9", "recovered flux against power", 0.0, balance["recovered"], 1e-8, "at_most", ""),
    ]


def case_source() -> list[Row]:
    """A slab with an even source of heat, insulated on top and held below: ``P L/(2 k A)`` above the base on top.

    Silicon of 1 cm^2 by 0.4 mm, 10 W in its volume: 0.135135 K. In the middle plane: ``3/8 P L/(k A)``.
    """
    tagged = box((1e-2, 1e-2, 0.4e-3), (1, 1, 4), "hexahedron")
    silicon = MaterialField(tagged, {"body": Assignment(material("silicon", thermal_conductivity=SILICON))})
    problem = HeatProblem(tagged, silicon, [FixedTemperature(surface="bottom", value="300 K")], initial=300.0)
    problem.set_power("body", 10.0)
    problem.solve_steady()
    drop = 10.0 * 0.4e-3 / (SILICON * 1e-4)
    top, middle = along_axis(problem, 2, [0.4e-3, 0.2e-3]) - 300.0
    name = "thermal.source"
    return [
        _row(name, "rise of the top of a slab with an even source", 0.5 * drop, float(top), 1e-8, "relative", "K"),
        _row(name, "rise of its middle plane", 0.375 * drop, float(middle), 1e-8, "relative", "K"),
    ]


def case_T6() -> list[Row]:
    """A disk on a half-space, radius 50 um, k = 148: isothermal ``1/(4 k a)``, isoflux ``8/(3 pi^2 k a)`` and centre.

    Axisymmetric in oblate spheroidal coordinates ``r = a cosh(m) sin(t)``, ``z = a sinh(m) cos(t)``, whose surfaces are
    the isotherms under an isothermal disk; beyond the outermost (60 radii) their closed form
    ``(pi/2 - atan(sinh M))/(2 pi k a)`` is added.

    Source: H. S. Carslaw and J. C. Jaeger, Conduction of Heat in Solids, 2nd ed., sections 8.2 and 16.4; M. M.
    Yovanovich, in Handbook of Heat Transfer.
    """
    radius, reach = 50e-6, math.acosh(60.0)
    beyond = (0.5 * math.pi - math.atan(math.sinh(reach))) / (2.0 * math.pi * SILICON * radius)

    def spheroidal(x: np.ndarray) -> np.ndarray:
        m, t = x[:, 1], x[:, 0]
        return np.column_stack([radius * np.cosh(m) * np.sin(t), radius * np.sinh(m) * np.cos(t), 0.0 * m])

    def half_space(source: Any) -> HeatProblem:
        tagged = moved(box((0.5 * math.pi, reach), (24, 32), "quadrilateral"), spheroidal)
        conditions = [FixedTemperature(surface="top", value="300 K"), source]
        problem = HeatProblem(tagged, isotropic(SILICON), conditions, initial=300.0, axisymmetric=True)
        problem.solve_steady()
        return problem

    held = half_space(FixedTemperature(surface="bottom", value="310 K"))
    isothermal = 10.0 / -held.balance()["surfaces"]["bottom"]["out"] + beyond
    heated = half_space(HeatFlux(surface="bottom", power="1 W"))
    mean, centre = _mean(heated, "bottom") - 300.0 + beyond, _hottest(heated) - 300.0 + beyond
    name = "thermal.T-6"
    return [
        _row(name, "isothermal disk on a half-space", 33.784, isothermal, 0.002, "relative", "K/W"),
        _row(name, "mean of an isoflux disk on a half-space", 36.512, mean, 0.002, "relative", "K/W"),
        _row(name, "centre of an isoflux disk on a half-space", 43.015, centre, 0.002, "relative", "K/W"),
    ]


def case_T7() -> list[Row]:
    """An isoflux disk on a flux tube: the dimensionless spreading resistance ``psi = 4 k a R`` of mean and centre.

    Tube of radius a/eps, insulated around, held at its far end five radii away, where the flux is even. The values are
    the converged series of Bessel functions (M. M. Yovanovich, J. R. Culham, P. Teertstra, IEEE Trans. CPMT A 21
    (1998) 168).
    """
    expected = {0.01: (1.06667, 1.25915), 0.1: (0.94009, 1.13244), 0.3: (0.66493, 0.85391), 0.5: (0.40921, 0.58472)}
    rows = []
    for share, (mean, centre) in expected.items():
        outer = 1.0 / share
        problem = _disk_on_cylinder(1.0, outer, 5.0 * outer, 1.0, FixedTemperature(surface="bottom", value="300 K"))
        along = 5.0 * outer / (math.pi * outer**2)
        got = 4.0 * (_mean(problem, "source") - 300.0 - along), 4.0 * (_hottest(problem) - 300.0 - along)
        rows.append(_row("thermal.T-7", f"mean in a flux tube, a/b = {share}", mean, got[0], 0.001, "relative", ""))
        rows.append(_row("thermal.T-7", f"centre in a flux tube, a/b = {share}", centre, got[1], 0.001, "relative", ""))
    return rows


def case_T8() -> list[Row]:
    """An isoflux disk of 50 um radius on a silicon disk of 1 mm^2 by 0.4 mm: base held, or cooled with 1e5 W/(m^2 K).

    Converged series; spreading plus the one-dimensional resistance.
    """
    outer = math.sqrt(1e-6 / math.pi)
    bases: list[tuple[str, Any, float, float]] = [
        ("base held", FixedTemperature(surface="bottom", value="300 K"), 34.9491, 41.4481),
        ("base film 1e5", Film(surface="bottom", coefficient="1e5 W/(m^2 K)", ambient="300 K"), 45.0448, 51.5451),
    ]
    rows = []
    for words, base, mean, highest in bases:
        problem = _disk_on_cylinder(50e-6, outer, 0.4e-3, SILICON, base)
        got = _mean(problem, "source") - 300.0, _hottest(problem) - 300.0
        rows.append(_row("thermal.T-8", f"mean of the source, {words}", mean, got[0], 0.001, "relative", "K/W"))
        rows.append(_row("thermal.T-8", f"highest, {words}", highest, got[1], 0.001, "relative", "K/W"))
    return rows


def _disk_on_cylinder(radius: float, outer: float, height: float, conductivity: float, base: Any) -> HeatProblem:
    """Return the solved problem of 1 W through the disk ``source`` on top of a cylinder, graded towards its edge."""
    # The first cells on both sides of the edge are of like size, however wide the cylinder is.
    power = 2.0 + max(0.0, math.log(outer / radius - 1.0) / math.log(16.0))

    def graded(x: np.ndarray) -> np.ndarray:
        s, t = x[:, 0], 1.0 - x[:, 1]
        inside = radius * (1.0 - (1.0 - np.minimum(s, 1.0)) ** 2)
        outside = (outer - radius) * np.maximum(s - 1.0, 0.0) ** power
        return np.column_stack([inside + outside, height * (1.0 - t**3), 0.0 * s])

    tagged = moved(box((2.0, 1.0), (32, 28), "quadrilateral", top={"source": 1.0, "rest": 2.0}), graded)
    conditions = [HeatFlux(surface="source", power="1 W"), base]
    problem = HeatProblem(tagged, isotropic(conductivity), conditions, initial=300.0, axisymmetric=True)
    problem.solve_steady()
    return problem


def _mean(problem: HeatProblem, surface: str) -> float:
    """Return the mean temperature of a surface, K."""
    mesh, forms = problem.tagged.mesh, problem.forms
    facets = problem.tagged.facets(surface)
    degree = forms.surface_degree
    whole = SurfaceIntegral(mesh, forms.weight * problem.temperature, degree).over(facets)
    area = SurfaceIntegral(mesh, forms.weight * (1.0 + 0.0 * problem.temperature), degree).over(facets)
    return summed(whole, problem.comm) / summed(area, problem.comm)


def _hottest(problem: HeatProblem) -> float:
    return maximum(float(problem.temperature.x.array.max(initial=0.0)), problem.comm)


def _row(case: str, quantity: str, expected: float, got: float, tolerance: float, kind: Any, unit: str) -> Row:
    return Row(case, quantity, expected, got, tolerance, kind, "FE", unit, "heat")


def along_axis(problem: HeatProblem, axis: int, places: Sequence[float]) -> np.ndarray:
    """Return the temperature at nodes of a problem of one dimension, K: the mean over the nodes at each place.

    Args:
        problem: solved.
        axis: the direction in which the temperature changes.
        places: coordinates of nodes, m.
    """
    owned = problem.space.dofmap.index_map.size_local
    at = problem.space.tabulate_dof_coordinates()[:owned, axis]
    values = problem.temperature.x.array[:owned]
    result = []
    for place in places:
        found = values[np.isclose(at, place, rtol=0.0, atol=1e-9)]
        result.append(summed(float(found.sum()), problem.comm) / summed(float(len(found)), problem.comm))
    return np.array(result)
