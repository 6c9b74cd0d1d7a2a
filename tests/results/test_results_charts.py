import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from femsuite.results.charts import KINDS, _tornado, chart
from femsuite.results.table import Column, Table
from femsuite.study.series import Chart

NAN = float("nan")


def table(**columns):
    """Return a table of columns given as (unit, numbers)."""
    made = {name: Column(name, unit, name) for name, (unit, _) in columns.items()}
    values = {name: np.array(numbers, dtype=float) for name, (_, numbers) in columns.items()}
    count = len(next(iter(values.values())))
    return Table(made, tuple(f"case {n}" for n in range(count)), ("",) * count, values)


GRID = table(
    zinc=("um", [5, 5, 10, 10]),
    heat=("degC", [390, 400, 390, 400]),
    stress=("Pa", [100e6, 150e6, 200e6, 250e6]),
    low=("Pa", [90e6, 140e6, 150e6, 100e6]),
    high=("Pa", [0.2e9, 0.3e9, 0.3e9, 0.4e9]),
    risk=("", [1e-6, 0.0, 0.2, 0.9]),
)
LINES = {"name": "c", "x": "zinc", "y": ["stress"], "by": "heat", "limits": {"strength": 180e6}, "window": [6, 9]}
BARS = {"name": "c", "kind": "bars", "y": ["stress"], "band": ["low", "high"], "limits": {"strength": 180e6}}
MAP = {"name": "c", "kind": "map", "x": "zinc", "y": ["heat", "risk"], "logarithmic": ["colour"]}
TORNADO = {"name": "c", "kind": "tornado", "y": ["stress"], "case": "b", "limits": {"strength": 180e6}}
TRIALS = {"a": {}, "b": {"modulus": [{"stress": 120e6}, {"stress": 160e6}], "flaw": [{"stress": NAN}]}}


def axes_of(options, given=GRID, trials=None):
    axes = Figure().add_subplot()
    options = Chart.model_validate(options)
    if options.kind == "tornado":
        _tornado(options, given, axes, trials or {})
    else:
        KINDS[options.kind](options, given, axes)
    return axes


@pytest.mark.parametrize("options", [LINES, BARS, MAP, TORNADO], ids=lambda one: one.get("kind", "lines"))
def test_every_kind_is_drawn_and_written(options, tmp_path):
    path = chart(Chart.model_validate(options), GRID, tmp_path, TRIALS)
    assert path == tmp_path / "c.png"
    pixels = matplotlib.image.imread(path)
    assert min(pixels.shape[:2]) > 300
    assert np.ptp(pixels[..., :3]) > 0.5


@pytest.mark.parametrize("options", [LINES, BARS, MAP, TORNADO], ids=lambda one: one.get("kind", "lines"))
def test_a_column_without_a_number_is_drawn_empty(options, tmp_path, recwarn):
    empty = Table(GRID.columns, GRID.labels, GRID.stages, {**GRID.values, **dict.fromkeys(
        ("stress", "risk", "low", "high"), np.full(4, NAN))})  # fmt: skip
    assert chart(Chart.model_validate(options), empty, tmp_path, TRIALS).stat().st_size > 5000
    assert not [one for one in recwarn if "NaN" in str(one.message)]


def test_numbers_and_limits_are_in_the_same_handy_unit():
    axes = axes_of(LINES)
    drawn = {line.get_label(): line for line in axes.lines}
    assert drawn["Heat 390 °C"].get_ydata() == pytest.approx([100.0, 200.0])
    assert drawn["Heat 400 °C"].get_xdata() == pytest.approx([5.0, 10.0])
    assert axes.lines[-1].get_ydata() == pytest.approx([180.0, 180.0])
    assert axes.get_ylabel() == "Stress [MPa]"
    assert axes.get_xlabel() == "Zinc [µm]"


def test_several_columns_share_one_scale():
    axes = axes_of({"name": "c", "x": "zinc", "y": ["small", "large"]}, table(
        zinc=("um", [1, 2]), small=("Pa", [100.0, 200.0]), large=("Pa", [1e9, 2e9])))  # fmt: skip
    assert axes.lines[0].get_ydata() == pytest.approx([1e-7, 2e-7])
    assert axes.lines[1].get_ydata() == pytest.approx([1.0, 2.0])
    assert axes.get_ylabel() == "Stress [GPa]"


def test_lines_go_along_x_whatever_the_order_of_the_rows():
    axes = axes_of({"name": "c", "x": "x", "y": ["y"]}, table(x=("", [3, 1, 2]), y=("", [30, 10, 20])))
    assert axes.lines[0].get_xydata().tolist() == [[1, 10], [2, 20], [3, 30]]


def test_scales_are_logarithmic_where_asked():
    axes = axes_of({"name": "c", "x": "x", "y": ["y"], "logarithmic": ["y"]}, table(x=("", [1, 2]), y=("", [1, 100])))
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    assert axes_of({**BARS, "logarithmic": ["x"]}).get_xscale() == "log"


def test_the_window_of_the_source_is_in_the_unit_of_the_axis():
    given = table(x=("m", [1e-5, 2e-5]), y=("", [1, 2]))
    axes = axes_of({"name": "c", "x": "x", "y": ["y"], "window": [1.2e-5, 1.5e-5]}, given)
    assert axes.get_xlabel() == "X [µm]"
    assert axes.patches[0].get_x() == pytest.approx(12.0)
    assert axes.patches[0].get_width() == pytest.approx(3.0)


def test_bars_have_one_for_each_case_with_its_band():
    axes = axes_of(BARS)
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([100.0, 150.0, 200.0, 250.0])
    assert [label.get_text() for label in axes.get_yticklabels()] == list(GRID.labels)
    ends = [segment[:, 0].tolist() for segment in axes.collections[0].get_segments()]
    assert np.array(ends) == pytest.approx(np.array([[90, 200], [140, 300], [150, 300], [100, 400]], dtype=float))
    assert axes.lines[-1].get_xdata() == pytest.approx([180.0, 180.0])


def test_a_map_has_a_field_for_each_pair_of_values():
    axes = axes_of({**MAP, "logarithmic": []})
    (mesh,) = axes.collections
    assert np.ma.getdata(mesh.get_array()).ravel() == pytest.approx([1e-6, 0.2, 0.0, 0.9])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["5", "10"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["390", "400"]


def test_a_tornado_shows_how_far_each_estimate_moves_the_number_of_its_case():
    axes = axes_of(TORNADO, trials=TRIALS)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["modulus"]  # the flaw's trial has no number
    spans = sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches)
    assert spans[0] == pytest.approx((120.0, 150.0))  # row b is 150 MPa
    assert spans[1] == pytest.approx((150.0, 160.0))


def test_a_tornado_takes_the_first_member_of_a_case_that_runs_along_an_axis():
    trials = {"a_zinc-5": {}, "a_zinc-10": {}, "b_zinc-5": {"modulus": [{"stress": 260e6}]}, "b_zinc-10": {}}
    axes = axes_of(TORNADO, trials=trials)
    assert axes.lines[0].get_xdata() == pytest.approx([200.0, 200.0])


def test_a_tornado_has_eight_estimates_at_most_the_largest_first():
    trials = {"a": {f"e{n}": [{"stress": 100e6 + n * 1e6}] for n in range(12)}}
    axes = axes_of({**TORNADO, "case": "a"}, trials=trials)
    assert [label.get_text() for label in axes.get_yticklabels()] == [f"e{n}" for n in range(11, 3, -1)]
    assert axes.yaxis_inverted()


def test_a_logarithmic_scale_of_bars_holds_all_bars_and_limits_between_powers_of_ten():
    from matplotlib.figure import Figure

    from femsuite.results import charts

    axes = Figure().add_subplot()
    charts._whole_decades(axes, np.array([np.nan, 0.0, 2e-4, 0.5]))
    axes_low, axes_high = axes.get_xlim()
    assert (axes_low, axes_high) == pytest.approx((1e-4, 1.0))
