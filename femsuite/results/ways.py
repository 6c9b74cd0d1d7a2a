"""How a current divides over several ways: a table of every one, and a plan with the share of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from femsuite import parallel
from femsuite.results import style
from femsuite.results.disk import sentences, write_whole

Divided = Mapping[str, Mapping[str, float]]
"""Place where a current divides -> face -> A."""


def write_ways(path: Path, labels: Sequence[str], states: Sequence[Divided], areas: Mapping[str, np.ndarray]) -> None:
    """Write every current of every state as CSV: state, place, face, A, m^2. Collective."""

    def write() -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["state", "ways", "face", "current [A]", "area [m**2]"])
        for label, state in zip(labels, states, strict=True):
            for name, currents in state.items():
                for (face, amperes), area in zip(currents.items(), areas[name], strict=True):
                    writer.writerow([label, name, face, repr(amperes), repr(float(area))])
        with sentences(path):
            write_whole(path, text.getvalue())

    parallel.on_root(write)


def draw_ways(path: Path, title: str, places: np.ndarray, shares: np.ndarray) -> Path:
    """Write a plan with the share of each way against the mean; returns the file. Collective.

    Args:
        path: of the picture.
        title: of it.
        places: middles of the faces, m, (ways, 3); x and y are drawn.
        shares: current of each over the mean, (ways,).
    """

    def draw() -> Path:
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        with rc_context(style.RC):
            figure = Figure(figsize=(6.4, 5.2), layout="constrained")
            axes = figure.add_subplot()
            limit = max(float(np.abs(shares - 1.0).max()), 1e-3)
            dots = axes.scatter(
                1e3 * places[:, 0], 1e3 * places[:, 1], c=shares, s=900.0 / max(1.0, len(shares) / 25.0),
                marker="s", cmap="RdBu_r", vmin=1.0 - limit, vmax=1.0 + limit, edgecolors=style.INK,
            )  # fmt: skip
            for place, share in zip(places, shares, strict=True):
                ink = "white" if abs(share - 1.0) > 0.6 * limit else style.INK
                axes.annotate(
                    f"{share:.2f}", (1e3 * place[0], 1e3 * place[1]), ha="center", va="center", fontsize=8, color=ink
                )
            figure.colorbar(dots, ax=axes, label="Current over mean")
            axes.set_xlabel("x [mm]")
            axes.set_ylabel("y [mm]")
            axes.margins(0.15)
            axes.set_title(title)
            stream = io.BytesIO()
            figure.savefig(stream, format="png")
        with sentences(path):
            write_whole(path, stream.getvalue())
        return path

    return parallel.on_root(draw)
