"""A cube of one finite element, one metre wide, pulled along x: a law's answer through mesh, forms and Newton's method.

The faces x = 0, y = 0 and z = 0 are planes of symmetry. Along x either the strain or the stress is prescribed; across
it the cube is free, so the stress is uniaxial whatever Poisson's ratio is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from femsuite.conditions.displacement import Displacement
from femsuite.conditions.support import MechanicalCondition
from femsuite.conditions.symmetry import Symmetry
from femsuite.conditions.traction import Traction
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.material import Material
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.verify import bodies

ROOM = 298.15
_HALVINGS = 40


class Cube:
    """One element under uniaxial stress, or between rigid walls across z.

    Args:
        material: with the constants of the law.
        law: name of the law.
        temperature: at which it starts free of stress, K.
        driven: ``strain`` or ``stress`` along x; ``walls`` holds every face but z = 1 m, so that only the temperature
            drives a film of equal biaxial stress.
    """

    def __init__(
        self,
        material: Material,
        law: str,
        temperature: float = ROOM,
        driven: Literal["strain", "stress", "walls"] = "strain",
    ) -> None:
        tagged = bodies.box((1.0, 1.0, 1.0), (1, 1, 1), "hexahedron")
        field = MaterialField(tagged, {"body": Assignment(material, None, temperature)})
        conditions: list[MechanicalCondition] = [Symmetry(surface=face) for face in ("left", "front", "bottom")]
        if driven == "strain":
            conditions.append(Displacement(surface="right", x="1 m"))
        elif driven == "stress":
            conditions.append(Traction(surface="right", x="1 MPa"))
        else:
            conditions += [Symmetry(surface="right"), Symmetry(surface="back")]
        self.problem = MechanicsProblem(tagged, field, conditions, order=1, law=law)
        self.temperature, self._factor = temperature, 1e-6 if driven == "stress" else 1.0

    def move(self, along: float, duration: float = 0.0, temperature: float | None = None) -> None:
        """Make one step.

        Args:
            along: strain, or stress in Pa, at its end.
            duration: s.
            temperature: at its end, K; as it is if None.
        """
        self.temperature = self.temperature if temperature is None else temperature
        self.problem.advance(self.temperature, load=along * self._factor, duration=duration)

    @property
    def stress(self) -> float:
        """Stress along x, Pa."""
        return self.mean(self.problem.stress[..., 0])

    @property
    def strain(self) -> float:
        """Strain along x."""
        return self.mean(self.problem.strain[..., 0])

    def mean(self, values: np.ndarray) -> float:
        """Return the mean of numbers at the points, (cells, points)."""
        points = self.problem.points
        return float(points.integral(values[..., None])[0])  # over one cubic metre

    def first_flow(self, elastic: float, plastic: float, step: Callable[[Cube, float], None]) -> float:
        """Return where flow begins, by halving; the state stays as it was.

        Args:
            elastic: a value to which a step is elastic.
            plastic: a value to which it is not.
            step: makes one step to a value.
        """
        before, temperature = self.problem.snapshot(), self.temperature
        for _ in range(_HALVINGS):
            middle = 0.5 * (elastic + plastic)
            if abs(plastic - elastic) <= 1e-7 * abs(middle):
                break
            step(self, middle)
            if self.problem.largest_flow > 0.0:
                plastic = middle
            else:
                elastic = middle
            before.restore()
            self.temperature = temperature
        return 0.5 * (elastic + plastic)


def without_step(run: Callable[[int], Sequence[float]], steps: int) -> np.ndarray:
    """Return numbers at a vanishing step: twice those of ``2 steps`` minus those of ``steps`` (a first-order rule).

    Args:
        run: takes the number of steps, or of steps in each part.
        steps: the smaller one.
    """
    return 2.0 * np.array(run(2 * steps)) - np.array(run(steps))
