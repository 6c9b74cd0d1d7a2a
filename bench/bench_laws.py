"""Constitutive laws at quadrature points: seconds per 100,000 points and core, material curves included.

Run: ``python bench/bench_laws.py [--points 100000] [--repeat 5] [law ...]``. Every law with memory is driven over the
mesh as mechanics drives it (`LawField`, blocks of points), each on its material: a first step that loads, then the one
that is timed, the best of several. The strains of a point are its own, and nearly all points flow.
"""

from __future__ import annotations

import femsuite  # noqa: F401  (loads the solver libraries first)

# isort: split
import argparse
import time
from types import SimpleNamespace

import numpy as np

from femsuite.material import load
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.laws import LawField, Step, law

CASES = {
    "incremental": ("EMC", 300.0, 2e-4),
    "j2": ("Cu_annealed_DCB", 340.0, 8e-4),
    "norton": ("Al_99", 400.0, 5e-4),
    "garofalo": ("SAC305", 340.0, 5e-4),
    "anand": ("SAC305", 340.0, 5e-4),
    "viscoelastic": ("EMC", 400.0, 2e-4),
}
"""Law -> material, temperature in K, scale of the strains."""
COUNT = 4
"""Quadrature points in a cell."""


def measure(name: str, points: int, repeat: int) -> tuple[float, float]:
    """Return the best seconds of one update and the share of points that flowed."""
    material, temperature, scale = CASES[name]
    cells = points // COUNT
    tags = SimpleNamespace(indices=np.arange(cells), values=np.ones(cells, dtype=np.int32))
    tagged = SimpleNamespace(cell_tags=tags, regions={"body": 1})
    laws = LawField(MaterialField(tagged, {"body": Assignment(load(material), None, 420.0)}), law(name))
    shape = (cells, COUNT)
    random = np.random.default_rng(1)
    strain = random.normal(scale=scale, size=(2, *shape, 6))
    strain[0] *= 0.5
    heat = temperature + random.uniform(-5.0, 5.0, size=(2, *shape))
    free = np.full(cells, 420.0)
    start = Step(
        np.zeros((*shape, 6)), strain[0], heat[0], heat[0], np.zeros((*shape, 6)), free, 1.0, laws.start(COUNT)
    )
    before = laws.update(start)
    step = Step(strain[0], strain[0] + strain[1], heat[0], heat[1], before.stress, free, 1.0, before.internal)
    seconds = []
    flowed = 0.0
    for _ in range(repeat):
        began = time.process_time()
        after = laws.update(step)
        seconds.append(time.process_time() - began)
        if "accumulated_strain" in after.internal:
            moved = after.internal["accumulated_strain"] > before.internal["accumulated_strain"]
            flowed = float(moved.mean())
    return min(seconds), flowed


def main() -> None:
    """Print a line for every law."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("laws", nargs="*", help=f"of {', '.join(CASES)}; all if none is named")
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    print(f"{'law':<14}{'material':<18}{'flowing':>8}{'s per 100,000 points':>22}")
    for name in options.laws or CASES:
        seconds, flowed = measure(name, options.points, options.repeat)
        print(f"{name:<14}{CASES[name][0]:<18}{flowed:>8.0%}{seconds * 1e5 / options.points:>22.3f}", flush=True)


if __name__ == "__main__":
    main()
