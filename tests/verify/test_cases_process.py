import pytest

from femsuite.verify.harness import run_cases


@pytest.mark.parametrize(("name", "count"), [("B-1", 12), ("B-2", 2), ("B-3", 3), ("Z-1", 9), ("R-1", 11)])
def test_process_case_is_met(name, count):
    """Formulas and sources stand in the docstrings of ``cases_process``."""
    rows = run_cases(f"process.{name}")
    assert len(rows) == count
    assert all(row.physics == "process" for row in rows)
    assert any(row.path == "FE" for row in rows) == (name == "B-1")
    failed = [f"{row.quantity}: expected {row.expected}, got {row.got}" for row in rows if not row.passed]
    assert not failed
