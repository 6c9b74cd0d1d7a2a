"""The tutorial's study gives the numbers that its page works out by hand."""

from __future__ import annotations

import json

import pytest

from femsuite.run import run
from femsuite.study import load

POWER, FILM, AREA, HEIGHT = 5.0, 5000.0, 1e-4, 2e-3


@pytest.fixture(scope="module")
def metrics(tmp_path_factory):
    out = tmp_path_factory.mktemp("tutorial") / "heated_block"
    run(load("tutorial/heated_block", ["output.pictures=[]", "output.checkpoint=false"]), out)
    return {name: one["value"] for name, one in json.loads((out / "metrics.json").read_text()).items()}


def test_the_bottom_is_above_the_coolant_by_power_over_film(metrics):
    assert metrics["bottom_temperature"] == pytest.approx(25.0 + POWER / (FILM * AREA), abs=1e-6)


def test_the_drop_is_that_of_a_wall_with_the_mean_conductivity(metrics):
    assert metrics["drop"] == pytest.approx(POWER * HEIGHT / (23.35 * AREA), rel=2e-3)


def test_the_free_plate_bends_to_the_radius_of_its_temperature_slope(metrics):
    assert metrics["bend_radius"] == pytest.approx(-HEIGHT / (6.7e-6 * metrics["drop"]), rel=2e-3)


def test_the_free_plate_is_almost_without_stress(metrics):
    held = 330e9 * 6.7e-6 * metrics["drop"] / 1e6  # MPa, if it could not bend
    assert 0.0 < metrics["largest_stress"] < 0.002 * held


def test_forces_and_moments_of_the_free_plate_vanish(metrics):
    assert max(metrics["balance.force"], metrics["balance.moment"]) < 1e-8
