"""The whole study file as one frozen model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from femsuite.conditions.coating import Coating
from femsuite.errors import Fault, InputError, unknown
from femsuite.failure.lives import LifeOptions
from femsuite.failure.measures import FailureOptions
from femsuite.meshing.options import MeshOptions
from femsuite.meshing.tagged import interface_name
from femsuite.process.deposition import Deposit
from femsuite.process.joint import JointOptions
from femsuite.process.method_options import MethodOptions
from femsuite.results.derived import DerivedOptions
from femsuite.results.options import CompareOptions, FitOptions, OutputOptions, PlotOptions, QuantityOptions
from femsuite.study.electric import Electric
from femsuite.study.faults import Places
from femsuite.study.locate import dotted
from femsuite.study.sections import Band, Calibration, Geometry, Heat, Mechanics, Name, Options, Region, Solver
from femsuite.study.series import Series
from femsuite.study.stage_kinds import Stage
from femsuite.topograph.options import TopographOptions
from femsuite.topograph.radiograph_options import RadiographOptions


class Study(Options):
    """A study: what is built, of which materials, what happens to it, and what is asked of the result."""

    format: Literal[1]
    """Version of the study format."""
    name: Name
    """Short name; results go to ``results/<name>``."""
    title: str
    """One line for people; the heading of the report."""
    description: str = ""
    """What the study is about, in a few sentences."""
    source: str = ""
    """The publication that the study follows."""
    geometry: Geometry | None = None
    """What is built. Left out only when ``mesh.file`` reads a finished mesh."""
    mesh: MeshOptions = MeshOptions()
    """How finely it is meshed."""
    regions: Annotated[Mapping[str, Region], Field(min_length=1)]
    """Regions by name or shell pattern (``lead_*``). A full name goes before a pattern."""
    coatings: Mapping[Name, Coating] = Field(default_factory=dict)
    """Thin films on faces, without cells of their own: they conduct along themselves and carry as elastic membranes."""
    deposits: Mapping[Name, Deposit] = Field(default_factory=dict)
    """Coating -> how it is deposited from the vapour: its thickness is then that on a level open face."""
    heat: Heat | None = None
    """Heat conduction; without this table temperatures are uniform."""
    electric: Electric | None = None
    """Electric current; without this table none flows."""
    mechanics: Mechanics | None = None
    """Deformation and stress; without this table none are computed."""
    solver: Solver = Solver()
    """Linear solvers."""
    stages: tuple[Stage, ...] = ()  # type: ignore[valid-type]
    """What happens, one after the other; each stage starts from the state in which the one before left the model. Only
    a study that asks for nothing but a radiograph has none."""
    calibration: Calibration | None = None
    """One number that is found rather than given."""
    topograph: TopographOptions | None = None
    """X-ray topographs of the strained crystal; without this table none are computed."""
    radiograph: RadiographOptions | None = None
    """Absorption radiographs of the undeformed body; without this table none are computed."""
    quantities: tuple[QuantityOptions, ...] = ()
    """Numbers taken from every state: the columns of the result table."""
    joint: JointOptions | None = None
    """The joining material and its process; without this table none is judged."""
    method: MethodOptions | None = None
    """How an opening and its lead are made, step by step; without this table nothing of it is computed."""
    failures: tuple[FailureOptions, ...] = ()
    """What decides whether a part fails: further columns of the result table."""
    lives: tuple[LifeOptions, ...] = ()
    """Cycles to failure of layers, from a stage of cycles."""
    derived: tuple[DerivedOptions, ...] = ()
    """Columns worked out from other columns."""
    fits: tuple[FitOptions, ...] = ()
    """Lines through two columns."""
    plots: tuple[PlotOptions, ...] = ()
    """Columns drawn against each other."""
    compare: tuple[CompareOptions, ...] = ()
    """Our numbers beside published ones."""
    band: tuple[Band, ...] = ()
    """Estimates whose other possible values ``femsuite band`` tries, one at a time."""
    series: Series | None = None
    """Several cases of this study, and what is made of them together; without this table it is one run."""
    output: OutputOptions = OutputOptions()  # type: ignore[call-arg]
    """What is written beside tables and report."""

    _places: Places | None = PrivateAttr(default=None)
    _content_hash: str = PrivateAttr(default="")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.__dict__ == other.__dict__

    @property
    def given_text(self) -> str:
        """The study file as the user wrote it."""
        return self._places.source.text if self._places is not None else ""

    @property
    def content_hash(self) -> str:
        """Hash of everything the results depend on; two runs with the same hash give the same numbers."""
        return self._content_hash

    @property
    def axisymmetric(self) -> bool:
        """Whether the geometry, a section, is a meridian."""
        turned = self.mechanics is not None and self.mechanics.plane == "axisymmetric"
        return turned or (self.heat is not None and self.heat.axisymmetric)

    def coating_columns(self) -> dict[str, tuple[str, str]]:
        """Return the columns of the result table that coatings add -> their units, and what they are of."""
        if self.mechanics is None:
            return {}
        kinds = ("mean_stress", "equivalent_stress")
        return {f"{kind}_{name}": ("Pa", f"coating {name}") for name in self.coatings for kind in kinds}

    @property
    def born_later(self) -> frozenset[str]:
        """Regions that do not exist at the start: what first happens to them is their birth in a stage."""
        later: set[str] = set()
        seen: set[str] = set()
        for stage in self.stages:
            born = set(getattr(stage, "born", ()))
            later |= born - seen
            seen |= born | {*getattr(stage, "killed", ()), *getattr(stage, "melted", ())}
        return frozenset(later)

    def placed(self, error: InputError) -> InputError:
        """Return an error found on the mesh with the file and line of each key that it names."""
        return error if self._places is None else InputError(*(self._places.placed(one) for one in error.faults))

    def region_options(self, names: Iterable[str], part_of: Mapping[str, str] | None = None) -> dict[str, Region]:
        """Return what each region of the model is made of.

        Args:
            names: the regions of the mesh.
            part_of: region -> the region it belongs to, whose material it takes unless it has an entry of its own.
                The layer of a contact takes that of the region named second.

        Raises:
            InputError: a region without an entry or with two patterns that match, or an entry that matches none.
        """
        part_of = part_of or {}
        found: dict[str, Region] = {}
        faults: list[Fault] = []
        used: set[str] = set()
        regions = list(names)
        for name in regions:
            entries = self._entries_for(name) or self._entries_for(self._replaced(name, part_of.get(name, name)))
            used.update(entries)
            if not entries:
                sentence = f"region '{name}' of the geometry has no table; write [regions.{dotted((name,))}]"
                faults.append(Fault(sentence, key="regions"))
            elif len(entries) > 1:
                sentence = f"region '{name}' is matched by {' and '.join(entries)}; give it a table of its own"
                faults.append(Fault(sentence, key="regions"))
            else:
                found[name] = self.regions[entries[0]]
        for entry in self.regions:
            if entry not in used and not self._entry_matches(entry, regions) and not self.regions[entry].optional:
                faults.append(Fault(unknown("region", entry, regions), key=dotted(("regions", entry))))
        if faults:
            raise InputError(*faults)
        return found

    def _replaced(self, name: str, parent: str) -> str:
        """Return the region out of which a contact layer was taken; for any other region its parent."""
        physics = [one.contacts for one in (self.heat, self.electric) if one is not None]
        for contact in (*(name for contacts in physics for name in contacts), *self.mesh.contact_layers):
            first, _, second = contact.partition("|")
            if name == interface_name(first, second):
                return second
        return parent

    def _entries_for(self, name: str) -> list[str]:
        if name in self.regions:
            return [name]
        return [entry for entry in self.regions if fnmatchcase(name, entry)]

    @staticmethod
    def _entry_matches(entry: str, names: list[str]) -> bool:
        return any(fnmatchcase(name, entry) for name in names)
