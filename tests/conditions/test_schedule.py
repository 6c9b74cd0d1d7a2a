import math

import pytest
from pydantic import TypeAdapter, ValidationError

from femsuite.conditions.schedule import TemperatureInTime, breakpoints_of, evaluate, value_at

ADAPTER = TypeAdapter(TemperatureInTime)


def test_constant_is_the_same_at_all_times():
    value = ADAPTER.validate_python("22 degC")
    assert value_at(value, 0.0) == value_at(value, 1e6) == pytest.approx(295.15)
    assert breakpoints_of(value) == ()


def test_formula_of_time_keeps_its_unit():
    value = ADAPTER.validate_python({"formula": "100*sin(pi*t/40)", "unit": "degC"})
    assert value_at(value, 32.0) == pytest.approx(273.15 + 100.0 * math.sin(math.pi * 0.8))


def test_table_is_linear_between_and_constant_outside():
    value = ADAPTER.validate_python({"times": ["0 s", "10 s"], "values": ["300 K", "400 K"]})
    assert [value_at(value, time) for time in (-1.0, 2.5, 11.0)] == pytest.approx([300.0, 325.0, 400.0])
    assert breakpoints_of(value) == (0.0, 10.0)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"times": ["0 s", "0 s"], "values": ["1 K", "2 K"]}, "rise"),
        ({"times": ["0 s"], "values": ["1 K", "2 K"]}, "one value for each time"),
        ({"formula": "__import__('os')", "unit": "K"}, "may only use"),
        ({"formula": "t.real", "unit": "K"}, "may only use"),
        ({"formula": "1/t", "unit": "K"}, "no value at t = 0"),
        ({"formula": "(-1)**0.5", "unit": "K"}, "finite"),
        ({"formula": "sin(t", "unit": "K"}, "is not a formula"),
        ({"formula": "t", "unit": "W"}, "not a unit of temperature"),
        ("22", "unit"),
    ],
)
def test_a_bad_schedule_is_refused_with_a_sentence(given, word):
    with pytest.raises(ValidationError, match=word):
        ADAPTER.validate_python(given)


def test_formula_knows_powers_and_functions():
    assert evaluate("max(2**3, -t) + sqrt(4) * pi / pi", 1.0) == pytest.approx(10.0)


def test_schedules_survive_being_written_and_read():
    for given in ("22 degC", {"times": ["0 s", "3 s"], "values": ["1 K", "2 K"]}, {"formula": "t", "unit": "K"}):
        value = ADAPTER.validate_python(given)
        assert ADAPTER.validate_python(ADAPTER.dump_python(value, mode="json")) == value
