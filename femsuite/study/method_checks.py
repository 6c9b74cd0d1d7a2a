"""Checks of ``[method]``: its chain has no gap, and every step can be done on what the one before leaves."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from femsuite.errors import InputError
from femsuite.process import method
from femsuite.process.method_lead import check_mask
from femsuite.process.method_options import AblationOptions, DepositionOptions, MethodOptions, VapourFilm
from femsuite.process.method_steps import laminated, opened
from femsuite.study.faults import Faults
from femsuite.study.model import Study


def check_method(study: Study, faults: Faults) -> None:
    """Check the table ``[method]``; what costs little is computed for it, the vapour's flight and the bath are not.

    Args:
        study: the validated study.
        faults: takes the faults.
    """
    options = study.method
    if options is None:
        return
    gaps = _gaps(options)
    for step, missing in gaps:
        faults.add(("method", step), f"this step needs the one before it; write [method.{missing}], if empty")
    if gaps:
        return
    step = "lamination"
    try:
        foil = laminated(options.lamination)
        if options.ablation is None:
            return
        step = "ablation"
        _check_wavelength(options.ablation, faults)
        window = opened(options.ablation, foil.foils)
        if options.deposition is not None:
            step = "deposition"
            _check_films(options.deposition, faults)
            options.deposition.vapour.vapour()
        if options.sealing is not None:
            step = "sealing"
            check_mask(options.sealing, window, options.plating)
    except InputError as error:
        faults.add(("method", step), "; ".join(fault.message for fault in error.faults))


def _gaps(options: MethodOptions) -> list[tuple[str, str]]:
    """Return the steps that come after one that is missing, and that one."""
    names = list(MethodOptions.model_fields)
    given = options.steps()
    return [(name, before) for before, name in itertools.pairwise(names) if name in given and before not in given]


def _check_wavelength(options: AblationOptions, faults: Faults) -> None:
    fields = AblationOptions.model_fields
    if options.wavelength == fields["wavelength"].default:
        return
    left = [name for name in ("absorption", "threshold") if getattr(options, name) == fields[name].default]
    if left:
        faults.add(
            ("method", "ablation", "wavelength"),
            f"the default of {' and '.join(left)} holds at {1e6 * fields['wavelength'].default:g} um only; give the "
            f"foil's own at {1e6 * options.wavelength:g} um",
        )


def _check_films(options: DepositionOptions, faults: Faults) -> None:
    seen: set[str] = set()
    for place, one in enumerate(options.films):
        if one.name in seen:
            faults.add(
                ("method", "deposition", "films", place, "name"), f"the name '{one.name}' is taken by another film"
            )
        seen.add(one.name)


def method_numbers(study: Study) -> Mapping[str, str]:
    """Return the metrics of the study's method and their units."""
    return {} if study.method is None else method.names(study.method)


def any_method_numbers() -> Mapping[str, str]:
    """Return the metrics that a method can give when a case of a series changes it, with the seed's layers."""
    every: dict[str, object] = {name: {} for name in MethodOptions.model_fields}
    films = tuple(VapourFilm(name=name) for name in ("Ti", "TiW", "Cu"))
    whole = MethodOptions.model_validate({**every, "deposition": DepositionOptions(films=films)})
    return method.names(whole)
