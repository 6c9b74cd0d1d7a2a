"""Tables, metrics, fits and comparisons, against numbers that are known beforehand."""

import math

import numpy as np
import pytest
from box_case import box, make_state
from pydantic import ValidationError

from femsuite.errors import InputError
from femsuite.results.compare import compare, summary
from femsuite.results.disk import read_json
from femsuite.results.fits import add_metrics, fit, fit_points
from femsuite.results.options import Amount, CompareOptions, FitOptions, QuantityOptions
from femsuite.results.report_rows import comparison_rows, fit_rows
from femsuite.results.table import Metrics, Table, add_state, read_csv


def points(model, **more):
    return FitOptions(name="f", x="power", y="length", model=model, **more)


def test_table_keeps_names_units_and_full_precision(tmp_path):
    tagged = box("tetrahedron", (2, 2, 2))
    asked = [
        QuantityOptions(name="peak", field="temperature", kind="maximum", over="bottom", unit="degC"),
        QuantityOptions(name="cold", field="temperature", over="die", stages=("cooling",)),
    ]
    table = Table()
    for power in (1.0, 2.0):
        table = add_state(
            table, make_state(tagged, scale=power, label=f"power={power:g} W", power=power), asked, tagged
        )
    assert table.column("peak") == pytest.approx([300 + 40 - 273.15, 300 + 80 - 273.15])
    table.shown().write(tmp_path)
    first, second = (tmp_path / "states.csv").read_text().splitlines()[:2]
    assert first == "stage,state,power [W],peak [degC]"
    assert second.startswith("power,power=1 W,1.0,66.85")
    again = read_csv(tmp_path / "states.csv")
    assert np.array_equal(again.column("peak"), table.column("peak"))
    assert read_json(tmp_path / "states.json")["columns"][1]["over"] == "bottom"
    metrics = Metrics()
    metrics.add_table(table)
    metrics.write(tmp_path / "metrics.json")
    assert read_json(tmp_path / "metrics.json")["peak@power=2 W"] == {
        "value": table.column("peak")[1],
        "unit": "degC",
        "over": "bottom",
    }
    with pytest.raises(InputError, match="did you mean 'peak'"):
        table.column("peek")
    with pytest.raises(InputError, match="has 1 numbers for 2 rows"):
        table.with_column("streak_length", "m", [1.0])


def test_line_and_its_uncertainty_match_the_textbook():
    """Slope error s/sqrt(Sxx); data with residuals +-1: x = 0..3, y = 2x + (1, -1, -1, 1)."""
    x, y = np.arange(4.0), 2 * np.arange(4.0) + np.array([1.0, -1.0, -1.0, 1.0])
    found = fit_points(points("line"), x, y, ("W", "K"))
    slope = found.parameters["slope"]
    assert slope.value == pytest.approx(2.0)
    assert slope.unit == "K/W"
    assert slope.formal == pytest.approx(math.sqrt(4 / 2 / 5), rel=1e-6)
    assert found.parameters["intercept"].formal == pytest.approx(math.sqrt(2 * (1 / 4 + 1.5**2 / 5)), rel=1e-6)


def test_jackknife_sees_a_law_that_the_points_do_not_follow():
    """Leaving out one point of a parabola moves the slope of its line; by hand for x = 0..3, y = x^2."""
    x = np.arange(4.0)
    found = fit_points(points("line"), x, x**2).parameters["slope"]
    left = [np.polyfit(np.delete(x, i), np.delete(x**2, i), 1)[0] for i in range(4)]
    assert found.jackknife == pytest.approx(math.sqrt(3 / 4 * np.sum((np.array(left) - np.mean(left)) ** 2)), rel=1e-9)
    assert found.uncertainty == max(found.formal, found.jackknife) == found.jackknife
    straight = fit_points(points("line"), x, 2 * x).parameters["slope"]
    assert straight.jackknife == pytest.approx(0.0, abs=1e-12)


def test_a_threshold_below_every_point_is_no_fit():
    x = np.array([0.0, 0.5, 1.0, 1.5, 2.0])
    found = fit_points(points("square_above_threshold"), x, 3.0 * (x + 1.24) ** 2, ("W", "um"))
    assert not found.good
    assert found.reason == "the law does not describe the data: the threshold found, -1.24 W, lies below every point"
    row = compare(
        [CompareOptions(metric="fit.f.threshold", published="1.4 W", uncertainty="0.1 W")],
        Metrics(),
        reasons={"fit.f": found.reason},
    )[0]
    assert row.sentence == f"no fit: {found.reason}"
    text = comparison_rows([row])[0]
    assert (text["ratio"], text["badge"]) == ("no fit", "no fit")
    assert fit_rows([found])[0]["found"] == f"no fit: {found.reason}"


def test_a_threshold_far_below_the_points_is_told_as_the_end_of_the_search():
    found = fit_points(points("line_above_threshold"), np.arange(4.0), np.full(4, 7.0), ("W", "um"))
    assert "the threshold found, at or beyond -30 W, lies below every point" in found.reason


def test_points_in_proportion_are_a_law_whose_threshold_is_zero():
    """Scatter puts about every second threshold a little below the first point; that is no reason to refuse."""
    rng = np.random.default_rng(3)
    x = np.linspace(0.0, 300.0, 8)
    drawn = [fit_points(points("line_above_threshold"), x, 0.7 * x + rng.normal(0, 2.0, 8)) for _ in range(40)]
    assert all(one.good for one in drawn)
    below = sum(one.parameters["threshold"].value < 0.0 for one in drawn)
    assert 5 < below < 35


def test_three_points_have_a_jackknife():
    """Slopes through two of (0, 0), (1, 1), (2, 4): 3, 2, 1; variance 2/3 of 1 + 0 + 1."""
    found = fit_points(points("line"), np.arange(3.0), np.arange(3.0) ** 2).parameters["slope"]
    assert found.jackknife == pytest.approx(math.sqrt(4 / 3))


def test_the_larger_uncertainty_stands_in_the_verdict():
    """A parabola through a line: formal 0.45 by hand, jackknife larger; the gap lies between the two."""
    x = np.arange(4.0)
    one = fit_points(points("line"), x, x**2, ("W", "um"))
    slope = one.parameters["slope"]
    assert slope.formal == pytest.approx(math.sqrt(4 / 2 / 5), rel=1e-6)
    assert slope.jackknife > 1.2 * slope.formal
    metrics = Metrics()
    add_metrics(metrics, one)
    assert metrics["fit.f.slope_formal"].value == pytest.approx(slope.formal)
    assert metrics["fit.f.slope_jackknife"].value == pytest.approx(slope.jackknife)
    gap = 0.5 * (slope.formal + slope.jackknife)
    asked = CompareOptions(metric="fit.f.slope", published=f"{3.0 - gap} um/W", uncertainty="1e-6 um/W")
    row = compare([asked], metrics)[0]
    assert row.ours_uncertainty == pytest.approx(slope.jackknife)
    assert row.verdict == "agrees"


def test_celsius_against_watts_has_a_slope_in_kelvin_per_watt():
    found = fit_points(points("line"), np.array([0.0, 1, 2]), np.array([22.0, 95, 168]), ("W", "degC"))
    assert found.parameters["slope"].unit == "K/W"
    assert found.parameters["intercept"].unit == "degC"
    assert found.parameters["slope"].value == pytest.approx(73.0)


def test_line_above_threshold_is_recovered():
    x = np.array([0, 0.57, 1.32, 1.5, 1.8, 2.0, 2.3, 2.4])
    found = fit_points(points("line_above_threshold"), x, 0.3e-3 * np.clip(x - 1.3, 0, None), ("W", "m"))
    assert found.parameters["slope"].value == pytest.approx(0.3e-3, rel=1e-6)
    assert found.parameters["threshold"].value == pytest.approx(1.3, rel=1e-6)
    assert found.parameters["threshold"].unit == "W"


def test_uncertainty_of_a_threshold_covers_the_scatter():
    """The stated errors are those seen over 300 draws of the noise, to 20 %."""
    rng = np.random.default_rng(7)
    x = np.linspace(0, 3, 25)
    true = 0.3 * np.clip(x - 1.3, 0, None)
    drawn = [fit_points(points("line_above_threshold"), x, true + rng.normal(0, 0.01, 25)) for _ in range(300)]
    for name in ("slope", "threshold"):
        seen = np.std([one.parameters[name].value for one in drawn])
        stated = np.mean([one.parameters[name].uncertainty for one in drawn])
        assert stated == pytest.approx(seen, rel=0.2)


def test_square_above_threshold_is_recovered():
    x = np.linspace(0, 2.4, 9)
    found = fit_points(points("square_above_threshold"), x, 0.7 * np.clip(x - 0.9, 0, None) ** 2, ("W", "mm"))
    assert found.parameters["factor"].value == pytest.approx(0.7, rel=1e-5)
    assert found.parameters["threshold"].value == pytest.approx(0.9, rel=1e-5)
    assert found.parameters["factor"].unit == "mm/W**2"
    assert found(np.array([0.5, 1.9])) == pytest.approx([0.0, 0.7], rel=1e-4)


@pytest.mark.parametrize(
    ("model", "x", "y", "reason"),
    [
        ("line", [1, 2], [1, 2], "need at least 3 different values of 'power'; there are 2"),
        ("line", [1, 1, 1], [1, 2, 3], "there is 1"),
        ("line_above_threshold", [0, 1, 2, 3], [0, 0, 0, 0], "is zero at every point"),
        ("line_above_threshold", [0, 1, 2, 3, 4], [0, 0, 0, 1, 2], "only 2 of 5 points lie above the threshold"),
    ],
)
def test_underdetermined_fit_is_refused_with_the_reason(model, x, y, reason):
    found = fit_points(points(model), np.array(x, float), np.array(y, float))
    assert not found.good
    assert reason in found.reason
    metrics = Metrics()
    add_metrics(metrics, found)
    assert metrics == {}


def test_fit_takes_only_its_stage_and_interval():
    table = Table()
    for stage, power, length in [("a", 0, 9), ("b", 0, 1), ("b", 1, 3), ("b", 2, 5), ("b", 3, 99)]:
        from femsuite.results.quantities import Number
        from femsuite.results.state import State

        table = table.with_row(State(f"{power}", stage, {"power": power}), {"length": Number(length, "m", "")})
    found = fit(points("line", stages=("b",), x_range=("0 mW", "2000 mW")), table)
    assert found.points == 3
    assert found.parameters["slope"].value == pytest.approx(2.0)
    with pytest.raises(InputError, match=r"fits.f: there is no model 'lin'; did you mean 'line'"):
        fit(points("lin"), table)
    with pytest.raises(InputError, match=r"fits\.f: there is no column"):
        fit(FitOptions(name="f", x="power", y="lengt"), table)


def metrics_with(**numbers):
    metrics = Metrics()
    for name, (value, unit) in numbers.items():
        metrics.add(name.replace("__", "."), value, unit)
    return metrics


@pytest.mark.parametrize(
    ("ours", "verdict"), [(0.31e-3, "agrees"), (0.33e-3, "near"), (0.45e-3, "differs"), (math.nan, "missing")]
)
def test_verdict_counts_published_uncertainties_and_converts_units(ours, verdict):
    row = compare(
        [CompareOptions(metric="fit.a.slope", published="0.30 mm/W", uncertainty="20 um/W")],
        metrics_with(fit__a__slope=(ours, "m/W")),
    )[0]
    assert row.verdict == verdict
    if verdict != "missing":
        assert row.ratio == pytest.approx(ours * 1e3 / 0.30)
        assert row.ours == pytest.approx(ours * 1e3)
    assert row.role == "predicted"


def test_tolerance_limit_and_missing_number_are_told_apart():
    rows = compare(
        [
            CompareOptions(metric="r", published="73 K/W", within=0.1),
            CompareOptions(metric="r", published="73 K/W"),
            CompareOptions(metric="r", published="80 K/W", relation="at_most"),
            CompareOptions(metric="q", published="1 K"),
            CompareOptions(metric="t", published="100 degC", uncertainty="3 K"),
        ],
        metrics_with(r=(75.0, "K/W"), t=(374.15, "K")),
        calibrated=["r"],
        reasons={"qq": "wrong", "q": "the fit was refused"},
    )
    assert [row.verdict for row in rows] == ["agrees", "open", "agrees", "missing", "agrees"]
    assert [row.role for row in rows[:4]] == ["calibrated"] * 3 + ["predicted"]
    assert "the fit was refused" in rows[3].sentence
    assert rows[4].ours == pytest.approx(101.0)
    assert math.isnan(rows[4].ratio)
    assert "1 K above the published number" in rows[4].sentence
    assert rows[0].title == "r"
    assert summary(rows).startswith("1 of 2 predicted numbers agrees with the published ones, 1 has no verdict")
    with pytest.raises(InputError, match="'K/W' cannot be turned into 'm'"):
        compare([CompareOptions(metric="r", published="1 m")], metrics_with(r=(1.0, "K/W")))


def test_options_refuse_what_they_do_not_know():
    assert CompareOptions(metric="a", published="0.30 mm/W").published == Amount(0.3, "mm/W")
    for faulty in ({"published": "mm"}, {"published": "1 furlongx"}, {"published": "1 m", "sources": "x"}):
        with pytest.raises(ValidationError):
            CompareOptions(metric="a", **faulty)
    with pytest.raises(ValidationError, match="only there"):
        QuantityOptions(name="a", field="temperature", kind="point")
    written = CompareOptions(metric="a", published="0.30 mm/W", uncertainty="0.02 mm/W").model_dump()
    assert written["published"] == "0.3 mm/W"
    assert CompareOptions(**written).published == Amount(0.3, "mm/W")
    schema = CompareOptions.model_json_schema()
    assert schema["properties"]["published"]["examples"] == ["73 K/W"]


def test_solves_are_found_wherever_they_were_noted():
    from femsuite.results.report_rows import solve_rows, solves_of

    record = {
        "solves": [],
        "monitor": {
            "solves": [
                {
                    "physics": "heat",
                    "preset": "direct",
                    "iterations": 1,
                    "residual": 1e-12,
                    "seconds": 1.0,
                    "reason": "ok",
                },
                {
                    "physics": "heat",
                    "preset": "direct",
                    "iterations": 3,
                    "residual": 1e-9,
                    "seconds": 0.5,
                    "reason": "ok",
                },
            ],
            "newton": [{"physics": "heat", "iterations": 4, "residuals": (1.0, 1e-8), "reason": "converged"}],
        },
    }
    linear, newton = solve_rows(solves_of(record))
    assert (linear["count"], linear["iterations"], linear["seconds"]) == (2, 3, "1.50")
    assert linear["residual"] == "1×10⁻⁹"
    assert (newton["preset"], newton["iterations"], newton["residual"]) == ("Newton", 4, "1×10⁻⁸")
