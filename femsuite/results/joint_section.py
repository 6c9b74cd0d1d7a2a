"""Section of a bonded joint: aluminium across it as colour and as a curve, layers with their thicknesses."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from femsuite import parallel
from femsuite.process.profile import Profile
from femsuite.results import style
from femsuite.results.disk import sentences, write_whole


def draw_section(profile: Profile, title: str, path: Path) -> Path:
    """Write the picture and return its path; collective.

    Args:
        profile: of the joint, frame side first.
        title: above it.
        path: of the PNG.
    """

    def draw() -> Path:
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        with rc_context(style.RC):
            figure = Figure(figsize=(7.6, 4.6), layout="constrained")
            left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.0, 1.6])
            height, share = 1e6 * profile.position, 100.0 * profile.fraction
            mesh = left.pcolormesh(
                np.array([0.0, 1.0]),
                height,
                np.repeat(0.5 * (share[1:] + share[:-1])[:, None], 1, axis=1),
                cmap="cividis",
                vmin=0.0,
                vmax=100.0,
            )
            figure.colorbar(mesh, ax=left, label="Al [wt%]", location="left")
            edges = 1e6 * np.array(profile.interfaces)
            for name, low, high in zip(profile.names, edges, edges[1:], strict=False):
                right.axhspan(low, high, color=style.COLOURS[0] if name == "Al" else style.COLOURS[4], alpha=0.10)
                words = f"{name}  {high - low:.1f} µm"
                right.annotate(words, (50.0, 0.5 * (low + high)), ha="center", va="center", fontsize=10.5)
            for edge in edges:
                left.axhline(edge, color="white", linewidth=0.8)
                right.axhline(edge, color=style.PUBLISHED, linewidth=0.8)
            right.plot(share, height, color=style.COLOURS[1])
            right.set_xlabel("Al [wt%]")
            right.set_xlim(-3.0, 103.0)
            left.set_xticks([])
            left.set_ylabel("Height above the frame [µm]")
            left.grid(visible=False)
            figure.suptitle(title, x=0.02, ha="left", fontweight="bold", fontsize=12.5)
            stream = io.BytesIO()
            figure.savefig(stream, format="png")
        with sentences(path):
            write_whole(path, stream.getvalue())
        return path

    return parallel.on_root(draw)
