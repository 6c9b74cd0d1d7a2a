"""Absorption radiographs of a mesh in a parallel beam: ``I/I0 = sum over energies of weight * exp(-sum of mu l)``.

``l`` is each ray's length in each region (`femsuite.topograph.chords`), ``mu`` the attenuation of the region's material
(`femsuite.topograph.attenuation`). The body is that of the mesh, undeformed: strains of a thousandth do not show here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from femsuite import parallel
from femsuite.errors import Fault, FemsuiteError, InputError
from femsuite.material.material import Material
from femsuite.meshing.quality import quality
from femsuite.meshing.tagged import TaggedMesh
from femsuite.topograph.attenuation import attenuation, lacking
from femsuite.topograph.boundaries import beam_frame, boundaries
from femsuite.topograph.chords import Boundary, Screen, chord_lengths
from femsuite.topograph.radiograph_options import AreaOptions, RadiographOptions, listed

MARGIN = 0.03
"""Of the whole body's picture, on each side, of its longer side."""
PIXELS = 1000
"""Along the longer side, where no pixel is given."""
MOST = 2**24
"""Pixels of a picture: some 2 GB with six materials."""
TOUCH = 1e-9
"""A ray crosses a region when it is longer inside than this, of the body's size."""
LIMITS: Mapping[str, float] = {"balance.radiograph_faces": 1e-10, "balance.radiograph_rays": 1.0}
"""Largest volume balances that a radiograph may have, see `Radiograph.balances`."""

BALANCES: Mapping[str, str] = {
    "balance.radiograph_faces": "volume inside the signed faces against that of the cells, worst region, relative",
    "balance.radiograph_rays": "volume by rays against that of the cells, worst region, of what their spacing may miss",
}


@dataclass(frozen=True)
class Radiograph:
    """Everything imaged, the same on all ranks. Images are (rows from bottom to top, columns from left to right).

    Attributes:
        screen: the pixels.
        transmission: label (``31 keV``) -> share of the photons that pass straight on.
        lengths: material -> length of each pixel's rays in it, m.
        attenuation: label of a monochromatic image -> material -> linear attenuation, 1/m.
        areas: name -> label -> mean transmission of the rays of that area; NaN if there is none.
        shares: name -> share of the picture's rays that belong to the area.
        words: name of an area -> what its rays cross, for people.
        balances: ``balance.radiograph_faces``, the volume that the signed faces enclose against that of the cells,
            worst region, relative; ``balance.radiograph_rays``, the sum of length times pixel area against the volume,
            worst region that the picture holds whole, in units of what a grid of rays may miss: their spacing times the
            total variation of the length. A wall along the beam that lies anywhere between two rows of rays misses
            half of it at most.
        relative: region -> relative gap of the second balance.
        repeated: rays thrown again because they met an edge too closely.
        rays: thrown in all.
    """

    screen: Screen
    transmission: Mapping[str, np.ndarray] = field(repr=False)
    lengths: Mapping[str, np.ndarray] = field(repr=False)
    attenuation: Mapping[str, Mapping[str, float]]
    areas: Mapping[str, Mapping[str, float]]
    shares: Mapping[str, float]
    words: Mapping[str, str]
    balances: Mapping[str, float]
    relative: Mapping[str, float]
    repeated: int
    rays: int


@dataclass
class _Area:
    """Rays that cross one group of every set in ``needed`` and none of ``barred``."""

    needed: list[set[str]]
    barred: set[str]
    counted: float = 0.0
    sums: dict[str, float] = field(default_factory=dict)


def groups_of(tagged: TaggedMesh, materials: Mapping[str, Material]) -> dict[str, tuple[int, ...]]:
    """Return name -> cell tags of what is traced as one: a region with those parts of it that share its material."""
    found: dict[str, tuple[int, ...]] = {}
    for region, tag in tagged.regions.items():
        name = _group(tagged, materials, region)
        found[name] = (*found.get(name, ()), tag)
    return found


def _group(tagged: TaggedMesh, materials: Mapping[str, Material], region: str) -> str:
    parent = tagged.parent(region)
    return parent if materials[parent].name == materials[region].name else region


def check(options: RadiographOptions, tagged: TaggedMesh, materials: Mapping[str, Material]) -> None:
    """Raise all that keeps a radiograph from being taken: regions that are not there, materials without composition.

    Raises:
        InputError: with the key of each fault.
    """
    faults = []
    for region in tagged.regions:
        wrong = lacking(materials[region])
        if wrong:
            faults.append(Fault(wrong, key=f"regions.{region}"))
    for name, area in options.areas.items():
        for key in ("through", "without"):
            for entry in listed(getattr(area, key)):
                try:
                    tagged.region_names(entry)
                except FemsuiteError as error:
                    found = getattr(error, "faults", (Fault(str(error)),))
                    faults += [Fault(one.message, key=f"radiograph.areas.{name}.{key}") for one in found]
    if faults:
        raise InputError(*faults)


def screen_for(options: RadiographOptions, low: np.ndarray, high: np.ndarray) -> Screen:
    """Return the pixels for a body that reaches from ``low`` to ``high`` (horizontal, vertical; m).

    Raises:
        InputError: there would be too many pixels, or none.
    """
    if options.window is not None:
        (left, right), (bottom, top) = options.window.horizontal, options.window.vertical
    else:
        margin = MARGIN * float(max(high[:2] - low[:2]))
        left, bottom = (float(value) - margin for value in low[:2])
        right, top = (float(value) + margin for value in high[:2])
    camera = options.camera()
    pixel = options.pixel or (camera.pixel if camera is not None else max(right - left, top - bottom) / PIXELS)
    shape = tuple(max(1, math.ceil(round(size / pixel, 6))) for size in (top - bottom, right - left))
    if shape[0] * shape[1] > MOST:
        raise InputError(
            Fault(
                f"a picture of {(right - left) * 1e3:.4g} x {(top - bottom) * 1e3:.4g} mm has {shape[1]} x {shape[0]} "
                f"pixels of {pixel * 1e6:.4g} um; {MOST} in all are allowed: take larger pixels or a smaller window",
                key="radiograph.pixel",
            )
        )
    # the pixels lie evenly about the middle
    middle = (0.5 * (left + right), 0.5 * (bottom + top))
    return Screen(middle[0] - 0.5 * pixel * shape[1], middle[1] - 0.5 * pixel * shape[0], pixel, (shape[0], shape[1]))


def take_radiograph(tagged: TaggedMesh, materials: Mapping[str, Material], options: RadiographOptions) -> Radiograph:
    """Return the radiograph of a mesh; collective.

    Every rank throws the rays at the faces it owns; what they find is added.

    Args:
        tagged: the mesh.
        materials: of every region, with composition and density.
        options: the study's table.

    Raises:
        InputError: see `check`, `screen_for` and `femsuite.topograph.boundaries.boundaries`.
        SolveError: a boundary is not closed.
    """
    check(options, tagged, materials)
    comm = tagged.mesh.comm
    groups = groups_of(tagged, materials)
    faces = boundaries(tagged, groups, beam_frame(options.along, options.tilt, options.tilt_about))
    boxes = {name: one.box(comm) for name, one in faces.items()}
    low = np.min([box[0] for box in boxes.values()], axis=0)
    high = np.max([box[1] for box in boxes.values()], axis=0)
    faces = {name: _centred(one, 0.5 * (low[2] + high[2])) for name, one in faces.items()}
    screen = screen_for(options, low, high)
    touch = TOUCH * float(max(high - low))
    made_of = {name: materials[name] for name in groups}
    images, mu = _coefficients(options, made_of)
    areas = {name: _area(tagged, materials, one) for name, one in areas_of(options, groups).items()}
    lengths = {one.name: np.zeros(screen.shape) for one in made_of.values()}
    pictures = {label: np.zeros(screen.shape) for label in images}
    summed, repeated = dict.fromkeys(groups, 0.0), 0
    offsets = [
        ((i + 0.5) / options.rays - 0.5, (j + 0.5) / options.rays - 0.5) for j, i in np.ndindex((options.rays,) * 2)
    ]
    share = 1.0 / len(offsets)
    for offset in offsets:
        depth = {energy: np.zeros(screen.shape) for energy in mu}
        crossed: dict[str, tuple[tuple[slice, slice], np.ndarray]] = {}
        for name, boundary in faces.items():
            part = screen.part(boxes[name][0], boxes[name][1])
            inside = screen.cut(*part)
            if inside is None:
                continue
            found, again = chord_lengths(boundary, inside, comm, offset, name)
            repeated += again
            crossed[name] = (part, found > touch)
            lengths[made_of[name].name][part] += share * found
            summed[name] += share * float(found.sum()) * screen.pixel**2
            for energy, coefficients in mu.items():
                depth[energy][part] += coefficients[made_of[name].name] * found
        passed = {energy: np.exp(-one) for energy, one in depth.items()}
        through = {
            label: np.sum([weight * passed[energy] for energy, weight in lines], axis=0)
            for label, lines in images.items()
        }
        for label, image in through.items():
            pictures[label] += share * image
        for area in areas.values():
            _gather(area, crossed, through, screen.shape)
    balances, relative = _balances(tagged, groups, faces, boxes, screen, summed, options.rays)
    rays = screen.shape[0] * screen.shape[1] * len(offsets)
    return Radiograph(
        screen,
        pictures,
        lengths,
        {label: mu[lines[0][0]] for label, lines in images.items() if len(lines) == 1},
        {
            name: {label: area.sums[label] / area.counted if area.counted else math.nan for label in images}
            for name, area in areas.items()
        },
        {name: area.counted / rays for name, area in areas.items()},
        {name: words(one) for name, one in areas_of(options, groups).items()},
        balances,
        relative,
        repeated,
        rays,
    )


def areas_of(options: RadiographOptions, groups: Iterable[str]) -> dict[str, AreaOptions]:
    """Return the areas that are measured: the study's, or one for each region."""
    return dict(options.areas) or {name: AreaOptions(through=(name,)) for name in groups}


def words(area: AreaOptions) -> str:
    """Return what the rays of an area cross, for people."""
    needed, barred = " and ".join(listed(area.through)), listed(area.without)
    if not barred:
        return f"rays through {needed}"
    return f"rays through {needed} alone" if "*" in barred else f"rays through {needed}, without {' or '.join(barred)}"


def _coefficients(
    options: RadiographOptions, made_of: Mapping[str, Material]
) -> tuple[dict[str, tuple[tuple[float, float], ...]], dict[float, dict[str, float]]]:
    images = options.images()
    energies = dict.fromkeys(energy for lines in images.values() for energy, _ in lines)
    return images, {
        energy: {material.name: attenuation(material, energy) for material in made_of.values()} for energy in energies
    }


def _centred(boundary: Boundary, middle: float) -> Boundary:
    """Count places along the beam from the body's middle: the sums of crossings round least there."""
    return Boundary(boundary.corners - np.array([0.0, 0.0, middle]), boundary.outward)


def _area(tagged: TaggedMesh, materials: Mapping[str, Material], options: AreaOptions) -> _Area:
    def meant(entry: str) -> set[str]:
        return {_group(tagged, materials, name) for name in tagged.region_names(entry)}

    needed = [meant(entry) for entry in listed(options.through)]
    barred = {name for entry in listed(options.without) for name in meant(entry)}
    return _Area(needed, barred - {name for one in needed for name in one})


def _gather(
    area: _Area,
    crossed: Mapping[str, tuple[tuple[slice, slice], np.ndarray]],
    through: Mapping[str, np.ndarray],
    shape: tuple[int, int],
) -> None:
    def any_of(names: Iterable[str]) -> np.ndarray:
        hit = np.zeros(shape, dtype=np.bool_)
        for name in names:
            if name in crossed:
                part, inside = crossed[name]
                hit[part] |= inside
        return hit

    mask = ~any_of(area.barred)
    for names in area.needed:
        mask &= any_of(names)
    area.counted += float(mask.sum())
    for label, image in through.items():
        area.sums[label] = area.sums.get(label, 0.0) + float(image[mask].sum())


def _balances(
    tagged: TaggedMesh,
    groups: Mapping[str, tuple[int, ...]],
    faces: Mapping[str, Boundary],
    boxes: Mapping[str, tuple[np.ndarray, np.ndarray]],
    screen: Screen,
    summed: Mapping[str, float],
    rays: int,
) -> tuple[dict[str, float], dict[str, float]]:
    comm = tagged.mesh.comm
    cells = quality(tagged).regions
    tags = {tag: name for name, tag in tagged.regions.items()}
    found = {"balance.radiograph_faces": 0.0}
    relative = {}
    for name, own in groups.items():
        volume = sum(cells[tags[tag]].volume for tag in own)
        enclosed, variation = parallel.total(np.array([faces[name].volume(), faces[name].variation()]), comm)
        gap = abs(float(enclosed) - volume) / volume
        found["balance.radiograph_faces"] = max(found["balance.radiograph_faces"], gap)
        if screen.holds(boxes[name][0], boxes[name][1]):
            missed = abs(summed[name] - volume)
            relative[name] = missed / volume
            unit = screen.pixel / rays * float(variation)
            worst = found.get("balance.radiograph_rays", 0.0)
            found["balance.radiograph_rays"] = max(worst, missed / unit)
    return found, relative
