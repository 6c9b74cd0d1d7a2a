"""Columns of a series and metrics of a comparison name numbers that the run will give."""

import pytest
from told import only

from femsuite.commands.run import checked
from femsuite.errors import InputError
from femsuite.series import members_of
from femsuite.study import load


@pytest.mark.parametrize(
    ("column", "name", "words"),
    [
        (7, "die_edge_lowr", "there is no column of the result table 'die_edge_lowr'; did you mean 'die_edge_lower'?"),
        (0, "joint.solidus_margn", "there is no metric 'joint.solidus_margn'; did you mean 'joint.solidus_margin'?"),
        (11, "life.core.cycle", "there is no metric 'life.core.cycle'; did you mean 'life.core.cycles'?"),
        (11, "life.cor.cycles", "there is no metric 'life.cor.cycles'; did you mean 'life.core.cycles'?"),
        (11, "balance.forc", "there is no metric 'balance.forc'; did you mean 'balance.force'?"),
        (0, "die_stress", "'die_stress' has a number at each of 9 states; leave out over = \"metric\""),
        (0, "die_stress@bonde", "there is no state 'bonde'; did you mean 'bonded'?"),
        (7, "joint.excess", "'joint.excess' is a metric, not a column of states; add over = \"metric\""),
    ],
)
def test_a_column_that_no_case_can_give_is_told_with_the_nearest(column, name, words):
    fault = only([f"series.columns.{column}.of={name}"], "die_attach/solders")
    assert fault.key == f"series.columns.{column}.of"
    assert words in fault.message


@pytest.mark.parametrize(
    ("column", "name", "unit"),
    [
        (7, "core_rim_work", "J/m**3"),
        (7, "bow", "um"),
        (2, "joint.cavity_compliance", "1/Pa"),
        (2, "joint.area_loss_high", ""),
        (2, "life.range.drift", ""),
        (2, "balance.force", ""),
        (2, "die_stress@bonded", "MPa"),
    ],
)
def test_columns_of_failures_and_metrics_of_joint_lives_and_balances_are_known(column, name, unit):
    load("die_attach/solders", [f"series.columns.{column}.of={name}", f'series.columns.{column}.unit="{unit}"'])


def test_a_stage_that_there_is_not_would_leave_the_column_empty_and_is_told():
    fault = only(['series.columns.7.stages=["moulded", "cyclin"]'], "die_attach/solders")
    assert fault.key == "series.columns.7.stages.1"
    assert "there is no stage 'cyclin'; did you mean 'cycling'?" in fault.message


@pytest.mark.parametrize(
    ("column", "unit", "words"),
    [
        (2, "um", "'um' is no unit for 'joint.pressure', which is in Pa"),
        (7, "um", "'um' is no unit for 'die_edge_lower', which is in Pa"),
    ],
)
def test_a_unit_of_another_kind_is_told(column, unit, words):
    fault = only([f"series.columns.{column}.unit={unit}"], "die_attach/solders")
    assert fault.key == f"series.columns.{column}.unit"
    assert fault.message == words


def test_a_number_that_only_some_cases_give_is_told_before_the_first_is_run():
    overrides = ["series.columns.0.of=joint.residual_aluminium"]
    whole = load("die_attach/solders", overrides)
    with pytest.raises(InputError) as caught:
        checked(whole, members_of("die_attach/solders", overrides, whole))
    (fault,) = caught.value.faults
    assert fault.key == "series.columns.0.of"
    assert fault.message == (
        "'joint.residual_aluminium' is not among the numbers that the case 'pb_sn_ag' and 4 others will give"
    )
    whole = load("die_attach/solders")
    assert len(checked(whole, members_of("die_attach/solders", [], whole))) == 6


COMPARE = """
[joint]
material = "clad"
[[compare]]
metric = "{metric}"
published = "{published}"
{rest}
"""


@pytest.fixture
def compare(tmp_path):
    """Write a study that compares one number."""

    def write(metric, published, rest=""):
        path = tmp_path / "compared.toml"
        head = 'format = 1\nextends = "die_attach/assembly"\nname = "compared"\ntitle = "one number"\n'
        path.write_text(head + COMPARE.format(metric=metric, published=published, rest=rest), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("metric", "published", "rest", "key", "words"),
    [
        ("balance.nonsense", "1", "", "metric", "there is no metric 'balance.nonsense'"),
        ("balance.heat", "1", "", "metric", "there is no metric 'balance.heat'"),
        ("joint.residual_aluminum", "1 um", "", "metric", "did you mean 'joint.residual_aluminium'?"),
        ("die_strs", "1 MPa", "", "metric", "did you mean 'die_stress'?"),
        ("time", "1 s", "at = 'bonded'", "metric", "'time' is given to the run, not a result of it"),
        (
            "joint.residual_aluminium",
            "1 MPa",
            "",
            "published",
            "cannot be compared with 'joint.residual_aluminium' in m",
        ),
        ("die_edge_lower", "1 um", "at = 'bonded'", "published", "cannot be compared with 'die_edge_lower' in Pa"),
        ("joint.melts", "1", "at = 'bonded'", "at", "'joint.melts' is one number for all states"),
        ("die_stress", "1 MPa", "at = 'bondd'", "at", "did you mean 'bonded'?"),
    ],
)
def test_a_comparison_with_a_number_that_the_run_will_not_give_is_told(compare, metric, published, rest, key, words):
    fault = only([], compare(metric, published, rest))
    assert fault.key == f"compare.0.{key}"
    assert words in fault.message


@pytest.mark.parametrize(
    ("metric", "published", "rest"),
    [
        ("balance.force", "1e-9", ""),
        ("joint.residual_aluminium", "40 um", ""),
        ("die_edge_lower", "100 MPa", "at = 'bonded'"),
    ],
)
def test_numbers_of_joint_failures_and_balances_can_be_compared(compare, metric, published, rest):
    assert len(load(compare(metric, published, rest)).compare) == 1


def test_a_state_at_which_the_quantity_is_not_taken_cannot_be_compared(compare):
    path = compare("die_stress", "1 MPa", "at = 'bonded'")
    load(path)
    fault = only(['quantities.0.stages=["moulded"]'], path)
    assert fault.key == "compare.0.at"
    assert "there is no state 'bonded'" in fault.message
    assert "Allowed: moulded." in fault.message
