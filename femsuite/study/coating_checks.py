"""Checks of a study's coatings: their materials exist and have what the physics ask for."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

from femsuite.errors import unknown
from femsuite.study.faults import Faults
from femsuite.study.references import born_later, sound_material, steady_name, table


def check_coatings(data: dict[str, Any], folder: File, faults: Faults) -> None:
    """Check the material of every coating and write its lasting name into ``data``."""
    coatings, regions = table(data.get("coatings")), table(data.get("regions"))
    if coatings and "heat" not in data and "mechanics" not in data:
        faults.add(("coatings",), "coatings conduct and carry: the study needs a [heat] or a [mechanics] table")
    for name in table(data.get("deposits")):
        if name not in coatings:
            faults.add(("deposits", name), unknown("coating", name, coatings))
    later = born_later(data)
    for name, entry in coatings.items():
        given = table(entry).get("material")
        if name in regions:
            faults.add(("coatings", name), f"'{name}' is the name of a region too; give the coating another")
        if not isinstance(given, str):
            continue
        substance = sound_material(given, folder, faults, ("coatings", name, "material"))
        if substance is None:
            continue
        entry["material"] = steady_name("materials", given, ".toml", folder)
        wanted = ["thermal_conductivity"] if "heat" in data else []
        wanted += ["youngs_modulus", "poissons_ratio", "expansion"] if "mechanics" in data else []
        wanted += ["electrical_resistivity"] if "electric" in data and entry.get("conducts", True) else []
        for need in wanted:
            if not substance.answers(need):
                sentence = f"{substance.name} has no {need.replace('_', ' ')}, which a coating needs"
                faults.add(("coatings", name, "material"), sentence)
        if "mechanics" in data and "stress_free_temperature" not in entry and name not in later:
            sentence = (
                'this key is missing; it is the temperature at which the film is free of stress, such as "100 degC"'
            )
            faults.add(("coatings", name, "stress_free_temperature"), sentence)
