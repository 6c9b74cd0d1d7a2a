"""Triangulated surfaces of openings: rings of a polygon stacked along a section.

A surface is an array of points (n, 3), m, and of triangles (m, 3) whose corners turn counter-clockwise seen from
outside the material.
"""

from __future__ import annotations

import math

import numpy as np

from femsuite.errors import InputError


def ring(sides: int, length: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the plan of an opening per unit of distance from its axis, and what is added to it.

    Args:
        sides: of the polygon; 4 for a square, many for a round.
        length: by which the plan is longer along y, m: a lamella or an oval.

    Returns:
        Directions (k, 2), whose polygon has the inscribed radius 1, and shifts (k, 2), m.

    Raises:
        InputError: for less than three sides or a negative length.
    """
    if sides < 3 or length < 0.0:
        raise InputError(
            f"surface: a plan needs three sides and a length of 0 or more; given are {sides}, {length:g} m"
        )
    turn = 2.0 * math.pi * (np.arange(sides) + 0.5) / sides
    directions = np.column_stack([np.cos(turn), np.sin(turn)]) / math.cos(math.pi / sides)
    shifts = np.column_stack([np.zeros(sides), 0.5 * length * np.sign(np.round(directions[:, 1], 12))])
    return directions, shifts


def loft(section: np.ndarray, sides: int = 64, length: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the surface of an opening that has the same section on all sides.

    Args:
        section: (n, 2) of the distance from the axis to the side and the height, m, from the floor outwards; where it
            begins at distance 0 (and ``length`` is 0) the floor is closed there.
        sides: of the plan; the section is that through the middle of a side.
        length: by which the plan is longer along y, m.

    Raises:
        InputError: for a section that begins left of the axis, or a plan that cannot be.
    """
    line = np.asarray(section, dtype=np.float64)
    if line.ndim != 2 or line.shape[1:] != (2,) or len(line) < 2 or line[:, 0].min() < 0.0:
        raise InputError("surface: a section has two points (distance, height) at least, at distances of 0 or more")
    directions, shifts = ring(sides, length)
    plans = line[:, 0, None, None] * directions + shifts
    heights = np.broadcast_to(line[:, 1, None, None], (len(line), sides, 1))
    points = np.concatenate([plans, heights], axis=-1).reshape(-1, 3)
    here = np.arange(sides)
    then = (here + 1) % sides
    triangles = []
    for level in range(len(line) - 1):
        low, high = level * sides, (level + 1) * sides
        triangles += [np.column_stack([low + here, high + here, high + then])]
        triangles += [np.column_stack([low + here, high + then, low + then])]
    found = np.concatenate(triangles)
    return points, found[areas(points, found) > 0.0]


def areas(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Return the area of every triangle, (m,), m^2; rounding counts as none."""
    first, second, third = np.moveaxis(points[triangles], 1, 0)
    size = 0.5 * np.linalg.norm(np.cross(second - first, third - first), axis=1)
    longest = np.max(np.abs([second - first, third - first, third - second]), axis=(0, 2))
    return np.where(size > 1e-12 * longest**2, size, 0.0)


def frames(points: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the centroid of every triangle, (m, 3), m, and two tangents and the normal as rows, (m, 3, 3)."""
    first, second, third = np.moveaxis(points[triangles], 1, 0)
    along = second - first
    normal = np.cross(along, third - first)
    along = along / np.linalg.norm(along, axis=1)[:, None]
    normal = normal / np.linalg.norm(normal, axis=1)[:, None]
    return (first + second + third) / 3.0, np.stack([along, np.cross(normal, along), normal], axis=1)
