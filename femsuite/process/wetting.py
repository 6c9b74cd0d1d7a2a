"""How well a bonding material wets a frame, as CN101185991 measured it. Nothing here is computed.

What a model may say about wetting stands apart in `wetting_reasons`; the two must not be mixed in a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from femsuite.errors import InputError, unknown
from femsuite.process.phase_diagram import ZINC_MELTS

type Grade = Literal["good", "middling", "bad"]

GOOD, MIDDLING = 0.90, 0.75
"""Wetted share of the die's area from which wetting is good, and middling (CN101185991, seed)."""

NOT_A_PREDICTION = "Measured in CN101185991 (a source document of this project), not predicted by this model."

PLATINGS = ("Cu", "Ni", "Ni/Ag", "Ni/Au")
"""Of the copper frame: bare, nickel, nickel with silver or gold on it."""

_CLEAN = "the face that melts is zinc with less than 0.01 wt% Al: it wets before zinc and aluminium make an oxide film"
_COPPER = "clean zinc, but on copper; the document gives no reason why copper takes it less well than nickel"
_FILM = "the melt holds aluminium: a firm film of its oxide forms at once and stays, as nothing breaks it"
_HOT = "above the melting point of zinc all of it is liquid and hot enough to wet"


@dataclass(frozen=True)
class Wetting:
    """One result of the document.

    Args:
        examples: which of its examples or comparisons, in words.
        material: what was molten.
        plating: of the frame.
        temperature: K, of the bonding; the lowest where only "above" is said.
        least: lowest wetted share that the document allows.
        most: highest.
        grade: that of the document.
        reason: why.
        note: what the document leaves open.
        likely: whether this is the likely reading of the document, where it can be read in two ways.
        status: always ``seed``.
    """

    examples: str
    material: str
    plating: str
    temperature: float
    least: float
    most: float
    grade: Grade
    reason: str
    note: str = ""
    likely: bool = True
    status: Literal["seed"] = "seed"

    @property
    def sentence(self) -> str:
        """The result in words."""
        where = "above" if self.temperature == ZINC_MELTS else "at"
        at = f"{where} {self.temperature - 273.15:.0f} degC"
        if self.least == self.most:
            share = f"about {self.least:.0%}"
        else:
            share = f"{self.least:.0%} or more" if self.most == 1.0 else f"less than {self.most:.0%}"
        said = f"{self.material} on {self.plating} {at} wets {share} of the area ({self.grade}): {self.reason}."
        origin = NOT_A_PREDICTION if self.likely else "This is the less likely of two readings of CN101185991."
        return f"{said} {origin}" + (f" {self.note}" if self.note else "")


def grade(share: float) -> Grade:
    """Return the document's grade of a wetted share: good from 90 %, middling from 75 %, else bad.

    Raises:
        InputError: for a share that is not from 0 to 1.
    """
    if not 0.0 <= share <= 1.0:
        raise InputError(f"wetting: a wetted share lies from 0 to 1; given is {share:g}")
    return "good" if share >= GOOD else "middling" if share >= MIDDLING else "bad"


_READ_AS = (
    "The document names Zn-6Al and Zn together for comparisons 1 to 4, but its reason (a film on molten Zn-Al) fits "
    "Zn-6Al alone, and zinc is solid at 400 degC."
)
_READ_HOT = (
    "The document does not name the material of comparisons 5 to 8; bonding above the melting point of zinc points to "
    "Zn. The dies cracked on cooling or in the reflow test."
)


def _measured() -> tuple[Wetting, ...]:
    rows = [
        Wetting("examples 1 to 12", "clad", plating, 673.15, 0.90, 1.0, "good", _CLEAN)
        if plating != "Cu"
        else Wetting("examples 1 to 12", "clad", plating, 673.15, 0.80, 0.80, "middling", _COPPER)
        for plating in PLATINGS
    ]
    for material in ("Zn-6Al", "Zn"):
        for plating in PLATINGS:
            hardly = " Hardly anything was wetted on this frame." if plating in ("Cu", "Ni") else ""
            why = _FILM if material == "Zn-6Al" else "zinc has not melted"
            note = f"{_READ_AS}{hardly}"
            likely = material == "Zn-6Al"
            rows.append(
                Wetting("comparisons 1 to 4", material, plating, 673.15, 0.0, MIDDLING, "bad", why, note, likely)
            )
    for material in ("Zn", "Zn-6Al"):
        rows += [
            Wetting(
                "comparisons 5 to 8",
                material,
                plating,
                ZINC_MELTS,
                0.90,
                1.0,
                "good",
                _HOT,
                _READ_HOT,
                material == "Zn",
            )
            for plating in PLATINGS
        ]
    return tuple(rows)


MEASURED = _measured()
"""Die attach: by material, plating and temperature. The joints of examples 1 to 12 lost no area in three reflows."""


@dataclass(frozen=True)
class Sealing:
    """One result of the document for the seal of a cap at 400 degC: hermetic or not, two grades only."""

    examples: str
    material: str
    plating: str
    hermetic: bool
    reason: str
    status: Literal["seed"] = "seed"


SEALED = (
    *(
        Sealing("examples 13 to 24", "clad", plating, plating != "Cu", _CLEAN if plating != "Cu" else
                "unwetted spots and voids on bare copper")
        for plating in PLATINGS
    ),
    *(
        Sealing("comparisons 9 to 12", "Zn-6Al", plating, False, f"{_FILM}; unwetted spots and voids")
        for plating in PLATINGS
    ),
)  # fmt: skip
"""Seals of a cap: by material and plating."""


def measured(material: str, plating: str, temperature: float) -> Wetting:
    """Return what the document measured.

    Args:
        material: ``clad``, ``Zn-6Al`` or ``Zn``.
        plating: one of `PLATINGS`.
        temperature: K; 400 degC, or anything above the melting point of zinc (not for the clad).

    Raises:
        InputError: for what the document did not measure.
    """
    check_names(material, plating)
    for row in MEASURED:
        if (row.material, row.plating) == (material, plating) and (
            temperature >= ZINC_MELTS if row.temperature == ZINC_MELTS else abs(temperature - row.temperature) < 0.5
        ):
            return row
    raise InputError(
        f"wetting: CN101185991 did not try {material} on {plating} at {temperature - 273.15:.0f} degC, only at 400 degC"
        f"{'' if material == 'clad' else ' and above 420 degC'}"
    )


def sealed(material: str, plating: str) -> Sealing:
    """Return whether the document's seal of a cap of this material on this plating was hermetic.

    Raises:
        InputError: for what the document did not try.
    """
    check_names(material, plating)
    for row in SEALED:
        if (row.material, row.plating) == (material, plating):
            return row
    raise InputError(f"wetting: CN101185991 did not seal a cap with {material}, only with the clad and with Zn-6Al")


def check_names(material: str, plating: str) -> None:
    """Refuse a material or plating that the document does not know.

    Raises:
        InputError: with the names that it knows.
    """
    names = {row.material for row in MEASURED}
    if material not in names:
        raise InputError(f"wetting: {unknown('bonding material', material, names)}")
    if plating not in PLATINGS:
        raise InputError(f"wetting: {unknown('plating', plating, PLATINGS)}")
