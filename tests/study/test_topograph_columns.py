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
        ("topograph.energy=1 keV", "1 keV is not between 3.23 keV"),
        ("topograph.energy=-3 keV", "is not between"),
        ("topograph.energy=200 keV", "scattering factors end"),
        ("compare.0.metric=face_resistence", "did you mean 'face_resistance'"),
        ("compare.1.metric=fit.face.slop", "did you mean 'fit.face.slope'"),
        ("compare.0.at=power=1.6 W", "did you mean 'power=1.8 W'"),
        ("compare.0.published=73 W", "cannot be compared with 'face_resistance' in K/W"),
        ("compare.0.uncertainty=6 W", "is of another kind than"),
        ("plots.1.lines.0.slope=0.3 mm", "'mm' cannot be turned into"),
        ('plots.3.lines.0.y="room * package * P0 + sqrt(x / a)"', "puts together what does not go together"),
        ('plots.3.lines.0.y="package * (P0 + sqrt(x / aa))"', "did you mean 'a'"),
        ('band.0.keys=["geometry.parameters.sources.0.lenth"]', "did you mean 'geometry.parameters.sources.0.length'"),
        ('band.0.keys=["topograph.beam_sid"]', "did you mean 'topograph.beam_side'"),
        ("calibration.target=73 K", "'K' is no unit for 'face_resistance'"),
        ("calibration.target=-73 K/W", "not above zero"),
        ("plots.0.x_unit=K", "'K' is no unit for 'power'"),
        ('fits.0.x_range=["1 K", "2 K"]', "'K' is no unit for 'power'"),
        ("topograph.reflection=[1,1,1]", "does not lie in the face of 'die'"),
        ("topograph.reflection=[1,-1,0]", "is forbidden in Si"),
        ("derived.0.expression=1/0", "'1/0' has no finite value"),
        ('stages.1.sources.Q5=["0 W", "-1 W"]', "must be at least 0"),
        ("heat.conditions.0.coefficient=-5 W/(m^2 K)", "must be at least 0"),
    ],
)
def test_names_and_numbers_of_topographs_are_told_before_anything_is_solved(override, told):
    with pytest.raises(InputError, match=told):
        load(FLAGSHIP, [override])


def test_the_ambient_of_the_room_is_that_of_conditions_which_name_none():
    room = load(FLAGSHIP, ["heat.ambient=60 degC"])
    assert [one.ambient for one in room.heat.conditions] == [333.15, 333.15]


def test_powers_of_the_command_line_leave_rows_without_a_number():
    assert load(FLAGSHIP, ['stages.1.sources.Q5=["0 W", "1.5 W"]'])


def test_a_fault_of_the_geometry_brings_no_second_one():
    with pytest.raises(InputError) as told:
        load(FLAGSHIP, ["geometry.parameters.die_thickness=-400 um"])
    assert len(told.value.faults) == 1


def test_streak_columns_follow_the_slit_positions():
    slits = 'topograph.section.positions=["-50 um", "30 um", "50 um"]'
    study = load(FLAGSHIP, [slits, 'fits.2.y="streak_at_plus_30um"'])
    assert study.fits[2].y == "streak_at_plus_30um"
    with pytest.raises(InputError, match="there is no column 'streak_at_plus_40um'"):
        load(FLAGSHIP, [slits, 'fits.2.y="streak_at_plus_40um"'])
