import numpy as np
import pytest
from pydantic import ValidationError

from femsuite.errors import InputError
from femsuite.results.derived import DerivedOptions, add_derived
from femsuite.results.table import Column, Table

TABLE = Table(
    {"power": Column("power", "W"), "face": Column("face", "K")},
    ("a", "b", "c"),
    ("s", "s", "s"),
    {"power": np.array([0.0, 1.0, 2.0]), "face": np.array([295.15, 368.15, 441.15])},
)


def test_a_resistance_is_worked_out_row_by_row_and_left_empty_at_zero_power():
    options = [
        DerivedOptions(name="resistance", expression="(face - 295.15) / power", unit="K/W"),
        DerivedOptions(name="twice", expression="2 * resistance", unit="K/W"),
    ]
    table = add_derived(TABLE, options)
    assert np.isnan(table.column("resistance")[0])
    assert table.column("resistance")[1:] == pytest.approx([73.0, 73.0])
    assert table.column("twice")[2] == pytest.approx(146.0)
    assert table.unit("resistance") == "K/W"


def test_an_unknown_column_is_named_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'power'"):
        add_derived(TABLE, [DerivedOptions(name="r", expression="face / powr")])


def test_what_is_not_arithmetic_is_refused():
    with pytest.raises(ValidationError, match=r"cannot be used|no function|not an expression"):
        DerivedOptions(name="r", expression="__import__('os')")


@pytest.mark.parametrize("unit", ["um", "furlong", "mW"])
def test_a_unit_that_columns_are_not_in_is_refused(unit):
    with pytest.raises(ValidationError, match="not an SI unit without prefix"):
        DerivedOptions(name="r", expression="face / power", unit=unit)
