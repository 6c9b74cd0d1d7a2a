"""A study's currents: terminals and stages that fit, and what does not, told in words."""

from __future__ import annotations

import pytest

from femsuite.study import load
from tests.study.told import faults

BAR = "tutorial/heated_bar"


def test_states_are_named_after_what_feeds_the_terminals():
    study = load(BAR)
    assert [point.label for point in study.stages[1].points()] == ["feed=40 A", "feed=200 A", "feed=400 A"]
    assert study.electric.columns()["voltage_feed"] == ("V", "terminal feed")


def test_a_voltage_and_a_current_are_told_apart_by_their_units():
    study = load(BAR, ['stages.1.terminals={feed = ["10 A", "20 mV"]}', "compare=[]"])
    assert [(drive.kind, drive.value) for drive in study.stages[1].terminals["feed"]] == [
        ("current", 10.0),
        ("voltage", 0.02),
    ]


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (['stages.0.terminals.feed="10 W"'], "a voltage or a current with its unit"),
        (['stages.0.terminals={fed = "10 A"}'], "there is no terminal 'fed'; did you mean 'feed'?"),
        (['electric.terminals.ground.drive="0 A"'], "the current of 'feed' has nowhere to go"),
        (['electric.sheets.feed={surface = "top", resistance = "1e-6 ohm m^2"}'], "of a terminal and of a sheet"),
        (['electric.sheets.chip={surface = "top", resistance = "1 ohm"}'], "electric contact resistance"),
    ],
)
def test_what_does_not_fit_is_told_in_words(overrides, words):
    assert any(words in str(fault) for fault in faults(overrides, BAR))
