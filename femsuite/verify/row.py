"""One line of the verification table."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Row:
    """One number against its published or exact value.

    Args:
        case: e.g. ``thermal.T-1``.
        quantity: what the number is, in words.
        expected: the published or exact number.
        got: ours.
        tolerance: the largest error that passes: a share of ``expected`` or, when ``kind`` is absolute, in ``unit``.
        kind: ``relative``, ``absolute``, or ``at_most`` (``got`` itself must not exceed ``tolerance``).
        path: ``FE`` when the number came through the finite-element path, ``formula`` when it did not.
        unit: of ``expected`` and ``got``.
        physics: which physics the row guards.
        note: what stands behind the number: a history of residuals, a number of another theory.
    """

    case: str
    quantity: str
    expected: float
    got: float
    tolerance: float
    kind: Literal["relative", "absolute", "at_most"] = "relative"
    path: Literal["FE", "formula"] = "FE"
    unit: str = ""
    physics: str = ""
    note: str = ""

    @property
    def error(self) -> float:
        """The error in the sense of ``kind``; infinite when the number is not finite."""
        got = float(self.got)  # numpy's numbers give numpy's truth values, which JSON does not take
        if not math.isfinite(got):
            return math.inf
        if self.kind == "at_most":
            return abs(got)
        difference = abs(got - self.expected)
        return difference / abs(self.expected) if self.kind == "relative" else difference

    @property
    def passed(self) -> bool:
        """Whether the error lies within the tolerance."""
        return self.error <= self.tolerance

    def as_dict(self) -> dict[str, object]:
        """Return the row as plain data, for JSON; a number that is not finite is None."""
        row = {**asdict(self), "got": float(self.got), "error": self.error, "passed": self.passed}
        finite = {key: None for key, value in row.items() if isinstance(value, float) and not math.isfinite(value)}
        return row | finite
