"""Which regions of the mesh exist: the others carry no stress, and unknowns that no present cell has are held still."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from dolfinx import fem

from femsuite.errors import InputError, unknown
from femsuite.meshing.tagged import TaggedMesh


class Presence:
    """The regions that exist.

    Args:
        tagged: the mesh.
        space: of the displacement.

    Attributes:
        absent: names of the regions that do not exist.
        cells: local cells (owned and ghosts) that exist; None for all.
        idle: local unrolled degrees of freedom (owned and ghosts) of no cell that exists; None for none.
    """

    def __init__(self, tagged: TaggedMesh, space: fem.FunctionSpace) -> None:
        self._tagged, self._space = tagged, space
        self.absent: frozenset[str] = frozenset()
        self.cells: np.ndarray | None = None
        self.idle: np.ndarray | None = None

    def change(self, born: Sequence[str], gone: Sequence[str]) -> None:
        """Let regions begin or cease to exist; regions that are part of one of them go with it.

        Raises:
            InputError: an unknown region, or none left.
        """
        faults = [unknown("region", name, self._tagged.regions) for name in (*born, *gone) if name not in self._names()]
        if faults:
            raise InputError(*faults)
        self.absent = (self.absent | self._with_parts(gone)) - self._with_parts(born)
        if not set(self._tagged.regions) - self.absent:
            raise InputError("mechanics: no region is left")
        if not self.absent:
            self.cells = self.idle = None
            return
        present = [name for name in self._tagged.regions if name not in self.absent]
        self.cells = np.unique(np.concatenate([self._tagged.cells(name) for name in present]))
        dofmap = self._space.dofmap
        count, block = dofmap.index_map.size_local + dofmap.index_map.num_ghosts, dofmap.index_map_bs
        # A node is idle only if no rank has a present cell at it: counts of present cells are summed over the ranks.
        touched = fem.Function(self._space)
        touched.x.array.reshape(count, block)[np.unique(dofmap.list[self.cells])] = 1.0
        from dolfinx.la import InsertMode

        touched.x.scatter_reverse(InsertMode.add)
        touched.x.scatter_forward()
        self.idle = np.flatnonzero(touched.x.array == 0.0).astype(np.int32)

    def parts(self) -> list[list[str]]:
        """Return the present regions in groups that hang together over faces, the largest first."""
        present = [name for name in self._tagged.regions if name not in self.absent]
        group = {name: name for name in present}
        for interface in self._tagged.interfaces:
            one, other = self._tagged.sides(interface)
            if one in group and other in group and group[one] != group[other]:
                joined, gone = group[one], group[other]
                group = {name: joined if root == gone else root for name, root in group.items()}
        found: dict[str, list[str]] = {}
        for name, root in group.items():
            found.setdefault(root, []).append(name)
        return sorted(found.values(), key=len, reverse=True)

    @property
    def main_cells(self) -> np.ndarray | None:
        """Local cells of the first of the `parts`; None where that is the whole mesh."""
        parts = self.parts()
        return self.cells if len(parts) == 1 else self._tagged.cells(parts[0])

    def part_dofs(self) -> list[np.ndarray] | None:
        """Return the local unrolled degrees of freedom of each of the `parts`; None where there is one."""
        parts = self.parts()
        if len(parts) == 1:
            return None
        dofmap, block = self._space.dofmap, self._space.dofmap.index_map_bs
        nodes = (np.unique(dofmap.list[self._tagged.cells(names)]) for names in parts)
        return [(one[:, None] * block + np.arange(block)).ravel().astype(np.int32) for one in nodes]

    def hold(self, displacement: fem.Function) -> list[fem.DirichletBC]:
        """Return the conditions that keep idle unknowns where they are; none where all regions exist.

        They are held at the displacement itself, not at a copy: idle nodes go along when rigid motions are taken out.
        """
        if self.idle is None:
            return []
        block = self._space.dofmap.index_map_bs
        return [fem.dirichletbc(displacement, np.unique(self.idle // block).astype(np.int32))]

    def _names(self) -> set[str]:
        return {*self._tagged.regions, *self._tagged.part_of.values()}

    def _with_parts(self, names: Sequence[str]) -> frozenset[str]:
        return frozenset(
            one
            for one in self._tagged.regions
            if one in names or (one in self._tagged.part_of and self._tagged.part_of[one] in names)
        )
