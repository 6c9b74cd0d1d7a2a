"""The heated slab of case V5 from the heater to the contrast, all of it through finite elements."""

from __future__ import annotations

import dataclasses

import dolfinx
import numpy as np

from femsuite import parallel
from femsuite.conditions.heat_flux import HeatFlux
from femsuite.conditions.symmetry import Symmetry
from femsuite.conditions.temperature import FixedTemperature
from femsuite.material.field import Assignment, MaterialField
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.heat import HeatProblem
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.topograph.contrast import row_contrast
from femsuite.topograph.crystal import crystal_constants
from femsuite.topograph.frame import DiffractionFrame
from femsuite.topograph.heater_plate import HeaterPlate
from femsuite.topograph.lattice import LatticeField, graded_axis
from femsuite.topograph.recovery import Recovery, die_mesh
from femsuite.topograph.sampling import GridSampler
from femsuite.verify import bodies
from femsuite.verify.cases_topograph import V5_TABLE, heated_plate, scaled
from femsuite.verify.constants import material
from femsuite.verify.row import Row

COLD = 300.0
"""Temperature of the lower face, K, at which the slab is free of strain; the case counts from it."""
# Planes of the mesh from the heater's middle outwards, and from its face downwards, um.
ACROSS = (0, 12, 25, 38, 50, 64, 82, 105, 135, 175, 230, 310, 430, 600)
DOWN = (0, 10, 22, 36, 52, 70, 92, 118, 150, 190, 240, 310, 400)


def slab() -> TaggedMesh:
    """Return a quarter of the period: x from -600 to 0 um, y from 0 to 600 um, heater on the top face at the corner."""
    plate = HeaterPlate()
    across, down = np.array(ACROSS) * 1e-6, np.array(DOWN) * 1e-6
    counts = (len(across) - 1, len(across) - 1, len(down) - 1)
    tagged = bodies.box(tuple(map(float, counts)), counts, "hexahedron")
    steps = np.arange(len(across)), np.arange(len(down))
    bodies.moved(
        tagged,
        lambda x: np.column_stack(
            [
                -np.interp(counts[0] - x[:, 0], steps[0], across),
                np.interp(x[:, 1], steps[0], across),
                plate.thickness - np.interp(counts[2] - x[:, 2], steps[1], down),
            ]
        ),
    )
    mesh = tagged.mesh
    top = tagged.facet_tags.find(tagged.surfaces["top"])
    middles = dolfinx.mesh.compute_midpoints(mesh, 2, top)
    heated = top[(middles[:, 0] > -0.5 * plate.length) & (middles[:, 1] < 0.5 * plate.width)]
    values = tagged.facet_tags.values.copy()
    number = max(*tagged.surfaces.values(), *tagged.interfaces.values(), 0) + 1
    values[np.isin(tagged.facet_tags.indices, heated)] = number
    tags = dolfinx.mesh.meshtags(mesh, 2, tagged.facet_tags.indices, values)
    return dataclasses.replace(tagged, facet_tags=tags, surfaces={**tagged.surfaces, "heater": number})


def per_watt() -> LatticeField:
    """Return the lattice field for one watt through the whole heater; collective."""
    plate, tagged = HeaterPlate(), slab()
    # the modulus does not enter: only the thermal strain drives the slab
    silicon = material(
        "isotropic silicon",
        youngs_modulus=160e9,
        poissons_ratio=plate.poisson,
        expansion_tangent=plate.expansion,
        thermal_conductivity=plate.conductivity,
    )
    field = MaterialField(tagged, {"body": Assignment(silicon, None, COLD)})
    heat = HeatProblem(
        tagged,
        field,
        [
            FixedTemperature(surface="bottom", value=f"{COLD} K"),
            HeatFlux(surface="heater", power="0.25 W"),
        ],
        initial=COLD,
    )
    heat.solve_steady()
    sides = [Symmetry(surface=name) for name in ("left", "right", "front", "back")]
    mechanics = MechanicsProblem(tagged, field, sides, support="free")
    mechanics.advance(heat.temperature)
    frame = DiffractionFrame(np.diag([1.0, -1.0, -1.0]), np.array([0.0, 0.0, plate.thickness]))
    die = die_mesh(tagged.mesh, tagged.cells("body"), frame)
    axes = (
        -graded_axis(0.0, 500e-6, 121, 0.0, 20.0)[::-1],
        np.array([-20e-6, -10e-6, 0.0]),
        graded_axis(0.0, plate.thickness, 61, 0.0, 20.0),
    )
    crystal = crystal_constants("Si", (2, -2, 0), 31.0, plate.thickness)
    recovery = Recovery(die, mechanics.space, frame)
    sampled = GridSampler(die, axes).sample(recovery, mechanics.displacement, crystal)
    lattice = parallel.broadcast(sampled, tagged.mesh.comm)
    assert lattice is not None
    return lattice


def case_V5() -> list[Row]:
    """Heater of 100 x 100 um on a slab of 400 um: heat, strain, recovery and contrast; expected is Takagi-Taupin.

    Quarter of a period of 1200 um with insulated planes of symmetry, faces free of traction, lower face cold,
    k = 102 W/(m K), alpha = 3.2e-6 1/K, nu = 0.262. The ray enters x um from the heater's centre and leads away.
    The last rows hold the contrast against that of the exact strain field. Expected values: two-dimensional
    Takagi-Taupin equations in the exact field (see the formula rows).
    """
    lattice, exact = per_watt(), heated_plate()
    rows = []
    for power, table in V5_TABLE.items():
        places = -1e-6 * np.array(list(table))
        got, best = (row_contrast(scaled(one, power), places, np.zeros(1))[:, 0] for one in (lattice, exact))
        for (x, expected), value in zip(table.items(), got, strict=True):
            words = f"contrast {x:.0f} um from a heater of {power:g} W, all by finite elements"
            rows.append(Row("topograph.V5.FE", words, expected, float(value), 0.2, unit="1", physics="topograph"))
        for x, expected, value in zip(table, best, got, strict=True):
            words = f"contrast {x:.0f} um from {power:g} W, elements against the exact strain"
            one = Row("topograph.V5.FE", words, float(expected), float(value), 0.1, unit="1", physics="topograph")
            rows.append(one)
    return rows
