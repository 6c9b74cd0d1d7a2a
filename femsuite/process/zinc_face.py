"""Aluminium that comes through the zinc of a clad to its outer face, where it would hinder wetting.

Clads are rolled without heat that would let aluminium reach the face (CN101185991). How long a clad may be kept how
warm follows from diffusion through the zinc, bounded by the self diffusion of zinc.

Source: J. Crank, The Mathematics of Diffusion, 2nd ed. (1975), sections 2.2 and 2.4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.constants import R
from scipy.optimize import brentq
from scipy.special import erfc, erfcinv

from femsuite.errors import InputError
from femsuite.material import file
from femsuite.material.diffusivity import Arrhenius, diffusivity

LIMIT = 1e-4
"""Mass fraction of aluminium on the zinc face below which it wets: 0.01 wt% (CN101185991, seed)."""

SOLUBILITY = 0.006
"""C0, mass fraction of aluminium in zinc at the interface: about 0.6 wt%, taken for every temperature (unchecked;
Murray's diagram has more only above about 280 degC, less below)."""

ZINC_SELF_DIFFUSION = Arrhenius(1.3e-5, 91.7e3)
"""A bound of aluminium in zinc by zinc in zinc (H. J. Frost, M. F. Ashby, Deformation-Mechanism Maps (1982),
unchecked)."""


def zinc_diffusion() -> Arrhenius:
    """Return the self diffusion of zinc: ``Zn_self`` of ``materials/Zn.toml`` if stated there, else ours."""
    zinc = file.load("Zn")
    stated = any(one.name == "Zn_self" for one in zinc.data.get("diffusion", ()))
    return diffusivity(zinc, "Zn_self") if stated else ZINC_SELF_DIFFUSION


@dataclass(frozen=True)
class Face:
    """Aluminium on the outer face of a zinc layer after a history.

    Args:
        fraction: mass fraction of aluminium there.
        reach: ``2 sqrt(sum of D dt)``, m.
        clean: whether the fraction is below the limit.
        sentence: the verdict in words.
    """

    fraction: float
    reach: float
    clean: bool
    sentence: str


def after(
    thickness: float,
    history: Sequence[tuple[float, float]],
    law: Arrhenius | None = None,
    solubility: float = SOLUBILITY,
    limit: float = LIMIT,
    closed: bool = True,
) -> Face:
    """Return the aluminium that has come through a zinc layer: ``C0 erfc(L/(2 sqrt(sum of D dt)))``.

    The formula is that of zinc without an end. The face is one: aluminium that arrives stays, which doubles the
    fraction while it is small; ``closed`` adds what the face throws back, the sum over images.

    Args:
        thickness: L, m.
        history: temperatures in K and the seconds spent there.
        law: D of aluminium in zinc; the self diffusion of zinc if None.
        solubility: C0, mass fraction at the interface.
        limit: on the face.
        closed: whether the face throws back what arrives.

    Raises:
        InputError: for a thickness, temperature or time that cannot be.
    """
    if not thickness > 0.0:
        raise InputError(f"zinc face: the zinc must be thicker than nothing; given is {thickness:g} m")
    law = law or zinc_diffusion()
    for temperature, time in history:
        if not (temperature > 0.0 and time >= 0.0):
            raise InputError(
                f"zinc face: a history holds temperatures in K above 0 and seconds from 0 on; it has ({temperature:g}, "
                f"{time:g})"
            )
    reach = 2.0 * math.sqrt(sum(float(law(temperature)) * time for temperature, time in history))
    fraction = solubility * _arrived(thickness / reach, closed) if reach > 0.0 else 0.0
    clean = fraction < limit
    sentence = (
        f"After this history the zinc's face holds {100 * fraction:.2g} wt% aluminium, "
        f"{'below' if clean else 'not below'} the limit of {100 * limit:g} wt%: it "
        f"{'stays clean' if clean else 'wets badly'}."
    )
    return Face(fraction, reach, clean, sentence)


def _arrived(depth: float, closed: bool) -> float:
    """Return C/C0 on the face at a depth in units of the reach."""
    if not closed:
        return float(erfc(depth))
    images = range(1 + math.ceil(6.0 / depth))  # erfc(6) is 2e-17
    return 2.0 * sum((-1) ** n * float(erfc((2 * n + 1) * depth)) for n in images)


def longest_time(
    thickness: float, temperature: float, law: Arrhenius | None = None, solubility: float = SOLUBILITY,
    limit: float = LIMIT, closed: bool = True,
) -> float:  # fmt: skip
    """Return the seconds at a temperature in K after which aluminium on the zinc's face reaches the limit.

    Arguments as for `after`.

    Raises:
        InputError: when the limit is not below the solubility: it is never reached.
    """
    return thickness**2 / (4.0 * _depth(solubility, limit, closed) ** 2 * float((law or zinc_diffusion())(temperature)))


def hottest(
    thickness: float, time: float, law: Arrhenius | None = None, solubility: float = SOLUBILITY,
    limit: float = LIMIT, closed: bool = True,
) -> float:  # fmt: skip
    """Return the temperature in K at which aluminium on the zinc's face reaches the limit after a time in s.

    Arguments as for `after`.

    Raises:
        InputError: when the limit is not below the solubility, or no temperature is hot enough.
    """
    law = law or zinc_diffusion()
    wanted = thickness**2 / (4.0 * _depth(solubility, limit, closed) ** 2 * time)
    if not wanted < law.prefactor:
        raise InputError(f"zinc face: in {time:g} s no temperature brings aluminium through {thickness * 1e6:g} um")
    return law.energy / (R * math.log(law.prefactor / wanted))


def _depth(solubility: float, limit: float, closed: bool) -> float:
    """Return L over the reach at which the limit is reached."""
    if not 0.0 < limit < solubility:
        raise InputError(
            f"zinc face: the limit {limit:g} must lie between 0 and the solubility {solubility:g}: else it is reached "
            "at once or never"
        )
    if not closed:
        return float(erfcinv(limit / solubility))
    return float(brentq(lambda depth: _arrived(depth, True) - limit / solubility, 1e-3, 6.0))
