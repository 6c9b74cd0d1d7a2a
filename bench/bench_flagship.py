"""The flagship study with all its powers at 400 000 displacement unknowns: seconds and memory by phase, and targets.

Run: ``mpiexec -n 2 python bench/bench_flagship.py [--unknowns 400000] [--study NAME] [--set key=value ...]``.

A first run on a tiny mesh warms the caches of compiled forms and kernels; the second is measured. Wall seconds are
those of the slowest rank; the CPU seconds beside them tell how much of that the machine gave to other programs. The
peak memory is the sum over ranks.
"""

from __future__ import annotations

import femsuite  # noqa: F401  (loads the solver libraries first)

# isort: split
import argparse
import json
import os
import platform
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from femsuite import parallel
from femsuite.model import estimated_cost
from femsuite.run import mesh_of, run
from femsuite.study import load

SECONDS, BYTES, UNKNOWNS = 240.0, 6 * 2**30, 400_000
TINY = (
    "mesh.refinement=0.35",
    "topograph.grid=[41,41,13]",
    "topograph.contrast.pixels=[64,64]",
)


def computed(name: str, overrides: list[str], folder: Path) -> tuple[dict[str, Any], float, float]:
    """Run a study and return its run record, the wall seconds, and the CPU seconds of all ranks."""
    study = parallel.on_root(lambda: load(name, overrides))
    wall, cpu = time.perf_counter(), time.process_time()
    run(study, folder, force=True)
    spent = parallel.total(time.process_time() - cpu)
    record = parallel.on_root(lambda: json.loads((folder / "run.json").read_text()))
    return record, parallel.largest(time.perf_counter() - wall), spent


def refinement_for(name: str, overrides: list[str], unknowns: float) -> float:
    """Return the refinement of the mesh that gives about this many displacement unknowns, within 3 per cent."""
    refinement = 1.0
    for _ in range(8):
        study = parallel.on_root(partial(load, name, [f"mesh.refinement={refinement}", *overrides]))
        found = estimated_cost(mesh_of(study), study.mesh.order)["mechanics_unknowns"]
        if abs(found / unknowns - 1.0) < 0.03:
            break
        refinement = round(refinement * (unknowns / found) ** 0.4, 3)
    return refinement


def processor() -> str:
    """Return the processor's name, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def table(record: dict[str, Any], wall: float, cpu: float, ranks: int) -> list[str]:
    """Return the lines that tell where time and memory went, and how they stand to the targets."""
    sizes, machine = record["sizes"], record["machine"]
    unknowns = sizes["mechanics_unknowns"]
    lines = [
        f"{unknowns} displacement unknowns, {sizes['heat_unknowns']} of temperature; {ranks} rank(s)",
        f"{processor()}, {machine['processors']} cores; load of the machine at the end {os.getloadavg()[1]:.1f}",
        "",
        f"{'phase':<28}{'wall s':>9}{'CPU s':>9}{'calls':>7}{'GiB':>7}",
    ]
    inner = record["monitor"]["phases"]
    for phase in record["phases"]:
        memory = phase["peak_memory_all_ranks"] / 2**30
        lines.append(f"{phase['name']:<28}{phase['seconds']:>9.1f}{'':>16}{memory:>7.2f}")
        if phase["name"] == "stages":
            lines += [
                f"  {name:<26}{one['wall_seconds']:>9.1f}{one['cpu_seconds']:>9.1f}{one['calls']:>7.0f}"
                for name, one in sorted(inner.items(), key=lambda pair: -pair[1]["wall_seconds"])
            ]
    for physics in ("heat", "mechanics"):
        solves = [one for one in record["solves"] if one["physics"] == physics]
        iterations, solving, setting_up = (
            sum(one[key] for one in solves) for key in ("iterations", "seconds", "setup_seconds")
        )
        lines.append(
            f"{physics}: {len(solves)} solves, {iterations} iterations in {solving:.1f} s, set-ups {setting_up:.1f} s"
        )
    peak = max(phase["peak_memory_all_ranks"] for phase in record["phases"])
    lines += [
        "",
        f"unknowns  {unknowns:>10}       target {UNKNOWNS}       ratio {unknowns / UNKNOWNS:.2f}",
        f"wall time {wall:>10.1f} s     target {SECONDS:.0f} s        ratio {wall / SECONDS:.2f}",
        f"CPU time  {cpu / ranks:>10.1f} s a rank",
        f"memory    {peak / 2**30:>10.2f} GiB   target {BYTES / 2**30:.0f} GiB        ratio {peak / BYTES:.2f}",
    ]
    return lines


def main() -> None:
    """Parse the arguments, warm up, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--study", default="lm3046/power_sweep", help="a shipped study or a path")
    parser.add_argument("--unknowns", type=float, default=UNKNOWNS, help="of the displacement; the mesh is made so")
    parser.add_argument("--set", action="append", default=[], metavar="key=value", help="further overrides")
    parser.add_argument("--cold", action="store_true", help="do not warm the caches first")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        place = Path(parallel.broadcast(own))
        if not options.cold:
            _, seconds, _ = computed(options.study, [*TINY, *options.set], place / "tiny")
            if parallel.is_root():
                print(f"warmed in {seconds:.1f} s", flush=True)
        refinement = refinement_for(options.study, options.set, options.unknowns)
        wanted = [f"mesh.refinement={refinement}", *options.set]
        found = computed(options.study, wanted, place / "measured")
        ranks = parallel.world().size
        parallel.on_root(lambda: print("\n".join(table(*found, ranks))))


if __name__ == "__main__":
    main()
