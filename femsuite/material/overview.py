"""The shipped materials at a glance: the table of the documentation and the counts of how far numbers are trusted."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from femsuite.errors import InputError
from femsuite.material.catalogue import KINDS, STATUSES
from femsuite.material.file import load, names
from femsuite.material.material import Material

_COLUMNS: dict[str, tuple[tuple[str, ...], float]] = {
    "E (GPa)": (("youngs_modulus", "youngs_modulus_polycrystal"), 1e-9),
    "nu": (("poissons_ratio", "poissons_ratio_polycrystal"), 1.0),
    "expansion (1e-6/K)": (("expansion_tangent", "expansion_secant", "expansion_tangent_xy"), 1e6),
    "k (W/(m K))": (("thermal_conductivity", "thermal_conductivity_xy"), 1.0),
    "cp (J/(kg K))": (("heat_capacity",), 1.0),
    "density (kg/m3)": (("density",), 1.0),
    "resistivity (ohm m)": (("electrical_resistivity",), 1.0),
    "yield (MPa)": (("yield_stress",), 1e-6),
}


def overview(materials: Iterable[Material] | None = None) -> str:
    """Return a Markdown table of the materials: values at 298 K with the status, ``*`` where they change with T."""
    lines = ["| material | " + " | ".join(_COLUMNS) + " | role |", "|---" * (len(_COLUMNS) + 2) + "|"]
    for material in materials if materials is not None else [load(name) for name in names()]:
        cells = [_cell(material, *column) for column in _COLUMNS.values()]
        lines.append(f"| {material.name} | " + " | ".join(cells) + f" | {material.role} |")
    return "\n".join(lines)


def _cell(material: Material, choices: tuple[str, ...], factor: float) -> str:
    for choice in choices:
        if choice in material.properties:
            item = material.properties[choice]
            if item.arguments:
                return f"by {', '.join(item.arguments)}, {item.status}"
            value = float(item.curve.value(np.array(298.0))) * factor
            mark = "" if item.constant else "*"
            return f"{value:.4g}{mark} {item.status}"
    return "-"


def property_names() -> str:
    """Return a Markdown table of the properties a file may state."""
    lines = ["| property | unit | what it is |", "|---|---|---|"]
    return "\n".join(lines + [f"| `{name}` | {kind.unit} | {kind.words} |" for name, kind in KINDS.items()])


def status_counts(materials: Iterable[Material]) -> Counter[str]:
    """Return how many properties and parameter sets the files state with each status.

    Numbers inside a property (ingredients), alternatives and borrowed sets are not counted.
    """
    counts: Counter[str] = Counter(dict.fromkeys(STATUSES, 0))
    for material in materials:
        counts.update(item.stated_status for item in material.properties.values() if item.stated_status)
        counts.update(found.status for sets in material.data.values() for found in sets if not found.borrowed_from)
    return counts


def renew(text: str) -> str:
    """Return the documentation page with its generated tables made anew."""
    for name, made in (("properties", property_names), ("materials", overview)):
        start, end = f"<!-- {name} -->\n", "\n<!-- end -->"
        head, found, rest = text.partition(start)
        if not found:
            raise InputError(f"the page has no place '{start.strip()}'")
        text = head + start + made() + end + rest.partition("<!-- end -->")[2]
    return text


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(renew(page.read_text(encoding="utf-8")), encoding="utf-8")
