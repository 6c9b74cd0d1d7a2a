"""What heat below the eutectic does to a joint that has bonded: how deep zinc goes on into the aluminium.

Moulding at 180 degC and three board reflows of 260 degC peak (CN101185991, seed) leave a joint as it is: in a minute
zinc moves by 0.01 um and 0.1 um.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from femsuite.errors import InputError
from femsuite.material import file
from femsuite.material.diffusivity import depth, diffusivity
from femsuite.process.phase_diagram import EUTECTIC

MOULDING_AND_REFLOWS = ((453.15, 60.0), *((533.15, 60.0),) * 3)
"""K and s: mould at 180 degC, three reflows of 260 degC peak (seed); a minute each at the peak (estimate)."""


@dataclass(frozen=True)
class LaterHeat:
    """What a series of temperatures does to a bonded joint.

    Args:
        depths: of zinc in aluminium in each step alone, ``2 sqrt(D t)``, m.
        depth: of all together, ``2 sqrt(sum of D t)``, m.
        melts: whether a step is above the eutectic.
        sentence: the verdict in words.
    """

    depths: tuple[float, ...]
    depth: float
    melts: bool
    sentence: str


def solid_depth(temperature: float, time: float, law: str = "Zn_in_Al_tracer") -> float:
    """Return ``2 sqrt(D t)`` of zinc in solid aluminium, m.

    Args:
        temperature: K.
        time: s.
        law: one of ``[[data.diffusion]]`` of ``materials/Al_99.toml``; the tracer law is unchecked.
    """
    return depth(float(diffusivity(file.load("Al_99"), law)(temperature)), time)


def later_heat(
    steps: Sequence[tuple[float, float]] = MOULDING_AND_REFLOWS, skin: float = 1e-6, law: str = "Zn_in_Al_tracer"
) -> LaterHeat:
    """Return what temperatures after bonding do to the joint.

    Args:
        steps: temperatures in K and seconds there.
        skin: depth that zinc has reached by bonding, m, to compare with.
        law: see `solid_depth`.

    Raises:
        InputError: for temperatures or times that cannot be.
    """
    for temperature, time in steps:
        if not (temperature > 0.0 and time >= 0.0):
            raise InputError(
                f"later heat: steps are temperatures in K and seconds; given is ({temperature:g}, {time:g})"
            )
    depths = tuple(solid_depth(temperature, time, law) for temperature, time in steps)
    total = math.sqrt(sum(one**2 for one in depths))
    hot = [temperature for temperature, _ in steps if temperature >= EUTECTIC]
    if hot:
        sentence = f"{max(hot) - 273.15:.0f} degC is above the eutectic of 382 degC: the joint melts again."
    else:
        grown = math.hypot(skin, total) - skin
        sentence = (
            f"Nothing melts. Zinc moves by {total * 1e6:.2g} um in all; a skin of {skin * 1e6:.2g} um grows by "
            f"{grown * 1e6:.2g} um: the layers {'stay as they are' if grown < 0.05 * skin else 'change'}."
        )
    return LaterHeat(depths, total, bool(hot), sentence)
