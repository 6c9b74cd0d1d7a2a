"""The chain of ``[method]`` has no gap, and every step can be done on what the one before leaves."""

import pytest
from told import only

from femsuite.study import load

STUDY = "via/method"


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ("method.lamination.foils=['100 um', '100 um']", "method.ablation", "2 partial foils and 0 ledges"),
        ("method.lamination={step='5 mm',draw_length='50 um',foils=['100 um']}", "method.lamination", "tears"),
        ("method.ablation.fluence='2 J/cm^2'", "method.ablation", "does not reach the threshold"),
        ("method.ablation.passes=2", "method.ablation", "the beam never cuts through"),
        ("method.ablation.wavelength='355 nm'", "method.ablation.wavelength", "holds at 9.24 um only"),
        ("method.deposition.films.1.name=Ti", "method.deposition.films.1.name", "taken by another film"),
        ("method.sealing.overlap='1 mm'", "method.sealing", "leaves nothing free for the lead"),
        ("method.sealing.plated_before='400 um'", "method.sealing", "nothing is left to deposit"),
        ("compare.0.metric=method.plating_tim", "compare.0.metric", "did you mean 'method.plating_time'?"),
        ("compare.0.published='10 m'", "compare.0.published", "cannot be compared"),
    ],
)
def test_a_step_that_cannot_be_done_is_told(change, key, words):
    fault = only([change], STUDY)
    assert fault.key == key
    assert words in fault.message


def test_a_mask_on_nothing_and_a_gap_in_the_chain_are_told():
    fault = only(["method.sealing.sealed=false", "method.sealing.plated_before='20 um'"], STUDY)
    assert "lies on nothing" in fault.message
    fault = only(["method.lamination={}", "method.deposition={}"], "via/opening")
    assert fault.key == "method.deposition"
    assert fault.message == "this step needs the one before it; write [method.ablation], if empty"


def test_the_wavelength_goes_with_numbers_of_its_own():
    changed = ["wavelength='355 nm'", "absorption='3e6 1/m'", "threshold='0.1 J/cm^2'", "passes=60"]
    load(STUDY, [f"method.ablation.{one}" for one in changed])
