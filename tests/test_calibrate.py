import pytest

from femsuite.calibrate import calibrate
from femsuite.errors import InputError, SolveError
from femsuite.model import build_model
from femsuite.run import mesh_of
from femsuite.solve.monitor import Monitor
from femsuite.study import load

STUDY = """
format = 1
name = "calibrated"
title = "A block that loses its heat through a film"
[geometry]
file = "box"
[geometry.parameters]
length = "10 mm"
width = "10 mm"
height = "2 mm"
counts = [2, 2, 2]
[regions.body]
material = "Al2O3_96"
[heat]
ambient = "25 degC"
[[heat.conditions]]
type = "film"
surface = "bottom"
coefficient = "100 W/(m^2 K)"
[[stages]]
name = "power"
type = "steady"
sources = { body = ["1 W", "2 W"] }
[calibration]
key = "KEY"
metric = "resistance"
target = "73 K/W"
at = "power=2 W"
source = "a measurement"
[[quantities]]
name = "bottom_temperature"
field = "temperature"
over = "bottom"
[[derived]]
name = "resistance"
expression = "(bottom_temperature - 298.15) / power"
unit = "K/W"
"""


def model_of(tmp_path, text):
    file = tmp_path / "calibrated.toml"
    file.write_text(text)
    study = load(str(file))
    return build_model(study, mesh_of(study), Monitor())


def test_the_film_coefficient_meets_the_resistance_of_its_face(tmp_path):
    """R = 1/(h A): 73 K/W over 1 cm^2 asks for 136.986 W/(m^2 K)."""
    found = calibrate(model_of(tmp_path, STUDY.replace("KEY", "heat.conditions.0.coefficient")))
    assert found.found == pytest.approx(1.0 / (73.0 * 1e-4), rel=1e-3)
    assert found.given == 100.0
    assert found.reached == pytest.approx(73.0, rel=1e-3)
    assert found.evaluations <= 3


def test_a_number_that_is_not_of_a_heat_condition_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"heat.conditions.0.coefficient"):
        calibrate(model_of(tmp_path, STUDY.replace("KEY", "heat.ambient")))


def test_a_target_out_of_reach_says_how_near_it_came(tmp_path):
    text = STUDY.replace("KEY", "heat.conditions.0.coefficient").replace(
        'over = "bottom"', 'over = "body"\nkind = "maximum"'
    )
    with pytest.raises(SolveError, match="does not reach its target"):
        calibrate(model_of(tmp_path, text.replace('target = "73 K/W"', 'target = "0.001 K/W"')))
