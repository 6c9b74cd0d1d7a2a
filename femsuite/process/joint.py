"""The ``[joint]`` table of a study: what bonding, wetting and reflow make of the joint, beside its mechanics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from femsuite.errors import InputError
from femsuite.material import file
from femsuite.process import cap_seal, flush, phase_diagram, reflow, wetting, wetting_reasons, zinc_face
from femsuite.process.bonding import bond
from femsuite.process.cavity import Cavity
from femsuite.process.clad import Clad, weld
from femsuite.process.later_heat import later_heat
from femsuite.process.profile import Profile, profile
from femsuite.units import Length, Stress, Temperature, Time

GRADES = {"bad": 0.0, "middling": 1.0, "good": 2.0}
"""Grades of wetting as numbers of a table."""
FACE_ALUMINIUM = {"Zn-6Al": 0.06, "Zn": 0.0}
"""Mass fraction of aluminium on the face of a joining material without a clad."""
MELTS_AS = {"clad": "ZnAl_eutectic", "Zn-6Al": "ZnAl_eutectic"}
"""Joining material -> the material whose file says when it melts; any other has a file of its own name."""

LEAST_SEAM = 1e-6
"""Pa of peel per Pa in the melt that an edge is given at least: a seam pressed shut feels none or less, and an edge
needs a load above zero. So little opens nothing: 1 MPa of adhesion then holds against 1 TPa."""

type Plating = Literal["Cu", "Ni", "Ni/Ag", "Ni/Au"]


class JointOptions(BaseModel):
    """``[joint]``: the joining material and its process."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    material: str = "clad"
    """``clad`` (Zn/Al/Zn), ``Zn-6Al``, ``Zn``, or a solder by the name of its material file."""
    region: tuple[str, ...] = ("joint", "bond_*", "aluminium", "zinc_*")
    """Regions of the joint, for the cavity of its melt; those that the geometry has."""
    zinc: Annotated[Length, Field(gt=0.0)] = 10e-6
    """Each Zn layer of the clad as laid."""
    aluminium: Annotated[Length, Field(gt=0.0)] = 50e-6
    """Al layer of the clad as laid."""
    platings: Annotated[tuple[Plating, ...], Field(min_length=1)] = ("Cu", "Ni", "Ni/Ag", "Ni/Au")
    """Of frames whose wetting is judged; ``Cu`` is bare."""
    roughness: Annotated[Length, Field(gt=0.0)] = 5e-6
    """Peak to valley of the frame's face (estimate)."""
    temperature: Temperature = 673.15
    """Of the bonding."""
    time: Annotated[Time, Field(gt=0.0)] = 60.0
    """Of the bonding."""
    reduction: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.6
    """Of the thickness in clad rolling, or in one stroke of a press (estimate)."""
    rolling_pressure: Annotated[Stress, Field(gt=0.0)] = 300e6
    """On the layers' interfaces then (estimate)."""
    rolled_at: Temperature = 298.15
    """Of rolling or pressing the clad, and of its storage."""
    rolled_for: Annotated[Time, Field(ge=0.0)] = 600.0
    """Time at that temperature (estimate)."""
    inside: str | None = None
    """Where the joint seals a cap: the attach of the die inside, one of `femsuite.process.cap_seal.ATTACHES`."""
    peak: Temperature = 533.15
    """Of the reflow."""
    adhesion: Annotated[tuple[Stress, ...], Field(min_length=1)] = (1e6, 3e6, 10e6)
    """Strength of the seam between resin and frame at the peak: the band (estimate)."""
    compliance_factors: Annotated[tuple[float, ...], Field(min_length=1)] = (0.5, 1.0, 2.0)
    """The cavity's compliance is that of the solve times each of these: the band."""


@dataclass
class JointResult:
    """What was found.

    Args:
        numbers: name -> value, unit, what it is.
        sentences: in words, for the report.
        profile: aluminium across the joint, where it was a clad.
    """

    numbers: dict[str, tuple[float, str, str]] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    profile: Profile | None = None

    def add(self, name: str, value: float, unit: str, over: str) -> None:
        """Add a number."""
        self.numbers[f"joint.{name}"] = (float(value), unit, over)


def evaluate(options: JointOptions, cavity: Cavity | None) -> JointResult:
    """Return what the process makes of a joint.

    Args:
        options: the table.
        cavity: of the joint in the package, None where no resin encloses it.

    Raises:
        InputError: for a material or temperatures that the models do not cover.
    """
    found = JointResult()
    _bonding(options, found)
    _wetting(options, found)
    _reflow(options, cavity, found)
    if options.inside is not None:
        _cap(options, options.inside, found)
    return found


def _cap(options: JointOptions, inside: str, found: JointResult) -> None:
    """Say what sealing does to the attach inside, and what the source found of such seals."""
    step = cap_seal.inside(inside, options.temperature)
    margin = min(step.margin, 1e4)  # of what neither melts nor softens
    found.add(
        "inside_margin", margin, "K", f"{inside} below the first thing that sealing does to it; {step.attach.status}"
    )
    found.sentences.append(step.sentence)
    if options.material not in ("clad", "Zn-6Al"):
        return
    for plating in options.platings:
        made = cap_seal.seal(plating, options.material)
        if made.channels is not None:
            name = f"leak_channels_{plating.replace('/', '_')}"
            found.add(
                name, made.channels, "", "straight channels across the seal at the wetted share measured; estimate"
            )
        found.sentences += made.sentences


def _bonding(options: JointOptions, found: JointResult) -> None:
    if options.material != "clad":
        return
    _rolling(options, found)
    made = bond(Clad(options.zinc, options.aluminium), options.temperature, options.time)
    over = "phase diagram and mass; liquidus unchecked"
    found.profile = profile(made)
    found.add("melts", float(made.mode != "solid diffusion"), "", "1 where zinc and aluminium melt at the bonding")
    found.add("residual_aluminium", made.aluminium, "m", over)
    found.add("alloy_layer", made.alloy[0], "m", over)
    found.add("aluminium_in_alloy", made.fraction, "", over)
    found.add("zinc_consumed_after", max(made.consumed), "s", "two fronts, liquid diffusivity derived")
    found.add("hardened_skin", made.skin, "m", "Zn in Al, tracer diffusion, unchecked")
    found.sentences.append(made.sentence)
    later = later_heat(((453.15, 120.0), *((options.peak, 60.0),) * 3), made.skin)
    found.add("later_depth", later.depth, "m", "Zn in Al at moulding and three reflows")
    found.sentences.append(f"Moulding and three reflows afterwards: {later.sentence}")


def _rolling(options: JointOptions, found: JointResult) -> None:
    """Say what strips the clad is rolled or pressed from, and whether they bond."""
    kept = 1.0 - options.reduction
    soft = float(file.load("Al_99").parameters("hardening").values["sigma0_Pa"])
    made = weld(options.reduction, options.rolling_pressure, soft)
    found.add("strip_zinc", options.zinc / kept, "m", "before rolling, at equal reduction of the layers; estimate")
    found.add("strip_aluminium", options.aluminium / kept, "m", "before rolling, at equal reduction; estimate")
    found.add("weld_strength", made.strength, "", "of the layers over that of the Al; Bay's film model, estimate")
    found.sentences.append(f"Clad rolling or press forming: {made.sentence}")


def _wetting(options: JointOptions, found: JointResult) -> None:
    """Grade the wetting by reasons, and put what was measured beside it."""
    if options.material == "clad":
        face = zinc_face.after(options.zinc, ((options.rolled_at, options.rolled_for),))
        aluminium, melts = face.fraction, phase_diagram.EUTECTIC
        found.add(
            "face_aluminium", face.fraction, "", "mass fraction on the Zn face after rolling; estimate of the time"
        )
        found.sentences.append(face.sentence)
        found.add(
            "least_zinc", wetting_reasons.least_zinc(options.roughness), "m", "fills the frame's roughness; estimate"
        )
        filled = options.zinc / wetting_reasons.least_zinc(options.roughness)
        found.add("filling", filled, "", "zinc laid over the zinc that fills the frame's roughness; estimate")
        found.sentences.append(wetting_reasons.zinc_sentence(options.zinc, options.roughness))
    elif options.material in FACE_ALUMINIUM:
        aluminium = FACE_ALUMINIUM[options.material]
        melts = phase_diagram.EUTECTIC if options.material == "Zn-6Al" else phase_diagram.ZINC_MELTS
    else:
        return
    for plating in options.platings:
        name = plating.replace("/", "_")
        reasons = wetting_reasons.predicted(aluminium, options.temperature, plating, melts)
        found.add(f"wetting_{name}", GRADES[reasons.grade], "", "by reasons: 2 good, 1 middling, 0 bad")
        found.sentences.append(f"Wetting of {plating} by reasons: {reasons.grade}. {' '.join(reasons.reasons)}")
        try:
            row = wetting.measured(options.material, plating, options.temperature)
        except InputError as error:
            found.sentences.append(f"{error}.")
            continue
        found.add(f"wetting_measured_{name}", GRADES[row.grade], "", "CN101185991, measured, not computed")
        found.add(f"wetted_share_{name}", 0.5 * (row.least + row.most), "", "CN101185991, middle of what it says")
        found.sentences.append(row.sentence)


def _reflow(options: JointOptions, cavity: Cavity | None, found: JointResult) -> None:
    name = MELTS_AS.get(options.material, options.material)
    joint = reflow.from_material(name, peak=options.peak)
    molten = reflow.melting(joint, options.peak)
    grown = reflow.growth(joint, options.peak)
    found.add("solidus_margin", molten.margin, "K", f"solidus of {name} above the reflow's peak")
    found.add("excess", grown.excess if grown.liquid else 0.0, "", "of the joint's volume, trapped as liquid")
    found.sentences.append(molten.sentence)
    if cavity is None:
        never = 0.0 if not molten.melts else float("nan")
        found.add("flush_share", never, "", "of the band's combinations that flush")
        for name in ("flushes", "flushes_low", "flushes_high"):
            found.add(name, never, "", "1 if it flushes, 0 if not; without a cavity not known of what melts")
        return
    edge = flush.Edge(max(cavity.seam, LEAST_SEAM))
    compliances = [cavity.compliance * one for one in options.compliance_factors]
    bands = flush.over_bands(joint, edge, options.adhesion, compliances, options.peak)
    ends = [row[2] for row in bands.table]
    middle = flush.flush(
        joint, edge, sorted(options.adhesion)[len(options.adhesion) // 2], cavity.compliance, options.peak
    )
    found.add("cavity_compliance", cavity.compliance, "1/Pa", "one solve of the package at the peak, resin elastic")
    found.add(
        "seam_load", cavity.seam, "", f"peel of the resin over the pressure, mean over {1e6 * cavity.distance:g} um"
    )
    found.add("pressure", middle.pressure, "Pa", "of the trapped liquid; melt's expansion an estimate")
    found.add("area_loss", middle.area_loss, "", "middle of the band")
    found.add("area_loss_low", min(one.least_void for one in ends), "", "over the band, mass alone, voids through")
    found.add("area_loss_high", max(one.area_loss for one in ends), "", "over the band")
    found.add("flush_share", bands.flushing / bands.total, "", "of the band's combinations that flush")
    found.add("flushes", float(middle.opens), "", "middle of the band: 1 if it flushes, 0 if not")
    found.add("flushes_low", float(all(one.opens for one in ends)), "", "1 if it flushes all over the band")
    found.add("flushes_high", float(any(one.opens for one in ends)), "", "0 if it flushes nowhere in the band")
    found.sentences += [bands.sentence, middle.sentence]
