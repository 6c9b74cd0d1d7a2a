"""Which parts of the conductors hang together, and whether the current of every terminal has somewhere to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from dolfinx import fem, la
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from femsuite import parallel


def components(space: fem.FunctionSpace, carriers: Sequence[np.ndarray]) -> np.ndarray:
    """Number the parts of the conductors that hang together. Collective.

    Args:
        space: Lagrange.
        carriers: local unknowns of each cell, and of each face of a film, that carries current: (count, nodes).

    Returns:
        The part of every local unknown (owned and ghost), from 0; -1 where no cell carries current. The same numbers
        on any number of ranks.
    """
    index_map, comm = space.dofmap.index_map, space.mesh.comm
    count = index_map.size_local + index_map.num_ghosts
    inside = np.zeros(count, dtype=bool)
    ends = []
    for nodes in carriers:
        inside[nodes] = True
        ends.append(np.stack([np.repeat(nodes[:, :1], nodes.shape[1], axis=1).ravel(), nodes.ravel()]))
    rows, columns = np.concatenate(ends, axis=1)
    links = coo_array((np.ones(rows.size, dtype=np.int8), (rows, columns)), shape=(count, count))
    local = connected_components(links, directed=False)[1]
    offset = sum(parallel.gather(count, comm)[: comm.rank])  # every rank has its own range of labels
    labels = fem.Function(space)
    mine = np.where(inside, local + offset, -1)
    labels.x.array[:] = mine
    labels.x.scatter_forward()
    theirs = labels.x.array.astype(np.int64)
    # An owner may have none of the cells that carry current to its unknown: then nothing is learnt from it.
    pairs = np.stack([mine, np.where(theirs >= 0, theirs, mine)], axis=1)[inside]
    every = np.concatenate(parallel.gather(np.unique(pairs, axis=0), comm))
    names, places = np.unique(every, return_inverse=True)
    places = places.reshape(-1, 2)
    graph = coo_array((np.ones(len(places)), (places[:, 0], places[:, 1])), shape=(len(names), len(names)))
    part_of = connected_components(graph, directed=False)[1] if len(names) else np.empty(0, dtype=np.int64)
    found = np.full(count, -1, dtype=np.int64)
    found[mine >= 0] = part_of[np.searchsorted(names, mine[mine >= 0])]
    return _in_order(space, found)


def _in_order(space: fem.FunctionSpace, parts: np.ndarray) -> np.ndarray:
    """Number the parts in the order of their lowest corner, so that ranks do not matter; spread to all owners."""
    comm = space.mesh.comm
    total = int(parallel.largest(np.array([parts.max(initial=-1)]), comm)[0]) + 1
    if not total:
        return parts
    places = space.tabulate_dof_coordinates()
    low = np.full((total, 3), np.inf)
    np.minimum.at(low, parts[parts >= 0], places[parts >= 0])
    low = parallel.smallest(low, comm)
    rank = np.empty(total, dtype=np.int64)
    rank[np.lexsort(low.T[::-1])] = np.arange(total)
    ordered = np.where(parts >= 0, rank[np.maximum(parts, 0)], -1)
    spread = fem.Function(space)
    spread.x.array[:] = ordered + 1.0
    # An owner that has none of the cells learns the part from a ghost: all that know it say the same.
    known = fem.Function(space)
    known.x.array[:] = (ordered >= 0).astype(float)
    for one in (spread, known):
        one.x.scatter_reverse(la.InsertMode.add)
        one.x.scatter_forward()
    result = np.where(known.x.array > 0.0, spread.x.array / np.maximum(known.x.array, 1.0), 0.0)
    return np.rint(result).astype(np.int64) - 1


def touched(parts: np.ndarray, dofs: Mapping[str, np.ndarray], space: fem.FunctionSpace) -> dict[str, set[int]]:
    """Return for each name the parts that its local unknowns belong to, over all ranks. Collective."""
    own = {name: {int(one) for one in np.unique(parts[local]) if one >= 0} for name, local in dofs.items()}
    every = parallel.gather(own, space.mesh.comm)
    return {name: set().union(*(one[name] for one in every)) for name in dofs}
