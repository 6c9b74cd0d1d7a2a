"""Published curves: laws by expression with units, their bands, and what is said of faults before a solve."""

import numpy as np
import pytest
from pydantic import ValidationError

from femsuite.errors import InputError
from femsuite.results.options import PlotOptions, PublishedLine
from femsuite.results.plots import plot
from femsuite.results.published import curve
from femsuite.results.quantities import Number
from femsuite.results.state import State
from femsuite.results.table import Table

CONSTANTS = {"room": "22 degC", "R": "73 K/W", "P0": "1.4 W", "a": "350 um/W^2"}
LAW = "room + R * (P0 + sqrt(x / a))"


def inverse_law(**more):
    return PublishedLine(**{"y": LAW, "constants": CONSTANTS, **more})


def test_square_law_above_a_threshold_has_a_band_of_both_parameters():
    line = PublishedLine(
        slope="350 um/W^2", slope_uncertainty="70 um/W^2", power=2, threshold="1.4 W", threshold_uncertainty="0.1 W"
    )
    y, low, high = curve(line, np.array([1000.0, 1400.0, 2400.0]), ("mW", "um"))
    assert y == pytest.approx([0.0, 0.0, 350.0])
    assert low == pytest.approx([0.0, 0.0, 280.0 * 0.9**2])
    assert high == pytest.approx([0.0, 420.0 * 0.1**2, 420.0 * 1.1**2])


def test_law_by_expression_is_worked_out_in_the_units_of_the_axes():
    """22 degC + 73 K/W (1.4 W + sqrt(350 um / 350 um/W^2)) = 22 degC + 73 K/W 2.4 W."""
    y, low, high = curve(inverse_law(), np.array([0.0, 350.0]), ("um", "degC"))
    assert y == pytest.approx([22 + 73 * 1.4, 22 + 73 * 2.4])
    assert np.array_equal(low, y)
    assert np.array_equal(high, y)
    assert curve(inverse_law(), np.array([0.35]), ("mm", "K"))[0] == pytest.approx([22 + 73 * 2.4 + 273.15])


def test_band_of_an_expression_is_its_envelope_over_all_corners():
    line = inverse_law(uncertainties={"R": "6 K/W", "P0": "0.1 W", "room": "1 degC"})
    y, low, high = curve(line, np.array([350.0]), ("um", "degC"))
    assert y == pytest.approx([197.2])
    assert low == pytest.approx([21 + 67 * 2.3])
    assert high == pytest.approx([23 + 79 * 2.5])


def test_expression_may_change_its_law_at_a_place():
    line = PublishedLine(y="where(x < P0, 0 * a * P0**2, a * (x - P0)**2)", constants={"P0": "1 W", "a": "2 mm/W^2"})
    assert curve(line, np.array([0.5, 3.0]), ("W", "um"))[0] == pytest.approx([0.0, 8000.0])


def test_a_constant_is_a_line():
    line = PublishedLine(y="limit", constants={"limit": "85 degC"})
    assert curve(line, np.arange(3.0), ("W", "K"))[0] == pytest.approx([358.15] * 3)


@pytest.mark.parametrize(
    ("units", "sentence"),
    [
        (("W", "degC"), r"^y = 'room .*' puts together what does not go together: .* and meter$"),
        (("um", "mm"), r"^y = 'room .*' is in K, not in mm$"),
    ],
)
def test_units_of_an_expression_are_checked(units, sentence):
    line = inverse_law() if units[1] == "mm" else inverse_law(y="room + R * (x + a * P0**2)")
    with pytest.raises(ValueError, match=sentence):
        curve(line, np.zeros(1), units)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "either `slope` or `y`"),
        ({"slope": "1 K/W", "y": "x"}, "either `slope` or `y`"),
        ({"slope": "1 K/W", "constants": {"R": "1 K/W"}}, "beside `slope` they mean nothing"),
        ({"y": "R * x", "constants": {"R": "1 K/W"}, "threshold": "1 W"}, "leave out threshold"),
        ({"y": "RR * x", "constants": {"R": "1 K/W"}}, "no constant 'RR'; did you mean 'R'"),
        ({"y": "2 * x", "constants": {"R": "1 K/W"}}, "no constant of y 'R'"),
        ({"y": "R * x", "constants": {"R": "1 K/W"}, "uncertainties": {"r": "1 K/W"}}, "no constant 'r'"),
        ({"y": "x", "constants": {"x": "1 W"}}, "cannot be a constant"),
        ({"y": "import x"}, "is not an expression"),
    ],
)
def test_faults_of_a_published_line_are_sentences(given, sentence):
    with pytest.raises(ValidationError, match=sentence):
        PublishedLine(**given)


def test_resolved_line_reads_again():
    line = inverse_law(uncertainties={"R": "6 K/W"})
    again = PublishedLine(**line.model_dump())
    assert again == line
    straight = PublishedLine(slope="73 K/W", intercept="22 degC")
    assert PublishedLine(**straight.model_dump()) == straight


def test_wrong_unit_in_a_plot_is_told_with_its_key(tmp_path):
    table = Table()
    for power in (0.0, 1.0):
        table = table.with_row(State(f"{power}", "power", {"power": power}), {"face": Number(300 + power, "K", "")})
    options = PlotOptions(name="p", x="power", y=["face"], lines=[{"slope": "3 mm/W"}])
    with pytest.raises(InputError, match=r"plots\.p: 'mm' cannot be turned|plots\.p: .* cannot be turned into"):
        plot(options, table, {}, tmp_path)
