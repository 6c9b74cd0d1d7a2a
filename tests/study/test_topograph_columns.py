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
    slits = 'topograph.section.positions=["-50 um", "30 um", "50 um"]'
    study = load(FLAGSHIP, [slits, 'fits.2.y="streak_at_plus_30um"'])
    assert study.fits[2].y == "streak_at_plus_30um"
    with pytest.raises(InputError, match="there is no column 'streak_at_plus_40um'"):
        load(FLAGSHIP, [slits, 'fits.2.y="streak_at_plus_40um"'])
