"""The mesh every other room works on: DOLFINx mesh, tags, and the names that stand for the tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import ufl
from dolfinx.mesh import Mesh, MeshTags

from femsuite.errors import InputError, unknown

Selector = str | Sequence[str]


def interface_name(one: str, other: str) -> str:
    """Return the name of the interface between two regions: ``a|b`` with the names in alphabetical order."""
    return "|".join(sorted((one, other)))


def is_pattern(name: str) -> bool:
    """Return whether the name holds a shell wildcard."""
    return any(character in name for character in "*?[")


@dataclass(frozen=True)
class TaggedMesh:
    """A distributed mesh with named regions, outer surfaces and interfaces.

    Attributes:
        mesh: DOLFINx mesh, in metres, straight cells of one type, ghosts shared over facets.
        cell_tags: every local cell (owned and ghost) has exactly one region tag.
        facet_tags: every outer facet has one surface tag, every facet between two regions one interface tag.
        regions: region name -> cell tag.
        surfaces: name of an outer surface -> facet tag.
        interfaces: ``a|b`` -> facet tag.
        part_of: region -> the region it belongs to.
        source: the .msh file it was read from or kept in, if any.
        axisymmetric: the mesh (2D) is half of a meridian: x is the radius, y the axis.
    """

    mesh: Mesh
    cell_tags: MeshTags
    facet_tags: MeshTags
    regions: Mapping[str, int]
    surfaces: Mapping[str, int]
    interfaces: Mapping[str, int]
    part_of: Mapping[str, str] = field(default_factory=dict)
    source: Path | None = None
    axisymmetric: bool = False

    def parent(self, region: str) -> str:
        """Return the region that ``region`` counts as: the top of its ``part_of`` chain, or itself."""
        return top_of(region, self.part_of)

    def select_regions(self, selector: Selector, what: str = "region") -> tuple[int, ...]:
        """Return the cell tags a selector means, sorted; a region brings along the regions that are part of it.

        Args:
            selector: one name, a shell pattern, or a list of these.
            what: what is being selected, for the sentence of the error (``"region"``).

        Raises:
            InputError: when a name or a pattern matches nothing.
        """
        return tuple(sorted(self.regions[name] for name in self.region_names(selector, what)))

    def region_names(self, selector: Selector, what: str = "region") -> tuple[str, ...]:
        """Return the names of the regions a selector means, in the order of their tags; see `select_regions`."""
        return select_names(selector, {name: _chain(name, self.part_of) for name in self.regions}, what)

    def select_facets(self, selector: Selector, what: str = "surface") -> tuple[int, ...]:
        """Return the facet tags a selector means, sorted.

        A name or pattern without ``|`` means outer surfaces, one with ``|`` means interfaces (in either order of
        the two regions). ``die|mould`` includes ``mould|source_Q5`` when ``source_Q5`` is part of ``die``; an
        interface inside one region (``die|source_Q5``) is only meant by its own name.

        Raises:
            InputError: when a name or a pattern matches nothing.
        """
        return tuple(sorted(self._facet_tag(name) for name in self.facet_names(selector, what)))

    def facet_names(self, selector: Selector, what: str = "surface") -> tuple[str, ...]:
        """Return the names of the surfaces and interfaces a selector means; see `select_facets`."""
        entries = _listed(selector)
        outer = [entry for entry in entries if "|" not in entry]
        inner = [entry for entry in entries if "|" in entry]
        found: list[str] = []
        if outer or not entries:
            found += select_names(outer, {name: (name,) for name in self.surfaces}, what)
        if inner:
            found += select_names(
                inner,
                {name: self._interface_aliases(name) for name in self.interfaces},
                "interface",
                hidden={name for name in self.interfaces if self._is_internal(name)},
            )
        return tuple(dict.fromkeys(found))

    def cells(self, selector: Selector) -> np.ndarray:
        """Return the local cells (owned and ghost) of the selected regions, int32, sorted."""
        tags = self.select_regions(selector)
        return np.sort(self.cell_tags.indices[np.isin(self.cell_tags.values, tags)]).astype(np.int32)

    def facets(self, selector: Selector) -> np.ndarray:
        """Return the local facets (owned and ghost) of the selected surfaces or interfaces, int32, sorted."""
        tags = self.select_facets(selector)
        return np.sort(self.facet_tags.indices[np.isin(self.facet_tags.values, tags)]).astype(np.int32)

    def measure(self, kind: str, degree: int) -> ufl.Measure:
        """Return the measure ``"dx"`` (regions), ``"ds"`` (outer surfaces) or ``"dS"`` (interfaces).

        Args:
            kind: which of the three.
            degree: polynomial degree the quadrature is exact for.
        """
        data = {"dx": self.cell_tags, "ds": self.facet_tags, "dS": self.facet_tags}[kind]
        return ufl.Measure(kind, domain=self.mesh, subdomain_data=data, metadata={"quadrature_degree": degree})

    @property
    def girth(self) -> Any:
        """Length around the axis that a point of an axisymmetric mesh stands for, 2 pi x, m, as UFL; 1 elsewhere."""
        return 2.0 * np.pi * ufl.SpatialCoordinate(self.mesh)[0] if self.axisymmetric else 1.0

    def _facet_tag(self, name: str) -> int:
        return self.surfaces[name] if name in self.surfaces else self.interfaces[name]

    def sides(self, interface: str) -> tuple[str, str]:
        """Return the two regions of an interface (the region of a contact layer has a ``|`` in its own name)."""
        parts = interface.split("|")
        for cut in range(1, len(parts)):
            one, other = "|".join(parts[:cut]), "|".join(parts[cut:])
            if one in self.regions and other in self.regions:
                return one, other
        raise InputError(unknown("interface", interface, self.interfaces))

    def _is_internal(self, interface: str) -> bool:
        one, other = self.sides(interface)
        return self.parent(one) == self.parent(other)

    def _interface_aliases(self, name: str) -> tuple[str, ...]:
        one, other = self.sides(name)
        pairs = [(one, other)]
        if not self._is_internal(name):
            pairs = [(a, b) for a in _chain(one, self.part_of) for b in _chain(other, self.part_of)]
        return tuple(dict.fromkeys(f"{a}|{b}" for pair in pairs for a, b in (pair, pair[::-1])))


def top_of(region: str, part_of: Mapping[str, str]) -> str:
    """Return the last region of the chain region -> the region it is part of -> ..."""
    return _chain(region, part_of)[-1]


def select_names(
    selector: Selector, aliases: Mapping[str, Iterable[str]], what: str, hidden: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the names a selector means, in the order of ``aliases``.

    Args:
        selector: one name, a shell pattern, or a list of these.
        aliases: name -> everything it answers to.
        what: what is being selected, for the error's sentence.
        hidden: names that no pattern matches, only themselves in full.

    Raises:
        InputError: with one fault for every entry that matches nothing.
    """
    answers = {name: tuple(also) for name, also in aliases.items()}
    found: set[str] = set()
    faults = []
    entries = _listed(selector)
    if not entries:
        faults.append(f"the list of {what} names is empty")
    for entry in entries:
        if is_pattern(entry):
            hits = [
                name
                for name, also in answers.items()
                if name not in hidden and any(fnmatchcase(alias, entry) for alias in also)
            ]
        else:
            hits = [name for name, also in answers.items() if entry in also]
        if not hits:
            faults.append(unknown(what, entry, answers))
        found.update(hits)
    if faults:
        raise InputError(*faults)
    return tuple(name for name in answers if name in found)


def _listed(selector: Selector) -> list[str]:
    return [selector] if isinstance(selector, str) else list(selector)


def _chain(region: str, part_of: Mapping[str, str]) -> tuple[str, ...]:
    chain = [region]
    while chain[-1] in part_of:
        chain.append(part_of[chain[-1]])
    return tuple(chain)
