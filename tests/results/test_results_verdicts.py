import math
from types import SimpleNamespace

import pytest

from femsuite.results.verdicts import BADGES, rows, summary, verdict

NAN = float("nan")
ASKED = SimpleNamespace(question="does it crack?", limits=(0.1, 0.5), answers=("no", "maybe", "yes"), reason="Weibull")


def given(number, band=(NAN, NAN), published="", options=ASKED):
    return verdict(options, "case", number, band, "", published)


@pytest.mark.parametrize(
    ("number", "answer"), [(0.0, "no"), (0.1, "no"), (0.1001, "maybe"), (0.5, "maybe"), (0.6, "yes"), (-1.0, "no")]
)
def test_an_answer_holds_up_to_its_limit(number, answer):
    assert given(number).ours == answer


@pytest.mark.parametrize(
    ("number", "band", "published", "state"),
    [
        (0.05, (NAN, NAN), "no", "reproduced"),
        (0.05, (0.01, 0.09), "no", "reproduced"),
        (0.05, (0.01, 0.2), "no", "reproduced, not over the band"),
        (0.05, (NAN, 0.2), "no", "reproduced, not over the band"),
        (0.05, (0.01, 0.09), "yes", "differs"),
        (0.05, (0.01, 0.9), "yes", "differs, not over the band"),
        (0.05, (0.01, 0.9), "", "open"),
        (0.05, (NAN, NAN), "unknown", "open"),
        (NAN, (NAN, NAN), "no", "missing"),
        (NAN, (0.01, 0.02), "no", "missing"),
    ],
)
def test_the_state_says_how_far_the_published_answer_is_reached(number, band, published, state):
    found = given(number, band, published)
    assert found.state == state
    assert rows([found])[0]["badge"] == BADGES[state]


def test_the_limit_told_is_the_nearest():
    assert given(0.2).limit == 0.1
    assert given(0.4).limit == 0.5
    assert given(NAN).limit == 0.1


def test_the_sentence_tells_number_limit_ratio_and_band():
    assert given(0.2).sentence == "0.2 against 0.1, 2 of it"
    assert given(0.4, (0.3, 0.6)).sentence == "0.4 against 0.5, 0.8 of it; band 0.3 to 0.6"
    zero = SimpleNamespace(question="", limits=(0.0,), answers=("a", "b"), reason="")
    assert given(0.2, options=zero).sentence == "0.2 against 0"
    assert given(NAN).sentence == "the case has no such number"


def test_rows_hold_what_a_reader_sees():
    (row,) = rows([given(NAN)])
    assert row == {
        "question": "does it crack?", "case": "case", "ours": "–", "published": "–", "state": "missing",
        "badge": "missing", "sentence": "the case has no such number", "reason": "Weibull",
    }  # fmt: skip


def test_the_summary_counts_what_the_source_answers():
    answers = [given(0.05, published="no"), given(0.05, (0.0, 0.2), "no"), given(0.9, published="no"), given(0.9)]
    answers += [given(NAN, published="no"), given(0.3, published="unknown")]
    assert summary(answers) == (
        "Of 4 answers that the source gives: 1 reproduced, 1 reproduced, not over the band, 1 differs, 1 missing."
    )
    assert summary([given(0.9)]) == "The source answers none of these questions case by case."
    assert not math.isnan(answers[0].number)
