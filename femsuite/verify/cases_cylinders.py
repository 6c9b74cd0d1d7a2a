"""Reference cases of heated cylinders in plane strain, through finite elements."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from dolfinx import fem

from femsuite.conditions.symmetry import Symmetry
from femsuite.material.field import Assignment, MaterialField
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import bodies
from femsuite.verify.cases_elastic import _values_on_line
from femsuite.verify.cases_plane import stress_at
from femsuite.verify.constants import material
from femsuite.verify.row import Row

_COLD = 300.0


def _quarter(layers: dict[str, float], start: float, cells: int) -> TaggedMesh:
    """Return a quarter of a ring from radius ``start`` on, its regions ending at the given radii, m."""
    end = max(layers.values())
    places = {name: radius - start for name, radius in layers.items()}

    def bend(x: np.ndarray) -> np.ndarray:
        radius, angle = start + x[:, 1], 0.5 * math.pi * x[:, 0]
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), x[:, 2]])

    return bodies.moved(bodies.box((1.0, end - start), (24, cells), "quadrilateral", places), bend)


def case_E10() -> list[Row]:
    """A composite cylinder heated evenly, and a hollow one with the temperature ``T ln(b/r)/ln(b/a)``; plane strain.

    Rings of 10 to 20 mm (copper: 117 GPa, 0.34, 17.5 ppm/K) and 20 to 30 mm (alloy: 148 GPa, 0.28, 5 ppm/K), 100 K:
    with ``E' = E/(1 - n^2)``, ``n' = n/(1 - n)``, ``a' = (1 + n) a`` the pressure between them is ``p = (a1' - a2')
    T/{[(c^2 + a^2)/(c^2 - a^2) - n1']/E1' + [(b^2 + c^2)/(b^2 - c^2) + n2']/E2'}``; hoop stresses ``-2 p c^2/(c^2 -
    a^2)`` at r = a and ``p (b^2 + c^2)/(b^2 - c^2)`` at r = c in the shell; ``u = 2 p b c^2/(E2' (b^2 - c^2)) + a2' T
    b`` at r = b. Hollow cylinder, 10 to 20 mm, 100 K hotter inside: hoop stress ``E al T/(2 (1 - n) ln(b/a)) [1 - 2
    b^2/(b^2 - a^2) ln(b/a)]`` inside, with a^2 in the numerator outside.
    Source: S. P. Timoshenko, J. N. Goodier, Theory of Elasticity, 3rd ed., on thick cylinders and their thermal
    stress.
    """
    return [*_composite(), *_composite(axisymmetric=True), *_hollow()]


def _meridian(layers: dict[str, float], start: float, cells: int) -> TaggedMesh:
    """Return a strip of the meridian of the same ring: x the radius, y the axis."""
    end = max(layers.values())
    places = {name: radius - start for name, radius in layers.items()}

    def lay(x: np.ndarray) -> np.ndarray:
        return np.column_stack([start + x[:, 1], (1.0 - x[:, 0]) * 1e-3, x[:, 2]])

    return replace(
        bodies.moved(bodies.box((1.0, end - start), (1, cells), "quadrilateral", places), lay), axisymmetric=True
    )


def _composite(axisymmetric: bool = False) -> list[Row]:
    inner, middle, outer, heating = 10e-3, 20e-3, 30e-3, 100.0
    (E1, n1, a1), (E2, n2, a2) = made = ((117e9, 0.34, 17.5e-6), (148e9, 0.28, 5e-6))
    tagged = (_meridian if axisymmetric else _quarter)({"core": middle, "shell": outer}, inner, 16)
    field = MaterialField(
        tagged,
        {
            name: Assignment(material(name, youngs_modulus=E, poissons_ratio=n, expansion_tangent=a), None, _COLD)
            for name, (E, n, a) in zip(("core", "shell"), made, strict=True)
        },
    )
    held = [Symmetry(surface="left"), Symmetry(surface="right")]
    problem = MechanicsProblem(tagged, field, held, plane="axisymmetric" if axisymmetric else "strain")
    problem.advance(_COLD + heating)
    around = 2 if axisymmetric else 1
    a, b, c = inner**2, outer**2, middle**2
    core = ((c + a) / (c - a) - n1 / (1.0 - n1)) * (1.0 - n1**2) / E1
    shell = ((b + c) / (b - c) + n2 / (1.0 - n2)) * (1.0 - n2**2) / E2
    pressure = ((1.0 + n1) * a1 - (1.0 + n2) * a2) * heating / (core + shell)
    rim = 2.0 * pressure * outer * c * (1.0 - n2**2) / (E2 * (b - c)) + (1.0 + n2) * a2 * heating * outer
    _, ux = _values_on_line(problem.displacement, 0, lambda p: (p[:, 1] < 1e-9) & (p[:, 0] > outer - 1e-9))
    rows = (
        ("pressure between, in the core", -pressure, stress_at(problem, (middle, 0.0), 0, "core"), "Pa"),
        ("pressure between, in the shell", -pressure, stress_at(problem, (middle, 0.0), 0, "shell"), "Pa"),
        ("hoop stress inside", -2.0 * pressure * c / (c - a), stress_at(problem, (inner, 0.0), around, "core"), "Pa"),
        (
            "hoop stress in the shell, at the core",
            pressure * (b + c) / (b - c),
            stress_at(problem, (middle, 0.0), around, "shell"),
            "Pa",
        ),
        ("displacement of the rim", rim, float(ux.mean()), "m"),
    )
    words = "axisymmetric" if axisymmetric else "plane strain"
    return [
        Row("elastic.E-10", f"composite cylinder, {words}: {name}", expected, got, 0.01, unit=unit, physics="mechanics")
        for name, expected, got, unit in rows
    ]


def _hollow() -> list[Row]:
    inner, outer, heating, modulus, ratio, expansion = 10e-3, 20e-3, 100.0, 117e9, 0.34, 17.5e-6
    tagged = _quarter({"ring": outer}, inner, 16)
    made = material("ring", youngs_modulus=modulus, poissons_ratio=ratio, expansion_tangent=expansion)
    field = MaterialField(tagged, {"ring": Assignment(made, None, _COLD)})
    problem = MechanicsProblem(tagged, field, [Symmetry(surface="left"), Symmetry(surface="right")], plane="strain")
    temperature = fem.Function(fem.functionspace(tagged.mesh, ("Lagrange", 2)))
    span = math.log(outer / inner)
    temperature.interpolate(lambda x: _COLD + heating * np.log(outer / np.hypot(x[0], x[1])) / span)
    problem.advance(temperature)
    unit = modulus * expansion * heating / (2.0 * (1.0 - ratio) * span)
    across = outer**2 - inner**2
    rows = []
    for name, radius, other in (("inside", inner, outer), ("outside", outer, inner)):
        expected = unit * (1.0 - 2.0 * other**2 / across * span)
        got = stress_at(problem, (radius, 0.0), 1, "ring")
        words = f"hollow cylinder: hoop stress {name}"
        rows.append(Row("elastic.E-10", words, expected, got, 0.01, unit="Pa", physics="mechanics"))
    return rows
