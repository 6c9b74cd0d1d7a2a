"""The flagship gives the same numbers on several ranks as on one, though a rank may own no cell of the die.

The reference cannot go stale: in the same test every rank also computes the whole study by itself, on its own
communicator. All do, not only the first, so that a reduction over the wrong communicator gives wrong numbers instead of
ranks that wait for each other.
"""

from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI

from femsuite.march import march
from femsuite.meshing.mesh import build_mesh
from femsuite.model import build_model
from femsuite.results.table import Table, add_state
from femsuite.run import mesh_of, topograph_of
from femsuite.solve.monitor import Monitor
from femsuite.study import load

pytestmark = [
    pytest.mark.mpi,
    pytest.mark.skipif(MPI.COMM_WORLD.size == 1, reason="compares several ranks with one"),
]
COARSE = [
    "mesh.refinement=0.28",
    'stages.1.sources.Q5=["1.5 W"]',
    "topograph.grid=[41, 41, 11]",
    "topograph.contrast.pixels=[96, 96]",
    "topograph.section.scan=3",
    'topograph.section.positions=["-50 um", "50 um"]',
]
LENGTH_OF_A_PIXEL = 3.2e-6  # a length below it is compared to this


@pytest.fixture(scope="module")
def study():
    return load("lm3046/power_sweep", COARSE)


def numbers(study, tagged):
    """Return columns of the result table and measures of the last state's topograph, both by name."""
    model = build_model(study, tagged, Monitor())
    topograph = topograph_of(model)
    table, measures = Table(), None
    for state in march(model):
        table = add_state(table, state, study.quantities, tagged)
        if state.stage == "power":
            picture = topograph.image(state.displacement, state.label)
            measures = dict(picture.measures) if picture is not None else None
    return dict(table.values), tagged.mesh.comm.bcast(measures, root=0)


@pytest.fixture(scope="module")
def together(study):
    """The numbers that all ranks compute together."""
    return numbers(study, mesh_of(study))


@pytest.fixture(scope="module")
def alone(study, together):  # after `together`, which leaves the mesh in the cache
    """The numbers that each rank computes by itself."""
    serial = build_mesh(study.geometry.file, dict(study.geometry.parameters), study.mesh, MPI.COMM_SELF)
    return numbers(study, serial)


def test_the_result_table_is_that_of_one_rank(together, alone):
    assert set(together[0]) == set(alone[0])
    for name, expected in alone[0].items():
        largest = np.nanmax(np.abs(expected), initial=0.0)
        np.testing.assert_allclose(together[0][name], expected, rtol=0.0, atol=1e-6 * largest, err_msg=name)


def test_temperatures_are_those_of_one_rank_to_the_solver_tolerance(together, alone):
    assert "junction_peak_temperature" in alone[0]
    for name in (name for name in alone[0] if name.endswith("_temperature")):
        np.testing.assert_allclose(together[0][name], alone[0][name], rtol=1e-9, err_msg=name)


def test_the_topographs_measures_are_those_of_one_rank(together, alone):
    assert set(together[1]) == set(alone[1])
    for name, expected in alone[1].items():
        loose = "length" in name or name.startswith("streak")  # where a threshold is crossed
        floor = LENGTH_OF_A_PIXEL if loose else 0.0
        allowed = (1e-3 if loose else 1e-6) * max(abs(expected), floor)
        assert abs(together[1][name] - expected) <= allowed, name


def test_there_is_an_image_to_measure(alone):
    assert alone[1]["streak_length"] > LENGTH_OF_A_PIXEL
    assert alone[1]["contrast_peak"] > 2.0
