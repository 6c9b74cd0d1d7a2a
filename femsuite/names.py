"""Whether what a study names exists on its mesh: all faults at once, each with the key that names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from femsuite.errors import Fault, FemsuiteError, InputError, unknown
from femsuite.failure.foot import foot_line
from femsuite.failure.place import check_distance
from femsuite.meshing.tagged import TaggedMesh
from femsuite.results import quantities
from femsuite.study import Study
from femsuite.study.dimension_checks import dimension_faults
from femsuite.study.locate import dotted
from femsuite.topograph.radiograph_options import listed


def check_names(study: Study, tagged: TaggedMesh) -> None:
    """Raise all that the study names and the mesh does not have: regions, surfaces, heat sources. Collective.

    Raises:
        InputError: with file and line of every key that names something which is not there.
    """
    faults: list[Fault] = []

    def attempt(key: str, action: Callable[..., Any], *given: Any) -> None:
        try:
            action(*given)
        except FemsuiteError as error:
            for fault in getattr(error, "faults", (Fault(str(error)),)):
                faults.append(Fault(fault.message, fault.file, fault.line, fault.key or key))

    attempt("regions", study.region_options, tagged.regions, tagged.part_of)
    for physics in ("heat", "mechanics"):
        options = getattr(study, physics)
        for place, condition in enumerate(options.conditions if options else ()):
            attempt(f"{physics}.conditions.{place}.surface", tagged.facet_names, condition.surface)
    if study.electric is not None:
        if study.electric.conductors is not None:
            attempt("electric.conductors", tagged.region_names, study.electric.conductors)
        for name, ways in study.electric.ways.items():
            attempt(f"electric.ways.{name}.faces", tagged.facet_names, ways.faces)
            regions = [entry for entry in ways.before if entry not in study.coatings]
            if regions:
                attempt(f"electric.ways.{name}.before", tagged.region_names, regions)
        for room in ("terminals", "sheets"):
            for name, one in getattr(study.electric, room).items():
                attempt(f"electric.{room}.{name}.surface", tagged.facet_names, one.surface)
    if study.mechanics is not None and study.mechanics.frame is not None:
        attempt("mechanics.frame", tagged.region_names, study.mechanics.frame)
    for name, coating in study.coatings.items():
        attempt(f"coatings.{name}.surface", tagged.facet_names, coating.surface)
    for place, stage in enumerate(study.stages):
        for name in stage.source_names:
            attempt(f"stages.{place}.sources.{name}", region_of_source, tagged, name)
        for key in ("born", "killed", "melted", "shrinkage", "intrinsic_stress"):
            for number, name in enumerate(getattr(stage, key, ())):
                where = number if isinstance(getattr(stage, key), tuple) else name
                if name not in study.coatings:
                    attempt(f"stages.{place}.{key}.{where}", region_or_whole, tagged, name)
    if study.topograph is not None:
        attempt("topograph.region", tagged.region_names, study.topograph.region)
        if study.topograph.section.centre is not None:
            attempt("topograph.section.centre", region_of_source, tagged, study.topograph.section.centre)
    if study.radiograph is not None:
        for name, area in study.radiograph.areas.items():
            for key in ("through", "without"):
                for entry in listed(getattr(area, key)):
                    attempt(f"radiograph.areas.{name}.{key}", tagged.region_names, entry)
    for place, measure in enumerate(study.failures):
        attempt(f"failures.{place}.region", tagged.region_names, measure.region)
        if measure.type == "foot":
            attempt(f"failures.{place}.between", foot_line, tagged, measure.between)
        elif measure.region in tagged.regions:
            cracking = measure.type == "cracking"
            attempt(f"failures.{place}.distance", check_distance, tagged, measure.region, measure.distance, cracking)
    for path, sentence in dimension_faults(study, tagged.mesh.geometry.dim):  # of a mesh file it is known only here
        faults.append(Fault(sentence, key=dotted(path)))
    plane = study.mechanics.plane if study.mechanics is not None else None
    if "axis" in tagged.surfaces and plane in ("stress", "strain"):
        sentence = (
            f"the geometry is a meridian, turned about its face 'axis', and '{plane}' would take it for a flat section"
        )
        faults.append(Fault(f'{sentence}; give "axisymmetric" or another model of the geometry', key="mechanics.plane"))
    attempt("quantities", quantities.check, study.quantities, tagged)
    if faults:
        raise study.placed(InputError(*faults))


def region_or_whole(tagged: TaggedMesh, name: str) -> str:
    """Return the name of a region, or of one that regions are parts of.

    Raises:
        InputError: there is neither.
    """
    names = {*tagged.regions, *tagged.part_of.values()}
    if name not in names:
        raise InputError(Fault(unknown("region", name, names)))
    return name


def region_of_source(tagged: TaggedMesh, name: str) -> str:
    """Return the region a heat source of a stage means: ``source_<name>``, or a region of that name.

    Raises:
        InputError: when there is neither.
    """
    for candidate in (f"source_{name}", name):
        if candidate in tagged.regions:
            return candidate
    sources = [region.removeprefix("source_") for region in tagged.regions]
    raise InputError(Fault(unknown("heat source", name, sources)))
