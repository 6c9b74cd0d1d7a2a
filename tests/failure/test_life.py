import pytest

from femsuite.errors import InputError
from femsuite.failure import life


def test_life_carries_the_band_of_its_law():
    law = life.Darveaux(37.97, -2.8, 3.99e-6, 2.05, 0.46e-3)
    found = life.life(law, 0.20e6)
    assert found.cycles == pytest.approx(6563.7, abs=0.1)
    assert (found.shortest, found.longest) == pytest.approx((found.cycles / 2.0, found.cycles * 2.0))


def test_engelmaier_gives_back_the_strain_that_a_life_takes():
    law = life.Engelmaier()
    for cycles in (10.0, 1e3, 1e6):
        assert law.cycles(law.strain_range(cycles)) == pytest.approx(cycles, rel=1e-9)


def test_longer_dwells_and_hotter_tests_count_for_more_in_the_field():
    law = life.NorrisLandzberg()
    assert law.factor((273.15, 373.15), (273.15, 373.15)) == 1.0
    assert law.factor((273.15, 373.15), (273.15, 373.15), 8.0, 1.0) == pytest.approx(2.0)
    assert law.factor((283.15, 383.15), (273.15, 373.15)) > 1.0


@pytest.mark.parametrize("measure", [0.0, -1.0, float("nan")])
def test_a_cycle_that_does_nothing_has_no_life(measure):
    with pytest.raises(InputError, match="positive measure"):
        life.life(life.Syed(), measure)


def test_a_strain_that_copper_cannot_bear_is_told():
    with pytest.raises(InputError, match="less than one cycle"):
        life.Engelmaier().cycles(2.0)


def test_every_law_names_its_source_and_how_far_lives_lie_from_it():
    for law in (life.CoffinManson(0.25, -0.6), life.Syed(), life.Engelmaier(), life.NorrisLandzberg()):
        assert law.source
        assert law.scatter.factor > 1.0
        assert law.scatter.source


def test_the_constants_of_a_copper_film_make_a_law_of_coffin_and_manson():
    from femsuite.failure.lives import LifeOptions, law_of
    from femsuite.material.file import load

    options = LifeOptions(name="wall", layer="foot", measure="strain", stage="on", set="CoffinManson_Cu_film")
    law = law_of(load("Cu_PVD_film"), options)
    assert law.cycles(0.5) == pytest.approx(0.5)  # half the range is the ductility: half a cycle
    assert law.cycles(0.005) == pytest.approx(0.5 * 0.01 ** (1.0 / -0.6))
