"""Reference cases on the mesh of the via opening itself: Kohlrausch's theorem, films without cells beside meshed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import ufl

from femsuite.conditions import Displacement, Fixed, FixedTemperature, Symmetry
from femsuite.conditions.terminal import Terminal
from femsuite.material.field import Assignment, MaterialField
from femsuite.meshing import from_arrays
from femsuite.meshing.mesh import build_arrays, build_mesh
from femsuite.meshing.options import MeshOptions
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.coatings import Coatings
from femsuite.physics.electric_current import ElectricCurrent
from femsuite.physics.heat import HeatProblem
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.solve.norms import maximum
from femsuite.verify.constants import material
from femsuite.verify.electric_bodies import LinearMetal, WiedemannFranz, coupled, kohlrausch
from femsuite.verify.row import Row

_METAL = ("film", "film_wall", "lead")
_THERMAL = 398.0


def case_J2() -> list[Row]:
    """Kohlrausch's theorem on the metal of a bevelled via: ``Tmax = sqrt(T0^2 + V^2/(4 L))`` between cold terminals.

    Film and lead of the opening of 50 degrees as one metal that follows the law of Wiedemann and Franz, L = 2.44e-8
    W ohm/K^2; floor and top of the lead at 300 K, all other faces adiabatic. The theorem holds for any shape: 306.7546,
    340.0217, 438.7015, 706.991 K at 0.02, 0.05, 0.1, 0.2 V. As a meridian, and as the quarter of a square.

    Source: F. Kohlrausch, Ann. Phys. 306 (1900) 132; R. Holm, Electric Contacts, 4th ed. (1967), section 14.
    """
    rows = []
    bodies: list[tuple[str, dict[str, Any], tuple[float, ...]]] = [
        ("meridian", {"model": "meridian", "shape": "round", "growth": 1.15}, (0.02, 0.05, 0.1, 0.2)),
        ("quarter of a square", {"model": "quarter", "around": 4, "largest": "200 um", "growth": 2.0}, (0.2,)),
    ]
    for words, given, voltages in bodies:
        tagged = metal_only(given)
        for voltage in voltages:
            ends = [FixedTemperature(surface=name, value="300 K") for name in ("floor", "top")]
            terminals = {"feed": ("top", f"{voltage} V"), "ground": ("floor", "0 V")}
            problem = coupled(
                tagged,
                WiedemannFranz(_THERMAL),
                terminals,
                ends,
                thermal=_THERMAL,
                axisymmetric=tagged.axisymmetric,
            )
            problem.solve_steady()
            got = maximum(float(problem.temperature.x.array.max(initial=0.0)), problem.comm)
            what = f"highest temperature of the metal, {words}, {voltage} V"
            rows.append(
                Row("electric.J-2", what, kohlrausch(voltage), got, 0.001, "relative", unit="K", physics="electric")
            )
            assert problem.current is not None
            books = problem.current.balance()
            rows.append(
                Row("electric.J-2", "current in minus current out", 0.0, books["current"], 1e-10, "at_most",
                    physics="electric")
            )  # fmt: skip
    return rows


def metal_only(given: dict[str, Any], metal: tuple[str, ...] = _METAL) -> TaggedMesh:
    """Return the metal of a via opening without what lies beside it: surfaces ``floor``, ``top`` and ``side``.

    Args:
        given: parameters of the geometry.
        metal: its regions.
    """
    arrays, _ = build_arrays("via_opening", given, MeshOptions())
    up = arrays.points.shape[1] - 1
    kept = np.isin(arrays.cell_tags, [arrays.regions[name] for name in metal])
    used, cells = np.unique(arrays.cells[kept], return_inverse=True)
    points = arrays.points[used]
    highest = float(points[:, up].max())
    names = {tag: name for name, tag in arrays.regions.items()}
    tagged = from_arrays(
        points,
        cells.reshape(-1, arrays.cells.shape[1]),
        [names[int(tag)] for tag in arrays.cell_tags[kept]],
        {
            "floor": lambda x: x[up] < 1e-9 * highest,
            "top": lambda x: x[up] > (1.0 - 1e-9) * highest,
            "side": lambda x: np.full(x.shape[1], True),
        },
        cell_type=arrays.cell_type,
    )
    return replace(tagged, axisymmetric=given["model"] == "meridian")


def case_films() -> list[Row]:
    """A film without cells beside the same film meshed, on the opening's section of 50 degrees.

    Copper on a foil of 100 um and 2.5 GPa: resistance from floor to lead, stiffness of the lead against the chip along
    and across the foil, and the mean stress of the film over the middle half of the wall after cooling by 100 K. A
    membrane has no bending stiffness and lies on the face instead of half its thickness above: both errors go with the
    thickness. Within 2 % for 2 um, within 4 % for 5 um.
    """
    rows = []
    for microns, tolerance in ((2.0, 0.02), (5.0, 0.04)):
        sides = {form: _measured(form, microns) for form in ("solid", "surface")}
        for name, unit in _UNITS.items():
            words = f"{name}, {microns:g} um: film without cells against one of cells"
            expected, got = (sides[form][name] for form in ("solid", "surface"))
            rows.append(Row("via.films", words, expected, got, tolerance, "relative", unit=unit, physics="films"))
    return rows


_UNITS = {
    "resistance from floor to lead": "ohm m",
    "stiffness along the foil": "N/m2",
    "stiffness across the foil": "N/m2",
    "mean stress of the wall's middle half": "Pa",
}
_FACES = {"floor": "film_floor", "wall": "film_wall", "top": "film_top", "under": "foil|lead"}
_COPPER = material(
    "copper",
    thermal_conductivity=300.0,
    electrical_resistivity=2.1e-8,
    youngs_modulus=100e9,
    poissons_ratio=0.34,
    expansion_tangent=16.6e-6,
)
_CHIP = material("chip", youngs_modulus=160e9, poissons_ratio=0.22, expansion_tangent=2.6e-6)
_FOIL = material("foil", youngs_modulus=2.5e9, poissons_ratio=0.34, expansion_tangent=20e-6)


def _measured(form: str, microns: float) -> dict[str, float]:
    """Return resistance, stiffness and stress of the section with a film of a thickness, um, in one of its forms."""
    thick = f"{microns:g} um"
    given = {
        "model": "section",
        "film": form,
        "pitch_x": "1.2 mm",
        "growth": 1.2,
        **dict.fromkeys(("film_wall", "film_floor", "film_top"), thick),
        "foot_size": f"{min(5.0, 2.0 * microns):g} um",
    }
    tagged = build_mesh("via_opening", given, MeshOptions())
    coatings = None
    if form == "surface":
        coatings = Coatings(tagged, {name: ((face,), _COPPER, microns * 1e-6) for name, face in _FACES.items()})
    return {"resistance from floor to lead": _resistance(tagged, coatings), **_carried(tagged, coatings)}


def _resistance(tagged: TaggedMesh, coatings: Coatings | None) -> float:
    """Return the resistance from the floor to the top of the lead, ohm m."""
    field = MaterialField(tagged, {name: Assignment(_COPPER) for name in tagged.regions})
    ends = [FixedTemperature(surface="lead_top", value="300 K")]
    heat = HeatProblem(tagged, field, ends, initial=300.0, coatings=coatings)
    solid = coatings is None
    current = ElectricCurrent(
        tagged,
        LinearMetal(2.1e-8),
        tagged.cells(["film", "lead"] if solid else "lead"),
        heat.temperature,
        {
            "feed": Terminal(surface="lead_top", drive="1 A"),
            "ground": Terminal(surface="chip|film" if solid else "film_floor", drive="0 V"),
        },
        coatings=coatings,
        carriers=tuple(_FACES),
        sets=heat.forms.sets,
    )
    heat.couple(current)
    heat.operator.conduction.hold()
    heat.operator.conduction.solve()
    return current.voltages()["feed"]


def _carried(tagged: TaggedMesh, coatings: Coatings | None) -> dict[str, float]:
    """Return the forces on the lead for a displacement of 1 m (N/m^2), and the wall's stress on cooling (Pa)."""
    bodies = {"chip": _CHIP, "foil": _FOIL}
    assigned = {name: Assignment(bodies.get(name, _COPPER), None, 400.0) for name in tagged.regions}
    found = {}
    for words, axis in (("stiffness along the foil", "x"), ("stiffness across the foil", "y")):
        way = {"x": "0 um", "y": "0 um", axis: "1 um"}  # the lead does not turn
        pulled = [Fixed(surface="bottom"), Displacement(surface="lead_top", **way)]
        problem = _problem(tagged, assigned, coatings, [*pulled, Symmetry(surface="symmetry_x")])
        problem.advance(400.0)
        found[words] = float(problem.reaction("lead_top")["xy".index(axis)]) / 1e-6
    problem = _problem(tagged, assigned, coatings, [Symmetry(surface="symmetry_x")], support="free")
    problem.advance(300.0)
    low, high = 25e-6, 75e-6
    if problem.membranes is not None:
        height = ufl.SpatialCoordinate(tagged.mesh)[1]
        middle = ufl.conditional(ufl.And(height > low, height < high), 1.0, 0.0)
        found["mean stress of the wall's middle half"] = problem.membranes.average("wall", middle)["mean"]
    else:
        cells = tagged.cells("film_wall")
        heights = problem.points.positions[cells][..., 1]
        inside = ((heights > low) & (heights < high)).astype(float)
        mean = 0.5 * problem.stress[cells][..., :3].sum(axis=-1)  # nothing presses on the film: two stresses are left
        local = np.zeros((problem.points.cells, problem.points.count, 2))
        local[cells] = np.stack([inside * mean, inside], axis=-1)
        total = problem.points.integral(local)
        found["mean stress of the wall's middle half"] = float(total[0] / total[1])
    return found


def _problem(
    tagged: TaggedMesh,
    assigned: dict[str, Assignment],
    coatings: Coatings | None,
    conditions: list[Any],
    support: Any = "held",
) -> MechanicsProblem:
    return MechanicsProblem(
        tagged,
        MaterialField(tagged, assigned),
        conditions,
        support=support,
        plane="strain",
        films=coatings,
        films_born=dict.fromkeys(_FACES, (400.0, 0.0)),
    )
