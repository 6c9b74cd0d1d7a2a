"""The pictures of a run: plots of the table, topographs of the die, fields on the clipped mesh."""

from __future__ import annotations

from collections.abc import Mapping

from femsuite import parallel
from femsuite.model import Model
from femsuite.record import Recorder
from femsuite.results import plots, scene
from femsuite.results.disk import sentences
from femsuite.results.fits import Fit
from femsuite.results.folder import RunFolder
from femsuite.results.scene import Picture, SceneOptions
from femsuite.results.table import Table
from femsuite.topograph import plot as topographs
from femsuite.topograph import radiograph_plot
from femsuite.topograph.plot_sections import sections_series, slit_words

MOST_SCENES = 4  # pictures of a field: the series is in the field files, these are for the report
KINDS = {
    "projection": "Projection topograph",
    "sections": "Section topographs",
    "contrast": "Strain contrast",
    "tilt": "Lattice tilt around the device",
}


def plotted(model: Model, folder: RunFolder, table: Table, fits: Mapping[str, Fit]) -> list[Picture]:
    """Draw the study's plots. Collective."""
    images = folder / "images"
    return [
        Picture(plots.plot(options, table, fits, images), options.caption or options.title)
        for options in model.study.plots
    ]


def drawn(model: Model, folder: RunFolder, recorder: Recorder) -> list[Picture]:
    """Draw the fields on the clipped mesh, one scale for all states of a field. Collective."""
    output = model.study.output
    found: list[Picture] = []
    for name in output.drawn:
        states = spread([state for state in recorder.pictured if name.split(".")[0] in state.functions()])
        if states:
            clip = None if output.clip == "none" else output.clip
            warp = output.warp if name.startswith("displacement") else 0.0
            found += scene.series(SceneOptions(name, clip=clip, warp=warp), states, model.tagged, folder / "images")
    return found


def spread[T](items: list[T], most: int = MOST_SCENES) -> list[T]:
    """Return at most so many of a list, evenly spread, with its first and last."""
    if len(items) <= most:
        return items
    return [items[round(step * (len(items) - 1) / (most - 1))] for step in range(most)]


def imaged(model: Model, folder: RunFolder, recorder: Recorder) -> list[Picture]:
    """Draw the topographs: every kind for every state, the series on one grey scale, and its animation. Collective."""
    options = model.study.topograph
    if options is None or not recorder.records.topograph_labels:
        return []
    images, series = folder / "images", recorder.records.topographs

    def draw() -> list[Picture]:
        found: list[Picture] = []
        with sentences(images):
            scales = topographs.Scales.of(series)
            if len(series) > 1:
                found.append(
                    Picture(topographs.montage(series, images / "topographs.png"), "The series, one grey scale")
                )
                found.append(Picture(topographs.animation(series, images / "topographs.gif"), "The series, animated"))
                for number in range(len(series[0].sections)):
                    file = sections_series(series, images / f"sections_{number}.png", number, scales)
                    found.append(Picture(file, f"One section at every state: {slit_words(series[0], number)}"))
            for number, one in enumerate(series):
                stem = f"topograph_{number:02d}"
                for path in topographs.save_all(one, images, stem, options.contrast.threshold, scales):
                    kind = path.stem.removeprefix(f"{stem}_")
                    if kind in KINDS:
                        found.append(Picture(path, f"{KINDS[kind]}, {one.label}"))
        return found

    return parallel.on_root(draw)


def exposed(model: Model, folder: RunFolder, recorder: Recorder) -> list[Picture]:
    """Draw the radiograph, one picture for each energy, and write its arrays. Collective."""
    options, taken = model.study.radiograph, recorder.records.radiograph
    if options is None or taken is None:
        return []
    images = folder / "images"

    def draw() -> list[Picture]:
        with sentences(images):
            return [Picture(path, words) for path, words in radiograph_plot.save_all(taken, options, images)]

    return parallel.on_root(draw)
