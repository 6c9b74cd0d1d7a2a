"""From a study to the problems that are solved: mesh, materials, heat and mechanics, built once for all stages."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from femsuite import parallel
from femsuite.conditions.terminal import Drive
from femsuite.errors import Fault, InputError
from femsuite.material.conductors import Conductors, conducting
from femsuite.material.field import Assignment, MaterialField
from femsuite.material.file import load as load_material
from femsuite.material.laws import Law, law
from femsuite.meshing.tagged import TaggedMesh, interface_name
from femsuite.names import check_names, region_of_source
from femsuite.physics.coatings import Coatings
from femsuite.physics.current_shares import Shares
from femsuite.physics.electric_current import OPEN, ElectricCurrent
from femsuite.physics.heat import HeatProblem
from femsuite.physics.mechanics import MechanicsProblem
from femsuite.physics.mechanics_leg import Leg
from femsuite.process.deposition import deposit, in_words
from femsuite.solve.monitor import Monitor
from femsuite.study.model import Study

LOG = logging.getLogger("femsuite")
WAITING = 298.15
"""Temperature (K) of a region that does not exist yet, in a body of which nothing else is known."""
THERMAL = ("thermal_conductivity", "density", "heat_capacity")
MECHANICAL = ("stiffness", "expansion", "stress_free_temperature")


@dataclass
class Model:
    """What a study builds before anything is solved.

    Args:
        study: the study.
        tagged: its mesh.
        materials: its materials on that mesh.
        heat: the heat problem, None when the study has no heat.
        mechanics: the mechanics problem, None when the study has none.
        monitor: collects what the solves did.
        came_from: temperature (K) at the start of the present ramp.
        leg: the leg of a process that is under way; None in a state that the study asks for.
        paused: called within a leg where the run may be left and taken up again without a difference; collective.
        ways: where the current divides.
        loops: inelastic strain summed over the body (m^3) at the start and at the cold end of each cycle of this stage.
    """

    study: Study
    tagged: TaggedMesh
    materials: MaterialField
    heat: HeatProblem | None
    mechanics: MechanicsProblem | None
    monitor: Monitor
    came_from: float = math.nan
    leg: Leg | None = None
    paused: Callable[[], None] = lambda: None
    loops: tuple[float, ...] = ()
    ways: Mapping[str, Shares] = field(default_factory=dict)

    def region_of_source(self, name: str) -> str:
        """Return the region a heat source of a stage means: ``source_<name>``, or a region of that name.

        Raises:
            InputError: when there is neither.
        """
        return region_of_source(self.tagged, name)

    def set_drives(self, drives: Mapping[str, Drive]) -> None:
        """Feed the terminals with these voltages and currents, and every other one with its own of the study."""
        if self.heat is None or self.heat.current is None:
            return
        assert self.study.electric is not None
        own = {name: one.drive or OPEN for name, one in self.study.electric.terminals.items()}
        self.heat.current.drives = {**own, **drives}

    def set_sources(self, powers: dict[str, float]) -> None:
        """Switch the named sources on with these powers (W), and every other source off."""
        assert self.heat is not None
        wanted = {self.region_of_source(name): watts for name, watts in powers.items()}
        for region in self.tagged.regions:
            if region.startswith("source_") or region in wanted:
                self.heat.set_power(region, wanted.get(region, 0.0))


def build_materials(study: Study, tagged: TaggedMesh) -> MaterialField:
    """Return the study's materials on its mesh.

    Raises:
        InputError: for regions without material, missing properties, missing stress-free temperatures or orientations.
    """

    def assign() -> dict[str, Assignment]:
        options = study.region_options(tagged.regions, tagged.part_of)
        assignments, faults = {}, []
        later = with_parts(study.born_later, tagged)
        # What is born in the first stage is born at the temperature that the body has at the start.
        known = [one.stress_free_temperature for name, one in options.items() if name not in later]
        waiting = max((one for one in known if one is not None), default=WAITING)
        for name, region in options.items():
            material = load_material(region.material)
            if region.thickness is not None:
                material = material.given(thickness=region.thickness)
            orientation = region.crystal.orientation() if region.crystal is not None else None
            if orientation is not None and tagged.mesh.geometry.dim == 2:
                orientation = replace(orientation, model="axisymmetric" if tagged.axisymmetric else "section")
            if study.mechanics is not None:
                if region.stress_free_temperature is None and name not in later:
                    faults.append(
                        Fault(
                            "a stress-free temperature is needed for mechanics, and is never assumed",
                            key=f"regions.{name}",
                        )
                    )
                if material.crystal is not None and orientation is None:
                    faults.append(
                        Fault(
                            f"'{region.material}' is a {material.crystal} crystal and needs its orientation: "
                            "crystal = { normal = [1, 1, 1], edge = [1, -1, 0] }",
                            key=f"regions.{name}",
                        )
                    )
            free = region.stress_free_temperature
            if free is None and name in later:
                free = waiting
            assignments[name] = Assignment(material, orientation, free)
        if faults:
            raise InputError(*faults)
        return assignments

    field = MaterialField(tagged, parallel.on_root(assign))
    needs = [*(THERMAL[:1] if study.heat else ()), *(MECHANICAL if study.mechanics else ())]
    if any(stage.type == "transient" for stage in study.stages):
        needs += THERMAL[1:]
    field.requires(needs)
    return field


def build_model(study: Study, tagged: TaggedMesh, monitor: Monitor) -> Model:
    """Return the problems of a study on its mesh. Collective.

    Raises:
        InputError: when materials, surfaces or conditions do not fit the mesh.
    """
    check_names(study, tagged)
    materials = build_materials(study, tagged)
    for place, measure in enumerate(study.failures):
        try:
            measure.check(materials.assignments[tagged.region_names(measure.region)[0]].material)
        except InputError as error:
            raise InputError(*(Fault(fault.message, key=f"failures.{place}") for fault in error.faults)) from error
    order = study.mesh.order
    films = build_coatings(study, tagged, materials)
    heat = build_heat(study, tagged, materials, films, monitor) if study.heat is not None else None
    mechanics = None
    if study.mechanics is not None:
        mechanics = MechanicsProblem(
            tagged,
            materials,
            study.mechanics.conditions,
            order=order,
            law=laws_of(study, tagged),
            support=study.mechanics.support,
            preset=study.solver.mechanics,
            plane=study.mechanics.plane,
            frame_region=study.mechanics.frame,
            films=films,
            films_born={
                name: (
                    math.nan if one.stress_free_temperature is None else one.stress_free_temperature,
                    one.intrinsic_stress,
                )
                for name, one in study.coatings.items()
            },
            monitor=monitor,
        )
        if study.born_later:
            mechanics.change(gone=sorted(study.born_later))
    ways = {} if heat is None or heat.current is None else build_ways(study, tagged, heat.current, films)
    return Model(study, tagged, materials, heat, mechanics, monitor, ways=ways)


def build_heat(
    study: Study, tagged: TaggedMesh, materials: MaterialField, films: Coatings | None, monitor: Monitor
) -> HeatProblem:
    """Return the heat problem of a study with its current, whose paths are checked for all stages. Collective.

    Raises:
        InputError: a condition, terminal or sheet does not fit the mesh, or a current of some stage has no way out.
    """
    assert study.heat is not None
    heat = HeatProblem(
        tagged,
        materials,
        study.heat.conditions,
        initial=study.heat.ambient,
        order=study.mesh.order,
        preset=study.solver.heat,
        contacts=contact_layers(study, materials),
        axisymmetric=tagged.axisymmetric,
        coatings=films,
        monitor=monitor,
    )
    if study.electric is not None:
        current = build_current(study, tagged, materials, heat, films)
        heat.couple(current, study.solver.electric)
        own = dict(current.drives)
        for drives in (point.drives for stage in study.stages for point in stage.points()):
            current.drives = {**own, **drives}
            current.check_paths()
        current.drives = own
    return heat


def check_currents(study: Study, tagged: TaggedMesh) -> None:
    """Raise what is wrong with conductors and paths of a study's currents, before anything is solved. Collective.

    Raises:
        InputError: as `build_heat`.
    """
    if study.electric is not None:
        thermal = study.model_copy(update={"mechanics": None})
        materials = build_materials(thermal, tagged)
        build_heat(thermal, tagged, materials, build_coatings(thermal, tagged, materials), Monitor())


def build_ways(study: Study, tagged: TaggedMesh, current: ElectricCurrent, films: Coatings | None) -> dict[str, Shares]:
    """Return what tells how the current divides, by its name in the study."""
    assert study.electric is not None
    found = {}
    for name, one in study.electric.ways.items():
        coats = [entry for entry in one.before if entry in study.coatings]
        regions = [entry for entry in one.before if entry not in study.coatings]
        cells = tagged.cells(regions) if regions else np.empty(0, dtype=np.int32)
        found[name] = Shares(current, tagged.facet_names(one.faces), cells, films, coats)
    return found


def build_coatings(study: Study, tagged: TaggedMesh, materials: MaterialField) -> Coatings | None:
    """Return the films without cells, None without any; their materials are listed with those of the regions."""
    if not study.coatings:
        return None
    loaded = parallel.on_root(lambda: {name: load_material(one.material) for name, one in study.coatings.items()})
    materials.films.update({name: Assignment(one) for name, one in loaded.items()})
    films = Coatings(tagged, {name: (one.surface, loaded[name], one.thickness) for name, one in study.coatings.items()})
    for layer in films.layers:
        if layer.name in study.deposits:
            options = study.deposits[layer.name]
            LOG.info("%s", in_words(layer.name, options, deposit(tagged, layer, options)))
    return films


def build_current(
    study: Study, tagged: TaggedMesh, materials: MaterialField, heat: HeatProblem, films: Coatings | None
) -> ElectricCurrent:
    """Return the current through the study's conductors.

    Raises:
        InputError: a conductor has no resistivity, or a terminal touches none.
    """
    options = study.electric
    assert options is not None
    layers = {interface_name(*name.split("|")): one for name, one in options.contacts.items()}
    regions = conducting(materials) if options.conductors is None else tagged.region_names(options.conductors)
    carriers = [name for name in tagged.regions if name in regions and name not in layers]
    coated = [name for name, one in study.coatings.items() if one.conducts]
    if not carriers and not coated:
        raise InputError(Fault("no region conducts; name some with conductors", key="electric.conductors"))
    return ElectricCurrent(
        tagged,
        Conductors(materials, carriers),
        tagged.cells([*carriers, *layers]) if carriers or layers else np.empty(0, dtype=np.int32),
        heat.temperature,
        options.terminals,
        options.sheets,
        layers=[(tagged.cells(name), one.thickness / one.resistance) for name, one in layers.items()],
        order=study.mesh.order,
        axisymmetric=tagged.axisymmetric,
        coatings=films,
        carriers=coated,
        sets=heat.forms.sets,
    )


def with_parts(names: Iterable[str], tagged: TaggedMesh) -> frozenset[str]:
    """Return regions together with those that are part of them."""
    wanted = set(names)
    return frozenset(wanted | {name for name, parent in tagged.part_of.items() if parent in wanted})


def laws_of(study: Study, tagged: TaggedMesh) -> str | dict[str, Law]:
    """Return the law of every region, or one word where all share an elastic law and none comes or goes."""
    assert study.mechanics is not None
    options = study.region_options(tagged.regions, tagged.part_of)
    moving = any(getattr(stage, key, ()) for stage in study.stages for key in ("born", "killed", "melted"))
    if not moving and all(one.law in (None, study.mechanics.law) and one.law_set is None for one in options.values()):
        return study.mechanics.law
    return {name: law(one.law or study.mechanics.law, one.law_set, one.strength) for name, one in options.items()}


def contact_layers(study: Study, materials: MaterialField) -> dict[str, tuple[float, float]]:
    """Return interface -> resistance (m^2 K/W) and thickness (m) of the layer that stands for each contact.

    A layer of thickness t takes the place of that much of the region named second, so it carries that material's own
    t / k too, with k through the layer taken as the mean over the axes at the study's ambient temperature.
    """
    assert study.heat is not None
    found = {}
    for name, contact in study.heat.contacts.items():
        replaced = materials.assignments[interface_name(*name.split("|"))].material
        conductivity = float(np.mean(replaced.conductivity(np.array(study.heat.ambient))))
        found[name] = (contact.resistance + contact.thickness / conductivity, contact.thickness)
    return found


def estimated_cost(tagged: TaggedMesh, order: int) -> dict[str, float]:
    """Return how large the problems will be: unknowns of heat and mechanics, and bytes that mechanics will need.

    The memory is a fit to whole runs of this suite on two ranks, all ranks together: 0.6 GB and 12 kB for each unknown
    of mechanics (4.97 GiB measured at 393,372).
    """
    topology = tagged.mesh.topology
    topology.create_entities(1)
    dimension = tagged.mesh.geometry.dim
    nodes = topology.index_map(0).size_global
    if order == 2:
        nodes += topology.index_map(1).size_global
        cell = tagged.mesh.basix_cell().name
        if cell in (
            "quadrilateral",
            "hexahedron",
        ):  # those have nodes in their middles too, and in those of their faces
            nodes += topology.index_map(topology.dim).size_global
        if cell == "hexahedron":
            topology.create_entities(2)
            nodes += topology.index_map(2).size_global
    return {
        "cells": float(topology.index_map(topology.dim).size_global),
        "heat_unknowns": float(nodes),
        "mechanics_unknowns": float(nodes * dimension),
        "memory_bytes": 6.0e8 + 1.2e4 * nodes * dimension,
    }
