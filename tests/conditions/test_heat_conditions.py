import pytest
from pydantic import TypeAdapter, ValidationError

from femsuite.conditions import HEAT, Film, FixedTemperature, HeatCondition, HeatFlux, HeatSource, Radiation
from femsuite.conditions.radiation import STEFAN_BOLTZMANN

ADAPTER = TypeAdapter(HeatCondition)


def test_type_names_the_condition():
    film = ADAPTER.validate_python(
        {"type": "film", "surface": "*", "coefficient": "90 W/(m^2 K)", "ambient": "22 degC", "status": "estimate"}
    )
    assert film == Film(surface="*", coefficient="90 W/(m^2 K)", ambient="22 degC", status="estimate")
    assert film.surface == ("*",)


def test_every_registered_condition_names_itself():
    assert {name: cls.model_fields["type"].default for name, cls in HEAT.items()} == {name: name for name in HEAT}


def test_film_loses_coefficient_times_excess():
    film = Film(surface="top", coefficient="90 W/(m^2 K)", ambient="20 degC")
    assert film.outflow(303.15, film.numbers(0.0, 1.0)) == pytest.approx(900.0)


def test_radiation_follows_stefan_boltzmann():
    body = Radiation(surface="top", emissivity=0.5, ambient="300 K")
    assert body.outflow(600.0, body.numbers(0.0, 1.0)) == pytest.approx(0.5 * STEFAN_BOLTZMANN * (600.0**4 - 300.0**4))
    rounded = Radiation(surface="top", emissivity=0.5, ambient="300 K", stefan_boltzmann=5.67e-8)
    assert rounded.numbers(0.0, 1.0)["strength"] == pytest.approx(2.835e-8)


def test_flux_of_a_total_power_is_spread_over_the_area():
    assert HeatFlux(surface="top", power="3 W").numbers(0.0, 0.5) == {"flux": 6.0}
    assert HeatFlux(surface="top", flux="5 W/m^2").outflow(300.0, {"flux": 5.0}) == -5.0


def test_source_density_is_power_over_volume():
    assert HeatSource(region="die", power="2 W").density(4.0) == 0.5


def test_ambient_may_follow_a_table():
    film = Film(
        surface=["a", "b_*"],
        coefficient="1 W/(m^2 K)",
        ambient={"times": ["0 s", "10 s"], "values": ["300 K", "310 K"]},
    )
    assert film.numbers(5.0, 1.0)["ambient"] == pytest.approx(305.0)
    assert film.breakpoints() == (0.0, 10.0)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"type": "film", "surface": "*", "coefficient": "90 W", "ambient": "22 degC"}, "film coefficient"),
        ({"type": "film", "surface": "*", "coefficient": 90, "ambient": "22 degC"}, "unit"),
        ({"type": "film", "surface": [], "coefficient": "90 W/(m^2 K)", "ambient": "22 degC"}, "at least 1"),
        ({"type": "radiation", "surface": "*", "emissivity": 1.2, "ambient": "22 degC"}, "less than or equal to 1"),
        ({"type": "flux", "surface": "*"}, "either flux or power"),
        ({"type": "flux", "surface": "*", "flux": "1 W/m^2", "power": "1 W"}, "either flux or power"),
        ({"type": "temperature", "surface": "*", "value": "22 degC", "valve": 1}, "Extra inputs"),
        ({"type": "conduction", "surface": "*"}, "does not match any of the expected tags"),
    ],
)
def test_a_wrong_option_is_refused(given, word):
    with pytest.raises(ValidationError, match=word):
        ADAPTER.validate_python(given)


def test_options_are_frozen():
    fixed = FixedTemperature(surface="top", value="300 K")
    with pytest.raises(ValidationError, match="frozen"):
        fixed.value = 4.0
    assert fixed.at(3.0) == 300.0
