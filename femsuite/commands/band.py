"""``femsuite band``: a study under the other values of its estimates, and what that does to its verdicts."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from femsuite import parallel
from femsuite.commands.converge import run_at
from femsuite.commands.screen import plain, screen, table
from femsuite.errors import InputError

if TYPE_CHECKING:
    from femsuite.results.compare import Comparison


def main(arguments: argparse.Namespace) -> int:
    """Run the study as it is and with each other value, one at a time; write ``band.csv``, ``.json``, ``.png``."""
    from femsuite.commands.ranks import refuse_split_job
    from femsuite.results.band import Trial
    from femsuite.study import load

    refuse_split_job()
    base = parallel.on_root(lambda: load(arguments.study, arguments.overrides))
    if not base.band or not base.compare:
        missing = "[[band]]" if not base.band else "[[compare]]"
        raise InputError(f"the study has no {missing} table, so there is no verdict to try over a band")
    out = Path(arguments.out) if arguments.out else Path("results") / f"{base.name}-band"
    points: list[tuple[str, str, list[str]]] = [("", "as in the study", [])]
    for one in base.band:
        points += [(one.name, words, changes) for words, changes in one.overrides()]
    console = screen()
    # All are read before the first is run: a value that cannot be must not come up after hours.
    studies = [parallel.on_root(partial(load, arguments.study, [*arguments.overrides, *given])) for *_, given in points]
    folders = []
    for number, ((name, value, _), study) in enumerate(zip(points, studies, strict=True)):
        folder = out / f"trial-{number:02d}"
        console.print(plain(f"{number + 1} of {len(points)}: {name} {value}: {folder}"))
        run_at(study, folder)
        folders.append(folder)

    def collect() -> None:
        found = [_comparisons(folder) for folder in folders]
        trials = [
            Trial(name, value, {row.title: row.ours for row in rows})
            for (name, value, _), rows in zip(points, found, strict=True)
        ]
        _write(out, found, trials)
        console.print(_shown(out))

    parallel.on_root(collect)
    console.print(plain(f"Every number is in {out / 'band.csv'}."))
    return 0


def _comparisons(folder: Path) -> list[Comparison]:
    from femsuite.results.disk import read_json
    from femsuite.results.report import DATA
    from femsuite.results.report_file import comparison_of

    data = read_json(folder / DATA)
    if data is None:
        raise InputError(f"'{folder / DATA}' is missing or cannot be read; delete the folder and run the band again")
    return [comparison_of(one) for one in data["comparisons"]]


def _write(out: Path, found: Sequence[list[Comparison]], trials: Sequence[object]) -> None:
    from femsuite.results import band
    from femsuite.results.disk import sentences, write_json, write_whole

    pairs = list(zip(trials[1:], found[1:], strict=True))
    rows = band.spreads(found[0], pairs)  # type: ignore[arg-type]
    with sentences(out):
        write_whole(out / "band.csv", band.as_csv(rows))
        write_json(out / "band.json", band.as_data(rows, trials))  # type: ignore[arg-type]
        write_whole(out / "band.md", band.markdown(rows))
        band.draw(rows, out / "band.png")


def _shown(out: Path) -> object:
    data = json.loads((out / "band.json").read_text(encoding="utf-8"))
    made = table(
        "Verdicts over the band",
        "result",
        "unit",
        "published",
        "ours",
        "low",
        "high",
        "verdict",
        "hangs most on",
        right=("published", "ours", "low", "high"),
    )
    for row in data["results"]:
        numbers = (
            "–" if one is None else f"{one:.4g}" for one in (row["published"], row["nominal"], row["low"], row["high"])
        )
        made.add_row(
            plain(row["title"]),
            plain(row["unit"] or "1"),
            *numbers,
            row["verdict"],
            plain(next(iter(row["swings"]), "")),
        )
    return made
