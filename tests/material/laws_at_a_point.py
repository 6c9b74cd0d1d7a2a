"""What the tests of laws share: a law driven at a few points, by strain or by stress."""

from dataclasses import replace

import numpy as np

from femsuite.material.laws import Step
from femsuite.material.material import ParameterSet
from femsuite.verify.constants import material

UNIT = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])


def with_set(kind, values, **properties):
    """Return a material of constants with one parameter set."""
    made = material("resin", **{"youngs_modulus": 10e9, "poissons_ratio": 0.3, "expansion_tangent": 20e-6} | properties)
    return replace(made, data={kind: (ParameterSet(kind, "one", values, ("case",), "published"),)})


class Driven:
    """A law at n points, stepped by strain or by stress; everything starts at zero and at one temperature."""

    def __init__(self, law, material, points=1, temperature=300.0):
        self.law, self.material, self.points = law, material, points
        self.temperature = np.full(points, float(temperature))
        self.free = self.temperature.copy()
        self.strain, self.stress = np.zeros((points, 6)), np.zeros((points, 6))
        self.internal = {name: np.zeros((points, count)) for name, count in law.internal.items()}

    def try_strain(self, strain, duration, temperature=None):
        """Return the response without keeping it."""
        new = self.temperature if temperature is None else np.broadcast_to(temperature, (self.points,)).astype(float)
        strain = np.broadcast_to(strain, (self.points, 6)).astype(float)
        step = Step(
            self.strain, strain, self.temperature, new, self.stress, self.free, float(duration), dict(self.internal)
        )
        return self.law.update(self.material, None, step)

    def by_strain(self, strain, duration, temperature=None):
        """Step to a strain and return the stress."""
        response = self.try_strain(strain, duration, temperature)
        self.strain = np.broadcast_to(strain, (self.points, 6)).astype(float)
        self.stress, self.internal = response.stress, dict(response.internal)
        if temperature is not None:
            self.temperature = np.broadcast_to(temperature, (self.points,)).astype(float)
        return response.stress

    def by_stress(self, stress, duration, temperature=None, held=()):
        """Step to a stress, with the named components of the strain held, and return the strain."""
        free = [index for index in range(6) if index not in held]
        strain = self.strain.copy()
        for _ in range(30):
            response = self.try_strain(strain, duration, temperature)
            rest = np.broadcast_to(stress, (self.points, 6))[:, free] - response.stress[:, free]
            move = np.linalg.solve(response.tangent[:, free][:, :, free], rest[..., None])[..., 0]
            strain[:, free] += move
            if np.abs(move).max() <= 1e-15:
                break
        self.by_strain(strain, duration, temperature)
        return strain
