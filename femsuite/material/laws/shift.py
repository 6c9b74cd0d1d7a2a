"""Time-temperature shift of a thermorheologically simple material: a clock that runs 1/a_T times as fast.

    wlf_arrhenius   log10 a_T = -C1 (T - T_ref)/(C2 + T - T_ref) from T_ref on,   ln a_T = (Q/R)(1/T - 1/T_ref) below
    arrhenius       ln a_T = (Q/R)(1/T - 1/T_ref) everywhere
    table           log10 a_T linear between given temperatures; beyond the ends the end value goes on
    none            a_T = 1

Sources: M. L. Williams, R. F. Landel, J. D. Ferry, J. Am. Chem. Soc. 77 (1955) 3701; J. D. Ferry, *Viscoelastic
Properties of Polymers*, 3rd ed. (1980), ch. 11.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from femsuite.errors import Fault, InputError, unknown
from femsuite.material.laws.constants import numbers
from femsuite.material.material import Material, ParameterSet

KINDS: dict[str, tuple[str, ...]] = {
    "wlf_arrhenius": ("T_ref_K", "C1", "C2_K", "Q_over_R_K"),
    "arrhenius": ("T_ref_K", "Q_over_R_K"),
    "table": (),
    "none": (),
}
"""Kind of shift -> its constants."""

_WLF, _ARRHENIUS, _TABLE, _NONE = range(4)
_LARGEST = 100.0  # decades either way that a table may shift
_PART = 1.0  # K that one part of a step spans at most, if that does not make too many
_MOST = 64  # parts of a step
_PIECE = 2.0  # K that one rule of three Gauss points spans
_NODES = (0.11270166537925831, 0.5, 0.8872983346207417)
_WEIGHTS = (5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0)


def _nothing() -> np.ndarray:
    return np.zeros(0)


@dataclass(frozen=True)
class Shift:
    """A shift: its kind, the constants T_ref (K), C1, C2 (K), Q/R (K), or a table (K, log10 a_T)."""

    kind: str
    constants: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    temperatures: np.ndarray = field(default_factory=_nothing)
    logarithms: np.ndarray = field(default_factory=_nothing)

    @property
    def code(self) -> int:
        """The branch of the compiled functions."""
        return list(KINDS).index(self.kind)


def read_shift(material: Material, found: ParameterSet, law: str) -> Shift:
    """Return the shift that a parameter set states.

    Raises:
        InputError: for a kind that is not known, or constants that are missing or make no sense.
    """
    where = f"{material.name}, [[data.{found.kind}]]"
    kind = found.values.get("shift")
    if not isinstance(kind, str) or kind not in KINDS:
        given = "is missing" if kind is None else unknown("kind", str(kind), KINDS)
        raise InputError(
            Fault(f"{where}: shift, a constant of the law '{law}', {given}; it is one of {', '.join(KINDS)}")
        )
    if kind == "table":
        return _read_table(where, found, law)
    value = numbers(material, found, law, KINDS[kind])
    faults = [
        Fault(f"{where}: {name} is {value[name]:g}; the law '{law}' needs a number above zero")
        for name in KINDS[kind]
        if not value[name] > 0.0
    ]
    if faults:
        raise InputError(*faults)
    reference, first, second, energy = (value.get(name, 0.0) for name in KINDS["wlf_arrhenius"])
    return Shift(kind, (reference, first, second, energy))


def _read_table(where: str, found: ParameterSet, law: str) -> Shift:
    rows = found.values.get("log10_a")
    try:
        table = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError):
        table = np.zeros(0)
    if table.ndim != 2 or table.shape[1:] != (2,) or len(table) < 2 or not np.isfinite(table).all():
        raise InputError(
            Fault(f"{where}: log10_a, a constant of the law '{law}', must be two or more rows [kelvin, log10 of a_T]")
        )
    if not (np.diff(table[:, 0]) > 0.0).all() or np.abs(table[:, 1]).max() > _LARGEST:
        raise InputError(
            Fault(f"{where}: the temperatures of log10_a must rise, and its decades lie within +-{_LARGEST:g}")
        )
    return Shift("table", temperatures=table[:, 0].copy(), logarithms=table[:, 1].copy())


def log10_shift(shift: Shift, temperature: np.ndarray) -> np.ndarray:
    """Return log10 a_T at each temperature in K, (n,)."""
    return -_logarithms(shift.code, shift.constants, shift.temperatures, shift.logarithms, temperature) / math.log(10.0)


def parts_of(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return where the parts of each point's step begin in `reduced_time`, (n + 1,).

    A step is cut into equal parts in which the temperature changes by 1 K or less: 64 at most, 1 if it stays.
    """
    change = np.abs(end - start)
    with np.errstate(invalid="ignore"):
        count = np.clip(np.ceil(change / _PART - 1e-9), 1, _MOST)
    count[~np.isfinite(change)] = 1
    return np.concatenate([[0], np.cumsum(count, dtype=np.int64)])


def reduced_time(shift: Shift, start: np.ndarray, end: np.ndarray, duration: float, parts: np.ndarray) -> np.ndarray:
    """Return the time that passes on the material's clock in each part of a step, ``int dt/a_T``, s, (parts[-1],).

    The temperature is taken as linear in time. Gauss' rule of three points on pieces of 2 K at most, cut at the
    reference temperature; the pieces of a table are integrated exactly.

    Args:
        shift: of the material.
        start: temperatures at the start of the step, K (n,).
        end: at its end, K (n,).
        duration: of the step, s.
        parts: from `parts_of`.
    """
    if not duration > 0.0:
        return np.zeros(int(parts[-1]))
    rate = _mean_rates(shift.code, shift.constants, shift.temperatures, shift.logarithms, start, end, parts)
    with np.errstate(over="ignore"):  # an endless step is a long one
        return duration * rate


@njit(cache=True, inline="always", error_model="numpy")
def _logarithm(code, constants, temperatures, logarithms, at):  # type: ignore[no-untyped-def]
    """Return ln(1/a_T)."""
    reference, first, second, energy = constants
    if code == _WLF and at >= reference:
        return math.log(10.0) * first * (at - reference) / (second + at - reference)
    if code in (_WLF, _ARRHENIUS):
        return energy * (1.0 / reference - 1.0 / at)
    if code == _TABLE:
        return -math.log(10.0) * np.interp(at, temperatures, logarithms)
    return 0.0


@njit(cache=True, error_model="numpy")
def _logarithms(code, constants, temperatures, logarithms, at):  # type: ignore[no-untyped-def]
    found = np.empty(len(at))
    for p in range(len(at)):
        found[p] = _logarithm(code, constants, temperatures, logarithms, at[p])
    return found


@njit(cache=True, error_model="numpy")
def _piece(code, constants, temperatures, logarithms, low, high):  # type: ignore[no-untyped-def]
    """Return the integral of 1/a_T over temperature between two temperatures without a kink between them."""
    if code == _TABLE:
        a = _logarithm(code, constants, temperatures, logarithms, low)
        b = _logarithm(code, constants, temperatures, logarithms, high)
        gap, top = abs(b - a), max(a, b)
        return (high - low) * math.exp(top) * (-math.expm1(-gap) / gap if gap > 1e-12 else 1.0)
    count = max(1, math.ceil(min((high - low) / _PIECE, 1e4)))
    width = (high - low) / count
    total = 0.0
    for i in range(count):
        for node, weight in zip(_NODES, _WEIGHTS):  # noqa: B905 - numba knows no strict zip
            at = low + (i + node) * width
            total += weight * math.exp(_logarithm(code, constants, temperatures, logarithms, at))
    return total * width


@njit(cache=True, error_model="numpy")
def _mean_rate(code, constants, temperatures, logarithms, start, end):  # type: ignore[no-untyped-def]
    """Return the mean of 1/a_T between two temperatures."""
    low, high = min(start, end), max(start, end)
    if not high - low > 1e-9 * high:
        return math.exp(_logarithm(code, constants, temperatures, logarithms, 0.5 * (low + high)))
    total, at, reference = 0.0, low, constants[0]
    if code == _TABLE:
        for knot in temperatures:
            if at < knot < high:
                total += _piece(code, constants, temperatures, logarithms, at, knot)
                at = knot
    elif code == _WLF and low < reference < high:
        total, at = _piece(code, constants, temperatures, logarithms, low, reference), reference
    total += _piece(code, constants, temperatures, logarithms, at, high)
    return total / (high - low)


@njit(cache=True, error_model="numpy")
def _mean_rates(code, constants, temperatures, logarithms, start, end, parts):  # type: ignore[no-untyped-def]
    """Return the mean of 1/a_T in each part of each point's step, over the number of parts."""
    mean = np.empty(parts[-1])
    for p in range(len(start)):
        count = parts[p + 1] - parts[p]
        width = (end[p] - start[p]) / count
        for j in range(count):
            low = start[p] + j * width
            rate = 1.0 if code == _NONE else _mean_rate(code, constants, temperatures, logarithms, low, low + width)
            mean[parts[p] + j] = rate / count
    return mean
