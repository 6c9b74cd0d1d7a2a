"""The composition of a material file: formulas and mass fractions, checked before X-rays need them."""

import pytest

from femsuite.errors import InputError
from femsuite.material import read
from femsuite.material.composition import formula_fault

GOOD = """
format = 1
name = "test"
role = "a test"
[sources]
BOOK = "a book"
[composition]
mass_fractions = { SiO2 = 0.85, "C21H24O4" = 0.15 }
source = "BOOK"
status = "estimate"
"""


def loaded(tmp_path, text):
    path = tmp_path / "test.toml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_mass_fractions_and_their_provenance_are_read(tmp_path):
    made = loaded(tmp_path, GOOD).composition
    assert made.fractions == {"SiO2": 0.85, "C21H24O4": 0.15}
    assert (made.source, made.status) == (("BOOK",), "estimate")


def test_one_formula_is_all_of_the_mass_and_a_file_without_says_nothing(tmp_path):
    fractions = 'mass_fractions = { SiO2 = 0.85, "C21H24O4" = 0.15 }'
    assert loaded(tmp_path, GOOD.replace(fractions, 'formula = "SiO2"')).composition.fractions == {"SiO2": 1.0}
    assert loaded(tmp_path, GOOD[: GOOD.index("[composition]")]).composition is None


def test_rounded_fractions_are_divided_by_their_sum(tmp_path):
    made = loaded(tmp_path, GOOD.replace("0.85", "0.8505")).composition
    assert sum(made.fractions.values()) == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("0.85", "0.80"), r"test.toml:8: composition.mass_fractions: the mass fractions add up to 0.95, not to 1"),
        (("0.85", "1.85"), r"composition.mass_fractions.SiO2: the mass fraction of SiO2 is 1.85; it must be above 0"),
        (("SiO2", "SjO2"), r"composition.mass_fractions.SjO2: 'SjO2' is not a chemical formula: .* 'Sj'"),
        (('"BOOK"\nstatus', '"BOKK"\nstatus'), "composition: there is no source 'BOKK'; did you mean 'BOOK'"),
        (('"estimate"', '"guess"'), "composition.status: 'guess' is not allowed"),
        (('source = "BOOK"\n', ""), "composition.source: 'source' is missing"),
        (("mass_fractions", "formula = 'Si'\nmass_fractions"), "one of formula and mass_fractions is wanted, both"),
        (('mass_fractions = { SiO2 = 0.85, "C21H24O4" = 0.15 }', ""), "is wanted, neither is given"),
        (("mass_fractions", "mass_fraction"), "there is no key 'mass_fraction' here"),
    ],
)
def test_a_bad_composition_is_told_with_file_key_and_what_is_allowed(tmp_path, change, sentence):
    assert change[0] in GOOD
    with pytest.raises(InputError, match=sentence):
        loaded(tmp_path, GOOD.replace(*change))


@pytest.mark.parametrize("formula", ["Si", "SiO2", "C21H24O4", "Ca(OH)2", "Fe0.58Ni0.42"])
def test_formulas_are_known(formula):
    assert formula_fault(formula) is None


@pytest.mark.parametrize("formula", ["", "si", "Si O2", "(SiO2", "SiO2)", "Xq", "2Si"])
def test_what_is_no_formula_is_told(formula):
    assert "formula" in formula_fault(formula)
