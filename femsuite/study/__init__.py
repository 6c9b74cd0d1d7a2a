"""The study file: its models, how it is read and checked, its complete form and its JSON Schema.

``load`` comes in when it is first asked for: the format is printed without the checks, which need DOLFINx. Ask for it
on all ranks, as PETSc comes in with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from femsuite.study.model import Study
from femsuite.study.resolve import resolved_text
from femsuite.study.stages import Point

if TYPE_CHECKING:
    from femsuite.study.load import load

__all__ = ["Point", "Study", "load", "resolved_text"]


def __getattr__(name: str) -> Any:
    if name != "load":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from femsuite.study.load import load

    globals()["load"] = load  # the import has put the module of that name here
    return load
