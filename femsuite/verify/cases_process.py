"""Reference cases of the process: bonding of a clad, aluminium on its zinc, growth of joints at reflow."""

from __future__ import annotations

import numpy as np

from femsuite.process import bonding, clad, flush, later_heat, phase_diagram, profile, reflow, zinc_face
from femsuite.verify.row import Row

_HOLD = 673.15  # K, the bonding of a zinc-aluminium clad
_SPREAD = 3e-9  # m^2/s, in the liquid


def case_B1() -> list[Row]:
    """Three clads held at 400 degC for a minute: what melts, what is left of the aluminium, and that mass is kept.

    Concentrations come from the diagram's lines: 0.6 wt% Al in the zinc, liquid of 2.5 to 8 wt%. D = 3e-9 m^2/s. 10 um
    of zinc are liquid after 0.01057 s and 20 um after 0.04228 s, by moving finite elements; the liquid saturated,
    45.40, 40.80 and 90.80 um of aluminium are left. Zinc and aluminium are counted from thicknesses and fraction alone.
    Sources: J. Crank, Free and Moving Boundary Problems (1984), ch. 5; mass balance; clads of CN101185991;
    J. L. Murray, Bull. Alloy Phase Diagrams 4 (1983) 55.
    """
    rows = []
    for number, seconds, left in ((1, 0.01057, 45.40e-6), (2, 0.04228, 40.80e-6), (3, 0.04228, 90.80e-6)):
        layers = clad.CLADS[number]
        found = bonding.bond(layers, _HOLD, 60.0, spread=_SPREAD, finite_elements=True)
        density = 1.0 / ((1.0 - found.fraction) / 7140.0 + found.fraction / 2700.0)
        liquid = density * sum(found.alloy)
        zinc = liquid * (1.0 - found.fraction) / (7140.0 * 2.0 * layers.zinc)
        aluminium = (liquid * found.fraction + 2700.0 * found.aluminium) / (2700.0 * layers.aluminium)
        rows += [
            Row("process.B-1", f"time until the zinc of clad {number} is liquid", seconds, found.consumed[0], 5e-4,
                unit="s", physics="process"),
            Row("process.B-1", f"aluminium left in clad {number}", left, found.aluminium, 2e-4, path="formula",
                unit="m", physics="process"),
            Row("process.B-1", f"zinc of clad {number} lost", 0.0, zinc - 1.0, 1e-12, "at_most", path="formula",
                physics="process"),
            Row("process.B-1", f"aluminium of clad {number} lost", 0.0, aluminium - 1.0, 1e-12, "at_most",
                path="formula", physics="process"),
        ]  # fmt: skip
    return rows


def case_B2() -> list[Row]:
    """Moulding at 180 degC and reflow at 260 degC after bonding: zinc goes on into aluminium by 8.6 nm and 95 nm.

    ``2 sqrt(D t)`` after 60 s, with D = 2.59e-5 exp(-120.8 kJ/mol/(R T)); to the digits of a section, 0.01 and 0.1 um.
    Source: N. L. Peterson, S. J. Rothman, Phys. Rev. B 1 (1970) 3264.
    """
    moulding, reflowed = later_heat.later_heat([(453.15, 60.0), (533.15, 60.0)]).depths
    return [
        Row("process.B-2", name, expected, got, 1e-3, path="formula", unit="m", physics="process")
        for name, expected, got in (
            ("depth in 60 s at 180 degC", 8.602e-9, moulding),
            ("depth in 60 s at 260 degC", 95.34e-9, reflowed),
        )
    ]


def case_B3() -> list[Row]:
    """The photograph of a joint: Zn-Al, aluminium, Zn-Al; the mean fraction of a liquid that still moves.

    Clad 1 after a minute at 400 degC has 12.30 um of Zn-Al on each side of 45.40 um of aluminium. While the fronts
    move, the liquid holds ``(-z S_z + a S_a)`` of solute on ``a - z`` (D-2): 4.91 wt% on average.
    Sources: fig. 7 of CN101185991; as B-1.
    """
    at = phase_diagram.front_concentrations(_HOLD)
    zinc, aluminium = 0.887890, 0.040271
    mean = (zinc * at.first_solid + aluminium * at.second_solid) / (zinc + aluminium)
    layers = np.diff(profile.profile(bonding.bond(clad.CLADS[1], _HOLD, 60.0)).interfaces)
    points = 201
    moving = profile.profile(bonding.bond(clad.CLADS[1], _HOLD, 0.005), points)
    part = slice(points, 2 * points)
    place, value = moving.position[part], moving.fraction[part]
    got = float(np.trapezoid(value, place) / (place[-1] - place[0]))
    rows = [
        ("Zn-Al on the frame", 12.30e-6, float(layers[0]), 5e-4, "m"),
        ("aluminium between", 45.40e-6, float(layers[1]), 2e-4, "m"),
        ("mean fraction of aluminium between moving fronts", mean, got, 1e-4, ""),
    ]
    return [
        Row("process.B-3", name, expected, got, tolerance, path="formula", unit=unit, physics="process")
        for name, expected, got, tolerance, unit in rows
    ]


def case_Z1() -> list[Row]:
    """Zinc of 5 um as a barrier for aluminium: ``L^2/(4 D)``, and the fraction on the face after a known time.

    D = 1.3e-5 exp(-91.7 kJ/mol/(R T)): 3.3e6 s at 100 degC, 1.8e4 s at 180 degC and 690 s at 250 degC. After L^2/(4 D)
    the face has erfc(1) = 0.15730 of the solubility 0.006; after the longest time allowed it has the limit 1e-4.
    Sources: H. J. Frost, M. F. Ashby, Deformation-Mechanism Maps (1982); J. Crank, The Mathematics of Diffusion (1975).
    """
    rows = []
    for temperature, expected in ((373.15, 3.3e6), (453.15, 1.8e4), (523.15, 690.0)):
        time = (5e-6) ** 2 / (4.0 * float(zinc_face.zinc_diffusion()(temperature)))
        name = f"L^2/(4 D) at {temperature - 273.15:.0f} degC"
        face = zinc_face.after(5e-6, [(temperature, time)]).fraction
        longest = zinc_face.longest_time(5e-6, temperature)
        last = zinc_face.after(5e-6, [(temperature, 0.5 * longest), (temperature, 0.5 * longest)]).fraction
        rows += [
            Row("process.Z-1", name, expected, time, 1e-2, path="formula", unit="s", physics="process"),
            Row("process.Z-1", f"fraction after it, {name[-8:]}", 0.15730 * 0.006, face, 1e-4, path="formula",
                physics="process"),
            Row("process.Z-1", f"fraction after the longest time, {name[-8:]}", 1e-4, last, 1e-9, path="formula",
                physics="process"),
        ]  # fmt: skip
    return rows


def case_R1() -> list[Row]:
    """Growth of four joints from 25 to 260 degC, and what of it has no room: ``3 a_s dT + [T > Tm](b_m + 3 a_l dT_l)``.

    SAC305 grows by 4.58 % and the cavity by 0.705 %: 3.87 % have no room and escape; a high-lead solder (2.04 %),
    Zn-5Al (1.97 %) and Bi-2.5Ag (0.92 %) stay solid by 26.85, 122.0 and 2.5 K. Margins are
    those of the material files. The pressure is that of springs in series.
    The coefficients were rounded to give these growths, so the rows guard the formula, not the metals.
    Sources: fig. 2 of CN101185991; growth on melting of the CRC Handbook, unchecked.
    """
    rows = []
    for name, own, margin in (
        ("SAC305", 0.0458, -43.0),
        ("Pb92.5Sn5Ag2.5", 0.0204, 26.85),
        ("ZnAl_eutectic", 0.0197, 122.0),
        ("BiAg", 0.0092, 2.5),
    ):
        joint = reflow.JOINTS[name]
        got = reflow.growth(joint)
        found = reflow.melting(reflow.from_material(name))
        rows += [
            Row("process.R-1", f"growth of {name}", own, got.own, 5e-5, "absolute", path="formula", physics="process"),
            Row("process.R-1", f"margin of {name}", margin, found.margin, 1e-6, "absolute",
                path="formula", unit="K", physics="process"),
        ]  # fmt: skip
    solder = reflow.JOINTS["SAC305"]
    excess = reflow.growth(solder).excess
    pressure = reflow.trapped_pressure(0.04, 40e9, 1e-9)
    escaped = flush.flush(solder, flush.Edge(1.0), 1.0, 1e-9).escaped
    return [
        *rows,
        Row("process.R-1", "excess of SAC305", 0.0387, excess, 5e-5, "absolute", path="formula", physics="process"),
        Row("process.R-1", "share that escapes", 0.0387, escaped, 5e-5, "absolute", path="formula", physics="process"),
        Row("process.R-1", "pressure of 4 % at 40 GPa and 1/GPa", 0.04 / 1.025e-9, pressure, 1e-12, path="formula",
            unit="Pa", physics="process"),
    ]  # fmt: skip
