import pytest

from femsuite.verify import mutate
from femsuite.verify.harness import function, run_cases
from femsuite.verify.mutations_via_process import VIA

COUNTS = {
    "W-1": 18,
    "W-2": 12,
    "W-3": 2,
    "coverage.cone": 8,
    "coverage.trench": 2,
    "plating.wagner": 6,
    "plating.strip": 3,
    "lamination.volume": 6,
    "ablation.pulse": 3,
    "ablation.wall": 4,
}


@pytest.mark.parametrize("name", COUNTS)
def test_via_process_case_is_met(name):
    """Formulas and sources stand in the docstrings of ``cases_via_process``."""
    rows = run_cases(f"process.{name}")
    assert len(rows) == COUNTS[name]
    assert all(row.physics == "process" for row in rows)
    assert any(row.path == "FE" for row in rows) == name.startswith("plating")
    failed = [f"{row.quantity}: expected {row.expected}, got {row.got}" for row in rows if not row.passed]
    assert not failed


def test_every_mutation_of_the_via_process_is_noticed():
    right = {name: function(name)() for mutation in VIA for name in mutation.cases}
    survived = [mutation.name for mutation in VIA if not mutate.judge(mutation, right).caught]
    assert not survived
