"""``femsuite run``: compute a study."""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from femsuite import parallel
from femsuite.errors import InputError

if TYPE_CHECKING:
    from femsuite.study import Study
    from femsuite.study.series import Member


def main(arguments: argparse.Namespace) -> int:
    """Load on rank 0, compute on all ranks, say where to look."""
    from femsuite.commands.ranks import refuse_split_job
    from femsuite.study import load

    refuse_split_job()
    study = parallel.on_root(lambda: load(arguments.study, arguments.overrides))
    out = Path(arguments.out) if arguments.out else Path("results") / study.name
    from femsuite.commands.signals import catch_signals
    from femsuite.run import run
    from femsuite.series import members_of, run_series

    catch_signals()  # PETSc, which has come in with these, took them
    with shown_log(arguments.quiet or not parallel.is_root()):
        if study.series is None:
            run(study, out, force=arguments.force, every=arguments.checkpoint_every)
        else:
            members = parallel.on_root(lambda: checked(study, members_of(arguments.study, arguments.overrides, study)))
            run_series(study, members, out, force=arguments.force)
    if not arguments.quiet and parallel.is_root():
        print(where_to_look(out))
    return 0


def checked(study: Study, members: list[tuple[Member, Study]]) -> list[tuple[Member, Study]]:
    """Return the members of a series, of which every one gives all columns of its table.

    Raises:
        InputError: one does not.
    """
    from femsuite.study.series_checks import missing_columns

    faults = missing_columns(study, members)
    if faults:
        raise InputError(*faults)
    return members


def where_to_look(folder: Path) -> str:
    """Return the sentence that says what a run folder holds and where."""
    lines = [f"Results are in {folder}:"]
    for part, words in (
        ("report.html", "open this first: everything on one page"),
        ("images", "pictures"),
        ("fields", "fields for ParaView"),
        ("tables", "numbers"),
    ):
        place = folder / part
        if place.is_file() or (place.is_dir() and any(place.iterdir())):
            lines.append(f"  {place}  {words}")
    return "\n".join(lines)


@contextlib.contextmanager
def shown_log(quiet: bool = False) -> Iterator[None]:
    """Let what the suite logs in the body appear on the terminal, but for errors, which are told once, at the end."""
    if quiet:
        yield
        return
    log = logging.getLogger("femsuite")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    handler.addFilter(lambda record: record.levelno < logging.ERROR)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
