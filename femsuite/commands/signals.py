"""Ctrl-C and terminations, so that a run folder says what happened to its run."""

from __future__ import annotations

import signal
import time
from types import FrameType

TOGETHER = 1.0  # seconds within which a second signal is the same one: a launcher passes on what the terminal sent
_last = -1e9


def catch_signals() -> None:
    """Let Ctrl-C, terminations (a batch system's, a container's) and hang-ups all raise ``KeyboardInterrupt``.

    Call it again when PETSc has been loaded: it takes the signals for itself. What is ignored (``nohup``) stays so.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    global _last
    before, _last = _last, time.monotonic()
    if _last - before > TOGETHER:
        raise KeyboardInterrupt
