"""``femsuite check``: everything that can be known about a study before it is solved."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from femsuite import parallel
from femsuite.commands.screen import STATUS_COLOURS, plain, screen, table

if TYPE_CHECKING:
    from femsuite.material import Material, Property
    from femsuite.meshing.tagged import TaggedMesh
    from femsuite.study import Study

NEEDS = {
    "heat": ("thermal_conductivity",),
    "transient": ("density", "heat_capacity"),
    "mechanics": ("stiffness", "expansion"),
}


def main(arguments: argparse.Namespace) -> int:
    """Load and mesh the study, and show what it is made of and how large it is. Collective."""
    from femsuite.study import load

    console = screen()
    study = parallel.on_root(lambda: load(arguments.study, arguments.overrides))
    from femsuite.model import check_currents
    from femsuite.names import check_names
    from femsuite.run import in_its_place, mesh_of
    from femsuite.study.members import check_members

    cases, values = parallel.on_root(lambda: check_members(arguments.study, arguments.overrides, study))
    console.print(plain(f"{study.name}: {study.title}"), style="bold")
    tagged = mesh_of(study)
    check_names(study, tagged)
    with in_its_place(study):
        check_currents(study, tagged)
    console.print(region_table(study, tagged))
    console.print(surface_table(study, tagged))
    show_doubts(console, study)
    show_cost(console, study, tagged)
    if cases or values:
        parts = [f"{count} {what}" for count, what in ((cases, "cases"), (values, "values of its bands")) if count]
        console.print(
            plain(f"Sound as well: {' and '.join(parts)}, as far as they can be checked without their meshes.")
        )
    console.print("The study is sound: all names fit its mesh.", style="green")
    return 0


def region_table(study: Study, tagged: TaggedMesh) -> object:
    """Return the regions with size, material and the status of what is needed of it. Collective."""
    from femsuite.meshing.quality import quality

    materials = materials_of(study)
    found = quality(tagged).regions
    power = tagged.mesh.topology.dim
    options = study.region_options(tagged.regions, tagged.part_of)
    unit = "mm3" if power == 3 else "mm2"
    shown = table("\nRegions", "region", "part of", "cells", unit, "material", "status", right=("cells", unit))
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for name in sorted(tagged.regions, key=counted):
        material = materials[options[name].material]
        statuses = dict.fromkeys(prop.status for prop in needed(study, material))
        status = " ".join(f"[{STATUS_COLOURS[one]}]{one}[/]" for one in statuses)
        stem = name.rstrip("0123456789")
        alike.setdefault((stem, tagged.part_of.get(name, ""), material.name, status), []).append(name)
    for (_, parent, material_name, status), names in alike.items():
        cells = sum(found[name].cells for name in names)
        size = sum(found[name].volume for name in names) * 1e3**power
        shown.add_row(plain(span(names)), plain(parent), f"{cells}", f"{size:.4g}", plain(material_name), status)
    return shown


def counted(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts ``lead_2`` before ``lead_10``."""
    return [(int(part or 0), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


def span(names: Sequence[str]) -> str:
    """Return names that differ in their number as one: ``lead_1 to lead_14``."""
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def surface_table(study: Study, tagged: TaggedMesh) -> object:
    """Return the outer surfaces with the conditions that act on them; those alike in one row."""
    acting: dict[str, dict[str, list[str]]] = {name: {"heat": [], "mechanics": []} for name in sorted(tagged.surfaces)}
    for physics in ("heat", "mechanics"):
        options = getattr(study, physics)
        for condition in options.conditions if options else ():
            for name in tagged.facet_names(condition.surface):
                if name in acting:
                    acting[name][physics].append(condition.type)
    alike: dict[tuple[str, str], list[str]] = {}
    for name, found in acting.items():
        heat = ", ".join(found["heat"]) or ("insulated" if study.heat else "")
        mechanics = ", ".join(found["mechanics"]) or ("free" if study.mechanics else "")
        alike.setdefault((heat, mechanics), []).append(name)
    shown = table("\nSurfaces", "surfaces", "heat", "mechanics")
    for (heat, mechanics), names in alike.items():
        shown.add_row(plain(", ".join(sorted(names, key=counted))), heat, mechanics)
    return shown


def show_doubts(console: Console, study: Study) -> None:
    """Print the numbers of the study that nobody has measured or checked."""
    shown = table("\nNumbers that are not published", "where", "number", "status", "source", "note")
    for material in materials_of(study).values():
        for prop in needed(study, material):
            if prop.status in ("estimate", "unchecked"):
                _add(shown, material.name, prop.name, prop.status, ", ".join(prop.source), prop.note)
        made = material.composition if study.radiograph is not None else None
        if made is not None and made.status in ("estimate", "unchecked"):
            _add(shown, material.name, "composition", made.status, ", ".join(made.source), made.note)
    for physics in ("heat", "mechanics"):
        options = getattr(study, physics)
        for place, condition in enumerate(options.conditions if options else ()):
            if condition.status in (None, "estimate", "unchecked"):
                where = f"{physics}.conditions.{place}"
                _add(shown, where, condition.type, condition.status or "estimate", condition.source or "", "")
    for name, sheet in study.electric.sheets.items() if study.electric else ():
        if sheet.status in (None, "estimate", "unchecked"):
            _add(shown, f"electric.sheets.{name}", "sheet", sheet.status or "estimate", sheet.source or "", "")
    if shown.row_count:
        console.print(shown)
        console.print("What a material's sources are: femsuite show <material>", style="dim")


def _add(shown: object, where: str, number: str, status: str, source: str, note: str) -> None:
    colour = STATUS_COLOURS[status]
    shown.add_row(plain(where), number, f"[{colour}]{status}[/]", plain(source), plain(note))  # type: ignore[attr-defined]


def show_cost(console: Console, study: Study, tagged: TaggedMesh) -> None:
    """Print the size of the problems. Collective."""
    from femsuite.model import estimated_cost

    cost = estimated_cost(tagged, study.mesh.order)
    states = sum(len(stage.points()) for stage in study.stages)
    console.print(f"\n{cost['cells']:.0f} cells, {states} states")
    if study.heat:
        console.print(f"heat: {cost['heat_unknowns']:.0f} unknowns")
    if study.radiograph:
        console.print(f"radiographs: {', '.join(study.radiograph.images())}")
    if study.mechanics:
        memory = cost["memory_bytes"] / 1024**3
        console.print(f"mechanics: {cost['mechanics_unknowns']:.0f} unknowns, about {memory:.1f} GB")


def materials_of(study: Study) -> dict[str, Material]:
    """Return the study's materials by the name it gives them."""
    from femsuite import material

    return {name: material.load(name) for name in sorted({region.material for region in study.regions.values()})}


def needed(study: Study, material: Material) -> list[Property]:
    """Return the properties of a material that the study's physics use."""
    wanted = [name for physics in ("heat", "mechanics") if getattr(study, physics) for name in NEEDS[physics]]
    if any(stage.type == "transient" for stage in study.stages):
        wanted += NEEDS["transient"]
    if study.radiograph is not None:
        wanted.append("density")
    return [prop for name in dict.fromkeys(wanted) for prop in material.answers(name)]
