"""What a hold at the bonding temperature makes of a Zn/Al/Zn clad, and what later heat does to it.

Below the eutectic the layers only diffuse. Above it their interface melts, the liquid eats the zinc with the speed that
diffusion in it allows (`physics.two_front`), and once the zinc is gone takes up aluminium until it is saturated. What
then is left of the aluminium follows from mass alone: per face ``d = t_Zn (rho_Zn/rho_Al) C/(1 - C)``. Volumes add up.

Sources: J. Crank, Free and Moving Boundary Problems (1984), ch. 5; clads and hold of CN101185991 (seed); Ikeda et al.,
abstract on a Zn/Al/Zn clad (published): melting from 382 degC, all molten in about 10 s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from femsuite.errors import InputError
from femsuite.material import file
from femsuite.physics.two_front import Concentrations, TwoFronts, dissolved, similarity
from femsuite.process import phase_diagram
from femsuite.process.clad import Clad
from femsuite.process.later_heat import solid_depth

ZINC_DENSITY, ALUMINIUM_DENSITY = 7140.0, 2700.0
"""kg/m^3 (published)."""

OBSERVED = 10.0
"""s, in which all of a clad was seen to melt (Ikeda et al., published): heating and oxide, not diffusion, take them."""

NEARLY = 0.01
"""What is still missing in the liquid, as a share of what was, when it counts as saturated."""

type Mode = Literal["solid diffusion", "eutectic melting", "zinc melts"]


@dataclass(frozen=True)
class Bond:
    """A clad after its hold. Pairs are of the first and the second zinc layer.

    Args:
        mode: what happened.
        clad: before.
        temperature: K.
        time: of the hold, s.
        concentrations: at the two fronts, if there are two.
        diffusivity: in the liquid, m^2/s.
        consumed: s, until each zinc layer is liquid; 0 where zinc melts by itself, inf where nothing melts.
        saturated: s, until the liquid is saturated too.
        suffices: whether the hold is longer than that.
        fraction: mass fraction of aluminium in the liquid at the end.
        zinc: solid zinc left, m.
        dissolved: aluminium taken up on each side, m.
        alloy: thickness of the Zn-Al layers, m, without what was squeezed out.
        squeezed: m of liquid on each side that left the joint.
        aluminium: left, m; after a hold that melts all zinc, once the liquid is saturated.
        used_up: whether no aluminium is left.
        skin: depth of zinc in the aluminium on each side, ``2 sqrt(D t)``, m.
        sentence: all of this in words.
    """

    mode: Mode
    clad: Clad
    temperature: float
    time: float
    concentrations: Concentrations | None
    diffusivity: float
    consumed: tuple[float, float]
    saturated: float
    suffices: bool
    fraction: float
    zinc: tuple[float, float]
    dissolved: tuple[float, float]
    alloy: tuple[float, float]
    squeezed: tuple[float, float]
    aluminium: float
    used_up: bool
    skin: float
    sentence: str


def liquid_diffusivity() -> float:
    """Return D in liquid Zn-Al as ``materials/ZnAl_eutectic.toml`` states it, m^2/s (derived)."""
    return float(file.load("ZnAl_eutectic").parameters("diffusion", "liquid_ZnAl").values["D"])


def consumption_time(
    thickness: float, concentrations: Concentrations, spread: float, finite_elements: bool = False
) -> float:
    """Return the seconds until a zinc layer is liquid.

    Args:
        thickness: of the zinc, m.
        concentrations: at the fronts.
        spread: D in the liquid, m^2/s.
        finite_elements: solve for the moving fronts, from a liquid of a thousandth of the zinc on; else the similarity
            solution ``t = (h/(2 l_z))^2/D``.
    """
    if not (thickness > 0.0 and spread > 0.0):
        raise InputError(f"bonding: zinc and diffusivity must be positive; given are {thickness:g} m, {spread:g} m^2/s")
    if not finite_elements:
        return thickness**2 / (4.0 * similarity(concentrations)[0] ** 2 * spread)
    start = 1e-3 * thickness
    liquid = TwoFronts(spread, concentrations, start)
    already = start**2 / (4.0 * spread)
    history = [(0.0, liquid.first**2)]
    while liquid.first > -thickness:
        liquid.advance(0.05 * (already + liquid.time))
        history.append((liquid.time, liquid.first**2))
    times, squares = np.array(history).T
    return float(np.interp(thickness**2, squares, times))


def bond(
    layers: Clad,
    temperature: float,
    time: float,
    spread: float | None = None,
    liquid_fraction: float | None = None,
    squeeze_out: float = 0.0,
    densities: tuple[float, float] = (ZINC_DENSITY, ALUMINIUM_DENSITY),
    finite_elements: bool = False,
) -> Bond:
    """Return what a hold makes of a clad.

    Args:
        layers: the clad.
        temperature: of the hold, K, up to 450 degC.
        time: s.
        spread: D in the liquid, m^2/s; the material file's if None.
        liquid_fraction: C, mass fraction of aluminium in the saturated liquid; from the diagram if None.
        squeeze_out: share of the saturated liquid that is pressed out of the joint. It takes its aluminium along, so
            the layers thin and what is left of the aluminium does not change.
        densities: of zinc and aluminium, kg/m^3.
        finite_elements: see `consumption_time`.

    Raises:
        InputError: for numbers that cannot be, or a temperature beyond the known diagram.
    """
    _check(temperature, time, squeeze_out, liquid_fraction)
    lower, aluminium, upper = layers.layers
    pair = np.array([lower, upper])
    skin = solid_depth(temperature, time)
    if temperature <= phase_diagram.EUTECTIC:
        return _solid(layers, temperature, time, skin)
    spread = liquid_diffusivity() if spread is None else spread
    melts = temperature >= phase_diagram.ZINC_MELTS
    at = None if melts else phase_diagram.front_concentrations(temperature)
    fraction = phase_diagram.saturated(temperature) if liquid_fraction is None else liquid_fraction
    consumed = np.zeros(2) if at is None else np.array([consumption_time(h, at, spread, finite_elements) for h in pair])
    ratio = densities[0] / densities[1]
    taken = np.array([dissolved(float(h), ratio, fraction) for h in pair])
    used_up = bool(taken.sum() >= aluminium)
    if used_up:  # the liquids meet: all aluminium is in them, shared as the zinc is
        taken *= aluminium / taken.sum()
        fraction = float(aluminium / (aluminium + pair.sum() * ratio))
        if at is not None and fraction < at.first:
            raise InputError(
                f"bonding: this clad holds {100 * fraction:.2g} wt% aluminium; at {temperature - 273.15:.0f} degC "
                f"liquid holds {100 * at.first:.2g} wt% at least, so zinc stays solid: that is not modelled"
            )
    late = float(consumed.max() + _to_saturate(float((pair + taken).max()), spread))
    zinc, sharing = np.zeros(2), np.ones(2)
    if at is not None and (time < consumed).any():
        # solid zinc is left; the second front has gone on in proportion to the first
        first, second = similarity(at)
        sharing = np.minimum(np.sqrt(time / consumed), 1.0)
        zinc = (1.0 - sharing) * pair
        taken = np.where(sharing < 1.0, second / first * sharing * pair, taken)
        used_up = bool(taken.sum() >= aluminium)
    volume = sharing * pair + taken
    suffices = time >= late
    left = 0.0 if used_up else aluminium - float(taken.sum())
    return Bond(
        mode="zinc melts" if melts else "eutectic melting", clad=layers, temperature=temperature, time=time,
        concentrations=at, diffusivity=spread, consumed=_two(consumed), saturated=late, suffices=suffices,
        fraction=fraction, zinc=_two(zinc), dissolved=_two(taken), alloy=_two((1.0 - squeeze_out) * volume),
        squeezed=_two(squeeze_out * volume), aluminium=left, used_up=used_up, skin=skin,
        sentence=_sentence(temperature, time, consumed, late, left, fraction, melts),
    )  # fmt: skip


def _sentence(
    temperature: float, time: float, consumed: np.ndarray, late: float, left: float, fraction: float, melts: bool
) -> str:
    end = consumed.max()
    first = "the zinc melts by itself" if melts else f"by diffusion alone the zinc is liquid after {end:.3g} s"
    if time >= late:
        enough = f"the hold of {time:g} s suffices"
        enough += "" if time >= OBSERVED else f", though about {OBSERVED:g} s were observed, with heating and oxide"
    else:
        enough = f"the hold of {time:g} s does not suffice: it ends before that"
    rest = (
        f"{left * 1e6:.2f} um of aluminium are left"
        if left > 0.0
        else "the aluminium is used up: nothing buffers the die"
    )
    return (
        f"At {temperature - 273.15:.0f} degC {first}, and holds its {100 * fraction:.2g} wt% Al evenly after "
        f"{late:.3g} s; {enough}; {rest}."
    )


def _solid(layers: Clad, temperature: float, time: float, skin: float) -> Bond:
    lower, aluminium, upper = layers.layers
    never = (math.inf, math.inf)
    words = (
        f"At {temperature - 273.15:.0f} degC nothing melts (eutectic 382 degC): in {time:g} s zinc enters the "
        f"aluminium by {skin * 1e6:.2g} um."
    )
    if temperature >= phase_diagram.EUTECTIC_SEED:
        words += " CN101185991 puts the eutectic at about 380 degC and bonds here; the model does not."
    return Bond(
        mode="solid diffusion", clad=layers, temperature=temperature, time=time, concentrations=None, diffusivity=0.0,
        consumed=never, saturated=math.inf, suffices=False, fraction=0.0, zinc=(lower, upper), dissolved=(0.0, 0.0),
        alloy=(0.0, 0.0), squeezed=(0.0, 0.0), aluminium=aluminium, used_up=False, skin=skin, sentence=words,
    )  # fmt: skip


def _to_saturate(thickness: float, spread: float) -> float:
    """Return the seconds until a layer held saturated on one face lacks `NEARLY` of what it lacked (slowest mode)."""
    return 4.0 * thickness**2 / (math.pi**2 * spread) * math.log(8.0 / math.pi**2 / NEARLY)


def _two(pair: np.ndarray) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])


def _check(temperature: float, time: float, squeeze_out: float, fraction: float | None) -> None:
    if not (temperature > 0.0 and time >= 0.0):
        raise InputError(f"bonding: a hold has a temperature in K and a time; given are {temperature:g} K, {time:g} s")
    if temperature > phase_diagram.HOTTEST:
        raise InputError(f"bonding: the diagram is known up to 450 degC; given are {temperature - 273.15:.0f} degC")
    if not 0.0 <= squeeze_out < 1.0:
        raise InputError(f"bonding: the share squeezed out must lie from 0 to below 1; given is {squeeze_out:g}")
    if fraction is not None and not 0.0 < fraction < 1.0:
        raise InputError(f"bonding: a mass fraction in the liquid lies between 0 and 1; given is {fraction:g}")
