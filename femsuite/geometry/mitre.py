"""Corners of conformal layers on a bent line: every layer keeps its thickness, every cell keeps four corners.

A flat, then a wall that rises from its foot at an angle, then a flat again from the wall's rim: layers of given
thicknesses lie on all three. At foot and rim the layers meet in a block of (n + 1)^2 nodes whose lines bend on the
mitre. Nodes are numbered [j, m]: j layers away from the wall, m layers away from the flat. Any one unit of length.
"""

from __future__ import annotations

import math

import numpy as np

_LEAST = 0.4  # a block's sides along foil are at least this share of the layers' thickness, however flat the wall


def closings(angle: float, wall: float, flat: float) -> tuple[float, float]:
    """Return how far the corner of the layers' surface lies inwards of the foil's corner, and how far up the wall.

    Args:
        angle: of the wall to the flat, rad.
        wall: thickness of all layers on the wall.
        flat: thickness of all layers on the flat.
    """
    sine, cosine = math.sin(angle), math.cos(angle)
    return (wall - flat * cosine) / sine, (flat - wall * cosine) / sine


def reach(angle: float, wall: float, flat: float) -> tuple[float, float]:
    """Return the two sides of a corner block: along the flat and along the wall; arguments as for `closings`."""
    least = _LEAST * min(wall, flat)
    inwards, upwards = closings(angle, wall, flat)
    return max(inwards, least), max(upwards, least)


def _diagonal(corner: np.ndarray, angle: float, wall: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Return where the surfaces of the layers on wall and flat meet, shape (n + 1, 2)."""
    return corner + np.stack([(flat * math.cos(angle) - wall) / math.sin(angle), flat], axis=1)


def foot_block(corner: np.ndarray, angle: float, wall: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Return the nodes of the layers' corner at a wall's foot, shape (n + 1, n + 1, 2).

    Args:
        corner: the foot, shape (2,).
        angle: of the wall to the flat, rad.
        wall: heights of the layers' surfaces above the wall, from 0, shape (n + 1,).
        flat: the same above the flat.
    """
    mitre = _diagonal(corner, angle, wall, flat)
    along, up = reach(angle, wall[-1], flat[-1])
    flat_end = corner - [along, 0.0]
    wall_end = corner + up * np.array([math.cos(angle), math.sin(angle)])
    flat_ends = flat_end + _share(flat)[:, None] * (mitre[-1] - flat_end)
    wall_ends = wall_end + _share(wall)[:, None] * (mitre[-1] - wall_end)
    count = len(wall)
    block = np.empty((count, count, 2))
    for low in range(count):
        on_flat, on_wall = _share(wall[low:])[:, None], _share(flat[low:])[:, None]
        block[low:, low] = mitre[low] + on_flat * (flat_ends[low] - mitre[low])
        block[low, low:] = mitre[low] + on_wall * (wall_ends[low] - mitre[low])
    return block


def rim_block(corner: np.ndarray, angle: float, wall: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Return the nodes of the layers' corner around a wall's rim, shape (n + 1, n + 1, 2); as for `foot_block`."""
    mitre = _diagonal(corner, angle, wall, flat)
    along, down = reach(angle, wall[-1], flat[-1])
    flat_end = mitre[-1] + [along, 0.0]
    wall_end = mitre[-1] - down * np.array([math.cos(angle), math.sin(angle)])
    flat_ends = corner + _share(flat)[:, None] * (flat_end - corner)
    wall_ends = corner + _share(wall)[:, None] * (wall_end - corner)
    count = len(wall)
    block = np.empty((count, count, 2))
    for high in range(count):
        on_wall, on_flat = _share(flat[: high + 1])[:, None], _share(wall[: high + 1])[:, None]
        block[high, : high + 1] = wall_ends[high] + on_wall * (mitre[high] - wall_ends[high])
        block[: high + 1, high] = flat_ends[high] + on_flat * (mitre[high] - flat_ends[high])
    return block


def kink(corner: np.ndarray, below: float, above: float, wall: np.ndarray) -> np.ndarray:
    """Return the layers' nodes where a wall changes its angle from ``below`` to ``above``, rad, shape (n + 1, 2)."""
    one, other = (np.array([-math.sin(angle), math.cos(angle)]) for angle in (below, above))
    return corner + wall[:, None] * (one + other) / (1.0 + one @ other)


def _share(values: np.ndarray) -> np.ndarray:
    """Return values from first to last as shares from 0 to 1; 0 where there is but one."""
    span = values[-1] - values[0]
    found: np.ndarray = (values - values[0]) / span if span > 0.0 else np.zeros(len(values))
    return found
