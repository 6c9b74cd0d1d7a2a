"""Reference cases of creep and of Anand's law at a point, each through one finite element.

The laws take backward-Euler steps. Where a number depends on the step, two runs, one with half the step, are
extrapolated to a vanishing one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from femsuite.material.material import Material, ParameterSet
from femsuite.verify.constants import constants, material
from femsuite.verify.one_element import ROOM, Cube, without_step
from femsuite.verify.row import Row

HOT = 398.15
# SAC305: Motalab et al., ITherm 2012; 92.5Pb5Sn2.5Ag: Cheng et al., Soldering & Surface Mount Technology 12 (2000) 45
SAC305 = constants(
    "anand", A_per_s=3501.0, Q_over_R_K=9320.0, xi=4.0, m=0.25, s_hat_Pa=30.2e6, n=0.01, h0_Pa=180e9, a=1.78, s0_Pa=21e6
)
LEAD = constants(
    "anand", A_per_s=1.05e5, Q_over_R_K=11024.0, xi=7.0, m=0.241, s_hat_Pa=41.63e6, n=0.002, h0_Pa=1.432e9, a=1.3,
    s0_Pa=33.07e6,
)  # fmt: skip
GAROFALO = constants(
    "creep", model="garofalo_sinh", A_per_s=277984.0, alpha_per_Pa=0.02447e-6, n=6.41, Q_over_R_K=6500.0
)
STRAINS = (0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05)


def solder(law: ParameterSet, modulus: float) -> Material:
    """Return a solder of one law, with a Young's modulus in Pa."""
    return material("solder", law=law, youngs_modulus=modulus, poissons_ratio=0.35, expansion_tangent=0.0)


def _rows(case: str, names: Sequence[str], expected: Sequence[float], got: Iterable[float], unit: str) -> list[Row]:
    return [
        Row(case, name, value, float(found), 1e-3, unit=unit, physics="inelastic")
        for name, value, found in zip(names, expected, got, strict=True)
    ]


def _relaxed(law: str, made: Material, temperature: float, start: float, times: Sequence[float]) -> np.ndarray:
    """Return the stresses, Pa, at given times of a bar whose strain stands still, pulled to ``start`` at once."""
    modulus = float(made.property("youngs_modulus")(np.array(temperature)))

    def run(finer: int) -> list[float]:
        bar = Cube(made, law, temperature)
        strain = start / modulus
        bar.move(strain)
        before, found = 0.0, []
        for end in times:
            parts = finer * (16 if before == 0.0 else 12)
            # even steps from rest, afterwards in proportion to the time that has passed
            marks = np.linspace(0.0, end, parts + 1) if before == 0.0 else np.geomspace(before, end, parts + 1)
            for step in np.diff(marks):
                bar.move(strain, float(step))
            before = end
            found.append(bar.stress)
        return found

    return without_step(run, 1)


def case_C1() -> list[Row]:
    """Relaxation by Norton's law: ``sigma = [s0^(1-n) + (n-1) E B t]^(1/(1-n))``.

    B = 1e-12 MPa^-5/s, n = 5, E = 43 GPa, from 30 MPa: 29.0375, 24.1200, 15.2613 and 8.7165 MPa after 1, 10, 100 and
    1000 s.
    Source: J. Lemaitre, J.-L. Chaboche, Mechanics of Solid Materials (1990), section 6.2 (the integral of the law).
    """
    norton = constants("creep", model="norton", A_per_s=1e-12, sigma0_Pa=1e6, n=5.0, Q_over_R_K=0.0)
    times = (1.0, 10.0, 100.0, 1000.0)
    got = _relaxed("norton", solder(norton, 43e9), ROOM, 30e6, times)
    names = [f"stress after {time:g} s" for time in times]
    return _rows("inelastic.C-1", names, (29.0375e6, 24.1200e6, 15.2613e6, 8.7165e6), got, "Pa")


def case_C2() -> list[Row]:
    """Steady creep of a tin-silver-copper solder: rates at given stresses, and the stress at a rate of 1e-5 1/s.

    ``277984 sinh(0.02447 sigma/MPa)^6.41 exp(-6500/T)``: at 25 degC 1.2156e-8, 1.2500e-6 and 2.2967e-5 1/s at 10, 20
    and 30 MPa, at 125 degC 2.9028e-6 and 2.9850e-4 1/s at 10 and 20 MPa; 26.816 and 12.073 MPa at 1e-5 1/s.
    Source: A. Schubert et al., Proc. ECTC 2003, p. 603.
    """
    made = solder(GAROFALO, 43e9)
    names, expected, got = [], [], []
    for temperature, rates in ((ROOM, (1.2156e-8, 1.2500e-6, 2.2967e-5)), (HOT, (2.9028e-6, 2.9850e-4))):
        for number, rate in enumerate(rates):
            stress = 10e6 * (number + 1)
            bar = Cube(made, "garofalo", temperature, "stress")
            bar.move(stress)
            before, time = bar.strain, 1e-4 / rate
            bar.move(stress, time)
            names.append(f"rate at {stress / 1e6:g} MPa and {temperature - 273.15:g} degC")
            expected.append(rate)
            got.append((bar.strain - before) / time)
    rows = _rows("inelastic.C-2", names, expected, got, "1/s")
    stresses = [_steady("garofalo", made, temperature, 1e-5, 0.02) for temperature in (ROOM, HOT)]
    names = [f"stress at 1e-5 1/s and {temperature - 273.15:g} degC" for temperature in (ROOM, HOT)]
    return rows + _rows("inelastic.C-2", names, (26.816e6, 12.073e6), stresses, "Pa")


def case_C3() -> list[Row]:
    """Relaxation of the solder of C-2, E = 43 GPa: from 30 MPa at 25 degC, from 20 MPa at 125 degC.

    ``d sigma/dt = -E rate(sigma)``, integrated to the digits shown: 25.129, 19.808, 13.568 and 9.903 MPa after 10, 60,
    600 and 3600 s at 25 degC; 15.313, 7.721, 5.080 and 3.656 MPa after 1, 60, 600 and 3600 s at 125 degC.
    Source: constants of A. Schubert et al., Proc. ECTC 2003, p. 603.
    """
    rows = []
    for temperature, start, times, expected in (
        (ROOM, 30e6, (10.0, 60.0, 600.0, 3600.0), (25.129e6, 19.808e6, 13.568e6, 9.903e6)),
        (HOT, 20e6, (1.0, 60.0, 600.0, 3600.0), (15.313e6, 7.721e6, 5.080e6, 3.656e6)),
    ):
        got = _relaxed("garofalo", solder(GAROFALO, 43e9), temperature, start, times)
        names = [f"stress after {time:g} s at {temperature - 273.15:g} degC" for time in times]
        rows += _rows("inelastic.C-3", names, expected, got, "Pa")
    return rows


def _steady(law: str, made: Material, temperature: float, rate: float, strain: float) -> float:
    """Return the stress, Pa, to which pulling at a rate leads; growing steps, because the end does not know them."""
    bar = Cube(made, law, temperature)
    marks = np.concatenate([[0.0], np.geomspace(2e-4, strain, 30)])
    for along, step in zip(marks[1:], np.diff(marks), strict=True):
        bar.move(float(along), float(step) / rate)
    return bar.stress


def _curve(made: Material, temperature: float, rate: float) -> np.ndarray:
    """Return the stresses, Pa, at `STRAINS` when pulled at a rate from rest."""

    def run(finer: int) -> list[float]:
        bar = Cube(made, "anand", temperature)
        before, found = 0.0, []
        for end in STRAINS:
            marks = np.linspace(before, end, finer * (16 if before == 0.0 else 8) + 1)
            for along, step in zip(marks[1:], np.diff(marks), strict=True):
                bar.move(float(along), float(step) / rate)
            before = end
            found.append(bar.stress)
        return found

    return without_step(run, 1)


def case_A1() -> list[Row]:
    """Saturation of Anand's law for SAC305: ``s*/xi asinh(z^m)``, ``z = rate/A exp(Q/T)``, ``s* = s_hat z^n``.

    At 25 degC 42.085, 36.135 and 30.437 MPa at 1e-3, 1e-4 and 1e-5 1/s; at 125 degC 22.830, 17.759 and 13.036 MPa.
    Pulled until nothing changes; small strains by definition, however far.
    Sources: S. B. Brown, K. H. Kim, L. Anand, Int. J. Plasticity 5 (1989) 95; constants M. Motalab et al., ITherm 2012.
    """
    names, expected, got = [], [], []
    for temperature, stresses in ((ROOM, (42.085e6, 36.135e6, 30.437e6)), (HOT, (22.830e6, 17.759e6, 13.036e6))):
        for rate, stress in zip((1e-3, 1e-4, 1e-5), stresses, strict=True):
            names.append(f"saturation at {rate:g} 1/s and {temperature - 273.15:g} degC")
            expected.append(stress)
            got.append(_steady("anand", solder(SAC305, 43e9), temperature, rate, 2.0))
    return _rows("inelastic.A-1", names, expected, got, "Pa")


def case_A2() -> list[Row]:
    """Pulling SAC305 at a constant rate of the total strain with Anand's law, E = 43 GPa.

    Stresses at strains of 0.1 to 5 %: 31.435 to 42.036 MPa at 25 degC and 1e-3 1/s, 19.379 to 22.807 MPa at 125 degC
    and 1e-3 1/s, 11.554 to 13.024 MPa at 125 degC and 1e-5 1/s; the two equations integrated to the digits shown.
    Sources: S. B. Brown, K. H. Kim, L. Anand, Int. J. Plasticity 5 (1989) 95; constants M. Motalab et al., ITherm 2012.
    """
    rows = []
    for temperature, rate, expected in (
        (ROOM, 1e-3, (31.435e6, 38.000e6, 39.858e6, 41.023e6, 41.678e6, 41.924e6, 42.036e6)),
        (HOT, 1e-3, (19.379e6, 21.338e6, 21.942e6, 22.371e6, 22.643e6, 22.754e6, 22.807e6)),
        (HOT, 1e-5, (11.554e6, 12.339e6, 12.604e6, 12.804e6, 12.939e6, 12.996e6, 13.024e6)),
    ):
        rows += _on_curve("inelastic.A-2", solder(SAC305, 43e9), temperature, rate, expected)
    return rows


def _on_curve(case: str, made: Material, temperature: float, rate: float, expected: Sequence[float]) -> list[Row]:
    where = f"{rate:g} 1/s and {temperature - 273.15:g} degC"
    names = [f"stress at a strain of {strain:g}, {where}" for strain in STRAINS]
    return _rows(case, names, expected, _curve(made, temperature, rate), "Pa")


def case_A4() -> list[Row]:
    """Pulling 92.5Pb5Sn2.5Ag at a constant rate with Anand's law, E = 20 GPa.

    Stresses at strains of 0.1 to 5 % and at saturation: 19.975 to 28.785 and 31.801 MPa at 25 degC and 1e-3 1/s, 11.215
    to 13.048 and 14.283 MPa at 125 degC and 1e-4 1/s; the two equations integrated to the digits shown.
    Sources: S. B. Brown, K. H. Kim, L. Anand, Int. J. Plasticity 5 (1989) 95; constants Z. N. Cheng et al., Soldering &
    Surface Mount Technology 12 (2000) 45.
    """
    rows = []
    for temperature, rate, expected, saturation in (
        (ROOM, 1e-3, (19.975e6, 24.458e6, 24.611e6, 24.906e6, 25.577e6, 26.686e6, 28.785e6), 31.801e6),
        (HOT, 1e-4, (11.215e6, 11.280e6, 11.343e6, 11.463e6, 11.738e6, 12.190e6, 13.048e6), 14.283e6),
    ):
        made = solder(LEAD, 20e9)
        rows += _on_curve("inelastic.A-4", made, temperature, rate, expected)
        name = f"saturation at {rate:g} 1/s and {temperature - 273.15:g} degC"
        got = _steady("anand", made, temperature, rate, 20.0)
        rows += _rows("inelastic.A-4", (name,), (saturation,), (got,), "Pa")
    return rows
