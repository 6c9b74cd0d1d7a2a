"""The cavity of a joint: how much it grows, and what the resin's seam feels, when its molten filling presses on it.

One solve of the package: the joint is so soft a filling that its own growth makes the same pressure everywhere, as in a
liquid; everything else is elastic at the peak's temperature. Mean pressure p and growth g of the cavity give the
compliance ``C = g/p``, and the peel stress of the resin at the joint's rim over p what one pascal does to the seam.

A liquid has no strength in shear. A nearly incompressible filling with a shear modulus G holds up the lid of a cavity
of height h and width L unless ``G (L/h)^2`` is far below ``1/C``: in a joint of 50 um under 5 mm, G = 0.1 GPa makes the
compliance too small by a factor of 16. A soft filling meets no such limit: the error is of the order of ``C`` times its
modulus.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.failure.place import layer
from femsuite.material.curve import Constant
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.laws import law
from femsuite.material.material import Material
from femsuite.material.property import Property
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.mechanics import MechanicsProblem

GROWTH = 1e-3
"""Growth of the filling's volume in the solve, which is linear."""
YOUNG, POISSON = 1e4, 0.25
"""Of the filling, Pa: four orders below the softest resin's."""
TOLERANCE = 1e-7
"""Of the solve: below it lies what rounding in the stiff parts leaves of the filling's small forces."""


@dataclass(frozen=True)
class Cavity:
    """A joint's cavity.

    Args:
        compliance: growth of its volume per pressure, 1/Pa.
        seam: peel stress in the resin at the joint's rim over the pressure.
        distance: over which that stress is the mean, m.
    """

    compliance: float
    seam: float
    distance: float


def cavity(
    tagged: TaggedMesh,
    materials: MaterialField,
    region: str | Sequence[str],
    temperature: float,
    resin: str | None = None,
    distance: float = 50e-6,
    **options: Any,
) -> Cavity:
    """Return what a joint's cavity does under pressure. Collective.

    Args:
        tagged: the mesh.
        materials: of the package, with the joint's own.
        region: the joint.
        temperature: K, of all.
        resin: region whose seam is looked at; None for no seam.
        distance: from the joint's rim, m.
        options: of `MechanicsProblem`: conditions, plane, order, support, preset.

    Raises:
        InputError: for an unknown region, or a pressure that does not build up.
    """
    names = tagged.region_names(region)
    filling = _filling()
    assignments: Mapping[str, Assignment] = {
        name: replace(one, material=filling, stress_free_temperature=temperature)
        if name in names
        else replace(one, stress_free_temperature=temperature)
        for name, one in materials.assignments.items()
    }
    field = MaterialField(tagged, assignments)
    laws = {name: law("incremental") for name in assignments}
    problem = MechanicsProblem(tagged, field, law=laws, tolerance=TOLERANCE, **options)
    own = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]) * GROWTH / 3.0
    problem.advance(temperature, intrinsic=dict.fromkeys(names, own))
    cells = tagged.cells(region)
    pressure = -_mean(problem, cells, problem.stress[..., :3].sum(axis=-1) / 3.0)
    # the strain that the problem keeps is without what the filling takes on by itself
    growth = _mean(problem, cells, problem.strain[..., :3].sum(axis=-1)) + GROWTH
    if growth > 0.1 * GROWTH or not pressure > 0.0:
        raise InputError("cavity: no pressure builds up in the joint; nothing encloses it")
    seam = 0.0 if resin is None else _seam(problem, names, resin, distance) / pressure
    return Cavity(growth / pressure, seam, distance)


def _mean(problem: MechanicsProblem, cells: np.ndarray, values: np.ndarray) -> float:
    ones = np.ones(values.shape)
    return float(problem.points.integral(values, cells)[0] / problem.points.integral(ones, cells)[0])


def _seam(problem: MechanicsProblem, names: Sequence[str], resin: str, distance: float) -> float:
    """Return the mean peel stress of the resin beside the joint, at the joint's height and below, over a distance."""
    joints = [layer(problem, name) for name in names]
    high = np.max([one.high for one in joints], axis=0)
    low = np.min([one.low for one in joints], axis=0)
    where, up = layer(problem, resin), joints[0].up
    beside = np.zeros(where.weights.shape, dtype=bool)
    for axis in where.plan:
        out = where.positions[..., axis] - high[axis]
        beside |= (out > 0.0) & (out < distance)
    height = where.positions[..., up]
    beside &= (height < low[up] + distance) & (height > low[up] - distance)
    peel = problem.stress[where.cells][..., up]
    sums = np.array([(where.weights * peel)[beside].sum(), where.weights[beside].sum()])
    total = parallel.total(sums, problem.space.mesh.comm)
    if total[1] == 0.0:
        raise InputError(f"cavity: no point of '{resin}' lies within {distance:g} m of the joint's rim")
    return float(total[0] / total[1])


def _filling() -> Material:
    numbers = {"youngs_modulus": ("Pa", YOUNG), "poissons_ratio": ("", POISSON), "expansion_tangent": ("1/K", 0.0)}
    made = {
        name: Property(name, unit, Constant(value), ("filling",), "estimate") for name, (unit, value) in numbers.items()
    }
    return Material("molten joint", "filling of a cavity", made, {"filling": "stands for a pressure"}, None, {})
