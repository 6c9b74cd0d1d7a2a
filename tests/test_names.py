"""What a study names and its mesh does not have, told before anything is solved."""

import pytest

from femsuite.errors import InputError
from femsuite.names import check_names
from femsuite.run import mesh_of
from femsuite.study import load

SMALL = [
    "geometry.parameters.counts=[4, 1, 1]",
    "geometry.parameters.edge_count=1",
    "geometry.parameters.outer_count=2",
]


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        (
            "stages.3.shrinkage={mold=0.002}",
            "stages.3.shrinkage.mold",
            "there is no region 'mold'; did you mean 'mould'?",
        ),
        ('stages.1.killed=["dye"]', "stages.1.killed.0", "there is no region 'dye'; did you mean 'die'?"),
        ('stages.1.melted=["joint"]', "stages.1.melted.0", "there is no region 'joint'"),
        ('failures.0.distance="3 mm"', "failures.0.distance", "3000 um is no less than the thickness of 'die', 300 um"),
        (
            'failures.0.distance="0.3 mm"',
            "failures.0.distance",
            "300 um is no less than the thickness of 'die', 300 um",
        ),
        ("mechanics.plane=strain", "mechanics.plane", "the geometry is a meridian, turned about its face 'axis'"),
    ],
)
def test_a_process_names_what_is_there(change, key, told):
    study = load("die_attach/assembly", [*SMALL, change])
    with pytest.raises(InputError, match=told) as error:
        check_names(study, mesh_of(study))
    assert [fault.key for fault in error.value.faults] == [key]


def test_a_layer_may_be_thinner_than_its_measures_distance_but_not_its_plan():
    layer = 'failures=[{name="core", type="layer", region="aluminium", distance="%s"}]'
    study = load("die_attach/assembly", [*SMALL, layer % "100 um"])
    check_names(study, mesh_of(study))
    study = load("die_attach/assembly", [*SMALL, layer % "2.9 mm"])
    with pytest.raises(InputError, match="2900 um is no less than the half plan of 'aluminium'"):
        check_names(study, mesh_of(study))
