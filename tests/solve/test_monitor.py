import json

import pytest

from femsuite.solve.monitor import Monitor, SolveRecord, StepRecord, peak_memory

pytestmark = pytest.mark.mpi


def test_summary_is_plain_data_with_phases_and_memory(comm):
    monitor = Monitor()
    with monitor.phase("assembly"):
        sum(range(1000))
    with monitor.phase("assembly"):
        pass
    monitor.record(SolveRecord("heat", "direct", 10, 1, 1e-12, 0.1, 0.2, "converged"))
    monitor.record(StepRecord("heat", 1.0, 0.5, True, 1e-3, ""))
    summary = json.loads(json.dumps(monitor.summary(comm)))
    assert summary["phases"]["assembly"]["calls"] == 2
    assert summary["phases"]["assembly"]["wall_seconds"] > 0.0
    assert summary["solves"][0]["reason"] == "converged"
    assert summary["steps"][0]["step"] == 0.5
    assert summary["peak_memory_bytes"] >= comm.size * 1e6
    assert peak_memory() > 1e6
