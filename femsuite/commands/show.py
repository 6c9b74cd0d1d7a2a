"""``femsuite show``: one study, geometry or material on one screen."""

from __future__ import annotations

import argparse
import ast
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from femsuite import library
from femsuite.commands.list import ROOMS
from femsuite.commands.screen import STATUS_COLOURS, plain, screen, table
from femsuite.errors import Fault, InputError, unknown

if TYPE_CHECKING:
    from femsuite.material import Property

ROOM_TEMPERATURE = 298.15


def main(arguments: argparse.Namespace) -> int:
    """Print everything of that name."""
    console = screen()
    for room, name in find(arguments.name):
        SHOW[room](console, name)
    return 0


def find(name: str) -> list[tuple[str, str]]:
    """Return the rooms that have a file of that name, and the name in each: shipped ones, or the file at a path.

    Raises:
        InputError: nothing has that name; says the nearest of all rooms.
    """
    path = Path(name)
    if path.is_file():
        return [(_room_of(path), name)]
    shipped = {room: library.names(room, suffix) for room, suffix in ROOMS.items()}
    found = [
        (room, key)
        for room, keys in shipped.items()
        for key in keys
        if key == name or (room == "studies" and key.rpartition("/")[2] == name)
    ]
    if not found:
        everything = [key for keys in shipped.values() for key in keys]
        raise InputError(unknown("study, geometry or material", name, everything))
    return found


def _room_of(path: Path) -> str:
    if path.suffix == ".py":
        return "geometries"
    if path.suffix != ".toml":
        raise InputError(Fault("this is no study (.toml), geometry (.py) or material (.toml)", file=str(path)))
    text = path.read_text(encoding="utf-8", errors="replace")
    return "studies" if "[[stages]]" in text or "[regions." in text else "materials"


def show_study(console: Console, name: str) -> None:
    """Print what a study does: its regions, stages and states, and what it asks for."""
    from femsuite.study import load

    study = load(name)
    console.print(plain(f"{study.name}: {study.title}"), style="bold")
    console.print(plain(study.description.strip()))
    if study.source:
        console.print(plain(f"After: {study.source}"))
    model = study.geometry.file if study.geometry else study.mesh.file
    console.print(plain(f"\nModel: {model}, refinement {study.mesh.refinement:g}, order {study.mesh.order}\n"))
    regions = table("Regions", "region", "material", "free of stress at")
    for key, region in study.regions.items():
        free = region.stress_free_temperature
        regions.add_row(plain(key), plain(region.material), "" if free is None else f"{free - 273.15:.6g} degC")
    console.print(regions)
    stages = table("\nStages", "stage", "type", "states")
    for stage in study.stages:
        stages.add_row(stage.name, stage.type, plain(", ".join(point.label for point in stage.points())))
    console.print(stages)
    asked = [
        ("quantities", [one.name for one in study.quantities]),
        ("derived", [one.name for one in study.derived]),
        ("fits", [one.name for one in study.fits]),
        ("plots", [one.name for one in study.plots]),
        ("compared", [one.metric for one in study.compare]),
        ("radiographs", list(study.radiograph.images()) if study.radiograph else []),
        ("topographs", [f"{list(study.topograph.reflection)} of {study.topograph.region}"] if study.topograph else []),
    ]
    console.print()
    for words, names in asked:
        if names:
            console.print(plain(f"{words}: {', '.join(names)}"))


def show_geometry(console: Console, name: str) -> None:
    """Print a geometry's description and its parameters."""
    from femsuite.geometry import load_geometry

    geometry = load_geometry(name)
    about = (ast.get_docstring(ast.parse(geometry.text)) or "").strip()
    console.print(plain(geometry.name), style="bold")
    console.print(plain(about))
    console.print()
    console.print(_parameters("Parameters", geometry.parameters))


def _parameters(title: str, model: Any) -> Any:
    shown = table(title, "parameter", "default", "allowed", "status", "what it is", "source")
    defaults = model().model_dump(mode="json")
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        low, high = extra.get("low"), extra.get("high")
        allowed = " to ".join(str(side) for side in (low, high) if side is not None)
        if low is None or high is None:
            allowed = f"at least {low}" if low is not None else f"at most {high}" if high is not None else ""
        given = field.get_default(call_default_factory=True, validated_data={})
        default = given if isinstance(given, str) else defaults.get(name)
        text = f"{len(default)} entries" if isinstance(default, (list, tuple)) and len(str(default)) > 30 else default
        status = str(extra.get("status", ""))
        shown.add_row(
            name,
            plain("" if text is None else text),
            plain(allowed),
            f"[{STATUS_COLOURS.get(status, 'default')}]{status}[/]",
            plain(field.description or ""),
            plain(extra.get("source", "")),
        )
    return shown


def show_material(console: Console, name: str) -> None:
    """Print a material's properties at room temperature, how far each can be trusted, and its sources."""
    from femsuite import material

    found = material.load(name)
    console.print(plain(f"{found.name}: {found.role}"), style="bold")
    if found.crystal:
        console.print(f"single crystal, {found.crystal}")
    shown = table(
        "\nProperties at 25 degC", "property", "value", "unit", "valid", "status", "source", "note", right=("value",)
    )
    for prop in found.properties.values():
        shown.add_row(
            prop.name,
            _value(prop),
            plain(prop.unit),
            "" if prop.valid is None else f"{prop.valid[0]:.5g} to {prop.valid[1]:.5g} K",
            f"[{STATUS_COLOURS[prop.status]}]{prop.status}[/]",
            plain(", ".join(prop.source)),
            plain(prop.note),
        )
    console.print(shown)
    if found.composition is not None:
        shares = ", ".join(f"{formula} {100.0 * share:.4g} %" for formula, share in found.composition.fractions.items())
        note = f" ({found.composition.note})" if found.composition.note else ""
        console.print(plain(f"\nComposition by mass, {found.composition.status}: {shares}{note}"))
    for kind, sets in found.data.items():
        names = ", ".join(f"{one.name or kind} ({one.status})" for one in sets)
        console.print(plain(f"\nParameters of {kind}: {names}"))
    for prop_name, why in found.not_known.items():
        console.print(plain(f"\nNot known: {prop_name} ({why})"))
    console.print("\nSources", style="bold")
    for key, text in found.sources.items():
        console.print(plain(f"  {key}: {text}"))


def _value(prop: Property) -> str:
    """Return the value at room temperature, or in the middle of the valid range where that is outside of it."""
    if prop.arguments:
        return f"depends on {', '.join(prop.arguments)}"
    temperature = ROOM_TEMPERATURE
    if prop.valid is not None and not prop.valid[0] <= temperature <= prop.valid[1]:
        temperature = 0.5 * (prop.valid[0] + prop.valid[1])
        return f"{float(prop(temperature)):.5g} (at {temperature:.5g} K)"
    return f"{float(prop(temperature)):.5g}" + ("" if prop.constant else " *")


SHOW: dict[str, Callable[[Console, str], None]] = {
    "studies": show_study,
    "geometries": show_geometry,
    "materials": show_material,
}
