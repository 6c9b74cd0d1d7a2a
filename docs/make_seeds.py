"""Write docs/seeds.md from docs/seeds/*.toml, and fill in ratios from a run: one row per figure, table, example, claim.

``python docs/make_seeds.py`` writes the page, ``--check`` exits 1 if it is not current, ``--fill STUDY=metrics.json``
first lays a run's metrics beside the published values of that study's rows.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "seeds.md"
DATA = ROOT / "docs" / "seeds"
ORDER = ("lm3046", "cn101185991", "us10590901", "jph08298306", "ozone_ald")
FINDINGS = ("reproduced", "nominal", "ratio", "not modelled", "not yet")
KEYS = {"id", "kind", "what", "study", "metrics", "published", "ratio", "finding", "note"}
# Kinds that a document numbers: head key, how the ids of its rows begin, kind. Letters after the number are panels.
NUMBERED = (
    ("figures", "fig", "figure"),
    ("tables", "table", "table"),
    ("equations", "eq", "equation"),
    ("examples", "example", "example"),
    ("comparisons", "comparison", "comparison"),
    ("claims", "claim", "claim"),
)
JOINT = {
    f"joint.{name}"
    for name in (
        "residual_aluminium",
        "alloy_layer",
        "zinc_consumed_after",
        "face_aluminium",
        "filling",
        "solidus_margin",
    )
}
"""Of what a study's joint gives, what rows may rest on."""
Document = dict[str, Any]


def documents(folder: Path = DATA) -> dict[str, Document]:
    """Return the documents by file name, in the page's order."""
    return {name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in ORDER}


def study_file(name: str, studies: Path = ROOT / "studies") -> Path | None:
    """Return the study's file, or None if it is not written yet."""
    file = studies / f"{name}.toml"
    return file if file.is_file() else None


def whole(file: Path) -> dict[str, Any]:
    """Return a study's data laid over those of the study that it extends."""
    from femsuite.study.base import with_base
    from femsuite.study.read import read_study

    return with_base(read_study(file)).data


def producible(study: Mapping[str, Any]) -> set[str]:
    """Return the names of the metrics that a study asks for: quantities, derived columns, fits, measures of images."""
    from femsuite.results.fits import MODELS
    from femsuite.topograph.measures import CRYSTAL, UNITS, streak_name
    from femsuite.units import LENGTH, parse

    names = {entry["name"] for room in ("quantities", "derived") for entry in study.get(room, ())}
    for measure in study.get("failures", ()):
        from femsuite.failure.measures import MEASURES

        names |= set(MEASURES[measure["type"]].model_validate(measure).columns())
    names |= {f"life.{entry['name']}.cycles" for entry in study.get("lives", ())}
    if "electric" in study:
        from femsuite.study.electric import Electric

        names |= set(Electric.model_validate(study["electric"]).columns())
    names |= {f"{kind}_stress_{name}" for name in study.get("coatings", ()) for kind in ("mean", "equivalent")}
    if "joint" in study:
        names |= JOINT
    if "method" in study:
        from femsuite.process.method import names as of_method
        from femsuite.process.method_options import MethodOptions

        names |= set(of_method(MethodOptions.model_validate(study["method"])))
    series = study.get("series", {})
    names |= {entry["name"] for entry in series.get("columns", ())}
    for fit in study.get("fits", ()):
        names |= {f"fit.{fit['name']}.{parameter}" for parameter in MODELS[fit.get("model", "line")].parameters}
    if "topograph" in study:
        positions = study["topograph"].get("section", {}).get("positions", ())
        names |= set(UNITS) | {streak_name(parse(position, LENGTH)) for position in positions}
        names |= {f"crystal.{name}" for name in CRYSTAL}
    if "radiograph" in study:
        names |= {f"radiograph.transmission_{name}" for name in study["radiograph"].get("areas", study["regions"])}
        names |= {f"radiograph.attenuation_{region['material']}" for region in study["regions"].values()}
    return names


def states(study: Mapping[str, Any]) -> set[str]:
    """Return the labels of the states that a study's stages ask for, and of its radiograph's images."""
    from femsuite.study.stage_kinds import STAGES
    from femsuite.topograph.radiograph_options import RadiographOptions

    stages = [STAGES[stage["type"]].model_validate(stage) for stage in study.get("stages", ())]
    labels = {point.label for stage in stages for point in stage.points()}  # type: ignore[attr-defined]
    labels |= {case.get("title", case["name"]) for case in study.get("series", {}).get("cases", ())}
    if "radiograph" in study:
        labels |= set(RadiographOptions.model_validate(study["radiograph"]).images())
    return labels


def faults(key: str, document: Document, studies: Path = ROOT / "studies") -> list[str]:
    """Return, as sentences, everything wrong with one document's rows."""
    rows = document["row"]
    found = [f"{key}: the id '{name}' is used {n} times" for name, n in Counter(r["id"] for r in rows).items() if n > 1]
    found += _missing_numbers(key, document)
    for row in rows:
        found += [f"{key}.{row['id']}: {sentence}" for sentence in _row_faults(row, studies)]
    return found


def _missing_numbers(key: str, document: Document) -> list[str]:
    found = []
    for head, prefix, kind in NUMBERED:
        ids = [row["id"] for row in document["row"] if row["kind"] == kind]
        numbers = {int(match[1]) for name in ids if (match := re.fullmatch(rf"{prefix}(\d+)[a-z]*", name))}
        wanted = set(range(1, document.get(head, 0) + 1))
        found += [f"{key}: there is no row for {kind} {number}" for number in sorted(wanted - numbers)]
        found += [f"{key}: the document has no {kind} {number}" for number in sorted(numbers - wanted)]
    return found


def _row_faults(row: Mapping[str, Any], studies: Path) -> Iterable[str]:
    yield from (f"there is no key '{name}' in a row" for name in sorted(set(row) - KEYS))
    finding, metrics, published = row["finding"], row.get("metrics", []), row.get("published", {})
    if finding not in FINDINGS:
        yield f"'{finding}' is not a finding; allowed: {', '.join(FINDINGS)}"
    if finding == "not modelled" and not row.get("note"):
        yield "what is not modelled must say why"
    if finding != "not modelled" and not row.get("study"):
        yield "the row names no study"
    if finding == "ratio" and not row.get("ratio"):
        yield "the finding is a ratio, but no ratio is given"
    if finding in ("reproduced", "nominal", "ratio") and not metrics:
        yield "a finding from a run must name the metrics it rests on"
    yield from (
        f"'{name}' has a number but is not among the row's metrics" for name in published if name not in metrics
    )
    yield from (
        f"the ratio of '{name}' has no published number" for name in row.get("ratio", {}) if name not in published
    )
    if not row.get("study"):
        return
    file = study_file(row["study"], studies)
    if file is None:
        if finding != "not yet":
            yield f"the study '{row['study']}' does not exist"
        return
    content = whole(file)
    names, labels = producible(content), states(content)
    for metric in metrics:
        name, _, label = metric.partition("@")
        if name not in names:
            yield f"the study '{row['study']}' gives no metric '{name}'"
        if label and label not in labels:
            yield f"the study '{row['study']}' has no state '{label}'"


def page(collection: Mapping[str, Document]) -> str:
    """Return the text of docs/seeds.md."""
    parts = [_head(collection)]
    parts += [_section(document) for document in collection.values()]
    return "\n".join(parts)


def _head(collection: Mapping[str, Document]) -> str:
    lines = [
        "<!-- made by `make docs` from docs/seeds/*.toml: change those, not this page -->",
        "",
        "# The five source documents, row by row",
        "",
        "Every figure, table, example, comparison example and claim of the five documents behind this suite, the",
        "study and the metrics that answer it, and what was found. A finding is one of",
        "",
        "- **reproduced**: holds over the band of the estimates it hangs on;",
        "- **nominal**: holds at the nominal values of the estimates, not over their whole band;",
        "- **ratio**: ours divided by the published number, good or bad;",
        "- **not modelled**: with the reason;",
        "- **not yet**: the study is planned under that name (an *italic* study has no file yet).",
        "",
        "| document | rows | " + " | ".join(FINDINGS) + " |",
        "|---|--:|" + "--:|" * len(FINDINGS),
    ]
    for document in collection.values():
        counts = Counter(row["finding"] for row in document["row"])
        cells = " | ".join(str(counts[finding]) for finding in FINDINGS)
        lines.append(f"| [{document['short']}](#{_anchor(document['short'])}) | {len(document['row'])} | {cells} |")
    return "\n".join([*lines, ""])


def _anchor(text: str) -> str:
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def _section(document: Document) -> str:
    lines = [f"## {document['short']}", "", f"*{document['title']}* ({document['language']}).", ""]
    lines += [" ".join(document["identity"].split()), ""]
    if remark := document.get("remark"):
        lines += [remark, ""]
    lines += ["| id | what it shows | study | metrics | finding | note |", "|---|---|---|---|---|---|"]
    lines += [_line(row) for row in document["row"]]
    lines += ["", "Slips and inner contradictions of the document, and the reading taken:", ""]
    lines += [f"- {slip}" for slip in document["slips"]]
    return "\n".join([*lines, ""])


def _line(row: Mapping[str, Any]) -> str:
    study = row.get("study", "")
    shown = "" if not study else f"`{study}`" if study_file(study) else f"*{study}*"
    published = row.get("published", {})
    metrics = ", ".join(f"`{m}`" + (f" ({published[m]})" if m in published else "") for m in row.get("metrics", ()))
    ratios = ", ".join(f"{value:.3g}" for value in row.get("ratio", {}).values())
    finding = f"ratio {ratios}" if row["finding"] == "ratio" else row["finding"] + (f", {ratios}" if ratios else "")
    cells = (row["id"], row["what"], shown, metrics, finding, row.get("note", ""))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def fill(text: str, study: str, metrics: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a document's TOML text with the ratios of one study's run written behind its published numbers.

    Args:
        text: one file of docs/seeds.
        study: the study that was run, e.g. ``lm3046/power_sweep``.
        metrics: the run's ``metrics.json``, name -> ``{"value": ..., "unit": ...}``.

    Returns:
        The text; a row that was ``not yet`` and got all its ratios becomes a ``ratio``.
    """
    from femsuite.units import registry

    units = registry()
    blocks = re.split(r"(?m)^(?=\[\[row\]\]$)", text)
    for index, block in enumerate(blocks[1:], 1):
        row = tomllib.loads(block)["row"][0]
        if row.get("study") != study or not row.get("published"):
            continue
        known = {name: number for name, number in row["published"].items() if name in metrics}
        ratios: list[str] = []
        for name, number in known.items():
            ours = units.Quantity(metrics[name]["value"], metrics[name]["unit"])
            ratio = float((ours / units.Quantity(number)).to("dimensionless").magnitude)
            ratios.append(f"{json.dumps(name)} = {ratio:.4g}")
        block = re.sub(r"(?m)^ratio = .*\n", "", block)
        if ratios:
            line = f"ratio = {{ {', '.join(ratios)} }}\n"
            published = next(text for text in block.splitlines(keepends=True) if text.startswith("published = "))
            block = block.replace(published, published + line)
        if len(known) == len(row["published"]):
            block = block.replace('finding = "not yet"', 'finding = "ratio"')
        blocks[index] = block
    return "".join(blocks)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the page; return the exit code."""
    parser = argparse.ArgumentParser(description="make docs/seeds.md from docs/seeds/*.toml")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is not current")
    parser.add_argument("--fill", metavar="STUDY=FILE", action="append", default=[], help="take ratios from a run")
    options = parser.parse_args(arguments)
    for item in options.fill:
        study, _, file = item.partition("=")
        metrics = json.loads(Path(file).read_text(encoding="utf-8"))
        for name in ORDER:
            source = DATA / f"{name}.toml"
            source.write_text(fill(source.read_text(encoding="utf-8"), study, metrics), encoding="utf-8")
    collection = documents()
    found = [sentence for key, document in collection.items() for sentence in faults(key, document)]
    for sentence in found:
        print(sentence, file=sys.stderr)
    text = page(collection)
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
    current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
    if not current:
        print("docs/seeds.md is not current: run make docs", file=sys.stderr)
    return 0 if current and not found else 1


if __name__ == "__main__":
    raise SystemExit(main())
