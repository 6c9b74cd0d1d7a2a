"""Reference cases of how a via is made: vapour deposition, electrodeposition, lamination and laser opening."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from femsuite.process import ablation, bath, coverage, coverage_surface, kinetics, lamination, opening, plating, surface
from femsuite.verify.row import Row

_ANGLES = (30, 50, 60, 70, 80, 90)
_HEIGHT = 100e-6  # m, of an opening, and half its floor


def _formula(case: str, quantity: str, expected: float, got: float, tolerance: float, unit: str = "") -> Row:
    return Row(case, quantity, expected, got, tolerance, path="formula", unit=unit, physics="process")


def _open_wall(degrees: float) -> np.ndarray:
    angle = math.radians(degrees)
    foot = np.array([[-1e-3, 0.0], [0.0, 0.0]])
    return np.concatenate([foot, [[math.cos(angle), math.sin(angle)], [math.cos(angle) + 10.0, math.sin(angle)]]])


def case_W1() -> list[Row]:
    """An open wall under three sources: film over that on a level face.

    A wall at theta to the level sees a beam along the normal with ``cos(theta)``, a uniform sky with
    ``(1 + cos(theta))/2`` and a radiance that goes with the cosine with ``[(pi - theta) cos(theta) + sin(theta)]/pi``:
    0.7081 at 50, 0.5081 at 70 and 0.3183 at 90 degrees. Sticking coefficient 1.
    Sources: integrals of the radiance over the visible sky (exact).
    """
    rows = []
    for degrees in _ANGLES:
        theta = math.radians(degrees)
        cosine = math.cos(theta) if degrees < 90 else 0.0
        for name, source, expected in (
            ("beam", coverage.Collimated(), cosine),
            ("uniform sky", coverage.Sky(), 0.5 * (1.0 + cosine)),
            ("radiance cos", coverage.Sky(1.0), ((math.pi - theta) * cosine + math.sin(theta)) / math.pi),
        ):
            got = float(coverage.share(_open_wall(degrees), source, np.array([1]))[0])
            # an upright wall takes nothing from a beam along it
            kind: Literal["relative", "absolute"] = "relative" if expected > 0.0 else "absolute"
            rows.append(
                Row(
                    "process.W-1",
                    f"{name}, wall at {degrees} degrees",
                    expected,
                    got,
                    1e-3,
                    kind,
                    "formula",
                    physics="process",
                )
            )
    return rows


def case_W2() -> list[Row]:
    """A trench of 100 um depth and 200 um floor under a uniform sky: film at base, middle and top of its walls.

    The point is visible from its own wall, ``b = theta - 90``, to the far edge, ``a = atan((x_e - x)/(H - z))``, and
    gets ``[sin(a - theta) - sin(b - theta)]/2``. Source: view factors of an infinitely long trench (exact).
    """
    rows = []
    for degrees in (50, 60, 70, 90):
        theta = math.radians(degrees)
        profile = opening.opening(_HEIGHT, [_HEIGHT], theta)
        edge = _HEIGHT + _HEIGHT / math.tan(theta)
        for name, part in (("base", 0.0), ("middle", 0.5), ("top", 1.0)):
            x, z = -_HEIGHT - part * _HEIGHT / math.tan(theta), part * _HEIGHT
            far, near = math.atan2(edge - x, _HEIGHT - z), theta - 0.5 * math.pi
            expected = 0.5 * (math.sin(far - theta) - math.sin(near - theta))
            got = float(coverage.share(profile, coverage.Sky(), np.array([1]), 1.0 - part)[0])
            rows.append(_formula("process.W-2", f"wall at {degrees} degrees, {name}", expected, got, 1e-3))
    return rows


def case_W3() -> list[Row]:
    """Copper by Faraday's law, 8960 kg/m^3: 13.231 um/h for 1 A/dm^2; 400 um at 3 A/dm^2 take 10.08 h.

    ``dh/dt = i M/(z F rho)``, efficiency 1. Source: M. Faraday (1834); thickness of 400 um: US 10/590,901.
    """
    copper = plating.metal("Cu")
    speed = plating.rate(copper, plating.AMPERE_PER_DM2) * 3600e6
    time = plating.time_for(copper, 3.0 * plating.AMPERE_PER_DM2, 400e-6) / 3600.0
    return [
        _formula("process.W-3", "growth for 1 A/dm^2", 13.231, speed, 1e-3, "um/h"),
        _formula("process.W-3", "time for 400 um at 3 A/dm^2", 10.08, time, 1e-3, "h"),
    ]


def case_cone() -> list[Row]:
    """The middle of the floor of round openings under skies, by rays: ``sin(a)^2`` of the half angle a of what it sees.

    A cylinder and a cone of 60 degrees, 100 um deep, floor of 50 um radius. Under a radiance ``cos`` it is
    ``1 - cos(a)^3``. 256 sides; 4096 and 16384 rays. Source: view factor of a disc (exact).
    """
    rows = []
    for degrees in (90, 60):
        rim = 0.5 * _HEIGHT + _HEIGHT / math.tan(math.radians(degrees))
        section = np.array([[1e-9, 0.0], [0.5 * _HEIGHT, 0.0], [rim, _HEIGHT], [2.0 * rim, _HEIGHT]])
        points, triangles = surface.loft(np.concatenate([[[0.0, 0.0]], section]), 256)
        middle = surface.frames(points, triangles)[0]
        which = np.array([int(np.argmin(np.hypot(middle[:, 0], middle[:, 1])))])
        half = math.atan2(rim, _HEIGHT)
        for exponent, expected in ((0.0, math.sin(half) ** 2), (1.0, 1.0 - math.cos(half) ** 3)):
            for rays in (4096, 16384):
                sky = coverage.Sky(exponent)
                got = float(coverage_surface.surface_share(points, triangles, sky, rays, which)[0])
                name = f"wall at {degrees} degrees, radiance cos^{exponent:.0f}, {rays} rays"
                rows.append(_formula("process.coverage.cone", name, expected, got, 1e-3 if rays < 10000 else 2e-4))
    return rows


def case_trench() -> list[Row]:
    """A long trench, 100 um deep with a floor of 200 um and walls at 60 degrees, by rays against the exact section.

    10 mm long; the triangles near its middle on floor and wall, uniform sky and radiance ``cos``; 16384 rays. The row
    is the largest difference in shares.
    """
    right = opening.opening(_HEIGHT, [_HEIGHT], math.radians(60.0))[3:]
    section = opening.subdivide(np.concatenate([[[0.0, 0.0]], right]), 20e-6)
    points, triangles = surface.loft(section, 4, length=100.0 * _HEIGHT)
    middle, frame = surface.frames(points, triangles)
    which = np.flatnonzero((np.abs(middle[:, 1]) < 20.0 * _HEIGHT) & (middle[:, 0] > 0.0) & (frame[:, 2, 2] > 0.1))
    which = which[np.abs(frame[which, 2, 1]) < 1e-6]
    profile = opening.opening(_HEIGHT, [_HEIGHT], math.radians(60.0))
    rows = []
    for exponent in (0.0, 1.0):
        sky = coverage.Sky(exponent)
        rays = coverage_surface.surface_share(points, triangles, sky, 16384, which)
        place = middle[which, 0]
        segment = np.searchsorted(profile[:, 0], place) - 1
        part = (place - profile[segment, 0]) / np.diff(profile[:, 0])[segment]
        apart = np.abs(rays - coverage.share(profile, sky, segment, part)).max()
        rows.append(
            Row(
                "process.coverage.trench",
                f"radiance cos^{exponent:.0f}: rays less section, {len(which)} places",
                0.0,
                float(apart),
                1.5e-3,
                "at_most",
                "formula",
                physics="process",
            ),
        )
    return rows


def case_wagner() -> list[Row]:
    """The current on a slightly wavy electrode with linear kinetics, by finite elements.

    A face ``a cos(k x)`` of small amplitude under a high bath: ``i/mean = 1 + a k cos(k x)/(1 + Wa)`` with
    ``Wa = kappa R k``; wavelength 200 um, a k = 0.0063. Far above 1, Wa makes the deposit even: on an opening of 60
    degrees with Wa = 500 the current is even within 1 %.
    Source: perturbation of Laplace's equation (J. Newman, K. E. Thomas-Alyea, Electrochemical Systems, ch. 18).
    """
    kappa, wave, mean = 50.0, 200e-6, 300.0
    number, amplitude = 2.0 * math.pi / wave, 1e-3 * wave
    x = np.linspace(0.0, 0.5 * wave, 41)
    profile = np.column_stack([x, amplitude * np.cos(number * x)])
    rows = []
    for wagner in (0.01, 0.3, 1.0, 10.0):
        law = kinetics.Linear(wagner / (kappa * number))
        found = bath.current(profile, bath.Bath(kappa, wave, wave / 60.0), mean, law)
        cosine = np.cos(number * found.points[:, 0])
        part = 2.0 * float(np.sum((found.density / found.mean - 1.0) * cosine * found.weights) / found.weights.sum())
        expected = amplitude * number / (1.0 + wagner)
        rows.append(
            Row(
                "process.plating.wagner",
                f"wave of the current, Wa = {wagner:g}",
                expected,
                part,
                1e-2,
                physics="process",
            )
        )
    half = opening.opening(_HEIGHT, [_HEIGHT], math.radians(60.0))[3:]
    found = bath.current(
        np.concatenate([[[0.0, 0.0]], half]), bath.Bath(kappa, 1e-3, 5e-6), mean, kinetics.Linear(1e-3)
    )
    rows += [
        Row(
            "process.plating.wagner",
            "greatest over least current, Wa = 500",
            1.0,
            found.evenness,
            1e-2,
            physics="process",
        ),
        Row("process.plating.wagner", "mean current density", mean, found.mean, 1e-8, unit="A/m^2", physics="process"),
    ]
    return rows


def case_strip() -> list[Row]:
    """The primary current on strips under a mask, at places away from their edges, by finite elements.

    Strips of half width s, repeated at 2 b: ``i/mean = (s/b) cos(pi x/2b)/sqrt(sin(pi s/2b)^2 - sin(pi x/2b)^2)``;
    s = 40, b = 100 um. The current has no bound at the edge; the error falls with the size of the elements.
    Source: conformal map of the strip (exact).
    """
    half, strip, mean = 100e-6, 40e-6, 300.0
    profile = np.array([[0.0, 0.0], [strip, 0.0], [half, 0.0]])
    found = bath.current(profile, bath.Bath(50.0, 2.0 * half, half / 300.0), mean, None, np.array([False, True]))
    rows = []
    for share in (0.0, 0.5, 0.8):
        x = share * strip
        turn = 0.5 * math.pi / half
        expected = strip / half * math.cos(turn * x) / math.sqrt(math.sin(turn * strip) ** 2 - math.sin(turn * x) ** 2)
        got = float(np.interp(x, found.position, found.density)) / mean
        rows.append(
            Row(
                "process.plating.strip", f"current over its mean at {share:g} s", expected, got, 1e-2, physics="process"
            )
        )
    return rows


def case_volume() -> list[Row]:
    """A foil of 100 um over a step of 500 um and over a chip with slanted edges: its volume, and its far thickness.

    The section of the foil keeps the area it had when it was flat; far from the steps it keeps its thickness t0. Over
    an upright step h the share t/t0 left on the wall follows from
    ``t h - (1 - pi/4)(t^2 - r^2) = (t0 - t)(t + r + d)`` with the fillet r = t0 and the draw length d (arcs and cosines
    integrated exactly; the polyline of the face differs by its chords).
    A hole at the foot closes by ``exp(-p t/(2 mu))``: to 1/e when ``t = 2 mu/p``.
    """
    step = np.array([[-3e-3, 0.0], [0.0, 0.0], [0.0, 5e-4], [3e-3, 5e-4]])
    chip = np.array([[-3e-3, 0.0], [-1e-3, 0.0], [-0.9e-3, 5e-4], [0.9e-3, 5e-4], [1e-3, 0.0], [3e-3, 0.0]])
    rows = []
    for name, line in (("step", step), ("chip", chip)):
        found = lamination.laminate(line, 100e-6, 500e-6)
        x, z = np.concatenate([line, found.face[::-1]]).T
        area = 0.5 * float(np.sum((x - np.roll(x, -1)) * (z + np.roll(z, -1))))
        rows += [
            _formula(
                "process.lamination.volume", f"area of the foil over a {name}", 100e-6 * 6e-3, abs(area), 1e-12, "m^2"
            ),
            _formula(
                "process.lamination.volume",
                f"far thickness beside a {name}",
                100e-6,
                float(found.thickness[[0, -1]].mean()),
                1e-12,
                "m",
            ),
        ]
    foil, high = 100e-6, 500e-6

    def balance(t: float) -> float:
        return t * high - (1.0 - 0.25 * math.pi) * (t**2 - foil**2) - (foil - t) * (t + foil + high)

    share = float(brentq(balance, 0.1 * foil, foil)) / foil
    found = lamination.laminate(step, foil, high)
    rows.append(
        _formula("process.lamination.volume", "share of the foil left on the wall", share, found.thinnest, 1e-3)
    )
    left = lamination.closed(500e-6, 1e6, 2.0, 1e6)
    rows.append(_formula("process.lamination.volume", "gap after 2 mu/p", 500e-6 / math.e, left, 1e-12, "m"))
    return rows


def case_pulse() -> list[Row]:
    """One pulse of a Gaussian beam on a level foil: depth ``ln(F0/F_th)/alpha`` and radius ``w sqrt(ln(F0/F_th)/2)``.

    Polyimide at 9.24 um, 6 J/cm^2, w = 100 um, cells of 0.25 um.
    Sources: R. Srinivasan, B. Braren, Chem. Rev. 89 (1989) 1303; J. M. Liu, Opt. Lett. 7 (1982) 196.
    """
    foil, beam, width = ablation.POLYIMIDE, ablation.Beam(6e4, 100e-6), 0.25e-6
    x = np.arange(-600, 601) * width
    gone = 1e-4 - ablation.removed(foil, beam.at(x), np.full(len(x), 1e-4), width)
    logarithm = math.log(beam.peak / foil.threshold)
    radius = 100e-6 * math.sqrt(0.5 * logarithm)
    return [
        _formula("process.ablation.pulse", "depth", logarithm / foil.absorption, float(gone.max()), 1e-3, "m"),
        _formula("process.ablation.pulse", "radius", radius, 0.5 * float(np.ptp(x[gone > 0.0])), 5e-3, "m"),
        _formula(
            "process.ablation.pulse", "radius by its formula", radius, ablation.crater_radius(foil, beam), 1e-12, "m"
        ),
    ]


def case_wall() -> list[Row]:
    """A wall after many pulses: ``cos(theta) = F_th/F`` everywhere, so ``dz/dx = sqrt((F/F_th)^2 - 1)``.

    Slope of a deep hole where F/F_th is about 1.3, 1.6 and 2; and the mean angle over 10 to 90 % of the depth of a
    foil of 100 um scanned at 10 J/cm^2 (w = 50 um), against the integral of the slope from the crater's edge down.
    Source: threshold of the projected fluence (exact for the model).
    """
    foil, width = ablation.POLYIMIDE, 0.25e-6
    beam = ablation.Beam(6e4, 100e-6)
    x = np.arange(-600, 601) * width
    z = np.full(len(x), 1.0)
    for _ in range(400):
        z = ablation.removed(foil, beam.at(x), z, width)
    slope = np.gradient(z, x)
    rows = []
    for ratio in (1.3, 1.6, 2.0):
        at = int(np.argmin(np.abs(beam.at(x) / foil.threshold - ratio) + 9.0 * (x < 0.0)))
        expected = math.acos(foil.threshold / float(beam.at(x[at])))
        name = f"slope where F/F_th is near {ratio:g}"
        rows.append(_formula("process.ablation.wall", name, expected, math.atan(slope[at]), 5e-3, "rad"))
    strong, thickness = ablation.Beam(1e5, 50e-6), 100e-6
    rim = strong.radius * math.sqrt(0.5 * math.log(strong.peak / foil.threshold))

    def rise(place: float, _height: np.ndarray) -> list[float]:
        over = strong.peak / foil.threshold * math.exp(-2.0 * place**2 / strong.radius**2)
        return [math.sqrt(max(over**2 - 1.0, 0.0))]

    inward = solve_ivp(rise, (rim, 0.0), [thickness], rtol=1e-10, atol=1e-14, dense_output=True)
    places = np.linspace(rim, 0.0, 20001)
    heights = inward.sol(places)[0]
    low, high = (float(np.interp(-share * thickness, -heights, places)) for share in (0.1, 0.9))
    expected = math.atan(0.8 * thickness / (high - low))
    found = ablation.wall(foil, thickness, strong, ablation.Scan(25e-6, 25e-6, 4, 10), 0.25e-6)
    rows.append(_formula("process.ablation.wall", "mean angle of a finished wall", expected, found.angle, 2e-3, "rad"))
    return rows
