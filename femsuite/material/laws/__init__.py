"""Constitutive laws at quadrature points: one file and one line here for each."""

from femsuite.errors import InputError, unknown
from femsuite.material.laws.elastic import IncrementalElastic, TotalElastic
from femsuite.material.laws.law import Law, Response, Step
from femsuite.material.laws.over_mesh import LawField

LAWS: dict[str, Law] = {
    "incremental": IncrementalElastic(),
    "total": TotalElastic(),
}


def law(name: str) -> Law:
    """Return the law of that name.

    Raises:
        InputError: if there is none.
    """
    if name not in LAWS:
        raise InputError(unknown("law", name, LAWS))
    return LAWS[name]


__all__ = ["LAWS", "Law", "LawField", "Response", "Step", "law"]
