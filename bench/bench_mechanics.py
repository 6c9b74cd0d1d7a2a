"""Thermoelastic cooling of a die on its attach on a copper frame, a quarter: seconds by phase.

Run: ``python bench/bench_mechanics.py [--size S|M|L] [--preset auto|direct|multigrid] [--tolerance 1e-7]``.
Die 5 x 5 x 0.35 mm silicon on 0.1 mm solder on a 10 x 10 x 1 mm copper frame, cooled by 380 K; quadratic displacements
on straight tetrahedra; CPU seconds of this process. The mesh is made here by splitting a graded brick grid, so the
numbers of unknowns are those of the size, not the mesh of any other code.
"""

from __future__ import annotations

import femsuite  # noqa: F401  (loads the solver libraries first)

# isort: split
import argparse
import time
from contextlib import contextmanager

import basix.ufl
import numpy as np
from dolfinx import mesh as dmesh
from mpi4py import MPI

from femsuite.conditions import Fixed, Symmetry
from femsuite.meshing.tagged import TaggedMesh
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.solve.monitor import Monitor

MM = 1e-3
DIVISIONS = {"S": (11, 6, (4, 2, 2)), "M": (19, 10, (7, 2, 3)), "L": (29, 15, (10, 3, 5))}
MATERIALS = {"frame": (120e9, 0.34, 17e-6), "attach": (45e9, 0.36, 25e-6), "die": (160e9, 0.22, 2.8e-6)}


class Constant:
    """Isotropic numbers per cell."""

    def __init__(self, region: np.ndarray) -> None:
        young, poisson, self._expansion = np.array(list(MATERIALS.values()))[region].T
        mu, lam = young / (2 + 2 * poisson), young * poisson / ((1 + poisson) * (1 - 2 * poisson))
        self._stiffness = np.zeros((len(region), 1, 6, 6))
        self._stiffness[:, 0, :3, :3] = lam[:, None, None]
        for axis in range(3):
            self._stiffness[:, 0, axis, axis] += 2 * mu
            self._stiffness[:, 0, 3 + axis, 3 + axis] = mu

    def stress_free_temperature(self) -> np.ndarray:
        return np.full(len(self._expansion), 653.0)

    def stiffness(self, temperature: np.ndarray) -> np.ndarray:
        return np.broadcast_to(self._stiffness, (*temperature.shape, 6, 6))

    def thermal_strain(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        strain = np.zeros((*end.shape, 6))
        strain[..., :3] = (self._expansion[:, None] * (end - start))[..., None]
        return strain


def brick_mesh(size: str) -> TaggedMesh:
    """Return the quarter: frame 5 x 5 x 1 mm, attach and die on its inner 2.5 x 2.5 mm."""
    inner, outer, layers = DIVISIONS[size]
    x = np.concatenate([np.linspace(0, 2.5, inner + 1), 2.5 + 2.5 * np.linspace(0, 1, outer + 1)[1:] ** 1.2])
    heights = np.concatenate(
        [
            np.linspace(0, 1, layers[0] + 1),
            1 + 0.1 * np.linspace(0, 1, layers[1] + 1)[1:],
            1.1 + 0.35 * np.linspace(0, 1, layers[2] + 1)[1:],
        ]
    )
    n, m = len(x), len(heights)
    points = np.stack(np.meshgrid(x, x, heights, indexing="ij"), axis=-1).reshape(-1, 3) * MM
    i, j, k = (
        index.ravel() for index in np.meshgrid(np.arange(n - 1), np.arange(n - 1), np.arange(m - 1), indexing="ij")
    )
    keep = (k < layers[0]) | ((i < inner) & (j < inner))
    i, j, k = i[keep], j[keep], k[keep]
    corner = lambda a, b, c: ((i + a) * n + (j + b)) * m + k + c  # noqa: E731
    path = [[(1, 0, 0), (1, 1, 0)], [(1, 0, 0), (1, 0, 1)], [(0, 1, 0), (1, 1, 0)]]
    path += [[(0, 1, 0), (0, 1, 1)], [(0, 0, 1), (1, 0, 1)], [(0, 0, 1), (0, 1, 1)]]
    cells = np.concatenate(
        [np.stack([corner(0, 0, 0), corner(*a), corner(*b), corner(1, 1, 1)], axis=1) for a, b in path]
    )
    used, cells = np.unique(cells, return_inverse=True)
    cells = cells.reshape(-1, 4)
    comm = MPI.COMM_WORLD
    if comm.rank:
        cells, points = np.empty((0, 4), np.int64), np.empty((0, 3))
    else:
        points = points[used]
    element = basix.ufl.element("Lagrange", "tetrahedron", 1, shape=(3,))
    mesh = dmesh.create_mesh(comm, cells.astype(np.int64), element, points)
    mesh.topology.create_connectivity(2, 3)
    local = mesh.topology.index_map(3).size_local + mesh.topology.index_map(3).num_ghosts
    height = dmesh.compute_midpoints(mesh, 3, np.arange(local, dtype=np.int32))[:, 2]
    region = (1 + (height > 1 * MM) + (height > 1.1 * MM)).astype(np.int32)
    faces = [dmesh.locate_entities_boundary(mesh, 2, lambda p, axis=axis: p[axis] < 1e-9) for axis in range(3)]
    facets = np.concatenate(faces)
    values = np.concatenate([np.full(len(face), tag + 1, np.int32) for tag, face in enumerate(faces)])
    order = np.argsort(facets)
    return TaggedMesh(
        mesh=mesh,
        cell_tags=dmesh.meshtags(mesh, 3, np.arange(local, dtype=np.int32), region),
        facet_tags=dmesh.meshtags(mesh, 2, facets[order], values[order]),
        regions={"frame": 1, "attach": 2, "die": 3},
        surfaces={"x_low": 1, "y_low": 2, "z_low": 3},
        interfaces={},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=list(DIVISIONS), default="M")
    parser.add_argument("--preset", default="auto")
    parser.add_argument("--tolerance", type=float, default=1e-7, help="linear solves go to a tenth of it")
    parser.add_argument("--support", choices=["free", "fixed"], default="free")
    parser.add_argument("--repeat", type=int, default=1, help="increments of temperature")
    options = parser.parse_args()
    monitor, rank = Monitor(), MPI.COMM_WORLD.rank

    @contextmanager
    def phase(name: str):
        cpu, wall = time.process_time(), time.perf_counter()
        with monitor.phase(name):
            yield
        if rank == 0:
            print(f"{name:<22} {time.process_time() - cpu:7.2f} s CPU {time.perf_counter() - wall:7.2f} s wall")

    began = time.process_time()
    with phase("mesh"):
        tagged = brick_mesh(options.size)
    conditions = [Symmetry(surface="x_low"), Symmetry(surface="y_low")]
    if options.support == "fixed":
        conditions.append(Fixed(surface="z_low"))
    with phase("spaces and forms"):
        problem = MechanicsProblem(
            tagged,
            Constant(tagged.cell_tags.values - 1),
            conditions,
            support="free",
            preset=options.preset,
            tolerance=options.tolerance,
            monitor=monitor,
        )
    for step in range(options.repeat):
        with phase(f"increment {step + 1}"):
            problem.advance(653.0 - 380.0 * (step + 1) / options.repeat)
    with phase("balance"):
        balance = problem.balance()
    if rank == 0:
        record = monitor.solves[0]
        print(f"{'total':<22} {time.process_time() - began:7.2f} s CPU; {record.unknowns} unknowns, {record.preset}")
        for record in monitor.solves:
            print(
                f"  iterations {record.iterations}, residual {record.residual:.1e}, solve {record.seconds:.2f} s, "
                f"set-up {record.setup_seconds:.2f} s"
            )
        peak = monitor.phases["balance"]["peak_memory_bytes"] / 2**20
        print(f"  balance {balance.worst:.1e}, peak memory {peak:.0f} MiB")
    summary = problem.displacement.x.array
    top = MPI.COMM_WORLD.allreduce(float(np.abs(summary).max()), MPI.MAX)
    if rank == 0:
        print(f"  largest displacement {top:.8e} m")


if __name__ == "__main__":
    main()
