"""Mass fraction of aluminium across a bonded joint, from one face to the other, for a picture of the section.

The liquid between fronts that still move has the profile of the similarity solution; once the zinc is gone it is flat
at the saturated fraction. In the aluminium zinc falls as erfc from the solidus of the fcc phase. The zinc in this skin
is not taken off the layers: its amount, some tenths of a micrometre, is below what the thicknesses are good for.

Source: J. Crank, The Mathematics of Diffusion, 2nd ed. (1975), ch. 2; Free and Moving Boundary Problems (1984), ch. 5.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy.special import erf, erfc

from femsuite.errors import InputError
from femsuite.physics.two_front import similarity
from femsuite.process import phase_diagram
from femsuite.process.bonding import Bond


@dataclass(frozen=True)
class Profile:
    """Aluminium across the joint.

    Args:
        position: from the face of the first zinc layer, m, rising; twice at an interface, where the fraction jumps.
        fraction: mass fraction of aluminium there.
        interfaces: places of the interfaces, m, both outer faces among them.
        names: of the layers between them.
    """

    position: np.ndarray
    fraction: np.ndarray
    interfaces: tuple[float, ...]
    names: tuple[str, ...]


def profile(bond: Bond, points: int = 60) -> Profile:
    """Return the aluminium across a joint at the end of its hold.

    Args:
        bond: the joint.
        points: in each layer.

    Raises:
        InputError: for less than two points.
    """
    if points < 2:
        raise InputError(f"profile: a layer needs two points at least; given is {points}")
    parts: list[tuple[str, float, np.ndarray]] = [*_side(bond, 0, points)]
    if bond.aluminium > 0.0:
        parts.append(("Al", bond.aluminium, _aluminium(bond, points)))
    parts += [(name, thickness, values[::-1]) for name, thickness, values in reversed(_side(bond, 1, points))]
    ends = np.concatenate([[0.0], np.cumsum([thickness for _, thickness, _ in parts])])
    position = np.concatenate([np.linspace(pair[0], pair[1], points) for pair in itertools.pairwise(ends)])
    return Profile(
        position,
        np.concatenate([values for _, _, values in parts]),
        tuple(float(end) for end in ends),
        tuple(name for name, _, _ in parts),
    )


def _side(bond: Bond, side: int, points: int) -> list[tuple[str, float, np.ndarray]]:
    """Return name, thickness and fractions of the layers between one face and the aluminium."""
    found = []
    if bond.zinc[side] > 0.0:
        solid = 0.0 if bond.concentrations is None else bond.concentrations.first_solid
        held = np.zeros(points)
        held[-1] = solid  # zinc far from the front has not heard of it
        found.append(("Zn", bond.zinc[side], held))
    if bond.alloy[side] > 0.0:
        flat = np.full(points, bond.fraction)
        moving = bond.zinc[side] > 0.0 and bond.concentrations is not None
        found.append(("Zn-Al", bond.alloy[side], _between_fronts(bond, points) if moving else flat))
    return found


def _between_fronts(bond: Bond, points: int) -> np.ndarray:
    """Return the fractions between two moving fronts: ``A + B erf(x/(2 sqrt(D t)))``."""
    at = bond.concentrations
    assert at is not None
    first, second = similarity(at)
    low, high = erf(-first), erf(second)
    share = (erf(np.linspace(-first, second, points)) - low) / (high - low)
    return at.first + (at.second - at.first) * share


def _aluminium(bond: Bond, points: int) -> np.ndarray:
    """Return the fractions in the aluminium: zinc from both faces."""
    x = np.linspace(0.0, bond.aluminium, points)
    if bond.skin <= 0.0:
        return np.ones(points)
    # below the eutectic no solidus exists; that at the eutectic has the most zinc
    solidus = phase_diagram.FCC_SOLIDUS(max(bond.temperature, phase_diagram.EUTECTIC))
    zinc = erfc(x / bond.skin) + erfc((bond.aluminium - x) / bond.skin)
    return 1.0 - (1.0 - solidus) * np.minimum(zinc, 1.0)
