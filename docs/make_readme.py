"""Puts the flagship's comparison table into README.md: ``python docs/make_readme.py results/power_sweep``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

BEGIN, END = "<!-- flagship table: begin -->", "<!-- flagship table: end -->"


def table(folder: Path) -> str:
    """Return the comparisons of a run folder as Markdown."""
    report = json.loads((folder / "tables" / "report.json").read_text(encoding="utf-8"))
    lines = ["| result | ours | published | ratio | |", "|---|---|---|---|---|"]
    for row in report["comparisons"]:
        unit = row["unit"].replace("**", "^")
        refused = "no fit" if row["ours"] is None and row["metric"].startswith("fit.") else ""
        ratio = refused if row["ratio"] is None else f"{row['ratio']:.2f}"
        ours = "" if row["ours"] is None else f"{row['ours']:.3g} {unit}"  # a fit that was refused gives no number
        published = f"{row['published']:.3g} {unit}"
        kind = "calibrated" if row["role"] == "calibrated" else row["verdict"]
        lines.append(f"| {row['title']} ({row['source']}) | {ours} | {published} | {ratio} | {kind} |")
    return "\n".join(lines)


def main() -> int:
    """Rewrite the table between the two marks."""
    readme = Path(__file__).resolve().parent.parent / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    readme.write_text(f"{before}{BEGIN}\n{table(Path(sys.argv[1]))}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
