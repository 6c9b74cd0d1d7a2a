"""``femsuite converge``: a study on three meshes, and how far its numbers still are from those of the finest."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from femsuite import parallel
from femsuite.commands.screen import plain, screen, table
from femsuite.errors import InputError

if TYPE_CHECKING:
    from femsuite.study import Study
    from femsuite.verify.convergence import Row

STEPS = (0.7, 1.0, 1.4)  # times the study's own refinement
NOT_TEMPERATURES = ("range", "integral")  # kinds of quantities that count from zero though the field is a temperature


def main(arguments: argparse.Namespace) -> int:
    """Run the three, write ``convergence.csv``, ``.json`` and ``.png``, and show the worst state of every column."""
    from femsuite.commands.ranks import refuse_split_job
    from femsuite.commands.run import shown_log
    from femsuite.study import load

    refuse_split_job()
    base = parallel.on_root(lambda: load(arguments.study, arguments.overrides))
    refinements = chosen(arguments.refinements, base)
    out = Path(arguments.out) if arguments.out else Path("results") / f"{base.name}-convergence"
    console = screen(arguments.quiet)
    folders = []
    for refinement in refinements:
        overrides = [*arguments.overrides, f"mesh.refinement={refinement!r}"]
        study = parallel.on_root(partial(load, arguments.study, overrides))
        folder = out / f"refinement-{refinement:g}"
        console.print(plain(f"refinement {refinement:g}: {folder}"))
        with shown_log(arguments.quiet or not parallel.is_root()):
            run_at(study, folder)
        folders.append(folder)
    rows, meshes = parallel.on_root(lambda: compared(folders, base))
    console.print(shown(rows, meshes))
    console.print(plain(f"Every number is in {out / 'convergence.csv'}."))
    return 0


def chosen(given: Sequence[float] | None, study: Study) -> tuple[float, float, float]:
    """Return the three refinements, ascending.

    Raises:
        InputError: they are not three different ones, or the study takes a finished mesh.
    """
    if study.geometry is None:
        raise InputError("the study reads a finished mesh (mesh.file), which a refinement does not change")
    wanted = sorted(given) if given else [round(step * study.mesh.refinement, 6) for step in STEPS]
    if len(set(wanted)) != 3 or min(wanted) <= 0.0:
        raise InputError(f"--refinements takes three different numbers above zero, such as 0.7 1.0 1.4, not {wanted}")
    return wanted[0], wanted[1], wanted[2]


def compared(folders: Sequence[Path], study: Study) -> tuple[list[Row], list[dict[str, Any]]]:
    """Return the rows and the meshes of three finished runs, and write them beside the runs. On one rank.

    Raises:
        InputError: two of the meshes have the same number of cells.
    """
    from femsuite.geometry import load_geometry
    from femsuite.results.disk import read_json, sentences, write_json, write_whole
    from femsuite.verify.convergence import as_csv, as_data, draw, element_sizes, rows_of, worst_rows

    records = [read_json(folder / "run.json") or {} for folder in folders]
    meshes = [{"folder": folder.name, **record["sizes"]} for folder, record in zip(folders, records, strict=True)]
    cells = [int(mesh["cells"]) for mesh in meshes]
    if not cells[0] < cells[1] < cells[2]:
        raise InputError(f"the three meshes have {cells} cells; choose refinements that change the mesh")
    assert study.geometry is not None
    file = load_geometry(study.geometry.file)
    sizes = element_sizes(cells, file.dimension(file.read(study.geometry.parameters)))
    for mesh, size in zip(meshes, sizes, strict=True):
        mesh["relative_element_size"] = size
    rows = rows_of([read_json(folder / "metrics.json") or {} for folder in folders], sizes, zeros(study))
    out = folders[0].parent
    with sentences(out):
        write_whole(out / "convergence.csv", as_csv(rows))
        write_json(out / "convergence.json", as_data(rows, meshes))
        draw(worst_rows(rows), meshes, out / "convergence.png")
    return rows, meshes


def zeros(study: Study) -> dict[str, float]:
    """Return for every column that is a temperature the ambient, in its unit: errors count from there."""
    from femsuite.results.options import convert

    if study.heat is None or study.heat.ambient is None:
        return {}
    ambient = study.heat.ambient
    return {
        one.name: convert(ambient, "K", one.unit or "K")
        for one in study.quantities
        if one.field == "temperature" and one.kind not in NOT_TEMPERATURES and one.minus is None
    }


def shown(rows: Sequence[Row], meshes: Sequence[Mapping[str, Any]]) -> Table:
    """Return the table for the screen: every column at its worst state, the largest error first."""
    from femsuite.verify.convergence import worst_rows

    cells = [f"{mesh['cells']:,}" for mesh in meshes]
    right = (*cells, "order", "extrapolated", "error", "band")
    made = table("Every column at the state with its largest error", "metric", "unit", *right, right=right)
    for row in worst_rows(rows):
        numbers = (_number(one) for one in (row.coarse, row.middle, row.fine))
        order = "–" if math.isnan(row.order) else f"{row.order:.1f}"
        share = [f"{100.0 * one:.2g} %" if math.isfinite(one) else "–" for one in (row.error, row.band)]
        made.add_row(plain(row.name), plain(row.unit or "1"), *numbers, order, _number(row.value), *share)
    return made


def _number(value: float) -> str:
    return f"{value:.5g}"


def run_at(study: Study, folder: Path) -> None:
    """Run a study into a folder; faults found on its mesh name the study's file and line."""
    from femsuite.run import run

    try:
        run(study, folder)
    except InputError as error:
        raise study.placed(error) from error
