"""Plots and off-screen pictures: what is drawn is what the numbers say, and no graphics is no failure."""

from dataclasses import replace

import box_case
import numpy as np
import pytest
from mpi4py import MPI
from PIL import Image

from femsuite.errors import InputError
from femsuite.results import scene, style
from femsuite.results.fits import fit
from femsuite.results.options import FitOptions, PlotOptions
from femsuite.results.plots import _figure, montage, plot, twice_uncertain, uncertain
from femsuite.results.quantities import Number
from femsuite.results.scene import SceneOptions, series
from femsuite.results.state import State
from femsuite.results.table import Table


def small_table():
    table = Table()
    for power, kelvin in [(0.0, 295.15), (1.0, 368.15), (2.0, 441.15)]:
        numbers = {"face": Number(kelvin, "K", "top"), "streak": Number(3e-4 * power, "m", "")}
        table = table.with_row(State(f"power={power:g} W", "power", {"power": power}), numbers)
    return table


def test_axes_carry_names_units_and_converted_numbers():
    table = small_table()
    fits = {"f": fit(FitOptions(name="f", x="power", y="face"), table)}
    options = PlotOptions(
        name="p", x="power", y=["face"], fits=["f"], x_unit="mW", y_unit="degC",
        lines=[{"slope": "73 K/W", "slope_uncertainty": "6 K/W", "intercept": "22 degC", "label": "paper"}],
    )  # fmt: skip
    axes = _figure(options, table, fits, ("mW", "degC")).axes[0]
    assert axes.get_xlabel() == "Power [mW]"
    assert axes.get_ylabel() == "Face [°C]"
    lines = {line.get_label(): line for line in axes.lines}
    assert lines["Face"].get_xdata() == pytest.approx([0, 1000, 2000])
    assert lines["Face"].get_ydata() == pytest.approx([22, 95, 168])
    assert lines["paper; shaded: its uncertainty"].get_ydata()[[0, -1]] == pytest.approx([22, 168])
    fitted = next(line for label, line in lines.items() if label.startswith("fit: slope 0.073"))
    assert fitted.get_ydata()[[0, -1]] == pytest.approx([22, 168])


def test_plot_is_written_and_faults_are_sentences(tmp_path):
    table = small_table()
    path = plot(PlotOptions(name="p", x="power", y=["streak"]), table, {}, tmp_path)
    with Image.open(path) as image:
        assert image.size[0] > 900
        assert len(set(image.convert("L").resize((60, 40)).tobytes())) > 5
    both = montage([(path, "one"), (path, "a caption that is too long for one line " * 3)], tmp_path / "both.png", 2)
    with Image.open(both) as image:
        assert image.size[0] > image.size[1]
    with pytest.raises(InputError, match=r"plots\.p: there is no column .* did you mean 'streak'"):
        plot(PlotOptions(name="p", x="power", y=["streek"]), table, {}, tmp_path)
    with pytest.raises(InputError, match=r"plots\.p: there is no fit 'g'"):
        plot(PlotOptions(name="p", x="power", y=["streak"], fits=["g"]), table, {}, tmp_path)
    with pytest.raises(InputError, match="'m' cannot be turned into 'K'"):
        plot(PlotOptions(name="p", x="power", y=["face", "streak"], y_unit="K"), table, {}, tmp_path)


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [(73.123, 0.42, "73.12 ± 0.42"), (1234.0, 56.0, "1234 ± 56"), (0.3, 0.0, "0.3"), (2.0, float("nan"), "2")],
)
def test_uncertain_numbers_are_rounded_to_their_error(value, error, text):
    assert uncertain(value, error) == text


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((0.14484, 0.00723, 0.03639), "0.145 (formal ± 0.007, by points ± 0.036)"),
        ((71.57, 0.43, 0.84), "71.57 (formal ± 0.43, by points ± 0.84)"),
        ((2.0, 0.5, 0.0004), "2.00 (formal ± 0.50, by points ± 0.0004)"),
        ((3.0, 0.0, 0.0), "3"),
    ],
)
def test_both_uncertainties_are_shown_in_the_digits_of_the_larger(numbers, text):
    assert twice_uncertain(*numbers) == text


def test_a_plot_says_why_its_fit_is_missing():
    table = small_table()
    fits = {"f": fit(FitOptions(name="f", x="power", y="face", model="square_above_threshold"), table)}
    figure = _figure(PlotOptions(name="p", x="power", y=["face"], fits=["f"]), table, fits, ("W", "K"))
    shown = [" ".join(text.get_text().split()) for text in figure.legends[0].get_texts()]
    assert shown == ["Face", f"no fit: {fits['f'].reason}"]


def test_legend_takes_no_room_from_the_axes():
    """It stands below the axes, which keep their height however long it grows."""
    table, heights = small_table(), []
    for count in (1, 4):
        lines = [
            {"slope": "70 K/W", "intercept": "22 degC", "label": f"paper {n}, " + "long " * 8} for n in range(count)
        ]
        figure = _figure(PlotOptions(name="p", x="power", y=["face"], lines=lines), table, {}, ("W", "degC"))
        figure.draw_without_rendering()
        axes, legend = figure.axes[0].get_window_extent(), figure.legends[0].get_window_extent()
        assert legend.y1 < axes.y0
        heights.append(axes.height)
        drawn = [
            (line.get_linestyle(), line.get_color()) for line in figure.axes[0].lines if "paper" in line.get_label()
        ]
        assert len(set(drawn)) == count
    assert heights[1] == pytest.approx(heights[0], rel=0.05)


def test_units_are_handy():
    assert style.handy_unit("m", 3e-5) == "um"
    assert style.handy_unit("Pa", 2.5e7) == "MPa"
    assert style.handy_unit("K", 300) == "K"
    assert style.number(-1.234e-5) == "−1.234×10⁻⁵"


@pytest.mark.mpi
def test_pictures_of_a_series_share_one_scale(shared, monkeypatch):
    """The colour bar's ends are the extremes of the cut body over both states, in the unit of the bar."""
    seen = []
    drawn = scene._render
    monkeypatch.setattr(scene, "_render", lambda place, scenes: seen.extend(scenes) or drawn(place, scenes))
    tagged = box_case.box("tetrahedron", (4, 2, 2))
    states = [box_case.make_state(tagged, 2, scale) for scale in (0.5, 1.0)]
    pictures = series(SceneOptions("temperature", size=(400, 300)), states, tagged, shared)
    assert [picture.path.name for picture in pictures] == ["temperature_00.png", "temperature_01.png"]
    MPI.COMM_WORLD.barrier()
    for picture in pictures:
        with Image.open(picture.path) as image:
            assert np.asarray(image.convert("RGB")).std() > 10
    if MPI.COMM_WORLD.rank == 0:
        assert [(one["low"], one["high"]) for one in seen] == [(seen[0]["low"], seen[0]["high"])] * 2
        low = 300.0 + 10.0 * 0.5 - 5.0 - 273.15  # x = 0, y just above the middle, z = top: the same in both is 300
        assert seen[0]["low"] == pytest.approx(low, abs=1e-3)
        assert seen[0]["high"] == pytest.approx(345.0 - 273.15, abs=1e-6)


@pytest.mark.mpi
def test_signed_fields_diverge_about_zero(shared, monkeypatch):
    seen = []
    monkeypatch.setattr(scene, "_render", lambda place, scenes: seen.extend(scenes) or "no graphics here")
    tagged = box_case.box("hexahedron", (4, 2, 2))
    state = box_case.make_state(tagged, 2)
    state.displacement.x.array[:] -= 2e-7
    pictures = series(SceneOptions("displacement.z", clip=None), [state], tagged, shared)
    assert pictures[0].path is None
    assert pictures[0].problem == "no graphics here"
    if MPI.COMM_WORLD.rank == 0:
        assert seen[0]["colours"] == "coolwarm"
        assert seen[0]["low"] == -seen[0]["high"]


def test_broken_graphics_are_reported_not_raised(tmp_path, monkeypatch):
    monkeypatch.setattr(scene.sys, "executable", "/bin/false")
    tagged = box_case.box("tetrahedron", (2, 1, 1))
    picture = series(SceneOptions("temperature"), [box_case.make_state(tagged)], tagged, tmp_path)[0]
    assert picture.path is None
    assert "off-screen drawing failed (code 1)" in picture.problem
    assert "libegl1" in picture.problem


def test_magnification_is_a_round_number_that_shows():
    tagged = box_case.box("tetrahedron", (2, 1, 1))
    factor = scene._magnification(SceneOptions("temperature", warp=None), [box_case.make_state(tagged)], tagged)
    largest = np.linalg.norm(box_case.make_state(tagged).displacement.x.array.reshape(-1, 3), axis=1).max()
    assert 0.02 < factor * largest / np.linalg.norm(box_case.SIZE) <= 0.05
    assert f"{factor:e}"[0] in "125"


@pytest.mark.parametrize("cell", ["tetrahedron", "hexahedron"])
def test_a_part_is_cut_at_its_plane_of_symmetry_and_a_whole_body_in_its_middle(cell):
    tagged = box_case.box(cell, (2, 2, 2))
    part = replace(tagged, surfaces={**tagged.surfaces, "symmetry_y": tagged.surfaces["front"]})
    low, high = tagged.mesh.geometry.x.min(axis=0)[1], tagged.mesh.geometry.x.max(axis=0)[1]
    for body, share in ((tagged, 0.5), (part, 0.0)):
        box = scene._skin(SceneOptions("temperature", clip="y"), box_case.make_state(body), body, 0.0).box
        assert box[0][1] == pytest.approx(low + share * (high - low), abs=2e-3 * (high - low))
        assert box[1][1] == pytest.approx(high)
