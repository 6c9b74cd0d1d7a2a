"""The diffraction frame at the die: x along h, z into the crystal from the beam side, y = z cross x."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from femsuite.errors import InputError

BeamSide = Literal["top", "bottom"]


@dataclass(frozen=True)
class DiffractionFrame:
    """A right-handed frame fixed to the unstrained die.

    Attributes:
        rotation: (3, 3); its rows are x, y and z of the diffraction frame in mesh coordinates.
        origin: (3,) mesh coordinates of the frame's origin, m.
    """

    rotation: np.ndarray
    origin: np.ndarray

    def points(self, mesh_points: np.ndarray) -> np.ndarray:
        """Return mesh points (..., 3) in the diffraction frame."""
        return (np.asarray(mesh_points) - self.origin) @ self.rotation.T

    def mesh_points(self, points: np.ndarray) -> np.ndarray:
        """Return points (..., 3) of the diffraction frame in mesh coordinates."""
        return np.asarray(points) @ self.rotation + self.origin

    def vectors(self, mesh_vectors: np.ndarray) -> np.ndarray:
        """Return mesh vectors (..., 3), such as displacements, in the diffraction frame."""
        return np.asarray(mesh_vectors) @ self.rotation.T

    def gradients(self, mesh_gradients: np.ndarray) -> np.ndarray:
        """Return displacement gradients (..., 3, 3), ``[i, j] = du_i/dX_j``, in the diffraction frame."""
        return self.rotation @ np.asarray(mesh_gradients) @ self.rotation.T

    def mesh_gradients(self, gradients: np.ndarray) -> np.ndarray:
        """Return displacement gradients of the diffraction frame in mesh coordinates."""
        return self.rotation.T @ np.asarray(gradients) @ self.rotation

    def moved_to(self, origin: np.ndarray) -> DiffractionFrame:
        """Return the frame with another origin (mesh coordinates, m)."""
        return DiffractionFrame(self.rotation, np.asarray(origin, dtype=np.float64))


def diffraction_frame(
    orientation: np.ndarray,
    reflection: Sequence[int],
    normal: Sequence[float] = (0.0, 0.0, 1.0),
    beam_side: BeamSide = "top",
    origin: Sequence[float] = (0.0, 0.0, 0.0),
) -> DiffractionFrame:
    """Return the frame of a symmetric Laue reflection.

    Args:
        orientation: (3, 3) rotation that takes crystal components to mesh components (cubic axes).
        reflection: Miller indices of h; h must lie in the die's face.
        normal: outward normal of the die's upper face, mesh coordinates.
        beam_side: the face the beam enters by; ``top`` is the face with the outward normal ``normal``.
        origin: mesh coordinates, m.

    Raises:
        InputError: not a rotation; or h does not lie in the face, with the variants of the form that do.
    """
    rotation = np.asarray(orientation, dtype=np.float64)
    if rotation.shape != (3, 3) or np.abs(rotation @ rotation.T - np.eye(3)).max() > 1e-8:
        raise InputError("the orientation of the die is not a 3x3 rotation from crystal to mesh axes")
    face = np.asarray(normal, dtype=np.float64)
    face = face / np.linalg.norm(face)
    along = rotation @ np.asarray(reflection, dtype=np.float64)
    along /= np.linalg.norm(along)
    out_of_face = float(along @ face)
    if abs(out_of_face) > 1e-6:
        variants = in_face_variants(rotation, reflection, face)
        listed = ", ".join(str(list(variant)) for variant in variants)
        hint = f"variants that do: {listed}" if variants else "no variant of its form does"
        angle = abs(np.degrees(np.arcsin(np.clip(out_of_face, -1.0, 1.0))))
        raise InputError(
            f"reflection {list(reflection)} does not lie in the face of the die (it leaves it by {angle:.1f} degrees), "
            f"which symmetric Laue transmission needs; {hint}"
        )
    into = -face if beam_side == "top" else face
    along = along - (along @ into) * into
    along /= np.linalg.norm(along)
    across = np.cross(into, along)
    return DiffractionFrame(np.array([along, across, into]), np.asarray(origin, dtype=np.float64))


def in_face_variants(
    orientation: np.ndarray, reflection: Sequence[int], normal: np.ndarray
) -> list[tuple[int, int, int]]:
    """Return the reflections of the same cubic form that lie in the face, one of each pair h and -h."""
    found: dict[tuple[int, int, int], None] = {}
    for permuted in sorted(set(itertools.permutations(abs(index) for index in reflection)), reverse=True):
        for signs in itertools.product((1, -1), repeat=3):
            variant = (permuted[0] * signs[0], permuted[1] * signs[1], permuted[2] * signs[2])
            opposite = (-variant[0], -variant[1], -variant[2])
            vector = orientation @ np.array(variant, dtype=np.float64)
            if abs(vector @ normal) < 1e-6 * np.linalg.norm(vector) and opposite not in found:
                found[variant] = None
    return list(found)
