"""Reference cases of rate-independent plasticity at a point, each through one finite element."""

from __future__ import annotations

import numpy as np

from femsuite.verify.constants import constants, material
from femsuite.verify.one_element import Cube, without_step
from femsuite.verify.row import Row


def case_P2() -> list[Row]:
    """A bar strained to +0.5 % and back to -0.5 %, with linear kinematic or linear isotropic hardening.

    E = 200 GPa, sigma_y = 200 MPa, plastic modulus H = 20 GPa. ``sigma = sigma_y + E H/(E + H) (eps - sigma_y/E)``
    gives 272.727 MPa. Kinematic: yields again 2 sigma_y lower, at -127.273 MPa and a strain of 0.3 %, and ends at
    -272.727 MPa. Isotropic: yields again at -272.727 MPa and ends at -404.959 MPa. Linear laws: one step to each end.
    Source: J. C. Simo, T. J. R. Hughes, Computational Inelasticity (1998), ch. 1.
    """
    rows = []
    for name, modulus, reverse, end in (
        ("kinematic", "C_Pa", -127.272727e6, -272.727273e6),
        ("isotropic", "H_iso_Pa", -272.727273e6, -404.958678e6),
    ):
        metal = material(
            "metal",
            law=constants("hardening", model="linear", sigma0_Pa=200e6, **{modulus: 20e9}),
            youngs_modulus=200e9,
            poissons_ratio=0.3,
            expansion_tangent=0.0,
        )
        bar = Cube(metal, "j2")
        bar.move(0.005)
        top = bar.stress
        strain = bar.first_flow(0.005, -0.005, Cube.move)
        before = bar.problem.snapshot()
        bar.move(strain)
        turned = bar.stress
        before.restore()
        bar.move(-0.005)
        for what, expected, got, unit in (
            ("stress at +0.5 %", 272.727273e6, top, "Pa"),
            ("stress at which it yields again", reverse, turned, "Pa"),
            ("stress at -0.5 %", end, bar.stress, "Pa"),
            ("strain at which it yields again", 0.005 - (272.727273e6 - reverse) / 200e9, strain, ""),
        ):
            rows.append(Row("inelastic.P-2", f"{name}: {what}", expected, got, 1e-4, unit=unit, physics="inelastic"))
    return rows


def case_P3() -> list[Row]:
    """The steady loop of Armstrong and Frederick: ``amplitude = sigma_y + C/gamma tanh(gamma range/2)``.

    E = 117 GPa, sigma_y = 60 MPa, C = 30 GPa, gamma = 300; ranges of the plastic strain of 0.1, 0.2, 0.5 and 1 %, from
    the strain amplitudes ``range/2 + amplitude/E``: 74.8885, 89.1313, 123.5149 and 150.5148 MPa. Half the range of
    stress, mean of the last two half loops, extrapolated to a vanishing step.
    Sources: P. J. Armstrong, C. O. Frederick, CEGB report RD/B/N731 (1966); J. Lemaitre, J.-L. Chaboche, Mechanics of
    Solid Materials (1990).
    """
    modulus, initial, pull, fade = 117e9, 60e6, 30e9, 300.0
    copper = material(
        "copper",
        law=constants("hardening", model="Chaboche", sigma0_Pa=initial, terms=[{"C_Pa": pull, "gamma": fade}]),
        youngs_modulus=modulus,
        poissons_ratio=0.34,
        expansion_tangent=0.0,
    )
    # plastic range: amplitude, half loops until it is steady, parts of a half loop
    loops = {0.001: (74.8885e6, 5, 6), 0.002: (89.1313e6, 5, 8), 0.005: (123.5149e6, 5, 12), 0.01: (150.5148e6, 4, 12)}

    def amplitudes(finer: int) -> list[float]:
        found = []
        for plastic, (amplitude, halves, parts) in loops.items():
            bar = Cube(copper, "j2")
            end = plastic / 2.0 + amplitude / modulus
            ends, start = [], initial / modulus
            for half in range(halves + 1):
                sign = 1.0 if half % 2 == 0 else -1.0
                for along in np.linspace(start, sign * end, finer * parts + 1):  # elastic up to its first one
                    bar.move(float(along))
                ends.append(bar.stress)
                start = sign * (end - 2.0 * initial / modulus)
            found.append(0.25 * (abs(ends[-1] - ends[-2]) + abs(ends[-2] - ends[-3])))
        return found

    got = without_step(amplitudes, 1)
    return [
        Row(
            "inelastic.P-3",
            f"amplitude at a plastic range of {plastic:g}",
            expected,
            float(value),
            1e-3,
            unit="Pa",
            physics="inelastic",
        )
        for (plastic, (expected, _, _)), value in zip(loops.items(), got, strict=True)
    ]


def case_P4() -> list[Row]:
    """An aluminium film on rigid silicon yields after ``sigma_y (1 - nu)/(E da)`` of cooling and then stays as it is.

    E = 62 GPa, nu = 0.345, expansion 22.57 ppm/K above the silicon's, 30 MPa: 14.04 K. One element between rigid walls,
    free across the film.
    Sources: L. B. Freund, S. Suresh, Thin Film Materials (2003); W. D. Nix, Metall. Trans. A 20 (1989) 2217.
    """
    film = material(
        "film",
        law=constants("hardening", model="linear", sigma0_Pa=30e6),
        youngs_modulus=62e9,
        poissons_ratio=0.345,
        expansion_tangent=22.57e-6,
    )
    start = 400.0
    cube = Cube(film, "j2", start, "walls")
    cooled = 30e6 * (1.0 - 0.345) / (62e9 * 22.57e-6)
    got = cube.first_flow(0.0, 50.0, lambda one, drop: one.move(0.0, temperature=start - drop))
    rows = [Row("inelastic.P-4", "cooling at first yield", cooled, got, 1e-3, unit="K", physics="inelastic")]
    for drop, expected in ((7.0, 30e6 * 7.0 / cooled), (20.0, 30e6), (100.0, 30e6)):
        cube.move(0.0, temperature=start - drop)
        words = f"stress of the film after {drop:g} K"
        rows.append(Row("inelastic.P-4", words, expected, cube.stress, 1e-3, unit="Pa", physics="inelastic"))
    return rows
