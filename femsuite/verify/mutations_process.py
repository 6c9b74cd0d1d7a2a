"""Mutations of the process: bonding of a clad, aluminium on its zinc, growth of joints."""

from __future__ import annotations

from dataclasses import replace

from femsuite.verify.mutation import Mutation, argument_by, times

PROCESS: tuple[Mutation, ...] = (
    Mutation(
        "clad bonded 5 K too hot", "process", "process.phase_diagram:front_concentrations",
        argument_by(0, lambda kelvin: kelvin + 5.0), ("process.B-1",),
    ),
    Mutation(
        "zinc 1.05 times as thick for the fronts", "process", "process.bonding:consumption_time",
        argument_by(0, lambda thickness: 1.05 * thickness), ("process.B-1",),
    ),
    Mutation(
        "aluminium dissolved x 1.05", "process", "process.bonding:dissolved", times(1.05), ("process.B-1",),
    ),
    Mutation(
        "saturated liquid 5 K too hot", "process", "process.phase_diagram:saturated",
        argument_by(0, lambda kelvin: kelvin + 5.0), ("process.B-1",),
    ),
    Mutation(
        "zinc in solid aluminium half as deep", "process", "process.later_heat:depth", times(0.5), ("process.B-2",),
    ),
    Mutation(
        "profile between fronts x 1.05", "process", "process.profile:_between_fronts", times(1.05), ("process.B-3",),
    ),
    Mutation(
        "aluminium on the zinc face doubled", "process", "process.zinc_face:_arrived", times(2.0), ("process.Z-1",),
    ),
    Mutation(
        "pressure of the trapped liquid x 1.05", "process", "process.reflow:trapped_pressure", times(1.05),
        ("process.R-1",),
    ),
    Mutation(
        "solder expands 1.05 times as much when solid", "process", "process.reflow:growth",
        argument_by(0, lambda joint: replace(joint, solid=1.05 * joint.solid)), ("process.R-1",),
    ),
)  # fmt: skip
