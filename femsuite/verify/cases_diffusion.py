"""Reference cases of diffusion: laws, a half-space, a liquid that grows between two solids and what it dissolves."""

from __future__ import annotations

import math

import numpy as np
from scipy.constants import R
from scipy.special import erfc

from femsuite.material import diffusivity, file
from femsuite.physics import two_front
from femsuite.physics.diffusion import DiffusionProblem
from femsuite.verify import bodies
from femsuite.verify.cases_elastic import _values_on_line
from femsuite.verify.row import Row

HOLD = 673.15  # K, the bonding of a zinc-aluminium clad

# mass fractions of aluminium at 400 degC: the zinc, the liquid on it, the liquid on the aluminium, the aluminium
_ZINC_ALUMINIUM = two_front.Concentrations(first=0.025, first_solid=0.006, second=0.08, second_solid=1.0)


def case_D1() -> list[Row]:
    """Zinc in aluminium at 400 degC by the four laws of ``materials/Al_99.toml``: D, and ``2 sqrt(D t)`` in 60 s.

    ``D0 exp(-Q/(R T))``: 1.10e-14, 3.67e-15, 5.99e-15 and 9.55e-15 m^2/s; 1.62, 0.94, 1.20 and 1.51 um.
    Sources: N. L. Peterson, S. J. Rothman, Phys. Rev. B 1 (1970) 3264; S. Varadarajan, R. A. Fournelle, Acta Metall.
    Mater. 40 (1992) 1847; J. Mater. Sci. 34 (1999) 2449 for the last two.
    """
    aluminium = file.load("Al_99")
    rows = []
    for name, expected, reach in (
        ("Zn_in_Al_tracer", 1.10e-14, 1.62e-6),
        ("Zn_in_Al_GBfoil", 3.67e-15, 0.94e-6),
        ("AlZn_701_effective", 5.99e-15, 1.20e-6),
        ("AlZn_703_effective", 9.55e-15, 1.51e-6),
    ):
        got = float(diffusivity.diffusivity(aluminium, name)(HOLD))
        deep = diffusivity.depth(got, 60.0)
        rows += [  # the numbers are given to three digits
            Row("diffusion.D-1", f"D, {name}", expected, got, 5e-3, path="formula", unit="m2/s", physics="diffusion"),
            Row("diffusion.D-1", f"depth, {name}", reach, deep, 5e-3, path="formula", unit="m", physics="diffusion"),
        ]
    return rows


def case_D2() -> list[Row]:
    """A liquid grows between zinc and aluminium at 400 degC as diffusion in it allows (two-front Stefan problem).

    D = 3e-9 m^2/s; mass fractions of aluminium 0.006 | 0.025 to 0.08 | 1 at equal densities. Fronts at ``-2 l_z sqrt(D
    t)`` and ``2 l_a sqrt(D t)`` with l_z = 0.887890 and l_a = 0.040271: 10 um of zinc are gone after 0.01057 s, 20 um
    after 0.04228 s. Quadratic elements between the fronts, from a liquid of 50 nm on.
    Source: J. Crank, Free and Moving Boundary Problems (1984), ch. 1 and 5.
    """
    spread, start = 3e-9, 50e-9
    liquid = two_front.TwoFronts(spread, _ZINC_ALUMINIUM, start)
    already = start**2 / (4.0 * spread)  # about the time in which the start would have grown
    history = []
    while liquid.first > -21e-6:
        liquid.advance(0.05 * (already + liquid.time))
        history.append((liquid.time, liquid.first**2))
    times, squares = np.array(history).T
    unit = 2.0 * math.sqrt(spread * liquid.time)
    rows = [
        ("zinc front over 2 sqrt(D t)", 0.887890, -liquid.first / unit, ""),
        ("aluminium front over 2 sqrt(D t)", 0.040271, liquid.second / unit, ""),
        ("time until 10 um of zinc are gone", 0.01057, np.interp(10e-6**2, squares, times), "s"),
        ("time until 20 um of zinc are gone", 0.04228, np.interp(20e-6**2, squares, times), "s"),
    ]
    exact = two_front.similarity(_ZINC_ALUMINIUM)
    return [
        *(
            Row("diffusion.D-2", name, expected, float(got), 0.01, unit=unit, physics="diffusion")
            for name, expected, got, unit in rows
        ),
        Row(
            "diffusion.D-2",
            "aluminium in the liquid against what the solids lost",
            0.0,
            liquid.amount() / liquid.lost() - 1.0,
            1e-9,
            "at_most",
            physics="diffusion",
        ),
        *(
            Row("diffusion.D-2", f"root of the similarity solution, {side}", expected, got, 2e-5, path="formula",
                physics="diffusion")
            for side, expected, got in zip(("zinc", "aluminium"), (0.887890, 0.040271), exact, strict=True)
        ),
    ]  # fmt: skip


def case_D3() -> list[Row]:
    """Aluminium that remains in a clad when its molten zinc is saturated: ``t_Al - 2 t_Zn (rho_Zn/rho_Al) C/(1 - C)``.

    Densities 7140 and 2700 kg/m^3; clads of 10/50/10, 20/50/20 and 20/100/20 um; C = 5, 6 and 8 wt% (the eutectic, and
    the liquidus at 400 degC).
    Sources: mass balance; clads of CN101185991; J. L. Murray, Bull. Alloy Phase Diagrams 4 (1983) 55.
    """
    rows = []
    for share, left in (
        (0.05, (47.22e-6, 44.43e-6, 94.43e-6)),
        (0.06, (46.62e-6, 43.25e-6, 93.25e-6)),
        (0.08, (45.40e-6, 40.80e-6, 90.80e-6)),
    ):
        for number, (zinc, aluminium) in enumerate(((10e-6, 50e-6), (20e-6, 50e-6), (20e-6, 100e-6))):
            got = aluminium - 2.0 * two_front.dissolved(zinc, 7140.0 / 2700.0, share)
            name = f"aluminium left in clad {number + 1} at {share:.0%}"
            rows.append(
                Row("diffusion.D-3", name, left[number], got, 2e-4, path="formula", unit="m", physics="diffusion")
            )
    return rows


def case_D4() -> list[Row]:
    """Zinc enters aluminium from a held face for 60 s at 400 degC: ``c = c0 erfc(x/(2 sqrt(D t)))``.

    D = 2.59e-5 exp(-120.8 kJ/mol/(R T)), 1.10e-14 m^2/s; what has entered is ``2 c0 sqrt(D t/pi)``, and the amount in
    the body is what came in through the face. A strip of 12 um with its far end closed.
    Source: J. Crank, The Mathematics of Diffusion, 2nd ed. (1975), section 2.4 and 3.3.
    """
    long, high, time = 12e-6, 0.2e-6, 60.0
    tagged = bodies.moved(
        bodies.box((long, high), (40, 1), "quadrilateral"),
        lambda x: np.column_stack([x[:, 0] ** 2 / long, x[:, 1:]]),  # finer at the face
    )
    law = diffusivity.diffusivity(file.load("Al_99"), "Zn_in_Al_tracer")
    problem = DiffusionProblem(tagged, {"body": law}, {"left": 1.0})
    jump = problem.amount()  # of the quadratic shape functions at the held nodes
    for step in np.diff(np.geomspace(1e-3, time, 80), prepend=0.0):
        problem.advance(float(step), HOLD)
    exact = 2.59e-5 * math.exp(-120.8e3 / (R * HOLD))
    reach = 2.0 * math.sqrt(exact * time)
    x, c = _values_on_line(problem.concentration, 0, lambda p: p[:, 1] < 1e-12)
    rows = []
    for share in (0.25, 0.5, 1.0, 1.5):
        got = float(np.interp(share * reach, x, c))
        name = f"concentration at {share:g} times 2 sqrt(D t)"
        rows.append(Row("diffusion.D-4", name, float(erfc(share)), got, 0.01, physics="diffusion"))
    amount = problem.amount()
    expected = 2.0 * math.sqrt(exact * time / math.pi)
    difference = (amount - jump - problem.entered["left"]) / amount
    return [
        *rows,
        Row("diffusion.D-4", "amount that has entered", expected, amount / high, 0.01, unit="m", physics="diffusion"),
        Row(
            "diffusion.D-4",
            "amount in the body against the flow through its face",
            0.0,
            difference,
            1e-9,
            "at_most",
            physics="diffusion",
        ),
    ]
