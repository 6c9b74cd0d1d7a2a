"""The command line: parse, call one command, turn what happened into an exit code.

Exit codes: 0 done; 1 something unforeseen; 2 the input cannot be used; 3 a solve failed; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence

from femsuite import __version__, parallel
from femsuite.commands.signals import catch_signals
from femsuite.errors import FemsuiteError

INTERRUPTED = 130
PATIENCE = 20.0  # seconds that an error waits for the other ranks to report it too
SHORT_PATIENCE = 3.0  # the same after Ctrl-C, which comes to all ranks at once


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; each names the module in ``femsuite.commands`` that carries it out."""
    top = argparse.ArgumentParser(
        prog="femsuite",
        description="Finite-element multiphysics for semiconductor packages: one study file in, one run folder out.",
    )
    top.add_argument("--version", action="version", version=f"femsuite {__version__}")
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=f"{words[:1].upper()}{words[1:]}.")
        made.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        return made

    def study(of: argparse.ArgumentParser) -> None:
        of.add_argument("study", metavar="STUDY", help="a study file, or the name of a shipped study")
        of.add_argument("--set", dest="overrides", metavar="KEY=VALUE", action="append", default=[],
                        help="change a key of the study; may be given often")  # fmt: skip

    run = command("run", "compute a study and write its run folder")
    study(run)
    run.add_argument("--out", metavar="DIR", help="the run folder; results/<name> if not given")
    run.add_argument("--force", action="store_true", help="compute even if nothing has changed since the last run")
    run.add_argument("--checkpoint-every", metavar="SECONDS", type=float, default=120.0,
                     help="time between two checkpoints on the way to the next state; 120 if not given")  # fmt: skip
    run.add_argument("--quiet", action="store_true", help="say nothing but errors")

    converge = command("converge", "compute a study on three meshes and extrapolate its numbers")
    study(converge)
    converge.add_argument("--refinements", metavar="R", type=float, nargs=3,
                          help="0.7, 1 and 1.4 times the study's own if not given")  # fmt: skip
    converge.add_argument("--out", metavar="DIR", help="folder of the runs; results/<name>-convergence if not given")
    converge.add_argument("--quiet", action="store_true", help="say nothing but errors")

    report = command("report", "make the report of a finished run again, from what lies in its folder")
    report.add_argument("folder", metavar="DIR", help="the run folder")

    band = command("band", "judge the comparisons of a study over the other values of its estimates")
    study(band)
    band.add_argument("--out", metavar="DIR", help="folder of the runs; results/<name>-band if not given")

    check = command("check", "look a study through without solving: regions, materials, size")
    study(check)

    mesh = command("mesh", "build the mesh of a study and show its regions, surfaces and quality")
    study(mesh)
    mesh.add_argument("--export", metavar="FILE", help="write it for other codes: .inp, .med, .vtu, .xdmf or .msh")

    list_ = command("list", "list what is shipped")
    list_.add_argument("room", nargs="?", choices=["studies", "geometries", "materials"], help="all if not given")
    list_.add_argument("--plain", action="store_true", help="names alone, one a line")

    show = command("show", "show a study, a geometry with its parameters, or a material with its properties")
    show.add_argument("name", metavar="NAME")

    schema = command("schema", "print the JSON Schema of study files")
    schema.add_argument("--keys", action="store_true", help="print the keys as a page for people instead (Markdown)")

    verify = command("verify", "compute the reference cases and compare")
    verify.add_argument("--only", metavar="PATTERN", help="a case, the first part of names, or a shell pattern")
    verify.add_argument("--mutate", action="store_true", help="break the code on purpose: the cases must notice")
    verify.add_argument("--json", metavar="FILE", help="write the rows there too")
    verify.add_argument("--markdown", metavar="FILE", help="write the table there too, as Markdown")

    command("doctor", "check this machine: Python, MPI, compiler, libraries, pictures, memory")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return the exit code, the same on all ranks."""
    given = parser().parse_args(arguments)
    catch_signals()
    try:
        command = importlib.import_module(f"femsuite.commands.{given.command}")
        return int(command.main(given))
    except FemsuiteError as error:
        if given.debug:
            traceback.print_exc()
        if not _all_here(PATIENCE):
            return _leave(error.exit_code, f"rank {parallel.world().rank}: {error}")
        if parallel.is_root() and not given.debug:
            print(f"femsuite: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        together = _all_here(SHORT_PATIENCE)
        if parallel.is_root() or not together:
            print("femsuite: stopped", file=sys.stderr, flush=True)
        if not together:
            parallel.world().Abort(INTERRUPTED)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe, such as head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if given.debug:
            traceback.print_exc()
            return _leave(1, "stopped")
        return _leave(1, f"{type(error).__name__}: {error}\nThis should not happen. Details are in {_keep_traceback()}")


def _all_here(patience: float) -> bool:
    """Return whether all ranks come here within so many seconds: the others may be left waiting for this one."""
    arrived = parallel.world().Ibarrier()
    end = time.monotonic() + patience
    while not arrived.Test():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _leave(code: int, sentence: str) -> int:
    """Say the sentence and return the code; with several ranks, end the others too, which may wait for this one."""
    print(f"femsuite: {sentence}", file=sys.stderr, flush=True)
    comm = parallel.world()
    if comm.size > 1:
        comm.Abort(code)
    return code


def _keep_traceback() -> str:
    """Write the traceback of the present exception to a file and return its name."""
    with tempfile.NamedTemporaryFile("w", prefix="femsuite-error-", suffix=".log", delete=False) as log:
        log.write(f"femsuite {__version__}: {' '.join(sys.argv)}\n\n{traceback.format_exc()}")
    return log.name


if __name__ == "__main__":
    sys.exit(main())
