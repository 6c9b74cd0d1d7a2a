"""An axisymmetric study through the whole pipeline: heat and mechanics see the same rings."""

import json

import numpy as np
import pytest

from femsuite.run import run
from femsuite.study import load

STUDY = """
format = 1
name = "disc"
title = "A heated die on a frame, in a meridian"
[geometry]
file = "die_attach_package"
[geometry.parameters]
joint = "single"
active_thickness = "20 um"
counts = [6, 2, 2]
[regions.frame]
material = "Cu_leadframe_C194"
stress_free_temperature = "25 degC"
[regions.plating]
material = "Ni_plating"
stress_free_temperature = "25 degC"
[regions.joint]
material = "ZnAl_eutectic"
stress_free_temperature = "25 degC"
[regions.die]
material = "Si"
stress_free_temperature = "25 degC"
crystal = { normal = [0, 0, 1], edge = [1, 1, 0] }
[regions.mould]
material = "EMC"
stress_free_temperature = "25 degC"
[heat]
ambient = "25 degC"
[[heat.conditions]]
type = "film"
surface = "bottom"
coefficient = "1000 W/(m^2 K)"
[mechanics]
plane = "axisymmetric"
support = "free"
[solver]
mechanics = "direct"
[[stages]]
name = "power"
type = "steady"
sources = { active = "2 W" }
[[quantities]]
name = "bottom"
field = "temperature"
over = "bottom"
[[quantities]]
name = "die"
field = "temperature"
over = "die"
[output]
pictures = []
clip = "none"
fields = []
"""


def test_heat_leaves_through_the_area_of_the_rings(tmp_path):
    path = tmp_path / "disc.toml"
    path.write_text(STUDY)
    run(load(path), tmp_path / "out")
    found = {name: one["value"] for name, one in json.loads((tmp_path / "out" / "metrics.json").read_text()).items()}
    # 2 W through a disc of 1 cm^2 at 1000 W/(m^2 K)
    bottom = next(value for name, value in found.items() if name.startswith("bottom"))
    assert bottom == pytest.approx(298.15 + 20.0, abs=1e-6)
    assert next(value for name, value in found.items() if name.startswith("die")) > bottom + 0.1
    assert np.isfinite(list(found.values())).all()
