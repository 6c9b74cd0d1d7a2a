"""Run the strip and kill every rank in mid timeline: ``python killed_run.py FOLDER OUT STATES [STEPS]``.

With STEPS, checkpoints are written on the way to the next state as often as they can be, and the steps are short.
"""

import os
import signal
import sys

from resume_study import SHORT, strip

import femsuite  # noqa: F401 - loads the solver's own libraries first
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.resume import Keeper
from femsuite.run import run

advance, keep = MechanicsProblem.advance, Keeper.keep
steps = int(sys.argv[4]) if len(sys.argv) > 4 else 0
counts = {"states": 0, "steps": 0}


def counted(self, state):
    keep(self, state)
    counts["states"] += 1


def deadly(self, *arguments, **options):
    counts["steps"] += counts["states"] == int(sys.argv[3])
    if counts["steps"] == 1 + (steps or 1):  # so many steps into the way to the next state
        os.kill(os.getpid(), signal.SIGKILL)
    return advance(self, *arguments, **options)


Keeper.keep, MechanicsProblem.advance = counted, deadly
run(strip(sys.argv[1], *(SHORT if steps else ())), sys.argv[2], every=0.0 if steps else 120.0)
