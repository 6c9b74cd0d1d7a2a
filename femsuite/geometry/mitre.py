"""Corners of conformal layers on a bent line: every layer keeps its thickness, every cell keeps four corners.

A flat, then a wall that rises from its foot at an angle, then a flat again from the wall's rim: layers of given
thicknesses lie on all three. At foot and rim the layers meet in a block of (n + 1)^2 nodes whose lines bend on the
mitre. Nodes are numbered [j, m]: j layers away from the wall, m layers away from the flat. Any one unit of length.
"""

from __future__ import annotations

import math

import numpy as np

_LEAST = 0.4  # a block's sides along foil are at least this share of the layers' thickness, however flat the wall


def bend(angle: float, wall: np.ndarray, flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each layer's surface bends inwards of the foil's corner, and how far up the wall from it.

    Args:
        angle: of the wall to the flat, rad.
        wall: heights of the layers' surfaces above the wall, from 0, shape (n + 1,).
        flat: the same above the flat.
    """
    sine, cosine = math.sin(angle), math.cos(angle)
    return (wall - flat * cosine) / sine, (flat - wall * cosine) / sine


def foot_reach(angle: float, wall: np.ndarray, flat: np.ndarray) -> tuple[float, float]:
    """Return the sides of the block at a wall's foot, from the foot along the flat and up the wall; as for `bend`.

    They are so long that every layer's line has the bend of that layer before it.
    """
    inwards, upwards = bend(angle, wall, flat)
    least = _LEAST * min(wall[-1], flat[-1])
    on_flat, on_wall = _share(flat)[:-1], _share(wall)[:-1]
    along = (inwards[:-1] - on_flat * inwards[-1]) / (1.0 - on_flat) + least
    up = (upwards[:-1] - on_wall * upwards[-1]) / (1.0 - on_wall) + least
    return float(np.max(along, initial=max(inwards[-1], least))), float(np.max(up, initial=max(upwards[-1], least)))


def rim_reach(angle: float, wall: np.ndarray, flat: np.ndarray) -> tuple[float, float]:
    """Return the sides of the block at a rim, from the outer bend along the flat and down the wall; as for `bend`."""
    inwards, upwards = bend(angle, wall, flat)
    least = _LEAST * min(wall[-1], flat[-1])
    on_flat, on_wall = _share(flat)[1:], _share(wall)[1:]
    along = inwards[-1] - inwards[1:] / on_flat + least
    down = upwards[-1] - upwards[1:] / on_wall + least
    return float(np.max(along, initial=max(inwards[-1], least))), float(np.max(down, initial=max(upwards[-1], least)))


def _diagonal(corner: np.ndarray, angle: float, wall: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Return where the surfaces of the layers on wall and flat meet, shape (n + 1, 2)."""
    return corner + np.stack([-bend(angle, wall, flat)[0], flat], axis=1)


def foot_block(corner: np.ndarray, angle: float, wall: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Return the nodes of the layers' corner at a wall's foot, shape (n + 1, n + 1, 2).

    Args:
        corner: the foot, shape (2,).
        angle, wall, flat: as for `bend`.
    """
    mitre = _diagonal(corner, angle, wall, flat)
    along, up = foot_reach(angle, wall, flat)
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
    along, down = rim_reach(angle, wall, flat)
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
