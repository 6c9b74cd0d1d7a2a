"""Pictures of a field on the clipped, deformed mesh, drawn off screen; one scale for a series of states.

Every rank clips its part, keeps the skin and thins it out; only that is gathered. Drawing is left to a process of its
own (``render.py``): where there is no off-screen graphics the report says so and the run goes on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.meshing.tagged import TaggedMesh
from femsuite.results import style
from femsuite.results.components import component
from femsuite.results.disk import sentences, write_whole
from femsuite.results.grid import cell_values, is_continuous, make_grid
from femsuite.results.options import convert
from femsuite.results.state import State

FACES_PER_RANK = 150_000
DRAWING_SECONDS = 300.0
SIGNED_PARTS = {"x", "y", "z", "xx", "yy", "zz", "yz", "xz", "xy", "mean", "principal_1", "principal_3"}


@dataclass(frozen=True)
class SceneOptions:
    """What a series of pictures shows.

    Args:
        field: ``temperature``, ``displacement.z``, ``stress.von_mises``, ...
        clip: normal of the cutting plane, ``x``, ``y``, ``z``; None for the whole body.
        clip_at: where it cuts, in metres; if absent the middle of the body, beside the plane of symmetry if it has one
            there (a face named ``symmetry_<clip>``).
        warp: magnification of the displacement; None for one that shows (a twentieth of the body), 0 for none.
        regions: which regions to show.
        unit: of the colour bar; a handy one if absent.
        size: in pixels.
    """

    field: str
    clip: str | None = "y"
    clip_at: float | None = None
    warp: float | None = 0.0
    regions: str | Sequence[str] = "*"
    unit: str | None = None
    size: tuple[int, int] = (1300, 900)


@dataclass(frozen=True)
class Picture:
    """A picture file and what stands under it in the report.

    Attributes:
        path: the file; None when it could not be drawn.
        caption: what it shows.
        problem: why there is none.
    """

    path: Path | None
    caption: str
    problem: str = ""


@dataclass(frozen=True)
class _Skin:
    points: np.ndarray
    faces: np.ndarray
    values: np.ndarray
    low: float
    high: float
    box: np.ndarray


def series(
    options: SceneOptions, states: Sequence[State], tagged: TaggedMesh, folder: Path, name: str | None = None
) -> list[Picture]:
    """Draw one field of several states on one scale, as ``<name>_<number>.png``; collective.

    Args:
        options: what to show.
        states: those to draw.
        tagged: the mesh.
        folder: e.g. the run folder's ``images``.
        name: of the files; from the field if absent.

    Returns:
        One picture per state; without a path, and with the reason, where none could be drawn.
    """
    if not states:
        return []
    name = name or options.field.replace(".", "_")
    unit = component(options.field, states[0].functions()).unit
    warp = _magnification(options, states, tagged)
    skins = [_skin(options, state, tagged, warp) for state in states]
    low, high = min(skin.low for skin in skins), max(skin.high for skin in skins)
    shown = options.unit or ("degC" if unit == "K" else style.handy_unit(unit, max(abs(low), abs(high))))
    colours, low, high = _scale(options.field, convert(low, unit, shown), convert(high, unit, shown))
    bar = style.label(_title(options.field), shown)
    captions = [_caption(options, state, warp) for state in states]
    body = _bounds(tagged)
    outline = body.tolist() if warp else None
    everything = (
        np.concatenate([body, *(skin.box for skin in skins)]) if warp else np.concatenate([skin.box for skin in skins])
    )
    bounds = np.column_stack([everything.min(axis=0), everything.max(axis=0)]).ravel().tolist()

    def draw() -> list[Picture]:
        with sentences(folder), tempfile.TemporaryDirectory(prefix="femsuite-scenes-") as place:
            scenes = []
            for index, (skin, state) in enumerate(zip(skins, states, strict=True)):
                values = (
                    convert(0.0, unit, shown) + (convert(1.0, unit, shown) - convert(0.0, unit, shown)) * skin.values
                )
                np.savez(Path(place) / f"{index}.npz", points=skin.points, faces=skin.faces, values=values)
                scenes.append(
                    {
                        "data": f"{index}.npz",
                        "picture": f"{index}.png",
                        "title": f"{_title(options.field)}, {state.label}",
                        "low": low,
                        "high": high,
                        "colours": colours,
                        "bar": bar,
                        "bounds": bounds,
                        "rc": style.RC,
                        "size": list(options.size),
                        "outline": outline,
                        **_camera(options.clip, tagged.mesh.topology.dim),
                    }
                )
            problem = _render(Path(place), scenes)
            pictures = []
            for index, caption in enumerate(captions):
                drawn = Path(place) / f"{index}.png"
                if drawn.is_file() and drawn.stat().st_size:
                    target = folder / f"{name}_{index:02d}.png"
                    write_whole(target, drawn.read_bytes())
                    pictures.append(Picture(target, caption))
                else:
                    pictures.append(Picture(None, caption, problem or "the picture was not drawn"))
            return pictures

    return parallel.on_root(draw, tagged.mesh.comm)


def _render(place: Path, scenes: list[dict[str, Any]]) -> str:
    """Draw the scenes in a process of its own and return what went wrong, if anything."""
    (place / "scenes.json").write_text(json.dumps({"scenes": scenes}), encoding="utf-8")
    # The drawing process must not think that it is a rank of this run.
    mpi = ("PMI", "PMIX", "MPI", "HYDRA", "OMPI", "SLURM", "GTL_")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(mpi)}
    command = [sys.executable, str(Path(__file__).with_name("render.py")), str(place / "scenes.json")]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=DRAWING_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"the drawing process did not answer ({type(error).__name__})"
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
    end = f"signal {-done.returncode}" if done.returncode < 0 else f"code {done.returncode}"
    last = f": {lines[-1][:300]}" if lines else ""
    return f"off-screen drawing failed ({end}){last}. It needs EGL (Debian's libegl1) or an X display."


def _skin(options: SceneOptions, state: State, tagged: TaggedMesh, warp: float) -> _Skin:
    """Return the skin of the clipped, warped mesh with its field, gathered on rank 0; extremes on every rank."""
    comm = tagged.mesh.comm
    what = component(options.field, state.functions())
    grid = make_grid(tagged.mesh, 1)
    data = grid.unstructured()
    if is_continuous(what.function):
        data.point_data["value"] = what.evaluate(_corner_values(grid, what.function))
    else:
        data.cell_data["value"] = what.evaluate(cell_values(what.function))
    if warp and state.displacement is not None:
        data.point_data["move"] = warp * _corner_values(grid, state.displacement)
    owned = len(grid.cells)
    wanted = tagged.cells(options.regions)
    data = data.extract_cells(wanted[wanted < owned])
    if options.clip is not None and data.n_cells and tagged.mesh.topology.dim == 3:
        bounds = _bounds(tagged)
        axis = "xyz".index(options.clip)
        # Just beside the middle, where nodes often lie: a cut through nodes would leave slivers.
        origin = bounds.mean(axis=0) + 1e-6 * (bounds[1] - bounds[0])
        if options.clip_at is not None:
            origin[axis] = options.clip_at
        elif f"symmetry_{options.clip}" in tagged.surfaces:  # the middle of the whole body is the end of this part
            origin[axis] = bounds[0, axis] + 1e-3 * (bounds[1] - bounds[0])[axis]
        data = data.clip(normal=options.clip, origin=origin, invert=options.clip == "z")  # see _camera
    if "move" in data.point_data:  # after the cut, which is a plane of the undeformed body
        data.points = np.asarray(data.points) + np.asarray(data.point_data["move"])
    points, faces, values = np.empty((0, 3)), np.empty((0, 3), dtype=np.int64), np.empty(0)
    if data.n_cells:
        if "value" in data.cell_data:
            data = data.cell_data_to_point_data()
        skin = data.extract_surface(algorithm="geometry").triangulate()
        if skin.n_cells > FACES_PER_RANK:
            skin = skin.decimate_pro(1.0 - FACES_PER_RANK / skin.n_cells, preserve_topology=True)
        points, faces = np.asarray(skin.points, float), skin.faces.reshape(-1, 4)[:, 1:].astype(np.int64)
        values = np.asarray(skin.point_data["value"], float)
    low = parallel.smallest(np.array([values.min(initial=np.inf)]), comm)[0]
    high = parallel.largest(np.array([values.max(initial=-np.inf)]), comm)[0]
    if not np.isfinite(low) or not np.isfinite(high):
        raise InputError(
            f"the picture of '{options.field}' shows nothing: the cut leaves no cell, or values are not finite."
        )
    before = np.zeros(comm.size)
    before[comm.rank + 1 :] = len(points)
    offset = int(parallel.total(before, comm)[comm.rank])
    all_faces = parallel.gather_rows(faces + offset, comm)
    triangles = np.column_stack([np.full(len(all_faces), 3), all_faces]).ravel()
    box = np.array(
        [
            parallel.smallest(points.min(axis=0, initial=np.inf), comm),
            parallel.largest(points.max(axis=0, initial=-np.inf), comm),
        ]
    )
    return _Skin(
        parallel.gather_rows(points, comm), triangles, parallel.gather_rows(values, comm), float(low), float(high), box
    )


def _corner_values(grid: Any, function: Any) -> np.ndarray:
    """Return a first- or second-order function at the corners of the cells, without interpolating the whole field."""
    space = function.function_space
    if space.element.basix_element.degree == 1:
        return grid.point_values(function)
    corners = len(grid.space.dofmap.list[0]) if len(grid.space.dofmap.list) else 0
    count = grid.space.dofmap.index_map.size_local + grid.space.dofmap.index_map.num_ghosts
    renumber = np.zeros(count, dtype=np.int64)
    renumber[grid.space.dofmap.list.ravel()] = space.dofmap.list[:, :corners].ravel()  # corners come first in basix
    shape = tuple(space.value_shape)
    values = function.x.array.reshape(-1, int(np.prod(shape, dtype=int)))[renumber[grid.nodes]]
    return values.reshape(len(grid.nodes), *shape)


def _bounds(tagged: TaggedMesh) -> np.ndarray:
    """Return low and high corner of the body, shape (2, 3)."""
    x = tagged.mesh.geometry.x
    comm = tagged.mesh.comm
    low = parallel.smallest(x.min(axis=0, initial=np.inf), comm)
    return np.array([low, parallel.largest(x.max(axis=0, initial=-np.inf), comm)])


def _magnification(options: SceneOptions, states: Sequence[State], tagged: TaggedMesh) -> float:
    if options.warp is not None:
        return float(options.warp)
    moved = [state.displacement.x.array.reshape(-1, 3) for state in states if state.displacement is not None]
    local = max((float(np.linalg.norm(one, axis=1).max(initial=0.0)) for one in moved), default=0.0)
    largest = float(parallel.largest(np.array([local]), tagged.mesh.comm)[0])
    if largest == 0.0:
        return 0.0
    low, high = _bounds(tagged)
    raw = 0.05 * float(np.linalg.norm(high - low)) / largest
    power = 10.0 ** np.floor(np.log10(raw))
    return float(max(step for step in (1.0, 2.0, 5.0) if step * power <= raw) * power)


def _scale(field: str, low: float, high: float) -> tuple[str, float, float]:
    """Return colours and ends of the scale: diverging about zero for what has a sign."""
    part = field.partition(".")[2]
    if part in SIGNED_PARTS and low < 0 < high:
        end = max(-low, high)
        return "coolwarm", -end, end
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300):
        high = low + max(abs(low), 1.0) * 1e-3
    return ("inferno" if field.startswith("temperature") else "viridis"), low, high


def _title(field: str) -> str:
    name, _, part = field.partition(".")
    if part == "von_mises":
        return f"von Mises {name}"
    return style.words(f"{name} {part}".strip())


def _caption(options: SceneOptions, state: State, warp: float) -> str:
    parts = [f"{_title(options.field)} at {state.label}"]
    if options.clip:
        parts.append(f"cut across {options.clip}")
    if warp:
        parts.append(f"displacement magnified {warp:g} times, undeformed outline in grey")
    return ", ".join(parts) + "."


def _camera(clip: str | None, dimension: int) -> dict[str, Any]:
    """Look at the cut face from in front, somewhat from the right and above; at a section straight on."""
    if dimension == 2:
        return {"view": [0.0, 0.0, 1.0], "up": [0.0, 1.0, 0.0]}
    view = {"x": [-1.0, -0.45, 0.5], "y": [0.45, -1.0, 0.5], "z": [0.4, -0.8, 1.0]}.get(clip or "", [0.6, -1.0, 0.6])
    return {"view": view, "up": [0.0, 0.0, 1.0]}
