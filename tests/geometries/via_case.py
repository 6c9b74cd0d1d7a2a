"""What the tests of the via opening share: the mesh of a case, and what is measured on it."""

import math
from collections.abc import Callable

import numpy as np

from femsuite.geometry import load_geometry
from femsuite.meshing import MeshOptions
from femsuite.meshing.arrays import MeshArrays
from femsuite.meshing.generate import generate
from femsuite.meshing.quality import volumes

VIA = load_geometry("via_opening")
UM = 1e-6
STEPS = [
    {"thickness": "60 um", "angle": "50 deg"},
    {"thickness": "40 um", "angle": "70 deg", "tread": "30 um"},
    {"thickness": "50 um", "angle": "40 deg", "tread": "25 um"},
]
OVAL = {"width": "300 um", "length": "600 um", "pitch_y": "1.4 mm"}
SHAPES = {
    "square": {"width": "400 um"},
    "rectangle": OVAL,
    "round": {"width": "400 um"},
    "ellipse": OVAL,
    "stadium": OVAL,
    "lamella": {"width": "200 um", "length": "1.4 mm", "pitch_y": "2 mm"},
}


def build(refinement: float = 1.0, **given) -> MeshArrays:
    return generate(VIA, VIA.read(given), MeshOptions(refinement=refinement))


def sizes(arrays: MeshArrays) -> dict[str, float]:
    """Return region -> area in um^2 or volume in um^3."""
    order = {"quadrilateral": [0, 1, 3, 2], "hexahedron": [0, 1, 3, 2, 4, 5, 7, 6]}.get(arrays.cell_type, slice(None))
    found = volumes(arrays.points[arrays.cells][:, order] / UM, arrays.cell_type)
    return _with_parts(arrays, found)


def _with_parts(arrays: MeshArrays, amounts: np.ndarray) -> dict[str, float]:
    """Return the sum over each region's cells; what lies on the walls counts for the layer that it is a part of."""
    found: dict[str, float] = {}
    for name, tag in arrays.regions.items():
        whole = name.removesuffix("_wall")
        found[whole] = found.get(whole, 0.0) + float(amounts[arrays.cell_tags == tag].sum())
    return found


def rings(arrays: MeshArrays) -> dict[str, float]:
    """Return region -> volume of the body of revolution, um^3 (Pappus over triangles: exact)."""
    corners = arrays.points[arrays.cells] / UM
    found = np.zeros(len(corners))
    for three in ([0, 1, 2], [0, 2, 3]):
        part = corners[:, three]
        found += math.pi * np.linalg.det(part[:, 1:] - part[:, :1]) * part[..., 0].mean(axis=1)
    return _with_parts(arrays, found)


def facets(arrays: MeshArrays, name: str) -> np.ndarray:
    """Return the corners of a face's facets; an interface holds that of the layer's part on the walls."""
    tags = [tag for one, tag in {**arrays.surfaces, **arrays.interfaces}.items() if _of_parts(one) == name]
    assert tags, name
    return arrays.points[arrays.facets[np.isin(arrays.facet_tags, tags)]] / UM


def _of_parts(name: str) -> str:
    return "|".join(sorted(side.removesuffix("_wall") for side in name.split("|"))) if "|" in name else name


def vector_areas(corners: np.ndarray) -> np.ndarray:
    """Return half the cross product of the diagonals of quadrilaterals, shape (k, 3)."""
    return 0.5 * np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])


def area(arrays: MeshArrays, name: str) -> float:
    return float(np.linalg.norm(vector_areas(facets(arrays, name)), axis=1).sum())


def jacobians(arrays: MeshArrays) -> np.ndarray:
    """Return the smallest scaled Jacobian of each quadrilateral or hexahedron, with its sign, shape (m,)."""
    corners = arrays.points[arrays.cells]
    if arrays.cell_type == "quadrilateral":
        links = [(i, (i + 1) % 4, (i - 1) % 4) for i in range(4)]
    else:
        links = [(i, (i + 1) % 4, (i - 1) % 4, i + 4) for i in range(4)]
        links += [(i + 4, (i - 1) % 4 + 4, (i + 1) % 4 + 4, i) for i in range(4)]
    found = []
    for at, *ends in links:
        edges = np.stack([corners[:, end] - corners[:, at] for end in ends], axis=1)
        found.append(np.linalg.det(edges / np.linalg.norm(edges, axis=2, keepdims=True)))
    return np.min(found, axis=0)


def aspect(arrays: MeshArrays) -> float:
    corners = arrays.points[arrays.cells]
    count = corners.shape[1]
    edges = [np.linalg.norm(corners[:, i] - corners[:, j], axis=1) for i in range(count) for j in range(i)]
    return float((np.max(edges, axis=0) / np.min(edges, axis=0)).max())


def foot_polygon(shape: str, around: int = 8) -> np.ndarray:
    """Return the quarter of the foot as the mesh has it, from the x axis to the y axis."""
    given = SHAPES[shape]
    x = 0.5 * float(given["width"].split()[0])
    y = 0.5 * {"600 um": 600.0, "1.4 mm": 1400.0}.get(given.get("length", ""), 2.0 * x)
    turn = np.linspace(0.0, 0.5 * math.pi, around + 1)
    arc = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    if shape in ("round", "ellipse"):
        return arc * [x, y]
    if shape == "stadium":
        return np.concatenate([[[x, 0.0]], [0.0, y - x] + x * arc])
    return np.array([[x, 0.0], [x, y], [0.0, y]])


def area_of_parallel(polygon: np.ndarray) -> Callable[[float], float]:
    """Return area(d) of a quarter whose edges have moved outwards by d: A + L d + d^2 sum tan(half of the turns)."""
    edges = np.diff(polygon, axis=0)
    heading = np.arctan2(edges[:, 1], edges[:, 0])
    turns = np.diff(heading, prepend=0.5 * math.pi, append=math.pi)
    x, y = polygon.T
    start = 0.5 * float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    length = float(np.linalg.norm(edges, axis=1).sum())
    square = float(np.tan(0.5 * turns[1:-1]).sum() + 0.5 * np.tan(turns[0]) + 0.5 * np.tan(turns[-1]))
    return lambda d: start + length * d + square * d * d


def between(area_at: Callable[[float], float], low: float, high: float, height: float) -> float:
    """Return the volume between two parallels a height apart: Simpson's rule, exact for a square law."""
    return height / 6.0 * (area_at(low) + 4.0 * area_at(0.5 * (low + high)) + area_at(high))


def expected(area_at: Callable[[float], float], cell: float, foils: list[dict], metal: float, lead: float) -> dict:
    """Return volumes of foils, metal and lead by subtraction; film and plating as one metal of one thickness, um."""
    found, opened, hollow, place = {}, 0.0, 0.0, 0.0
    for index, foil in enumerate(foils):
        height = float(foil["thickness"].split()[0])
        angle = math.radians(float(foil["angle"].split()[0]))
        place += float(foil.get("tread", "0 um").split()[0])
        rim = place + height / math.tan(angle)
        part = between(area_at, place, rim, height)
        found["foil" if index == 0 else f"foil_{index + 1}"] = cell * height - part
        opened += part
        shift = metal / math.tan(angle) - metal / math.sin(angle)  # the metal's surface, seen from a metal's height up
        hollow += between(area_at, place + shift, rim + shift, height)
        place = rim
    found["metal"] = opened + cell * metal - hollow
    if lead:
        found["lead"] = (cell - area_at(place + 50.0)) * lead
    return found
