"""The ``[method]`` table of a study: the method of US 10/590,901, Fig. 8, as a chain of steps that hand on results."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from femsuite.process import method_words as words
from femsuite.process.deposition import Deposit
from femsuite.process.method_lead import Plated, check_mask, faster_and_slower, plated
from femsuite.process.method_options import AblationOptions, DepositionOptions, MethodOptions
from femsuite.process.method_steps import Filmed, Laminated, Opened, filmed, laminated, opened

type Named = dict[str, tuple[str, str]]

NUMBERS: dict[str, Named] = {
    "lamination": {
        "foil_top": ("m", "foil over the contact at the opening, which the laser opens"),
        "foil_side": ("m", "foil on the chip's upright side, at half its height"),
        "foil_least": ("m", "foil at its thinnest place"),
        "void_low": ("m", "gap at the foot of the step, viscosity's low end; estimate"),
        "void_high": ("m", "gap at the foot of the step, viscosity's high end; estimate"),
    },
    "ablation": {
        "wall_angle": ("deg", "of the wall to the contact face, mean over 10 to 90 % of the depth"),
        "wall_angle_low": ("deg", "flattest over the threshold's band, where it cuts through; estimate"),
        "wall_angle_high": ("deg", "steepest over the threshold's band; estimate"),
        "wall_limit": ("deg", "steepest wall that the fluence removes, at the threshold given"),
        "opens_share": ("", "of the threshold's band at which the laser cuts through"),
        "floor_width": ("m", "of the opening on the contact face"),
        "top_width": ("m", "of the opening where its walls end above"),
    },
    "deposition": {
        "film_floor_share": ("", "mean on the floor, of the thickness on a level open face"),
        "film_wall_share": ("", "mean on the walls, of the thickness on a level open face"),
        "film_least_share": ("", "thinnest place of the walls, of the thickness on a level open face"),
        "film_top_share": ("", "mean on the foil's top, of the thickness on a level open face"),
        "film_floor": ("m", "all layers, mean on the floor"),
        "film_wall": ("m", "all layers, mean on the walls, ledges included"),
        "film_least": ("m", "all layers, thinnest place of the walls"),
        "film_top": ("m", "all layers, mean on the foil's top"),
        "film_least_low": ("m", "thinnest place over the laser's band of walls; estimate"),
        "film_least_high": ("m", "thinnest place over the laser's band of walls; estimate"),
    },
    "sealing": {"sealed": ("", "1 where resist covers the opening, 0 where not")},
    "plating": {
        "plating_time": ("s", "for the lead's mean thickness (Faraday)"),
        "plating_before": ("s", "of it with the opening free"),
        "wagner": ("", "Wagner's number over the depth of the opening"),
        "lead_mean": ("m", "lead outside opening and resist"),
        "lead_least": ("m", "lead outside opening and resist"),
        "lead_most": ("m", "lead outside opening and resist"),
        "lead_evenness": ("", "greatest over least thickness of the lead"),
        "lead_evenness_low": ("", "over the kinetics' band; estimate"),
        "lead_evenness_high": ("", "over the kinetics' band; estimate"),
        "opening_floor": ("m", "deposit of the bath in the middle of the opening; 0 under resist"),
        "opening_wall": ("m", "deposit of the bath on the walls, mean; 0 under resist"),
        "opening_hollow": ("m", "depth of the middle below the face beside the opening"),
    },
}
"""Step -> number that it gives -> unit, what it is of."""


@dataclass
class MethodResult:
    """What was found.

    Args:
        numbers: name -> value, unit, what it is.
        sentences: in words, for the report.
        foil: as laminated.
        window: as opened.
        film: as deposited.
        film_thickness: of it on a level open face, m.
        lead: as deposited.
    """

    numbers: dict[str, tuple[float, str, str]] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    foil: Laminated | None = None
    window: Opened | None = None
    film: Filmed | None = None
    film_thickness: float = 0.0
    lead: Plated | None = None

    def add(self, step: str, **values: float) -> None:
        """Add the numbers of a step."""
        for name, value in values.items():
            unit, over = NUMBERS[step][name]
            self.numbers[f"method.{name}"] = (float(value), unit, over)


def names(options: MethodOptions) -> dict[str, str]:
    """Return the metrics that a chain gives and their units, known before it is computed."""
    found = {
        f"method.{name}": unit for step in options.steps() for name, (unit, _) in NUMBERS[step].items()
    }  # fmt: skip
    return found | dict.fromkeys(_layers(options.deposition), "m")


def _layers(options: DepositionOptions | None) -> list[str]:
    """Return the metrics of single layers of a film of several."""
    if options is None or len(options.films) < 2:
        return []
    return [f"method.film_{part}_{one.name}" for one in options.films for part in ("wall", "least")]


def evaluate(options: MethodOptions, coating: bool = False, source: Deposit | None = None) -> MethodResult:
    """Return what the method makes.

    Args:
        options: the table.
        coating: whether the study has the coating that stands for the film.
        source: how the study deposits it, if it does.

    Raises:
        InputError: for steps that cannot be done.
    """
    found = MethodResult()
    foil = laminated(options.lamination)
    found.foil = foil
    found.add(
        "lamination", foil_top=sum(foil.foils), foil_side=foil.side, foil_least=foil.least, void_low=foil.gap.least,
        void_high=foil.gap.most,
    )  # fmt: skip
    found.sentences.append(words.lamination(options.lamination, foil))
    if options.ablation is not None:
        found.window = opened(options.ablation, foil.foils)
        _window(options.ablation, found.window, found)
        if options.deposition is not None:
            _film(options.deposition, found.window, found)
            found.sentences.append(words.handed(options.deposition, coating, source))
        if options.sealing is not None:
            check_mask(options.sealing, found.window, options.plating)
            found.add("sealing", sealed=float(options.sealing.sealed))
            found.sentences.append(words.sealing(options.sealing))
            _lead(options, found.window, found)
    for name, step in options.steps().items():
        found.sentences += words.known(name, step)
    return found


def _window(options: AblationOptions, window: Opened, found: MethodResult) -> None:
    low, high = window.band
    found.add(
        "ablation", wall_angle=math.degrees(window.angle), wall_angle_low=math.degrees(low),
        wall_angle_high=math.degrees(high), wall_limit=math.degrees(window.limit), opens_share=window.opens,
        floor_width=2.0 * window.half_floor, top_width=2.0 * window.half_top,
    )  # fmt: skip
    found.sentences.append(words.ablation(options, window))


def _film(options: DepositionOptions, window: Opened, found: MethodResult) -> None:
    made = filmed(options, window)
    found.film, found.film_thickness = made, options.thickness
    film, total = made.film, options.thickness
    band = [filmed(options, one).film.thinnest for one in window.at_ends()]
    low, high = min(*band, film.thinnest), max(*band, film.thinnest)
    found.add(
        "deposition", film_floor_share=film.floor, film_wall_share=film.wall, film_least_share=film.thinnest,
        film_top_share=film.top, film_floor=total * film.floor, film_wall=total * film.wall,
        film_least=total * film.thinnest, film_top=total * film.top, film_least_low=total * low,
        film_least_high=total * high,
    )  # fmt: skip
    if len(options.films) > 1:
        for one in options.films:
            over = f"{one.name} on the walls"
            found.numbers[f"method.film_wall_{one.name}"] = (one.thickness * film.wall, "m", f"{over}, mean")
            found.numbers[f"method.film_least_{one.name}"] = (one.thickness * film.thinnest, "m", f"{over}, thinnest")
    found.sentences.append(words.deposition(options, made, (low, high)))


def _lead(options: MethodOptions, window: Opened, found: MethodResult) -> None:
    if options.plating is None or options.sealing is None:
        return
    made = plated(options.plating, options.sealing, window)
    found.lead = made
    ends = faster_and_slower(options.plating, options.sealing, window)
    band = min(*ends, made.evenness), max(*ends, made.evenness)
    found.add(
        "plating", plating_time=made.time, plating_before=made.before, wagner=made.wagner, lead_mean=made.mean,
        lead_least=made.least, lead_most=made.most, lead_evenness=made.evenness, lead_evenness_low=band[0],
        lead_evenness_high=band[1], opening_floor=made.floor, opening_wall=made.wall, opening_hollow=made.hollow,
    )  # fmt: skip
    found.sentences.append(words.plating(options.plating, options.sealing, made, band))
