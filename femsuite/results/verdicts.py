"""Answers to a series' questions, case by case: ours, over its band, beside the published one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from femsuite.results import style


@dataclass(frozen=True)
class Verdict:
    """One answer.

    Args:
        question: what is asked.
        case: of which case.
        number: that decides, NaN where the case has none.
        low: end of its band, NaN without one.
        high: other end.
        unit: of these.
        limit: the nearest limit between two answers.
        ours: our answer, empty where there is no number.
        holds: whether the whole band gives it; True where no band is given, False where a part of it is missing.
        published: the source's answer; empty where the source gives none.
        reason: mechanism and origin of the limit.
    """

    question: str
    case: str
    number: float
    low: float
    high: float
    unit: str
    limit: float
    ours: str
    holds: bool
    published: str
    reason: str

    @property
    def state(self) -> str:
        """``reproduced`` only if ours is the published answer over the whole band."""
        if not self.ours:
            return "missing"
        if self.published in ("", "unknown"):
            return "open"
        if self.ours == self.published:
            return "reproduced" if self.holds else "reproduced, not over the band"
        return "differs" if self.holds else "differs, not over the band"

    @property
    def sentence(self) -> str:
        """How far the number is from the limit."""
        if math.isnan(self.number):
            return "the case has no such number"
        ratio = f", {style.number(self.number / self.limit, 3)} of it" if self.limit else ""
        band = "" if math.isnan(self.low) else f"; band {style.number(self.low, 3)} to {style.number(self.high, 3)}"
        return f"{style.number(self.number, 3)} against {style.number(self.limit, 3)}{ratio}{band}"


def verdict(
    options: Any, case: str, number: float, band: tuple[float, float], unit: str, published: str, whole: bool = True
) -> Verdict:
    """Return the answer to one question.

    Args:
        options: question, limits, answers and reason: `femsuite.study.series.VerdictOptions`.
        case: title of the case.
        number: that decides.
        band: its ends; NaN without.
        unit: of these.
        published: the source's answer, empty for none.
        whole: whether nothing of the band is missing.
    """

    def answer(value: float) -> str:
        return "" if math.isnan(value) else str(options.answers[sum(value > limit for limit in options.limits)])

    ours = answer(number)
    holds = whole and all(answer(end) == ours for end in band if not math.isnan(end))
    limit = options.limits[0] if math.isnan(number) else min(options.limits, key=lambda one: abs(one - number))
    return Verdict(options.question, case, number, *band, unit, limit, ours, holds, published, options.reason)


BADGES = {
    "reproduced": "agrees",
    "reproduced, not over the band": "near",
    "differs": "differs",
    "differs, not over the band": "differs",
    "open": "open",
    "missing": "missing",
}


def rows(verdicts: Sequence[Verdict]) -> list[dict[str, str]]:
    """Return the table of a report."""
    return [
        {
            "question": one.question,
            "case": one.case,
            "ours": one.ours or "–",
            "published": one.published or "–",
            "state": one.state,
            "badge": BADGES[one.state],
            "sentence": one.sentence,
            "reason": one.reason,
        }
        for one in verdicts
    ]


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return in one sentence how many published answers are reproduced."""
    asked = [one for one in verdicts if one.published not in ("", "unknown")]
    if not asked:
        return "The source answers none of these questions case by case."
    counts = {state: sum(one.state == state for one in asked) for state in BADGES}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f"Of {len(asked)} answers that the source gives: {told}."
