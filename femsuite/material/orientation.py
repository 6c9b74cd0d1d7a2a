"""How a cubic crystal lies in the mesh, given by Miller indices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from femsuite.errors import Fault, InputError

Miller = tuple[float, float, float]
STANDING = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""Turns the frame of a solid, z up, into that of its section, y up."""


@dataclass(frozen=True)
class Orientation:
    """A cubic crystal whose ``normal`` points along mesh +z and whose ``edge`` points along mesh x or y.

    Args:
        normal: Miller indices of the plane that faces +z; in a cubic crystal also the direction along +z.
        edge: Miller indices of a direction in that plane.
        edge_along: the mesh axis the edge points along.
        angle: rad; turns the crystal further about +z, counter-clockwise seen from +z.
        model: ``solid``, or how a plane model sees it: ``section``, whose mesh x and y are the x and z above;
            ``axisymmetric``, a section whose stiffness is the mean over the turn about the normal.

    Raises:
        InputError: if an index triple is zero or not finite, or the two are not orthogonal.
    """

    normal: Miller
    edge: Miller
    edge_along: Literal["x", "y"] = "x"
    angle: float = 0.0
    model: Literal["solid", "section", "axisymmetric"] = "solid"

    def __post_init__(self) -> None:
        object.__setattr__(self, "normal", tuple(self.normal))  # lists from a file become hashable
        object.__setattr__(self, "edge", tuple(self.edge))
        faults = []
        for name, indices in (("normal", self.normal), ("edge", self.edge)):
            if len(indices) != 3 or not all(math.isfinite(index) for index in indices) or not any(indices):
                faults.append(Fault(f"{_text(indices)} is not a direction; write three Miller indices", key=name))
        if self.edge_along not in ("x", "y"):
            faults.append(Fault(f'\'{self.edge_along}\' is not allowed; write "x" or "y"', key="edge_along"))
        if not math.isfinite(self.angle):
            faults.append(Fault("the angle is not a finite number", key="angle"))
        if not faults:
            product = float(np.dot(self.normal, self.edge))
            if abs(product) > 1e-9 * np.linalg.norm(self.normal) * np.linalg.norm(self.edge):
                sentence = (
                    f"the edge {_text(self.edge)} does not lie in the plane {_text(self.normal)}: "
                    f"their scalar product is {product:g}, it must be 0"
                )
                faults.append(Fault(sentence, key="edge"))
        if faults:
            raise InputError(*faults)

    @cached_property
    def rotation(self) -> np.ndarray:
        """The proper rotation (3, 3) that turns a vector's crystal components into its mesh components."""
        normal = np.asarray(self.normal, dtype=np.float64)
        edge = np.asarray(self.edge, dtype=np.float64)
        z = normal / np.linalg.norm(normal)
        edge = edge / np.linalg.norm(edge)
        x = edge if self.edge_along == "x" else np.cross(edge, z)
        frame = np.array([x, np.cross(z, x), z])  # rows: the mesh axes in crystal components
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        turn = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
        result = turn @ frame
        if self.model != "solid":
            result = STANDING @ result
        result.setflags(write=False)
        return result

    def direction(self, indices: Sequence[float]) -> np.ndarray:
        """Return the unit vector (3,) in the mesh frame of the crystal direction [hkl].

        Raises:
            InputError: for a zero direction.
        """
        vector = np.asarray(indices, dtype=np.float64)
        length = float(np.linalg.norm(vector))
        if vector.shape != (3,) or not math.isfinite(length) or length == 0.0:
            raise InputError(Fault(f"{_text(indices)} is not a direction; write three Miller indices"))
        return self.rotation @ (vector / length)


def _text(indices: Sequence[float]) -> str:
    return "[" + " ".join(f"{index:g}" for index in indices) + "]"
