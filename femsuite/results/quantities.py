"""Numbers taken from a state: what the columns of the result table are.

A kind is a function ``(component, part, options, tagged) -> (value, unit)``; a new one is a function here or in a file
of its own, and one line in ``KINDS``. All are collective and give the same on any number of ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from dolfinx.geometry import bb_tree, compute_colliding_cells, compute_collisions_points

from femsuite import parallel
from femsuite.errors import Fault, InputError, unknown
from femsuite.meshing.tagged import TaggedMesh
from femsuite.results.bow import Bow, bow
from femsuite.results.components import Component, component
from femsuite.results.names import FACE_KINDS
from femsuite.results.options import QuantityOptions, convert, difference_unit
from femsuite.results.selection import Part, part
from femsuite.results.state import State
from femsuite.units import registry


@dataclass(frozen=True)
class Number:
    """A number with its unit and what it was taken over."""

    value: float
    unit: str
    over: str


def mean(what: Component, where: Part, options: QuantityOptions) -> tuple[float, str]:
    """Integral over the part divided by its size."""
    return where.integral(_expression(what)) / where.size(), what.unit


def integral(what: Component, where: Part, options: QuantityOptions) -> tuple[float, str]:
    """Integral over the part: per m^3 of regions, per m^2 of surfaces."""
    product = registry().Unit(what.unit or "dimensionless") * registry().Unit(where.size_unit)
    return where.integral(_expression(what)), f"{product:~C}"


def minimum(what: Component, where: Part, options: QuantityOptions) -> tuple[float, str]:
    """Smallest value at the nodes of the part, second-order nodes included."""
    return _extremes(what, where)[0], what.unit


def maximum(what: Component, where: Part, options: QuantityOptions) -> tuple[float, str]:
    """Largest value at the nodes of the part, second-order nodes included."""
    return _extremes(what, where)[1], what.unit


def value_range(what: Component, where: Part, options: QuantityOptions) -> tuple[float, str]:
    """Largest minus smallest value at the nodes of the part."""
    low, high = _extremes(what, where)
    return high - low, difference_unit(what.unit)


def point(what: Component, where: Part, options: QuantityOptions) -> tuple[float, str]:
    """Value at one point; a discontinuous field is taken from the selected regions."""
    place, cells = located(where, options)
    here = np.array([np.inf])
    if len(cells):
        values = np.asarray(what.function.eval(place, cells[:1])).reshape(1, *what.function.function_space.value_shape)
        here = np.asarray(what.evaluate(values), dtype=float).reshape(1)
    return float(parallel.smallest(here, where.tagged.mesh.comm)[0]), what.unit


def located(where: Part, options: QuantityOptions) -> tuple[np.ndarray, np.ndarray]:
    """Return a point (1, 3) and the local cell that holds it (none on the ranks that do not have it); collective.

    Raises:
        InputError: the point does not lie in the selected part.
    """
    assert options.at is not None
    mesh = where.tagged.mesh
    place = np.array([[amount.to("m") for amount in options.at]])
    candidates = compute_collisions_points(bb_tree(mesh, mesh.topology.dim, padding=1e-12), place)
    hits = compute_colliding_cells(mesh, candidates, place).links(0)
    if where.kind == "region":
        hits = np.intersect1d(hits, where.tagged.cells(where.selector)).astype(np.int32)
    # The same cell on any number of ranks: the one that came first in the mesh file.
    names = np.asarray(mesh.topology.original_cell_index)[hits].astype(float)
    first = parallel.smallest(np.array([names.min(initial=np.inf)]), mesh.comm)[0]
    if not np.isfinite(first):
        shown = ", ".join(str(amount) for amount in options.at)
        raise InputError(f"the point ({shown}) does not lie in '{where}'.")
    return place, hits[names == first]


def _bow(what: Component, where: Part, options: QuantityOptions) -> Bow:
    return bow(what.function, where, options.normal)


def peak_to_valley(what: Component, where: Part, options: QuantityOptions) -> tuple[float, str]:
    """Peak to valley of a face's displacement, against the best plane."""
    return _bow(what, where, options).peak_to_valley, "m"


def radius_x(what: Component, where: Part, options: QuantityOptions) -> tuple[float, str]:
    """Radius of curvature along the first axis in the face."""
    return _bow(what, where, options).radius_x, "m"


def radius_y(what: Component, where: Part, options: QuantityOptions) -> tuple[float, str]:
    """Radius of curvature along the second axis in the face."""
    return _bow(what, where, options).radius_y, "m"


Kind = Callable[[Component, Part, QuantityOptions], tuple[float, str]]
KINDS: Mapping[str, Kind] = {
    "mean": mean,
    "integral": integral,
    "minimum": minimum,
    "maximum": maximum,
    "range": value_range,
    "point": point,
    "bow": peak_to_valley,
    "radius_x": radius_x,
    "radius_y": radius_y,
}


def check(options: Sequence[QuantityOptions], tagged: TaggedMesh) -> None:
    """Raise all that is wrong with the quantities of a study before anything is solved.

    Raises:
        InputError: one fault for every unknown kind, unmatched selector, repeated name.
    """
    faults: list[Fault | str] = []
    seen: set[str] = set()
    for index, one in enumerate(options):
        key = f"quantities.{index} ({one.name})"
        if one.name in seen:
            faults.append(Fault("the name is used twice", key=key))
        seen.add(one.name)
        if one.kind not in KINDS:
            faults.append(Fault(unknown("kind", one.kind, KINDS), key=key))
        try:
            where = part(tagged, one.over, "surface" if one.kind in FACE_KINDS else one.where)
            if one.kind == "point" and one.at is not None:
                located(where, one)
        except InputError as error:
            faults += [Fault(fault.message, key=f"{key}.over") for fault in error.faults]
    if faults:
        raise InputError(*faults)


def evaluate(options: QuantityOptions, state: State, tagged: TaggedMesh) -> Number:
    """Return one quantity of one state; collective.

    Raises:
        InputError: for an unknown kind, field, part of a field, region or surface; names the quantity.
    """
    try:
        if options.kind not in KINDS:
            raise InputError(unknown("kind", options.kind, KINDS))
        face = options.kind in FACE_KINDS
        name = f"{options.field}.magnitude" if face and "." not in options.field else options.field
        what = component(name, state.functions())
        where = part(tagged, options.over, "surface" if face else options.where)
        value, unit = KINDS[options.kind](what, where, options)
        if options.minus is not None:
            value -= options.minus.to(unit)
            unit = difference_unit(unit)
        if options.unit is not None:
            wanted = difference_unit(options.unit) if options.minus is not None else options.unit
            value, unit = convert(value, unit, wanted, options.kind == "range"), wanted
    except InputError as error:
        raise InputError(*(Fault(fault.message, key=f"quantities.{options.name}") for fault in error.faults)) from error
    except ValueError as error:
        raise InputError(Fault(str(error), key=f"quantities.{options.name}")) from error
    return Number(value, unit, str(where))


def _expression(what: Component) -> object:
    if what.expression is None:
        raise InputError(f"'{what.name}' is only known at nodes: take its minimum, maximum or a point, not its mean.")
    return what.expression


def _extremes(what: Component, where: Part) -> tuple[float, float]:
    values = np.asarray(what.evaluate(where.values(what.function)[1]), dtype=float)
    comm = where.tagged.mesh.comm
    low = parallel.smallest(np.array([values.min(initial=np.inf)]), comm)[0]
    high = parallel.largest(np.array([values.max(initial=-np.inf)]), comm)[0]
    return float(low), float(high)
