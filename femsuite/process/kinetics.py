"""What the face of an electrode asks of the bath: current density as a function of the potential in front of it.

The metal is at potential 0, so the potential phi of the bath at its face is the overpotential that drives deposition.
Source: J. Newman, K. E. Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 8 and 18 (from memory, unchecked).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from femsuite.errors import InputError
from femsuite.process.plating import FARADAY

GAS = 8.314462618
"""J/(mol K) (exact, SI 2019)."""


class Kinetics(Protocol):
    """A law of the electrode's face."""

    def current(self, potential: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the current density into the electrode, A/m^2, and its slope, A/(m^2 V), at potentials in V."""

    def potential(self, current_density: float) -> float:
        """Return the overpotential of a current density, V."""

    def resistance(self, current_density: float) -> float:
        """Return the slope ``d eta/d i`` at a current density, ohm m^2."""


@dataclass(frozen=True)
class Linear:
    """``i = phi/R``.

    Args:
        polarisation: R, ohm m^2.
    """

    polarisation: float

    def __post_init__(self) -> None:
        if not self.polarisation > 0.0:
            raise InputError(f"kinetics: the polarisation must be positive; given is {self.polarisation:g} ohm m^2")

    def current(self, potential: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return current density and slope."""
        return potential / self.polarisation, np.full_like(potential, 1.0 / self.polarisation)

    def potential(self, current_density: float) -> float:
        """Return ``R i``."""
        return self.polarisation * current_density

    def resistance(self, current_density: float) -> float:
        """Return R."""
        return self.polarisation


@dataclass(frozen=True)
class ButlerVolmer:
    """``i = i0 [exp(a_c F phi/(R T)) - exp(-a_a F phi/(R T))]``; far from equilibrium the law of Tafel.

    Args:
        exchange: i0, A/m^2.
        cathodic: a_c.
        anodic: a_a; 0 leaves of the counter-reaction only the constant -i0, so that i(0) = 0.
        temperature: K.
    """

    exchange: float
    cathodic: float = 0.5
    anodic: float = 1.5
    temperature: float = 298.15

    def __post_init__(self) -> None:
        if not (self.exchange > 0.0 and self.cathodic > 0.0 and self.anodic >= 0.0 and self.temperature > 0.0):
            raise InputError("kinetics: exchange current, transfer coefficients and temperature must be positive")

    def current(self, potential: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return current density and slope."""
        volt = FARADAY / (GAS * self.temperature)
        # beyond 80 the current would be 1e34 times i0: no bath, only a wild guess of Newton's method
        forth = np.exp(np.clip(self.cathodic * volt * potential, -80.0, 80.0))
        back = np.exp(np.clip(-self.anodic * volt * potential, -80.0, 80.0))
        return self.exchange * (forth - back), self.exchange * volt * (self.cathodic * forth + self.anodic * back)

    def potential(self, current_density: float) -> float:
        """Return the overpotential of a current density, V."""
        volt = FARADAY / (GAS * self.temperature)
        found = np.arcsinh(0.5 * current_density / self.exchange) / (0.5 * (self.cathodic + self.anodic) * volt)
        for _ in range(100):  # convex and rising: Newton's method from above cannot fail
            value, slope = self.current(np.array([found]))
            step = float((value[0] - current_density) / slope[0])
            found -= step
            if abs(step) < 1e-15:
                break
        return float(found)

    def resistance(self, current_density: float) -> float:
        """Return the slope at a current density."""
        return float(1.0 / self.current(np.array([self.potential(current_density)]))[1][0])


def wagner(kinetics: Kinetics, conductivity: float, current_density: float, length: float) -> float:
    """Return Wagner's number ``Wa = kappa (d eta/d i)/L``: far above 1 the deposit is even, far below it is primary.

    Args:
        kinetics: of the face.
        conductivity: kappa of the bath, S/m.
        current_density: mean, A/m^2.
        length: L over which the current has to spread, m: the opening's depth.

    Raises:
        InputError: for a conductivity or length that is not positive.
    """
    if not (conductivity > 0.0 and length > 0.0):
        raise InputError("kinetics: conductivity and length must be positive")
    return conductivity * kinetics.resistance(current_density) / length
