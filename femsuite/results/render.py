"""Draws scenes off screen in a process of its own, so that a broken graphics driver cannot take a run with it.

Started as ``python render.py SCENES.json`` by ``scene.py``. It imports nothing of the suite.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def shape(scene: dict[str, Any], folder: Path) -> Any:
    """Return the picture of the body alone, as an RGB array.

    Colours are drawn without light and shade, so that they can be read off the colour bar; edges give the form.
    """
    import numpy as np
    import pyvista

    with np.load(folder / scene["data"]) as data:
        surface = pyvista.PolyData(data["points"], data["faces"])
        surface.point_data["value"] = data["values"]
    plotter = pyvista.Plotter(off_screen=True, window_size=scene["size"])
    plotter.set_background("white")
    plotter.enable_parallel_projection()
    plotter.add_mesh(
        surface,
        scalars="value",
        clim=(scene["low"], scene["high"]),
        cmap=scene["colours"],
        lighting=False,
        show_scalar_bar=False,
        interpolate_before_map=True,
        n_colors=256,
    )
    # Cutting through nodes leaves slivers whose normals mean nothing: merging their corners removes them.
    edges = surface.clean(tolerance=1e-5).extract_feature_edges(
        feature_angle=35.0, boundary_edges=False, non_manifold_edges=False, manifold_edges=False
    )
    if edges.n_cells:
        plotter.add_mesh(edges, color="#1d2733", line_width=2.0, opacity=0.75, lighting=False)
    if scene.get("outline"):
        (x0, y0, z0), (x1, y1, z1) = scene["outline"]
        plotter.add_mesh(pyvista.Box((x0, x1, y0, y1, z0, z1)).outline(), color="#9aa5b1", line_width=1.5)
    plotter.add_axes(color="#1d2733", line_width=3)
    plotter.view_vector(scene["view"], viewup=scene["up"])
    _fit(plotter, scene)
    plotter.enable_anti_aliasing("ssaa")
    picture = plotter.screenshot(return_img=True)
    plotter.close()
    return picture


def _fit(plotter: Any, scene: dict[str, Any]) -> None:
    """Make the corners of the bounds fill the picture, leaving a strip at the bottom for the axes."""
    import numpy as np

    plotter.reset_camera(bounds=scene["bounds"])
    b = np.array(scene["bounds"]).reshape(3, 2)
    corners = np.array([(x, y, z) for x in b[0] for y in b[1] for z in b[2]])
    camera = plotter.camera
    forward = np.array(camera.focal_point) - np.array(camera.position)
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, scene["up"])
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    across, along = (np.ptp(corners @ right), np.ptp(corners @ up))
    width, height = scene["size"]
    camera.parallel_scale = 0.5 * 1.06 * max(along * 1.1, across * height / width)


def _trimmed(picture: Any) -> Any:
    """Return the picture without empty strips above and below."""
    import numpy as np

    rows = np.flatnonzero((picture < 250).any(axis=(1, 2)))
    if not len(rows):
        return picture
    return picture[max(0, rows[0] - 15) : rows[-1] + 15]


def draw(scene: dict[str, Any], folder: Path) -> None:
    """Draw one scene with title and colour bar into its PNG.

    Args:
        scene: ``data`` (.npz with points (n, 3), faces (VTK), values (n,)), ``picture``, ``title``, ``low``, ``high``,
            ``colours``, ``bar`` (its label), ``view`` (direction the camera looks from), ``up``, ``size`` in
            pixels, ``bounds`` to fit into the picture, ``outline`` (two corners, or null), ``rc`` (fonts).
        folder: where the files are.
    """
    from matplotlib import cm, colors, rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    picture = _trimmed(shape(scene, folder))
    with rc_context(scene["rc"]):
        height, width = picture.shape[:2]
        figure = Figure(figsize=(8.0, 8.0 * height / width + 0.4), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.imshow(picture, interpolation="lanczos")
        axes.set_axis_off()
        axes.set_title(scene["title"])
        scale = cm.ScalarMappable(colors.Normalize(scene["low"], scene["high"]), scene["colours"])
        bar = figure.colorbar(scale, ax=axes, orientation="vertical", shrink=0.8, aspect=26, pad=0.01)
        bar.set_label(scene["bar"])
        bar.outline.set_visible(False)
        figure.savefig(folder / scene["picture"], dpi=150)


def main(path: Path) -> int:
    """Draw every scene of the file; the number of those that failed is the exit code."""
    content = json.loads(path.read_text(encoding="utf-8"))
    failed = 0
    for scene in content["scenes"]:
        try:
            draw(scene, path.parent)
        except Exception as error:
            print(f"{scene['picture']}: {type(error).__name__}: {error}", file=sys.stderr)
            failed += 1
    return failed


if __name__ == "__main__":
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
    sys.exit(main(Path(sys.argv[1])))
