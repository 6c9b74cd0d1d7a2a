import pytest

from femsuite.verify.harness import run_cases


@pytest.mark.parametrize(("name", "count"), [("D-1", 8), ("D-2", 7), ("D-3", 9), ("D-4", 6)])
def test_diffusion_case_is_met(name, count):
    """Formulas and sources stand in the docstrings of ``cases_diffusion``."""
    rows = run_cases(f"diffusion.{name}")
    assert len(rows) == count
    assert all(row.physics == "diffusion" for row in rows)
    assert any(row.path == "FE" for row in rows) == (name in ("D-2", "D-4"))
    failed = [f"{row.quantity}: expected {row.expected}, got {row.got}" for row in rows if not row.passed]
    assert not failed
