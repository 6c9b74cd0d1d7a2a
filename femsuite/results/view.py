"""Puts ``view.py`` into a run folder: a script that shows its fields in ParaView or pyvista."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from femsuite import parallel
from femsuite.results.disk import sentences, write_whole


def write_view(folder: Path) -> Path:
    """Write ``view.py`` into a run folder and return it; collective. It needs nothing of this suite to run."""
    path = Path(folder) / "view.py"

    def write() -> Path:
        text = resources.files("femsuite.results").joinpath("view_script.py").read_text(encoding="utf-8")
        with sentences(path):
            write_whole(path, text)
        return path

    return parallel.on_root(write)
