"""An opening's section as columns: half a section, a whole one, or a quarter in space; and the names of its faces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from femsuite.geometry.columns import ABOVE, BELOW, Columns, Faces
from femsuite.geometry.opening import Opening, wall_of
from femsuite.geometry.opening_section import Section
from femsuite.geometry.sweep import Outline, Swept, sweep

_NEAR = 1e-6  # micrometres: a face in a plane


@dataclass(frozen=True)
class Laid:
    """What half section, quarter and array share: which regions go where walls are bare, and names of faces."""

    opening: Opening
    section: Section

    def _without_metal(self) -> np.ndarray:
        """Return the section's regions where the walls are bare: coats on the floor alone, no lead."""
        region = self.section.region.copy()
        lead = self.opening.lead.name if self.opening.lead is not None else ""
        removed = [self.section.regions.index(name) for name in (*self._coats, lead) if name in self.section.regions]
        beyond = np.array([(kind, number) != ("coat", 0) for kind, number in self.section.level_of])
        region[np.isin(region, removed) & beyond] = -1
        return region

    def _regions(self, column: np.ndarray, bare: np.ndarray) -> np.ndarray:
        """Return the regions of columns of the section, with bare walls or not, shape (c, levels)."""
        return np.where(bare[:, None], self._without_metal()[column], self.section.region[column])

    @property
    def _coats(self) -> list[str]:
        names = [coat.name for coat in self.opening.coats]
        return [*names, *(wall_of(name) for name in names)]

    def _names(self, faces: Faces, column: np.ndarray, bare: np.ndarray, cut: np.ndarray) -> np.ndarray:
        """Return the names of faces that are neither in a plane of symmetry nor on the pitch, shape (k,), text.

        Args:
            faces: all outer faces.
            column: column of the section of each, shape (k,).
            bare: whether the walls there carry no metal, shape (k,).
            cut: whether it stands across the walls' direction, where metal ends along an edge, shape (k,).
        """
        opening, section = self.opening, self.section
        outermost = "plating" if "plating" in self._coats else "film"
        kinds, numbers = (np.array(part) for part in zip(*section.level_of, strict=True))
        kind, number = kinds[faces.level], numbers[faces.level]
        lengths = [len(flight) for flight in opening.flights]
        flight_of_foil = np.repeat(np.arange(len(lengths)), lengths)
        last_foil, last_flat = np.cumsum([0, *lengths]), len(lengths)
        coated = np.isin(faces.region, self._coats)
        foil = np.isin(faces.region, [one.name for one in opening.foils])
        prefix = np.where(bare & foil, "bare", outermost)
        # Flats are counted from the floor: what a level of coats lies on, or the top of a foil.
        flat = np.where(kind == "coat", number, 0)
        flat = np.where(kind == "foil", flight_of_foil[np.maximum(number - 1, 0) % len(flight_of_foil)] + 1, flat)
        on_flat = np.where(flat == 0, "floor", np.where(flat == last_flat, "top", _numbered("tread", flat)))
        # A foil's rows carry its number; where coats bend round a rim they belong to the wall below it.
        at = np.minimum(number, len(lengths))
        wall = np.where(kind == "foil", number, np.where(coated, last_foil[at], last_foil[at] + 1))
        on_wall = np.full(len(wall), "wall") if len(opening.foils) == 1 else _numbered("wall", wall)
        part = np.where(faces.side == ABOVE, on_flat, on_wall)
        names = np.char.add(np.char.add(prefix, "_"), part)
        for metal in ("lead", "pillar"):
            its = faces.region == metal
            names = np.where(its, np.where(faces.side == ABOVE, f"{metal}_top", f"{metal}_side"), names)
        corner = np.array([role == "wall" for role, _ in section.column_of])[column] & (kind == "coat") & (number == 0)
        names = np.where(coated & (cut | (bare & corner)), "film_end", names)
        return np.where(faces.side == BELOW, "bottom", names)

    @staticmethod
    def _rules(faces: Faces, names: np.ndarray) -> dict[str, Callable[[Faces], np.ndarray]]:
        found, which = np.unique(names, return_inverse=True)
        return {str(name): _rule(which == index) for index, name in enumerate(found)}


@dataclass(frozen=True)
class Half(Laid):
    """Half of a section in x >= 0, or all of it with a bare wall in x < 0.

    Args:
        opening: what is cut through.
        section: its grid.
        pitch: half of the pitch, micrometres.
        axis: whether x = 0 is an axis of revolution.
        bare: whether the other half is there, with bare walls.
    """

    pitch: float
    axis: bool
    bare: bool

    def columns(self, simplices: bool) -> Columns:
        """Return the mesh."""
        section, lines = self.section, len(self.section.offset)
        nodes = np.arange(lines)
        across = section.places(
            self.opening.half + section.offset,
            [np.zeros((1, 1)), np.full((1, 1), self.opening.pillar_half), np.full((1, 1), self.pitch)],
        )
        positions = np.stack([across, section.height], axis=2)
        plan, region = np.stack([nodes[:-1], nodes[1:]], axis=1), section.region
        if self.bare:
            other = np.concatenate([[0], lines + nodes[:-1]])
            plan = np.concatenate([plan, np.stack([other[1:], other[:-1]], axis=1)])
            positions = np.concatenate([positions, positions[1:] * [-1.0, 1.0]])
            region = np.concatenate([region, self._without_metal()])
        return Columns(plan, positions, region, section.regions, simplices)

    def surfaces(self, columns: Columns) -> dict[str, Callable[[Faces], np.ndarray]]:
        """Return the rules that name the outer faces."""
        faces = columns.outside[1]
        count = len(self.section.column_of)
        names = self._names(faces, faces.column % count, faces.column >= count, np.zeros(len(faces.side), dtype=bool))
        x, upright = faces.centre[:, 0], faces.side >= 0
        names = np.where(upright & (np.abs(x) < _NEAR), "axis" if self.axis else "symmetry_x", names)
        names = np.where(upright & (x > self.pitch - _NEAR), "pitch", names)
        return self._rules(faces, np.where(upright & (x < _NEAR - self.pitch), "pitch_bare", names))


@dataclass(frozen=True)
class Quarter(Laid):
    """A quarter in x >= 0, y >= 0.

    Args:
        opening: what is cut through.
        section: its grid.
        outline: of the foot.
        pitch: half of the pitch along x and y, micrometres.
        bare: whether the walls that face along y carry no metal.
    """

    outline: Outline
    pitch: tuple[float, float]
    bare: bool

    @cached_property
    def swept(self) -> Swept:
        """Return the section round the outline."""
        half = self.opening.half
        return sweep(
            self.section, self.outline, (half - self.opening.core, half - self.opening.pillar_half), self.pitch
        )

    @property
    def bare_columns(self) -> np.ndarray:
        """Return which cells of the plan stand by walls without metal, shape (c,)."""
        return (self.swept.sector >= self.outline.corner) & self.bare

    def columns(self, simplices: bool) -> Columns:
        """Return the mesh."""
        region = self._regions(np.maximum(self.swept.column, 0), self.bare_columns)
        return Columns(self.swept.plan, self.swept.positions, region, self.section.regions, simplices)

    def surfaces(self, columns: Columns) -> dict[str, Callable[[Faces], np.ndarray]]:
        """Return the rules that name the outer faces."""
        faces = columns.outside[1]
        along = np.isin(faces.side, (0, 2)) & (self.swept.column[faces.column] >= 0)
        column = np.maximum(self.swept.column[faces.column], 0)
        names = self._names(faces, column, self.bare_columns[faces.column], along)
        upright = faces.side >= 0
        for axis, letter in enumerate("xy"):
            names = np.where(upright & (faces.high[:, axis] < _NEAR), f"symmetry_{letter}", names)
            names = np.where(upright & (faces.low[:, axis] > self.pitch[axis] - _NEAR), f"pitch_{letter}", names)
        return self._rules(faces, names)


def _rule(mask: np.ndarray) -> Callable[[Faces], np.ndarray]:
    return lambda faces: mask


def _numbered(word: str, numbers: np.ndarray) -> np.ndarray:
    return np.char.add(f"{word}_", numbers.astype(str))
