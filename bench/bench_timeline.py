"""Seconds of a 3D timeline: the whole die attach package through its process, at a given number of unknowns.

``python bench/bench_timeline.py [--counts 7,2,2] [--outer 4] [--steps 6]``, also under ``mpiexec``. Prints unknowns,
accepted steps, corrections and factorisations, and the seconds of each phase. Target: 150,000 unknowns, 7 stages, 40
steps at least, 15 minutes on 2 cores.
"""

from __future__ import annotations

import femsuite  # noqa: F401  (loads the solver libraries first)

# isort: split
import argparse
import time

from femsuite import parallel
from femsuite.march import march
from femsuite.model import build_model
from femsuite.run import mesh_of
from femsuite.solve.monitor import Monitor
from femsuite.study import load


class Enough(Exception):
    """The steps that were asked for are done."""


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", default="7,2,2", help="of the geometry: half die, die, frame")
    parser.add_argument("--outer", default="4", help="elements from the die's edge to the paddle's")
    parser.add_argument("--steps", type=int, default=6, help="stop after so many accepted steps; 0 for all")
    given = parser.parse_args()
    changes = [f"geometry.parameters.counts=[{given.counts}]", f"geometry.parameters.outer_count={given.outer}"]
    study = load("die_attach/zn_al_zn", changes)
    monitor = Monitor()
    model = build_model(study, mesh_of(study), monitor)
    mechanics = model.mechanics
    assert mechanics is not None
    accepted = [0]
    began = time.monotonic()
    plain = mechanics.advance

    def counted(*positional: object, **named: object) -> object:
        record = plain(*positional, **named)  # type: ignore[arg-type]
        accepted[0] += 1
        if accepted[0] == given.steps:
            raise Enough
        return record

    mechanics.advance = counted  # type: ignore[method-assign, assignment]
    reached = "the end"
    try:
        for state in march(model):
            if parallel.is_root():
                print(f"{state.label}: {time.monotonic() - began:.0f} s, {accepted[0]} steps", flush=True)
    except Enough:
        reached = f"step {given.steps}"
    seconds = time.monotonic() - began
    found = monitor.summary()
    if parallel.is_root():
        solves = found["solves"]
        corrections = sum(int(one["iterations"]) for one in found["newton"])
        setup = sum(float(one["setup_seconds"]) for one in solves)
        whole = sum(float(one["seconds"]) for one in solves)
        print(f"{mechanics.solver.unknowns} unknowns, {mechanics.space.mesh.comm.size} ranks, to {reached}:")
        print(
            f"  {seconds:.0f} s, {accepted[0]} steps, {corrections} corrections, {seconds / accepted[0]:.1f} s a step"
        )
        rest = seconds - whole - setup
        print(f"  factorisations {setup:.0f} s ({setup / seconds:.0%}), solves {whole:.0f} s ({whole / seconds:.0%})")
        print(f"  laws, assembly and the rest {rest:.0f} s ({rest / seconds:.0%})")
        for name, phase in found["phases"].items():
            print(f"  {name}: {phase['wall_seconds']:.1f} s")


if __name__ == "__main__":
    main()
