"""Checks of what regions are made of: a law finds its constants, and what is free of stress is not liquid there."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import numpy as np

from femsuite.errors import InputError
from femsuite.failure.lives import law_of
from femsuite.material import Material
from femsuite.material.laws import LAWS, lacking, laws_for
from femsuite.material.laws.constants import SETS
from femsuite.study.faults import Faults
from femsuite.study.model import Study
from femsuite.study.stage_kinds import Stage
from femsuite.study.stages import Uniform
from femsuite.study.timeline import Cycles, Hold, Ramp

SLACK = 1.0
"""K by which a stress-free temperature may lie above the melting: solidus and eutectic are rounded in the sources."""
_ROOM = np.array(298.15)


def check_laws(study: Study, materials: Mapping[str, Material], faults: Faults) -> None:
    """Check that every region's material has the constants of the region's law.

    Args:
        study: the validated study.
        materials: region entry -> material.
        faults: takes the faults.
    """
    if study.mechanics is None:
        return
    for region, substance in materials.items():
        one = study.regions[region]
        name = one.law or study.mechanics.law
        strength = substance.properties.get("yield_stress")
        thin = strength is not None and "thickness" in strength.arguments and "hardening" not in substance.data
        if name == "j2" and thin and one.thickness is None:
            sentence = f"this key is missing: the yield stress of {substance.name} follows the film's thickness"
            faults.add(("regions", region, "thickness"), f'{sentence}, such as "5 um"')
        if one.strength != 1.0 and name != "j2":
            sentence = f"a factor on the strength belongs to the law 'j2'; '{region}' has the law '{name}'"
            faults.add(("regions", region, "strength"), sentence)
        if name not in SETS:
            if one.law_set is not None:
                sentence = f"the law '{name}' takes its numbers from the material's properties and has no sets"
                faults.add(("regions", region, "law_set"), sentence)
            continue
        wrong = lacking(substance, name, one.law_set)
        if wrong is None:
            continue
        fits = laws_for(substance)
        allowed = ", ".join(law for law in LAWS if law in fits) or "none"
        named = one.law_set is not None and name in fits  # then only the set is wrong
        sentence = wrong if named else f"{wrong}. Laws for {substance.name}: {allowed}"
        faults.add(("regions", region, "law_set" if named else "law"), sentence)


def check_melting(study: Study, materials: Mapping[str, Material], faults: Faults) -> None:
    """Check that no region is free of stress, or born, at a temperature at which it is liquid.

    Args:
        study: the validated study.
        materials: region entry -> material.
        faults: takes the faults.
    """
    if study.mechanics is None:
        return
    for region, substance in materials.items():
        free = study.regions[region].stress_free_temperature
        wrong = None if free is None else _liquid(substance, free)
        if wrong:
            faults.add(("regions", region, "stress_free_temperature"), wrong)
    now: float | None = None  # what the body has before its first stage hangs on its mesh
    for place, stage in enumerate(study.stages):
        for number, region in enumerate(getattr(stage, "born", ())):
            born = material_of(region, materials)
            wrong = None if born is None or now is None else _liquid(born, now)
            if wrong:
                faults.add(
                    ("stages", place, "born", number), f"'{region}' is born where the stage before ends: {wrong}"
                )
        now = _end(stage, now)


def _liquid(substance: Material, temperature: float) -> str | None:
    """Return in a sentence that a temperature in K is above a material's melting; None if it is not, or not known."""
    name = next((one for one in ("solidus", "melting_temperature") if one in substance.properties), None)
    if name is None:
        return None
    melts = float(substance.property(name)(_ROOM))
    if temperature <= melts + SLACK:
        return None
    limit = f"the {name.replace('_', ' ')} of {substance.name}, {degrees(melts)}"
    there = f"there it is liquid and carries nothing; give {degrees(melts)} or less"
    return f"{degrees(temperature)} is above {limit}: {there}"


def _end(stage: Stage, before: float | None) -> float | None:
    """Return the temperature in K at the end of a stage; None where heat decides it."""
    if isinstance(stage, Ramp | Uniform):
        return stage.temperature
    if isinstance(stage, Cycles):
        return stage.low
    return before if isinstance(stage, Hold) else None


def check_lives(study: Study, materials: Mapping[str, Material], faults: Faults) -> None:
    """Check that the layer's material has the constants of fatigue that each life names.

    Args:
        study: the validated study.
        materials: region entry -> material.
        faults: takes the faults.
    """
    regions = {one.name: one.region for one in study.failures}
    for place, life in enumerate(study.lives):
        substance = material_of(regions.get(life.layer, ""), materials)
        if substance is None:
            continue
        try:
            law_of(substance, life)
        except InputError as error:
            for fault in error.faults:
                faults.add(("lives", place, "set"), fault.message)


def material_of(region: str, materials: Mapping[str, Material]) -> Material | None:
    """Return the material of a region: that of its own entry, else of the one pattern that matches it."""
    if region in materials:
        return materials[region]
    found = [one for entry, one in materials.items() if fnmatchcase(region, entry)]
    return found[0] if len(found) == 1 else None


def degrees(kelvins: float) -> str:
    """Return a temperature in K in words: degC, to a tenth."""
    return f"{round(kelvins - 273.15, 1):g} degC"
