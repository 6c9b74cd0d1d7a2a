"""The matrix of openings from 3 x 3 to 9 x 9: seconds and memory of the coupled solve, and how its cost grows.

Run: ``python bench/bench_matrix.py [--counts 3 5 7 9]``. A quarter of each is computed. A first run warms the caches of
compiled forms. The target: a 5 x 5 matrix in 300 s and 8 GiB, and a cost that grows no faster than unknowns^1.15.
"""

from __future__ import annotations

import femsuite  # noqa: F401  (loads the solver libraries first)

# isort: split
import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np

from femsuite.run import run
from femsuite.study import load

SECONDS, BYTES, EXPONENT = 300.0, 8 * 2**30, 1.15


def measured(count: int, folder: Path) -> tuple[int, float, float]:
    """Return the unknowns of all fields, the wall seconds of the run, and its peak memory in bytes."""
    study = load(
        "via/matrix",
        [
            f"geometry.parameters.count_x={count}",
            f"geometry.parameters.count_y={count}",
            f'stages.0.terminals.feed="{2 * count**2} A"',
            "output.pictures=[]",
        ],
    )
    began = time.perf_counter()
    done = run(study, folder, force=True)
    seconds = time.perf_counter() - began
    record = json.loads((done.path / "run.json").read_text())
    sizes = record["sizes"]
    unknowns = sizes["heat_unknowns"] + sizes["electric_unknowns"] + sizes["mechanics_unknowns"]
    return unknowns, seconds, record["monitor"]["peak_memory_bytes"]


def main() -> None:
    """Print a row for each matrix, the growth, and the targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[3, 5, 7, 9])
    counts = parser.parse_args().counts
    found = []
    with tempfile.TemporaryDirectory() as place:
        measured(1, Path(place) / "warm")
        for count in counts:
            unknowns, seconds, memory = measured(count, Path(place) / str(count))
            found.append((unknowns, seconds))
            words = f"{count} x {count}: {unknowns} unknowns, {seconds:.1f} s, {memory / 2**30:.2f} GiB"
            if count == 5:
                words += f" (targets {SECONDS:.0f} s, ratio {seconds / SECONDS:.2f}; {BYTES / 2**30:.0f} GiB)"
            print(words, flush=True)
    if len(found) > 1:
        sizes, times = np.log(np.array(found).T)
        slope = float(np.polyfit(sizes, times, 1)[0])
        print(f"cost grows as unknowns^{slope:.2f} (target {EXPONENT})")


if __name__ == "__main__":
    main()
