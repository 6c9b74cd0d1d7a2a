import pytest

from femsuite.verify import CASES
from femsuite.verify.harness import run_cases

THERMAL = [name for name in CASES if name.startswith("thermal.")]


@pytest.mark.parametrize("name", THERMAL)
def test_reference_case_is_met(name):
    """Problem, formula and source of each case stand in its function's docstring in ``cases_thermal``."""
    rows = run_cases(name)
    assert rows
    failed = [f"{row.quantity}: expected {row.expected}, got {row.got}" for row in rows if not row.passed]
    assert not failed
