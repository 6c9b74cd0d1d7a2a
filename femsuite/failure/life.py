"""Cycles to failure from what a cycle does, each law with its source and the factor by which its lives scatter.

Constants belong to the way in which strain or work is averaged: those of Darveaux and Syed to a mean over the volume of
a thin layer of solder (25 um with Darveaux's constants), never to the largest value of a mesh.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

from scipy.optimize import brentq

from femsuite.errors import InputError


@dataclass(frozen=True)
class Scatter:
    """How far lives lie from a law.

    Args:
        factor: lives lie between ``N/factor`` and ``N factor``.
        source: who says so.
        status: ``published``, ``unchecked`` or ``estimate``.
    """

    factor: float
    source: str
    status: Literal["published", "unchecked", "estimate"]


ESTIMATED = Scatter(2.0, "no number with the law; a factor of two as for solder", "estimate")


@dataclass(frozen=True)
class Life:
    """Cycles to failure with the band of the law's scatter."""

    cycles: float
    shortest: float
    longest: float


class LifeLaw(Protocol):
    """A law that turns one measure of a cycle into cycles."""

    @property
    def source(self) -> str:
        """Where the law and its constants come from."""

    @property
    def scatter(self) -> Scatter:
        """How far lives lie from it."""

    def cycles(self, measure: float) -> float:
        """Return the cycles to failure."""


def life(law: LifeLaw, measure: float) -> Life:
    """Return the life with its band.

    Args:
        law: which.
        measure: what the law takes: a range of strain, or J/m^3 per cycle.

    Raises:
        InputError: for a measure that is not positive: such a cycle does not tire the part, and no law has a life.
    """
    if not measure > 0.0 or not math.isfinite(measure):
        raise InputError(f"life: the law takes a positive measure of a cycle, not {measure:g}")
    cycles = law.cycles(measure)
    return Life(cycles, cycles / law.scatter.factor, cycles * law.scatter.factor)


@dataclass(frozen=True)
class CoffinManson:
    """``range/2 = ductility (2 N)^exponent``, range of the plastic strain.

    Args:
        ductility: of fatigue.
        exponent: negative.
        source: of the constants.
        scatter: of lives.
    """

    ductility: float
    exponent: float
    source: str = "L. F. Coffin, Trans. ASME 76 (1954) 931; S. S. Manson, NACA TN 2933 (1953)"
    scatter: Scatter = ESTIMATED

    def cycles(self, measure: float) -> float:
        """Return N for a range of the plastic strain."""
        return 0.5 * (0.5 * measure / self.ductility) ** (1.0 / self.exponent)


@dataclass(frozen=True)
class Darveaux:
    """Initiation and growth of a crack in solder: ``N = K1 W^K2 + a/(K3 W^K4)``, W in MPa (MJ/m^3) per cycle.

    Args:
        K1: cycles per MPa^K2.
        K2: negative.
        K3: m per cycle and MPa^K4.
        K4: positive.
        length: a, that the crack must grow, m.
        source: of the constants.
        scatter: of lives.
    """

    K1: float
    K2: float
    K3: float
    K4: float
    length: float
    source: str = "R. Darveaux, Proc. ECTC 2000, p. 1048"
    scatter: Scatter = Scatter(2.0, "R. Darveaux, Proc. ECTC 2000, p. 1048", "published")

    def cycles(self, measure: float) -> float:
        """Return N for the inelastic work per cycle and volume, J/m^3."""
        return self.initiation(measure) + self.growth(measure)

    def initiation(self, work: float) -> float:
        """Return the cycles until a crack begins."""
        return self.K1 * (1e-6 * work) ** self.K2

    def growth(self, work: float) -> float:
        """Return the cycles in which it grows through."""
        return self.length / (self.K3 * (1e-6 * work) ** self.K4)


@dataclass(frozen=True)
class Syed:
    """Creep of SAC solder: ``N = 1/(coefficient measure)``, for the work in MPa or for the accumulated creep strain.

    Args:
        coefficient: per MPa, or for strain without a unit.
        unit: of the measure that `cycles` takes, in Pa or 1: 1e6 for work in J/m^3, 1 for strain.
        source: of the constants.
        scatter: of lives.
    """

    coefficient: float = 0.0019
    unit: float = 1e6
    source: str = "A. Syed, Proc. ECTC 2004, p. 737"
    scatter: Scatter = ESTIMATED

    def cycles(self, measure: float) -> float:
        """Return N for the creep work per cycle, J/m^3, or for the creep strain accumulated in a cycle."""
        return 1.0 / (self.coefficient * measure / self.unit)


@dataclass(frozen=True)
class Engelmaier:
    """Copper barrels: ``N^-0.6 D^0.75 + 0.9 S/E (exp(D)/0.36)^(0.1785 log10(1e5/N)) = range`` of the total strain.

    Args:
        ductility: D, of fatigue.
        strength: S, ultimate tensile, Pa.
        modulus: E, Pa.
        source: of the constants.
        scatter: of lives.
    """

    ductility: float = 0.3
    strength: float = 276e6
    modulus: float = 82.7e9
    source: str = "IPC-TR-579 (1988), IPC-D-279 (1996)"
    scatter: Scatter = ESTIMATED

    def strain_range(self, cycles: float) -> float:
        """Return the range of the strain that takes so many cycles."""
        plastic = cycles**-0.6 * self.ductility**0.75
        power = 0.1785 * math.log10(1e5 / cycles)
        return plastic + 0.9 * self.strength / self.modulus * (math.exp(self.ductility) / 0.36) ** power

    def cycles(self, measure: float) -> float:
        """Return N for a range of the strain; both terms fall with N, so there is one.

        Raises:
            InputError: when N is outside 1 to 1e15.
        """
        low, high = 0.0, 15.0 * math.log(10.0)
        if not self.strain_range(1.0) >= measure >= self.strain_range(math.exp(high)):
            raise InputError(f"life: a strain range of {measure:g} breaks copper in less than one cycle or never")
        return math.exp(brentq(lambda log: self.strain_range(math.exp(log)) - measure, low, high, xtol=1e-13))


@dataclass(frozen=True)
class PowerLaw:
    """``N = C range^-n``, range of the inelastic strain.

    Args:
        coefficient: C.
        exponent: n, positive.
        source: of the constants.
        scatter: of lives.
    """

    coefficient: float
    exponent: float
    source: str
    scatter: Scatter = ESTIMATED

    def cycles(self, measure: float) -> float:
        """Return N for a range of the inelastic strain."""
        return self.coefficient * float(measure**-self.exponent)


@dataclass(frozen=True)
class NorrisLandzberg:
    """From test to field: ``(dT_test/dT_field)^n (t_test/t_field)^m exp[Q (1/T_field - 1/T_test)]``.

    t is the period of a cycle (in the form with frequencies, ``f = 1/t``) or, with Pan's constants for SAC, the time at
    the upper temperature; T is the highest temperature.

    Args:
        n: on the swing of temperature.
        m: on the time.
        activation: Q = E_a/k, K.
        source: of the constants.
        scatter: of factors.
    """

    n: float = 1.9
    m: float = 1.0 / 3.0
    activation: float = 1414.0
    source: str = "K. C. Norris, A. H. Landzberg, IBM J. Res. Dev. 13 (1969) 266"
    scatter: Scatter = Scatter(1.13, "C. F. Coombs, Printed Circuits Handbook: 2.9 to 3.6 measured, 3.2", "published")

    def factor(
        self, test: tuple[float, float], field: tuple[float, float], test_time: float = 1.0, field_time: float = 1.0
    ) -> float:
        """Return the field's cycles over the test's.

        Args:
            test: lowest and highest temperature, K.
            field: the same.
            test_time: any unit.
            field_time: the same unit.
        """
        swing = (test[1] - test[0]) / (field[1] - field[0])
        heat = math.exp(self.activation * (1.0 / field[1] - 1.0 / test[1]))
        return swing**self.n * (test_time / field_time) ** self.m * heat
