"""A planar module's grid as columns, and the names of its outer faces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from femsuite.geometry.columns import ABOVE, BELOW, Columns, Faces
from femsuite.geometry.planar import Grid

_NEAR = 1e-6  # micrometres: a face in a plane


@dataclass(frozen=True)
class PlanarColumns:
    """Columns over a grid.

    Args:
        grid: of the module.
        solid: whether it has three dimensions.
    """

    grid: Grid
    solid: bool

    def columns(self, simplices: bool) -> Columns:
        """Return the mesh."""
        grid = self.grid
        lines, levels = grid.x.place.shape
        nx, ny = grid.region.shape[:2]
        if not self.solid:
            ends = np.arange(lines)
            plan = np.stack([ends[:-1], ends[1:]], axis=1)
            positions = np.stack([grid.x.place, grid.height], axis=2)
            return Columns(plan, positions, grid.region[:, 0], grid.regions, simplices)
        nodes = np.arange(lines * (ny + 1)).reshape(lines, ny + 1)
        plan = np.stack([nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:], nodes[:-1, 1:]], axis=2).reshape(-1, 4)
        shape = (lines, ny + 1, levels)
        axes = (grid.x.place[:, None], grid.y.place[None], grid.height[:, None])
        positions = np.stack([np.broadcast_to(axis, shape) for axis in axes], axis=3).reshape(-1, levels, 3)
        return Columns(plan, positions, grid.region.reshape(nx * ny, -1), grid.regions, simplices)

    def surfaces(self, columns: Columns) -> dict[str, Callable[[Faces], np.ndarray]]:
        """Return the rules that name the outer faces."""
        names = self._names(columns.outside[1])
        return {str(name): _rule(names == name) for name in np.unique(names) if name}

    def _names(self, faces: Faces) -> np.ndarray:
        """Return the name of every outer face, shape (k,), text."""
        grid, module = self.grid, self.grid.module
        i, j = np.divmod(faces.column, grid.region.shape[1])
        upright, above = faces.side >= 0, faces.side == ABOVE
        x, region = faces.centre[:, 0], faces.region
        row = module.rows[0]
        over_contact = np.abs(x) < 0.5 * row.count * row.pitch
        if self.solid:
            row = module.rows[1]
            over_contact &= np.abs(faces.centre[:, 1]) < 0.5 * row.count * row.pitch
        opening = np.stack([grid.x.opening[i], grid.y.opening[j]])
        film, lead, foil = np.char.startswith(region, "film"), region == "lead", region == "foil"
        chosen = {
            "bare_foil": foil,
            "film_wall": (foil | film) & upright & over_contact,
            "film_top": (foil | film) & above & grid.x.window[i] & grid.y.window[j],
            "film_floor": film & above & (grid.kind[faces.level] == "floor"),
            "film_end": film & upright & (x > module.lead_end - _NEAR),
            "foil_2_top": region == "foil_2",
            "lead_side": lead & upright,
            # Over a step the lead's upper face turns upright.
            "lead_top": lead & (above | (upright & faces.faces("+x") & (x > module.steps[0].half))),
            "lead_end": lead & upright & (faces.low[:, 0] > module.lead_end - _NEAR),
            "bottom": faces.side == BELOW,
        }
        names = np.full(len(x), "", dtype="<U12")
        for name, mask in chosen.items():
            names[mask] = name
        floor = above & ~film & ~foil & (opening > 0).all(axis=0)
        numbers = opening[:, floor].astype(str)
        names[floor] = np.char.add("floor_", np.char.add(*numbers) if self.solid else numbers[0])
        for axis, whole in ((0, module.whole_x), (1, False))[: 2 if self.solid else 1]:
            if not whole:
                names[upright & (faces.high[:, axis] < _NEAR)] = "symmetry_" + "xy"[axis]
            outermost = upright & (np.abs(faces.centre[:, axis]) > module.reach - _NEAR)
            names[outermost & ~np.isin(names, ("lead_end", "film_end"))] = "side"
        return names


def _rule(mask: np.ndarray) -> Callable[[Faces], np.ndarray]:
    return lambda faces: mask
