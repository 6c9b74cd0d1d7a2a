import pytest

from femsuite.verify.harness import run_cases


@pytest.mark.parametrize(("name", "count"), [("F-1", 1), ("F-2", 4), ("F-3", 4), ("F-4", 8), ("cycled_bar", 4)])
def test_life_case_is_met(name, count):
    """Formulas and sources stand in the docstrings of ``cases_life``."""
    rows = run_cases(f"life.{name}")
    assert len(rows) == count
    assert all(row.physics == "life" for row in rows)
    assert all(row.path == ("formula" if name in ("F-1", "F-2", "F-3") else "FE") for row in rows)
    failed = [f"{row.quantity}: expected {row.expected}, got {row.got}" for row in rows if not row.passed]
    assert not failed
