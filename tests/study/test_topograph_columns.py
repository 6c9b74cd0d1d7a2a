import pytest

from femsuite.errors import InputError
from femsuite.study import load

FLAGSHIP = "lm3046/power_sweep"


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ('plots.0.x="pwoer"', "did you mean 'power'"),
        ('fits.2.y="streak_lenght"', "did you mean 'streak_length'"),
        ('derived.0.expression="face_mean_temprature / power"', "did you mean 'face_mean_temperature'"),
        ('derived.0.unit="um"', "not an SI unit without prefix"),
        ('topograph.section.slit="0 um"', "above zero"),
        ("topograph.section.positions=[]", "positions"),
    ],
)
def test_names_and_numbers_of_topographs_are_told_before_anything_is_solved(override, told):
    with pytest.raises(InputError, match=told):
        load(FLAGSHIP, [override])


def test_streak_columns_follow_the_slit_positions():
    study = load(FLAGSHIP, ['topograph.section.positions=["-30 um", "30 um"]', "derived=[]", "compare=[]"])
    assert study.topograph.section.positions == (-30e-6, 30e-6)
    with pytest.raises(InputError, match="there is no column 'streak_at_minus_50um'"):
        load(FLAGSHIP, ['topograph.section.positions=["-30 um"]', "derived=[]", 'fits.2.y="streak_at_minus_50um"'])
