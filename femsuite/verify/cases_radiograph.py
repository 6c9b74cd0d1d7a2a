"""Absorption radiographs through meshes of gmsh: plates, a ball, a bond wire, and the volumes that rays find.

Expected transmissions are ``exp(-sum of mu l)`` with the nominal thicknesses and with mu read off xraylib 4.3, in 1/cm:
silicon 3.068 at 31 keV and 5.541 at 24.942 keV, moulding compound (85 wt% SiO2 in C21H24O4, 1.956 g/cm^3) 1.423 and
2.423, copper 89.18 and 164.2, gold 487.4. Source of the cross sections:
Schoonjans et al., Spectrochim. Acta B 66 (2011) 776.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Mapping

import numpy as np

from femsuite.material.composition import Composition
from femsuite.material.material import Material
from femsuite.meshing.mesh import build_mesh
from femsuite.meshing.options import MeshOptions
from femsuite.meshing.tagged import TaggedMesh
from femsuite.topograph.radiograph import Radiograph, take_radiograph
from femsuite.topograph.radiograph_options import RadiographOptions
from femsuite.verify.constants import material
from femsuite.verify.rates import slope
from femsuite.verify.row import Row

ENERGIES = ("31 keV", "24.942 keV")
"""That of the LM3046 topographs, and K-alpha1 of silver."""
MADE_OF: Mapping[str, tuple[float, Mapping[str, float]]] = {
    "Si": (2329.0, {"Si": 1.0}),
    "EMC": (1956.0, {"SiO2": 0.85, "C21H24O4": 0.15}),
    "Cu": (8960.0, {"Cu": 1.0}),
    "Au": (19300.0, {"Au": 1.0}),
}
"""Density in kg/m^3 and mass fractions. The compound's density is that of its mixture, silica 2200, resin 1200."""
BALL = 100e-6
"""Radius of the ball, m."""


def made(name: str) -> Material:
    """Return a material of constants with its composition."""
    density, fractions = MADE_OF[name]
    return dataclasses.replace(
        material(name, density=density), composition=Composition(fractions, ("case",), "published")
    )


def exposure(tagged: TaggedMesh, materials: Mapping[str, Material], **options: object) -> Radiograph:
    """Return the radiograph of a mesh at the two energies, unless others are given."""
    return take_radiograph(tagged, materials, RadiographOptions.model_validate({"energies": ENERGIES, **options}))


def plates(case: str, layers: Mapping[str, tuple[str, str]], expected: tuple[float, float]) -> list[Row]:
    """Return the mean transmission of plates on each other against the expected one at both energies.

    Args:
        case: its name.
        layers: region -> material and thickness, from bottom to top.
        expected: at 31 and at 24.942 keV.
    """
    stack = [{"name": name, "thickness": thickness, "count": 2} for name, (_, thickness) in layers.items()]
    given = {"length": "1 mm", "width": "0.8 mm", "layers": stack, "counts": [3, 2], "cells": "tetrahedra"}
    tagged = build_mesh("layered_plate", given)
    materials = {name: made(one) for name, (one, _) in layers.items()}
    taken = exposure(tagged, materials, pixel="7 um", areas={"all": {"through": tuple(layers)}})
    words = " + ".join(f"{thickness} {one}" for one, thickness in layers.values())
    return [
        _row(case, f"transmission of {words}, {label}", value, taken.areas["all"][label], 1e-4)
        for label, value in zip(ENERGIES, expected, strict=True)
    ]


def case_A1() -> list[Row]:
    """The body of a small-outline package without anything in it: 1.5 mm of moulding compound."""
    return plates("radiograph.A-1", {"mould": ("EMC", "1.5 mm")}, (math.exp(-0.15 * 1.4226), math.exp(-0.15 * 2.4227)))


def case_A2() -> list[Row]:
    """Beside the paddle, through the die: 1.1 mm of moulding compound, 0.4 mm of silicon."""
    layers = {"mould": ("EMC", "1.1 mm"), "die": ("Si", "0.4 mm")}
    expected = [math.exp(-0.11 * emc - 0.04 * si) for emc, si in ((1.4226, 3.0677), (2.4227, 5.5414))]
    return plates("radiograph.A-2", layers, (expected[0], expected[1]))


def case_A3() -> list[Row]:
    """Through die and paddle: 0.9 mm of moulding compound, 0.4 mm of silicon, 0.2 mm of copper."""
    layers = {"mould": ("EMC", "0.9 mm"), "paddle": ("Cu", "0.2 mm"), "die": ("Si", "0.4 mm")}
    numbers = ((1.4226, 3.0677, 89.175), (2.4227, 5.5414, 164.17))
    expected = [math.exp(-0.09 * emc - 0.04 * si - 0.02 * cu) for emc, si, cu in numbers]
    return plates("radiograph.A-3", layers, (expected[0], expected[1]))


@functools.cache
def ball(across: float) -> TaggedMesh:
    """Return a ball of straight-edged tetrahedra with so many along its radius."""
    given = {"shape": "ball", "radius": f"{BALL} m", "across": across}
    return build_mesh("round_body", given, MeshOptions(algorithm="delaunay"))


def chord_error(across: float) -> float:
    """Return the rms error of the chords of a ball within 0.9 of its radius, of the diameter."""
    taken = exposure(ball(across), {"body": made("Si")}, pixel="2 um", tilt="20 deg")
    screen = taken.screen
    place = np.hypot(*np.meshgrid(screen.horizontal, screen.vertical))
    inside = place < 0.9 * BALL
    exact = 2.0 * np.sqrt(BALL**2 - place[inside] ** 2)
    return float(np.sqrt(np.mean((taken.lengths["Si"][inside] - exact) ** 2)) / (2.0 * BALL))


def case_A4() -> list[Row]:
    """Chords of a ball, ``2 sqrt(r^2 - b^2)``, through straight-edged elements: their error falls as h^2.

    A chord of length h on a circle of radius r lies up to ``h^2/8r`` inside of it.
    """
    counts = (3.0, 6.0, 12.0)
    errors = [chord_error(across) for across in counts]
    found = slope(1.0 / np.array(counts), np.array(errors))
    return [
        _row("radiograph.A-4", "order of the chord's error in a ball", 2.0, found, 0.3, "absolute"),
        _row("radiograph.A-4", "rms chord error, 12 elements along the radius", 0.0, errors[-1], 2e-3, "at_most"),
    ]


def case_A5() -> list[Row]:
    """Sum of length times pixel area against the volume: exact in the limit of many rays, which is tested by itself.

    In that limit each face adds its signed projected area times its mean place along the beam (Gauss), so the sum is
    the mesh's volume to rounding. Finite rays miss at most their spacing times the length's total variation, and the
    miss must fall at least in proportion to the spacing.
    """
    tagged, silicon = ball(6.0), {"body": made("Si")}
    package = build_mesh("soic_package", {"sources": []}, MeshOptions(refinement=0.25))
    inside = {name: made("EMC") for name in package.regions}
    pixels = (8.0, 4.0, 2.0)
    fine = [exposure(tagged, silicon, pixel=f"{pixel} um", tilt="20 deg") for pixel in pixels]
    tilted = exposure(package, inside, pixel="20 um", tilt="7 deg", tilt_about="vertical")
    rays, faces = "balance.radiograph_rays", "balance.radiograph_faces"
    return [
        _row(
            "radiograph.A-5", "signed faces of a ball against its cells", 0.0, fine[0].balances[faces], 1e-10, "at_most"
        ),
        _row("radiograph.A-5", "signed faces of a package, tilted beam", 0.0, tilted.balances[faces], 1e-10, "at_most"),
        _row(
            "radiograph.A-5",
            "rays through a package, of what they may miss",
            0.0,
            tilted.balances[rays],
            0.5,
            "at_most",
        ),
        *(
            _row(
                "radiograph.A-5",
                f"rays through a ball, {pixel:g} um apart",
                0.0,
                one.relative["body"],
                limit,
                "at_most",
            )
            for pixel, one, limit in zip(pixels, fine, (4e-3, 2e-3, 1e-3), strict=True)
        ),
    ]


def case_A6() -> list[Row]:
    """The middle of a bond wire, 25 um of gold across the beam, with straight-edged elements around it."""
    given = {"shape": "rod", "radius": "12.5 um", "length": "60 um", "across": 12.0}
    tagged = build_mesh("round_body", given)
    taken = exposure(tagged, {"body": made("Au")}, pixel="0.2 um", window=MIDDLE)
    darkest = float(taken.transmission["31 keV"].min())
    return [_row("radiograph.A-6", "least transmission of a gold wire of 25 um, 31 keV", 0.2957, darkest, 2e-3)]


MIDDLE = {"horizontal": ("-20 um", "20 um"), "vertical": ("-15 um", "15 um")}


def _row(case: str, words: str, expected: float, got: float, tolerance: float, kind: str = "relative") -> Row:
    return Row(case, words, expected, float(got), tolerance, kind, unit="1", physics="topograph")  # type: ignore[arg-type]
