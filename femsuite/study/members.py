"""Every run that a study stands for, checked before the first: the cases of its series and the values of its bands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path as File

from femsuite.errors import Fault, InputError
from femsuite.study.faults import Places
from femsuite.study.load import load
from femsuite.study.locate import Path, dotted
from femsuite.study.model import Study
from femsuite.study.override import key_path
from femsuite.study.series import Member
from femsuite.study.series_checks import missing_columns

type _Run = tuple[str, Path, list[str], Member | None]


def check_members(path: str | File, overrides: Sequence[str], study: Study) -> tuple[int, int]:
    """Check every case of a study's series and every value of its bands. Not collective.

    Args:
        path: as for ``load``.
        overrides: of the command line.
        study: what ``load`` returned for these.

    Returns:
        How many cases there are, and how many other values of a band.

    Raises:
        InputError: with everything that is wrong in one of them, once, and where it occurs.
    """
    told: dict[tuple[str | None, str], tuple[list[str], Fault]] = {}
    members: list[tuple[Member, Study]] = []
    count = {"case": 0, "band": 0}
    for name, where, changes, member in _runs(study):
        count["band" if where[0] == "band" else "case"] += 1
        try:
            found = load(path, [*overrides, *changes], alone=member is not None)
        except InputError as error:
            for fault in error.faults:
                told.setdefault((fault.key, fault.message), ([], _placed(study, fault, where, changes)))[0].append(name)
            continue
        if member is not None:
            members.append((member, found))
    faults = [Fault(f"in {_listed(names)}: {one.message}", one.file, one.line, one.key) for names, one in told.values()]
    if study.series is not None:
        faults += missing_columns(study, members)
    if faults:
        raise InputError(*faults)
    return count["case"], count["band"]


def _runs(study: Study) -> Iterator[_Run]:
    """Return what each run is called, where the study file sets what is special in it, and what sets it."""
    places = {one.name: place for place, one in reversed(list(enumerate(study.band)))}
    if study.series is not None:
        for member in study.series.members(study.band):
            if member.trial is not None:
                estimate, value = member.trial
                yield f"'{member.name}' ({estimate} {value})", ("band", places[estimate]), member.overrides, member
                continue
            case = study.series.cases.index(member.case) if member.case is not None else None
            where: Path = ("series", "axes", 0) if case is None else ("series", "cases", case)
            yield f"the case '{member.name}'", where, member.overrides, member
        if study.series.over_band:
            return
    for place, band in enumerate(study.band):
        for value, changes in band.overrides():
            yield f"the band '{band.name}' with {value}", ("band", place), changes, None


def _placed(study: Study, fault: Fault, where: Path, changes: Sequence[str]) -> Fault:
    """Return a fault with the place in the study file of the case or band whose change brought it about."""
    if study._places is None or fault.key is None:
        return fault
    below = any(dotted(key_path(change.partition("=")[0])).startswith(fault.key) for change in changes)
    changed = any(fault.file == f"--set {change}" for change in changes)
    if not changed and not (below and fault.file == study._places.source.shown):
        return fault
    return Places(study._places.source).fault(where, fault.message, fault.key)


def _listed(names: Iterable[str]) -> str:
    first, *others = dict.fromkeys(names)
    return first + (f" and {len(others)} other{'s' if len(others) > 1 else ''}" if others else "")
