"""All kinds of stages by the name that a study gives them."""

from __future__ import annotations

from femsuite.study.sections import Options, union_of
from femsuite.study.stages import Steady, Transient, Uniform
from femsuite.study.timeline import Cycles, Hold, PowerCycles, Ramp

STAGES: dict[str, type[Options]] = {
    "uniform": Uniform,
    "steady": Steady,
    "transient": Transient,
    "ramp": Ramp,
    "hold": Hold,
    "cycles": Cycles,
    "power_cycles": PowerCycles,
}

Stage = union_of(STAGES)
