import math

import pytest

from femsuite.results.band import Trial, as_csv, draw, markdown, spreads
from femsuite.results.compare import compare
from femsuite.results.options import CompareOptions
from femsuite.results.table import Metrics

OPTIONS = [
    CompareOptions(metric="slope", published="0.30 mm/W", uncertainty="0.02 mm/W", title="slope"),
    CompareOptions(metric="width", published="100 um", within=0.1, title="width"),
    CompareOptions(metric="face", published="73 K/W", uncertainty="6 K/W", title="face"),
    CompareOptions(metric="bow", published="50 um", relation="at_most", title="bow"),
]


def comparisons(slope, width, bow=60e-6):
    metrics = Metrics()
    metrics.add("slope", slope, "m/W")
    metrics.add("width", width, "m")
    metrics.add("face", 73.0, "K/W")
    metrics.add("bow", bow, "m")
    return compare(OPTIONS, metrics, {"face"})


def trial(name, value, rows):
    return Trial(name, value, {row.title: row.ours for row in rows}), rows


@pytest.fixture
def rows():
    small, large = comparisons(0.45e-3, 102e-6), comparisons(0.10e-3, 99e-6, 70e-6)
    return spreads(comparisons(0.12e-3, 98e-6), [trial("size", "10 um", small), trial("size", "90 um", large)])


def test_a_verdict_over_the_band_needs_every_trial(rows):
    verdicts = {row.title: row.verdict for row in rows}
    assert verdicts == {"slope": "within the band", "width": "reproduced", "bow": "outside the band"}


def test_what_was_calibrated_has_no_band(rows):
    assert "face" not in [row.title for row in rows]


def test_the_swing_is_the_largest_departure_with_its_sign(rows):
    slope = rows[0]
    assert slope.swings == pytest.approx({"size": 0.33})
    assert (slope.low, slope.nominal, slope.high) == pytest.approx((0.10, 0.12, 0.45))


def test_a_missing_number_is_no_verdict():
    missing = compare(OPTIONS[:1], Metrics())
    found = spreads(missing, [trial("size", "1", missing)])
    assert found[0].verdict == "no number"
    assert math.isnan(found[0].low)


def test_csv_markdown_and_picture_hold_every_row(rows, tmp_path):
    assert as_csv(rows).count("\n") == len(rows) + 1
    assert "| slope | 0.3 mm/W | 0.12 | 0.1 to 0.45 | within the band | size (+0.33) |" in markdown(rows)
    draw(rows, tmp_path / "band.png")
    assert (tmp_path / "band.png").stat().st_size > 5000


def test_one_metric_against_two_published_numbers_has_two_verdicts():
    options = [
        CompareOptions(metric="turn", published="0", relation="at_most", title="sign"),
        CompareOptions(metric="turn", published="-1", within=0.1, title="size"),
    ]
    small, large = Metrics(), Metrics()
    small.add("turn", -0.5)
    large.add("turn", -0.6)
    found = spreads(compare(options, small), [trial("size", "1", compare(options, large))])
    assert [row.verdict for row in found] == ["reproduced", "outside the band"]
