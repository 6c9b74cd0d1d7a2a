"""The study of the tests that break a run off: a bimetal strip that yields, and a layer that is born on the way."""

from pathlib import Path

from femsuite.study import load

TEXT = """
format = 1
name = "strip"
title = "A strip that yields, with a layer born on the way"
[geometry]
file = "layered_plate"
[geometry.parameters]
length = "1 mm"
width = "0.2 mm"
counts = [2, 1]
layers = [
  { name = "lower", thickness = "0.3 mm", count = 1 },
  { name = "upper", thickness = "0.2 mm", count = 1 },
  { name = "cap", thickness = "0.1 mm", count = 1 },
]
[mesh]
order = 1
[regions.lower]
material = "Al_99"
stress_free_temperature = "217 degC"
law = "j2"
[regions.upper]
material = "Al2O3_96"
stress_free_temperature = "217 degC"
[regions.cap]
material = "SAC305"
law = "anand"
[mechanics]
support = "free"
[[mechanics.conditions]]
type = "symmetry"
surface = "left"
[solver]
mechanics = "direct"
[[stages]]
name = "cooled"
type = "ramp"
temperature = "100 degC"
duration = "100 s"
keep = ["150 degC"]
[[stages]]
name = "capped"
type = "ramp"
born = ["cap"]
temperature = "25 degC"
duration = "100 s"
keep = ["60 degC"]
[[stages]]
name = "held"
type = "hold"
duration = "1 h"
times = ["60 s"]
[[stages]]
name = "cycled"
type = "cycles"
low = "0 degC"
high = "150 degC"
ramp = "10 min"
dwell = "10 min"
count = 1
[[quantities]]
name = "stress"
field = "stress.von_mises"
over = "lower"
unit = "MPa"
[[quantities]]
name = "cap_stress"
field = "stress.von_mises"
over = "cap"
unit = "MPa"
stages = ["capped", "held", "cycled"]
[[quantities]]
name = "flow"
field = "accumulated_strain"
over = "lower"
[[quantities]]
name = "bow"
field = "displacement.z"
over = "lower"
where = "region"
kind = "range"
unit = "um"
[[failures]]
name = "joint"
type = "cracking"
region = "upper"
[output]
pictures = []
fields = ["displacement", "accumulated_strain"]
"""
STATES = 8
SHORT = [f'stages.{stage}.largest_change="3 K"' for stage in (0, 1, 3)]
"""Overrides for steps so short that several checkpoints lie on the way to a state."""


def strip(folder, *overrides, text=TEXT):
    """Return the study, from a file in the folder."""
    file = Path(folder) / "strip.toml"
    file.write_text(text)
    return load(file, overrides)
