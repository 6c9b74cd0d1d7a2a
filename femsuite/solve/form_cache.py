"""The folder where compiled forms are kept: locks that killed compilations left there."""

from __future__ import annotations

import functools
import time
from pathlib import Path

from dolfinx.jit import get_options

from femsuite import parallel

STALE = 600.0
"""Age at which a lock without a result is taken for one whose compilation was killed, s; no form takes a minute."""
WAIT = 120
"""How long to wait for another process that compiles the same form, s."""


@functools.cache
def tidy() -> None:
    """Remove the locks of killed compilations, once per process.

    A form's C file is its lock while it is compiled, and a file beside it says when it is ready. A compilation that is
    killed leaves the lock for ever, and every later run would wait for it in vain.
    """
    if parallel.is_root():  # the others load a form only when the first rank has it
        drop_stale(folder())


def folder() -> Path:
    """Return the folder of compiled forms."""
    return Path(str(get_options()["cache_dir"])).expanduser()


def drop_stale(place: Path) -> list[str]:
    """Remove the locks in ``place`` that are older than `STALE` and have no result; returns their names."""
    dropped = []
    for lock in place.glob("libffcx_*.c"):
        try:
            if lock.with_name(f"{lock.name}.cached").exists() or time.time() - lock.stat().st_mtime < STALE:
                continue
            lock.unlink()
        except OSError:  # another process was faster, or the folder is not ours
            continue
        dropped.append(lock.name)
    return dropped
