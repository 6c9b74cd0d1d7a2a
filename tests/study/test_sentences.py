"""What pydantic finds wrong, said as sentences."""

from collections.abc import Mapping
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from femsuite.study.sentences import sentences
from femsuite.units import Length, Temperature


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Film(Part):
    type: Literal["film"]
    film: Temperature
    surface: str


class Flux(Part):
    type: Literal["flux"]
    thickness: Length | None = None


class Whole(Part):
    refinement: float = Field(default=1.0, gt=0.0)
    thickness: Annotated[Length, Field(gt=0.0, le=1e-3)] = 1e-4
    count: int = 1
    law: Literal["incremental", "total"] = "total"
    parts: tuple[Annotated[Film | Flux, Field(discriminator="type")], ...] = ()
    named: Mapping[str, Flux] = Field(default_factory=dict)
    shape: tuple[int, int] = (1, 1)
    title: str = ""


def faults(data):
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(data)
    return dict(sentences(caught.value, Whole, data))


def one(data):
    found = faults(data)
    assert len(found) == 1, found
    return next(iter(found.items()))


def test_a_mistyped_key_is_told_the_nearest_key():
    path, sentence = one({"refinment": 2})
    assert path == ("refinment",)
    assert "did you mean 'refinement'?" in sentence


def test_a_mistyped_key_in_one_kind_of_a_union_is_told_the_keys_of_that_kind():
    path, sentence = one({"parts": [{"type": "flux", "thicknes": "1 um"}]})
    assert path == ("parts", 0, "thicknes")
    assert "'thickness'" in sentence
    assert "surface" not in sentence


def test_a_key_named_like_its_type_keeps_its_path():
    assert one({"parts": [{"type": "film", "film": 3, "surface": "a"}]})[0] == ("parts", 0, "film")
    assert one({"parts": [{"type": "film", "surface": "a"}]})[0] == ("parts", 0, "film")


def test_a_missing_key_says_what_it_takes():
    path, sentence = one({"parts": [{"type": "film", "surface": "a"}]})
    assert path[-1] == "film"
    assert 'a temperature with its unit, such as "25 degC"' in sentence


def test_an_unknown_type_is_told_the_nearest_type():
    path, sentence = one({"parts": [{"type": "flim"}]})
    assert path[:2] == ("parts", 0)
    assert "did you mean 'film'?" in sentence


def test_a_missing_type_is_told_the_types():
    assert "Allowed: film, flux" in one({"parts": [{"surface": "a"}]})[1]


def test_a_number_out_of_range_is_shown_as_it_was_written_and_the_limit_with_its_unit():
    assert one({"thickness": "-5 um"})[1] == '"-5 um" must be larger than 0 m'
    assert one({"thickness": "5 cm"})[1] == '"5 cm" must be at most 1 mm'
    assert one({"refinement": 0})[1] == "0 must be larger than 0"


def test_a_bare_number_for_a_dimension_says_what_to_write():
    assert one({"thickness": 5})[1] == '5 has no unit; write a length with its unit, such as "400 um"'
    assert "is not a length" in one({"thickness": "5 kg"})[1]


def test_an_optional_dimension_in_a_named_table_is_reported_once():
    path, sentence = one({"named": {"die": {"type": "flux", "thickness": "5 s"}}})
    assert path == ("named", "die", "thickness")
    assert "is not a length" in sentence


def test_a_wrong_choice_is_told_the_nearest_choice():
    assert "there is no choice 'totl'; did you mean 'total'?" in one({"law": "totl"})[1]


def test_a_wrong_kind_of_value_is_told_the_right_kind():
    assert one({"count": "many"})[1] == '"many" is not a whole number'
    assert one({"title": 3})[1] == "3 is not text in quotes"
    assert one({"parts": 3})[1] == "3 is not a list in [ ]"
    assert one({"named": 3})[1] == "3 is not a table"
    assert one({"shape": [1, 2, 3]})[1].endswith("there must be at most 2")


def test_all_faults_come_at_once():
    found = faults({"refinment": 2, "thickness": 3, "parts": [{"type": "film", "surface": 1}]})
    assert set(found) == {("refinment",), ("thickness",), ("parts", 0, "film"), ("parts", 0, "surface")}
