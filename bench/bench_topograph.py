"""Seconds for the lattice field, a contrast map and a projection topograph: ``python bench/bench_topograph.py``."""

from __future__ import annotations

import time
from collections.abc import Callable

import femsuite  # noqa: F401 - loads the solver's own libraries first

# isort: split
import numpy as np
from dolfinx import fem, mesh
from mpi4py import MPI

from femsuite.topograph.closed_forms import SurfaceHeater
from femsuite.topograph.contrast import landau_zener_map
from femsuite.topograph.crystal import crystal_constants
from femsuite.topograph.frame import DiffractionFrame
from femsuite.topograph.lattice import LatticeField, graded_axis
from femsuite.topograph.raytrace import TraceSettings, projection, section
from femsuite.topograph.recovery import Recovery, die_mesh
from femsuite.topograph.sampling import GridSampler

CRYSTAL = crystal_constants("Si", (2, -2, 0), 31.0, 400e-6)
HEATER = SurfaceHeater(1e-8, 40e-6)


def timed(name: str, action: Callable[[], object]) -> object:
    action()  # compiled or warmed
    start = time.perf_counter()
    result = action()
    print(f"{name:58s} {time.perf_counter() - start:8.2f} s")
    return result


def main(cells: tuple[int, int, int] = (24, 24, 12), grid: tuple[int, int, int] = (161, 161, 41)) -> None:
    frame = DiffractionFrame(np.diag([1.0, -1.0, -1.0]), np.zeros(3))
    domain = mesh.create_box(MPI.COMM_SELF, [[-5e-4, -5e-4, -4e-4], [5e-4, 5e-4, 0.0]], list(cells))
    space = fem.functionspace(domain, ("Lagrange", 2, (3,)))
    displacement = fem.Function(space)
    displacement.interpolate(lambda x: (HEATER.displacement(frame.points(x.T)) @ frame.rotation).T)
    count = domain.topology.index_map(3).size_local
    die = die_mesh(domain, np.arange(count, dtype=np.int32), frame)
    axes = (
        np.linspace(die.low[0], die.high[0], grid[0]),
        np.linspace(die.low[1], die.high[1], grid[1]),
        graded_axis(die.low[2], die.high[2], grid[2], die.low[2], 4.0),
    )
    nodes = space.dofmap.index_map.size_local
    print(f"die of {count} tetrahedra, {nodes} nodes; lattice grid {grid[0]} x {grid[1]} x {grid[2]}")
    recovery = timed("patches and pseudo-inverses, once per mesh", lambda: Recovery(die, space, frame))
    sampler = timed("grid points in tetrahedra, once per mesh", lambda: GridSampler(die, axes))
    assert isinstance(recovery, Recovery)
    assert isinstance(sampler, GridSampler)
    lattice = timed("lattice field of one state", lambda: sampler.sample(recovery, displacement, CRYSTAL))
    assert isinstance(lattice, LatticeField)
    timed("contrast map, 512 x 512", lambda: landau_zener_map(lattice, (512, 512)))
    pixel = 1e-3 / 512
    timed("projection topograph, die on 512 x 512 pixels", lambda: projection(lattice, TraceSettings(0.19, pixel)))
    timed("projection topograph, 3.2 um pixels", lambda: projection(lattice, TraceSettings(0.19, 3.2e-6)))
    timed("section topograph, 3.2 um pixels", lambda: section(lattice, TraceSettings(0.19, 3.2e-6), 0.0, 15e-6))


if __name__ == "__main__":
    main()
