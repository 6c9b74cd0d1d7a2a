"""``femsuite converge``: rows from three runs, and the command on the tutorial's study."""

import csv
import json
import math

import pytest

from femsuite.commands.converge import chosen, zeros
from femsuite.commands.converge import main as converge
from femsuite.errors import InputError
from femsuite.study import load
from femsuite.verify.convergence import as_csv, element_sizes, rows_of, worst_rows

QUICK = ["output.pictures=[]", "output.checkpoint=false", "output.fields=[]", "geometry.parameters.counts=[4, 4, 2]"]


def three_runs(*columns):
    """Return metrics of three runs from (name, coarse, middle, fine)."""
    return [{name: {"value": values[run], "unit": "m"} for name, *values in columns} for run in range(3)]


def test_element_size_falls_with_the_root_of_the_cells():
    assert element_sizes([1000, 8000, 64000], 3) == pytest.approx((4.0, 2.0, 1.0))
    assert element_sizes([100, 400, 1600], 2) == pytest.approx((4.0, 2.0, 1.0))


def test_a_second_order_number_is_extrapolated_exactly():
    row = rows_of(three_runs(("length@a", 3.0 + 0.16, 3.0 + 0.04, 3.0 + 0.01)), (4.0, 2.0, 1.0))[0]
    assert row.order == pytest.approx(2.0)
    assert row.value == pytest.approx(3.0)
    assert row.error == pytest.approx(0.04 / 3.01)
    assert row.deviations == pytest.approx((0.16 / 3.0, 0.04 / 3.0, 0.01 / 3.0))


def test_errors_of_temperatures_count_from_the_ambient():
    metrics = three_runs(("face@a", 300.0 + 10.4, 300.0 + 10.1, 300.0 + 10.025))
    row = rows_of(metrics, (4.0, 2.0, 1.0), {"face": 300.0})[0]
    assert row.value == pytest.approx(310.0)
    assert row.error == pytest.approx(0.1 / 10.025)


def test_a_number_that_wanders_has_no_order_and_the_finest_value():
    row = rows_of(three_runs(("length@a", 1.0, 1.2, 1.1)), (4.0, 2.0, 1.0))[0]
    assert math.isnan(row.order)
    assert row.value == 1.1
    assert row.band > row.error > 0.0
    assert as_csv([row]).splitlines()[1].split(",")[5] == ""


def test_balances_and_numbers_of_some_runs_only_are_left_out():
    runs = three_runs(("balance.heat", 1e-9, 1e-10, 1e-11), ("fit.a.slope", 1.0, 1.0, 1.0), ("length@a", 1.0, 1.1, 1.2))
    del runs[1]["fit.a.slope"]
    assert [row.name for row in rows_of(runs, (4.0, 2.0, 1.0))] == ["length@a"]


def test_the_worst_state_of_a_column_is_shown_but_not_a_state_where_it_nearly_vanishes():
    rows = rows_of(
        three_runs(("length@1 W", 1.0, 1.02, 1.03), ("length@2 W", 2.0, 2.1, 2.15), ("length@0 W", 0.0, 1e-3, 5e-3)),
        (4.0, 2.0, 1.0),
    )
    assert [row.name for row in worst_rows(rows)] == ["length@2 W"]


def test_a_number_that_vanishes_on_the_finest_mesh_has_no_relative_error():
    row = rows_of(three_runs(("length@a", 2.0, 1.0, 0.0)), (4.0, 2.0, 1.0))[0]
    assert math.isinf(row.error)
    assert math.isinf(row.band)


def test_rounding_is_no_error():
    row = rows_of(three_runs(("face@a", 295.15, 295.15 * (1 + 2e-16), 295.15)), (4.0, 2.0, 1.0), {"face": 295.15})[0]
    assert (row.error, row.band) == (0.0, 0.0)


def test_uncertainties_of_fits_are_not_shown():
    rows = rows_of(
        three_runs(("fit.a.slope", 1.0, 1.1, 1.2), ("fit.a.slope_uncertainty", 1.0, 2.0, 3.0)), (4.0, 2.0, 1.0)
    )
    assert [row.name for row in worst_rows(rows)] == ["fit.a.slope"]


def test_refinements_must_be_three_different_ones():
    study = load("tutorial/heated_block", QUICK)
    assert chosen(None, study) == (0.7, 1.0, 1.4)
    assert chosen([2.0, 0.5, 1.0], study) == (0.5, 1.0, 2.0)
    with pytest.raises(InputError, match="three different"):
        chosen([1.0, 1.0, 2.0], study)


def test_temperatures_in_degrees_count_from_the_ambient_in_degrees():
    found = zeros(load("tutorial/heated_block", QUICK))
    assert found["top_temperature"] == pytest.approx(25.0)
    assert "largest_stress" not in found


def test_the_tutorial_converges_and_unchanged_runs_are_kept(tmp_path, capsys):
    from femsuite.cli import parser

    given = ["converge", "tutorial/heated_block", "--out", str(tmp_path), "--refinements", "0.5", "1.0", "2.0"]
    for override in QUICK:
        given += ["--set", override]
    assert converge(parser().parse_args(given)) == 0
    assert "bottom_temperature" in capsys.readouterr().out
    with open(tmp_path / "convergence.csv", encoding="utf-8") as file:
        rows = {row["metric"]: row for row in csv.DictReader(file)}
    drop = rows["drop@heating"]
    assert float(drop["extrapolated"]) == pytest.approx(5.0 * 2e-3 / (23.35 * 1e-4), rel=2e-3)
    assert float(drop["error_of_middle"]) < 1e-6  # second order holds a straight profile exactly
    written = json.loads((tmp_path / "convergence.json").read_text())
    assert [mesh["cells"] for mesh in written["meshes"]] == [6 * 4, 6 * 32, 6 * 256]  # six tetrahedra a box
    assert (tmp_path / "convergence.png").read_bytes().startswith(b"\x89PNG")

    before = [(tmp_path / f"refinement-{one}" / "run.json").stat().st_mtime_ns for one in ("0.5", "1", "2")]
    assert converge(parser().parse_args(given)) == 0
    after = [(tmp_path / f"refinement-{one}" / "run.json").stat().st_mtime_ns for one in ("0.5", "1", "2")]
    assert after == before
