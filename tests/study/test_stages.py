"""The states that stages ask for."""

from femsuite.study import load


def points(desk, *changes):
    return [point for stage in load(desk.write(*changes)).stages for point in stage.points()]


def test_a_steady_stage_has_a_state_for_each_power(desk):
    found = points(desk)
    assert [point.label for point in found] == ["cooling", "power=0 W", "power=1.5 W"]
    assert [dict(point.values) for point in found] == [{}, {"power": 0.0}, {"power": 1.5}]


def test_a_stage_without_sources_has_its_name_and_no_power(desk):
    """Heat may come through a surface then: power = 0 W would be wrong."""
    plots = (
        ('x = "power"\ny = "peak"', 'x = "peak"\ny = "peak"'),
        ('x = "power"\ny = ["peak"]', 'x = "peak"\ny = ["peak"]'),
    )
    found = points(desk, ('sources = { Q5 = ["0 W", "1.5 W"] }\n', ""), *plots)
    assert [point.label for point in found] == ["cooling", "power"]
    assert found[1].values == {}


def test_a_transient_without_sources_has_times_and_no_power(desk):
    stage = (
        'type = "transient"\nduration = "2 s"\nfirst_step = "0.1 s"\nlargest_change = "5 K"\ntimes = ["0 s", "1 s"]\n'
    )
    plots = (
        ('x = "power"\ny = "peak"', 'x = "time"\ny = "peak"'),
        ('x = "power"\ny = ["peak"]', 'x = "time"\ny = ["peak"]'),
    )
    found = points(desk, ('type = "steady"\nsources = { Q5 = ["0 W", "1.5 W"] }\n', stage), *plots)
    assert [point.label for point in found[1:]] == ["time=0 s", "time=1 s"]
    assert [dict(point.values) for point in found[1:]] == [{"time": 0.0}, {"time": 1.0}]
