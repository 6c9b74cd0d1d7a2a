"""Write docs/verification.md: what every case is, what it gave just now, and which mutations the cases notice.

``python docs/make_verification.py`` runs all cases and mutations (two to three minutes) and writes the page.
"""

from __future__ import annotations

import sys
from pathlib import Path

import femsuite  # noqa: F401 - loads the solver's own libraries first
from femsuite.verify import CASES, harness, mutate, tables

PAGE = Path(__file__).resolve().parent / "verification.md"

HEAD = """\
# Verification

This page is written by `make docs` from a run of `femsuite verify` and `femsuite verify --mutate`. {rows} rows,
{failed} failed; {mutations} mutations, {caught} caught.

- `femsuite verify` runs every case; `--only thermal`, `--only elastic.E-1` or `--only 'topograph.R*'` some of them.
  The exit code is 1 when a row fails. `--json FILE` and `--markdown FILE` keep the rows.
- *Path* says what a row tests: `FE` means that the number came through mesh, weak form, solver and post-processing,
  `formula` that it did not. The topograph rows V1 to V4 and R1 to R7 start from a displacement that is known
  exactly. It goes through quadratic elements, recovery and imaging, but no solver found it. V5.FE goes all the way.
- Tolerances stand in the cases, next to the source of the number: they come from its published digits, from the error
  of a mesh that takes seconds, or from the known scatter of a law (V5). Errors and tolerances with a percent sign are
  shares of the expected number, the others are in its unit. Where 0 is expected, the number itself must stay below the
  tolerance.
- `femsuite verify --mutate` makes one function of the production code wrong at a time (a coefficient x 1.05, a sign,
  an axis) and runs the cases that should notice. A row counts as red when it passes on the right code and fails on the
  wrong one. The exit code is 1 when a mutation survives, or when a physics has no red row of the finite-element path.
"""

ROOMS = {
    "thermal": "Heat conduction",
    "electric": "Current with heat",
    "via": "Metal films without cells",
    "elastic": "Thermoelasticity",
    "inelastic": "Laws with memory",
    "life": "Life and probability of failure",
    "diffusion": "Diffusion and melting",
    "process": "Process models",
    "topograph": "X-ray topographs",
    "radiograph": "Absorption radiographs",
    "rates": "Orders of convergence",
    "balance": "Balances",
    "imprint": "Mesh imprint",
}


def main() -> int:
    """Run everything, write the page, and return 1 when something failed."""
    rows = harness.run_cases(None, lambda name: print(name, flush=True))
    verdicts = mutate.run_mutations(None, lambda name: print(name, flush=True))
    failed = sum(not row.passed for row in rows)
    caught = sum(verdict.caught for verdict in verdicts)
    parts = [HEAD.format(rows=len(rows), failed=failed, mutations=len(verdicts), caught=caught), "## Cases\n"]
    parts += described()
    parts += [
        "## Results\n",
        tables.markdown(rows),
        "### Behind some of the numbers\n",
        *(f"- {note}" for note in tables.notes(rows)),
        "",
        "## Mutations\n",
        tables.markdown_mutations(verdicts),
    ]
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    print(f"{PAGE.name}: {len(rows)} rows, {failed} failed; {len(verdicts)} mutations, {caught} caught")
    return 1 if failed or mutate.unguarded(verdicts) else 0


def described() -> list[str]:
    """Return the paragraphs of all cases under the headings of their rooms."""
    parts = []
    for room, title in ROOMS.items():
        parts.append(f"### {title}\n")
        parts += [_described(name) for name in CASES if name.startswith(f"{room}.")]
    return parts


def _described(name: str) -> str:
    """Return a case's problem, formula and source as a paragraph."""
    words = harness.description(name).replace("``", "`")
    return f"**{name}**: {words}\n"


if __name__ == "__main__":
    sys.exit(main())
